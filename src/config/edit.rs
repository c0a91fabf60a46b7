//! Changes of the configuration file by commands: comments and the order of everything else survive, the result is
//! checked before it replaces the file.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use super::file::Configuration;
use super::paths::Paths;
use super::private_file;
use super::profile::{ApiChoice, Credential, Profile};
use super::source::text_or_empty;
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};

/// Adds the profile, or replaces what it says where it may. It becomes the default where it is the first one, or where
/// that is wanted.
///
/// # Errors
/// `Refused` for a name that is taken; `Usage` for a file with a mistake or one that cannot be written.
pub fn add_profile(paths: &Paths, profile: &Profile, replace: bool, default: bool) -> Result<(), Problem> {
    change(paths, |document, configuration| {
        let taken = configuration.profiles.iter().any(|stored| stored.name == profile.name);
        if taken && !replace {
            return Err(Problem::new(
                ProblemKind::Refused,
                format!("Cannot add the profile {}", profile.name),
                "there is one of that name",
                "choose another name, or replace it with --replace",
            ));
        }
        let profiles = table(document.as_table_mut(), "profiles")?;
        profiles.set_implicit(true);
        let entry = table(profiles, &profile.name)?;
        write_profile(entry, profile);
        if default || configuration.profiles.is_empty() {
            table(document.as_table_mut(), "settings")?["default_profile"] = value(&profile.name);
        }
        Ok(())
    })
}

/// Removes the profile; where it was the default there is none then.
///
/// # Errors
/// `NotFound` with what may have been meant; otherwise as [`add_profile`].
pub fn remove_profile(paths: &Paths, name: &str) -> Result<(), Problem> {
    change(paths, |document, configuration| {
        known(configuration, name)?;
        let removed = document
            .get_mut("profiles")
            .and_then(Item::as_table_like_mut)
            .and_then(|profiles| profiles.remove(name));
        if let Some(Item::Table(removed)) = &removed {
            keep_comment_above(document, removed);
        }
        if configuration.default_profile.as_deref() == Some(name)
            && let Some(settings) = document.get_mut("settings").and_then(Item::as_table_like_mut)
        {
            settings.remove("default_profile");
        }
        Ok(())
    })
}

/// Makes the profile the default.
///
/// # Errors
/// As [`remove_profile`].
pub fn use_profile(paths: &Paths, name: &str) -> Result<(), Problem> {
    change(paths, |document, configuration| {
        known(configuration, name)?;
        table(document.as_table_mut(), "settings")?["default_profile"] = value(name);
        Ok(())
    })
}

/// What stands above a table belongs to it for the parser; for its writer it may be the head of the file.
fn keep_comment_above(document: &mut DocumentMut, removed: &Table) {
    let comment = removed.decor().prefix().and_then(toml_edit::RawString::as_str).unwrap_or_default();
    let comment = comment.trim_start_matches(['\r', '\n']);
    if comment.trim().is_empty() {
        return;
    }
    let place = removed.position();
    let mut following: Option<&mut Table> = None;
    for (_, item) in document.as_table_mut().iter_mut() {
        let Some(table) = item.as_table_mut() else { continue };
        if table.is_implicit() {
            let below = table.iter_mut().filter_map(|(_, item)| item.as_table_mut());
            following = below
                .chain(following)
                .filter(|table| table.position() > place)
                .min_by_key(|table| table.position());
        } else {
            following = following
                .into_iter()
                .chain([table])
                .filter(|table| table.position() > place)
                .min_by_key(|table| table.position());
        }
    }
    if let Some(table) = following {
        let own = table.decor().prefix().and_then(toml_edit::RawString::as_str).unwrap_or_default();
        let both = format!("{comment}{own}");
        table.decor_mut().set_prefix(both);
    } else {
        let own = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{comment}{own}"));
    }
}

fn known(configuration: &Configuration, name: &str) -> Result<(), Problem> {
    let mut names = configuration.profiles.iter().map(|stored| stored.name.as_str());
    if names.clone().any(|known| known == name) {
        return Ok(());
    }
    let fix = did_you_mean(name, names.clone()).unwrap_or_else(|| match names.next() {
        None => "add one with `zitui profiles add`".to_owned(),
        Some(_) => "list them with `zitui profiles list`".to_owned(),
    });
    Err(Problem::new(
        ProblemKind::NotFound,
        format!("There is no profile {name}"),
        "the configuration file has none of that name",
        fix,
    ))
}

fn change(
    paths: &Paths,
    edit: impl FnOnce(&mut DocumentMut, &Configuration) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let path = &paths.config_file;
    let before = read(path)?;
    let configuration = Configuration::parse(path, &before)?;
    let mut document: DocumentMut =
        before.parse().map_err(|error: toml_edit::TomlError| unwritable(path, error.message()))?;
    edit(&mut document, &configuration)?;
    let after = document.to_string();
    Configuration::parse(path, &after)?;
    if read(path)? != before {
        return Err(Problem::new(
            ProblemKind::Refused,
            format!("Cannot change the configuration file {}", path.display()),
            "somebody else changed it meanwhile",
            "try again",
        ));
    }
    private_file::replace(path, after.as_bytes()).map_err(|error| unwritable(path, &error.to_string()))
}

fn read(path: &Path) -> Result<String, Problem> {
    text_or_empty(path).map_err(|error| unwritable(path, &error.to_string()))
}

fn unwritable(path: &Path, why: &str) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot change the configuration file {}", path.display()),
        why,
        "make the file and its folder writable, or name another with --config",
    )
}

