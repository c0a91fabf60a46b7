//! Draws the access review: the findings, one of them in full, and the forms over them.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::form;
use super::pane::{self, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use super::unread;
use crate::app::explain;
use crate::app::screen::access_review::accept::AcceptForm;
use crate::app::screen::access_review::details::{Details, Way};
use crate::app::screen::access_review::rows::{reason_beside_title, title, title_beside_reason};
use crate::app::screen::access_review::{AccessReview, Form};
use crate::app::screen::all_managers::Phase;
use crate::app::search::grouped;
use crate::domain::review::{Finding, Severity};
use crate::tui::theme::Styles;

const COLUMNS: &[Column] = &[
    Column { title: "Severity", least: 8, share: 0, rank: 0 },
    Column { title: "Rule", least: 5, share: 0, rank: 0 },
    Column { title: "About", least: 14, share: 1, rank: 0 },
    Column { title: "Reason", least: 22, share: 3, rank: 0 },
];
const WAYS: &[Column] = &[Column { title: "Leads to", least: 30, share: 1, rank: 0 }];
/// The lines that a finding in full leaves at least to where it leads.
const WAY_LINES: u16 = 4;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &AccessReview, area: Rect) {
    match &screen.form {
        Some(Form::Accept(form)) => return draw_accept(canvas, form, area),
        Some(Form::Export(form)) => return form::draw(canvas, form, area),
        None => {}
    }
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    if let (Some(details), Some(finding), false) = (&screen.details, screen.focused(), screen.unread.open) {
        draw_details(canvas, screen, details, finding, area);
        return;
    }
    pane::search_line(canvas, line, "Access review", &screen.field, screen.typing, &screen.count());
    if screen.unread.open {
        unread::draw(canvas, &screen.unread, "Blind spot", rows);
        return;
    }
    let rows = pane::notices(canvas, rows, &screen.notices(), screen.problem.as_ref());
    if screen.rows.is_empty() {
        if screen.problem.is_none() {
            pane::in_place_of_rows(canvas, rows, &empty(screen));
        }
        return;
    }
    draw_rows(canvas, screen, rows);
    if let (Some(side), Some(finding)) = (side, screen.focused()) {
        draw_preview(canvas, screen, finding, side);
    }
}

fn empty(screen: &AccessReview) -> String {
    let Some(reviewed) = &screen.reviewed else {
        return match screen.phase {
            Phase::Stopped => "Stopped; r reviews from the beginning.".to_owned(),
            _ => "Reading managers, users, keys and events; esc stops it.".to_owned(),
        };
    };
    let report = &reviewed.report;
    if report.findings.iter().any(|finding| finding.accepted.is_none()) {
        return "No finding has all of these words.".to_owned();
    }
    if !report.findings.is_empty() {
        return if screen.rows.hide_accepted {
            "All that was found is accepted; x shows it.".to_owned()
        } else {
            "No finding has all of these words.".to_owned()
        };
    }
    let count = |count: usize, noun: &str| format!("{} {noun}", grouped(count as u64));
    let looked_at = format!(
        "{} were looked at, {} on {}",
        count(report.managers, "managers"),
        count(report.users, "users"),
        count(report.resources, "resources")
    );
    if screen.unread.parts.is_empty() {
        format!("Nothing was found: {looked_at}.")
    } else {
        format!("Nothing was found in what could be read: {looked_at}. w shows what could not, and why.")
    }
}

/// The style of a severity, beside its word.
const fn severity_style(severity: Severity, styles: &Styles) -> Style {
    match severity {
        Severity::Critical | Severity::High => styles.bad,
        Severity::Medium => styles.warning,
        Severity::Low => styles.text,
        Severity::Info => styles.quiet,
    }
}

fn draw_rows(canvas: &mut Canvas<'_>, screen: &AccessReview, area: Rect) {
    let styles = *canvas.styles;
    let cell = |line: usize, column: usize| {
        let Some(finding) = screen.finding(line) else { return String::new() };
        match (column, &finding.accepted) {
            (0, _) => finding.severity.to_string(),
            (1, _) => finding.rule.id.to_owned(),
            (2, _) => title_beside_reason(&finding.subject).to_string(),
            (_, None) => reason_beside_title(finding).to_owned(),
            (_, Some(accepted)) => {
                format!("accepted to {}: {}", accepted.until, reason_beside_title(finding))
            }
        }
    };
    let look = |line: usize| {
        let accepted = screen.finding(line).is_some_and(|finding| finding.accepted.is_some());
        RowStyle { style: if accepted { styles.quiet } else { styles.text }, marked: false }
    };
    let count = screen.rows.len();
    let table = Table { columns: COLUMNS, count, cursor: screen.cursor, focus: !screen.typing };
    table.draw(canvas, area, cell, look);
    let lines = area.height.saturating_sub(1);
    let top = screen.cursor.top(lines.into());
    for (y, line) in (0..lines).zip(top..count) {
        if let Some(finding) = screen.finding(line).filter(|finding| finding.accepted.is_none()) {
            let word = Rect { x: area.x.saturating_add(2), width: 8.min(area.width), ..area };
            canvas.restyle(word, y.saturating_add(1), severity_style(finding.severity, &styles));
        }
    }
}

