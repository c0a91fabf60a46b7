//! The facts of a signed-in state that screens and rules need.

use jiff::Timestamp;

use super::change::Change;
use super::id::{OrganizationId, UserId};
use super::level::{Level, Resource};
use super::manager::Membership;
use super::permission::{ManagerAction, MissingPermission, manager_permission};
use super::role::{CATALOGUE, Role, without_doubles};
use super::text::SafeText;

/// Who is signed in, where, and what the server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// The issuer, e.g. `https://auth.example.com`.
    pub issuer: SafeText,
    /// The server's version, e.g. `v4.15.0`; only who has `iam.read` is told.
    pub version: Option<SafeText>,
    /// The instance's name; only who has `iam.read` is told.
    pub instance_name: Option<SafeText>,
    /// The organization in which the server keeps its own project.
    pub default_organization: Option<OrganizationId>,
    /// Who we are.
    pub identity: Identity,
    /// Everything the own user manages.
    pub memberships: Vec<Membership>,
    /// What the server can do.
    pub capabilities: Capabilities,
    /// Through which services managers are listed and written.
    pub administrators: Administrators,
    /// When the token ends; none for a personal access token, whose end the server does not tell.
    pub token_expires: Option<Timestamp>,
    /// What the operator should know but need not act on, e.g. that the issuer differs from the URL.
    pub notices: Vec<SafeText>,
}

impl SessionFacts {
    /// Whether an instance role carries this permission by default, so that it counts everywhere.
    pub fn instance_role_allows(&self, permission: &str) -> bool {
        self.a_role_allows(permission, |own| own.level == Level::Instance)
    }

    /// The same facts as they would be once `plan` is done: what it takes from the signed-in user does not count.
    #[must_use]
    pub fn after(&self, plan: &[Change]) -> Self {
        let mut after = self.clone();
        for change in plan.iter().filter(|change| change.user.id == self.identity.user) {
            for own in after.memberships.iter_mut().filter(|own| own.is_on(&change.resource)) {
                own.roles.clone_from(&change.after);
            }
        }
        after
    }

    /// Whether a membership on a higher level than `resource` carries this permission by default: the instance for
    /// all others, the owning organization for its projects and grants.
    pub fn allowed_from_above(&self, resource: &Resource, permission: &str) -> bool {
        self.a_role_allows(permission, |own| match own.level {
            Level::Instance => resource.level() != Level::Instance,
            Level::Organization => {
                resource.level() > Level::Organization && own.organization.as_ref() == resource.organization()
            }
            Level::Project | Level::ProjectGrant => false,
        })
    }

    /// Whether the server shows the own user all managers of a resource, by the known roles. It shows the own rows on
    /// any resource (CONTRACT.md section 8.1), so that a row proves nothing about the others.
    pub fn reads_managers(&self, resource: &Resource) -> bool {
        let permission = manager_permission(resource.level(), ManagerAction::Read);
        let here = |own: &Membership| {
            own.is_on(resource)
                || match (own.level, resource) {
                    (Level::Organization, Resource::ProjectGrant { granted, .. }) => {
                        own.organization.as_ref() == Some(granted)
                    }
                    (Level::Project, Resource::ProjectGrant { project, .. }) => {
                        own.resource_id.as_str() == project.as_str()
                    }
                    _ => false,
                }
        };
        self.allowed_from_above(resource, permission) || self.a_role_allows(permission, here)
    }

    /// Whether the server may show the own user the users whose home this organization is. Who holds the permission
    /// by a project or a grant sees them when asking for this organization (CONTRACT.md section 11).
    pub fn may_read_users_of(&self, organization: &OrganizationId) -> bool {
        self.may_allow("user.read", |own| match own.level {
            Level::Instance => true,
            Level::Organization | Level::Project => own.organization.as_ref() == Some(organization),
            // A membership does not tell the granted organization; mostly it is the own one.
            Level::ProjectGrant => {
                own.organization.as_ref() == Some(organization) || self.identity.organization == *organization
            }
        })
    }

