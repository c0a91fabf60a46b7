//! A resource of which only the managers are shown: the instance, or a project as it was granted to an organization.

use super::Behaviour;
use super::managers::Managers;
use crate::app::effect::Sequence;
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::named_resource::NamedResource;
use crate::app::shared::Shared;
use crate::domain::copy_as::Subject;
use crate::domain::level::Resource;
use crate::domain::project::ProjectGrant;

/// The screen.
#[derive(Debug)]
pub struct ManagersScreen {
    /// The managers.
    pub managers: Managers,
    /// What is known about the grant, where it is one.
    pub grant: Option<ProjectGrant>,
}

impl ManagersScreen {
    /// The managers of the instance signed in to.
    pub fn instance(shared: &Shared) -> Self {
        Self::new(NamedResource::instance(shared))
    }

    /// The managers of a project grant.
    pub fn grant(grant: ProjectGrant) -> Self {
        Self { managers: Managers::new(NamedResource::from(&grant)), grant: Some(grant) }
    }

    /// The managers of the instance or a grant of which only the name is known.
    pub fn new(on: NamedResource) -> Self {
        Self { managers: Managers::new(on), grant: None }
    }

    /// Whether it shows the managers of the instance.
    pub fn is_of_instance(&self) -> bool {
        self.managers.on.resource == Resource::Instance
    }
}

impl Behaviour for ManagersScreen {
    fn place(&self, _shared: &Shared) -> place::Place {
        self.managers.place(place::MANAGERS_ONLY)
    }

    fn crumbs(&self) -> Vec<String> {
        if self.is_of_instance() { vec!["Managers".to_owned()] } else { Vec::new() }
    }

    fn way(&self) -> Option<Vec<String>> {
        Some(self.managers.on.crumbs())
    }

    fn managers(&self) -> Option<&Managers> {
        Some(&self.managers)
    }

    fn turn_to_managers(&mut self) -> Option<&mut Managers> {
        Some(&mut self.managers)
    }

    fn shown(&mut self, shared: &mut Shared) {
        self.managers.start(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        self.managers.act(action, shared)
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        self.managers.why_not(action, shared)
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        self.managers.copyable()
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.managers.list.typing.then_some(&mut self.managers.list.filter)
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        self.managers.list.typed(shared);
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        self.managers.answered(sequence, answer, shared);
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        self.managers.read_if_on(resource, shared);
    }
}
