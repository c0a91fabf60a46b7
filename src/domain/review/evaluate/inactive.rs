//! Managers of what is switched off.

use crate::domain::command;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::review::{Rule, rules};

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::words;

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let mut unknown: [Vec<String>; 3] = [const { Vec::new() }; 3];
    let [organizations, projects, grants] = &mut unknown;
    for (resource, records) in case.resources() {
        let (rule, unread) = match resource.level() {
            Level::Instance => continue,
            Level::Organization => (&rules::INACTIVE_ORGANIZATION, &mut *organizations),
            Level::Project => (&rules::INACTIVE_PROJECT, &mut *projects),
            Level::ProjectGrant => (&rules::INACTIVE_GRANT, &mut *grants),
        };
        match case.is_in_use(resource) {
            Some(true) => {}
            Some(false) => found(case, outcome, rule, resource, records),
            None => unread.push(case.place(resource)),
        }
    }
    let [organizations, projects, grants] = unknown;
    let (about, why) = ("Not judged for", "whether it is in use could not be read");
    outcome.unjudged_for(&rules::INACTIVE_ORGANIZATION, about, organizations, why);
    outcome.unjudged_for(&rules::INACTIVE_PROJECT, about, projects, why);
    outcome.unjudged_for(&rules::INACTIVE_GRANT, about, grants, why);
}

fn found(
    case: &Case<'_>,
    outcome: &mut Outcome<'_>,
    rule: &'static Rule,
    resource: &Resource,
    records: &[&ManagerRecord],
) {
    let place = case.place(resource);
    let managers = words::count(records.len(), "manager");
    let reason = format!(
        "{} is inactive and still has {managers}: {}.",
        upper(&place),
        words::list(&case.names(records))
    );
    let users = records.iter().map(|record| &record.manager.user.id);
    let advice = Advice::new(
        format!("Remove the managers, or {place} itself if it will not come back."),
        command::remove_managers(resource, users),
    );
    outcome.found(rule, case.subject(resource), records, &reason, advice);
}

fn upper(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
