//! What a signed-in session holds, and how it is opened: who we are, what we manage, what the server can do.

use jiff::Timestamp;

use super::explain::explain;
use super::findings::Findings;
use super::journal::Journal;
use super::organizations::KnownNames;
use super::queue::WriteQueue;
use super::users::KeptServiceUsers;
use crate::api::client::Client;
use crate::api::managers::{ManagerWrites, ManagersV1, ManagersV2, Place};
use crate::config::paths::Paths;
use crate::config::profile::{ApiChoice, Profile};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::permission::{ManagerAction, Permissions, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::session::{AdministratorService, Administrators, Capabilities, SessionFacts};
use crate::domain::text::SafeText;

/// What the clones of a session share.
pub(super) struct Inner {
    pub(super) client: Client,
    pub(super) facts: SessionFacts,
    pub(super) writes: Box<dyn ManagerWrites>,
    pub(super) queue: WriteQueue,
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
        let administrators = administrators(profile.api, capabilities)?;
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
            administrators,
            token_expires,
            notices,
        };
        Ok(Self {
            writes: writes(administrators.write, &client),
            client,
            facts,
            queue: WriteQueue::new(),
            read_only: profile.read_only,
            journal,
            settling: tokio::sync::Mutex::default(),
            known_names: KnownNames::default(),
            service_users: KeptServiceUsers::default(),
        })
    }

    pub(super) fn place(&self, resource: &Resource) -> Place {
        Place { resource: resource.clone(), as_granted: self.facts.acts_as_granted(resource) }
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

fn writes(service: Option<AdministratorService>, client: &Client) -> Box<dyn ManagerWrites> {
    let client = client.clone();
    match service {
        Some(service) => Box::new(ManagersV2 { client, service }),
        None => Box::new(ManagersV1(client)),
    }
}

/// The newest service that knows managers of all levels lists them. Writes go through v2 where present, else through
/// v1, unless the profile says which; v2beta writes only where it does.
fn administrators(choice: ApiChoice, capabilities: Capabilities) -> Result<Administrators, Problem> {
    let newest = if capabilities.administrators_v2 {
        Some(AdministratorService::V2)
    } else if capabilities.administrators_v2beta {
        Some(AdministratorService::V2Beta)
    } else {
        None
    };
    match (choice, newest) {
        (ApiChoice::V1, _) => Ok(Administrators::default()),
        (ApiChoice::Auto, Some(AdministratorService::V2Beta)) => {
            Ok(Administrators { list: newest, write: None })
        }
        (ApiChoice::V2, None) => Err(Problem::new(
            ProblemKind::Usage,
            "Cannot use the v2 API",
            "This server has no v2 calls for managers; they came with ZITADEL 4.",
            "Choose v1 or auto.",
        )),
        (ApiChoice::Auto | ApiChoice::V2, newest) => Ok(Administrators { list: newest, write: newest }),
    }
}
