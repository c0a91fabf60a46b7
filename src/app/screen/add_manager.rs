//! Adding a manager in the steps of the web console: organization, user, roles, review.

use super::Behaviour;
use super::review::Review;
use crate::app::console;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::reading::Reading;
use crate::app::role_list::RoleList;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;
use crate::domain::role::Role;
use crate::domain::user::User;

/// The steps before the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Choosing the organization.
    Organization,
    /// Choosing the users.
    User,
    /// Choosing the roles.
    Roles,
}

/// The stepper.
#[derive(Debug)]
pub struct AddManager {
    /// The step one is at.
    pub step: Step,
    /// The chosen organization.
    pub organization: Option<Organization>,
    /// The chosen users.
    pub users: Vec<User>,
    /// The users with a mark.
    pub marked: Vec<User>,
    /// The organizations to choose from.
    pub organizations: Search<Organization>,
    /// The users to choose from.
    pub candidates: Search<User>,
    /// The managers that the organization has already.
    pub managers: Reading<Vec<Manager>>,
    /// The roles to choose from; none before an organization is chosen.
    pub roles: Option<RoleList>,
    user_given: bool,
    organization_given: bool,
    go_on_when_read: bool,
}

impl AddManager {
    fn at(step: Step) -> Self {
        let mut candidates = Search::new(None);
        candidates.typing = true;
        let mut organizations = Search::new(None);
        organizations.typing = true;
        Self {
            step,
            organization: None,
            users: Vec::new(),
            marked: Vec::new(),
            organizations,
            candidates,
            managers: Reading::default(),
            roles: None,
            user_given: false,
            organization_given: false,
            go_on_when_read: false,
        }
    }

    /// To an organization, whose managers may be known.
    pub fn to_organization(organization: Organization, managers: Option<Vec<Manager>>) -> Self {
        let mut stepper = Self::at(Step::User);
        stepper.organization_given = true;
        stepper.set_organization(organization);
        if let Some(managers) = managers {
            stepper.managers = Reading::known(managers);
        }
        stepper
    }

    /// Of a user, to an organization yet to be chosen.
    pub fn of_user(user: User) -> Self {
        let mut stepper = Self::at(Step::Organization);
        stepper.user_given = true;
        stepper.users = vec![user];
        stepper
    }

    /// Of a user, to an organization.
    pub fn both(organization: Organization, user: User) -> Self {
        let mut stepper = Self::of_user(user);
        stepper.organization_given = true;
        stepper.step = Step::Roles;
        stepper.set_organization(organization);
        stepper
    }

    fn set_organization(&mut self, organization: Organization) {
        if self.organization.as_ref().is_some_and(|old| old.id == organization.id) {
            return;
        }
        self.roles = Some(RoleList::new(Resource::Organization(organization.id.clone())));
        self.managers = Reading::default();
        self.organization = Some(organization);
    }

    /// The chosen organization as a resource.
    pub fn resource(&self) -> Option<Resource> {
        self.organization.as_ref().map(|organization| Resource::Organization(organization.id.clone()))
    }

    /// The roles that a user has there already; none if it is no manager there or that is not known.
    pub fn already(&self, user: &UserId) -> Option<&[Role]> {
        self.managers.value()?.iter().find(|manager| manager.user.id == *user).map(|manager| &*manager.roles)
    }

    /// The roles that all chosen users have already.
    fn held_by_all(&self) -> Vec<Role> {
        let mut users = self.users.iter().map(|user| self.already(&user.id).unwrap_or_default());
        let Some(first) = users.next() else { return Vec::new() };
        let others: Vec<&[Role]> = users.collect();
        first.iter().filter(|role| others.iter().all(|roles| roles.contains(role))).cloned().collect()
    }

    fn start_step(&mut self, shared: &mut Shared) {
        if let Some(resource) = self.resource() {
            if let Some(id) = resource.organization() {
                shared.want_permissions(id, false);
            }
            let reading = &self.managers;
            if (reading.value().is_none() && !reading.is_pending()) || reading.was_dropped(shared) {
                self.managers.ask(Slot::Managers, Request::Managers(resource), shared);
            }
        }
        match self.step {
            Step::Organization => self.organizations.start(shared),
            Step::User => self.candidates.start(shared),
            Step::Roles => {}
        }
        let held = self.held_by_all();
        if let Some(roles) = &mut self.roles {
            roles.set_held(held);
            roles.start(shared);
        }
    }

