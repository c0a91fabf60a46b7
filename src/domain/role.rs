//! Manager roles: the open set of role keys, and the catalogue of those we can explain.

use std::fmt;

use super::level::Level;

/// A manager role as the server spells it, e.g. `ORG_OWNER`. Operators may define further ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Role(String);

impl Role {
    /// Takes the key exactly as the server or the operator gave it.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The raw key, for requests. Use `Display` for people: it escapes control characters.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// The card of this role, if it is one of the known ones.
    pub fn card(&self) -> Option<&'static RoleCard> {
        CATALOGUE.iter().find(|card| card.key == self.0)
    }

    /// The level that the key's prefix names (the server checks no more than this prefix).
    pub fn level(&self) -> Option<Level> {
        if self.0.starts_with("PROJECT_GRANT_") {
            Some(Level::ProjectGrant)
        } else if self.0.starts_with("PROJECT_") {
            Some(Level::Project)
        } else if self.0.starts_with("IAM_") {
            Some(Level::Instance)
        } else if self.0.starts_with("ORG_") || self.0 == "SELF_MANAGEMENT_GLOBAL" {
            Some(Level::Organization)
        } else {
            None
        }
    }

    /// Whether a holder can change something; one that we do not know may do anything.
    pub fn may_change(&self) -> bool {
        self.card().is_none_or(|card| !card.only_reads())
    }

    /// Whether this role lets its holder make others manager at any level.
    pub fn makes_managers(&self) -> bool {
        self.card().is_some_and(|card| !card.makes_managers_of.is_empty())
    }

    /// Whether this is the owner role of its level, the one whose last holder must not be lost.
    pub fn is_owner_of(&self, level: Level) -> bool {
        self.0 == owner_role(level)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::text::SafeText::new(&self.0).as_str())
    }
}

/// Removes doubled roles and keeps the order: Connect refuses doubles, v1 stores them (CONTRACT.md section 7).
pub fn without_doubles(roles: impl IntoIterator<Item = Role>) -> Vec<Role> {
    let mut kept: Vec<Role> = Vec::new();
    for role in roles {
        if !kept.contains(&role) {
            kept.push(role);
        }
    }
    kept
}

/// Whether two role lists hold the same roles, whatever their order and doubles.
pub fn same_roles(left: &[Role], right: &[Role]) -> bool {
    left.iter().all(|role| right.contains(role)) && right.iter().all(|role| left.contains(role))
}

/// The key of the role that owns a resource of this level.
pub const fn owner_role(level: Level) -> &'static str {
    match level {
        Level::Instance => "IAM_OWNER",
        Level::Organization => "ORG_OWNER",
        Level::Project => "PROJECT_OWNER",
        Level::ProjectGrant => "PROJECT_GRANT_OWNER",
    }
}

/// What we can say about one role in our own words. Facts: CONTRACT.md section 9.
#[derive(Debug)]
pub struct RoleCard {
    /// The role's key.
    pub key: &'static str,
    /// Where it can be given.
    pub level: Level,
    /// One sentence for people.
    pub summary: &'static str,
    /// The levels at which a holder can make others manager.
    pub makes_managers_of: &'static [Level],
    /// Whether a holder can act in another user's name.
    pub impersonates: bool,
    /// The permissions that matter to zitui; server defaults, an operator can have changed them.
    pub permissions: &'static [&'static str],
    /// Roles with less power that may do, each with what it covers.
    pub smaller: &'static [(&'static str, &'static str)],
}

impl RoleCard {
    /// Whether a holder sees but changes nothing; the server names such roles viewers.
    pub fn only_reads(&self) -> bool {
        self.key.contains("_VIEWER")
    }
}

const ALL: &[Level] = &[Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant];
const BELOW_INSTANCE: &[Level] = &[Level::Organization, Level::Project, Level::ProjectGrant];
const BELOW_ORGANIZATION: &[Level] = &[Level::Project, Level::ProjectGrant];

