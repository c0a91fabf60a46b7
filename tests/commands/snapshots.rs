//! `zitui snapshot`: the same state is the same file, what changed is told with who did it, and what could not be read
//! is never said to have gone.

use rstest::rstest;
use zitui::demo::{Effect, Fault, Version};

use crate::stage::Stage;

/// Every version, and on those that have v2, both ways to read.
#[rstest]
fn the_same_state_makes_the_same_file_whichever_way_it_is_read(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let first = stage.line("snapshot save -").exits(0).stdout;
    assert_eq!(stage.line("snapshot save -").exits(0).stdout, first);
    assert_eq!(stage.line("snapshot save - --api v1").exits(0).stdout, first);
    assert_eq!(first.matches("\"user\":").count(), 6, "{first}");
    assert!(!first.contains("mail.example"), "e-mail addresses are not kept: {first}");
    stage.line("snapshot save here.json").exits(0).complains("saved 6 managers to here.json");
    let saved = std::fs::read_to_string(stage.home.path().join("here.json")).expect("written");
    assert_eq!(saved, first);
    let unchanged = stage.line("snapshot diff here.json now").exits(0);
    assert!(unchanged.complains("no manager differs").stdout.lines().count() == 1);
}

#[rstest]
fn a_difference_is_told_with_who_did_it_and_when(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    stage.line("snapshot save before.json").exits(0);
    for line in [
        "managers add --project Billing --user deploy-bot --role PROJECT_OWNER",
        "managers set --org Globex --user globex-viewer --role ORG_USER_MANAGER",
        "managers remove --grant 401 --user alice.two --allow-lockout 401",
    ] {
        stage.line(&format!("{line} --yes")).exits(0);
    }
    let run = stage.line("snapshot diff before.json now -o json").exits(1);
    assert_eq!(run.rows("/difference"), ["changed", "added", "removed"]);
    assert_eq!(run.rows("/resource/name"), ["Globex", "Billing", "Portal → Initech"]);
    assert_eq!(run.rows("/user/login_name"), ["globex-viewer", "deploy-bot", "alice.two"]);
    assert_eq!(run.rows("/added"), [r#"["ORG_USER_MANAGER"]"#, r#"["PROJECT_OWNER"]"#, "[]"]);
    assert_eq!(run.rows("/removed"), [r#"["ORG_OWNER_VIEWER"]"#, "[]", r#"["PROJECT_GRANT_OWNER"]"#]);
    assert_eq!(run.rows("/by"), ["zitui service"; 3]);
    assert_eq!(run.rows("/by_id"), ["201"; 3]);
    assert!(run.rows("/time").iter().all(|time| time.as_str() > "2026"), "{run:?}");
    assert_eq!(run.json()["cannot_tell"], serde_json::json!([]));

    // Between two files nobody signs in; the events are asked only where that is wanted.
    stage.line("snapshot save after.json").exits(0);
    let requests = stage.demo.requests().len();
    let run = stage.line("snapshot diff before.json after.json -o json").exits(1);
    assert_eq!(stage.demo.requests().len(), requests);
    assert_eq!(run.rows("/difference"), ["changed", "added", "removed"]);
    assert_eq!(run.rows("/by"), ["null"; 3]);
    let run = stage.line("snapshot diff before.json after.json --events -o json").exits(1);
    assert_eq!(run.rows("/by"), ["zitui service"; 3]);
}

#[test]
fn a_table_of_differences_and_the_other_formats() {
    let stage = Stage::new();
    stage.line("snapshot save before.json").exits(0);
    stage.line("managers add --org Globex --user deploy-bot --role ORG_OWNER --yes").exits(0);
    let columns = "--columns difference,level,resource,login_name,added,removed,by";
    let run = stage.line(&format!("snapshot diff before.json now {columns}")).exits(1);
    insta::assert_snapshot!(run.stdout, @r"
    DIFFERENCE  LEVEL         RESOURCE  LOGIN NAME  ADDED      REMOVED  BY
    added       organization  Globex    deploy-bot  ORG_OWNER           zitui service
    ");
    assert_eq!(run.stderr, "");
    let run = stage.line(&format!("snapshot diff before.json now -o csv {columns}")).exits(1);
    insta::assert_snapshot!(run.stdout, @r"
    difference,level,resource,login_name,added,removed,by
    added,organization,Globex,deploy-bot,ORG_OWNER,,zitui service
    ");
    assert_eq!(stage.line("snapshot diff before.json now -o ids").exits(1).stdout, "202\n");
}

#[test]
fn a_limited_manager_never_says_that_what_it_does_not_see_has_gone() {
    let stage = Stage::new();
    stage.line("snapshot save all.json").exits(0);
    stage.line("managers remove --org Globex --user alice --yes --allow-lockout Globex").exits(0);
    for api in ["auto", "v1"] {
        // Its own organization with the projects and grants of that can be judged, everything else cannot.
        let run = stage.line_as("globex-viewer", &format!("snapshot diff all.json now -o json --api {api}"));
        let run = run.exits(1).complains("cannot tell whether 2 managers went");
        assert_eq!(run.rows("/difference"), ["removed"], "{run:?}");
        assert_eq!(run.rows("/user/login_name"), ["alice"]);
        let document = run.json();
        let untold = document["cannot_tell"].as_array().expect("a list");
        let places: Vec<&str> = untold.iter().filter_map(|row| row["resource"]["level"].as_str()).collect();
        assert_eq!(places, ["instance", "organization"], "{document:#}");
        assert_eq!(untold[0]["unread"], "after");
        assert_eq!(document["events_unread"]["missing_permission"], "events.read");
        assert_eq!(document["unread"][0]["missing_permission"], "org.member.read");
    }
    let limited = stage.line_as("globex-viewer", "snapshot save limited.json").exits(4);
    limited.complains("could not read the managers that your roles do not show");
    stage.line_as("globex-viewer", "snapshot save limited.json --partial").exits(0);
    // The other way round, nobody outside is said to have come.
    let run = stage.line("snapshot diff limited.json now -o json").exits(4);
    assert_eq!(run.rows("/difference"), Vec::<String>::new());
    stage.line("snapshot diff limited.json now --partial").exits(0);
}

#[test]
fn a_part_that_the_server_does_not_answer_is_a_gap_of_the_snapshot() {
    let stage = Stage::of(Version::V2_68);
    stage.line("snapshot save whole.json").exits(0);
    let refused = Effect::Status { status: 403, retry_after: None, html: false };
    stage.demo.faults().switch_on(Fault::new(refused).on("projects/302/members/_search"));
    let run = stage.line("snapshot save torn.json").exits(4);
    run.complains("could not read the managers of Portal");
    let run = stage.line("snapshot diff whole.json torn.json -o json").exits(4);
    assert_eq!(run.rows("/difference"), Vec::<String>::new());
    assert_eq!(run.json()["cannot_tell"][0]["part"], "managers of Portal");
}

#[test]
fn a_new_name_is_told_but_no_difference() {
    let stage = Stage::new();
    stage.line("snapshot save before.json").exits(0);
    let text = std::fs::read_to_string(stage.home.path().join("before.json")).expect("written");
    stage.file(
        "after.json",
        &text.replace("Alice Adams", "Alice Brown").replace(r#""name":"Globex""#, r#""name":"Globex AG""#),
    );
    let run = stage.line("snapshot diff before.json after.json -o json").exits(0);
    let renamed = run.json()["renamed"].clone();
    assert_eq!(
        renamed[0],
        serde_json::json!({"what": "user", "id": "205", "from": "Alice Adams", "to": "Alice Brown"})
    );
    let run = run.complains("the organization 102 was called Globex and is called Globex AG");
    assert!(run.stderr.contains("the user 205 was called Alice Adams"), "{run:?}");
}

#[test]
fn files_that_cannot_be_used_are_wrong_usage_before_anybody_signs_in() {
    let stage = Stage::new();
    stage.file("torn.json", "{\"zitui_snapshot\": 1, \"managers\": [");
    stage.file("newer.json", "{\"zitui_snapshot\": 7}");
    stage.file("other.json", "{\"version\": 1}");
    for (file, text) in [
        ("torn.json", "it is damaged"),
        ("newer.json", "written by a newer zitui (version 7)"),
        ("other.json", "no snapshot"),
        ("none.json", "zitui snapshot save"),
    ] {
        let run = stage.line(&format!("snapshot diff {file} now")).exits(2).complains(text);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(stage.demo.requests(), Vec::<String>::new());
    stage.line("snapshot save none/there.json").exits(2).complains("Cannot write none/there.json");
}

#[test]
fn another_instance_is_refused_but_two_files_are_compared() {
    let (stage, other) = (Stage::new(), Stage::new());
    let foreign = other.line("snapshot save -").exits(0).stdout;
    stage.file("foreign.json", &foreign);
    stage.line("snapshot save own.json").exits(0);
    stage.line("snapshot diff foreign.json now").exits(2).complains("but this is http");
    stage.line("snapshot diff own.json foreign.json").exits(0).complains("these are two instances");
}

#[test]
fn a_save_that_fails_leaves_the_old_file() {
    let stage = Stage::of(Version::V2_68);
    stage.file("kept.json", "old");
    stage.demo.faults().switch_on(Fault::new(Effect::TokenExpired).on("admin/v1/orgs"));
    stage.line("snapshot save kept.json").exits(3);
    assert_eq!(std::fs::read_to_string(stage.home.path().join("kept.json")).expect("there"), "old");
}
