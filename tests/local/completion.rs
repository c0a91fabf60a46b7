//! Completion as a shell asks for it.

use std::time::{Duration, Instant};

use zitui::demo::{Effect, Fault};

use crate::stage::{Run, Stage};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// What bash is offered for the last word.
fn offered(stage: &Stage, words: &[&str]) -> Vec<String> {
    offered_in("bash", stage, words)
}

/// What the script of a shell is told for the last word, without the help beside it.
fn offered_in(shell: &str, stage: &Stage, words: &[&str]) -> Vec<String> {
    let mut command = stage.program();
    command.env("COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string());
    command.env("_CLAP_IFS", "\n").arg("--").args(words);
    let run = Run::of(command.output().expect("the program runs")).exits(0);
    let value = |line: &str| match shell {
        // zsh parts value and help by a colon, so that one in the value is escaped.
        "zsh" => {
            let line = line.replace("\\:", "\0");
            line.split(':').next().unwrap_or_default().replace('\0', ":")
        }
        _ => line.split('\t').next().unwrap_or_default().to_owned(),
    };
    run.stdout.lines().map(value).collect()
}

#[test]
fn every_shell_is_offered_the_same() {
    let stage = Stage::new();
    stage.line("orgs list").exits(0);
    for shell in SHELLS {
        let at = |words: &[&str]| offered_in(shell, &stage, words);
        assert_eq!(
            at(&["zitui", "managers", "add", "--role", "ORG_OWNER_V"]),
            ["ORG_OWNER_VIEWER"],
            "{shell}"
        );
        assert_eq!(at(&["zitui", "managers", "list", "--org", "glob"]), ["globex.example"], "{shell}");
        assert!(at(&["zitui", "doc"]).contains(&"doctor".to_owned()), "{shell}");
        assert_eq!(at(&["zitui", "open", "his"]), ["history"], "{shell}");
        assert_eq!(at(&["zitui", "open", "org:glob"]), ["org:globex.example"], "{shell}");
        let kinds = at(&["zitui", "open", ""]);
        for kind in ["org:", "user:", "project:", "review", "history"] {
            assert!(kinds.contains(&kind.to_owned()), "{shell}: {kinds:?}");
        }
    }
}

#[test]
fn commands_flags_and_roles_are_offered_without_an_instance() {
    let stage = Stage::new();
    assert!(offered(&stage, &["zitui", "doc"]).contains(&"doctor".to_owned()));
    let roles = offered(&stage, &["zitui", "managers", "add", "--role", "ORG_OWNER_V"]);
    assert_eq!(roles, ["ORG_OWNER_VIEWER"]);
    assert!(stage.demo.requests().is_empty());
}

#[test]
fn organizations_and_users_come_from_the_instance_and_then_from_memory() {
    let stage = Stage::new();
    // The first sign-in alone may take longer than anybody waits for a Tab key.
    stage.line("orgs list").exits(0);
    let words = ["zitui", "managers", "list", "--org", "glob"];
    assert_eq!(offered(&stage, &words), ["globex.example"]);
    let again = stage.asked(|stage| assert_eq!(offered(stage, &words), ["globex.example"]));
    assert!(again.is_empty(), "{again:?}");
    let users = offered(&stage, &["zitui", "managers", "add", "--user", "deploy"]);
    assert!(users.iter().any(|user| user.starts_with("deploy-bot")), "{users:?}");
}

#[test]
fn a_server_that_hangs_delays_nobody() {
    let stage = Stage::new();
    stage.line("orgs list").exits(0);
    stage.demo.faults().switch_on(Fault::new(Effect::Hang));
    let start = Instant::now();
    assert!(offered(&stage, &["zitui", "managers", "list", "--org", "glob"]).is_empty());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_mistake_in_the_configuration_offers_nothing_and_says_nothing() {
    let stage = Stage::new();
    let file = stage.config_file();
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(&file, "[").expect("written");
    assert!(offered(&stage, &["zitui", "managers", "list", "--org", ""]).is_empty());
}

#[test]
fn every_shell_gets_its_script_and_the_manual_is_made() {
    let stage = Stage::new();
    for shell in SHELLS {
        let script = stage.bare(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("COMPLETE") && script.contains("zitui"), "{shell}: {script}");
    }
    assert!(stage.bare(&["man"]).exits(0).stdout.contains(".TH zitui 1"));
}
