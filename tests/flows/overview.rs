//! All managers, and what one person manages.

use std::time::Duration;

use rstest::rstest;
use zitui::demo::{Demo, Effect, Fault, Version};

use super::whole_loop::Person;
use super::{demo, plain_http};

/// All rows of the demo's world.
const ROWS: usize = 111;

/// A service user that manages the instance and three organizations.
const DIRECTORY_SYNC: &str = "281546009748871870";

/// The managers of the instance as the server tells them to anybody.
fn instance_managers(demo: &Demo) -> String {
    plain_http::post(demo.url(), "/admin/v1/members/_search", &demo.pats()["zitui"], "", "{}")
}

async fn at_all_managers(demo: &Demo) -> Person {
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await.press("g a").await;
    person
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn every_manager_of_the_world_is_one_row(#[case] version: Version) {
    let demo = demo(version);
    let mut person = at_all_managers(&demo).await;
    person.sees(&format!("{ROWS} rows")).sees("instance").does_not_see("could not be read");
    person.press("/").await.type_text("user:adeyemi !level:org").await;
    person.sees(&format!("2 of {ROWS}")).sees("IAM_ADMIN_IMPERSO").sees("PROJECT_OWNER_VIE");
}

#[tokio::test]
async fn what_may_not_be_read_is_listed_and_the_rest_is_shown() {
    let demo = demo(Version::V2_68);
    let refuse = Effect::Status { status: 403, retry_after: None, html: false };
    demo.faults().switch_on(Fault::new(refuse).on("/management/v1/projects/_search"));
    let mut person = at_all_managers(&demo).await;
    person.sees("could not be read").sees("ORG_OWNER");
    person.press("w").await.sees("Could not be read").sees("projects of");
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_15)]
#[tokio::test]
async fn the_sheet_tells_everything_managed_and_who_gave_it(#[case] version: Version) {
    let demo = demo(version);
    let mut person = at_all_managers(&demo).await;
    person.press("/").await.type_text("user:adeyemi level:instance").await.press("enter enter").await;
    person.sees("Samuel Adeyemi").sees("⚠ Can act in the").sees("Nordwind (IAM_ADMIN_IMPERSONATOR)");
    let screen = person.screen();
    let line =
        screen.lines().find(|line| line.contains("IAM_ADMIN_IMPERSONATOR") && line.contains("2023-11-06"));
    assert!(line.is_some_and(|line| line.contains("Friederike Osterloh")), "{screen}");
    person.sees("PROJECT_OWNER_VIEWER").sees("ORG_USER_MANAGER");
}

#[tokio::test]
async fn everything_that_a_person_manages_is_removed_in_one_review() {
    let demo = demo(Version::V4_15);
    let mut person = at_all_managers(&demo).await;
    person.press("/").await.type_text("user:\"directory sync\"").await.sees(&format!("4 of {ROWS}"));
    person.press("enter enter D").await;
    for resource in ["Nordwind", "ORG_USER_MANAGER", "IAM_USER_MANAGER"] {
        person.sees(resource);
    }
    assert!(instance_managers(&demo).contains(DIRECTORY_SYNC));
    person.press("enter").await.sees("is no manager of Nordwind any more");
    person.press("enter").await.sees("This user manages nothing");
    assert!(!instance_managers(&demo).contains(DIRECTORY_SYNC));
    person.press("esc").await.sees(&format!("0 of {}", ROWS - 4));
}

#[tokio::test]
async fn escape_stops_a_long_reading_and_keeps_what_came() {
    let demo = demo(Version::V2_68);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    demo.faults().switch_on(Fault::new(Effect::Latency(Duration::from_secs(30))));
    person.press_without_waiting("g").await.press_without_waiting("a").await.sees("loading");
    person.press_without_waiting("esc").await.sees("Stopped").sees("r reads again");
    person.press_without_waiting("esc").await.sees("Go to");
}
