//! What an operator does, from the key press to the server and back, through the whole interactive program.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what broke by failing"
)]

#[path = "flows/access_review.rs"]
mod access_review;
#[path = "flows/levels.rs"]
mod levels;
#[path = "flows/overview.rs"]
mod overview;
#[path = "support/plain_http.rs"]
mod plain_http;
#[path = "flows/plans.rs"]
mod plans;
#[path = "flows/snapshots.rs"]
mod snapshots;
#[path = "support/whole_loop.rs"]
mod whole_loop;

use std::io::Write;
use std::time::{Duration, Instant};

use rstest::rstest;
use whole_loop::Person;
use zitui::demo::{Demo, Effect, Fault, Options, Version};

/// The organization of the flows, and a service user of another one.
const PIRANESI: &str = "281545353683074101";
const DEPLOY_BOT: &str = "281547869039287111";
const DONE: &str = "Done: Deploy Bot is ORG_OWNER on Piranesi Studio, as read back";
/// The write, as the newest version serves it.
const WRITE: &str = "CreateAdministrator";

fn demo(version: Version) -> Demo {
    Demo::start(Options { version, ..Options::default() }).unwrap()
}

async fn at_organizations(demo: &Demo) -> Person {
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await.sees("signed in");
    person.press("g o").await.sees("13 organizations");
    person
}

/// From the list of organizations to the review of the change.
async fn to_review(person: &mut Person) {
    person.press("/").await.type_text("piranesi").await.press("enter enter").await;
    person.sees("Chiara").does_not_see("Deploy Bot");
    person.press("a").await.type_text("deploy").await.sees("deploy-bot");
    person.press("enter").await.sees("ORG_OWNER");
    person.press("enter").await.sees("+ ORG_OWNER").sees("Nothing was sent so far");
}

/// The managers of the organization as the server tells them to anybody.
fn managers(demo: &Demo) -> String {
    let path = "/management/v1/orgs/me/members/_search";
    plain_http::post(demo.url(), path, &demo.pats()["zitui"], PIRANESI, "{}")
}

fn writes(demo: &Demo) -> usize {
    demo.requests().iter().filter(|request| request.ends_with(WRITE)).count()
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn a_service_user_of_another_organization_becomes_owner(#[case] version: Version) {
    let demo = demo(version);
    let mut person = at_organizations(&demo).await;
    let before = person.presses();
    to_review(&mut person).await;
    person.press("enter").await.sees(DONE);
    assert!(person.presses() - before <= 12, "{} key presses", person.presses() - before);
    let row = person.screen().lines().find(|line| line.contains("Deploy Bot ")).map(str::to_owned);
    assert!(row.is_some_and(|row| row.contains("ORG_OWNER")), "{}", person.screen());
    assert!(managers(&demo).contains(DEPLOY_BOT));
}

#[tokio::test]
async fn every_key_answers_at_once_while_the_server_takes_two_seconds() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    demo.faults().switch_on(Fault::new(Effect::Latency(Duration::from_secs(2))));
    let before = Instant::now();
    person.press_without_waiting("r").await;
    person.press_without_waiting("?").await.sees("type to search");
    person.press_without_waiting("esc").await.sees("Piranesi Studio");
    assert!(before.elapsed() < Duration::from_millis(500), "{:?} for three keys", before.elapsed());
    to_review(&mut person).await;
    person.press("enter").await.sees(DONE);
    assert!(managers(&demo).contains(DEPLOY_BOT));
}

#[tokio::test]
async fn a_token_that_expires_midway_is_renewed_unseen() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    demo.expire_tokens();
    person.press("enter").await.sees(DONE);
    assert!(managers(&demo).contains(DEPLOY_BOT));
}

#[tokio::test]
async fn a_list_that_lags_behind_the_write_is_read_until_it_shows() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    demo.faults().switch_on(Fault::new(Effect::Lag(Duration::from_secs(2))));
    person.press("enter").await.sees(DONE);
    assert_eq!(writes(&demo), 1);
}

