//! The single steps of reading all managers: what each asks, and what it finds to be done next.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::super::explain::explain;
use super::super::organizations::V2_PAGE;
use super::super::projects::SEE_GRANTS;
use super::Reading;
use super::seen::Places;
use crate::api::administrators::Administrator;
use crate::api::error::CallError;
use crate::api::organizations::{OrganizationFilter, OrganizationSearch};
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::Manager;
use crate::domain::page::Page;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::session::AdministratorService;
use crate::domain::text::SafeText;
use crate::domain::user::User;

/// What the look-up of users is called where it fails.
pub(in crate::engine) const NAMES_OF_USERS: &str = "names and states of users";
/// Pages of all managers overlap by so many rows: a manager who is removed meanwhile moves the rows after it forward,
/// and the one at the border would be lost.
const OVERLAP: u64 = 10;
/// No more pages are read, whatever a server claims to have.
const MAX_PAGES: u64 = 10_000;
/// From so many unknown names on, the list of all organizations is read instead of asking one by one.
const MANY_NAMES: usize = 3;

/// An organization of the walk.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: OrganizationId,
    pub(super) name: SafeText,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// A page of the list of all managers.
    Page(AdministratorService, u64),
    /// Rows of that list whose organizations are not known by name yet.
    Nameless(Vec<Administrator>),
    /// A page of the organizations.
    Organizations(OrganizationSearch, u64),
    /// The organizations of the own memberships.
    OwnOrganizations,
    /// The managers of one resource.
    Managers(Resource, SafeText, SafeText),
    /// The projects of an organization.
    Projects(Place, u64),
    /// The grants that an organization gave, of these projects.
    GrantsGiven(Place, Vec<Project>),
    /// The grants that an organization received.
    GrantsReceived(Place),
    /// What one user manages in an organization.
    Memberships(Place),
    /// What the own user manages.
    OwnMemberships,
    /// Users by id.
    Users(Vec<UserId>),
}

/// What a step asks about a resource; no list is asked for twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Managers,
    Projects,
    GrantsReceived,
    Memberships,
}

impl Task {
    /// What this asks, where two ways can lead to it.
    pub(super) fn asks(&self) -> Option<(Asked, Resource)> {
        let (asked, place) = match self {
            Self::Managers(resource, ..) => return Some((Asked::Managers, resource.clone())),
            Self::Projects(place, 0) => (Asked::Projects, place),
            Self::GrantsReceived(place) => (Asked::GrantsReceived, place),
            Self::Memberships(place) => (Asked::Memberships, place),
            _ => return None,
        };
        Some((asked, Resource::Organization(place.id.clone())))
    }
}

/// What a step found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<ManagerRecord>,
    pub(super) users: Vec<User>,
    pub(super) tasks: Vec<Task>,
    pub(super) unread: Vec<UnreadPart>,
}

impl Found {
    fn unread(resource: Option<Resource>, name: &str, problem: crate::domain::problem::Problem) -> Self {
        let part = UnreadPart { resource, name: SafeText::new(name), problem };
        Self { unread: vec![part], ..Self::default() }
    }

    pub(super) fn tasks(tasks: Vec<Task>) -> Self {
        Self { tasks, ..Self::default() }
    }
}

