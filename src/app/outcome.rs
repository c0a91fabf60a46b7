//! What became of a change, in words.

use super::explain;
use super::message::Tone;
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome};
use crate::domain::manager::Manager;
use crate::domain::role::Role;

/// A result in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How it is meant.
    pub tone: Tone,
    /// What became of it.
    pub what: String,
    /// Why, and what holds now; may be empty.
    pub why: String,
    /// What to do next; may be empty.
    pub next: String,
}

/// What a change does, e.g. `Make Deploy Bot manager of Globex`.
pub fn deed(change: &Change) -> String {
    let (user, resource) = (change.user.title(), &change.resource_name);
    match change.kind() {
        ChangeKind::Add => format!("Make {user} manager of {resource}"),
        ChangeKind::ChangeRoles => format!("Change the roles of {user} on {resource}"),
        ChangeKind::Remove => format!("Remove {user} from the managers of {resource}"),
        ChangeKind::Nothing => format!("Nothing to change for {user} on {resource}"),
    }
}

/// How far a change is.
pub const fn step(step: Option<ApplyStep>) -> &'static str {
    match step {
        None => "waiting to be sent",
        Some(ApplyStep::Reading) => "reading what holds now",
        Some(ApplyStep::Writing) => "sent, waiting for the answer",
        Some(ApplyStep::Verifying) => "accepted, reading it back",
    }
}

/// What became of a change.
pub fn told(change: &Change, outcome: &Outcome) -> Told {
    let (user, resource) = (change.user.title(), &change.resource_name);
    let tell = |tone, what: String, why: String, next: &str| Told { tone, what, why, next: next.to_owned() };
    match outcome {
        Outcome::Done(Some(row)) => {
            let roles = explain::listed(&row.roles, "no roles");
            tell(
                Tone::Good,
                format!("Done: {user} is {roles} on {resource}, as read back"),
                String::new(),
                "",
            )
        }
        Outcome::Done(None) => {
            tell(Tone::Good, format!("Done: {user} is no manager of {resource} any more"), String::new(), "")
        }
        Outcome::AlreadySo(_) => tell(
            Tone::Good,
            format!("Nothing sent: it is already so for {user} on {resource}"),
            "Somebody made this change before".to_owned(),
            "",
        ),
        Outcome::NotVisibleYet => tell(
            Tone::Warning,
            format!("Accepted, but not visible yet: {user} on {resource}"),
            "The server took the change; its lists do not show it so far".to_owned(),
            "Read the managers again in a moment",
        ),
        Outcome::ChangedMeanwhile(row) => tell(
            Tone::Warning,
            format!("Nothing written: somebody changed {user} on {resource} meanwhile"),
            format!("What holds now: {}", holds(row.as_ref())),
            "Try again to review the change against what holds now",
        ),
        Outcome::Failed(problem) => tell(
            Tone::Bad,
            format!("Not done, nothing was written: {}", problem.what),
            problem.why.to_string(),
            problem.fix.as_str(),
        ),
        Outcome::LostAndNotDone(problem) => tell(
            Tone::Bad,
            format!("Not done: no answer came, and reading shows that {user} on {resource} is unchanged"),
            problem.why.to_string(),
            "It may be tried again",
        ),
        Outcome::Unknown(problem) => tell(
            Tone::Bad,
            format!("Unknown whether it happened: {user} on {resource}"),
            format!("It was sent, no answer came, and it could not be read back. {}", problem.why),
            "Read the managers again before you repeat it",
        ),
    }
}

fn holds(row: Option<&Manager>) -> String {
    row.map_or_else(|| "no manager".to_owned(), |row| explain::listed(&row.roles, "no roles"))
}

/// The same intention against what holds now.
pub fn against(change: &Change, now: Option<&Manager>) -> Change {
    let holds: Vec<Role> = now.map(|row| row.roles.clone()).unwrap_or_default();
    let removed: Vec<&Role> = change.removed().collect();
    let kept = holds.iter().filter(|role| !removed.contains(role)).cloned();
    let new = change.added().filter(|role| !holds.contains(role)).cloned();
    let after = if change.kind() == ChangeKind::Remove { Vec::new() } else { kept.chain(new).collect() };
    Change { before: now.map(|row| row.roles.clone()), after, ..change.clone() }
}

/// Whether the same can be tried again without harm.
pub const fn can_be_tried_again(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(_) | Outcome::LostAndNotDone(_) | Outcome::ChangedMeanwhile(_))
}

/// Whether it holds now.
pub const fn holds_now(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done(_) | Outcome::AlreadySo(_))
}

/// What a change gives and takes, in one line, e.g. `+ORG_OWNER −ORG_OWNER_VIEWER`.
pub fn difference(change: &Change) -> String {
    let removed = change.removed().map(|role| format!("−{role}"));
    let added = change.added().map(|role| format!("+{role}"));
    let parts: Vec<String> = removed.chain(added).collect();
    match (parts.is_empty(), change.kind()) {
        (true, ChangeKind::Remove) => "removed".to_owned(),
        (true, _) => "nothing".to_owned(),
        (false, _) => parts.join(" "),
    }
}
