//! The users across organizations.

use super::Behaviour;
use super::add_manager::AddManager;
use super::pasted::Pasted;
use super::person::Person;
use crate::app::console;
use crate::app::effect::Sequence;
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::marked::Marked;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::manager::ManagerUser;
use crate::domain::user::User;

/// The users screen.
#[derive(Debug)]
pub struct Users {
    /// The list.
    pub search: Search<User>,
    /// The users with a mark.
    pub marked: Marked,
}

impl Users {
    /// All users.
    pub fn new() -> Self {
        Self { search: Search::new(None), marked: Marked::default() }
    }
}

impl Default for Users {
    fn default() -> Self {
        Self::new()
    }
}

impl Behaviour for Users {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.search.typing { place::SEARCH_FIELD } else { place::USERS }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Users".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.marked.take_found(shared);
        self.search.start(shared);
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.search.start(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if action == Action::Mark {
            self.marked.mark(&mut self.search, shared);
            return true;
        }
        if action == Action::AddManager && !self.marked.is_empty() {
            shared.open(AddManager::of_users(self.marked.users()));
            return true;
        }
        if action == Action::Back && !self.search.typing && self.marked.clear() {
            return true;
        }
        if !matches!(action, Action::Open | Action::AddManager | Action::CopyId | Action::OpenConsole) {
            return self.search.act(action, shared);
        }
        let Some(user) = self.search.focused_or_say(shared).cloned() else { return true };
        match action {
            Action::Open => shared.open(Person::new(user, None)),
            Action::AddManager => shared.open(AddManager::of_users(vec![ManagerUser::from(&user)])),
            Action::CopyId => console::copy_id(user.id.as_str(), shared),
            _ => console::open(&console::user_path(&user.id, Some(&user.organization)), shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        if action == Action::AddManager { shared.why_read_only() } else { None }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        Some(Subject::List(Listed::Users(self.search.text()), Vec::new()))
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.search.typing.then_some(&mut self.search.field)
    }

    fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        self.search.typed(at_once, shared);
    }

    fn pasted(&mut self, text: &str, shared: &mut Shared) -> bool {
        Pasted::open(text, shared)
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        self.search.answered(sequence, answer, shared);
    }
}
