//! Keys and personal access tokens of service users, without their secrets. Written after the public
//! `zitadel/management.proto`, `auth_n_key.proto` and `user/v2/key.proto`: no recording shows these lists. The tokens that the demo gives to
//! every service user, so that anybody can be tried, are no part of its world and are not listed.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::connect::Page;
use crate::demo::Version;
use crate::demo::list::{self, Paging};
use crate::demo::message::Reply;
use crate::demo::permission::Everywhere;
use crate::demo::refusal::Refusal;
use crate::demo::router::{Access, Call, Route};
use crate::demo::world::{Credential, CredentialKind};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/management/v1/users/{userId}/keys/_search", Access::In("user.read"), keys),
    Route::new("POST", "/management/v1/users/{userId}/pats/_search", Access::In("user.read"), tokens),
    Route::new("POST", "/v2/users/keys/search", Access::Token, all_keys).since(Version::V4_3),
    Route::new("POST", "/v2/users/pats/search", Access::Token, all_tokens).since(Version::V4_3),
];

/// What a server writes for never (CONTRACT.md section 2).
const NEVER: &str = "9999-12-31T23:59:59Z";

const SCOPES: [&str; 2] = ["openid", "urn:zitadel:iam:org:project:id:zitadel:aud"];

/// A key or token as both lists show it.
struct Held {
    user: String,
    id: String,
    created: Timestamp,
    end: String,
}

fn keys(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    of_one(call, CredentialKind::Key)
}

fn tokens(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    of_one(call, CredentialKind::Token)
}

fn all_keys(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    of_all(call, CredentialKind::Key)
}

fn all_tokens(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    of_all(call, CredentialKind::Token)
}

/// What the world names, and the keys that the demo has made, for its key file and for tests.
fn held(call: &Call<'_>, user: &str, kind: CredentialKind) -> Vec<Held> {
    let store = &call.state.store;
    let named = store.credentials_of(user).filter(|it| it.kind == kind).map(|it| Held {
        user: user.to_owned(),
        id: it.id.clone(),
        created: it.created.unwrap_or(store.founded),
        end: end(it, store.started),
    });
    let made = call.state.credentials.keys_of(user).filter(|_| kind == CredentialKind::Key).map(|id| Held {
        user: user.to_owned(),
        id: id.to_owned(),
        created: store.founded,
        end: NEVER.to_owned(),
    });
    named.chain(made).collect()
}

fn end(credential: &Credential, started: Timestamp) -> String {
    let days = credential.expires_in_days.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
    days.map_or_else(|| NEVER.to_owned(), |days| list::timestamp(started + days))
}

/// With the organization of somebody else in the header the list is empty, as all lists of v1.
fn of_one(call: &Call<'_>, kind: CredentialKind) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let user = call.state.store.user(call.parameter("userId"));
    let here = user.filter(|user| user.organization == call.context);
    let found = here.map(|user| held(call, &user.id, kind)).unwrap_or_default();
    let paging = Paging::of(json.part());
    let total = paging.total(found.len());
    let rows = paging.cut(found).into_iter().map(|it| row(call, &it, kind)).collect();
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", rows)))
}

fn row(call: &Call<'_>, held: &Held, kind: CredentialKind) -> Value {
    let details = list::details(1, held.created, held.created, &call.context);
    let mut row = json!({"id": held.id, "details": details, "expirationDate": held.end});
    if let Some(fields) = row.as_object_mut() {
        match kind {
            CredentialKind::Key => fields.insert("type".to_owned(), json!("KEY_TYPE_JSON")),
            CredentialKind::Token => fields.insert("scopes".to_owned(), json!(SCOPES)),
        };
    }
    row
}

/// What may not be read is left out after the page was cut, and counted.
fn of_all(call: &Call<'_>, kind: CredentialKind) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let page = Page::read(json.part())?;
    let state = &*call.state;
    let readable = Everywhere::new(&state.store, &state.roles, &call.caller, "user.read", call.powers);
    let mut found: Vec<Held> = state
        .store
        .users()
        .filter(|user| user.is_machine())
        .flat_map(|user| held(call, &user.id, kind))
        .collect();
    found.sort_by_key(|it| it.created);
    if !page.ascending {
        found.reverse();
    }
    let owner = |held: &Held| state.store.user(&held.user).map_or("", |user| user.organization.as_str());
    let may = |held: &&Held| held.user == call.caller || readable.holds_in(owner(held));
    let rows = page.cut(&found).iter().filter(may).map(|held| {
        let created = list::timestamp(held.created);
        json!({
            "creationDate": created, "changeDate": created, "id": held.id, "userId": held.user,
            "organizationId": owner(held), "expirationDate": held.end,
        })
    });
    Ok(Reply::json(&page.answer("result", rows.collect(), found.len())))
}
