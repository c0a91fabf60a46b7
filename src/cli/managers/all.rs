//! All managers of the instance, printed as they come where the format allows.

use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::Notify;

use super::super::listing::Listing;
use super::super::output::{Output, Reader};
use super::super::run::Context;
use super::super::unread::Unread;
use super::{Wanted, row};
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, ManagerRecord};
use crate::domain::problem::Problem;
use crate::domain::user::{User, UserKind};

/// Prints those that fit, and returns how many they were.
///
/// # Errors
/// What reading fails with as a whole, or writing to standard output.
pub(super) async fn list(
    context: &mut Context,
    wanted: &Wanted,
    listing: &mut Listing,
    unread: &mut Unread,
) -> Result<usize, Problem> {
    let output = context.output.clone();
    let taking = Mutex::new(Taking {
        wanted,
        output: &output,
        listing,
        unread,
        waiting: Vec::new(),
        rows: 0,
        failed: None,
        left: false,
    });
    let ended = Notify::new();
    let session = context.session.clone();
    let tell = |part| {
        let mut taking = taking.lock().unwrap_or_else(PoisonError::into_inner);
        taking.take(part);
        if taking.is_over() {
            ended.notify_one();
        }
    };
    let read = async {
        tokio::select! {
            biased;
            () = ended.notified() => Ok(()),
            read = session.inventory(tell) => read,
        }
    };
    let read = context.interrupt.stops(read).await;
    output.progress_ends();
    read?;
    taking.into_inner().unwrap_or_else(PoisonError::into_inner).end()
}

/// Takes the parts as they come.
struct Taking<'a> {
    wanted: &'a Wanted,
    output: &'a Output,
    listing: &'a mut Listing,
    unread: &'a mut Unread,
    /// Rows whose user has no name so far; where nothing is printed before the end, all rows.
    waiting: Vec<ManagerRecord>,
    rows: usize,
    failed: Option<Problem>,
    left: bool,
}

impl Taking<'_> {
    fn take(&mut self, part: InventoryPart) {
        match part {
            InventoryPart::Rows(records) => {
                for record in records {
                    if !self.wanted.fits(&record) {
                        continue;
                    }
                    if is_whole(&record) && self.listing.streams() {
                        self.print(&record);
                    } else {
                        self.waiting.push(record);
                    }
                }
            }
            InventoryPart::Users(users) => self.complete(&users),
            InventoryPart::Progress { done, known } => {
                self.output.progress(&format!(
                    "read {done} of {known} lists, {} managers",
                    self.rows + self.waiting.len()
                ));
            }
            InventoryPart::Unread(part) => self.unread.push(part),
        }
    }

    fn is_over(&self) -> bool {
        self.left || self.failed.is_some()
    }

    /// Prints the rows that waited for these users.
    fn complete(&mut self, users: &[User]) {
        let waiting = std::mem::take(&mut self.waiting);
        for mut record in waiting {
            let id: &UserId = &record.manager.user.id;
            match users.iter().find(|user| user.id == *id) {
                Some(user) if self.listing.streams() => {
                    record.manager.user.learn(user);
                    self.print(&record);
                }
                Some(user) => {
                    record.manager.user.learn(user);
                    self.waiting.push(record);
                }
                None => self.waiting.push(record),
            }
        }
    }

    fn print(&mut self, record: &ManagerRecord) {
        self.rows += 1;
        if self.is_over() {
            return;
        }
        match self.listing.push(row(record)) {
            Ok(Reader::There) => {}
            Ok(Reader::Left) => self.left = true,
            Err(problem) => self.failed = Some(problem),
        }
    }

    /// Prints what still waits, in order: all rows of a table, else users whose names could not be read.
    fn end(mut self) -> Result<usize, Problem> {
        self.waiting.sort_by_cached_key(|record| {
            let manager = &record.manager;
            let names = (record.organization_name.clone(), record.resource_name.clone());
            (manager.resource.level(), names, manager.resource.clone(), manager.user.login_name.clone())
        });
        for record in std::mem::take(&mut self.waiting) {
            self.print(&record);
        }
        self.failed.map_or(Ok(self.rows), Err)
    }
}

fn is_whole(record: &ManagerRecord) -> bool {
    let user = &record.manager.user;
    !user.display_name.is_empty() && user.kind != UserKind::Unknown
}
