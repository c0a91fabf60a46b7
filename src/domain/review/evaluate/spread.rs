//! Persons with powers in several organizations.

use std::collections::BTreeMap;

use crate::domain::command;
use crate::domain::id::OrganizationId;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::review::{Subject, rules};
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::roles::gives_power;
use super::words;

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let mut unknown = Vec::new();
    for (user, records) in case.users() {
        let kind = case.kind(user);
        if kind == UserKind::Service || records.len() < case.settings.many_organizations {
            continue;
        }
        let powers: Vec<&ManagerRecord> = records
            .iter()
            .copied()
            .filter(|record| record.manager.roles.iter().any(gives_power))
            .filter(|record| record.manager.resource != Resource::Instance)
            .collect();
        let organizations: BTreeMap<&OrganizationId, SafeText> = powers
            .iter()
            .filter_map(|record| reach(&record.manager.resource))
            .map(|organization| (organization, case.organization_name(organization)))
            .collect();
        if organizations.len() < case.settings.many_organizations.max(1) {
            continue;
        }
        let name = case.name(user);
        if kind == UserKind::Unknown {
            unknown.push(name);
            continue;
        }
        let number = words::count(organizations.len(), "organization");
        let names: Vec<SafeText> = organizations.into_values().collect();
        let reason = format!("{name} has powers in {number}: {}.", words::list(&names));
        let advice = Advice::new(
            format!("Go through the list with {name}, and remove what is not needed any more."),
            command::list_managers_of(&user.id),
        );
        outcome.found(&rules::MANY_ORGANIZATIONS, Subject::User(user.clone()), &powers, &reason, advice);
    }
    let why = "whether they are persons could not be read";
    outcome.unjudged_for(&rules::MANY_ORGANIZATIONS, "Not judged for", unknown, why);
}

/// The organization that a power reaches into: of a grant the one that received it.
const fn reach(resource: &Resource) -> Option<&OrganizationId> {
    match resource {
        Resource::ProjectGrant { granted, .. } => Some(granted),
        other => other.organization(),
    }
}
