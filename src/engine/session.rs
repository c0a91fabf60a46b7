//! What a signed-in session holds, and how it is opened: who we are, what we manage, what the server can do.

use jiff::Timestamp;

use super::explain::explain;
use super::findings::Findings;
use super::journal::Journal;
use super::organizations::KnownNames;
use super::queue::WriteQueue;
use super::users::KeptServiceUsers;
use crate::api::client::Client;
use crate::api::managers::{AdministratorService, ManagerWrites, ManagersV1, ManagersV2, Place};
use crate::config::paths::Paths;
use crate::config::profile::{ApiChoice, Profile};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, Membership};
use crate::domain::permission::{ManagerAction, Permissions, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::session::{Capabilities, SessionFacts};
use crate::domain::text::SafeText;

/// What the clones of a session share.
pub(super) struct Inner {
    pub(super) client: Client,
    pub(super) facts: SessionFacts,
    pub(super) writes: Box<dyn ManagerWrites>,
    pub(super) queue: WriteQueue,
    /// The service that lists managers of all levels, if there is one and the profile does not forbid it.
    pub(super) administrators: Option<AdministratorService>,
    pub(super) read_only: bool,
    pub(super) journal: Journal,
    /// Held while the journal is settled.
    pub(super) settling: tokio::sync::Mutex<()>,
    pub(super) known_names: KnownNames,
    pub(super) service_users: KeptServiceUsers,
}

/// What signing in found out before the first call.
pub(super) struct Opening {
    /// The way to the server.
    pub(super) client: Client,
    /// Whether the token is a personal access token.
    pub(super) personal_token: bool,
    /// The issuer.
    pub(super) issuer: SafeText,
    /// When the token ends, where that is known.
    pub(super) token_expires: Option<Timestamp>,
    /// What the operator should know.
    pub(super) notices: Vec<SafeText>,
}

impl Inner {
    /// Asks, all at once, who we are and what we and the server can do.
    pub(super) async fn open(opening: Opening, profile: &Profile, paths: &Paths) -> Result<Self, Problem> {
        let findings = Findings::ask(&opening.client, opening.personal_token).await?;
        Self::with(opening, findings, profile, paths)
    }

    /// Opens with what is known already.
    pub(super) fn with(
        opening: Opening,
        findings: Findings,
        profile: &Profile,
        paths: &Paths,
    ) -> Result<Self, Problem> {
        let Opening { client, personal_token: _, issuer, token_expires, notices } = opening;
        let Findings { identity, memberships, default_organization, instance, capabilities } = findings;
        let writes = writes(profile.api, capabilities, &client)?;
        let journal = Journal::new(&paths.state_folder, &profile.facts(), issuer.as_str(), &identity);
        let (version, instance_name) = instance.map(|instance| (instance.version, instance.name)).unzip();
        let facts = SessionFacts {
            issuer,
            version,
            instance_name,
            default_organization,
            identity,
            memberships,
            capabilities,
            token_expires,
            notices,
        };
        Ok(Self {
            client,
            facts,
            writes,
            queue: WriteQueue::new(),
            administrators: administrators(capabilities).filter(|_| profile.api != ApiChoice::V1),
            read_only: profile.read_only,
            journal,
            settling: tokio::sync::Mutex::default(),
            known_names: KnownNames::default(),
            service_users: KeptServiceUsers::default(),
        })
    }

    pub(super) fn place(&self, resource: &Resource) -> Place {
        Place { resource: resource.clone(), as_granted: as_granted(resource, &self.facts.memberships) }
    }

    pub(super) async fn managers(&self, resource: &Resource) -> Result<Vec<Manager>, Problem> {
        let managers = self.client.managers(&self.place(resource)).await;
        managers.map_err(|error| {
            let needs = manager_permission(resource.level(), ManagerAction::Read);
            explain(
                &self.facts,
                error,
                &format!("Cannot read the managers of the {}", resource.level()),
                needs,
            )
        })
    }

    pub(super) async fn manager(
        &self,
        resource: &Resource,
        user: &UserId,
    ) -> Result<Option<Manager>, Problem> {
        let row = self.client.manager(&self.place(resource), user).await;
        row.map_err(|error| {
            let needs = manager_permission(resource.level(), ManagerAction::Read);
            let what = format!("Cannot read the managers of the {}", resource.level());
            explain(&self.facts, error, &what, needs)
        })
    }

    pub(super) async fn roles(&self, resource: &Resource) -> Result<Vec<Role>, Problem> {
        let roles = self.client.manager_roles(&self.place(resource)).await;
        roles.map_err(|error| {
            let needs = manager_permission(resource.level(), ManagerAction::Read);
            explain(&self.facts, error, &format!("Cannot read the roles of the {}", resource.level()), needs)
        })
    }

    pub(super) async fn permissions(&self, organization: &OrganizationId) -> Result<Permissions, Problem> {
        let permissions = self.client.own_permissions(organization).await;
        permissions.map_err(|error| error.into_problem("Cannot read the own permissions"))
    }
}

/// v2 where present, else v1, unless the profile says which.
fn writes(
    choice: ApiChoice,
    capabilities: Capabilities,
    client: &Client,
) -> Result<Box<dyn ManagerWrites>, Problem> {
    let v1 = || Box::new(ManagersV1(client.clone())) as Box<dyn ManagerWrites>;
    let v2 = |service| Box::new(ManagersV2 { client: client.clone(), service }) as Box<dyn ManagerWrites>;
    match (choice, administrators(capabilities)) {
        (ApiChoice::Auto | ApiChoice::V2, Some(AdministratorService::V2)) => Ok(v2(AdministratorService::V2)),
        (ApiChoice::V2, Some(AdministratorService::V2Beta)) => Ok(v2(AdministratorService::V2Beta)),
        (ApiChoice::Auto | ApiChoice::V1, _) => Ok(v1()),
        (ApiChoice::V2, None) => Err(Problem::new(
            ProblemKind::Usage,
            "Cannot use the v2 API",
            "This server has no v2 calls for managers; they came with ZITADEL 4.",
            "Choose v1 or auto.",
        )),
    }
}

/// The newest service that knows managers of all levels.
const fn administrators(capabilities: Capabilities) -> Option<AdministratorService> {
    if capabilities.administrators_v2 {
        Some(AdministratorService::V2)
    } else if capabilities.administrators_v2beta {
        Some(AdministratorService::V2Beta)
    } else {
        None
    }
}

/// Whether to call in the name of the granted organization: since 4.0 who has rights only there is refused otherwise,
/// and who has rights only in the granting one is refused with it (CONTRACT.md section 7.4).
fn as_granted(resource: &Resource, memberships: &[Membership]) -> bool {
    let Resource::ProjectGrant { granted, .. } = resource else { return false };
    let needs = manager_permission(Level::ProjectGrant, ManagerAction::Read);
    memberships.iter().any(|own| {
        own.level == Level::Organization
            && own.organization.as_ref() == Some(granted)
            && own.roles.iter().filter_map(Role::card).any(|card| card.permissions.contains(&needs))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, ProjectId};

    #[rstest]
    #[case::owner_of_the_granted("3", "ORG_OWNER", true)]
    #[case::owner_of_the_granting("2", "ORG_OWNER", false)]
    #[case::without_rights_there("3", "ORG_USER_MANAGER", false)]
    fn grants_are_managed_in_the_name_of_who_may(
        #[case] own: &str,
        #[case] role: &str,
        #[case] expected: bool,
    ) {
        let resource = Resource::ProjectGrant {
            organization: OrganizationId::new("2"),
            project: ProjectId::new("7"),
            grant: GrantId::new("8"),
            granted: OrganizationId::new("3"),
        };
        let membership = Membership {
            level: Level::Organization,
            resource_id: own.into(),
            resource_name: "x".into(),
            organization: Some(OrganizationId::new(own)),
            roles: vec![Role::new(role)],
        };
        assert_eq!(as_granted(&resource, &[membership]), expected);
    }
}
