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
use crate::app::screen::review::{Item, Progress, Readiness, Reckoned, Review};
use crate::app::shared::Shared;
use crate::domain::change::{ChangeKind, Outcome};
use crate::domain::guard::Warning;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Review, shared: &Shared, area: Rect) {
    let mut area = area;
    if let Some(problem) = screen.managers.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let inner = Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(4).min(110), ..area };
    let mut page = Page { width: inner.width, lines: Vec::new() };
    let starts = say_items(canvas, &mut page, screen, shared);
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

/// Says every line, those of one resource below its name where there are several. Returns where each line starts.
fn say_items(canvas: &Canvas<'_>, page: &mut Page, screen: &Review, shared: &Shared) -> Vec<usize> {
    let styles = canvas.styles;
    let warnings = screen.warnings(shared);
    let is_checking = screen.readiness(shared) == Readiness::Checking;
    let resources = screen.resources();
    let mut starts = Vec::new();
    let mut before = None;
    if screen.items.len() > 1 {
        let on = match resources.as_slice() {
            [resource] => screen.name_of(resource).to_string(),
            several => format!("{} resources", several.len()),
        };
        let changes = screen.items.iter().filter(|item| item.counts()).count();
        page.say(0, &format!("{changes} changes on {on}"), styles.strong);
        page.lines.push((0, String::new(), styles.text));
    }
    for (index, item) in screen.items.iter().enumerate() {
        starts.push(page.lines.len());
        let resource = &item.change.resource;
        if resources.len() > 1 && before != Some(resource) {
            let title = format!("── {} · {}", item.change.resource_name, resource.level());
            page.say(0, &title, styles.frame);
        }
        before = Some(resource);
        let here = screen.items.len() > 1 && index == screen.cursor.at;
        let warnings = warnings.get(index).filter(|_| !is_checking);
        say_item(canvas, page, item, here, warnings.map(Vec::as_slice).unwrap_or_default());
        page.lines.push((0, String::new(), styles.text));
    }
    starts
}

fn say_item(canvas: &Canvas<'_>, page: &mut Page, item: &Item, here: bool, warnings: &[Warning]) {
    let styles = canvas.styles;
    let change = &item.change;
    let mark = if here { "▸ " } else { "" };
    let deed = format!("{mark}{}", outcome::deed(change));
    if item.left_out {
        page.say(0, &format!("{deed}: left out"), styles.disabled);
        return;
    }
    page.say(0, &deed, styles.strong);
    say_reckoned(canvas, page, item);
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

/// What the fresh reading showed, where that is not what was seen when the change was chosen.
fn say_reckoned(canvas: &Canvas<'_>, page: &mut Page, item: &Item) {
    let change = &item.change;
    let held = explain::listed(change.before.as_deref().unwrap_or_default(), "no role");
    let nothing = change.kind() == ChangeKind::Nothing;
    let text = match (change.before.is_some(), item.reckoned, nothing) {
        (true, _, true) => format!("already holds {held}; nothing is sent"),
        (false, _, true) => "is no manager there any more; nothing is sent".to_owned(),
        (_, Some(Reckoned::AlreadyManager), false) => {
            format!("is manager there already, with {held}: this adds to it; space leaves it as it is")
        }
        (true, Some(Reckoned::OtherRoles), false) => {
            format!("the roles changed since this was chosen; now: {held}")
        }
        (false, Some(Reckoned::OtherRoles), false) => {
            "was removed since this was chosen; this makes it manager again".to_owned()
        }
        (_, None, false) => return,
    };
    page.say(2, &text, canvas.styles.warning);
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
            pane::lines(
                canvas,
                area,
                0,
                "⏎ or y applies this, b puts it into the basket. Nothing was sent so far.",
                styles.strong,
            );
        }
        Readiness::Refused(reason) => {
            pane::lines(canvas, area, 0, &format!("Cannot be applied: {reason}"), styles.bad);
        }
        Readiness::NeedsName(reason) => {
            let asked = screen.name_asked(shared);
            let text =
                format!("Refused unless you type {}, the name of {}: {reason}.", asked.name, asked.whose);
            let used = pane::lines(canvas, area, 0, &text, styles.warning);
            let line = Rect { x: area.x.saturating_sub(2), ..area };
            let y = used.min(area.height.saturating_sub(1));
            let or_id = if asked.other.is_empty() { "" } else { " or its id" };
            canvas.field(line, y, &format!("Type {}{or_id}:", asked.name), &screen.name, true, line.width);
        }
    }
}
