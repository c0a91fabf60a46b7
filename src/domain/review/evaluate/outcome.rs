//! What the rules have found so far, under the settings of the operator.

use std::fmt;

use crate::domain::inventory::ManagerRecord;
use crate::domain::review::{Finding, ReviewSettings, Rule, Severity, Subject};
use crate::domain::text::SafeText;

use super::words;

pub(super) struct Outcome<'a> {
    settings: &'a ReviewSettings,
    pub(super) findings: Vec<Finding>,
    pub(super) unjudged: Vec<(&'static Rule, SafeText)>,
}

/// What to do about a finding.
pub(super) struct Advice {
    pub(super) fix: String,
    pub(super) commands: Vec<String>,
}

impl Advice {
    pub(super) fn new(fix: impl Into<String>, command: String) -> Self {
        Self { fix: fix.into(), commands: vec![command] }
    }
}

impl<'a> Outcome<'a> {
    pub(super) const fn new(settings: &'a ReviewSettings) -> Self {
        Self { settings, findings: Vec::new(), unjudged: Vec::new() }
    }

    /// How much findings of the rule matter; none where it is turned off.
    pub(super) fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.settings.severities.get(rule.id).copied().unwrap_or(Some(rule.severity))
    }

    pub(super) fn found(
        &mut self,
        rule: &'static Rule,
        subject: Subject,
        managers: &[&ManagerRecord],
        reason: &str,
        advice: Advice,
    ) {
        let Some(severity) = self.severity(rule) else { return };
        self.findings.push(Finding {
            rule,
            severity,
            subject,
            managers: managers.iter().copied().cloned().collect(),
            reason: SafeText::new(reason),
            fix: SafeText::new(&advice.fix),
            commands: advice.commands,
            accepted: None,
        });
    }

    /// A finding about one manager.
    pub(super) fn manager(
        &mut self,
        rule: &'static Rule,
        record: &ManagerRecord,
        reason: &str,
        advice: Advice,
    ) {
        self.found(rule, Subject::Manager(Box::new(record.clone())), &[record], reason, advice);
    }

    pub(super) fn unjudged(&mut self, rule: &'static Rule, reason: &str) {
        if self.severity(rule).is_some() {
            self.unjudged.push((rule, SafeText::new(reason)));
        }
    }

    /// Says that the rule was not judged for these, if there are any.
    pub(super) fn unjudged_for<T: fmt::Display + Ord>(
        &mut self,
        rule: &'static Rule,
        about: &str,
        mut names: Vec<T>,
        why: &str,
    ) {
        if names.is_empty() {
            return;
        }
        names.sort_unstable();
        names.dedup();
        self.unjudged(rule, &format!("{about} {}: {why}.", words::list(&names)));
    }
}
