//! Judges the evidence by the rules. Every group of rules looks at the same index, made once; what a rule cannot tell
//! it says so, and never takes "not seen" for "not there".

mod acceptances;
mod accounts;
mod blind;
mod case;
mod credentials;
mod inactive;
mod instance;
mod outcome;
mod owners;
mod recent;
mod roles;
mod spread;
mod words;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use self::case::Case;
use self::outcome::Outcome;
use super::acceptance::Acceptance;
use super::{Evidence, ReviewReport, ReviewSettings};

/// Judges the evidence. The same evidence gives the same report, in whatever order its records come.
pub fn review(evidence: &Evidence, settings: &ReviewSettings, accepted: &[Acceptance]) -> ReviewReport {
    let case = Case::new(evidence, settings);
    let mut outcome = Outcome::new(settings);
    owners::judge(&case, &mut outcome);
    accounts::judge(&case, &mut outcome);
    instance::judge(&case, &mut outcome);
    roles::judge(&case, &mut outcome);
    inactive::judge(&case, &mut outcome);
    spread::judge(&case, &mut outcome);
    recent::judge(&case, &mut outcome);
    credentials::judge(&case, &mut outcome);
    blind::judge(&case, &mut outcome);

    let Outcome { mut findings, mut unjudged, .. } = outcome;
    findings.sort_by_cached_key(|finding| (Reverse(finding.severity), finding.key()));
    unjudged.sort_by(|(left, why), (right, other)| (left.id, why).cmp(&(right.id, other)));
    let stale = acceptances::mark(&mut findings, &unjudged, accepted, words::day(evidence.now));
    ReviewReport {
        findings,
        unjudged,
        unread: evidence.unread.clone(),
        stale,
        managers: evidence.records.len(),
        users: case.users().count(),
        resources: case.resources().count(),
    }
}