    /// Whether the own roles of this level carry a permission by default, or one of them is not known, so that only
    /// the server can tell.
    fn may_allow(&self, permission: &str, counts: impl Fn(&Membership) -> bool) -> bool {
        let carries = |role: &Role| role.card().is_none_or(|card| card.permissions.contains(&permission));
        self.memberships.iter().filter(|own| counts(own)).flat_map(|own| &own.roles).any(carries)
    }

    /// Whether the server refuses changes of these managers although the list of the own permissions holds the
    /// permission: since 4.0 the managers of a project grant are judged in the granted organization, so that the
    /// owner of the project sees but cannot change them (CONTRACT.md section 7.4, recordings
    /// `members.grant/add@globex-admin`, `members.grant/add@portal-admin`). Screens say it before the change with
    /// [`judged_in_granted`](super::permission::judged_in_granted).
    pub fn grant_writes_judged_elsewhere(&self, resource: &Resource) -> bool {
        let Resource::ProjectGrant { organization, project, grant, granted } = resource else { return false };
        let write = manager_permission(Level::ProjectGrant, ManagerAction::Write);
        let counts = |own: &Membership| match own.level {
            Level::Instance => true,
            Level::Organization => own.organization.as_ref() == Some(granted),
            Level::Project => false,
            Level::ProjectGrant => own.resource_id.as_str() == grant.as_str(),
        };
        let listed = |own: &Membership| match own.level {
            Level::Organization => own.organization.as_ref() == Some(organization),
            Level::Project => own.resource_id.as_str() == project.as_str(),
            Level::Instance | Level::ProjectGrant => false,
        };
        self.capabilities.is_version_4() && !self.may_allow(write, counts) && self.may_allow(write, listed)
    }

    /// Whether to call about a project grant in the name of the granted organization: since 4.0 who has rights only
    /// there is refused otherwise, and who has rights only in the granting one is refused with it (CONTRACT.md section
    /// 7.4). Means nothing on other levels.
    pub fn acts_as_granted(&self, resource: &Resource) -> bool {
        let Resource::ProjectGrant { granted, .. } = resource else { return false };
        let needs = manager_permission(Level::ProjectGrant, ManagerAction::Read);
        self.a_role_allows(needs, |own| {
            own.level == Level::Organization && own.organization.as_ref() == Some(granted)
        })
    }

    fn a_role_allows(&self, permission: &str, counts: impl Fn(&Membership) -> bool) -> bool {
        self.memberships
            .iter()
            .filter(|own| counts(own))
            .flat_map(|own| &own.roles)
            .filter_map(Role::card)
            .any(|card| card.permissions.contains(&permission))
    }

    /// The roles that the server takes on a resource: those on offer, and on projects of the default organization, where
    /// it hides some, all that we know for projects (CONTRACT.md section 9).
    pub fn taken(&self, resource: &Resource, offered: Vec<Role>) -> Vec<Role> {
        let level = resource.level();
        if level != Level::Project || resource.organization() != self.default_organization.as_ref() {
            return offered;
        }
        let known = CATALOGUE.iter().filter(|card| card.level == level).map(|card| Role::new(card.key));
        without_doubles(offered.into_iter().chain(known))
    }

    /// Explains the lack of `permission`.
    pub fn missing(&self, permission: &'static str) -> MissingPermission {
        MissingPermission::new(permission, &self.memberships)
    }
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub user: UserId,
    /// Its home organization.
    pub organization: OrganizationId,
    /// Its preferred login name.
    pub login_name: SafeText,
    /// Its name.
    pub display_name: SafeText,
}

/// What the server can do, found by asking, never by its version text (CONTRACT.md section 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent yes or no of the server")]
pub struct Capabilities {
    /// `zitadel.internal_permission.v2.InternalPermissionService` answers.
    pub administrators_v2: bool,
    /// `zitadel.internal_permission.v2beta.InternalPermissionService` answers.
    pub administrators_v2beta: bool,
    /// `POST /v2/organizations/_search` answers.
    pub organizations_v2: bool,
    /// `POST /v2/users` answers.
    pub users_v2: bool,
}

