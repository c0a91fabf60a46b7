//! Users of both kinds.

use std::fmt;

use super::id::{OrganizationId, UserId};
use super::text::SafeText;

/// Person or machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserKind {
    /// A person.
    Human,
    /// A machine user; signs in with a key.
    Service,
    /// The server did not say.
    Unknown,
}

impl fmt::Display for UserKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Human => "human",
            Self::Service => "service",
            Self::Unknown => "–",
        })
    }
}

/// Whether a user can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserState {
    /// Can sign in.
    Active,
    /// Deactivated by an administrator.
    Inactive,
    /// Locked after failed sign-ins or by an administrator.
    Locked,
    /// Removed.
    Deleted,
    /// Created, never signed in.
    Initial,
    /// A state of a newer server.
    Other(SafeText),
}

impl UserState {
    /// Whether a user in this state can sign in, now or after finishing its registration. States that we do not know
    /// count as able: a guard that wrongly counts an owner is corrected by the server's own rules, a guard that
    /// wrongly refuses would need an override on every change.
    pub const fn can_sign_in(&self) -> bool {
        !matches!(self, Self::Inactive | Self::Locked | Self::Deleted)
    }

    /// The state in a word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Locked => "locked",
            Self::Deleted => "deleted",
            Self::Initial => "initial",
            Self::Other(state) => state.as_str(),
        }
    }
}

impl fmt::Display for UserState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A user as search results and look-ups show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The home organization.
    pub organization: OrganizationId,
    /// Person or machine.
    pub kind: UserKind,
    /// Whether it can sign in.
    pub state: UserState,
    /// The name within the home organization.
    pub user_name: SafeText,
    /// The preferred login name.
    pub login_name: SafeText,
    /// Every login name.
    pub login_names: Vec<SafeText>,
    /// A person's display name, a service user's name; empty if it has none.
    pub display_name: SafeText,
    /// A person's e-mail address.
    pub email: Option<SafeText>,
}

impl User {
    /// What to call this user: the display name, else the login name, else the id.
    pub fn title(&self) -> SafeText {
        self.display_name.or(&self.login_name).or(&SafeText::new(self.id.as_str()))
    }

    /// Whether `name` is one of the login names, ignoring case. A 2.x server answers an exact look-up with somebody
    /// else when nothing fits (recording `users/v1-global-by-login-unknown`), so callers must ask this first.
    pub fn has_login_name(&self, name: &str) -> bool {
        let name = SafeText::new(name).as_str().to_lowercase();
        self.login_names.iter().chain([&self.login_name]).any(|own| own.as_str().to_lowercase() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names_compare_whole_and_without_case() {
        let ivan = User {
            id: UserId::new("200"),
            organization: OrganizationId::new("100"),
            kind: UserKind::Human,
            state: UserState::Active,
            user_name: SafeText::new("ivan"),
            login_name: SafeText::new("ivan@initech.example"),
            login_names: vec![SafeText::new("ivan@initech.example"), SafeText::new("Ivan")],
            display_name: SafeText::default(),
            email: None,
        };
        assert!(ivan.has_login_name("IVAN"));
        assert!(ivan.has_login_name("ivan@initech.example"));
        assert!(!ivan.has_login_name("ivan@nowhere.example"));
        assert_eq!(ivan.title(), SafeText::new("ivan@initech.example"));
    }
}
