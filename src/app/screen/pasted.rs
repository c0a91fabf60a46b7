//! Several pasted users, by id, login name or e-mail address: each found or explained.

use std::time::Duration;

use super::Behaviour;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::shared::{Navigation, Shared};
use crate::domain::problem::Problem;
use crate::domain::user::User;

/// More are not looked up at once; each takes several requests.
const MOST: usize = 200;

/// The texts in a paste: one per line, or parted by commas or semicolons; without doubles.
pub fn texts(pasted: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in pasted.split(['\n', '\r', ',', ';', '\t']).map(str::trim).filter(|text| !text.is_empty()) {
        if !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
        }
    }
    texts
}

/// What a pasted text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Not known yet.
    Unknown,
    /// A user.
    User(Box<User>),
    /// A user that an earlier line means too.
    SameAsBefore(Box<User>),
    /// Nobody, or nobody that can be told; why.
    Nobody(Problem),
}

/// The screen of pasted users.
#[derive(Debug)]
pub struct Pasted {
    /// Each text and what it means.
    pub lines: Vec<(String, Meant)>,
    /// Which line has the cursor.
    pub cursor: Cursor,
    left_over: usize,
    pending: Option<Sequence>,
}

impl Pasted {
    /// Looks these up once it is shown.
    pub fn new(mut texts: Vec<String>) -> Self {
        let left_over = texts.len().saturating_sub(MOST);
        texts.truncate(MOST);
        let lines = texts.into_iter().map(|text| (text, Meant::Unknown)).collect();
        Self { lines, cursor: Cursor::default(), left_over, pending: None }
    }

    /// Opens on top of a list of users where several are pasted. Tells whether it did.
    pub fn open(pasted: &str, shared: &mut Shared) -> bool {
        let texts = texts(pasted);
        if texts.len() < 2 {
            return false;
        }
        shared.open(Self::new(texts));
        true
    }

    /// Whether answers are waited for.
    pub const fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// How many texts were left out because they were too many.
    pub const fn left_over(&self) -> usize {
        self.left_over
    }

    /// The users found, each once.
    pub fn found(&self) -> Vec<User> {
        let user = |(_, meant): &(String, Meant)| match meant {
            Meant::User(user) => Some((**user).clone()),
            _ => None,
        };
        self.lines.iter().filter_map(user).collect()
    }

    fn look_up(&mut self, shared: &mut Shared) {
        let texts = self.lines.iter().map(|(text, _)| text.clone()).collect();
        self.pending = Some(shared.ask(Slot::Resolve, Duration::ZERO, Request::ResolveUsers(texts)));
    }

    fn take(&mut self, resolved: &[(String, Result<User, Problem>)]) {
        let mut seen = Vec::new();
        for (line, (_, answer)) in self.lines.iter_mut().zip(resolved) {
            line.1 = match answer {
                Ok(user) if seen.contains(&user.id) => Meant::SameAsBefore(Box::new(user.clone())),
                Ok(user) => {
                    seen.push(user.id.clone());
                    Meant::User(Box::new(user.clone()))
                }
                Err(problem) => Meant::Nobody(problem.clone()),
            };
        }
    }
}

impl Behaviour for Pasted {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::PASTED
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Pasted users".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        let is_new = self.lines.iter().all(|(_, meant)| *meant == Meant::Unknown);
        if is_new && self.pending.is_none_or(|sequence| !shared.is_live(sequence)) {
            self.look_up(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Open if self.pending.is_some() => shared.say(Tone::Note, "Still looking them up"),
            Action::Open if self.found().is_empty() => {
                shared.say(Tone::Warning, "None of these was found; esc goes back");
            }
            Action::Open => {
                shared.found = self.found();
                shared.go(Navigation::Back);
            }
            Action::ReadAgain => self.look_up(shared),
            _ => return self.cursor.act(action, self.lines.len(), shared.list_rows()),
        }
        true
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if let Answer::Resolved(resolved) = answer
            && self.pending == Some(sequence)
        {
            self.pending = None;
            self.take(resolved);
            let users = self.found();
            shared.learn_states(users.iter().map(|user| (user.id.clone(), user.state.clone())));
            shared.want_names(users.into_iter().map(|user| user.organization));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::texts;

    #[rstest]
    #[case::lines("ada\nbob\r\n\ncy", &["ada", "bob", "cy"])]
    #[case::commas("ada, bob;cy\tdan", &["ada", "bob", "cy", "dan"])]
    #[case::doubles("ada\nada\n", &["ada"])]
    #[case::names_with_blanks("Deploy Bot\nAda L", &["Deploy Bot", "Ada L"])]
    #[case::nothing(" \n,", &[])]
    fn a_paste_is_parted_into_texts(#[case] pasted: &str, #[case] expected: &[&str]) {
        assert_eq!(texts(pasted), expected);
    }
}
