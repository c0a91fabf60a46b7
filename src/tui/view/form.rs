//! Draws forms that ask for the path of a file.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use crate::app::path_field::PathField;
use crate::app::save_form::SaveForm;

/// Draws where a file is to be written.
pub(super) fn draw_save(canvas: &mut Canvas<'_>, form: &SaveForm, title: &str, area: Rect) {
    let area = match &form.problem {
        Some(problem) => problem::draw(canvas, area, problem),
        None => area,
    };
    let hint = match (form.is_waiting(), form.is_there) {
        (true, _) => "writing",
        (false, true) => "! There is such a file already: Enter again replaces it, or type another name.",
        (false, false) => form.hint,
    };
    draw_path(canvas, &form.path, title, hint, area, !form.is_waiting());
}

/// Draws a path, and below it what it could mean, else a hint.
pub(super) fn draw_path(
    canvas: &mut Canvas<'_>,
    path: &PathField,
    title: &str,
    hint: &str,
    area: Rect,
    focus: bool,
) {
    let styles = *canvas.styles;
    let inner = Rect { width: area.width.saturating_sub(2), ..area };
    canvas.put(inner, 2, 0, title, styles.strong);
    canvas.field(inner, 2, "File", &path.field, focus, inner.width);
    let below = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(4),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(4),
    };
    if path.paths.is_empty() {
        let style = if hint.starts_with('!') { styles.warning } else { styles.quiet };
        pane::lines(canvas, below, 0, hint, style);
    } else {
        pane::paths(canvas, below, &path.paths);
    }
}
