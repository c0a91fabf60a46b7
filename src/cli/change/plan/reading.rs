//! What a plan must know: the named users and resources, and who manages those now.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use futures_util::{StreamExt, stream};

use super::super::super::managers::unreadable;
use super::super::intent::{Action, Intent};
use crate::domain::change::Change;
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::permission::{ManagerAction, Permissions, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserState};
use crate::engine::Session;
use crate::engine::resolve::{FoundResource, Lookup, ResourceName, choose_roles};

/// How many names are looked up at once.
const AT_ONCE: usize = 8;

/// What was read for the intents.
pub(super) struct Read {
    users: HashMap<String, Result<User, Problem>>,
    resources: HashMap<ResourceName, Result<FoundResource, Problem>>,
    known: HashMap<Resource, Result<Known, Problem>>,
}

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli::change) enum Purpose {
    /// To be looked at; whoever may read may do that.
    Look,
    /// To be written.
    Write,
}

/// A resource as it is now.
pub(super) struct Known {
    pub(super) resource: Resource,
    pub(super) managers: Vec<Manager>,
    name: SafeText,
    offered: Vec<Role>,
    /// The own permissions there; empty where nobody asks, so that the server decides.
    permissions: Vec<Permissions>,
    session: Session,
}

/// Looks up every name once, and reads every resource once.
pub(super) async fn read(
    session: &Session,
    intents: &[Intent],
    whole: &[ResourceName],
    purpose: Purpose,
) -> Read {
    let named = distinct(intents.iter().map(|intent| intent.user.clone()));
    let by_id = by_id(session, &named).await;
    let users = stream::iter(named).map(|given| {
        let known = by_id.get(&given).cloned();
        async move {
            let user = match known {
                Some(user) => Ok(user),
                None => session.find_user(&given).await,
            };
            (given, user)
        }
    });
    let resources = distinct(intents.iter().map(|intent| &intent.resource).chain(whole).cloned());
    let lookup = &Lookup::new(session, resources.len()).await;
    let resources = stream::iter(resources).map(|name| async move {
        let found = lookup.find_resource(&name).await;
        (name, found)
    });
    let (users, resources): (HashMap<_, _>, HashMap<_, _>) =
        tokio::join!(users.buffered(AT_ONCE).collect(), resources.buffered(AT_ONCE).collect());
    let mut found: HashMap<&Resource, &FoundResource> = HashMap::new();
    for one in resources.values().flatten() {
        found.entry(&one.resource).or_insert(one);
    }
    let found: Vec<FoundResource> = found.into_values().cloned().collect();
    let known = stream::iter(found).map(|found| async move {
        let known = Known::by(lookup, &found.resource, &found.name, purpose).await;
        (found.resource, known)
    });
    let known = known.buffered(AT_ONCE).collect().await;
    Read { users, resources, known }
}

/// Those of many users who are named by their ids, looked up together.
async fn by_id(session: &Session, named: &[String]) -> HashMap<String, User> {
    if named.len() <= AT_ONCE {
        return HashMap::new();
    }
    let ids: Vec<UserId> = named.iter().map(UserId::new).collect();
    let found = session.users_by_id(&ids).await.unwrap_or_default();
    found.into_iter().map(|user| (user.id.as_str().to_owned(), user)).collect()
}

fn distinct<T: Clone + Eq + Hash>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(one.clone())).collect()
}

impl Read {
    /// What a name means, and who manages it.
    pub(super) fn resource(&self, name: &ResourceName) -> Result<(&FoundResource, &Known), Problem> {
        let found = match self.resources.get(name) {
            Some(Ok(found)) => found,
            Some(Err(problem)) => return Err(problem.clone()),
            None => return Err(not_read()),
        };
        match self.known.get(&found.resource) {
            Some(Ok(known)) => Ok((found, known)),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err(not_read()),
        }
    }

    /// The resources that could be read.
    pub(super) fn known(&self) -> impl Iterator<Item = &Known> {
        self.known.values().flatten()
    }

    /// The states of the named users.
    pub(super) fn states(&self) -> HashMap<UserId, UserState> {
        let users = self.users.values().flatten();
        users.map(|user| (user.id.clone(), user.state.clone())).collect()
    }

