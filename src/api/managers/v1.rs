//! Managers through v1, which calls them members (CONTRACT.md section 7).

use std::collections::HashSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ManagerWrites, Place, Writing, keys};
use crate::api::client::Client;
use crate::api::error::CallError;
use crate::api::paging::all_pages;
use crate::api::transport::{Call, Nature};
use crate::api::wire::{Details, List, MAX_LIMIT, Scalar, or_default, search_body};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::page::Page;
use crate::domain::role::{Role, without_doubles};
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

/// Writes through v1.
#[derive(Clone, Debug)]
pub struct ManagersV1(pub Client);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberRow {
    user_id: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    details: Details,
    #[serde(default, deserialize_with = "or_default")]
    roles: Vec<Scalar>,
    #[serde(default)]
    preferred_login_name: Scalar,
    #[serde(default)]
    display_name: Scalar,
    #[serde(default)]
    first_name: Scalar,
    #[serde(default)]
    last_name: Scalar,
    #[serde(default)]
    email: Scalar,
    #[serde(default)]
    user_type: Scalar,
    #[serde(default)]
    user_resource_owner: Scalar,
}

impl MemberRow {
    fn into_manager(self, resource: Resource) -> Manager {
        let kind = match self.user_type.as_str() {
            "TYPE_HUMAN" => UserKind::Human,
            "TYPE_MACHINE" => UserKind::Service,
            _ => UserKind::Unknown,
        };
        let parts = format!("{} {}", self.first_name.as_str(), self.last_name.as_str());
        let home = self.user_resource_owner;
        Manager {
            user: ManagerUser {
                id: UserId::new(self.user_id.as_str()),
                organization: (!home.is_empty()).then(|| OrganizationId::new(home.as_str())),
                kind,
                login_name: self.preferred_login_name.text(),
                display_name: self.display_name.text().or(&SafeText::new(parts.trim())),
                email: self.email.some_text(),
            },
            resource,
            roles: without_doubles(self.roles.into_iter().map(|role| Role::new(role.into_string()))),
            created: self.details.creation_date.time(),
            changed: self.details.change_date.time(),
        }
    }
}

/// The segments of the path under which the members of a resource are found.
fn base(resource: &Resource) -> Vec<&str> {
    match resource {
        Resource::Instance => vec!["admin", "v1", "members"],
        Resource::Organization(_) => vec!["management", "v1", "orgs", "me", "members"],
        Resource::Project { project, .. } => {
            vec!["management", "v1", "projects", project.as_str(), "members"]
        }
        Resource::ProjectGrant { project, grant, .. } => {
            vec!["management", "v1", "projects", project.as_str(), "grants", grant.as_str(), "members"]
        }
    }
}

const fn roles_path(level: Level) -> &'static str {
    match level {
        Level::Instance => "admin/v1/members/roles/_search",
        Level::Organization => "management/v1/orgs/members/roles/_search",
        Level::Project => "management/v1/projects/members/roles/_search",
        Level::ProjectGrant => "management/v1/projects/grants/members/roles/_search",
    }
}

/// Names the organization, if the level has one: `/admin` must be called without (CONTRACT.md section 3).
fn within(call: Call, place: &Place) -> Call {
    match place.organization() {
        Some(organization) => call.organization(organization),
        None => call,
    }
}

pub(super) async fn roles(client: &Client, place: &Place) -> Result<Vec<Role>, CallError> {
    let call = Call::search(roles_path(place.resource.level()).split('/'), &json!({}));
    let list: List<Scalar> = client.read(within(call, place)).await?;
    Ok(without_doubles(list.result.into_iter().map(|role| Role::new(role.into_string()))))
}

async fn page(
    client: &Client,
    place: &Place,
    offset: u64,
    queries: Vec<Value>,
) -> Result<Page<Manager>, CallError> {
    let path = base(&place.resource).into_iter().chain(["_search"]);
    let call = Call::search(path, &search_body(offset, MAX_LIMIT, None, queries));
    let list: List<MemberRow> = client.read(within(call, place)).await?;
    let total = list.total();
    let rows = list.result.into_iter().map(|row| row.into_manager(place.resource.clone())).collect();
    Ok(Page::new(rows, total, offset, MAX_LIMIT))
}

/// Asks for one page of 1000, so that no row can move between pages, and goes on only if there are more.
pub(super) async fn list(client: &Client, place: &Place) -> Result<Vec<Manager>, CallError> {
    let mut managers = all_pages(|offset| page(client, place, offset, Vec::new())).await?;
    let mut seen = HashSet::new();
    managers.retain(|row| seen.insert(row.user.id.clone()));
    managers.sort_by_cached_key(Manager::place_in_list);
    Ok(managers)
}

pub(super) async fn one(client: &Client, place: &Place, user: &UserId) -> Result<Option<Manager>, CallError> {
    let filter = json!({"userIdQuery": {"userId": user.as_str()}});
    let found = page(client, place, 0, vec![filter]).await?;
    Ok(found.rows.into_iter().find(|row| row.user.id == *user))
}

impl ManagersV1 {
    /// A write at the members of a place, or at one of them.
    fn write(
        &self,
        method: Method,
        place: &Place,
        member: Option<&UserId>,
        body: Option<Value>,
    ) -> Writing<'_> {
        let path = base(&place.resource).into_iter().chain(member.map(UserId::as_str));
        let call = within(Call::new(Nature::Write, method, path), place);
        Box::pin(self.0.write(match body {
            Some(body) => call.body(&body),
            None => call,
        }))
    }
}

impl ManagerWrites for ManagersV1 {
    fn add<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a> {
        let body = json!({"userId": user.as_str(), "roles": keys(roles)});
        self.write(Method::POST, place, None, Some(body))
    }

    fn change<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a> {
        self.write(Method::PUT, place, Some(user), Some(json!({"roles": keys(roles)})))
    }

    fn remove<'a>(&'a self, place: &'a Place, user: &'a UserId) -> Writing<'a> {
        self.write(Method::DELETE, place, Some(user), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_next_to_nothing_and_doubled_roles_is_a_manager() {
        let row: MemberRow =
            serde_json::from_value(json!({"userId": "2", "roles": ["A", "B", "A"], "userType": 7}))
                .expect("tolerated");
        let manager = row.into_manager(Resource::Instance);
        assert_eq!(manager.roles, [Role::new("A"), Role::new("B")]);
        assert_eq!(manager.user.kind, UserKind::Unknown);
        assert_eq!(manager.user.organization, None);
        assert_eq!(manager.created, None);
    }

    #[test]
    fn a_row_without_roles_is_a_manager_without_roles() {
        let row: MemberRow = serde_json::from_value(json!({"userId": "2"})).expect("tolerated");
        assert!(row.into_manager(Resource::Instance).roles.is_empty());
    }
}
