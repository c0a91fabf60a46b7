//! What people call projects and project grants. Ids of grants come only from a list read a moment ago: an old server
//! takes damage from a manager of a grant that does not exist (CONTRACT.md section 7.4).

use futures_util::{StreamExt, stream};

use super::lookup::Lookup;
use super::{LISTED, PAGE, exact_first, one, suggestion};
use crate::domain::id::OrganizationId;
use crate::domain::level::Resource;
use crate::domain::organization::Organization;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::text::SafeText;
use crate::engine::Session;

/// How many organizations are asked at once.
const AT_ONCE: usize = 8;
/// What stands between the two names of a grant.
const ARROWS: [&str; 2] = ["→", "->"];

/// What somebody calls a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ResourceName {
    /// The instance signed in to.
    Instance,
    /// An organization by id, name or primary domain.
    Organization(String),
    /// A project.
    Project {
        /// Its id or name.
        project: String,
        /// Its owner, where that is told.
        organization: Option<String>,
    },
    /// A project grant.
    Grant {
        /// Its id, `PROJECT→ORG`, or only the receiving organization where the project is told.
        grant: String,
        /// The project, where that is told.
        project: Option<String>,
        /// The project's owner, where that is told.
        organization: Option<String>,
    },
}

impl ResourceName {
    /// The lowest level that is named; none where nothing is.
    pub fn new(organization: Option<String>, project: Option<String>, grant: Option<String>) -> Option<Self> {
        match (organization, project, grant) {
            (organization, project, Some(grant)) => Some(Self::Grant { grant, project, organization }),
            (organization, Some(project), None) => Some(Self::Project { project, organization }),
            (Some(organization), None, None) => Some(Self::Organization(organization)),
            (None, None, None) => None,
        }
    }
}

/// A resource with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundResource {
    /// The resource.
    pub resource: Resource,
    /// What to call it.
    pub name: SafeText,
    /// What the organization that owns it is called; empty for the instance.
    pub organization_name: SafeText,
}

impl Session {
    /// The resource with this name.
    ///
    /// # Errors
    /// `NotFound` with what may have been meant, `Ambiguous` with all candidates, or what reading fails with.
    pub async fn find_resource(&self, name: &ResourceName) -> Result<FoundResource, Problem> {
        Lookup::few(self).find_resource(name).await
    }

    /// The project with this id or name, of one organization or of all.
    ///
    /// # Errors
    /// As [`Self::find_resource`].
    pub async fn find_project(&self, given: &str, organization: Option<&str>) -> Result<Project, Problem> {
        Lookup::few(self).find_project(given, organization).await
    }

    /// Every project that these organizations own and that fits the text, and the first failure.
    pub async fn projects_of(&self, owners: &[Organization], text: &str) -> (Vec<Project>, Option<Problem>) {
        // Made before the stream, so that the whole can run on a thread of its own.
        let reads: Vec<_> = owners.iter().map(|owner| self.all_projects(&owner.id, text)).collect();
        gathered(stream::iter(reads).buffered(AT_ONCE).collect().await)
    }

    async fn all_projects(&self, owner: &OrganizationId, text: &str) -> Result<Vec<Project>, Problem> {
        let mut found: Vec<Project> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut offset = Some(0);
        while let Some(start) = offset {
            let page = self.projects(owner, text, start, PAGE).await?;
            found.extend(page.rows.into_iter().filter(|row| seen.insert(row.id.clone())));
            offset = page.next_offset;
        }
        Ok(found)
    }
}

