//! Whether the projects and grants that have managers are in use. A walk has seen them on its way; beside a list of
//! all managers they are read from one list of all projects, else by the organizations that own them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::explain::{explain, lacking};
use super::super::inventory::Places;
use super::super::projects::{SEE, SEE_GRANTS};
use super::super::session::Inner;
use super::details::{Answer, Job};
use crate::api::all_projects::ListedProject;
use crate::api::error::CallError;
use crate::api::paging::all_pages;
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::{GrantId, OrganizationId, ProjectId};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::{Level, Resource};
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::text::SafeText;

/// A grant as the resource of a manager names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Managed {
    project: ProjectId,
    grant: GrantId,
    granted: OrganizationId,
}

/// The projects that organizations own, where all of them are known.
pub(super) type Owned = HashMap<OrganizationId, Vec<ProjectId>>;

impl Inner {
    /// Takes what a walk has seen, or else what one list of all projects tells, where the server has it and the caller
    /// may ask. Who may not is not told: the organizations are asked next.
    pub(super) async fn states_from_list(&self, records: &[ManagerRecord], places: &mut Places) -> Owned {
        if places.walked {
            return self.owned_as_walked(places);
        }
        let below = records.iter().any(|record| record.manager.resource.level() >= Level::Project);
        if !below || !self.facts.capabilities.administrators_v2 {
            return Owned::new();
        }
        match self.client.all_projects().await {
            Ok(rows) => self.take_listed(rows, records, places),
            Err(error) => {
                tracing::info!(%error, "the list of all projects cannot be read; asking their organizations");
                Owned::new()
            }
        }
    }

    /// Who sees only some projects may not conclude that an organization has no others.
    fn owned_as_walked(&self, places: &Places) -> Owned {
        if !self.facts.instance_role_allows(SEE) {
            return Owned::new();
        }
        let mut owned: Owned = places.listed.iter().map(|owner| (owner.clone(), Vec::new())).collect();
        for project in places.projects.values() {
            if let Some(projects) = owned.get_mut(&project.organization) {
                projects.push(project.id.clone());
            }
        }
        owned
    }

    fn take_listed(&self, rows: Vec<ListedProject>, records: &[ManagerRecord], places: &mut Places) -> Owned {
        let managed: HashMap<(&ProjectId, &OrganizationId), &GrantId> = records
            .iter()
            .filter_map(|record| match &record.manager.resource {
                Resource::ProjectGrant { project, grant, granted, .. } => Some(((project, granted), grant)),
                _ => None,
            })
            .collect();
        // An organization that the list does not name owns none.
        let mut owned: Owned = places.organizations.keys().map(|id| (id.clone(), Vec::new())).collect();
        for ListedProject { project, granted } in rows {
            let Some((granted, granted_name, state)) = granted else {
                owned.entry(project.organization.clone()).or_default().push(project.id.clone());
                places.projects([project]);
                continue;
            };
            let Some(grant) = managed.get(&(&project.id, &granted)) else { continue };
            places.grants([ProjectGrant {
                id: (*grant).clone(),
                organization_name: self.known_names.get(&project.organization).unwrap_or_default(),
                project: project.id,
                project_name: project.name,
                organization: project.organization,
                granted,
                granted_name,
                state,
                project_roles: Vec::new(),
            }]);
        }
        // As above.
        if !self.facts.instance_role_allows(SEE) {
            owned.clear();
        }
        owned
    }

    /// What is still to be asked by the organizations that own the projects.
    pub(super) fn jobs_for_states(records: &[ManagerRecord], places: &Places) -> Vec<Job> {
        let mut projects = BTreeSet::new();
        let mut grants: BTreeMap<OrganizationId, BTreeSet<Managed>> = BTreeMap::new();
        for record in records {
            match &record.manager.resource {
                Resource::Project { organization, project } if !places.projects.contains_key(project) => {
                    projects.insert(organization.clone());
                }
                Resource::ProjectGrant { organization, project, grant, granted }
                    if !places.grants.contains_key(grant) =>
                {
                    let managed =
                        Managed { project: project.clone(), grant: grant.clone(), granted: granted.clone() };
                    grants.entry(organization.clone()).or_default().insert(managed);
                }
                _ => {}
            }
        }
        // A walk has asked whatever can be asked.
        if places.walked {
            return Vec::new();
        }
        let grants = grants.into_iter().map(|(owner, managed)| Job::Grants(owner, managed));
        projects.into_iter().map(Job::Projects).chain(grants).collect()
    }

