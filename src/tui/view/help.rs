//! Draws the help.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::table::{Column, RowStyle, Table};
use crate::app::App;
use crate::app::help::Help;

const COLUMNS: &[Column] = &[
    Column { title: "Keys", least: 14, share: 0, rank: 0 },
    Column { title: "What it does", least: 40, share: 3, rank: 0 },
    Column { title: "Where", least: 16, share: 2, rank: 1 },
];

/// Draws the help over the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, help: &Help, area: Rect) {
    let styles = *canvas.styles;
    let lines = help.lines();
    let (line, rest) = pane::first_line(area);
    let count = format!("{} keys; type to search", lines.len());
    let focus = !lines.is_empty();
    pane::search_line(canvas, line, "Help", &help.field, true, &count);
    if !focus {
        pane::in_place_of_rows(canvas, rest, "No key does this.");
    }
    let table = Table { columns: COLUMNS, count: lines.len(), cursor: help.cursor, focus: false };
    let cell = |row: usize, column: usize| {
        let Some(binding) = lines.get(row) else { return String::new() };
        match column {
            0 => binding.labels(),
            1 => match app.why_not_below(binding) {
                Some(reason) => format!("{} (cannot now: {reason})", binding.help),
                None => binding.help.to_owned(),
            },
            _ if help.holds_here(binding) => "here".to_owned(),
            _ => binding.context.words().to_owned(),
        }
    };
    let look = |row: usize| {
        let here = lines.get(row).is_some_and(|binding| help.holds_here(binding));
        RowStyle { style: if here { styles.text } else { styles.quiet }, marked: false }
    };
    table.draw(canvas, rest, cell, look);
}
