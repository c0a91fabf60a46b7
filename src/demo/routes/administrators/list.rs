//! `ListAdministrators`: rows are filtered by permission after the page was cut, so that pages are short or empty in
//! the middle and the total is too high (CONTRACT.md sections 4 and 8.1).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::filter::{Failure, Filter, Service};
use crate::demo::list::timestamp;
use crate::demo::message::{Part, Reply};
use crate::demo::permission::{Power, Reach};
use crate::demo::refusal::Refusal;
use crate::demo::router::Call;
use crate::demo::routes::connect::Page;
use crate::demo::store::{Resource, Row, Store};

/// Lists what the sender may read, and always its own rows.
pub(super) fn list(call: &Call<'_>, service: Service) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let body = json.part();
    let page = Page::read(body)?;
    let filters = match Filter::read_all(body.list("filters"), service, call.version()) {
        Ok(filters) => filters,
        Err(Failure::Refused(refusal)) => return Err(refusal),
        Err(Failure::Crash) => return Ok(Reply::CUT),
    };
    let store = &call.state.store;
    let mut rows = candidates(call, &filters);
    rows.retain(|row| store.user(row.user).is_some() && filters.iter().all(|it| it.admits(store, row)));
    sort(&mut rows, body, page.ascending);
    let mut readable = Readable { call, powers: HashMap::new() };
    let shown: Vec<Value> = page
        .cut(&rows)
        .iter()
        .filter(|row| readable.may_read(row))
        .map(|row| administrator(store, row))
        .collect();
    Ok(Reply::json(&page.answer("administrators", shown, rows.len())))
}

/// All rows, or the few that a filter by user or organization leaves: a person of a large instance is then found
/// without looking at everybody.
fn candidates<'a>(call: &'a Call<'_>, filters: &[Filter]) -> Vec<Row<'a>> {
    let managers = call.state.store.managers();
    for filter in filters {
        match filter {
            Filter::Users(ids) => {
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                return ids.iter().flat_map(|id| managers.of_user(id, call.view)).collect();
            }
            Filter::Organization(id) => {
                return managers.of_resource(&Resource::Organization(id.clone()), call.view).collect();
            }
            Filter::Instance => return managers.of_resource(&Resource::Instance, call.view).collect(),
            _ => {}
        }
    }
    managers.all(call.view)
}

fn sort(rows: &mut [Row<'_>], body: Part<'_>, ascending: bool) {
    match body.text("sortingColumn") {
        "ADMINISTRATOR_FIELD_NAME_USER_ID" => rows.sort_by_key(|row| (row.user, row.entry.created_position)),
        "ADMINISTRATOR_FIELD_NAME_CHANGE_DATE" => rows.sort_by_key(|row| row.entry.position),
        _ => rows.sort_by_key(|row| (row.entry.created, row.entry.created_position)),
    }
    if !ascending {
        rows.reverse();
    }
}

/// Decides row by row; what the sender may do in an organization is worked out once.
struct Readable<'a> {
    call: &'a Call<'a>,
    powers: HashMap<&'a str, Power<'a>>,
}

impl<'a> Readable<'a> {
    fn may_read(&mut self, row: &Row<'a>) -> bool {
        if row.user == self.call.caller {
            return true;
        }
        let store = &self.call.state.store;
        let owner = |project: &str| store.project(project).map_or("", |it| it.organization.as_str());
        match row.resource {
            Resource::Instance => self.reaches(&self.call.context, "iam.member.read", &[]),
            Resource::Organization(id) => self.reaches(id, "org.member.read", &[]),
            Resource::Project(id) => self.reaches(owner(id), "project.member.read", &[id]),
            Resource::Grant { project, grant } => {
                let granted = store.grant(grant).map_or("", |it| it.granted_organization.as_str());
                self.reaches(owner(project), "project.grant.member.read", &[project, grant])
                    || self.reaches(granted, "project.grant.member.read", &[grant])
            }
        }
    }

    fn reaches(&mut self, organization: &'a str, permission: &str, objects: &[&str]) -> bool {
        let call = self.call;
        let power = self.powers.entry(organization).or_insert_with(|| call.power_in(organization));
        match power.reach(permission) {
            Reach::All => true,
            Reach::Only(held) => held.iter().any(|id| objects.contains(id)),
            Reach::None | Reach::NoMember => false,
        }
    }
}

/// Service users have no display name here (recording `admins.v2/list@zitui`).
fn administrator(store: &Store, row: &Row<'_>) -> Value {
    let mut user = json!({"id": row.user});
    if let (Some(it), Some(fields)) = (store.user(row.user), user.as_object_mut()) {
        fields.insert("preferredLoginName".to_owned(), json!(it.login()));
        if !it.is_machine() {
            fields.insert("displayName".to_owned(), json!(it.display_name()));
        }
        fields.insert("organizationId".to_owned(), json!(it.organization));
    }
    let mut administrator = json!({
        "creationDate": timestamp(row.entry.created),
        "changeDate": timestamp(row.entry.changed),
        "user": user,
    });
    if let Some(fields) = administrator.as_object_mut() {
        let (name, resource) = resource(store, row.resource);
        fields.insert(name.to_owned(), resource);
        if !row.roles().is_empty() {
            fields.insert("roles".to_owned(), json!(row.roles()));
        }
    }
    administrator
}

fn resource(store: &Store, resource: &Resource) -> (&'static str, Value) {
    let project =
        |id: &str| store.project(id).map_or(("", ""), |it| (it.name.as_str(), it.organization.as_str()));
    match resource {
        Resource::Instance => ("instance", json!(true)),
        Resource::Organization(id) => {
            ("organization", json!({"id": id, "name": store.organization_name(id)}))
        }
        Resource::Project(id) => {
            let (name, organization) = project(id);
            ("project", json!({"id": id, "name": name, "organizationId": organization}))
        }
        Resource::Grant { project: id, grant } => {
            let (name, organization) = project(id);
            let granted = store.grant(grant).map_or("", |it| it.granted_organization.as_str());
            let grant = json!({
                "id": grant, "projectId": id, "projectName": name, "organizationId": organization,
                "grantedOrganizationId": granted,
            });
            ("projectGrant", grant)
        }
    }
}
