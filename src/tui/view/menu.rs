//! Draws the menu, and below it what the session is worth knowing.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, fact};
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::screen::menu::{ENTRIES, Menu};
use crate::app::shared::Shared;
use crate::domain::level::Level;

const COLUMNS: &[Column] = &[
    Column { title: "", least: 3, share: 0, rank: 0 },
    Column { title: "Go to", least: 18, share: 0, rank: 0 },
    Column { title: "", least: 12, share: 1, rank: 1 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Menu, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let table = Table { columns: COLUMNS, count: ENTRIES.len(), cursor: screen.cursor, focus: true };
    let cell = |row: usize, column: usize| {
        let Some(entry) = ENTRIES.get(row) else { return String::new() };
        match column {
            0 => format!("{} {}", row + 1, entry.letter),
            1 => entry.name.to_owned(),
            _ => entry.about.to_owned(),
        }
    };
    let height = u16::try_from(ENTRIES.len()).unwrap_or_default().saturating_add(1);
    let list = Rect { height: height.min(area.height), ..area };
    table.draw(canvas, list, cell, |_| RowStyle { style: styles.text, marked: false });
    let below = height.saturating_add(1).min(area.height);
    let rest = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(below),
        width: area.width.saturating_sub(4).min(96),
        height: area.height - below,
    };
    draw_session(canvas, shared, rest);
}

fn draw_session(canvas: &mut Canvas<'_>, shared: &Shared, area: Rect) {
    let Some(facts) = shared.facts() else { return };
    let identity = &facts.identity;
    let roles: Vec<String> = facts
        .memberships
        .iter()
        .filter(|own| !own.roles.is_empty())
        .map(|own| {
            let roles = explain::listed(&own.roles, "");
            match own.level {
                Level::Instance => format!("{roles} on the instance"),
                level => format!("{roles} on the {level} {}", own.resource_name.or(&own.resource_id)),
            }
        })
        .collect();
    let name = facts.instance_name.as_ref().map(ToString::to_string).unwrap_or_default();
    let used = pane::facts(
        canvas,
        area,
        "This session",
        &[
            fact("Instance", format!("{name} {}", facts.issuer).trim()),
            fact(
                "You are",
                format!("{} ({})", identity.display_name.or(&identity.login_name), identity.login_name),
            ),
            fact("Your roles", if roles.is_empty() { "none".to_owned() } else { roles.join("; ") }),
        ],
    );
    let styles = canvas.styles;
    let mut y = used.saturating_add(1);
    for notice in &facts.notices {
        y = y.saturating_add(pane::lines(canvas, area, y, &format!("! {notice}"), styles.warning));
    }
}
