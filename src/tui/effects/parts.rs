//! Joins the parts of a long answer, so that ten thousand rows do not come as ten thousand events.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::Instant;

use crate::domain::inventory::{InventoryPart, ManagerRecord, UnreadPart};
use crate::domain::problem::Problem;
use crate::domain::user::User;
use crate::engine::Session;

/// Parts are passed on at most so often, but for many rows.
const PAUSE: Duration = Duration::from_millis(50);
/// So many rows are passed on at once.
const MANY_ROWS: usize = 500;

/// What came since the last time.
#[derive(Default)]
struct Joined {
    rows: Vec<ManagerRecord>,
    users: Vec<User>,
    unread: Vec<UnreadPart>,
    progress: Option<(u64, u64)>,
    passed: Option<Instant>,
}

impl Joined {
    fn add(&mut self, part: InventoryPart) {
        match part {
            InventoryPart::Rows(rows) => self.rows.extend(rows),
            InventoryPart::Users(users) => self.users.extend(users),
            InventoryPart::Unread(part) => self.unread.push(part),
            InventoryPart::Progress { done, known } => self.progress = Some((done, known)),
        }
    }

    fn is_due(&self) -> bool {
        self.rows.len() >= MANY_ROWS || self.passed.is_none_or(|passed| passed.elapsed() >= PAUSE)
    }

    fn pass_on(&mut self, tell: &impl Fn(InventoryPart)) {
        self.passed = Some(Instant::now());
        if !self.rows.is_empty() {
            tell(InventoryPart::Rows(std::mem::take(&mut self.rows)));
        }
        if !self.users.is_empty() {
            tell(InventoryPart::Users(std::mem::take(&mut self.users)));
        }
        std::mem::take(&mut self.unread).into_iter().map(InventoryPart::Unread).for_each(tell);
        if let Some((done, known)) = self.progress.take() {
            tell(InventoryPart::Progress { done, known });
        }
    }
}

/// Reads all managers; what comes within a short time is told together.
pub(super) async fn inventory(
    session: &Session,
    tell: impl Fn(InventoryPart) + Send + Sync,
) -> Result<(), Problem> {
    let joined = Mutex::new(Joined::default());
    let lock = || joined.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reading = pin!(session.inventory(|part| {
        let mut joined = lock();
        joined.add(part);
        if joined.is_due() {
            joined.pass_on(&tell);
        }
    }));
    loop {
        match select(reading.as_mut(), pin!(tokio::time::sleep(PAUSE))).await {
            Either::Left((outcome, _)) => {
                lock().pass_on(&tell);
                return outcome;
            }
            Either::Right(_) => lock().pass_on(&tell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64) -> InventoryPart {
        InventoryPart::Progress { done, known: 9 }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_part_is_told_at_once_and_later_ones_together() {
        let mut joined = Joined::default();
        joined.add(progress(1));
        assert!(joined.is_due(), "nobody waits for the first part");
        let told = Mutex::new(Vec::new());
        joined.pass_on(&|part| told.lock().unwrap().push(part));
        joined.add(progress(2));
        assert!(!joined.is_due());
        tokio::time::advance(PAUSE).await;
        joined.add(progress(3));
        assert!(joined.is_due());
        joined.pass_on(&|part| told.lock().unwrap().push(part));
        assert_eq!(*told.lock().unwrap(), [progress(1), progress(3)]);
    }
}
