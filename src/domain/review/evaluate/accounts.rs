//! Managers whose account is out of use.

use crate::domain::command;
use crate::domain::review::rules;

use super::case::{Case, Standing};
use super::outcome::{Advice, Outcome};
use super::words;

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let (mut owners, mut others) = (Vec::new(), Vec::new());
    for record in case.records() {
        let manager = &record.manager;
        let is_owner = case.is_owner(record);
        let standing = case.standing(&manager.user.id);
        match standing {
            Standing::Able => continue,
            Standing::Unknown => {
                let unknown = if is_owner { &mut owners } else { &mut others };
                unknown.push(case.name(&manager.user));
                continue;
            }
            Standing::Unable(_) | Standing::Gone => {}
        }
        let rule = if is_owner { &rules::DEAD_OWNER } else { &rules::DEAD_MANAGER };
        let name = case.name(&manager.user);
        let place = case.place(&manager.resource);
        let power = if manager.roles.is_empty() {
            format!("manager of {place}")
        } else {
            format!("{} on {place}", words::list(&manager.roles))
        };
        let fix = if standing == Standing::Gone {
            "Remove the manager."
        } else {
            "Remove the manager, or reactivate the account if it is still needed."
        };
        let advice = Advice::new(fix, command::remove_manager(&manager.resource, &manager.user.id, &[]));
        outcome.manager(rule, record, &format!("{name}, {power}, {}.", standing.words()), advice);
    }
    let why = "their accounts could not be read";
    outcome.unjudged_for(&rules::DEAD_OWNER, "Not judged for", owners, why);
    outcome.unjudged_for(&rules::DEAD_MANAGER, "Not judged for", others, why);
}