impl Reading<'_> {
    /// How a walk starts: with the instance and all organizations, or with what the own memberships name. Roles on
    /// organizations, projects and grants count nowhere else (CONTRACT.md section 3).
    pub(super) fn start_of_walk(&self) -> Vec<Task> {
        let facts = &self.inner.facts;
        if self.is_own() {
            return vec![Task::OwnMemberships];
        }
        if facts.memberships.iter().all(|own| own.level != Level::Instance) {
            return vec![Task::OwnOrganizations];
        }
        let search =
            if self.inner.reads_instance() { OrganizationSearch::Admin } else { OrganizationSearch::V2 };
        let name = facts.instance_name.clone().unwrap_or_else(|| facts.issuer.clone());
        let instance = Task::Managers(Resource::Instance, name, SafeText::default());
        let organizations = Task::Organizations(search, 0);
        match search {
            OrganizationSearch::Admin => vec![instance, organizations],
            // The search of v2 may leave out organizations where only a project or a grant is managed.
            OrganizationSearch::V2 => vec![instance, organizations, Task::OwnOrganizations],
        }
    }

    /// Whether this is about the own user, who sees its own rows without any permission.
    pub(super) fn is_own(&self) -> bool {
        self.of.is_some_and(|user| user.id == self.inner.facts.identity.user)
    }

    pub(super) async fn run(&self, task: Task) -> Found {
        match task {
            Task::Page(service, offset) => match self.page(service, offset).await {
                Ok(page) => self.listed(service, offset, page),
                Err(error) => {
                    self.note(|places| places.gap = true);
                    self.refused(error, None, "a part of the list of all managers", "org.member.read")
                }
            },
            Task::Nameless(rows) => {
                self.learn_names(&rows).await;
                let rows = rows.into_iter().map(|row| self.record(row)).collect();
                Found { rows, ..Found::default() }
            }
            Task::Organizations(search, offset) => self.organizations(search, offset).await,
            Task::OwnOrganizations => self.own_organizations().await,
            Task::Managers(resource, name, owner) => self.managers(resource, name, owner).await,
            Task::Projects(place, offset) => self.projects(place, offset).await,
            Task::GrantsGiven(place, projects) => self.grants_given(place, &projects).await,
            Task::GrantsReceived(place) => self.grants_received(place).await,
            Task::Memberships(place) => self.memberships(place).await,
            Task::OwnMemberships => self.own_memberships().await,
            Task::Users(ids) => match self.inner.users_by_id(&ids).await {
                Ok(users) => Found { users, ..Found::default() },
                Err(problem) => Found::unread(None, NAMES_OF_USERS, problem),
            },
        }
    }

    pub(super) fn refused(
        &self,
        error: CallError,
        resource: Option<Resource>,
        name: &str,
        needs: &'static str,
    ) -> Found {
        let problem = explain(&self.inner.facts, error, &format!("Cannot read {name}"), needs);
        Found::unread(resource, name, problem)
    }

    /// Keeps what was seen, where somebody wants it.
    pub(super) fn note(&self, note: impl FnOnce(&mut Places)) {
        if let Some(seen) = self.seen {
            seen.note(note);
        }
    }

    // The list of all managers.

    async fn page(
        &self,
        service: AdministratorService,
        offset: u64,
    ) -> Result<Page<Administrator>, CallError> {
        self.inner.client.administrators(service, self.of.map(|user| &user.id), offset).await
    }

    pub(super) async fn first_page(&self, service: AdministratorService) -> Result<Found, CallError> {
        let page = self.page(service, 0).await?;
        Ok(self.listed(service, 0, page))
    }

    /// The rows whose names are known, so that they need not wait for the others; the others; and the pages that
    /// follow.
    fn listed(&self, service: AdministratorService, offset: u64, page: Page<Administrator>) -> Found {
        let own_names = page.rows.iter().filter_map(|row| match &row.manager.resource {
            Resource::Organization(id) if !row.name.is_empty() => Some((id.clone(), row.name.clone())),
            _ => None,
        });
        self.inner.known_names.learn(own_names);
        let limit = u64::from(MAX_LIMIT);
        let pages = match (offset, page.total, page.next_offset) {
            (0, Some(total), Some(_)) => {
                let step = limit - OVERLAP;
                (1..=MAX_PAGES).map(|page| page * step).take_while(|start| start + OVERLAP < total).collect()
            }
            (_, None, Some(next)) => vec![next],
            _ => Vec::new(),
        };
        let (nameless, named): (Vec<_>, Vec<_>) =
            page.rows.into_iter().partition(|row| self.unnamed(row).next().is_some());
        let mut tasks = if nameless.is_empty() { Vec::new() } else { vec![Task::Nameless(nameless)] };
        tasks.extend(pages.into_iter().map(|start| Task::Page(service, start)));
        Found { rows: named.into_iter().map(|row| self.record(row)).collect(), tasks, ..Found::default() }
    }

    /// The organizations of a row that are not known by name.
    fn unnamed<'a>(&'a self, row: &'a Administrator) -> impl Iterator<Item = &'a OrganizationId> {
        let (owner, receiver) = match &row.manager.resource {
            Resource::Project { organization, .. } => (Some(organization), None),
            Resource::ProjectGrant { organization, granted, .. } => (Some(organization), Some(granted)),
            Resource::Instance | Resource::Organization(_) => (None, None),
        };
        let named = [owner, receiver].into_iter().flatten();
        named.filter(|id| self.inner.known_names.get(id).is_none())
    }

    async fn learn_names(&self, rows: &[Administrator]) {
        // Rows of several pages mostly lack the same names.
        let _alone = self.naming.lock().await;
        let unknown: BTreeSet<OrganizationId> =
            rows.iter().flat_map(|row| self.unnamed(row)).cloned().collect();
        if unknown.len() >= MANY_NAMES && self.inner.reads_instance() {
            self.inner.learn_from_list(unknown.len()).await;
        }
        let unknown: Vec<OrganizationId> = unknown.into_iter().collect();
        self.inner.organization_names(&unknown).await;
    }

    fn record(&self, row: Administrator) -> ManagerRecord {
        let facts = &self.inner.facts;
        let known = |id: &OrganizationId| self.inner.known_names.get(id).unwrap_or_default();
        let (resource_name, organization_name) = match &row.manager.resource {
            Resource::Instance => {
                (facts.instance_name.clone().unwrap_or_else(|| facts.issuer.clone()), SafeText::default())
            }
            Resource::Organization(_) => (row.name.clone(), row.name),
            Resource::Project { organization, .. } => (row.name, known(organization)),
            Resource::ProjectGrant { organization, project, granted, .. } => {
                let project = row.name.or(&SafeText::new(project.as_str()));
                let receiver = known(granted).or(&SafeText::new(granted.as_str()));
                (SafeText::new(&format!("{project} → {receiver}")), known(organization))
            }
        };
        let manager = match self.of {
            Some(user) => Manager { user: user.clone(), ..row.manager },
            None => row.manager,
        };
        ManagerRecord { manager, resource_name, organization_name }
    }

    // The walk.

    async fn organizations(&self, search: OrganizationSearch, offset: u64) -> Found {
        let limit = if search == OrganizationSearch::Admin { MAX_LIMIT } else { V2_PAGE };
        let page = self.inner.client.organizations(search, OrganizationFilter::All, offset, limit).await;
        let page = match page {
            Ok(page) => page,
            // Refused after all, or kept away by a proxy.
            Err(error)
                if search == OrganizationSearch::Admin && (error.is_forbidden() || error.is_not_found()) =>
            {
                return Found::tasks(vec![
                    Task::Organizations(OrganizationSearch::V2, 0),
                    Task::OwnOrganizations,
                ]);
            }
            Err(error) => return self.refused(error, None, "the list of organizations", "org.read"),
        };
        self.inner.known_names.learn(page.rows.iter().map(|row| (row.id.clone(), row.name.clone())));
        self.note(|places| places.organizations(page.rows.iter().cloned()));
        let mut tasks: Vec<Task> =
            page.next_offset.map(|next| Task::Organizations(search, next)).into_iter().collect();
        tasks.extend(page.rows.into_iter().flat_map(|row| self.within(Place { id: row.id, name: row.name })));
        Found::tasks(tasks)
    }

    /// What to read of an organization.
    fn within(&self, place: Place) -> Vec<Task> {
        if self.of.is_some() { vec![Task::Memberships(place)] } else { Self::level_by_level(place) }
    }

    pub(super) fn level_by_level(place: Place) -> Vec<Task> {
        let resource = Resource::Organization(place.id.clone());
        vec![Task::Managers(resource, place.name.clone(), place.name.clone()), Task::Projects(place, 0)]
    }

    /// Who manages only here sees the grants that these organizations received only from this side.
    async fn own_organizations(&self) -> Found {
        let ids = self.inner.own_organizations().into_keys();
        let own = join_all(ids.map(|id| self.inner.own_organization(id))).await;
        self.note(|places| places.organizations(own.iter().cloned()));
        let places = own.into_iter().map(|row| Place { name: row.title(), id: row.id });
        Found::tasks(
            places
                .flat_map(|place| {
                    let mut tasks = self.within(place.clone());
                    tasks.extend(self.of.is_none().then_some(Task::GrantsReceived(place)));
                    tasks
                })
                .collect(),
        )
    }

    async fn managers(&self, resource: Resource, name: SafeText, owner: SafeText) -> Found {
        let place = self.inner.place(&resource);
        let managers = match self.of {
            None => self.inner.client.managers(&place).await,
            Some(user) => {
                self.inner.client.manager(&place, &user.id).await.map(|row| row.into_iter().collect())
            }
        };
        match managers {
            Ok(managers) => {
                self.note(|places| {
                    places.read.insert(resource);
                });
                let record = |manager| ManagerRecord {
                    manager,
                    resource_name: name.clone(),
                    organization_name: owner.clone(),
                };
                Found { rows: managers.into_iter().map(record).collect(), ..Found::default() }
            }
            Err(error) => {
                let needs = manager_permission(resource.level(), ManagerAction::Read);
                self.refused(error, Some(resource), &format!("managers of {name}"), needs)
            }
        }
    }

    async fn projects(&self, place: Place, offset: u64) -> Found {
        let page = self.inner.client.projects(&place.id, "", offset, MAX_LIMIT).await;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let name = format!("projects of {}", place.name);
                return self.refused(error, None, &name, "project.read");
            }
        };
        self.note(|places| {
            places.projects(page.rows.iter().cloned());
            places.listed.extend(page.next_offset.is_none().then(|| place.id.clone()));
        });
        let managers =
            |project: &Project| Task::Managers(project.resource(), project.title(), place.name.clone());
        let mut tasks: Vec<Task> = page.rows.iter().map(managers).collect();
        tasks.extend(page.next_offset.map(|next| Task::Projects(place.clone(), next)));
        // Who may read all of them needs one request for the grants of all projects.
        let ask = !page.rows.is_empty() && (offset == 0 || !self.inner.reads_all_grants(&place.id));
        tasks.extend(ask.then_some(Task::GrantsGiven(place, page.rows)));
        Found::tasks(tasks)
    }

    async fn grants_given(&self, place: Place, projects: &[Project]) -> Found {
        if self.inner.reads_all_grants(&place.id) {
            let grants = self.inner.client.grants_given(&place.id).await;
            return self.grants(grants, &format!("grants of {}", place.name), true);
        }
        let mut all = Found::default();
        for project in projects {
            let grants = self.inner.client.grants_of_project(&place.id, &project.id).await;
            let found = self.grants(grants, &format!("grants of {}", project.title()), true);
            all.tasks.extend(found.tasks);
            all.unread.extend(found.unread);
        }
        all
    }

    /// Not being allowed to ask from this side is no lack: what was given is read from the other side too.
    async fn grants_received(&self, place: Place) -> Found {
        let grants = self.inner.client.grants_received(&place.id).await;
        self.grants(grants, &format!("projects granted to {}", place.name), false)
    }

    fn grants(&self, grants: Result<Vec<ProjectGrant>, CallError>, name: &str, needed: bool) -> Found {
        match grants {
            Ok(grants) => {
                self.inner.learn_names_of(&grants);
                self.note(|places| places.grants(grants.iter().cloned()));
                let managers = |grant: ProjectGrant| {
                    Task::Managers(grant.resource(), grant.title(), grant.organization_name)
                };
                Found::tasks(grants.into_iter().map(managers).collect())
            }
            Err(error) if !needed && error.is_forbidden() => Found::default(),
            Err(error) => self.refused(error, None, name, SEE_GRANTS),
        }
    }
}
