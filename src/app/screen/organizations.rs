//! The organizations of the instance.

use super::Behaviour;
use super::add_manager::AddManager;
use super::organization::OrganizationScreen;
use crate::app::console;
use crate::app::effect::Sequence;
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::level::Resource;
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;

/// The organizations screen.
#[derive(Debug)]
pub struct Organizations {
    /// The list.
    pub search: Search<Organization>,
}

impl Organizations {
    /// All organizations.
    pub fn new() -> Self {
        Self { search: Search::new(None) }
    }
}

impl Default for Organizations {
    fn default() -> Self {
        Self::new()
    }
}

impl Behaviour for Organizations {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.search.typing { place::SEARCH_FIELD } else { place::ORGANIZATIONS }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Organizations".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.search.start(shared);
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.search.start(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if !matches!(action, Action::Open | Action::AddManager | Action::CopyId | Action::OpenConsole) {
            return self.search.act(action, shared);
        }
        let Some(organization) = self.search.focused_or_say(shared).cloned() else { return true };
        match action {
            Action::Open => shared.open(OrganizationScreen::new(organization)),
            Action::AddManager => shared.open(AddManager::to(organization, None)),
            Action::CopyId => console::copy_id(organization.id.as_str(), shared),
            _ => console::open(&console::organization_path(&organization.id), shared),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        let organization = self.search.focused()?;
        match action {
            Action::AddManager => {
                shared.why_not(&Resource::Organization(organization.id.clone()), ManagerAction::Write)
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        Some(Subject::List(Listed::Organizations(self.search.text()), Vec::new()))
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.search.typing.then_some(&mut self.search.field)
    }

    fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        self.search.typed(at_once, shared);
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        self.search.answered(sequence, answer, shared);
    }
}
