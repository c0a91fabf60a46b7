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
            let mut ended =
                of_it.filter(|event| event.roles.is_none() && held.is_none_or(|held| held <= event.time));
            return ended.next_back();
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
    let (from, to) = (&before.instance_name, &after.instance_name);
    let instance = differ(from, to).then(|| Renamed::Resource {
        resource: Resource::Instance,
        from: from.clone(),
        to: to.clone(),
    });
    found.renamed = renamed.into_iter().chain(instance).collect();
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

/// Whether both sides know a name, and another one.
fn differ(from: &SafeText, to: &SafeText) -> bool {
    !from.is_empty() && !to.is_empty() && from != to
}

/// The names of a manager's user and resource that differ. Rows of the instance may be called by its issuer, where its
/// name is not shown.
fn names(was: &ManagerRecord, is: &ManagerRecord) -> impl Iterator<Item = Renamed> {
    let (old, new) = (&was.manager.user, &is.manager.user);
    let pairs = [(&old.login_name, &new.login_name), (&old.display_name, &new.display_name)];
    let user = pairs.into_iter().find(|(from, to)| differ(from, to));
    let user =
        user.map(|(from, to)| Renamed::User { id: new.id.clone(), from: from.clone(), to: to.clone() });
    let (from, to) = (&was.resource_name, &is.resource_name);
    let is_instance = is.manager.resource == Resource::Instance;
    let resource = (!is_instance && differ(from, to)).then(|| Renamed::Resource {
        resource: is.manager.resource.clone(),
        from: from.clone(),
        to: to.clone(),
    });
    user.into_iter().chain(resource)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, OrganizationId, ProjectId};
    use crate::domain::level::Level;
    use crate::domain::manager::{Manager, ManagerUser};
    use crate::domain::snapshot::{Extent, Gap, Sight};
    use crate::domain::user::UserKind;

    fn organization(id: u8) -> OrganizationId {
        OrganizationId::new(id.to_string())
    }

    /// Resources of every level; ids of different levels are alike on purpose.
    fn resource(level: u8, id: u8) -> Resource {
        match level {
            0 => Resource::Instance,
            1 => Resource::Organization(organization(id)),
            2 => Resource::Project { organization: organization(1), project: ProjectId::new(id.to_string()) },
            _ => Resource::ProjectGrant {
                organization: organization(1),
                project: ProjectId::new("1"),
                grant: GrantId::new(id.to_string()),
                granted: organization(2),
            },
        }
    }

    fn record(resource: Resource, user: u8, name: &str, roles: &[&str]) -> ManagerRecord {
        let user = ManagerUser {
            id: UserId::new(user.to_string()),
            organization: None,
            kind: UserKind::Human,
            login_name: name.into(),
            display_name: name.into(),
            email: None,
        };
        let roles = roles.iter().map(|role| Role::new(*role)).collect();
        let manager = Manager { user, resource, roles, created: None, changed: None };
        ManagerRecord { manager, resource_name: "Globex".into(), organization_name: "Globex".into() }
    }

    fn globex(user: u8, roles: &[&str]) -> ManagerRecord {
        record(resource(1, 1), user, "alice", roles)
    }

    #[test]
    fn an_instance_whose_name_is_not_shown_has_no_other_name() {
        let on_instance = |name: &str| {
            let row =
                ManagerRecord { resource_name: name.into(), ..record(Resource::Instance, 1, "a", &["A"]) };
            Snapshot { instance_name: name.into(), ..snapshot(vec![row], Vec::new()) }
        };
        let unnamed = Snapshot { instance_name: SafeText::default(), ..on_instance("issuer") };
        assert_eq!(compare(&on_instance("prod"), &unnamed).renamed, []);
        assert_eq!(compare(&on_instance("prod"), &on_instance("production")).renamed.len(), 1);
    }

    fn snapshot(records: Vec<ManagerRecord>, gaps: Vec<Extent>) -> Snapshot {
        let gap = |extent| Gap { name: "part".into(), extent, why: "why".into(), missing_permission: None };
        Snapshot::new("issuer".into(), "name".into(), records, gaps.into_iter().map(gap).collect())
    }

    /// Who holds what where; what a snapshot says when names, times and the order of roles are left aside.
    type Held = BTreeMap<(Resource, UserId), BTreeSet<Role>>;

    fn held<'a>(records: impl IntoIterator<Item = &'a ManagerRecord>) -> Held {
        let entry = |record: &ManagerRecord| {
            let manager = &record.manager;
            let key = (manager.resource.clone(), manager.user.id.clone());
            (key, manager.roles.iter().cloned().collect())
        };
        records.into_iter().map(entry).collect()
    }

    /// The managers of `before` with the differences done: roles come and go as each of them says.
    fn applied(before: &Snapshot, differences: &[Difference]) -> Held {
        let mut held = held(&before.records);
        for difference in differences {
            let manager = &difference.record().expect("one of two sides").manager;
            let key = (manager.resource.clone(), manager.user.id.clone());
            if difference.kind() == DifferenceKind::Removed {
                held.remove(&key);
                continue;
            }
            let roles = held.entry(key).or_default();
            difference.removed().for_each(|role| assert!(roles.remove(role), "{role} was held"));
            difference.added().for_each(|role| assert!(roles.insert(role.clone()), "{role} was not held"));
        }
        held
    }

    prop_compose! {
        /// Few ids and fewer names, so that names are doubled and the two sides meet.
        fn any_record()(level in 0..4u8, id in 0..3u8, user in 0..4u8, name in "[ab]{0,1}",
            roles in prop::sample::subsequence(vec!["A", "B", "C"], 0..=3).prop_shuffle()) -> ManagerRecord {
            record(resource(level, id), user, &name, &roles)
        }
    }

    fn any_snapshot() -> impl Strategy<Value = Snapshot> {
        prop::collection::vec(any_record(), 0..24).prop_map(|records| snapshot(records, Vec::new()))
    }

    proptest! {
        #[test]
        fn the_difference_applied_to_one_snapshot_gives_the_other(a in any_snapshot(), b in any_snapshot()) {
            let found = compare(&a, &b);
            prop_assert_eq!(applied(&a, &found.differences), held(&b.records));
            prop_assert!(found.untold.is_empty());
        }

        #[test]
        fn the_same_managers_in_any_order_make_the_same_snapshot(
            (records, shuffled) in prop::collection::vec(any_record(), 0..24)
                .prop_map(|records| snapshot(records, Vec::new()).records)
                .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle()))
        ) {
            let (a, b) = (snapshot(records, Vec::new()), snapshot(shuffled, Vec::new()));
            prop_assert_eq!(&a, &b);
            prop_assert_eq!(compare(&a, &b), Comparison::default());
        }
    }

    #[test]
    fn the_order_of_roles_is_no_difference_and_a_new_name_is_only_told() {
        let before = snapshot(vec![globex(1, &["A", "B"])], Vec::new());
        let mut renamed = globex(1, &["B", "A"]);
        renamed.manager.user.login_name = "alicia".into();
        renamed.resource_name = "Globex two".into();
        let found = compare(&before, &snapshot(vec![renamed], Vec::new()));
        assert_eq!(found.differences, []);
        let user = Renamed::User { id: UserId::new("1"), from: "alice".into(), to: "alicia".into() };
        let place =
            Renamed::Resource { resource: resource(1, 1), from: "Globex".into(), to: "Globex two".into() };
        assert_eq!(found.renamed, [user, place]);
    }

    fn on_organization(level: Level, id: u8) -> Extent {
        Extent::Beyond(vec![Sight { level, organization: Some(organization(id)), id: None }])
    }

    #[rstest]
    #[case::that_resource(Extent::Resource(resource(1, 1)), false)]
    #[case::another_resource(Extent::Resource(resource(1, 2)), true)]
    #[case::anything(Extent::Anything, false)]
    #[case::only_names(Extent::Names, true)]
    #[case::within_sight(on_organization(Level::Organization, 1), true)]
    #[case::another_organization(on_organization(Level::Organization, 2), false)]
    #[case::another_level(on_organization(Level::Project, 1), false)]
    fn nobody_is_said_to_have_gone_or_come_where_a_side_could_not_be_read(
        #[case] extent: Extent,
        #[case] claimed: bool,
    ) {
        let with = snapshot(vec![globex(1, &["A"])], Vec::new());
        let without = snapshot(Vec::new(), vec![extent]);
        for (found, unread) in
            [(compare(&with, &without), Side::After), (compare(&without, &with), Side::Before)]
        {
            assert_eq!(found.differences.len(), usize::from(claimed), "{found:?}");
            let untold: Vec<Side> = found.untold.iter().map(|untold| untold.unread).collect();
            assert_eq!(untold, if claimed { vec![] } else { vec![unread] });
        }
    }

    #[test]
    fn roles_that_both_sides_know_differ_whatever_else_could_not_be_read() {
        let before = snapshot(vec![globex(1, &["A"])], vec![Extent::Anything]);
        let after = snapshot(vec![globex(1, &["B"])], vec![Extent::Anything]);
        let found = compare(&before, &after);
        let kinds: Vec<DifferenceKind> = found.differences.iter().map(Difference::kind).collect();
        assert_eq!(kinds, [DifferenceKind::Changed]);
    }

    fn event(second: i64, roles: &[&str], by: &str) -> RoleGrant {
        let roles: Vec<Role> = roles.iter().map(|role| Role::new(*role)).collect();
        RoleGrant {
            resource: GrantedOn::of(&resource(1, 1)),
            user: UserId::new("1"),
            roles: (!roles.is_empty()).then_some(roles),
            time: Timestamp::from_second(second).expect("a time"),
            editor: by.into(),
            editor_id: "9".into(),
        }
    }

    fn at(second: i64, roles: &[&str]) -> ManagerRecord {
        let mut record = globex(1, roles);
        record.manager.changed = Timestamp::from_second(second).ok();
        record
    }

    #[rstest]
    #[case::added(None, Some(at(5, &["A"])), Some("rita"))]
    #[case::changed(Some(at(1, &["B"])), Some(at(5, &["A"])), Some("rita"))]
    #[case::as_it_was_then(None, Some(at(1, &["A"])), Some("gina"))]
    #[case::removed(Some(at(1, &["A"])), None, Some("gus"))]
    #[case::roles_that_no_event_gave(None, Some(at(9, &["C"])), None)]
    #[case::removed_later_than_known(Some(at(8, &["A"])), None, None)]
    fn the_event_that_made_it_so_is_found(
        #[case] before: Option<ManagerRecord>,
        #[case] after: Option<ManagerRecord>,
        #[case] by: Option<&str>,
    ) {
        let events = [
            event(7, &[], "gus two"),
            event(5, &["A"], "rita"),
            event(3, &[], "gus"),
            event(1, &["A"], "gina"),
        ];
        let difference = Difference { before, after };
        let found = difference.event(&events).map(|event| event.editor.clone());
        assert_eq!(found, by.map(SafeText::new));
    }

    #[test]
    fn events_of_others_and_of_other_resources_tell_nothing() {
        let difference = Difference { before: None, after: Some(globex(1, &["A"])) };
        let other_user = RoleGrant { user: UserId::new("2"), ..event(1, &["A"], "gina") };
        let elsewhere =
            RoleGrant { resource: GrantedOn::of(&Resource::Instance), ..event(1, &["A"], "gina") };
        assert_eq!(difference.event(&[other_user, elsewhere]), None);
    }
}
