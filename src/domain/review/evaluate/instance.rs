//! Who holds roles on the instance, where they live, and who manages their accounts.

use std::collections::HashMap;

use crate::domain::command;
use crate::domain::id::OrganizationId;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::manager::ManagerUser;
use crate::domain::review::{Subject, rules};
use crate::domain::role::{Role, owner_role};
use crate::domain::user::UserKind;

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::roles::gives_power;
use super::words;

const LOGIN_CLIENT: &str = "IAM_LOGIN_CLIENT";
/// Roles that manage the users of their organization (CONTRACT.md section 9).
const MANAGE_USERS: &[&str] = &["ORG_OWNER", "ORG_USER_MANAGER"];

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    judge_homes(case, outcome);
    judge_persons_among_applications(case, outcome);
    judge_power_over_operators(case, outcome);
    judge_login_clients(case, outcome);
}

fn judge_homes(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let rule = &rules::INSTANCE_ROLE_FROM_OUTSIDE;
    let managers = case.managers_of(&Resource::Instance);
    let Some(default) = &case.evidence.default_organization else {
        if !managers.is_empty() {
            outcome.unjudged(rule, "Not judged: which organization is the default one could not be read.");
        }
        return;
    };
    let mut homeless = Vec::new();
    for record in managers.iter().filter(|record| !record.manager.roles.is_empty()) {
        let user = &record.manager.user;
        let name = case.name(user);
        match case.home(user) {
            None => homeless.push(name),
            Some(home) if home == default => {}
            Some(home) => {
                let roles = words::list(&record.manager.roles);
                let (home, wanted) = (case.organization_name(home), case.organization_name(default));
                let reason = format!(
                    "{name} holds {roles} on the instance, but lives in {home} and not in the default \
                     organization {wanted}."
                );
                let advice = Advice::new(
                    format!("Give the role to an account in {wanted}, and take it from this one."),
                    command::remove_manager(&Resource::Instance, &user.id, &[]),
                );
                outcome.manager(rule, record, &reason, advice);
            }
        }
    }
    outcome.unjudged_for(rule, "Not judged for", homeless, "their home organization could not be read");
}

fn judge_persons_among_applications(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let rule = &rules::PERSON_AMONG_APPLICATIONS;
    let owner = Role::new(owner_role(Level::Instance));
    let (mut uncounted, mut unknown) = (Vec::new(), Vec::new());
    for record in case.managers_of(&Resource::Instance) {
        let user = &record.manager.user;
        let kind = case.kind(user);
        if !record.manager.roles.contains(&owner) || kind == UserKind::Service {
            continue;
        }
        let name = case.name(user);
        let Some(home) = case.home(user) else {
            unknown.push(name);
            continue;
        };
        let applications = match case.evidence.applications.get(home) {
            Some(0) => continue,
            Some(_) if kind == UserKind::Unknown => {
                unknown.push(name);
                continue;
            }
            Some(number) => usize::try_from(*number).unwrap_or(usize::MAX),
            None => {
                uncounted.push(case.organization_name(home));
                continue;
            }
        };
        let home = case.organization_name(home);
        let reason = format!(
            "{name} is a person with {owner} and lives in {home}, which runs {}.",
            words::count(applications, "application")
        );
        let advice = Advice::new(
            format!(
                "Give {owner} to an account in an organization for operators only, and take it from this one."
            ),
            command::remove_manager(&Resource::Instance, &user.id, std::slice::from_ref(&owner)),
        );
        outcome.manager(rule, record, &reason, advice);
    }
    outcome.unjudged_for(
        rule,
        "Not judged for users of",
        uncounted,
        "the applications there could not be read",
    );
    let why = "their home organization, or whether they are persons, could not be read";
    outcome.unjudged_for(rule, "Not judged for", unknown, why);
}

