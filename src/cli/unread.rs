//! Parts that could not be read: told aside, and counted for the exit code. A missing permission must never look like
//! "nobody".

use serde_json::Value;

use super::exit;
use super::output::Output;
use super::shape::unread_json;
use crate::domain::inventory::UnreadPart;
use crate::domain::level::Resource;
use crate::domain::problem::Problem;

/// How many are told one by one.
const TOLD: usize = 10;

/// What could not be read.
#[derive(Default)]
pub(super) struct Unread {
    parts: Vec<UnreadPart>,
}

impl From<&[UnreadPart]> for Unread {
    fn from(parts: &[UnreadPart]) -> Self {
        Self { parts: parts.to_vec() }
    }
}

impl Unread {
    pub(super) fn push(&mut self, part: UnreadPart) {
        self.parts.push(part);
    }

    /// The rows of an answer; none, and the reason kept, where it failed.
    pub(super) fn rows<T>(
        &mut self,
        answer: Result<Vec<T>, Problem>,
        resource: Option<&Resource>,
        name: &str,
    ) -> Vec<T> {
        answer.unwrap_or_else(|problem| {
            self.push(UnreadPart { resource: resource.cloned(), name: name.into(), problem });
            Vec::new()
        })
    }

    /// For the JSON document.
    pub(super) fn json(&self) -> Value {
        unread_json(&self.parts)
    }

    /// Tells them on standard error, and returns the exit code.
    pub(super) fn tell(&self, output: &Output) -> u8 {
        for part in self.parts.iter().take(TOLD) {
            output.warning(&format!("could not read the {}: {}", part.name, part.problem.why));
            if !part.problem.fix.is_empty() {
                output.note(&format!("  {}", part.problem.fix));
            }
        }
        if self.parts.len() > TOLD {
            output.warning(&format!("could not read {} more parts", self.parts.len() - TOLD));
        }
        self.code()
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        self.parts.first().map_or(exit::DONE, |part| exit::code(part.problem.kind))
    }
}
