//! The managers of one resource as a list with a filter, and what can be done with its rows. Part of the screens of
//! resources of every level.

use super::add_manager::AddManager;
use super::change_roles::ChangeRoles;
use super::review::Review;
use super::role_cards::RoleCards;
use crate::app::console;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::named_resource::NamedResource;
use crate::app::shared::Shared;
use crate::app::whole_list::{Filtered, WholeList};
use crate::domain::change::Change;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::id::UserId;
use crate::domain::inventory::ManagerRecord;
use crate::domain::manager::Manager;
use crate::domain::permission::ManagerAction;
use crate::domain::text::SafeText;

/// The list.
#[derive(Debug)]
pub struct Managers {
    /// On what.
    pub on: NamedResource,
    /// The rows.
    pub list: WholeList<Manager>,
    /// Whose row changed last.
    pub changed: Option<UserId>,
    marked: Vec<UserId>,
}

impl Filtered for Manager {
    fn holds(&self, text: &str) -> bool {
        self.user.id.as_str() == text
            || [&self.user.display_name, &self.user.login_name]
                .into_iter()
                .chain(self.user.email.as_ref())
                .any(|field| field.as_str().to_lowercase().contains(text))
            || self.roles.iter().any(|role| role.key().to_lowercase().contains(text))
    }
}

impl Managers {
    /// The managers of a resource, not read yet.
    pub fn new(on: NamedResource) -> Self {
        Self { on, list: WholeList::default(), changed: None, marked: Vec::new() }
    }

    fn request(&self) -> Request {
        Request::Managers(self.on.resource.clone())
    }

    /// Reads them, and what we may do with them, unless that was done.
    pub fn start(&mut self, shared: &mut Shared) {
        shared.want_permissions_on(&self.on.resource, false);
        self.list.start(Slot::Managers, self.request(), shared);
    }

    /// Reads them.
    pub fn read(&mut self, shared: &mut Shared) {
        let request = self.request();
        self.list.reading.ask(Slot::Managers, request, shared);
    }

    /// The row with the cursor.
    pub fn focused(&self) -> Option<&Manager> {
        self.list.focused()
    }

    /// Whether a manager has a mark.
    pub fn is_marked(&self, manager: &Manager) -> bool {
        self.marked.contains(&manager.user.id)
    }

    /// The managers with a mark, as far as they are managers still.
    pub fn marked(&self) -> Vec<Manager> {
        let all = self.list.reading.value().into_iter().flatten();
        all.filter(|manager| self.is_marked(manager)).cloned().collect()
    }

    fn mark(&mut self, shared: &Shared) {
        let Some(id) = self.focused().map(|manager| manager.user.id.clone()) else { return };
        if self.marked.contains(&id) {
            self.marked.retain(|marked| *marked != id);
        } else {
            self.marked.push(id);
        }
        self.list.act(Action::Down, shared);
    }

    /// Which keys hold on the list, beside those of the screen that it is part of.
    pub const fn place(&self, of_list: place::Place) -> place::Place {
        if self.list.typing { place::SEARCH_FIELD } else { of_list }
    }

