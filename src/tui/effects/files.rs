//! The access review and snapshots: what is read from the server and from files, and what is written into files. Files
//! are read and written beside everything else, as a dead network disk must hold up nothing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::app::effect::FileWish;
use crate::app::event::{Compared, Reviewed, Written};
use crate::config::environment::Environment;
use crate::config::file::Configuration;
use crate::config::paths::{Paths, expand_home};
use crate::config::{acceptances, private_file};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{self, ReviewSettings};
use crate::domain::shape;
use crate::domain::snapshot::{self, Snapshot};
use crate::domain::text::SafeText;
use crate::engine::{self, Session};

/// Writes a review as text in the format that the ending of the path names.
pub type ReviewText = fn(&Reviewed, &Path) -> Result<String, Problem>;

/// Progress is told at most so often.
const PAUSE: Duration = Duration::from_millis(50);

/// Does what may wait for a disk on a thread of its own.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let task = tokio::task::spawn_blocking(work).await;
    task.unwrap_or_else(|_cancelled| {
        Err(Problem::new(ProblemKind::Interrupted, "Not done", "zitui is leaving", ""))
    })
}

/// Passes progress on, but not every step of thousands.
fn seldom(tell: impl Fn(u64, u64) + Send + Sync) -> impl FnMut(u64, u64) + Send {
    let told: Mutex<Option<Instant>> = Mutex::default();
    move |done, known| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= PAUSE) {
            *told = Some(Instant::now());
            tell(done, known);
        }
    }
}

/// What the configuration says about the review, what was accepted, and the file for more of it.
struct Wanted {
    settings: ReviewSettings,
    accepted: Vec<Acceptance>,
    file: PathBuf,
    author: SafeText,
}

fn wanted(paths: &Paths) -> Result<Wanted, Problem> {
    let configured = Configuration::load(paths, false)?.review;
    let file = configured.accepted.as_deref();
    let accepted = acceptances::to_read(None, file).as_deref().map(acceptances::read).transpose()?;
    let author = Environment::of_process().user_name()?.map(SafeText::new);
    Ok(Wanted {
        accepted: accepted.unwrap_or_default(),
        file: acceptances::to_extend(None, file),
        settings: configured.settings,
        author: author.unwrap_or_default(),
    })
}

/// Reads the evidence and judges it.
pub(super) async fn review(
    session: Session,
    paths: Paths,
    tell: impl Fn(u64, u64) + Send + Sync,
) -> Result<Reviewed, Problem> {
    let wanted = beside(move || wanted(&paths)).await?;
    let recent = SignedDuration::from_hours(24 * i64::from(wanted.settings.recent_days));
    let since = Timestamp::now().checked_sub(recent).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut tell = seldom(tell);
    let evidence = session.evidence(Some(since), |progress| tell(progress.done, progress.known)).await?;
    beside(move || {
        let report = review::review(&evidence, &wanted.settings, &wanted.accepted);
        Ok(Reviewed {
            report: Arc::new(report),
            instance: evidence.instance_name.clone(),
            read: evidence.now,
            settings: wanted.settings,
            author: wanted.author,
            file: wanted.file.display().to_string().into(),
        })
    })
    .await
}

/// Writes an acceptance into its file.
pub(super) async fn accept(paths: Paths, acceptance: Acceptance, comment: String) -> Result<(), Problem> {
    beside(move || {
        let configured = Configuration::load(&paths, false)?.review.accepted;
        let file = acceptances::to_extend(None, configured.as_deref());
        acceptances::add(&file, &acceptance, &comment).map(drop)
    })
    .await
}

/// Writes a review into a file.
pub(super) async fn export(text: ReviewText, reviewed: Reviewed, wish: FileWish) -> Result<Written, Problem> {
    beside(move || {
        let path = path_of(&wish.path);
        let text = text(&reviewed, &path)?;
        write(&path, wish.replace, &text)
    })
    .await
}

