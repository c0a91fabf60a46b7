//! The question before the program or the session is left with chosen changes that were not applied.

use super::Behaviour;
use super::basket::BasketScreen;
use crate::app::effect::{Effect, SignInTarget};
use crate::app::keys::{Action, place};
use crate::app::shared::{Navigation, Shared};

/// What the operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Leave the program.
    Quit,
    /// Sign in elsewhere.
    SignIn(SignInTarget),
}

/// The question.
#[derive(Debug)]
pub struct Leaving {
    /// What the operator wants.
    pub wish: Wish,
}

impl Leaving {
    /// Asks before this is done.
    pub const fn new(wish: Wish) -> Self {
        Self { wish }
    }
}

impl Behaviour for Leaving {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::LEAVING
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Filled basket".to_owned()]
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match (action, &self.wish) {
            (Action::Open, _) => shared.go(Navigation::Instead(BasketScreen::default().into())),
            (Action::Discard, Wish::Quit) => shared.effects.push(Effect::Quit),
            (Action::Discard, Wish::SignIn(target)) => {
                shared.agreed = Some(target.clone());
                shared.go(Navigation::Back);
            }
            _ => return false,
        }
        true
    }
}
