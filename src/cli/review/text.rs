//! The report for people at a terminal, wrapped to its width.

use super::super::output::{Output, terminal_width};
use super::report::{Report, accepted, concerned, count, extent, stale, subject, summary, unread};
use crate::domain::review::{Finding, Severity};
use crate::domain::wrap::wrap;

/// Where nobody tells how wide a line may be.
const USUAL_WIDTH: usize = 80;
/// So many managers of a finding are told one by one.
const TOLD: usize = 5;

/// The whole report.
pub(super) fn text(report: &Report<'_>, output: &Output) -> String {
    let mut page =
        Page { output, width: terminal_width().unwrap_or(USUAL_WIDTH).max(20), text: String::new() };
    page.paragraph("", &format!("Access review of {}: {}", report.instance(), extent(report)));
    for (name, severity) in Severity::NAMED.iter().rev() {
        let findings = report.of(*severity);
        if !findings.is_empty() {
            page.title(&format!("{}: {}", name.to_uppercase(), count(findings.len(), "findings")));
        }
        for (place, finding) in findings.into_iter().enumerate() {
            if place > 0 {
                page.line("");
            }
            page.finding(finding);
        }
    }
    page.list("COULD NOT BE READ", report.unread().iter().map(unread));
    let unjudged = report.unjudged().iter();
    page.list(
        "COULD NOT BE JUDGED, WHOLLY OR IN PART",
        unjudged.map(|(rule, why)| format!("{} {}: {why}", rule.id, rule.title)),
    );
    page.list("ACCEPTANCES TO REMOVE", report.stale().map(stale));
    page.title("TOTAL");
    page.paragraph("  ", &summary(report));
    if report.below() > 0 {
        page.paragraph("  ", &format!("not shown: {} below that", count(report.below(), "findings")));
    }
    if report.unread().is_empty() {
        page.paragraph("  ", "everything could be read");
    } else {
        page.paragraph("  ", &format!("not read: {}", count(report.unread().len(), "parts")));
    }
    page.text
}

struct Page<'a> {
    output: &'a Output,
    width: usize,
    text: String,
}

impl Page<'_> {
    /// As it is, however long: keys and commands are to be copied.
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn title(&mut self, title: &str) {
        self.line("");
        let title = self.output.titles(title);
        self.line(&title);
    }

    /// Wrapped; lines after the first stand below the text, not below what is before it.
    fn paragraph(&mut self, before: &str, text: &str) {
        let indent = " ".repeat(before.chars().count());
        for (place, line) in wrap(text, self.width.saturating_sub(indent.len())).iter().enumerate() {
            let start = if place == 0 { before } else { &indent };
            self.line(&format!("{start}{line}"));
        }
    }

    fn list(&mut self, title: &str, entries: impl Iterator<Item = String>) {
        for (place, entry) in entries.enumerate() {
            if place == 0 {
                self.title(title);
            }
            self.paragraph("  ", &entry);
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let title = format!("{}: {}", finding.rule.title, subject(&finding.subject));
        self.paragraph(&format!("  {}  ", finding.rule.id), &title);
        self.paragraph("         ", finding.reason.as_str());
        for line in concerned(finding, TOLD) {
            self.paragraph("         - ", &line);
        }
        self.paragraph("         Fix: ", finding.fix.as_str());
        for command in &finding.commands {
            self.line(&format!("         $ {command}"));
        }
        if let Some(acceptance) = &finding.accepted {
            self.paragraph("         Accepted: ", &accepted(acceptance));
        }
        self.line(&format!("         Key: {}", finding.key()));
    }
}
