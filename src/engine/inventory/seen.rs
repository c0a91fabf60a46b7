//! What a reading of all managers saw of the resources on its way, so that nobody need ask for it again.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::domain::id::{GrantId, OrganizationId, ProjectId};
use crate::domain::level::Resource;
use crate::domain::organization::Organization;
use crate::domain::project::{Project, ProjectGrant};

/// Filled while a reading goes on.
#[derive(Default)]
pub(in super::super) struct Seen(Mutex<Places>);

/// Resources with their states.
#[derive(Default)]
pub(in super::super) struct Places {
    /// Organizations, projects and grants were walked, so that all that can be read stand here.
    pub(in super::super) walked: bool,
    pub(in super::super) organizations: HashMap<OrganizationId, Organization>,
    pub(in super::super) projects: HashMap<ProjectId, Project>,
    pub(in super::super) grants: HashMap<GrantId, ProjectGrant>,
    /// Organizations whose projects were listed to the end.
    pub(in super::super) listed: HashSet<OrganizationId>,
    /// Resources whose managers were listed one by one.
    pub(in super::super) read: HashSet<Resource>,
    /// A page of the list of all managers could not be read.
    pub(in super::super) gap: bool,
}

impl Seen {
    pub(super) fn note(&self, note: impl FnOnce(&mut Places)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(in super::super) fn into_places(self) -> Places {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    pub(in super::super) fn organizations(&mut self, rows: impl IntoIterator<Item = Organization>) {
        for row in rows.into_iter().filter(Organization::is_readable) {
            self.organizations.insert(row.id.clone(), row);
        }
    }

    pub(in super::super) fn projects(&mut self, rows: impl IntoIterator<Item = Project>) {
        self.projects.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
    }

    pub(in super::super) fn grants(&mut self, rows: impl IntoIterator<Item = ProjectGrant>) {
        self.grants.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
    }
}
