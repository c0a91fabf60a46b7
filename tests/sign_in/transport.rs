//! Calls of the API: what is repeated and what never is, and what is sent where.

use reqwest::Method;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;
use zitui::api::error::CallError;
use zitui::api::transport::{Call, Nature, Transport};
use zitui::auth::failure::ConnectionReason;
use zitui::auth::http::{HttpClient, HttpSettings};
use zitui::auth::token::TokenSource;
use zitui::config::profile::Credential;
use zitui::domain::id::OrganizationId;
use zitui::engine::sign_in::connect;

use crate::scripted::{Reaction, Request, Server, answer, json as json_answer};
use crate::world::{TOKEN_PATH, connect_to, key_file, profile, settings, zitadel};

/// Recording `auth/api-bad-token`.
const EXPIRED: &str = r#"{"code":16,"message":"Errors.Token.Invalid (AUTH-7fs1e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-7fs1e","message":"Errors.Token.Invalid"}]}"#;

async fn signed_in(server: &Server) -> Transport {
    connect_to(&server.url).await.expect("signed in").transport
}

fn read() -> Call {
    Call::get(["auth", "v1", "users", "me"])
}

fn write() -> Call {
    Call::new(Nature::Write, Method::POST, ["management", "v1", "orgs", "me", "members"])
        .body(&json!({"userId": "1"}))
}

fn of_api(server: &Server) -> Vec<Request> {
    server.requests().into_iter().filter(|request| request.header("authorization").is_some()).collect()
}

#[rstest]
#[case::read(read())]
#[case::write(write())]
#[tokio::test]
async fn a_401_renews_once_and_repeats_once(#[case] call: Call) {
    let server = zitadel(|request, _| match request.header("authorization") {
        Some("Bearer token-1") => answer(401, "", EXPIRED),
        _ => answer(200, "", "{}"),
    })
    .await;
    signed_in(&server).await.call(call).await.expect("carried out after renewing");
    assert_eq!((server.count(TOKEN_PATH), of_api(&server).len()), (2, 2));
}

#[rstest]
#[case::read(read())]
#[case::write(write())]
#[tokio::test]
async fn a_401_that_stays_is_not_asked_for_ever(#[case] call: Call) {
    let server = zitadel(|_, _| answer(401, "", EXPIRED)).await;
    let error = signed_in(&server).await.call(call).await.expect_err("refused");
    assert!(error.is_not_signed_in() && !error.may_have_been_carried_out());
    assert_eq!((server.count(TOKEN_PATH), of_api(&server).len()), (2, 2));
}

#[tokio::test]
async fn a_personal_access_token_that_is_refused_is_sent_once() {
    let server = zitadel(|_, _| answer(401, "", EXPIRED)).await;
    let credential = Credential::Token(SecretString::from("pat-1"));
    let connected = connect(&profile(&server.url, credential), settings()).await.expect("connected");
    let error = connected.transport.call(read()).await.expect_err("refused");
    assert!(error.is_not_signed_in());
    assert_eq!((server.count(TOKEN_PATH), of_api(&server).len()), (0, 1));
}

#[rstest]
#[case::limiting(429)]
#[case::bad_gateway(502)]
#[case::unavailable(503)]
#[case::gateway_timeout(504)]
#[tokio::test]
async fn a_read_is_tried_three_times_and_a_write_once(#[case] status: u16) {
    let server = zitadel(move |_, _| answer(status, "Retry-After: 0\r\n", "<html></html>")).await;
    let transport = signed_in(&server).await;
    let error = transport.call(read()).await.expect_err("refused");
    assert_eq!((error.status(), of_api(&server).len()), (Some(status), 3));
    transport.call(write()).await.expect_err("refused");
    assert_eq!(of_api(&server).len(), 4);
}

#[tokio::test]
async fn a_read_that_succeeds_at_the_third_try_succeeds() {
    let server = zitadel(|_, before| match before {
        2 => Reaction::SendAndClose(Vec::new()),
        3 => answer(503, "Retry-After: 1\r\n", ""),
        _ => json_answer(200, &json!({"seen": before})),
    })
    .await;
    let start = std::time::Instant::now();
    let reply = signed_in(&server).await.call(read()).await.expect("an answer");
    assert_eq!(reply.json::<Value>().expect("JSON"), json!({"seen": 4}));
    assert!(start.elapsed() >= std::time::Duration::from_secs(1), "Retry-After is honoured");
}

