//! The use cases that the screens and the commands share. May use `domain`, `auth`, `api` and `config`.

pub mod resolve;

use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::domain::change::{ApplyStep, Change, Outcome};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::query::{OrganizationQuery, UserQuery};
use crate::domain::role::Role;
use crate::domain::session::SessionFacts;
use crate::domain::text::SafeText;
use crate::domain::user::User;

/// The signed-in state. Cheap to clone; clones share the token.
#[derive(Clone)]
pub struct Session {
    facts: std::sync::Arc<SessionFacts>,
}

fn missing() -> Problem {
    Problem::new(ProblemKind::Server, "interim", "interim", "")
}

/// Signs in with a profile: discovery, token, then who we are and what the server can do.
pub async fn sign_in(_profile: &Profile, _paths: &Paths) -> Result<Session, Problem> {
    Err(missing())
}

impl Session {
    /// Who is signed in, where, and what the server can do.
    pub fn facts(&self) -> &SessionFacts {
        &self.facts
    }
    /// One page of organizations, by name.
    pub async fn organizations(&self, _query: &OrganizationQuery) -> Result<Page<Organization>, Problem> {
        Err(missing())
    }
    /// The names of organizations, as far as they can be read.
    pub async fn organization_names(&self, _ids: &[OrganizationId]) -> Vec<(OrganizationId, SafeText)> {
        Vec::new()
    }
    /// One page of users.
    pub async fn users(&self, _query: &UserQuery) -> Result<Page<User>, Problem> {
        Err(missing())
    }
    /// The users among these that exist and may be read.
    pub async fn users_by_id(&self, _ids: &[UserId]) -> Result<Vec<User>, Problem> {
        Err(missing())
    }
    /// The user with exactly this login name (ignoring case), in any organization.
    pub async fn user_by_login_name(&self, _login_name: &str) -> Result<Option<User>, Problem> {
        Err(missing())
    }
    /// All managers of a resource, sorted by login name.
    pub async fn managers(&self, _resource: &Resource) -> Result<Vec<Manager>, Problem> {
        Err(missing())
    }
    /// The roles that the server offers on a resource, in its order.
    pub async fn roles(&self, _resource: &Resource) -> Result<Vec<Role>, Problem> {
        Err(missing())
    }
    /// The own permissions in an organization.
    pub async fn permissions(&self, _organization: &OrganizationId) -> Result<Permissions, Problem> {
        Err(missing())
    }
    /// Writes one change as DESIGN section 6 says: re-read, write, read back. `observe` hears each step.
    pub async fn apply(&self, _change: &Change, _observe: impl FnMut(ApplyStep) + Send) -> Outcome {
        Outcome::Unknown(missing())
    }
}
