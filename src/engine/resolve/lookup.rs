//! Many names looked up together: what was read for one serves the others, and of many the lists of the whole instance
//! are read instead of one thing at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::one_organization;
use super::resources::{FoundResource, ResourceName};
use crate::domain::id::{OrganizationId, ProjectId};
use crate::domain::inventory::{GrantedOn, ManagerRecord};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::permission::Permissions;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::role::Role;
use crate::domain::snapshot::{Extent, Gap};
use crate::domain::text::SafeText;
use crate::engine::Session;
use crate::engine::users::SEE as SEE_USERS;

/// From this many resources on, whole lists are read: they take a request for each thousand rows.
const MANY: usize = 50;

/// Looks names up, and reads what is found. Nothing is read twice, so it is to be dropped before anything is written.
pub struct Lookup<'a> {
    pub(super) session: &'a Session,
    organizations: Option<Organizations>,
    survey: Option<Survey>,
    pub(super) projects: Memo<OrganizationId, Vec<Project>>,
    pub(super) grants: Memo<ProjectId, Vec<ProjectGrant>>,
    pub(super) received: Memo<OrganizationId, Vec<ProjectGrant>>,
    roles: Memo<(Level, Option<OrganizationId>), Vec<Role>>,
    permissions: Memo<Option<OrganizationId>, Permissions>,
}

impl<'a> Lookup<'a> {
    /// For a few names.
    pub(super) fn few(session: &'a Session) -> Self {
        Self {
            session,
            organizations: None,
            survey: None,
            projects: Memo::default(),
            grants: Memo::default(),
            received: Memo::default(),
            roles: Memo::default(),
            permissions: Memo::default(),
        }
    }

    /// For so many names of resources. A list that cannot be read is done without.
    pub async fn new(session: &'a Session, names: usize) -> Self {
        let few = Self::few(session);
        if names < MANY {
            return few;
        }
        let organizations = session.inner.every_organization().await.ok().map(Organizations::new);
        // Walking the whole instance takes more requests than asking for what is named; and the list of all managers
        // leaves out what a look-up of the users must add.
        let facts = session.facts();
        let survey = if facts.administrators.list.is_some() && facts.instance_role_allows(SEE_USERS) {
            session.inner.records_and_gaps(|_, _| {}).await.ok().and_then(Survey::new)
        } else {
            None
        };
        Self { organizations, survey, ..few }
    }

    /// Whose session asks.
    pub const fn session(&self) -> &'a Session {
        self.session
    }

    /// As [`Session::find_organization`].
    pub(super) async fn find_organization(&self, given: &str) -> Result<Organization, Problem> {
        if let Some(found) = self.organizations.as_ref().and_then(|all| all.find(given).transpose()) {
            return found;
        }
        self.session.find_organization(given).await
    }

    pub(super) async fn all_organizations(&self) -> Result<Vec<Organization>, Problem> {
        match &self.organizations {
            Some(all) => Ok(all.rows.clone()),
            None => self.session.all_organizations("").await,
        }
    }

    /// A project or a grant that is named by its ids and among those with managers.
    pub(super) async fn surveyed(&self, name: &ResourceName) -> Option<FoundResource> {
        let survey = self.survey.as_ref()?;
        let (level, id, parent, organization) = match name {
            ResourceName::Project { project, organization } => (Level::Project, project, None, organization),
            ResourceName::Grant { grant, project, organization } => {
                (Level::ProjectGrant, grant, project.as_ref(), organization)
            }
            ResourceName::Instance | ResourceName::Organization(_) => return None,
        };
        let found = survey.places.get(&GrantedOn { level, id: SafeText::new(id) })?;
        let own_id = match &found.resource {
            Resource::Project { project, .. } => project.as_str() == id,
            Resource::ProjectGrant { project, grant, .. } => {
                grant.as_str() == id && parent.is_none_or(|parent| parent == project.as_str())
            }
            Resource::Instance | Resource::Organization(_) => false,
        };
        if let Some(given) = organization {
            let owner = self.find_organization(given).await.ok()?;
            found.resource.organization().filter(|own| **own == owner.id)?;
        }
        own_id.then(|| found.clone())
    }

    /// As [`Session::managers`].
    ///
    /// # Errors
    /// The same.
    pub async fn managers(&self, resource: &Resource) -> Result<Vec<Manager>, Problem> {
        match self.survey.as_ref().and_then(|survey| survey.managers(resource)) {
            Some(managers) => Ok(managers),
            None => self.session.managers(resource).await,
        }
    }

    /// As [`Session::roles`]. What is offered depends on the level, and on whether it is in the default organization
    /// (CONTRACT.md section 9).
    ///
    /// # Errors
    /// The same.
    pub async fn roles(&self, resource: &Resource) -> Result<Vec<Role>, Problem> {
        let default = self.session.facts().default_organization.as_ref();
        let owner = resource.organization().filter(|own| default.is_none_or(|default| default == *own));
        self.roles.get((resource.level(), owner.cloned()), self.session.roles(resource)).await
    }

    /// As [`Session::permissions`]. Only roles on the instance count where nothing else is held (CONTRACT.md section
    /// 3); a membership of a grant does not tell the granted organization, where it counts as well.
    ///
    /// # Errors
    /// The same.
    pub async fn permissions(&self, organization: &OrganizationId) -> Result<Permissions, Problem> {
        let mut own = self.session.facts().memberships.iter();
        let may_differ = own
            .any(|own| own.level == Level::ProjectGrant || own.organization.as_ref() == Some(organization));
        let place = may_differ.then(|| organization.clone());
        self.permissions.get(place, self.session.permissions(organization)).await
    }
}

