//! Every recorded answer of a call that the client makes, given to that call over real HTTP: it must become the right
//! value or the right error, and the request that was sent must be the recorded one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rstest::rstest;
use secrecy::SecretString;
use serde_json::Value;
use zitui::api::administrators::Administrator;
use zitui::api::client::Client;
use zitui::api::error::CallError;
use zitui::api::events::EventQuery;
use zitui::api::identity::DatedMembership;
use zitui::api::managers::{ManagerWrites, ManagersV1, ManagersV2, Place};
use zitui::api::organizations::{OrganizationFilter, OrganizationSearch};
use zitui::api::transport::Transport;
use zitui::api::users::{UserFilter, UserScope};
use zitui::auth::http::{HttpClient, HttpSettings};
use zitui::auth::token::TokenSource;
use zitui::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use zitui::domain::inventory::RoleGrant;
use zitui::domain::level::{Level, Resource};
use zitui::domain::manager::Manager;
use zitui::domain::organization::{Organization, OrganizationState};
use zitui::domain::project::{Project, ProjectGrant, ProjectState};
use zitui::domain::role::Role;
use zitui::domain::session::AdministratorService;
use zitui::domain::text::SafeText;
use zitui::domain::user::{User, UserKind, UserState};

/// One recorded exchange.
struct Exchange {
    name: String,
    method: String,
    path: String,
    organization: Option<String>,
    status: u16,
    answer: Value,
}

impl Exchange {
    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (request, response) = (&line["request"], &line["response"]);
        let headers = request.get("headers").unwrap_or(request);
        Self {
            name: text(&line["name"]),
            method: text(&request["method"]),
            path: text(&request["path"]),
            organization: headers.get("x-zitadel-orgid").and_then(Value::as_str).map(str::to_owned),
            status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
            answer: response["body"].clone(),
        }
    }

    fn path_without_query(&self) -> &str {
        self.path.split('?').next().unwrap()
    }

    fn context(&self) -> OrganizationId {
        OrganizationId::new(self.organization.as_deref().unwrap_or("100000000000000001"))
    }

    /// The rows of a recorded list, whatever the field is called.
    fn rows(&self) -> Vec<Value> {
        let list = self.answer.get("result").or_else(|| self.answer.get("roles"));
        list.and_then(Value::as_array).cloned().unwrap_or_default()
    }

    fn total(&self) -> Option<u64> {
        self.answer["details"]["totalResult"].as_str().map(|total| total.parse().unwrap())
    }

    /// The place of a call about members, read from the recorded path.
    fn place(&self) -> Place {
        let segments: Vec<&str> = self.path.trim_start_matches('/').split('/').collect();
        let organization = self.context();
        let resource = match segments.as_slice() {
            ["admin", ..] => Resource::Instance,
            ["management", "v1", "orgs", ..] => Resource::Organization(organization),
            ["management", "v1", "projects", "members", ..] => {
                Resource::Project { organization, project: ProjectId::new("1") }
            }
            ["management", "v1", "projects", "grants", ..] => grant(organization, "1", "1"),
            ["management", "v1", "projects", project, "members", ..] => {
                Resource::Project { organization, project: ProjectId::new(project) }
            }
            ["management", "v1", "projects", project, "grants", id, ..] => grant(organization, project, id),
            other => panic!("no members at {other:?}"),
        };
        Place { resource, as_granted: false }
    }
}

fn grant(organization: OrganizationId, project: &str, id: &str) -> Resource {
    let granted = OrganizationId::new("100000000000000003");
    Resource::ProjectGrant {
        organization,
        project: ProjectId::new(project),
        grant: GrantId::new(id),
        granted,
    }
}

/// A server that gives one prepared answer and remembers what it was asked.
#[derive(Clone, Default)]
struct Player(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    status: u16,
    answer: String,
    asked: Vec<Asked>,
}

struct Asked {
    method: String,
    path: String,
    organization: Option<String>,
}