/// The table below `key`, made where it lacks.
fn table<'a>(parent: &'a mut Table, key: &str) -> Result<&'a mut Table, Problem> {
    let item = parent.entry(key).or_insert_with(|| Item::Table(Table::new()));
    if let Item::Value(toml_edit::Value::InlineTable(inline)) = item {
        *item = Item::Table(std::mem::take(inline).into_table());
    }
    item.as_table_mut().ok_or_else(|| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot change the configuration file",
            format!("{key} in it is written in a form that only an editor can extend"),
            format!("write it as a table of its own, [{key}], or edit the file by hand"),
        )
    })
}

fn write_profile(entry: &mut Table, profile: &Profile) {
    let path = |path: &PathBuf| path.to_string_lossy().into_owned();
    let (key_file, token_file) = match &profile.credential {
        Credential::KeyFile(file) => (Some(path(file)), None),
        Credential::TokenFile(file) => (None, Some(path(file))),
        Credential::Token(_) => (None, None),
    };
    let api = match profile.api {
        ApiChoice::Auto => None,
        ApiChoice::V1 => Some("v1"),
        ApiChoice::V2 => Some("v2"),
    };
    let texts = [
        ("url", Some(profile.url.as_str().trim_end_matches('/').to_owned())),
        ("key_file", key_file),
        ("token_file", token_file),
        ("ca_file", profile.ca_file.as_ref().map(path)),
        ("colour", profile.colour.clone()),
        ("api", api.map(str::to_owned)),
    ];
    for (key, text) in texts {
        set(entry, key, text.map(Into::into));
    }
    for (key, holds) in [("read_only", profile.read_only), ("protected", profile.protected)] {
        set(entry, key, holds.then(|| true.into()));
    }
    set(entry, "token_cache", (!profile.token_cache).then(|| false.into()));
}

/// Keeps a comment behind the value that it replaces.
fn set(entry: &mut Table, key: &str, new: Option<toml_edit::Value>) {
    match (new, entry.get_mut(key).and_then(Item::as_value_mut)) {
        (None, _) => {
            entry.remove(key);
        }
        (Some(mut new), Some(old)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (Some(new), None) => {
            entry.insert(key, Item::Value(new));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::address::instance_url;

    const FILE: &str = "# mine\n[profiles.prod] # the real one\nurl = \"https://prod.example\" # careful\n\
                        key_file = \"prod.json\"\n\n# last words\n[settings]\ntheme = \"mono\"\n";

    fn paths(text: &str) -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().expect("a folder");
        let config_file = folder.path().join("config.toml");
        std::fs::write(&config_file, text).expect("written");
        let state_folder = folder.path().to_owned();
        (folder, Paths { config_file, state_folder })
    }

    fn text(paths: &Paths) -> String {
        std::fs::read_to_string(&paths.config_file).expect("read")
    }

    fn profile(name: &str, url: &str) -> Profile {
        Profile {
            name: name.to_owned(),
            url: instance_url(url).expect("a URL"),
            credential: Credential::KeyFile("/keys/test.json".into()),
            ca_file: None,
            colour: Some("green".to_owned()),
            read_only: true,
            protected: false,
            api: ApiChoice::Auto,
            token_cache: false,
            stored: true,
        }
    }

    #[test]
    fn adding_keeps_every_line_that_was_there() {
        let (_folder, paths) = paths(FILE);
        add_profile(&paths, &profile("test", "test.example"), false, true).expect("added");
        let after = text(&paths);
        for line in FILE.lines() {
            assert!(after.lines().any(|kept| kept == line), "{line:?} lacks in {after}");
        }
        let read = Configuration::parse(&paths.config_file, &after).expect("understood");
        assert_eq!(read.default_profile.as_deref(), Some("test"));
        let added = read.profiles.iter().find(|stored| stored.name == "test").expect("there");
        assert!(added.read_only && !added.protected && added.token_cache == Some(false));
        assert_eq!(added.colour.as_deref(), Some("green"));
    }

    #[test]
    fn the_first_profile_becomes_the_default_and_names_of_any_kind_are_quoted() {
        let (_folder, paths) = paths("");
        add_profile(&paths, &profile("a b.c", "test.example"), false, false).expect("added");
        let read = Configuration::load(&paths, true).expect("understood");
        assert_eq!(read.default_profile.as_deref(), Some("a b.c"));
    }

    #[test]
    fn replacing_is_asked_for_and_keeps_comments() {
        let (_folder, paths) = paths(FILE);
        let new = profile("prod", "new.example");
        assert_eq!(add_profile(&paths, &new, false, false).expect_err("refused").kind, ProblemKind::Refused);
        assert_eq!(text(&paths), FILE);
        add_profile(&paths, &new, true, false).expect("replaced");
        assert!(text(&paths).contains("url = \"https://new.example\" # careful"), "{}", text(&paths));
    }

    #[test]
    fn removing_the_default_leaves_no_default() {
        let (_folder, paths) = paths(FILE);
        use_profile(&paths, "prod").expect("used");
        assert!(text(&paths).contains("default_profile = \"prod\""));
        remove_profile(&paths, "prod").expect("removed");
        let after = text(&paths);
        assert!(!after.contains("prod") && after.contains("theme = \"mono\""), "{after}");
        let problem = remove_profile(&paths, "prod").expect_err("gone");
        assert_eq!(problem.kind, ProblemKind::NotFound);
    }

    #[test]
    fn a_file_with_a_mistake_is_left_alone() {
        let (_folder, paths) = paths("[profiles.prod]\nurl = 1\n");
        let problem = use_profile(&paths, "prod").expect_err("refused");
        assert!(problem.what.as_str().contains("line 2"), "{problem}");
        assert_eq!(text(&paths), "[profiles.prod]\nurl = 1\n");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only_afterwards() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, paths) = paths(FILE);
        use_profile(&paths, "prod").expect("used");
        let mode = paths.config_file.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
}
