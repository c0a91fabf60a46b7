//! The report for programs: JSON, JSON lines, CSV and ids. Each row says which part of the report it is of, so that what
//! could not be read is never silently missing.

use serde_json::{Map, Value, json};

use super::super::csv_line;
use super::super::listing::{Listing, Row, document, print_document};
use super::super::managers;
use super::super::output::{Output, OutputFormat};
use super::super::shape::{resource_json, unread_json, user_json};
use super::super::table::Column;
use super::report::{Report, manager, subject};
use crate::domain::inventory::UnreadPart;
use crate::domain::problem::Problem;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{Finding, Rule, Severity, Subject};
use crate::domain::text::SafeText;

const KIND: &str = "review";
const COLUMNS: &[Column] = &[
    Column::whole("entry"),
    Column::whole("severity"),
    Column::whole("rule"),
    Column::whole("title"),
    Column::text("about"),
    Column::text("why"),
    Column::text("fix"),
    Column::text("managers"),
    Column::text("commands"),
    Column::whole("key"),
    Column::whole("accepted_by"),
    Column::whole("accepted_until"),
    Column::text("accepted_because"),
    Column::whole("missing_permission"),
];

/// Prints it in the format that was asked for.
///
/// # Errors
/// `Usage` for columns that there are not.
pub(super) fn print(report: &Report<'_>, output: &Output) -> Result<(), Problem> {
    if output.format == OutputFormat::Json {
        return print_document(&json(report));
    }
    let mut listing = Listing::new(output, KIND, COLUMNS)?;
    listing.push_all(rows(report))?;
    if output.format == OutputFormat::Jsonl {
        listing.push(row("totals", &[], String::new(), totals(report)))?;
    }
    listing.end(Vec::new())
}

/// The report as CSV with all its columns, below their names.
pub(super) fn csv(report: &Report<'_>) -> String {
    let titles = csv_line::line(COLUMNS.iter().map(|column| column.name));
    let lines = rows(report).map(|row| csv_line::line(row.texts.iter().map(String::as_str)));
    std::iter::once(titles).chain(lines).collect()
}

/// The report as one JSON document.
pub(super) fn json(report: &Report<'_>) -> Value {
    document(KIND, fields(report))
}

/// The rows of every part.
pub(super) fn rows<'a>(report: &'a Report<'_>) -> impl Iterator<Item = Row> + 'a {
    let unread = report.unread().iter().map(unread_row);
    let unjudged = report.unjudged().iter().map(unjudged_row);
    report.shown().map(finding_row).chain(unread).chain(unjudged).chain(report.stale().map(stale_row))
}

