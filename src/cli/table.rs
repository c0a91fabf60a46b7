//! Columns of text that fit a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const GAP: usize = 2;
/// A column is never cut to less.
const NARROWEST: usize = 6;

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// How `--columns` and CSV call it.
    pub(super) name: &'static str,
    /// Whether its texts may be cut where the terminal is too narrow; ids may not.
    pub(super) may_be_cut: bool,
    /// Whether a table shows it unasked.
    pub(super) in_table: bool,
}

impl Column {
    /// A column whose texts are never cut.
    pub(super) const fn whole(name: &'static str) -> Self {
        Self { name, may_be_cut: false, in_table: true }
    }

    /// A column whose texts are cut where the terminal is narrow.
    pub(super) const fn text(name: &'static str) -> Self {
        Self { name, may_be_cut: true, in_table: true }
    }

    /// The same, in a table only where asked for by name.
    pub(super) const fn on_request(self) -> Self {
        Self { in_table: false, ..self }
    }

    fn title(&self) -> String {
        self.name.to_uppercase().replace('_', " ")
    }
}

/// The lines of a table; cut to `width` cells where one is given.
pub(super) fn lines(
    columns: &[Column],
    rows: &[Vec<String>],
    width: Option<usize>,
    headers: bool,
) -> Vec<String> {
    let titles = headers.then(|| columns.iter().map(Column::title).collect::<Vec<String>>());
    let lines: Vec<&Vec<String>> = titles.iter().chain(rows).collect();
    let widths = widths(columns, &lines, width);
    lines.iter().map(|row| line(row, &widths)).collect()
}

fn widths(columns: &[Column], rows: &[&Vec<String>], width: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = vec![0; columns.len()];
    for row in rows {
        for (widest, text) in widths.iter_mut().zip(*row) {
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
            .filter(|(width, column)| column.may_be_cut && **width > NARROWEST.max(column.name.len()));
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

    const COLUMNS: &[Column] = &[Column::text("name"), Column::text("roles"), Column::whole("id")];

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
            lines(COLUMNS, &rows(), None, true),
            [
                "NAME          ROLES                        ID",
                "Deploy Bot    ORG_OWNER, ORG_USER_MANAGER  200000000000000005",
                "日本語の名前                               7",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_the_longest_texts_but_no_id() {
        let cut = lines(COLUMNS, &rows(), Some(40), true);
        assert!(cut.iter().all(|line| line.width() <= 40), "{cut:?}");
        assert_eq!(cut.get(1).map(String::as_str), Some("Deploy B…  ORG_OWNE…  200000000000000005"));
        let tiny = lines(COLUMNS, &rows(), Some(1), true);
        assert!(tiny.iter().any(|line| line.ends_with("200000000000000005")), "{tiny:?}");
    }
}
