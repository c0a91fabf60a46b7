//! Draws the review: the changes, the warnings, who does it where, and what became of it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::pane;
use super::problem;
use crate::app::message::Tone;
use crate::app::outcome;
use crate::app::screen::review::{Item, Progress, Readiness, Review};
use crate::app::shared::Shared;
use crate::domain::change::Outcome;
use crate::domain::guard::Warning;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Review, shared: &Shared, area: Rect) {
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4).min(110), ..area };
    let mut page = Page { area: inner, y: 0 };
    canvas.set_cursor(inner, 0, 0);
    if let Some(problem) = screen.managers.problem() {
        let rest = problem::draw(canvas, area, problem);
        page.area = Rect { y: rest.y, height: rest.height, ..inner };
    }
    let warnings = screen.warnings(shared);
    for (at, item) in screen.items.iter().enumerate() {
        draw_item(canvas, &mut page, item, warnings.get(at).map(Vec::as_slice).unwrap_or_default());
        page.y = page.y.saturating_add(1);
    }
    draw_sender(canvas, &mut page, shared);
    page.y = page.y.saturating_add(1);
    draw_readiness(canvas, &mut page, screen, shared);
}

struct Page {
    area: Rect,
    y: u16,
}

impl Page {
    fn say(&mut self, canvas: &mut Canvas<'_>, indent: u16, text: &str, style: Style) {
        let place = Rect {
            x: self.area.x.saturating_add(indent),
            width: self.area.width.saturating_sub(indent),
            ..self.area
        };
        self.y = self.y.saturating_add(pane::lines(canvas, place, self.y, text, style));
    }
}

fn draw_item(canvas: &mut Canvas<'_>, page: &mut Page, item: &Item, warnings: &[Warning]) {
    let styles = *canvas.styles;
    let change = &item.change;
    page.say(canvas, 0, &outcome::deed(change), styles.strong);
    let user = format!("{} · {} · user id {}", change.user.login_name, change.user.kind, change.user.id);
    page.say(canvas, 2, &user, styles.quiet);
    for role in change.removed() {
        page.say(canvas, 2, &format!("− {role}"), styles.bad);
    }
    for role in change.added() {
        page.say(canvas, 2, &format!("+ {role}"), styles.good);
    }
    for role in
        change.after.iter().filter(|role| change.before.as_ref().is_some_and(|held| held.contains(role)))
    {
        page.say(canvas, 4, &format!("{role} stays"), styles.quiet);
    }
    match &item.progress {
        Progress::Open => {
            for warning in warnings {
                let style = if warning.refuses() { styles.bad } else { styles.warning };
                page.say(canvas, 2, &format!("⚠ {warning}"), style);
            }
        }
        Progress::UnderWay(_, step) => page.say(canvas, 2, outcome::step(*step), styles.strong),
        Progress::Ended(ended) => draw_outcome(canvas, page, item, ended),
    }
}

fn draw_outcome(canvas: &mut Canvas<'_>, page: &mut Page, item: &Item, ended: &Outcome) {
    let styles = *canvas.styles;
    let told = outcome::told(&item.change, ended);
    let (mark, style) = match told.tone {
        Tone::Note => ("·", styles.text),
        Tone::Good => ("✓", styles.good),
        Tone::Warning => ("!", styles.warning),
        Tone::Bad => ("✗", styles.bad),
    };
    page.say(canvas, 2, &format!("{mark} {}", told.what), style);
    page.say(canvas, 2, &told.why, styles.text);
    if let Outcome::Failed(failed) = ended
        && let Some(missing) = &failed.missing
    {
        page.say(canvas, 2, &crate::app::explain::lack(missing), styles.text);
    }
    page.say(canvas, 2, &told.next, styles.warning);
}

fn draw_sender(canvas: &mut Canvas<'_>, page: &mut Page, shared: &Shared) {
    let Some(session) = &shared.session else { return };
    let styles = *canvas.styles;
    let identity = &session.facts.identity;
    let text = format!(
        "As {} ({}) on {}, profile {}",
        identity.display_name.or(&identity.login_name),
        identity.login_name,
        session.facts.issuer,
        session.profile.name
    );
    page.say(canvas, 0, &text, styles.text);
}

fn draw_readiness(canvas: &mut Canvas<'_>, page: &mut Page, screen: &Review, shared: &Shared) {
    let styles = *canvas.styles;
    if screen.is_applying() {
        page.say(canvas, 0, "You may leave; the change goes on and its result is told.", styles.quiet);
        return;
    }
    if screen.has_ended() {
        return;
    }
    match screen.readiness(shared) {
        Readiness::Checking => {
            page.say(canvas, 0, "Reading what the change would leave behind", styles.quiet);
        }
        Readiness::Ready => {
            page.say(canvas, 0, "⏎ or y applies this. Nothing was sent so far.", styles.strong);
        }
        Readiness::Refused(reason) => {
            page.say(canvas, 0, &format!("Cannot be applied: {reason}"), styles.bad);
        }
        Readiness::NeedsName(reason) => {
            let name = screen.resource_name();
            page.say(canvas, 0, &format!("Refused unless you type the name: {reason}."), styles.warning);
            let line = Rect { x: page.area.x.saturating_sub(2), width: page.area.width, ..page.area };
            canvas.field(line, page.y, &format!("Type {name} to apply:"), &screen.name, true, line.width);
        }
    }
}
