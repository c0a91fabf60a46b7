//! Keys and tokens of service users.

use jiff::Timestamp;

use crate::domain::command;
use crate::domain::inventory::ManagerRecord;
use crate::domain::manager::ManagerUser;
use crate::domain::review::{CredentialKind, Rule, ServiceCredential, Subject, rules};
use crate::domain::role::Role;
use crate::domain::user::UserKind;

use super::case::Case;
use super::outcome::{Advice, Outcome};
use super::roles::is_wide;
use super::words;

/// The server writes the end of such a year where none was asked for.
const NEVER: i16 = 9999;

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let (mut unread, mut unread_wide) = (Vec::new(), Vec::new());
    for (user, records) in case.users() {
        if case.kind(user) == UserKind::Human || case.standing(&user.id).is_dead() {
            continue;
        }
        let wide: Vec<&ManagerRecord> =
            records.iter().copied().filter(|record| record.manager.roles.iter().any(is_wide)).collect();
        let Some(credentials) = case.evidence.credentials.get(&user.id) else {
            // Nobody asks for the keys of those who only read.
            if !records.iter().all(|record| record.manager.roles.iter().all(Role::only_reads)) {
                unread.push(case.name(user));
            }
            if !wide.is_empty() {
                unread_wide.push(case.name(user));
            }
            continue;
        };
        let now = case.evidence.now;
        let (usable, ended): (Vec<_>, Vec<_>) =
            credentials.iter().partition(|credential| credential.expires.is_none_or(|end| end > now));
        let holder = Holder { case, user, records };
        if usable.is_empty() && !ended.is_empty() {
            holder.all_ended(outcome, &ended);
        }
        if !wide.is_empty() {
            let holder = Holder { case, user, records: &wide };
            holder.endless(outcome, &usable);
            holder.many(outcome, &usable);
        }
    }
    let (about, why) = ("Not judged for", "their keys and tokens could not be read");
    outcome.unjudged_for(&rules::ENDLESS_CREDENTIAL, about, unread_wide.clone(), why);
    outcome.unjudged_for(&rules::MANY_CREDENTIALS, about, unread_wide, why);
    outcome.unjudged_for(&rules::ENDED_CREDENTIALS, about, unread, why);
}

/// A service user with the powers in question.
struct Holder<'a> {
    case: &'a Case<'a>,
    user: &'a ManagerUser,
    records: &'a [&'a ManagerRecord],
}

impl Holder<'_> {
    fn endless(&self, outcome: &mut Outcome<'_>, usable: &[&ServiceCredential]) {
        let endless: Vec<&ServiceCredential> =
            usable.iter().copied().filter(|credential| never_ends(credential.expires)).collect();
        if endless.is_empty() {
            return;
        }
        let does = if endless.len() == 1 { "never ends" } else { "never end" };
        let what = format!("has {} that {does}", kinds(&endless));
        let fix = "Change over to a key with an end date, and delete what never ends in the console.";
        self.found(outcome, &rules::ENDLESS_CREDENTIAL, &what, fix);
    }

    fn many(&self, outcome: &mut Outcome<'_>, usable: &[&ServiceCredential]) {
        if usable.len() < self.case.settings.many_credentials.max(1) {
            return;
        }
        let what = format!("can sign in with {}", kinds(usable));
        let fix =
            "Delete those that nobody uses in the console, and give each program a service user of its own.";
        self.found(outcome, &rules::MANY_CREDENTIALS, &what, fix);
    }

    fn all_ended(&self, outcome: &mut Outcome<'_>, ended: &[&ServiceCredential]) {
        let last = ended.iter().filter_map(|credential| credential.expires).max();
        let when = last.map(|last| format!(", the last on {}", words::day(last))).unwrap_or_default();
        let name = self.case.name(self.user);
        let reason = format!("All keys and tokens of {name}, {}, have ended{when}.", self.powers());
        let fix = format!("Remove {name} as manager if nothing uses it any more, else renew its key.");
        let commands = self
            .records
            .iter()
            .map(|record| command::remove_manager(&record.manager.resource, &self.user.id, &[]))
            .collect();
        let subject = Subject::User(self.user.clone());
        outcome.found(&rules::ENDED_CREDENTIALS, subject, self.records, &reason, Advice { fix, commands });
    }

    fn found(&self, outcome: &mut Outcome<'_>, rule: &'static Rule, what: &str, fix: &str) {
        let reason = format!("{}, {}, {what}.", self.case.name(self.user), self.powers());
        let advice = Advice::new(fix, command::show_user(&self.user.id));
        outcome.found(rule, Subject::User(self.user.clone()), self.records, &reason, advice);
    }

    /// Its roles with the number of places, e.g. `ORG_OWNER on 3 resources`.
    fn powers(&self) -> String {
        let [only] = self.records else {
            let mut roles: Vec<&Role> =
                self.records.iter().flat_map(|record| &record.manager.roles).collect();
            roles.sort_unstable();
            roles.dedup();
            return format!("{} on {}", words::list(&roles), words::count(self.records.len(), "resource"));
        };
        let place = self.case.place(&only.manager.resource);
        if only.manager.roles.is_empty() {
            return format!("manager of {place}");
        }
        format!("{} on {place}", words::list(&only.manager.roles))
    }
}

fn never_ends(end: Option<Timestamp>) -> bool {
    end.is_none_or(|end| words::day(end).year() >= NEVER)
}

/// `1 key and 2 tokens`.
fn kinds(credentials: &[&ServiceCredential]) -> String {
    let keys = credentials.iter().filter(|credential| credential.kind == CredentialKind::Key).count();
    let told: Vec<String> = [(keys, "key"), (credentials.len() - keys, "token")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, thing)| words::count(number, thing))
        .collect();
    words::list(&told)
}
