//! The life of a token: kept, renewed in time and after a sleep, one request at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use rstest::rstest;
use secrecy::SecretString;
use url::Url;
use zitui::auth::refusal::SignInRefusal;
use zitui::auth::token::TokenSource;

use crate::scripted::{Reaction, Server, answer};
use crate::world::{TOKEN_PATH, client, key, token};

/// A wall clock that tests set.
#[derive(Clone)]
struct Wall(Arc<AtomicI64>);

impl Wall {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000)))
    }

    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn source(&self, http: zitui::auth::http::HttpClient, server: &Server) -> TokenSource {
        let seconds = Arc::clone(&self.0);
        let endpoint = Url::parse(&format!("{}{TOKEN_PATH}", server.url)).expect("a URL");
        let clock = Arc::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("a time"));
        TokenSource::with_key(http, key(), server.url.clone(), endpoint, clock)
    }
}

async fn bearer(source: &TokenSource) -> String {
    let token = source.bearer().await.expect("a token");
    token.header().to_str().expect("text").to_owned()
}

#[rstest]
#[case::long_life(43_199, 43_199 - 61, 43_199 - 59)]
#[case::short_life(100, 79, 81)]
#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end(
    #[case] lifetime: u64,
    #[case] still_good: i64,
    #[case] renewed: i64,
) {
    let server = Server::start(move |_, before| token(before, lifetime)).await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    assert_eq!(bearer(&source).await, "Bearer token-0");
    wall.advance(still_good);
    assert_eq!(bearer(&source).await, "Bearer token-0");
    wall.advance(renewed - still_good);
    assert_eq!(bearer(&source).await, "Bearer token-1");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_token_is_used_to_its_end_while_no_new_one_can_be_got() {
    let server = Server::start(|_, before| match before {
        0 => token(before, 1000),
        _ => answer(503, "Retry-After: 60\r\n", ""),
    })
    .await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    assert_eq!(bearer(&source).await, "Bearer token-0");
    wall.advance(960);
    assert_eq!(bearer(&source).await, "Bearer token-0");
    wall.advance(40);
    assert!(matches!(source.bearer().await, Err(SignInRefusal::Busy { status: 503, .. })));
}

/// While a machine sleeps, the wall clock goes on and monotonic clocks do not.
#[tokio::test]
async fn a_machine_that_slept_renews_before_the_next_call() {
    let server = Server::start(|_, before| token(before, 43_199)).await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    assert_eq!(bearer(&source).await, "Bearer token-0");
    wall.advance(14 * 3600);
    assert_eq!(bearer(&source).await, "Bearer token-1");
}

#[tokio::test]
async fn many_callers_cause_one_request() {
    let server = Server::start(|_, before| token(before, 43_199)).await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    let tokens = futures_util::future::join_all((0..20).map(|_| bearer(&source))).await;
    assert!(tokens.iter().all(|token| token == "Bearer token-0"));
    assert_eq!(server.requests().len(), 1);

    let used = source.bearer().await.expect("a token");
    let renewed = futures_util::future::join_all((0..20).map(|_| source.renew(&used))).await;
    for token in renewed {
        let token = token.expect("renewed").expect("a key can renew");
        assert_eq!(token.header(), "Bearer token-1");
    }
    assert_eq!(server.requests().len(), 2);
    let late = source.renew(&used).await.expect("renewed").expect("a key can renew");
    assert_eq!(late.header(), "Bearer token-1", "who comes late gets the newer token without a request");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn many_callers_share_one_failure_and_the_next_one_tries_again() {
    let server = Server::start(|_, before| match before {
        0 => answer(400, "", r#"{"error":"invalid_request","error_description":"Errors.User.NotActive"}"#),
        _ => token(before, 43_199),
    })
    .await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    let outcomes = futures_util::future::join_all((0..20).map(|_| source.bearer())).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.err() == Some(SignInRefusal::UserNotActive)));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(bearer(&source).await, "Bearer token-1");
}

/// Leaving a screen drops what it was waiting for; whoever still waits must not be left without a token.
#[tokio::test]
async fn a_caller_that_leaves_does_not_take_the_others_with_it() {
    let server =
        Server::start(|_, before| if before == 0 { Reaction::Hang } else { token(before, 43_199) }).await;
    let wall = Wall::new();
    let source = wall.source(client(&server.url).await, &server);
    let leaving = source.clone();
    let mut first = Box::pin(async move { leaving.bearer().await });
    let mut waiting = Box::pin(bearer(&source));
    while server.requests().is_empty() {
        assert!(futures_util::poll!(&mut first).is_pending());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        tokio::task::yield_now().await;
    }
    drop(first);
    assert_eq!(waiting.await, "Bearer token-1");
}

#[tokio::test]
async fn a_personal_access_token_is_sent_as_it_is_and_cannot_be_renewed() {
    let source = TokenSource::with_personal_token(&SecretString::from("pat-1")).expect("a token");
    let token = source.bearer().await.expect("a token");
    assert_eq!(token.header(), "Bearer pat-1");
    assert!(token.header().is_sensitive());
    assert_eq!(token.expires(), None);
    assert!(source.renew(&token).await.expect("no request").is_none());
}