/// All organizations.
struct Organizations {
    rows: Vec<Organization>,
    by_id: HashMap<OrganizationId, usize>,
}

impl Organizations {
    fn new(mut rows: Vec<Organization>) -> Self {
        rows.sort_by_cached_key(|row| (row.name.as_str().to_lowercase(), row.id.clone()));
        rows.dedup_by(|later, earlier| later.id == earlier.id);
        let by_id = (0..).zip(&rows).map(|(place, row)| (row.id.clone(), place)).collect();
        Self { rows, by_id }
    }

    fn find(&self, given: &str) -> Result<Option<Organization>, Problem> {
        match self.by_id.get(&OrganizationId::new(given)).and_then(|place| self.rows.get(*place)) {
            Some(row) => Ok(Some(row.clone())),
            None => one_organization(given, &self.rows),
        }
    }
}

/// All managers by resource, and which of them may lack.
struct Survey {
    places: HashMap<GrantedOn, FoundResource>,
    managers: HashMap<Resource, Vec<Manager>>,
    gaps: Vec<Gap>,
}

impl Survey {
    /// None where names of users lack, which lists of single resources tell.
    fn new((records, gaps): (Vec<ManagerRecord>, Vec<Gap>)) -> Option<Self> {
        if gaps.iter().any(|gap| gap.extent == Extent::Names) {
            return None;
        }
        let mut survey = Self { places: HashMap::new(), managers: HashMap::new(), gaps };
        for record in records {
            let (resource, organization_name) = (&record.manager.resource, record.organization_name);
            survey.places.entry(GrantedOn::of(resource)).or_insert_with(|| FoundResource {
                resource: resource.clone(),
                name: record.resource_name.or(&GrantedOn::of(resource).id),
                organization_name,
            });
            survey.managers.entry(resource.clone()).or_default().push(record.manager);
        }
        Some(survey)
    }

    /// In the order of a single list; none where some may lack.
    fn managers(&self, resource: &Resource) -> Option<Vec<Manager>> {
        if self.gaps.iter().any(|gap| gap.holds(resource)) {
            return None;
        }
        let mut managers = self.managers.get(resource).cloned().unwrap_or_default();
        managers.sort_by_cached_key(Manager::place_in_list);
        Some(managers)
    }
}

/// Answers by what they depend on, each asked for once; who asks meanwhile waits for the same answer. A failure is not
/// kept.
pub(super) struct Memo<K, T>(Mutex<HashMap<K, Arc<OnceCell<T>>>>);

impl<K, T> Default for Memo<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T: Clone> Memo<K, T> {
    pub(super) async fn get(
        &self,
        key: K,
        ask: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key).or_default())
        };
        cell.get_or_try_init(|| ask).await.cloned()
    }
}
