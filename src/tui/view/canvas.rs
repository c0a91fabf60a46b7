//! What is drawn on: never outside of the frame, texts cut to their place.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::app::field::Field;
use crate::domain::text::SafeText;
use crate::tui::theme::Styles;

/// A frame being drawn, and where the terminal's cursor goes.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// The styles to draw with.
    pub(super) styles: &'a Styles,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a frame.
    pub(super) const fn new(buffer: &'a mut Buffer, styles: &'a Styles) -> Self {
        Self { buffer, styles, cursor: None }
    }

    /// Where the terminal's cursor goes.
    pub(super) const fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the terminal's cursor into `area`, unless it has its place already.
    pub(super) fn offer_cursor(&mut self, area: Rect, x: u16, y: u16) {
        if self.cursor.is_none() {
            self.set_cursor(area, x, y);
        }
    }

    /// Empties an area.
    pub(super) fn fill(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Writes text into `area`, `x` and `y` cells from its corner, cut at its right end. Returns the cells used.
    pub(super) fn put(&mut self, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if y >= area.height || x >= area.width {
            return 0;
        }
        let visible = area.intersection(self.buffer.area);
        let (left, top) = (area.x.saturating_add(x), area.y.saturating_add(y));
        if left >= visible.right() || top >= visible.bottom() || top < visible.top() || left < visible.left()
        {
            return 0;
        }
        let room = usize::from(visible.right() - left);
        let cut = text::fit(text, room);
        let (end, _) = self.buffer.set_stringn(left, top, &cut, room, style);
        end.saturating_sub(left)
    }

    /// Writes pieces behind each other. Returns the cells used.
    pub(super) fn pieces(&mut self, area: Rect, x: u16, y: u16, pieces: &[(&str, Style)]) -> u16 {
        let mut at = x;
        for (text, style) in pieces {
            at = at.saturating_add(self.put(area, at, y, text, *style));
        }
        at.saturating_sub(x)
    }

    /// Writes text at the right end of a line of `area`, one cell free. Returns the cells used.
    pub(super) fn put_right(&mut self, area: Rect, y: u16, text: &str, style: Style) -> u16 {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX).saturating_add(1);
        if width > area.width {
            return 0;
        }
        self.put(area, area.width - width, y, text, style);
        width
    }

    /// Patches the style of a line of `area`.
    pub(super) fn restyle(&mut self, area: Rect, y: u16, style: Style) {
        if y < area.height {
            let line = Rect { y: area.y.saturating_add(y), height: 1, ..area };
            self.buffer.set_style(line.intersection(self.buffer.area), style);
        }
    }

    /// A rule over a whole line.
    pub(super) fn rule(&mut self, area: Rect) {
        self.put(area, 0, 0, &"─".repeat(area.width.into()), self.styles.frame);
    }

    /// A rule down the left edge of `area`; returns what lies right of it.
    pub(super) fn rule_left(&mut self, area: Rect) -> Rect {
        for y in 0..area.height {
            self.put(area, 0, y, "│", self.styles.frame);
        }
        Rect { x: area.x.saturating_add(2), width: area.width.saturating_sub(2), ..area }
    }

    /// Puts the terminal's cursor into `area`.
    pub(super) fn set_cursor(&mut self, area: Rect, x: u16, y: u16) {
        let position = Position::new(
            area.x.saturating_add(x.min(area.width.saturating_sub(1))),
            area.y.saturating_add(y.min(area.height.saturating_sub(1))),
        );
        if self.buffer.area.contains(position) {
            self.cursor = Some(position);
        }
    }

    /// A text field after its name, with the cursor in it where it has the focus. Returns the cells used.
    pub(super) fn field(
        &mut self,
        area: Rect,
        y: u16,
        name: &str,
        field: &Field,
        focus: bool,
        room: u16,
    ) -> u16 {
        let mark = if focus { "▸ " } else { "  " };
        let style = if focus { self.styles.strong } else { self.styles.quiet };
        let start = self.pieces(area, 0, y, &[(mark, self.styles.key), (name, style), (" ", style)]);
        let room = room.min(area.width.saturating_sub(start)).saturating_sub(1);
        let before = SafeText::new(field.before());
        let seen = text::end_of(before.as_str(), room.into());
        let cursor = u16::try_from(seen.width()).unwrap_or(room);
        let whole = field.text();
        let after = whole.strip_prefix(field.before()).unwrap_or_default();
        let shown = format!("{seen}{}", SafeText::new(after));
        let place = Rect { width: start.saturating_add(room).min(area.width), ..area };
        let used = self.put(place, start, y, &shown, self.styles.strong);
        if focus {
            self.set_cursor(area, start.saturating_add(cursor), y);
        }
        start.saturating_add(used)
    }
}
