//! Sends the lines of a review: what gives before what takes on the same resource, what takes the own power last of
//! all. Apart from that one line never waits for another, and one that fails does not stop the others.

use super::{Item, Progress, Readiness, Review};
use crate::app::message::Tone;
use crate::app::shared::Shared;
use crate::domain::change::{Outcome, Turn};
use crate::domain::guard::Warning;
use crate::domain::problem::{Problem, ProblemKind};

impl Review {
    pub(super) fn apply(&mut self, shared: &mut Shared) {
        match self.readiness(shared) {
            Readiness::Checking => shared.say(Tone::Note, "Still reading what the change would leave behind"),
            Readiness::Refused(reason) => shared.say(Tone::Warning, format!("Cannot apply: {reason}")),
            Readiness::NeedsName(_) if !self.name_fits(shared) => {
                let asked = self.name_asked(shared);
                shared.say(
                    Tone::Warning,
                    format!("Type {} exactly to apply, the name of {}", asked.name, asked.whose),
                );
            }
            Readiness::NeedsName(_) | Readiness::Ready => {
                self.accepted = self.warnings(shared);
                self.begun = true;
                self.send(shared);
            }
        }
    }

    /// Hands out every line whose turn it is.
    pub(super) fn send(&mut self, shared: &mut Shared) {
        let own_user = shared.facts().map(|facts| facts.identity.user.clone());
        let turns: Vec<Turn> =
            self.items.iter().map(|item| Turn::of(&item.change, own_user.as_ref())).collect();
        for (index, own_turn) in turns.iter().enumerate() {
            if !self.is_due(index, *own_turn, &turns) {
                continue;
            }
            let refused = self.refused_since(index, shared);
            let Some(item) = self.items.get_mut(index) else { continue };
            item.progress = match refused {
                Some(problem) => Progress::Ended(Box::new(Outcome::Failed(problem))),
                None => Progress::UnderWay(shared.apply(&item.change, item.undoes.clone()), None),
            };
        }
    }

    fn is_due(&self, index: usize, own_turn: Turn, turns: &[Turn]) -> bool {
        let Some(own) = self.items.get(index).filter(|item| item.is_open()) else { return false };
        let goes_first = |other: &Item, turn: Turn| match own_turn {
            Turn::First => false,
            Turn::AfterWhatGives => turn == Turn::First && other.change.resource == own.change.resource,
            Turn::Last => turn < Turn::Last,
        };
        let waits_for = |(other, turn): (&Item, &Turn)| {
            goes_first(other, *turn) && !matches!(other.progress, Progress::Ended(_)) && other.counts()
        };
        !self.items.iter().zip(turns).any(waits_for)
    }

    /// A line that was harmless only together with another one is not sent once that one came to nothing.
    fn refused_since(&self, index: usize, shared: &Shared) -> Option<Problem> {
        if !self.items.iter().any(Item::came_to_nothing) {
            return None;
        }
        let warnings = self.warnings_of(|item| item.counts() && !item.came_to_nothing(), shared);
        let accepted = self.accepted.get(index).map(Vec::as_slice).unwrap_or_default();
        let is_new = |warning: &&Warning| warning.refuses() && !accepted.contains(warning);
        let warning = warnings.get(index)?.iter().find(is_new)?;
        let what = self.items.get(index).map(|item| crate::app::outcome::deed(&item.change));
        Some(Problem::new(
            ProblemKind::Refused,
            what.unwrap_or_default(),
            format!("a line that should have come first came to nothing, and now {warning}"),
            "Try again to review what is left",
        ))
    }

    /// Lines that wait for others are not lost when the review is left.
    pub(super) fn keep_unsent(&self, shared: &mut Shared) {
        let mut kept = 0;
        for item in self.items.iter().filter(|item| item.is_open()) {
            shared.basket.put(item.line());
            kept += 1;
        }
        let changes = if kept == 1 { "1 change was" } else { &format!("{kept} changes were") };
        shared.say(Tone::Warning, format!("{changes} not sent yet and wait in the basket now"));
    }
}
