//! What zitui can be used for with the own roles, in plain words.

use super::Finding;
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::permission::{ManagerAction, MissingPermission, Permissions, manager_permission};
use crate::domain::role::Role;

/// How many organizations or projects are named before they are only counted.
const NAMED: usize = 3;

const fn managers(level: Level, action: ManagerAction) -> &'static str {
    manager_permission(level, action)
}

/// Every task with the permission that it takes.
const TASKS: &[(&str, &str)] = &[
    ("see organizations", "org.read"),
    ("find users", "user.read"),
    ("see the managers of the instance", managers(Level::Instance, ManagerAction::Read)),
    ("change the managers of the instance", managers(Level::Instance, ManagerAction::Write)),
    ("see the managers of organizations", managers(Level::Organization, ManagerAction::Read)),
    ("change the managers of organizations", managers(Level::Organization, ManagerAction::Write)),
    ("see projects", "project.read"),
    ("see the managers of projects", managers(Level::Project, ManagerAction::Read)),
    ("change the managers of projects", managers(Level::Project, ManagerAction::Write)),
    ("see the managers of project grants", managers(Level::ProjectGrant, ManagerAction::Read)),
    ("change the managers of project grants", managers(Level::ProjectGrant, ManagerAction::Write)),
    ("see who gave a role, and when", "events.read"),
];

/// A line for each task. `own` are the permissions in the own organization as the server lists them, which counts more
/// than what roles carry by default.
pub(super) fn permissions(memberships: &[Membership], own: Option<&Permissions>) -> Vec<Finding> {
    TASKS.iter().map(|(task, permission)| one(task, permission, memberships, own)).collect()
}

fn one(
    task: &str,
    permission: &'static str,
    memberships: &[Membership],
    own: Option<&Permissions>,
) -> Finding {
    let carries = |membership: &&Membership| {
        membership.roles.iter().filter_map(Role::card).any(|card| card.permissions.contains(&permission))
    };
    let carrying: Vec<&Membership> = memberships.iter().filter(carries).collect();
    if carrying.iter().any(|membership| membership.level == Level::Instance) {
        return Finding::good(format!("{task}: yes, everywhere"));
    }
    if !carrying.is_empty() {
        let mut places: Vec<String> = carrying
            .iter()
            .take(NAMED)
            .map(|own| format!("{} {}", own.level, own.resource_name.or(&own.resource_id)))
            .collect();
        if carrying.len() > NAMED {
            places.push(format!("{} more", carrying.len() - NAMED));
        }
        return Finding::good(format!("{task}: yes, in {}", places.join(", ")));
    }
    if own.is_some_and(|own| own.allow(permission)) {
        return Finding::good(format!("{task}: yes, in the own organization"));
    }
    let carried_by = MissingPermission::new(permission, memberships).carried_by;
    let roles: Vec<&str> = carried_by.iter().take(NAMED).map(Role::key).collect();
    Finding::good(format!("{task}: no; it takes {permission}, as in {}", roles.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::OrganizationId;

    fn lines(memberships: &[Membership], own: Option<&Permissions>) -> Vec<String> {
        let told = |finding| match finding {
            Finding::Good(text) => text.to_string(),
            other => panic!("another finding: {other:?}"),
        };
        permissions(memberships, own).into_iter().map(told).collect()
    }

    fn membership(level: Level, name: &str, role: &str) -> Membership {
        Membership {
            level,
            resource_id: "1".into(),
            resource_name: name.into(),
            organization: Some(OrganizationId::new("1")),
            roles: vec![Role::new(role)],
        }
    }

    #[test]
    fn an_owner_of_the_instance_may_everything_everywhere() {
        let told = lines(&[membership(Level::Instance, "", "IAM_OWNER")], None);
        assert_eq!(told.len(), TASKS.len());
        assert!(told.iter().all(|line| line.ends_with("yes, everywhere")), "{told:#?}");
    }

    #[test]
    fn it_says_where_a_task_can_be_done_and_what_the_others_take() {
        let told = lines(&[membership(Level::Organization, "Globex", "ORG_OWNER")], None);
        let line = |task: &str| told.iter().find(|line| line.starts_with(task)).expect("a line");
        assert!(line("change the managers of organizations").ends_with("yes, in organization Globex"));
        let instance = line("change the managers of the instance");
        assert!(instance.contains("no; it takes iam.member.write, as in IAM_OWNER"), "{instance}");
    }

    #[test]
    fn a_role_of_their_own_counts_by_what_the_server_lists() {
        let own = Permissions::new(["org.read".to_owned()]);
        let told = lines(&[membership(Level::Organization, "Acme", "ORG_OF_OURS")], Some(&own));
        assert!(told.iter().any(|line| line == "see organizations: yes, in the own organization"));
    }
}
