//! Sentences about permissions.

use crate::domain::permission::MissingPermission;
use crate::domain::role::Role;

/// One sentence: which permission lacks, which roles carry it, and which the own user holds.
pub fn lack(missing: &MissingPermission) -> String {
    format!(
        "needs {}, which {} carry; yours: {}",
        missing.permission,
        listed(&missing.carried_by, "no known roles"),
        listed(&missing.held, "none")
    )
}

/// Roles, parted by commas.
pub fn listed(roles: &[Role], none: &str) -> String {
    if roles.is_empty() {
        return none.to_owned();
    }
    roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