/// The known roles, in the order in which the server lists them per level (recordings `members.*/roles`).
pub const CATALOGUE: &[RoleCard] = &[
    RoleCard {
        key: "IAM_OWNER",
        level: Level::Instance,
        summary: "Full control of the whole instance: every organization, user, project and setting",
        makes_managers_of: ALL,
        impersonates: false,
        permissions: &[
            "iam.read",
            "iam.member.read",
            "iam.member.write",
            "iam.member.delete",
            "org.read",
            "org.create",
            "org.member.read",
            "org.member.write",
            "org.member.delete",
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.member.write",
            "project.member.delete",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "project.grant.member.delete",
            "user.read",
            "user.global.read",
            "user.membership.read",
            "events.read",
        ],
        smaller: &[
            ("IAM_ORG_MANAGER", "organizations only, no instance settings"),
            ("IAM_USER_MANAGER", "users only"),
            ("IAM_OWNER_VIEWER", "reads everything, changes nothing"),
        ],
    },
    RoleCard {
        key: "IAM_OWNER_VIEWER",
        level: Level::Instance,
        summary: "Reads everything on the instance, changes nothing",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "iam.read",
            "iam.member.read",
            "org.read",
            "org.member.read",
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
            "user.membership.read",
            "events.read",
        ],
        smaller: &[("ORG_OWNER_VIEWER", "reads one organization")],
    },
    RoleCard {
        key: "IAM_ORG_MANAGER",
        level: Level::Instance,
        summary: "Manages all organizations with their users and projects, not the instance itself",
        makes_managers_of: BELOW_INSTANCE,
        impersonates: false,
        permissions: &[
            "org.read",
            "org.create",
            "org.member.read",
            "org.member.write",
            "org.member.delete",
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.member.write",
            "project.member.delete",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "project.grant.member.delete",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[("ORG_OWNER", "one organization"), ("IAM_USER_MANAGER", "users only")],
    },
    RoleCard {
        key: "IAM_USER_MANAGER",
        level: Level::Instance,
        summary: "Manages the users of all organizations; sees managers and may remove those of organizations",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "org.read",
            "org.member.read",
            "org.member.delete",
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[("ORG_USER_MANAGER", "users of one organization")],
    },
    RoleCard {
        key: "IAM_ADMIN_IMPERSONATOR",
        level: Level::Instance,
        summary: "Acts in the name of any administrator and end user of the instance",
        makes_managers_of: &[],
        impersonates: true,
        permissions: &[],
        smaller: &[
            ("IAM_END_USER_IMPERSONATOR", "end users only"),
            ("ORG_ADMIN_IMPERSONATOR", "one organization"),
        ],
    },
    RoleCard {
        key: "IAM_END_USER_IMPERSONATOR",
        level: Level::Instance,
        summary: "Acts in the name of any end user of the instance",
        makes_managers_of: &[],
        impersonates: true,
        permissions: &[],
        smaller: &[("ORG_END_USER_IMPERSONATOR", "one organization")],
    },
    RoleCard {
        key: "IAM_LOGIN_CLIENT",
        level: Level::Instance,
        summary: "For the login application only: reads users, handles sessions, and can make anybody manager",
        makes_managers_of: ALL,
        impersonates: false,
        permissions: &[
            "iam.read",
            "iam.member.read",
            "iam.member.write",
            "org.read",
            "org.member.read",
            "org.member.write",
            "project.read",
            "project.member.read",
            "project.member.write",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "user.read",
            "user.membership.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_OWNER",
        level: Level::Organization,
        summary: "Full control of this organization, its users, projects and settings",
        makes_managers_of: BELOW_INSTANCE,
        impersonates: false,
        permissions: &[
            "org.read",
            "org.member.read",
            "org.member.write",
            "org.member.delete",
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.member.write",
            "project.member.delete",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "project.grant.member.delete",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[
            ("ORG_USER_MANAGER", "users only"),
            ("ORG_SETTINGS_MANAGER", "settings"),
            ("ORG_OWNER_VIEWER", "reads, changes nothing"),
        ],
    },
    RoleCard {
        key: "ORG_USER_MANAGER",
        level: Level::Organization,
        summary: "Manages the users of this organization and what they may use",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &["org.read", "project.read", "user.read", "user.global.read", "user.membership.read"],
        smaller: &[("ORG_USER_PERMISSION_EDITOR", "only what users may use")],
    },
    RoleCard {
        key: "ORG_OWNER_VIEWER",
        level: Level::Organization,
        summary: "Reads everything in this organization, changes nothing",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "org.read",
            "org.member.read",
            "project.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_SETTINGS_MANAGER",
        level: Level::Organization,
        summary: "Changes the settings of this organization and sees its managers",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &["org.read", "org.member.read"],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_USER_PERMISSION_EDITOR",
        level: Level::Organization,
        summary: "Gives users of this organization their project roles",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "org.read",
            "org.member.read",
            "project.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_PROJECT_PERMISSION_EDITOR",
        level: Level::Organization,
        summary: "Lends projects of this organization to others and sees who manages them",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "org.read",
            "org.member.read",
            "project.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_PROJECT_CREATOR",
        level: Level::Organization,
        summary: "Creates projects in this organization",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &["user.global.read"],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_ADMIN_IMPERSONATOR",
        level: Level::Organization,
        summary: "Acts in the name of any administrator and end user of this organization",
        makes_managers_of: &[],
        impersonates: true,
        permissions: &[],
        smaller: &[("ORG_END_USER_IMPERSONATOR", "end users only")],
    },
    RoleCard {
        key: "ORG_END_USER_IMPERSONATOR",
        level: Level::Organization,
        summary: "Acts in the name of any end user of this organization",
        makes_managers_of: &[],
        impersonates: true,
        permissions: &[],
        smaller: &[],
    },
    RoleCard {
        key: "ORG_USER_SELF_MANAGER",
        level: Level::Organization,
        summary: "Manages nothing but the own user",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[],
        smaller: &[],
    },
    RoleCard {
        key: "SELF_MANAGEMENT_GLOBAL",
        level: Level::Organization,
        summary: "For users who registered themselves: manages the own user and may create organizations",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &["org.create"],
        smaller: &[],
    },
    RoleCard {
        key: "PROJECT_OWNER",
        level: Level::Project,
        summary: "Full control of this project, its applications and grants",
        makes_managers_of: BELOW_ORGANIZATION,
        impersonates: false,
        permissions: &[
            "project.read",
            "project.app.read",
            "project.member.read",
            "project.member.write",
            "project.member.delete",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "project.grant.member.delete",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[("PROJECT_OWNER_VIEWER", "reads, changes nothing")],
    },
    RoleCard {
        key: "PROJECT_OWNER_VIEWER",
        level: Level::Project,
        summary: "Reads everything in this project, changes nothing",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "project.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "PROJECT_OWNER_GLOBAL",
        level: Level::Project,
        summary: "Full control of this project, without its grants; meant for the default organization",
        makes_managers_of: &[Level::Project],
        impersonates: false,
        permissions: &[
            "project.read",
            "project.member.read",
            "project.member.write",
            "project.member.delete",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[("PROJECT_OWNER_VIEWER_GLOBAL", "reads, changes nothing")],
    },
    RoleCard {
        key: "PROJECT_OWNER_VIEWER_GLOBAL",
        level: Level::Project,
        summary: "Reads this project, changes nothing; meant for the default organization",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "project.read",
            "project.member.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[],
    },
    RoleCard {
        key: "PROJECT_GRANT_OWNER",
        level: Level::ProjectGrant,
        summary: "Full control of this project as it was lent to one organization",
        makes_managers_of: &[Level::ProjectGrant],
        impersonates: false,
        permissions: &[
            "project.read",
            "project.grant.read",
            "project.grant.member.read",
            "project.grant.member.write",
            "project.grant.member.delete",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[("PROJECT_GRANT_OWNER_VIEWER", "reads, changes nothing")],
    },
    RoleCard {
        key: "PROJECT_GRANT_OWNER_VIEWER",
        level: Level::ProjectGrant,
        summary: "Reads this project as it was lent to one organization, changes nothing",
        makes_managers_of: &[],
        impersonates: false,
        permissions: &[
            "project.read",
            "project.grant.read",
            "project.grant.member.read",
            "user.read",
            "user.global.read",
            "user.membership.read",
        ],
        smaller: &[],
    },
];
