//! Draws the list of all managers.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::form;
use super::pane::{self, fact};
use super::table::{Column, RowStyle, Table};
use super::unread;
use crate::app::explain;
use crate::app::screen::all_managers::AllManagers;
use crate::app::screen::all_managers::rows::{Grouping, Line, Row, SortColumn};
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Level;
use crate::domain::user::UserState;

/// The columns in the order of `SortColumn::ALL`, each with its titles unsorted, sorted up and sorted down.
const COLUMNS: [([&str; 3], Column); 6] = [
    (["User", "User ▲", "User ▼"], Column { title: "", least: 14, share: 3, rank: 0 }),
    (["Kind", "Kind ▲", "Kind ▼"], Column { title: "", least: 7, share: 0, rank: 4 }),
    (["Level", "Level ▲", "Level ▼"], Column { title: "", least: 8, share: 0, rank: 2 }),
    (["Resource", "Resource ▲", "Resource ▼"], Column { title: "", least: 16, share: 3, rank: 0 }),
    (["Roles", "Roles ▲", "Roles ▼"], Column { title: "", least: 16, share: 4, rank: 0 }),
    (["Since", "Since ▲", "Since ▼"], Column { title: "", least: 10, share: 0, rank: 3 }),
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &AllManagers, shared: &Shared, area: Rect) {
    if let Some(export) = &screen.export {
        return form::draw(canvas, export, area);
    }
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    let name = if screen.snapshot.is_some() { "Snapshot (read-only)" } else { "All managers" };
    pane::search_line(canvas, line, name, &screen.field, screen.typing, &screen.count());
    if screen.unread.open {
        unread::draw(canvas, &screen.unread, unread::LISTS, rows);
        return;
    }
    let rows = pane::notices(canvas, rows, &screen.notices(), screen.problem.as_ref());
    if screen.rows.lines().is_empty() {
        if screen.problem.is_none() {
            pane::in_place_of_rows(canvas, rows, empty(screen));
        }
        return;
    }
    draw_rows(canvas, screen, shared, rows);
    if let (Some(side), Some(row)) = (side, screen.focused()) {
        draw_preview(canvas, &row.record, shared, side);
    }
}

fn empty(screen: &AllManagers) -> &'static str {
    if screen.is_reading() {
        "loading"
    } else if !screen.rows.all().is_empty() {
        "No manager fits this filter."
    } else if screen.snapshot.is_some() {
        "This snapshot holds no manager."
    } else if screen.unread.parts.is_empty() {
        "The server shows you no manager at all."
    } else {
        "Nothing was shown to you; w shows what could not be read, and why."
    }
}

fn draw_rows(canvas: &mut Canvas<'_>, screen: &AllManagers, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let arrow = if screen.rows.reversed { 2 } else { 1 };
    let columns: Vec<Column> = COLUMNS
        .iter()
        .zip(SortColumn::ALL)
        .map(|((titles, column), sort)| {
            let at = if *sort == screen.rows.sort { arrow } else { 0 };
            Column { title: titles.get(at).copied().unwrap_or_default(), ..*column }
        })
        .collect();
    let lines = screen.rows.lines();
    let table = Table { columns: &columns, count: lines.len(), cursor: screen.cursor, focus: !screen.typing };
    let cell = |line: usize, column: usize| match lines.get(line) {
        Some(Line::Row(place)) => {
            screen.rows.get(*place).map(|row| row_cell(row, column, screen.rows.grouping)).unwrap_or_default()
        }
        Some(Line::Group { first, count, folded }) => screen
            .rows
            .get(*first)
            .map(|row| group_cell(row, column, screen.rows.grouping, *count, *folded))
            .unwrap_or_default(),
        None => String::new(),
    };
    let look = |line: usize| {
        let row = match lines.get(line) {
            Some(Line::Row(place)) => screen.rows.get(*place),
            _ => return RowStyle { style: styles.strong, marked: false },
        };
        let state = row.and_then(|row| shared.state(&row.record.manager.user.id));
        let can_sign_in = state.is_none_or(UserState::can_sign_in);
        RowStyle {
            style: if can_sign_in { styles.text } else { styles.quiet },
            marked: !screen.marks.is_empty() && row.is_some_and(|row| screen.marks.contains(&row.key())),
        }
    };
    table.draw(canvas, area, cell, look);
}

fn row_cell(row: &Row, column: usize, grouping: Grouping) -> String {
    let manager = &row.record.manager;
    match column {
        0 if grouping == Grouping::Flat => manager.user.title().to_string(),
        0 => format!("  {}", manager.user.title()),
        1 => manager.user.kind.to_string(),
        2 => level(manager.resource.level()).to_owned(),
        3 => resource(&row.record),
        4 => explain::listed(&manager.roles, "no roles"),
        _ => row.since.to_string(),
    }
}

fn group_cell(row: &Row, column: usize, grouping: Grouping, count: usize, folded: bool) -> String {
    let mark = if folded { "▸" } else { "▾" };
    let manager = &row.record.manager;
    let number =
        |one: &str, many: &str| format!("{} {}", grouped(count as u64), if count == 1 { one } else { many });
    match (column, grouping) {
        (0, Grouping::ByUser) => format!("{mark} {}", manager.user.title()),
        (1, Grouping::ByUser) => manager.user.kind.to_string(),
        (3, Grouping::ByUser) => number("resource", "resources"),
        (0, _) => format!("{mark} {}", number("manager", "managers")),
        (2, Grouping::ByResource) => level(manager.resource.level()).to_owned(),
        (3, Grouping::ByResource) => resource(&row.record),
        _ => String::new(),
    }
}

/// The level in one short word.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Instance => "instance",
        Level::Organization => "org",
        Level::Project => "project",
        Level::ProjectGrant => "grant",
    }
}

/// The resource, with its organization where that is another thing.
pub(super) fn resource(record: &ManagerRecord) -> String {
    match record.manager.resource.level() {
        Level::Instance => record.resource_name.or(&"instance".into()).to_string(),
        Level::Organization => {
            let id = record.manager.resource.organization().map(|id| id.as_str().into());
            record.resource_name.or(&id.unwrap_or_default()).to_string()
        }
        Level::Project | Level::ProjectGrant => {
            format!("{} · {}", record.resource_name, record.organization_name)
        }
    }
}

fn draw_preview(canvas: &mut Canvas<'_>, record: &ManagerRecord, shared: &Shared, side: Rect) {
    let inner = canvas.rule_left(side);
    let (manager, user) = (&record.manager, &record.manager.user);
    let date = |time: Option<jiff::Timestamp>| {
        time.map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
    };
    let home = user.organization.as_ref().map(|id| shared.organization_title(id));
    let facts = [
        fact("Login", &user.login_name),
        fact("E-mail", user.email.as_ref().map(ToString::to_string).unwrap_or_default()),
        fact("Kind", user.kind),
        fact("State", shared.state(&user.id).map(ToString::to_string).unwrap_or_default()),
        fact("Home", home.map(|home| home.to_string()).unwrap_or_default()),
        fact("Level", manager.resource.level()),
        fact("Resource", &record.resource_name),
        fact("Organization", &record.organization_name),
        fact("Since", date(manager.created)),
        fact(
            "Changed",
            if manager.changed == manager.created { String::new() } else { date(manager.changed) },
        ),
        fact("Id", &user.id),
    ];
    let mut y = pane::facts(canvas, inner, user.title().as_str(), &facts).saturating_add(1);
    for role in &manager.roles {
        y = y.saturating_add(pane::role(canvas, inner, y, role));
    }
}
