//! What a review asks beside the managers themselves, so many requests at once: each job asks one thing, and what it
//! could not read is told.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;

use futures_util::{StreamExt, stream};

use super::super::explain::lacking;
use super::super::inventory::Places;
use super::super::session::Inner;
use super::credentials::Keyless;
use super::states::{Managed, Owned};
use super::{Managers, Tell};
use crate::api::error::CallError;
use crate::domain::id::{OrganizationId, ProjectId, UserId};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::review::{EvidenceProgress, ServiceCredential};
use crate::domain::role::Role;
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

const AT_ONCE: usize = 8;
const SEE_APPLICATIONS: &str = "project.app.read";

/// One thing to ask.
pub(super) enum Job {
    /// The projects of an organization.
    Projects(OrganizationId),
    /// The grants that an organization gave, of which these have managers.
    Grants(OrganizationId, BTreeSet<Managed>),
    /// The roles on offer where this is managed.
    Roles(Resource),
    /// The applications of an organization, in these projects where they are known.
    Applications(OrganizationId, Option<Vec<ProjectId>>),
    /// The keys and tokens of a service user.
    Credentials(ManagerUser),
}

/// What a job found.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) projects: Vec<Project>,
    pub(super) owned: Option<(OrganizationId, Vec<ProjectId>)>,
    pub(super) grants: Vec<ProjectGrant>,
    pub(super) roles: Option<(Level, Vec<Role>)>,
    pub(super) applications: Option<(OrganizationId, u64)>,
    pub(super) credentials: Option<(UserId, Vec<ServiceCredential>)>,
    pub(super) unread: Vec<UnreadPart>,
    pub(super) keyless: Option<(ManagerUser, Problem)>,
}

/// What all of them found.
#[derive(Default)]
pub(super) struct Details {
    pub(super) offered: HashMap<Level, Vec<Role>>,
    pub(super) applications: HashMap<OrganizationId, u64>,
    pub(super) credentials: HashMap<UserId, Vec<ServiceCredential>>,
    pub(super) unread: Vec<UnreadPart>,
    keyless: Keyless,
    done: u64,
    /// Answers one after another that never came.
    failures: usize,
}

impl Inner {
    pub(super) async fn details(
        &self,
        managers: &Managers,
        places: &mut Places,
        tell: &mut Tell<'_>,
    ) -> Result<Details, Problem> {
        let records = managers.records.as_slice();
        let mut details = Details { done: managers.lists, ..Details::default() };
        let mut owned = self.states_from_list(records, places).await;
        let jobs = Self::jobs_for_states(records, places);
        self.work(jobs, places, &mut owned, &mut details, tell).await?;
        self.keep_managed(records, places, &mut details.unread);
        let mut jobs = self.roles_to_ask(records, places, &mut details.unread);
        jobs.extend(homes_of_owners(records).into_iter().map(|home| {
            let projects = owned.get(&home).cloned();
            Job::Applications(home, projects)
        }));
        let service_users = wide_service_users(records);
        match self.credentials_from_list(&service_users).await {
            Some(held) => details.credentials = held,
            None => jobs.extend(service_users.into_iter().map(Job::Credentials)),
        }
        self.work(jobs, places, &mut owned, &mut details, tell).await?;
        let keyless = std::mem::take(&mut details.keyless);
        details.unread.extend(keyless.into_parts());
        Ok(details)
    }

