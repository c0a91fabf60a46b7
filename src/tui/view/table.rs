//! Rows in columns: only the visible ones, cut to their columns, the one with the cursor marked and reversed.

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use crate::app::cursor::Cursor;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Its title.
    pub(super) title: &'static str,
    /// The cells it needs at least.
    pub(super) least: u16,
    /// Its share of what is left over.
    pub(super) share: u16,
    /// Columns with a higher number go first where there is no room for all.
    pub(super) rank: u8,
}

/// The cells before a row for its marker.
const MARKER: u16 = 2;
const GAP: u16 = 2;

/// How a row is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowStyle {
    /// Its style.
    pub(super) style: Style,
    /// Whether it has a mark of its own, besides the cursor.
    pub(super) marked: bool,
}

/// A table.
pub(super) struct Table<'a> {
    /// The columns.
    pub(super) columns: &'a [Column],
    /// How many rows there are.
    pub(super) count: usize,
    /// Which one has the cursor.
    pub(super) cursor: Cursor,
    /// Whether the list has the focus, so that the terminal's cursor goes to the row.
    pub(super) focus: bool,
}

impl Table<'_> {
    /// Draws titles and visible rows; `cell` gives the text of a row and column, `look` the look of a row.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        cell: impl Fn(usize, usize) -> String,
        look: impl Fn(usize) -> RowStyle,
    ) {
        let rows = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        let top = self.cursor.top(rows.height.into());
        let visible = || top..self.count.min(top.saturating_add(rows.height.into()));
        let needed = |column: usize| {
            let width = |row: usize| u16::try_from(cell(row, column).width()).unwrap_or(u16::MAX);
            let title = self.columns.get(column).map_or(0, |column| column.title.width());
            visible().map(width).max().unwrap_or_default().max(u16::try_from(title).unwrap_or_default())
        };
        let widths = widths(self.columns, area.width.saturating_sub(1), needed);
        let mut x = MARKER;
        for (column, width) in self.columns.iter().zip(&widths) {
            if let Some(width) = width {
                let place = Rect { width: x.saturating_add(*width).min(area.width), ..area };
                canvas.put(place, x, 0, column.title, canvas.styles.frame);
                x = x.saturating_add(width + GAP);
            }
        }
        for (y, row) in (0..rows.height).zip(visible()) {
            self.draw_row(canvas, rows, y, row, &widths, &cell, look(row));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one row, used in one place")]
    fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        y: u16,
        row: usize,
        widths: &[Option<u16>],
        cell: &impl Fn(usize, usize) -> String,
        look: RowStyle,
    ) {
        let here = row == self.cursor.at;
        let marker = match (here, look.marked) {
            (true, true) => "▸*",
            (true, false) => "▸ ",
            (false, true) => " *",
            (false, false) => "  ",
        };
        canvas.put(area, 0, y, marker, look.style);
        let mut x = MARKER;
        for (column, width) in widths.iter().enumerate() {
            if let Some(width) = width {
                let place = Rect { width: x.saturating_add(*width).min(area.width), ..area };
                canvas.put(place, x, y, &cell(row, column), look.style);
                x = x.saturating_add(width + GAP);
            }
        }
        if here {
            canvas.restyle(area, y, canvas.styles.selected);
            if self.focus {
                canvas.set_cursor(area, 0, y);
            }
        }
    }
}

/// The widths of the columns; none for those there is no room for. Free room goes first to where the texts, which need
/// `needed` cells, would be cut, and where nothing is cut to all by their shares.
fn widths(columns: &[Column], room: u16, needed: impl Fn(usize) -> u16) -> Vec<Option<u16>> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let least = |index: &usize| columns.get(*index).map_or(0, |column| column.least);
    let share = |index: usize| columns.get(index).map_or(0, |column| column.share);
    let used = |kept: &[usize]| {
        kept.iter().map(|index| least(index) + GAP).sum::<u16>().saturating_add(MARKER).saturating_sub(GAP)
    };
    while used(&kept) > room {
        let rank = |index: &usize| columns.get(*index).map_or(0, |column| column.rank);
        let Some(last) = kept.iter().copied().max_by_key(rank).filter(|last| rank(last) > 0) else { break };
        kept.retain(|index| *index != last);
    }
    // What a column that stretches does not need is free for the others.
    let least_needed = |index: usize| {
        let least = least(&index);
        if share(index) == 0 { least } else { least.min(needed(index)) }
    };
    let mut widths: Vec<(usize, u16)> = kept.iter().map(|index| (*index, least_needed(*index))).collect();
    let total = |widths: &[(usize, u16)]| {
        widths.iter().map(|(_, width)| width + GAP).sum::<u16>().saturating_add(MARKER).saturating_sub(GAP)
    };
    loop {
        let spare = room.saturating_sub(total(&widths));
        let cut: Vec<usize> =
            widths.iter().filter(|(index, width)| needed(*index) > *width).map(|(index, _)| *index).collect();
        let shares: u16 = cut.iter().map(|index| share(*index).max(1)).sum();
        if spare == 0 || cut.is_empty() {
            break;
        }
        for (index, width) in widths.iter_mut().filter(|(index, _)| cut.contains(index)) {
            let part = u32::from(spare) * u32::from(share(*index).max(1)) / u32::from(shares.max(1));
            let more = u16::try_from(part).unwrap_or(spare).max(u16::from(spare < shares));
            *width = width.saturating_add(more).min(needed(*index));
        }
        if spare < shares {
            break;
        }
    }
    let spare = room.saturating_sub(total(&widths));
    let shares: u16 = widths.iter().map(|(index, _)| share(*index)).sum();
    for (index, width) in &mut widths {
        let more = u32::from(spare) * u32::from(share(*index)) / u32::from(shares.max(1));
        *width = width.saturating_add(u16::try_from(more).unwrap_or_default());
    }
    let width = |index| widths.iter().find(|(kept, _)| *kept == index).map(|(_, width)| *width);
    (0..columns.len()).map(width).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const COLUMNS: &[Column] = &[
        Column { title: "Name", least: 10, share: 2, rank: 0 },
        Column { title: "State", least: 8, share: 0, rank: 1 },
        Column { title: "Id", least: 18, share: 0, rank: 2 },
    ];

    #[test]
    fn the_less_important_columns_go_first() {
        let needed = |_| 10;
        assert_eq!(widths(COLUMNS, 80, needed), [Some(46), Some(10), Some(18)]);
        assert_eq!(widths(COLUMNS, 30, needed), [Some(16), Some(10), None]);
        assert_eq!(widths(COLUMNS, 12, needed), [Some(10), None, None]);
        assert_eq!(widths(COLUMNS, 0, needed), [Some(10), None, None]);
    }

    #[rstest]
    #[case::both_fit(&[20, 20], 60, [28, 28])]
    #[case::room_goes_where_text_is_cut(&[30, 10], 46, [31, 11])]
    #[case::what_one_does_not_need_helps_the_other(&[5, 40], 46, [5, 37])]
    #[case::both_are_cut(&[40, 40], 46, [21, 21])]
    fn free_room_goes_where_texts_are_cut(
        #[case] needed: &[u16],
        #[case] room: u16,
        #[case] expected: [u16; 2],
    ) {
        const EQUAL: &[Column] = &[
            Column { title: "A", least: 12, share: 1, rank: 0 },
            Column { title: "B", least: 12, share: 1, rank: 0 },
        ];
        assert_eq!(widths(EQUAL, room, |column| needed[column]), expected.map(Some));
    }
}
