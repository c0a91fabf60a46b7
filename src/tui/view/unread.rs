//! Draws what could not be read, and why.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::unread::Unread;

/// Lines for the whole reason of the part with the cursor.
const REASON_LINES: u16 = 8;

/// What to call parts that are lists.
pub(super) const LISTS: &str = "Could not be read";

/// Draws the list, and below it the whole reason of the part with the cursor.
pub(super) fn draw(canvas: &mut Canvas<'_>, unread: &Unread, title: &'static str, area: Rect) {
    if unread.parts.is_empty() {
        pane::in_place_of_rows(canvas, area, "Everything was read.");
        return;
    }
    let reason = REASON_LINES.min(area.height / 2);
    let list = Rect { height: area.height.saturating_sub(reason), ..area };
    let below = Rect { y: area.y.saturating_add(list.height), height: reason, ..area };
    let style = canvas.styles.text;
    let cell = |row: usize, column: usize| {
        let Some(part) = unread.parts.get(row) else { return String::new() };
        if column == 0 { part.name.to_string() } else { part.problem.why.to_string() }
    };
    let columns = &[
        Column { title, least: 24, share: 2, rank: 0 },
        Column { title: "Why", least: 24, share: 3, rank: 0 },
    ];
    let table = Table { columns, count: unread.parts.len(), cursor: unread.cursor, focus: true };
    table.draw(canvas, list, cell, |_| RowStyle { style, marked: false });
    if let Some(part) = unread.parts.get(unread.cursor.at) {
        problem::draw(canvas, below, &part.problem);
    }
}
