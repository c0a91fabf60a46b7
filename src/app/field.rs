//! A one-line text field. Knows graphemes, so that one press takes away what a person sees as one character.

use unicode_segmentation::UnicodeSegmentation;

use super::event::{Key, KeyCode};

/// No name, path or URL that a server or a disk takes is longer; a longer paste is cut.
const MAX_CHARACTERS: usize = 1000;

/// A text with a cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    before: String,
    after: String,
}

/// What a key did to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text is another one now.
    Changed,
    /// At most the cursor moved.
    Kept,
}

impl Field {
    /// A field with this text and the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut field = Self::default();
        field.insert(text);
        field
    }

    /// The whole text.
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// The text left of the cursor.
    pub fn before(&self) -> &str {
        &self.before
    }

    /// Whether nothing is typed.
    pub const fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.before.clear();
        self.after.clear();
    }

    /// Replaces the text, with the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.insert(text);
    }

    /// Puts text in at the cursor; control characters and line ends are left out.
    pub fn insert(&mut self, text: &str) -> Edit {
        let room = MAX_CHARACTERS.saturating_sub(self.before.chars().count() + self.after.chars().count());
        let length = self.before.len();
        self.before.extend(text.chars().filter(|character| !is_line_end_or_control(*character)).take(room));
        if self.before.len() == length { Edit::Kept } else { Edit::Changed }
    }

    /// Takes a key that is bound to nothing else.
    pub fn key(&mut self, key: Key) -> Edit {
        match (key.code, key.ctrl, key.alt) {
            (KeyCode::Char(character), false, false) => self.insert(character.encode_utf8(&mut [0; 4])),
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                changed(self.take_left().is_some())
            }
            (KeyCode::Delete, _, _) | (KeyCode::Char('d'), true, false) => {
                changed(self.take_right().is_some())
            }
            (KeyCode::Char('u'), true, false) => {
                let had = !self.before.is_empty();
                self.before.clear();
                changed(had)
            }
            (KeyCode::Char('k'), true, false) => {
                let had = !self.after.is_empty();
                self.after.clear();
                changed(had)
            }
            (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, _, _) => self.erase_word(),
            _ => {
                self.move_cursor(key);
                Edit::Kept
            }
        }
    }

    fn move_cursor(&mut self, key: Key) {
        match (key.code, key.ctrl) {
            (KeyCode::Left, _) | (KeyCode::Char('b'), true) => {
                if let Some(taken) = self.take_left() {
                    self.after.insert_str(0, &taken);
                }
            }
            (KeyCode::Right, _) | (KeyCode::Char('f'), true) => {
                if let Some(taken) = self.take_right() {
                    self.before.push_str(&taken);
                }
            }
            (KeyCode::Home, _) | (KeyCode::Char('a'), true) => {
                self.after.insert_str(0, &std::mem::take(&mut self.before));
            }
            (KeyCode::End, _) | (KeyCode::Char('e'), true) => {
                self.before.push_str(&std::mem::take(&mut self.after));
            }
            _ => {}
        }
    }

    fn take_left(&mut self) -> Option<String> {
        let (start, _) = self.before.grapheme_indices(true).next_back()?;
        Some(self.before.split_off(start))
    }

    fn take_right(&mut self) -> Option<String> {
        let length = self.after.graphemes(true).next()?.len();
        let rest = self.after.split_off(length);
        Some(std::mem::replace(&mut self.after, rest))
    }

    fn erase_word(&mut self) -> Edit {
        let kept = self.before.trim_end().rfind([' ', '/', '@', '.']).map_or(0, |at| at + 1);
        let kept = if kept == self.before.len() { 0 } else { kept };
        let had = self.before.len() > kept;
        self.before.truncate(kept);
        changed(had)
    }
}

const fn changed(yes: bool) -> Edit {
    if yes { Edit::Changed } else { Edit::Kept }
}

fn is_line_end_or_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const fn key(code: KeyCode, ctrl: bool) -> Key {
        Key { code, ctrl, alt: false }
    }

    #[rstest]
    #[case::backspace_takes_a_grapheme("ne\u{301}", key(KeyCode::Backspace, false), "n")]
    #[case::backspace_takes_an_emoji("a👩\u{200d}💻", key(KeyCode::Backspace, false), "a")]
    #[case::ctrl_w_takes_a_word("deploy bot", key(KeyCode::Char('w'), true), "deploy ")]
    #[case::ctrl_w_takes_a_folder("/etc/keys", key(KeyCode::Char('w'), true), "/etc/")]
    #[case::ctrl_u_takes_all("deploy bot", key(KeyCode::Char('u'), true), "")]
    #[case::a_letter_is_text("q", key(KeyCode::Char('q'), false), "qq")]
    #[case::a_space_is_text("q", key(KeyCode::Char(' '), false), "q ")]
    fn edits(#[case] text: &str, #[case] pressed: Key, #[case] expected: &str) {
        let mut field = Field::new(text);
        field.key(pressed);
        assert_eq!(field.text(), expected);
    }

    #[test]
    fn inserts_where_the_cursor_is() {
        let mut field = Field::new("ab");
        field.key(key(KeyCode::Left, false));
        field.key(key(KeyCode::Char('x'), false));
        field.key(key(KeyCode::Char('a'), true));
        field.key(key(KeyCode::Char('y'), false));
        field.key(key(KeyCode::Char('e'), true));
        field.key(key(KeyCode::Char('z'), false));
        assert_eq!(field.text(), "yaxbz");
    }

    #[test]
    fn a_paste_is_one_line_without_control_characters_and_has_an_end() {
        let mut field = Field::default();
        field.insert("two\r\nlines\u{1b}[31m");
        assert_eq!(field.text(), "twolines[31m");
        field.insert(&"x".repeat(5000));
        assert_eq!(field.text().chars().count(), MAX_CHARACTERS);
    }

    proptest! {
        #[test]
        fn moving_never_changes_the_text(text in "\\PC{0,12}", moves in prop::collection::vec(0..4_u8, 0..20)) {
            let mut field = Field::new(&text);
            let before = field.text();
            for step in moves {
                let code = match step { 0 => KeyCode::Left, 1 => KeyCode::Right, 2 => KeyCode::Home, _ => KeyCode::End };
                prop_assert_eq!(field.key(key(code, false)), Edit::Kept);
            }
            prop_assert_eq!(field.text(), before);
        }
    }
}
