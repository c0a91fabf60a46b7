//! The terminal's clipboard (OSC 52): works over ssh and in tmux, needs no window system, and cannot be confirmed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What terminals take at least, in bytes before encoding.
const LIMIT: usize = 74_994;

/// The sequence that puts `text` on the clipboard; none if it is longer than terminals take.
pub(super) fn sequence(text: &str) -> Option<String> {
    (text.len() <= LIMIT).then(|| format!("\x1b]52;c;{}\x07", STANDARD.encode(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_so_that_it_cannot_end_the_sequence() {
        assert_eq!(sequence("a\x07b").as_deref(), Some("\x1b]52;c;YQdi\x07"));
    }

    #[test]
    fn too_long_text_is_not_cut_but_refused() {
        assert!(sequence(&"x".repeat(LIMIT)).is_some());
        assert_eq!(sequence(&"x".repeat(LIMIT + 1)), None);
    }
}