#[tokio::test]
async fn a_change_that_does_not_show_in_time_is_not_called_done() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    demo.faults().switch_on(Fault::new(Effect::Lag(Duration::from_secs(3600))));
    person.press("enter").await.sees("Accepted, but not visible yet").does_not_see(DONE);
    assert_eq!(writes(&demo), 1);
}

#[tokio::test]
async fn what_somebody_else_did_meanwhile_is_not_done_again() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    let body = format!(r#"{{"userId":"{DEPLOY_BOT}","roles":["ORG_OWNER"]}}"#);
    plain_http::post(demo.url(), "/management/v1/orgs/me/members", &demo.pats()["zitui"], PIRANESI, &body);
    // The list shows it once the read-back of this other change would.
    while !managers(&demo).contains(DEPLOY_BOT) {}
    person.press("enter").await.sees("Nothing sent: it is already so");
    assert_eq!(writes(&demo), 0);
}

#[tokio::test]
async fn roles_that_somebody_else_gave_meanwhile_are_shown_and_kept() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    let body = format!(r#"{{"userId":"{DEPLOY_BOT}","roles":["ORG_USER_MANAGER"]}}"#);
    plain_http::post(demo.url(), "/management/v1/orgs/me/members", &demo.pats()["zitui"], PIRANESI, &body);
    while !managers(&demo).contains(DEPLOY_BOT) {}
    person.press("enter").await.sees("somebody changed Deploy Bot").sees("What holds now: ORG_USER_MANAGER");
    assert_eq!(writes(&demo), 0);
}

#[tokio::test]
async fn a_refused_write_tells_why_and_changes_nothing() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    let refuse = Effect::Status { status: 403, retry_after: None, html: false };
    demo.faults().switch_on(Fault::new(refuse).on(WRITE));
    person.press("enter").await.sees("Not done, nothing was written").does_not_see(DONE);
    assert!(!managers(&demo).contains(DEPLOY_BOT));
    assert_eq!(writes(&demo), 1);
}

#[tokio::test]
async fn who_may_not_write_sees_why_before_trying() {
    let demo = demo(Version::V4_15);
    let mut key_file = tempfile::NamedTempFile::new().unwrap();
    key_file.write_all(demo.issue_key("audit-export").unwrap().as_bytes()).unwrap();
    let mut person = Person::at(demo.url(), key_file.path());
    person.settle().await.press("g o").await;
    person.press("/").await.type_text("piranesi").await.press("enter enter a").await;
    person.sees("org.member.write").does_not_see("2 User");
    assert_eq!(writes(&demo), 0);
}

#[rstest]
#[case::carried_out(Effect::CutAfter, DONE, true)]
#[case::not_carried_out(Effect::CutBefore, "It may be tried again", false)]
#[tokio::test]
async fn after_a_cut_connection_only_reading_decides(
    #[case] cut: Effect,
    #[case] told: &str,
    #[case] happened: bool,
) {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    demo.faults().switch_on(Fault::new(cut).on(WRITE));
    person.press("enter").await.sees(told);
    assert_eq!(managers(&demo).contains(DEPLOY_BOT), happened);
    assert_eq!(writes(&demo), 1, "a write is never repeated blindly");
}

#[tokio::test]
async fn leaving_waits_for_a_write_and_the_second_wish_does_not() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    demo.faults().switch_on(Fault::new(Effect::Hang).on(WRITE));
    person.press_without_waiting("enter").await.press_without_waiting("ctrl-c").await;
    assert_eq!(person.left(), None);
    person.sees("once more leaves at once");
    person.press_without_waiting("ctrl-c").await;
    assert_eq!(person.left(), Some(0));
}

#[tokio::test]
async fn escape_leaves_what_never_loads() {
    let demo = demo(Version::V4_15);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    demo.faults().switch_on(Fault::new(Effect::Hang));
    person.press_without_waiting("g").await.press_without_waiting("o").await.sees("Organizations");
    person.press_without_waiting("esc").await.sees("Go to");
    person.press_without_waiting("q").await;
    assert_eq!(person.left(), Some(0));
}
