//! Draws users: the list across organizations, and lists of users on other screens.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, Fact, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::marked::Marked;
use crate::app::screen::users::Users;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::user::{User, UserState};

const COLUMNS: &[Column] = &[
    Column { title: "Name", least: 14, share: 3, rank: 0 },
    Column { title: "Login", least: 16, share: 3, rank: 0 },
    Column { title: "Kind", least: 7, share: 0, rank: 1 },
    Column { title: "State", least: 8, share: 0, rank: 0 },
    Column { title: "Organization", least: 12, share: 2, rank: 2 },
    Column { title: "E-mail", least: 18, share: 3, rank: 3 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Users, shared: &Shared, area: Rect) {
    draw_with_preview(canvas, &screen.search, &screen.marked, shared, area);
}

/// Draws a list of users and, where there is room, more about the one with the cursor.
pub(super) fn draw_with_preview(
    canvas: &mut Canvas<'_>,
    search: &Search<User>,
    marked: &Marked,
    shared: &Shared,
    area: Rect,
) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    pane::search_line(canvas, line, "Users", &search.field, search.typing, &count(search, marked));
    draw_rows(canvas, search, marked, shared, rows);
    if let (Some(side), Some(user)) = (side, search.listing.focused()) {
        let inner = canvas.rule_left(side);
        pane::facts(canvas, inner, user.title().as_str(), &about(user, shared));
    }
}

/// Draws the rows of a list of users.
pub(super) fn draw_rows(
    canvas: &mut Canvas<'_>,
    search: &Search<User>,
    marked: &Marked,
    shared: &Shared,
    area: Rect,
) {
    let cell = |user: &User, column: usize| match column {
        0 => user.title().to_string(),
        1 => user.login_name.to_string(),
        2 => user.kind.to_string(),
        3 => user.state.to_string(),
        4 => shared.organization_title(&user.organization).to_string(),
        _ => user.email.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    draw_columns(canvas, search, COLUMNS, shared, area, cell, |user| marked.has(&user.id));
}

/// Draws the rows of a list of users in these columns, with marks.
pub(super) fn draw_columns(
    canvas: &mut Canvas<'_>,
    search: &Search<User>,
    columns: &[Column],
    shared: &Shared,
    area: Rect,
    cell: impl Fn(&User, usize) -> String,
    marked: impl Fn(&User) -> bool,
) {
    let listing = &search.listing;
    let mut rows = area;
    if let Some(problem) = listing.problem() {
        rows = problem::draw(canvas, rows, problem);
    }
    if listing.rows().is_empty() {
        if listing.problem().is_none() {
            pane::in_place_of_rows(canvas, rows, &empty(search, shared));
        }
        return;
    }
    let styles = *canvas.styles;
    let table = Table { columns, count: listing.rows().len(), cursor: listing.cursor, focus: !search.typing };
    let look = |row: usize| {
        let user = listing.rows().get(row);
        let style = match user {
            _ if listing.is_stale() => styles.stale,
            Some(user) if user.state == UserState::Active => styles.text,
            _ => styles.quiet,
        };
        RowStyle { style, marked: user.is_some_and(&marked) }
    };
    table.draw(
        canvas,
        rows,
        |row, column| listing.rows().get(row).map(|user| cell(user, column)).unwrap_or_default(),
        look,
    );
}

/// How much was found, and how much of it is marked.
pub(super) fn count(search: &Search<User>, marked: &Marked) -> String {
    match marked.len() {
        0 => search.count(),
        several => format!("{several} marked · {}", search.count()),
    }
}

fn empty(search: &Search<User>, shared: &Shared) -> String {
    if search.listing.is_loading() {
        "loading".to_owned()
    } else if search.field.is_empty() {
        pane::nothing_shown("user", "user.read", shared)
    } else {
        "No user has this in the name, login name or e-mail, or as id, among those that you may read."
            .to_owned()
    }
}

/// What is known about a user.
pub(super) fn about(user: &User, shared: &Shared) -> Vec<Fact> {
    let others: Vec<String> =
        user.login_names.iter().filter(|name| **name != user.login_name).map(ToString::to_string).collect();
    vec![
        fact("Login", &user.login_name),
        fact("User name", if user.user_name == user.login_name { "" } else { user.user_name.as_str() }),
        fact("Also", others.join(", ")),
        fact("E-mail", user.email.as_ref().map(ToString::to_string).unwrap_or_default()),
        fact("Kind", user.kind),
        fact("State", &user.state),
        fact("Organization", shared.organization_title(&user.organization)),
        fact("Id", &user.id),
    ]
}
