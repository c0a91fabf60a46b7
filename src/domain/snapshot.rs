//! All managers at one moment, and the difference between two such moments. Pure; files and reading are `engine`'s.

mod difference;

use std::cmp::Ordering;

use super::id::OrganizationId;
use super::inventory::{GrantedOn, ManagerRecord};
use super::level::{Level, Resource};
use super::text::SafeText;

pub use self::difference::{Comparison, Difference, DifferenceKind, Renamed, Side, Untold, compare};

/// All managers of an instance, always in the same order: level, ids of the resource, id of the user. It holds no time
/// of its own and no e-mail address, so that the same state makes the same snapshot, whichever calls it was read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The issuer of the instance.
    pub issuer: SafeText,
    /// The instance's name; empty where the own roles do not show it.
    pub instance_name: SafeText,
    /// The managers.
    pub records: Vec<ManagerRecord>,
    /// What could not be read. Nothing may be concluded from the absence of managers there.
    pub gaps: Vec<Gap>,
}

/// A part that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What to call it, e.g. `managers of Globex`.
    pub name: SafeText,
    /// Which managers may lack.
    pub extent: Extent,
    /// Why it could not be read.
    pub why: SafeText,
    /// The permission that lacks, where that is the reason.
    pub missing_permission: Option<SafeText>,
}

/// Which managers may lack in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Those of this resource.
    Resource(Resource),
    /// All but those that the roles of who read it show.
    Beyond(Vec<Sight>),
    /// None; only names and kinds of users lack.
    Names,
    /// Any.
    Anything,
}

/// Resources whose managers somebody's roles show. Every field that is given narrows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sight {
    /// The level of the resources.
    pub level: Level,
    /// The organization that owns them.
    pub organization: Option<OrganizationId>,
    /// The id of the only one.
    pub id: Option<SafeText>,
}

impl Snapshot {
    /// Takes what was read, in any order.
    pub fn new(
        issuer: SafeText,
        instance_name: SafeText,
        mut records: Vec<ManagerRecord>,
        mut gaps: Vec<Gap>,
    ) -> Self {
        for record in &mut records {
            record.manager.user.email = None;
        }
        records.sort_by(in_order);
        records.dedup_by(|later, earlier| in_order(later, earlier).is_eq());
        gaps.sort();
        gaps.dedup();
        Self { issuer, instance_name, records, gaps }
    }

    /// The instance's name, else its issuer.
    pub fn title(&self) -> SafeText {
        self.instance_name.or(&self.issuer)
    }

    /// Why managers of this resource may lack; none where all are there.
    pub fn gap_of(&self, resource: &Resource) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.holds(resource))
    }

    /// When the newest change of a manager happened; the snapshot was taken later.
    pub fn newest(&self) -> Option<jiff::Timestamp> {
        let managers = self.records.iter().map(|record| &record.manager);
        managers.flat_map(|manager| [manager.created, manager.changed]).flatten().max()
    }
}

/// The order of a snapshot; managers that are equal in it are the same manager.
fn in_order(left: &ManagerRecord, right: &ManagerRecord) -> Ordering {
    let (left, right) = (&left.manager, &right.manager);
    left.resource.cmp(&right.resource).then_with(|| left.user.id.cmp(&right.user.id))
}

impl Gap {
    /// Whether managers of this resource may lack.
    pub fn holds(&self, resource: &Resource) -> bool {
        match &self.extent {
            Extent::Resource(unread) => unread == resource,
            Extent::Beyond(seen) => !seen.iter().any(|sight| sight.shows(resource)),
            Extent::Names => false,
            Extent::Anything => true,
        }
    }
}

impl Sight {
    fn shows(&self, resource: &Resource) -> bool {
        self.level == resource.level()
            && self.organization.as_ref().is_none_or(|owner| resource.organization() == Some(owner))
            && self.id.as_ref().is_none_or(|id| GrantedOn::of(resource).id == *id)
    }
}
