//! The facts of a signed-in state that screens and rules need.

use jiff::Timestamp;

use super::change::Change;
use super::id::{OrganizationId, UserId};
use super::level::{Level, Resource};
use super::manager::Membership;
use super::permission::MissingPermission;
use super::role::Role;
use super::text::SafeText;

/// Who is signed in, where, and what the server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// The issuer, e.g. `https://auth.example.com`.
    pub issuer: SafeText,
    /// The server's version, e.g. `v4.15.0`; only who has `iam.read` is told.
    pub version: Option<SafeText>,
    /// The instance's name; only who has `iam.read` is told.
    pub instance_name: Option<SafeText>,
    /// The organization in which the server keeps its own project.
    pub default_organization: Option<OrganizationId>,
    /// Who we are.
    pub identity: Identity,
    /// Everything the own user manages.
    pub memberships: Vec<Membership>,
    /// What the server can do.
    pub capabilities: Capabilities,
    /// When the token ends; none for a personal access token, whose end the server does not tell.
    pub token_expires: Option<Timestamp>,
    /// What the operator should know but need not act on, e.g. that the issuer differs from the URL.
    pub notices: Vec<SafeText>,
}

impl SessionFacts {
    /// Whether an instance role carries this permission by default, so that it counts everywhere.
    pub fn instance_role_allows(&self, permission: &str) -> bool {
        self.a_role_allows(permission, |own| own.level == Level::Instance)
    }

    /// The same facts as they would be once `plan` is done: what it takes from the signed-in user does not count.
    #[must_use]
    pub fn after(&self, plan: &[Change]) -> Self {
        let mut after = self.clone();
        for change in plan.iter().filter(|change| change.user.id == self.identity.user) {
            for own in after.memberships.iter_mut().filter(|own| own.is_on(&change.resource)) {
                own.roles.clone_from(&change.after);
            }
        }
        after
    }

    /// Whether a membership on a higher level than `resource` carries this permission by default: the instance for
    /// all others, the owning organization for its projects and grants.
    pub fn allowed_from_above(&self, resource: &Resource, permission: &str) -> bool {
        self.a_role_allows(permission, |own| match own.level {
            Level::Instance => resource.level() != Level::Instance,
            Level::Organization => {
                resource.level() > Level::Organization && own.organization.as_ref() == resource.organization()
            }
            Level::Project | Level::ProjectGrant => false,
        })
    }

    fn a_role_allows(&self, permission: &str, counts: impl Fn(&Membership) -> bool) -> bool {
        self.memberships
            .iter()
            .filter(|own| counts(own))
            .flat_map(|own| &own.roles)
            .filter_map(Role::card)
            .any(|card| card.permissions.contains(&permission))
    }

    /// Explains the lack of `permission`.
    pub fn missing(&self, permission: &'static str) -> MissingPermission {
        MissingPermission::new(permission, &self.memberships)
    }
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub user: UserId,
    /// Its home organization.
    pub organization: OrganizationId,
    /// Its preferred login name.
    pub login_name: SafeText,
    /// Its name.
    pub display_name: SafeText,
}

/// What the server can do, found by asking, never by its version text (CONTRACT.md section 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent yes or no of the server")]
pub struct Capabilities {
    /// `zitadel.internal_permission.v2.InternalPermissionService` answers.
    pub administrators_v2: bool,
    /// `zitadel.internal_permission.v2beta.InternalPermissionService` answers.
    pub administrators_v2beta: bool,
    /// `POST /v2/organizations/_search` answers.
    pub organizations_v2: bool,
    /// `POST /v2/users` answers.
    pub users_v2: bool,
}

/// How a profile looks and what it forbids, as far as screens need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFacts {
    /// The profile's name.
    pub name: SafeText,
    /// The URL as the operator gave it.
    pub url: SafeText,
    /// The name of its colour, e.g. `red`.
    pub colour: Option<SafeText>,
    /// Nothing may be written.
    pub read_only: bool,
    /// Every write asks for the typed name of the resource.
    pub protected: bool,
}
