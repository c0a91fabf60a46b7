//! The line with the tabs of a screen, and the search field of the one that is shown.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::pane;
use crate::app::field::Field;

/// The tabs of a screen.
pub(super) struct Tabs<'a> {
    /// Their names.
    pub(super) names: &'a [&'static str],
    /// Which one is shown.
    pub(super) at: usize,
    /// What is looked for there.
    pub(super) field: &'a Field,
    /// Whether that has the focus.
    pub(super) typing: bool,
    /// How much was found.
    pub(super) count: &'a str,
}

impl Tabs<'_> {
    /// Draws the line. Where there is no room for all, a search or the count takes the place of the other tabs.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, line: Rect) {
        let styles = *canvas.styles;
        let searches = self.typing || !self.field.is_empty();
        let all: usize = self.names.iter().map(|name| name.width() + 2).sum();
        let more = if searches { 20 } else { 0 } + self.count.width() + 4;
        let is_narrow = all + more > usize::from(line.width);
        let mut used = 1;
        for (index, name) in self.names.iter().enumerate() {
            let (text, style) = if index == self.at {
                (format!("[{name}]"), styles.tab)
            } else {
                (format!(" {name} "), styles.quiet)
            };
            if index == self.at || !(searches && is_narrow) {
                used += canvas.put(line, used, 0, &text, style);
            }
        }
        let used = used.saturating_add(1).min(line.width);
        let rest = Rect { x: line.x.saturating_add(used), width: line.width - used, ..line };
        let mark = if searches { "/" } else { "" };
        pane::search_line(canvas, rest, mark, self.field, self.typing, self.count);
    }
}