    fn go_to(&mut self, step: Step, shared: &mut Shared) {
        self.step = step;
        self.go_on_when_read = false;
        self.start_step(shared);
        if step == Step::Roles
            && let Some(roles) = &mut self.roles
        {
            roles.marked.clear();
            roles.focus_owner();
        }
    }

    fn choose(&mut self, shared: &mut Shared) {
        match self.step {
            Step::Organization => {
                if self.organizations.ask_now(shared) {
                    return;
                }
                let Some(organization) = self.organizations.focused().cloned() else { return };
                self.set_organization(organization);
                self.go_to(if self.user_given { Step::Roles } else { Step::User }, shared);
            }
            Step::User => {
                if self.candidates.ask_now(shared) {
                    return;
                }
                let focused = self.candidates.focused().cloned();
                self.users =
                    if self.marked.is_empty() { focused.into_iter().collect() } else { self.marked.clone() };
                if !self.users.is_empty() {
                    self.go_to(Step::Roles, shared);
                }
            }
            Step::Roles => {}
        }
    }

    fn mark_user(&mut self, shared: &mut Shared) {
        let Some(user) = self.candidates.focused().cloned() else { return };
        if let Some(at) = self.marked.iter().position(|marked| marked.id == user.id) {
            self.marked.remove(at);
        } else {
            self.marked.push(user);
        }
        self.candidates.act(Action::Down, shared);
    }

    fn mark_role(&mut self, shared: &mut Shared) {
        let Some(roles) = &mut self.roles else { return };
        if roles.focused().is_some_and(|role| roles.held().contains(&role)) {
            shared
                .say(Tone::Note, "This role is held already; change or take it away with e on the managers");
        } else {
            roles.toggle();
        }
    }

    fn toggle_scope(&mut self, shared: &mut Shared) {
        let scope = match self.candidates.scope() {
            Some(_) => None,
            None => self.organization.as_ref().map(|organization| organization.id.clone()),
        };
        self.candidates.set_scope(scope, shared);
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        let before = match self.step {
            Step::Roles if !self.user_given => Step::User,
            Step::Roles | Step::User if !self.organization_given => Step::Organization,
            _ => return false,
        };
        self.go_to(before, shared);
        true
    }

    /// The changes that were chosen; a role taken with the cursor counts where no box was changed.
    fn changes(&self) -> Vec<Change> {
        let (Some(resource), Some(organization), Some(roles)) =
            (self.resource(), &self.organization, &self.roles)
        else {
            return Vec::new();
        };
        let chosen: Vec<Role> = if roles.marked.is_empty() {
            roles.focused().into_iter().collect()
        } else {
            roles.roles().into_iter().filter(|role| roles.marked.contains(role)).collect()
        };
        let change = |user: &User| {
            let before = self.already(&user.id).map(<[Role]>::to_vec);
            let held = before.clone().unwrap_or_default();
            let new = chosen.iter().filter(|role| !held.contains(role)).cloned();
            Change {
                resource: resource.clone(),
                resource_name: organization.title(),
                user: ManagerUser::from(user),
                before,
                after: held.iter().cloned().chain(new).collect(),
            }
        };
        self.users.iter().map(change).filter(|change| change.kind() != ChangeKind::Nothing).collect()
    }

    fn review(&mut self, shared: &mut Shared) {
        if self.managers.is_pending() || self.roles.as_ref().is_none_or(|roles| roles.offered.is_pending()) {
            self.go_on_when_read = true;
            return;
        }
        if self.roles.as_ref().is_none_or(|roles| roles.roles().is_empty()) {
            return;
        }
        let changes = self.changes();
        if changes.is_empty() {
            shared.say(Tone::Note, "Nothing to change: this role is held already");
            return;
        }
        let held = self.users.len().saturating_sub(changes.len());
        if held > 0 {
            shared.say(Tone::Note, format!("{held} of the {} users hold this already", self.users.len()));
        }
        shared.learn_states(self.users.iter().map(|user| (user.id.clone(), user.state.clone())));
        shared.open(Review::in_stepper(changes, self.managers.value().cloned()));
    }

    /// Whether the review opens as soon as the managers and roles were read.
    pub const fn goes_on_when_read(&self) -> bool {
        self.go_on_when_read
    }

    fn typing(&self) -> bool {
        match self.step {
            Step::Organization => self.organizations.typing,
            Step::User => self.candidates.typing,
            Step::Roles => false,
        }
    }

