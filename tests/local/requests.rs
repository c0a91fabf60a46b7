//! How many requests each command takes, cold and warm: docs/requests.md.

use std::fmt::Write;

use crate::stage::{Run, Stage};

/// Commands, and the requests of which their answer is made.
const TABLE: &[(&str, usize)] = &[
    ("whoami", 3),
    ("orgs list", 1),
    ("orgs show Globex", 5),
    ("users search alice", 3),
    ("users show alice@mail.example", 9),
    ("projects list --org Globex", 3),
    ("roles --org Globex", 3),
    ("managers list --org Globex", 3),
    ("managers list", 1),
    ("managers add --org Globex --user deploy-bot --role ORG_OWNER --dry-run", 7),
    ("managers add --org Globex --user deploy-bot --role ORG_OWNER --yes", 10),
    ("review", 8),
    ("snapshot save state.json", 2),
    ("snapshot diff state.json now", 2),
    ("plan state.toml", 6),
    ("apply state.toml --yes", 10),
];

/// What `managers add` does above, as a file.
const STATE: &str = "version = 1\n[[resources]]\norganization = \"Globex\"\n\
                     managers = [{ user = \"deploy-bot\", roles = [\"ORG_OWNER\"] }]\n";

/// With the files that the commands read, and no sign-in that is kept.
fn stage() -> Stage {
    let stage = Stage::new();
    std::fs::write(stage.home.path().join("state.toml"), STATE).expect("written");
    run(&stage, "snapshot save state.json");
    for kept in stage.kept() {
        std::fs::remove_file(kept).expect("removed");
    }
    stage
}

/// A plan exits with 1 where something is to be done.
fn run(stage: &Stage, line: &str) {
    let mut program = stage.program();
    let output = program.current_dir(stage.home.path()).args(line.split_whitespace()).output();
    Run::of(output.expect("the program runs")).exits(i32::from(line.starts_with("plan")));
}

#[test]
fn the_documented_numbers_are_the_measured_ones() {
    let mut document = String::new();
    let mut more = Vec::new();
    for (line, needed) in TABLE {
        let count = |stage: &Stage| stage.asked(|stage| run(stage, line)).len();
        let cold = count(&stage());
        let stage = stage();
        run(&stage, "orgs list");
        let warm = count(&stage);
        more.extend((warm > needed + 1).then(|| format!("{line}: {warm} requests, {needed} needed")));
        writeln!(document, "| `{line}` | {cold} | {warm} | {needed} |").expect("written");
    }
    assert_eq!(more, [""; 0]);
    let committed = include_str!("../../docs/requests.md");
    assert!(committed.contains(&document), "docs/requests.md must say\n{document}");
}
