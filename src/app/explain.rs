//! Sentences about permissions.

use super::search::grouped;
use crate::domain::permission::MissingPermission;
use crate::domain::role::Role;
use crate::domain::snapshot::Gap;

/// One sentence: which permission lacks, which roles carry it, and which the own user holds.
pub fn lack(missing: &MissingPermission) -> String {
    format!(
        "needs {}, which {} carry; yours: {}",
        missing.permission,
        listed(&missing.carried_by, "no known roles"),
        listed(&missing.held, "none")
    )
}

/// What could not be read, in one sentence without its end; none where all was.
pub fn gaps(gaps: &[Gap], when: &str) -> Option<String> {
    match gaps {
        [] => None,
        [one] => Some(format!("1 list could not be read{when}: {}: {}", one.name, one.why)),
        [first, ..] => Some(format!(
            "{} lists could not be read{when}, e.g. {}: {}",
            grouped(gaps.len() as u64),
            first.name,
            first.why
        )),
    }
}

/// Roles, parted by commas.
pub fn listed(roles: &[Role], none: &str) -> String {
    if roles.is_empty() {
        return none.to_owned();
    }
    roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
