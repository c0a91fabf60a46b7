//! Draws the sign-in.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::screen::sign_in::{Entry, SignIn, Stage};
use crate::app::shared::Shared;

const COLUMNS: &[Column] = &[
    Column { title: "Sign in with", least: 18, share: 1, rank: 0 },
    Column { title: "", least: 30, share: 6, rank: 1 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &SignIn, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    if let Some(target) = &screen.target {
        let text = format!("Signing in to {}", SignIn::target_title(target, shared));
        canvas.put(area, 2, 1, &text, styles.strong);
        canvas.put(area, 2, 3, "waiting for the server; esc stops it", styles.quiet);
        canvas.set_cursor(area, 2, 1);
        return;
    }
    let area = match &screen.problem {
        Some(problem) => problem::draw(canvas, area, problem),
        None => area,
    };
    if screen.stage == Stage::Choosing {
        draw_entries(canvas, screen, shared, area);
    } else {
        draw_form(canvas, screen, area);
    }
}

fn draw_entries(canvas: &mut Canvas<'_>, screen: &SignIn, shared: &Shared, area: Rect) {
    let entries = SignIn::entries(shared);
    let styles = *canvas.styles;
    let cell = |row: usize, column: usize| match (entries.get(row), column) {
        (Some(Entry::Profile(index)), _) => shared.profiles.get(*index).map_or_else(String::new, |profile| {
            let safety = match (profile.read_only, profile.protected) {
                (true, _) => " (read-only)",
                (false, true) => " (protected)",
                (false, false) => "",
            };
            if column == 0 { format!("{}{safety}", profile.name) } else { profile.url.to_string() }
        }),
        (Some(Entry::Other), 0) => "Another instance".to_owned(),
        (Some(Entry::Other), _) => "by its URL and a service user's key file".to_owned(),
        (Some(Entry::Demo), 0) => "Demo".to_owned(),
        (Some(Entry::Demo), _) => "a look-alike instance on this machine, to try things out".to_owned(),
        (Some(Entry::Snapshot), 0) => "Snapshot".to_owned(),
        (Some(Entry::Snapshot), _) => "all managers in a file, to browse without a server".to_owned(),
        (None, _) => String::new(),
    };
    let table = Table { columns: COLUMNS, count: entries.len(), cursor: screen.cursor, focus: true };
    table.draw(canvas, area, cell, |_| RowStyle { style: styles.text, marked: false });
}

fn draw_form(canvas: &mut Canvas<'_>, screen: &SignIn, area: Rect) {
    let styles = *canvas.styles;
    let inner = Rect { width: area.width.saturating_sub(2), ..area };
    canvas.field(inner, 1, "URL     ", &screen.url, screen.stage == Stage::Url, inner.width);
    canvas.field(inner, 2, "Key file", &screen.key_file.field, screen.stage == Stage::KeyFile, inner.width);
    let below = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(4),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(4),
    };
    if screen.key_file.paths.is_empty() {
        let hint = match screen.stage {
            Stage::Url => "The address that people use to sign in, e.g. https://auth.example.com",
            _ => {
                "The JSON file that the console offers for a service user under Keys; tab completes the path"
            }
        };
        pane::lines(canvas, below, 0, hint, styles.quiet);
        return;
    }
    pane::paths(canvas, below, &screen.key_file.paths);
}
