//! All managers of the instance, or everything that one user manages: through the one list of v2 where the server has
//! it, else by walking organizations, projects and grants. Rows are told as they arrive; dropping the future stops it.

mod memberships;
mod seen;
mod tasks;
mod unseen;

use std::collections::{HashSet, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::session::Inner;
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::problem::{Problem, ProblemKind};
pub(super) use seen::{Places, Seen};
pub(super) use tasks::NAMES_OF_USERS;
use tasks::{Asked, Found, Task};
pub(super) use unseen::BEYOND_ROLES;

/// Requests under way at once while organizations are walked.
const AT_ONCE: usize = 8;
/// Requests under way at once in the list of v2: each page of 1000 keeps the server busy for most of a second.
const PAGES_AT_ONCE: usize = 3;

/// Who hears of the parts.
pub(super) type Tell<'a> = dyn FnMut(InventoryPart) + Send + 'a;

/// One reading of all managers, or of those of one user.
struct Reading<'a> {
    inner: &'a Inner,
    of: Option<&'a ManagerUser>,
    /// Where what is seen on the way is kept.
    seen: Option<&'a Seen>,
    /// Held while names of organizations are read.
    naming: tokio::sync::Mutex<()>,
}

impl Inner {
    pub(super) async fn inventory(&self, tell: &mut Tell<'_>) -> Result<(), Problem> {
        self.reading(None, None).read(tell).await
    }

    /// The same, and what was seen of the resources on the way.
    pub(super) async fn inventory_and_places(&self, tell: &mut Tell<'_>) -> Result<Places, Problem> {
        let seen = Seen::default();
        self.reading(None, Some(&seen)).read(tell).await?;
        Ok(seen.into_places())
    }

    /// Everything that one user manages.
    pub(super) async fn managed_by(&self, user: &ManagerUser, tell: &mut Tell<'_>) -> Result<(), Problem> {
        self.reading(Some(user), None).read(tell).await
    }

    fn reading<'a>(&'a self, of: Option<&'a ManagerUser>, seen: Option<&'a Seen>) -> Reading<'a> {
        Reading { inner: self, of, seen, naming: tokio::sync::Mutex::default() }
    }
}

impl Reading<'_> {
    async fn read(&self, tell: &mut Tell<'_>) -> Result<(), Problem> {
        if let Some(service) = self.inner.facts.administrators.list {
            match self.first_page(service).await {
                Ok(first) => {
                    self.drive(first, None, PAGES_AT_ONCE, tell).await?;
                    self.unseen().into_iter().for_each(|part| tell(InventoryPart::Unread(part)));
                    return Ok(());
                }
                // Kept away by a proxy, or refused after all.
                Err(error) if error.is_forbidden() || error.is_not_found() => {
                    tracing::info!(%error, "the list of all managers cannot be read; walking organizations");
                }
                Err(error) => return Err(error.into_problem("Cannot read all managers")),
            }
        }
        self.note(|places| places.walked = true);
        let first = Found { tasks: self.start_of_walk(), ..Found::default() };
        // The list of v2 shows the own rows to everybody; here they are read on their own, once the richer rows came.
        let last = (self.of.is_none() && !self.unseen().is_empty()).then_some(Task::OwnMemberships);
        self.drive(first, last, AT_ONCE, tell).await?;
        self.outside_of_walk().into_iter().for_each(|part| tell(InventoryPart::Unread(part)));
        Ok(())
    }

    /// Does what is found to be done until nothing is left, so many at once, and then what comes last.
    async fn drive(
        &self,
        first: Found,
        last: Option<Task>,
        at_once: usize,
        tell: &mut Tell<'_>,
    ) -> Result<(), Problem> {
        let mut state = State { last, ..State::default() };
        let mut under_way = FuturesUnordered::new();
        state.take(first, self.of.is_none(), tell)?;
        loop {
            while under_way.len() < at_once {
                let Some(task) = state.next(under_way.is_empty()) else { break };
                under_way.push(self.run(task));
            }
            let Some(found) = under_way.next().await else { return state.end() };
            state.done += 1;
            state.take(found, self.of.is_none(), tell)?;
            let known = state.done + (state.waiting.len() + under_way.len()) as u64;
            tell(InventoryPart::Progress { done: state.done, known });
        }
    }
}

/// What was told and what is still to be done.
#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    last: Option<Task>,
    done: u64,
    told: HashSet<(Resource, UserId)>,
    asked: HashSet<(Asked, Resource)>,
    users: HashSet<UserId>,
    unnamed: Vec<UserId>,
    users_unread: bool,
    failures: u64,
    last_failure: Option<Problem>,
}

impl State {
    /// The next task; what remains of users to look up when there is nothing else.
    fn next(&mut self, idle: bool) -> Option<Task> {
        if self.unnamed.len() >= MAX_LIMIT as usize {
            let rest = self.unnamed.split_off(MAX_LIMIT as usize);
            return Some(Task::Users(std::mem::replace(&mut self.unnamed, rest)));
        }
        let mut task = self.waiting.pop_front();
        if task.is_none() && idle {
            task = self.last.take();
        }
        if task.is_none() && idle && !self.unnamed.is_empty() {
            return Some(Task::Users(std::mem::take(&mut self.unnamed)));
        }
        task
    }

    /// Tells what is new. Fails when going on makes no sense: the sign-in has ended, or nothing answers any more.
    fn take(&mut self, found: Found, look_up: bool, tell: &mut Tell<'_>) -> Result<(), Problem> {
        let mut rows = found.rows;
        rows.retain(|row| self.told.insert((row.manager.resource.clone(), row.manager.user.id.clone())));
        if look_up {
            let users = rows.iter().map(|row| &row.manager.user.id);
            self.unnamed.extend(users.filter(|id| self.users.insert((*id).clone())).cloned());
        }
        if !rows.is_empty() {
            tell(InventoryPart::Rows(rows));
        }
        if !found.users.is_empty() {
            tell(InventoryPart::Users(found.users));
        }
        for task in found.tasks {
            // Two ways can lead to the same organization or grant.
            if task.asks().is_none_or(|asks| self.asked.insert(asks)) {
                self.waiting.push_back(task);
            }
        }
        if found.unread.is_empty() {
            self.failures = 0;
        }
        for part in found.unread {
            self.unread(part, tell)?;
        }
        Ok(())
    }

    /// Fails when no answer came to anything, be it ever so little that was asked: an instance that is away would look
    /// like one whose lists are all closed.
    fn end(self) -> Result<(), Problem> {
        self.last_failure.filter(|_| self.failures >= self.done).map_or(Ok(()), Err)
    }

    fn unread(&mut self, part: UnreadPart, tell: &mut Tell<'_>) -> Result<(), Problem> {
        match part.problem.kind {
            ProblemKind::NotSignedIn => return Err(part.problem),
            ProblemKind::Network => {
                self.failures += 1;
                self.last_failure = Some(part.problem.clone());
            }
            _ => self.failures = 0,
        }
        if self.failures >= AT_ONCE as u64 {
            return Err(part.problem);
        }
        let of_users = part.resource.is_none() && part.name.as_str() == NAMES_OF_USERS;
        if !(of_users && std::mem::replace(&mut self.users_unread, true)) {
            tell(InventoryPart::Unread(part));
        }
        Ok(())
    }
}
