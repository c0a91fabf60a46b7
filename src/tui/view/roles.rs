//! Draws roles with boxes, and the card of the one with the cursor.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::role_cards;
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::role_list::RoleList;
use crate::app::screen::change_roles::ChangeRoles;
use crate::domain::change::ChangeKind;
use crate::domain::role::Role;

const COLUMNS: &[Column] = &[
    Column { title: "", least: 3, share: 0, rank: 0 },
    Column { title: "Role", least: 24, share: 1, rank: 0 },
    Column { title: "", least: 12, share: 0, rank: 1 },
];
/// From here on the card stands beside the list, else below it.
const CARD_BESIDE: u16 = 76;
/// The lines that the card takes below the list.
const CARD_LINES: u16 = 6;

/// A list of roles and how their boxes look.
pub(super) struct Boxes<'a> {
    /// The list.
    pub(super) list: &'a RoleList,
    /// What stands in the box of a role.
    pub(super) mark: &'a dyn Fn(&Role) -> char,
    /// A word behind the role.
    pub(super) word: &'a dyn Fn(&Role) -> &'static str,
}

/// Draws the screen that changes the roles of a manager.
pub(super) fn draw_change(canvas: &mut Canvas<'_>, screen: &ChangeRoles, area: Rect) {
    let before = screen.before();
    let held = |role: &Role| before.is_some_and(|before| before.contains(role));
    let mark = |role: &Role| match (held(role), screen.roles.marked.contains(role)) {
        (true, true) => 'x',
        (true, false) => '−',
        (false, true) => '+',
        (false, false) => ' ',
    };
    let word = |role: &Role| match mark(role) {
        '−' => "goes",
        '+' => "comes",
        _ if !screen.roles.is_offered(role) => "not offered",
        _ => "",
    };
    let (line, rest) = pane::first_line(area);
    let title = format!("Roles of {} on {}", screen.user.title(), screen.on.name);
    let styles = *canvas.styles;
    let note = note(screen);
    let used = canvas.put_right(line, 0, &note, styles.warning);
    canvas.put(Rect { width: line.width.saturating_sub(used), ..line }, 2, 0, &title, styles.strong);
    let mut rest = rest;
    if let Some(problem) = screen.managers.problem() {
        rest = problem::draw(canvas, rest, problem);
    }
    draw(canvas, &Boxes { list: &screen.roles, mark: &mark, word: &word }, rest);
}

fn note(screen: &ChangeRoles) -> String {
    if screen.managers.is_pending() {
        return "loading".to_owned();
    }
    match screen.change().map(|change| change.kind()) {
        Some(ChangeKind::Nothing) => "nothing changed".to_owned(),
        Some(ChangeKind::Remove) => "no role left: this removes the manager".to_owned(),
        Some(_) => screen.change().map_or_else(String::new, |change| {
            format!("+{} −{}", change.added().count(), change.removed().count())
        }),
        None if screen.managers.value().is_some() => "no manager here any more".to_owned(),
        None => String::new(),
    }
}

/// Draws the boxes and the card.
pub(super) fn draw(canvas: &mut Canvas<'_>, boxes: &Boxes<'_>, area: Rect) {
    let mut area = area;
    if let Some(problem) = boxes.list.offered.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let roles = boxes.list.roles();
    if roles.is_empty() {
        if boxes.list.offered.problem().is_none() {
            let text =
                if boxes.list.offered.is_pending() { "loading" } else { "The server offers no roles here." };
            pane::in_place_of_rows(canvas, area, text);
        }
        return;
    }
    let (list, card) = split(area);
    let styles = *canvas.styles;
    let table = Table { columns: COLUMNS, count: roles.len(), cursor: boxes.list.cursor, focus: true };
    let cell = |row: usize, column: usize| {
        let Some(role) = roles.get(row) else { return String::new() };
        match column {
            0 => format!("[{}]", (boxes.mark)(role)),
            1 => role.to_string(),
            _ => (boxes.word)(role).to_owned(),
        }
    };
    let look = |row: usize| {
        let style = match roles.get(row).map(|role| (boxes.mark)(role)) {
            Some('+') => styles.good,
            Some('−') => styles.bad,
            _ => styles.text,
        };
        RowStyle { style, marked: false }
    };
    table.draw(canvas, list, cell, look);
    if let Some(role) = boxes.list.focused() {
        role_cards::draw_role(canvas, &role, Some(boxes.list.is_offered(&role)), card);
    }
}

fn split(area: Rect) -> (Rect, Rect) {
    if area.width >= CARD_BESIDE {
        let list = Rect { width: area.width / 2, ..area };
        return (list, Rect { x: area.x.saturating_add(list.width), width: area.width - list.width, ..area });
    }
    let card = CARD_LINES.min(area.height / 2);
    let list = Rect { height: area.height - card, ..area };
    (list, Rect { y: area.y.saturating_add(list.height), height: card, ..area })
}

/// The roles in a row, or a dash.
pub(super) fn listed(roles: Option<&[Role]>) -> String {
    roles.map_or_else(|| "–".to_owned(), |roles| explain::listed(roles, "no roles"))
}
