//! Draws the managers of a resource: the list, what is known about the one with the cursor, and screens of nothing else.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, fact};
use super::problem;
use super::projects;
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::screen::managers::Managers;
use crate::app::screen::managers_screen::ManagersScreen;
use crate::app::shared::Shared;
use crate::domain::level::Level;
use crate::domain::manager::Manager;
use crate::domain::permission::ManagerAction;
use crate::domain::user::UserState;

const COLUMNS: &[Column] = &[
    Column { title: "Manager", least: 20, share: 3, rank: 0 },
    Column { title: "Roles", least: 20, share: 4, rank: 0 },
    Column { title: "Kind", least: 7, share: 0, rank: 3 },
    Column { title: "State", least: 8, share: 0, rank: 1 },
    Column { title: "Login", least: 14, share: 2, rank: 2 },
    Column { title: "Home", least: 10, share: 1, rank: 4 },
];

/// Draws the managers of the instance or of a grant.
pub(super) fn draw_screen(canvas: &mut Canvas<'_>, screen: &ManagersScreen, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    let managers = &screen.managers;
    let title = format!("Managers of {}", managers.on.in_words());
    let (field, typing) = (&managers.list.filter, managers.list.typing);
    pane::search_line(canvas, line, &title, field, typing, &count(managers));
    draw_rows(canvas, managers, shared, rows);
    let Some(side) = side else { return };
    match (managers.focused(), &screen.grant) {
        (Some(manager), _) => draw_preview(canvas, manager, shared, side),
        (None, Some(grant)) => projects::draw_grant(canvas, grant, shared, side),
        (None, None) => {}
    }
}

/// How many managers there are.
pub(super) fn count(managers: &Managers) -> String {
    let count = managers.list.count("manager", "managers");
    match managers.marked().len() {
        0 => count,
        several => format!("{several} marked · {count}"),
    }
}

/// Draws the rows, below the reason why they cannot be changed, where there is one.
pub(super) fn draw_rows(canvas: &mut Canvas<'_>, managers: &Managers, shared: &Shared, area: Rect) {
    let mut area = draw_reason(canvas, managers, shared, area);
    let list = &managers.list;
    if let Some(problem) = list.reading.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let rows = list.rows();
    if rows.is_empty() {
        let text = match list.reading.value() {
            None if list.reading.problem().is_some() => return,
            None => "loading".to_owned(),
            Some(all) if all.is_empty() => format!("Nobody manages {}.", managers.on.in_words()),
            Some(_) => "No manager has this in the name, login name, e-mail or roles.".to_owned(),
        };
        pane::in_place_of_rows(canvas, area, &text);
        return;
    }
    let styles = *canvas.styles;
    let table = Table { columns: COLUMNS, count: rows.len(), cursor: list.cursor, focus: !list.typing };
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
        let marked = rows.get(row).is_some_and(|manager| managers.is_marked(manager));
        RowStyle { style, marked: changed || marked }
    };
    table.draw(canvas, area, cell, look);
}

/// The managers of a grant can be seen by who cannot change them; that is worth a line before one tries.
fn draw_reason(canvas: &mut Canvas<'_>, managers: &Managers, shared: &Shared, area: Rect) -> Rect {
    let resource = &managers.on.resource;
    let is_grant = resource.level() == Level::ProjectGrant && managers.list.reading.problem().is_none();
    let reason = if is_grant { shared.why_not(resource, ManagerAction::Write) } else { None };
    let Some(reason) = reason else { return area };
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4), ..area };
    let style = canvas.styles.warning;
    let used = pane::lines(canvas, inner, 0, &format!("! Only to look at: {reason}"), style).min(area.height);
    Rect { y: area.y.saturating_add(used), height: area.height - used, ..area }
}

fn home(manager: &Manager, shared: &Shared) -> String {
    manager.user.organization.as_ref().map(|id| shared.organization_title(id).to_string()).unwrap_or_default()
}

/// Draws what is known about a manager.
pub(super) fn draw_preview(canvas: &mut Canvas<'_>, manager: &Manager, shared: &Shared, side: Rect) {
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
