//! Organizations (CONTRACT.md section 10; recordings `orgs/…`).

use serde_json::{Value, json};

use super::super::Version;
use super::super::filter::{Choice, Matcher, Naming};
use super::super::list::{self, Paging};
use super::super::message::{Json, Reply};
use super::super::permission::Everywhere;
use super::super::refusal::{Code, Refusal};
use super::super::router::{Access, Call, Route};
use super::super::store::Store;
use super::super::world::{Organization, OrganizationState};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/v2/organizations/_search", Access::Token, search_v2),
    Route::new("POST", "/admin/v1/orgs/_search", Access::In("iam.read"), search_admin),
    Route::new("GET", "/management/v1/orgs/me", Access::In("org.read"), me),
    Route::new("GET", "/management/v1/global/orgs/_by_domain", Access::In("org.global.read"), by_domain),
];

const V2: Naming = Naming { request: "ListOrganizationsRequest", filter: "zitadel.org.v2.SearchQuery" };
const ADMIN: Naming = Naming { request: "ListOrgsRequest", filter: "zitadel.org.v1.OrgQuery" };
const FILTERS: [&str; 5] = ["nameQuery", "domainQuery", "stateQuery", "idQuery", "defaultQuery"];

enum Filter {
    Name(Matcher),
    Domain(Matcher),
    /// None = a state that no organization has.
    State(Option<OrganizationState>),
    Id(String),
    Default,
}

impl Filter {
    fn read(naming: Naming, json: &Json, filter: &Value) -> Result<Self, Refusal> {
        let choice: Choice<'_> = naming.choose(json, filter, &FILTERS)?;
        Ok(match choice.key {
            "nameQuery" => Self::Name(naming.text(choice, "name")?),
            "domainQuery" => Self::Domain(naming.text(choice, "domain")?),
            "stateQuery" => {
                let state = choice.part.text("state");
                let plain = state.trim_start_matches("ORGANIZATION_STATE_").trim_start_matches("ORG_STATE_");
                Self::State(match plain {
                    "ACTIVE" => Some(OrganizationState::Active),
                    "INACTIVE" => Some(OrganizationState::Inactive),
                    _ => None,
                })
            }
            "idQuery" => Self::Id(choice.part.text("id").to_owned()),
            _ => Self::Default,
        })
    }

    fn wants(&self, store: &Store, organization: &Organization) -> bool {
        match self {
            Self::Name(matcher) => matcher.matches(&organization.name),
            Self::Domain(matcher) => matcher.matches(&organization.primary_domain),
            Self::State(state) => *state == Some(organization.state),
            Self::Id(id) => organization.id == *id,
            Self::Default => organization.id == store.instance.default_organization,
        }
    }
}

/// The organizations that a search finds, in its order, before any page is cut.
fn found<'a>(store: &'a Store, json: &Json, naming: Naming) -> Result<Vec<&'a Organization>, Refusal> {
    let read =
        |(index, filter)| Filter::read(naming, json, filter).map_err(|refusal| naming.within(index, refusal));
    let filters = json.part().list("queries").iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<&Organization> = match filters.as_slice() {
        [Filter::Id(id)] => store.organization(id).into_iter().collect(),
        _ => store.organizations().collect(),
    };
    rows.retain(|it| {
        it.state != OrganizationState::Removed && filters.iter().all(|filter| filter.wants(store, it))
    });
    let paging = Paging::of(json.part());
    if paging.column.ends_with("_FIELD_NAME_NAME") {
        rows.sort_by_cached_key(|it| it.name.to_lowercase());
        if !paging.ascending {
            rows.reverse();
        }
    }
    Ok(rows)
}

/// The page is cut before the permission is asked, and the total counts everything.
fn search_v2(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let state = &*call.state;
    let rows = found(&state.store, &json, V2)?;
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    let readable = Everywhere::new(&state.store, &state.roles, &call.caller, "org.read", call.powers);
    let page = paging.cut(rows).into_iter().filter(|it| readable.holds_in(&it.id));
    let rows = page.map(|it| row(&state.store, it, "ORGANIZATION_STATE_", true)).collect();
    let mut body = json!({"details": list::list_details(call.version(), total, "timestamp")});
    list::put_unless_empty(&mut body, "result", rows);
    Ok(Reply::json(&body))
}

fn search_admin(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let store = &call.state.store;
    let rows = found(store, &json, ADMIN)?;
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    let rows = paging.cut(rows).into_iter().map(|it| row(store, it, "ORG_STATE_", false)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", rows)))
}

fn me(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let store = &call.state.store;
    let organization = store.organization(&call.context).ok_or(Refusal::UNKNOWN_ORGANIZATION)?;
    Ok(Reply::json(&json!({"org": row(store, organization, "ORG_STATE_", false)})))
}

fn by_domain(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (store, domain) = (&call.state.store, call.request.parameter("domain"));
    let found = store.organizations().find(|it| it.primary_domain == domain);
    let unknown = Refusal::new(Code::NotFound, "QUERY-iTTGJ", "Organisation not found");
    Ok(Reply::json(&json!({"org": row(store, found.ok_or(unknown)?, "ORG_STATE_", false)})))
}

/// A row; a removed organization has no state.
fn row(store: &Store, organization: &Organization, state: &str, v2: bool) -> Value {
    let created = organization.created.unwrap_or(store.founded);
    let sequence = store.sequence(&organization.id, 4);
    let version = if v2 { store.version } else { Version::V4_15 };
    let mut row = json!({
        "id": organization.id,
        "details": list::details_v2(version, sequence, created, created, &organization.id),
        "name": organization.name,
        "primaryDomain": organization.primary_domain
    });
    let word = match organization.state {
        OrganizationState::Active => "ACTIVE",
        OrganizationState::Inactive => "INACTIVE",
        OrganizationState::Removed => return row,
    };
    list::put_text(&mut row, "state", &format!("{state}{word}"));
    row
}
