//! A text field for a path, completed from the disk as a shell does it.

use std::time::Duration;

use super::effect::{Request, Sequence, Slot};
use super::event::Answer;
use super::field::Field;
use super::message::Tone;
use super::shared::Shared;

/// The field, and what the typed path could mean.
#[derive(Debug, Default)]
pub struct PathField {
    /// The path as typed.
    pub field: Field,
    /// Files and folders that it could mean.
    pub paths: Vec<String>,
    pending: Option<Sequence>,
}

impl PathField {
    /// A field with this path in it.
    pub fn new(path: &str) -> Self {
        Self { field: Field::new(path), ..Self::default() }
    }

    /// The path without blanks around it.
    pub fn path(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// Asks what the path could mean.
    pub fn complete(&mut self, shared: &mut Shared) {
        let request = Request::Paths(self.field.text());
        self.pending = Some(shared.ask(Slot::Paths, Duration::ZERO, request));
    }

    /// Another path is typed.
    pub fn typed(&mut self) {
        self.paths.clear();
    }

    /// Takes the completions asked for.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let Answer::Paths(paths) = answer else { return };
        if self.pending.take_if(|own| *own == sequence).is_none() {
            return;
        }
        match paths.as_slice() {
            [] => {
                self.paths.clear();
                shared.say(Tone::Note, "No file or folder begins like this");
            }
            [only] => {
                self.field.set(only);
                self.paths.clear();
            }
            several => {
                let common = common_start(several);
                if common.len() > self.field.text().len() {
                    self.field.set(&common);
                }
                self.paths = several.to_vec();
            }
        }
    }
}

fn common_start(paths: &[String]) -> String {
    let Some((first, others)) = paths.split_first() else { return String::new() };
    let length = others.iter().fold(first.chars().count(), |length, other| {
        first.chars().zip(other.chars()).take(length).take_while(|(left, right)| left == right).count()
    });
    first.chars().take(length).collect()
}