impl Player {
    async fn start() -> (Self, Client) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let player = Self::default();
        let server = player.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let server = server.clone();
                std::thread::spawn(move || server.serve(stream.unwrap()));
            }
        });
        let http = HttpClient::build(&HttpSettings::default(), &url).await.unwrap();
        let tokens = TokenSource::with_personal_token(&SecretString::from("token")).unwrap();
        (player, Client::new(Transport::new(http, url, tokens)))
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        while let Some(asked) = read_request(&mut reader) {
            let mut state = self.0.lock().unwrap();
            state.asked.push(asked);
            let answer = format!(
                "HTTP/1.1 {} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{}",
                state.status,
                state.answer.len(),
                state.answer
            );
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    }

    fn prepare(&self, exchange: &Exchange) {
        let mut state = self.0.lock().unwrap();
        state.status = exchange.status;
        state.answer = match &exchange.answer {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            json => json.to_string(),
        };
        state.asked.clear();
    }

    /// The one request since `prepare`.
    fn asked(&self, exchange: &Exchange) -> Asked {
        let mut asked = std::mem::take(&mut self.0.lock().unwrap().asked);
        assert_eq!(asked.len(), 1, "{}: one request", exchange.name);
        asked.pop().unwrap()
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut length, mut organization) = (0, None);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "x-zitadel-orgid" => organization = Some(value.to_owned()),
            _ => {}
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some(Asked { method, path, organization })
}

/// What the client made of an answer, in terms that can be compared with the recorded JSON.
type Played = Result<Made, CallError>;

#[derive(Debug, PartialEq, Eq)]
struct Made {
    rows: Vec<String>,
    total: Option<u64>,
}

fn made(rows: impl IntoIterator<Item = String>, total: Option<u64>) -> Made {
    Made { rows: rows.into_iter().collect(), total }
}

/// Plays an exchange through the client. None if the client does not make such a call.
async fn play(client: &Client, exchange: &Exchange) -> Option<Played> {
    let path = exchange.path_without_query();
    let context = exchange.context();
    let filter = UserFilter::All;
    Some(match (exchange.method.as_str(), path) {
        ("GET", "/auth/v1/users/me") => client.own_user().await.map(|own| {
            let names = format!("{} {}", own.login_name, own.display_name);
            made([format!("{} {} {names}", own.user, own.organization)], None)
        }),
        ("POST", "/auth/v1/memberships/me/_search") => {
            client.own_memberships().await.map(|own| made(own.iter().map(membership), None))
        }
        ("GET", "/management/v1/iam") => client
            .default_organization()
            .await
            .map(|id| made(id.iter().map(|id| id.as_str().to_owned()), None)),
        ("GET", "/admin/v1/instances/me") => {
            client.instance().await.map(|own| made([format!("{} {}", own.name, own.version)], None))
        }
        ("GET", "/oidc/v1/userinfo") => client
            .own_organization_name()
            .await
            .map(|own| made(own.iter().map(|(id, name)| format!("{id} {name}")), None)),
        ("GET", "/management/v1/orgs/me") => {
            client.organization_by_id(&context).await.map(|found| made([organization(&found)], None))
        }
        ("POST", "/v2/organizations/_search" | "/admin/v1/orgs/_search") => {
            let admin = path.starts_with("/admin");
            let search = if admin { OrganizationSearch::Admin } else { OrganizationSearch::V2 };
            let page = client.organizations(search, OrganizationFilter::All, 0, 1000).await;
            page.map(|page| made(page.rows.iter().map(organization), page.total))
        }
        ("POST", "/management/v1/granted_projects/_search") => {
            client.grants_received(&context).await.map(|rows| made(rows.iter().map(grant_row), None))
        }
        ("POST", "/management/v1/projectgrants/_search") => {
            client.grants_given(&context).await.map(|rows| made(rows.iter().map(grant_row), None))
        }
        ("POST", "/management/v1/projects/_search") => {
            let page = client.projects(&context, "", 0, 1000).await;
            page.map(|page| made(page.rows.iter().map(project), page.total))
        }
        ("POST", "/admin/v1/events/_search") => {
            let page = client.member_events(&EventQuery::default()).await;
            page.map(|page| made(page.events.iter().map(|(_, event)| member_event(event)), None))
        }
        ("POST", "/v2/users") => {
            let page = client.users(UserScope::Everywhere, filter, 0, 1000).await;
            page.map(|page| made(page.rows.iter().map(user), page.total))
        }
        ("POST", "/management/v1/users/_search") => {
            let page = client.users(UserScope::Organization(&context), filter, 0, 1000).await;
            page.map(|page| made(page.rows.iter().map(user), page.total))
        }
        ("GET", "/management/v1/global/users/_by_login_name") => {
            let name = exchange.path.rsplit('=').next().unwrap();
            client.user_by_login_name_unchecked(name).await.map(|found| made([user(&found)], None))
        }
        _ => return play_of_one(client, exchange).await,
    })
}

