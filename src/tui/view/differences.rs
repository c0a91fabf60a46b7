//! Draws what differs between a snapshot and now.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::all_managers::{level, resource};
use super::canvas::Canvas;
use super::pane::{self, fact};
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::screen::differences::{Differences, Line};
use crate::domain::inventory::ManagerRecord;
use crate::domain::snapshot::{DifferenceKind, Renamed};
use crate::tui::theme::Styles;

const COLUMNS: &[Column] = &[
    Column { title: "What", least: 11, share: 0, rank: 0 },
    Column { title: "User", least: 12, share: 2, rank: 0 },
    Column { title: "Level", least: 8, share: 0, rank: 3 },
    Column { title: "Resource", least: 12, share: 2, rank: 1 },
    Column { title: "Roles", least: 16, share: 4, rank: 0 },
    Column { title: "By", least: 10, share: 1, rank: 2 },
    Column { title: "When", least: 10, share: 0, rank: 4 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Differences, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    pane::search_line(canvas, line, "Snapshot and now", &screen.field, screen.typing, &screen.count());
    let rows = pane::notices(canvas, rows, &screen.notices(), screen.problem.as_ref());
    if screen.is_empty() {
        let text = if screen.field.is_empty() {
            "Nothing differs: every manager of the snapshot holds the same roles now, and there are no others."
        } else {
            "No difference has all of these words."
        };
        pane::in_place_of_rows(canvas, rows, text);
        return;
    }
    draw_rows(canvas, screen, rows);
    if let (Some(side), Some(line)) = (side, screen.focused()) {
        draw_preview(canvas, line, side);
    }
}

fn draw_rows(canvas: &mut Canvas<'_>, screen: &Differences, area: Rect) {
    let styles = *canvas.styles;
    let cell = |row: usize, column: usize| {
        let Some(line) = screen.line(row) else { return String::new() };
        let of_record = |tell: fn(&ManagerRecord) -> String| line.record().map(tell).unwrap_or_default();
        match column {
            0 => line.kind().to_owned(),
            1 => line.about().to_string(),
            2 => of_record(|record| level(record.manager.resource.level()).to_owned()),
            3 => of_record(resource),
            4 => line.what(),
            5 => line.event().map(|event| event.editor.to_string()).unwrap_or_default(),
            _ => line.event().map(|event| event.time.strftime("%Y-%m-%d").to_string()).unwrap_or_default(),
        }
    };
    let look = |row: usize| {
        let style = screen.line(row).map_or(styles.text, |line| style(line, &styles));
        RowStyle { style, marked: false }
    };
    let table = Table { columns: COLUMNS, count: screen.len(), cursor: screen.cursor, focus: !screen.typing };
    table.draw(canvas, area, cell, look);
}

/// The style of a line, beside its word.
const fn style(line: Line<'_>, styles: &Styles) -> Style {
    match line {
        Line::Difference(difference, _) => match difference.kind() {
            DifferenceKind::Added => styles.good,
            DifferenceKind::Removed => styles.bad,
            DifferenceKind::Changed => styles.text,
        },
        Line::Untold(_) => styles.warning,
        Line::Renamed(_) => styles.quiet,
    }
}

fn draw_preview(canvas: &mut Canvas<'_>, line: Line<'_>, side: Rect) {
    let inner = canvas.rule_left(side);
    let roles = |record: Option<&ManagerRecord>| {
        record.map_or_else(
            || "no manager".to_owned(),
            |record| explain::listed(&record.manager.roles, "manager without roles"),
        )
    };
    let (before, after) = match line {
        Line::Difference(difference, _) => {
            (roles(difference.before.as_ref()), roles(difference.after.as_ref()))
        }
        Line::Untold(_) | Line::Renamed(_) => (String::new(), String::new()),
    };
    let id = match (line, line.record()) {
        (_, Some(record)) => record.manager.user.id.to_string(),
        (Line::Renamed(Renamed::User { id, .. }), None) => id.to_string(),
        (_, None) => String::new(),
    };
    let record = line.record();
    let of_record = |tell: fn(&ManagerRecord) -> String| record.map(tell).unwrap_or_default();
    let event = line.event();
    let told = match line {
        Line::Difference(..) => String::new(),
        Line::Untold(_) | Line::Renamed(_) => line.what(),
    };
    let facts = [
        fact("What", line.kind()),
        fact("", told),
        fact("Login", of_record(|record| record.manager.user.login_name.to_string())),
        fact("Level", of_record(|record| record.manager.resource.level().to_string())),
        fact("Resource", of_record(|record| record.resource_name.to_string())),
        fact("Owner", of_record(|record| record.organization_name.to_string())),
        fact("Before", before),
        fact("Now", after),
        fact("By", event.map(|event| event.editor.to_string()).unwrap_or_default()),
        fact(
            "When",
            event.map(|event| event.time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default(),
        ),
        fact("Id", id),
    ];
    pane::facts(canvas, inner, line.about().as_str(), &facts);
}
