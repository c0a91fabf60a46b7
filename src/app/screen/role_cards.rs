//! The role cards of one resource: what each role allows, two of them side by side.

use super::Behaviour;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::named_resource::NamedResource;
use crate::app::reading::Reading;
use crate::app::shared::Shared;
use crate::domain::role::{CATALOGUE, Role};

/// The screen.
#[derive(Debug)]
pub struct RoleCards {
    /// On what.
    pub on: NamedResource,
    /// The roles that the server offers there.
    pub offered: Reading<Vec<Role>>,
    /// Which role has the cursor.
    pub cursor: Cursor,
    /// The roles to compare, two at most, the older first.
    pub marked: Vec<Role>,
    held: Vec<Role>,
}

impl RoleCards {
    /// The cards of the roles on a resource, those that somebody holds among them; what the server offers is read
    /// where it is not known.
    pub fn new(on: NamedResource, held: Vec<Role>, offered: Option<Vec<Role>>) -> Self {
        Self {
            on,
            offered: offered.map_or_else(Reading::default, Reading::known),
            cursor: Cursor::default(),
            marked: Vec::new(),
            held,
        }
    }

    /// With the cursor on a role.
    #[must_use]
    pub fn at(mut self, role: Option<&Role>) -> Self {
        self.cursor.at = self.roles().iter().position(|one| Some(one) == role).unwrap_or_default();
        self
    }

    /// The roles: those that the server offers in its order, others that are held, then those that we know of at this
    /// level.
    pub fn roles(&self) -> Vec<Role> {
        let level = self.on.resource.level();
        let known = CATALOGUE.iter().filter(|card| card.level == level).map(|card| Role::new(card.key));
        let offered = self.offered.value().into_iter().flatten().cloned();
        crate::domain::role::without_doubles(offered.chain(self.held.iter().cloned()).chain(known))
    }

    /// Whether the server offers this role here; none where that could not be read.
    pub fn is_offered(&self, role: &Role) -> Option<bool> {
        Some(self.offered.value()?.contains(role))
    }

    /// Whether the manager that the cards were opened for holds this role.
    pub fn is_held(&self, role: &Role) -> bool {
        self.held.contains(role)
    }

    /// The role with the cursor.
    pub fn focused(&self) -> Option<Role> {
        self.roles().into_iter().nth(self.cursor.at)
    }

    /// The roles whose cards are shown: the marked ones, or the one with the cursor beside a single marked one.
    pub fn shown_cards(&self) -> Vec<Role> {
        let mut shown = self.marked.clone();
        if shown.len() < 2 {
            shown.extend(self.focused().filter(|role| !self.marked.contains(role)));
        }
        shown
    }

    fn mark(&mut self) {
        let Some(role) = self.focused() else { return };
        if let Some(at) = self.marked.iter().position(|marked| *marked == role) {
            self.marked.remove(at);
            return;
        }
        if self.marked.len() == 2 {
            self.marked.remove(0);
        }
        self.marked.push(role);
    }

    fn read(&mut self, shared: &mut Shared) {
        self.offered.ask(Slot::Roles, Request::Roles(self.on.resource.clone()), shared);
    }
}

impl Behaviour for RoleCards {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::ROLE_CARDS
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Role cards".to_owned()]
    }

    fn way(&self) -> Option<Vec<String>> {
        Some(self.on.crumbs())
    }

    fn shown(&mut self, shared: &mut Shared) {
        let unread = self.offered.value().is_none() && !self.offered.is_pending();
        if (unread && self.offered.problem().is_none()) || self.offered.was_dropped(shared) {
            self.read(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Mark => self.mark(),
            Action::ReadAgain => self.read(shared),
            Action::Back if !self.marked.is_empty() => self.marked.clear(),
            _ => return self.cursor.act(action, self.roles().len(), shared.list_rows()),
        }
        true
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if let Answer::Roles(offered) = answer {
            let focused = self.focused();
            self.offered.answered(sequence, offered.clone());
            let roles = self.roles();
            let at = focused.and_then(|role| roles.iter().position(|one| *one == role));
            self.cursor.put(at.unwrap_or_default(), roles.len(), shared.list_rows());
        }
    }
}
