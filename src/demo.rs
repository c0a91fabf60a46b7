//! The embedded look-alike of a ZITADEL instance: a real HTTP server on loopback with a world of its own, real token
//! checks, permissions per role, three versions, and switches that make it misbehave. Its JSON is written here on its
//! own, so that a mistake in the client cannot hide. It may use nothing of ours but the role catalogue.

mod credential;
mod fault;
mod filter;
mod generate;
mod list;
mod member;
mod message;
mod permission;
mod refusal;
mod router;
mod routes;
mod server;
mod store;
mod version;
mod world;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

pub use fault::{Effect, Fault, Faults};
pub use version::{UnknownVersion, Version};
pub use world::{UserState, World, WorldError};

use credential::Credentials;
use permission::Roles;
use router::State;
use server::Shared;
use store::Store;
use world::{Kind, User};

/// How a demo instance is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version to imitate.
    pub version: Version,
    /// What the instance holds at the start.
    pub world: World,
    /// The port; a free one where none is given.
    pub port: Option<u16>,
    /// How much later than at once every request is answered.
    pub latency: Duration,
    /// How long lists and permissions lag behind writes. Writes see each other at once.
    pub list_delay: Duration,
    /// How long an access token lives.
    pub token_lifetime: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: Version::default(),
            world: World::built_in(),
            port: None,
            latency: Duration::ZERO,
            list_delay: Duration::from_millis(200),
            token_lifetime: Duration::from_secs(12 * 3600),
        }
    }
}

/// What requests need of the options.
#[derive(Clone, Copy, Debug)]
struct Settings {
    version: Version,
    list_delay: Duration,
    token_lifetime: Duration,
}

/// Why a demo did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the machine gives no socket or thread.
    #[error("the demo cannot listen: {0}")]
    Listen(#[source] std::io::Error),
    /// The key file could not be written.
    #[error("the demo cannot write its key file: {0}")]
    KeyFile(#[source] std::io::Error),
    /// No active service user is there to sign in as.
    #[error("nobody can sign in to this world: it has no active service user with IAM_OWNER, and names none")]
    Nobody,
    /// The machine gives no random numbers.
    #[error("the machine gives no random numbers")]
    Random,
    /// The key pair that the program carries is damaged.
    #[error("the key pair of the demo is damaged")]
    Key,
}

/// A running demo instance; dropping it stops it and removes its key file.
pub struct Demo {
    shared: Arc<Shared>,
    url: String,
    version: Version,
    pats: BTreeMap<String, String>,
    key_file: PathBuf,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("url", &self.url).field("version", &self.version).finish_non_exhaustive()
    }
}

impl Demo {
    /// Starts an instance on a thread of its own; it serves when this returns.
    ///
    /// # Errors
    /// When the port is taken, the key file cannot be written, or nobody in the world can sign in.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let Options { version, world, port, latency, list_delay, token_lifetime } = options;
        let main = world.main_service_user(version).ok_or(StartError::Nobody)?.id.clone();
        let store = Store::new(world, version, &main);
        let mut credentials = Credentials::new()?;
        for user in store.users().filter(|user| user.is_machine() && user.state == UserState::Active) {
            credentials.issue_pat(&user.id, user.login())?;
        }
        let (folder, key_file) =
            write_key_file(&credentials.issue_key(&main)).map_err(StartError::KeyFile)?;
        let pats = credentials.pats().clone();
        let settings = Settings { version, list_delay, token_lifetime };
        let state = State { settings, store, roles: Roles::new(version), credentials };
        let shared = Arc::new(Shared::new(state, latency));
        let (port, listeners) = server::listen(port)?;
        let (stop, stopped) = oneshot::channel();
        let thread = server::serve(listeners, Arc::clone(&shared), stopped)?;
        Ok(Self {
            shared,
            url: format!("http://localhost:{port}"),
            version,
            pats,
            key_file,
            stop: Some(stop),
            thread: Some(thread),
            _folder: folder,
        })
    }

    /// The address, as in `http://localhost:8080`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key file of the world's main service user; readable by its owner only, gone when the demo stops.
    pub fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// The login name of each active service user → a personal access token that works.
    pub const fn pats(&self) -> &BTreeMap<String, String> {
        &self.pats
    }

    /// The version that it imitates.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The switches that make it misbehave.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// `METHOD /path` of every request so far.
    pub fn requests(&self) -> Vec<String> {
        self.shared.requests().clone()
    }

    /// Makes a new key of a service user and returns the key file's JSON; none for an unknown login name.
    pub fn issue_key(&self, login_name: &str) -> Option<String> {
        let mut state = self.shared.state();
        let user = state.store.users_by_login(login_name).next()?.id.clone();
        Some(state.credentials.issue_key(&user))
    }

    /// Removes a key. Tokens that were made with it live on, as on the server.
    pub fn remove_key(&self, key_id: &str) {
        self.shared.state().credentials.remove_key(key_id);
    }

    /// Deactivates, locks, removes or reactivates a user; does nothing for an unknown login name.
    pub fn set_user_state(&self, login_name: &str, state: UserState) {
        let mut shared = self.shared.state();
        let Some(user) = shared.store.users_by_login(login_name).next().map(|user| user.id.clone()) else {
            return;
        };
        shared.store.set_user_state(&user, state, &user);
    }

    /// Adds a service user without any role to an organization and returns a personal access token of it; none if
    /// the id is taken, the organization unknown, or the machine gives no random numbers.
    pub fn add_service_user(
        &self,
        organization: &str,
        id: &str,
        login_name: &str,
        name: &str,
    ) -> Option<String> {
        let mut shared = self.shared.state();
        let state = &mut *shared;
        state.store.organization(organization)?;
        if state.store.user_state(id).is_some() {
            return None;
        }
        state.store.insert_user(User {
            id: id.to_owned(),
            organization: organization.to_owned(),
            username: login_name.to_owned(),
            kind: Kind::Machine { name: name.to_owned(), description: String::new() },
            state: UserState::Active,
            created: Some(jiff::Timestamp::now()),
        });
        state.credentials.issue_pat(id, login_name).ok()
    }

    /// Refuses every access token issued so far with 401 AUTH-7fs1e. Personal access tokens stay.
    pub fn expire_tokens(&self) {
        self.shared.state().credentials.expire_tokens();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl World {
    /// The service user whose key file a demo writes: the one that the world names, else the principal `zitui`, else
    /// the first active one with `IAM_OWNER`.
    fn main_service_user(&self, version: Version) -> Option<&User> {
        let usable = |user: &&User| user.is_machine() && user.state == UserState::Active;
        let by_login = |login: &String| self.users.iter().find(|user| user.username == *login);
        let by_id = |id: &String| self.users.iter().find(|user| user.id == *id);
        let named = self.signs_in_as.as_ref().and_then(by_login);
        let principal = || self.principals.get("zitui").and_then(by_id);
        let owner = || {
            let owners =
                self.members_in(version).filter(|member| member.roles.iter().any(|role| role == "IAM_OWNER"));
            owners.filter_map(|member| by_id(&member.user)).find(usable)
        };
        named.or_else(principal).filter(usable).or_else(owner)
    }
}

fn write_key_file(key: &str) -> std::io::Result<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::Builder::new().prefix("zitui-demo-").tempdir()?;
    let path = folder.path().join("key.json");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path)?.write_all(key.as_bytes())?;
    Ok((folder, path))
}
