//! Draws the users that were pasted: each found or explained.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::table::{Column, RowStyle, Table};
use crate::app::screen::pasted::{Meant, Pasted};
use crate::app::shared::Shared;
use crate::domain::text::SafeText;

const COLUMNS: &[Column] = &[
    Column { title: "Pasted", least: 16, share: 1, rank: 0 },
    Column { title: "Means", least: 24, share: 3, rank: 0 },
];
/// Lines below the list for why the line with the cursor means nobody.
const EXPLANATION: u16 = 4;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Pasted, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let (line, rest) = pane::first_line(area);
    canvas.put(line, 2, 0, "Pasted users", styles.strong);
    let found = screen.found().len();
    let count = if screen.is_pending() {
        "looking them up".to_owned()
    } else {
        format!("{found} users found in {} lines", screen.lines.len())
    };
    canvas.put_right(line, 0, &count, styles.quiet);
    let below = EXPLANATION.min(rest.height / 3);
    let list = Rect { height: rest.height - below, ..rest };
    let cell = |row: usize, column: usize| match (screen.lines.get(row), column) {
        (Some((text, _)), 0) => SafeText::new(text).to_string(),
        (Some((_, meant)), _) => means(meant, shared),
        (None, _) => String::new(),
    };
    let look = |row: usize| {
        let style = match screen.lines.get(row).map(|(_, meant)| meant) {
            Some(Meant::User(_)) => styles.text,
            Some(Meant::Nobody(_)) => styles.bad,
            _ => styles.quiet,
        };
        RowStyle { style, marked: false }
    };
    let table = Table { columns: COLUMNS, count: screen.lines.len(), cursor: screen.cursor, focus: true };
    table.draw(canvas, list, cell, look);
    let inner = Rect {
        x: rest.x.saturating_add(2),
        y: list.bottom(),
        width: rest.width.saturating_sub(4),
        height: below,
    };
    if let Some((_, Meant::Nobody(problem))) = screen.lines.get(screen.cursor.at) {
        let text = format!("{}: {}. {}", problem.what, problem.why, problem.fix);
        pane::lines(canvas, inner, 0, &text, styles.warning);
    } else if screen.left_over() > 0 {
        let text = format!("{} more lines were left out; paste them afterwards.", screen.left_over());
        pane::lines(canvas, inner, 0, &text, styles.warning);
    }
}

fn means(meant: &Meant, shared: &Shared) -> String {
    match meant {
        Meant::Unknown => "…".to_owned(),
        Meant::User(user) => format!(
            "{} · {} · {} · {} · {}",
            user.title(),
            user.login_name,
            user.kind,
            user.state,
            shared.organization_title(&user.organization)
        ),
        Meant::SameAsBefore(user) => format!("{}, as an earlier line", user.title()),
        Meant::Nobody(problem) => format!("✗ {}", problem.why),
    }
}