/// Calls about one project, grant or user, which stands in the path.
async fn play_of_one(client: &Client, exchange: &Exchange) -> Option<Played> {
    let context = exchange.context();
    let segments: Vec<&str> = exchange.path_without_query().trim_start_matches('/').split('/').collect();
    match (exchange.method.as_str(), segments.as_slice()) {
        ("POST", ["management", "v1", "projects", project, "grants", "_search"]) => {
            let grants = client.grants_of_project(&context, &ProjectId::new(project)).await;
            Some(grants.map(|rows| made(rows.iter().map(grant_row), None)))
        }
        ("GET", ["management", "v1", "projects", project, "grants", grant]) => {
            let found = client.grant(&context, &ProjectId::new(project), &GrantId::new(grant)).await;
            Some(found.map(|found| made(found.iter().map(grant_row), None)))
        }
        ("POST", ["management", "v1", "users", user, "memberships", "_search"]) => {
            let found = client.memberships_of(&UserId::new(user), &context).await;
            Some(found.map(|rows| made(rows.iter().map(membership), None)))
        }
        _ => play_managers(client, exchange).await,
    }
}

async fn play_managers(client: &Client, exchange: &Exchange) -> Option<Played> {
    let path = exchange.path_without_query();
    if exchange.name.starts_with("self/permissions") {
        let own = client.own_permissions(&exchange.context()).await;
        let listed = exchange.rows();
        return Some(own.map(|own| {
            made(
                listed.iter().filter_map(Value::as_str).filter(|one| own.allow(one)).map(str::to_owned),
                None,
            )
        }));
    }
    let (user, roles) = (UserId::new("200000000000000005"), [Role::new("ORG_OWNER")]);
    let services = [AdministratorService::V2, AdministratorService::V2Beta];
    let service = services.into_iter().find(|service| path.starts_with(&format!("/{}/", service.name())));
    if let Some(service) = service {
        let place = Place { resource: Resource::Instance, as_granted: false };
        let v2 = ManagersV2 { client: client.clone(), service };
        let written = match path.rsplit('/').next() {
            Some("CreateAdministrator") => v2.add(&place, &user, &roles).await,
            Some("UpdateAdministrator") => v2.change(&place, &user, &roles).await,
            Some("DeleteAdministrator") => v2.remove(&place, &user).await,
            Some("ListAdministrators") => {
                let page = client.administrators(service, Some(&user), 0).await;
                return Some(page.map(|page| made(page.rows.iter().map(administrator), page.total)));
            }
            _ => return None,
        };
        return Some(written.map(|()| made([], None)));
    }
    if path.ends_with("/members/roles/_search") {
        let offered = client.manager_roles(&exchange.place()).await;
        return Some(offered.map(|offered| made(offered.iter().map(|role| role.key().to_owned()), None)));
    }
    if path.ends_with("/members/_search") {
        let managers = client.managers(&exchange.place()).await;
        return Some(managers.map(|managers| {
            let rows: BTreeSet<String> = managers.iter().map(manager).collect();
            made(rows, None)
        }));
    }
    let v1 = ManagersV1(client.clone());
    let written = match (exchange.method.as_str(), path.rsplit_once("/members")) {
        ("POST", Some((_, ""))) => v1.add(&exchange.place(), &user, &roles).await,
        ("PUT", Some((_, id))) => {
            v1.change(&exchange.place(), &UserId::new(id.trim_start_matches('/')), &roles).await
        }
        ("DELETE", Some((_, id))) => {
            v1.remove(&exchange.place(), &UserId::new(id.trim_start_matches('/'))).await
        }
        _ => return None,
    };
    Some(written.map(|()| made([], None)))
}

