//! Exit codes, as DESIGN names them.

use crate::domain::problem::ProblemKind;

/// Done.
pub const DONE: u8 = 0;
/// Found what somebody asked to be told about.
pub const FOUND: u8 = 1;
/// A guard refused, or somebody else changed it meanwhile.
pub const REFUSED: u8 = 6;
/// The server or the network failed, or it is not known what became of a write.
pub const SERVER: u8 = 7;
/// The operator stopped it.
pub const INTERRUPTED: u8 = 130;

/// The exit code of a problem.
pub const fn code(kind: ProblemKind) -> u8 {
    match kind {
        ProblemKind::Usage => 2,
        ProblemKind::NotSignedIn => 3,
        ProblemKind::PermissionMissing => 4,
        ProblemKind::NotFound | ProblemKind::Ambiguous => 5,
        ProblemKind::Refused => REFUSED,
        ProblemKind::Server | ProblemKind::Network => SERVER,
        ProblemKind::Interrupted => INTERRUPTED,
    }
}
