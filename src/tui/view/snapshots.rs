//! Draws what can be done with snapshots, and the form for their files.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::form;
use super::table::{Column, RowStyle, Table};
use crate::app::screen::snapshots::{Deed, Snapshots};
use crate::app::shared::Shared;

const COLUMNS: &[Column] = &[
    Column { title: "All managers in a file", least: 27, share: 0, rank: 0 },
    Column { title: "", least: 12, share: 1, rank: 1 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Snapshots, shared: &Shared, area: Rect) {
    if let Some((_, form)) = &screen.chosen {
        form::draw(canvas, form, area);
        return;
    }
    let styles = *canvas.styles;
    let cell = |row: usize, column: usize| match (Deed::ALL.get(row), column) {
        (Some(deed), 0) => deed.name().to_owned(),
        (Some(deed), _) => deed.about().to_owned(),
        (None, _) => String::new(),
    };
    let look = |row: usize| {
        let works = shared.session.is_some() || Deed::ALL.get(row) == Some(&Deed::Browse);
        RowStyle { style: if works { styles.text } else { styles.disabled }, marked: false }
    };
    let table = Table { columns: COLUMNS, count: Deed::ALL.len(), cursor: screen.cursor, focus: true };
    table.draw(canvas, area, cell, look);
}