fn organization(row: &Organization) -> String {
    let state = match row.state {
        OrganizationState::Active => "ACTIVE",
        OrganizationState::Inactive => "INACTIVE",
        OrganizationState::Removed => "",
        OrganizationState::Other(_) => "other",
    };
    format!("{} {} {} {state}", row.id, row.name, row.primary_domain)
}

fn membership(own: &DatedMembership) -> String {
    let DatedMembership { membership: row, created, .. } = own;
    format!("{} {} {:?} {}", row.level, row.resource_name, row.roles, created.is_some())
}

fn project(row: &Project) -> String {
    let state = if row.state == ProjectState::Active { "PROJECT_STATE_ACTIVE" } else { "other" };
    format!("{} {} {} {state}", row.id, row.organization, row.name)
}

fn grant_row(row: &ProjectGrant) -> String {
    let state = if row.state == ProjectState::Active { "PROJECT_GRANT_STATE_ACTIVE" } else { "other" };
    let owner = format!("{} {}", row.organization, row.organization_name);
    let receiver = format!("{} {}", row.granted, row.granted_name);
    let roles: Vec<&str> = row.project_roles.iter().map(SafeText::as_str).collect();
    format!("{} {} {} {owner} {receiver} {state} {roles:?}", row.id, row.project, row.project_name)
}

fn member_event(event: &RoleGrant) -> String {
    let roles = event.roles.clone().unwrap_or_default();
    format!("{} {} {roles:?} {} {}", event.resource.id, event.user, event.editor, event.editor_id)
}

fn administrator(row: &Administrator) -> String {
    let manager = &row.manager;
    let kind = if manager.user.kind == UserKind::Human { "human" } else { "" };
    let home = manager.user.organization.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let names = format!("{} {} {kind}", manager.user.login_name, manager.user.display_name);
    let ids = match &manager.resource {
        Resource::Instance => String::new(),
        Resource::Organization(id) => id.to_string(),
        Resource::Project { organization, project } => format!("{organization} {project}"),
        Resource::ProjectGrant { organization, project, grant, granted } => {
            format!("{organization} {project} {grant} {granted}")
        }
    };
    format!("{} {home} {names} [{ids}] {} {:?}", manager.user.id, row.name, manager.roles)
}

fn user(row: &User) -> String {
    let kind = match row.kind {
        UserKind::Human => "human",
        UserKind::Service => "machine",
        UserKind::Unknown => "unknown",
    };
    let state = match row.state {
        UserState::Active => "USER_STATE_ACTIVE",
        UserState::Inactive => "USER_STATE_INACTIVE",
        UserState::Locked => "USER_STATE_LOCKED",
        _ => "other",
    };
    let email = row.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
    let names = format!("{} {} {} {:?}", row.user_name, row.login_name, row.display_name, row.login_names);
    format!("{} {} {kind} {state} {names} {email}", row.id, row.organization)
}

fn manager(row: &Manager) -> String {
    let home = row.user.organization.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let kind = match row.user.kind {
        UserKind::Human => "TYPE_HUMAN",
        UserKind::Service => "TYPE_MACHINE",
        UserKind::Unknown => "",
    };
    let email = row.user.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
    let (roles, since) = (row.roles.iter().map(Role::key).collect::<Vec<_>>(), row.created.is_some());
    let names = format!("{} {}", row.user.login_name, row.user.display_name);
    format!("{} {home} {kind} {names} {email} {roles:?} {since}", row.user.id)
}

