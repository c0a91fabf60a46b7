//! What roles allow, and who may do what where (CONTRACT.md sections 3 and 9). Recorded roles have the full lists of
//! `assets/demo/permissions.json`; the other roles have what the role catalogue knows.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::role::CATALOGUE;

use super::Version;
use super::store::{Resource, Row, Store, View};

/// The permissions of every role in one version.
pub(super) struct Roles(HashMap<String, Vec<String>>);

impl Roles {
    /// Reads the table for this version: `name@4.3` came with that version.
    pub(super) fn new(version: Version) -> Self {
        let recorded: BTreeMap<String, Vec<String>> =
            serde_json::from_str(include_str!("../../assets/demo/permissions.json")).unwrap_or_default();
        let mut roles: HashMap<String, Vec<String>> = CATALOGUE
            .iter()
            .map(|card| (card.key.to_owned(), card.permissions.iter().map(|it| (*it).to_owned()).collect()))
            .collect();
        for (role, permissions) in recorded {
            let held = permissions.iter().filter_map(|text| match text.split_once('@') {
                Some((name, since)) => {
                    since.parse().is_ok_and(|since| version >= since).then(|| name.to_owned())
                }
                None => Some(text.clone()),
            });
            roles.insert(role, held.collect());
        }
        Self(roles)
    }

    /// Whether a role of this name exists.
    pub(super) fn knows(&self, role: &str) -> bool {
        self.0.contains_key(role)
    }

    fn of<'a>(&'a self, row: &Row<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
        row.roles()
            .iter()
            .filter_map(|role| self.0.get(role))
            .flat_map(|permissions| permissions.iter().map(String::as_str))
    }
}

/// What a caller holds, as far as a context organization counts.
pub(super) struct Power<'a> {
    member: bool,
    /// Permission and the project or grant it is limited to, without doubles, in the order of the server.
    held: Vec<(&'a str, Option<&'a str>)>,
}

/// How far a permission reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach<'a> {
    /// The caller has no membership that counts in the context.
    NoMember,
    /// Some membership, but none with this permission.
    None,
    /// Only for these projects or grants.
    Only(Vec<&'a str>),
    /// For everything in the context.
    All,
}

impl<'a> Power<'a> {
    /// What this user may do in the context of this organization.
    pub(super) fn new(store: &'a Store, roles: &'a Roles, user: &str, context: &str, view: View) -> Self {
        let mut rows: Vec<Row<'a>> = store
            .managers()
            .of_user(user, view)
            .filter(|row| counts_in(store, row.resource, context))
            .collect();
        rows.sort_by_key(|row| rank(row.resource));
        let mut held: Vec<(&str, Option<&str>)> = Vec::new();
        let mut seen = HashSet::new();
        for row in &rows {
            let object = match row.resource {
                Resource::Instance | Resource::Organization(_) => None,
                Resource::Project(id) | Resource::Grant { grant: id, .. } => Some(id.as_str()),
            };
            for permission in roles.of(row) {
                if seen.insert((permission, object)) {
                    held.push((permission, object));
                }
            }
        }
        Self { member: !rows.is_empty(), held }
    }

    /// How far a permission reaches in this context.
    pub(super) fn reach(&self, permission: &str) -> Reach<'a> {
        if !self.member {
            return Reach::NoMember;
        }
        let found: Vec<Option<&str>> =
            self.held.iter().filter(|(name, _)| *name == permission).map(|(_, object)| *object).collect();
        if found.is_empty() {
            Reach::None
        } else if found.contains(&None) {
            Reach::All
        } else {
            Reach::Only(found.into_iter().flatten().collect())
        }
    }

    /// The list of `permissions/zitadel/me` (recordings `self/permissions-…`).
    pub(super) fn names(&self) -> Vec<String> {
        let name = |(permission, object): &(&str, Option<&str>)| match object {
            Some(id) => format!("{permission}:{id}"),
            None => (*permission).to_owned(),
        };
        self.held.iter().map(name).collect()
    }
}

