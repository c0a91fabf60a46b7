//! Draws the chooser of texts to copy: the forms above, the text of the one with the cursor below.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::table::{Column, RowStyle, Table};
use super::text;
use crate::app::screen::copy_as::CopyAs;
use crate::domain::text::SafeText;

const COLUMNS: &[Column] = &[
    Column { title: "Copy as", least: 13, share: 0, rank: 0 },
    Column { title: "Of", least: 20, share: 1, rank: 0 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &CopyAs, area: Rect) {
    let styles = *canvas.styles;
    let offers = &screen.offers;
    let height = u16::try_from(offers.len()).unwrap_or(u16::MAX).saturating_add(1).min(area.height / 2);
    let table = Table { columns: COLUMNS, count: offers.len(), cursor: screen.cursor, focus: true };
    let cell = |row: usize, column: usize| match (offers.get(row), column) {
        (Some(offer), 0) => offer.form.title().to_owned(),
        (Some(offer), _) => offer.of.clone(),
        (None, _) => String::new(),
    };
    let look = |_: usize| RowStyle { style: styles.text, marked: false };
    table.draw(canvas, Rect { height, ..area }, cell, look);
    let Some(offer) = screen.focused() else { return };
    let below = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(height),
        width: area.width.saturating_sub(3),
        height: area.height.saturating_sub(height),
    };
    canvas.rule(Rect { x: area.x, width: area.width, height: below.height.min(1), ..below });
    let mut y = 1;
    if !offer.note.is_empty() {
        y += pane::lines(canvas, below, y, offer.note, styles.warning);
    }
    for line in offer.text.lines() {
        for piece in text::pieces(SafeText::new(line).as_str(), below.width.into()) {
            canvas.put(below, 0, y, &piece, styles.text);
            y = y.saturating_add(1);
        }
    }
    if y > below.height {
        let last = below.height.saturating_sub(1);
        canvas.fill(
            Rect { y: below.y.saturating_add(last), height: below.height.min(1), ..below },
            styles.text,
        );
        canvas.put(below, 0, last, "… the whole text is copied", styles.quiet);
    }
}
