//! Projects and project grants through the v1 API (CONTRACT.md section 12; recordings `projects/v1-…`). A wrong
//! organization in the header gives an empty list, not an error.

use serde_json::{Value, json};

use crate::demo::Version;
use crate::demo::filter::{Matcher, Naming};
use crate::demo::list::{self, Paging};
use crate::demo::message::{Json, Part, Reply};
use crate::demo::permission::Reach;
use crate::demo::refusal::{Code, Refusal};
use crate::demo::router::{Access, Call, Route};
use crate::demo::world::{Activity, Project, ProjectGrant};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/management/v1/projects/_search", Access::In("project.read"), search),
    Route::new("GET", "/management/v1/projects/{project}", Access::On("project.read", &["project"]), get),
    Route::new(
        "POST",
        "/management/v1/projects/{project}/grants/_search",
        Access::On("project.grant.read", &["project"]),
        grants,
    ),
    Route::new(
        "GET",
        "/management/v1/projects/{project}/grants/{grant}",
        Access::On("project.grant.read", &["project", "grant"]),
        grant,
    ),
    Route::new("POST", "/management/v1/projectgrants/_search", Access::In("project.grant.read"), all_grants),
    Route::new("POST", "/management/v1/granted_projects/_search", Access::In("project.read"), granted),
    Route::new(
        "GET",
        "/management/v1/granted_projects/{project}/grants/{grant}",
        Access::On("project.read", &["grant"]),
        granted_one,
    ),
];

/// The projects that the organization of the header owns.
fn search(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let names = name_filters(&json)?;
    let reach = call.power_in(&call.context).reach("project.read");
    let found: Vec<&Project> = call
        .state
        .store
        .projects()
        .filter(|it| it.organization == call.context && reaches(&reach, &[&it.id]))
        .filter(|it| names.iter().all(|filter| filter.matches(&it.name)))
        .collect();
    Ok(answer(call, json.part(), &found, |it| project_row(call, it)))
}

/// Before 4.15 also with the header of another organization (recording `projects/v1-get-other-org`).
fn get(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let old = call.version() < Version::V4_15;
    let found = call.state.store.project(call.parameter("project"));
    let shown = found.filter(|it| old || it.organization == call.context);
    let missing = Refusal::new(Code::NotFound, "MANAG-SFf2a", "Project not found");
    shown.map(|it| Reply::json(&json!({"project": project_row(call, it)}))).ok_or(missing)
}

/// To whom a project is lent.
fn grants(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let project = call.parameter("project");
    let found: Vec<&ProjectGrant> =
        call.state.store.grants().filter(|it| it.project == project && is_given(call, it)).collect();
    Ok(answer(call, json.part(), &found, |it| grant_row(call, it)))
}

/// All grants of the organization's own projects.
fn all_grants(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let reach = call.power_in(&call.context).reach("project.grant.read");
    let found: Vec<&ProjectGrant> = call
        .state
        .store
        .grants()
        .filter(|it| is_given(call, it) && reaches(&reach, &[&it.project, &it.id]))
        .collect();
    Ok(answer(call, json.part(), &found, |it| grant_row(call, it)))
}

/// What was lent to the organization of the header.
fn granted(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let reach = call.power_in(&call.context).reach("project.read");
    let found: Vec<&ProjectGrant> = call
        .state
        .store
        .grants()
        .filter(|it| it.granted_organization == call.context && reaches(&reach, &[&it.id]))
        .collect();
    Ok(answer(call, json.part(), &found, |it| grant_row(call, it)))
}

fn grant(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let found = named_grant(call).filter(|it| is_given(call, it));
    found.map(|it| Reply::json(&json!({"projectGrant": grant_row(call, it)}))).ok_or_else(no_grant)
}

fn granted_one(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let found = named_grant(call).filter(|it| it.granted_organization == call.context);
    found.map(|it| Reply::json(&json!({"grantedProject": grant_row(call, it)}))).ok_or_else(no_grant)
}

/// The grant of the path, if it belongs to the project of the path.
fn named_grant<'a>(call: &'a Call<'_>) -> Option<&'a ProjectGrant> {
    let found = call.state.store.grant(call.parameter("grant"));
    found.filter(|it| it.project == call.parameter("project"))
}

/// Whether the organization of the header owns the lent project.
fn is_given(call: &Call<'_>, grant: &ProjectGrant) -> bool {
    call.state.store.project(&grant.project).is_some_and(|it| it.organization == call.context)
}

fn name_filters(json: &Json) -> Result<Vec<Matcher>, Refusal> {
    let naming = Naming { request: "ListProjectsRequest", filter: "zitadel.project.v1.ProjectQuery" };
    let filters = json.part().list("queries").iter().enumerate();
    let read = |(index, filter)| {
        let chosen =
            naming.choose(json, filter, &["nameQuery"]).and_then(|choice| naming.text(choice, "name"));
        chosen.map_err(|refusal| naming.within(index, refusal))
    };
    filters.map(read).collect()
}

fn answer<T>(call: &Call<'_>, body: Part<'_>, found: &[&T], row: impl Fn(&T) -> Value) -> Reply {
    let paging = Paging::of(body);
    let rows = paging.cut(found).into_iter().map(|it| row(it)).collect();
    Reply::json(&list::v1_list(call.version(), paging.total(found.len()), "result", rows))
}

fn no_grant() -> Refusal {
    Refusal::plain(Code::NotFound, "Project grant not found")
}

fn reaches(reach: &Reach<'_>, ids: &[&str]) -> bool {
    match reach {
        Reach::All => true,
        Reach::Only(allowed) => ids.iter().any(|id| allowed.contains(id)),
        Reach::None | Reach::NoMember => false,
    }
}

fn project_row(call: &Call<'_>, project: &Project) -> Value {
    let created = project.created.unwrap_or(call.state.store.founded);
    json!({
        "id": project.id,
        "details": list::details(1, created, created, &project.organization),
        "name": project.name,
        "state": format!("PROJECT_STATE_{}", state(project.state)),
    })
}

fn grant_row(call: &Call<'_>, grant: &ProjectGrant) -> Value {
    let created = grant.created.unwrap_or(call.state.store.founded);
    let (project, owner) = call
        .state
        .store
        .project(&grant.project)
        .map_or(("", ""), |it| (it.name.as_str(), it.organization.as_str()));
    let mut row = json!({
        "grantId": grant.id,
        "grantedOrgId": grant.granted_organization,
        "grantedOrgName": call.state.store.organization_name(&grant.granted_organization),
        "state": format!("PROJECT_GRANT_STATE_{}", state(grant.state)),
        "projectId": grant.project,
        "projectName": project,
        "projectOwnerId": owner,
        "projectOwnerName": call.state.store.organization_name(owner),
        "details": list::details(4, created, created, owner),
    });
    list::put_unless_empty(
        &mut row,
        "grantedRoleKeys",
        grant.role_keys.iter().map(|key| json!(key)).collect(),
    );
    row
}

/// The end of the name of a state, in both APIs.
pub(super) const fn state(activity: Activity) -> &'static str {
    match activity {
        Activity::Active => "ACTIVE",
        Activity::Inactive => "INACTIVE",
    }
}