    /// Who is meant. One who cannot be looked up may still be among the managers.
    pub(super) fn user(&self, given: &str, known: &Known) -> Result<ManagerUser, Problem> {
        let problem = match self.users.get(given) {
            Some(Ok(user)) => {
                let held = known.managers.iter().find(|manager| manager.user.id == user.id);
                return Ok(held.map_or_else(|| ManagerUser::from(user), |manager| manager.user.clone()));
            }
            Some(Err(problem)) => problem.clone(),
            None => not_read(),
        };
        let is_meant = |user: &&ManagerUser| user.id.as_str() == given || user.login_name.as_str() == given;
        let held = known.managers.iter().map(|manager| &manager.user).find(is_meant);
        held.filter(|_| problem.kind != ProblemKind::Ambiguous).cloned().ok_or(problem)
    }
}

fn not_read() -> Problem {
    Problem::new(ProblemKind::Interrupted, "Stopped", "it was not read", "")
}

impl Known {
    /// Reads who manages a resource, which roles it offers, and what oneself may do there where that matters.
    ///
    /// # Errors
    /// What reading fails with; not the permissions, without which the server decides.
    pub(super) async fn of(session: &Session, resource: &Resource, name: &SafeText) -> Result<Self, Problem> {
        Self::by(&Lookup::new(session, 1).await, resource, name, Purpose::Write).await
    }

    async fn by(
        lookup: &Lookup<'_>,
        resource: &Resource,
        name: &SafeText,
        purpose: Purpose,
    ) -> Result<Self, Problem> {
        let session = lookup.session();
        let home = &session.facts().identity.organization;
        let mut places = vec![resource.organization().unwrap_or(home).clone()];
        if let Resource::ProjectGrant { granted, .. } = resource {
            places.push(granted.clone());
        }
        let asked = places.iter().filter(|_| purpose == Purpose::Write);
        let permissions = asked.map(|organization| lookup.permissions(organization));
        let (permissions, offered, managers) = tokio::join!(
            futures_util::future::join_all(permissions),
            lookup.roles(resource),
            lookup.managers(resource),
        );
        let permissions: Vec<Permissions> = permissions.into_iter().filter_map(Result::ok).collect();
        let known = Self {
            resource: resource.clone(),
            managers: Vec::new(),
            name: name.clone(),
            offered: Vec::new(),
            permissions,
            session: session.clone(),
        };
        // Who may not even write is told that, rather than what else cannot be read.
        known.allow(ManagerAction::Write)?;
        let managers = managers.map_err(|problem| unreadable(problem, name))?;
        let offered = session.facts().taken(resource, offered?);
        Ok(Self { managers, offered, ..known })
    }

    /// The named roles. Those that the user holds can be kept, and those of any manager taken, although the server does
    /// not offer them any more.
    pub(super) fn roles(
        &self,
        given: &[String],
        action: Action,
        user: &UserId,
    ) -> Result<Vec<Role>, Problem> {
        let mut known = self.offered.clone();
        let counts = |manager: &&Manager| action == Action::Remove || manager.user.id == *user;
        known.extend(self.managers.iter().filter(counts).flat_map(|manager| manager.roles.iter().cloned()));
        choose_roles(given, &known, self.resource.level())
    }

    /// Whether the own permissions allow a change.
    pub(super) fn allow_change(&self, change: &Change) -> Result<(), Problem> {
        self.allow(if change.after.is_empty() { ManagerAction::Remove } else { ManagerAction::Write })
    }

    fn allow(&self, action: ManagerAction) -> Result<(), Problem> {
        let allowed = |permissions: &Permissions| permissions.allow_managers(&self.resource, action);
        if self.permissions.is_empty() || self.permissions.iter().any(allowed) {
            return Ok(());
        }
        let permission = manager_permission(self.resource.level(), action);
        let mut problem = Problem::new(
            ProblemKind::PermissionMissing,
            format!("Cannot change the managers of {}", self.name),
            format!("you do not have {permission} there"),
            "sign in as a user who has one of the roles named above, or have one given to you",
        );
        problem.missing = Some(Box::new(self.session.facts().missing(permission)));
        Err(problem)
    }
}
