//! The access review: from what was found to its fix, accepting, exporting, and what may go wrong meanwhile.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use rstest::rstest;
use zitui::demo::{Demo, Effect, Fault, Version};

use super::demo;
use super::whole_loop::Person;

/// A finding of the demo's world that removing one manager mends.
const CLAIRE: &str = "zr010 claire beaumont";
const CLAIRE_IN_FULL: &str = "ZR010 Claire Beaumont on Nordwind Holding";

/// On the access review, which is read; acceptances go into the file that the configuration names.
async fn at_review(demo: &Demo) -> (Person, PathBuf) {
    let mut person = Person::at(demo.url(), demo.key_file());
    std::fs::write(person.file("config.toml"), "[review]\naccepted = \"accepted.toml\"\n").unwrap();
    let accepted = person.file("accepted.toml");
    std::fs::write(&accepted, "# ours\n").unwrap();
    person.settle().await.press("g v").await;
    (person, accepted)
}

/// With the cursor on one finding.
async fn at_claire(demo: &Demo) -> (Person, PathBuf) {
    let (mut person, accepted) = at_review(demo).await;
    person.press("/").await.type_text(CLAIRE).await.press("enter").await;
    person.sees("1 of ").sees("high").sees("ZR010");
    (person, accepted)
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn a_finding_leads_to_its_fix_and_reviewing_again_shows_it_gone(#[case] version: Version) {
    let demo = demo(version);
    let (mut person, _) = at_claire(&demo).await;
    person.press("enter").await.sees(CLAIRE_IN_FULL).sees("ORG_USER_MANAGER in Nordwind Holding");
    person.press("j d").await.sees("− ORG_USER_MANAGER");
    person.press("enter").await.sees("is no manager of Nordwind Holding any more");
    person.sees(CLAIRE_IN_FULL).sees("changed after this was read");
    person.press("r").await.sees(&format!("{CLAIRE_IN_FULL} is not found any more"));
    person.sees("0 of ").does_not_see("Claire Beaumont holds");
}

#[tokio::test]
async fn accepting_writes_the_file_marks_the_finding_and_the_next_review_knows_it() {
    let demo = demo(Version::V4_15);
    let (mut person, accepted) = at_claire(&demo).await;
    person.press("A").await.type_text("moves in spring").await.press("tab tab ctrl-u").await;
    person.type_text("Ada").await.press("enter").await.sees("Accepted until").sees("1 accepted");
    let text = std::fs::read_to_string(&accepted).unwrap();
    assert!(text.starts_with("# ours\n") && text.contains("\"moves in spring\""), "{text}");
    assert!(text.contains("author = \"Ada\"") && text.contains("# ZR010 Claire Beaumont"), "{text}");
    person.press("r").await.sees("1 accepted").sees("accepted to ");
    person.press("A").await;
    person.sees("Cannot accept: it is accepted until").sees("accepted.toml to take that back");
}

#[tokio::test]
async fn a_file_of_acceptances_with_a_mistake_is_told_with_its_line() {
    let demo = demo(Version::V4_15);
    let (mut person, accepted) = at_claire(&demo).await;
    std::fs::write(&accepted, "[[accepted]]\nfindng = \"x\"\n").unwrap();
    person.press("A").await.type_text("x").await.press("tab tab").await.type_text("y").await;
    person.press("enter").await.sees("line 2, column 1").sees("did you mean finding?");
    assert!(std::fs::read_to_string(&accepted).unwrap().contains("findng"), "it is left alone");
    person.press("esc").await.does_not_see("1 accepted");
    person.press("r").await.sees("line 2, column 1");
}

#[rstest]
#[case("md", "# Access review of ")]
#[case("csv", "entry,severity,rule")]
#[case("json", "{\n")]
#[case("sarif", "{\n")]
#[tokio::test]
async fn the_whole_review_is_exported(#[case] ending: &str, #[case] start: &str) {
    let demo = demo(Version::V4_15);
    let (mut person, _) = at_claire(&demo).await;
    let path = person.file("review").with_extension(ending);
    let typed = path.display().to_string();
    person.press("E ctrl-u").await.type_text(&typed).await.press("enter").await.sees("Written to");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("ZR010") && text.contains("ZR002"), "not only what the filter shows");
    std::fs::write(&path, "precious").unwrap();
    person.press("E ctrl-u").await.type_text(&typed).await.press("enter").await;
    person.sees("There is such a file already");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    person.press("backspace").await.press("enter").await.sees("let the name end with .md");
}

#[tokio::test]
async fn who_manages_one_organization_is_told_the_blind_spots() {
    let demo = demo(Version::V4_15);
    let mut key_file = tempfile::NamedTempFile::new().unwrap();
    key_file.write_all(demo.issue_key("fleet-tracker").unwrap().as_bytes()).unwrap();
    let mut person = Person::at(demo.url(), key_file.path());
    person.settle().await.press("g v").await.sees("Blind spots (w): ");
    person.press("w").await.sees("Blind spot").sees("Missing permission: org.member.read").sees("ZR001");
}

#[tokio::test]
async fn escape_stops_a_long_review_and_every_key_answers_meanwhile() {
    let demo = demo(Version::V4_15);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    demo.faults().switch_on(Fault::new(Effect::Latency(Duration::from_secs(30))));
    person.press_without_waiting("g").await.press_without_waiting("v").await.sees("reading");
    person.press_without_waiting("?").await.sees("type to search");
    person.press_without_waiting("esc").await.press_without_waiting("esc").await.sees("Stopped");
    person.press_without_waiting("esc").await.sees("Go to");
}

#[tokio::test]
async fn a_session_that_ends_is_told_and_what_was_found_stays() {
    let demo = demo(Version::V4_15);
    let (mut person, _) = at_claire(&demo).await;
    let key: serde_json::Value = serde_json::from_slice(&std::fs::read(demo.key_file()).unwrap()).unwrap();
    demo.remove_key(key["keyId"].as_str().unwrap());
    demo.expire_tokens();
    person.press("r").await.sees("✗").sees("ZR010").does_not_see("signed in\n");
}

#[tokio::test]
async fn a_server_that_goes_away_is_told_and_what_was_found_stays() {
    let demo = demo(Version::V4_15);
    let (mut person, _) = at_claire(&demo).await;
    drop(demo);
    person.press("r").await.sees("✗").sees("ZR010");
}
