//! Requests of ZITADEL's API as curl sends them: the ones that zitui itself sends (CONTRACT.md sections 7, 8, 10 to
//! 13), as `tests/copy_as.rs` shows against the demo instance.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Listed;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::command::quoted;
use crate::domain::id::OrganizationId;
use crate::domain::level::Resource;
use crate::domain::session::{AdministratorService, ProfileFacts, SessionFacts};

/// Rows asked for: one page, as long as a server makes it.
const PAGE: u32 = 1000;

/// One request. Its body and headers have ids as they are shown, so that no id can steer a terminal.
pub(super) struct Request {
    method: &'static str,
    /// Parted by slashes, each part encoded.
    path: String,
    organization: Option<OrganizationId>,
    body: Option<Value>,
}

impl Request {
    fn new(method: &'static str, path: &[&str], organization: Option<&OrganizationId>) -> Self {
        let path = path.iter().fold(String::new(), |path, part| path + "/" + &encoded(part));
        Self { method, path, organization: organization.cloned(), body: None }
    }

    fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn connect(service: AdministratorService, method: &str, body: Value) -> Self {
        Self::new("POST", &[service.name(), method], None).body(body)
    }

    fn search(
        path: &[&str],
        organization: Option<&OrganizationId>,
        sorting: &str,
        queries: Vec<Value>,
    ) -> Self {
        let mut body = json!({"query": {"offset": "0", "limit": PAGE, "asc": true}});
        if let Value::Object(fields) = &mut body {
            if !sorting.is_empty() {
                fields.insert("sortingColumn".to_owned(), sorting.into());
            }
            if !queries.is_empty() {
                fields.insert("queries".to_owned(), queries.into());
            }
        }
        Self::new("POST", path, organization).body(body)
    }

    /// The write that a change is.
    pub(super) fn of_change(change: &Change, facts: &SessionFacts) -> Self {
        let user = change.user.id.to_string();
        let roles: Vec<String> = change.after.iter().map(ToString::to_string).collect();
        if let Some(service) = facts.administrators.write {
            let resource = administered(&change.resource);
            let with_roles = json!({"userId": user, "resource": resource, "roles": roles});
            return match change.kind() {
                ChangeKind::Add => Self::connect(service, "CreateAdministrator", with_roles),
                ChangeKind::Remove => {
                    let body = json!({"userId": user, "resource": resource});
                    Self::connect(service, "DeleteAdministrator", body)
                }
                ChangeKind::ChangeRoles | ChangeKind::Nothing => {
                    Self::connect(service, "UpdateAdministrator", with_roles)
                }
            };
        }
        let organization = context(&change.resource, facts);
        let mut path = members(&change.resource);
        match change.kind() {
            ChangeKind::Add => {
                Self::new("POST", &path, organization).body(json!({"userId": user, "roles": roles}))
            }
            ChangeKind::Remove => {
                path.push(&user);
                Self::new("DELETE", &path, organization)
            }
            ChangeKind::ChangeRoles | ChangeKind::Nothing => {
                path.push(&user);
                Self::new("PUT", &path, organization).body(json!({"roles": roles}))
            }
        }
    }

    /// The request for a list; none where there is no single one.
    pub(super) fn of_listed(listed: &Listed, facts: &SessionFacts) -> Option<Self> {
        Some(match listed {
            Listed::Organizations(text) => {
                let queries = contains("nameQuery", "name", text).into_iter().collect();
                // Only who has `iam.read` is told the version, and only these may ask the faster search.
                if facts.version.is_some() {
                    let path = ["admin", "v1", "orgs", "_search"];
                    Self::search(&path, None, "ORG_FIELD_NAME_NAME", queries)
                } else {
                    let path = ["v2", "organizations", "_search"];
                    Self::search(&path, None, "ORGANIZATION_FIELD_NAME_NAME", queries)
                }
            }
            Listed::Users(text) => Self::search(&["v2", "users"], None, USERS_BY, users(text)),
            Listed::UsersOf(organization, text) => {
                let path = ["management", "v1", "users", "_search"];
                Self::search(&path, Some(organization), USERS_BY, users(text))
            }
            Listed::Projects(organization, text) => {
                let queries = contains("nameQuery", "name", text).into_iter().collect();
                let path = ["management", "v1", "projects", "_search"];
                Self::search(&path, Some(organization), "", queries)
            }
            Listed::GrantsOf(organization, project) => {
                let path = ["management", "v1", "projects", project.as_str(), "grants", "_search"];
                Self::search(&path, Some(organization), "", Vec::new())
            }
            Listed::GrantedTo(organization) => {
                let path = ["management", "v1", "granted_projects", "_search"];
                Self::search(&path, Some(organization), "", Vec::new())
            }
            Listed::Managers(resource) => {
                let path = [members(resource), vec!["_search"]].concat();
                Self::search(&path, context(resource, facts), "", Vec::new())
            }
            Listed::AllManagers => Self::administrators(facts.administrators.list?, Vec::new()),
            Listed::Person(user, home) => {
                if let Some(service) = facts.administrators.list {
                    let filter = json!({"inUserIdsFilter": {"ids": [user.to_string()]}});
                    return Some(Self::administrators(service, vec![filter]));
                }
                let path = ["management", "v1", "users", user.as_str(), "memberships", "_search"];
                Self::search(&path, home.as_ref(), "", Vec::new())
            }
            Listed::History | Listed::Findings { .. } | Listed::Differences(_) => return None,
        })
    }