    async fn work(
        &self,
        jobs: Vec<Job>,
        places: &mut Places,
        owned: &mut Owned,
        details: &mut Details,
        tell: &mut Tell<'_>,
    ) -> Result<(), Problem> {
        let known = details.done + jobs.len() as u64;
        let absent = AtomicBool::new(false);
        let named = jobs.into_iter().map(|job| {
            let name = job.organization().map(|id| self.title_of(id, places)).unwrap_or_default();
            self.run(job, name, &absent)
        });
        let named: Vec<_> = named.collect();
        let mut answers = stream::iter(named).buffer_unordered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            details.done += 1;
            details.take(answer, places, owned)?;
            tell(EvidenceProgress { done: details.done, known });
        }
        Ok(())
    }

    async fn run(&self, job: Job, name: SafeText, absent: &AtomicBool) -> Answer {
        match job {
            Job::Projects(owner) => self.projects_of(owner, &name).await,
            Job::Grants(owner, managed) => self.grants_of(owner, managed, &name).await,
            Job::Roles(resource) => self.offered(&resource).await,
            Job::Applications(owner, projects) => match self.applications(&owner, projects).await {
                Ok(count) => Answer { applications: Some((owner, count)), ..Answer::default() },
                Err(error) => self.unreadable(error, &format!("applications of {name}"), SEE_APPLICATIONS),
            },
            Job::Credentials(user) => self.credentials_of(user, absent).await,
        }
    }

    fn title_of(&self, id: &OrganizationId, places: &Places) -> SafeText {
        let read = places.organizations.get(id).map(|it| it.name.clone());
        let known = read.or_else(|| self.known_names.get(id)).unwrap_or_default();
        known.or(&SafeText::new(id.as_str()))
    }

    /// One resource per level on which somebody is manager. The default organization offers one role more for
    /// organizations, but hides roles of projects that it takes all the same (CONTRACT.md section 9).
    fn roles_to_ask(
        &self,
        records: &[ManagerRecord],
        places: &Places,
        unread: &mut Vec<UnreadPart>,
    ) -> Vec<Job> {
        let default = self.facts.default_organization.as_ref();
        let mut jobs = Vec::new();
        for level in [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant] {
            let here = || {
                let all = records.iter().map(|record| &record.manager.resource);
                all.filter(|resource| resource.level() == level)
            };
            let readable = here().filter(|resource| self.is_read(resource, places));
            let best = readable.min_by_key(|resource| {
                let in_default = resource.organization().is_some_and(|id| Some(id) == default);
                (in_default != (level == Level::Organization), (*resource).clone())
            });
            if let Some(resource) = best {
                jobs.push(Job::Roles(resource.clone()));
            } else if here().next().is_some() {
                let name = format!("roles on offer at the level {level}");
                let needs = manager_permission(level, ManagerAction::Read);
                let problem = lacking(&self.facts, &format!("Cannot read the {name}"), needs);
                unread.push(UnreadPart { resource: None, name: SafeText::new(&name), problem });
            }
        }
        jobs
    }

    async fn offered(&self, resource: &Resource) -> Answer {
        let level = resource.level();
        let roles = match self.client.manager_roles(&self.place(resource)).await {
            Ok(roles) => roles,
            Err(error) => {
                let needs = manager_permission(level, ManagerAction::Read);
                return self.unreadable(error, &format!("roles on offer at the level {level}"), needs);
            }
        };
        Answer { roles: Some((level, self.facts.taken(resource, roles))), ..Answer::default() }
    }

    /// How many applications the projects of an organization have, without those of the server's own project.
    async fn applications(
        &self,
        owner: &OrganizationId,
        projects: Option<Vec<ProjectId>>,
    ) -> Result<u64, CallError> {
        let mut projects = match projects {
            Some(projects) => projects,
            None => self.owned_projects(owner).await?.into_iter().map(|project| project.id).collect(),
        };
        if self.facts.default_organization.as_ref().is_none_or(|default| default == owner) {
            let own = self.client.project_of_server().await?;
            projects.retain(|project| *project != own);
        }
        let counts = projects
            .into_iter()
            .map(|project| async move { self.client.application_count(owner, &project).await });
        let counts: Vec<_> = stream::iter(counts).buffer_unordered(AT_ONCE).collect().await;
        counts.into_iter().sum()
    }
}

impl Job {
    const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Projects(owner) | Self::Grants(owner, _) | Self::Applications(owner, _) => Some(owner),
            Self::Roles(_) | Self::Credentials(_) => None,
        }
    }
}

impl Details {
    /// Fails when going on makes no sense: the sign-in has ended, or nothing answers any more.
    fn take(&mut self, answer: Answer, places: &mut Places, owned: &mut Owned) -> Result<(), Problem> {
        let told = answer.unread.iter().map(|part| &part.problem);
        match told.chain(answer.keyless.iter().map(|(_, problem)| problem)).next() {
            Some(problem) if problem.kind == ProblemKind::NotSignedIn => return Err(problem.clone()),
            Some(problem) if problem.kind == ProblemKind::Network => {
                self.failures += 1;
                if self.failures >= AT_ONCE {
                    return Err(problem.clone());
                }
            }
            _ => self.failures = 0,
        }
        places.projects(answer.projects);
        places.grants(answer.grants);
        owned.extend(answer.owned);
        self.offered.extend(answer.roles);
        self.applications.extend(answer.applications);
        self.credentials.extend(answer.credentials);
        self.unread.extend(answer.unread);
        if let Some((user, problem)) = answer.keyless {
            self.keyless.add(&user, problem);
        }
        Ok(())
    }
}

/// The home organizations of people who own the instance.
fn homes_of_owners(records: &[ManagerRecord]) -> BTreeSet<OrganizationId> {
    let owners = records.iter().map(|record| &record.manager).filter(|manager| {
        manager.resource == Resource::Instance
            && manager.user.kind == UserKind::Human
            && manager.roles.iter().any(|role| role.is_owner_of(Level::Instance))
    });
    owners.filter_map(|manager| manager.user.organization.clone()).collect()
}

/// Service users with a role that does more than read; a role that we do not know may do anything.
fn wide_service_users(records: &[ManagerRecord]) -> Vec<ManagerUser> {
    let only_reads = |manager: &Manager| manager.roles.iter().all(Role::only_reads);
    let wide = records
        .iter()
        .map(|record| &record.manager)
        .filter(|manager| manager.user.kind == UserKind::Service && !only_reads(manager));
    let mut users: Vec<ManagerUser> = wide.map(|manager| manager.user.clone()).collect();
    users.sort_by(|left, right| left.id.cmp(&right.id));
    users.dedup_by(|left, right| left.id == right.id);
    users
}
