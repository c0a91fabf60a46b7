//! Texts cut and wrapped to cells, never within a character.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub(super) use crate::domain::wrap::{pieces, wrap};

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

    proptest! {
        #[test]
        fn never_wider_than_asked(text in "\\PC{0,40}", width in 0..20_usize) {
            prop_assert!(fit(&text, width).width() <= width);
            prop_assert!(end_of(&text, width).width() <= width);
        }
    }
}
