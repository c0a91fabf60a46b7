//! Text in lines that are not wider than there is room.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The text in lines of at most `width` cells, broken at blanks where there are some.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
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
pub fn pieces(text: &str, width: usize) -> Vec<String> {
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
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::at_blanks("read the managers", 9, &["read the", "managers"])]
    #[case::within_long_words("abcdefgh", 3, &["abc", "def", "gh"])]
    #[case::nothing("", 3, &[])]
    fn wraps(#[case] text: &str, #[case] width: usize, #[case] expected: &[&str]) {
        assert_eq!(wrap(text, width), expected);
    }

    #[rstest]
    #[case::keeps_blanks("  a  b c", 5, &["  a  ", "b c"])]
    #[case::nothing("", 3, &[""])]
    fn cuts(#[case] text: &str, #[case] width: usize, #[case] expected: &[&str]) {
        assert_eq!(pieces(text, width), expected);
    }
}
