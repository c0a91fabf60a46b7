//! Draws the review: the changes, the warnings, who does it where, and what became of it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use super::text;
use crate::app::explain;
use crate::app::message::Tone;
use crate::app::outcome;
use crate::app::screen::review::{Item, Progress, Readiness, Review};
use crate::app::shared::Shared;
use crate::domain::change::Outcome;
use crate::domain::guard::Warning;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Review, shared: &Shared, area: Rect) {
    let mut area = area;
    if let Some(problem) = screen.managers.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4).min(110), ..area };
    let warnings = screen.warnings(shared);
    let is_checking = screen.readiness(shared) == Readiness::Checking;
    let mut page = Page { width: inner.width, lines: Vec::new() };
    let mut starts = Vec::new();
    if screen.items.len() > 1 {
        page.say(
            0,
            &format!("{} changes on {}", screen.items.len(), screen.resource_name()),
            canvas.styles.strong,
        );
        page.lines.push((0, String::new(), canvas.styles.text));
    }
    for (index, item) in screen.items.iter().enumerate() {
        starts.push(page.lines.len());
        let warnings = warnings.get(index).filter(|_| !is_checking);
        say_item(canvas, &mut page, item, warnings.map(Vec::as_slice).unwrap_or_default());
        page.lines.push((0, String::new(), canvas.styles.text));
    }
    say_sender(canvas, &mut page, shared);
    let room = usize::from(inner.height.saturating_sub(ROWS_FOR_READINESS));
    let first = starts.get(screen.cursor.at).copied().unwrap_or_default();
    let top = if page.lines.len() > room && screen.cursor.at > 0 { first } else { 0 };
    let mut y = 0;
    for (indent, text, style) in page.lines.iter().skip(top).take(room) {
        canvas.put(inner, *indent, y, text, *style);
        y = y.saturating_add(1);
    }
    if page.lines.len() > top + room {
        canvas.put_right(inner, y.saturating_sub(1), "↓ more", canvas.styles.strong);
    }
    let used = y.saturating_add(1).min(inner.height);
    let below = Rect { y: inner.y.saturating_add(used), height: inner.height - used, ..inner };
    draw_readiness(canvas, screen, shared, below);
    canvas.offer_cursor(inner, 0, 0);
}

/// Lines kept free below the changes for what is asked of the operator.
const ROWS_FOR_READINESS: u16 = 4;

/// Wrapped lines, each with its indent.
struct Page {
    width: u16,
    lines: Vec<(u16, String, Style)>,
}

impl Page {
    fn say(&mut self, indent: u16, text: &str, style: Style) {
        let width = self.width.saturating_sub(indent);
        self.lines.extend(text::wrap(text, width.into()).into_iter().map(|line| (indent, line, style)));
    }
}

fn say_item(canvas: &Canvas<'_>, page: &mut Page, item: &Item, warnings: &[Warning]) {
    let styles = canvas.styles;
    let change = &item.change;
    page.say(0, &outcome::deed(change), styles.strong);
    let user = format!("{} · {} · user id {}", change.user.login_name, change.user.kind, change.user.id);
    page.say(2, &user, styles.quiet);
    for role in change.removed() {
        page.say(2, &format!("− {role}"), styles.bad);
    }
    for role in change.added() {
        page.say(2, &format!("+ {role}"), styles.good);
    }
    for role in
        change.after.iter().filter(|role| change.before.as_ref().is_some_and(|held| held.contains(role)))
    {
        page.say(4, &format!("{role} stays"), styles.quiet);
    }
    match &item.progress {
        Progress::Open => {
            for warning in warnings {
                let style = if warning.refuses() { styles.bad } else { styles.warning };
                page.say(2, &format!("⚠ {warning}"), style);
            }
        }
        Progress::UnderWay(_, step) => page.say(2, outcome::step(*step), styles.strong),
        Progress::Ended(ended) => say_outcome(canvas, page, item, ended),
    }
}

fn say_outcome(canvas: &Canvas<'_>, page: &mut Page, item: &Item, ended: &Outcome) {
    let styles = canvas.styles;
    let told = outcome::told(&item.change, ended);
    let (mark, style) = match told.tone {
        Tone::Note => ("·", styles.text),
        Tone::Good => ("✓", styles.good),
        Tone::Warning => ("!", styles.warning),
        Tone::Bad => ("✗", styles.bad),
    };
    page.say(2, &format!("{mark} {}", told.what), style);
    page.say(2, &told.why, styles.text);
    if let Outcome::Failed(failed) = ended
        && let Some(missing) = &failed.missing
    {
        page.say(2, &explain::lack(missing), styles.text);
    }
    page.say(2, &told.next, styles.warning);
}

fn say_sender(canvas: &Canvas<'_>, page: &mut Page, shared: &Shared) {
    let Some(session) = &shared.session else { return };
    let identity = &session.facts.identity;
    let text = format!(
        "As {} ({}) on {}, profile {}",
        identity.display_name.or(&identity.login_name),
        identity.login_name,
        session.facts.issuer,
        session.profile.name
    );
    page.say(0, &text, canvas.styles.text);
}

fn draw_readiness(canvas: &mut Canvas<'_>, screen: &Review, shared: &Shared, area: Rect) {
    let styles = *canvas.styles;
    if screen.is_applying() {
        pane::lines(
            canvas,
            area,
            0,
            "You may leave; the change goes on and its result is told.",
            styles.quiet,
        );
        return;
    }
    if screen.has_ended() {
        return;
    }
    match screen.readiness(shared) {
        Readiness::Checking => {
            pane::lines(canvas, area, 0, "Reading what the change would leave behind", styles.quiet);
        }
        Readiness::Ready => {
            pane::lines(canvas, area, 0, "⏎ or y applies this. Nothing was sent so far.", styles.strong);
        }
        Readiness::Refused(reason) => {
            pane::lines(canvas, area, 0, &format!("Cannot be applied: {reason}"), styles.bad);
        }
        Readiness::NeedsName(reason) => {
            let name = screen.resource_name();
            let text = format!("Refused unless you type the name: {reason}.");
            let used = pane::lines(canvas, area, 0, &text, styles.warning);
            let line = Rect { x: area.x.saturating_sub(2), ..area };
            let y = used.min(area.height.saturating_sub(1));
            canvas.field(line, y, &format!("Type {name} or its id:"), &screen.name, true, line.width);
        }
    }
}