/// Whether a membership on this resource counts in the context of this organization.
fn counts_in(store: &Store, resource: &Resource, context: &str) -> bool {
    match resource {
        Resource::Instance => true,
        Resource::Organization(id) => id == context,
        Resource::Project(project) => store.project(project).is_some_and(|it| it.organization == context),
        Resource::Grant { project, grant } => {
            store.project(project).is_some_and(|it| it.organization == context)
                || store.grant(grant).is_some_and(|it| it.granted_organization == context)
        }
    }
}

/// The order of memberships in answers (recordings `self/memberships@zitui`).
pub(super) const fn rank(resource: &Resource) -> u8 {
    match resource {
        Resource::Organization(_) => 0,
        Resource::Instance => 1,
        Resource::Project(_) => 2,
        Resource::Grant { .. } => 3,
    }
}

/// One permission of one caller over all organizations, for lists that are filtered row by row. Project and grant
/// roles do not count here (recordings `users/v2-list@portal-admin`, `orgs/v2-list@grant-admin`).
pub(super) struct Everywhere<'a> {
    instance: bool,
    organizations: HashSet<&'a str>,
}

impl<'a> Everywhere<'a> {
    pub(super) fn new(store: &'a Store, roles: &'a Roles, user: &str, permission: &str, view: View) -> Self {
        let mut everywhere = Self { instance: false, organizations: HashSet::new() };
        for row in store.managers().of_user(user, view) {
            let holds = roles.of(&row).any(|name| name == permission);
            match row.resource {
                Resource::Instance => everywhere.instance |= holds,
                Resource::Organization(id) if holds => {
                    everywhere.organizations.insert(id);
                }
                _ => {}
            }
        }
        everywhere
    }

    /// Whether the caller holds the permission in this organization.
    pub(super) fn holds_in(&self, organization: &str) -> bool {
        self.instance || self.organizations.contains(organization)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::demo::World;

    fn store() -> Store {
        let world = World::from_json(
            r#"{"instance": {"id": "9", "name": "I", "default_organization": "1", "iam_project": "31"},
            "organizations": [
              {"id": "1", "name": "A", "primary_domain": "a", "state": "ACTIVE"},
              {"id": "2", "name": "B", "primary_domain": "b", "state": "ACTIVE"},
              {"id": "3", "name": "C", "primary_domain": "c", "state": "ACTIVE"}],
            "users": [
              {"id": "21", "type": "machine", "organization": "1", "username": "x", "name": "X", "state": "ACTIVE"}],
            "projects": [{"id": "31", "name": "P", "organization": "1"}],
            "project_grants": [{"id": "41", "project": "31", "granted_organization": "2"}],
            "members": [{"level": "project_grant", "project": "31", "grant": "41", "user": "21",
                         "roles": ["PROJECT_GRANT_OWNER"]}]}"#,
        );
        Store::new(world.unwrap(), Version::V4_15, "21")
    }

    #[rstest]
    #[case::owner("1", "project.grant.member.write", Reach::Only(vec!["41"]))]
    #[case::granted("2", "project.grant.member.write", Reach::Only(vec!["41"]))]
    #[case::missing("1", "org.member.read", Reach::None)]
    #[case::unrelated("3", "project.grant.member.write", Reach::NoMember)]
    fn a_grant_membership_counts_in_both_organizations(
        #[case] context: &str,
        #[case] permission: &str,
        #[case] expected: Reach<'_>,
    ) {
        let (store, roles) = (store(), Roles::new(Version::V4_15));
        assert_eq!(Power::new(&store, &roles, "21", context, View::NOW).reach(permission), expected);
    }

    #[rstest]
    #[case(Version::V2_68, 94)]
    #[case(Version::V4_3, 95)]
    #[case(Version::V4_15, 102)]
    fn owners_of_the_instance_have_what_their_version_has(#[case] version: Version, #[case] count: usize) {
        assert_eq!(Roles::new(version).0.get("IAM_OWNER").map(Vec::len), Some(count));
    }
}
