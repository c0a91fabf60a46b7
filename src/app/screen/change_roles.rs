//! Changing the roles of a manager: boxes filled from a fresh reading.

use super::Behaviour;
use super::review::Review;
use super::role_cards::RoleCards;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::named_resource::NamedResource;
use crate::app::reading::Reading;
use crate::app::role_list::RoleList;
use crate::app::shared::Shared;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::permission::ManagerAction;
use crate::domain::role::Role;

/// The screen of a manager's roles.
#[derive(Debug)]
pub struct ChangeRoles {
    /// On what.
    pub on: NamedResource,
    /// Whose roles.
    pub user: ManagerUser,
    /// All managers, read when the screen opened.
    pub managers: Reading<Vec<Manager>>,
    /// The boxes.
    pub roles: RoleList,
}

impl ChangeRoles {
    /// The roles of `user` on a resource, not read yet.
    pub fn new(on: NamedResource, user: ManagerUser) -> Self {
        Self { roles: RoleList::new(on.resource.clone()), managers: Reading::default(), on, user }
    }

    fn read(&mut self, shared: &mut Shared) {
        self.managers.ask(Slot::Managers, Request::Managers(self.on.resource.clone()), shared);
        self.roles.read(shared);
    }

    /// The roles held now; none before they were read, and if the user is no manager any more.
    pub fn before(&self) -> Option<&[Role]> {
        self.managers
            .value()?
            .iter()
            .find(|manager| manager.user.id == self.user.id)
            .map(|manager| &*manager.roles)
    }

    /// What the boxes would change; none before the roles were read.
    pub fn change(&self) -> Option<Change> {
        let before = self.before()?.to_vec();
        Some(Change {
            resource: self.on.resource.clone(),
            resource_name: self.on.name.clone(),
            user: self.user.clone(),
            after: self.roles.marked_after(&before),
            before: Some(before),
        })
    }

    fn review(&self, shared: &mut Shared) {
        if self.managers.is_pending() {
            shared.say(Tone::Note, "Still reading the roles held now");
            return;
        }
        let Some(change) = self.change() else {
            shared.say(Tone::Warning, "This user is no manager here any more; go back and read again");
            return;
        };
        match change.kind() {
            ChangeKind::Nothing => shared.say(Tone::Note, "Nothing changed, so nothing is sent"),
            _ => shared.open(Review::new(vec![change], self.managers.value().cloned())),
        }
    }
}

impl Behaviour for ChangeRoles {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::ROLES
    }

    fn crumbs(&self) -> Vec<String> {
        vec![format!("Roles of {}", self.user.title())]
    }

    fn way(&self) -> Option<Vec<String>> {
        Some(self.on.crumbs())
    }

    fn shown(&mut self, shared: &mut Shared) {
        shared.want_permissions_on(&self.on.resource, false);
        let unread = self.managers.value().is_none() && !self.managers.is_pending();
        if unread || self.managers.was_dropped(shared) {
            self.read(shared);
        } else {
            self.roles.start(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Proceed => self.review(shared),
            Action::Mark if self.before().is_some() => self.roles.toggle(),
            Action::Mark => {}
            Action::ReadAgain => self.read(shared),
            Action::RoleCards => {
                let held = self.before().unwrap_or_default().to_vec();
                let cards = RoleCards::new(self.on.clone(), held, self.roles.offered.value().cloned());
                shared.open(cards.at(self.roles.focused().as_ref()));
            }
            _ => return self.roles.act(action, shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        if action != Action::Proceed {
            return None;
        }
        let removes = self.change().is_some_and(|change| change.kind() == ChangeKind::Remove);
        let needed = if removes { ManagerAction::Remove } else { ManagerAction::Write };
        shared.why_not(&self.on.resource, needed)
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::Managers(managers) if self.managers.answered(sequence, managers.clone()) => {
                let before = self.before().map(<[Role]>::to_vec).unwrap_or_default();
                self.roles.marked.clone_from(&before);
                self.roles.set_held(before);
                let all = self.managers.value().into_iter().flatten();
                let users: Vec<_> = all.map(|manager| manager.user.id.clone()).collect();
                shared.want_states(users, false);
            }
            Answer::Roles(offered) => {
                self.roles.offered.answered(sequence, offered.clone());
            }
            _ => {}
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        if *resource == self.on.resource {
            self.read(shared);
        }
    }
}
