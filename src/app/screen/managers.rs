//! The managers of one resource as a list with a filter.

use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::Action;
use crate::app::reading::Reading;
use crate::app::shared::Shared;
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::Manager;

/// The list.
#[derive(Debug)]
pub struct Managers {
    resource: Resource,
    /// What was read.
    pub reading: Reading<Vec<Manager>>,
    /// Which of the rows that fit has the cursor.
    pub cursor: Cursor,
    /// What the rows must hold.
    pub filter: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
    /// Whose row changed last.
    pub changed: Option<UserId>,
    marked: Vec<UserId>,
}

impl Managers {
    /// The managers of `resource`, not read yet.
    pub fn new(resource: Resource) -> Self {
        Self {
            resource,
            reading: Reading::default(),
            cursor: Cursor::default(),
            filter: Field::default(),
            typing: false,
            changed: None,
            marked: Vec::new(),
        }
    }

    /// Reads them.
    pub fn read(&mut self, shared: &mut Shared) {
        self.reading.ask(Slot::Managers, Request::Managers(self.resource.clone()), shared);
    }

    /// The rows that fit the filter.
    pub fn rows(&self) -> Vec<&Manager> {
        let text = self.filter.text().trim().to_lowercase();
        let fits = |manager: &&Manager| {
            text.is_empty()
                || manager.user.id.as_str() == text
                || [&manager.user.display_name, &manager.user.login_name]
                    .into_iter()
                    .chain(manager.user.email.as_ref())
                    .any(|field| field.as_str().to_lowercase().contains(&text))
                || manager.roles.iter().any(|role| role.key().to_lowercase().contains(&text))
        };
        self.reading.value().into_iter().flatten().filter(fits).collect()
    }

    /// The row with the cursor.
    pub fn focused(&self) -> Option<&Manager> {
        self.rows().get(self.cursor.at).copied()
    }

    /// Whether a manager has a mark.
    pub fn is_marked(&self, manager: &Manager) -> bool {
        self.marked.contains(&manager.user.id)
    }

    /// The managers with a mark, as far as they are managers still.
    pub fn marked(&self) -> Vec<Manager> {
        let all = self.reading.value().into_iter().flatten();
        all.filter(|manager| self.is_marked(manager)).cloned().collect()
    }

    fn mark(&mut self, shared: &Shared) {
        let Some(id) = self.focused().map(|manager| manager.user.id.clone()) else { return };
        if self.marked.contains(&id) {
            self.marked.retain(|marked| *marked != id);
        } else {
            self.marked.push(id);
        }
        self.cursor.act(Action::Down, self.rows().len(), shared.list_rows());
    }

    /// Takes an answer, if it is the one waited for.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> bool {
        let Answer::Managers(managers) = answer else { return false };
        let focused = self.changed.clone().or_else(|| self.focused().map(|manager| manager.user.id.clone()));
        if !self.reading.answered(sequence, managers.clone()) {
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

    /// Puts the cursor on the row of a user.
    pub fn focus(&mut self, user: &UserId, shared: &Shared) {
        let rows = self.rows();
        let at = rows.iter().position(|manager| manager.user.id == *user);
        let rows = rows.len();
        self.cursor.put(at.unwrap_or(self.cursor.at), rows, shared.list_rows());
    }

    /// Puts the row that was read back after a change where it belongs, with the cursor on it.
    pub fn show_change(&mut self, user: &UserId, row: Option<Manager>, shared: &Shared) {
        self.changed = row.is_some().then(|| user.clone());
        self.marked.clear();
        if let Some(managers) = self.reading.value_mut() {
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
        self.filter.clear();
        self.typing = false;
        self.focus(user, shared);
    }

    /// Does what concerns the filter and the list. Tells whether it did.
    pub fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Search => self.typing = true,
            Action::Mark => self.mark(shared),
            Action::Back if !self.typing && !self.marked.is_empty() => self.marked.clear(),
            Action::AcceptText | Action::ToList => self.typing = false,
            Action::Back if self.typing || !self.filter.is_empty() => {
                self.typing = false;
                self.filter.clear();
            }
            Action::ReadAgain => {
                self.changed = None;
                self.read(shared);
                let users: Vec<UserId> = self
                    .reading
                    .value()
                    .into_iter()
                    .flatten()
                    .map(|manager| manager.user.id.clone())
                    .collect();
                shared.want_states(users, true);
            }
            _ => return self.cursor.act(action, self.rows().len(), shared.list_rows()),
        }
        self.cursor.fit(self.rows().len(), shared.list_rows());
        true
    }
}
