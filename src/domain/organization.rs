//! Organizations.

use std::fmt;

use super::id::OrganizationId;
use super::text::SafeText;

/// The state of an organization that may not be read.
const UNKNOWN: &str = "unknown";

/// Whether an organization is in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrganizationState {
    /// In use.
    Active,
    /// Deactivated; its managers can still be changed (recording `members.org/add-dormant`).
    Inactive,
    /// A row without a state is a removed organization (CONTRACT.md section 3).
    Removed,
    /// A state of a newer server.
    Other(SafeText),
}

impl fmt::Display for OrganizationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Removed => "removed",
            Self::Other(state) => state.as_str(),
        })
    }
}

/// An organization as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The organization.
    pub id: OrganizationId,
    /// Its name; empty where the caller may not read it.
    pub name: SafeText,
    /// Its primary domain.
    pub primary_domain: SafeText,
    /// Whether it is in use.
    pub state: OrganizationState,
}

impl Organization {
    /// What stands for an organization that may not be read: at most its name is known, from elsewhere.
    pub fn unreadable(id: OrganizationId, name: SafeText) -> Self {
        let state = OrganizationState::Other(SafeText::new(UNKNOWN));
        Self { id, name, primary_domain: SafeText::default(), state }
    }

    /// Whether the server told its state.
    pub fn is_readable(&self) -> bool {
        !matches!(&self.state, OrganizationState::Other(state) if state.as_str() == UNKNOWN)
    }

    /// What to call it: the name, else the id.
    pub fn title(&self) -> SafeText {
        self.name.or(&SafeText::new(self.id.as_str()))
    }
}
