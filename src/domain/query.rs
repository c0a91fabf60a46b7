//! What can be searched for.

use super::id::OrganizationId;

/// Which organizations to list, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationQuery {
    /// Part of the name or of the primary domain, or a whole id; empty for all.
    pub text: String,
    /// Rows to pass over.
    pub offset: u64,
    /// Rows wanted, 1 to 1000.
    pub limit: u32,
}

/// Which users to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserQuery {
    /// What to look for; empty for all.
    pub text: String,
    /// Only users of this organization; else across organizations.
    pub organization: Option<OrganizationId>,
    /// Which fields to compare.
    pub pass: UserPass,
    /// Rows to pass over.
    pub offset: u64,
    /// Rows wanted, 1 to 1000.
    pub limit: u32,
}

/// A search over all users takes a third of a second in the login names and a tenth of that in the other fields
/// (SCALE.md), so the passes run beside each other and their rows are merged by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserPass {
    /// Names, e-mail and id; the only pass when there is no text.
    Names,
    /// Login names.
    LoginNames,
    /// Names of service users, which no server can search (CONTRACT.md section 11): kept and compared here.
    ServiceNames,
}
