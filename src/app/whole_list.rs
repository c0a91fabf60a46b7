//! A list that comes as a whole, with a filter over its rows.

use super::cursor::Cursor;
use super::effect::{Request, Sequence, Slot};
use super::field::Field;
use super::keys::Action;
use super::reading::Reading;
use super::shared::Shared;
use crate::domain::problem::Problem;

/// A row that can be looked for.
pub trait Filtered {
    /// Whether it holds this text, which is not empty and in lower case.
    fn holds(&self, text: &str) -> bool;
}

/// The rows, the cursor and the filter.
#[derive(Debug)]
pub struct WholeList<T> {
    /// What was read.
    pub reading: Reading<Vec<T>>,
    /// Which of the rows that fit has the cursor.
    pub cursor: Cursor,
    /// What the rows must hold.
    pub filter: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
}

impl<T> Default for WholeList<T> {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            cursor: Cursor::default(),
            filter: Field::default(),
            typing: false,
        }
    }
}

impl<T: Filtered> WholeList<T> {
    /// Reads the list, unless that was done or is under way.
    pub fn start(&mut self, slot: Slot, request: Request, shared: &mut Shared) {
        let reading = &self.reading;
        let unread = reading.value().is_none() && reading.problem().is_none() && !reading.is_pending();
        if unread || reading.was_dropped(shared) {
            self.reading.ask(slot, request, shared);
        }
    }

    /// Takes an answer, if it is the one waited for; the cursor stays where it is.
    pub fn take(&mut self, sequence: Sequence, answer: &Result<Vec<T>, Problem>, shared: &Shared) -> bool
    where
        T: Clone,
    {
        let taken = self.reading.answered(sequence, answer.clone());
        self.cursor.fit(self.rows().len(), shared.list_rows());
        taken
    }

    /// The rows that fit the filter.
    pub fn rows(&self) -> Vec<&T> {
        let text = self.filter.text().trim().to_lowercase();
        let all = self.reading.value().into_iter().flatten();
        all.filter(|row| text.is_empty() || row.holds(&text)).collect()
    }

    /// The row with the cursor.
    pub fn focused(&self) -> Option<&T> {
        self.rows().get(self.cursor.at).copied()
    }

    /// Puts the cursor on the first row that fits the filter and `is_it`; it stays where it is if there is none.
    pub fn focus(&mut self, is_it: impl Fn(&T) -> bool, shared: &Shared) {
        let rows = self.rows();
        let at = rows.iter().position(|row| is_it(row));
        let rows = rows.len();
        self.cursor.put(at.unwrap_or(self.cursor.at), rows, shared.list_rows());
    }

    /// The filter was typed at.
    pub fn typed(&mut self, shared: &Shared) {
        self.cursor.put(0, self.rows().len(), shared.list_rows());
    }

    /// Does what concerns the filter and the movement of the cursor. Tells whether it did.
    pub fn act(&mut self, action: Action, shared: &Shared) -> bool {
        match action {
            Action::Search => self.typing = true,
            Action::AcceptText | Action::ToList => self.typing = false,
            Action::Back if self.typing || !self.filter.is_empty() => {
                self.typing = false;
                self.filter.clear();
            }
            _ => return self.cursor.act(action, self.rows().len(), shared.list_rows()),
        }
        self.cursor.fit(self.rows().len(), shared.list_rows());
        true
    }

    /// How many rows there are, in words, e.g. `2 of 14`.
    pub fn count(&self, one: &str, many: &str) -> String {
        let Some(all) = self.reading.value() else {
            return if self.reading.is_pending() { "loading".to_owned() } else { String::new() };
        };
        let (shown, all) = (self.rows().len() as u64, all.len() as u64);
        let grouped = super::search::grouped;
        let words = if shown == all {
            format!("{} {}", grouped(all), if all == 1 { one } else { many })
        } else {
            format!("{} of {}", grouped(shown), grouped(all))
        };
        if self.reading.is_pending() { format!("{words}, reading again") } else { words }
    }
}
