//! Reads the journal back: lines become entries, an intent together with what became of it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::super::written::{read_resource, read_roles, read_user, text};
use super::{FILE_NAME, FORMAT};
use crate::config::paths::Paths;
use crate::domain::id::UserId;
use crate::domain::journal::{JournalEntry, JournalOutcome};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

/// The entries of all profiles, newest first. Lines that a crash has cut are passed over: a cut intent was never sent,
/// and a cut outcome leaves its intent in doubt. Lines of a newer format are told as unreadable, not dropped.
///
/// # Errors
/// The file cannot be read. One that is not there is an empty journal.
pub async fn history(paths: &Paths) -> Result<Vec<JournalEntry>, Problem> {
    entries_of(paths.state_folder.join(FILE_NAME)).await
}

pub(super) async fn entries_of(file: PathBuf) -> Result<Vec<JournalEntry>, Problem> {
    let (shown, read) = (file.display().to_string(), tokio::task::spawn_blocking(move || read(&file)));
    let recorded = read.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    let recorded = recorded.map_err(|why| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot read the journal",
            format!("{shown}: {why}."),
            "Make the file readable.",
        )
    })?;
    Ok(recorded.into_iter().map(|recorded| recorded.entry).collect())
}

/// An entry, and whether reading the server can still tell more about it.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) entry: JournalEntry,
    pub(super) open: bool,
}