    fn administrators(service: AdministratorService, filters: Vec<Value>) -> Self {
        let mut body = json!({"pagination": {"offset": "0", "limit": PAGE, "asc": true}});
        if let (false, Value::Object(fields)) = (filters.is_empty(), &mut body) {
            fields.insert("filters".to_owned(), filters.into());
        }
        Self::connect(service, "ListAdministrators", body)
    }

    /// The request as a shell takes it. The token is a variable of the shell, so that it is neither copied nor shown.
    pub(super) fn curl(&self, profile: &ProfileFacts) -> String {
        let address = format!("{}{}", profile.url.as_str().trim_end_matches('/'), self.path);
        let mut text = format!(
            "curl -X {} {} \\\n  -H \"Authorization: Bearer $ZITADEL_TOKEN\"",
            self.method,
            quoted(&address)
        );
        if let Some(organization) = &self.organization {
            let _ = write!(text, " \\\n  -H {}", quoted(&format!("x-zitadel-orgid: {organization}")));
        }
        if let Some(body) = &self.body {
            let _ = write!(
                text,
                " \\\n  -H 'Content-Type: application/json' \\\n  --data-raw {}",
                quoted(&body.to_string())
            );
        }
        text
    }
}

const USERS_BY: &str = "USER_FIELD_NAME_USER_NAME";

/// The path below which v1 has the members of a resource.
fn members(resource: &Resource) -> Vec<&str> {
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

/// The organization in whose name v1 is called.
pub(super) fn context<'a>(resource: &'a Resource, facts: &SessionFacts) -> Option<&'a OrganizationId> {
    match resource {
        Resource::ProjectGrant { granted, .. } if facts.acts_as_granted(resource) => Some(granted),
        other => other.organization(),
    }
}

/// A resource as the Connect services name it.
fn administered(resource: &Resource) -> Value {
    match resource {
        Resource::Instance => json!({"instance": true}),
        Resource::Organization(organization) => json!({"organizationId": organization.to_string()}),
        Resource::Project { project, .. } => json!({"projectId": project.to_string()}),
        Resource::ProjectGrant { project, granted, .. } => {
            json!({"projectGrant": {"projectId": project.to_string(), "organizationId": granted.to_string()}})
        }
    }
}

fn users(text: &str) -> Vec<Value> {
    let fields = [
        ("userNameQuery", "userName"),
        ("displayNameQuery", "displayName"),
        ("loginNameQuery", "loginName"),
        ("emailQuery", "emailAddress"),
    ];
    let queries: Vec<Value> =
        fields.into_iter().filter_map(|(filter, field)| contains(filter, field, text)).collect();
    if queries.is_empty() { queries } else { vec![json!({"orQuery": {"queries": queries}})] }
}

/// A filter; none for an empty text, which servers refuse.
fn contains(filter: &str, field: &str, text: &str) -> Option<Value> {
    let method = "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE";
    (!text.is_empty()).then(|| json!({ filter: { field: text, "method": method } }))
}

/// A part of a path, so that no id can lead to another place.
fn encoded(part: &str) -> String {
    if part == "." || part == ".." {
        return part.replace('.', "%2E");
    }
    part.bytes().fold(String::with_capacity(part.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
