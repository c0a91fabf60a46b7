//! Powers given in the last days, and by whom.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::command;
use crate::domain::id::UserId;
use crate::domain::inventory::{GrantedOn, ManagerRecord, RoleGrant};
use crate::domain::review::rules;
use crate::domain::role::Role;
use crate::domain::text::SafeText;

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::roles::gives_power;
use super::words;

const HOURS_OF_A_DAY: i64 = 24;

/// The events of one membership, newest first.
type History<'a> = HashMap<(&'a GrantedOn, &'a UserId), Vec<&'a RoleGrant>>;

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let rule = &rules::RECENT_POWER;
    let Some(events) = &case.evidence.events else {
        outcome.unjudged(rule, "Not judged: the events that tell who gave which role could not be read.");
        return;
    };
    let days = SignedDuration::from_hours(i64::from(case.settings.recent_days) * HOURS_OF_A_DAY);
    let since = case.evidence.now.checked_sub(days).unwrap_or(Timestamp::MIN);
    let history = recent_history(events, since);
    if history.is_empty() {
        return;
    }
    for record in case.records() {
        let resource = GrantedOn::of(&record.manager.resource);
        if let Some(events) = history.get(&(&resource, &record.manager.user.id)) {
            judge_manager(case, outcome, record, events, since);
        }
    }
}

/// The events of the memberships that changed since then.
fn recent_history(events: &[RoleGrant], since: Timestamp) -> History<'_> {
    let mut history = History::new();
    for event in events.iter().filter(|event| event.time >= since && event.roles.is_some()) {
        history.entry((&event.resource, &event.user)).or_default();
    }
    for event in events {
        if let Some(events) = history.get_mut(&(&event.resource, &event.user)) {
            events.push(event);
        }
    }
    for events in history.values_mut() {
        events.sort_by_key(|event| Reverse(event.time));
    }
    history
}

fn judge_manager(
    case: &Case<'_>,
    outcome: &mut Outcome<'_>,
    record: &ManagerRecord,
    events: &[&RoleGrant],
    since: Timestamp,
) {
    let manager = &record.manager;
    let base = events.iter().find(|event| event.time < since);
    let before = base.and_then(|event| event.roles.as_deref()).unwrap_or_default();
    let gained: Vec<&Role> = manager
        .roles
        .iter()
        .filter(|role| gives_power(role) && !before.contains(role))
        .filter(|role| events.iter().any(|event| event.time >= since && holds(event, role)))
        .collect();
    // The newest event that brought some of them: the one before it, if any is known, lacked them.
    let brought = events.iter().enumerate().find_map(|(place, event)| {
        let older = events.get(place + 1);
        let lacked = |role: &Role| older.is_none_or(|older| !holds(older, role));
        let roles: Vec<Role> = gained
            .iter()
            .filter(|role| holds(event, role) && lacked(role))
            .map(|role| (*role).clone())
            .collect();
        (!roles.is_empty()).then_some((event, roles))
    });
    let Some((event, roles)) = brought else { return };
    let editor = event.editor.or(&event.editor_id).or(&SafeText::new("somebody unknown"));
    let (name, place) = (case.name(&manager.user), case.place(&manager.resource));
    let (listed, day) = (words::list(&roles), words::day(event.time));
    // Events may reach back to `since` only; a membership that is older may have held the role before.
    let may_be_older = base.is_none() && manager.created.is_some_and(|created| created < since);
    let reason = if may_be_older {
        format!(
            "{editor} changed the roles of {name} on {place} on {day}; {listed} may be among what is new."
        )
    } else {
        format!("{name} got {listed} on {place} on {day} from {editor}.")
    };
    let command = if may_be_older {
        command::show_user(&manager.user.id)
    } else {
        command::remove_manager(&manager.resource, &manager.user.id, &roles)
    };
    let fix = format!("Ask {editor} what it is needed for, and take it back if there is no answer.");
    outcome.manager(&rules::RECENT_POWER, record, &reason, Advice::new(fix, command));
}

fn holds(event: &RoleGrant, role: &Role) -> bool {
    event.roles.as_ref().is_some_and(|roles| roles.contains(role))
}
