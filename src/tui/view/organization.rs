//! Draws one organization: its managers and its users.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use super::users;
use crate::app::explain;
use crate::app::screen::managers::Managers;
use crate::app::screen::organization::{OrganizationScreen, Tab};
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::domain::manager::Manager;
use crate::domain::user::UserState;

const COLUMNS: &[Column] = &[
    Column { title: "Manager", least: 18, share: 3, rank: 0 },
    Column { title: "Roles", least: 24, share: 4, rank: 0 },
    Column { title: "Kind", least: 7, share: 0, rank: 3 },
    Column { title: "State", least: 8, share: 0, rank: 1 },
    Column { title: "Login", least: 16, share: 2, rank: 2 },
    Column { title: "Home", least: 10, share: 1, rank: 4 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &OrganizationScreen, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    draw_tabs(canvas, screen, line);
    match screen.tab {
        Tab::Managers => {
            draw_managers(canvas, &screen.managers, shared, rows);
            if let (Some(side), Some(manager)) = (side, screen.managers.focused()) {
                draw_preview(canvas, manager, shared, side);
            }
        }
        Tab::Users => {
            users::draw_rows(canvas, &screen.users, shared, rows);
            if let (Some(side), Some(user)) = (side, screen.users.listing.focused()) {
                let inner = canvas.rule_left(side);
                pane::facts(canvas, inner, user.title().as_str(), &users::about(user, shared));
            }
        }
    }
}

fn draw_tabs(canvas: &mut Canvas<'_>, screen: &OrganizationScreen, line: Rect) {
    let styles = *canvas.styles;
    let look = |tab: Tab| if screen.tab == tab { styles.tab } else { styles.quiet };
    let name =
        |tab: Tab, name: &str| if screen.tab == tab { format!("[{name}]") } else { format!(" {name} ") };
    let pieces = [
        (name(Tab::Managers, "Managers"), look(Tab::Managers)),
        (name(Tab::Users, "Users"), look(Tab::Users)),
    ];
    let pieces: Vec<(&str, _)> = pieces.iter().map(|(text, style)| (text.as_str(), *style)).collect();
    let used = canvas.pieces(line, 1, 0, &pieces).saturating_add(2);
    let rest = Rect { x: line.x.saturating_add(used), width: line.width.saturating_sub(used), ..line };
    let (field, typing, count) = match screen.tab {
        Tab::Managers => (&screen.managers.filter, screen.managers.typing, count(&screen.managers)),
        Tab::Users => (&screen.users.field, screen.users.typing, screen.users.count()),
    };
    pane::search_line(
        canvas,
        rest,
        if typing || !field.is_empty() { "/" } else { "" },
        field,
        typing,
        &count,
    );
}

fn count(managers: &Managers) -> String {
    let Some(all) = managers.reading.value() else {
        return if managers.reading.is_pending() { "loading".to_owned() } else { String::new() };
    };
    let (shown, all) = (managers.rows().len(), all.len());
    let words = if shown == all {
        format!("{} {}", grouped(all as u64), if all == 1 { "manager" } else { "managers" })
    } else {
        format!("{} of {}", grouped(shown as u64), grouped(all as u64))
    };
    if managers.reading.is_pending() { format!("{words}, reading again") } else { words }
}

fn draw_managers(canvas: &mut Canvas<'_>, managers: &Managers, shared: &Shared, area: Rect) {
    let mut area = area;
    if let Some(problem) = managers.reading.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let rows = managers.rows();
    if rows.is_empty() {
        let text = match managers.reading.value() {
            None if managers.reading.problem().is_some() => return,
            None => "loading",
            Some(all) if all.is_empty() => "Nobody manages this organization.",
            Some(_) => "No manager has this in the name, login name, e-mail or roles.",
        };
        pane::in_place_of_rows(canvas, area, text);
        return;
    }
    let styles = *canvas.styles;
    let table =
        Table { columns: COLUMNS, count: rows.len(), cursor: managers.cursor, focus: !managers.typing };
    let cell = |row: usize, column: usize| {
        let Some(manager) = rows.get(row) else { return String::new() };
        match column {
            0 => manager.user.title().to_string(),
            1 => explain::listed(&manager.roles, "no roles"),
            2 => manager.user.kind.to_string(),
            3 => shared.state(&manager.user.id).map(ToString::to_string).unwrap_or_default(),
            4 => manager.user.login_name.to_string(),
            _ => home(manager, shared),
        }
    };
    let look = |row: usize| {
        let user = rows.get(row).map(|manager| &manager.user.id);
        let can_sign_in = user.and_then(|user| shared.state(user)).is_none_or(UserState::can_sign_in);
        let changed = user.is_some() && user == managers.changed.as_ref();
        let style = match (can_sign_in, changed) {
            (_, true) => styles.good,
            (true, false) => styles.text,
            (false, false) => styles.quiet,
        };
        RowStyle { style, marked: changed }
    };
    table.draw(canvas, area, cell, look);
}

fn home(manager: &Manager, shared: &Shared) -> String {
    manager.user.organization.as_ref().map(|id| shared.organization_title(id).to_string()).unwrap_or_default()
}

fn draw_preview(canvas: &mut Canvas<'_>, manager: &Manager, shared: &Shared, side: Rect) {
    let inner = canvas.rule_left(side);
    let user = &manager.user;
    let date = |time: Option<jiff::Timestamp>| {
        time.map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
    };
    let state = shared.state(&user.id).map(ToString::to_string).unwrap_or_default();
    let mut y = pane::facts(
        canvas,
        inner,
        user.title().as_str(),
        &[
            fact("Login", &user.login_name),
            fact("E-mail", user.email.as_ref().map(ToString::to_string).unwrap_or_default()),
            fact("Kind", user.kind),
            fact("State", state),
            fact("Home", home(manager, shared)),
            fact("Since", date(manager.created)),
            fact(
                "Changed",
                if manager.changed == manager.created { String::new() } else { date(manager.changed) },
            ),
            fact("Id", &user.id),
        ],
    )
    .saturating_add(1);
    let styles = canvas.styles;
    for role in &manager.roles {
        y = y.saturating_add(pane::lines(canvas, inner, y, &role.to_string(), styles.strong));
        let summary =
            role.card().map_or("A role of this server that zitui knows nothing about", |card| card.summary);
        y = y.saturating_add(pane::lines(canvas, inner, y, summary, styles.quiet));
    }
}
