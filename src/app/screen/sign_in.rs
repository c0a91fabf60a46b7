//! The sign-in: the profiles, a new one, the demo; and what went wrong.

use std::time::Duration;

use super::Behaviour;
use super::leaving::{Leaving, Wish};
use super::snapshots::Snapshots;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, SignInTarget, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::path_field::PathField;
use crate::app::shared::{Navigation, Shared};
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;

/// A line of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The profile at this place of the list.
    Profile(usize),
    /// Another instance, by URL and key file.
    Other,
    /// The demo.
    Demo,
    /// A file of all managers, which needs no server.
    Snapshot,
}

/// Where in the sign-in one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Choosing among the lines.
    #[default]
    Choosing,
    /// Typing the URL.
    Url,
    /// Typing the path of the key file.
    KeyFile,
}

/// The sign-in screen.
#[derive(Debug, Default)]
pub struct SignIn {
    /// Which line has the cursor.
    pub cursor: Cursor,
    /// Where one is.
    pub stage: Stage,
    /// The URL of a new profile.
    pub url: Field,
    /// The path of the key file of a new profile.
    pub key_file: PathField,
    /// Why signing in failed.
    pub problem: Option<Problem>,
    /// Where signing in is under way.
    pub target: Option<SignInTarget>,
    pending: Option<Sequence>,
    at_once: Option<SignInTarget>,
}

impl SignIn {
    /// A sign-in that begins at once where a target is given.
    pub fn new(at_once: Option<SignInTarget>) -> Self {
        Self { at_once, ..Self::default() }
    }

    /// The lines.
    pub fn entries(shared: &Shared) -> Vec<Entry> {
        (0..shared.profiles.len())
            .map(Entry::Profile)
            .chain([Entry::Other, Entry::Demo, Entry::Snapshot])
            .collect()
    }

    /// Where signing in is under way or was tried last, in words.
    pub fn target_title(target: &SignInTarget, shared: &Shared) -> SafeText {
        match target {
            SignInTarget::Profile(index) => shared
                .profiles
                .get(*index)
                .map(|profile| SafeText::new(&format!("{} ({})", profile.name, profile.url)))
                .unwrap_or_default(),
            SignInTarget::Typed { url, .. } => SafeText::new(url),
            SignInTarget::Demo => SafeText::new("the demo instance"),
        }
    }

    fn begin(&mut self, target: SignInTarget, shared: &mut Shared) {
        if !shared.writes.is_empty() {
            shared.say(Tone::Warning, "A change is still being written; sign in elsewhere when it has ended");
            return;
        }
        if !shared.basket.is_empty() && shared.agreed.take().as_ref() != Some(&target) {
            shared.open(Leaving::new(Wish::SignIn(target)));
            return;
        }
        self.problem = None;
        self.pending = Some(shared.ask(Slot::SignIn, Duration::ZERO, Request::SignIn(target.clone())));
        self.target = Some(target);
    }

    fn open(&mut self, shared: &mut Shared) {
        match Self::entries(shared).get(self.cursor.at) {
            Some(Entry::Profile(index)) => self.begin(SignInTarget::Profile(*index), shared),
            Some(Entry::Other) => self.stage = Stage::Url,
            Some(Entry::Demo) => self.begin(SignInTarget::Demo, shared),
            Some(Entry::Snapshot) => shared.open(Snapshots::default()),
            None => {}
        }
    }

    fn accept(&mut self, shared: &mut Shared) {
        let (url, key_file) = (self.url.text().trim().to_owned(), self.key_file.path());
        if url.is_empty() {
            self.stage = Stage::Url;
            shared.say(Tone::Warning, "Type the URL of the instance first, e.g. https://auth.example.com");
        } else if key_file.is_empty() {
            shared.say(Tone::Warning, "Type the path of the service user's key file");
        } else {
            self.begin(SignInTarget::Typed { url, key_file }, shared);
        }
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        if self.pending.take().is_some() {
            self.target = None;
            shared.forget(Slot::SignIn);
            return true;
        }
        if self.stage != Stage::Choosing {
            self.stage = Stage::Choosing;
            self.key_file.typed();
            return true;
        }
        self.problem.take().is_some()
    }
}

impl Behaviour for SignIn {
    fn place(&self, _shared: &Shared) -> place::Place {
        match self.stage {
            _ if self.pending.is_some() => place::SIGNING_IN,
            Stage::Choosing => place::SIGN_IN,
            Stage::Url => place::URL_FIELD,
            Stage::KeyFile => place::KEY_FILE_FIELD,
        }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Sign in".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        if let Some(target) = self.at_once.take().or_else(|| shared.agreed.clone()) {
            self.begin(target, shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Open => self.open(shared),
            Action::AcceptText => self.accept(shared),
            Action::Complete => self.key_file.complete(shared),
            Action::NextField => self.stage = Stage::KeyFile,
            Action::PreviousField => self.stage = Stage::Url,
            Action::Back => return self.back(shared),
            _ => return self.cursor.act(action, Self::entries(shared).len(), shared.list_rows()),
        }
        true
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.stage {
            _ if self.pending.is_some() => None,
            Stage::Choosing => None,
            Stage::Url => Some(&mut self.url),
            Stage::KeyFile => Some(&mut self.key_file.field),
        }
    }

    fn typed(&mut self, _at_once: bool, _shared: &mut Shared) {
        self.key_file.typed();
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::SignedIn(result) if self.pending == Some(sequence) => {
                self.pending = None;
                self.target = None;
                match result {
                    Ok((profile, facts)) => {
                        shared.begin_session(profile.clone(), facts.clone());
                        shared.go(Navigation::SignedIn);
                    }
                    Err(problem) => self.problem = Some(problem.clone()),
                }
            }
            _ => self.key_file.answered(sequence, answer, shared),
        }
    }
}
