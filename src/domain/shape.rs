//! How users, resources, roles and times stand in JSON and CSV, alike in everything that is written: docs/json.md.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::csv_line;
use super::id::OrganizationId;
use super::inventory::{ManagerRecord, UnreadPart};
use super::level::Resource;
use super::manager::ManagerUser;
use super::role::Role;
use super::text::SafeText;

/// Roles in one text.
pub fn role_list(roles: &[Role]) -> String {
    roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Roles as JSON has them.
pub fn role_keys<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Vec<&'a str> {
    roles.into_iter().map(Role::key).collect()
}

/// A user.
pub fn user_json(user: &ManagerUser) -> Value {
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
pub fn resource_json(resource: &Resource, name: &SafeText, organization_name: Option<&SafeText>) -> Value {
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
pub struct ResourceIds<'a> {
    /// Its own; empty for the instance.
    pub own: &'a str,
    /// Of the organization that owns it.
    pub organization: Option<&'a str>,
    /// Of the project.
    pub project: Option<&'a str>,
    /// Of the project grant.
    pub grant: Option<&'a str>,
    /// Of the organization that received the project.
    pub granted: Option<&'a str>,
}

impl<'a> ResourceIds<'a> {
    /// The ids of this one.
    pub fn of(resource: &'a Resource) -> Self {
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
pub fn time_json(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| json!(time.to_string()))
}

/// The day, in UTC; empty where there is none.
pub fn day(time: Option<Timestamp>) -> String {
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// The parts that could not be read, for a JSON document.
pub fn unread_json(unread: &[UnreadPart]) -> Value {
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

/// The version of the JSON documents, their field `zitui`.
pub const JSON_VERSION: u32 = 1;

/// A document of `kind` with these fields.
pub fn document(kind: &str, mut fields: Map<String, Value>) -> Value {
    fields.insert("zitui".to_owned(), json!(JSON_VERSION));
    fields.insert("kind".to_owned(), json!(kind));
    Value::Object(fields)
}

/// What lists of managers are titled, in the order of [`manager_texts`].
pub const MANAGER_COLUMNS: [&str; 16] = [
    "level",
    "resource",
    "organization",
    "login_name",
    "name",
    "kind",
    "roles",
    "since",
    "changed",
    "user_id",
    "resource_id",
    "organization_id",
    "project_id",
    "grant_id",
    "email",
    "user_organization_id",
];

/// A manager as a row of texts.
pub fn manager_texts(record: &ManagerRecord) -> [String; 16] {
    let manager = &record.manager;
    let user = &manager.user;
    let ids = ResourceIds::of(&manager.resource);
    let id = |id: Option<&str>| id.unwrap_or_default().to_owned();
    [
        manager.resource.level().to_string(),
        record.resource_name.to_string(),
        record.organization_name.to_string(),
        user.login_name.to_string(),
        user.display_name.to_string(),
        user.kind.to_string(),
        role_list(&manager.roles),
        day(manager.created),
        day(manager.changed),
        user.id.to_string(),
        ids.own.to_owned(),
        id(ids.organization),
        id(ids.project),
        id(ids.grant),
        user.email.clone().unwrap_or_default().to_string(),
        id(user.organization.as_ref().map(OrganizationId::as_str)),
    ]
}

/// A manager as an object.
pub fn manager_json(record: &ManagerRecord) -> Value {
    let manager = &record.manager;
    json!({
        "user": user_json(&manager.user),
        "resource": resource_json(
            &manager.resource,
            &record.resource_name,
            Some(&record.organization_name),
        ),
        "roles": role_keys(&manager.roles),
        "created": time_json(manager.created),
        "changed": time_json(manager.changed),
    })
}

/// Managers as `zitui managers list -o csv` prints them.
pub fn managers_csv(records: &[ManagerRecord]) -> String {
    let rows = records.iter().map(|record| csv_line::line(manager_texts(record).iter().map(String::as_str)));
    std::iter::once(csv_line::line(MANAGER_COLUMNS)).chain(rows).collect()
}

/// Managers as `zitui managers list -o json` prints them.
pub fn managers_json(records: &[ManagerRecord], unread: &[UnreadPart]) -> String {
    let rows: Vec<Value> = records.iter().map(manager_json).collect();
    let fields = [("rows".to_owned(), rows.into()), ("unread".to_owned(), unread_json(unread))];
    format!("{:#}\n", document("managers", fields.into_iter().collect()))
}
