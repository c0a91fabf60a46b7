//! Completes a path as it is typed.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use crate::config::paths::expand_home;

/// More completions than anybody reads.
const LIMIT: usize = 200;

/// The files and folders that `typed` could mean, in the way it was typed, folders with a slash, sorted. Hidden ones
/// only for who types the dot. Reads the disk, so it must run beside everything else.
pub(super) fn complete(typed: &str) -> Vec<String> {
    if typed == "~" {
        return vec!["~/".to_owned()];
    }
    let (folder, start) = match typed.rsplit_once('/') {
        Some((folder, start)) => (format!("{folder}/"), start),
        None => (String::new(), typed),
    };
    let place = if folder.is_empty() { PathBuf::from(".") } else { expand_home(Path::new(&folder)) };
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| name(&entry, start)).collect();
    names.sort();
    names.truncate(LIMIT);
    names.into_iter().map(|name| format!("{folder}{name}")).collect()
}

fn name(entry: &DirEntry, start: &str) -> Option<String> {
    let name = entry.file_name().into_string().ok()?;
    let fits = name.starts_with(start) && (start.starts_with('.') || !name.starts_with('.'));
    // A name that cannot be typed cannot be completed either; it might also be made to deceive.
    if !fits || name.chars().any(char::is_control) {
        return None;
    }
    // A link to a folder counts as a folder.
    let is_folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
    Some(if is_folder { name + "/" } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_come_sorted_and_as_typed() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["key-b.json", "key-a.json", "other.json", ".key-hidden", "key\u{1b}[2J"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        fs::create_dir(folder.path().join("keys")).unwrap();
        let root = folder.path().display();

        let found = complete(&format!("{root}/key"));

        let expected = ["key-a.json", "key-b.json", "keys/"].map(|name| format!("{root}/{name}"));
        assert_eq!(found, expected);
        assert_eq!(complete(&format!("{root}/.k")), [format!("{root}/.key-hidden")]);
        assert_eq!(complete(&format!("{root}/missing/")), Vec::<String>::new());
    }
}
