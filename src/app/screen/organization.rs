//! One organization: its managers, users, projects, and the projects it was granted.

use super::Behaviour;
use super::add_manager::AddManager;
use super::managers::Managers;
use super::managers_screen::ManagersScreen;
use super::pasted::Pasted;
use super::person::Person;
use super::project::ProjectScreen;
use crate::app::console;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::marked::Marked;
use crate::app::named_resource::NamedResource;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::app::whole_list::{Filtered, WholeList};
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::user::User;

/// What of the organization is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Who manages it.
    #[default]
    Managers,
    /// Who lives in it.
    Users,
    /// What it owns.
    Projects,
    /// What others granted to it.
    GrantedProjects,
}

impl Tab {
    /// The tabs in their order.
    pub const ALL: [Self; 4] = [Self::Managers, Self::Users, Self::Projects, Self::GrantedProjects];

    const fn next(self) -> Self {
        match self {
            Self::Managers => Self::Users,
            Self::Users => Self::Projects,
            Self::Projects => Self::GrantedProjects,
            Self::GrantedProjects => Self::Managers,
        }
    }

    const fn previous(self) -> Self {
        self.next().next().next()
    }
}

impl Filtered for ProjectGrant {
    fn holds(&self, text: &str) -> bool {
        let is_id =
            [self.id.as_str(), self.project.as_str(), self.granted.as_str(), self.organization.as_str()]
                .contains(&text);
        is_id
            || [&self.project_name, &self.granted_name, &self.organization_name]
                .into_iter()
                .any(|name| name.as_str().to_lowercase().contains(text))
    }
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
    /// Its projects.
    pub projects: Search<Project>,
    /// The grants it received.
    pub granted: WholeList<ProjectGrant>,
}

impl OrganizationScreen {
    /// The screen of this organization, on its managers.
    pub fn new(organization: Organization) -> Self {
        let scope = Some(organization.id.clone());
        Self {
            managers: Managers::new(NamedResource::from(&organization)),
            users: Search::new(scope.clone()),
            projects: Search::new(scope),
            granted: WholeList::default(),
            tab: Tab::default(),
            marked: Marked::default(),
            organization,
        }
    }

    fn show_tab(&mut self, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => self.managers.start(shared),
            Tab::Users => self.users.start(shared),
            Tab::Projects => self.projects.start(shared),
            Tab::GrantedProjects => {
                let request = self.granted_request();
                self.granted.start(Slot::GrantedProjects, request, shared);
            }
        }
    }

    fn granted_request(&self) -> Request {
        Request::GrantedProjects(self.organization.id.clone())
    }

    fn in_tab(&mut self, action: Action, shared: &mut Shared) -> bool {
        let on_row =
            matches!(action, Action::Open | Action::AddManager | Action::CopyId | Action::OpenConsole);
        match self.tab {
            Tab::Managers => return self.managers.act(action, shared),
            Tab::Users if action == Action::Mark => self.marked.mark(&mut self.users, shared),
            Tab::Users if action == Action::Back && !self.users.typing && self.marked.clear() => {}
            Tab::Users if action == Action::AddManager && !self.marked.is_empty() => {
                shared.open(AddManager::both(self.managers.on.clone(), self.marked.users()));
            }
            Tab::Users if on_row => self.on_user(action, shared),
            Tab::Users => return self.users.act(action, shared),
            Tab::Projects if on_row => self.on_project(action, shared),
            Tab::Projects => return self.projects.act(action, shared),
            Tab::GrantedProjects if on_row => self.on_granted(action, shared),
            Tab::GrantedProjects if action == Action::ReadAgain => {
                let request = self.granted_request();
                self.granted.reading.ask(Slot::GrantedProjects, request, shared);
            }
            Tab::GrantedProjects => return self.granted.act(action, shared),
        }
        true
    }

    fn on_user(&self, action: Action, shared: &mut Shared) {
        let Some(user) = self.users.focused_or_say(shared).cloned() else { return };
        match action {
            Action::Open => shared.open(Person::new(user, Some(self.organization.clone()))),
            Action::AddManager => {
                shared.open(AddManager::both(self.managers.on.clone(), vec![ManagerUser::from(&user)]));
            }
            Action::CopyId => console::copy_id(user.id.as_str(), shared),
            _ => console::open(&console::user_path(&user.id, Some(&user.organization)), shared),
        }
    }

    fn on_project(&self, action: Action, shared: &mut Shared) {
        let Some(project) = self.projects.focused_or_say(shared).cloned() else { return };
        let named = NamedResource::project(&project, self.organization.title());
        match action {
            Action::Open => shared.open(ProjectScreen::new(project, self.organization.title())),
            Action::AddManager => shared.open(AddManager::to(named, None)),
            Action::CopyId => console::copy_id(project.id.as_str(), shared),
            _ => console::open(&console::resource_path(&project.resource(), None), shared),
        }
    }

    fn on_granted(&self, action: Action, shared: &mut Shared) {
        let Some(grant) = self.granted.focused().cloned() else { return };
        match action {
            Action::Open => shared.open(ManagersScreen::grant(grant)),
            Action::AddManager => shared.open(AddManager::to(NamedResource::from(&grant), None)),
            Action::CopyId => console::copy_id(grant.id.as_str(), shared),
            _ => {
                console::open(
                    &console::resource_path(&grant.resource(), Some(&self.organization.id)),
                    shared,
                );
            }
        }
    }

    /// What a manager would be added to with the cursor where it is.
    fn adds_to(&self) -> Option<Resource> {
        match self.tab {
            Tab::Managers | Tab::Users => Some(self.managers.on.resource.clone()),
            Tab::Projects => self.projects.focused().map(Project::resource),
            Tab::GrantedProjects => self.granted.focused().map(ProjectGrant::resource),
        }
    }
}

