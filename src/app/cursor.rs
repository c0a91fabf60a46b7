//! The cursor of a list and the part of the list that is visible.

use super::keys::Action;

/// Which row has the cursor, and which is the first visible one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The row with the cursor.
    pub at: usize,
    top: usize,
}

impl Cursor {
    /// The first visible row where `height` rows are visible: what it was, unless the cursor would be out of sight.
    pub fn top(&self, height: usize) -> usize {
        if self.at < self.top {
            self.at
        } else {
            self.top.max(self.at.saturating_add(1).saturating_sub(height.max(1)))
        }
    }

    /// Moves as `action` says in a list of `rows`, of which `height` are visible. Tells whether it was a movement.
    pub fn act(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let page = height.saturating_sub(1).max(1);
        let at = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at.saturating_add(1),
            Action::HalfPageUp => self.at.saturating_sub((height / 2).max(1)),
            Action::HalfPageDown => self.at.saturating_add((height / 2).max(1)),
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at.saturating_add(page),
            Action::First => 0,
            Action::Last => rows,
            _ => return false,
        };
        self.at = at;
        self.fit(rows, height);
        true
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, rows: usize, height: usize) {
        self.at = at;
        self.fit(rows, height);
    }

    /// Keeps the cursor on a row that exists and the visible part filled.
    pub fn fit(&mut self, rows: usize, height: usize) {
        self.at = self.at.min(rows.saturating_sub(1));
        self.top = self.top(height).min(rows.saturating_sub(height.max(1)));
    }

    /// Follows rows that came before the others (positive) or left the beginning (negative).
    pub fn shift(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by);
        self.top = self.top.saturating_add_signed(by);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::down(0, Action::Down, 1)]
    #[case::never_above_the_first(0, Action::Up, 0)]
    #[case::never_below_the_last(99, Action::Down, 99)]
    #[case::half_a_page(50, Action::HalfPageUp, 45)]
    #[case::a_page_keeps_one_row_in_sight(0, Action::PageDown, 9)]
    #[case::last(3, Action::Last, 99)]
    #[case::first(70, Action::First, 0)]
    fn moves(#[case] from: usize, #[case] action: Action, #[case] to: usize) {
        let mut cursor = Cursor::default();
        cursor.put(from, 100, 10);
        assert!(cursor.act(action, 100, 10));
        assert_eq!(cursor.at, to);
    }

    #[test]
    fn the_list_stands_still_while_the_cursor_moves_within_the_page() {
        let mut cursor = Cursor::default();
        cursor.put(40, 100, 10);
        let top = cursor.top(10);
        cursor.act(Action::Up, 100, 10);
        cursor.act(Action::Up, 100, 10);
        assert_eq!(cursor.top(10), top);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_visible(at in 0..500_usize, rows in 0..500_usize, height in 0..60_usize, seen in 0..60_usize) {
            let mut cursor = Cursor::default();
            cursor.put(at, rows, height);
            let top = cursor.top(seen);
            prop_assert!(cursor.at >= top && cursor.at < top + seen.max(1));
        }
    }
}
