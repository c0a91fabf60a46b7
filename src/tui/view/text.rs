//! Texts cut and wrapped to cells, never within a character.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The text in at most `width` cells, with `…` where something is left out at the end.
pub(super) fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = start_of(text, width.saturating_sub(1));
    if width > 0 {
        cut.push('…');
    }
    cut
}

/// The longest start of the text in at most `width` cells.
fn start_of(text: &str, width: usize) -> String {
    let mut used = 0;
    text.graphemes(true)
        .take_while(|grapheme| {
            used += grapheme.width();
            used <= width
        })
        .collect()
}

/// The end of the text in at most `width` cells, so that what is typed last stays visible.
pub(super) fn end_of(text: &str, width: usize) -> String {
    let mut used = 0;
    let mut kept: Vec<&str> = text
        .graphemes(true)
        .rev()
        .take_while(|grapheme| {
            used += grapheme.width();
            used <= width
        })
        .collect();
    kept.reverse();
    kept.concat()
}

/// The text in lines of at most `width` cells, broken at blanks where there are some.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = if line.is_empty() { word.width() } else { line.width() + 1 + word.width() };
        if needed <= width {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = break_word(word, width, &mut lines);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The text in pieces of at most `width` cells, with every blank where it is.
pub(super) fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let last = break_word(text, width.max(1), &mut pieces);
    pieces.push(last);
    pieces
}

/// Puts all but the last piece of a word into `lines`; returns the last.
fn break_word(word: &str, width: usize, lines: &mut Vec<String>) -> String {
    let mut piece = String::new();
    for grapheme in word.graphemes(true) {
        if !piece.is_empty() && piece.width() + grapheme.width() > width {
            lines.push(std::mem::take(&mut piece));
        }
        piece.push_str(grapheme);
    }
    piece
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::fits("Globex", 6, "Globex")]
    #[case::cut("Globex Corporation", 8, "Globex …")]
    #[case::wide("日本語組織", 5, "日本…")]
    #[case::wide_never_half("日本語", 4, "日…")]
    #[case::combining("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…")]
    #[case::nothing("Globex", 0, "")]
    fn fits(#[case] text: &str, #[case] width: usize, #[case] expected: &str) {
        assert_eq!(fit(text, width), expected);
    }

    #[rstest]
    #[case::at_blanks("read the managers", 9, &["read the", "managers"])]
    #[case::within_long_words("abcdefgh", 3, &["abc", "def", "gh"])]
    #[case::nothing("", 3, &[])]
    fn wraps(#[case] text: &str, #[case] width: usize, #[case] expected: &[&str]) {
        assert_eq!(wrap(text, width), expected);
    }

    proptest! {
        #[test]
        fn never_wider_than_asked(text in "\\PC{0,40}", width in 0..20_usize) {
            prop_assert!(fit(&text, width).width() <= width);
            prop_assert!(end_of(&text, width).width() <= width);
        }
    }
}
