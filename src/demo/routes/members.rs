//! Managers of the instance, of organizations and of projects, v1 (CONTRACT.md section 7; recordings
//! `members.instance/…`, `members.org/…`, `members.project/…`).

use serde_json::{Value, json};

use super::super::Version;
use super::super::filter::{Matcher, Naming};
use super::super::list::{self, Paging};
use super::super::member::{self, Removal};
use super::super::message::{Json, Reply};
use super::super::refusal::Refusal;
use super::super::router::{Access, Call, Route};
use super::super::store::{Entry, Resource, Row, Store};
use super::super::world::Kind;

/// The path parameter by which project permissions may be limited.
const PROJECT: &[&str] = &["projectId"];

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/admin/v1/members/roles/_search", Access::In("iam.member.read"), instance_roles),
    Route::new("POST", "/admin/v1/members/_search", Access::In("iam.member.read"), list_instance),
    Route::new("POST", "/admin/v1/members", Access::In("iam.member.write"), add_instance),
    Route::new("PUT", "/admin/v1/members/{userId}", Access::In("iam.member.write"), change_instance),
    Route::new("DELETE", "/admin/v1/members/{userId}", Access::In("iam.member.delete"), remove_instance),
    Route::new(
        "POST",
        "/management/v1/orgs/members/roles/_search",
        Access::In("org.member.read"),
        organization_roles,
    ),
    Route::new(
        "POST",
        "/management/v1/orgs/me/members/_search",
        Access::In("org.member.read"),
        list_organization,
    ),
    Route::new("POST", "/management/v1/orgs/me/members", Access::In("org.member.write"), add_organization),
    Route::new(
        "PUT",
        "/management/v1/orgs/me/members/{userId}",
        Access::In("org.member.write"),
        change_organization,
    ),
    Route::new(
        "DELETE",
        "/management/v1/orgs/me/members/{userId}",
        Access::In("org.member.delete"),
        remove_organization,
    ),
    Route::new(
        "POST",
        "/management/v1/projects/members/roles/_search",
        Access::In("project.member.read"),
        project_roles,
    ),
    Route::new(
        "POST",
        "/management/v1/projects/{projectId}/members/_search",
        Access::On("project.member.read", PROJECT),
        list_project,
    ),
    Route::new(
        "POST",
        "/management/v1/projects/{projectId}/members",
        Access::On("project.member.write", PROJECT),
        add_project,
    ),
    Route::new(
        "PUT",
        "/management/v1/projects/{projectId}/members/{userId}",
        Access::On("project.member.write", PROJECT),
        change_project,
    ),
    Route::new(
        "DELETE",
        "/management/v1/projects/{projectId}/members/{userId}",
        Access::On("project.member.delete", PROJECT),
        remove_project,
    ),
];

const INSTANCE_ROLES: [&str; 7] = [
    "IAM_OWNER",
    "IAM_OWNER_VIEWER",
    "IAM_ORG_MANAGER",
    "IAM_USER_MANAGER",
    "IAM_ADMIN_IMPERSONATOR",
    "IAM_END_USER_IMPERSONATOR",
    "IAM_LOGIN_CLIENT",
];
const ORGANIZATION_ROLES: [&str; 10] = [
    "ORG_OWNER",
    "ORG_USER_MANAGER",
    "ORG_OWNER_VIEWER",
    "ORG_SETTINGS_MANAGER",
    "ORG_USER_PERMISSION_EDITOR",
    "ORG_PROJECT_PERMISSION_EDITOR",
    "ORG_PROJECT_CREATOR",
    "ORG_ADMIN_IMPERSONATOR",
    "ORG_END_USER_IMPERSONATOR",
    "ORG_USER_SELF_MANAGER",
];
const PROJECT_ROLES: [&str; 4] =
    ["PROJECT_OWNER", "PROJECT_OWNER_VIEWER", "PROJECT_OWNER_GLOBAL", "PROJECT_OWNER_VIEWER_GLOBAL"];

fn instance_roles(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    let roles = INSTANCE_ROLES.iter().map(|role| json!(role)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), INSTANCE_ROLES.len(), "roles", roles)))
}

