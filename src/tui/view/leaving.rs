//! Draws the question before leaving with a filled basket.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use crate::app::outcome;
use crate::app::screen::leaving::{Leaving, Wish};
use crate::app::screen::sign_in::SignIn;
use crate::app::shared::Shared;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Leaving, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4).min(96), ..area };
    let lines = shared.basket.lines();
    let count = match lines.len() {
        0 => "Changes of the review wait for others and were not sent yet.".to_owned(),
        1 => "The basket holds 1 change that was not sent.".to_owned(),
        several => format!("The basket holds {several} changes that were not sent."),
    };
    let next = match &screen.wish {
        Wish::Quit => "x leaves the program without them, ⏎ shows them, esc goes back.".to_owned(),
        Wish::SignIn(target) => format!(
            "x signs in to {} and throws them away once that worked, ⏎ shows them, esc goes back.",
            SignIn::target_title(target, shared)
        ),
    };
    let mut y = pane::lines(canvas, inner, 0, &count, styles.warning);
    y = y.saturating_add(pane::lines(canvas, inner, y, &next, styles.strong)).saturating_add(1);
    for line in lines {
        let text = format!("{}: {}", outcome::deed(&line.change), outcome::difference(&line.change));
        y = y.saturating_add(pane::lines(canvas, inner, y, &text, styles.text));
    }
    canvas.offer_cursor(inner, 0, 0);
}