/// What must come of a recorded answer, read from its JSON without any type of the client.
fn expected(exchange: &Exchange) -> Made {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let answer = &exchange.answer;
    match exchange.path_without_query() {
        "/auth/v1/users/me" => {
            let own = &answer["user"];
            let names = format!("{} {}", text(&own["preferredLoginName"]), text(&own["machine"]["name"]));
            made([format!("{} {} {names}", text(&own["id"]), text(&own["details"]["resourceOwner"]))], None)
        }
        path if path.contains("/memberships/") => made(exchange.rows().iter().map(expected_membership), None),
        "/management/v1/iam" => made([text(&answer["defaultOrgId"])], None),
        "/admin/v1/instances/me" => made(
            [format!("{} {}", text(&answer["instance"]["name"]), text(&answer["instance"]["version"]))],
            None,
        ),
        "/oidc/v1/userinfo" => {
            let claim = |name: &str| text(&answer[format!("urn:zitadel:iam:user:resourceowner:{name}")]);
            let named = !claim("id").is_empty();
            made(named.then(|| format!("{} {}", claim("id"), claim("name"))), None)
        }
        "/management/v1/orgs/me" => made([expected_organization(&answer["org"])], None),
        "/v2/organizations/_search" | "/admin/v1/orgs/_search" => {
            made(exchange.rows().iter().map(expected_organization), exchange.total())
        }
        "/management/v1/projects/_search" => {
            made(exchange.rows().iter().map(expected_project), exchange.total())
        }
        "/admin/v1/events/_search" => {
            let events = answer["events"].as_array().cloned().unwrap_or_default();
            let of_members = events.iter().filter(|event| text(&event["type"]["type"]).contains("member."));
            made(of_members.map(expected_event), None)
        }
        "/management/v1/projectgrants/_search" | "/management/v1/granted_projects/_search" => {
            made(exchange.rows().iter().map(expected_grant), None)
        }
        path if path.ends_with("/grants/_search") => made(exchange.rows().iter().map(expected_grant), None),
        path if path.contains("/grants/") && exchange.method == "GET" => {
            made([expected_grant(&answer["projectGrant"])], None)
        }
        path if path.ends_with("/ListAdministrators") => {
            let rows = answer["administrators"].as_array().cloned().unwrap_or_default();
            let total = answer["pagination"]["totalResult"].as_str().map(|total| total.parse().unwrap());
            made(rows.iter().map(expected_administrator), total)
        }
        "/v2/users" | "/management/v1/users/_search" => {
            made(exchange.rows().iter().map(expected_user), exchange.total())
        }
        "/management/v1/global/users/_by_login_name" => made([expected_user(&answer["user"])], None),
        path if path.ends_with("/members/_search") => {
            let rows: BTreeSet<String> = exchange.rows().iter().map(expected_manager).collect();
            made(rows, None)
        }
        path if path.ends_with("/_search") => made(exchange.rows().iter().map(text), None),
        _ => made([], None),
    }
}

fn expected_membership(row: &Value) -> String {
    let level = match row.as_object().unwrap() {
        row if row.contains_key("iam") => Level::Instance,
        row if row.contains_key("orgId") => Level::Organization,
        row if row.contains_key("projectGrantId") => Level::ProjectGrant,
        _ => Level::Project,
    };
    format!("{level} {} {:?} true", row["displayName"].as_str().unwrap(), roles_of(row))
}

fn expected_project(row: &Value) -> String {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    format!("{} {} {} {}", text("/id"), text("/details/resourceOwner"), text("/name"), text("/state"))
}

fn expected_grant(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let keys = row["grantedRoleKeys"].as_array().cloned().unwrap_or_default();
    let roles: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
    let owner = format!("{} {}", text("projectOwnerId"), text("projectOwnerName"));
    let receiver = format!("{} {}", text("grantedOrgId"), text("grantedOrgName"));
    let project = format!("{} {}", text("projectId"), text("projectName"));
    format!("{} {project} {owner} {receiver} {} {roles:?}", text("grantId"), text("state"))
}

fn expected_event(row: &Value) -> String {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let id = match text("/type/type") {
        kind if kind.starts_with("instance.") => "",
        kind if kind.starts_with("project.grant.") => text("/payload/grantId"),
        _ => text("/aggregate/id"),
    };
    let (user, roles) = (text("/payload/userId"), roles_of(&row["payload"]));
    format!("{id} {user} {roles:?} {} {}", text("/editor/displayName"), text("/editor/userId"))
}

