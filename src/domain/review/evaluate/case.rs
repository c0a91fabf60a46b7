//! The evidence, indexed once for all rules.

use crate::domain::id::{OrganizationId, UserId};
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::manager::ManagerUser;
use crate::domain::organization::OrganizationState;
use crate::domain::project::{Project, ProjectGrant, ProjectState};
use crate::domain::review::{Evidence, ReviewSettings, Subject};
use crate::domain::role::Role;
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserKind, UserState};

/// The evidence with its records by resource and by user, both in the order of ids.
pub(super) struct Case<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) settings: &'a ReviewSettings,
    by_resource: Vec<&'a ManagerRecord>,
    by_user: Vec<&'a ManagerRecord>,
}

/// Whether a user can sign in, as far as the evidence tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    Able,
    Unable(&'a UserState),
    Gone,
    Unknown,
}

impl Standing<'_> {
    /// Whether it is certain that the user cannot sign in.
    pub(super) const fn is_dead(self) -> bool {
        matches!(self, Self::Unable(_) | Self::Gone)
    }

    /// What to say of a user who cannot sign in, e.g. `is locked`.
    pub(super) fn words(self) -> String {
        match self {
            Self::Able => "can sign in".to_owned(),
            Self::Unable(state) => format!("is {state}"),
            Self::Gone => "does not exist any more".to_owned(),
            Self::Unknown => "may or may not be able to sign in".to_owned(),
        }
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(evidence: &'a Evidence, settings: &'a ReviewSettings) -> Self {
        let mut by_resource: Vec<&ManagerRecord> = evidence.records.iter().collect();
        by_resource.sort_by(|left, right| {
            let left = (&left.manager.resource, &left.manager.user.id, &left.manager.roles);
            left.cmp(&(&right.manager.resource, &right.manager.user.id, &right.manager.roles))
        });
        let mut by_user = by_resource.clone();
        by_user.sort_by(|left, right| left.manager.user.id.cmp(&right.manager.user.id));
        Self { evidence, settings, by_resource, by_user }
    }

    /// Every record, in the order of resources and users.
    pub(super) fn records(&self) -> impl Iterator<Item = &'a ManagerRecord> {
        self.by_resource.iter().copied()
    }

    /// The records of each resource that has managers.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&'a Resource, &[&'a ManagerRecord])> {
        let chunks = self.by_resource.chunk_by(|left, right| left.manager.resource == right.manager.resource);
        chunks.filter_map(|chunk| chunk.first().map(|first| (&first.manager.resource, chunk)))
    }

    /// The records of each user, the instance first.
    pub(super) fn users(&self) -> impl Iterator<Item = (&'a ManagerUser, &[&'a ManagerRecord])> {
        let chunks = self.by_user.chunk_by(|left, right| left.manager.user.id == right.manager.user.id);
        chunks.filter_map(|chunk| chunk.first().map(|first| (&first.manager.user, chunk)))
    }

    /// The records of one resource.
    pub(super) fn managers_of(&self, resource: &Resource) -> &[&'a ManagerRecord] {
        let start = self.by_resource.partition_point(|record| record.manager.resource < *resource);
        let rest = self.by_resource.get(start..).unwrap_or_default();
        let length = rest.partition_point(|record| record.manager.resource == *resource);
        rest.get(..length).unwrap_or_default()
    }

    /// The records of one user.
    pub(super) fn managed_by(&self, user: &UserId) -> &[&'a ManagerRecord] {
        let start = self.by_user.partition_point(|record| record.manager.user.id < *user);
        let rest = self.by_user.get(start..).unwrap_or_default();
        let length = rest.partition_point(|record| record.manager.user.id == *user);
        rest.get(..length).unwrap_or_default()
    }

    /// Whether all managers of this resource are among the records, so that their absence means something.
    pub(super) fn is_whole(&self, resource: &Resource) -> bool {
        self.evidence.complete && !self.evidence.unread_resources.contains(resource)
    }

    pub(super) fn standing(&self, user: &UserId) -> Standing<'a> {
        match self.evidence.users.get(user) {
            Some(user) if user.state.can_sign_in() => Standing::Able,
            Some(user) => Standing::Unable(&user.state),
            None if self.evidence.all_users_readable => Standing::Gone,
            None => Standing::Unknown,
        }
    }

    pub(super) fn kind(&self, user: &ManagerUser) -> UserKind {
        let known = self.evidence.users.get(&user.id).map_or(UserKind::Unknown, |user| user.kind);
        if user.kind == UserKind::Unknown { known } else { user.kind }
    }

    pub(super) fn home(&self, user: &'a ManagerUser) -> Option<&'a OrganizationId> {
        let known = self.evidence.users.get(&user.id).map(|user| &user.organization);
        known.or(user.organization.as_ref())
    }

    /// What to call a user; rows of v2 leave the names of service users out.
    pub(super) fn name(&self, user: &ManagerUser) -> SafeText {
        let known = self.evidence.users.get(&user.id);
        known.filter(|_| user.display_name.is_empty()).map_or_else(|| user.title(), User::title)
    }

    pub(super) fn names(&self, records: &[&ManagerRecord]) -> Vec<SafeText> {
        records.iter().map(|record| self.name(&record.manager.user)).collect()
    }

    pub(super) fn organization_name(&self, organization: &OrganizationId) -> SafeText {
        if let Some(known) = self.evidence.organizations.get(organization) {
            return known.title();
        }
        let record = self.managers_of(&Resource::Organization(organization.clone())).first();
        let named = record.map(|record| record.resource_name.clone()).unwrap_or_default();
        named.or(&SafeText::new(organization.as_str()))
    }

    /// The name of the owner of a resource; a manager of a single project knows it from its rows only.
    fn owner_name(&self, resource: &Resource, owner: &OrganizationId) -> SafeText {
        if let Some(known) = self.evidence.organizations.get(owner) {
            return known.title();
        }
        let record = self.managers_of(resource).first();
        let named = record.map(|record| record.organization_name.clone()).unwrap_or_default();
        named.or(&SafeText::new(owner.as_str()))
    }

    fn resource_name(&self, resource: &Resource) -> SafeText {
        let listed = match resource {
            Resource::Instance => Some(self.evidence.instance_name.clone()),
            Resource::Organization(organization) => return self.organization_name(organization),
            Resource::Project { project, .. } => self.evidence.projects.get(project).map(Project::title),
            Resource::ProjectGrant { grant, .. } => self.evidence.grants.get(grant).map(ProjectGrant::title),
        };
        let recorded = || self.managers_of(resource).first().map(|record| record.resource_name.clone());
        let id = match resource {
            Resource::Project { project, .. } => project.as_str(),
            Resource::ProjectGrant { grant, .. } => grant.as_str(),
            Resource::Instance | Resource::Organization(_) => "",
        };
        listed.or_else(recorded).unwrap_or_default().or(&SafeText::new(id))
    }

    /// What to call a resource within a sentence, e.g. `the project Portal of Globex`.
    pub(super) fn place(&self, resource: &Resource) -> String {
        let name = self.resource_name(resource);
        match resource {
            Resource::Instance => "the instance".to_owned(),
            Resource::Organization(_) => format!("the organization {name}"),
            Resource::Project { organization, .. } => {
                format!("the project {name} of {}", self.owner_name(resource, organization))
            }
            Resource::ProjectGrant { .. } => format!("the grant {name}"),
        }
    }

    pub(super) fn subject(&self, resource: &Resource) -> Subject {
        let organization_name = resource.organization().map(|owner| self.owner_name(resource, owner));
        Subject::Resource {
            resource: resource.clone(),
            name: self.resource_name(resource),
            organization_name: organization_name.unwrap_or_default(),
        }
    }

    /// Whether the role makes its holder an owner of this resource. In the default organization `PROJECT_OWNER_GLOBAL`
    /// does so as well (CONTRACT.md section 9).
    pub(super) fn owns(&self, resource: &Resource, role: &Role) -> bool {
        let is_default = || {
            let default = self.evidence.default_organization.as_ref();
            default.is_none() || resource.organization() == default
        };
        role.is_owner_of(resource.level())
            || (resource.level() == Level::Project && role.key() == "PROJECT_OWNER_GLOBAL" && is_default())
    }

    pub(super) fn is_owner(&self, record: &ManagerRecord) -> bool {
        record.manager.roles.iter().any(|role| self.owns(&record.manager.resource, role))
    }

    /// Whether the resource is in use; none where its state could not be read.
    pub(super) fn is_in_use(&self, resource: &Resource) -> Option<bool> {
        match resource {
            Resource::Instance => Some(true),
            Resource::Organization(id) => {
                let known = self.evidence.organizations.get(id)?;
                Some(!matches!(known.state, OrganizationState::Inactive | OrganizationState::Removed))
            }
            Resource::Project { project, .. } => {
                let known = self.evidence.projects.get(project)?;
                Some(known.state != ProjectState::Inactive)
            }
            Resource::ProjectGrant { grant, .. } => {
                let known = self.evidence.grants.get(grant)?;
                Some(known.state != ProjectState::Inactive)
            }
        }
    }
}