impl Capabilities {
    /// Whether this is a 4.x: managers of all levels are known to one service since 4.0 (CONTRACT.md section 8).
    pub const fn is_version_4(&self) -> bool {
        self.administrators_v2 || self.administrators_v2beta
    }
}

/// The Connect services that know managers of all levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdministratorService {
    /// The one of 4.5 and later.
    V2,
    /// The same of 4.0 and later; it knows fewer filters, and two of them crash a 4.3 (CONTRACT.md section 8.2).
    V2Beta,
}

impl AdministratorService {
    /// The full name, as in the path of a call.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2 => "zitadel.internal_permission.v2.InternalPermissionService",
            Self::V2Beta => "zitadel.internal_permission.v2beta.InternalPermissionService",
        }
    }
}

/// Through which services a session lists all managers and writes them; none means v1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Administrators {
    /// For the list over all levels.
    pub list: Option<AdministratorService>,
    /// For writes.
    pub write: Option<AdministratorService>,
}

/// How a profile looks and what it forbids, as far as screens need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFacts {
    /// The profile's name.
    pub name: SafeText,
    /// The URL as the operator gave it.
    pub url: SafeText,
    /// The name of its colour, e.g. `red`.
    pub colour: Option<SafeText>,
    /// Nothing may be written.
    pub read_only: bool,
    /// Every write asks for the typed name of the resource.
    pub protected: bool,
    /// The configuration file has it, so that `--profile` finds it.
    pub stored: bool,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, ProjectId};

    fn facts(version_4: bool, own: &[(Level, &str, &str)]) -> SessionFacts {
        let membership = |&(level, id, role): &(Level, &str, &str)| Membership {
            level,
            resource_id: id.into(),
            resource_name: "x".into(),
            organization: match level {
                Level::Instance => None,
                Level::Organization => Some(OrganizationId::new(id)),
                Level::Project | Level::ProjectGrant => Some(OrganizationId::new("2")),
            },
            roles: vec![Role::new(role)],
        };
        SessionFacts {
            issuer: "https://auth.example.com".into(),
            version: None,
            instance_name: None,
            default_organization: None,
            identity: Identity {
                user: UserId::new("1"),
                organization: OrganizationId::new("1"),
                login_name: "me".into(),
                display_name: "Me".into(),
            },
            memberships: own.iter().map(membership).collect(),
            capabilities: Capabilities { administrators_v2beta: version_4, ..Capabilities::default() },
            administrators: Administrators::default(),
            token_expires: None,
            notices: Vec::new(),
        }
    }

    #[rstest]
    #[case::instance(&[(Level::Instance, "", "IAM_OWNER_VIEWER")], [true, true, true, true])]
    #[case::manager_of_organizations(&[(Level::Instance, "", "IAM_ORG_MANAGER")], [false, true, true, true])]
    #[case::organization(&[(Level::Organization, "2", "ORG_OWNER")], [false, true, true, true])]
    #[case::its_users_only(&[(Level::Organization, "2", "ORG_USER_MANAGER")], [false, false, false, false])]
    #[case::receiver(&[(Level::Organization, "3", "ORG_OWNER")], [false, false, false, true])]
    #[case::project(&[(Level::Project, "7", "PROJECT_OWNER")], [false, false, true, true])]
    #[case::project_without_grants(&[(Level::Project, "7", "PROJECT_OWNER_GLOBAL")], [false, false, true, false])]
    #[case::grant(&[(Level::ProjectGrant, "8", "PROJECT_GRANT_OWNER")], [false, false, false, true])]
    #[case::elsewhere(&[(Level::ProjectGrant, "9", "PROJECT_GRANT_OWNER")], [false, false, false, false])]
    fn managers_are_seen_by_roles_that_carry_it(
        #[case] own: &[(Level, &str, &str)],
        #[case] seen: [bool; 4],
    ) {
        let (organization, project) = (OrganizationId::new("2"), ProjectId::new("7"));
        let resources = [
            Resource::Instance,
            Resource::Organization(organization.clone()),
            Resource::Project { organization: organization.clone(), project: project.clone() },
            Resource::ProjectGrant {
                organization,
                project,
                grant: GrantId::new("8"),
                granted: OrganizationId::new("3"),
            },
        ];
        let facts = facts(true, own);
        assert_eq!(resources.map(|resource| facts.reads_managers(&resource)), seen);
    }

    #[rstest]
    #[case::owner_of_the_granting(&[(Level::Organization, "2", "ORG_OWNER")], true)]
    #[case::owner_of_the_project(&[(Level::Project, "7", "PROJECT_OWNER")], true)]
    #[case::role_of_their_own_there(&[(Level::Organization, "2", "ORG_OF_OURS")], true)]
    #[case::owner_of_both(&[(Level::Organization, "2", "ORG_OWNER"), (Level::Organization, "3", "ORG_OWNER")], false)]
    #[case::and_of_the_grant(&[(Level::Project, "7", "PROJECT_OWNER"), (Level::ProjectGrant, "8", "PROJECT_GRANT_OWNER")], false)]
    #[case::and_of_another_grant(&[(Level::Project, "7", "PROJECT_OWNER"), (Level::ProjectGrant, "9", "PROJECT_GRANT_OWNER")], true)]
    #[case::and_viewer_of_the_granted(&[(Level::Organization, "2", "ORG_OWNER"), (Level::Organization, "3", "ORG_OWNER_VIEWER")], true)]
    #[case::and_unknown_role_in_the_granted(&[(Level::Organization, "2", "ORG_OWNER"), (Level::Organization, "3", "ORG_OF_OURS")], false)]
    #[case::and_the_instance(&[(Level::Organization, "2", "ORG_OWNER"), (Level::Instance, "", "IAM_ORG_MANAGER")], false)]
    #[case::and_reader_of_the_instance(&[(Level::Organization, "2", "ORG_OWNER"), (Level::Instance, "", "IAM_OWNER_VIEWER")], true)]
    #[case::only_the_granted(&[(Level::Organization, "3", "ORG_OWNER")], false)]
    #[case::nothing_that_could_write(&[(Level::Organization, "2", "ORG_OWNER_VIEWER")], false)]
    fn a_version_4_judges_grants_where_they_were_given(
        #[case] own: &[(Level, &str, &str)],
        #[case] elsewhere: bool,
    ) {
        let grant = Resource::ProjectGrant {
            organization: OrganizationId::new("2"),
            project: ProjectId::new("7"),
            grant: GrantId::new("8"),
            granted: OrganizationId::new("3"),
        };
        assert_eq!(facts(true, own).grant_writes_judged_elsewhere(&grant), elsewhere);
        assert!(!facts(false, own).grant_writes_judged_elsewhere(&grant), "a 2.x judges by the header");
        let project =
            Resource::Project { organization: OrganizationId::new("2"), project: ProjectId::new("7") };
        assert!(!facts(true, own).grant_writes_judged_elsewhere(&project));
    }

    #[rstest]
    #[case::owner_of_the_granted("3", "ORG_OWNER", true)]
    #[case::owner_of_the_granting("2", "ORG_OWNER", false)]
    #[case::without_rights_there("3", "ORG_USER_MANAGER", false)]
    fn grants_are_managed_in_the_name_of_who_may(
        #[case] own: &str,
        #[case] role: &str,
        #[case] expected: bool,
    ) {
        let resource = Resource::ProjectGrant {
            organization: OrganizationId::new("2"),
            project: ProjectId::new("7"),
            grant: GrantId::new("8"),
            granted: OrganizationId::new("3"),
        };
        let facts = facts(true, &[(Level::Organization, own, role)]);
        assert_eq!(facts.acts_as_granted(&resource), expected);
    }
}