fn expected_administrator(row: &Value) -> String {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let display_name = text("/user/displayName");
    let kind = if display_name.is_empty() { "" } else { "human" };
    let names = format!("{} {display_name} {kind}", text("/user/preferredLoginName"));
    let (ids, name): (Vec<&str>, &str) = if row.get("instance").is_some() {
        (Vec::new(), "")
    } else if row.get("organization").is_some() {
        (vec!["/organization/id"], text("/organization/name"))
    } else if row.get("project").is_some() {
        (vec!["/project/organizationId", "/project/id"], text("/project/name"))
    } else {
        let ids = ["organizationId", "projectId", "id", "grantedOrganizationId"];
        let ids = ids.map(|name| row["projectGrant"][name].as_str().unwrap());
        return format!(
            "{} {} {names} [{}] {} {:?}",
            text("/user/id"),
            text("/user/organizationId"),
            ids.join(" "),
            text("/projectGrant/projectName"),
            roles_of(row)
        );
    };
    let ids = ids.iter().map(|pointer| text(pointer)).collect::<Vec<_>>().join(" ");
    let user = format!("{} {} {names}", text("/user/id"), text("/user/organizationId"));
    format!("{user} [{ids}] {name} {:?}", roles_of(row))
}

fn roles_of(row: &Value) -> Vec<Role> {
    let roles = row["roles"].as_array().cloned().unwrap_or_default();
    roles.iter().map(|role| Role::new(role.as_str().unwrap())).collect()
}

fn expected_organization(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let state = text("state").trim_start_matches("ORGANIZATION_STATE_").trim_start_matches("ORG_STATE_");
    format!("{} {} {} {state}", text("id"), text("name"), text("primaryDomain"))
}

fn expected_user(row: &Value) -> String {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let kind = if row.get("human").is_some() { "human" } else { "machine" };
    let either = |one, other| if text(one).is_empty() { text(other) } else { text(one) };
    let (id, user_name) = (either("/userId", "/id"), either("/username", "/userName"));
    let display_name = either("/human/profile/displayName", "/machine/name");
    let login_names: Vec<&str> =
        row["loginNames"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let names = format!("{user_name} {} {display_name} {login_names:?}", text("/preferredLoginName"));
    let (home, state, email) = (text("/details/resourceOwner"), text("/state"), text("/human/email/email"));
    format!("{id} {home} {kind} {state} {names} {email}")
}

fn expected_manager(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let roles = roles_of(row);
    let roles: Vec<&str> = roles.iter().map(Role::key).collect();
    let names = format!("{} {}", text("preferredLoginName"), text("displayName"));
    let (home, kind) = (text("userResourceOwner"), text("userType"));
    format!("{} {home} {kind} {names} {} {roles:?} true", text("userId"), text("email"))
}

/// What kind of refusal an answer is, by its recorded id and status.
#[track_caller]
fn check_refusal(exchange: &Exchange, error: &CallError) {
    let name = &exchange.name;
    assert_eq!(error.status(), Some(exchange.status), "{name}: {error}");
    let message = exchange.answer["message"].as_str().unwrap_or_default();
    let id = message.rsplit_once(" (").map(|(_, id)| id.trim_end_matches(')')).unwrap_or_default();
    if !id.is_empty() && !id.contains(' ') {
        assert!(error.to_string().contains(id), "{name}: {error}");
    }
    let forbidden = id == "AUTHZ-cdgFk" || (exchange.status == 403 && id != "AUTH-Bs7Ds");
    assert_eq!(error.is_forbidden(), forbidden, "{name}: {error}");
    assert_eq!(error.is_not_signed_in(), exchange.status == 401, "{name}: {error}");
    let duplicate = name.contains("add-duplicate") || name.contains("create-duplicate");
    assert_eq!(error.is_already_manager(), duplicate, "{name}: {error}");
    assert_eq!(error.is_unchanged(), name.contains("update-no-change"), "{name}: {error}");
    let gone = ["update-not-member", "update-not-admin", "update-other-org", "update-wrong-org"];
    if gone.iter().any(|gone| name.contains(gone)) {
        assert!(error.is_not_manager(), "{name}: {error}");
    }
    assert!(!error.may_have_been_carried_out(), "{name}: {error}");
}

#[rstest]
#[tokio::test]
async fn every_recorded_answer_becomes_the_right_value_or_the_right_error(
    #[values("v2.68", "v4.3", "v4.15")] version: &str,
) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recordings/{version}.jsonl"));
    let recorded = std::fs::read_to_string(file).unwrap();
    let (player, client) = Player::start().await;
    let mut played_by_group: BTreeMap<String, usize> = BTreeMap::new();
    for exchange in recorded.lines().map(Exchange::read) {
        player.prepare(&exchange);
        let Some(played) = play(&client, &exchange).await else { continue };
        let asked = player.asked(&exchange);
        assert_eq!(asked.method, exchange.method, "{}", exchange.name);
        let path = asked.path.split('?').next().unwrap();
        assert_eq!(path, exchange.path_without_query(), "{}", exchange.name);
        let named =
            path.starts_with("/management") && path != "/management/v1/iam" && !path.contains("global");
        if exchange.organization.is_some() && named {
            assert_eq!(asked.organization, exchange.organization, "{}", exchange.name);
        }
        if path.starts_with("/admin") || path.starts_with("/zitadel.") {
            assert_eq!(asked.organization, None, "{}: no organization is named there", exchange.name);
        }
        match played {
            Ok(made) => {
                assert!(exchange.status < 300, "{}: a refusal was taken for an answer", exchange.name);
                assert_eq!(made, expected(&exchange), "{}", exchange.name);
            }
            Err(error) => check_refusal(&exchange, &error),
        }
        let group = exchange.name.split('/').next().unwrap().to_owned();
        *played_by_group.entry(group).or_default() += 1;
    }
    for (group, least) in [
        ("self", 55),
        ("instance", 9),
        ("orgs", 45),
        ("users", 55),
        ("members.instance", 55),
        ("members.org", 60),
        ("members.project", 60),
        ("members.grant", 58),
        ("projects", 27),
        ("events", 4),
    ] {
        let played = played_by_group.get(group).copied().unwrap_or_default();
        assert!(played >= least, "{group}: only {played} exchanges were played");
    }
    let administrators = played_by_group.get("admins.v2").copied().unwrap_or_default();
    assert_eq!(administrators > 30, version == "v4.15", "{administrators}");
}

