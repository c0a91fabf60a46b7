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
    let mut kept: Vec<Sizing<'_>> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let needed = needed(index);
            // What a column that stretches does not need is free for the others.
            let width = if column.share == 0 { column.least } else { column.least.min(needed) };
            Sizing { index, column, needed, width }
        })
        .collect();
    let least = |kept: &[Sizing<'_>]| used(kept.iter().map(|one| one.column.least));
    while least(&kept) > room {
        let lowest = kept.iter().max_by_key(|one| one.column.rank).filter(|one| one.column.rank > 0);
        let Some(index) = lowest.map(|one| one.index) else { break };
        kept.retain(|one| one.index != index);
    }
    let spare = |kept: &[Sizing<'_>]| room.saturating_sub(used(kept.iter().map(|one| one.width)));
    loop {
        let before = spare(&kept);
        share_out(before, &mut kept, |one| if one.needed > one.width { one.column.share.max(1) } else { 0 });
        for one in &mut kept {
            one.width = one.width.min(one.needed.max(one.column.least));
        }
        if spare(&kept) == before {
            break;
        }
    }
    let rest = spare(&kept);
    share_out(rest, &mut kept, |one| one.column.share);
    let width = |index| kept.iter().find(|one| one.index == index).map(|one| one.width);
    (0..columns.len()).map(width).collect()
}

/// A column on its way to its width.
struct Sizing<'a> {
    index: usize,
    column: &'a Column,
    needed: u16,
    width: u16,
}

/// The cells that columns of these widths take with what is between them.
fn used(widths: impl Iterator<Item = u16>) -> u16 {
    widths.fold(MARKER, |used, width| used.saturating_add(width + GAP)).saturating_sub(GAP)
}

/// Widens columns by their shares of `free` cells.
fn share_out(free: u16, columns: &mut [Sizing<'_>], share: impl Fn(&Sizing<'_>) -> u16) {
    let shares: u32 = columns.iter().map(|one| u32::from(share(one))).sum();
    for one in columns {
        let more = u32::from(free) * u32::from(share(one)) / shares.max(1);
        one.width = one.width.saturating_add(u16::try_from(more).unwrap_or_default());
    }
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
