//! The basket: what was chosen and not yet applied.

use super::Behaviour;
use super::review::Review;
use crate::app::cursor::Cursor;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::shared::Shared;
use crate::domain::copy_as::Subject;

/// The basket screen.
#[derive(Debug, Default)]
pub struct BasketScreen {
    /// Which change has the cursor.
    pub cursor: Cursor,
}

impl Behaviour for BasketScreen {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::BASKET
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Basket".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.cursor.fit(shared.basket.len(), shared.list_rows());
    }

    fn copyable(&self, shared: &Shared) -> Option<Subject> {
        let changes = shared.basket.lines().iter().map(|line| line.change.clone()).collect();
        Some(Subject::Changes(changes, self.cursor.at))
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Open if shared.basket.is_empty() => {
                shared.say(Tone::Note, "The basket is empty");
            }
            Action::Open => shared.open(Review::of_basket(shared.basket.lines())),
            Action::TakeOut => {
                let line = shared.basket.lines().get(self.cursor.at).cloned();
                if let Some(line) = line {
                    shared.basket.take_out(&line.change);
                }
                self.cursor.fit(shared.basket.len(), shared.list_rows());
            }
            _ => return self.cursor.act(action, shared.basket.len(), shared.list_rows()),
        }
        true
    }
}
