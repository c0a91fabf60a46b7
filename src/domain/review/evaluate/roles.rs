//! What roles allow, and roles that should not be held like this.

use crate::domain::command;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::review::rules;
use crate::domain::role::Role;

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::words;

/// So many users who can make others manager of one resource are many.
const MANY_MAKERS: usize = 5;
/// Roles that manage nothing but the own user.
const SELF_MANAGEMENT: &[&str] = &["ORG_USER_SELF_MANAGER", "SELF_MANAGEMENT_GLOBAL"];

/// Whether a role lets its holder change something beyond the own user. Roles that operators define count.
pub(super) fn gives_power(role: &Role) -> bool {
    role.card().is_none_or(|card| !card.only_reads() && !SELF_MANAGEMENT.contains(&card.key))
}

/// Whether a role reaches far enough that a stolen credential with it would be a disaster: it makes others manager,
/// acts in the name of others, or writes on the whole instance.
pub(super) fn is_wide(role: &Role) -> bool {
    role.card().is_some_and(|card| {
        !card.makes_managers_of.is_empty()
            || card.impersonates
            || (card.level == Level::Instance && !card.only_reads())
    })
}

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    for (resource, records) in case.resources() {
        judge_makers(case, outcome, resource, records);
    }
    let mut unlisted: Vec<Role> = Vec::new();
    for record in case.records() {
        judge_impersonators(case, outcome, record);
        judge_roles(case, outcome, record, &mut unlisted);
    }
    let why = "the list of roles could not be read where they are held";
    outcome.unjudged_for(&rules::UNKNOWN_ROLE, "Not judged for", unlisted, why);
}

fn judge_makers(case: &Case<'_>, outcome: &mut Outcome<'_>, resource: &Resource, records: &[&ManagerRecord]) {
    let rule = match resource.level() {
        Level::Instance => &rules::MANY_MAKERS_OF_INSTANCE,
        Level::Organization => &rules::MANY_MAKERS_OF_ORGANIZATION,
        Level::Project | Level::ProjectGrant => return,
    };
    let makers: Vec<&ManagerRecord> = records
        .iter()
        .copied()
        .filter(|record| record.manager.roles.iter().any(Role::makes_managers))
        .filter(|record| !case.standing(&record.manager.user.id).is_dead())
        .collect();
    if makers.len() < MANY_MAKERS {
        return;
    }
    let reason = format!(
        "{} users can make others manager by a role on {}: {}.",
        makers.len(),
        case.place(resource),
        words::list(&case.names(&makers))
    );
    let advice = Advice::new(
        "Give a smaller role to those who do not need to make others manager.",
        command::list_managers(resource),
    );
    outcome.found(rule, case.subject(resource), &makers, &reason, advice);
}

fn judge_impersonators(case: &Case<'_>, outcome: &mut Outcome<'_>, record: &ManagerRecord) {
    let manager = &record.manager;
    let impersonating = manager.roles.iter().filter(|role| role.card().is_some_and(|card| card.impersonates));
    let (of_all, of_end_users): (Vec<&Role>, Vec<&Role>) =
        impersonating.partition(|role| role.key().ends_with("_ADMIN_IMPERSONATOR"));
    for (rule, roles, whom) in [
        (&rules::IMPERSONATES_ADMINISTRATORS, of_all, "any administrator and end user"),
        (&rules::IMPERSONATES_END_USERS, of_end_users, "any end user"),
    ] {
        if roles.is_empty() {
            continue;
        }
        let name = case.name(&manager.user);
        let reason = format!(
            "{name} holds {} and may act in the name of {whom} of {}.",
            words::list(&roles),
            case.place(&manager.resource)
        );
        let roles: Vec<Role> = roles.into_iter().cloned().collect();
        let advice = Advice::new(
            "Take the role away unless it is needed right now.",
            command::remove_manager(&manager.resource, &manager.user.id, &roles),
        );
        outcome.manager(rule, record, &reason, advice);
    }
}

fn judge_roles(case: &Case<'_>, outcome: &mut Outcome<'_>, record: &ManagerRecord, unlisted: &mut Vec<Role>) {
    let manager = &record.manager;
    if manager.roles.is_empty() {
        let (name, place) = (case.name(&manager.user), case.place(&manager.resource));
        let reason = format!("{name} is manager of {place} without any role.");
        let advice = Advice::new(
            "Remove the manager, or give it the role that was meant.",
            command::remove_manager(&manager.resource, &manager.user.id, &[]),
        );
        outcome.manager(&rules::NO_ROLE, record, &reason, advice);
    }
    let uncommon: Vec<Role> = manager.roles.iter().filter(|role| role.card().is_none()).cloned().collect();
    if uncommon.is_empty() {
        return;
    }
    let Some(offered) = offered(case, manager.resource.level()) else {
        unlisted.extend(uncommon);
        return;
    };
    let unknown: Vec<Role> = uncommon.into_iter().filter(|role| !offered.contains(role)).collect();
    if unknown.is_empty() {
        return;
    }
    let (name, place) = (case.name(&manager.user), case.place(&manager.resource));
    let reason =
        format!("{name} holds {} on {place}, which this server does not know.", words::list(&unknown));
    let advice = Advice::new(
        "Take the role away, or define it again in the configuration of the server.",
        command::remove_manager(&manager.resource, &manager.user.id, &unknown),
    );
    outcome.manager(&rules::UNKNOWN_ROLE, record, &reason, advice);
}

/// The roles that the server offers at a level. The list of a project in the default organization names the `*_GLOBAL`
/// ones only, although it accepts others (CONTRACT.md section 9), so it cannot tell what is unknown.
fn offered<'a>(case: &Case<'a>, level: Level) -> Option<&'a [Role]> {
    let offered = case.evidence.offered.get(&level)?;
    let is_short = level == Level::Project && offered.iter().all(|role| role.key().ends_with("_GLOBAL"));
    (!is_short).then_some(offered)
}
