//! What a list of managers silently leaves out, since the server shows only what the own roles let one read.

use super::super::explain::lacking;
use super::Reading;
use crate::domain::inventory::UnreadPart;
use crate::domain::level::{Level, Resource};
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::text::SafeText;

const WHAT: &str = "Cannot read all managers";
/// What the part is called that is all but what the own roles show.
pub(in crate::engine) const BEYOND_ROLES: &str = "managers that your roles do not show";

impl Reading<'_> {
    /// The parts that the list of v2 leaves out without a word (recordings `admins.v2/list@…`). Own rows are always
    /// shown.
    pub(super) fn unseen(&self) -> Vec<UnreadPart> {
        let facts = &self.inner.facts;
        if self.is_own() {
            return Vec::new();
        }
        if let Some(part) = self.outside_of_walk() {
            return vec![part];
        }
        let permission = manager_permission(Level::Instance, ManagerAction::Read);
        if facts.instance_role_allows(permission) {
            return Vec::new();
        }
        vec![UnreadPart {
            resource: Some(Resource::Instance),
            name: SafeText::new("managers of the instance"),
            problem: lacking(facts, "Cannot read the managers of the instance", permission),
        }]
    }

    /// What is not read when only the own organizations are: everything else. None for who reads the managers of all.
    pub(super) fn outside_of_walk(&self) -> Option<UnreadPart> {
        let facts = &self.inner.facts;
        if self.is_own() {
            return None;
        }
        let below = [Level::Organization, Level::Project, Level::ProjectGrant];
        let needed = below.map(|level| manager_permission(level, ManagerAction::Read));
        let permission = needed.into_iter().find(|permission| !facts.instance_role_allows(permission))?;
        Some(UnreadPart {
            resource: None,
            name: SafeText::new(BEYOND_ROLES),
            problem: lacking(facts, WHAT, permission),
        })
    }
}
