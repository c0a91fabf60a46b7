//! `zitui review rules`: the rules as they are configured, and why each is there. Nobody signs in for that.

use serde_json::{Value, json};

use super::super::listing::{Listing, Row};
use super::super::output::{Output, OutputFormat, data, terminal_width};
use super::super::sheet::Sheet;
use super::super::table::Column;
use crate::domain::problem::Problem;
use crate::domain::review::{RULES, ReviewSettings, Rule};
use crate::domain::wrap::wrap;

const COLUMNS: &[Column] = &[
    Column::whole("rule"),
    Column::whole("severity"),
    Column::text("title"),
    Column::whole("default").on_request(),
    Column::text("why").on_request(),
    Column::text("fix").on_request(),
    Column::text("sources").on_request(),
];

/// Prints all of them.
///
/// # Errors
/// Columns that the list does not have.
pub(in crate::cli) fn list(output: &Output, settings: &ReviewSettings) -> Result<(), Problem> {
    let mut listing = Listing::new(output, "rules", COLUMNS)?;
    listing.push_all(RULES.iter().map(|rule| row(rule, settings)))?;
    listing.end(Vec::new())
}

/// Prints the documentation of one.
///
/// # Errors
/// Fields that it does not have.
pub(in crate::cli) fn explain(output: &Output, id: &str, settings: &ReviewSettings) -> Result<(), Problem> {
    let Some(rule) = RULES.iter().find(|rule| rule.id.eq_ignore_ascii_case(id)) else { return Ok(()) };
    if output.format == OutputFormat::Table && output.columns.is_empty() {
        return data(&page(rule, settings)).map(|_| ());
    }
    let sheet = Sheet {
        kind: "rule",
        id: rule.id.to_owned(),
        fields: vec![
            ("Rule", rule.id.to_owned()),
            ("Severity", severity(rule, settings)),
            ("Title", rule.title.to_owned()),
            ("Default", rule.severity.to_string()),
            ("Why", rule.why.to_owned()),
            ("Fix", rule.fix.to_owned()),
            ("Sources", rule.sources.join("\n")),
        ],
        lists: Vec::new(),
        json: json_of(rule, settings),
    };
    sheet.print(output)
}

fn page(rule: &Rule, settings: &ReviewSettings) -> String {
    let width = terminal_width().unwrap_or(80);
    let severity = match (severity(rule, settings), rule.severity.to_string()) {
        (severity, usual) if severity == usual => severity,
        (severity, usual) => format!("{severity} as configured, else {usual}"),
    };
    let paragraph = |text: &str| wrap(text, width).join("\n");
    let sources: Vec<String> = rule.sources.iter().map(|source| format!("  {source}")).collect();
    format!(
        "{} {}\nSeverity: {severity}\n\n{}\n\n{}\n\nSources:\n{}\n",
        rule.id,
        rule.title,
        paragraph(rule.why),
        paragraph(&format!("What to do: {}", rule.fix)),
        sources.join("\n"),
    )
}

fn row(rule: &Rule, settings: &ReviewSettings) -> Row {
    Row {
        texts: vec![
            rule.id.to_owned(),
            severity(rule, settings),
            rule.title.to_owned(),
            rule.severity.to_string(),
            rule.why.to_owned(),
            rule.fix.to_owned(),
            rule.sources.join(" "),
        ],
        id: rule.id.to_owned(),
        json: json_of(rule, settings),
    }
}

fn json_of(rule: &Rule, settings: &ReviewSettings) -> Value {
    json!({
        "rule": rule.id,
        "title": rule.title,
        "severity": severity(rule, settings),
        "default": rule.severity.to_string(),
        "why": rule.why,
        "fix": rule.fix,
        "sources": rule.sources,
    })
}

fn severity(rule: &Rule, settings: &ReviewSettings) -> String {
    let configured = settings.severities.get(rule.id).copied().unwrap_or(Some(rule.severity));
    configured.map_or_else(|| "off".to_owned(), |severity| severity.to_string())
}
