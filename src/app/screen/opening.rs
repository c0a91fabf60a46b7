//! Looks up the one thing that the program was started for, and opens it.

use super::Behaviour;
use super::organization::OrganizationScreen;
use super::person::Person;
use super::project::ProjectScreen;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::keys::{Action, place};
use crate::app::reading::Reading;
use crate::app::screen::Screen;
use crate::app::shared::{Navigation, Shared};
use crate::domain::link::{Named, Thing};
use crate::domain::text::SafeText;

/// The screen while the thing is looked up, and where it was not found.
#[derive(Debug)]
pub struct Opening {
    /// What kind of thing.
    pub named: Named,
    /// What it is called.
    pub name: String,
    /// What was found.
    pub found: Reading<Thing>,
}

impl Opening {
    /// Looks for this thing.
    pub fn new(named: Named, name: String) -> Self {
        Self { named, name, found: Reading::default() }
    }

    fn look_up(&mut self, shared: &mut Shared) {
        let request = Request::Thing(self.named, self.name.clone());
        self.found.ask(Slot::Thing, request, shared);
    }
}

impl Behaviour for Opening {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::OPENING
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Open".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        if self.found.problem().is_none() {
            self.look_up(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if action != Action::ReadAgain {
            return false;
        }
        self.look_up(shared);
        true
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let Answer::Thing(found) = answer else { return };
        if !self.found.answered(sequence, found.clone()) {
            return;
        }
        let screen: Screen = match found {
            Ok(Thing::Organization(organization)) => OrganizationScreen::new(organization.clone()).into(),
            Ok(Thing::User(user)) => Person::new(user.clone(), None).into(),
            Ok(Thing::Project(project, owner)) => {
                ProjectScreen::new(project.clone(), owner.or(&SafeText::new(project.organization.as_str())))
                    .into()
            }
            Err(_shown) => return,
        };
        // Somebody who went on meanwhile is not called back.
        if shared.is_on_top() {
            shared.go(Navigation::Instead(screen));
        }
    }
}
