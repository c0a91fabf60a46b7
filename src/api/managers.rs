//! Managers of one resource: role list and rows through v1, which every version has; writes through v1 or v2 behind
//! one trait. The four levels differ only in path, header and the naming of the resource (CONTRACT.md sections 7, 8).

mod v1;
mod v2;

use std::future::Future;
use std::pin::Pin;

use super::client::Client;
use super::error::CallError;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::role::Role;

pub use v1::ManagersV1;
pub use v2::ManagersV2;

/// A resource, and the organization in whose name its managers are read and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The resource.
    pub resource: Resource,
    /// Whether the calls about a project grant go in the name of the granted organization: since 4.0 somebody with
    /// rights only there is refused otherwise (CONTRACT.md section 7.4). Means nothing on other levels.
    pub as_granted: bool,
}

impl Place {
    /// The organization in whose name to call; none for the instance.
    pub fn organization(&self) -> Option<&OrganizationId> {
        match &self.resource {
            Resource::ProjectGrant { granted, .. } if self.as_granted => Some(granted),
            other => other.organization(),
        }
    }
}

/// The future of a write.
pub type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), CallError>> + Send + 'a>>;

/// Writing managers through one generation of the API. An accepted write proves nothing yet: a removal in the wrong
/// place answers 200 and removes nothing (CONTRACT.md section 7), so callers read back.
pub trait ManagerWrites: Send + Sync {
    /// Makes a user manager.
    fn add<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a>;
    /// Replaces the whole list of roles.
    fn change<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a>;
    /// Removes a manager.
    fn remove<'a>(&'a self, place: &'a Place, user: &'a UserId) -> Writing<'a>;
}

impl Client {
    /// The roles that the server offers there, in its order (recordings `members.*/roles…`).
    pub async fn manager_roles(&self, place: &Place) -> Result<Vec<Role>, CallError> {
        v1::roles(self, place).await
    }

    /// All managers of a resource, sorted by login name (recordings `members.*/list…`).
    pub async fn managers(&self, place: &Place) -> Result<Vec<Manager>, CallError> {
        v1::list(self, place).await
    }

    /// One manager of a resource, or none; asked by id (recordings `members.*/filter-user-id`).
    pub async fn manager(&self, place: &Place, user: &UserId) -> Result<Option<Manager>, CallError> {
        v1::one(self, place, user).await
    }
}

fn keys(roles: &[Role]) -> Vec<&str> {
    roles.iter().map(Role::key).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, ProjectId};

    #[rstest]
    #[case::granting(false, "100000000000000002")]
    #[case::granted(true, "100000000000000003")]
    fn a_grant_is_managed_in_the_name_of_one_of_two_organizations(
        #[case] as_granted: bool,
        #[case] named: &str,
    ) {
        let place = Place {
            resource: Resource::ProjectGrant {
                organization: OrganizationId::new("100000000000000002"),
                project: ProjectId::new("300000000000000002"),
                grant: GrantId::new("400000000000000001"),
                granted: OrganizationId::new("100000000000000003"),
            },
            as_granted,
        };
        assert_eq!(place.organization().map(OrganizationId::as_str), Some(named));
    }
}
