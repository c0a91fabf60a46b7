//! What went wrong, in the one shape that the screen, the commands and the exit codes share.

use std::fmt;

use super::permission::MissingPermission;
use super::text::SafeText;

/// The class of a problem; the commands make their exit code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Wrong usage or configuration.
    Usage,
    /// Not signed in, and signing in again may help.
    NotSignedIn,
    /// The own user lacks a permission.
    PermissionMissing,
    /// There is no such thing.
    NotFound,
    /// A name fits several things.
    Ambiguous,
    /// A guard refused, or somebody else changed it meanwhile.
    Refused,
    /// The server answered with a failure or with something that is no answer.
    Server,
    /// The server could not be reached.
    Network,
    /// The operator stopped it.
    Interrupted,
}

/// A failure that tells what failed, why, and what to do next. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its class.
    pub kind: ProblemKind,
    /// What failed, e.g. `Cannot read the managers of Globex`.
    pub what: SafeText,
    /// Why, e.g. the server's own words with the error id.
    pub why: SafeText,
    /// What to do next; empty if there is nothing to advise.
    pub fix: SafeText,
    /// The permission that lacks, where that is the reason.
    pub missing: Option<Box<MissingPermission>>,
    /// The server's id of the request, for its logs.
    pub request_id: Option<SafeText>,
}

impl Problem {
    /// A problem without a missing permission or request id.
    pub fn new(
        kind: ProblemKind,
        what: impl Into<SafeText>,
        why: impl Into<SafeText>,
        fix: impl Into<SafeText>,
    ) -> Self {
        Self { kind, what: what.into(), why: why.into(), fix: fix.into(), missing: None, request_id: None }
    }

    /// The same problem, told about the deed it hindered.
    #[must_use]
    pub fn during(mut self, what: impl Into<SafeText>) -> Self {
        self.what = what.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, " ({})", self.fix) }
    }
}

impl std::error::Error for Problem {}