impl Behaviour for OrganizationScreen {
    fn place(&self, _shared: &Shared) -> place::Place {
        match self.tab {
            Tab::Managers => self.managers.place(place::MANAGERS),
            Tab::Users if self.users.typing => place::SEARCH_FIELD,
            Tab::Users => place::ORGANIZATION_USERS,
            Tab::Projects if self.projects.typing => place::SEARCH_FIELD,
            Tab::GrantedProjects if self.granted.typing => place::SEARCH_FIELD,
            Tab::Projects | Tab::GrantedProjects => place::PROJECTS,
        }
    }

    fn crumbs(&self) -> Vec<String> {
        Vec::new()
    }

    fn way(&self) -> Option<Vec<String>> {
        Some(self.managers.on.crumbs())
    }

    fn managers(&self) -> Option<&Managers> {
        Some(&self.managers)
    }

    fn turn_to_managers(&mut self) -> Option<&mut Managers> {
        self.tab = Tab::Managers;
        Some(&mut self.managers)
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.marked.take_found(shared);
        shared.want_permissions_on(&self.managers.on.resource, false);
        self.show_tab(shared);
    }

    fn resized(&mut self, shared: &mut Shared) {
        if matches!(self.tab, Tab::Users | Tab::Projects) {
            self.show_tab(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::NextTab => self.tab = self.tab.next(),
            Action::PreviousTab => self.tab = self.tab.previous(),
            _ => {
                if action == Action::ReadAgain && self.tab != Tab::Managers {
                    shared.want_permissions_on(&self.managers.on.resource, true);
                }
                return self.in_tab(action, shared);
            }
        }
        self.show_tab(shared);
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.tab) {
            (_, Tab::Managers) => self.managers.why_not(action, shared),
            (Action::AddManager, _) => {
                self.adds_to().and_then(|resource| shared.why_not(&resource, ManagerAction::Write))
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        let id = self.organization.id.clone();
        let listed = match self.tab {
            Tab::Managers => return self.managers.copyable(),
            Tab::Users => Listed::UsersOf(id, self.users.text()),
            Tab::Projects => Listed::Projects(id, self.projects.text()),
            Tab::GrantedProjects => Listed::GrantedTo(id),
        };
        Some(Subject::List(listed, Vec::new()))
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.tab {
            Tab::Managers => self.managers.list.typing.then_some(&mut self.managers.list.filter),
            Tab::Users => self.users.typing.then_some(&mut self.users.field),
            Tab::Projects => self.projects.typing.then_some(&mut self.projects.field),
            Tab::GrantedProjects => self.granted.typing.then_some(&mut self.granted.filter),
        }
    }

    fn pasted(&mut self, text: &str, shared: &mut Shared) -> bool {
        self.tab == Tab::Users && Pasted::open(text, shared)
    }

    fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => self.managers.list.typed(shared),
            Tab::Users => self.users.typed(at_once, shared),
            Tab::Projects => self.projects.typed(at_once, shared),
            Tab::GrantedProjects => self.granted.typed(shared),
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::Managers(_) => {
                self.managers.answered(sequence, answer, shared);
            }
            Answer::Projects(_) => {
                self.projects.answered(sequence, answer, shared);
            }
            Answer::GrantedProjects(grants) => {
                self.granted.take(sequence, grants, shared);
            }
            _ => {
                self.users.answered(sequence, answer, shared);
            }
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        self.managers.read_if_on(resource, shared);
    }
}
