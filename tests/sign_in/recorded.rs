//! What three real servers answered: each recorded answer to a token request, and each recorded error.

use rstest::rstest;
use serde_json::Value;
use zitui::api::error::{CallError, Refused};
use zitui::auth::http::Answer;
use zitui::auth::refusal::SignInRefusal;
use zitui::domain::problem::ProblemKind;
use zitui::engine::sign_in::Connected;

use crate::scripted::{Server, answer};
use crate::world::{TOKEN_PATH, connect_to, discovery};

fn exchanges(version: &str) -> Vec<Value> {
    let recording = match version {
        "v2.68" => include_str!("../recordings/v2.68.jsonl"),
        "v4.3" => include_str!("../recordings/v4.3.jsonl"),
        _ => include_str!("../recordings/v4.15.jsonl"),
    };
    recording.lines().map(|line| serde_json::from_str(line).expect("an exchange")).collect()
}

fn name(exchange: &Value) -> &str {
    exchange["name"].as_str().expect("a name")
}

fn status(exchange: &Value) -> u16 {
    exchange["response"]["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status")
}

/// The body as it went over the wire: JSON, or text.
fn body(exchange: &Value) -> String {
    match &exchange["response"]["body"] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        json => json.to_string(),
    }
}

/// Signs in at a server that answers one request as recorded, the other one well.
async fn outcome(exchange: &Value, path: &'static str) -> Result<Connected, SignInRefusal> {
    let (status, body) = (status(exchange), body(exchange));
    let server = Server::start(move |request, _| match request.path() {
        asked if asked == path => answer(status, "", &body),
        TOKEN_PATH => crate::world::token(1, 43_199),
        _ => discovery(request),
    })
    .await;
    connect_to(&server.url).await
}

#[rstest]
#[tokio::test]
async fn token_requests(#[values("v2.68", "v4.3", "v4.15")] version: &str) {
    let mut seen = 0;
    for exchange in exchanges(version).iter().filter(|exchange| name(exchange).starts_with("auth/token")) {
        seen += 1;
        let outcome = outcome(exchange, TOKEN_PATH).await.map(|_connected| ());
        let fits = match (name(exchange), &outcome) {
            (_, Ok(())) => status(exchange) == 200,
            ("auth/token-inactive-user" | "auth/token-locked-user", Err(refusal)) => {
                *refusal == SignInRefusal::UserNotActive
            }
            (
                "auth/token-no-assertion" | "auth/token-no-scope" | "auth/token-unknown-grant",
                Err(refusal),
            ) => {
                matches!(refusal, SignInRefusal::TokenRefused { status: 400, .. })
            }
            (_, Err(refusal)) => matches!(refusal, SignInRefusal::AssertionRejected { .. }),
        };
        assert!(fits, "{version} {}: {outcome:?}", name(exchange));
    }
    assert!(seen >= 19, "{seen}");
}

#[rstest]
#[tokio::test]
async fn discovery_and_an_unknown_host(#[values("v2.68", "v4.3", "v4.15")] version: &str) {
    let exchanges = exchanges(version);
    let of = |wanted: &str| exchanges.iter().find(|exchange| name(exchange) == wanted).expect("recorded");
    let unknown = outcome(of("auth/unknown-host"), crate::world::DISCOVERY_PATH).await;
    assert!(matches!(unknown, Err(SignInRefusal::UnknownHost { .. })), "{unknown:?}");

    let document = of("auth/discovery")["response"]["body"].to_string();
    let server = Server::start(move |request, before| match request.path() {
        TOKEN_PATH => crate::world::token(before, 43_199),
        _ => answer(
            200,
            "",
            &document.replace("http://localhost:8080", &format!("http://{}", crate::world::host(request))),
        ),
    })
    .await;
    let connected = connect_to(&server.url).await.expect("signed in");
    assert_eq!((connected.discovery.issuer.as_str(), connected.notices.len()), (server.url.as_str(), 0));
}

