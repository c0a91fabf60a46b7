//! Who the sender is and what it may do (CONTRACT.md section 6; recordings `self/…`), and the memberships of other
//! users (section 13).

use serde_json::{Value, json};

use super::super::list::{self, Paging};
use super::super::message::{Part, Reply};
use super::super::permission::rank;
use super::super::refusal::Refusal;
use super::super::router::{Access, Call, Route};
use super::super::store::{Resource, Row, Store};
use super::users;

pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/auth/v1/users/me", Access::Token, me),
    Route::new("POST", "/auth/v1/memberships/me/_search", Access::Token, own_memberships),
    Route::new("POST", "/auth/v1/permissions/zitadel/me/_search", Access::Token, permissions),
    Route::new("GET", "/management/v1/iam", Access::Token, iam),
    Route::new(
        "POST",
        "/management/v1/users/{userId}/memberships/_search",
        Access::In("user.membership.read"),
        memberships_of,
    ),
];

fn me(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let store = &call.state.store;
    let user = store.user(&call.caller).ok_or(Refusal::TOKEN)?;
    Ok(Reply::json(&json!({"user": users::v1_user(store, user)})))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn permissions(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let names = call.power_in(&call.context).names();
    let mut body = json!({});
    list::put_unless_empty(&mut body, "result", names.into_iter().map(Value::String).collect());
    Ok(Reply::json(&body))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn iam(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let instance = &call.state.store.instance;
    Ok(Reply::json(&json!({
        "globalOrgId": instance.default_organization, "iamProjectId": instance.iam_project,
        "defaultOrgId": instance.default_organization
    })))
}

fn own_memberships(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    memberships(call, &call.caller, |_| true)
}

fn memberships_of(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (context, instance) = (&call.context, &call.state.store.instance.id);
    memberships(call, call.parameter("userId"), |row| {
        row.entry.owner == *context || row.entry.owner == *instance
    })
}

fn memberships(call: &Call<'_>, user: &str, owned: impl Fn(&Row<'_>) -> bool) -> Result<Reply, Refusal> {
    let body = call.json()?;
    let (paging, store) = (Paging::of(body.part()), &call.state.store);
    let filters = body.part().list("queries");
    let mut rows: Vec<Row<'_>> = store
        .managers()
        .of_user(user, call.view)
        .filter(|row| owned(row) && filters.iter().all(|filter| wanted(Part(filter.as_object()), row)))
        .collect();
    rows.sort_by_key(|row| (rank(row.resource), row.entry.created_position));
    let total = paging.total(rows.len());
    let rows = paging.cut(rows).iter().map(|row| membership(store, row)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", rows)))
}

/// Whether a membership passes one filter object.
fn wanted(filter: Part<'_>, row: &Row<'_>) -> bool {
    let is =
        |name: &str, field: &str, id: &str| filter.get(name).is_none() || filter.part(name).text(field) == id;
    match row.resource {
        Resource::Instance => {
            ["orgQuery", "projectQuery", "projectGrantQuery"].iter().all(|it| filter.get(it).is_none())
        }
        Resource::Organization(id) => {
            is("orgQuery", "orgId", id)
                && ["iamQuery", "projectQuery", "projectGrantQuery"].iter().all(|it| filter.get(it).is_none())
        }
        Resource::Project(id) => {
            is("projectQuery", "projectId", id)
                && ["iamQuery", "orgQuery", "projectGrantQuery"].iter().all(|it| filter.get(it).is_none())
        }
        Resource::Grant { grant, .. } => {
            is("projectGrantQuery", "projectGrantId", grant)
                && ["iamQuery", "orgQuery", "projectQuery"].iter().all(|it| filter.get(it).is_none())
        }
    }
}

fn membership(store: &Store, row: &Row<'_>) -> Value {
    let entry = row.entry;
    let project_name = |id: &str| store.project(id).map_or("", |it| it.name.as_str());
    let (name, field, value) = match row.resource {
        Resource::Instance => (store.instance.name.as_str(), "iam", json!(true)),
        Resource::Organization(id) => (store.organization_name(id), "orgId", json!(id)),
        Resource::Project(id) => (project_name(id), "projectId", json!(id)),
        Resource::Grant { project, grant } => (project_name(project), "projectGrantId", json!(grant)),
    };
    let mut body = json!({
        "userId": row.user,
        "details": list::details(entry.sequence, entry.created, entry.changed, &entry.owner),
        "displayName": name
    });
    if let Some(fields) = body.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    list::put_unless_empty(&mut body, "roles", row.roles().iter().map(|role| json!(role)).collect());
    body
}
