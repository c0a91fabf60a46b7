//! The JSON documents against their schemas, in all versions of the server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;
use zitui::demo::Version;

use crate::schema::complaints;
use crate::stage::Stage;

/// Each command with the kind of its document.
const COMMANDS: &[(&str, &str)] = &[
    ("identity", "whoami"),
    ("organizations", "orgs list"),
    ("organization", "orgs show Globex"),
    ("organization", "orgs show 103"),
    ("users", "users search alice"),
    ("user", "users show alice"),
    ("projects", "projects list"),
    ("project", "projects show 302"),
    ("roles", "roles"),
    ("roles", "roles --org Globex"),
    ("managers", "managers list"),
    ("managers", "managers list --org Globex"),
    ("managers", "managers list --user alice"),
    ("changes", "managers add --org Globex --user deploy-bot --role ORG_OWNER --yes"),
    ("changes", "managers set --grant 401 --user deploy-bot --role PROJECT_GRANT_OWNER --yes"),
    ("changes", "managers remove --instance --user deploy-bot --yes"),
    ("changes", "managers remove --org Globex --user alice --dry-run"),
    ("changes", "managers add --from wrong.csv --yes"),
    ("review", "review"),
    ("review", "review --all --accepted accepted.toml"),
    ("rules", "review rules"),
    ("rule", "review rules ZR001"),
    ("changes", "plan state.toml"),
    ("changes", "apply state.toml --yes"),
    ("differences", "snapshot diff before.json now"),
    ("differences", "snapshot diff before.json limited.json"),
    ("history", "history"),
    ("profiles", "profiles list"),
    ("doctor", "doctor"),
    ("doctor", "doctor --url https://auth.invalid"),
];

const STATE: &str = "version = 1\n[[resources]]\norganization = \"Globex\"\nexclusive = true\n\
                     managers = [{ user = \"alice\", roles = [\"ORG_OWNER\"] }]\n";
/// One that fits a finding and one that fits none.
const ACCEPTED: &str = "[[accepted]]\nfinding = \"ZR004/instance\"\nreason = \"a\"\nauthor = \"b\"\nuntil = 2999-12-31\n\
                        [[accepted]]\nfinding = \"ZR001/instance\"\nreason = \"a\"\nauthor = \"b\"\nuntil = 2026-01-01\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema")
}

fn schema(kind: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(format!("{kind}.json"))).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

#[rstest]
fn every_document_fits_its_schema(#[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version) {
    let stage = Stage::of(version);
    stage.file("wrong.csv", "user,organization,roles\nghost,Globex,ORG_OWNER\nnobody,Globex,ORG_OWNER\n");
    stage.file("state.toml", STATE);
    stage.line("snapshot save before.json").exits(0);
    stage.line_as("globex-viewer", "snapshot save limited.json --partial").exits(0);
    stage.file("accepted.toml", ACCEPTED);
    for (kind, line) in COMMANDS {
        let run = stage.line(&format!("{line} -q -o json"));
        let document = run.json();
        assert_eq!(complaints(&schema(kind), &document), Vec::<String>::new(), "{line}: {document:#}");
        let lines = stage.line(&format!("{line} -q -o jsonl"));
        for line in lines.stdout.lines() {
            let row: Value = serde_json::from_str(line).expect("a line of JSON");
            assert_eq!((&row["zitui"], row["kind"].as_str()), (&Value::from(1), Some(*kind)), "{line}");
        }
    }
}

#[test]
fn no_schema_is_left_over() {
    let files = std::fs::read_dir(folder()).expect("a folder").flatten();
    let names: BTreeSet<String> =
        files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
    let kinds: BTreeSet<String> = COMMANDS.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(names, kinds);
}
