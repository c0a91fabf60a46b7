//! The use cases that the screens and the commands share. May use `domain`, `auth`, `api` and `config`.

mod apply;
pub mod desired;
pub mod doctor;
mod events;
mod evidence;
mod explain;
mod findings;
mod inventory;
pub mod journal;
mod kept;
pub mod names;
mod organizations;
mod person;
mod projects;
mod queue;
pub mod resolve;
mod session;
pub mod sign_in;
pub mod snapshot;
mod total;
mod users;
mod written;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::api::client::Client;
use crate::auth::http::HttpSettings;
use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::domain::change::{ApplyStep, Change, Outcome};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::inventory::{InventoryPart, PersonSheet, RoleGrant};
use crate::domain::journal::JournalEntry;
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::query::{OrganizationQuery, UserQuery};
use crate::domain::review::{Evidence, EvidenceProgress};
use crate::domain::role::Role;
use crate::domain::session::SessionFacts;
use crate::domain::snapshot::{Comparison, Snapshot};
use crate::domain::text::SafeText;
use crate::domain::user::User;

pub use self::kept::{Freshness, resume, sign_out};

/// The signed-in state. Cheap to clone; clones share the token.
#[derive(Clone)]
pub struct Session {
    inner: Arc<session::Inner>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("facts", &self.inner.facts).finish_non_exhaustive()
    }
}

/// Signs in with a profile: discovery, token, then who we are and what the server can do.
///
/// # Errors
/// Every reason for which signing in can fail, each with its own fix; see [`sign_in::connect`].
pub async fn sign_in(profile: &Profile, paths: &Paths) -> Result<Session, Problem> {
    let connected = sign_in::connect(profile, HttpSettings::default()).await;
    let connected = connected.map_err(|refusal| refusal.problem())?;
    let opening = session::Opening {
        personal_token: connected.transport.tokens().is_personal(),
        token_expires: connected.transport.tokens().expires().await,
        issuer: SafeText::new(&connected.discovery.issuer),
        client: Client::new(connected.transport),
        notices: connected.notices,
    };
    let inner = session::Inner::open(opening, profile, paths).await?;
    Ok(Session { inner: Arc::new(inner) })
}

impl Session {
    /// Who is signed in, where, and what the server can do.
    pub fn facts(&self) -> &SessionFacts {
        &self.inner.facts
    }

    /// One page of organizations, by name. Rows are sorted within the page.
    ///
    /// # Errors
    /// No list that may be read, or no answer.
    pub async fn organizations(&self, query: &OrganizationQuery) -> Result<Page<Organization>, Problem> {
        self.inner.organizations(query).await
    }

    /// The names of organizations, as far as they can be read.
    pub async fn organization_names(&self, ids: &[OrganizationId]) -> Vec<(OrganizationId, SafeText)> {
        self.inner.organization_names(ids).await
    }

    /// One page of users, those whom the own roles let one see.
    ///
    /// # Errors
    /// The own roles show nobody, with the permission that lacks; or no answer.
    pub async fn users(&self, query: &UserQuery) -> Result<Page<User>, Problem> {
        self.inner.users(query).await
    }

    /// The users among these that exist and may be read.
    ///
    /// # Errors
    /// As [`Self::users`].
    pub async fn users_by_id(&self, ids: &[UserId]) -> Result<Vec<User>, Problem> {
        self.inner.users_by_id(ids).await
    }

    /// The user with exactly this login name (ignoring case), in any organization.
    ///
    /// # Errors
    /// Looking up is not permitted and nobody was found otherwise, or no answer.
    pub async fn user_by_login_name(&self, login_name: &str) -> Result<Option<User>, Problem> {
        self.inner.user_by_login_name(login_name).await
    }

    /// All managers of a resource, sorted by login name.
    ///
    /// # Errors
    /// They may not be read, with the permission that lacks; or no answer.
    pub async fn managers(&self, resource: &Resource) -> Result<Vec<Manager>, Problem> {
        self.inner.managers(resource).await
    }

    /// One manager of a resource as it is now; none if the user is not manager there.
    ///
    /// # Errors
    /// As [`Self::managers`].
    pub async fn manager(&self, resource: &Resource, user: &UserId) -> Result<Option<Manager>, Problem> {
        self.inner.manager(resource, user).await
    }

