//! The guards against locking somebody out. They look at the state after the change, never at the one before.

use std::collections::HashMap;
use std::fmt;

use super::change::{Change, ChangeKind};
use super::id::UserId;
use super::manager::Manager;
use super::permission::{ManagerAction, manager_permission};
use super::role::{Role, owner_role};
use super::user::UserState;

/// What the operator must know before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Nobody is left who owns the resource.
    LastOwner(Role),
    /// The owners that are left cannot sign in.
    OnlyOwnersWhoCannotSignIn(Role),
    /// The signed-in user loses the role that allows changes like this one.
    OwnPower(Role),
    /// A role that can make others manager is given.
    MakesManagers(Role),
    /// The user cannot sign in.
    UserCannotSignIn(UserState),
    /// So many managers change at once.
    Many(usize),
}

/// A plan with more changes than this asks for a typed name.
const MANY: usize = 10;

impl Warning {
    /// Whether the change is refused unless the operator types the resource's name.
    pub const fn refuses(&self) -> bool {
        matches!(
            self,
            Self::LastOwner(_) | Self::OnlyOwnersWhoCannotSignIn(_) | Self::OwnPower(_) | Self::Many(_)
        )
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LastOwner(role) => write!(f, "this removes the last {role}"),
            Self::OnlyOwnersWhoCannotSignIn(role) => {
                write!(f, "the only {role} left would be users who cannot sign in")
            }
            Self::OwnPower(role) => write!(f, "you take {role} from yourself, which allows this change"),
            Self::MakesManagers(role) => write!(f, "{role} can make others manager"),
            Self::UserCannotSignIn(state) => write!(f, "the user is {state} and cannot sign in"),
            Self::Many(changes) => write!(f, "this changes {changes} managers at once"),
        }
    }
}

/// Everything a guard needs to know about the resource before the change.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// All managers of the resource as read a moment ago.
    pub managers: &'a [Manager],
    /// The states of users, as far as known.
    pub states: &'a HashMap<UserId, UserState>,
    /// The signed-in user.
    pub own_user: &'a UserId,
    /// Whether the signed-in user may change these managers by a role it holds elsewhere, e.g. `IAM_OWNER`.
    pub allowed_from_elsewhere: bool,
}

/// The warnings of each line of a plan, the refusing ones first. All lines are on one resource; what matters is the
/// state after all of them, so that two harmless lines cannot lock out together.
pub fn warnings(plan: &[Change], situation: &Situation<'_>) -> Vec<Vec<Warning>> {
    plan.iter().map(|change| warnings_of(change, plan, situation)).collect()
}

/// The warning of a plan that changes many managers at once, on whatever resources.
pub fn many(plan: &[Change]) -> Option<Warning> {
    let changes = plan.iter().filter(|change| change.kind() != ChangeKind::Nothing).count();
    (changes > MANY).then_some(Warning::Many(changes))
}

fn warnings_of(change: &Change, plan: &[Change], situation: &Situation<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if change.kind() == ChangeKind::Nothing {
        return warnings;
    }
    warnings.extend(owner_lost(change, plan, situation));
    warnings.extend(own_power_lost(change, situation));
    warnings.extend(change.added().filter(|role| role.makes_managers()).cloned().map(Warning::MakesManagers));
    if change.kind() == ChangeKind::Add {
        let state = situation.states.get(&change.user.id);
        warnings.extend(state.filter(|state| !state.can_sign_in()).cloned().map(Warning::UserCannotSignIn));
    }
    warnings
}

fn owner_lost(change: &Change, plan: &[Change], situation: &Situation<'_>) -> Option<Warning> {
    if !change.loses_owner() {
        return None;
    }
    let owner = Role::new(owner_role(change.resource.level()));
    let untouched = situation
        .managers
        .iter()
        .filter(|manager| !plan.iter().any(|line| line.user.id == manager.user.id))
        .map(|manager| (&manager.user.id, &manager.roles));
    let touched = plan.iter().map(|line| (&line.user.id, &line.after));
    let mut left = untouched.chain(touched).filter(|(_, roles)| roles.contains(&owner)).peekable();
    if left.peek().is_none() {
        return Some(Warning::LastOwner(owner));
    }
    let can_sign_in = |(user, _)| situation.states.get(user).is_none_or(UserState::can_sign_in);
    if left.any(can_sign_in) { None } else { Some(Warning::OnlyOwnersWhoCannotSignIn(owner)) }
}

