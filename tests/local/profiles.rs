//! `zitui profiles` and `zitui config`.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::pty::Pty;
use crate::stage::Stage;

fn add(stage: &Stage, name: &str, more: &[&str]) -> crate::stage::Run {
    let key = stage.demo.key_file().to_string_lossy().into_owned();
    let mut arguments = vec!["profiles", "add", name, "--url", stage.demo.url(), "--key-file", &key];
    arguments.extend(more);
    stage.bare(&arguments)
}

#[test]
fn a_profile_added_by_flags_is_tested_saved_and_used() {
    let stage = Stage::new();
    add(&stage, "prod", &["--colour", "red", "--safety", "protected"])
        .exits(0)
        .complains("signed in as zitui");
    let text = std::fs::read_to_string(stage.config_file()).expect("saved");
    assert!(text.contains("[profiles.prod]") && text.contains("default_profile = \"prod\""), "{text}");
    let mode = stage.config_file().metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let listed = stage.bare(&["profiles", "list", "-o", "json"]).exits(0).json();
    let row = &listed["rows"][0];
    assert_eq!((&row["name"], &row["default"]), (&json!("prod"), &json!(true)));
    assert_eq!((&row["colour"], &row["safety"]), (&json!("red"), &json!("protected")));
    stage.bare(&["whoami"]).exits(0);
}

#[test]
fn what_cannot_sign_in_is_not_saved() {
    let stage = Stage::new();
    let missing = stage.home.path().join("missing.json").to_string_lossy().into_owned();
    stage
        .bare(&["profiles", "add", "prod", "--url", stage.demo.url(), "--key-file", &missing])
        .exits(3)
        .complains("Nothing was saved");
    stage.bare(&["profiles", "add", "prod", "--url", "http://localhost:1", "--key-file", &missing]).exits(3);
    assert!(!stage.config_file().exists());
    let offline = ["profiles", "add", "prod", "--url", "auth.invalid", "--key-file", &missing, "--no-test"];
    stage.bare(&offline).exits(0).complains("not tested");
    assert!(stage.config_file().exists());
}

#[test]
fn without_a_terminal_what_lacks_is_named() {
    let stage = Stage::new();
    stage.bare(&["profiles", "add"]).exits(2).complains("zitui profiles add NAME");
    stage.bare(&["profiles", "add", "prod"]).exits(2).complains("--url");
    stage.bare(&["profiles", "add", "prod", "--url", "auth.example"]).exits(2).complains("--key-file");
}

#[test]
fn comments_survive_and_names_are_suggested() {
    let stage = Stage::new();
    add(&stage, "prod", &[]).exits(0);
    let file = stage.config_file();
    let text = format!("# do not touch\n{}", std::fs::read_to_string(&file).expect("read"));
    std::fs::write(&file, &text).expect("written");
    add(&stage, "test", &[]).exits(0);
    stage.bare(&["profiles", "use", "tset"]).exits(5).complains("did you mean test?");
    stage.bare(&["profiles", "use", "test"]).exits(0);
    stage.bare(&["profiles", "remove", "prod"]).exits(2).complains("--yes");
    stage.bare(&["profiles", "remove", "prod", "--yes"]).exits(0);
    let after = std::fs::read_to_string(&file).expect("read");
    assert!(after.starts_with("# do not touch\n") && !after.contains("prod"), "{after}");
    assert!(after.contains("default_profile = \"test\""), "{after}");
}

#[test]
fn a_name_that_is_taken_is_replaced_on_request_only() {
    let stage = Stage::new();
    add(&stage, "prod", &[]).exits(0);
    add(&stage, "prod", &[]).exits(6).complains("--replace");
    add(&stage, "prod", &["--replace", "--safety", "read-only"]).exits(0);
    let listed = stage.bare(&["profiles", "list", "-o", "json"]).exits(0).json();
    assert_eq!(listed["rows"][0]["safety"], json!("read-only"));
}

#[test]
fn the_file_can_be_found_and_checked() {
    let stage = Stage::new();
    let found = stage.bare(&["config", "path"]).exits(0).stdout;
    assert_eq!(found.trim_end(), stage.config_file().to_string_lossy());
    stage.bare(&["config", "check"]).exits(0).complains("can do without");
    add(&stage, "prod", &[]).exits(0);
    stage.bare(&["config", "check"]).exits(0).complains("1 profile");
    std::fs::write(stage.config_file(), "[setings]\n").expect("written");
    stage
        .bare(&["config", "check"])
        .exits(2)
        .complains("line 1, column 2")
        .complains("did you mean settings?");
    stage.bare(&["config", "path"]).exits(0);
    let doctor = stage.bare(&["doctor"]).exits(2);
    assert!(doctor.stdout.contains("line 1, column 2"), "{doctor:#?}");
}

#[test]
fn on_a_terminal_what_lacks_is_asked_for() {
    let stage = Stage::new();
    let config = stage.config_file().to_string_lossy().into_owned();
    std::fs::create_dir_all(stage.config_file().parent().expect("a folder")).expect("made");
    std::fs::write(stage.config_file(), "# mine\n").expect("written");
    let mut terminal = Pty::zitui(&["profiles", "add", "--config", &config], &[]);
    let answers = [
        ("Name:", "prod"),
        ("URL of the instance:", stage.demo.url()),
        ("Key file:", &stage.demo.key_file().to_string_lossy()),
        ("Colour", "red"),
        ("Safety", "protected"),
    ];
    for (question, answer) in answers {
        terminal.wait_for(question).send(&format!("{answer}\r"));
    }
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    let saved = std::fs::read_to_string(stage.config_file()).expect("saved");
    assert!(saved.contains("# mine") && saved.contains("colour = \"red\""), "{saved}");
    assert!(saved.contains("protected = true"), "{saved}");
}
