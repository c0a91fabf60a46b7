//! The rooms of `src/` use only what DESIGN allows them: ARCHITECTURE.md, "The rooms".
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use besides itself.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("auth", &["domain"]),
    ("api", &["domain", "auth"]),
    ("engine", &["domain", "auth", "api", "config"]),
    ("config", &["domain"]),
    ("app", &["domain"]),
    ("tui", &["app", "engine", "config", "domain"]),
    ("cli", &["engine", "config", "domain"]),
    ("demo", &["domain"]),
];

/// The only parts of `domain` that the demo instance may use: the role catalogue and what it is made of.
const CATALOGUE: &[&str] = &["role", "level"];

const LONGEST_FILE: usize = 800;
const LONGEST_MEDIAN: usize = 250;

fn sources() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

fn room_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    let room = first.trim_end_matches(".rs");
    (!matches!(room, "lib" | "main")).then(|| room.to_owned())
}

/// What stands behind each `crate::` of a file: the room and the module in it.
fn mentions(text: &str) -> BTreeSet<(String, String)> {
    text.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let mut path = rest.split("::").map(|part| {
                part.chars()
                    .take_while(|character| character.is_alphanumeric() || *character == '_')
                    .collect::<String>()
            });
            let room = path.next().unwrap_or_default();
            let module = path.next().unwrap_or_default();
            let listed = rest.strip_prefix(&format!("{room}::{{")).map(|list| {
                let list = list.split(';').next().unwrap_or_default();
                list.split(|character: char| !(character.is_alphanumeric() || character == '_'))
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            });
            listed.unwrap_or_else(|| vec![module]).into_iter().map(move |module| (room.clone(), module))
        })
        .collect()
}

#[test]
fn every_room_uses_only_what_its_row_allows() {
    let mut offences = Vec::new();
    for file in sources() {
        let Some(room) = room_of(&file) else { continue };
        let (_, allowed) =
            ALLOWED.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("unknown room {room}"));
        for (used, module) in mentions(&fs::read_to_string(&file).unwrap()) {
            let own = used == room;
            let permitted = allowed.contains(&used.as_str());
            let beyond_catalogue =
                room == "demo" && used == "domain" && !CATALOGUE.contains(&module.as_str());
            if !own && (!permitted || beyond_catalogue) {
                offences.push(format!("{} uses {used}::{module}", file.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn only_the_output_module_prints() {
    let printing: Vec<_> = sources()
        .into_iter()
        .filter(|file| !file.ends_with("cli/output.rs"))
        .filter(|file| {
            let text = fs::read_to_string(file).unwrap();
            ["println!(", "eprintln!(", " print!(", " eprint!("].iter().any(|print| text.contains(print))
        })
        .collect();
    assert!(printing.is_empty(), "{printing:?}");
}

#[test]
fn every_module_says_what_lives_in_it_and_stays_small() {
    let mut lengths = Vec::new();
    let mut offences = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        if !text.starts_with("//!") {
            offences.push(format!("{} has no header", file.display()));
        }
        if file.ends_with("mod.rs") {
            offences.push(format!("{} should be a file beside its folder", file.display()));
        }
        let length = text.lines().count();
        if length > LONGEST_FILE {
            offences.push(format!("{} has {length} lines", file.display()));
        }
        lengths.push(length);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    if median > LONGEST_MEDIAN {
        offences.push(format!("the median file has {median} lines"));
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}
