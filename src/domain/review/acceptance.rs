//! Findings that somebody looked at and accepted for a while.

use jiff::civil::Date;

use crate::domain::text::SafeText;

/// One finding accepted. Lives in a file that belongs into version control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The key of the finding, see [`Finding::key`](super::Finding::key).
    pub finding: SafeText,
    /// Why it may stay.
    pub reason: SafeText,
    /// Who says so.
    pub author: SafeText,
    /// The last day on which it counts.
    pub until: Date,
}
