//! Draws the steps of adding a manager.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::organizations;
use super::pane;
use super::problem;
use super::roles::{self, Boxes};
use super::table::Column;
use super::text;
use super::users;
use crate::app::screen::add_manager::{AddManager, Step};
use crate::app::shared::Shared;
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;
use crate::domain::role::Role;
use crate::domain::user::User;

const USERS: &[Column] = &[
    Column { title: "User", least: 17, share: 2, rank: 0 },
    Column { title: "Login", least: 15, share: 2, rank: 0 },
    Column { title: "Kind", least: 7, share: 0, rank: 3 },
    Column { title: "State", least: 8, share: 0, rank: 4 },
    Column { title: "Home", least: 11, share: 1, rank: 2 },
    Column { title: "Already", least: 16, share: 3, rank: 1 },
];

/// Cells that a name takes at most before a search field.
const MOST_OF_A_NAME: usize = 24;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &AddManager, shared: &Shared, area: Rect) {
    let area = draw_reason(canvas, screen, shared, area);
    match screen.step {
        Step::Organization => {
            let who = screen.users.first().map(|user| user.title().to_string()).unwrap_or_default();
            let name = format!("Organization for {}", text::fit(&who, MOST_OF_A_NAME));
            let marked =
                |row: &Organization| screen.marked_organizations.iter().any(|marked| marked.id == row.id);
            organizations::draw_list(canvas, &screen.organizations, &name, shared, area, marked);
        }
        Step::User => draw_users(canvas, screen, shared, area),
        Step::Roles => draw_roles(canvas, screen, area),
    }
}

/// Why the chosen organization cannot get a manager from us, where that is known before trying.
fn draw_reason(canvas: &mut Canvas<'_>, screen: &AddManager, shared: &Shared, area: Rect) -> Rect {
    let resource = screen.resource().filter(|_| screen.step != Step::Organization);
    let Some(reason) = resource.and_then(|resource| shared.why_not(resource, ManagerAction::Write)) else {
        return area;
    };
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4), ..area };
    let style = canvas.styles.warning;
    let used = pane::lines(canvas, inner, 0, &format!("! Cannot add a manager here: {reason}"), style)
        .min(area.height);
    Rect { y: area.y.saturating_add(used), height: area.height - used, ..area }
}

fn draw_users(canvas: &mut Canvas<'_>, screen: &AddManager, shared: &Shared, area: Rect) {
    let (line, rows) = pane::first_line(area);
    let search = &screen.candidates;
    let scope = search
        .scope()
        .map_or_else(|| "all organizations".to_owned(), |scope| shared.organization_title(scope).to_string());
    let marked = match screen.marked.len() {
        0 => String::new(),
        several => format!("{several} marked · "),
    };
    let count = format!("{marked}{scope} · {}", search.count());
    let on = screen.on.as_ref().map(|on| on.name.to_string()).unwrap_or_default();
    let name = format!("User for {}", text::fit(&on, MOST_OF_A_NAME));
    pane::search_line(canvas, line, &name, &search.field, search.typing, &count);
    let cell = |user: &User, column: usize| match column {
        0 => user.title().to_string(),
        1 => user.login_name.to_string(),
        2 => user.kind.to_string(),
        3 => user.state.to_string(),
        4 => shared.organization_title(&user.organization).to_string(),
        _ => already(screen, user),
    };
    let is_marked = |user: &User| screen.marked.has(&user.id);
    users::draw_columns(canvas, search, USERS, shared, rows, cell, is_marked);
}

fn already(screen: &AddManager, user: &User) -> String {
    match (screen.managers.value(), screen.managers.problem()) {
        (Some(_), _) => roles::listed(screen.already(&user.id)),
        (None, Some(_)) => "unknown".to_owned(),
        (None, None) => "loading".to_owned(),
    }
}

fn draw_roles(canvas: &mut Canvas<'_>, screen: &AddManager, area: Rect) {
    let (line, mut rest) = pane::first_line(area);
    let styles = *canvas.styles;
    let who = match screen.users.as_slice() {
        [user] => user.title().to_string(),
        users => format!("{} users", users.len()),
    };
    let mut on = screen.on.as_ref().map(|on| on.name.to_string()).unwrap_or_default();
    if !screen.further.is_empty() {
        on = format!("{on} and {} more", screen.further.len());
    }
    let waiting = if screen.goes_on_when_read() { "going on once the managers were read" } else { "" };
    let used = canvas.put_right(line, 0, waiting, styles.quiet);
    let title = Rect { width: line.width.saturating_sub(used), ..line };
    canvas.put(title, 2, 0, &format!("Roles for {who} on {on}"), styles.strong);
    if let Some(problem) = screen.managers.problem() {
        rest = problem::draw(canvas, rest, problem);
    }
    let Some(list) = &screen.roles else { return };
    let held = |role: &Role| list.held().contains(role);
    let word = |role: &Role| match (held(role), list.marked.contains(role)) {
        (true, _) => "held",
        (false, true) => "comes",
        (false, false) => "",
    };
    let mark = |role: &Role| match (held(role), list.marked.contains(role)) {
        (true, _) => '=',
        (false, true) => 'x',
        (false, false) => ' ',
    };
    roles::draw(canvas, &Boxes { list, mark: &mark, word: &word }, rest);
}
