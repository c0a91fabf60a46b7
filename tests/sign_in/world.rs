//! What the tests share: profiles, key files, settings with short times, and a scripted ZITADEL.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;
use zitui::auth::http::{HttpClient, HttpSettings};
use zitui::auth::key_file::KeyFile;
use zitui::auth::refusal::SignInRefusal;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::engine::sign_in::{Connected, connect};

use crate::scripted::{Reaction, Request, Server, json as json_answer};

pub(crate) const TOKEN_PATH: &str = "/oauth/v2/token";
pub(crate) const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";
pub(crate) const PEM: &str = include_str!("../../assets/demo/throw-away-key.pem");

pub(crate) fn key_content() -> Value {
    json!({"type": "serviceaccount", "keyId": "key-1", "key": PEM, "userId": "user-1"})
}

/// A file that only its owner may read; the folder lives as long as the first value.
pub(crate) fn secret_file(content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, content).expect("written");
    set_mode(&path, 0o600);
    (folder, path)
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_path: &Path, _mode: u32) {}

pub(crate) fn key_file() -> (TempDir, PathBuf) {
    secret_file(&key_content().to_string())
}

pub(crate) fn key() -> KeyFile {
    let (_folder, path) = key_file();
    KeyFile::read(&path, Timestamp::now()).expect("a key")
}

pub(crate) fn profile(url: &str, credential: Credential) -> Profile {
    Profile {
        name: "test".to_owned(),
        url: Url::parse(url).expect("a URL"),
        credential,
        ca_file: None,
        colour: None,
        read_only: false,
        protected: false,
        api: ApiChoice::Auto,
        token_cache: true,
        stored: false,
    }
}

pub(crate) fn settings() -> HttpSettings {
    HttpSettings::default()
}

/// Short times, for tests of time-outs only: on a busy machine a good answer may take longer.
pub(crate) fn impatient() -> HttpSettings {
    HttpSettings {
        connect_timeout: Duration::from_millis(300),
        read_timeout: Duration::from_millis(300),
        ..HttpSettings::default()
    }
}

pub(crate) async fn client(url: &str) -> HttpClient {
    HttpClient::build(&settings(), &Url::parse(url).expect("a URL")).await.expect("a client")
}

/// Connects with a good key.
pub(crate) async fn connect_to(url: &str) -> Result<Connected, SignInRefusal> {
    let (_folder, path) = key_file();
    connect(&profile(url, Credential::KeyFile(path)), settings()).await
}

/// The refusal, which must have a text of its own and something to do.
pub(crate) async fn refusal_of(url: &str) -> SignInRefusal {
    let refusal = connect_to(url).await.expect_err("refused");
    let problem = refusal.problem();
    assert!(!problem.why.is_empty() && !problem.fix.is_empty(), "{problem}");
    refusal
}

pub(crate) fn host(request: &Request) -> String {
    request.header("host").expect("a host").to_owned()
}

pub(crate) fn discovery(request: &Request) -> Reaction {
    let issuer = format!("http://{}", host(request));
    json_answer(200, &json!({"issuer": issuer, "token_endpoint": format!("{issuer}{TOKEN_PATH}")}))
}

pub(crate) fn token(number: usize, lifetime: u64) -> Reaction {
    json_answer(
        200,
        &json!({"access_token": format!("token-{number}"), "token_type": "Bearer", "expires_in": lifetime}),
    )
}

/// A server that answers discovery and tokens well, and the rest as `script` says.
pub(crate) async fn zitadel(script: impl Fn(&Request, usize) -> Reaction + Send + Sync + 'static) -> Server {
    Server::start(move |request, before| match request.path() {
        DISCOVERY_PATH => discovery(request),
        TOKEN_PATH => token(before, 43_199),
        _ => script(request, before),
    })
    .await
}

/// A server that answers discovery well and the token request as `script` says.
pub(crate) async fn refusing(script: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Server {
    Server::start(move |request, _before| match request.path() {
        DISCOVERY_PATH => discovery(request),
        _ => script(request),
    })
    .await
}
