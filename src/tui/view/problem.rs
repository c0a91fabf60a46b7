//! A problem where it happened: what failed, why, which permission lacks, what to do.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::text;
use crate::app::explain;
use crate::domain::problem::Problem;

/// Draws a problem at the top of `area`; returns what is left below it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, problem: &Problem) -> Rect {
    let mut y = 0;
    for (line, style) in lines(canvas, problem, area.width.saturating_sub(4).into()) {
        canvas.put(area, 2, y, &line, style);
        y = y.saturating_add(1);
    }
    canvas.offer_cursor(area, 2, 0);
    let used = y.saturating_add(1).min(area.height);
    Rect { y: area.y.saturating_add(used), height: area.height.saturating_sub(used), ..area }
}

fn lines(canvas: &Canvas<'_>, problem: &Problem, width: usize) -> Vec<(String, Style)> {
    let styles = canvas.styles;
    let mut lines = Vec::new();
    let mut add = |text: &str, style: Style| {
        lines.extend(text::wrap(text, width).into_iter().map(|line| (line, style)));
    };
    add(&format!("✗ {}", problem.what), styles.bad);
    add(problem.why.as_str(), styles.text);
    if let Some(missing) = &problem.missing {
        add(&format!("Missing permission: {}", missing.permission), styles.strong);
        add(&format!("Carried by: {}", explain::listed(&missing.carried_by, "no known role")), styles.text);
        add(&format!("Yours: {}", explain::listed(&missing.held, "none")), styles.text);
        let elsewhere: Vec<_> = missing.held_elsewhere().cloned().collect();
        if !elsewhere.is_empty() {
            add(&format!("You hold {}, but not here", explain::listed(&elsewhere, "")), styles.text);
        }
    }
    add(problem.fix.as_str(), styles.warning);
    if let Some(id) = &problem.request_id {
        add(&format!("Request {id}"), styles.quiet);
    }
    lines
}
