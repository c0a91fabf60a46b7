//! A demo instance with the recorded world, and sessions of its users.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use zitui::config::paths::Paths;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::{Demo, Effect, Fault, Options, Version, World};
use zitui::domain::change::{ApplyStep, Change, Outcome};
use zitui::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use zitui::domain::level::{Level, Resource};
use zitui::domain::manager::{Manager, ManagerUser};
use zitui::domain::problem::Problem;
use zitui::domain::role::Role;
use zitui::domain::user::UserKind;
use zitui::engine::{Session, sign_in};

pub(crate) const ACME: &str = "100000000000000001";
pub(crate) const GLOBEX: &str = "100000000000000002";
pub(crate) const INITECH: &str = "100000000000000003";
pub(crate) const ALICE: &str = "200000000000000003";
pub(crate) const DEPLOY_BOT: &str = "200000000000000005";

/// What a test plays on.
pub(crate) struct Stage {
    pub(crate) demo: Demo,
    folder: tempfile::TempDir,
}

impl Stage {
    /// An instance with the recorded world.
    pub(crate) fn start(version: Version) -> Self {
        let world = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/world.json");
        let world = std::fs::read_to_string(world).unwrap();
        Self::with(version, World::from_json(&world).unwrap())
    }

    /// An instance whose lists show every write at once.
    pub(crate) fn with(version: Version, world: World) -> Self {
        let options = Options { version, world, list_delay: Duration::ZERO, ..Options::default() };
        Self { demo: Demo::start(options).unwrap(), folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn profile(&self) -> Profile {
        Profile {
            name: "test".to_owned(),
            url: self.demo.url().parse().unwrap(),
            credential: Credential::KeyFile(self.demo.key_file().to_owned()),
            ca_file: None,
            colour: None,
            read_only: false,
            protected: false,
            api: ApiChoice::Auto,
            token_cache: true,
            stored: false,
        }
    }

    pub(crate) fn paths(&self) -> Paths {
        let state_folder = self.folder.path().join("state");
        Paths { config_file: self.folder.path().join("config.toml"), state_folder }
    }

    pub(crate) fn journal_file(&self) -> PathBuf {
        self.paths().state_folder.join("journal.jsonl")
    }

    pub(crate) fn journal(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.journal_file()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) async fn session(&self, profile: &Profile) -> Result<Session, Problem> {
        sign_in(profile, &self.paths()).await
    }

    /// A session of the service user `zitui`, who is `IAM_OWNER`, by its key.
    pub(crate) async fn owner(&self) -> Session {
        self.session(&self.profile()).await.unwrap()
    }

    /// A session of one of the principals of the recordings, by a personal access token.
    pub(crate) async fn session_of(&self, login_name: &str) -> Session {
        let token = SecretString::from(self.demo.pats()[login_name].as_str());
        let profile = Profile { credential: Credential::Token(token), ..self.profile() };
        self.session(&profile).await.unwrap()
    }

    /// The requests that came after the first `mark` ones.
    pub(crate) fn requests_after(&self, mark: usize) -> Vec<String> {
        self.demo.requests().split_off(mark)
    }

    pub(crate) fn mark(&self) -> usize {
        self.demo.requests().len()
    }

    /// The next request, whatever it is, meets this.
    pub(crate) fn next_meets(&self, effect: Effect) {
        self.demo.faults().switch_on(Fault::new(effect).times(1));
    }

    /// The next list shows the state before the last write.
    pub(crate) fn next_list_is_stale(&self) {
        self.demo.faults().switch_on(Fault::new(Effect::Stale).times(1));
    }
}

pub(crate) fn organization(id: &str) -> Resource {
    Resource::Organization(OrganizationId::new(id))
}

/// The one resource of the recorded world on each level that has managers of its own.
pub(crate) fn resource(level: Level) -> Resource {
    let (organization, project) = (OrganizationId::new(GLOBEX), ProjectId::new("300000000000000002"));
    match level {
        Level::Instance => Resource::Instance,
        Level::Organization => Resource::Organization(organization),
        Level::Project => Resource::Project { organization, project },
        Level::ProjectGrant => Resource::ProjectGrant {
            organization,
            project,
            grant: GrantId::new("400000000000000001"),
            granted: OrganizationId::new(INITECH),
        },
    }
}

pub(crate) fn roles(keys: &[&str]) -> Vec<Role> {
    keys.iter().map(|key| Role::new(*key)).collect()
}

pub(crate) fn keys(manager: &Manager) -> Vec<&str> {
    manager.roles.iter().map(Role::key).collect()
}

/// An intended change; `before` is what the operator saw.
pub(crate) fn change(resource: Resource, user: &str, before: Option<&[&str]>, after: &[&str]) -> Change {
    Change {
        resource,
        resource_name: "Globex".into(),
        user: ManagerUser {
            id: UserId::new(user),
            organization: None,
            kind: UserKind::Unknown,
            login_name: "somebody".into(),
            display_name: "Somebody".into(),
            email: None,
        },
        before: before.map(roles),
        after: roles(after),
    }
}

/// Applies a change and does something just before the write is sent.
pub(crate) async fn apply_and(
    session: &Session,
    change: &Change,
    before_write: impl Fn() + Send + Sync,
) -> Outcome {
    let observe = |step| {
        if step == ApplyStep::Writing {
            before_write();
        }
    };
    session.apply(change, None, observe).await
}

pub(crate) async fn apply(session: &Session, change: &Change) -> Outcome {
    apply_and(session, change, || ()).await
}

/// The row that a change ended with.
#[track_caller]
pub(crate) fn done(outcome: Outcome) -> Option<Manager> {
    match outcome {
        Outcome::Done(row) => row,
        other => panic!("not done: {other:?}"),
    }
}

#[track_caller]
pub(crate) fn failed(outcome: Outcome) -> Problem {
    match outcome {
        Outcome::Failed(problem) => problem,
        other => panic!("not failed: {other:?}"),
    }
}