    pub(super) async fn projects_of(&self, owner: OrganizationId, name: &SafeText) -> Answer {
        match self.owned_projects(&owner).await {
            Ok(projects) => {
                let ids = projects.iter().map(|project| project.id.clone()).collect();
                Answer { projects, owned: Some((owner, ids)), ..Answer::default() }
            }
            Err(error) => self.unreadable(error, &format!("projects of {name}"), SEE),
        }
    }

    pub(super) async fn owned_projects(&self, owner: &OrganizationId) -> Result<Vec<Project>, CallError> {
        all_pages(|offset| self.client.projects(owner, "", offset, MAX_LIMIT)).await
    }

    /// Asks the side that the own roles open: the owner, one project of the owner, or the receivers.
    pub(super) async fn grants_of(
        &self,
        owner: OrganizationId,
        managed: BTreeSet<Managed>,
        name: &SafeText,
    ) -> Answer {
        let mut answer = Answer::default();
        let mut take = |grants: Result<Vec<ProjectGrant>, CallError>| match grants {
            Ok(grants) => answer.grants.extend(grants),
            Err(error) => {
                answer.unread.extend(self.unreadable(error, &format!("grants of {name}"), SEE_GRANTS).unread);
            }
        };
        if self.reads_all_grants(&owner) {
            take(self.client.grants_given(&owner).await);
            return answer;
        }
        let owns = |id: &ProjectId| {
            let mut own = self.facts.memberships.iter().filter(|own| own.level == Level::Project);
            own.any(|own| own.resource_id.as_str() == id.as_str())
        };
        let (own, others): (Vec<_>, Vec<_>) = managed.into_iter().partition(|it| owns(&it.project));
        for project in own.into_iter().map(|it| it.project).collect::<BTreeSet<_>>() {
            take(self.client.grants_of_project(&owner, &project).await);
        }
        for granted in others.into_iter().map(|it| it.granted).collect::<BTreeSet<_>>() {
            take(self.client.grants_received(&granted).await);
        }
        answer
    }

    pub(super) fn unreadable(&self, error: CallError, name: &str, needs: &'static str) -> Answer {
        let problem = explain(&self.facts, error, &format!("Cannot read {name}"), needs);
        let part = UnreadPart { resource: None, name: SafeText::new(name), problem };
        Answer { unread: vec![part], ..Answer::default() }
    }

    /// Keeps the projects and grants that have managers, so that every way of reading gives the same, and tells how
    /// many the server left out without a word; a walk has told that.
    pub(super) fn keep_managed(
        &self,
        records: &[ManagerRecord],
        places: &mut Places,
        unread: &mut Vec<UnreadPart>,
    ) {
        let (mut projects, mut grants) = (HashSet::new(), HashSet::new());
        for record in records {
            match &record.manager.resource {
                Resource::Project { project, .. } => drop(projects.insert(project)),
                Resource::ProjectGrant { grant, .. } => drop(grants.insert(grant)),
                Resource::Instance | Resource::Organization(_) => {}
            }
        }
        places.projects.retain(|id, _| projects.contains(id));
        places.grants.retain(|id, _| grants.contains(id));
        let missing = projects.len() + grants.len() - places.projects.len() - places.grants.len();
        if missing > 0 && unread.is_empty() && !places.walked {
            let name = match missing {
                1 => "state of 1 project or grant".to_owned(),
                missing => format!("states of {missing} projects or grants"),
            };
            let problem = lacking(&self.facts, &format!("Cannot read the {name}"), SEE_GRANTS);
            unread.push(UnreadPart { resource: None, name: SafeText::new(&name), problem });
        }
    }
}
