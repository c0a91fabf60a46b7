//! Users: across organizations (v2), in one organization (v1), by id and by exact login name (CONTRACT.md section 11;
//! recordings `users/…`).

use serde_json::{Value, json};

use super::super::Version;
use super::super::filter::Naming;
use super::super::list::{self, Paging};
use super::super::message::{Json, Reply};
use super::super::permission::Everywhere;
use super::super::refusal::{Code, Refusal};
use super::super::router::{Access, Call, Route};
use super::super::store::Store;
use super::super::world::{Kind, User, UserState};
use super::users_filter;

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/v2/users", Access::Token, search_v2),
    Route::new("GET", "/v2/users/{userId}", Access::Token, get_v2),
    Route::new("POST", "/management/v1/users/_search", Access::In("user.read"), search_v1),
    Route::new("GET", "/management/v1/users/{userId}", Access::In("user.read"), get_v1),
    Route::new(
        "GET",
        "/management/v1/global/users/_by_login_name",
        Access::In("user.global.read"),
        by_login_name,
    ),
];

const V2: Naming = Naming { request: "ListUsersRequest", filter: "zitadel.user.v2.SearchQuery" };
const V1: Naming = Naming { request: "ListUsersRequest", filter: "zitadel.user.v1.SearchQuery" };
const UNKNOWN: Refusal = Refusal::new(Code::NotFound, "QUERY-Dfbg2", "User could not be found");

/// The users that a search finds, in its order, before any page is cut.
fn found<'a>(
    store: &'a Store,
    json: &Json,
    naming: Naming,
    context: Option<&str>,
) -> Result<Vec<&'a User>, Refusal> {
    let filters = users_filter::read_all(naming, json)?;
    let only = context.or_else(|| filters.iter().find_map(users_filter::Filter::organization));
    let mut rows: Vec<&User> = match only {
        Some(organization) => store.users_of(organization).collect(),
        None => store.users().collect(),
    };
    rows.retain(|user| filters.iter().all(|filter| filter.wants(user)));
    let paging = Paging::of(json.part());
    sort(&mut rows, paging.column);
    if !paging.ascending {
        rows.reverse();
    }
    Ok(rows)
}

/// Sorts oldest first by default; names ignore case, and service users have no first name, last name or e-mail.
fn sort(rows: &mut [&User], column: &str) {
    let human = |user: &User, name: fn(&Kind) -> &str| name(&user.kind).to_lowercase();
    match column.strip_prefix("USER_FIELD_NAME_").unwrap_or_default() {
        "USER_NAME" => rows.sort_by_cached_key(|user| user.login().to_lowercase()),
        "DISPLAY_NAME" => rows.sort_by_cached_key(|user| {
            human(user, |kind| if let Kind::Human { display_name, .. } = kind { display_name } else { "" })
        }),
        "FIRST_NAME" => rows.sort_by_cached_key(|user| {
            human(user, |kind| if let Kind::Human { first_name, .. } = kind { first_name } else { "" })
        }),
        "LAST_NAME" => rows.sort_by_cached_key(|user| {
            human(user, |kind| if let Kind::Human { last_name, .. } = kind { last_name } else { "" })
        }),
        "EMAIL" => rows.sort_by_cached_key(|user| {
            human(user, |kind| if let Kind::Human { email, .. } = kind { email } else { "" })
        }),
        "STATE" => rows.sort_by_key(|user| state_name(user.state)),
        "TYPE" => rows.sort_by_key(|user| user.is_machine()),
        _ => {}
    }
}

/// Before 4.15 the permission was asked after the page was cut, and the total counted everybody.
fn search_v2(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let state = &*call.state;
    let mut rows = found(&state.store, &json, V2, None)?;
    let readable = Everywhere::new(&state.store, &state.roles, &call.caller, "user.read", call.powers);
    let may = |user: &&User| user.id == call.caller || readable.holds_in(&user.organization);
    let exact = call.version() >= Version::V4_15;
    if exact {
        rows.retain(|user| may(user));
    }
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    let page = paging.cut(rows).into_iter().filter(|user| exact || may(user));
    let rows = page.map(|user| v2_user(&state.store, user)).collect();
    let mut body = json!({"details": list::list_details(call.version(), total, "timestamp")});
    list::put_unless_empty(&mut body, "result", rows);
    Ok(Reply::json(&body))
}

