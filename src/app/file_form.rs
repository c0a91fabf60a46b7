//! A file that the operator names: its path, the wait until it is read or written, and the question before one that is
//! there is replaced.

use std::time::Duration;

use super::effect::{FileWish, Request, Sequence, Slot};
use super::event::{Answer, Written};
use super::explain;
use super::field::Field;
use super::keys::Action;
use super::message::Tone;
use super::path_field::PathField;
use super::search::grouped;
use super::shared::Shared;
use crate::domain::problem::Problem;

/// The form.
#[derive(Debug)]
pub struct FileForm {
    /// What the file is for.
    pub title: &'static str,
    /// What to know about it.
    pub hint: &'static str,
    /// The path.
    pub path: PathField,
    /// Why it could not be read or written.
    pub problem: Option<Problem>,
    /// Whether there is a file of this name, so that Enter replaces it.
    pub is_there: bool,
    pending: Option<Sequence>,
    progress: Option<(u64, u64)>,
}

impl FileForm {
    /// A form with this path in it.
    pub fn new(title: &'static str, hint: &'static str, path: &str) -> Self {
        let path = PathField::new(path);
        Self { title, hint, path, problem: None, is_there: false, pending: None, progress: None }
    }

    /// Whether an answer is waited for.
    pub const fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// How far it is, in words.
    pub fn progress(&self) -> String {
        match self.progress {
            Some((done, known)) => {
                format!("{} of {} lists were read; esc stops it", grouped(done), grouped(known.max(done)))
            }
            None => "working; esc stops it".to_owned(),
        }
    }

    /// The text field, unless an answer is waited for.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.pending.is_none().then_some(&mut self.path.field)
    }

    /// Another path is typed.
    pub fn typed(&mut self) {
        self.path.typed();
        self.is_there = false;
        self.problem = None;
    }

    /// Completes the path, or asks what `make` makes of it.
    pub fn act(
        &mut self,
        action: Action,
        make: impl FnOnce(FileWish) -> Request,
        shared: &mut Shared,
    ) -> bool {
        match action {
            Action::Complete | Action::AcceptText if self.is_waiting() => {}
            Action::Complete => self.path.complete(shared),
            Action::AcceptText if self.path.path().is_empty() => {
                shared.say(Tone::Warning, "Type the path of the file");
            }
            Action::AcceptText => {
                self.path.typed();
                let wish = FileWish { path: self.path.path(), replace: self.is_there };
                self.problem = None;
                self.progress = None;
                self.pending = Some(shared.ask(Slot::File, Duration::ZERO, make(wish)));
            }
            _ => return false,
        }
        true
    }

    /// Takes completions, progress, and the end of writing. Tells whether the file is written.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> bool {
        match answer {
            Answer::Progress { done, known } if self.pending == Some(sequence) => {
                self.progress = Some((*done, *known));
            }
            Answer::Written(result) => match self.ended(sequence, result) {
                Some(Written::Done) => {
                    shared.say(Tone::Good, format!("Written to {}", self.path.path()));
                    return true;
                }
                Some(Written::Partly(gaps)) => {
                    let unread = explain::gaps(gaps, "").unwrap_or_default();
                    shared.say(Tone::Warning, format!("Written to {}, in part: {unread}", self.path.path()));
                    return true;
                }
                Some(Written::IsThere) => self.is_there = true,
                None => {}
            },
            _ => {
                let before = self.path.field.text();
                self.path.answered(sequence, answer, shared);
                self.is_there &= self.path.field.text() == before;
            }
        }
        false
    }

    /// What came of what was asked for, if this answers it and did not fail.
    pub fn ended<'a, T>(&mut self, sequence: Sequence, result: &'a Result<T, Problem>) -> Option<&'a T> {
        self.pending.take_if(|own| *own == sequence)?;
        self.problem = result.as_ref().err().cloned();
        result.as_ref().ok()
    }

    /// Stops what is waited for. Tells whether there was anything.
    pub fn stop(&mut self, shared: &mut Shared) -> bool {
        let waited = self.pending.take().is_some();
        if waited {
            not_waited_for(shared);
        }
        waited
    }
}

/// Gives up waiting for a file.
pub fn not_waited_for(shared: &mut Shared) {
    shared.forget(Slot::File);
    shared.say(Tone::Note, "Not waited for any more; a file may have been written all the same");
}
