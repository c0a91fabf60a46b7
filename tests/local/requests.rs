//! How many requests each command takes, cold and warm: docs/requests.md.

use std::fmt::Write;

use crate::stage::Stage;

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
];

#[test]
fn the_documented_numbers_are_the_measured_ones() {
    let mut document = String::new();
    for (line, needed) in TABLE {
        let count = |stage: &Stage| stage.asked(|stage| drop(stage.line(line).exits(0))).len();
        let cold = count(&Stage::new());
        let stage = Stage::new();
        stage.line("orgs list").exits(0);
        let warm = count(&stage);
        assert!(warm <= needed + 1, "{line}: {warm} requests, {needed} needed");
        writeln!(document, "| `{line}` | {cold} | {warm} | {needed} |").expect("written");
    }
    let committed = include_str!("../../docs/requests.md");
    assert!(committed.contains(&document), "docs/requests.md must say\n{document}");
}
