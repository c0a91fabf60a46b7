//! The token endpoint and userinfo (CONTRACT.md section 2.3; recordings `auth/token-…`, `auth/userinfo-…`).

use serde_json::json;

use super::super::StartError;
use super::super::Version;
use super::super::credential::{Rejection, clock};
use super::super::message::Reply;
use super::super::refusal::{Code, Refusal};
use super::super::router::{Access, Call, Route};

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/oauth/v2/token", Access::Open, token),
    Route::new("GET", "/oidc/v1/userinfo", Access::Open, userinfo),
];

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const NO_SCOPE: &str = "The scope of your request is missing. Please ensure some scopes are requested. If you have any \
                        questions, you may contact the administrator of the application.";

fn token(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let invalid = |text: &str| Reply::refused_oauth(400, "invalid_request", text);
    let request = call.request;
    let Some(grant) = request.form("grant_type").filter(|it| !it.is_empty()) else {
        return Ok(invalid("grant_type missing"));
    };
    match grant.as_str() {
        JWT_BEARER => {}
        "client_credentials" => return Ok(invalid("Errors.User.Machine.Secret.Invalid")),
        other => {
            let text = format!("{other} not supported");
            return Ok(Reply::refused_oauth(400, "unsupported_grant_type", &text));
        }
    }
    let Some(assertion) = request.form("assertion").filter(|it| !it.is_empty()) else {
        return Ok(invalid("assertion missing"));
    };
    let now = clock(call.clock_offset);
    let issuer = request.origin();
    let user = match call.state.credentials.verify(&assertion, &issuer, now, &call.state.store) {
        Ok(user) => user,
        Err(Rejection::Inactive) => return Ok(invalid("Errors.User.NotActive")),
        Err(Rejection::Assertion) if call.version() == Version::V4_15 => {
            return Ok(Reply::refused_oauth(400, "invalid_grant", "invalid assertion"));
        }
        Err(Rejection::Assertion) => return Ok(Reply::refused_oauth(500, "server_error", "Errors.Internal")),
    };
    let Some(scope) = request.form("scope") else { return Ok(invalid(NO_SCOPE)) };
    let scopes: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
    let open_id = scopes.iter().any(|scope| scope == "openid");
    let lifetime = call.state.settings.token_lifetime;
    let secret =
        call.state.credentials.issue_token(&user, scopes, lifetime).map_err(|error| no_secret(&error))?;
    let mut body = json!({
        "access_token": secret, "token_type": "Bearer", "expires_in": lifetime.as_secs().saturating_sub(1)
    });
    if let (true, Some(fields)) = (open_id, body.as_object_mut()) {
        let id_token =
            call.state.credentials.id_token(&issuer, &user, now).map_err(|error| no_secret(&error))?;
        fields.insert("id_token".to_owned(), json!(id_token));
    }
    Ok(Reply::json(&body))
}

fn no_secret(error: &StartError) -> Refusal {
    Refusal::plain(Code::Internal, error.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn userinfo(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let state = &*call.state;
    let secret = call.request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let token = secret.and_then(|secret| state.credentials.token(secret));
    let Some((token, user)) = token.and_then(|token| Some((token, state.store.user(&token.user)?))) else {
        return Ok(Reply::refused_oauth(401, "access_denied", "access token invalid"));
    };
    let mut body = json!({"sub": user.id});
    let Some(fields) = body.as_object_mut() else { return Ok(Reply::json(&body)) };
    if token.personal || token.scopes.iter().any(|scope| scope == "profile") {
        fields.insert("name".to_owned(), json!(user.display_name()));
        fields.insert("preferred_username".to_owned(), json!(user.login()));
        fields.insert("updated_at".to_owned(), json!(state.store.user_changed(user).as_second()));
    }
    if token.personal
        && let Some(own) = state.store.organization(&user.organization)
    {
        for (name, value) in [("id", &own.id), ("name", &own.name), ("primary_domain", &own.primary_domain)] {
            fields.insert(format!("urn:zitadel:iam:user:resourceowner:{name}"), json!(value));
        }
    }
    Ok(Reply::json(&body))
}
