//! What the environment decides: proxies and the system's certificates. A process may not change its own environment
//! while threads run, so each test runs one of the ignored ones in a process of its own.

use std::process::Command;

use zitui::auth::failure::ConnectionReason;
use zitui::auth::refusal::SignInRefusal;
use zitui::config::profile::Credential;
use zitui::engine::sign_in::connect;

use crate::connection::{acceptor, authority, tls_server};
use crate::scripted::{Server, answer};
use crate::world::{
    DISCOVERY_PATH, connect_to, discovery, key_file, profile, refusal_of, secret_file, settings, token,
    zitadel,
};

/// Variables that reach into HTTP clients; the surroundings of the tests must not decide them.
const VARIABLES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Runs one ignored test in a process of its own.
pub(crate) async fn run_alone(test: &str, environment: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", test, "--ignored"]);
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command.envs(environment.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("ran").expect("started");
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && report.contains("1 passed"), "{report}");
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("set by the test")
}

#[tokio::test]
async fn the_proxy_of_the_environment_opens_the_way() {
    let authority = authority();
    let server = tls_server(acceptor(&authority, "zitadel.invalid", 2020, 2100)).await;
    let proxy = Server::proxy(server.port).await;
    let (_folder, ca) = secret_file(&authority.pem());
    let ca = ca.to_string_lossy();
    run_alone("environment::child_behind_a_proxy", &[("HTTPS_PROXY", &proxy.url), ("TEST_CA", &ca)]).await;
    assert!(proxy.requests()[0].line.starts_with("CONNECT zitadel.invalid:443 "));
    assert_eq!(server.requests().len(), 2);
    assert_eq!(proxy.requests()[0].header("authorization"), None);
}

#[tokio::test]
#[ignore = "run by the_proxy_of_the_environment_opens_the_way"]
async fn child_behind_a_proxy() {
    let (_folder, key) = key_file();
    let mut profile = profile("https://zitadel.invalid", Credential::KeyFile(key));
    profile.ca_file = Some(variable("TEST_CA").into());
    assert!(connect(&profile, settings()).await.is_ok());
}

#[tokio::test]
async fn a_host_in_no_proxy_is_reached_directly() {
    let proxy = Server::start(|_, _| answer(500, "", "")).await;
    let environment = [("HTTPS_PROXY", proxy.url.as_str()), ("NO_PROXY", "zitadel.invalid")];
    run_alone("environment::child_past_the_proxy", &environment).await;
    assert!(proxy.requests().is_empty());
}

#[tokio::test]
#[ignore = "run by a_host_in_no_proxy_is_reached_directly"]
async fn child_past_the_proxy() {
    assert_eq!(reason("https://zitadel.invalid").await, ConnectionReason::UnknownName);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_apart_from_the_server() {
    let proxy = Server::start(|_, _| answer(407, "", "")).await;
    run_alone("environment::child_behind_a_refusing_proxy", &[("HTTPS_PROXY", &proxy.url)]).await;
    assert_eq!(proxy.requests().len(), 1);
}

#[tokio::test]
async fn a_proxy_that_is_gone_is_told_apart_from_the_server() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let url = format!("http://127.0.0.1:{port}");
    run_alone("environment::child_behind_a_refusing_proxy", &[("HTTPS_PROXY", &url)]).await;
}

#[tokio::test]
#[ignore = "run by the tests of proxies that refuse"]
async fn child_behind_a_refusing_proxy() {
    assert_eq!(reason("https://zitadel.invalid").await, ConnectionReason::Proxy);
}

/// A proxy elsewhere is another machine: what is meant for this one would leave it, in plain text.
#[tokio::test]
async fn loopback_never_goes_through_a_proxy_elsewhere() {
    let server = zitadel(|_, _| answer(404, "", "")).await;
    // Addresses for documentation (RFC 5737, RFC 2606), where nobody answers.
    for proxy in ["http://192.0.2.1:3128", "http://proxy.invalid:3128", "http://localhost.invalid:3128"] {
        let environment = [("HTTP_PROXY", proxy), ("ALL_PROXY", proxy), ("TEST_URL", server.url.as_str())];
        run_alone("environment::child_on_loopback", &environment).await;
    }
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn loopback_goes_through_a_proxy_on_this_machine() {
    let server = zitadel(|_, _| answer(404, "", "")).await;
    let proxy = Server::start(|request, before| {
        if request.path().ends_with(DISCOVERY_PATH) { discovery(request) } else { token(before, 43_199) }
    })
    .await;
    for proxy in [proxy.url.clone(), proxy.url.replace("127.0.0.1", "localhost")] {
        let environment = [("HTTP_PROXY", proxy.as_str()), ("TEST_URL", server.url.as_str())];
        run_alone("environment::child_on_loopback", &environment).await;
    }
    assert_eq!(proxy.requests().len(), 4);
    assert!(proxy.requests()[0].line.starts_with(&format!("GET {}/.well-known/", server.url)));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn loopback_in_no_proxy_is_reached_directly() {
    let server = zitadel(|_, _| answer(404, "", "")).await;
    let proxy = Server::start(|_, _| answer(500, "", "")).await;
    let environment =
        [("HTTP_PROXY", proxy.url.as_str()), ("NO_PROXY", "127.0.0.1"), ("TEST_URL", server.url.as_str())];
    run_alone("environment::child_on_loopback", &environment).await;
    assert!(proxy.requests().is_empty());
}

#[tokio::test]
#[ignore = "run by the tests of proxies and loopback"]
async fn child_on_loopback() {
    assert!(connect_to(&variable("TEST_URL")).await.is_ok());
}

#[tokio::test]
async fn a_system_without_certificates_reaches_loopback_and_says_what_lacks_for_the_rest() {
    let plain = zitadel(|_, _| answer(404, "", "")).await;
    let authority = authority();
    let tls = tls_server(acceptor(&authority, "127.0.0.1", 2020, 2100)).await;
    let (_folder, ca) = secret_file(&authority.pem());
    let ca = ca.to_string_lossy();
    let environment = [
        ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
        ("SSL_CERT_DIR", "/nowhere"),
        ("TEST_URL", &plain.url),
        ("TEST_TLS_URL", &tls.url),
        ("TEST_CA", &ca),
    ];
    run_alone("environment::child_without_certificates", &environment).await;
}

#[tokio::test]
#[ignore = "run by a_system_without_certificates_reaches_loopback_and_says_what_lacks_for_the_rest"]
async fn child_without_certificates() {
    assert!(connect_to(&variable("TEST_URL")).await.is_ok());
    assert_eq!(reason(&variable("TEST_TLS_URL")).await, ConnectionReason::NoAuthorities);

    let (_folder, key) = key_file();
    let mut profile = profile(&variable("TEST_TLS_URL"), Credential::KeyFile(key));
    profile.ca_file = Some(variable("TEST_CA").into());
    assert!(connect(&profile, settings()).await.is_ok());
}

async fn reason(url: &str) -> ConnectionReason {
    match refusal_of(url).await {
        SignInRefusal::Connection(failure) => failure.reason,
        other => panic!("another refusal: {other:?}"),
    }
}
