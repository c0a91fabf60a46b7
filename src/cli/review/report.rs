//! What every format shows of a review.

use std::path::Path;

use jiff::tz::TimeZone;

use super::Wanted;
use crate::config::acceptances::DEFAULT_FILE;
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::ManagerUser;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{Evidence, Finding, ReviewReport, ReviewSettings, Rule, Severity, Subject};
use crate::domain::text::SafeText;

/// A review as it was asked for.
pub(super) struct Report<'a> {
    instance: &'a SafeText,
    now: jiff::Timestamp,
    found: ReviewReport,
    wanted: &'a Wanted,
}

impl<'a> Report<'a> {
    /// Leaves out what other rules found than those that were asked for.
    pub(super) fn new(evidence: &'a Evidence, mut found: ReviewReport, wanted: &'a Wanted) -> Self {
        let is_wanted = |id: &str| wanted.rules.iter().any(|rule| rule.id == id);
        found.findings.retain(|finding| is_wanted(finding.rule.id));
        found.unjudged.retain(|(rule, _)| is_wanted(rule.id));
        let all = wanted.rules.len() == crate::domain::review::RULES.len();
        found.stale.retain(|stale| all || stale.finding.as_str().split('/').next().is_some_and(is_wanted));
        Self { instance: &evidence.instance_name, now: evidence.now, found, wanted }
    }

    /// All that was found.
    pub(super) const fn of_all(
        instance: &'a SafeText,
        now: jiff::Timestamp,
        found: ReviewReport,
        wanted: &'a Wanted,
    ) -> Self {
        Self { instance, now, found, wanted }
    }

    pub(super) const fn instance(&self) -> &SafeText {
        self.instance
    }

    pub(super) const fn settings(&self) -> &ReviewSettings {
        &self.wanted.settings
    }

    /// Every finding, whether it is to be shown or not.
    pub(super) fn everything(&self) -> &[Finding] {
        &self.found.findings
    }

    /// The findings to show.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Finding> {
        let wanted = self.wanted;
        self.found.findings.iter().filter(move |finding| {
            finding.severity >= wanted.least && (wanted.with_accepted || finding.accepted.is_none())
        })
    }

    /// The findings to show of one severity.
    pub(super) fn of(&self, severity: Severity) -> Vec<&Finding> {
        self.shown().filter(|finding| finding.severity == severity).collect()
    }

    /// How many findings of a severity nobody accepted, shown or not.
    pub(super) fn open(&self, severity: Severity) -> usize {
        let open = |finding: &&Finding| finding.accepted.is_none() && finding.severity == severity;
        self.found.findings.iter().filter(open).count()
    }

    /// How many findings somebody accepted.
    pub(super) fn accepted(&self) -> usize {
        self.found.findings.iter().filter(|finding| finding.accepted.is_some()).count()
    }

    /// How many findings that nobody accepted are not shown.
    pub(super) fn below(&self) -> usize {
        let below = |finding: &&Finding| finding.accepted.is_none() && finding.severity < self.wanted.least;
        self.found.findings.iter().filter(below).count()
    }

    pub(super) fn unread(&self) -> &[UnreadPart] {
        &self.found.unread
    }

    pub(super) fn unjudged(&self) -> &[(&'static Rule, SafeText)] {
        &self.found.unjudged
    }

    /// Acceptances that no longer do anything, each with the reason.
    pub(super) fn stale(&self) -> impl Iterator<Item = (&Acceptance, &'static str)> {
        let today = self.now.to_zoned_datetime(TimeZone::UTC).date();
        self.found.stale.iter().map(move |stale| {
            (stale, if stale.until < today { "has ended" } else { "fits no finding any more" })
        })
    }

    pub(super) fn fails(&self, least: Severity) -> bool {
        self.found.fails(least)
    }

    pub(super) const fn looked_at(&self) -> [(&'static str, usize); 3] {
        [("managers", self.found.managers), ("users", self.found.users), ("resources", self.found.resources)]
    }

    /// The file of acceptances as a path from the current folder on; that of the usual name where there is none, or
    /// where it is elsewhere.
    pub(super) fn file(&self) -> String {
        let usual = Path::new(DEFAULT_FILE);
        let given = self.wanted.file.as_deref().unwrap_or(usual);
        let here = std::env::current_dir().unwrap_or_default();
        let below = given.strip_prefix(&here).unwrap_or(given);
        let parts: Vec<_> = below.components().collect();
        let is_here = parts.iter().all(|part| matches!(part, std::path::Component::Normal(_)));
        let parts: Vec<_> = if is_here { parts } else { usual.components().collect() };
        parts.iter().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// `3 managers`, `1 manager`.
pub(super) fn count(number: usize, plural: &str) -> String {
    let word = if number == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{number} {word}")
}

/// What was found in one line: `2 critical, 1 low, 3 accepted`.
pub(super) fn summary(report: &Report<'_>) -> String {
    let found = Severity::NAMED.iter().rev().map(|(name, severity)| (report.open(*severity), *name));
    let accepted = (report.accepted(), "accepted");
    let parts: Vec<String> = found
        .chain([accepted])
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if parts.is_empty() { "nothing found".to_owned() } else { parts.join(", ") }
}

/// What was looked at in one line.
pub(super) fn extent(report: &Report<'_>) -> String {
    let [managers, users, resources] = report.looked_at().map(|(word, number)| count(number, word));
    format!("{managers} ({users}) on {resources}")
}

/// What a finding is about.
pub(super) fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Resource { resource, name, organization_name } => place(resource, name, organization_name),
        Subject::User(user) => person(user),
        Subject::Manager(record) => format!("{} on {}", person(&record.manager.user), place_of(record)),
    }
}

/// One manager concerned, with its roles.
pub(super) fn manager(record: &ManagerRecord) -> String {
    let roles = super::super::shape::role_list(&record.manager.roles);
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles };
    format!("{}: {roles} on {}", person(&record.manager.user), place_of(record))
}

