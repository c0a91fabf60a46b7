//! The journal: what was written through this machine, before and after. One JSON object per line; a line before each
//! write and one after it, so that a crash leaves no doubt. Holds no secrets.

mod history;
mod settle;

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::rand::SecureRandom;
use serde_json::{Value, json};

use super::written::{resource, roles, user};
use crate::config::private_file::make_folder;
use crate::domain::change::{Change, Outcome};
use crate::domain::manager::Manager;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::session::{Identity, ProfileFacts};
use crate::domain::text::SafeText;

pub use history::history;

/// The format of a line; raised when a reader of old lines would misread new ones.
const FORMAT: u32 = 1;
const FILE_NAME: &str = "journal.jsonl";

/// Writes the journal of one session.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    file: PathBuf,
    profile: String,
    issuer: String,
    who: Identity,
}

/// A change whose intent stands in the journal, waiting for its outcome.
#[derive(Debug)]
#[must_use = "the outcome must be written down"]
pub(super) struct Intent {
    id: String,
    /// Locked as long as the outcome is not written down.
    mark: File,
}

impl Journal {
    pub(super) fn new(state_folder: &Path, profile: &ProfileFacts, issuer: &str, who: &Identity) -> Self {
        Self {
            file: state_folder.join(FILE_NAME),
            profile: profile.name.as_str().to_owned(),
            issuer: issuer.to_owned(),
            who: who.clone(),
        }
    }

    /// Writes down that a change is about to be sent. A change that cannot be written down must not be sent.
    pub(super) async fn intend(
        &self,
        change: &Change,
        before: Option<&[Role]>,
        undoes: Option<&SafeText>,
    ) -> Result<Intent, Problem> {
        let id = random_id().map_err(|why| self.problem(&why))?;
        let line = json!({
            "format": FORMAT,
            "kind": "intent",
            "id": id,
            "time": Timestamp::now().to_string(),
            "profile": self.profile,
            "issuer": self.issuer,
            "who": {"id": self.who.user.as_str(), "login_name": self.who.login_name.as_str()},
            "resource": resource(&change.resource, change.resource_name.as_str()),
            "user": user(&change.user),
            "before": before.map(roles),
            "after": roles(&change.after),
            "undoes": undoes.map(SafeText::as_str),
        });
        let file = self.file.clone();
        let marked = tokio::task::spawn_blocking(move || {
            let mark = open(&file)?;
            settle::mark(&mark);
            append(&file, &line).map(|()| mark)
        });
        let marked = marked.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        Ok(Intent { id, mark: marked.map_err(|why| self.problem(&why))? })
    }

    /// Writes down what became of a change. The deed is done: a failure here is logged, not returned, and the lone
    /// intent keeps telling that the outcome is in doubt.
    pub(super) async fn conclude(&self, intent: Intent, outcome: &Outcome) {
        let (word, holds, why) = described(outcome);
        let line = json!({
            "format": FORMAT,
            "kind": "outcome",
            "id": intent.id,
            "time": Timestamp::now().to_string(),
            "outcome": word,
            "holds": holds.map(|manager| roles(&manager.roles)),
            "why": why.map(ToString::to_string),
        });
        if let Err(error) = self.append(line).await {
            tracing::error!(file = %self.file.display(), %error, "cannot write the outcome into the journal");
        }
        drop(intent.mark);
    }

    async fn append(&self, line: Value) -> io::Result<()> {
        let file = self.file.clone();
        let written = tokio::task::spawn_blocking(move || append(&file, &line)).await;
        written.map_err(io::Error::other)?
    }

    fn problem(&self, why: &io::Error) -> Problem {
        Problem::new(
            ProblemKind::Usage,
            "Cannot write the journal",
            format!("{}: {why}.", self.file.display()),
            "Nothing was sent; make the folder writable, or choose another with XDG_STATE_HOME.",
        )
    }
}

fn random_id() -> io::Result<String> {
    let mut bytes = [0_u8; 12];
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|ring::error::Unspecified| io::Error::other("no random numbers"))?;
    Ok(bytes.iter().fold(String::new(), |id, byte| id + &format!("{byte:02x}")))
}

