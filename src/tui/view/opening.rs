//! Draws what is looked up to be opened, and why it was not found.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::{pane, problem};
use crate::app::screen::opening::Opening;
use crate::domain::text::SafeText;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Opening, area: Rect) {
    if let Some(found) = screen.found.problem() {
        problem::draw(canvas, area, found);
    } else {
        let text = format!("Looking for the {} {}", screen.named.word(), SafeText::new(&screen.name));
        pane::in_place_of_rows(canvas, area, &text);
    }
}
