//! Draws the palette.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::table::{Column, RowStyle, Table};
use crate::app::App;
use crate::app::palette::{Destination, Palette};
use crate::app::search::grouped;

const COLUMNS: &[Column] = &[
    Column { title: "Action or place", least: 30, share: 3, rank: 0 },
    Column { title: "Key or kind", least: 14, share: 1, rank: 0 },
];

/// Draws what is typed and the entries that fit.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, palette: &Palette, area: Rect) {
    let (line, rows) = pane::first_line(area);
    let count = grouped(palette.count() as u64);
    let used = canvas.put_right(line, 0, &count, canvas.styles.quiet);
    let left = Rect { width: line.width.saturating_sub(used.saturating_add(1)), ..line };
    canvas.field(left, 0, ":", &palette.field, true, left.width);
    if palette.count() == 0 {
        pane::in_place_of_rows(canvas, rows, "No action, and nothing seen so far, is called so.");
        return;
    }
    let styles = *canvas.styles;
    let table = Table { columns: COLUMNS, count: palette.count(), cursor: palette.cursor, focus: false };
    let cell = |row: usize, column: usize| {
        let entry = palette.entry(row);
        entry
            .map(|entry| if column == 0 { entry.name.clone() } else { entry.about.clone() })
            .unwrap_or_default()
    };
    let look = |row: usize| {
        let off = palette.entry(row).is_some_and(|entry| {
            matches!(entry.destination, Destination::Action(binding) if app.why_not_below(binding).is_some())
        });
        RowStyle { style: if off { styles.disabled } else { styles.text }, marked: false }
    };
    table.draw(canvas, rows, cell, look);
}
