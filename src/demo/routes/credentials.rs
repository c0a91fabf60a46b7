//! Keys and personal access tokens of service users, without their secrets. Written after the public
//! `zitadel/management.proto` and `auth_n_key.proto`: no recording shows these lists. The tokens that the demo gives to
//! every service user, so that anybody can be tried, are no part of its world and are not listed.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::demo::list::{self, Paging};
use crate::demo::message::Reply;
use crate::demo::refusal::Refusal;
use crate::demo::router::{Access, Call, Route};
use crate::demo::world::{Credential, CredentialKind};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/management/v1/users/{userId}/keys/_search", Access::In("user.read"), keys),
    Route::new("POST", "/management/v1/users/{userId}/pats/_search", Access::In("user.read"), tokens),
];

/// What a server writes for never (CONTRACT.md section 2).
const NEVER: &str = "9999-12-31T23:59:59Z";

fn keys(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let mut rows = rows(call, CredentialKind::Key);
    // The key file that the demo has written, and those that tests have made.
    if in_context(call) {
        let made = call.state.credentials.keys_of(call.parameter("userId"));
        rows.extend(made.map(|id| row(call, id, CredentialKind::Key, call.state.store.founded, NEVER)));
    }
    answer(call, rows)
}

fn tokens(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let rows = rows(call, CredentialKind::Token);
    answer(call, rows)
}

/// With the organization of somebody else in the header the list is empty, as all lists of v1.
fn in_context(call: &Call<'_>) -> bool {
    let user = call.state.store.user(call.parameter("userId"));
    user.is_some_and(|user| user.organization == call.context)
}

fn rows(call: &Call<'_>, kind: CredentialKind) -> Vec<Value> {
    if !in_context(call) {
        return Vec::new();
    }
    let store = &call.state.store;
    let held = store.credentials_of(call.parameter("userId")).filter(|it| it.kind == kind);
    held.map(|it| {
        let created = it.created.unwrap_or(store.founded);
        row(call, &it.id, kind, created, &end(it, store.started))
    })
    .collect()
}

fn end(credential: &Credential, started: Timestamp) -> String {
    let days = credential.expires_in_days.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
    days.map_or_else(|| NEVER.to_owned(), |days| list::timestamp(started + days))
}

fn row(call: &Call<'_>, id: &str, kind: CredentialKind, created: Timestamp, end: &str) -> Value {
    let details = list::details(1, created, created, &call.context);
    match kind {
        CredentialKind::Key => {
            json!({"id": id, "details": details, "type": "KEY_TYPE_JSON", "expirationDate": end})
        }
        CredentialKind::Token => json!({
            "id": id, "details": details, "expirationDate": end,
            "scopes": ["openid", "urn:zitadel:iam:org:project:id:zitadel:aud"],
        }),
    }
}

fn answer(call: &Call<'_>, rows: Vec<Value>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let paging = Paging::of(json.part());
    let total = paging.total(rows.len());
    Ok(Reply::json(&list::v1_list(call.version(), total, "result", paging.cut(rows))))
}
