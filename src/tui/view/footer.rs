//! The last two lines: what is said, and the keys that hold here.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::text;
use crate::app::App;
use crate::app::keys::{self, Action, Binding};
use crate::app::message::Tone;

/// A message takes no more lines, upwards from its own.
const MOST_LINES: usize = 4;

/// Draws the latest message.
pub(super) fn draw_message(canvas: &mut Canvas<'_>, app: &App, line: Rect) {
    let Some(message) = app.shared().messages.back() else { return };
    let (mark, style) = match message.tone {
        Tone::Note => ("· ", canvas.styles.text),
        Tone::Good => ("✓ ", canvas.styles.good),
        Tone::Warning => ("! ", canvas.styles.warning),
        Tone::Bad => ("✗ ", canvas.styles.bad),
    };
    let room = usize::from(line.width.saturating_sub(4));
    let lines = text::wrap(&message.text, room);
    let more = u16::try_from(lines.len().min(MOST_LINES)).unwrap_or(1).saturating_sub(1).min(line.y);
    let area = Rect { y: line.y - more, height: more.saturating_add(1), ..line };
    canvas.fill(area, canvas.styles.text);
    canvas.put(area, 1, 0, mark, style);
    for (y, text) in (0..area.height).zip(&lines) {
        canvas.put(area, 3, y, text, style);
    }
}

/// Draws the keys, the most important first, cut from the right; the ways back and to the help stay, as the help leads
/// to all others.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, line: Rect) {
    if let Some(began) = app.began() {
        draw_began(canvas, app, began, line);
        return;
    }
    let place = app.place();
    let mut shown: Vec<&Binding> = Vec::new();
    let useless = if app.is_at_top() && app.help().is_none() { Action::Back } else { Action::Leave };
    for binding in keys::of(place).filter(|binding| binding.footer && binding.action != useless) {
        if !shown.iter().any(|other| other.action == binding.action) {
            shown.push(binding);
        }
    }
    let stays = |binding: &&Binding| matches!(binding.action, Action::Back | Action::Help);
    let (last, first): (Vec<&Binding>, Vec<&Binding>) = shown.into_iter().partition(stays);
    let last_width = last.iter().fold(0, |width: u16, binding| width.saturating_add(cells(binding) + 2));
    let room = line.width.saturating_sub(last_width);
    let mut x = 1;
    for binding in first {
        if u16::saturating_add(x, cells(binding)) > room {
            break;
        }
        x = x.saturating_add(draw_binding(canvas, app, binding, line, x)).saturating_add(2);
    }
    for binding in last {
        x = x.saturating_add(draw_binding(canvas, app, binding, line, x)).saturating_add(2);
    }
}

fn cells(binding: &Binding) -> u16 {
    let label = binding.keys.first().map_or("", |key| keys::label(key));
    u16::try_from(label.width() + 1 + binding.word.width()).unwrap_or(u16::MAX)
}

fn draw_binding(canvas: &mut Canvas<'_>, app: &App, binding: &Binding, line: Rect, x: u16) -> u16 {
    let label = binding.keys.first().map_or("", |key| keys::label(key));
    let (key, word) = if app.why_not(binding).is_some() {
        (canvas.styles.disabled, canvas.styles.disabled)
    } else {
        (canvas.styles.key, canvas.styles.text)
    };
    canvas.pieces(line, x, 0, &[(label, key), (" ", word), (binding.word, word)])
}

/// After the first of two keys: what can follow.
fn draw_began(canvas: &mut Canvas<'_>, app: &App, began: &str, line: Rect) {
    let start = format!("{began} ");
    let mut x = canvas.pieces(line, 1, 0, &[(began, canvas.styles.key), (" then", canvas.styles.text)]) + 3;
    for binding in keys::of(app.place()) {
        let Some(next) = binding.keys.iter().find_map(|key| key.strip_prefix(&start)) else { continue };

        let pieces =
            [(next, canvas.styles.key), (" ", canvas.styles.text), (binding.word, canvas.styles.text)];
        x = x.saturating_add(canvas.pieces(line, x, 0, &pieces)).saturating_add(2);
    }
}
