//! Text from the server as a person may safely see it: one line, nothing invisible, nothing that moves the cursor.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Longer texts are cut; a name of the server is at most 200 characters.
const MAX_GRAPHEMES: usize = 1024;
/// More combining marks on one character paint over the neighbouring rows.
const MAX_MARKS: usize = 4;

/// A cleaned text. Control characters, bidirectional overrides and invisible characters are shown as `\u{…}`, so that
/// an operator sees the tampering; the raw text is not kept.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SafeText(std::sync::Arc<str>);

impl SafeText {
    /// Cleans `raw`. Cleaning twice changes nothing.
    pub fn new(raw: &str) -> Self {
        if raw.len() <= MAX_GRAPHEMES && raw.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Self(raw.into());
        }
        let mut clean = String::with_capacity(raw.len());
        for grapheme in raw.graphemes(true).take(MAX_GRAPHEMES) {
            push_clean(&mut clean, grapheme);
        }
        if raw.graphemes(true).nth(MAX_GRAPHEMES).is_some() {
            clean.push('…');
        }
        Self(clean.into())
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of terminal cells it takes.
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// This text, or the other where this one is empty.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        if self.is_empty() { other.clone() } else { self.clone() }
    }
}

fn push_clean(clean: &mut String, grapheme: &str) {
    let mut marks = 0;
    let mut previous = None;
    let mut rest = grapheme.chars().peekable();
    while let Some(character) = rest.next() {
        let joins = is_joiner(character)
            && previous.is_some_and(|before: char| !before.is_ascii() && !before.is_whitespace())
            && (rest.peek().is_some_and(|after| !after.is_ascii()) || character == '\u{200c}');
        if joins {
            clean.push(character);
        } else if must_be_shown(character) || is_joiner(character) {
            clean.extend(character.escape_unicode());
        } else if character.is_whitespace() {
            clean.push(' ');
        } else if is_mark(character) {
            marks += 1;
            if marks <= MAX_MARKS {
                clean.push(character);
            }
        } else {
            clean.push(character);
        }
        previous = Some(character);
    }
}

const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn is_mark(character: char) -> bool {
    !character.is_ascii() && unicode_width::UnicodeWidthChar::width(character) == Some(0)
}

/// Control characters, and the ones that turn, hide or break text (CRAFT: bidi controls, zero width, tags).
fn must_be_shown(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Deploy Bot", "Deploy Bot")]
    #[case::escape_sequence("a\u{1b}[31mb", "a\\u{1b}[31mb")]
    #[case::c1_control("a\u{9b}31mb", "a\\u{9b}31mb")]
    #[case::line_feed("two\nlines", "two\\u{a}lines")]
    #[case::bidi_override("gpj.\u{202e}exe", "gpj.\\u{202e}exe")]
    #[case::zero_width_space("ad\u{200b}min", "ad\\u{200b}min")]
    #[case::joiner_between_letters("ad\u{200d}min", "ad\\u{200d}min")]
    #[case::joined_emoji("👩\u{200d}💻", "👩\u{200d}💻")]
    #[case::wide("日本語", "日本語")]
    #[case::right_to_left("שלום", "שלום")]
    #[case::combining("e\u{301}", "e\u{301}")]
    #[case::zalgo("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}")]
    #[case::no_break_space("a\u{a0}b", "a b")]
    fn shows_harmlessly(#[case] raw: &str, #[case] shown: &str) {
        assert_eq!(SafeText::new(raw).as_str(), shown);
    }

    #[test]
    fn cuts_endless_names() {
        assert_eq!(SafeText::new(&"x".repeat(5000)).width(), MAX_GRAPHEMES + 1);
    }

    proptest! {
        #[test]
        fn nothing_dangerous_survives_and_cleaning_twice_changes_nothing(raw in any::<String>()) {
            let once = SafeText::new(&raw);
            prop_assert!(!once.as_str().chars().any(must_be_shown));
            prop_assert_eq!(SafeText::new(once.as_str()), once);
        }
    }
}
