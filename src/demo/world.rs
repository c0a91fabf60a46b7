//! The world a demo instance starts with: the file format, and the checks that say what is wrong with a file.
//! The store is built from it; nothing here knows about requests.

mod holdings;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::Deserialize;

pub(super) use self::holdings::{Application, ApplicationKind, Credential, CredentialKind};
use super::Version;

/// Everything a demo instance holds when it starts: organizations, users, projects, grants and managers.
#[derive(Clone, Debug, Deserialize)]
pub struct World {
    pub(super) instance: Instance,
    #[serde(default)]
    pub(super) organizations: Vec<Organization>,
    #[serde(default)]
    pub(super) users: Vec<User>,
    #[serde(default)]
    pub(super) projects: Vec<Project>,
    #[serde(default)]
    pub(super) project_grants: Vec<ProjectGrant>,
    #[serde(default)]
    pub(super) members: Vec<Member>,
    /// Keys and tokens of service users, beside those that the demo makes.
    #[serde(default)]
    pub(super) credentials: Vec<Credential>,
    #[serde(default)]
    pub(super) applications: Vec<Application>,
    /// Managers that only one version has, by version (`v2.68`).
    #[serde(default)]
    pub(super) members_only_in: BTreeMap<String, Vec<Member>>,
    /// Short names of users, by which tests and tools choose a sender.
    #[serde(default)]
    pub(super) principals: BTreeMap<String, String>,
    /// The login name of the service user whose key file the demo writes.
    #[serde(default)]
    pub(super) signs_in_as: Option<String>,
}

/// The instance itself.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) default_organization: String,
    pub(super) iam_project: String,
}

/// An organization of the world.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) primary_domain: String,
    pub(super) state: OrganizationState,
    #[serde(default)]
    pub(super) created: Option<Timestamp>,
}

/// The state of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum OrganizationState {
    Active,
    Inactive,
    Removed,
}

/// A user of the world, of either kind.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) organization: String,
    pub(super) username: String,
    #[serde(flatten)]
    pub(super) kind: Kind,
    pub(super) state: UserState,
    #[serde(default)]
    pub(super) created: Option<Timestamp>,
}

/// What a human user has, or a service user.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Kind {
    Human {
        first_name: String,
        last_name: String,
        display_name: String,
        email: String,
        /// The preferred language, as in `de`.
        #[serde(default)]
        language: Option<String>,
    },
    Machine {
        name: String,
        #[serde(default)]
        description: String,
    },
}

/// The state of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserState {
    /// May sign in.
    Active,
    /// Deactivated by somebody.
    Inactive,
    /// Locked out.
    Locked,
    /// Never signed in yet.
    Initial,
    /// Gone, with all memberships.
    Removed,
}

/// A project of the world.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organization: String,
    #[serde(default)]
    pub(super) state: Activity,
    #[serde(default)]
    pub(super) created: Option<Timestamp>,
}

/// A project lent to another organization.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ProjectGrant {
    pub(super) id: String,
    pub(super) project: String,
    pub(super) granted_organization: String,
    #[serde(default)]
    pub(super) role_keys: Vec<String>,
    #[serde(default)]
    pub(super) state: Activity,
    #[serde(default)]
    pub(super) created: Option<Timestamp>,
}

/// The state of a project or grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Activity {
    #[default]
    Active,
    Inactive,
}

/// A manager of the world.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Member {
    #[serde(flatten)]
    pub(super) resource: MemberOf,
    pub(super) user: String,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) created: Option<Timestamp>,
    /// The same counted back from the start of the demo, for what must be recent whenever somebody looks.
    #[serde(default)]
    pub(super) days_ago: Option<u32>,
    /// Who gave the roles; the user who signs in where the file does not say.
    #[serde(default)]
    pub(super) by: Option<String>,
}

/// What a manager of the world manages.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "level", rename_all = "snake_case")]
pub(super) enum MemberOf {
    Instance,
    Organization { organization: String },
    Project { project: String },
    ProjectGrant { project: String, grant: String },
}

