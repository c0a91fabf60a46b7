//! What happens to the state machine.

use super::effect::Sequence;
use crate::domain::change::{ApplyStep, Outcome};
use crate::domain::id::OrganizationId;
use crate::domain::inventory::{InventoryPart, PersonSheet};
use crate::domain::journal::JournalEntry;
use crate::domain::link::Thing;
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::role::Role;
use crate::domain::session::{ProfileFacts, SessionFacts};
use crate::domain::text::SafeText;
use crate::domain::user::User;

/// Something that happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this size now.
    Resized {
        /// Cells per row.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// An answer to `Effect::Ask`.
    Answered(Sequence, Box<Answer>),
    /// A change reached this step.
    Applying(Sequence, ApplyStep),
    /// A change ended.
    Applied(Sequence, Box<Outcome>),
    /// Time passed while the state machine waits for it (`wants_tick`), e.g. to take a message away.
    Tick,
}

/// The answer to a `Request`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Signed in, and with which profile.
    SignedIn(Result<(ProfileFacts, SessionFacts), Problem>),
    /// Completions of a path, in order.
    Paths(Vec<String>),
    /// A page of organizations.
    Organizations(Result<Page<Organization>, Problem>),
    /// A page of users.
    Users(Result<Page<User>, Problem>),
    /// All managers.
    Managers(Result<Vec<Manager>, Problem>),
    /// The offered roles, in the order of the server.
    Roles(Result<Vec<Role>, Problem>),
    /// The own permissions.
    Permissions(Result<Permissions, Problem>),
    /// Names of organizations, as far as they could be read.
    OrganizationNames(Vec<(OrganizationId, SafeText)>),
    /// Users by id, as far as they exist and may be read.
    UsersById(Result<Vec<User>, Problem>),
    /// A page of projects.
    Projects(Result<Page<Project>, Problem>),
    /// The grants given of a project.
    ProjectGrants(Result<Vec<ProjectGrant>, Problem>),
    /// The projects received.
    GrantedProjects(Result<Vec<ProjectGrant>, Problem>),
    /// A part of all managers; more follow.
    Inventory(InventoryPart),
    /// All managers were read, but for the parts told as unread; or nothing could be read at all.
    InventoryEnded(Result<(), Problem>),
    /// Everything that a user manages.
    Person(Result<PersonSheet, Problem>),
    /// The journal, newest first.
    History(Result<Vec<JournalEntry>, Problem>),
    /// One manager as it is now; none if the user is not manager there.
    Manager(Result<Option<Manager>, Problem>),
    /// What each text given means: a user, or why none.
    Resolved(Vec<(String, Result<User, Problem>)>),
    /// What a name means.
    Thing(Result<Thing, Problem>),
}

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With ctrl.
    pub ctrl: bool,
    /// With alt.
    pub alt: bool,
}

/// The keys that the program tells apart; shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A printable character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}