fn read(exchange: &Value) -> Refused {
    let headers = reqwest::header::HeaderMap::new();
    let status = reqwest::StatusCode::from_u16(status(exchange)).expect("a status");
    Refused::read(&Answer { status, headers, body: body(exchange).into_bytes() }, jiff::Timestamp::UNIX_EPOCH)
}

fn recorded_id(exchange: &Value) -> Option<&str> {
    let detail = exchange["response"]["body"]["details"].get(0)?;
    detail.get("id").or_else(|| detail.pointer("/debug/id"))?.as_str()
}

#[rstest]
fn every_error_is_read_whole(#[values("v2.68", "v4.3", "v4.15")] version: &str) {
    let mut seen = 0;
    for exchange in exchanges(version).iter().filter(|exchange| status(exchange) >= 400) {
        let refused = read(exchange);
        let id = refused.id.as_ref().map(|id| id.as_str().to_owned());
        if name(exchange) == "auth/unknown-host" {
            assert_eq!(id.as_deref(), Some("QUERY-1kIjX"));
        } else {
            assert_eq!(id.as_deref(), recorded_id(exchange), "{version} {}", name(exchange));
            let code = &exchange["response"]["body"]["code"];
            assert!(code.is_null() || refused.code.is_some(), "{version} {}", name(exchange));
        }
        let words = refused.message.as_str();
        assert!(!words.is_empty() && recorded_id(exchange).is_none_or(|id| !words.contains(id)));
        seen += 1;
    }
    assert!(seen > 150, "{seen}");
}

#[rstest]
fn every_error_becomes_a_problem_of_its_class(#[values("v2.68", "v4.3", "v4.15")] version: &str) {
    for exchange in exchanges(version).iter().filter(|exchange| status(exchange) >= 400) {
        let error = CallError::Refused(Box::new(read(exchange)));
        let expected = match (status(exchange), recorded_id(exchange)) {
            (401, _) => ProblemKind::NotSignedIn,
            (403, Some("AUTH-Bs7Ds")) => ProblemKind::NotFound,
            (403, _) | (404, Some("AUTHZ-cdgFk")) => ProblemKind::PermissionMissing,
            (404, Some("PROJECT-37fug")) if body(exchange).contains("Errors.AlreadyExists") => {
                ProblemKind::Refused
            }
            (404, _) if name(exchange) == "auth/unknown-host" => ProblemKind::Server,
            (404, _)
            | (
                400,
                Some("INSTA-GSXOn" | "ORG-GoXOn" | "COMMAND-uXHNj" | "COMMAND-EbFMN" | "COMMAND-QXPGs"),
            ) => ProblemKind::NotFound,
            (400 | 409, _) => ProblemKind::Refused,
            _ => ProblemKind::Server,
        };
        let problem = error.into_problem("Cannot do it");
        assert_eq!(problem.kind, expected, "{version} {}: {problem}", name(exchange));
    }
}

#[rstest]
#[case("add-duplicate", CallError::is_already_manager)]
#[case("add-duplicate-granted-org", CallError::is_already_manager)]
#[case("create-duplicate", CallError::is_already_manager)]
#[case("update-not-member", CallError::is_not_manager)]
#[case("update-not-admin", CallError::is_not_manager)]
#[case("update-no-change", CallError::is_unchanged)]
fn outcomes_of_writes_are_recognized(#[case] ending: &str, #[case] recognized: fn(&CallError) -> bool) {
    let mut seen = 0;
    for version in ["v2.68", "v4.3", "v4.15"] {
        for exchange in exchanges(version) {
            let of_managers =
                name(&exchange).starts_with("members.") || name(&exchange).starts_with("admins.v2/");
            if of_managers && name(&exchange).ends_with(ending) && status(&exchange) >= 400 {
                let error = CallError::Refused(Box::new(read(&exchange)));
                assert!(recognized(&error), "{version} {}: {error}", name(&exchange));
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "nothing recorded ends with {ending}");
}