    /// One page of the projects that an organization owns, those whose name contains `text`, at most 1000. Rows are
    /// sorted within the page.
    ///
    /// # Errors
    /// The own roles show none, with the permission that lacks; or no answer.
    pub async fn projects(
        &self,
        organization: &OrganizationId,
        text: &str,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Project>, Problem> {
        self.inner.projects(organization, text, offset, limit).await
    }

    /// The grants given of a project, by receiver.
    ///
    /// # Errors
    /// They may not be read, with the permission that lacks; or no answer.
    pub async fn project_grants(&self, project: &Project) -> Result<Vec<ProjectGrant>, Problem> {
        self.inner.project_grants(project).await
    }

    /// The projects that an organization received, by name.
    ///
    /// # Errors
    /// They may not be read, with the permission that lacks; or no answer.
    pub async fn granted_projects(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<ProjectGrant>, Problem> {
        self.inner.granted_projects(organization).await
    }

    /// All managers over all levels, told as they arrive; each row once. Dropping the future stops the reading. Parts
    /// that could not be read, or that the own roles do not show, are told with the reason.
    ///
    /// # Errors
    /// Nothing can be read any more: the sign-in has ended, or the server does not answer. What was told stays true.
    pub async fn inventory(&self, mut tell: impl FnMut(InventoryPart) + Send) -> Result<(), Problem> {
        self.inner.inventory(&mut tell).await
    }

    /// Everything that an access review looks at, in as few requests as possible. Events are read back to `since`; none
    /// asks for no events. Dropping the future stops the reading. What cannot be read is told in the evidence.
    ///
    /// # Errors
    /// Nothing can be read any more: the sign-in has ended, or the server does not answer.
    pub async fn evidence(
        &self,
        since: Option<Timestamp>,
        mut tell: impl FnMut(EvidenceProgress) + Send,
    ) -> Result<Evidence, Problem> {
        self.inner.evidence(since, &mut tell).await
    }

    /// All managers over all levels as a snapshot; what could not be read is among its gaps. `progress` hears how many
    /// lists are read, of how many known so far.
    ///
    /// # Errors
    /// As [`Self::inventory`]; nothing is kept then.
    pub async fn snapshot(&self, progress: impl FnMut(u64, u64) + Send) -> Result<Snapshot, Problem> {
        self.inner.snapshot(progress).await
    }

    /// The events that can explain what differs from an older snapshot, newest first; none are asked for where nothing
    /// differs. Pages of 1000, one after the other.
    ///
    /// # Errors
    /// They may not be read, with the permission that lacks; or no answer.
    pub async fn events_after(
        &self,
        before: &Snapshot,
        found: &Comparison,
    ) -> Result<Vec<RoleGrant>, Problem> {
        self.inner.events_after(before, found).await
    }

    /// Everything that a user manages, and who gave it when. A user that does not exist manages nothing.
    ///
    /// # Errors
    /// No answer; that parts may not be read is told in the sheet.
    pub async fn person(&self, user: &UserId) -> Result<PersonSheet, Problem> {
        self.inner.person(user).await
    }

    /// The roles that the server offers on a resource, in its order.
    ///
    /// # Errors
    /// As [`Self::managers`].
    pub async fn roles(&self, resource: &Resource) -> Result<Vec<Role>, Problem> {
        self.inner.roles(resource).await
    }

    /// The own permissions in an organization.
    ///
    /// # Errors
    /// The organization does not exist, or no answer.
    pub async fn permissions(&self, organization: &OrganizationId) -> Result<Permissions, Problem> {
        self.inner.permissions(organization).await
    }

    /// The journal of this machine, newest first, entries of all profiles. What it left in doubt about this instance
    /// is settled before, as far as that takes no longer than two seconds.
    ///
    /// # Errors
    /// As [`journal::history`].
    pub async fn history(&self) -> Result<Vec<JournalEntry>, Problem> {
        self.inner.history().await
    }

    /// Reads what became of changes of this instance that the journal left in doubt, e.g. because the program was
    /// killed, and writes it down. To be started beside everything else after signing in; it may be dropped.
    pub async fn settle(&self) {
        self.inner.settle().await;
    }

    /// Writes one change as DESIGN section 6 says: re-read, write, read back. `observe` hears each step. The future
    /// must be driven to its end: dropping it after the write was sent leaves the outcome unknown, and only the
    /// intent in the journal.
    ///
    /// `undoes` is the id of the journal entry that the change takes back.
    pub async fn apply(
        &self,
        change: &Change,
        undoes: Option<&SafeText>,
        observe: impl FnMut(ApplyStep) + Send,
    ) -> Outcome {
        self.inner.apply(change, undoes, observe).await
    }
}
