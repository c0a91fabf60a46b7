//! Explaining why the server refused: which permission lacks, which roles carry it, and which the own user holds.

use crate::api::error::CallError;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::session::SessionFacts;

/// No more roles are named than this; the rest is counted.
const NAMED: usize = 6;

/// The problem to show for a call that failed and that needs a permission.
pub(super) fn explain(facts: &SessionFacts, error: CallError, what: &str, needs: &'static str) -> Problem {
    if !error.is_forbidden() {
        return error.into_problem(what);
    }
    let nothing_here = error.is_no_membership();
    let server = error.into_problem(what);
    let mut problem = lacking(facts, what, needs);
    let lead = if nothing_here { "No role of the own user counts here. " } else { "" };
    problem.why = format!("{lead}{} The server says: {}.", problem.why, server.why).into();
    problem.request_id = server.request_id;
    problem
}

/// The problem of lacking a permission, whoever noticed it.
pub(super) fn lacking(facts: &SessionFacts, what: &str, permission: &'static str) -> Problem {
    let missing = facts.missing(permission);
    let who = facts.identity.display_name.or(&facts.identity.login_name);
    let held =
        if missing.held.is_empty() { "no manager role at all".to_owned() } else { listed(&missing.held) };
    let why = format!("It needs the permission {permission}; {who} holds {held}.");
    let login_name = &facts.identity.login_name;
    let elsewhere: Vec<Role> = missing.held_elsewhere().cloned().collect();
    let fix = if missing.carried_by.is_empty() {
        format!("Have somebody with more power give {login_name} a role that carries {permission}.")
    } else if elsewhere.is_empty() {
        format!("Give {login_name} one of the roles that carry it: {}.", listed(&missing.carried_by))
    } else {
        format!(
            "{} would carry it, but {login_name} does not hold it for this. Give it one of {} here.",
            listed(&elsewhere),
            listed(&missing.carried_by)
        )
    };
    let mut problem = Problem::new(ProblemKind::PermissionMissing, what, why, fix);
    problem.missing = Some(Box::new(missing));
    problem
}

fn listed(roles: &[Role]) -> String {
    let mut names: Vec<String> = roles.iter().take(NAMED).map(ToString::to_string).collect();
    if roles.len() > NAMED {
        names.push(format!("{} more", roles.len() - NAMED));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, UserId};
    use crate::domain::level::Level;
    use crate::domain::manager::Membership;
    use crate::domain::session::{Administrators, Capabilities, Identity};

    fn facts(roles: &[&str]) -> SessionFacts {
        SessionFacts {
            issuer: "https://auth.example.com".into(),
            version: None,
            instance_name: None,
            default_organization: None,
            identity: Identity {
                user: UserId::new("1"),
                organization: OrganizationId::new("1"),
                login_name: "ci-bot".into(),
                display_name: "CI Bot".into(),
            },
            memberships: vec![Membership {
                level: Level::Organization,
                resource_id: "1".into(),
                resource_name: "Acme".into(),
                organization: Some(OrganizationId::new("1")),
                roles: roles.iter().map(|role| Role::new(*role)).collect(),
            }],
            capabilities: Capabilities::default(),
            administrators: Administrators::default(),
            token_expires: None,
            notices: Vec::new(),
        }
    }

    #[test]
    fn it_says_which_permission_lacks_who_carries_it_and_what_is_held() {
        let problem =
            lacking(&facts(&["ORG_USER_MANAGER"]), "Cannot read the managers of Acme", "org.member.read");
        assert_eq!(problem.kind, ProblemKind::PermissionMissing);
        assert_eq!(
            problem.why.as_str(),
            "It needs the permission org.member.read; CI Bot holds ORG_USER_MANAGER."
        );
        assert!(problem.fix.as_str().contains("ORG_OWNER"), "{problem}");
        assert_eq!(problem.missing.expect("told").permission, "org.member.read");
    }

    #[test]
    fn a_carrying_role_that_is_held_elsewhere_is_named() {
        let problem =
            lacking(&facts(&["ORG_OWNER"]), "Cannot read the managers of Globex", "org.member.read");
        assert!(problem.fix.as_str().starts_with("ORG_OWNER would carry it"), "{problem}");
    }

    #[test]
    fn who_holds_nothing_is_told_so() {
        let problem = lacking(&facts(&[]), "Cannot list users", "user.read");
        assert!(problem.why.as_str().ends_with("CI Bot holds no manager role at all."), "{problem}");
    }
}
