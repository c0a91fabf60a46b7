//! The order of writes: one after another for one user on one resource, a few at once in total (DESIGN section 6).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedMutexGuard, Semaphore, SemaphorePermit};

use crate::domain::id::UserId;
use crate::domain::level::Resource;

const AT_ONCE: usize = 4;

type Turns = HashMap<(Resource, UserId), Weak<tokio::sync::Mutex<()>>>;

/// Where changes wait for their turn.
#[derive(Debug)]
pub(super) struct WriteQueue {
    places: Semaphore,
    turns: Mutex<Turns>,
}

/// The turn of one change, until it is dropped.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub(super) struct Turn<'a> {
    _own: OwnedMutexGuard<()>,
    _place: Option<SemaphorePermit<'a>>,
}

impl WriteQueue {
    pub(super) fn new() -> Self {
        Self { places: Semaphore::new(AT_ONCE), turns: Mutex::default() }
    }

    /// Waits for the turn of a change of this user on this resource.
    pub(super) async fn turn(&self, resource: &Resource, user: &UserId) -> Turn<'_> {
        let own = self.own_lock(resource, user).lock_owned().await;
        // A semaphore that is never closed always gives a place.
        Turn { _own: own, _place: self.places.acquire().await.ok() }
    }

    fn own_lock(&self, resource: &Resource, user: &UserId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, lock| lock.strong_count() > 0);
        let known = turns.entry((resource.clone(), user.clone())).or_default();
        known.upgrade().unwrap_or_else(|| {
            let lock = Arc::default();
            *known = Arc::downgrade(&lock);
            lock
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn changes_of_one_user_on_one_resource_wait_for_each_other() {
        let queue = WriteQueue::new();
        let (user, other) = (UserId::new("1"), UserId::new("2"));
        let first = queue.turn(&Resource::Instance, &user).await;
        assert!(queue.turn(&Resource::Instance, &user).now_or_never().is_none());
        assert!(queue.turn(&Resource::Instance, &other).now_or_never().is_some());
        drop(first);
        assert!(queue.turn(&Resource::Instance, &user).now_or_never().is_some());
    }

    #[tokio::test]
    async fn only_a_few_changes_are_under_way_at_once() {
        let queue = WriteQueue::new();
        let mut turns = Vec::new();
        for id in ["1", "2", "3", "4"] {
            turns.push(queue.turn(&Resource::Instance, &UserId::new(id)).await);
        }
        let fifth = UserId::new("5");
        assert!(queue.turn(&Resource::Instance, &fifth).now_or_never().is_none());
        turns.pop();
        assert!(queue.turn(&Resource::Instance, &fifth).now_or_never().is_some());
    }
}
