//! One user.

use super::Behaviour;
use super::add_manager::AddManager;
use crate::app::console;
use crate::app::keys::{Action, place};
use crate::app::shared::Shared;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::Organization;
use crate::domain::user::User;

/// The screen of one user.
#[derive(Debug)]
pub struct Person {
    /// Who.
    pub user: User,
    from: Option<Organization>,
}

impl Person {
    /// The user, seen from an organization or from the list of all users.
    pub const fn new(user: User, from: Option<Organization>) -> Self {
        Self { user, from }
    }
}

impl Behaviour for Person {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::PERSON
    }

    fn crumbs(&self) -> Vec<String> {
        vec![self.user.title().to_string()]
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::AddManager => match self.from.clone() {
                Some(organization) => {
                    shared.open(AddManager::both(organization, vec![ManagerUser::from(&self.user)]))
                }
                None => shared.open(AddManager::of_users(vec![ManagerUser::from(&self.user)])),
            },
            Action::CopyId => console::copy_id(self.user.id.as_str(), shared),
            Action::OpenConsole => {
                console::open(&console::user_path(&self.user.id, Some(&self.user.organization)), shared);
            }
            _ => return false,
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        if action == Action::AddManager { shared.why_read_only() } else { None }
    }
}
