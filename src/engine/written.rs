//! Users, resources and roles as the files of zitui hold them, the journal and snapshots alike.

use serde_json::{Value, json};

use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::role::Role;
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

pub(super) fn roles(roles: &[Role]) -> Vec<&str> {
    roles.iter().map(Role::key).collect()
}

pub(super) fn user(user: &ManagerUser) -> Value {
    json!({
        "id": user.id.as_str(),
        "login_name": user.login_name.as_str(),
        "display_name": user.display_name.as_str(),
        "kind": match user.kind {
            UserKind::Human => Some("human"),
            UserKind::Service => Some("service"),
            UserKind::Unknown => None,
        },
        "organization": user.organization.as_ref().map(OrganizationId::as_str),
    })
}

pub(super) fn resource(resource: &Resource, name: &str) -> Value {
    let (project, grant, granted) = match resource {
        Resource::Instance | Resource::Organization(_) => (None, None, None),
        Resource::Project { project, .. } => (Some(project.as_str()), None, None),
        Resource::ProjectGrant { project, grant, granted, .. } => {
            (Some(project.as_str()), Some(grant.as_str()), Some(granted.as_str()))
        }
    };
    json!({
        "level": resource.level().to_string(),
        "name": name,
        "organization": resource.organization().map(OrganizationId::as_str),
        "project": project,
        "grant": grant,
        "granted_organization": granted,
    })
}

pub(super) fn text(value: Option<&Value>) -> SafeText {
    SafeText::new(value.and_then(Value::as_str).unwrap_or_default())
}

pub(super) fn read_roles(value: Option<&Value>) -> Option<Vec<Role>> {
    let keys = value?.as_array()?;
    Some(keys.iter().filter_map(Value::as_str).map(Role::new).collect())
}

/// None without an id.
pub(super) fn read_user(user: &Value) -> Option<ManagerUser> {
    Some(ManagerUser {
        id: UserId::new(id(user, "id")?),
        organization: organization(user, "organization"),
        kind: match user.get("kind").and_then(Value::as_str) {
            Some("human") => UserKind::Human,
            Some("service") => UserKind::Service,
            _ => UserKind::Unknown,
        },
        login_name: text(user.get("login_name")),
        display_name: text(user.get("display_name")),
        email: None,
    })
}

/// None for a level that is not known, or where an id lacks.
pub(super) fn read_resource(named: &Value) -> Option<Resource> {
    let owner = || organization(named, "organization");
    let project = || id(named, "project").map(ProjectId::new);
    match named.get("level").and_then(Value::as_str)? {
        "instance" => Some(Resource::Instance),
        "organization" => owner().map(Resource::Organization),
        "project" => Some(Resource::Project { organization: owner()?, project: project()? }),
        "project grant" => Some(Resource::ProjectGrant {
            organization: owner()?,
            project: project()?,
            grant: GrantId::new(id(named, "grant")?),
            granted: organization(named, "granted_organization")?,
        }),
        _ => None,
    }
}

pub(super) fn id<'a>(named: &'a Value, field: &str) -> Option<&'a str> {
    named.get(field).and_then(Value::as_str).filter(|id| !id.is_empty())
}

pub(super) fn organization(named: &Value, field: &str) -> Option<OrganizationId> {
    id(named, field).map(OrganizationId::new)
}
