//! What needs no token: discovery, the console's environment, and whether the server lives (recordings
//! `auth/discovery`, `auth/environment`, `meta/…`).

use serde_json::{Value, json};

use super::super::Version;
use super::super::message::Reply;
use super::super::refusal::Refusal;
use super::super::router::{Access, Call, Route};

pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/.well-known/openid-configuration", Access::Open, configuration),
    Route::new("GET", "/ui/console/assets/environment.json", Access::Open, environment),
    Route::new("GET", "/debug/healthz", Access::Open, healthz),
    Route::new("GET", "/debug/ready", Access::Open, ready),
];

/// Languages that came with a version.
const LATER_LANGUAGES: [(&str, Version); 4] =
    [("ro", Version::V4_3), ("tr", Version::V4_3), ("ar", Version::V4_15), ("uk", Version::V4_15)];

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn configuration(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let version = call.version();
    let text =
        include_str!("../../../assets/demo/discovery.json").replace("{issuer}", &call.request.origin());
    let mut document: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(fields) = document.as_object_mut() {
        if version < Version::V4_15 {
            fields.remove("backchannel_logout_supported");
            fields.remove("backchannel_logout_session_supported");
        }
        if version < Version::V4_3 {
            fields.insert("id_token_signing_alg_values_supported".to_owned(), json!(["RS256"]));
        }
        if let Some(languages) = fields.get_mut("ui_locales_supported").and_then(Value::as_array_mut) {
            languages.retain(|language| {
                let since = LATER_LANGUAGES.iter().find(|(name, _)| language == name);
                since.is_none_or(|(_, since)| version >= *since)
            });
        }
    }
    Ok(Reply::json(&document))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn environment(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let origin = call.request.origin();
    let body = json!({"api": origin, "issuer": origin, "clientid": "700000000000000001"});
    Ok(Reply::text(200, body.to_string()))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn healthz(_: &mut Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::text(200, "ok"))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn ready(_: &mut Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::json(&json!("ok")))
}
