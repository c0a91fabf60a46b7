//! The instance itself (recordings `instance/me@…`).

use serde_json::json;

use super::super::list;
use super::super::message::Reply;
use super::super::refusal::Refusal;
use super::super::router::{Access, Call, Route};

pub(super) const ROUTES: &[Route] =
    &[Route::new("GET", "/admin/v1/instances/me", Access::In("iam.read"), instance)];

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn instance(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (store, version) = (&call.state.store, call.version());
    let (instance, founded) = (&store.instance, store.founded);
    let sequence = store.sequence(&instance.id, 30);
    let details = list::details(sequence, founded, founded, &instance.id);
    Ok(Reply::json(&json!({"instance": {
        "id": instance.id, "details": details, "state": "STATE_RUNNING", "name": instance.name,
        "version": version.full(),
        "domains": [
            {"details": details, "domain": "zitadel-abcdef.localhost", "generated": true},
            {"details": details, "domain": "localhost", "primary": true}
        ]
    }})))
}
