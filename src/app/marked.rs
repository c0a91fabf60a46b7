//! Users with a mark, to do something with all of them.

use super::keys::Action;
use super::message::Tone;
use super::search::Search;
use super::shared::Shared;
use crate::domain::id::UserId;
use crate::domain::manager::ManagerUser;
use crate::domain::user::User;

/// The marks, in the order in which they were set.
#[derive(Debug, Default)]
pub struct Marked {
    users: Vec<ManagerUser>,
}

impl Marked {
    /// Marks the user with the cursor, or takes the mark away; the cursor goes on.
    pub fn mark(&mut self, search: &mut Search<User>, shared: &mut Shared) {
        let Some(user) = search.focused() else { return };
        if self.has(&user.id) {
            self.users.retain(|marked| marked.id != user.id);
        } else {
            self.users.push(ManagerUser::from(user));
        }
        search.act(Action::Down, shared);
    }

    /// Marks the users that were found by what was pasted.
    pub fn take_found(&mut self, shared: &mut Shared) {
        let found = std::mem::take(&mut shared.found);
        if found.is_empty() {
            return;
        }
        for user in &found {
            if !self.has(&user.id) {
                self.users.push(ManagerUser::from(user));
            }
        }
        shared.say(Tone::Good, format!("{} users marked", self.users.len()));
    }

    /// Whether a user has a mark.
    pub fn has(&self, user: &UserId) -> bool {
        self.users.iter().any(|marked| marked.id == *user)
    }

    /// The users.
    pub fn users(&self) -> Vec<ManagerUser> {
        self.users.clone()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// Takes all marks away. Tells whether there were some.
    pub fn clear(&mut self) -> bool {
        let had = !self.users.is_empty();
        self.users.clear();
        had
    }
}
