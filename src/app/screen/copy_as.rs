//! The chooser of texts to copy: the same as a command of zitui, as a request of curl, for Terraform.

use super::Behaviour;
use crate::app::cursor::Cursor;
use crate::app::effect::Effect;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::shared::{Navigation, Shared};
use crate::domain::copy_as::Offer;

/// What terminals put on the clipboard at least, in bytes.
const LONGEST: usize = 74_994;

/// The chooser.
#[derive(Debug)]
pub struct CopyAs {
    /// The texts.
    pub offers: Vec<Offer>,
    /// Which of them has the cursor.
    pub cursor: Cursor,
}

impl CopyAs {
    /// A chooser among these texts.
    pub fn new(offers: Vec<Offer>) -> Self {
        Self { offers, cursor: Cursor::default() }
    }

    /// The text with the cursor.
    pub fn focused(&self) -> Option<&Offer> {
        self.offers.get(self.cursor.at)
    }

    fn copy(&self, shared: &mut Shared) {
        let Some(offer) = self.focused() else { return };
        if offer.text.len() > LONGEST {
            shared.say(Tone::Warning, "This is more than terminals put on the clipboard; mark fewer rows");
            return;
        }
        shared.effects.push(Effect::Copy(offer.text.clone()));
        shared.say(Tone::Good, format!("Copied {}: {}", offer.of, offer.form.title()));
        shared.go(Navigation::Back);
    }
}

impl Behaviour for CopyAs {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::COPY_AS
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Copy as".to_owned()]
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if action == Action::Open {
            self.copy(shared);
            return true;
        }
        self.cursor.act(action, self.offers.len(), self.offers.len())
    }
}