/// Draws what a finding says. Returns the lines used.
fn draw_finding(canvas: &mut Canvas<'_>, screen: &AccessReview, finding: &Finding, area: Rect) -> u16 {
    let accepted = finding.accepted.as_ref().map(|accepted| {
        let file = screen.reviewed.as_ref().map(|reviewed| reviewed.file.clone()).unwrap_or_default();
        format!(
            "by {} until {}: {} (to take that back, edit {file})",
            accepted.author, accepted.until, accepted.reason
        )
    });
    let facts = [
        fact("Severity", finding.severity),
        fact("Rule", format!("{} {}", finding.rule.id, finding.rule.title)),
        fact("Reason", &finding.reason),
        fact("Fix", &finding.fix),
        fact("Accepted", accepted.unwrap_or_default()),
    ];
    pane::facts(canvas, area, title(&finding.subject).as_str(), &facts)
}

fn draw_preview(canvas: &mut Canvas<'_>, screen: &AccessReview, finding: &Finding, side: Rect) {
    let inner = canvas.rule_left(side);
    let styles = *canvas.styles;
    let mut y = draw_finding(canvas, screen, finding, inner).saturating_add(1);
    for record in &finding.managers {
        let (user, roles) = (record.manager.user.title(), explain::listed(&record.manager.roles, "no roles"));
        let who = format!("{user}: {roles} on {}", record.resource_name);
        y = y.saturating_add(pane::lines(canvas, inner, y, &who, styles.text));
    }
    y = y.saturating_add(1);
    for command in &finding.commands {
        y = y.saturating_add(pane::lines(canvas, inner, y, command, styles.strong));
    }
}

fn draw_details(
    canvas: &mut Canvas<'_>,
    screen: &AccessReview,
    details: &Details,
    finding: &Finding,
    area: Rect,
) {
    let styles = *canvas.styles;
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4), ..area };
    let above = Rect { height: area.height.saturating_sub(WAY_LINES), ..inner };
    let mut y = draw_finding(canvas, screen, finding, above);
    if screen.is_reading() {
        y = y.saturating_add(pane::lines(canvas, above, y, &screen.count(), styles.warning));
    } else if let Some(notice) = screen.notices().first().filter(|_| screen.outdated) {
        y = y.saturating_add(pane::lines(canvas, above, y, &format!("! {notice}"), styles.warning));
    }
    if y > above.height {
        canvas.put(above, above.width.saturating_sub(1), above.height.saturating_sub(1), "…", styles.text);
    }
    let y = y.saturating_add(1).min(above.height);
    let below = Rect { y: area.y.saturating_add(y), height: area.height.saturating_sub(y), ..area };
    let cell = |line: usize, _| details.ways.get(line).map(told).unwrap_or_default();
    let table = Table { columns: WAYS, count: details.ways.len(), cursor: details.cursor, focus: true };
    table.draw(canvas, below, cell, |_| RowStyle { style: styles.text, marked: false });
    // A command is of use only as a whole.
    if let Some(Way::Command(command)) = details.ways.get(details.cursor.at) {
        let lines = u16::try_from(details.ways.len()).unwrap_or(u16::MAX).saturating_add(2);
        let rest = Rect {
            x: inner.x,
            width: inner.width,
            y: below.y.saturating_add(lines),
            height: below.height.saturating_sub(lines),
        };
        pane::lines(canvas, rest, 0, &format!("{command}   (Enter copies it)"), styles.strong);
    }
}

/// Where a line leads, in words.
fn told(way: &Way) -> String {
    match way {
        Way::Resource(resource, name) => format!("the {} {name}: its managers", resource.level()),
        Way::User(user) => format!("{}: everything that this user manages", user.title()),
        Way::Manager(record) => {
            let roles = explain::listed(&record.manager.roles, "no roles");
            format!("{} on {}: {roles}", record.manager.user.title(), record.resource_name)
        }
        Way::Command(command) => command.clone(),
    }
}

fn draw_accept(canvas: &mut Canvas<'_>, form: &AcceptForm, area: Rect) {
    let styles = *canvas.styles;
    let area = match &form.problem {
        Some(problem) => problem::draw(canvas, area, problem),
        None => area,
    };
    let inner = Rect { width: area.width.saturating_sub(2), ..area };
    canvas.put(inner, 2, 0, &form.title, styles.strong);
    for ((y, name), (at, field)) in (2..).zip(AcceptForm::NAMES).zip(form.fields.iter().enumerate()) {
        canvas.field(inner, y, name, field, at == form.focus && !form.is_waiting(), inner.width);
    }
    let below = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(6),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(6),
    };
    let hint = if form.is_waiting() {
        format!("writing {}", form.file)
    } else {
        format!(
            "It is written into {}, which belongs into version control. Until its last day reviews show the finding as \
             accepted and do not fail because of it.",
            form.file
        )
    };
    pane::lines(canvas, below, 0, &hint, styles.quiet);
}
