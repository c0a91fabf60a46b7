//! The first two lines: where and who one is, and the way from the instance to here.

use std::cmp::Ordering;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::text;
use crate::app::App;
use crate::app::screen::Screen;
use crate::app::screen::add_manager::Step;
use crate::app::shared::{Session, Shared};
use crate::domain::level::Level;
use crate::domain::session::SessionFacts;

/// The cells that the breadcrumb and the steps of adding a manager need beside their own; else the steps are in short.
const ROOM_BESIDE: usize = 4;

/// Draws profile, instance, version, who we are and the state of the session.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, line: Rect) {
    let shared = app.shared();
    let state = state(shared);
    let used = canvas.put_right(line, 0, &state, canvas.styles.quiet);
    let left = Rect { width: line.width.saturating_sub(used.saturating_add(2)), ..line };
    let Some(session) = &shared.session else {
        let used = canvas.put(left, 1, 0, "zitui", canvas.styles.strong).saturating_add(3);
        let about = "see and change who administers what on ZITADEL";
        canvas.put(left, used, 0, about, canvas.styles.quiet);
        return;
    };
    draw_session(canvas, session, left);
}

fn draw_session(canvas: &mut Canvas<'_>, session: &Session, area: Rect) {
    let styles = canvas.styles;
    let profile = format!(" {} ", session.profile.name);
    let mut x = canvas.put(area, 0, 0, &profile, styles.profile).saturating_add(1);
    let safety = match (session.profile.read_only, session.profile.protected) {
        (true, true) => "read-only protected",
        (true, false) => "read-only",
        (false, true) => "protected",
        (false, false) => "",
    };
    let version = session.facts.version.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = [
        (safety.to_owned(), styles.warning),
        (host(&session.facts).to_owned(), styles.strong),
        (version, styles.quiet),
        (who(&session.facts), styles.text),
    ];
    for (text, style) in parts {
        if !text.is_empty() && x < area.width {
            x = x.saturating_add(1);
            x = x.saturating_add(canvas.put(area, x, 0, &text, style)).saturating_add(1);
        }
    }
}

fn host(facts: &SessionFacts) -> &str {
    let issuer = facts.issuer.as_str();
    issuer.split_once("://").map_or(issuer, |(_, rest)| rest).trim_end_matches('/')
}

/// Who we are, with the strongest of our roles.
fn who(facts: &SessionFacts) -> String {
    let name = facts.identity.display_name.or(&facts.identity.login_name);
    let on_instance =
        facts.memberships.iter().find(|own| own.level == Level::Instance && !own.roles.is_empty());
    let strongest = on_instance.or_else(|| facts.memberships.iter().find(|own| !own.roles.is_empty()));
    let all: usize = facts.memberships.iter().map(|own| own.roles.len()).sum();
    match strongest.and_then(|own| own.roles.first()) {
        Some(role) if all > 1 => format!("{name} ({role} +{})", all - 1),
        Some(role) => format!("{name} ({role})"),
        None => format!("{name} (no roles)"),
    }
}

fn state(shared: &Shared) -> String {
    let writes = shared.writes.len();
    let state = match &shared.session {
        None => "not signed in",
        Some(session) if session.ended => "session ended: g s",
        Some(_) => "signed in",
    };
    let writes = match writes {
        0 => String::new(),
        1 => "1 change under way · ".to_owned(),
        several => format!("{several} changes under way · "),
    };
    let basket = match shared.basket.len() {
        0 => String::new(),
        chosen => format!("basket {chosen} · "),
    };
    format!("{writes}{basket}{state}")
}

/// Draws the breadcrumb, and the steps while a manager is added.
pub(super) fn draw_crumbs(canvas: &mut Canvas<'_>, app: &App, line: Rect) {
    let mut crumbs = app.crumbs();
    let mut whole = crumbs.join(" › ");
    let in_full = steps(app, false);
    let steps = if in_full.width() + whole.width() + ROOM_BESIDE > usize::from(line.width) {
        steps(app, true)
    } else {
        in_full
    };
    let used = canvas.put_right(line, 0, &steps, canvas.styles.text);
    let room = usize::from(line.width.saturating_sub(used).saturating_sub(3));
    while whole.width() > room && crumbs.len() > 1 {
        crumbs.remove(0);
        whole = format!("… › {}", crumbs.join(" › "));
    }
    canvas.put(line, 1, 0, &text::fit(&whole, room), canvas.styles.strong);
}

/// The steps of adding a manager; in short only the name of the step one is at and the numbers of the others.
fn steps(app: &App, in_short: bool) -> String {
    let reached = match app.top() {
        Some(Screen::AddManager(stepper)) => match stepper.step {
            Step::Organization => 0,
            Step::User => 1,
            Step::Roles => 2,
        },
        Some(Screen::Review(review)) if review.in_stepper => 3,
        _ => return String::new(),
    };
    let step = |(index, name): (usize, &str)| match index.cmp(&reached) {
        Ordering::Less if in_short => format!("{} ✓", index + 1),
        Ordering::Greater if in_short => (index + 1).to_string(),
        Ordering::Less => format!("{} {name} ✓", index + 1),
        Ordering::Equal => format!("{} {name} ●", index + 1),
        Ordering::Greater => format!("{} {name}", index + 1),
    };
    ["Organization", "User", "Roles", "Review"]
        .into_iter()
        .enumerate()
        .map(step)
        .collect::<Vec<_>>()
        .join("  ")
}
