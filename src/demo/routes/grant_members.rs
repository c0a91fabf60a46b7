//! Managers of project grants, v1. Since 4.0 writes are judged in the granted organization, whatever the header says
//! (CONTRACT.md section 7.4; recordings `members.grant/…`).

use serde_json::json;

use super::super::Version;
use super::super::list;
use super::super::member;
use super::super::message::Reply;
use super::super::refusal::Refusal;
use super::super::router::{Access, Call, Route};
use super::super::store::Resource;
use super::members;

/// The path parameters by which the permissions may be limited.
const OBJECTS: &[&str] = &["projectId", "grantId"];
const READ: Access = Access::On("project.grant.member.read", OBJECTS);
const WRITE: Access = Access::On("project.grant.member.write", OBJECTS);
const DELETE: Access = Access::On("project.grant.member.delete", OBJECTS);

pub(super) const ROUTES: &[Route] = &[
    Route::new(
        "POST",
        "/management/v1/projects/grants/members/roles/_search",
        Access::In("project.grant.member.read"),
        roles,
    ),
    Route::new("POST", "/management/v1/projects/{projectId}/grants/{grantId}/members/_search", READ, list),
    Route::new("POST", "/management/v1/projects/{projectId}/grants/{grantId}/members", WRITE, add),
    Route::new("PUT", "/management/v1/projects/{projectId}/grants/{grantId}/members/{userId}", WRITE, change),
    Route::new(
        "DELETE",
        "/management/v1/projects/{projectId}/grants/{grantId}/members/{userId}",
        DELETE,
        remove,
    ),
];

const ROLES: [&str; 2] = ["PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER"];

fn roles(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    let roles = ROLES.iter().map(|role| json!(role)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), ROLES.len(), "result", roles)))
}

fn grant(call: &Call<'_>) -> Resource {
    Resource::Grant {
        project: call.parameter("projectId").to_owned(),
        grant: call.parameter("grantId").to_owned(),
    }
}

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let resource = grant(call);
    let here = member::belongs(call, &resource, &call.context);
    members::listing(
        call,
        &json,
        call.state.store.managers_of(&resource, call.view).filter(|_| here).collect(),
    )
}

fn add(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    require_in_granted(call, "project.grant.member.write")?;
    let (resource, context) = (grant(call), call.context.clone());
    members::add(call, &resource, "AddProjectGrantMemberRequest", &context)
}

fn change(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    call.json()?;
    require_in_granted(call, "project.grant.member.write")?;
    let (resource, context) = (grant(call), call.context.clone());
    members::change(call, &resource, &context)
}

fn remove(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    require_in_granted(call, "project.grant.member.delete")?;
    let (resource, context) = (grant(call), call.context.clone());
    members::remove(call, &resource, &context)
}

/// The inner check since 4.0. An unknown grant is left to the command, which says so.
fn require_in_granted(call: &Call<'_>, permission: &str) -> Result<(), Refusal> {
    let Some(grant) = call.state.store.grant(call.parameter("grantId")) else { return Ok(()) };
    if call.version() == Version::V2_68 {
        return Ok(());
    }
    call.require_inside(&grant.granted_organization, permission, &[&grant.id, &grant.project])
}