    /// Takes an answer, if it is the one waited for.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> bool {
        let Answer::Managers(managers) = answer else { return false };
        let focused = self.changed.clone().or_else(|| self.focused().map(|manager| manager.user.id.clone()));
        if !self.list.take(sequence, managers, shared) {
            return false;
        }
        if let Ok(managers) = managers {
            shared.want_states(managers.iter().map(|manager| manager.user.id.clone()), false);
            shared.want_names(managers.iter().filter_map(|manager| manager.user.organization.clone()));
        }
        if let Some(user) = focused {
            self.focus(&user, shared);
        }
        true
    }

    fn focus(&mut self, user: &UserId, shared: &Shared) {
        self.list.focus(|manager| manager.user.id == *user, shared);
    }

    /// Puts the row that was read back after a change where it belongs, with the cursor on it.
    pub fn show_change(&mut self, user: &UserId, row: Option<Manager>, shared: &mut Shared) {
        if self.list.reading.value().is_none() && !self.list.reading.is_pending() {
            self.read(shared);
        }
        self.changed = row.is_some().then(|| user.clone());
        self.marked.clear();
        if let Some(managers) = self.list.reading.value_mut() {
            let at = managers.iter().position(|manager| manager.user.id == *user);
            match (at, row) {
                (Some(at), Some(row)) => {
                    if let Some(place) = managers.get_mut(at) {
                        *place = row;
                    }
                }
                (Some(at), None) => {
                    managers.remove(at);
                }
                (None, Some(row)) => {
                    let name = row.user.login_name.as_str().to_lowercase();
                    let at = managers
                        .partition_point(|other| other.user.login_name.as_str().to_lowercase() < name);
                    managers.insert(at, row);
                }
                (None, None) => {}
            }
        }
        self.list.filter.clear();
        self.list.typing = false;
        self.focus(user, shared);
    }

    /// Somebody changed the managers of this resource.
    pub fn read_if_on(&mut self, resource: &crate::domain::level::Resource, shared: &mut Shared) {
        if *resource == self.on.resource {
            self.read(shared);
        }
    }

    fn read_again(&mut self, shared: &mut Shared) {
        self.changed = None;
        shared.want_permissions_on(&self.on.resource, true);
        self.read(shared);
        let managers = self.list.reading.value().into_iter().flatten();
        let users: Vec<UserId> = managers.map(|manager| manager.user.id.clone()).collect();
        shared.want_states(users, true);
    }

    /// Does what concerns the list and its rows. Tells whether it did.
    pub fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::ReadAgain => self.read_again(shared),
            Action::Mark => self.mark(shared),
            Action::Back if !self.list.typing && !self.marked.is_empty() => self.marked.clear(),
            Action::AddManager if !self.marked().is_empty() => {
                let users = self.marked().into_iter().map(|manager| manager.user).collect();
                shared.open(AddManager::of_users(users));
            }
            Action::AddManager => {
                shared.open(AddManager::to(self.on.clone(), self.list.reading.value().cloned()));
            }
            Action::Open
            | Action::ChangeRoles
            | Action::RemoveManager
            | Action::RoleCards
            | Action::CopyId
            | Action::OpenConsole => self.on_row(action, shared),
            _ => return self.list.act(action, shared),
        }
        true
    }

    fn on_row(&self, action: Action, shared: &mut Shared) {
        let focused = self.focused().cloned();
        if action == Action::RoleCards {
            let held = focused.map(|manager| manager.roles).unwrap_or_default();
            shared.open(RoleCards::new(self.on.clone(), held, None));
            return;
        }
        let Some(manager) = focused else { return };
        match action {
            Action::RemoveManager => {
                let marked = self.marked();
                let removed = if marked.is_empty() { vec![manager] } else { marked };
                let change = |manager: Manager| Change {
                    resource: self.on.resource.clone(),
                    resource_name: self.on.name.clone(),
                    user: manager.user,
                    before: Some(manager.roles),
                    after: Vec::new(),
                };
                shared.open(Review::new(removed.into_iter().map(change).collect(), None));
            }
            Action::CopyId => console::copy_id(manager.user.id.as_str(), shared),
            Action::OpenConsole => {
                let path = console::user_path(&manager.user.id, manager.user.organization.as_ref());
                console::open(&path, shared);
            }
            _ => shared.open(ChangeRoles::new(self.on.clone(), manager.user)),
        }
    }

    /// The list, and the managers with a mark, else the one with the cursor.
    pub fn copyable(&self) -> Option<Subject> {
        let marked = self.marked();
        let meant = if marked.is_empty() { self.focused().into_iter().cloned().collect() } else { marked };
        let record = |manager| ManagerRecord {
            manager,
            resource_name: self.on.name.clone(),
            organization_name: SafeText::default(),
        };
        let rows = meant.into_iter().map(record).collect();
        Some(Subject::List(Listed::Managers(self.on.resource.clone()), rows))
    }

    /// Why an action cannot be done on this list now; none if it can.
    pub fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match action {
            Action::AddManager | Action::ChangeRoles => {
                shared.why_not(&self.on.resource, ManagerAction::Write)
            }
            Action::RemoveManager => shared.why_not(&self.on.resource, ManagerAction::Remove),
            _ => None,
        }
    }
}