/// The managers of a finding: so many of them one by one, and how many more there are.
pub(super) fn concerned(finding: &Finding, told: usize) -> Vec<String> {
    let more = finding.managers.len().saturating_sub(told);
    let more = (more > 0).then(|| format!("and {more} more"));
    finding.managers.iter().take(told).map(manager).chain(more).collect()
}

/// Who, by both names.
fn person(user: &ManagerUser) -> String {
    let title = user.title();
    if user.login_name.is_empty() || title == user.login_name {
        title.to_string()
    } else {
        format!("{title} ({})", user.login_name)
    }
}

fn place_of(record: &ManagerRecord) -> String {
    place(&record.manager.resource, &record.resource_name, &record.organization_name)
}

fn place(resource: &Resource, name: &SafeText, organization_name: &SafeText) -> String {
    let level = resource.level();
    match level {
        Level::Instance => "the instance".to_owned(),
        Level::Organization => format!("the organization {name}"),
        Level::Project | Level::ProjectGrant if organization_name.is_empty() => format!("the {level} {name}"),
        Level::Project | Level::ProjectGrant => format!("the {level} {name} of {organization_name}"),
    }
}

/// A part that could not be read: what, why, and what to do.
pub(super) fn unread(part: &UnreadPart) -> String {
    let problem = &part.problem;
    let fix = if problem.fix.is_empty() { String::new() } else { format!(" ({})", problem.fix) };
    format!("{}: {}{fix}", part.name, problem.why)
}

/// An acceptance that no longer does anything.
pub(super) fn stale((acceptance, why): (&Acceptance, &str)) -> String {
    let Acceptance { finding, reason, author, until } = acceptance;
    format!("{finding} {why}: accepted by {author} until {until} ({reason})")
}

/// By whom a finding was accepted, until when and why.
pub(super) fn accepted(acceptance: &Acceptance) -> String {
    format!("{} until {}: {}", acceptance.author, acceptance.until, acceptance.reason)
}