pub(super) fn read(file: &Path) -> io::Result<Vec<Recorded>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(recorded(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    format: u32,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

impl Line {
    fn text(&self, field: &str) -> SafeText {
        text(self.rest.get(field))
    }

    fn time(&self) -> Timestamp {
        let time = self.rest.get("time").and_then(Value::as_str);
        time.and_then(|time| time.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Joins the lines of each change, and puts the newest first.
fn recorded(lines: &str) -> Vec<Recorded> {
    let mut entries: Vec<Recorded> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, line) in (1_usize..).zip(lines.lines()) {
        let Ok(line) = serde_json::from_str::<Line>(line) else { continue };
        if line.format > FORMAT {
            let text = format!("line {number} was written by a newer zitui (format {})", line.format);
            entries.push(Recorded { entry: unreadable(&line, &text), open: false });
            continue;
        }
        match (line.kind.as_str(), places.get(&line.id).and_then(|place| entries.get_mut(*place))) {
            ("intent", None) => {
                let Some(entry) = intent(&line) else { continue };
                places.insert(line.id, entries.len());
                entries.push(Recorded { entry, open: true });
            }
            ("outcome", Some(recorded)) => {
                let outcome = outcome(&line);
                // What was settled by reading says more than a program that did not learn it.
                if outcome != JournalOutcome::InDoubt || recorded.open {
                    recorded.open =
                        matches!(outcome, JournalOutcome::InDoubt | JournalOutcome::NotVisibleYet);
                    recorded.entry.outcome = outcome;
                }
            }
            ("settled", Some(recorded)) if recorded.open => {
                recorded.entry.outcome = settled(&line);
                recorded.open = false;
            }
            _ => {}
        }
    }
    entries.reverse();
    entries
}

fn intent(line: &Line) -> Option<JournalEntry> {
    let (user, named) = (line.rest.get("user")?, line.rest.get("resource")?);
    Some(JournalEntry {
        id: SafeText::new(&line.id),
        time: line.time(),
        profile: line.text("profile"),
        issuer: line.text("issuer"),
        who: text(line.rest.get("who").and_then(|who| who.get("login_name"))),
        resource: read_resource(named)?,
        resource_name: text(named.get("name")),
        user: read_user(user)?,
        before: read_roles(line.rest.get("before")),
        after: read_roles(line.rest.get("after")).unwrap_or_default(),
        outcome: JournalOutcome::InDoubt,
        undoes: Some(line.text("undoes")).filter(|undoes| !undoes.is_empty()),
    })
}

fn outcome(line: &Line) -> JournalOutcome {
    let word = line.text("outcome");
    match word.as_str() {
        "done" => JournalOutcome::Done,
        "not visible yet" => JournalOutcome::NotVisibleYet,
        "unknown" => JournalOutcome::InDoubt,
        _ => JournalOutcome::NotDone(line.text("why").or(&word)),
    }
}

fn settled(line: &Line) -> JournalOutcome {
    match line.text("found").as_str() {
        "done" => JournalOutcome::Done,
        "not done" => JournalOutcome::NotDone(line.text("why")),
        _ => JournalOutcome::InDoubt,
    }
}

/// What can be told of a line that this program does not understand.
fn unreadable(line: &Line, text: &str) -> JournalEntry {
    JournalEntry {
        id: SafeText::new(&line.id),
        time: line.time(),
        profile: line.text("profile"),
        issuer: line.text("issuer"),
        who: SafeText::default(),
        resource: Resource::Instance,
        resource_name: SafeText::default(),
        user: ManagerUser {
            id: UserId::new(""),
            organization: None,
            kind: UserKind::Unknown,
            login_name: SafeText::default(),
            display_name: SafeText::default(),
            email: None,
        },
        before: None,
        after: Vec::new(),
        outcome: JournalOutcome::Unreadable(SafeText::new(text)),
        undoes: None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::domain::role::Role;

    fn entries(lines: &str) -> Vec<JournalEntry> {
        recorded(lines).into_iter().map(|recorded| recorded.entry).collect()
    }

    fn intent_line(id: &str) -> String {
        json!({
            "format": 1, "kind": "intent", "id": id, "time": "2026-01-01T00:00:00Z", "profile": "prod",
            "issuer": "https://auth.example.com", "who": {"id": "1", "login_name": "me"},
            "resource": {"level": "project grant", "name": "Portal → Initech", "organization": "2",
                "project": "7", "grant": "8", "granted_organization": "3"},
            "user": {"id": "5", "login_name": "deploy-bot"}, "before": null, "after": ["PROJECT_GRANT_OWNER"],
            "undoes": null
        })
        .to_string()
    }

    fn later(id: &str, kind: &str, field: &str, word: &str) -> String {
        json!({"format": 1, "kind": kind, "id": id, field: word, "why": "so it is"}).to_string()
    }

    fn outcomes(lines: &[String]) -> Vec<JournalOutcome> {
        entries(&lines.join("\n")).into_iter().map(|entry| entry.outcome).collect()
    }

    #[test]
    fn an_intent_tells_everything_about_its_change() {
        let entries = entries(&intent_line("a"));
        let [entry] = entries.as_slice() else { panic!("one entry: {entries:?}") };
        assert_eq!((entry.profile.as_str(), entry.who.as_str()), ("prod", "me"));
        let Resource::ProjectGrant { granted, .. } = &entry.resource else { panic!("a grant") };
        assert_eq!(granted.as_str(), "3");
        assert_eq!((&entry.before, entry.after.as_slice()), (&None, &[Role::new("PROJECT_GRANT_OWNER")][..]));
        assert_eq!((entry.user.id.as_str(), &entry.undoes), ("5", &None));
    }

    #[rstest]
    #[case::no_outcome(&[], JournalOutcome::InDoubt)]
    #[case::done(&[("outcome", "outcome", "done")], JournalOutcome::Done)]
    #[case::failed(&[("outcome", "outcome", "failed")], JournalOutcome::NotDone("so it is".into()))]
    #[case::not_visible(&[("outcome", "outcome", "not visible yet")], JournalOutcome::NotVisibleYet)]
    #[case::unknown(&[("outcome", "outcome", "unknown")], JournalOutcome::InDoubt)]
    #[case::unknown_then_settled(&[("outcome", "outcome", "unknown"), ("settled", "found", "done")], JournalOutcome::Done)]
    #[case::settled(&[("settled", "found", "not done")], JournalOutcome::NotDone("so it is".into()))]
    #[case::settled_before_its_own_outcome(&[("settled", "found", "not done"), ("outcome", "outcome", "done")], JournalOutcome::Done)]
    #[case::settled_before_it_gave_up(&[("settled", "found", "done"), ("outcome", "outcome", "unknown")], JournalOutcome::Done)]
    #[case::nobody_can_tell(&[("settled", "found", "something else")], JournalOutcome::InDoubt)]
    #[case::done_is_not_unsettled(&[("outcome", "outcome", "done"), ("settled", "found", "not done")], JournalOutcome::Done)]
    fn later_lines_tell_what_became_of_it(
        #[case] lines: &[(&str, &str, &str)],
        #[case] expected: JournalOutcome,
    ) {
        let later = lines.iter().map(|(kind, field, word)| later("a", kind, field, word));
        let lines: Vec<String> = std::iter::once(intent_line("a")).chain(later).collect();
        assert_eq!(outcomes(&lines), [expected]);
    }

    #[test]
    fn the_newest_comes_first_and_cut_lines_hide_nothing() {
        let cut: String = intent_line("c").chars().take(60).collect();
        let lines = [intent_line("a"), intent_line("b"), later("b", "outcome", "outcome", "done"), cut];
        assert_eq!(outcomes(&lines), [JournalOutcome::Done, JournalOutcome::InDoubt]);
    }

    #[test]
    fn a_line_of_a_newer_zitui_is_told_and_not_taken_for_ours() {
        let newer = intent_line("b").replace("\"format\":1", "\"format\":7");
        let read = entries(&[intent_line("a"), newer].join("\n"));
        let JournalOutcome::Unreadable(text) = &read[0].outcome else { panic!("{:?}", read[0]) };
        assert!(text.as_str().contains("line 2") && text.as_str().contains("format 7"), "{text}");
        assert_eq!(read[1].outcome, JournalOutcome::InDoubt);
    }

    #[test]
    fn names_in_the_file_are_cleaned() {
        let hostile = intent_line("a").replace("deploy-bot", r"\u001b]0;x\u0007");
        assert!(!entries(&hostile)[0].user.login_name.as_str().contains('\u{1b}'));
    }

    #[tokio::test]
    async fn a_journal_that_is_not_there_is_empty_and_one_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = Paths { config_file: folder.path().join("c"), state_folder: folder.path().join("state") };
        assert_eq!(history(&paths).await, Ok(Vec::new()));
        std::fs::create_dir_all(paths.state_folder.join(FILE_NAME)).expect("a folder in the way");
        let problem = history(&paths).await.expect_err("told");
        assert!(problem.why.as_str().contains(FILE_NAME), "{problem}");
    }
}