impl Lookup<'_> {
    /// As [`Session::find_resource`].
    ///
    /// # Errors
    /// `NotFound` with what may have been meant, `Ambiguous` with all candidates, or what reading fails with.
    pub async fn find_resource(&self, name: &ResourceName) -> Result<FoundResource, Problem> {
        if let Some(found) = self.surveyed(name).await {
            return Ok(found);
        }
        match name {
            ResourceName::Instance => {
                let name = self.session.facts().instance_name.clone().unwrap_or_default();
                let name = name.or(&SafeText::new("instance"));
                let organization_name = SafeText::default();
                Ok(FoundResource { resource: Resource::Instance, name, organization_name })
            }
            ResourceName::Organization(given) => {
                let found = self.find_organization(given).await?;
                let resource = Resource::Organization(found.id.clone());
                Ok(FoundResource { resource, name: found.title(), organization_name: found.title() })
            }
            ResourceName::Project { project, organization } => {
                let found = self.find_project(project, organization.as_deref()).await?;
                let organization_name = self.organization_name(&found.organization).await;
                Ok(FoundResource { resource: found.resource(), name: found.title(), organization_name })
            }
            ResourceName::Grant { grant, project, organization } => {
                let found = self.find_grant(grant, project.as_deref(), organization.as_deref()).await?;
                let organization_name = found.organization_name.clone();
                Ok(FoundResource { resource: found.resource(), name: found.title(), organization_name })
            }
        }
    }

    async fn organization_name(&self, id: &OrganizationId) -> SafeText {
        let names = self.session.organization_names(std::slice::from_ref(id)).await;
        names.into_iter().find(|(known, _)| known == id).map(|(_, name)| name).unwrap_or_default()
    }

    /// As [`Session::find_project`].
    async fn find_project(&self, given: &str, organization: Option<&str>) -> Result<Project, Problem> {
        let owners = self.owners(organization).await?;
        let (rows, hindrance) = self.projects_of(&owners).await;
        let owner = |row: &Project| {
            owners
                .iter()
                .find(|owner| owner.id == row.organization)
                .map(Organization::title)
                .unwrap_or_default()
        };
        let describe = |row: &Project| format!("{} of {}, id {}", row.title(), owner(row), row.id);
        if let Some(found) = one("project", given, &called(given, &rows), describe)? {
            return Ok(found);
        }
        if let Some(problem) = hindrance {
            return Err(problem.during(format!("Cannot look for the project {given}")));
        }
        let names = rows.iter().map(|row| row.name.as_str());
        let some = rows.iter().filter(|row| has(&row.name, given)).take(LISTED).map(Project::title);
        Err(self.session.not_found(
            "project",
            given,
            suggestion(given, names, std::iter::empty(), some),
            "project.read",
        ))
    }

    /// Every project that these organizations own, and the first failure.
    async fn projects_of(&self, owners: &[Organization]) -> (Vec<Project>, Option<Problem>) {
        let reads: Vec<_> = owners.iter().map(|owner| self.owned_by(owner)).collect();
        gathered(stream::iter(reads).buffered(AT_ONCE).collect().await)
    }

    /// The organization with this name, or all.
    async fn owners(&self, organization: Option<&str>) -> Result<Vec<Organization>, Problem> {
        match organization {
            Some(given) => Ok(vec![self.find_organization(given).await?]),
            None => self.all_organizations().await,
        }
    }

    /// The grant with this id, or of this project to this organization: `PROJECT→ORG`. Where the project is told beside
    /// it, the receiving organization is enough.
    async fn find_grant(
        &self,
        given: &str,
        project: Option<&str>,
        organization: Option<&str>,
    ) -> Result<ProjectGrant, Problem> {
        let pair = ARROWS.iter().find_map(|arrow| given.split_once(arrow));
        let (project, receiver) = match pair {
            Some((project, receiver)) => (Some(project.trim()), receiver.trim()),
            None => (project, given.trim()),
        };
        let Candidates { rows, receiver: found, hindrance } =
            self.candidate_grants(project, receiver, organization).await?;
        if let Some(row) = rows.iter().find(|row| row.id.as_str() == given) {
            return Ok(row.clone());
        }
        let found = match found {
            None if project.is_some() => self.receiver(receiver).await,
            found => found,
        };
        let of_project: Vec<&ProjectGrant> =
            rows.iter().filter(|row| project.is_some_and(|project| is_project(row, project))).collect();
        let is_receiver = |row: &ProjectGrant| {
            row.granted.as_str() == receiver || found.as_ref().is_some_and(|found| *found == row.granted)
        };
        let by_id: Vec<&ProjectGrant> = of_project.iter().copied().filter(|row| is_receiver(row)).collect();
        let fitting = if by_id.is_empty() {
            exact_first(receiver, of_project.into_iter(), |row| vec![&row.granted_name])
        } else {
            by_id
        };
        let describe =
            |row: &ProjectGrant| format!("{} of {}, id {}", row.title(), row.organization_name, row.id);
        if let Some(found) = one("project grant", given, &fitting, describe)? {
            return Ok(found);
        }
        if let Some(problem) = hindrance {
            return Err(problem.during(format!("Cannot look for the project grant {given}")));
        }
        let titles: Vec<SafeText> = rows.iter().map(ProjectGrant::title).collect();
        let names = titles.iter().map(SafeText::as_str);
        let some = titles.iter().take(LISTED).cloned();
        let suggestion = suggestion(given, names, std::iter::empty(), some);
        Err(self.session.not_found("project grant", given, suggestion, "project.grant.read"))
    }

    /// The grants among which the named one must be. The receiver's list comes first: it is one request, and who may
    /// change the managers of a grant may read it.
    async fn candidate_grants(
        &self,
        project: Option<&str>,
        receiver: &str,
        organization: Option<&str>,
    ) -> Result<Candidates, Problem> {
        if let Some(project) = project {
            if organization.is_none()
                && let Some(receiver) = self.receiver(receiver).await
                && let Ok(rows) = self.received_by(&receiver).await
                && rows.iter().any(|row| is_project(row, project))
            {
                return Ok(Candidates { rows, receiver: Some(receiver), hindrance: None });
            }
            return self.grants_of_projects_called(project, organization).await;
        }
        let owners = self.owners(organization).await?;
        let (rows, hindrance) = if organization.is_some() {
            let (projects, hindrance) = self.projects_of(&owners).await;
            let (rows, other) = self.grants_of(projects.iter()).await;
            (rows, hindrance.or(other))
        } else {
            let read = stream::iter(&owners).map(|owner| self.received_by(&owner.id)).buffered(AT_ONCE);
            gathered(read.collect().await)
        };
        Ok(Candidates { rows, receiver: None, hindrance })
    }

    /// Several projects can have one name; their receivers then tell the grants apart.
    async fn grants_of_projects_called(
        &self,
        given: &str,
        organization: Option<&str>,
    ) -> Result<Candidates, Problem> {
        let owners = self.owners(organization).await?;
        let (projects, _) = self.projects_of(&owners).await;
        let projects = called(given, &projects);
        if projects.is_empty() {
            self.find_project(given, organization).await?;
        }
        let (rows, hindrance) = self.grants_of(projects.into_iter()).await;
        Ok(Candidates { rows, receiver: None, hindrance })
    }

    async fn receiver(&self, given: &str) -> Option<OrganizationId> {
        self.find_organization(given).await.ok().map(|found| found.id)
    }

    async fn owned_by(&self, owner: &Organization) -> Result<Vec<Project>, Problem> {
        self.projects.get(owner.id.clone(), self.session.all_projects(&owner.id, "")).await
    }

    async fn given_of(&self, project: &Project) -> Result<Vec<ProjectGrant>, Problem> {
        self.grants.get(project.id.clone(), self.session.project_grants(project)).await
    }

    async fn received_by(&self, receiver: &OrganizationId) -> Result<Vec<ProjectGrant>, Problem> {
        self.received.get(receiver.clone(), self.session.granted_projects(receiver)).await
    }

    async fn grants_of(
        &self,
        projects: impl Iterator<Item = &Project>,
    ) -> (Vec<ProjectGrant>, Option<Problem>) {
        let reads: Vec<_> = projects.map(|project| self.given_of(project)).collect();
        gathered(stream::iter(reads).buffered(AT_ONCE).collect().await)
    }
}

