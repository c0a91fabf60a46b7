//! `zitui review`: reads the evidence, judges it, and prints the report in every format.

mod accept;
mod export;
mod markdown;
mod report;
mod rows;
mod rules;
mod sarif;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use self::report::Report;
use super::arguments::ReviewArguments;
use super::exit;
use super::output::{Output, OutputFormat, ReportFormat, data};
use super::run::Context;
use super::start_up::StartUp;
use super::unread::Unread;
use crate::config::acceptances;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{self, RULES, ReviewSettings, Rule, Severity};

pub(super) use self::accept::accept;
pub use self::export::{About, export};
pub(super) use self::rules::{explain, list as list_rules};

/// What flags, configuration and acceptances ask for, read before anybody signs in.
pub(super) struct Wanted {
    settings: ReviewSettings,
    /// The rules to judge by.
    rules: Vec<&'static Rule>,
    /// The file of acceptances; none where there is no such file.
    file: Option<PathBuf>,
    accepted: Vec<Acceptance>,
    least: Severity,
    fail_on: Option<Severity>,
    with_accepted: bool,
    partial: bool,
}

impl Wanted {
    /// Reads them.
    ///
    /// # Errors
    /// `Usage` for a rule that is off, a file that cannot be used, or columns that the format does not have.
    pub(super) fn read(
        arguments: &ReviewArguments,
        start_up: &StartUp,
        output: &Output,
    ) -> Result<Self, Problem> {
        if !output.columns.is_empty() && (output.format != OutputFormat::Csv) {
            return Err(Problem::new(
                ProblemKind::Usage,
                "Cannot choose columns",
                "a review has columns in CSV only",
                "leave out --columns, or take -o csv",
            ));
        }
        let configured = &start_up.configuration().review;
        let mut settings = configured.settings.clone();
        if let Some(days) = arguments.recent_days {
            settings.recent_days = days;
        }
        let file = acceptances::to_read(arguments.accepted.as_deref(), configured.accepted.as_deref());
        Ok(Self {
            rules: rules_of(&arguments.rules, &settings)?,
            settings,
            accepted: file.as_deref().map(acceptances::read).transpose()?.unwrap_or_default(),
            file,
            least: arguments.severity.map_or(Severity::Info, Severity::from),
            fail_on: arguments.fail_on.map(Severity::from),
            with_accepted: arguments.all,
            partial: arguments.partial,
        })
    }
}

/// The rules that flags name; all of them where none is named.
fn rules_of(named: &[String], settings: &ReviewSettings) -> Result<Vec<&'static Rule>, Problem> {
    let is_named = |rule: &Rule| named.iter().any(|id| id.eq_ignore_ascii_case(rule.id));
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| named.is_empty() || is_named(rule)).collect();
    match rules.iter().find(|rule| !named.is_empty() && settings.severities.get(rule.id) == Some(&None)) {
        Some(off) => Err(Problem::new(
            ProblemKind::Usage,
            format!("Cannot judge by {}", off.id),
            "the configuration turns this rule off",
            "leave out --rule, or change [review.severities] in the configuration file",
        )),
        None => Ok(rules),
    }
}

/// Reviews, prints the report, and returns the exit code.
///
/// # Errors
/// What reading fails with as a whole, or writing to standard output.
pub(super) async fn review(context: &mut Context, wanted: &Wanted) -> Result<u8, Problem> {
    let output = context.output.clone();
    let session = context.session.clone();
    let recent = SignedDuration::from_hours(24 * i64::from(wanted.settings.recent_days));
    let since = Timestamp::now().checked_sub(recent).unwrap_or(Timestamp::UNIX_EPOCH);
    let read = session.evidence(Some(since), |progress| {
        output.progress(&format!("read {} of {} lists", progress.done, progress.known));
    });
    let read = context.interrupt.stops(read).await;
    output.progress_ends();
    let evidence = read?;
    let found = review::review(&evidence, &wanted.settings, &wanted.accepted);
    let report = Report::new(&evidence, found, wanted);
    print(&report, &output)?;
    let unread = Unread::from(report.unread());
    // A table has told it already.
    let is_told = output.format == OutputFormat::Table && output.report.is_none();
    let code = if is_told { unread.code() } else { unread.tell(&output) };
    Ok(match wanted.fail_on {
        Some(least) if report.fails(least) => exit::FOUND,
        _ if wanted.partial => exit::DONE,
        _ => code,
    })
}

fn print(report: &Report<'_>, output: &Output) -> Result<(), Problem> {
    match (output.report, output.format) {
        (Some(ReportFormat::Markdown), _) => data(&markdown::markdown(report)).map(|_| ()),
        (Some(ReportFormat::Sarif), _) => data(&format!("{:#}\n", sarif::log(report))).map(|_| ()),
        (None, OutputFormat::Table) => data(&text::text(report, output)).map(|_| ()),
        (None, _) => rows::print(report, output),
    }
}
