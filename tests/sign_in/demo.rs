//! The whole sign-in against the demo instance, in each version that it imitates.

use std::path::PathBuf;

use rstest::rstest;
use secrecy::SecretString;
use tempfile::TempDir;
use zitui::config::paths::Paths;
use zitui::config::profile::Credential;
use zitui::demo::{Demo, Effect, Fault, Options, UserState, Version};
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::engine::{Session, sign_in};

use crate::world::{profile, secret_file};

fn start(version: &str) -> Demo {
    let version: Version = version.parse().expect("a version");
    Demo::start(Options { version, ..Options::default() }).expect("a demo")
}

async fn enter(demo: &Demo, credential: Credential) -> Result<Session, Problem> {
    let state = tempfile::tempdir().expect("a folder");
    let paths = Paths { config_file: PathBuf::new(), state_folder: state.path().to_owned() };
    sign_in(&profile(demo.url(), credential), &paths).await
}

async fn refused(demo: &Demo, credential: Credential) -> Problem {
    match enter(demo, credential).await {
        Ok(session) => panic!("signed in: {session:?}"),
        Err(problem) => problem,
    }
}

/// A service user with a key that is not the demo's own.
fn other_key(demo: &Demo) -> (String, String, TempDir, PathBuf) {
    let login = demo.pats().keys().next().expect("a service user").clone();
    let content = demo.issue_key(&login).expect("a key");
    let parsed: serde_json::Value = serde_json::from_str(&content).expect("JSON");
    let key_id = parsed["keyId"].as_str().expect("an id").to_owned();
    let (folder, path) = secret_file(&content);
    (login, key_id, folder, path)
}

#[rstest]
#[case("2.68", false)]
#[case("4.3", false)]
#[case("4.15", true)]
#[tokio::test]
async fn a_key_signs_in(#[case] version: &str, #[case] administrators_v2: bool) {
    let demo = start(version);
    let session = enter(&demo, Credential::KeyFile(demo.key_file().to_owned())).await.expect("signed in");
    let facts = session.facts();
    assert_eq!(facts.issuer.as_str(), demo.url());
    assert_eq!(facts.capabilities.administrators_v2, administrators_v2);
    assert!(facts.capabilities.organizations_v2 && facts.capabilities.users_v2);
    assert!(
        facts.version.as_ref().is_some_and(|told| told.as_str().contains(version)),
        "{:?}",
        facts.version
    );
    assert!(facts.token_expires.is_some() && facts.notices.is_empty());
    assert!(!facts.memberships.is_empty() && !facts.identity.login_name.is_empty());
}

#[tokio::test]
async fn a_personal_access_token_signs_in() {
    let demo = start("4.15");
    for (login, token) in demo.pats() {
        let session = enter(&demo, Credential::Token(SecretString::from(token.as_str()))).await;
        let session = session.expect("signed in");
        assert_eq!(session.facts().identity.login_name.as_str(), login);
        assert_eq!(session.facts().token_expires, None);
    }
}

#[rstest]
#[tokio::test]
async fn a_removed_key(#[values("2.68", "4.3", "4.15")] version: &str) {
    let demo = start(version);
    let (_login, key_id, _folder, path) = other_key(&demo);
    assert!(enter(&demo, Credential::KeyFile(path.clone())).await.is_ok());
    demo.remove_key(&key_id);
    let problem = refused(&demo, Credential::KeyFile(path)).await;
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    assert!(problem.why.as_str().contains("rejected the assertion"), "{problem}");
}

#[rstest]
#[case::inactive(UserState::Inactive, "deactivated or locked")]
#[case::locked(UserState::Locked, "deactivated or locked")]
#[case::removed(UserState::Removed, "rejected the assertion")]
#[tokio::test]
async fn a_user_that_may_not_sign_in(
    #[case] state: UserState,
    #[case] why: &str,
    #[values("2.68", "4.3", "4.15")] version: &str,
) {
    let demo = start(version);
    let (login, _key_id, _folder, path) = other_key(&demo);
    demo.set_user_state(&login, state);
    let problem = refused(&demo, Credential::KeyFile(path)).await;
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    assert!(problem.why.as_str().contains(why), "{problem}");
}

#[rstest]
#[case::server_ahead(3600, "behind")]
#[case::server_behind(-3600, "ahead of")]
#[tokio::test]
async fn a_clock_that_is_off(
    #[case] seconds: i64,
    #[case] why: &str,
    #[values("2.68", "4.3", "4.15")] version: &str,
) {
    let demo = start(version);
    demo.faults().switch_on(Fault::new(Effect::Clock(seconds)));
    let problem = refused(&demo, Credential::KeyFile(demo.key_file().to_owned())).await;
    assert!(problem.why.as_str().contains("60 min") || problem.why.as_str().contains("59 min"), "{problem}");
    assert!(problem.why.as_str().contains(why), "{problem}");
}

#[tokio::test]
async fn a_token_without_the_audience_of_the_api() {
    let demo = start("4.15");
    demo.faults().switch_on(Fault::new(Effect::TokenExpired).on("/auth/v1/"));
    let problem = refused(&demo, Credential::KeyFile(demo.key_file().to_owned())).await;
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    assert!(problem.why.as_str().contains("audience"), "{problem}");
    let tokens = demo.requests().iter().filter(|request| request.as_str() == "POST /oauth/v2/token").count();
    assert_eq!(tokens, 2, "renewed once, also by many calls at once");
}

#[tokio::test]
async fn a_personal_access_token_that_is_not_accepted() {
    let demo = start("4.15");
    let problem = refused(&demo, Credential::Token(SecretString::from("removed-long-ago"))).await;
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
    assert!(problem.why.as_str().contains("personal access token is not accepted"), "{problem}");
}

#[tokio::test]
async fn a_session_goes_on_when_its_token_ends_midway() {
    let demo = start("4.15");
    let session = enter(&demo, Credential::KeyFile(demo.key_file().to_owned())).await.expect("signed in");
    demo.expire_tokens();
    let home = session.facts().identity.organization.clone();
    let permissions = session.permissions(&home).await.expect("renewed and asked again");
    assert!(permissions.allow("org.member.write"));
}
