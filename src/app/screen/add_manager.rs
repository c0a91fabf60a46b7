//! Adding a manager in the steps of the web console: organization, user, roles, review.

use super::Behaviour;
use super::pasted::Pasted;
use super::review::Review;
use super::role_cards::RoleCards;
use crate::app::console;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::marked::Marked;
use crate::app::message::Tone;
use crate::app::named_resource::NamedResource;
use crate::app::reading::Reading;
use crate::app::role_list::RoleList;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::id::{OrganizationId, UserId};
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
    /// To what; none before it is chosen.
    pub on: Option<NamedResource>,
    /// To what besides.
    pub further: Vec<NamedResource>,
    /// The organizations with a mark.
    pub marked_organizations: Vec<Organization>,
    /// The chosen users.
    pub users: Vec<ManagerUser>,
    /// The users with a mark.
    pub marked: Marked,
    /// The organizations to choose from.
    pub organizations: Search<Organization>,
    /// The users to choose from.
    pub candidates: Search<User>,
    /// The managers that the resource has already.
    pub managers: Reading<Vec<Manager>>,
    /// The roles to choose from; none before the resource is chosen.
    pub roles: Option<RoleList>,
    user_given: bool,
    resource_given: bool,
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
            on: None,
            further: Vec::new(),
            marked_organizations: Vec::new(),
            users: Vec::new(),
            marked: Marked::default(),
            organizations,
            candidates,
            managers: Reading::default(),
            roles: None,
            user_given: false,
            resource_given: false,
            go_on_when_read: false,
        }
    }

    /// To a resource, whose managers may be known.
    pub fn to(on: impl Into<NamedResource>, managers: Option<Vec<Manager>>) -> Self {
        let mut stepper = Self::at(Step::User);
        stepper.resource_given = true;
        stepper.set_resource(on.into());
        if let Some(managers) = managers {
            stepper.managers = Reading::known(managers);
        }
        stepper
    }

    /// Of users, to organizations yet to be chosen.
    pub fn of_users(users: Vec<ManagerUser>) -> Self {
        let mut stepper = Self::at(Step::Organization);
        stepper.user_given = true;
        stepper.users = users;
        stepper
    }

    /// Of users, to a resource.
    pub fn both(on: impl Into<NamedResource>, users: Vec<ManagerUser>) -> Self {
        let mut stepper = Self::of_users(users);
        stepper.resource_given = true;
        stepper.step = Step::Roles;
        stepper.set_resource(on.into());
        stepper
    }

    fn set_resource(&mut self, on: NamedResource) {
        if self.on.as_ref().is_some_and(|old| old.resource == on.resource) {
            return;
        }
        self.roles = Some(RoleList::new(on.resource.clone()));
        self.managers = Reading::default();
        self.on = Some(on);
    }

    /// The chosen resource.
    pub fn resource(&self) -> Option<&Resource> {
        self.on.as_ref().map(|on| &on.resource)
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
        if let Some(resource) = self.resource().cloned() {
            shared.want_permissions_on(&resource, false);
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
                let focused: Vec<Organization> = self.organizations.focused().cloned().into_iter().collect();
                let chosen =
                    if self.marked_organizations.is_empty() { &focused } else { &self.marked_organizations };
                let mut chosen = chosen.iter().map(NamedResource::from);
                let Some(first) = chosen.next() else { return };
                self.further = chosen.collect();
                self.set_resource(first);
                self.go_to(if self.user_given { Step::Roles } else { Step::User }, shared);
            }
            Step::User => {
                if self.candidates.ask_now(shared) {
                    return;
                }
                let focused = self.candidates.focused().cloned();
                self.users = if self.marked.is_empty() {
                    focused.iter().map(ManagerUser::from).collect()
                } else {
                    self.marked.users()
                };
                shared.learn_states(focused.map(|user| (user.id, user.state)));
                if !self.users.is_empty() {
                    self.go_to(Step::Roles, shared);
                }
            }
            Step::Roles => {}
        }
    }

    fn mark_user(&mut self, shared: &mut Shared) {
        self.marked.mark(&mut self.candidates, shared);
    }

    fn mark_organization(&mut self, shared: &mut Shared) {
        let Some(organization) = self.organizations.focused().cloned() else { return };
        if let Some(at) = self.marked_organizations.iter().position(|marked| marked.id == organization.id) {
            self.marked_organizations.remove(at);
        } else {
            self.marked_organizations.push(organization);
        }
        self.organizations.act(Action::Down, shared);
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

    /// The organization in which users of the resource are most likely to live: for a grant the one that received it.
    fn home(&self, shared: &Shared) -> Option<OrganizationId> {
        match self.resource()? {
            Resource::Instance => shared.facts().map(|facts| facts.identity.organization.clone()),
            Resource::Organization(organization) | Resource::Project { organization, .. } => {
                Some(organization.clone())
            }
            Resource::ProjectGrant { granted, .. } => Some(granted.clone()),
        }
    }

    fn show_cards(&self, shared: &mut Shared) {
        if let (Some(on), Some(roles)) = (&self.on, &self.roles) {
            let cards = RoleCards::new(on.clone(), roles.held().to_vec(), roles.offered.value().cloned());
            shared.open(cards.at(roles.focused().as_ref()));
        }
    }

    fn toggle_scope(&mut self, shared: &mut Shared) {
        let scope = match self.candidates.scope() {
            Some(_) => None,
            None => self.home(shared),
        };
        self.candidates.set_scope(scope, shared);
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        let before = match self.step {
            Step::Roles if !self.user_given => Step::User,
            Step::Roles | Step::User if !self.resource_given => Step::Organization,
            _ => return false,
        };
        self.go_to(before, shared);
        true
    }

    /// The changes that were chosen; a role taken with the cursor counts where no box was changed.
    fn changes(&self) -> Vec<Change> {
        let (Some(on), Some(roles)) = (&self.on, &self.roles) else { return Vec::new() };
        let chosen: Vec<Role> = if roles.marked.is_empty() {
            roles.focused().into_iter().collect()
        } else {
            roles.roles().into_iter().filter(|role| roles.marked.contains(role)).collect()
        };
        let change = |user: &ManagerUser| {
            let before = self.already(&user.id).map(<[Role]>::to_vec);
            let held = before.clone().unwrap_or_default();
            let new = chosen.iter().filter(|role| !held.contains(role)).cloned();
            Change {
                resource: on.resource.clone(),
                resource_name: on.name.clone(),
                user: user.clone(),
                before,
                after: held.iter().cloned().chain(new).collect(),
            }
        };
        // Who is manager of the further ones already is read for the review.
        let further = self.further.iter().flat_map(|on| {
            self.users.iter().map(|user| Change {
                resource: on.resource.clone(),
                resource_name: on.name.clone(),
                user: user.clone(),
                before: None,
                after: chosen.clone(),
            })
        });
        self.users.iter().map(change).chain(further).collect()
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
        if changes.iter().all(|change| change.kind() == ChangeKind::Nothing) {
            shared.say(Tone::Note, "Nothing to change: this role is held already");
            return;
        }
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
                    if let Some(resource) = self.resource().cloned() {
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
        vec!["Add manager".to_owned()]
    }

    fn way(&self) -> Option<Vec<String>> {
        self.on.as_ref().map(NamedResource::crumbs)
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.marked.take_found(shared);
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
            Action::Mark if self.step == Step::Organization => self.mark_organization(shared),
            Action::Mark => self.mark_role(shared),
            Action::ToggleScope => self.toggle_scope(shared),
            Action::RoleCards => self.show_cards(shared),
            Action::CopyId | Action::OpenConsole => self.on_row(action, shared),
            Action::Back => return self.back(shared),
            _ => return self.in_list(action, shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.resource()) {
            (Action::Proceed, Some(resource)) => shared.why_not(resource, ManagerAction::Write),
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        let listed = match self.step {
            Step::Organization => Listed::Organizations(self.organizations.text()),
            Step::User => match self.candidates.scope() {
                Some(scope) => Listed::UsersOf(scope.clone(), self.candidates.text()),
                None => Listed::Users(self.candidates.text()),
            },
            Step::Roles => return None,
        };
        Some(Subject::List(listed, Vec::new()))
    }

    fn field(&mut self) -> Option<&mut Field> {
        match (self.step, self.typing()) {
            (Step::Organization, true) => Some(&mut self.organizations.field),
            (Step::User, true) => Some(&mut self.candidates.field),
            _ => None,
        }
    }

    fn pasted(&mut self, text: &str, shared: &mut Shared) -> bool {
        self.step == Step::User && Pasted::open(text, shared)
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
        if self.resource() == Some(resource) {
            self.managers.ask(Slot::Managers, Request::Managers(resource.clone()), shared);
        }
    }
}
