//! Draws the profiles.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::screen::profiles::Profiles;
use crate::app::shared::Shared;
use crate::domain::session::ProfileFacts;

const COLUMNS: &[Column] = &[
    Column { title: "Profile", least: 14, share: 1, rank: 0 },
    Column { title: "", least: 10, share: 0, rank: 0 },
    Column { title: "Colour", least: 14, share: 0, rank: 2 },
    Column { title: "Safety", least: 20, share: 0, rank: 1 },
    Column { title: "URL", least: 16, share: 3, rank: 0 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Profiles, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let (line, mut rows) = pane::first_line(area);
    canvas.put(line, 2, 0, "Profiles of the configuration file", styles.strong);
    if let Some(name) = switching_to(screen, shared) {
        canvas.put_right(line, 0, &format!("signing in to {name}; esc stops it"), styles.warning);
    }
    if let Some(problem) = &screen.problem {
        rows = problem::draw(canvas, rows, problem);
    }
    if shared.profiles.is_empty() {
        pane::in_place_of_rows(
            canvas,
            rows,
            "There are no profiles. Name some in the configuration file (docs/configuration.md), or sign in by hand \
             with g s.",
        );
        return;
    }
    let cell = |row: usize, column: usize| {
        let Some(profile) = shared.profiles.get(row) else { return String::new() };
        match column {
            0 => profile.name.to_string(),
            1 if Profiles::is_current(profile, shared) => "current".to_owned(),
            1 => String::new(),
            2 => profile.colour.as_ref().map(ToString::to_string).unwrap_or_default(),
            3 => safety(profile).to_owned(),
            _ => profile.url.to_string(),
        }
    };
    let table = Table { columns: COLUMNS, count: shared.profiles.len(), cursor: screen.cursor, focus: true };
    table.draw(canvas, rows, cell, |_| RowStyle { style: styles.text, marked: false });
    let height = usize::from(rows.height.saturating_sub(1));
    let top = screen.cursor.top(height);
    let names = shared.profiles.iter().skip(top).take(height);
    for (y, profile) in (1..).zip(names) {
        let name = format!(" {} ", profile.name);
        let place = Rect { width: rows.width.min(18), ..rows };
        let style = styles.profile_in(profile.colour.as_ref().map(crate::domain::text::SafeText::as_str));
        canvas.put(place, 1, y, &name, style);
    }
}

fn switching_to(screen: &Profiles, shared: &Shared) -> Option<String> {
    let at = screen.target.filter(|_| screen.is_switching())?;
    shared.profiles.get(at).map(|profile| profile.name.to_string())
}

fn safety(profile: &ProfileFacts) -> &'static str {
    match (profile.read_only, profile.protected) {
        (true, true) => "read-only protected",
        (true, false) => "read-only",
        (false, true) => "protected",
        (false, false) => "",
    }
}
