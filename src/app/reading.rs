//! Something that is read as a whole: what was read, and whether it is being read.

use std::time::Duration;

use super::effect::{Request, Sequence, Slot};
use super::shared::Shared;
use crate::domain::problem::Problem;

/// A value from the server. Reading again keeps what is known until the answer comes.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    value: Option<T>,
    problem: Option<Problem>,
    pending: Option<Sequence>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self { value: None, problem: None, pending: None }
    }
}

impl<T> Reading<T> {
    /// Something that was read before.
    pub const fn known(value: T) -> Self {
        Self { value: Some(value), problem: None, pending: None }
    }

    /// Asks for it.
    pub fn ask(&mut self, slot: Slot, request: Request, shared: &mut Shared) {
        self.pending = Some(shared.ask(slot, Duration::ZERO, request));
    }

    /// Takes the answer, if it is the one waited for.
    pub fn answered(&mut self, sequence: Sequence, answer: Result<T, Problem>) -> bool {
        if self.pending != Some(sequence) {
            return false;
        }
        self.pending = None;
        match answer {
            Ok(value) => {
                self.value = Some(value);
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
        true
    }

    /// Whether this is the answer waited for.
    pub fn waits_for(&self, sequence: Sequence) -> bool {
        self.pending == Some(sequence)
    }

    /// What was read last.
    pub const fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// What was read last, to bring it up to date with what is known from elsewhere.
    pub const fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// Why the last reading failed.
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Whether an answer is waited for.
    pub const fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether the answer waited for will not come, because another screen took the slot.
    pub fn was_dropped(&self, shared: &Shared) -> bool {
        self.pending.is_some_and(|sequence| !shared.is_live(sequence))
    }
}
