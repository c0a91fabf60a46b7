//! Servers that cannot be reached, do not answer, or cannot prove who they are.

use std::time::Duration;

use rcgen::{CertifiedIssuer, KeyPair, date_time_ymd};
use rstest::rstest;
use tokio_rustls::TlsAcceptor;
use zitui::auth::failure::ConnectionReason;
use zitui::auth::http::HttpSettings;
use zitui::auth::refusal::SignInRefusal;
use zitui::config::profile::Credential;
use zitui::domain::problem::ProblemKind;
use zitui::engine::sign_in::connect;

use crate::scripted::{Reaction, Server, answer, json};
use crate::tls;
pub(crate) use crate::tls::authority;
use crate::world::{
    DISCOVERY_PATH, TOKEN_PATH, host, impatient, key_file, profile, refusal_of, secret_file, settings,
};

async fn reason_at(url: &str) -> ConnectionReason {
    let refusal = refusal_of(url).await;
    assert_eq!(refusal.problem().kind, ProblemKind::Network);
    reason(refusal)
}

fn reason(refusal: SignInRefusal) -> ConnectionReason {
    match refusal {
        SignInRefusal::Connection(failure) => failure.reason,
        other => panic!("another refusal: {other:?}"),
    }
}

/// A certificate for `name` until the year `until`.
pub(crate) fn acceptor(
    authority: &CertifiedIssuer<'static, KeyPair>,
    name: &str,
    from: i32,
    until: i32,
) -> TlsAcceptor {
    TlsAcceptor::from(tls::server(authority, name, |parameters| {
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(until, 1, 1);
    }))
}

/// A ZITADEL behind TLS.
pub(crate) async fn tls_server(tls: TlsAcceptor) -> Server {
    Server::start_with(Some(tls), |request, before| match request.path() {
        DISCOVERY_PATH => {
            let issuer = format!("https://{}", host(request));
            let endpoint = format!("{issuer}{TOKEN_PATH}");
            json(200, &serde_json::json!({"issuer": issuer, "token_endpoint": endpoint}))
        }
        _ => crate::world::token(before, 43_199),
    })
    .await
}

async fn tls_outcome(name: &str, from: i32, until: i32) -> Result<(), SignInRefusal> {
    let authority = authority();
    let server = tls_server(acceptor(&authority, name, from, until)).await;
    let (_folder, key) = key_file();
    let (_ca_folder, ca) = secret_file(&authority.pem());
    let mut profile = profile(&server.url, Credential::KeyFile(key));
    profile.ca_file = Some(ca);
    connect(&profile, settings()).await.map(|_connected| ())
}

#[tokio::test]
async fn an_extra_authority_is_trusted() {
    assert_eq!(tls_outcome("127.0.0.1", 2020, 2100).await, Ok(()));
}

#[rstest]
#[case::expired("127.0.0.1", 2020, 2021, ConnectionReason::CertificateExpired)]
#[case::not_yet_valid("127.0.0.1", 2099, 2100, ConnectionReason::CertificateNotYetValid)]
#[case::wrong_name("auth.example.com", 2020, 2100, ConnectionReason::WrongName)]
#[tokio::test]
async fn bad_certificates(
    #[case] name: &str,
    #[case] from: i32,
    #[case] until: i32,
    #[case] expected: ConnectionReason,
) {
    let refusal = tls_outcome(name, from, until).await.expect_err("refused");
    assert_eq!(refusal.problem().kind, ProblemKind::Network);
    assert_eq!(reason(refusal), expected);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority() {
    let server = tls_server(acceptor(&authority(), "127.0.0.1", 2020, 2100)).await;
    let reason = reason_at(&server.url).await;
    assert!(
        matches!(reason, ConnectionReason::UnknownAuthority | ConnectionReason::NoAuthorities),
        "{reason:?}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_port_that_speaks_no_tls() {
    let garbage = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = garbage.local_addr().expect("an address").port();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = garbage.accept().await {
            let _client_may_have_gone =
                tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert_eq!(reason_at(&format!("https://127.0.0.1:{port}")).await, ConnectionReason::Tls);
    task.abort();
}

#[tokio::test]
async fn a_name_that_dns_does_not_know() {
    assert_eq!(reason_at("https://nowhere.invalid").await, ConnectionReason::UnknownName);
}

#[tokio::test]
async fn a_port_where_nothing_listens() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    assert_eq!(reason_at(&format!("http://127.0.0.1:{port}")).await, ConnectionReason::Refused);
}

/// The broadcast address is no host: the system refuses at once, without sending anything.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_host_that_no_way_leads_to() {
    assert_eq!(reason_at("https://255.255.255.255").await, ConnectionReason::Unreachable);
}

/// TCP connects, since the system accepts, but TLS, which belongs to connecting, never begins.
#[tokio::test]
async fn a_server_that_does_not_finish_connecting() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (_folder, key) = key_file();
    let settings = HttpSettings { read_timeout: Duration::from_secs(20), ..impatient() };
    let profile = profile(&format!("https://127.0.0.1:{port}"), Credential::KeyFile(key));
    let refusal = connect(&profile, settings).await.expect_err("refused");
    assert_eq!(reason(refusal), ConnectionReason::ConnectTimeout);
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = Server::start(|_, _| Reaction::Hang).await;
    let (_folder, key) = key_file();
    let refusal = connect(&profile(&server.url, Credential::KeyFile(key)), impatient()).await;
    assert_eq!(reason(refusal.expect_err("refused")), ConnectionReason::AnswerTimeout);
    assert_eq!(server.requests().len(), 1, "a silent server is not asked again");
}

#[rstest]
#[case::at_once("")]
#[case::within_the_head("HTTP/1.1 200 OK\r\nContent-")]
#[case::within_the_body("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"iss")]
#[tokio::test]
async fn a_connection_that_breaks(#[case] sent: &'static str) {
    let server = Server::start(move |_, _| Reaction::SendAndClose(sent.into())).await;
    assert_eq!(reason_at(&server.url).await, ConnectionReason::Broken);
    assert_eq!(server.requests().len(), 3, "a broken connection is tried three times");
}

#[tokio::test]
async fn an_answer_that_is_too_large() {
    let server = Server::start(|_, _| answer(200, "", &" ".repeat(20_000))).await;
    let (_folder, key) = key_file();
    let settings = HttpSettings { body_limit: 10_000, ..settings() };
    let refusal =
        connect(&profile(&server.url, Credential::KeyFile(key)), settings).await.expect_err("refused");
    assert_eq!(reason(refusal), ConnectionReason::TooLarge);
}
