//! One intended change of one manager, and what became of it.

use super::id::UserId;
use super::level::Resource;
use super::manager::{Manager, ManagerUser};
use super::problem::Problem;
use super::role::{Role, same_roles};
use super::text::SafeText;

/// One add, change of roles, or removal of one manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// On what.
    pub resource: Resource,
    /// What to call the resource, e.g. the organization's name.
    pub resource_name: SafeText,
    /// Of whom.
    pub user: ManagerUser,
    /// The roles that the operator saw; none if the user is not manager there.
    pub before: Option<Vec<Role>>,
    /// The roles that shall hold afterwards, without doubles; empty means removal.
    pub after: Vec<Role>,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Makes the user manager.
    Add,
    /// Replaces the roles of a manager.
    ChangeRoles,
    /// Removes a manager.
    Remove,
    /// Before and after are the same; nothing is sent.
    Nothing,
}

impl Change {
    /// What this change does.
    pub fn kind(&self) -> ChangeKind {
        match &self.before {
            None if self.after.is_empty() => ChangeKind::Nothing,
            None => ChangeKind::Add,
            Some(_) if self.after.is_empty() => ChangeKind::Remove,
            Some(before) if same_roles(before, &self.after) => ChangeKind::Nothing,
            Some(_) => ChangeKind::ChangeRoles,
        }
    }

    /// The roles that come, in the order of `after`.
    pub fn added(&self) -> impl Iterator<Item = &Role> {
        self.after.iter().filter(|role| !self.before.as_ref().is_some_and(|before| before.contains(role)))
    }

    /// The roles that go, in the order of `before`.
    pub fn removed(&self) -> impl Iterator<Item = &Role> {
        self.before.iter().flatten().filter(|role| !self.after.contains(role))
    }

    /// Whether it takes away the role that owns the resource.
    pub fn loses_owner(&self) -> bool {
        self.removed().any(|role| role.is_owner_of(self.resource.level()))
    }

    /// Whether it gives the role that owns the resource.
    pub fn gives_owner(&self) -> bool {
        self.added().any(|role| role.is_owner_of(self.resource.level()))
    }
}

/// When a change of a plan is sent: what gives before what takes on the same resource, what takes the own power last
/// of all. Apart from that no change waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// At once.
    First,
    /// Once every change of its resource that gives has ended.
    AfterWhatGives,
    /// Once every other change has ended.
    Last,
}

impl Turn {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::First, Self::AfterWhatGives, Self::Last];

    /// The turn of a change.
    pub fn of(change: &Change, own_user: Option<&UserId>) -> Self {
        if own_user == Some(&change.user.id) && change.removed().next().is_some() {
            Self::Last
        } else if change.loses_owner() || change.kind() == ChangeKind::Remove {
            Self::AfterWhatGives
        } else {
            Self::First
        }
    }
}

/// What became of a change. Only a read-back makes it done (DESIGN: the server is the truth).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Written and seen; the row as read back, none after a removal.
    Done(Option<Manager>),
    /// Already so before anything was sent; the row as read.
    AlreadySo(Option<Manager>),
    /// The server accepted it, but the lists do not show it yet.
    NotVisibleYet,
    /// Somebody changed the roles since they were shown; nothing was written. What holds now.
    ChangedMeanwhile(Option<Manager>),
    /// The server refused it, or it could not be sent; nothing was written.
    Failed(Problem),
    /// It was sent, no answer came, and reading shows that it did not happen; it may be repeated.
    LostAndNotDone(Problem),
    /// It was sent, no answer came, and it could not be read whether it happened.
    Unknown(Problem),
}

/// Where a change under way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyStep {
    /// Reading what holds now.
    Reading,
    /// Sent, waiting for the answer.
    Writing,
    /// Accepted; reading until it shows.
    Verifying,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::UserId;
    use crate::domain::user::UserKind;

    fn roles(keys: &[&str]) -> Vec<Role> {
        keys.iter().map(|key| Role::new(*key)).collect()
    }

    fn change(before: Option<&[&str]>, after: &[&str]) -> Change {
        Change {
            resource: Resource::Instance,
            resource_name: SafeText::default(),
            user: ManagerUser {
                id: UserId::new("1"),
                organization: None,
                kind: UserKind::Unknown,
                login_name: SafeText::default(),
                display_name: SafeText::default(),
                email: None,
            },
            before: before.map(roles),
            after: roles(after),
        }
    }

    #[rstest]
    #[case::add(None, &["A"], ChangeKind::Add)]
    #[case::add_of_nothing(None, &[], ChangeKind::Nothing)]
    #[case::one_more(Some(&["A"] as &[&str]), &["A", "B"], ChangeKind::ChangeRoles)]
    #[case::other_order(Some(&["A", "B"] as &[&str]), &["B", "A"], ChangeKind::Nothing)]
    #[case::doubles(Some(&["A", "A"] as &[&str]), &["A"], ChangeKind::Nothing)]
    #[case::nothing_left(Some(&["A"] as &[&str]), &[], ChangeKind::Remove)]
    #[case::manager_without_roles_removed(Some(&[] as &[&str]), &[], ChangeKind::Remove)]
    #[case::manager_without_roles_gets_one(Some(&[] as &[&str]), &["A"], ChangeKind::ChangeRoles)]
    fn kinds(#[case] before: Option<&[&str]>, #[case] after: &[&str], #[case] kind: ChangeKind) {
        assert_eq!(change(before, after).kind(), kind);
    }

    #[test]
    fn the_difference_names_what_comes_and_what_goes() {
        let plan = change(Some(&["A", "B"]), &["B", "C"]);
        assert_eq!(plan.added().cloned().collect::<Vec<_>>(), roles(&["C"]));
        assert_eq!(plan.removed().cloned().collect::<Vec<_>>(), roles(&["A"]));
    }
}
