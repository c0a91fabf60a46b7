//! How the commands show users, resources, roles and times, alike in all of them.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::id::OrganizationId;
use crate::domain::inventory::UnreadPart;
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::role::Role;
use crate::domain::text::SafeText;

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

/// A resource with its name; `organization_name` where it is known.
pub(super) fn resource_json(
    resource: &Resource,
    name: &SafeText,
    organization_name: Option<&SafeText>,
) -> Value {
    let ids = ResourceIds::of(resource);
    json!({
        "level": resource.level().to_string(),
        "id": ids.own,
        "name": name.as_str(),
        "organization_id": ids.organization,
        "organization_name": organization_name.filter(|name| !name.is_empty()).map(SafeText::as_str),
        "project_id": ids.project,
        "grant_id": ids.grant,
        "granted_organization_id": ids.granted,
    })
}

/// The ids of a resource, as far as its level has them.
pub(super) struct ResourceIds<'a> {
    /// Its own; empty for the instance.
    pub(super) own: &'a str,
    pub(super) organization: Option<&'a str>,
    pub(super) project: Option<&'a str>,
    pub(super) grant: Option<&'a str>,
    pub(super) granted: Option<&'a str>,
}

impl<'a> ResourceIds<'a> {
    pub(super) fn of(resource: &'a Resource) -> Self {
        let organization = resource.organization().map(OrganizationId::as_str);
        let none = Self { own: "", organization, project: None, grant: None, granted: None };
        match resource {
            Resource::Instance => none,
            Resource::Organization(id) => Self { own: id.as_str(), ..none },
            Resource::Project { project, .. } => {
                Self { own: project.as_str(), project: Some(project.as_str()), ..none }
            }
            Resource::ProjectGrant { project, grant, granted, .. } => Self {
                own: grant.as_str(),
                project: Some(project.as_str()),
                grant: Some(grant.as_str()),
                granted: Some(granted.as_str()),
                ..none
            },
        }
    }
}

/// RFC 3339 in UTC.
pub(super) fn time_json(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| json!(time.to_string()))
}

pub(super) fn day(time: Option<Timestamp>) -> String {
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// The parts that could not be read, for a JSON document.
pub(super) fn unread_json(unread: &[UnreadPart]) -> Value {
    unread
        .iter()
        .map(|part| {
            let permission = part.problem.missing.as_ref().map(|missing| missing.permission);
            json!({
                "part": part.name.as_str(),
                "why": part.problem.why.as_str(),
                "missing_permission": permission,
            })
        })
        .collect()
}
