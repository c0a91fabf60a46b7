//! Snapshots: all managers as they are now, and as a file that belongs into version control.

mod file;

use std::collections::{HashMap, HashSet};

use super::inventory::{BEYOND_ROLES, NAMES_OF_USERS};
use super::session::Inner;
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, ManagerRecord, RoleGrant, UnreadPart};
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::problem::Problem;
use crate::domain::role::Role;
use crate::domain::snapshot::{Comparison, Extent, Gap, Sight, Snapshot};
use crate::domain::text::SafeText;
use crate::domain::user::User;

pub use file::{read, text};

impl Inner {
    pub(super) async fn snapshot(&self, progress: impl FnMut(u64, u64) + Send) -> Result<Snapshot, Problem> {
        let (records, gaps) = self.records_and_gaps(progress).await?;
        let instance_name = self.facts.instance_name.clone().unwrap_or_default();
        Ok(Snapshot::new(self.facts.issuer.clone(), instance_name, records, gaps))
    }

    /// All managers with the names of their users, in no order, and which may lack.
    pub(super) async fn records_and_gaps(
        &self,
        mut progress: impl FnMut(u64, u64) + Send,
    ) -> Result<(Vec<ManagerRecord>, Vec<Gap>), Problem> {
        let mut records: Vec<ManagerRecord> = Vec::new();
        let mut users: HashMap<UserId, User> = HashMap::new();
        let mut gaps = Vec::new();
        let mut tell = |part| match part {
            InventoryPart::Rows(rows) => records.extend(rows),
            InventoryPart::Users(found) => {
                users.extend(found.into_iter().map(|user| (user.id.clone(), user)));
            }
            InventoryPart::Unread(part) => gaps.push(self.gap(part)),
            InventoryPart::Progress { done, known } => progress(done, known),
        };
        self.inventory(&mut tell).await?;
        for record in &mut records {
            if let Some(user) = users.get(&record.manager.user.id) {
                record.manager.user.learn(user);
            }
        }
        Ok((records, gaps))
    }

    pub(super) async fn events_after(
        &self,
        before: &Snapshot,
        found: &Comparison,
    ) -> Result<Vec<RoleGrant>, Problem> {
        if found.differences.is_empty() {
            return Ok(Vec::new());
        }
        // What happened before the last change that the older side knows explains no difference.
        let (since, mut events) = (before.newest(), Vec::new());
        self.walk_events(since, usize::MAX, &mut HashSet::new(), |event| events.push(event)).await?;
        Ok(events)
    }

    fn gap(&self, part: UnreadPart) -> Gap {
        let extent = match part.resource {
            Some(resource) => Extent::Resource(resource),
            None if part.name.as_str() == NAMES_OF_USERS => Extent::Names,
            None if part.name.as_str() == BEYOND_ROLES => Extent::Beyond(sights(&self.facts.memberships)),
            None => Extent::Anything,
        };
        let missing = part.problem.missing.as_ref();
        Gap {
            name: part.name,
            extent,
            missing_permission: missing.map(|missing| SafeText::new(missing.permission)),
            why: part.problem.why,
        }
    }
}

/// The managers that these memberships show by default. What roles that zitui does not know would show, and grants
/// seen from the receiving side, is left out: nothing is concluded there.
fn sights(memberships: &[Membership]) -> Vec<Sight> {
    let mut sights = Vec::new();
    for level in [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant] {
        let needed = manager_permission(level, ManagerAction::Read);
        let shows = |own: &&Membership| {
            own.roles.iter().filter_map(Role::card).any(|card| card.permissions.contains(&needed))
        };
        for own in memberships.iter().filter(shows) {
            let everywhere = Sight { level, organization: None, id: None };
            match own.level {
                Level::Instance => sights.push(everywhere),
                Level::Organization => {
                    let organization = own.organization.clone();
                    sights.extend(organization.map(|own| Sight { organization: Some(own), ..everywhere }));
                }
                Level::Project | Level::ProjectGrant if own.level == level => {
                    sights.push(Sight { id: Some(own.resource_id.clone()), ..everywhere });
                }
                Level::Project | Level::ProjectGrant => {}
            }
        }
    }
    sights.sort();
    sights.dedup();
    sights
}
