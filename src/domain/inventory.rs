//! All managers of an instance as one list, and what could not be read of it.

use jiff::Timestamp;

use super::id::UserId;
use super::level::Resource;
use super::manager::Manager;
use super::problem::Problem;
use super::role::Role;
use super::text::SafeText;

/// One manager of one resource, with the names that a list over all levels needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerRecord {
    /// The manager.
    pub manager: Manager,
    /// The name of the resource: the instance's, the organization's, the project's, or `Portal → Initech`.
    pub resource_name: SafeText,
    /// The name of the organization that owns the resource; empty for the instance.
    pub organization_name: SafeText,
}

/// What arrives while all managers are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryPart {
    /// More rows.
    Rows(Vec<ManagerRecord>),
    /// Names or kinds that rows sent before lacked, by user; v2 leaves the names of service users out.
    Users(Vec<super::user::User>),
    /// How far it is: lists or pages read, of how many known so far.
    Progress {
        /// Read so far.
        done: u64,
        /// Known to be read; grows while projects and grants are found.
        known: u64,
    },
    /// A part that could not be read, and why.
    Unread(UnreadPart),
}

/// A part of the inventory that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPart {
    /// What: the managers of this resource; none where a whole list failed.
    pub resource: Option<Resource>,
    /// What to call it, e.g. `managers of Globex` or `projects of Globex`.
    pub name: SafeText,
    /// Why.
    pub problem: Problem,
}

/// Everything that one user manages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSheet {
    /// Its memberships over all levels, in the order of the levels.
    pub records: Vec<ManagerRecord>,
    /// What could not be read.
    pub unread: Vec<UnreadPart>,
    /// Who gave which role when, newest first; or why that cannot be told.
    pub grants: Result<Vec<RoleGrant>, Problem>,
}

/// One event of a membership: who gave or took roles, and when (CONTRACT.md section 14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// On what.
    pub resource: GrantedOn,
    /// Whose membership.
    pub user: UserId,
    /// The roles afterwards; none after a removal.
    pub roles: Option<Vec<Role>>,
    /// When.
    pub time: Timestamp,
    /// By whom: a name, or a service of the server.
    pub editor: SafeText,
    /// The editor's id; empty for the server itself.
    pub editor_id: SafeText,
}

/// The resource of an event; events of grants name project and grant, not the receiving organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GrantedOn {
    /// The level.
    pub level: super::level::Level,
    /// The id of the organization, project or grant; empty for the instance.
    pub id: SafeText,
}

impl GrantedOn {
    /// The same for a resource.
    pub fn of(resource: &Resource) -> Self {
        let id = match resource {
            Resource::Instance => "",
            Resource::Organization(organization) => organization.as_str(),
            Resource::Project { project, .. } => project.as_str(),
            Resource::ProjectGrant { grant, .. } => grant.as_str(),
        };
        Self { level: resource.level(), id: SafeText::new(id) }
    }
}
