//! Draws one user.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::users;
use crate::app::screen::person::Person;
use crate::app::shared::Shared;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Person, shared: &Shared, area: Rect) {
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4).min(96), ..area };
    pane::facts(canvas, inner, screen.user.title().as_str(), &users::about(&screen.user, shared));
    canvas.set_cursor(inner, 0, 0);
}