/// Writes managers into a file, as `zitui managers list` prints them.
pub(super) async fn export_managers(
    records: Vec<ManagerRecord>,
    unread: Vec<UnreadPart>,
    wish: FileWish,
) -> Result<Written, Problem> {
    beside(move || {
        let path = path_of(&wish.path);
        let ending = path.extension().and_then(std::ffi::OsStr::to_str).map(str::to_ascii_lowercase);
        let text = match ending.as_deref() {
            Some("csv") => shape::managers_csv(&records),
            Some("json") => shape::managers_json(&records, &unread),
            _ => {
                return Err(Problem::new(
                    ProblemKind::Usage,
                    format!("Cannot write {}", path.display()),
                    "the ending of the name says no format",
                    "end it with .csv or .json",
                ));
            }
        };
        write(&path, wish.replace, &text)
    })
    .await
}

/// Reads a snapshot from its file.
pub(super) async fn open(path: String) -> Result<Arc<Snapshot>, Problem> {
    beside(move || engine::snapshot::read(&path_of(&path)).map(Arc::new)).await
}

/// Writes all managers as they are now into a file. What is there is asked about before anything is read.
pub(super) async fn save(
    session: Session,
    wish: FileWish,
    tell: impl Fn(u64, u64) + Send + Sync,
) -> Result<Written, Problem> {
    let path = path_of(&wish.path);
    if !wish.replace && path.exists() {
        return Ok(Written::IsThere);
    }
    let snapshot = session.snapshot(seldom(tell)).await?;
    beside(move || {
        let written = write(&path, wish.replace, &engine::snapshot::text(&snapshot))?;
        let is_partial = written == Written::Done && !snapshot.gaps.is_empty();
        Ok(if is_partial { Written::Partly(snapshot.gaps) } else { written })
    })
    .await
}

/// Compares a snapshot with now. That events cannot be read takes nothing away but who did it.
pub(super) async fn compare(
    session: Session,
    path: String,
    tell: impl Fn(u64, u64) + Send + Sync,
) -> Result<Arc<Compared>, Problem> {
    let before = open(path).await?;
    let issuer = &session.facts().issuer;
    if before.issuer != *issuer {
        return Err(Problem::new(
            ProblemKind::Usage,
            "Cannot compare this snapshot with now",
            format!("it is of {}, and you are signed in to {issuer}", before.issuer),
            "sign in there first, or browse it",
        ));
    }
    let now = session.snapshot(seldom(tell)).await?;
    let comparison = snapshot::compare(&before, &now);
    let events = session.events_after(&before, &comparison).await;
    if let Err(problem) = &events
        && problem.kind == ProblemKind::NotSignedIn
    {
        return Err(problem.clone());
    }
    let (events, no_events) = match events {
        Ok(events) => (events, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    Ok(Arc::new(Compared {
        instance: now.title(),
        events: comparison.differences.iter().map(|one| one.event(&events).cloned()).collect(),
        no_events,
        gaps: now.gaps,
        comparison,
    }))
}

fn path_of(typed: &str) -> PathBuf {
    expand_home(Path::new(typed))
}

fn write(path: &Path, replace: bool, text: &str) -> Result<Written, Problem> {
    if !replace && path.exists() {
        return Ok(Written::IsThere);
    }
    private_file::replace_shared(path, text.as_bytes()).map_err(|error| {
        Problem::new(
            ProblemKind::Usage,
            format!("Cannot write {}", path.display()),
            error.to_string(),
            "name a file in a folder that is there and that you may write into",
        )
    })?;
    Ok(Written::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn export(path: &Path, replace: bool) -> Result<Written, Problem> {
        let wish = FileWish { path: path.display().to_string(), replace };
        export_managers(Vec::new(), Vec::new(), wish).await
    }

    #[tokio::test]
    async fn managers_are_written_in_the_format_of_the_ending_and_over_nothing_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let (csv, json) = (folder.path().join("managers.csv"), folder.path().join("managers.JSON"));
        assert_eq!(export(&csv, false).await, Ok(Written::Done));
        assert!(
            std::fs::read_to_string(&csv).unwrap().starts_with("level,resource,organization,login_name,")
        );
        std::fs::write(&csv, "mine").unwrap();
        assert_eq!(export(&csv, false).await, Ok(Written::IsThere));
        assert_eq!(std::fs::read_to_string(&csv).unwrap(), "mine");
        assert_eq!(export(&csv, true).await, Ok(Written::Done));
        assert_eq!(export(&json, false).await, Ok(Written::Done));
        let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
        assert_eq!(document["kind"], "managers");
        let refused = export(&folder.path().join("managers.txt"), false).await.unwrap_err();
        assert!(refused.fix.as_str().contains(".csv or .json"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
    }
}
