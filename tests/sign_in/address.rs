//! Addresses that are refused before anything is sent.

use rstest::rstest;
use zitui::auth::refusal::SignInRefusal;
use zitui::domain::problem::ProblemKind;

use crate::scripted::{Server, answer};
use crate::world::{connect_to, refusal_of};

#[tokio::test]
async fn plain_http_to_another_host_is_refused() {
    let refusal = refusal_of("http://auth.example.com").await;
    assert!(matches!(refusal, SignInRefusal::PlainHttp { .. }));
    assert_eq!(refusal.problem().kind, ProblemKind::Usage);
}

#[tokio::test]
async fn credentials_in_the_url_are_refused_and_nothing_is_sent() {
    let server = Server::start(|_, _| answer(200, "", "{}")).await;
    let url = format!("http://ann:hunter2@127.0.0.1:{}", server.port);
    assert!(matches!(refusal_of(&url).await, SignInRefusal::CredentialsInUrl { .. }));
    assert!(server.requests().is_empty());
}

#[rstest]
#[case("ftp://auth.example.com")]
#[case("data:text/plain,x")]
#[tokio::test]
async fn other_schemes_are_refused(#[case] url: &str) {
    assert!(matches!(refusal_of(url).await, SignInRefusal::NotAnAddress { .. }));
}

/// RFC 6761: names below `localhost` are this machine, so plain http may go there, and no DNS server is asked.
#[tokio::test]
async fn names_below_localhost_lead_to_this_machine() {
    let server = crate::world::zitadel(|_, _| answer(404, "", "")).await;
    let connected =
        connect_to(&format!("http://zitadel.localhost:{}", server.port)).await.expect("signed in");
    assert_eq!(connected.discovery.issuer, format!("http://zitadel.localhost:{}", server.port));
}
