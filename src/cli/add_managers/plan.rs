//! The changes that an add means, and how they are shown before anything is written.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::super::arguments::AddArguments;
use super::super::managers::unreadable;
use super::super::output::Output;
use super::super::run::Context;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::guard::{Situation, Warning, warnings};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::organization::Organization;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::{Role, without_doubles};
use crate::domain::user::User;
use crate::engine::Session;

/// How many users are looked up at once.
const AT_ONCE: usize = 8;

/// What would be done.
pub(super) struct Plan {
    pub(super) organization: Organization,
    pub(super) steps: Vec<Step>,
}

/// One change of it, with what to know before.
pub(super) struct Step {
    pub(super) change: Change,
    pub(super) warnings: Vec<Warning>,
    /// Other than its display name, a login name tells users apart.
    pub(super) title: String,
}

/// Reads everything that the plan needs.
///
/// # Errors
/// Names that fit nothing or several, a permission that lacks, or what reading fails with.
pub(super) async fn make(session: &Session, arguments: &AddArguments) -> Result<Plan, Problem> {
    let found = stream::iter(&arguments.users).map(|given| session.find_user(given)).buffered(AT_ONCE);
    let (organization, users) =
        tokio::join!(session.find_organization(&arguments.org), found.try_collect::<Vec<User>>());
    let organization = organization?;
    let resource = Resource::Organization(organization.id.clone());
    let (permissions, roles, managers) = tokio::join!(
        session.permissions(&organization.id),
        session.find_roles(&arguments.roles, &resource),
        session.managers(&resource),
    );
    let permissions = permissions?;
    if !permissions.allow_managers(&resource, ManagerAction::Write) {
        return Err(may_not_write(session, &organization));
    }
    let roles = roles?;
    let managers = managers.map_err(|problem| unreadable(problem, &organization))?;
    let mut seen = HashSet::new();
    let users: Vec<User> = users?.into_iter().filter(|user| seen.insert(user.id.clone())).collect();
    let states = users.iter().map(|user| (user.id.clone(), user.state.clone())).collect::<HashMap<_, _>>();
    let permission = manager_permission(resource.level(), ManagerAction::Write);
    let situation = Situation {
        managers: &managers,
        states: &states,
        own_user: &session.facts().identity.user,
        allowed_from_elsewhere: session.facts().allowed_from_above(&resource, permission),
    };
    let changes: Vec<_> = users.iter().map(|user| change(user, &roles, &organization, &managers)).collect();
    let warnings = warnings(&changes, &situation);
    let steps = users.iter().zip(changes).zip(warnings).map(|((user, change), warnings)| {
        let title = format!("{} ({}, id {})", user.title(), user.login_name, user.id);
        Step { change, warnings, title }
    });
    Ok(Plan { steps: steps.collect(), organization })
}

/// Adds the roles to those that the user holds now; none is lost.
fn change(user: &User, roles: &[Role], organization: &Organization, managers: &[Manager]) -> Change {
    let held = managers.iter().find(|manager| manager.user.id == user.id);
    let before = held.map(|manager| manager.roles.clone());
    let kept = before.iter().flatten();
    Change {
        resource: Resource::Organization(organization.id.clone()),
        resource_name: organization.title(),
        user: held.map_or_else(|| ManagerUser::from(user), |manager| manager.user.clone()),
        after: without_doubles(kept.chain(roles).cloned()),
        before,
    }
}

fn may_not_write(session: &Session, organization: &Organization) -> Problem {
    let permission = manager_permission(Level::Organization, ManagerAction::Write);
    let mut problem = Problem::new(
        ProblemKind::PermissionMissing,
        format!("Cannot change the managers of {}", organization.title()),
        format!("you do not have {permission} there"),
        "sign in as a user who has one of the roles named above, or have one given to you",
    );
    problem.missing = Some(Box::new(session.facts().missing(permission)));
    problem
}

