//! What the state machine wants done outside of it.

use std::time::Duration;

use super::event::Reviewed;
use crate::domain::change::Change;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::link::Named;
use crate::domain::project::Project;
use crate::domain::query::{OrganizationQuery, UserQuery};
use crate::domain::review::acceptance::Acceptance;
use crate::domain::text::SafeText;

/// Numbers every effect that answers; an answer counts only while its number is the one still waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence(pub u64);

/// One place in which at most one request is under way: a newer one cancels the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// Signing in.
    SignIn,
    /// Completing a path in the sign-in form.
    Paths,
    /// The organizations list.
    Organizations,
    /// Users by names, or all.
    UserNames,
    /// Users by login names.
    UserLogins,
    /// Service users by their names.
    ServiceNames,
    /// The managers of the shown resource.
    Managers,
    /// The managers of a resource of a review, one of several read beside each other.
    PlanManagers(u8),
    /// The roles that the shown resource offers.
    Roles,
    /// The own permissions in the shown organization.
    Permissions,
    /// Names of organizations that rows refer to.
    OrganizationNames,
    /// States of users that rows refer to.
    UserStates,
    /// The projects of the shown organization.
    Projects,
    /// The grants given of the shown project.
    ProjectGrants,
    /// The projects that the shown organization received.
    GrantedProjects,
    /// All managers of the instance.
    Inventory,
    /// What a user manages, for the person sheet.
    Person,
    /// Who a user is, for the person sheet.
    PersonUser,
    /// The journal.
    History,
    /// One manager as it is now, before a change is taken back.
    Manager,
    /// Users meant by pasted lines.
    Resolve,
    /// The one thing meant by a link.
    Thing,
    /// The access review.
    AccessReview,
    /// Reading or writing a file that the operator named.
    File,
}

/// A wish of the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask after a delay; cancels what is under way in the slot. Answered by `Event::Answered`, in several parts where
    /// the request says so.
    Ask {
        /// The place of the request.
        slot: Slot,
        /// Comes back with the answer.
        sequence: Sequence,
        /// Debounce.
        after: Duration,
        /// What to ask.
        request: Request,
    },
    /// Cancel what is under way in the slot.
    Forget(Slot),
    /// Write a change. Never cancelled, never repeated. Answered by `Event::Applying` and `Event::Applied`.
    Apply {
        /// Comes back with the outcome.
        sequence: Sequence,
        /// The change.
        change: Change,
        /// The journal entry that it takes back.
        undoes: Option<SafeText>,
    },
    /// Put text on the terminal's clipboard (OSC 52).
    Copy(String),
    /// Open a page of the console in the browser.
    Open(String),
    /// Suspend the program as ctrl-z does.
    Suspend,
    /// Leave the program once writes under way have ended.
    Quit,
}

/// A question to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Sign in.
    SignIn(SignInTarget),
    /// Files and folders that a typed path could mean.
    Paths(String),
    /// One page of organizations.
    Organizations(OrganizationQuery),
    /// One page of users.
    Users(UserQuery),
    /// All managers of a resource.
    Managers(Resource),
    /// The roles that the server offers on a resource.
    Roles(Resource),
    /// The own permissions in an organization.
    Permissions(OrganizationId),
    /// The names of organizations.
    OrganizationNames(Vec<OrganizationId>),
    /// Users by id, for their states.
    UsersById(Vec<UserId>),
    /// One page of the projects of an organization, by name.
    Projects {
        /// The owner.
        organization: OrganizationId,
        /// Part of the name; empty for all.
        text: String,
        /// Rows to pass over.
        offset: u64,
        /// Rows wanted, 1 to 1000.
        limit: u32,
    },
    /// The grants given of a project.
    ProjectGrants(Project),
    /// The projects that an organization received.
    GrantedProjects(OrganizationId),
    /// All managers; answered in parts, the last of them `Answer::InventoryEnded`.
    Inventory,
    /// Everything that a user manages.
    Person(UserId),
    /// The journal, newest first.
    History,
    /// One manager as it is now.
    Manager(Resource, UserId),
    /// The users meant by these ids, login names or e-mail addresses.
    ResolveUsers(Vec<String>),
    /// The one thing of this kind with this name.
    Thing(Named, String),
    /// All managers judged by the rules of the access review; answered in parts, the last of them `Answer::Reviewed`.
    AccessReview,
    /// Write into the file of acceptances that a finding is accepted.
    Accept {
        /// The acceptance.
        acceptance: Box<Acceptance>,
        /// What it is about, for who reads the file.
        comment: String,
    },
    /// Write a review into a file, in the format that its ending names.
    ExportReview(Box<Reviewed>, FileWish),
    /// Write managers, and what could not be read of them, into a file, in the format that its ending names.
    ExportManagers(Vec<ManagerRecord>, Vec<UnreadPart>, FileWish),
    /// Which day it is.
    Today,
    /// Read a snapshot of all managers from the file with this path.
    OpenSnapshot(String),
    /// Read all managers and write them into a file; answered in parts, the last of them `Answer::Written`.
    SaveSnapshot(FileWish),
    /// Compare the snapshot in the file with this path with all managers as they are now; answered in parts, the last
    /// of them `Answer::Compared`.
    CompareSnapshot(String),
}

/// Where to write a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWish {
    /// The path as typed.
    pub path: String,
    /// Whether a file that is there may be replaced: the operator was asked.
    pub replace: bool,
}

/// Where to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInTarget {
    /// The profile at this place of the list given at the start.
    Profile(usize),
    /// What was typed.
    Typed {
        /// The URL of the instance.
        url: String,
        /// The path of the key file.
        key_file: String,
    },
    /// A demo instance, started for this.
    Demo,
}
