//! Draws the basket.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::table::{Column, RowStyle, Table};
use crate::app::outcome;
use crate::app::screen::basket::BasketScreen;
use crate::app::shared::Shared;
use crate::domain::change::Change;

const COLUMNS: &[Column] = &[
    Column { title: "User", least: 12, share: 2, rank: 0 },
    Column { title: "Resource", least: 12, share: 2, rank: 0 },
    Column { title: "Change", least: 20, share: 3, rank: 0 },
    Column { title: "Level", least: 13, share: 0, rank: 1 },
    Column { title: "Login", least: 12, share: 2, rank: 2 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &BasketScreen, shared: &Shared, area: Rect) {
    let (line, rows) = pane::first_line(area);
    let lines = shared.basket.lines();
    let title = match lines.len() {
        0 => "Nothing is chosen".to_owned(),
        1 => "1 change chosen, not sent".to_owned(),
        several => format!("{several} changes chosen, not sent"),
    };
    canvas.put(line, 2, 0, &title, canvas.styles.strong);
    if lines.is_empty() {
        let text = "Changes come here with b in a review. They are reviewed and applied together, or taken out again.";
        pane::in_place_of_rows(canvas, rows, text);
        return;
    }
    let styles = *canvas.styles;
    let table = Table { columns: COLUMNS, count: lines.len(), cursor: screen.cursor, focus: true };
    let cell = |row: usize, column: usize| {
        let Some(change) = lines.get(row).map(|line| &line.change) else { return String::new() };
        match column {
            0 => change.user.title().to_string(),
            1 => change.resource_name.to_string(),
            2 => outcome::difference(change),
            3 => change.resource.level().to_string(),
            _ => change.user.login_name.to_string(),
        }
    };
    let takes = |change: &Change| change.removed().next().is_some();
    table.draw(canvas, rows, cell, |row| {
        let takes = lines.get(row).is_some_and(|line| takes(&line.change));
        RowStyle { style: if takes { styles.warning } else { styles.text }, marked: false }
    });
}