fn organization_roles(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    let default = call.context == call.state.store.instance.default_organization;
    let more = default.then_some(&"SELF_MANAGEMENT_GLOBAL");
    let roles: Vec<&&str> = ORGANIZATION_ROLES.iter().chain(more).collect();
    Ok(Reply::json(&json!({"result": roles})))
}

fn project_roles(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    let default = call.context == call.state.store.instance.default_organization;
    let roles: Vec<&&str> =
        PROJECT_ROLES.iter().filter(|role| !default || role.ends_with("_GLOBAL")).collect();
    Ok(Reply::json(&json!({"result": roles})))
}

fn list_instance(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let mut rows: Vec<Row<'_>> = call.state.store.managers_of(&Resource::Instance, call.view).collect();
    rows.sort_by_key(|row| row.entry.position);
    let paging = Paging::of(json.part());
    if call.version() > Version::V2_68 {
        match paging.column.strip_prefix("MEMBER_FIELD_NAME_").unwrap_or_default() {
            "USER_ID" => rows.sort_by(|left, right| left.user.cmp(right.user)),
            "CREATION_DATE" => rows.sort_by_key(|row| row.entry.created_position),
            "CHANGE_DATE" => rows.sort_by_key(|row| row.entry.position),
            "USER_RESOURCE_OWNER" => rows.sort_by_key(|row| owner_of_user(&call.state.store, row).to_owned()),
            _ => return listing(call, &json, rows),
        }
        if !paging.ascending {
            rows.reverse();
        }
    }
    listing(call, &json, rows)
}

fn list_organization(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let resource = Resource::Organization(call.context.clone());
    listing(call, &json, call.state.store.managers_of(&resource, call.view).collect())
}

fn list_project(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let resource = project(call);
    let here = member::belongs(call, &resource, &call.context);
    listing(call, &json, call.state.store.managers_of(&resource, call.view).filter(|_| here).collect())
}

fn project(call: &Call<'_>) -> Resource {
    Resource::Project(call.parameter("projectId").to_owned())
}

fn add_instance(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let instance = call.state.store.instance.id.clone();
    add(call, &Resource::Instance, "AddIAMMemberRequest", &instance)
}

fn change_instance(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let instance = call.state.store.instance.id.clone();
    change(call, &Resource::Instance, &instance)
}

fn remove_instance(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let instance = call.state.store.instance.id.clone();
    remove(call, &Resource::Instance, &instance)
}

fn add_organization(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let context = call.context.clone();
    add(call, &Resource::Organization(context.clone()), "AddOrgMemberRequest", &context)
}

fn change_organization(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let context = call.context.clone();
    change(call, &Resource::Organization(context.clone()), &context)
}

fn remove_organization(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let context = call.context.clone();
    remove(call, &Resource::Organization(context.clone()), &context)
}

fn add_project(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (resource, context) = (project(call), call.context.clone());
    add(call, &resource, "AddProjectMemberRequest", &context)
}

fn change_project(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (resource, context) = (project(call), call.context.clone());
    change(call, &resource, &context)
}

fn remove_project(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (resource, context) = (project(call), call.context.clone());
    remove(call, &resource, &context)
}

/// Adds a manager; `request` is the name in the message of a failed validation.
pub(super) fn add(
    call: &mut Call<'_>,
    resource: &Resource,
    request: &'static str,
    context: &str,
) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let user = json.part().text("userId");
    if !(1..=200).contains(&user.chars().count()) {
        let text =
            format!("invalid {request}.UserId: value length must be between 1 and 200 runes, inclusive");
        return Err(Refusal::invalid(text));
    }
    let entry = member::add(call, resource, user, json.part().texts("roles"), context)?;
    // 2.68 names the organization of the header, also where another one owns the project (recording
    // `members.project/add-wrong-org`).
    let owner = if call.version() == Version::V2_68 { context } else { &entry.owner };
    Ok(Reply::json(&json!({"details": {
        "sequence": entry.sequence.to_string(), "creationDate": list::timestamp(entry.changed),
        "resourceOwner": owner
    }})))
}

