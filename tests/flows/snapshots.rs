//! Snapshots: saving one, browsing it without the server, comparing it with now.

use std::io::Write;

use rstest::rstest;
use zitui::demo::{Demo, Effect, Fault, Version};

use super::whole_loop::Person;
use super::{DEPLOY_BOT, PIRANESI, demo, managers, plain_http};

/// Makes the service user owner of an organization, as somebody else would.
fn add_owner(demo: &Demo) {
    let body = format!(r#"{{"userId":"{DEPLOY_BOT}","roles":["ORG_OWNER"]}}"#);
    plain_http::post(demo.url(), "/management/v1/orgs/me/members", &demo.pats()["zitui"], PIRANESI, &body);
    while !managers(demo).contains(DEPLOY_BOT) {}
}

/// Signed in, with a snapshot saved; its path.
async fn saved(demo: &Demo) -> (Person, String) {
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    let path = person.file("managers.json").display().to_string();
    person.press("g n G enter ctrl-u").await.type_text(&path).await.press("enter").await;
    person.sees("Written to");
    (person, path)
}

#[tokio::test]
async fn a_saved_snapshot_is_replaced_only_when_asked_and_is_the_same_for_the_same_state() {
    let demo = demo(Version::V4_15);
    let (mut person, path) = saved(&demo).await;
    let first = std::fs::read(&path).unwrap();
    std::fs::write(&path, "something else").unwrap();
    person.press("enter ctrl-u").await.type_text(&path).await.press("enter").await;
    person.sees("There is such a file already");
    assert_eq!(std::fs::read(&path).unwrap(), b"something else");
    person.press("enter").await.sees("Written to");
    assert_eq!(std::fs::read(&path).unwrap(), first);
}

#[tokio::test]
async fn a_snapshot_that_lacks_something_says_so() {
    let demo = demo(Version::V2_68);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    let refuse = Effect::Status { status: 403, retry_after: None, html: false };
    demo.faults().switch_on(Fault::new(refuse).on("/admin/v1/members/_search"));
    let path = person.file("managers.json").display().to_string();
    person.press("g n G enter ctrl-u").await.type_text(&path).await.press("enter").await;
    person.sees("in part: 1 list could not be read: managers of Nordwind");
}

#[tokio::test]
async fn a_snapshot_is_browsed_when_the_server_is_gone() {
    let demo = demo(Version::V4_15);
    let (mut person, path) = saved(&demo).await;
    drop(demo);
    person.press("g g enter").await.type_text(&path).await.press("enter").await;
    person.sees("Claire Beaumont").sees("it only shows").sees("Snapshot (read-only)");
    person.press("/").await.type_text("role:IAM_ADMIN_IMPERSONATOR").await.press("enter").await;
    person.sees("Samuel Adeyemi");
    person.press("d").await;
    person.sees("Cannot remove: this is a snapshot");
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn comparing_with_now_tells_who_came_and_who_did_it(#[case] version: Version) {
    let demo = demo(version);
    let (mut person, path) = saved(&demo).await;
    person.press("g g j enter").await.type_text(&path).await.press("enter").await;
    person.sees("0 differences").sees("Nothing differs");
    add_owner(&demo);
    person.press("r").await.sees("1 difference").sees("added").sees("Deploy Bot").sees("+ORG_OWNER");
    let row = person.screen().lines().find(|line| line.contains("added")).map(str::to_owned);
    assert!(row.is_some_and(|row| row.contains("zitui")), "who did it:\n{}", person.screen());
    person.press("enter").await.sees("Piranesi Studio");
}

#[tokio::test]
async fn who_did_it_is_left_out_where_events_may_not_be_read() {
    let demo = demo(Version::V4_15);
    let (mut person, path) = saved(&demo).await;
    add_owner(&demo);
    let refuse = Effect::Status { status: 403, retry_after: None, html: false };
    demo.faults().switch_on(Fault::new(refuse).on("/admin/v1/events/_search"));
    person.press("g g j enter").await.type_text(&path).await.press("enter").await;
    person.sees("1 difference").sees("Deploy Bot").sees("Who did it cannot be told");
}

#[tokio::test]
async fn what_is_no_snapshot_is_told_in_the_form() {
    let demo = demo(Version::V4_15);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    let path = person.file("notes.json");
    std::fs::File::create(&path).unwrap().write_all(b"{}").unwrap();
    let path = path.display().to_string();
    person.press("g n enter").await.type_text(&path).await.press("enter").await;
    person.sees("Cannot use the snapshot").sees("it is no snapshot");
    person.press("ctrl-u").await.type_text(&(path + "x")).await.press("enter").await.sees("snapshot save");
}