fn get_v2(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let store = &call.state.store;
    let user = store.user(call.parameter("userId")).ok_or(UNKNOWN)?;
    if user.id != call.caller {
        call.require_inside(&user.organization, "user.read", &[])?;
    }
    Ok(Reply::json(&json!({"details": v2_details(store, user), "user": v2_user(store, user)})))
}

fn search_v1(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let store = &call.state.store;
    let rows = found(store, &json, V1, Some(&call.context))?;
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    let rows = paging.cut(rows).into_iter().map(|user| v1_user(store, user)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", rows)))
}

fn get_v1(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let store = &call.state.store;
    let user = store.user(call.parameter("userId")).ok_or(UNKNOWN)?;
    if user.organization != call.context {
        return Err(Refusal::new(Code::NotFound, "MANAG-fpo4B", "User could not be found"));
    }
    Ok(Reply::json(&json!({"user": v1_user(store, user)})))
}

/// 2.68 drops the suffix when it finds nothing better, and so answers with another person (recordings
/// `users/v1-global-by-login=ivan@nowhere.example`).
fn by_login_name(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (store, asked) = (&call.state.store, call.request.parameter("loginName"));
    let exact = store.users_by_login(&asked).next();
    let without_suffix = || asked.split_once('@').and_then(|(name, _)| store.users_by_login(name).next());
    let found = exact.or_else(|| if call.version() == Version::V2_68 { without_suffix() } else { None });
    Ok(Reply::json(&json!({"user": v1_user(store, found.ok_or(UNKNOWN)?)})))
}

const fn state_name(state: UserState) -> &'static str {
    match state {
        UserState::Active => "USER_STATE_ACTIVE",
        UserState::Inactive => "USER_STATE_INACTIVE",
        UserState::Locked => "USER_STATE_LOCKED",
        UserState::Initial => "USER_STATE_INITIAL",
        UserState::Removed => "USER_STATE_DELETED",
    }
}

fn v2_details(store: &Store, user: &User) -> Value {
    let (created, changed) = (user.created.unwrap_or(store.founded), store.user_changed(user));
    list::details_v2(
        store.version,
        store.sequence(&user.id, user.first_sequence()),
        created,
        changed,
        &user.organization,
    )
}

fn v2_user(store: &Store, user: &User) -> Value {
    let mut row = json!({
        "userId": user.id, "details": v2_details(store, user), "state": state_name(user.state),
        "username": user.username, "loginNames": [user.login()], "preferredLoginName": user.login()
    });
    let (field, kind) = match &user.kind {
        Kind::Human { first_name, last_name, display_name, email, language } => {
            let language = language.as_deref().unwrap_or("und");
            let profile = json!({
                "givenName": first_name, "familyName": last_name, "nickName": "", "displayName": display_name,
                "preferredLanguage": language, "gender": "GENDER_UNSPECIFIED"
            });
            let changed = list::timestamp(store.user_changed(user));
            let email = json!({"email": email, "isVerified": true});
            ("human", json!({"profile": profile, "email": email, "phone": {}, "passwordChanged": changed}))
        }
        Kind::Machine { name, description } => ("machine", machine(name, description)),
    };
    if let Some(fields) = row.as_object_mut() {
        fields.insert(field.to_owned(), kind);
    }
    row
}

/// A user as v1 shows it.
pub(super) fn v1_user(store: &Store, user: &User) -> Value {
    let (created, changed) = (user.created.unwrap_or(store.founded), store.user_changed(user));
    let sequence = store.sequence(&user.id, user.first_sequence());
    let mut row = json!({
        "id": user.id, "details": list::details(sequence, created, changed, &user.organization),
        "state": state_name(user.state), "userName": user.username, "loginNames": [user.login()],
        "preferredLoginName": user.login()
    });
    let (field, kind) = match &user.kind {
        Kind::Human { first_name, last_name, display_name, email, language } => {
            let language = language.as_deref().unwrap_or("und");
            let profile = json!({
                "firstName": first_name, "lastName": last_name, "displayName": display_name,
                "preferredLanguage": language
            });
            let email = json!({"email": email, "isEmailVerified": true});
            let changed = list::timestamp(changed);
            ("human", json!({"profile": profile, "email": email, "phone": {}, "passwordChanged": changed}))
        }
        Kind::Machine { name, description } => ("machine", machine(name, description)),
    };
    if let Some(fields) = row.as_object_mut() {
        fields.insert(field.to_owned(), kind);
    }
    row
}

fn machine(name: &str, description: &str) -> Value {
    let mut machine = json!({"name": name});
    list::put_text(&mut machine, "description", description);
    machine
}
