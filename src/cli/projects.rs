//! `zitui projects list` and `zitui projects show`.

use serde_json::{Value, json};

use super::listing::{Listing, Row};
use super::managers::{self, Rows};
use super::run::Context;
use super::sheet::{Sheet, SheetList};
use super::table::Column;
use super::unread::Unread;
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::organization::Organization;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::text::SafeText;

pub(super) const COLUMNS: &[Column] = &[
    Column::text("name"),
    Column::text("organization"),
    Column::whole("state"),
    Column::whole("id"),
    Column::whole("organization_id").on_request(),
];

pub(super) const GRANT_COLUMNS: &[Column] = &[
    Column::text("project"),
    Column::text("organization"),
    Column::text("granted_to"),
    Column::whole("state"),
    Column::whole("id"),
    Column::whole("project_id").on_request(),
    Column::whole("organization_id").on_request(),
    Column::whole("granted_organization_id").on_request(),
];

pub(super) async fn list(
    context: &mut Context,
    organization: Option<&str>,
    search: &str,
) -> Result<u8, Problem> {
    let mut listing = Listing::new(&context.output, "projects", COLUMNS)?;
    let session = context.session.clone();
    let read = async {
        let owners = match organization {
            Some(given) => vec![session.find_organization(given).await?],
            None => session.all_organizations("").await?,
        };
        let (projects, hindrance) = session.projects_of(&owners, search).await;
        match hindrance {
            Some(problem) if projects.is_empty() => Err(problem),
            hindrance => Ok((owners, projects, hindrance)),
        }
    };
    let (owners, projects, hindrance) = context.interrupt.stops(read).await?;
    if projects.is_empty() {
        context.output.note("no project that you may see fits");
    }
    let mut unread = Unread::default();
    if let Some(problem) = hindrance {
        unread.push(UnreadPart { resource: None, name: "projects of some organizations".into(), problem });
    }
    listing.push_all(projects.iter().map(|project| row(project, &owner(project, &owners))))?;
    listing.end(vec![("unread", unread.json())])?;
    Ok(unread.tell(&context.output))
}

fn owner(project: &Project, owners: &[Organization]) -> SafeText {
    let owner = owners.iter().find(|owner| owner.id == project.organization);
    owner.map(Organization::title).unwrap_or_default()
}

pub(super) async fn show(
    context: &mut Context,
    given: &str,
    organization: Option<&str>,
) -> Result<u8, Problem> {
    let session = context.session.clone();
    let mut unread = Unread::default();
    let read = async {
        let project = session.find_project(given, organization).await?;
        let resource = project.resource();
        let owner = std::slice::from_ref(&project.organization);
        let (names, managers, grants) = tokio::join!(
            session.organization_names(owner),
            session.managers(&resource),
            session.project_grants(&project),
        );
        let owner = names.into_iter().next().map(|(_, name)| name).unwrap_or_default();
        let managers = unread.rows(managers, Some(&resource), "managers");
        let grants = unread.rows(grants, None, "grants");
        Ok((project, owner, managers, grants))
    };
    let (project, owner, managers, grants) = context.interrupt.stops(read).await?;
    let record =
        |manager| ManagerRecord { manager, resource_name: project.title(), organization_name: owner.clone() };
    let managers: Vec<Row> = managers.into_iter().map(record).map(|record| managers::row(&record)).collect();
    let grants: Vec<Row> = grants.iter().map(grant_row).collect();
    sheet(&project, &owner, managers, grants, &unread).print(&context.output)?;
    Ok(unread.tell(&context.output))
}

fn sheet(
    project: &Project,
    owner: &SafeText,
    managers: Vec<Row>,
    grants: Vec<Row>,
    unread: &Unread,
) -> Sheet {
    let mut json = fields(project, owner);
    for (name, rows) in [("grants", &grants), ("managers", &managers)] {
        json.insert(name.to_owned(), rows.iter().map(|row| row.json.clone()).collect());
    }
    json.insert("unread".to_owned(), unread.json());
    Sheet {
        kind: "project",
        id: project.id.to_string(),
        fields: vec![
            ("Name", project.name.to_string()),
            ("Organization", owner.to_string()),
            ("State", project.state.to_string()),
            ("Id", project.id.to_string()),
            ("Organization id", project.organization.to_string()),
        ],
        lists: vec![
            SheetList { title: "Grants", columns: GRANT_COLUMNS.to_vec(), rows: grants },
            SheetList { title: "Managers", columns: managers::columns(Rows::OfOneResource), rows: managers },
        ],
        json: Value::Object(json),
    }
}

fn fields(project: &Project, owner: &SafeText) -> serde_json::Map<String, Value> {
    [
        ("id", json!(project.id.as_str())),
        ("name", json!(project.name.as_str())),
        ("state", json!(project.state.to_string())),
        ("organization_id", json!(project.organization.as_str())),
        ("organization_name", json!(Some(owner).filter(|name| !name.is_empty()).map(SafeText::as_str))),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// A project as a row of a list.
pub(super) fn row(project: &Project, owner: &SafeText) -> Row {
    Row {
        texts: vec![
            project.name.to_string(),
            owner.to_string(),
            project.state.to_string(),
            project.id.to_string(),
            project.organization.to_string(),
        ],
        id: project.id.to_string(),
        json: Value::Object(fields(project, owner)),
    }
}

/// A grant as a row of a list.
pub(super) fn grant_row(grant: &ProjectGrant) -> Row {
    Row {
        texts: vec![
            grant.project_name.to_string(),
            grant.organization_name.to_string(),
            grant.granted_name.to_string(),
            grant.state.to_string(),
            grant.id.to_string(),
            grant.project.to_string(),
            grant.organization.to_string(),
            grant.granted.to_string(),
        ],
        id: grant.id.to_string(),
        json: json!({
            "id": grant.id.as_str(),
            "project_id": grant.project.as_str(),
            "project_name": grant.project_name.as_str(),
            "organization_id": grant.organization.as_str(),
            "organization_name": grant.organization_name.as_str(),
            "granted_organization_id": grant.granted.as_str(),
            "granted_organization_name": grant.granted_name.as_str(),
            "state": grant.state.to_string(),
            "project_roles": grant.project_roles.iter().map(SafeText::as_str).collect::<Vec<_>>(),
        }),
    }
}
