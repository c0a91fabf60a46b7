//! Draws role cards: the roles of a resource, and one or two cards side by side.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::screen::role_cards::RoleCards;
use crate::domain::level::Level;
use crate::domain::role::{Role, RoleCard};

const COLUMNS: &[Column] = &[
    Column { title: "Role", least: 24, share: 1, rank: 0 },
    Column { title: "", least: 17, share: 0, rank: 1 },
];
/// From here on the cards stand beside the list, else below it.
const BESIDE: u16 = 100;
/// The cells of the list beside cards.
const LIST: u16 = 52;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &RoleCards, area: Rect) {
    let (line, rest) = pane::first_line(area);
    let styles = *canvas.styles;
    let note = if screen.offered.is_pending() { "loading what the server offers" } else { "" };
    let used = canvas.put_right(line, 0, note, styles.quiet);
    let title = Rect { width: line.width.saturating_sub(used), ..line };
    canvas.put(title, 2, 0, &format!("Roles on {}", screen.on.in_words()), styles.strong);
    let mut rest = rest;
    if let Some(problem) = screen.offered.problem() {
        rest = problem::draw(canvas, rest, problem);
    }
    let cards = screen.shown_cards();
    let (list, places) = split(rest, cards.len());
    draw_list(canvas, screen, list);
    for (role, place) in cards.iter().zip(places) {
        draw_role(canvas, role, screen.is_offered(role), place);
    }
}

fn split(area: Rect, cards: usize) -> (Rect, Vec<Rect>) {
    let parts = u16::try_from(cards.max(1)).unwrap_or(1);
    let (list, below) = if area.width >= BESIDE {
        let list = Rect { width: LIST, ..area };
        (list, Rect { x: area.x.saturating_add(LIST), width: area.width - LIST, ..area })
    } else {
        let height = area.height / 2;
        let y = area.y.saturating_add(height);
        (Rect { height, ..area }, Rect { y, height: area.height - height, ..area })
    };
    let width = below.width / parts;
    let place = |index: u16| Rect { x: below.x.saturating_add(index * width), width, ..below };
    (list, (0..parts).map(place).collect())
}

fn draw_list(canvas: &mut Canvas<'_>, screen: &RoleCards, area: Rect) {
    let styles = *canvas.styles;
    let roles = screen.roles();
    let table = Table { columns: COLUMNS, count: roles.len(), cursor: screen.cursor, focus: true };
    let cell = |row: usize, column: usize| {
        let Some(role) = roles.get(row) else { return String::new() };
        match (column, screen.is_held(role), screen.is_offered(role)) {
            (0, ..) => role.to_string(),
            (_, true, Some(false)) => "held, not offered".to_owned(),
            (_, true, _) => "held".to_owned(),
            (_, false, Some(false)) => "not offered".to_owned(),
            (_, false, _) => String::new(),
        }
    };
    let look = |row: usize| {
        let role = roles.get(row);
        let is_offered = role.and_then(|role| screen.is_offered(role)) != Some(false);
        RowStyle {
            style: if is_offered { styles.text } else { styles.quiet },
            marked: role.is_some_and(|role| screen.marked.contains(role)),
        }
    };
    table.draw(canvas, area, cell, look);
}

/// Draws one role on a card of its own.
pub(super) fn draw_role(canvas: &mut Canvas<'_>, role: &Role, is_offered: Option<bool>, area: Rect) {
    let styles = *canvas.styles;
    let inner = canvas.rule_left(area);
    let inner = Rect { width: inner.width.saturating_sub(1), ..inner };
    let mut y = pane::lines(canvas, inner, 0, &role.to_string(), styles.strong);
    for (text, style) in says(canvas, role, is_offered) {
        y = y.saturating_add(pane::lines(canvas, inner, y, &text, style));
    }
}

/// What a card says, line by line.
fn says(canvas: &Canvas<'_>, role: &Role, is_offered: Option<bool>) -> Vec<(String, Style)> {
    let styles = canvas.styles;
    let mut lines = Vec::new();
    if is_offered == Some(false) {
        lines.push((
            "The server does not offer this role here; who holds it keeps it.".to_owned(),
            styles.warning,
        ));
    }
    let Some(card) = role.card() else {
        lines.push(("A role of this server that zitui knows nothing about.".to_owned(), styles.quiet));
        lines.push((
            "What it allows is set by who runs the server; take it to be powerful.".to_owned(),
            styles.quiet,
        ));
        return lines;
    };
    lines.push((format!("{}.", card.summary), styles.text));
    lines.push(makes_managers(card).map_or_else(
        || ("Cannot make others manager.".to_owned(), styles.good),
        |text| (text, styles.warning),
    ));
    if card.impersonates {
        lines.push(("⚠ can act in the name of others".to_owned(), styles.warning));
    }
    if card.only_reads() {
        lines.push(("Only reads.".to_owned(), styles.good));
    }
    for (key, covers) in card.smaller {
        lines.push((format!("Smaller: {key} ({covers})"), styles.quiet));
    }
    if card.smaller.is_empty() {
        lines.push(("No smaller role does the same.".to_owned(), styles.quiet));
    }
    lines
}

fn makes_managers(card: &RoleCard) -> Option<String> {
    let levels: Vec<&str> = card
        .makes_managers_of
        .iter()
        .map(|level| match level {
            Level::Instance => "the instance",
            Level::Organization => "organizations",
            Level::Project => "projects",
            Level::ProjectGrant => "project grants",
        })
        .collect();
    (!levels.is_empty()).then(|| format!("⚠ can make others manager of {}", levels.join(", ")))
}
