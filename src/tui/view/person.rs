//! Draws one user: who it is, what it can do, and the tree of what it manages.

use ratatui::layout::Rect;

use super::all_managers::level;
use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::table::{Column, RowStyle, Table};
use super::text;
use super::unread;
use crate::app::explain;
use crate::app::screen::person::{HEAD_LINES, Line, POWER_LINES, Person};
use crate::app::shared::Shared;
use crate::domain::inventory::PersonSheet;
use crate::domain::role::Role;
use crate::domain::sheet::{self, Power};
use crate::domain::text::SafeText;
use crate::domain::user::UserState;

const COLUMNS: &[Column] = &[
    Column { title: "Manages", least: 26, share: 4, rank: 0 },
    Column { title: "Level", least: 8, share: 0, rank: 2 },
    Column { title: "Since", least: 10, share: 0, rank: 1 },
    Column { title: "Given by", least: 14, share: 2, rank: 0 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Person, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let head_lines = u16::try_from(HEAD_LINES).unwrap_or_default().min(list.height);
    draw_head(canvas, screen, shared, Rect { height: head_lines, ..list });
    let mut rows =
        Rect { y: list.y.saturating_add(head_lines), height: list.height.saturating_sub(head_lines), ..list };
    if screen.unread.open {
        unread::draw(canvas, &screen.unread, unread::LISTS, rows);
        return;
    }
    if let Some(problem) = screen.sheet.problem() {
        rows = problem::draw(canvas, rows, problem);
    }
    if screen.lines().is_empty() {
        if screen.sheet.problem().is_none() {
            pane::in_place_of_rows(canvas, rows, empty(screen));
        }
        return;
    }
    draw_tree(canvas, screen, rows);
    if let Some(side) = side {
        draw_preview(canvas, screen, side);
    }
}

fn empty(screen: &Person) -> &'static str {
    match screen.sheet.value() {
        None => "loading",
        Some(sheet) if sheet.unread.is_empty() => "This user manages nothing.",
        Some(_) => "No role was shown to you, but not everything could be read; w shows why.",
    }
}

fn draw_head(canvas: &mut Canvas<'_>, screen: &Person, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    let title = screen.title();
    let state = screen.state(shared);
    let kind = screen.user.value().map_or(screen.who.kind, |user| user.kind);
    let home = screen.user.value().map(|user| &user.organization).or(screen.who.organization.as_ref());
    let home = home.map(|id| format!(", home {}", shared.organization_title(id))).unwrap_or_default();
    let words = format!("  {kind}{home}, {}", state.map_or("state unknown".to_owned(), state_words));
    let look = if state.is_none_or(UserState::can_sign_in) { styles.text } else { styles.warning };
    canvas.pieces(area, 2, 0, &[(title.as_str(), styles.strong), (&words, look)]);
    canvas.put(area, 2, 1, &names(screen), styles.quiet);
    let email = screen.user.value().map_or(&screen.who.email, |user| &user.email);
    let email = email.as_ref().map(|email| format!("{email} · ")).unwrap_or_default();
    canvas.put(area, 2, 2, &format!("{email}id {}", screen.who.id), styles.quiet);
    let (power, look) = match screen.sheet.value() {
        Some(sheet) => (power_words(&sheet::power(&sheet.records), sheet), styles.text),
        None => (String::new(), styles.quiet),
    };
    let lines = text::wrap(&power, area.width.saturating_sub(4).into());
    let most = usize::from(u16::try_from(POWER_LINES).unwrap_or_default());
    let shown = most.min(lines.len());
    for (y, line) in (3..).zip(lines.iter().take(shown)) {
        let is_cut = usize::from(y) == 2 + most && lines.len() > most;
        let line = if is_cut { format!("{line} …") } else { line.clone() };
        canvas.put(area, 2, y, &line, look);
    }
    if let Some(notice) = notice(screen) {
        let y = area.height.saturating_sub(1);
        canvas.pieces(area, 2, y, &[("! ", styles.warning), (&notice, styles.warning)]);
    }
    canvas.offer_cursor(area, 2, 0);
}

fn names(screen: &Person) -> String {
    let Some(user) = screen.user.value() else { return format!("login {}", screen.who.login_name) };
    let others: Vec<String> = user
        .login_names
        .iter()
        .chain([&user.user_name])
        .filter(|name| **name != user.login_name && !name.is_empty())
        .map(ToString::to_string)
        .collect();
    if others.is_empty() {
        format!("login {}", user.login_name)
    } else {
        format!("login {}, also {}", user.login_name, others.join(", "))
    }
}

