//! `zitadel.project.v2.ProjectService` of 4.15 (CONTRACT.md section 12; recordings `projects/v2-…`): owned projects and,
//! once more for each grant, granted ones.

use serde_json::{Value, json};

use super::connect::Page;
use super::projects::state;
use crate::demo::Version;
use crate::demo::filter::{Matcher, Naming};
use crate::demo::list::{put_unless_empty, timestamp};
use crate::demo::message::{Json, Reply};
use crate::demo::permission::Reach;
use crate::demo::refusal::Refusal;
use crate::demo::router::{Access, Call, Route};
use crate::demo::world::{Project, ProjectGrant};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/zitadel.project.v2.ProjectService/ListProjects", Access::Token, list)
        .since(Version::V4_15),
    Route::new("POST", "/zitadel.project.v2.ProjectService/ListProjectGrants", Access::Token, list_grants)
        .since(Version::V4_15),
];

/// A project, or a project as it was lent.
#[derive(Clone, Copy)]
struct Entry<'a> {
    project: &'a Project,
    grant: Option<&'a ProjectGrant>,
}

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let body = json.part();
    let page = Page::read(body)?;
    let filters = Filter::read_all(&json)?;
    require_membership(call)?;
    let store = &call.state.store;
    let owned = store.projects().map(|project| Entry { project, grant: None });
    let lent = store.grants().filter_map(|grant| {
        store.project(&grant.project).map(|project| Entry { project, grant: Some(grant) })
    });
    let mut rows: Vec<Entry<'_>> =
        owned.chain(lent).filter(|row| filters.iter().all(|it| it.admits(row))).collect();
    if body.text("sortingColumn") == "PROJECT_FIELD_NAME_NAME" {
        rows.sort_by_cached_key(|row| row.project.name.to_lowercase());
    }
    if !page.ascending {
        rows.reverse();
    }
    let shown: Vec<Value> =
        page.cut(&rows).iter().filter(|row| may_read(call, row)).map(|row| project_row(call, row)).collect();
    Ok(Reply::json(&page.answer("projects", shown, rows.len())))
}

fn list_grants(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let body = json.part();
    let page = Page::read(body)?;
    let filters = Filter::read_all(&json)?;
    require_membership(call)?;
    let store = &call.state.store;
    let mut rows: Vec<Entry<'_>> = store
        .grants()
        .filter_map(|grant| {
            store.project(&grant.project).map(|project| Entry { project, grant: Some(grant) })
        })
        .filter(|row| filters.iter().all(|it| it.admits(row)))
        .collect();
    if !page.ascending {
        rows.reverse();
    }
    let shown: Vec<Value> = page
        .cut(&rows)
        .iter()
        .filter(|row| may_read(call, row))
        .filter_map(|row| grant_row(call, row))
        .collect();
    Ok(Reply::json(&page.answer("projectGrants", shown, rows.len())))
}

fn require_membership(call: &Call<'_>) -> Result<(), Refusal> {
    match call.power_in(&call.context).reach("project.read") {
        Reach::NoMember => Err(Refusal::NO_MEMBERSHIP),
        Reach::None | Reach::Only(_) | Reach::All => Ok(()),
    }
}

/// A lent project needs the permission to read grants (recording `projects/v2-list@globex-user-manager`).
fn may_read(call: &Call<'_>, row: &Entry<'_>) -> bool {
    let reaches = |organization: &str, permission: &str, objects: &[&str]| match call
        .power_in(organization)
        .reach(permission)
    {
        Reach::All => true,
        Reach::Only(held) => held.iter().any(|id| objects.contains(id)),
        Reach::None | Reach::NoMember => false,
    };
    let owner = row.project.organization.as_str();
    match row.grant {
        None => reaches(owner, "project.read", &[&row.project.id]),
        Some(grant) => {
            reaches(owner, "project.grant.read", &[&row.project.id, &grant.id])
                || reaches(&grant.granted_organization, "project.grant.read", &[&grant.id])
        }
    }
}

fn project_row(call: &Call<'_>, row: &Entry<'_>) -> Value {
    let store = &call.state.store;
    let created = row.project.created.unwrap_or(store.founded);
    let mut answer = json!({
        "projectId": row.project.id,
        "organizationId": row.project.organization,
        "creationDate": timestamp(created),
        "changeDate": timestamp(created),
        "name": row.project.name,
        "state": format!("PROJECT_STATE_{}", state(row.project.state)),
    });
    if let (Some(grant), Some(fields)) = (row.grant, answer.as_object_mut()) {
        let granted = &grant.granted_organization;
        fields.insert("grantedOrganizationId".to_owned(), json!(granted));
        fields.insert("grantedOrganizationName".to_owned(), json!(store.organization_name(granted)));
        let state = format!("GRANTED_PROJECT_STATE_{}", state(grant.state));
        fields.insert("grantedState".to_owned(), json!(state));
    }
    answer
}

/// Without the id of the grant (recording `projects/v2-list-grants`).
fn grant_row(call: &Call<'_>, row: &Entry<'_>) -> Option<Value> {
    let (store, grant) = (&call.state.store, row.grant?);
    let created = grant.created.unwrap_or(store.founded);
    let mut answer = json!({
        "organizationId": row.project.organization,
        "creationDate": timestamp(created),
        "changeDate": timestamp(created),
        "grantedOrganizationId": grant.granted_organization,
        "grantedOrganizationName": store.organization_name(&grant.granted_organization),
        "projectId": row.project.id,
        "projectName": row.project.name,
        "state": format!("PROJECT_GRANT_STATE_{}", state(grant.state)),
    });
    put_unless_empty(&mut answer, "grantedRoleKeys", grant.role_keys.iter().map(|key| json!(key)).collect());
    Some(answer)
}

/// One condition on a row.
enum Filter<'a> {
    /// The organization owns the project, whether the row is a grant or not, or was lent it.
    Organization {
        id: &'a str,
        owned: bool,
        granted: bool,
    },
    Projects(Vec<String>),
    Name(Matcher),
}

const FILTERS: Naming =
    Naming { request: "ListProjectsRequest", filter: "zitadel.project.v2.ProjectSearchFilter" };

impl<'a> Filter<'a> {
    fn read_all(json: &'a Json) -> Result<Vec<Self>, Refusal> {
        let filters = json.part().list("filters").iter().enumerate();
        filters.map(|(at, it)| Self::read(json, it).map_err(|refusal| FILTERS.within(at, refusal))).collect()
    }

    fn read(json: &'a Json, filter: &'a Value) -> Result<Self, Refusal> {
        let known = ["organizationIdFilter", "inProjectIdsFilter", "projectNameFilter"];
        let choice = FILTERS.choose(json, filter, &known)?;
        Ok(match choice.key {
            "organizationIdFilter" => {
                let kind = choice.part.text("type");
                let id = choice.part.text("organizationId");
                Self::Organization { id, owned: kind != "GRANTED", granted: kind != "OWNED" }
            }
            "inProjectIdsFilter" => Self::Projects(choice.part.texts("ids")),
            _ => Self::Name(FILTERS.text(choice, "projectName")?),
        })
    }

    fn admits(&self, row: &Entry<'_>) -> bool {
        match self {
            Self::Organization { id, owned, granted } => {
                (*owned && row.project.organization == *id)
                    || (*granted && row.grant.is_some_and(|it| it.granted_organization == *id))
            }
            Self::Projects(ids) => ids.contains(&row.project.id),
            Self::Name(name) => name.matches(&row.project.name),
        }
    }
}