/// Why a world cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The text is not JSON, or a field is missing or of the wrong type; says the line and column.
    #[error("the world is not in the expected form: {0}")]
    Form(#[from] serde_json::Error),
    /// Two parts do not fit together; says where.
    #[error("{place}: {problem}")]
    Content {
        /// Which entry, as in `users[3].organization`.
        place: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl World {
    /// The demo's own world.
    pub fn built_in() -> Self {
        Self::from_json(include_str!("../../assets/demo/world.json")).unwrap_or_else(|_| Self::bare())
    }

    /// An instance with one organization and nobody in it.
    pub(super) fn bare() -> Self {
        let organization = "100000000000000001".to_owned();
        Self {
            instance: Instance {
                id: "900000000000000001".to_owned(),
                name: "ZITADEL".to_owned(),
                default_organization: organization.clone(),
                iam_project: "300000000000000001".to_owned(),
            },
            organizations: vec![Organization {
                id: organization,
                name: "Demo".to_owned(),
                primary_domain: "demo.localhost".to_owned(),
                state: OrganizationState::Active,
                created: None,
            }],
            users: Vec::new(),
            projects: Vec::new(),
            project_grants: Vec::new(),
            members: Vec::new(),
            credentials: Vec::new(),
            applications: Vec::new(),
            members_only_in: BTreeMap::new(),
            principals: BTreeMap::new(),
            signs_in_as: None,
        }
    }

    /// Reads a world file.
    ///
    /// # Errors
    /// Says the line and column of what is not in the expected form, or the entry that names something unknown.
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        let world: Self = serde_json::from_str(text)?;
        world.check()?;
        Ok(world)
    }

    /// The managers of a demo that imitates this version.
    pub(super) fn members_in(&self, version: Version) -> impl Iterator<Item = &Member> {
        let only = self.members_only_in.get(&format!("v{version}")).map_or(&[][..], Vec::as_slice);
        self.members.iter().chain(only)
    }

    /// Takes those managers out of the world.
    pub(super) fn take_members(&mut self, version: Version) -> Vec<Member> {
        let mut members = std::mem::take(&mut self.members);
        members.extend(self.members_only_in.remove(&format!("v{version}")).unwrap_or_default());
        members
    }

    /// Whether all parts of the world fit together.
    pub(super) fn check(&self) -> Result<(), WorldError> {
        let organizations = unique("organizations", self.organizations.iter().map(|it| &it.id))?;
        let users = unique("users", self.users.iter().map(|it| &it.id))?;
        let projects = unique("projects", self.projects.iter().map(|it| &it.id))?;
        let grants = unique("project_grants", self.project_grants.iter().map(|it| &it.id))?;
        known(&organizations, &self.instance.default_organization, || {
            "instance.default_organization".to_owned()
        })?;
        for (index, user) in self.users.iter().enumerate() {
            known(&organizations, &user.organization, || format!("users[{index}].organization"))?;
        }
        for (index, project) in self.projects.iter().enumerate() {
            known(&organizations, &project.organization, || format!("projects[{index}].organization"))?;
        }
        for (index, grant) in self.project_grants.iter().enumerate() {
            known(&projects, &grant.project, || format!("project_grants[{index}].project"))?;
            known(&organizations, &grant.granted_organization, || {
                format!("project_grants[{index}].granted_organization")
            })?;
        }
        let only =
            self.members_only_in.iter().map(|(version, list)| (format!("members_only_in.{version}"), list));
        for (list, members) in std::iter::once(("members".to_owned(), &self.members)).chain(only) {
            for (index, member) in members.iter().enumerate() {
                let place = |field: &str| format!("{list}[{index}].{field}");
                known(&users, &member.user, || place("user"))?;
                match &member.resource {
                    MemberOf::Instance => {}
                    MemberOf::Organization { organization } => {
                        known(&organizations, organization, || place("organization"))?;
                    }
                    MemberOf::Project { project } => known(&projects, project, || place("project"))?,
                    MemberOf::ProjectGrant { project, grant } => {
                        known(&projects, project, || place("project"))?;
                        known(&grants, grant, || place("grant"))?;
                    }
                }
            }
        }
        for (index, credential) in self.credentials.iter().enumerate() {
            known(&users, &credential.user, || format!("credentials[{index}].user"))?;
        }
        for (index, application) in self.applications.iter().enumerate() {
            known(&projects, &application.project, || format!("applications[{index}].project"))?;
        }
        for (name, user) in &self.principals {
            known(&users, user, || format!("principals.{name}"))?;
        }
        Ok(())
    }
}

fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a String>) -> Result<HashSet<&'a str>, WorldError> {
    let mut seen = HashSet::new();
    for (index, id) in ids.enumerate() {
        if !seen.insert(id.as_str()) {
            let problem = format!("the id {id:?} is taken by an earlier entry");
            return Err(WorldError::Content { place: format!("{list}[{index}].id"), problem });
        }
    }
    Ok(seen)
}

fn known(ids: &HashSet<&str>, id: &str, place: impl Fn() -> String) -> Result<(), WorldError> {
    if ids.contains(id) {
        return Ok(());
    }
    Err(WorldError::Content { place: place(), problem: format!("{id:?} is not in this world") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(members: &str) -> Result<World, WorldError> {
        World::from_json(&format!(
            r#"{{"instance": {{"id": "9", "name": "I", "default_organization": "1", "iam_project": "3"}},
            "organizations": [{{"id": "1", "name": "A", "primary_domain": "a.localhost", "state": "ACTIVE"}}],
            "users": [{{"id": "2", "type": "machine", "organization": "1", "username": "bot", "name": "Bot",
                       "state": "ACTIVE"}}],
            "members": [{members}]}}"#
        ))
    }

    #[test]
    fn reads_managers_of_each_level() {
        let world =
            world(r#"{"level": "organization", "organization": "1", "user": "2", "roles": ["ORG_OWNER"]}"#);
        assert_eq!(world.unwrap().members_in(Version::V4_15).count(), 1);
    }

    #[test]
    fn says_which_entry_names_something_unknown() {
        let error = world(r#"{"level": "organization", "organization": "7", "user": "2"}"#).unwrap_err();
        assert_eq!(error.to_string(), "members[0].organization: \"7\" is not in this world");
    }

    #[test]
    fn says_the_line_of_what_it_cannot_read() {
        let error = World::from_json("{\n\"instance\": 5}").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
