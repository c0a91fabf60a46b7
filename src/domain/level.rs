//! The four levels and the resources on them, always in the order instance, organization, project, project grant.

use std::fmt;

use super::id::{GrantId, OrganizationId, ProjectId};

/// Where a manager manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The whole ZITADEL instance.
    Instance,
    /// One organization.
    Organization,
    /// One project of an organization.
    Project,
    /// One project as it was lent to another organization.
    ProjectGrant,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instance => "instance",
            Self::Organization => "organization",
            Self::Project => "project",
            Self::ProjectGrant => "project grant",
        })
    }
}

/// The one thing that a manager manages. Ids of projects and grants come from a list read a moment ago, never from
/// a keyboard: an old server breaks for good on an unknown grant id (CONTRACT.md section 7.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// The instance signed in to.
    Instance,
    /// One organization.
    Organization(OrganizationId),
    /// One project, with the organization that owns it.
    Project {
        /// The owner of the project.
        organization: OrganizationId,
        /// The project.
        project: ProjectId,
    },
    /// One project grant, with both organizations: since 4.0 its managers are judged in the granted one.
    ProjectGrant {
        /// The owner of the project.
        organization: OrganizationId,
        /// The project.
        project: ProjectId,
        /// The grant.
        grant: GrantId,
        /// The organization that received the project.
        granted: OrganizationId,
    },
}

impl Resource {
    /// The level of this resource.
    pub const fn level(&self) -> Level {
        match self {
            Self::Instance => Level::Instance,
            Self::Organization(_) => Level::Organization,
            Self::Project { .. } => Level::Project,
            Self::ProjectGrant { .. } => Level::ProjectGrant,
        }
    }

    /// The organization that owns this resource; none for the instance.
    pub const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Instance => None,
            Self::Organization(organization)
            | Self::Project { organization, .. }
            | Self::ProjectGrant { organization, .. } => Some(organization),
        }
    }
}