/// The projects with this id, else with this name.
fn called<'a>(given: &str, rows: &'a [Project]) -> Vec<&'a Project> {
    match rows.iter().find(|row| row.id.as_str() == given) {
        Some(row) => vec![row],
        None => exact_first(given, rows.iter(), |row| vec![&row.name]),
    }
}

/// Grants to choose from.
struct Candidates {
    rows: Vec<ProjectGrant>,
    /// The receiving organization, where it was looked up already.
    receiver: Option<OrganizationId>,
    /// What could not be read.
    hindrance: Option<Problem>,
}

fn is_project(row: &ProjectGrant, given: &str) -> bool {
    let lower = SafeText::new(given).as_str().to_lowercase();
    row.project.as_str() == given || row.project_name.as_str().to_lowercase() == lower
}

fn has(name: &SafeText, part: &str) -> bool {
    name.as_str().to_lowercase().contains(&part.to_lowercase())
}

/// What could be read together, and the first failure.
fn gathered<T>(answers: Vec<Result<Vec<T>, Problem>>) -> (Vec<T>, Option<Problem>) {
    let mut rows = Vec::new();
    let mut hindrance = None;
    for answer in answers {
        match answer {
            Ok(more) => rows.extend(more),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => {
                hindrance.get_or_insert(problem);
            }
        }
    }
    (rows, hindrance)
}