    fn in_list(&mut self, action: Action, shared: &mut Shared) -> bool {
        match (self.step, &mut self.roles) {
            (Step::Organization, _) => self.organizations.act(action, shared),
            (Step::User, _) => self.candidates.act(action, shared),
            (Step::Roles, Some(roles)) => {
                if action == Action::ReadAgain {
                    roles.read(shared);
                    if let Some(resource) = self.resource() {
                        self.managers.ask(Slot::Managers, Request::Managers(resource), shared);
                    }
                    return true;
                }
                roles.act(action, shared)
            }
            (Step::Roles, None) => false,
        }
    }

    fn on_row(&self, action: Action, shared: &mut Shared) {
        match self.step {
            Step::Organization => {
                let Some(organization) = self.organizations.focused() else { return };
                if action == Action::CopyId {
                    console::copy_id(organization.id.as_str(), shared);
                } else {
                    console::open(&console::organization_path(&organization.id), shared);
                }
            }
            Step::User | Step::Roles => {
                let Some(user) = self.candidates.focused() else { return };
                if action == Action::CopyId {
                    console::copy_id(user.id.as_str(), shared);
                } else {
                    console::open(&console::user_path(&user.id, Some(&user.organization)), shared);
                }
            }
        }
    }
}

impl Behaviour for AddManager {
    fn place(&self, _shared: &Shared) -> place::Place {
        match (self.step, self.typing()) {
            (Step::Organization, true) => place::CHOOSE_ORGANIZATION_FIELD,
            (Step::Organization, false) => place::CHOOSE_ORGANIZATION,
            (Step::User, true) => place::CHOOSE_USER_FIELD,
            (Step::User, false) => place::CHOOSE_USER,
            (Step::Roles, _) => place::ROLES,
        }
    }

    fn crumbs(&self) -> Vec<String> {
        let organization = self.organization.as_ref().map(|organization| organization.title().to_string());
        organization.into_iter().chain(["Add manager".to_owned()]).collect()
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.start_step(shared);
        if self.step == Step::Roles
            && let Some(roles) = &mut self.roles
            && roles.marked.is_empty()
            && roles.cursor.at == 0
        {
            roles.focus_owner();
        }
    }

    fn resized(&mut self, shared: &mut Shared) {
        match self.step {
            Step::Organization => self.organizations.start(shared),
            Step::User => self.candidates.start(shared),
            Step::Roles => {}
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        self.go_on_when_read = false;
        match action {
            Action::Open => self.choose(shared),
            Action::Proceed => self.review(shared),
            Action::Mark if self.step == Step::User => self.mark_user(shared),
            Action::Mark => self.mark_role(shared),
            Action::ToggleScope => self.toggle_scope(shared),
            Action::CopyId | Action::OpenConsole => self.on_row(action, shared),
            Action::Back => return self.back(shared),
            _ => return self.in_list(action, shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.resource()) {
            (Action::Proceed, Some(resource)) => shared.why_not(&resource, ManagerAction::Write),
            _ => None,
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        match (self.step, self.typing()) {
            (Step::Organization, true) => Some(&mut self.organizations.field),
            (Step::User, true) => Some(&mut self.candidates.field),
            _ => None,
        }
    }

    fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        match self.step {
            Step::Organization => self.organizations.typed(at_once, shared),
            Step::User => self.candidates.typed(at_once, shared),
            Step::Roles => {}
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::Managers(managers) if self.managers.answered(sequence, managers.clone()) => {
                let held = self.held_by_all();
                if let Some(roles) = &mut self.roles {
                    roles.set_held(held);
                }
            }
            Answer::Roles(offered) => {
                if let Some(roles) = &mut self.roles
                    && roles.offered.answered(sequence, offered.clone())
                    && roles.marked.is_empty()
                    && roles.cursor.at == 0
                {
                    roles.focus_owner();
                }
            }
            _ => {
                if !self.organizations.answered(sequence, answer, shared) {
                    self.candidates.answered(sequence, answer, shared);
                }
            }
        }
        if self.go_on_when_read && self.step == Step::Roles && shared.is_on_top() {
            self.go_on_when_read = false;
            self.review(shared);
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        if self.resource().as_ref() == Some(resource) {
            self.managers.ask(Slot::Managers, Request::Managers(resource.clone()), shared);
        }
    }
}
