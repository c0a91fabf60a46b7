//! `zitui managers list`, and how the commands show a manager.

use serde_json::{Value, json};

use super::output::Row;
use super::run::Context;
use super::table::Column;
use crate::domain::id::OrganizationId;
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::organization::Organization;
use crate::domain::problem::Problem;
use crate::domain::role::Role;
use crate::domain::text::SafeText;

const COLUMNS: &[Column] = &[
    Column::text("LOGIN NAME"),
    Column::text("NAME"),
    Column::whole("KIND"),
    Column::text("ROLES"),
    Column::whole("SINCE"),
    Column::whole("USER ID"),
];

pub(super) async fn list(context: &mut Context, organization: &str) -> Result<(), Problem> {
    let session = context.session.clone();
    let read = async {
        let organization = session.find_organization(organization).await?;
        let managers = session.managers(&Resource::Organization(organization.id.clone())).await;
        let managers = managers.map_err(|problem| unreadable(problem, &organization))?;
        Ok((organization, managers))
    };
    let (organization, managers) = context.interrupt.stops(read).await?;
    if managers.is_empty() {
        context.output.note(&format!("{} has no managers", organization.title()));
    }
    let rows: Vec<Row> = managers.iter().map(|manager| row(manager, &organization)).collect();
    context.output.rows("managers", COLUMNS, &rows)
}

/// Tells of which organization the managers could not be read.
pub(super) fn unreadable(problem: Problem, organization: &Organization) -> Problem {
    problem.during(format!("Cannot read the managers of {}", organization.title()))
}

fn row(manager: &Manager, organization: &Organization) -> Row {
    let day = manager.created.map(|created| created.strftime("%Y-%m-%d").to_string());
    Row {
        texts: vec![
            manager.user.login_name.to_string(),
            manager.user.display_name.to_string(),
            manager.user.kind.to_string(),
            role_list(&manager.roles),
            day.unwrap_or_default(),
            manager.user.id.to_string(),
        ],
        json: json!({
            "user": user_json(&manager.user),
            "resource": organization_json(&organization.id, &organization.name),
            "roles": role_keys(&manager.roles),
            "created": manager.created.map(|time| time.to_string()),
            "changed": manager.changed.map(|time| time.to_string()),
        }),
    }
}

pub(super) fn role_list(roles: &[Role]) -> String {
    roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn role_keys<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Vec<&'a str> {
    roles.into_iter().map(Role::key).collect()
}

pub(super) fn user_json(user: &ManagerUser) -> Value {
    json!({
        "id": user.id.as_str(),
        "login_name": user.login_name.as_str(),
        "display_name": user.display_name.as_str(),
        "kind": user.kind.to_string(),
        "organization_id": user.organization.as_ref().map(OrganizationId::as_str),
        "email": user.email.as_ref().map(SafeText::as_str),
    })
}

pub(super) fn organization_json(id: &OrganizationId, name: &SafeText) -> Value {
    json!({ "level": "organization", "id": id.as_str(), "name": name.as_str() })
}