impl Plan {
    pub(super) fn changes_something(&self) -> bool {
        self.steps.iter().any(|step| step.change.kind() != ChangeKind::Nothing)
    }

    /// Whether a guard refuses it unless the name is typed.
    pub(super) fn refused(&self) -> bool {
        self.steps.iter().flat_map(|step| &step.warnings).any(Warning::refuses)
    }

    /// Who does what where, with a `+` line for each role that comes and a `−` line for each that goes.
    pub(super) fn review(&self, context: &Context) -> String {
        let facts = context.session.facts();
        let who = &facts.identity;
        let mut lines = vec![
            format!("Organization {} (id {})", self.organization.title(), self.organization.id),
            format!(
                "on {} (profile {}), as {} ({})",
                facts.issuer, context.profile.name, who.display_name, who.login_name
            ),
        ];
        for step in &self.steps {
            lines.push(String::new());
            lines.push(format!("  {}", step.title));
            lines.extend(step.difference(context.output).into_iter().map(|line| format!("    {line}")));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

impl Step {
    fn difference(&self, output: Output) -> Vec<String> {
        let mut lines = Vec::new();
        if self.change.kind() == ChangeKind::Nothing {
            lines.push("already holds the role; nothing to do".to_owned());
        }
        for role in &self.change.after {
            let comes = self.change.added().any(|added| added == role);
            lines.push(if comes {
                output.difference(&format!("+ {role}"), true)
            } else {
                format!("  {role}")
            });
        }
        lines.extend(self.change.removed().map(|role| output.difference(&format!("− {role}"), false)));
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, UserId};
    use crate::domain::organization::OrganizationState;
    use crate::domain::user::{UserKind, UserState};

    fn user() -> User {
        User {
            id: UserId::new("5"),
            organization: OrganizationId::new("1"),
            kind: UserKind::Service,
            state: UserState::Active,
            user_name: "deploy-bot".into(),
            login_name: "deploy-bot".into(),
            login_names: Vec::new(),
            display_name: "Deploy Bot".into(),
            email: None,
        }
    }

    fn planned(held: Option<&[&str]>, given: &[&str]) -> Change {
        let roles = |keys: &[&str]| keys.iter().map(|key| Role::new(*key)).collect::<Vec<_>>();
        let organization = Organization {
            id: OrganizationId::new("2"),
            name: "Globex".into(),
            primary_domain: "globex.example".into(),
            state: OrganizationState::Active,
        };
        let managers = held.map(|held| Manager {
            user: ManagerUser::from(&user()),
            resource: Resource::Organization(organization.id.clone()),
            roles: roles(held),
            created: None,
            changed: None,
        });
        change(&user(), &roles(given), &organization, managers.as_slice())
    }

    #[test]
    fn adding_keeps_what_is_held_and_sends_nothing_that_holds_already() {
        type Case<'a> = (Option<&'a [&'a str]>, &'a [&'a str], ChangeKind, &'a [&'a str]);
        let cases: [Case<'_>; 4] = [
            (None, &["ORG_OWNER"], ChangeKind::Add, &["ORG_OWNER"]),
            (Some(&["A"]), &["ORG_OWNER"], ChangeKind::ChangeRoles, &["A", "ORG_OWNER"]),
            (Some(&["A", "ORG_OWNER"]), &["ORG_OWNER"], ChangeKind::Nothing, &["A", "ORG_OWNER"]),
            (Some(&["A", "ORG_OWNER"]), &["B", "A"], ChangeKind::ChangeRoles, &["A", "ORG_OWNER", "B"]),
        ];
        for (held, given, kind, after) in cases {
            let change = planned(held, given);
            assert_eq!(change.kind(), kind, "{held:?} + {given:?}");
            assert_eq!(change.after.iter().map(Role::key).collect::<Vec<_>>(), after);
            assert_eq!(change.removed().count(), 0);
        }
    }
}