fn own_power_lost(change: &Change, situation: &Situation<'_>) -> Option<Warning> {
    if change.user.id != *situation.own_user || situation.allowed_from_elsewhere {
        return None;
    }
    let permission = manager_permission(change.resource.level(), ManagerAction::Write);
    let carries = |role: &&Role| role.card().is_some_and(|card| card.permissions.contains(&permission));
    if change.after.iter().any(|role| carries(&role)) {
        return None;
    }
    change.removed().find(carries).cloned().map(Warning::OwnPower)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::OrganizationId;
    use crate::domain::level::Resource;
    use crate::domain::manager::ManagerUser;
    use crate::domain::text::SafeText;
    use crate::domain::user::UserKind;

    fn roles(keys: &[&str]) -> Vec<Role> {
        keys.iter().map(|key| Role::new(*key)).collect()
    }

    fn globex() -> Resource {
        Resource::Organization(OrganizationId::new("100"))
    }

    fn user(id: &str) -> ManagerUser {
        ManagerUser {
            id: UserId::new(id),
            organization: None,
            kind: UserKind::Service,
            login_name: SafeText::new(id),
            display_name: SafeText::default(),
            email: None,
        }
    }

    fn manager(id: &str, keys: &[&str]) -> Manager {
        Manager { user: user(id), resource: globex(), roles: roles(keys), created: None, changed: None }
    }

    fn change(id: &str, before: Option<&[&str]>, after: &[&str]) -> Change {
        Change {
            resource: globex(),
            resource_name: SafeText::new("Globex"),
            user: user(id),
            before: before.map(roles),
            after: roles(after),
        }
    }

    fn judge(
        change: &Change,
        managers: &[Manager],
        states: &[(&str, UserState)],
        from_elsewhere: bool,
    ) -> Vec<Warning> {
        let states = states.iter().map(|(id, state)| (UserId::new(id), state.clone())).collect();
        let own_user = UserId::new("me");
        let situation = Situation {
            managers,
            states: &states,
            own_user: &own_user,
            allowed_from_elsewhere: from_elsewhere,
        };
        warnings(std::slice::from_ref(change), &situation).remove(0)
    }

    #[test]
    fn removing_the_only_owner_is_refused() {
        let managers = [manager("alice", &["ORG_OWNER"]), manager("bob", &["ORG_OWNER_VIEWER"])];
        let found = judge(&change("alice", Some(&["ORG_OWNER"]), &[]), &managers, &[], true);
        assert_eq!(found, [Warning::LastOwner(Role::new("ORG_OWNER"))]);
        assert!(found.iter().all(Warning::refuses));
    }

    #[test]
    fn taking_the_owner_role_from_the_only_owner_is_refused_as_well() {
        let managers = [manager("alice", &["ORG_OWNER", "ORG_OWNER_VIEWER"])];
        let plan = change("alice", Some(&["ORG_OWNER", "ORG_OWNER_VIEWER"]), &["ORG_OWNER_VIEWER"]);
        assert_eq!(judge(&plan, &managers, &[], true), [Warning::LastOwner(Role::new("ORG_OWNER"))]);
    }

    #[rstest]
    #[case::inactive(UserState::Inactive)]
    #[case::locked(UserState::Locked)]
    #[case::deleted(UserState::Deleted)]
    fn an_owner_who_cannot_sign_in_does_not_count(#[case] state: UserState) {
        let managers = [manager("alice", &["ORG_OWNER"]), manager("lena", &["ORG_OWNER"])];
        let plan = change("alice", Some(&["ORG_OWNER"]), &[]);
        assert_eq!(
            judge(&plan, &managers, &[("lena", state)], true),
            [Warning::OnlyOwnersWhoCannotSignIn(Role::new("ORG_OWNER"))]
        );
    }

    #[test]
    fn a_second_owner_who_can_sign_in_is_enough() {
        let managers = [manager("alice", &["ORG_OWNER"]), manager("bob", &["ORG_OWNER"])];
        let plan = change("alice", Some(&["ORG_OWNER"]), &[]);
        assert_eq!(judge(&plan, &managers, &[("bob", UserState::Active)], true), []);
    }

    #[test]
    fn losing_the_own_power_is_refused_unless_it_comes_from_elsewhere() {
        let managers = [manager("me", &["ORG_OWNER"]), manager("bob", &["ORG_OWNER"])];
        let plan = change("me", Some(&["ORG_OWNER"]), &["ORG_OWNER_VIEWER"]);
        assert_eq!(judge(&plan, &managers, &[], false), [Warning::OwnPower(Role::new("ORG_OWNER"))]);
        assert_eq!(judge(&plan, &managers, &[], true), []);
    }

    #[test]
    fn giving_a_role_that_makes_managers_is_told_but_not_refused() {
        let found =
            judge(&change("bob", None, &["ORG_OWNER"]), &[manager("alice", &["ORG_OWNER"])], &[], true);
        assert_eq!(found, [Warning::MakesManagers(Role::new("ORG_OWNER"))]);
        assert!(!found.iter().any(Warning::refuses));
    }

    #[test]
    fn a_new_manager_who_cannot_sign_in_is_told() {
        let plan = change("ines", None, &["ORG_OWNER_VIEWER"]);
        let found = judge(&plan, &[], &[("ines", UserState::Inactive)], true);
        assert_eq!(found, [Warning::UserCannotSignIn(UserState::Inactive)]);
    }

    #[test]
    fn a_change_that_changes_nothing_warns_of_nothing() {
        let managers = [manager("alice", &["ORG_OWNER"])];
        assert_eq!(judge(&change("alice", Some(&["ORG_OWNER"]), &["ORG_OWNER"]), &managers, &[], false), []);
    }

    #[test]
    fn two_lines_that_only_together_remove_the_last_owner_are_both_refused() {
        let managers = [manager("alice", &["ORG_OWNER"]), manager("bob", &["ORG_OWNER"])];
        let states = HashMap::new();
        let own_user = UserId::new("me");
        let situation = Situation {
            managers: &managers,
            states: &states,
            own_user: &own_user,
            allowed_from_elsewhere: true,
        };
        let plan = [
            change("alice", Some(&["ORG_OWNER"]), &[]),
            change("bob", Some(&["ORG_OWNER"]), &["ORG_OWNER_VIEWER"]),
        ];
        let last_owner = vec![Warning::LastOwner(Role::new("ORG_OWNER"))];
        assert_eq!(warnings(&plan, &situation), [last_owner.clone(), last_owner]);
        assert_eq!(warnings(&plan[..1], &situation), [vec![]]);
    }

    #[test]
    fn an_owner_who_comes_in_the_same_plan_counts() {
        let managers = [manager("alice", &["ORG_OWNER"])];
        let states = HashMap::new();
        let own_user = UserId::new("me");
        let situation = Situation {
            managers: &managers,
            states: &states,
            own_user: &own_user,
            allowed_from_elsewhere: true,
        };
        let plan = [change("bob", None, &["ORG_OWNER"]), change("alice", Some(&["ORG_OWNER"]), &[])];
        assert_eq!(warnings(&plan, &situation)[1], []);
    }

    #[test]
    fn more_than_ten_changes_ask_for_a_name() {
        let line = |id: usize| change(&id.to_string(), None, &["ORG_OWNER_VIEWER"]);
        let ten: Vec<_> = (0..10).map(line).collect();
        let eleven: Vec<_> = (0..11).map(line).collect();
        assert_eq!(many(&ten), None);
        assert_eq!(many(&eleven), Some(Warning::Many(11)));
    }
}