#[tokio::test]
async fn what_a_proxy_says_is_no_capability() {
    let (player, client) = Player::start().await;
    for (status, answer, present) in [
        (401, r#"{"code":16,"message":"auth header missing"}"#, true),
        (404, r#"{"code":5,"message":"Not Found"}"#, false),
        (404, "<html><title>nginx</title></html>", false),
        (403, "<html><title>blocked</title></html>", false),
        (200, "<html><title>welcome</title></html>", false),
    ] {
        {
            let mut state = player.0.lock().unwrap();
            (state.status, state.answer) = (status, answer.to_owned());
        }
        let found = client.capabilities().await;
        let all =
            [found.administrators_v2, found.administrators_v2beta, found.organizations_v2, found.users_v2];
        assert_eq!(all, [present; 4], "{status} {answer}");
    }
    assert!(player.0.lock().unwrap().asked.iter().all(|asked| asked.organization.is_none()));
}

#[tokio::test]
async fn hostile_names_are_harmless_once_they_are_read() {
    let (player, client) = Player::start().await;
    let hostile = r"\u001b]0;x\u0007\u202egnp.exe";
    {
        let mut state = player.0.lock().unwrap();
        state.status = 200;
        state.answer = format!(
            r#"{{"result":[{{"id":"1","userId":"1","name":"{hostile}","primaryDomain":"{hostile}",
            "state":"{hostile}","preferredLoginName":"{hostile}","displayName":"{hostile}","email":"{hostile}",
            "roles":["{hostile}"]}}]}}"#
        );
    }
    let organizations =
        client.organizations(OrganizationSearch::V2, OrganizationFilter::All, 0, 10).await.unwrap();
    let place = Place { resource: Resource::Instance, as_granted: false };
    let managers = client.managers(&place).await.unwrap();
    let (organization, manager) = (&organizations.rows[0], &managers[0]);
    let shown = [
        organization.name.to_string(),
        organization.primary_domain.to_string(),
        organization.state.to_string(),
        manager.user.login_name.to_string(),
        manager.user.display_name.to_string(),
        manager.user.email.as_ref().unwrap().to_string(),
        manager.roles[0].to_string(),
    ];
    for text in shown {
        assert!(text.contains("gnp.exe"), "{text:?}");
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}
