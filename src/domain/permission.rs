//! What the signed-in user may do, and why not.

use std::collections::BTreeSet;

use super::level::{Level, Resource};
use super::manager::Membership;
use super::role::{CATALOGUE, Role};
use super::text::SafeText;

/// What can be done to the managers of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManagerAction {
    /// See who they are.
    Read,
    /// Add one, or change the roles of one.
    Write,
    /// Remove one.
    Remove,
}

/// The permission that the server asks for, e.g. `org.member.write`.
pub const fn manager_permission(level: Level, action: ManagerAction) -> &'static str {
    match (level, action) {
        (Level::Instance, ManagerAction::Read) => "iam.member.read",
        (Level::Instance, ManagerAction::Write) => "iam.member.write",
        (Level::Instance, ManagerAction::Remove) => "iam.member.delete",
        (Level::Organization, ManagerAction::Read) => "org.member.read",
        (Level::Organization, ManagerAction::Write) => "org.member.write",
        (Level::Organization, ManagerAction::Remove) => "org.member.delete",
        (Level::Project, ManagerAction::Read) => "project.member.read",
        (Level::Project, ManagerAction::Write) => "project.member.write",
        (Level::Project, ManagerAction::Remove) => "project.member.delete",
        (Level::ProjectGrant, ManagerAction::Read) => "project.grant.member.read",
        (Level::ProjectGrant, ManagerAction::Write) => "project.grant.member.write",
        (Level::ProjectGrant, ManagerAction::Remove) => "project.grant.member.delete",
    }
}

/// Why the owner of a project cannot change the managers of its grants in a 4.x; see
/// [`SessionFacts::grant_writes_judged_elsewhere`](super::session::SessionFacts::grant_writes_judged_elsewhere).
pub fn judged_in_granted(granted: &SafeText) -> SafeText {
    SafeText::new(&format!("The managers of a grant are managed by the granted organization {granted}."))
}

/// What the server lists as the own permissions in one organization; those of project and grant roles carry the
/// object's id, `project.member.write:<projectId>` (recordings `self/permissions-own-org@…`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(BTreeSet<String>);

impl Permissions {
    /// Takes the list of the server.
    pub fn new(listed: impl IntoIterator<Item = String>) -> Self {
        Self(listed.into_iter().collect())
    }

    /// Whether the permission is held for the whole organization.
    pub fn allow(&self, permission: &str) -> bool {
        self.0.contains(permission)
    }

    /// Whether the managers of `resource` may be read, written or removed. In 4.x a grant write can still be refused:
    /// it is judged in the granted organization (CONTRACT.md section 7.4).
    pub fn allow_managers(&self, resource: &Resource, action: ManagerAction) -> bool {
        let permission = manager_permission(resource.level(), action);
        self.allow(permission)
            || match resource {
                Resource::Project { project, .. } => {
                    self.allow(&format!("{permission}:{}", project.as_str()))
                }
                Resource::ProjectGrant { grant, project, .. } => {
                    self.allow(&format!("{permission}:{}", grant.as_str()))
                        || self.allow(&format!("{permission}:{}", project.as_str()))
                }
                Resource::Instance | Resource::Organization(_) => false,
            }
    }
}

/// Why something cannot be done: the permission that lacks, who would have it, and what the own user holds instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPermission {
    /// The permission, e.g. `org.member.read`.
    pub permission: &'static str,
    /// The known roles that carry it by default.
    pub carried_by: Vec<Role>,
    /// All roles that the own user holds, on whatever resource.
    pub held: Vec<Role>,
}

impl MissingPermission {
    /// Explains the lack of `permission` to somebody with these memberships.
    pub fn new(permission: &'static str, memberships: &[Membership]) -> Self {
        Self {
            permission,
            carried_by: CATALOGUE
                .iter()
                .filter(|card| card.permissions.contains(&permission))
                .map(|card| Role::new(card.key))
                .collect(),
            held: super::role::without_doubles(memberships.iter().flat_map(|own| own.roles.iter().cloned())),
        }
    }

    /// Those of the carrying roles that the own user holds, but on another resource.
    pub fn held_elsewhere(&self) -> impl Iterator<Item = &Role> {
        self.carried_by.iter().filter(|role| self.held.contains(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{GrantId, OrganizationId, ProjectId};

    fn portal() -> Resource {
        Resource::Project { organization: OrganizationId::new("100"), project: ProjectId::new("300") }
    }

    #[test]
    fn a_project_permission_counts_for_its_project_only() {
        let permissions = Permissions::new(["project.member.write:300".to_owned()]);
        assert!(permissions.allow_managers(&portal(), ManagerAction::Write));
        assert!(!permissions.allow_managers(&portal(), ManagerAction::Remove));
        let billing =
            Resource::Project { organization: OrganizationId::new("100"), project: ProjectId::new("301") };
        assert!(!permissions.allow_managers(&billing, ManagerAction::Write));
    }

    #[test]
    fn a_grant_permission_counts_by_grant_and_by_project() {
        let grant = Resource::ProjectGrant {
            organization: OrganizationId::new("100"),
            project: ProjectId::new("300"),
            grant: GrantId::new("400"),
            granted: OrganizationId::new("101"),
        };
        for listed in
            ["project.grant.member.read:400", "project.grant.member.read:300", "project.grant.member.read"]
        {
            assert!(
                Permissions::new([listed.to_owned()]).allow_managers(&grant, ManagerAction::Read),
                "{listed}"
            );
        }
    }

    #[test]
    fn an_organization_permission_with_an_object_does_not_count() {
        let globex = Resource::Organization(OrganizationId::new("100"));
        assert!(
            !Permissions::new(["org.member.read:100".to_owned()])
                .allow_managers(&globex, ManagerAction::Read)
        );
    }

    #[test]
    fn a_missing_permission_names_who_carries_it_and_what_is_held_elsewhere() {
        let own = Membership {
            level: Level::Organization,
            resource_id: SafeText::new("100"),
            resource_name: SafeText::new("Globex"),
            organization: Some(OrganizationId::new("100")),
            roles: vec![Role::new("ORG_OWNER"), Role::new("ORG_USER_MANAGER")],
        };
        let missing = MissingPermission::new("org.member.write", &[own]);
        let carriers: Vec<_> = missing.carried_by.iter().map(Role::key).collect();
        assert_eq!(carriers, ["IAM_OWNER", "IAM_ORG_MANAGER", "IAM_LOGIN_CLIENT", "ORG_OWNER"]);
        assert_eq!(missing.held_elsewhere().map(Role::key).collect::<Vec<_>>(), ["ORG_OWNER"]);
    }
}
