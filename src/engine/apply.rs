//! Writing one change: read now, compare, write once, read back. Only the read-back makes it done (DESIGN section 6).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::explain::{explain, lacking};
use super::session::Inner;
use crate::api::error::CallError;
use crate::api::managers::Place;
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, Membership};
use crate::domain::permission::{ManagerAction, judged_in_granted, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::{Role, same_roles, without_doubles};
use crate::domain::text::SafeText;

/// When to read back, counted from the end of the write: lists lag behind writes (CONTRACT.md section 15).
const READ_BACK_AFTER: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1500),
    Duration::from_secs(3),
    Duration::from_secs(5),
];

/// What reading back showed.
enum ReadBack {
    /// What was looked for; the row, or none.
    Seen(Option<Manager>),
    /// Something else to the end; the row as read last.
    NotSeen(Option<Manager>),
    /// The last attempt to read failed.
    Unreadable,
}

impl Inner {
    pub(super) async fn apply(
        &self,
        change: &Change,
        undoes: Option<&SafeText>,
        mut observe: impl FnMut(ApplyStep) + Send,
    ) -> Outcome {
        if self.read_only {
            return Outcome::Failed(read_only(change));
        }
        if self.facts.grant_writes_judged_elsewhere(&change.resource) {
            return Outcome::Failed(self.judged_elsewhere(change).await);
        }
        let _turn = self.queue.turn(&change.resource, &change.user.id).await;
        let place = self.place(&change.resource);
        observe(ApplyStep::Reading);
        let current = match self.current(change, &place).await {
            Ok(current) => current,
            Err(problem) => return Outcome::Failed(problem),
        };
        if holds(change, current.as_ref()) {
            return Outcome::AlreadySo(current);
        }
        if !is_as_shown(change, current.as_ref()) {
            return Outcome::ChangedMeanwhile(current);
        }
        let before = current.as_ref().map(|row| row.roles.as_slice());
        let intent = match self.journal.intend(change, before, undoes).await {
            Ok(intent) => intent,
            Err(problem) => return Outcome::Failed(problem.during(cannot(change))),
        };
        observe(ApplyStep::Writing);
        let sent = self.send(change, &place, before).await;
        observe(ApplyStep::Verifying);
        let outcome = self.judge(change, &place, sent).await;
        self.journal.conclude(intent, &outcome).await;
        outcome
    }

    /// What holds now.
    async fn current(&self, change: &Change, place: &Place) -> Result<Option<Manager>, Problem> {
        let row = self.client.manager(place, &change.user.id).await;
        let row = row.map_err(|error| {
            let what = format!("Cannot read the managers of {}", change.resource_name);
            let needs = manager_permission(change.resource.level(), ManagerAction::Read);
            explain(&self.facts, error, &what, needs)
        })?;
        if row.is_none() && !change.after.is_empty() && !self.grant_is_there(&change.resource).await {
            return Err(Problem::new(
                ProblemKind::NotFound,
                cannot(change),
                "The project grant cannot be read, and this server would take damage from a manager of a grant that \
                 does not exist.",
                "Nothing was sent; read the list of grants again.",
            ));
        }
        Ok(row)
    }

    /// A 2.x server accepts a manager of any grant id, and then shows no grant manager of the whole instance any more
    /// (CONTRACT.md section 7.4); so there a grant must be seen first. The own membership proves it too.
    async fn grant_is_there(&self, resource: &Resource) -> bool {
        let Resource::ProjectGrant { organization, project, grant, .. } = resource else { return true };
        let refuses_unknown_ones = self.facts.capabilities.is_version_4();
        let is_own =
            |own: &Membership| own.level == Level::ProjectGrant && own.resource_id.as_str() == grant.as_str();
        if refuses_unknown_ones || self.facts.memberships.iter().any(is_own) {
            return true;
        }
        let found = self.client.grant(organization, project, grant).await;
        found.is_ok_and(|found| found.is_some_and(|found| found.resource() == *resource))
    }

    /// Sends the write, once.
    async fn send(&self, change: &Change, place: &Place, before: Option<&[Role]>) -> Result<(), CallError> {
        let user = &change.user.id;
        match (before, change.after.is_empty()) {
            (_, true) => self.writes.remove(place, user).await,
            (None, false) => self.writes.add(place, user, &without_doubles(change.after.clone())).await,
            (Some(before), false) => {
                self.writes.change(place, user, &in_server_order(before, &change.after)).await
            }
        }
    }

    async fn judge(&self, change: &Change, place: &Place, sent: Result<(), CallError>) -> Outcome {
        match sent {
            Ok(()) => self.accepted(change, place).await,
            Err(error) if change.kind() == ChangeKind::ChangeRoles && error.is_unchanged() => {
                self.accepted(change, place).await
            }
            Err(error) if error.may_have_been_carried_out() => self.unanswered(change, place, error).await,
            Err(error) => self.refused(change, place, error).await,
        }
    }

    async fn accepted(&self, change: &Change, place: &Place) -> Outcome {
        match self.read_until(change, place, |row| holds(change, row)).await {
            ReadBack::Seen(row) => Outcome::Done(row),
            ReadBack::NotSeen(_) | ReadBack::Unreadable => Outcome::NotVisibleYet,
        }
    }

