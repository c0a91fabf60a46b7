//! What differs between two snapshots, and what cannot be told because one of them has a gap there.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Snapshot, in_order};
use crate::domain::id::UserId;
use crate::domain::inventory::{GrantedOn, ManagerRecord, RoleGrant};
use crate::domain::level::Resource;
use crate::domain::role::{Role, same_roles};
use crate::domain::text::SafeText;

/// Everything that can be said about two snapshots, each list in the order of snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Managers who came, went, or hold other roles.
    pub differences: Vec<Difference>,
    /// Managers whom only one snapshot knows while the other could not be read there.
    pub untold: Vec<Untold>,
    /// People and resources with another name; no difference of managers.
    pub renamed: Vec<Renamed>,
}

/// One manager who came, went, or holds other roles. At least one of the two sides is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The manager before; none if it was none.
    pub before: Option<ManagerRecord>,
    /// The manager after; none if it is none any more.
    pub after: Option<ManagerRecord>,
}

/// What happened to a manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// It became manager.
    Added,
    /// It is no manager there any more.
    Removed,
    /// It holds other roles.
    Changed,
}

/// The older or the newer of two snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first.
    Before,
    /// The second.
    After,
}

/// A manager whom one snapshot knows while the other could not be read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// The manager as known.
    pub record: ManagerRecord,
    /// The snapshot that could not be read there.
    pub unread: Side,
    /// What could not be read.
    pub part: SafeText,
}

/// Somebody or something with another name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renamed {
    /// A user: its login name, else its display name.
    User {
        /// Who.
        id: UserId,
        /// The name before.
        from: SafeText,
        /// The name after.
        to: SafeText,
    },
    /// A resource.
    Resource {
        /// Which.
        resource: Resource,
        /// The name before.
        from: SafeText,
        /// The name after.
        to: SafeText,
    },
}

impl Difference {
    /// The manager as it is now, else as it was.
    pub fn record(&self) -> Option<&ManagerRecord> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// What happened.
    pub const fn kind(&self) -> DifferenceKind {
        match (&self.before, &self.after) {
            (None, _) => DifferenceKind::Added,
            (Some(_), None) => DifferenceKind::Removed,
            (Some(_), Some(_)) => DifferenceKind::Changed,
        }
    }

    /// The roles that came.
    pub fn added(&self) -> impl Iterator<Item = &Role> {
        let before = roles(self.before.as_ref());
        roles(self.after.as_ref()).iter().filter(|role| !before.contains(role))
    }

    /// The roles that went.
    pub fn removed(&self) -> impl Iterator<Item = &Role> {
        let after = roles(self.after.as_ref());
        roles(self.before.as_ref()).iter().filter(|role| !after.contains(role))
    }

    /// The event that made it so, of events that are newest first: the last one after which exactly the roles of the
    /// newer side were held; of a removal, the first one after the manager of the older side. None where the events do
    /// not tell.
    pub fn event<'a>(&self, events: &'a [RoleGrant]) -> Option<&'a RoleGrant> {
        let manager = &self.record()?.manager;
        let on = GrantedOn::of(&manager.resource);
        let of_it = events.iter().filter(|event| event.user == manager.user.id && event.resource == on);
        let Some(after) = self.after.as_ref().map(|record| &record.manager) else {
            let held = self.before.as_ref().and_then(|record| record.manager.changed);
            let ended =
                of_it.filter(|event| event.roles.is_none() && held.is_none_or(|held| held <= event.time));
            return ended.last();
        };
        let holds = |event: &&RoleGrant| {
            event.roles.as_ref().is_some_and(|roles| same_roles(roles, &after.roles))
                && after.changed.is_none_or(|changed| event.time <= changed)
        };
        of_it.into_iter().find(holds)
    }
}

fn roles(record: Option<&ManagerRecord>) -> &[Role] {
    record.map(|record| record.manager.roles.as_slice()).unwrap_or_default()
}

/// Compares two snapshots of one instance. Roles count as a set; names and times do not count.
pub fn compare(before: &Snapshot, after: &Snapshot) -> Comparison {
    let mut found = Comparison::default();
    let mut renamed = BTreeSet::new();
    let (mut old, mut new) = (before.records.iter().peekable(), after.records.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => in_order(old, new),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        match (was, is) {
            (Some(was), Some(is)) => {
                renamed.extend(names(was, is));
                if !same_roles(&was.manager.roles, &is.manager.roles) {
                    found.differences.push(Difference { before: Some(was.clone()), after: Some(is.clone()) });
                }
            }
            (Some(gone), None) => found.one_sided(gone, after, Side::After),
            (None, Some(come)) => found.one_sided(come, before, Side::Before),
            (None, None) => {}
        }
    }
    found.renamed = renamed.into_iter().collect();
    found
}

impl Comparison {
    /// A manager whom the snapshot `other` does not have.
    fn one_sided(&mut self, record: &ManagerRecord, other: &Snapshot, side: Side) {
        if let Some(gap) = other.gap_of(&record.manager.resource) {
            self.untold.push(Untold { record: record.clone(), unread: side, part: gap.name.clone() });
            return;
        }
        let known = Some(record.clone());
        self.differences.push(match side {
            Side::Before => Difference { before: None, after: known },
            Side::After => Difference { before: known, after: None },
        });
    }
}

/// Names that both sides know and that differ.
fn names(was: &ManagerRecord, is: &ManagerRecord) -> impl Iterator<Item = Renamed> {
    let differ = |from: &SafeText, to: &SafeText| !from.is_empty() && !to.is_empty() && from != to;
    let (old, new) = (&was.manager.user, &is.manager.user);
    let pairs = [(&old.login_name, &new.login_name), (&old.display_name, &new.display_name)];
    let user = pairs.into_iter().find(|(from, to)| differ(from, to));
    let user =
        user.map(|(from, to)| Renamed::User { id: new.id.clone(), from: from.clone(), to: to.clone() });
    let (from, to) = (&was.resource_name, &is.resource_name);
    let resource = differ(from, to).then(|| Renamed::Resource {
        resource: is.manager.resource.clone(),
        from: from.clone(),
        to: to.clone(),
    });
    user.into_iter().chain(resource)
}
