//! Columns of text that fit a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const GAP: usize = 2;
/// A column is never cut to less.
const NARROWEST: usize = 6;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    /// Whether its texts may be cut where the terminal is too narrow; ids may not.
    pub(super) may_be_cut: bool,
}

impl Column {
    pub(super) const fn whole(title: &'static str) -> Self {
        Self { title, may_be_cut: false }
    }

    pub(super) const fn text(title: &'static str) -> Self {
        Self { title, may_be_cut: true }
    }
}

/// The lines of a table, its titles first; cut to `width` cells where one is given.
pub(super) fn lines(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> Vec<String> {
    let widths = widths(columns, rows, width);
    let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    std::iter::once(&titles).chain(rows).map(|row| line(row, &widths)).collect()
}

fn widths(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.title.width()).collect();
    for row in rows {
        for (widest, text) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(text.width());
        }
    }
    let Some(available) = width else { return widths };
    let gaps = GAP * widths.len().saturating_sub(1);
    loop {
        let excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(available);
        let cuttable = widths
            .iter_mut()
            .zip(columns)
            .filter(|(width, column)| column.may_be_cut && **width > NARROWEST.max(column.title.width()));
        let Some((widest, _)) = cuttable.max_by_key(|(width, _)| **width).filter(|_| excess > 0) else {
            return widths;
        };
        *widest -= 1;
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (text, width) in row.iter().zip(widths) {
        let shown = cut(text, *width);
        line.push_str(&shown);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(shown.width()) + GAP));
    }
    line.truncate(line.trim_end().len());
    line
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut shown = String::new();
    for grapheme in text.graphemes(true) {
        if shown.width() + grapheme.width() + 1 > width {
            break;
        }
        shown.push_str(grapheme);
    }
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::text("NAME"), Column::text("ROLES"), Column::whole("ID")];

    fn rows() -> Vec<Vec<String>> {
        let row = |texts: [&str; 3]| texts.map(str::to_owned).to_vec();
        vec![
            row(["Deploy Bot", "ORG_OWNER, ORG_USER_MANAGER", "200000000000000005"]),
            row(["日本語の名前", "", "7"]),
        ]
    }

    #[test]
    fn columns_stand_below_each_other_also_with_wide_letters() {
        assert_eq!(
            lines(COLUMNS, &rows(), None),
            [
                "NAME          ROLES                        ID",
                "Deploy Bot    ORG_OWNER, ORG_USER_MANAGER  200000000000000005",
                "日本語の名前                               7",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_the_longest_texts_but_no_id() {
        let cut = lines(COLUMNS, &rows(), Some(40));
        assert!(cut.iter().all(|line| line.width() <= 40), "{cut:?}");
        assert_eq!(cut.get(1).map(String::as_str), Some("Deploy B…  ORG_OWNE…  200000000000000005"));
        let tiny = lines(COLUMNS, &rows(), Some(1));
        assert!(tiny.iter().any(|line| line.ends_with("200000000000000005")), "{tiny:?}");
    }
}
