//! Managers: users together with the roles they hold on one resource.

use jiff::Timestamp;

use super::id::{OrganizationId, UserId};
use super::level::{Level, Resource};
use super::role::Role;
use super::text::SafeText;
use super::user::UserKind;

/// One manager of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// Who.
    pub user: ManagerUser,
    /// On what.
    pub resource: Resource,
    /// With which roles, in the order of the server, without doubles; may be empty on the instance
    /// (recording `members.instance/add-no-roles`).
    pub roles: Vec<Role>,
    /// When it became manager.
    pub created: Option<Timestamp>,
    /// When its roles last changed.
    pub changed: Option<Timestamp>,
}

impl Manager {
    /// Where it stands in a list of managers of one resource: by login name.
    pub fn place_in_list(&self) -> (String, UserId) {
        (self.user.login_name.as_str().to_lowercase(), self.user.id.clone())
    }
}

/// The user of a manager row. The server does not tell its state here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerUser {
    /// The user.
    pub id: UserId,
    /// The home organization, where the server tells it.
    pub organization: Option<OrganizationId>,
    /// Person or machine.
    pub kind: UserKind,
    /// The preferred login name.
    pub login_name: SafeText,
    /// The display name; v2 leaves it out for service users.
    pub display_name: SafeText,
    /// A person's e-mail address.
    pub email: Option<SafeText>,
}

impl ManagerUser {
    /// What to call this user: the display name, else the login name, else the id.
    pub fn title(&self) -> SafeText {
        self.display_name.or(&self.login_name).or(&SafeText::new(self.id.as_str()))
    }

    /// Takes what the row lacked from a look-up of the user.
    pub fn learn(&mut self, user: &super::user::User) {
        if self.kind == UserKind::Unknown {
            self.kind = user.kind;
        }
        self.organization.get_or_insert_with(|| user.organization.clone());
        self.login_name = self.login_name.or(&user.login_name);
        self.display_name = self.display_name.or(&user.display_name);
        if self.email.is_none() {
            self.email.clone_from(&user.email);
        }
    }
}

impl From<&super::user::User> for ManagerUser {
    fn from(user: &super::user::User) -> Self {
        Self {
            id: user.id.clone(),
            organization: Some(user.organization.clone()),
            kind: user.kind,
            login_name: user.login_name.clone(),
            display_name: user.display_name.clone(),
            email: user.email.clone(),
        }
    }
}

/// One membership of the signed-in user, as it lists its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The level.
    pub level: Level,
    /// The id of the organization, project or grant; empty for the instance.
    pub resource_id: SafeText,
    /// The name of the resource.
    pub resource_name: SafeText,
    /// The organization that owns the resource; none for the instance.
    pub organization: Option<OrganizationId>,
    /// The roles held there.
    pub roles: Vec<Role>,
}

impl Membership {
    /// Whether it is on this resource.
    pub fn is_on(&self, resource: &Resource) -> bool {
        let id = match resource {
            Resource::Instance => return self.level == Level::Instance,
            Resource::Organization(organization) => organization.as_str(),
            Resource::Project { project, .. } => project.as_str(),
            Resource::ProjectGrant { grant, .. } => grant.as_str(),
        };
        self.level == resource.level() && self.resource_id.as_str() == id
    }
}
