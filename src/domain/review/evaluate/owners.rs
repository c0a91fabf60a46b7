//! Resources without an owner who can sign in, and with only one.

use crate::domain::command;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::review::rules;
use crate::domain::role::owner_role;

use super::case::{Case, Standing};
use super::outcome::{Advice, Outcome};
use super::words;

/// The owners of one resource by whether they can sign in.
struct Owners<'a> {
    able: Vec<&'a ManagerRecord>,
    dead: Vec<&'a ManagerRecord>,
    unknown: Vec<&'a ManagerRecord>,
}

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    judge_instance(case, outcome);
    judge_organizations(case, outcome);
    judge_projects_and_grants(case, outcome);
}

fn judge_instance(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let instance = Resource::Instance;
    if !case.is_whole(&instance) {
        return;
    }
    let owners = owners(case, &instance);
    // Who reads the managers of the instance is one of them, so an empty list was not meant for us.
    let unknown = if case.managers_of(&instance).is_empty() {
        Some("No manager of the instance is visible, although whoever may see them is one.".to_owned())
    } else {
        (!owners.unknown.is_empty()).then(|| {
            let names = words::list(&case.names(&owners.unknown));
            format!("Whether {names} can sign in could not be read.")
        })
    };
    match (owners.able.len(), unknown) {
        (0, None) => none_left(case, outcome, &instance, &owners),
        (0, Some(why)) => {
            outcome.unjudged(&rules::NO_INSTANCE_OWNER, &why);
            outcome.unjudged(&rules::ONE_INSTANCE_OWNER, &why);
        }
        (1, None) => only_one(case, outcome, &instance, &owners),
        (1, Some(why)) => outcome.unjudged(&rules::ONE_INSTANCE_OWNER, &why),
        _ => {}
    }
}

fn judge_organizations(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let (mut without, mut with_one, mut unlisted) = (Vec::new(), Vec::new(), Vec::new());
    for organization in case.evidence.organizations.values() {
        let resource = Resource::Organization(organization.id.clone());
        if !case.is_whole(&resource) || case.is_in_use(&resource) == Some(false) {
            continue;
        }
        let owners = owners(case, &resource);
        match (owners.able.len(), owners.unknown.is_empty()) {
            (0, true) => none_left(case, outcome, &resource, &owners),
            (0, false) => without.push(organization.title()),
            (1, true) => only_one(case, outcome, &resource, &owners),
            (1, false) => with_one.push(organization.title()),
            _ => {}
        }
    }
    for (resource, _) in case.resources() {
        if let Resource::Organization(id) = resource
            && !case.evidence.organizations.contains_key(id)
        {
            unlisted.push(case.organization_name(id));
        }
    }
    let state = "whether their owners can sign in could not be read";
    let about = "Not judged for";
    with_one.extend(without.iter().cloned());
    outcome.unjudged_for(&rules::NO_ORGANIZATION_OWNER, about, without, state);
    outcome.unjudged_for(&rules::ONE_ORGANIZATION_OWNER, about, with_one, state);
    let hidden = "the organization itself cannot be read, so others may manage it unseen";
    outcome.unjudged_for(&rules::NO_ORGANIZATION_OWNER, about, unlisted.clone(), hidden);
    outcome.unjudged_for(&rules::ONE_ORGANIZATION_OWNER, about, unlisted, hidden);
}

fn judge_projects_and_grants(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let mut unsure = Vec::new();
    let mut unlisted = Vec::new();
    for (resource, _) in case.resources() {
        if resource.level() < Level::Project || !case.is_whole(resource) {
            continue;
        }
        let owners = owners(case, resource);
        if !owners.able.is_empty() {
            continue;
        }
        match case.is_in_use(resource) {
            Some(false) => {}
            _ if !owners.unknown.is_empty() => unsure.push(case.place(resource)),
            Some(true) if !owners.dead.is_empty() => none_left(case, outcome, resource, &owners),
            None if !owners.dead.is_empty() => unlisted.push(case.place(resource)),
            _ => {}
        }
    }
    let rule = &rules::NO_OWN_OWNER;
    let about = "Not judged for";
    outcome.unjudged_for(rule, about, unsure, "whether their owners can sign in could not be read");
    outcome.unjudged_for(rule, about, unlisted, "it cannot be read, so others may manage it unseen");
}

fn owners<'a>(case: &Case<'a>, resource: &Resource) -> Owners<'a> {
    let mut owners = Owners { able: Vec::new(), dead: Vec::new(), unknown: Vec::new() };
    for record in case.managers_of(resource).iter().copied().filter(|record| case.is_owner(record)) {
        match case.standing(&record.manager.user.id) {
            Standing::Able => owners.able.push(record),
            Standing::Unable(_) | Standing::Gone => owners.dead.push(record),
            Standing::Unknown => owners.unknown.push(record),
        }
    }
    owners
}

fn none_left(case: &Case<'_>, outcome: &mut Outcome<'_>, resource: &Resource, owners: &Owners<'_>) {
    let rule = match resource.level() {
        Level::Instance => &rules::NO_INSTANCE_OWNER,
        Level::Organization => &rules::NO_ORGANIZATION_OWNER,
        Level::Project | Level::ProjectGrant => &rules::NO_OWN_OWNER,
    };
    let owner = owner_role(resource.level());
    let place = case.place(resource);
    let (reason, fix) = if owners.dead.is_empty() {
        (format!("Nobody holds {owner} on {place}."), format!("Make somebody who can sign in {owner}."))
    } else {
        let names = words::list(&case.names(&owners.dead));
        (
            format!("No owner of {place} can sign in: {}.", words::list(&standings(case, &owners.dead))),
            format!("Make somebody else {owner} who can sign in, or see to it that {names} can."),
        )
    };
    let advice = Advice::new(fix, command::list_managers(resource));
    outcome.found(rule, case.subject(resource), &owners.dead, &reason, advice);
}

fn only_one(case: &Case<'_>, outcome: &mut Outcome<'_>, resource: &Resource, owners: &Owners<'_>) {
    let is_instance = *resource == Resource::Instance;
    let rule = if is_instance { &rules::ONE_INSTANCE_OWNER } else { &rules::ONE_ORGANIZATION_OWNER };
    let owner = owner_role(resource.level());
    let name = words::list(&case.names(&owners.able));
    let place = case.place(resource);
    let mut reason = format!("{name} is the only {owner} of {place} who can sign in.");
    if !owners.dead.is_empty() {
        let dead = words::list(&standings(case, &owners.dead));
        reason = format!("{name} is the only {owner} of {place} who can sign in; {dead}.");
    }
    let advice = Advice::new(format!("Make a second account {owner}."), command::list_managers(resource));
    outcome.found(rule, case.subject(resource), &owners.able, &reason, advice);
}

fn standings(case: &Case<'_>, records: &[&ManagerRecord]) -> Vec<String> {
    let words = |record: &&ManagerRecord| {
        let user = &record.manager.user;
        format!("{} {}", case.name(user), case.standing(&user.id).words())
    };
    records.iter().map(words).collect()
}