/// Replaces the roles of the manager in the path.
pub(super) fn change(call: &mut Call<'_>, resource: &Resource, context: &str) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let user = call.parameter("userId").to_owned();
    let entry = member::change(call, resource, &user, json.part().texts("roles"), context)?;
    Ok(changed(&entry))
}

/// Removes the manager in the path.
pub(super) fn remove(call: &mut Call<'_>, resource: &Resource, context: &str) -> Result<Reply, Refusal> {
    let user = call.parameter("userId").to_owned();
    Ok(match member::remove(call, resource, &user, context)? {
        Removal::Gone(entry) => changed(&entry),
        Removal::Never if call.version() == Version::V2_68 => Reply::json(&json!({"details": {}})),
        Removal::Never => Reply::json(&json!({"details": {"resourceOwner": context}})),
    })
}

fn changed(entry: &Entry) -> Reply {
    Reply::json(&json!({"details": {
        "sequence": entry.sequence.to_string(), "changeDate": list::timestamp(entry.changed),
        "resourceOwner": entry.owner
    }}))
}

enum Filter {
    UserId(String),
    Email(Matcher),
    FirstName(Matcher),
    LastName(Matcher),
}

impl Filter {
    fn read(naming: Naming, json: &Json, filter: &Value) -> Result<Self, Refusal> {
        let choice =
            naming.choose(json, filter, &["userIdQuery", "emailQuery", "firstNameQuery", "lastNameQuery"])?;
        Ok(match choice.key {
            "userIdQuery" => Self::UserId(choice.part.text("userId").to_owned()),
            "emailQuery" => Self::Email(naming.text(choice, "email")?),
            "firstNameQuery" => Self::FirstName(naming.text(choice, "firstName")?),
            _ => Self::LastName(naming.text(choice, "lastName")?),
        })
    }

    /// E-mail and names never match a service user.
    fn wants(&self, store: &Store, row: &Row<'_>) -> bool {
        if let Self::UserId(id) = self {
            return row.user == id;
        }
        let Some(Kind::Human { first_name, last_name, email, .. }) =
            store.user(row.user).map(|user| &user.kind)
        else {
            return false;
        };
        match self {
            Self::UserId(_) => false,
            Self::Email(matcher) => matcher.matches(email),
            Self::FirstName(matcher) => matcher.matches(first_name),
            Self::LastName(matcher) => matcher.matches(last_name),
        }
    }
}

/// The answer of a member list: filtered and cut.
pub(super) fn listing(call: &Call<'_>, json: &Json, mut rows: Vec<Row<'_>>) -> Result<Reply, Refusal> {
    let naming = Naming { request: "ListMembersRequest", filter: "zitadel.member.v1.SearchQuery" };
    let read = |(index, filter)| Filter::read(naming, json, filter).map_err(|it| naming.within(index, it));
    let filters = json.part().list("queries").iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let (store, paging) = (&call.state.store, Paging::of(json.part()));
    rows.retain(|row| filters.iter().all(|filter| filter.wants(store, row)));
    let total = paging.total(rows.len());
    let rows = paging.cut(rows).iter().filter_map(|row| member_row(store, row)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", rows)))
}

fn owner_of_user<'a>(store: &'a Store, row: &Row<'_>) -> &'a str {
    store.user(row.user).map_or("", |user| user.organization.as_str())
}

fn member_row(store: &Store, row: &Row<'_>) -> Option<Value> {
    let (user, entry) = (store.user(row.user)?, row.entry);
    let mut body = json!({
        "userId": user.id,
        "details": list::details(entry.sequence, entry.created, entry.changed, &entry.owner),
        "preferredLoginName": user.login(), "displayName": user.display_name(),
        "userType": if user.is_machine() { "TYPE_MACHINE" } else { "TYPE_HUMAN" },
        "userResourceOwner": user.organization
    });
    if let Kind::Human { first_name, last_name, email, .. } = &user.kind {
        list::put_text(&mut body, "email", email);
        list::put_text(&mut body, "firstName", first_name);
        list::put_text(&mut body, "lastName", last_name);
    }
    list::put_unless_empty(&mut body, "roles", row.roles().iter().map(|role| json!(role)).collect());
    Some(body)
}