fn state_words(state: &UserState) -> String {
    match state {
        UserState::Active => "active: can sign in".to_owned(),
        UserState::Initial => "initial: never signed in so far".to_owned(),
        state if state.can_sign_in() => state.to_string(),
        state => format!("{state}: cannot sign in"),
    }
}

/// What matters besides the tree: parts that could not be read, else why nobody can say who gave the roles.
fn notice(screen: &Person) -> Option<String> {
    if screen.user.problem().is_some() && screen.user.value().is_none() {
        return screen.user.problem().map(|problem| format!("{}: {}", problem.what, problem.why));
    }
    screen.unread.summary().or_else(|| {
        let problem = screen.sheet.value()?.grants.as_ref().err()?;
        let why =
            problem.missing.as_ref().map_or_else(|| problem.why.to_string(), |lack| explain::lack(lack));
        Some(format!("Who gave the roles cannot be told: {why}"))
    })
}

/// What the user can effectively do, in a sentence or two.
fn power_words(power: &Power, sheet: &PersonSheet) -> String {
    let mut words = Vec::new();
    if !power.makes_managers.is_empty() {
        words.push(format!("⚠ Can make others manager: {}", places(&power.makes_managers)));
    }
    if !power.impersonates.is_empty() {
        words.push(format!("⚠ Can act in the name of others: {}", places(&power.impersonates)));
    }
    if let Some(role) = &power.reads_everything {
        words.push(format!("Reads everything ({role})"));
    }
    if power.only_reads {
        words.push("Changes nothing, only reads".to_owned());
    }
    if !power.unknown.is_empty() {
        words.push(format!("zitui does not know what these allow: {}", places(&power.unknown)));
    }
    if words.is_empty() && !sheet.records.is_empty() {
        words.push("Cannot make others manager, cannot act in the name of others".to_owned());
    }
    words.join(". ")
}

fn places(places: &[(SafeText, Role)]) -> String {
    places.iter().map(|(name, role)| format!("{name} ({role})")).collect::<Vec<_>>().join(", ")
}

fn draw_tree(canvas: &mut Canvas<'_>, screen: &Person, area: Rect) {
    let styles = *canvas.styles;
    let lines = screen.lines();
    let tells = screen.sheet.value().is_some_and(|sheet| sheet.grants.is_ok());
    let date = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
    let cell = |line: usize, column: usize| match (lines.get(line), column) {
        (Some(Line::Resource(node)), 0) => format!("{}{}", "  ".repeat(node.depth), node.name),
        (Some(Line::Resource(node)), 1) => level(node.level).to_owned(),
        (Some(Line::Resource(node)), 2) => {
            let record = node.record.and_then(|record| screen.records().get(record));
            record.and_then(|record| record.manager.created).map(date).unwrap_or_default()
        }
        (Some(Line::Role { depth, role, .. }), 0) => format!("{}{role}", "  ".repeat(*depth)),
        (Some(Line::Role { given, .. }), 2) => {
            given.as_ref().map(|given| date(given.time)).unwrap_or_default()
        }
        (Some(Line::Role { given, .. }), 3) => match given {
            Some(given) => given.by.to_string(),
            None if tells => "not in the events".to_owned(),
            None => "?".to_owned(),
        },
        _ => String::new(),
    };
    let look = |line: usize| {
        let style = match lines.get(line) {
            Some(Line::Resource(node)) if node.record.is_some() => styles.strong,
            Some(Line::Role { .. }) => styles.text,
            _ => styles.quiet,
        };
        RowStyle { style, marked: false }
    };
    let table = Table { columns: COLUMNS, count: lines.len(), cursor: screen.cursor, focus: true };
    table.draw(canvas, area, cell, look);
}

fn draw_preview(canvas: &mut Canvas<'_>, screen: &Person, side: Rect) {
    let inner = canvas.rule_left(side);
    let roles: Vec<&Role> = match (screen.focused_role(), screen.focused()) {
        (Some(role), _) => vec![role],
        (None, Some(record)) => record.manager.roles.iter().collect(),
        (None, None) => Vec::new(),
    };
    let mut y = 0;
    for role in roles {
        y = u16::saturating_add(y, pane::role(canvas, inner, y, role)).saturating_add(1);
    }
}
