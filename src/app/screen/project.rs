//! One project: its managers, and the grants given of it.

use super::Behaviour;
use super::add_manager::AddManager;
use super::managers::Managers;
use super::managers_screen::ManagersScreen;
use crate::app::console;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::named_resource::NamedResource;
use crate::app::shared::Shared;
use crate::app::whole_list::WholeList;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::level::Resource;
use crate::domain::permission::ManagerAction;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::text::SafeText;

/// What of the project is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Who manages it.
    #[default]
    Managers,
    /// To whom it was granted.
    Grants,
}

/// The screen of one project.
#[derive(Debug)]
pub struct ProjectScreen {
    /// Which one.
    pub project: Project,
    /// What of it is shown.
    pub tab: Tab,
    /// Its managers.
    pub managers: Managers,
    /// The grants given of it.
    pub grants: WholeList<ProjectGrant>,
}

impl ProjectScreen {
    /// The screen of this project of an organization with this name, on its managers.
    pub fn new(project: Project, organization: SafeText) -> Self {
        Self {
            managers: Managers::new(NamedResource::project(&project, organization)),
            grants: WholeList::default(),
            tab: Tab::default(),
            project,
        }
    }

    fn grants_request(&self) -> Request {
        Request::ProjectGrants(self.project.clone())
    }

    fn show_tab(&mut self, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => self.managers.start(shared),
            Tab::Grants => {
                let request = self.grants_request();
                self.grants.start(Slot::ProjectGrants, request, shared);
            }
        }
    }

    fn on_grant(&self, action: Action, shared: &mut Shared) {
        let Some(grant) = self.grants.focused().cloned() else { return };
        match action {
            Action::Open => shared.open(ManagersScreen::grant(grant)),
            Action::AddManager => shared.open(AddManager::to(NamedResource::from(&grant), None)),
            Action::CopyId => console::copy_id(grant.id.as_str(), shared),
            _ => console::open(&console::resource_path(&grant.resource(), None), shared),
        }
    }
}

impl Behaviour for ProjectScreen {
    fn place(&self, _shared: &Shared) -> place::Place {
        match self.tab {
            Tab::Managers => self.managers.place(place::MANAGERS),
            Tab::Grants if self.grants.typing => place::SEARCH_FIELD,
            Tab::Grants => place::PROJECTS,
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
        shared.want_permissions_on(&self.managers.on.resource, false);
        self.show_tab(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match (action, self.tab) {
            (Action::NextTab | Action::PreviousTab, tab) => {
                self.tab = if tab == Tab::Managers { Tab::Grants } else { Tab::Managers };
                self.show_tab(shared);
            }
            (_, Tab::Managers) => return self.managers.act(action, shared),
            (Action::Open | Action::AddManager | Action::CopyId | Action::OpenConsole, Tab::Grants) => {
                self.on_grant(action, shared);
            }
            (Action::ReadAgain, Tab::Grants) => {
                let request = self.grants_request();
                self.grants.reading.ask(Slot::ProjectGrants, request, shared);
            }
            (_, Tab::Grants) => return self.grants.act(action, shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.tab) {
            (_, Tab::Managers) => self.managers.why_not(action, shared),
            (Action::AddManager, Tab::Grants) => {
                shared.why_not(&self.grants.focused()?.resource(), ManagerAction::Write)
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        match self.tab {
            Tab::Managers => self.managers.copyable(),
            Tab::Grants => {
                let project = &self.project;
                let listed = Listed::GrantsOf(project.organization.clone(), project.id.clone());
                Some(Subject::List(listed, Vec::new()))
            }
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.tab {
            Tab::Managers => self.managers.list.typing.then_some(&mut self.managers.list.filter),
            Tab::Grants => self.grants.typing.then_some(&mut self.grants.filter),
        }
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        match self.tab {
            Tab::Managers => self.managers.list.typed(shared),
            Tab::Grants => self.grants.typed(shared),
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if let Answer::ProjectGrants(grants) = answer {
            self.grants.take(sequence, grants, shared);
        } else {
            self.managers.answered(sequence, answer, shared);
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        self.managers.read_if_on(resource, shared);
    }
}
