//! Projects, and projects lent to other organizations.

use std::fmt;

use super::id::{GrantId, OrganizationId, ProjectId};
use super::level::Resource;
use super::text::SafeText;

/// Whether a project or a grant is in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProjectState {
    /// In use.
    Active,
    /// Deactivated; its managers can still be changed (CONTRACT.md section 12).
    Inactive,
    /// A state of a newer server, or none told.
    Other(SafeText),
}

impl fmt::Display for ProjectState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Other(state) => state.as_str(),
        })
    }
}

/// A project as the lists of its organization show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The project.
    pub id: ProjectId,
    /// The organization that owns it.
    pub organization: OrganizationId,
    /// Its name.
    pub name: SafeText,
    /// Whether it is in use.
    pub state: ProjectState,
}

impl Project {
    /// What managers of this project manage.
    pub fn resource(&self) -> Resource {
        Resource::Project { organization: self.organization.clone(), project: self.id.clone() }
    }

    /// What to call it: the name, else the id.
    pub fn title(&self) -> SafeText {
        self.name.or(&SafeText::new(self.id.as_str()))
    }
}

/// A project lent to another organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectGrant {
    /// The grant.
    pub id: GrantId,
    /// The project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: SafeText,
    /// The organization that owns the project.
    pub organization: OrganizationId,
    /// The owner's name.
    pub organization_name: SafeText,
    /// The organization that received the project.
    pub granted: OrganizationId,
    /// The receiver's name.
    pub granted_name: SafeText,
    /// Whether it is in use.
    pub state: ProjectState,
    /// The project roles that the receiver may give; not manager roles.
    pub project_roles: Vec<SafeText>,
}

impl ProjectGrant {
    /// What managers of this grant manage.
    pub fn resource(&self) -> Resource {
        Resource::ProjectGrant {
            organization: self.organization.clone(),
            project: self.project.clone(),
            grant: self.id.clone(),
            granted: self.granted.clone(),
        }
    }

    /// What to call it, e.g. `Portal → Initech`.
    pub fn title(&self) -> SafeText {
        let project = self.project_name.or(&SafeText::new(self.project.as_str()));
        let granted = self.granted_name.or(&SafeText::new(self.granted.as_str()));
        SafeText::new(&format!("{project} → {granted}"))
    }
}
