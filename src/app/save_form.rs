//! Where a file is to be written: a path, and the question before a file that is there is replaced.

use std::time::Duration;

use super::effect::{FileWish, Request, Sequence, Slot};
use super::event::{Answer, Written};
use super::field::Field;
use super::keys::Action;
use super::message::Tone;
use super::path_field::PathField;
use super::shared::Shared;
use crate::domain::problem::Problem;

/// The form.
#[derive(Debug)]
pub struct SaveForm {
    /// What to know about it.
    pub hint: &'static str,
    /// The path.
    pub path: PathField,
    /// Why it could not be written.
    pub problem: Option<Problem>,
    /// Whether there is a file of this name, so that Enter replaces it.
    pub is_there: bool,
    pending: Option<Sequence>,
}

impl SaveForm {
    /// A form with this path in it.
    pub fn new(path: &str, hint: &'static str) -> Self {
        Self { hint, path: PathField::new(path), problem: None, is_there: false, pending: None }
    }

    /// Whether the file is being written.
    pub const fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// The text field, unless the file is being written.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.pending.is_none().then_some(&mut self.path.field)
    }

    /// Another path is typed.
    pub fn typed(&mut self) {
        self.path.typed();
        self.is_there = false;
        self.problem = None;
    }

    /// Completes the path, or asks for the file to be written by the request that `make` makes.
    pub fn act(
        &mut self,
        action: Action,
        make: impl FnOnce(FileWish) -> Request,
        shared: &mut Shared,
    ) -> bool {
        match action {
            Action::Complete => self.path.complete(shared),
            Action::AcceptText if self.is_waiting() => {}
            Action::AcceptText if self.path.path().is_empty() => {
                shared.say(Tone::Warning, "Type the path of the file to write");
            }
            Action::AcceptText => {
                self.path.typed();
                let wish = FileWish { path: self.path.path(), replace: self.is_there };
                self.problem = None;
                self.pending = Some(shared.ask(Slot::File, Duration::ZERO, make(wish)));
            }
            _ => return false,
        }
        true
    }

    /// Takes an answer. Tells whether the file is written.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> bool {
        let Answer::Written(result) = answer else {
            let before = self.path.field.text();
            self.path.answered(sequence, answer, shared);
            self.is_there &= self.path.field.text() == before;
            return false;
        };
        if self.pending.take_if(|own| *own == sequence).is_none() {
            return false;
        }
        match result {
            Ok(Written::Done) => {
                shared.say(Tone::Good, format!("Written to {}", self.path.path()));
                return true;
            }
            Ok(Written::IsThere) => self.is_there = true,
            Err(problem) => self.problem = Some(problem.clone()),
        }
        false
    }

    /// The form is left; what is being written is not waited for.
    pub fn left(&self, shared: &mut Shared) {
        if self.is_waiting() {
            not_waited_for(shared);
        }
    }
}

/// Gives up waiting for a file.
pub fn not_waited_for(shared: &mut Shared) {
    shared.forget(Slot::File);
    shared.say(Tone::Warning, "Not waited for; the file may have been written all the same");
}