#[tokio::test]
async fn a_wait_beyond_reason_ends_the_tries() {
    let server = zitadel(|_, _| answer(429, "Retry-After: 600\r\n", "")).await;
    signed_in(&server).await.call(read()).await.expect_err("refused");
    assert_eq!(of_api(&server).len(), 1);
}

#[tokio::test]
async fn other_refusals_are_not_tried_again() {
    let server = zitadel(|_, _| answer(500, "", r#"{"code":13,"message":"Errors.Internal"}"#)).await;
    signed_in(&server).await.call(read()).await.expect_err("refused");
    assert_eq!(of_api(&server).len(), 1);
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_not_sent_again_and_its_outcome_is_open() {
    let server = zitadel(|_, _| Reaction::SendAndClose(Vec::new())).await;
    let error = signed_in(&server).await.call(write()).await.expect_err("no answer");
    assert!(matches!(&error, CallError::Connection(failure) if failure.reason == ConnectionReason::Broken));
    assert!(error.may_have_been_carried_out());
    assert_eq!(of_api(&server).len(), 1);
}

#[tokio::test]
async fn a_write_that_no_connection_came_about_for_was_certainly_not_carried_out() {
    let server = zitadel(|_, _| answer(200, "Connection: close\r\n", "{}")).await;
    let transport = signed_in(&server).await;
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let gone = Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL");
    let http = HttpClient::build(&settings(), &gone).await.expect("a client");
    let transport = Transport::new(http, gone, transport.tokens().clone());
    let error = transport.call(write()).await.expect_err("no connection");
    assert!(!error.may_have_been_carried_out());
}

#[tokio::test]
async fn a_redirect_never_carries_the_token() {
    let target = Server::start(|_, _| answer(200, "", "{}")).await;
    let location = format!("Location: {}/elsewhere\r\n", target.url);
    let server = zitadel(move |_, _| answer(302, &location, "")).await;
    let error = signed_in(&server).await.call(read()).await.expect_err("not followed");
    assert_eq!(error, CallError::Redirected { target: target.url.as_str().into() });
    assert!(target.requests().is_empty());
}

/// The size is unknown at the start, so it has to be counted while it comes.
#[tokio::test]
async fn an_endless_answer_is_cut() {
    let server = zitadel(|_, _| {
        let mut bytes = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        bytes.resize(200_000, b' ');
        Reaction::SendAndClose(bytes)
    })
    .await;
    let (_folder, key) = key_file();
    let settings = HttpSettings { body_limit: 100_000, ..settings() };
    let connected =
        connect(&profile(&server.url, Credential::KeyFile(key)), settings).await.expect("signed in");
    let error = connected.transport.call(read()).await.expect_err("too large");
    assert!(matches!(&error, CallError::Connection(failure) if failure.reason == ConnectionReason::TooLarge));
}

/// `{"seen":true}`, packed.
const PACKED: &str = "H4sIAAAAAAACA6tWKk5NzVOyKikqTa0FANhXe3ENAAAA";
/// 200 000 blanks, packed.
const PACKED_BLANKS: &str = "H4sIAAAAAAACA+3BMQEAAADCoCrrn9IM/kABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAK8BMWFiEEANAwA=";

fn packed(bytes: &[u8]) -> Reaction {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bytes.len());
    Reaction::Send([head.as_bytes(), bytes].concat())
}

fn from_base64(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

/// Connect services pack their answers (CONTRACT.md section 1).
#[tokio::test]
async fn packed_answers_are_unpacked() {
    let server = zitadel(|_, _| packed(&from_base64(PACKED))).await;
    let reply = signed_in(&server).await.call(read()).await.expect("an answer");
    assert_eq!(reply.json::<Value>().expect("JSON"), json!({"seen": true}));
}

#[rstest]
#[case::small_until_it_is_unpacked(from_base64(PACKED_BLANKS), ConnectionReason::TooLarge)]
#[case::not_packed_at_all(b"{}{}{}{}{}{}{}{}{}{}".to_vec(), ConnectionReason::Garbled)]
#[tokio::test]
async fn packed_answers_that_mislead(#[case] body: Vec<u8>, #[case] expected: ConnectionReason) {
    let server = zitadel(move |_, _| packed(&body)).await;
    let (_folder, key) = key_file();
    let settings = HttpSettings { body_limit: 100_000, ..settings() };
    let connected =
        connect(&profile(&server.url, Credential::KeyFile(key)), settings).await.expect("signed in");
    let error = connected.transport.call(read()).await.expect_err("refused");
    assert!(matches!(&error, CallError::Connection(failure) if failure.reason == expected), "{error:?}");
}

#[tokio::test]
async fn ids_are_encoded_and_parameters_sent() {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    let call = Call::get(["management", "v1", "users", "a/b?c#d%2e é"])
        .query("filter", "x&y=z")
        .organization(&OrganizationId::new("100000000000000002"));
    signed_in(&server).await.call(call).await.expect("sent");
    let request = of_api(&server).pop().expect("a request");
    assert_eq!(request.path(), "/management/v1/users/a%2Fb%3Fc%23d%252e%20%C3%A9?filter=x%26y%3Dz");
    assert_eq!(request.header("x-zitadel-orgid"), Some("100000000000000002"));
    assert_eq!(request.header("content-type"), None);
}

fn removal_of(id: &str) -> Call {
    Call::new(Nature::Write, Method::DELETE, ["management", "v1", "orgs", "me", "members", id])
}

#[rstest]
#[case::empty("")]
#[case::dot(".")]
#[case::parent("..")]
#[tokio::test]
async fn an_id_that_would_lead_to_another_resource_is_not_sent(#[case] id: &str) {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    let error = signed_in(&server).await.call(removal_of(id)).await.expect_err("not sent");
    assert!(matches!(error, CallError::Unsendable { .. }));
    assert!(of_api(&server).is_empty());
}

#[tokio::test]
async fn dots_that_are_encoded_already_do_not_lead_to_another_resource() {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    signed_in(&server).await.call(removal_of("%2e%2E")).await.expect("sent");
    let request = of_api(&server).pop().expect("a request");
    assert_eq!(request.path(), "/management/v1/orgs/me/members/%252e%252E");
}

#[tokio::test]
async fn an_organization_id_that_cannot_stand_in_a_header_is_not_sent() {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    let call = read().organization(&OrganizationId::new("1\r\nx-evil: 1"));
    let error = signed_in(&server).await.call(call).await.expect_err("not sent");
    assert!(matches!(error, CallError::Unsendable { .. }));
    assert!(of_api(&server).is_empty());
}

#[tokio::test]
async fn connect_services_get_json_and_at_least_an_empty_object() {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    let call = Call::connect(Nature::Read, "zitadel.x.v2.XService", "ListX", &json!({}));
    signed_in(&server).await.call(call).await.expect("sent");
    let request = of_api(&server).pop().expect("a request");
    assert_eq!(request.line, "POST /zitadel.x.v2.XService/ListX HTTP/1.1");
    assert_eq!((request.header("content-type"), request.body.as_str()), (Some("application/json"), "{}"));
}

#[tokio::test]
async fn a_probe_carries_no_token() {
    let server = zitadel(|_, _| answer(401, "", r#"{"code":16,"message":"auth header missing"}"#)).await;
    let error = signed_in(&server).await.call(read().without_token()).await.expect_err("refused");
    assert_eq!(error.status(), Some(401));
    assert_eq!((server.count(TOKEN_PATH), of_api(&server).len()), (1, 0));
}

#[rstest]
#[case::page("<html></html>")]
#[case::half("{\"user\":{\"id\"")]
#[case::other_shape("\"text\"")]
#[tokio::test]
async fn an_answer_that_is_not_understood_names_the_call(#[case] body: &'static str) {
    #[derive(Debug, serde::Deserialize)]
    struct Me {
        #[expect(dead_code, reason = "only its presence matters")]
        user: Value,
    }

    let server = zitadel(move |_, _| answer(200, "", body)).await;
    let reply = signed_in(&server).await.call(read()).await.expect("an answer");
    let error = reply.json::<Me>().expect_err("not understood");
    assert!(error.to_string().contains("GET /auth/v1/users/me"), "{error}");
}

#[tokio::test]
async fn an_empty_body_counts_as_an_empty_object() {
    let server = zitadel(|_, _| answer(200, "", "")).await;
    let reply = signed_in(&server).await.call(read()).await.expect("an answer");
    assert_eq!(reply.json::<Value>().expect("JSON"), json!({}));
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = zitadel(|_, _| answer(200, "", "{}")).await;
    let transport = signed_in(&server).await;
    let tokens: TokenSource = transport.tokens().clone();
    for _ in 0..3 {
        transport.call(read()).await.expect("an answer");
    }
    assert!(tokens.expires().await.is_some());
    assert_eq!(server.connections(), 1);
}