fn judge_power_over_operators(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let rule = &rules::POWER_OVER_OPERATORS;
    // Whoever owns the instance may manage accounts anyway, and its owners could be among those who are not told.
    if !case.is_whole(&Resource::Instance) {
        return;
    }
    let mut operators: HashMap<&OrganizationId, Vec<&ManagerRecord>> = HashMap::new();
    let mut homeless = Vec::new();
    for record in case.managers_of(&Resource::Instance) {
        if !record.manager.roles.iter().any(gives_power) {
            continue;
        }
        match case.home(&record.manager.user) {
            Some(home) => operators.entry(home).or_default().push(record),
            None => homeless.push(case.name(&record.manager.user)),
        }
    }
    let mut homes: Vec<_> = operators.into_iter().collect();
    homes.sort_by_key(|(home, _)| *home);
    for (home, operators) in homes {
        let resource = Resource::Organization(home.clone());
        for record in case.managers_of(&resource) {
            let user = &record.manager.user;
            let managing = record.manager.roles.iter().filter(|role| MANAGE_USERS.contains(&role.key()));
            let roles: Vec<Role> = managing.cloned().collect();
            if roles.is_empty() || owns_instance(case, user) {
                continue;
            }
            let others: Vec<&ManagerRecord> =
                operators.iter().copied().filter(|operator| operator.manager.user.id != user.id).collect();
            if others.is_empty() {
                continue;
            }
            let reason = format!(
                "{} holds {} in {}, and so manages accounts that hold roles on the instance: {}.",
                case.name(user),
                words::list(&roles),
                case.organization_name(home),
                words::list(&case.names(&others)),
            );
            let advice = Advice::new(
                "Take the role away, or move the roles on the instance to accounts in another organization.",
                command::remove_manager(&resource, &user.id, &roles),
            );
            outcome.manager(rule, record, &reason, advice);
        }
    }
    outcome.unjudged_for(rule, "Not judged for", homeless, "their home organization could not be read");
}

fn owns_instance(case: &Case<'_>, user: &ManagerUser) -> bool {
    let own = case.managed_by(&user.id).first().filter(|own| own.manager.resource == Resource::Instance);
    own.is_some_and(|own| case.is_owner(own))
}

fn judge_login_clients(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let role = Role::new(LOGIN_CLIENT);
    let mut unknown = Vec::new();
    for record in case.managers_of(&Resource::Instance) {
        if !record.manager.roles.contains(&role) {
            continue;
        }
        let user = &record.manager.user;
        let name = case.name(user);
        match case.kind(user) {
            UserKind::Service => {}
            UserKind::Unknown => unknown.push(name.clone()),
            UserKind::Human => {
                let advice = Advice::new(
                    format!("Take {role} from {name}; the login application gets a service user of its own."),
                    command::remove_manager(&Resource::Instance, &user.id, std::slice::from_ref(&role)),
                );
                let reason = format!("{name} is a person and holds {role}.");
                outcome.manager(&rules::LOGIN_CLIENT_IS_PERSON, record, &reason, advice);
            }
        }
        let more: Vec<&ManagerRecord> = case
            .managed_by(&user.id)
            .iter()
            .copied()
            .filter(|own| own.manager.roles.iter().any(|other| *other != role))
            .collect();
        if more.is_empty() {
            continue;
        }
        let others = more.iter().flat_map(|own| &own.manager.roles).filter(|other| **other != role);
        let mut others: Vec<&Role> = others.collect();
        others.sort_unstable();
        others.dedup();
        let reason = format!("{name} holds {role} together with {}.", words::list(&others));
        let fix = format!("Leave {role} as the only role of {name}.");
        let commands = more.iter().map(|own| take_others(&own.manager.resource, own, &role)).collect();
        let subject = Subject::Manager(Box::new((*record).clone()));
        outcome.found(&rules::LOGIN_CLIENT_WITH_MORE, subject, &more, &reason, Advice { fix, commands });
    }
    let why = "whether they are persons could not be read";
    outcome.unjudged_for(&rules::LOGIN_CLIENT_IS_PERSON, "Not judged for", unknown, why);
}

fn take_others(resource: &Resource, record: &ManagerRecord, role: &Role) -> String {
    let user = &record.manager.user.id;
    if record.manager.roles.contains(role) {
        command::set_manager(resource, user, std::slice::from_ref(role))
    } else {
        command::remove_manager(resource, user, &[])
    }
}
