//! One organization: its managers and its users.

use super::Behaviour;
use super::add_manager::AddManager;
use super::change_roles::ChangeRoles;
use super::managers::Managers;
use super::pasted::Pasted;
use super::person::Person;
use super::review::Review;
use crate::app::console;
use crate::app::effect::Sequence;
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::marked::Marked;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::change::Change;
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;
use crate::domain::user::User;

/// What of the organization is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Who manages it.
    #[default]
    Managers,
    /// Who lives in it.
    Users,
}

/// The screen of one organization.
#[derive(Debug)]
pub struct OrganizationScreen {
    /// Which one.
    pub organization: Organization,
    /// What of it is shown.
    pub tab: Tab,
    /// Its managers.
    pub managers: Managers,
    /// Its users.
    pub users: Search<User>,
    /// The users with a mark.
    pub marked: Marked,
}

impl OrganizationScreen {
    /// The screen of this organization, on its managers.
    pub fn new(organization: Organization) -> Self {
        Self {
            managers: Managers::new(Resource::Organization(organization.id.clone())),
            users: Search::new(Some(organization.id.clone())),
            tab: Tab::default(),
            marked: Marked::default(),
            organization,
        }
    }

    /// The organization as a resource.
    pub fn resource(&self) -> Resource {
        Resource::Organization(self.organization.id.clone())
    }

    /// Shows a change as it was read back.
    pub fn show_change(&mut self, user: &UserId, row: Option<Manager>, shared: &mut Shared) {
        self.tab = Tab::Managers;
        if self.managers.reading.value().is_none() && !self.managers.reading.is_pending() {
            self.managers.read(shared);
        }
        self.managers.show_change(user, row, shared);
    }

    fn show_tab(&mut self, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => {
                let reading = &self.managers.reading;
                if (reading.value().is_none() && reading.problem().is_none() && !reading.is_pending())
                    || reading.was_dropped(shared)
                {
                    self.managers.read(shared);
                }
            }
            Tab::Users => self.users.start(shared),
        }
    }

    fn on_manager(&self, action: Action, shared: &mut Shared) {
        let Some(manager) = self.managers.focused().cloned() else { return };
        match action {
            Action::ChangeRoles => {
                shared.open(ChangeRoles::new(self.resource(), self.organization.title(), manager.user));
            }
            Action::RemoveManager => {
                let marked = self.managers.marked();
                let removed = if marked.is_empty() { vec![manager] } else { marked };
                let change = |manager: Manager| Change {
                    resource: self.resource(),
                    resource_name: self.organization.title(),
                    user: manager.user,
                    before: Some(manager.roles),
                    after: Vec::new(),
                };
                shared.open(Review::new(removed.into_iter().map(change).collect(), None));
            }
            Action::CopyId => console::copy_id(manager.user.id.as_str(), shared),
            _ => console::open(
                &console::user_path(&manager.user.id, manager.user.organization.as_ref()),
                shared,
            ),
        }
    }

    fn on_user(&self, action: Action, shared: &mut Shared) {
        let Some(user) = self.users.focused_or_say(shared).cloned() else { return };
        match action {
            Action::Open => shared.open(Person::new(user, Some(self.organization.clone()))),
            Action::CopyId => console::copy_id(user.id.as_str(), shared),
            _ => console::open(&console::user_path(&user.id, Some(&user.organization)), shared),
        }
    }

    fn add(&self, shared: &mut Shared) {
        let organization = self.organization.clone();
        match self.tab {
            Tab::Managers if !self.managers.marked().is_empty() => {
                let users = self.managers.marked().into_iter().map(|manager| manager.user).collect();
                shared.open(AddManager::of_users(users));
            }
            Tab::Managers => {
                let known = self.managers.reading.value().cloned();
                shared.open(AddManager::to_organization(organization, known));
            }
            Tab::Users if !self.marked.is_empty() => {
                shared.open(AddManager::both(organization, self.marked.users()));
            }
            Tab::Users => {
                if let Some(user) = self.users.focused_or_say(shared).cloned() {
                    shared.open(AddManager::both(organization, vec![ManagerUser::from(&user)]));
                }
            }
        }
    }
}

impl Behaviour for OrganizationScreen {
    fn place(&self, _shared: &Shared) -> place::Place {
        match self.tab {
            Tab::Managers if self.managers.typing => place::SEARCH_FIELD,
            Tab::Users if self.users.typing => place::SEARCH_FIELD,
            Tab::Managers => place::MANAGERS,
            Tab::Users => place::ORGANIZATION_USERS,
        }
    }

    fn crumbs(&self) -> Vec<String> {
        vec![self.organization.title().to_string()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.marked.take_found(shared);
        shared.want_permissions(&self.organization.id, false);
        self.show_tab(shared);
    }

    fn resized(&mut self, shared: &mut Shared) {
        if self.tab == Tab::Users {
            self.users.start(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::NextTab | Action::PreviousTab => {
                self.tab = if self.tab == Tab::Managers { Tab::Users } else { Tab::Managers };
                self.show_tab(shared);
            }
            Action::AddManager => self.add(shared),
            Action::Mark if self.tab == Tab::Users => self.marked.mark(&mut self.users, shared),
            Action::Back if self.tab == Tab::Users && !self.users.typing && self.marked.clear() => {}
            Action::Open
            | Action::ChangeRoles
            | Action::RemoveManager
            | Action::CopyId
            | Action::OpenConsole => match self.tab {
                Tab::Managers => self.on_manager(action, shared),
                Tab::Users => self.on_user(action, shared),
            },
            _ => {
                if action == Action::ReadAgain {
                    shared.want_permissions(&self.organization.id, true);
                }
                return match self.tab {
                    Tab::Managers => self.managers.act(action, shared),
                    Tab::Users => self.users.act(action, shared),
                };
            }
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match action {
            Action::AddManager | Action::ChangeRoles => {
                shared.why_not(&self.resource(), ManagerAction::Write)
            }
            Action::RemoveManager => shared.why_not(&self.resource(), ManagerAction::Remove),
            _ => None,
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.tab {
            Tab::Managers => self.managers.typing.then_some(&mut self.managers.filter),
            Tab::Users => self.users.typing.then_some(&mut self.users.field),
        }
    }

    fn pasted(&mut self, text: &str, shared: &mut Shared) -> bool {
        self.tab == Tab::Users && Pasted::open(text, shared)
    }

    fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => self.managers.cursor.put(0, self.managers.rows().len(), shared.list_rows()),
            Tab::Users => self.users.typed(at_once, shared),
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if !self.managers.answered(sequence, answer, shared) {
            self.users.answered(sequence, answer, shared);
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        if *resource == self.resource() {
            self.managers.read(shared);
        }
    }
}
