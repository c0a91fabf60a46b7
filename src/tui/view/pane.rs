//! What lists have in common: the search line, the pane beside the list, the words in an empty list.

use std::fmt::Display;

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::{problem, text};
use crate::app::explain;
use crate::app::field::Field;
use crate::app::layout::PREVIEW_COLUMNS;
use crate::app::shared::Shared;
use crate::domain::problem::Problem;
use crate::domain::role::Role;
use crate::domain::text::SafeText;

/// Parts an area into a list and, where there is room, a pane right of it.
pub(super) fn split(area: Rect) -> (Rect, Option<Rect>) {
    if area.width < PREVIEW_COLUMNS {
        return (area, None);
    }
    let pane = (area.width / 3).clamp(36, 60);
    let list = Rect { width: area.width - pane, ..area };
    (list, Some(Rect { x: area.x.saturating_add(list.width), width: pane, ..area }))
}

/// The first line of `area` and what is below it.
pub(super) fn first_line(area: Rect) -> (Rect, Rect) {
    let line = Rect { height: area.height.min(1), ..area };
    let rest = Rect { y: area.y.saturating_add(line.height), height: area.height - line.height, ..area };
    (line, rest)
}

/// What to know before the rows, and why they could not be read; what is left for them.
pub(super) fn notices(
    canvas: &mut Canvas<'_>,
    mut rows: Rect,
    notices: &[String],
    problem: Option<&Problem>,
) -> Rect {
    for notice in notices {
        let (line, rest) = first_line(rows);
        canvas.pieces(line, 1, 0, &[("! ", canvas.styles.warning), (notice, canvas.styles.warning)]);
        rows = rest;
    }
    problem.map_or(rows, |problem| problem::draw(canvas, rows, problem))
}

/// The search line: the field, and at the right how much was found.
pub(super) fn search_line(
    canvas: &mut Canvas<'_>,
    line: Rect,
    name: &str,
    field: &Field,
    typing: bool,
    count: &str,
) {
    let used = canvas.put_right(line, 0, count, canvas.styles.quiet);
    let left = Rect { width: line.width.saturating_sub(used.saturating_add(1)), ..line };
    if typing || !field.is_empty() {
        canvas.field(left, 0, name, field, typing, left.width);
    } else {
        canvas.put(left, 2, 0, name, canvas.styles.strong);
    }
}

/// A fact of a pane.
pub(super) struct Fact {
    /// What it is about.
    pub(super) name: &'static str,
    /// What it says; left out where empty.
    pub(super) value: String,
}

/// A fact.
pub(super) fn fact(name: &'static str, value: impl Display) -> Fact {
    Fact { name, value: value.to_string() }
}

/// Draws a title and facts below each other. Returns the lines used.
pub(super) fn facts(canvas: &mut Canvas<'_>, area: Rect, title: &str, facts: &[Fact]) -> u16 {
    let styles = canvas.styles;
    let mut y = lines(canvas, area, 0, title, styles.strong).saturating_add(1);
    let names = facts.iter().filter(|fact| !fact.value.is_empty()).map(|fact| fact.name.width());
    let longest = u16::try_from(names.max().unwrap_or_default()).unwrap_or(u16::MAX);
    let indent = longest.saturating_add(2).max(9).min(area.width / 2);
    for fact in facts.iter().filter(|fact| !fact.value.is_empty()) {
        canvas.put(Rect { width: indent, ..area }, 0, y, fact.name, styles.quiet);
        let value =
            Rect { x: area.x.saturating_add(indent), width: area.width.saturating_sub(indent), ..area };
        y = y.saturating_add(lines(canvas, value, y, &fact.value, styles.text));
    }
    y
}

/// Draws text in as many lines as it needs, from line `y`. Returns how many those are.
pub(super) fn lines(canvas: &mut Canvas<'_>, area: Rect, y: u16, text: &str, style: Style) -> u16 {
    let mut used = 0;
    for line in text::wrap(text, area.width.into()) {
        canvas.put(area, 0, y.saturating_add(used), &line, style);
        used = used.saturating_add(1);
    }
    used
}

/// Draws the paths that a typed one could mean, below each other.
pub(super) fn paths(canvas: &mut Canvas<'_>, area: Rect, paths: &[String]) {
    for (y, path) in (0..area.height).zip(paths) {
        canvas.put(area, 0, y, SafeText::new(path).as_str(), canvas.styles.text);
    }
}

/// Words in place of rows.
pub(super) fn in_place_of_rows(canvas: &mut Canvas<'_>, area: Rect, text: &str) {
    let inner = Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    };
    let styles = canvas.styles;
    lines(canvas, inner, 0, text, styles.quiet);
    canvas.offer_cursor(inner, 0, 0);
}

/// Why a list that nobody searched in is empty: more often a lack of permission than that there is nothing.
pub(super) fn nothing_shown(noun: &str, permission: &'static str, shared: &Shared) -> String {
    let lack = shared.facts().map(|facts| explain::lack(&facts.missing(permission))).unwrap_or_default();
    format!("The server shows you no {noun}. To be shown one {lack}.")
}

/// Draws a role with what it allows, from line `y`. Returns the lines used.
pub(super) fn role(canvas: &mut Canvas<'_>, area: Rect, y: u16, role: &Role) -> u16 {
    let styles = canvas.styles;
    let used = lines(canvas, area, y, &role.to_string(), styles.strong);
    let summary =
        role.card().map_or("A role of this server that zitui knows nothing about", |card| card.summary);
    used.saturating_add(lines(canvas, area, y.saturating_add(used), summary, styles.quiet))
}
