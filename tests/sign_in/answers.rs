//! Servers that answer, but not as hoped; the wire texts are those of the recordings.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::json;
use zitui::auth::refusal::SignInRefusal;
use zitui::domain::problem::ProblemKind;

use crate::scripted::{Server, answer, json as json_answer};
use crate::world::{TOKEN_PATH, connect_to, refusal_of, refusing, token, zitadel};

/// Recording `auth/unknown-host`.
const UNKNOWN_HOST: &str = "unable to set instance using origin &{unknown.example  http} (ExternalDomain is localhost): ID=QUERY-1kIjX Message=Instance not found. Make sure you got the domain right.\n";

#[rstest]
#[case::not_found(404, "Not Found")]
#[case::web_page(200, "<html><body>It works!</body></html>")]
#[case::web_page_not_found(404, "<html></html>")]
#[case::other_json(200, "{\"status\":\"UP\"}")]
#[case::other_provider(200, "{\"issuer\":\"https://other.example\"}")]
#[case::empty(200, "")]
#[case::forbidden(403, "no")]
#[tokio::test]
async fn a_host_that_is_no_zitadel(#[case] status: u16, #[case] body: &'static str) {
    let server = Server::start(move |_, _| answer(status, "", body)).await;
    let refusal = refusal_of(&server.url).await;
    assert!(matches!(refusal, SignInRefusal::NotZitadel { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains(&format!("127.0.0.1:{}", server.port)));
}

#[tokio::test]
async fn a_host_that_is_no_domain_of_the_instance() {
    let server = Server::start(|_, _| answer(404, "Content-Type: text/plain\r\n", UNKNOWN_HOST)).await;
    assert!(matches!(refusal_of(&server.url).await, SignInRefusal::UnknownHost { .. }));
}

#[tokio::test]
async fn a_redirect_is_not_followed_but_named() {
    let target = zitadel(|_, _| answer(404, "", "")).await;
    let location = format!("Location: {}/.well-known/openid-configuration\r\n", target.url);
    let server = Server::start(move |_, _| answer(301, &location, "")).await;
    let refusal = refusal_of(&server.url).await;
    assert_eq!(refusal, SignInRefusal::Redirected { target: target.url.as_str().into() });
    assert!(target.requests().is_empty());
}

#[rstest]
#[case::limiting(429)]
#[case::bad_gateway(502)]
#[case::unavailable(503)]
#[case::gateway_timeout(504)]
#[tokio::test]
async fn a_busy_server_is_asked_three_times(#[case] status: u16) {
    let server = Server::start(move |_, _| answer(status, "", "<html></html>")).await;
    let refusal = refusal_of(&server.url).await;
    assert!(matches!(refusal, SignInRefusal::Busy { status: told, .. } if told == status), "{refusal:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_server_that_is_ready_again_is_signed_in_to() {
    let server = Server::start(|request, before| match before {
        0 => answer(503, "Retry-After: 0\r\n", ""),
        1 => crate::world::discovery(request),
        2 => answer(502, "", "<html></html>"),
        _ => token(before, 43_199),
    })
    .await;
    assert!(connect_to(&server.url).await.is_ok());
}

#[tokio::test]
async fn a_long_wait_is_reported_instead_of_sat_out() {
    let server = Server::start(|_, _| answer(503, "Retry-After: 3600\r\n", "")).await;
    let refusal = refusal_of(&server.url).await;
    assert!(refusal.to_string().contains("3600 s"), "{refusal}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_issuer_that_differs_from_the_url_is_told_and_used() {
    let server = Server::start(|request, before| {
        if request.path() == TOKEN_PATH {
            return token(before, 43_199);
        }
        let port = crate::world::host(request).rsplit(':').next().expect("a port").to_owned();
        let issuer = format!("http://localhost:{port}");
        json_answer(200, &json!({"issuer": issuer, "token_endpoint": format!("{issuer}{TOKEN_PATH}")}))
    })
    .await;
    let connected = connect_to(&server.url).await.expect("signed in");
    let issuer = format!("http://localhost:{}", server.port);
    assert_eq!(connected.discovery.issuer, issuer);
    assert_eq!(connected.notices.len(), 1);
    assert!(
        connected.notices[0].as_str().contains(&issuer)
            && connected.notices[0].as_str().contains("127.0.0.1")
    );
    assert_eq!(claims_of(&server)["aud"], json!(issuer));
}

#[tokio::test]
async fn a_token_endpoint_of_somebody_else_gets_no_assertion() {
    let thief = Server::start(|_, before| token(before, 43_199)).await;
    let endpoint = format!("{}{TOKEN_PATH}", thief.url);
    let server = Server::start(move |request, _| {
        json_answer(
            200,
            &json!({"issuer": format!("http://{}", crate::world::host(request)), "token_endpoint": endpoint}),
        )
    })
    .await;
    assert!(matches!(refusal_of(&server.url).await, SignInRefusal::UnsafeTokenEndpoint { .. }));
    assert!(thief.requests().is_empty());
}

#[tokio::test]
async fn the_token_request_is_the_one_of_the_guide() {
    let server = zitadel(|_, _| answer(404, "", "")).await;
    connect_to(&server.url).await.expect("signed in");
    let request =
        server.requests().into_iter().find(|request| request.path() == TOKEN_PATH).expect("a request");
    let form: std::collections::BTreeMap<String, String> =
        url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(form["scope"], "openid profile email urn:zitadel:iam:org:project:id:zitadel:aud");
    assert_eq!(form.len(), 3);
    assert!(request.header("user-agent").expect("named").starts_with("zitui/"));
    assert_eq!(request.header("accept-language"), Some("en"));
    assert_eq!(claims_of(&server)["aud"], json!(server.url));
}

fn claims_of(server: &Server) -> serde_json::Value {
    use base64::Engine;
    let request =
        server.requests().into_iter().find(|request| request.path() == TOKEN_PATH).expect("a request");
    let form: std::collections::BTreeMap<String, String> =
        url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let claims = form["assertion"].split('.').nth(1).expect("claims").to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).expect("base64");
    serde_json::from_slice(&claims).expect("JSON")
}

/// The `Date` header for a server whose clock is off by this much.
fn date(off_by_seconds: i64) -> String {
    let at = Timestamp::now() + SignedDuration::from_secs(off_by_seconds);
    format!("Date: {}\r\n", at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
}

/// The old form (2.68, 4.3) and the new one (4.15) of a rejected assertion; recordings `auth/token-removed-key`,
/// `-unknown-kid`, `-deleted-user`, `-expired`.
#[rstest]
#[case::old(500, r#"{"error":"server_error","error_description":"Errors.Internal"}"#)]
#[case::new(400, r#"{"error":"invalid_grant","error_description":"invalid assertion"}"#)]
#[case::client(400, r#"{"error":"invalid_client"}"#)]
#[case::client_unauthorized(401, r#"{"error":"invalid_client"}"#)]
#[tokio::test]
async fn a_rejected_assertion_gets_the_check_list(#[case] status: u16, #[case] body: &'static str) {
    let server = refusing(move |_| answer(status, &date(0), body)).await;
    let refusal = refusal_of(&server.url).await;
    assert!(matches!(refusal, SignInRefusal::AssertionRejected { clock_compared: true, .. }), "{refusal:?}");
    let problem = refusal.problem();
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    for item in ["clock", "key", "instance", "user"] {
        assert!(problem.fix.as_str().contains(item), "{item} is missing in {problem}");
    }
    assert_eq!(server.count(TOKEN_PATH), 1, "a refusal is not tried again");
}

#[rstest]
#[case::old(500, r#"{"error":"server_error","error_description":"Errors.Internal"}"#)]
#[case::new(400, r#"{"error":"invalid_grant","error_description":"invalid assertion"}"#)]
#[tokio::test]
async fn a_clock_that_is_off_is_told_by_how_much(
    #[case] status: u16,
    #[case] body: &'static str,
    #[values((-3600, "60 min ahead of"), (90, "behind"))] off: (i64, &'static str),
) {
    let server = refusing(move |_| answer(status, &date(off.0), body)).await;
    let refusal = refusal_of(&server.url).await;
    assert!(matches!(refusal, SignInRefusal::ClockOff { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains(off.1), "{refusal}");
    let SignInRefusal::ClockOff { ahead_seconds } = refusal else { return };
    assert!((ahead_seconds + off.0).abs() <= 2);
}

#[rstest]
#[case::small_difference(Some(-20))]
#[case::no_date(None)]
#[tokio::test]
async fn the_clock_is_not_blamed_without_reason(#[case] off: Option<i64>) {
    let server = refusing(move |_| {
        let date = off.map(date).unwrap_or_default();
        answer(400, &date, r#"{"error":"invalid_grant","error_description":"invalid assertion"}"#)
    })
    .await;
    let refusal = refusal_of(&server.url).await;
    let compared = off.is_some();
    assert!(
        matches!(refusal, SignInRefusal::AssertionRejected { clock_compared, .. } if clock_compared == compared),
        "{refusal:?}"
    );
}

/// Recordings `auth/token-inactive-user`, `auth/token-locked-user`.
#[tokio::test]
async fn a_user_that_is_inactive_or_locked() {
    let body = r#"{"error":"invalid_request","error_description":"Errors.User.NotActive"}"#;
    let server = refusing(move |_| answer(400, "", body)).await;
    let refusal = refusal_of(&server.url).await;
    assert_eq!(refusal, SignInRefusal::UserNotActive);
    assert!(refusal.to_string().contains("deactivated or locked"));
}

#[rstest]
#[case::other_error(400, r#"{"error":"unsupported_grant_type"}"#)]
#[case::page(404, "<html></html>")]
#[case::text(500, "panic")]
#[tokio::test]
async fn any_other_refusal_of_the_token_request(#[case] status: u16, #[case] body: &'static str) {
    let server = refusing(move |_| answer(status, "", body)).await;
    let refusal = refusal_of(&server.url).await;
    assert!(matches!(refusal, SignInRefusal::TokenRefused { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains(&status.to_string()));
}

#[rstest]
#[case::page("<html></html>")]
#[case::no_token("{}")]
#[case::other_type(r#"{"access_token":"abc","token_type":"mac"}"#)]
#[case::line_break(r#"{"access_token":"a\nb","token_type":"Bearer"}"#)]
#[tokio::test]
async fn an_answer_without_a_usable_token(#[case] body: &'static str) {
    let server = refusing(move |_| answer(200, "", body)).await;
    assert_eq!(refusal_of(&server.url).await, SignInRefusal::TokenNotUnderstood);
}

#[tokio::test]
async fn a_redirected_token_request_does_not_carry_the_assertion_on() {
    let target = Server::start(|_, before| token(before, 43_199)).await;
    let location = format!("Location: {}/oauth/v2/token\r\n", target.url);
    let server = refusing(move |_| answer(307, &location, "")).await;
    assert!(matches!(refusal_of(&server.url).await, SignInRefusal::Redirected { .. }));
    assert!(target.requests().is_empty());
}
