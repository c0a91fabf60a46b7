//! Rows in columns: only the visible ones, cut to their columns, the one with the cursor marked and reversed.

use ratatui::layout::Rect;
use ratatui::style::Style;

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
        let widths = widths(self.columns, area.width.saturating_sub(1));
        let mut x = MARKER;
        for (column, width) in self.columns.iter().zip(&widths) {
            if let Some(width) = width {
                let place = Rect { width: x.saturating_add(*width).min(area.width), ..area };
                canvas.put(place, x, 0, column.title, canvas.styles.frame);
                x = x.saturating_add(width + GAP);
            }
        }
        let rows = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        let top = self.cursor.top(rows.height.into());
        for (y, row) in (0..rows.height).zip(top..self.count) {
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

/// The widths of the columns; none for those there is no room for.
fn widths(columns: &[Column], room: u16) -> Vec<Option<u16>> {
    let mut kept: Vec<bool> = columns.iter().map(|_| true).collect();
    let needed = |kept: &[bool]| {
        columns.iter().zip(kept).filter(|(_, kept)| **kept).map(|(column, _)| column.least + GAP).sum::<u16>()
    };
    while needed(&kept).saturating_add(MARKER).saturating_sub(GAP) > room {
        let shown =
            columns.iter().enumerate().filter(|(index, _)| kept.get(*index).copied().unwrap_or_default());
        let Some((last, _)) =
            shown.max_by_key(|(_, column)| column.rank).filter(|(_, column)| column.rank > 0)
        else {
            break;
        };
        if let Some(kept) = kept.get_mut(last) {
            *kept = false;
        }
    }
    let spare = room.saturating_sub(needed(&kept).saturating_add(MARKER).saturating_sub(GAP));
    let shares: u16 =
        columns.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(column, _)| column.share).sum();
    let width = |column: &Column| {
        let more = u32::from(spare) * u32::from(column.share) / u32::from(shares.max(1));
        column.least.saturating_add(u16::try_from(more).unwrap_or_default())
    };
    columns.iter().zip(&kept).map(|(column, kept)| kept.then(|| width(column))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { title: "Name", least: 10, share: 2, rank: 0 },
        Column { title: "State", least: 8, share: 0, rank: 1 },
        Column { title: "Id", least: 18, share: 0, rank: 2 },
    ];

    #[test]
    fn the_less_important_columns_go_first() {
        assert_eq!(widths(COLUMNS, 80), [Some(48), Some(8), Some(18)]);
        assert_eq!(widths(COLUMNS, 30), [Some(18), Some(8), None]);
        assert_eq!(widths(COLUMNS, 12), [Some(10), None, None]);
        assert_eq!(widths(COLUMNS, 0), [Some(10), None, None]);
    }
}
