//! The screens: what they have in common, and one file for each.

pub mod access_review;
pub mod add_manager;
pub mod all_managers;
pub mod basket;
pub mod change_roles;
pub mod copy_as;
pub mod differences;
pub mod history;
pub mod leaving;
pub mod managers;
pub mod managers_screen;
pub mod menu;
pub mod opening;
pub mod organization;
pub mod organizations;
pub mod pasted;
pub mod person;
pub mod profiles;
pub mod project;
pub mod review;
pub mod role_cards;
pub mod sign_in;
pub mod snapshots;
pub mod users;

use super::effect::Sequence;
use super::event::Answer;
use super::field::Field;
use super::keys::Action;
use super::keys::place::Place;
use super::named_resource::NamedResource;
use super::shared::Shared;
use crate::domain::change::{ApplyStep, Outcome};
use crate::domain::copy_as::Subject;
use crate::domain::level::Resource;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::project::{Project, ProjectState};
use crate::domain::text::SafeText;
use managers::Managers;
use managers_screen::ManagersScreen;
use organization::OrganizationScreen;
use project::ProjectScreen;

/// What every screen can do.
pub trait Behaviour {
    /// Which keys hold now.
    fn place(&self, shared: &Shared) -> Place;

    /// What the breadcrumb says about this screen.
    fn crumbs(&self) -> Vec<String>;

    /// The whole way from the instance to the resource of this screen, where it has one; the crumbs follow it.
    fn way(&self) -> Option<Vec<String>> {
        None
    }

    /// The managers list on a screen of a resource.
    fn managers(&self) -> Option<&Managers> {
        None
    }

    /// Turns a screen of a resource to its managers.
    fn turn_to_managers(&mut self) -> Option<&mut Managers> {
        None
    }

    /// The screen came on top, at first or again.
    fn shown(&mut self, _shared: &mut Shared) {}

    /// The terminal has another size.
    fn resized(&mut self, _shared: &mut Shared) {}

    /// Does an action. Tells whether it has a meaning here.
    fn act(&mut self, action: Action, shared: &mut Shared) -> bool;

    /// Why an action cannot be done here now; none if it can.
    fn why_not(&self, _action: Action, _shared: &Shared) -> Option<String> {
        None
    }

    /// What can be copied here in other forms; none if there is nothing yet.
    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        None
    }

    /// The text field with the focus.
    fn field(&mut self) -> Option<&mut Field> {
        None
    }

    /// The text in the field changed; `at_once` after a paste.
    fn typed(&mut self, _at_once: bool, _shared: &mut Shared) {}

    /// An answer to what this screen asked.
    fn answered(&mut self, _sequence: Sequence, _answer: &Answer, _shared: &mut Shared) {}

    /// Something that all screens share was learned, e.g. states of users.
    fn learned(&mut self, _shared: &mut Shared) {}

    /// A change that this screen handed out reached a step.
    fn applying(&mut self, _sequence: Sequence, _step: ApplyStep) {}

    /// A change that this screen handed out ended.
    fn applied(&mut self, _sequence: Sequence, _outcome: &Outcome, _shared: &mut Shared) {}

    /// Text was pasted outside of a field, or several lines of it. Tells whether it was taken.
    fn pasted(&mut self, _text: &str, _shared: &mut Shared) -> bool {
        false
    }

    /// The screen goes away.
    fn left(&mut self, _shared: &mut Shared) {}

    /// The managers of a resource changed.
    fn changed(&mut self, _resource: &Resource, _shared: &mut Shared) {}
}

macro_rules! screens {
    ($($name:ident($kind:path)),+ $(,)?) => {
        /// A screen.
        #[derive(Debug)]
        pub enum Screen {
            $(
                #[doc = concat!("See `", stringify!($kind), "`.")]
                $name(Box<$kind>)
            ),+
        }

        impl Screen {
            /// What every screen can do.
            pub fn behaviour(&self) -> &dyn Behaviour {
                match self { $(Self::$name(screen) => &**screen),+ }
            }

            /// What every screen can do.
            pub fn behaviour_mut(&mut self) -> &mut dyn Behaviour {
                match self { $(Self::$name(screen) => &mut **screen),+ }
            }
        }

        $(
            impl From<$kind> for Screen {
                fn from(screen: $kind) -> Self {
                    Self::$name(Box::new(screen))
                }
            }
        )+
    };
}

screens! {
    SignIn(sign_in::SignIn),
    Menu(menu::Menu),
    Organizations(organizations::Organizations),
    Organization(organization::OrganizationScreen),
    Project(project::ProjectScreen),
    Managers(managers_screen::ManagersScreen),
    RoleCards(role_cards::RoleCards),
    Users(users::Users),
    Person(person::Person),
    AllManagers(all_managers::AllManagers),
    AccessReview(access_review::AccessReview),
    Snapshots(snapshots::Snapshots),
    Differences(differences::Differences),
    AddManager(add_manager::AddManager),
    ChangeRoles(change_roles::ChangeRoles),
    Review(review::Review),
    Basket(basket::BasketScreen),
    Leaving(leaving::Leaving),
    History(history::History),
    Profiles(profiles::Profiles),
    Pasted(pasted::Pasted),
    CopyAs(copy_as::CopyAs),
    Opening(opening::Opening),
}

impl Screen {
    /// The screen of a resource of which not more than the name is known, on its managers.
    pub fn of(on: NamedResource) -> Self {
        match on.resource {
            Resource::Organization(id) => {
                let (primary_domain, state) = (SafeText::default(), OrganizationState::Active);
                let organization = Organization { id, name: on.name, primary_domain, state };
                OrganizationScreen::new(organization).into()
            }
            Resource::Project { organization, project: id } => {
                let state = ProjectState::Other(SafeText::default());
                let owner = on.way.first().cloned().unwrap_or_default();
                let project = Project { id, organization, name: on.name, state };
                ProjectScreen::new(project, owner).into()
            }
            Resource::Instance | Resource::ProjectGrant { .. } => ManagersScreen::new(on).into(),
        }
    }
}