fn fields(report: &Report<'_>) -> Map<String, Value> {
    let list = |rows: Vec<Value>| Value::Array(rows);
    [
        ("instance", json!(report.instance().as_str())),
        ("findings", list(report.shown().map(finding_json).collect())),
        ("unread", unread_json(report.unread())),
        ("unjudged", list(report.unjudged().iter().map(unjudged_json).collect())),
        ("stale", list(report.stale().map(stale_json).collect())),
        ("totals", totals(report)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn totals(report: &Report<'_>) -> Value {
    let open = Severity::NAMED.iter().map(|(name, severity)| (*name, report.open(*severity)));
    let hidden = [("accepted", report.accepted()), ("not_shown", report.below())];
    let numbers = report.looked_at().into_iter().chain(open).chain(hidden);
    Value::Object(numbers.map(|(name, number)| (name.to_owned(), json!(number))).collect())
}

fn finding_json(finding: &Finding) -> Value {
    let (kind, resource, user) = match &finding.subject {
        Subject::Resource { resource, name, organization_name } => {
            ("resource", Some(resource_json(resource, name, Some(organization_name))), None)
        }
        Subject::User(user) => ("user", None, Some(user_json(user))),
        Subject::Manager(record) => {
            let resource = &record.manager.resource;
            let resource = resource_json(resource, &record.resource_name, Some(&record.organization_name));
            ("manager", Some(resource), Some(user_json(&record.manager.user)))
        }
    };
    json!({
        "key": finding.key(),
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "severity": finding.severity.to_string(),
        "subject": { "kind": kind, "resource": resource, "user": user },
        "managers": finding.managers.iter().map(|record| managers::row(record).json).collect::<Vec<_>>(),
        "reason": finding.reason.as_str(),
        "fix": finding.fix.as_str(),
        "commands": finding.commands,
        "accepted": finding.accepted.as_ref().map(|held| json!({
            "reason": held.reason.as_str(),
            "author": held.author.as_str(),
            "until": held.until.to_string(),
        })),
    })
}

fn unjudged_json((rule, why): &(&'static Rule, SafeText)) -> Value {
    json!({ "rule": rule.id, "title": rule.title, "why": why.as_str() })
}

fn stale_json((acceptance, why): (&Acceptance, &str)) -> Value {
    json!({
        "finding": acceptance.finding.as_str(),
        "reason": acceptance.reason.as_str(),
        "author": acceptance.author.as_str(),
        "until": acceptance.until.to_string(),
        "why": why,
    })
}

/// A row of one part of the report; columns that are not named are empty.
fn row(entry: &'static str, texts: &[(&str, &str)], id: String, json: Value) -> Row {
    let text = |column: &Column| match column.name {
        "entry" => entry.to_owned(),
        name => texts.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text).to_owned(),
    };
    let mut fields = Map::from_iter([("entry".to_owned(), json!(entry))]);
    if let Value::Object(more) = json {
        fields.extend(more);
    }
    Row { texts: COLUMNS.iter().map(text).collect(), id, json: Value::Object(fields) }
}

fn finding_row(finding: &Finding) -> Row {
    let managers: Vec<String> = finding.managers.iter().map(manager).collect();
    let accepted = finding.accepted.as_ref();
    let until = accepted.map(|held| held.until.to_string()).unwrap_or_default();
    let held = |text: fn(&Acceptance) -> &SafeText| accepted.map_or("", |held| text(held).as_str());
    let texts = [
        ("severity", finding.severity.to_string()),
        ("about", subject(&finding.subject)),
        ("managers", managers.join("; ")),
        ("commands", finding.commands.join("; ")),
        ("key", finding.key()),
    ];
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .chain([
            ("rule", finding.rule.id),
            ("title", finding.rule.title),
            ("why", finding.reason.as_str()),
            ("fix", finding.fix.as_str()),
            ("accepted_by", held(|held| &held.author)),
            ("accepted_until", &until),
            ("accepted_because", held(|held| &held.reason)),
        ])
        .collect();
    row("finding", &texts, finding.key(), finding_json(finding))
}

fn unread_row(part: &UnreadPart) -> Row {
    let problem = &part.problem;
    let missing = problem.missing.as_ref().map_or("", |missing| missing.permission);
    let texts = [
        ("about", part.name.as_str()),
        ("why", problem.why.as_str()),
        ("fix", problem.fix.as_str()),
        ("missing_permission", missing),
    ];
    let json = unread_json(std::slice::from_ref(part)).get(0).cloned().unwrap_or_default();
    row("unread", &texts, String::new(), json)
}

fn unjudged_row(unjudged: &(&'static Rule, SafeText)) -> Row {
    let (rule, why) = unjudged;
    let texts = [("rule", rule.id), ("title", rule.title), ("why", why.as_str())];
    row("unjudged", &texts, String::new(), unjudged_json(unjudged))
}

fn stale_row((acceptance, why): (&Acceptance, &str)) -> Row {
    let until = acceptance.until.to_string();
    let texts = [
        ("key", acceptance.finding.as_str()),
        ("why", why),
        ("accepted_by", acceptance.author.as_str()),
        ("accepted_until", &until),
        ("accepted_because", acceptance.reason.as_str()),
    ];
    row("stale", &texts, String::new(), stale_json((acceptance, why)))
}
