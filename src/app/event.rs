//! What happens to the state machine.

use std::sync::Arc;

use jiff::Timestamp;

use super::effect::Sequence;
use crate::domain::change::{ApplyStep, Outcome};
use crate::domain::id::OrganizationId;
use crate::domain::inventory::{InventoryPart, PersonSheet, RoleGrant};
use crate::domain::journal::JournalEntry;
use crate::domain::link::Thing;
use crate::domain::manager::Manager;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::review::{ReviewReport, ReviewSettings};
use crate::domain::role::Role;
use crate::domain::session::{ProfileFacts, SessionFacts};
use crate::domain::snapshot::{Comparison, Gap, Snapshot};
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
    /// How far a long reading is; more follows.
    Progress {
        /// Lists read so far.
        done: u64,
        /// Lists known to be read; grows on the way.
        known: u64,
    },
    /// The access review.
    Reviewed(Result<Reviewed, Problem>),
    /// The acceptance is in its file.
    Accepted(Result<(), Problem>),
    /// The day, as in `2026-11-24`.
    Today(String),
    /// What became of writing a file.
    Written(Result<Written, Problem>),
    /// A snapshot, as it was read from its file.
    Snapshot(Result<Arc<Snapshot>, Problem>),
    /// What differs between a snapshot and now.
    Compared(Result<Arc<Compared>, Problem>),
}

/// What differs between a snapshot and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The instance's name, else its issuer.
    pub instance: SafeText,
    /// What came, went and changed.
    pub comparison: Comparison,
    /// The event behind each difference, in the same order; none where the events do not tell.
    pub events: Vec<Option<RoleGrant>>,
    /// Why the events could not be read.
    pub no_events: Option<Problem>,
    /// What could not be read now.
    pub gaps: Vec<Gap>,
}

/// An access review, with what accepting one of its findings needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// What was found.
    pub report: Arc<ReviewReport>,
    /// The instance's name, else its address.
    pub instance: SafeText,
    /// When it was read.
    pub read: Timestamp,
    /// What it was judged by.
    pub settings: ReviewSettings,
    /// Who accepts findings: the user of this machine; empty where that is not known.
    pub author: SafeText,
    /// The file that acceptances are written into.
    pub file: SafeText,
}

/// What became of writing a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was written.
    Done,
    /// It was written, and lacks what these say.
    Partly(Vec<Gap>),
    /// There is one already, and nothing was written.
    IsThere,
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
