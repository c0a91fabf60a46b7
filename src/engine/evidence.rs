//! Everything that an access review looks at, joined from as few requests as possible: all managers with their users,
//! organizations, projects and grants with their states, the roles on offer, applications, keys and events.

mod credentials;
mod details;
mod states;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::events::cut;
use super::explain::lacking;
use super::inventory::{NAMES_OF_USERS, Places};
use super::session::Inner;
use super::users::SEE as SEE_USERS;
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, ManagerRecord, RoleGrant, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::Organization;
use crate::domain::problem::Problem;
use crate::domain::review::{Evidence, EvidenceProgress};
use crate::domain::text::SafeText;
use crate::domain::user::User;

/// So many events are read; a reviewer who asks for years is told that older ones are missing.
const MAX_EVENTS: usize = 50_000;

/// Who hears how far it is.
pub(super) type Tell<'a> = dyn FnMut(EvidenceProgress) + Send + 'a;

/// Managers and their users as the inventory told them.
#[derive(Default)]
struct Managers {
    records: Vec<ManagerRecord>,
    users: HashMap<UserId, User>,
    unread: Vec<UnreadPart>,
    /// What the inventory had to read.
    lists: u64,
}

impl Inner {
    pub(super) async fn evidence(
        &self,
        since: Option<Timestamp>,
        tell: &mut Tell<'_>,
    ) -> Result<Evidence, Problem> {
        let now = Timestamp::now();
        let events = self.events_since(since);
        let managers = self.managers_and_places(tell);
        let ((events, older), (mut managers, mut places)) = futures_util::try_join!(events, managers)?;
        managers.unread.extend(older);
        managers.complete();
        self.tell_unseen_users(&mut managers);
        let details = self.details(&managers, &mut places, tell).await?;
        let mut unread = std::mem::take(&mut managers.unread);
        let all_users_readable = self.facts.capabilities.users_v2
            && self.facts.instance_role_allows(SEE_USERS)
            && unread.iter().all(|part| part.name.as_str() != NAMES_OF_USERS);
        unread.extend(details.unread);
        let unread_resources = self.unread_resources(&places, &managers.records, &unread);
        let facts = &self.facts;
        Ok(Evidence {
            now,
            instance_name: facts.instance_name.clone().unwrap_or_else(|| facts.issuer.clone()),
            default_organization: facts.default_organization.clone(),
            own_user: facts.identity.user.clone(),
            records: managers.records,
            users: managers.users,
            all_users_readable,
            organizations: places.organizations,
            projects: places.projects,
            grants: places.grants,
            unread_resources,
            complete: !places.gap,
            offered: details.offered,
            applications: details.applications,
            credentials: details.credentials,
            events,
            unread,
        })
    }

    /// Organizations are read before a list of all managers, which then need not ask for their names; a walk reads
    /// them on its way.
    async fn managers_and_places(&self, tell: &mut Tell<'_>) -> Result<(Managers, Places), Problem> {
        let mut managers = Managers::default();
        let mut listed: Vec<Organization> = Vec::new();
        if self.facts.administrators.list.is_some() {
            match self.every_organization().await {
                Ok(rows) => listed = rows,
                Err(problem) => managers.unread.push(kept(problem, "the list of organizations")?),
            }
        }
        let mut take = |part| match part {
            InventoryPart::Rows(rows) => managers.records.extend(rows),
            InventoryPart::Users(users) => {
                managers.users.extend(users.into_iter().map(|user| (user.id.clone(), user)));
            }
            InventoryPart::Progress { done, known } => {
                managers.lists = done;
                tell(EvidenceProgress { done, known });
            }
            InventoryPart::Unread(part) => managers.unread.push(part),
        };
        let mut places = self.inventory_and_places(&mut take).await?;
        places.organizations(listed);
        Ok((managers, places))
    }

    /// Events and what lacks of them.
    async fn events_since(
        &self,
        since: Option<Timestamp>,
    ) -> Result<(Option<Vec<RoleGrant>>, Option<UnreadPart>), Problem> {
        let Some(since) = since else { return Ok((None, None)) };
        let mut events = Vec::new();
        let mut seen = HashSet::new();
        match self.walk_events(Some(since), MAX_EVENTS, &mut seen, |event| events.push(event)).await {
            Ok(more) => {
                Ok((Some(events), more.then(|| cut(MAX_EVENTS, "Ask for the events of fewer days."))))
            }
            Err(problem) => Ok((None, Some(kept(problem, "events of given roles")?))),
        }
    }

    /// Users that the look-up left out without a word, since the own roles do not show them.
    fn tell_unseen_users(&self, managers: &mut Managers) {
        let told = managers.unread.iter().any(|part| part.name.as_str() == NAMES_OF_USERS);
        let unseen: HashSet<&UserId> = managers
            .records
            .iter()
            .map(|record| &record.manager.user.id)
            .filter(|id| !managers.users.contains_key(id))
            .collect();
        if told || unseen.is_empty() || self.facts.instance_role_allows(SEE_USERS) {
            return;
        }
        let count = unseen.len();
        let name = if count == 1 { "1 user".to_owned() } else { format!("{count} users") };
        let problem = lacking(&self.facts, &format!("Cannot read the states of {name}"), SEE_USERS);
        let name = SafeText::new(&format!("states of {name}"));
        managers.unread.push(UnreadPart { resource: None, name, problem });
    }

    /// The resources whose managers could not be read. A walk knows which it has read; the list of all managers leaves
    /// out without a word what the own roles do not show.
    fn unread_resources(
        &self,
        places: &Places,
        records: &[ManagerRecord],
        unread: &[UnreadPart],
    ) -> HashSet<Resource> {
        let failed = unread.iter().filter_map(|part| part.resource.clone());
        let known = std::iter::once(Resource::Instance)
            .chain(places.organizations.keys().cloned().map(Resource::Organization))
            .chain(records.iter().map(|record| record.manager.resource.clone()));
        known.filter(|resource| !self.is_read(resource, places)).chain(failed).collect()
    }

    fn is_read(&self, resource: &Resource, places: &Places) -> bool {
        if places.walked { places.read.contains(resource) } else { self.facts.reads_managers(resource) }
    }
}

impl Managers {
    /// Fills in what rows lacked, and puts them into an order of their own: that of the server changes.
    fn complete(&mut self) {
        for record in &mut self.records {
            if let Some(user) = self.users.get(&record.manager.user.id) {
                record.manager.user = ManagerUser::from(user);
            }
        }
        self.records.sort_by_cached_key(|record| {
            let manager = &record.manager;
            let names = (record.organization_name.clone(), record.resource_name.clone());
            let user = (manager.user.login_name.clone(), manager.user.id.clone());
            (manager.resource.level(), names, manager.resource.clone(), user)
        });
    }
}

/// A part that could not be read; the whole reading fails when the sign-in has ended.
fn kept(problem: Problem, name: &str) -> Result<UnreadPart, Problem> {
    if problem.kind == crate::domain::problem::ProblemKind::NotSignedIn {
        return Err(problem);
    }
    Ok(UnreadPart { resource: None, name: SafeText::new(name), problem })
}
