//! Key files and token files that cannot be used.

use std::path::{Path, PathBuf};

use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};
use zitui::auth::refusal::{FileFailure, SecretFile, SignInRefusal};
use zitui::config::profile::Credential;
use zitui::domain::problem::ProblemKind;
use zitui::engine::sign_in::connect;

use crate::scripted::{Server, answer};
use crate::world::{PEM, key_content, key_file, profile, secret_file, set_mode, settings};

/// Signs in against a server that must not be asked, and returns why it was not.
async fn refused(credential: Credential) -> SignInRefusal {
    let server = Server::start(|_, _| answer(200, "", "{}")).await;
    let refusal = connect(&profile(&server.url, credential), settings()).await.expect_err("refused");
    assert!(server.requests().is_empty(), "nothing may be sent");
    refusal
}

async fn failure_of(path: &Path) -> FileFailure {
    let refusal = refused(Credential::KeyFile(path.to_owned())).await;
    let problem = refusal.problem();
    assert!(problem.why.as_str().contains("key file"), "{problem}");
    assert!(!problem.fix.is_empty(), "{problem}");
    match refusal {
        SignInRefusal::File { file: SecretFile::Key, failure, .. } => failure,
        other => panic!("another refusal: {other:?}"),
    }
}

async fn failure_of_content(content: &str) -> FileFailure {
    let (_folder, path) = secret_file(content);
    failure_of(&path).await
}

fn changed(field: &str, value: Value) -> String {
    let mut content = key_content();
    content[field] = value;
    content.to_string()
}

#[tokio::test]
async fn a_missing_file() {
    assert_eq!(failure_of(Path::new("/nowhere/key.json")).await, FileFailure::Missing);
}

#[cfg(unix)]
#[tokio::test]
async fn an_unreadable_file() {
    let (folder, _path) = key_file();
    let link = folder.path().join("loop");
    std::os::unix::fs::symlink(&link, &link).expect("a link to itself");
    assert!(matches!(failure_of(&link).await, FileFailure::Unreadable { .. }));
}

#[tokio::test]
async fn a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(failure_of(folder.path()).await, FileFailure::NotRegular);
}

/// Opening a pipe without a writer would wait for ever.
#[cfg(unix)]
#[tokio::test]
async fn a_pipe_does_not_hang_the_sign_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(failure_of(&path).await, FileFailure::NotRegular);
}

#[cfg(unix)]
#[rstest]
#[case::group_reads(0o640)]
#[case::all_read(0o644)]
#[case::others_write(0o602)]
#[tokio::test]
async fn a_file_that_others_may_open(#[case] mode: u32) {
    let (_folder, path) = key_file();
    set_mode(&path, mode);
    assert_eq!(failure_of(&path).await, FileFailure::TooOpen { mode });
    let problem = refused(Credential::KeyFile(path.clone())).await.problem();
    assert_eq!(problem.fix.as_str(), format!("Run: chmod 600 {}", path.display()));
}

#[tokio::test]
async fn a_file_that_is_too_large() {
    assert_eq!(failure_of_content(&" ".repeat(65 * 1024)).await, FileFailure::TooLarge);
}

#[rstest]
#[case::not_json("hello", FileFailure::NotJson { line: 1, column: 1 })]
#[case::bare_pem(PEM.trim_start_matches(|letter| letter != '-'), FileFailure::BarePem)]
#[case::application_key(&changed("type", json!("application")), FileFailure::ApplicationKey)]
#[case::no_user(&changed("userId", json!(null)), FileFailure::Incomplete { field: "userId" })]
#[case::not_a_pem(&changed("key", json!("no key")), FileFailure::NotPem)]
#[tokio::test]
async fn another_content(#[case] content: &str, #[case] failure: FileFailure) {
    assert_eq!(failure_of_content(content).await, failure);
}

#[tokio::test]
async fn an_expired_key_is_told_with_its_date() {
    let (_folder, path) = secret_file(&changed("expirationDate", json!("2020-02-03T04:05:06Z")));
    let problem = refused(Credential::KeyFile(path)).await.problem();
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    assert!(problem.why.as_str().contains("2020-02-03 04:05 UTC"), "{problem}");
}

#[rstest]
#[case::empty("")]
#[case::a_key_file(PEM)]
#[case::two_lines("abc\ndef\n")]
#[tokio::test]
async fn a_token_file_without_exactly_one_token(#[case] content: &str) {
    let (_folder, path) = secret_file(content);
    let refusal = refused(Credential::TokenFile(path)).await;
    assert!(matches!(
        refusal,
        SignInRefusal::File { file: SecretFile::Token, failure: FileFailure::NotAToken, .. }
    ));
}

#[tokio::test]
async fn an_empty_token_in_the_environment() {
    assert_eq!(refused(Credential::Token(SecretString::from(" "))).await, SignInRefusal::NotAToken);
}

#[rstest]
#[case::missing(None)]
#[case::no_certificate(Some("-----BEGIN NOTHING-----\n"))]
#[case::damaged(Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))]
#[tokio::test]
async fn a_ca_file_that_cannot_be_used(#[case] content: Option<&str>) {
    let (_folder, key) = key_file();
    let (_ca_folder, ca) = match content {
        Some(content) => secret_file(content),
        None => (tempfile::tempdir().expect("a folder"), PathBuf::from("/nowhere/ca.pem")),
    };
    let mut profile = profile("http://127.0.0.1:9", Credential::KeyFile(key));
    profile.ca_file = Some(ca);
    let refusal = connect(&profile, settings()).await.expect_err("refused");
    assert!(matches!(refusal, SignInRefusal::CaFile { .. }), "{refusal:?}");
}

#[test]
fn every_failure_has_a_text_of_its_own() {
    let failures = [
        FileFailure::Missing,
        FileFailure::Unreadable { detail: "x".into() },
        FileFailure::NotRegular,
        FileFailure::TooLarge,
        FileFailure::TooOpen { mode: 0o644 },
        FileFailure::NotJson { line: 1, column: 1 },
        FileFailure::BarePem,
        FileFailure::Incomplete { field: "key" },
        FileFailure::ApplicationKey,
        FileFailure::UnknownType { kind: "x".into() },
        FileFailure::Expired { at: jiff::Timestamp::UNIX_EPOCH },
        FileFailure::NotPem,
        FileFailure::NotRsa,
        FileFailure::NotAToken,
    ];
    let texts: std::collections::BTreeSet<String> = failures
        .iter()
        .map(|failure| {
            let refusal = SignInRefusal::File {
                file: SecretFile::Key,
                path: "key.json".into(),
                failure: failure.clone(),
            };
            refusal.problem().why.to_string()
        })
        .collect();
    assert_eq!(texts.len(), failures.len());
}