    async fn unanswered(&self, change: &Change, place: &Place, error: CallError) -> Outcome {
        let what = cannot(change);
        match self.read_until(change, place, |row| holds(change, row)).await {
            ReadBack::Seen(row) => Outcome::Done(row),
            ReadBack::NotSeen(row) if is_as_shown(change, row.as_ref()) => {
                Outcome::LostAndNotDone(error.into_problem(what))
            }
            // Neither what was nor what was wanted: perhaps written, and then changed by somebody else.
            ReadBack::NotSeen(_) | ReadBack::Unreadable => Outcome::Unknown(error.into_problem(what)),
        }
    }

    async fn refused(&self, change: &Change, place: &Place, error: CallError) -> Outcome {
        let meanwhile = match change.kind() {
            ChangeKind::Add => error.is_already_manager(),
            ChangeKind::ChangeRoles | ChangeKind::Remove => error.is_not_manager(),
            ChangeKind::Nothing => false,
        };
        if !meanwhile {
            return Outcome::Failed(self.refusal(change, error));
        }
        match self.read_until(change, place, |row| !is_as_shown(change, row)).await {
            ReadBack::Seen(row) if holds(change, row.as_ref()) => Outcome::AlreadySo(row),
            ReadBack::Seen(row) | ReadBack::NotSeen(row) => Outcome::ChangedMeanwhile(row),
            ReadBack::Unreadable => Outcome::Failed(error.into_problem(cannot(change))),
        }
    }

    /// Reads the one row until `looked_for` finds what it wants, or the time is over. Who may not read any more, e.g.
    /// after giving away the own power, is not asked again.
    async fn read_until(
        &self,
        change: &Change,
        place: &Place,
        looked_for: impl Fn(Option<&Manager>) -> bool + Send,
    ) -> ReadBack {
        let start = Instant::now();
        let mut last = ReadBack::NotSeen(None);
        for after in READ_BACK_AFTER {
            sleep_until(start + after).await;
            last = match self.client.manager(place, &change.user.id).await {
                Ok(row) if looked_for(row.as_ref()) => return ReadBack::Seen(row),
                Ok(row) => ReadBack::NotSeen(row),
                Err(error) if error.is_forbidden() => return ReadBack::Unreadable,
                Err(_) => ReadBack::Unreadable,
            };
        }
        last
    }

    fn refusal(&self, change: &Change, error: CallError) -> Problem {
        explain(&self.facts, error, &cannot(change), needed(change))
    }

    /// The refusal that a 4.x would answer, told before anything is sent.
    async fn judged_elsewhere(&self, change: &Change) -> Problem {
        let mut problem = lacking(&self.facts, &cannot(change), needed(change));
        if let Resource::ProjectGrant { granted, .. } = &change.resource {
            let named = self.organization_names(std::slice::from_ref(granted)).await;
            let named = named.into_iter().next().map(|(_, name)| name);
            let name = named.unwrap_or_else(|| SafeText::new(granted.as_str()));
            problem.why = judged_in_granted(&name);
            problem.fix = format!(
                "Nothing was sent. Make {} ORG_OWNER of {name} or PROJECT_GRANT_OWNER of the grant, or ask there.",
                self.facts.identity.login_name
            )
            .into();
        }
        problem
    }
}

/// The permission that a change needs.
fn needed(change: &Change) -> &'static str {
    let action = if change.after.is_empty() { ManagerAction::Remove } else { ManagerAction::Write };
    manager_permission(change.resource.level(), action)
}

fn read_only(change: &Change) -> Problem {
    Problem::new(
        ProblemKind::Refused,
        cannot(change),
        "The profile is read-only.",
        "Nothing was sent; use a profile without read_only.",
    )
}

/// What failed, in the words of the operator.
fn cannot(change: &Change) -> String {
    let (user, resource) = (change.user.title(), &change.resource_name);
    match change.kind() {
        ChangeKind::Add => format!("Cannot make {user} manager of {resource}"),
        ChangeKind::Remove => format!("Cannot remove {user} from the managers of {resource}"),
        ChangeKind::ChangeRoles | ChangeKind::Nothing => {
            format!("Cannot change the roles of {user} on {resource}")
        }
    }
}

/// Whether a row is what the change wants.
fn holds(change: &Change, row: Option<&Manager>) -> bool {
    match row {
        None => change.after.is_empty(),
        Some(row) => !change.after.is_empty() && same_roles(&row.roles, &change.after),
    }
}

/// Whether a row is what the operator saw.
fn is_as_shown(change: &Change, row: Option<&Manager>) -> bool {
    match (row, &change.before) {
        (None, None) => true,
        (Some(row), Some(before)) => same_roles(&row.roles, before),
        _ => false,
    }
}

/// The wanted roles: those that are held keep the order of the server, new ones come after. Another order would count
/// as a change of its own (recordings `members.*/update-reordered`).
fn in_server_order(before: &[Role], after: &[Role]) -> Vec<Role> {
    let kept = before.iter().filter(|role| after.contains(role));
    without_doubles(kept.chain(after).cloned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn roles(keys: &[&str]) -> Vec<Role> {
        keys.iter().map(|key| Role::new(*key)).collect()
    }

    #[rstest]
    #[case::new_ones_come_after(&["B", "A"], &["C", "A", "B"], &["B", "A", "C"])]
    #[case::taken_ones_go(&["A", "B", "C"], &["C", "A"], &["A", "C"])]
    #[case::doubles_go(&["A", "A"], &["A", "B", "B"], &["A", "B"])]
    fn roles_are_sent_in_the_order_of_the_server(
        #[case] before: &[&str],
        #[case] after: &[&str],
        #[case] sent: &[&str],
    ) {
        assert_eq!(in_server_order(&roles(before), &roles(after)), roles(sent));
    }
}
