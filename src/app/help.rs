//! The help: every key of the screen below, then all others; typing searches, Enter runs.

use super::cursor::Cursor;
use super::field::Field;
use super::keys::place::Place;
use super::keys::{self, Action, Binding, Context};
use super::layout;

/// The help over a screen.
#[derive(Debug)]
pub struct Help {
    /// What is looked for.
    pub field: Field,
    /// Which line has the cursor.
    pub cursor: Cursor,
    place: Place,
}

impl Help {
    /// The help for a place.
    pub fn new(place: Place) -> Self {
        Self { field: Field::default(), cursor: Cursor::default(), place }
    }

    /// The lines that fit what is typed: those that hold here first.
    pub fn lines(&self) -> Vec<&'static Binding> {
        let words = self.field.text().to_lowercase();
        let fits = |binding: &&Binding| {
            let text = format!(
                "{} {} {} {}",
                binding.help,
                binding.word,
                binding.keys.join(" "),
                binding.context.words()
            );
            let text = text.to_lowercase().replace("manager", "manager administrator admin member");
            words.split_whitespace().all(|word| text.contains(word))
        };
        let is_help = |binding: &&Binding| matches!(binding.context, Context::HelpList | Context::BelowField);
        keys::of(self.place)
            .chain(keys::KEYS.iter().filter(|binding| !self.holds_here(binding)))
            .filter(|binding| !is_help(binding))
            .filter(fits)
            .collect()
    }

    /// Whether a binding holds on the screen below.
    pub fn holds_here(&self, binding: &Binding) -> bool {
        self.place.contains(&binding.context)
    }

    /// Visible lines of the help in a terminal of so many rows.
    pub fn height(rows: u16) -> usize {
        layout::list_rows(rows).saturating_sub(2).max(1)
    }

    /// Moves the cursor. Tells whether it was a movement.
    pub fn act(&mut self, action: Action, rows: u16) -> bool {
        self.cursor.act(action, self.lines().len(), Self::height(rows))
    }

    /// The line with the cursor, if it holds on the screen below.
    pub fn chosen(&self) -> Option<&'static Binding> {
        self.lines().get(self.cursor.at).copied().filter(|binding| self.holds_here(binding))
    }
}
