//! Draws forms that ask for the path of a file.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use crate::app::file_form::FileForm;

/// Draws the path, and below it what it could mean, else what to know about it.
pub(super) fn draw(canvas: &mut Canvas<'_>, form: &FileForm, area: Rect) {
    let styles = *canvas.styles;
    let area = match &form.problem {
        Some(problem) => problem::draw(canvas, area, problem),
        None => area,
    };
    let inner = Rect { width: area.width.saturating_sub(2), ..area };
    canvas.put(inner, 2, 0, form.title, styles.strong);
    canvas.field(inner, 2, "File", &form.path.field, !form.is_waiting(), inner.width);
    let below = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(4),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(4),
    };
    if form.is_waiting() {
        pane::lines(canvas, below, 0, &form.progress(), styles.strong);
        canvas.offer_cursor(inner, 2, 2);
    } else if form.is_there {
        let question = "! There is such a file already. Enter replaces it; or type another name.";
        pane::lines(canvas, below, 0, question, styles.warning);
    } else if form.path.paths.is_empty() {
        pane::lines(canvas, below, 0, form.hint, styles.quiet);
    } else {
        pane::paths(canvas, below, &form.path.paths);
    }
}
