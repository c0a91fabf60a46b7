//! The profiles: the configured instances, and switching between them. A switch that fails keeps the present session.

use std::time::Duration;

use super::Behaviour;
use super::leaving::{Leaving, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, SignInTarget, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::shared::{Navigation, Shared};
use crate::domain::problem::Problem;
use crate::domain::session::ProfileFacts;

/// The profiles screen.
#[derive(Debug, Default)]
pub struct Profiles {
    /// Which profile has the cursor.
    pub cursor: Cursor,
    /// Why switching failed.
    pub problem: Option<Problem>,
    /// The profile being signed in with, by its place in the list.
    pub target: Option<usize>,
    pending: Option<Sequence>,
}

impl Profiles {
    /// Whether this is the profile signed in with.
    pub fn is_current(profile: &ProfileFacts, shared: &Shared) -> bool {
        shared
            .session
            .as_ref()
            .is_some_and(|session| session.profile.name == profile.name && session.profile.url == profile.url)
    }

    /// Whether a switch is under way.
    pub const fn is_switching(&self) -> bool {
        self.pending.is_some()
    }

    fn begin(&mut self, at: usize, shared: &mut Shared) {
        let target = SignInTarget::Profile(at);
        if !shared.writes.is_empty() {
            shared.say(Tone::Warning, "A change is still being written; switch when it has ended");
            return;
        }
        if !shared.basket.is_empty() && shared.agreed.take().as_ref() != Some(&target) {
            shared.open(Leaving::new(Wish::SignIn(target)));
            return;
        }
        self.problem = None;
        self.pending = Some(shared.ask(Slot::SignIn, Duration::ZERO, Request::SignIn(target)));
        self.target = Some(at);
    }
}

impl Behaviour for Profiles {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.pending.is_some() { place::SIGNING_IN } else { place::PROFILES }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Profiles".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        if let Some(SignInTarget::Profile(at)) = shared.agreed.clone() {
            self.begin(at, shared);
        }
        if self.pending.is_some_and(|sequence| !shared.is_live(sequence)) {
            self.pending = None;
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Open if shared.profiles.get(self.cursor.at).is_some() => {
                self.begin(self.cursor.at, shared);
            }
            Action::Open => shared.say(Tone::Note, "There are no profiles yet; g s signs in by hand"),
            Action::Back if self.pending.take().is_some() => shared.forget(Slot::SignIn),
            _ => return self.cursor.act(action, shared.profiles.len(), shared.list_rows()),
        }
        true
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let Answer::SignedIn(result) = answer else { return };
        if self.pending != Some(sequence) {
            return;
        }
        self.pending = None;
        match result {
            Ok((profile, facts)) => {
                shared.begin_session(profile.clone(), facts.clone());
                shared.go(Navigation::SignedIn);
            }
            Err(problem) => self.problem = Some(problem.clone()),
        }
    }
}
