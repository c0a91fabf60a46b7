//! A list of roles with boxes to mark.

use super::cursor::Cursor;
use super::effect::{Request, Slot};
use super::keys::Action;
use super::reading::Reading;
use super::shared::Shared;
use crate::domain::level::Resource;
use crate::domain::role::{Role, owner_role};

/// The roles that the server offers, those held already, and the marks.
#[derive(Debug)]
pub struct RoleList {
    resource: Resource,
    /// What the server offers.
    pub offered: Reading<Vec<Role>>,
    /// Which role has the cursor.
    pub cursor: Cursor,
    /// The roles with a mark.
    pub marked: Vec<Role>,
    held: Vec<Role>,
}

impl RoleList {
    /// The roles on `resource`, not read yet.
    pub fn new(resource: Resource) -> Self {
        Self {
            resource,
            offered: Reading::default(),
            cursor: Cursor::default(),
            marked: Vec::new(),
            held: Vec::new(),
        }
    }

    /// Reads them.
    pub fn read(&mut self, shared: &mut Shared) {
        self.offered.ask(Slot::Roles, Request::Roles(self.resource.clone()), shared);
    }

    /// Reads them unless that was done.
    pub fn start(&mut self, shared: &mut Shared) {
        let dropped = self.offered.was_dropped(shared);
        if dropped || (self.offered.value().is_none() && !self.offered.is_pending()) {
            self.read(shared);
        }
    }

    /// Takes note of the roles held already; those that the server does not offer are listed too, so that they are
    /// seen and kept.
    pub fn set_held(&mut self, held: Vec<Role>) {
        self.held = held;
    }

    /// The roles held already.
    pub fn held(&self) -> &[Role] {
        &self.held
    }

    /// All roles in their order: those of the server, then the others that are held.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles = self.offered.value().cloned().unwrap_or_default();
        let others: Vec<Role> = self.held.iter().filter(|role| !roles.contains(role)).cloned().collect();
        roles.extend(others);
        roles
    }

    /// Whether the server offers this role.
    pub fn is_offered(&self, role: &Role) -> bool {
        self.offered.value().is_none_or(|offered| offered.contains(role))
    }

    /// The role with the cursor.
    pub fn focused(&self) -> Option<Role> {
        self.roles().into_iter().nth(self.cursor.at)
    }

    /// Puts the cursor on the role that owns the resource.
    pub fn focus_owner(&mut self) {
        let owner = owner_role(self.resource.level());
        self.cursor.at = self.roles().iter().position(|role| role.key() == owner).unwrap_or(0);
    }

    /// Marks the role with the cursor, or takes its mark away.
    pub fn toggle(&mut self) {
        let Some(role) = self.focused() else { return };
        if let Some(at) = self.marked.iter().position(|marked| *marked == role) {
            self.marked.remove(at);
        } else {
            self.marked.push(role);
        }
    }

    /// The marked roles: those of `before` in their order, then the new ones in the order of the list. The server
    /// counts another order as a change (CONTRACT.md section 7).
    pub fn marked_after(&self, before: &[Role]) -> Vec<Role> {
        let kept = before.iter().filter(|role| self.marked.contains(role)).cloned();
        let new =
            self.roles().into_iter().filter(|role| self.marked.contains(role) && !before.contains(role));
        kept.chain(new).collect()
    }

    /// Moves the cursor. Tells whether it was a movement.
    pub fn act(&mut self, action: Action, shared: &Shared) -> bool {
        self.cursor.act(action, self.roles().len(), shared.list_rows())
    }
}
