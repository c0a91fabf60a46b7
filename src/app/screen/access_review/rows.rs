//! Which findings are shown: what the filter and the toggle leave of them, made when something changes and never for a
//! frame.

use crate::app::console;
use crate::app::explain;
use crate::domain::copy_as::{FindingFilter, Listed};
use crate::domain::level::Level;
use crate::domain::review::{Finding, Severity, Subject};
use crate::domain::text::SafeText;

/// The findings that are shown, by their places in the report.
#[derive(Debug, Default)]
pub struct Rows {
    shown: Vec<usize>,
    /// What each finding says, in small letters.
    texts: Vec<String>,
    /// Whether accepted findings are left out.
    pub hide_accepted: bool,
}

impl Rows {
    /// How many are shown.
    pub const fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none is shown.
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The place of the finding in this line.
    pub fn at(&self, line: usize) -> Option<usize> {
        self.shown.get(line).copied()
    }

    /// Learns what other findings say.
    pub(super) fn learn(&mut self, findings: &[Finding]) {
        self.texts = findings.iter().map(|finding| told(finding).to_lowercase()).collect();
    }

    /// Shows the findings that hold every word.
    pub(super) fn show(&mut self, findings: &[Finding], text: &str) {
        let text = text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let fits = |(finding, text): &(&Finding, &String)| {
            !(self.hide_accepted && finding.accepted.is_some())
                && words.iter().all(|word| text.contains(word))
        };
        let told = findings.iter().zip(&self.texts).enumerate();
        self.shown = told.filter(|(_, row)| fits(row)).map(|(at, _)| at).collect();
    }

    /// The shown findings as a list to copy: filtered as the command can, if that leaves exactly them.
    pub(super) fn listed(&self, findings: &[Finding], text: &str) -> Listed {
        let is_shown = |place: usize| self.shown.binary_search(&place).is_ok();
        let accepted = |finding: &Finding| finding.accepted.is_some();
        let text = text.trim();
        let rule =
            findings.iter().map(|finding| finding.rule).find(|rule| rule.id.eq_ignore_ascii_case(text));
        let least = Severity::NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        let filter = match (rule, least) {
            _ if text.is_empty() => FindingFilter::All,
            (Some(rule), _) => FindingFilter::Rule(rule),
            (_, Some((_, least))) => FindingFilter::AtLeast(*least),
            (None, None) => FindingFilter::Text,
        };
        let fits = |finding: &Finding| match filter {
            FindingFilter::All => true,
            FindingFilter::Rule(rule) => finding.rule == rule,
            FindingFilter::AtLeast(least) => finding.severity >= least,
            FindingFilter::Text => false,
        };
        let is_exact = findings.iter().enumerate().all(|(place, finding)| {
            is_shown(place) == (fits(finding) && !(self.hide_accepted && accepted(finding)))
        });
        let all = self.shown.iter().filter_map(|place| findings.get(*place)).any(accepted);
        Listed::Findings { filter: if is_exact { filter } else { FindingFilter::Text }, all }
    }
}

/// Everything that a finding says, for the filter.
fn told(finding: &Finding) -> String {
    let mut text = format!(
        "{} {} {} {} {} {}",
        finding.severity,
        finding.rule.id,
        finding.rule.title,
        title(&finding.subject),
        finding.reason,
        finding.key()
    );
    for record in &finding.managers {
        let user = &record.manager.user;
        let parts = [
            user.title().as_str(),
            user.login_name.as_str(),
            record.resource_name.as_str(),
            record.organization_name.as_str(),
            &explain::listed(&record.manager.roles, ""),
        ]
        .join(" ");
        text.push(' ');
        text.push_str(&parts);
    }
    if let Some(accepted) = &finding.accepted {
        text.push_str(&[" accepted", accepted.reason.as_str(), accepted.author.as_str()].join(" "));
    }
    text
}

/// What a finding is about, in few words.
pub fn title(subject: &Subject) -> SafeText {
    match subject {
        Subject::Resource { resource, name, organization_name } => match resource.level() {
            Level::Instance => name.or(&"instance".into()),
            Level::Organization => name.clone(),
            Level::Project | Level::ProjectGrant => format!("{name} · {organization_name}").into(),
        },
        Subject::User(user) => user.title(),
        Subject::Manager(record) => {
            format!("{} on {}", record.manager.user.title(), record.resource_name).into()
        }
    }
}

/// What a finding is about beside its reason, which names the resource of a manager.
pub fn title_beside_reason(subject: &Subject) -> SafeText {
    if let Subject::Manager(record) = subject { record.manager.user.title() } else { title(subject) }
}

/// The reason of a finding beside its title, which many a reason begins with.
pub fn reason_beside_title(finding: &Finding) -> &str {
    let reason = finding.reason.as_str();
    let user = match &finding.subject {
        Subject::User(user) => user.title(),
        Subject::Manager(record) => record.manager.user.title(),
        Subject::Resource { .. } => return reason,
    };
    let rest = reason.strip_prefix(user.as_str()).map(|rest| rest.trim_start_matches(','));
    rest.filter(|rest| rest.starts_with(' ')).map_or(reason, str::trim_start)
}

/// The page of the console that shows what a finding is about.
pub(super) fn console_path(subject: &Subject) -> String {
    match subject {
        Subject::Resource { resource, .. } => console::resource_path(resource, None),
        Subject::User(user) => console::user_path(&user.id, user.organization.as_ref()),
        Subject::Manager(record) => console::resource_path(&record.manager.resource, None),
    }
}
