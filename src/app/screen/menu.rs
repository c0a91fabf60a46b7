//! The menu: where one can go.

use super::Behaviour;
use super::access_review::AccessReview;
use super::all_managers::AllManagers;
use super::history::History;
use super::managers_screen::ManagersScreen;
use super::organizations::Organizations;
use super::profiles::Profiles;
use super::snapshots::Snapshots;
use super::users::Users;
use crate::app::cursor::Cursor;
use crate::app::keys::{Action, place};
use crate::app::shared::Shared;

/// One entry of the menu.
#[derive(Debug)]
pub struct Entry {
    /// Its letter.
    pub letter: char,
    /// Its name.
    pub name: &'static str,
    /// What one finds there.
    pub about: &'static str,
    /// What opens it.
    pub action: Action,
}

/// The entries, in the order of their numbers.
pub const ENTRIES: &[Entry] = &[
    Entry {
        letter: 'o',
        name: "Organizations",
        about: "see and change who manages them",
        action: Action::GoOrganizations,
    },
    Entry {
        letter: 'u',
        name: "Users",
        about: "people and service users across organizations",
        action: Action::GoUsers,
    },
    Entry {
        letter: 'i',
        name: "Instance managers",
        about: "who manages the whole instance",
        action: Action::GoInstanceManagers,
    },
    Entry {
        letter: 'a',
        name: "All managers",
        about: "who manages what, over all levels",
        action: Action::GoAllManagers,
    },
    Entry {
        letter: 'v',
        name: "Access review",
        about: "what is risky about who manages what, and its fix",
        action: Action::GoAccessReview,
    },
    Entry {
        letter: 't',
        name: "History",
        about: "what this machine changed, and taking it back",
        action: Action::GoHistory,
    },
    Entry {
        letter: 'n',
        name: "Snapshots",
        about: "all managers in a file: browse, compare, save",
        action: Action::GoSnapshots,
    },
    Entry {
        letter: 'p',
        name: "Profiles",
        about: "the configured instances, and switching between them",
        action: Action::GoProfiles,
    },
    Entry {
        letter: 's',
        name: "Sign in elsewhere",
        about: "another profile, another instance, the demo",
        action: Action::GoSignIn,
    },
];

/// The menu.
#[derive(Debug, Default)]
pub struct Menu {
    /// Which entry has the cursor.
    pub cursor: Cursor,
}

impl Behaviour for Menu {
    fn place(&self, _shared: &Shared) -> place::Place {
        place::MENU
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Instance".to_owned()]
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Open => match ENTRIES.get(self.cursor.at).map(|entry| entry.action) {
                Some(Action::GoOrganizations) => shared.open(Organizations::new()),
                Some(Action::GoUsers) => shared.open(Users::new()),
                Some(Action::GoHistory) => shared.open(History::default()),
                Some(Action::GoSnapshots) => shared.open(Snapshots::default()),
                Some(Action::GoProfiles) => shared.open(Profiles::default()),
                Some(Action::GoInstanceManagers) => shared.open(ManagersScreen::instance(shared)),
                Some(Action::GoAllManagers) => shared.open(AllManagers::default()),
                Some(Action::GoAccessReview) => shared.open(AccessReview::default()),
                _ => shared.go(crate::app::shared::Navigation::SignIn),
            },
            _ => return self.cursor.act(action, ENTRIES.len(), shared.list_rows()),
        }
        true
    }
}
