//! One-line messages that go away by themselves.

use std::time::Duration;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Note,
    /// Something went well.
    Good,
    /// Something cannot be done.
    Warning,
    /// Something failed.
    Bad,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

impl Message {
    /// How long it stays; what failed may need a second reading.
    pub const fn stays(&self) -> Duration {
        match self.tone {
            Tone::Note | Tone::Good => Duration::from_secs(4),
            Tone::Warning => Duration::from_secs(6),
            Tone::Bad => Duration::from_secs(12),
        }
    }
}
