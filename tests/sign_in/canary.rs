//! Nothing that can be shown or logged holds a key, an assertion or a token.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use zitui::api::transport::Call;
use zitui::auth::assertion::Assertion;
use zitui::auth::token::TokenSource;
use zitui::config::profile::Credential;
use zitui::engine::sign_in::connect;

use crate::environment::run_alone;
use crate::scripted::{Reaction, Server, answer};
use crate::world::{
    DISCOVERY_PATH, PEM, TOKEN_PATH, client, discovery, key, key_file, profile, secret_file, settings, token,
    zitadel,
};

const PERSONAL: &str = "canary-personal-token";

/// What is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Texts that would give a secret away, in every form in which it could be printed.
fn canaries(server: &Server) -> Vec<String> {
    let mut canaries: Vec<String> = vec!["token-1".to_owned(), "token-2".to_owned(), PERSONAL.to_owned()];
    canaries.extend(PEM.lines().filter(|line| line.len() == 64).map(str::to_owned));
    // The beginning of the key's DER form, as `Debug` of bytes shows it.
    canaries.push("48, 130, 4,".to_owned());
    for request in server.requests().iter().filter(|request| request.path() == TOKEN_PATH) {
        let assertion = request.body.split("assertion=").nth(1).expect("an assertion").to_owned();
        canaries.extend(assertion.split('.').map(str::to_owned));
    }
    canaries
}

/// Alone, since the log is one for the whole process.
#[tokio::test]
async fn nothing_shown_or_logged_holds_a_secret() {
    run_alone("canary::child_that_shows_and_logs_everything", &[]).await;
}

#[tokio::test]
#[ignore = "run by nothing_shown_or_logged_holds_a_secret"]
async fn child_that_shows_and_logs_everything() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).expect("the only one");
    let mut shown = String::new();

    let server = zitadel(|request, before| match request.path() {
        "/cut" => Reaction::SendAndClose(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()),
        "/redirect" => answer(302, "Location: https://elsewhere.example/\r\n", ""),
        "/page" => answer(200, "", "<html></html>"),
        _ => answer(401, "", &format!("{{\"code\":16,\"message\":\"no {before}\"}}")),
    })
    .await;
    let (_folder, path) = key_file();
    let profile = profile(&server.url, Credential::KeyFile(path));
    let connected = connect(&profile, settings()).await.expect("signed in");
    let bearer = connected.transport.tokens().bearer().await.expect("a token");
    write!(shown, "{profile:?} {connected:?} {bearer:?} {:?}", bearer.header()).expect("written");
    for place in ["cut", "redirect", "refused"] {
        let call = Call::get([place]);
        write!(shown, "{call:?} {call}").expect("written");
        let error = connected.transport.call(call).await.expect_err("refused");
        write!(shown, "{error:?} {error} {:?}", error.clone().into_problem("x")).expect("written");
    }
    let reply = connected.transport.call(Call::get(["page"])).await.expect("an answer");
    let error = reply.json::<Vec<u8>>().expect_err("no JSON");
    write!(shown, "{reply:?} {error:?} {error}").expect("written");

    let key = key();
    let assertion = Assertion::sign(&key, &server.url, Timestamp::now()).expect("signed");
    write!(shown, "{key:?} {assertion:?}").expect("written");
    let personal = Credential::Token(SecretString::from(PERSONAL));
    let source = TokenSource::with_personal_token(&SecretString::from(PERSONAL)).expect("a token");
    write!(shown, "{personal:?} {source:?} {:?}", source.bearer().await).expect("written");

    let logged = String::from_utf8_lossy(&log.0.lock().expect("not poisoned")).into_owned();
    assert!(logged.contains("got a token") && logged.contains("/refused"), "the log was recorded");
    let canaries = canaries(&server);
    assert!(canaries.len() > 20, "the canaries are found");
    for canary in canaries.iter().map(String::as_str).chain([assertion.expose()]) {
        assert!(!shown.contains(canary), "shown: {canary}");
        assert!(!logged.contains(canary), "logged: {canary}");
    }
}

/// Answers that cannot be read are described, not repeated: they may hold the token.
#[tokio::test]
async fn refusals_repeat_neither_the_file_nor_the_token() {
    let (_folder, path) = secret_file(&json!({"type": "serviceaccount", "key": "canary-key"}).to_string());
    let server = Server::start(|request, before| match request.path() {
        DISCOVERY_PATH => discovery(request),
        _ if before == 1 => answer(200, "", r#"{"access_token":"canary-token","token_type":7}"#),
        _ => token(before, 1),
    })
    .await;
    let of_file = connect(&profile(&server.url, Credential::KeyFile(path)), settings()).await;
    let (_good_folder, good) = key_file();
    let of_token = connect(&profile(&server.url, Credential::KeyFile(good)), settings()).await;
    for refusal in [of_file.expect_err("refused"), of_token.expect_err("refused")] {
        let shown = format!("{refusal:?} {refusal} {:?}", refusal.problem());
        assert!(!shown.contains("canary"), "{shown}");
    }
    assert!(!format!("{:?}", client(&server.url).await).contains("canary"));
}
