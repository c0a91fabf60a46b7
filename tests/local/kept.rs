//! The sign-in that commands keep.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use zitui::demo::{Options, UserState};

use crate::stage::{Run, Stage, options};

fn tokens(asked: &[String]) -> usize {
    asked.iter().filter(|request| *request == "POST /oauth/v2/token").count()
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it exists").permissions().mode() & 0o777
}

fn list(stage: &Stage) {
    stage.line("orgs list").exits(0);
}

/// Changes what is kept.
fn tamper(stage: &Stage, change: impl FnOnce(&mut Value)) {
    let kept = stage.kept();
    let path = kept.first().expect("kept");
    let mut record: Value = serde_json::from_slice(&std::fs::read(path).expect("read")).expect("JSON");
    change(&mut record);
    std::fs::write(path, record.to_string()).expect("written");
}

#[test]
fn it_is_for_its_owner_only_and_saves_the_sign_in() {
    let stage = Stage::new();
    assert_eq!(tokens(&stage.asked(list)), 1);
    let kept = stage.kept();
    let [file] = kept.as_slice() else { panic!("one file: {kept:?}") };
    assert_eq!((mode(file), mode(file.parent().expect("a folder"))), (0o600, 0o700));
    assert_eq!(stage.asked(list).len(), 1, "the answer and nothing else");
}

#[test]
fn a_token_that_ends_soon_is_not_used() {
    let stage = Stage::with(Options { token_lifetime: Duration::from_secs(59), ..options() });
    list(&stage);
    assert_eq!(tokens(&stage.asked(list)), 1);
}

#[test]
fn one_that_ends_later_is() {
    let stage = Stage::with(Options { token_lifetime: Duration::from_secs(200), ..options() });
    list(&stage);
    assert_eq!(tokens(&stage.asked(list)), 0);
}

#[test]
fn what_was_tampered_with_is_ignored_and_replaced() {
    let changes: [fn(&mut Value); 5] = [
        |record| record["user"] = "999".into(),
        |record| record["url"] = "http://localhost:1/".into(),
        |record| record["source"]["token_endpoint"] = "http://elsewhere.example/token".into(),
        |record| record["token"]["expires"] = "2001-01-01T00:00:00Z".into(),
        |record| record["more"] = true.into(),
    ];
    let stage = Stage::new();
    for change in changes {
        list(&stage);
        tamper(&stage, change);
        assert_eq!(tokens(&stage.asked(list)), 1);
        assert_eq!(tokens(&stage.asked(list)), 0);
    }
    std::fs::write(&stage.kept()[0], "{").expect("written");
    assert_eq!(tokens(&stage.asked(list)), 1);
}

#[test]
fn a_file_that_others_may_read_is_ignored_and_made_private_again() {
    let stage = Stage::new();
    list(&stage);
    let file = stage.kept().remove(0);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("opened");
    assert_eq!(tokens(&stage.asked(list)), 1);
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_token_that_the_server_refuses_is_dropped_and_renewed_once() {
    let stage = Stage::new();
    list(&stage);
    stage.demo.expire_tokens();
    let asked = stage.asked(list);
    assert_eq!(tokens(&asked), 1, "{asked:?}");
    assert_eq!(tokens(&stage.asked(list)), 0);
}

#[test]
fn nothing_is_kept_for_a_user_who_was_locked() {
    let stage = Stage::new();
    list(&stage);
    stage.demo.set_user_state("zitui", UserState::Locked);
    stage.line("orgs list").exits(3).complains("deactivated or locked");
    assert!(stage.kept().is_empty());
}

#[test]
fn several_processes_at_once_ask_for_one_token() {
    let stage = Stage::with(Options { latency: Duration::from_millis(50), ..options() });
    let asked = stage.asked(|stage| {
        let start = || {
            let mut command = stage.program();
            command.args(["orgs", "list"]).stdout(std::process::Stdio::piped());
            command.stderr(std::process::Stdio::piped()).spawn().expect("the program runs")
        };
        let running = [start(), start(), start()];
        for child in running {
            Run::of(child.wait_with_output().expect("it ends")).exits(0);
        }
    });
    assert_eq!(tokens(&asked), 1, "{asked:?}");
}

#[test]
fn logout_forgets_one_or_all() {
    let stage = Stage::new();
    list(&stage);
    stage.line("logout").exits(0).complains("1 sign-in forgotten");
    assert!(stage.kept().is_empty());
    stage.line("logout").exits(0).complains("nothing was kept");
    list(&stage);
    stage.line("logout --url https://other.example").exits(0).complains("nothing was kept");
    assert_eq!(stage.kept().len(), 1);
    stage.bare(&["logout"]).exits(2);
    stage.bare(&["logout", "--all"]).exits(0).complains("1 sign-in forgotten");
    assert!(stage.kept().is_empty());
}

#[test]
fn nothing_is_kept_where_it_is_turned_off_or_for_personal_tokens() {
    let stage = Stage::new();
    let file = stage.home.path().join("off.toml");
    let text = format!(
        "[settings]\ntoken_cache = false\n[profiles.one]\nurl = \"{}\"\nkey_file = \"{}\"\n",
        stage.demo.url(),
        stage.demo.key_file().display()
    );
    std::fs::write(&file, text).expect("written");
    stage.bare(&["orgs", "list", "--config", &file.to_string_lossy()]).exits(0);
    let token = &stage.demo.pats()["zitui"];
    let mut command = crate::stage::program(&stage.home);
    command.env("ZITUI_URL", stage.demo.url()).env("ZITUI_TOKEN", token).args(["orgs", "list"]);
    Run::of(command.output().expect("the program runs")).exits(0);
    assert!(stage.kept().is_empty());
}