fn described(outcome: &Outcome) -> (&'static str, Option<&Manager>, Option<&Problem>) {
    match outcome {
        Outcome::Done(row) => ("done", row.as_ref(), None),
        Outcome::AlreadySo(row) => ("already so", row.as_ref(), None),
        Outcome::NotVisibleYet => ("not visible yet", None, None),
        Outcome::ChangedMeanwhile(row) => ("changed meanwhile", row.as_ref(), None),
        Outcome::Failed(problem) => ("failed", None, Some(problem)),
        Outcome::LostAndNotDone(problem) => ("lost and not done", None, Some(problem)),
        Outcome::Unknown(problem) => ("unknown", None, Some(problem)),
    }
}

/// Appends one line in one write, and waits until it is on the disk.
fn append(file: &Path, line: &Value) -> io::Result<()> {
    let mut open = open(file)?;
    let mut text = String::new();
    if !ends_with_line(&mut open)? {
        text.push('\n');
    }
    text.push_str(&line.to_string());
    text.push('\n');
    open.write_all(text.as_bytes())?;
    open.sync_all()
}

/// Whether the last line is whole; a crash can have cut it.
fn ends_with_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0_u8; 1];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

fn open(file: &Path) -> io::Result<File> {
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let open = options.open(file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if open.metadata()?.permissions().mode() & 0o077 != 0 {
            open.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, UserId};
    use crate::domain::level::Resource;
    use crate::domain::manager::ManagerUser;
    use crate::domain::user::UserKind;

    fn journal(folder: &Path) -> Journal {
        let profile = ProfileFacts {
            name: "prod".into(),
            url: "https://auth.example.com".into(),
            colour: None,
            read_only: false,
            protected: false,
            stored: true,
        };
        let who = Identity {
            user: UserId::new("1"),
            organization: OrganizationId::new("1"),
            login_name: "zitui".into(),
            display_name: "zitui".into(),
        };
        Journal::new(folder, &profile, "https://auth.example.com", &who)
    }

    fn change() -> Change {
        Change {
            resource: Resource::Organization(OrganizationId::new("7")),
            resource_name: "Globex".into(),
            user: ManagerUser {
                id: UserId::new("5"),
                organization: None,
                kind: UserKind::Service,
                login_name: "deploy-bot".into(),
                display_name: "Deploy Bot".into(),
                email: None,
            },
            before: None,
            after: vec![Role::new("ORG_OWNER")],
        }
    }

    fn lines(file: &Path) -> Vec<Value> {
        let text = std::fs::read_to_string(file).expect("readable");
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    #[tokio::test]
    async fn a_change_leaves_its_intent_and_its_outcome() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(&folder.path().join("state"));
        let intent = journal.intend(&change(), None, None).await.expect("written");
        journal.conclude(intent, &Outcome::NotVisibleYet).await;
        let lines = lines(&journal.file);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["kind"], "intent");
        assert_eq!(lines[0]["resource"]["name"], "Globex");
        assert_eq!(lines[0]["after"], json!(["ORG_OWNER"]));
        assert_eq!(lines[0]["before"], Value::Null);
        assert_eq!(lines[1]["outcome"], "not visible yet");
        assert_eq!(lines[0]["id"], lines[1]["id"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(&folder.path().join("state"));
        std::fs::create_dir(folder.path().join("state")).expect("a folder");
        std::fs::write(&journal.file, "").expect("a file");
        std::fs::set_permissions(&journal.file, std::fs::Permissions::from_mode(0o644)).expect("a wide mode");
        let _intent = journal.intend(&change(), None, None).await.expect("written");
        let mode = std::fs::metadata(&journal.file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_line_cut_by_a_crash_does_not_swallow_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path());
        std::fs::write(&journal.file, "{\"format\":1,\"ki").expect("a file");
        let _intent = journal.intend(&change(), None, None).await.expect("written");
        assert_eq!(lines(&journal.file).len(), 1);
    }

    #[tokio::test]
    async fn a_journal_that_cannot_be_written_is_a_problem_that_names_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let in_the_way = folder.path().join("state");
        std::fs::write(&in_the_way, "a file where the folder should be").expect("a file");
        let problem = journal(&in_the_way).intend(&change(), None, None).await.expect_err("refused");
        assert!(problem.why.as_str().contains("journal.jsonl"), "{problem}");
        assert!(problem.fix.as_str().contains("Nothing was sent"), "{problem}");
    }
}
