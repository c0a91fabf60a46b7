//! Settles what the journal left in doubt: reads now what holds, and writes down what that says about the change.

use std::fs::File;
use std::io;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use serde_json::json;

use super::super::session::Inner;
use super::history::{entries_of, read};
use super::{FORMAT, Journal, open, roles};
use crate::api::events::EventQuery;
use crate::domain::inventory::{GrantedOn, RoleGrant};
use crate::domain::journal::{JournalEntry, JournalOutcome};
use crate::domain::manager::Manager;
use crate::domain::problem::Problem;
use crate::domain::role::{Role, same_roles};

/// How often to look again while a change is being written, and how long to wait in between.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(1500);
/// How long showing the journal waits for it to be settled.
const HISTORY_WAITS: Duration = Duration::from_secs(2);
/// No more entries are settled at once; the newest count.
const MAX_SETTLED: usize = 200;
/// How far the clocks of server and machine may be apart when an event is taken for ours.
const CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// What reading says about a change whose outcome was not learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It holds, or the events tell that it was done.
    Done,
    /// The roles are what they were before.
    NotDone,
    /// Somebody changed them since, so that reading cannot tell.
    Unclear,
}

impl Inner {
    /// The journal, after what it left in doubt was settled, as far as that is quickly done.
    pub(in crate::engine) async fn history(&self) -> Result<Vec<JournalEntry>, Problem> {
        if tokio::time::timeout(HISTORY_WAITS, self.settle_open(1)).await.is_err() {
            tracing::info!("showing the journal before it is settled");
        }
        entries_of(self.journal.file.clone()).await
    }

    /// Settles the open entries of this instance, once no change is being written. What cannot be read stays in doubt.
    pub(in crate::engine) async fn settle(&self) {
        self.settle_open(ATTEMPTS).await;
    }

    async fn settle_open(&self, attempts: u32) {
        let _alone = self.settling.lock().await;
        for entry in self.journal.doubtful(attempts).await {
            match self.manager(&entry.resource, &entry.user.id).await {
                Ok(row) => {
                    let found = self.judge_entry(&entry, row.as_ref()).await;
                    if found != Found::NotDone || entry.outcome != JournalOutcome::NotVisibleYet {
                        self.journal.settled(&entry, found, row.as_ref()).await;
                    }
                }
                Err(problem) => tracing::warn!(%problem, "a change stays in doubt"),
            }
        }
    }

    async fn judge_entry(&self, entry: &JournalEntry, row: Option<&Manager>) -> Found {
        let found = judged(entry, row);
        if found == Found::Unclear && self.was_done(entry).await { Found::Done } else { found }
    }

    /// Whether an event tells that the change was done, for who may read events.
    async fn was_done(&self, entry: &JournalEntry) -> bool {
        let query = EventQuery::of(&entry.resource);
        let Ok(page) = self.client.member_events(&query).await else { return false };
        let own = &self.facts.identity;
        let by_us =
            |event: &RoleGrant| entry.who != own.login_name || event.editor_id.as_str() == own.user.as_str();
        let not_before = entry.time.checked_sub(CLOCKS).unwrap_or(Timestamp::MIN);
        page.events.iter().any(|(_, event)| {
            let wanted = match &event.roles {
                Some(roles) => !entry.after.is_empty() && same_roles(roles, &entry.after),
                None => entry.after.is_empty(),
            };
            let ours = event.resource == GrantedOn::of(&entry.resource) && event.user == entry.user.id;
            ours && wanted && by_us(event) && event.time >= not_before
        })
    }
}

fn judged(entry: &JournalEntry, row: Option<&Manager>) -> Found {
    let holds = row.map(|row| row.roles.as_slice());
    let same = |wanted: Option<&[Role]>| match (holds, wanted) {
        (None, None) => true,
        (Some(holds), Some(wanted)) => same_roles(holds, wanted),
        _ => false,
    };
    if same(Some(entry.after.as_slice()).filter(|after| !after.is_empty())) {
        Found::Done
    } else if same(entry.before.as_deref()) {
        Found::NotDone
    } else {
        Found::Unclear
    }
}

impl Journal {
    /// The open entries of this instance. While a change is being written, by this program or another one, it cannot
    /// be told from one that was left in doubt, so waits until none is.
    async fn doubtful(&self, attempts: u32) -> Vec<JournalEntry> {
        for attempt in 1..=attempts {
            let file = self.file.clone();
            let read = tokio::task::spawn_blocking(move || {
                if !file.exists() {
                    return Ok(Some(Vec::new()));
                }
                let lock = open(&file)?;
                match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                    Ok(()) => read(&file).map(Some),
                    Err(Errno::WOULDBLOCK) => Ok(None),
                    Err(error) => Err(io::Error::from(error)),
                }
            });
            match read.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok(Some(recorded)) => {
                    let open = recorded.into_iter().filter(|recorded| recorded.open);
                    let ours = open.map(|recorded| recorded.entry);
                    let ours = ours.filter(|entry| entry.issuer.as_str() == self.issuer);
                    return ours.take(MAX_SETTLED).collect();
                }
                Ok(None) if attempt < attempts => tokio::time::sleep(PAUSE).await,
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(file = %self.file.display(), %error, "cannot settle the journal");
                    return Vec::new();
                }
            }
        }
        Vec::new()
    }

    async fn settled(&self, entry: &JournalEntry, found: Found, row: Option<&Manager>) {
        let (word, why) = match found {
            Found::Done => ("done", "reading later showed it"),
            Found::NotDone => ("not done", "reading later showed the roles as they were before"),
            Found::Unclear => ("something else", "the roles were changed since, so that reading cannot tell"),
        };
        let line = json!({
            "format": FORMAT,
            "kind": "settled",
            "id": entry.id.as_str(),
            "time": Timestamp::now().to_string(),
            "found": word,
            "holds": row.map(|manager| roles(&manager.roles)),
            "why": why,
        });
        if let Err(error) = self.append(line).await {
            tracing::warn!(file = %self.file.display(), %error, "cannot write what was settled");
        }
    }
}

/// Marks that a change is being written, until the file is dropped, also by a crash. A file system without locks does
/// not stop the write.
pub(super) fn mark(file: &File) {
    if let Err(error) = flock(file, FlockOperation::LockShared) {
        tracing::debug!(%error, "the journal cannot be locked");
    }
}
