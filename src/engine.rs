//! The use cases that the screens and the commands share. May use `domain`, `auth`, `api` and `config`.

mod apply;
pub mod doctor;
mod explain;
mod findings;
mod journal;
mod kept;
pub mod names;
mod organizations;
mod queue;
pub mod resolve;
mod session;
pub mod sign_in;
mod total;
mod users;

use std::fmt;
use std::sync::Arc;

use crate::api::client::Client;
use crate::auth::http::HttpSettings;
use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::domain::change::{ApplyStep, Change, Outcome};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::problem::Problem;
use crate::domain::query::{OrganizationQuery, UserQuery};
use crate::domain::role::Role;
use crate::domain::session::SessionFacts;
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
