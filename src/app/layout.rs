//! How the rows of the terminal are shared out, where the state machine must know it: how far a page scrolls, and when
//! a list must be read on.

/// Lines around a list: header, breadcrumb, rule, search line, column titles, message, footer.
pub const CHROME_ROWS: u16 = 7;
/// Narrower or lower terminals get one polite line.
pub const LEAST_COLUMNS: u16 = 40;
/// See [`LEAST_COLUMNS`].
pub const LEAST_ROWS: u16 = 12;
/// From here on there is room for a pane beside the list.
pub const PREVIEW_COLUMNS: u16 = 100;

/// Visible rows of a list in a terminal of so many rows.
pub fn list_rows(rows: u16) -> usize {
    usize::from(rows.saturating_sub(CHROME_ROWS)).max(1)
}
