//! The access review: what it looks at, its rules, and what it finds. Pure; reading the evidence is `engine`'s.

pub mod acceptance;
mod evaluate;
mod rules;

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use self::acceptance::Acceptance;
use super::id::{GrantId, OrganizationId, ProjectId, UserId};
use super::inventory::{ManagerRecord, RoleGrant, UnreadPart};
use super::level::{Level, Resource};
use super::manager::ManagerUser;
use super::organization::Organization;
use super::project::{Project, ProjectGrant};
use super::role::Role;
use super::text::SafeText;
use super::user::User;

pub use self::evaluate::review;
pub use self::rules::RULES;

/// How much a finding matters, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Info,
    /// To be tidied up.
    Low,
    /// To be fixed in time.
    Medium,
    /// To be fixed soon.
    High,
    /// To be fixed now.
    Critical,
}

impl Severity {
    /// Every severity with the name that flags, files and reports know it by.
    pub const NAMED: &[(&str, Self)] = &[
        ("info", Self::Info),
        ("low", Self::Low),
        ("medium", Self::Medium),
        ("high", Self::High),
        ("critical", Self::Critical),
    ];
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// One question of the review.
#[derive(Debug)]
pub struct Rule {
    /// Its id, e.g. `ZR001`; never given to another rule.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How much a finding matters where the configuration does not say.
    pub severity: Severity,
    /// Why this is a risk, for the documentation.
    pub why: &'static str,
    /// What to do, for the documentation.
    pub fix: &'static str,
    /// Where the recommendation comes from.
    pub sources: &'static [&'static str],
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

/// What the review knows. What could not be read is in `unread`, never silently missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// When it was read.
    pub now: Timestamp,
    /// The instance's name, else its address.
    pub instance_name: SafeText,
    /// The organization in which the server keeps its own project.
    pub default_organization: Option<OrganizationId>,
    /// The user who reads.
    pub own_user: UserId,
    /// All managers.
    pub records: Vec<ManagerRecord>,
    /// The users of the managers, as far as the server shows them.
    pub users: HashMap<UserId, User>,
    /// Whether a manager that `users` lacks does not exist any more: every user may be read.
    pub all_users_readable: bool,
    /// The organizations that can be read, also those without managers.
    pub organizations: HashMap<OrganizationId, Organization>,
    /// The projects that have managers, as far as they can be read.
    pub projects: HashMap<ProjectId, Project>,
    /// The grants that have managers, as far as they can be read; without project roles where a list left them out.
    pub grants: HashMap<GrantId, ProjectGrant>,
    /// Resources whose managers could not be read; nothing may be concluded from their absence in `records`.
    pub unread_resources: HashSet<Resource>,
    /// Whether `records` holds the managers of every resource in `organizations`, `projects` and `grants` that is not
    /// in `unread_resources`.
    pub complete: bool,
    /// The roles that the server offers at a level; no entry where the list cannot be read, or nobody is manager.
    pub offered: HashMap<Level, Vec<Role>>,
    /// How many applications the projects of an organization hold, without the server's own project; read for the home
    /// organizations of people who own the instance, no entry where they cannot be read.
    pub applications: HashMap<OrganizationId, u64>,
    /// The keys and tokens of service users with a role that does more than read; no entry where they cannot be read.
    pub credentials: HashMap<UserId, Vec<ServiceCredential>>,
    /// Who gave or took which role when, newest first, as far back as was asked for; none where the events cannot be
    /// read or were not asked for.
    pub events: Option<Vec<RoleGrant>>,
    /// What could not be read, and why.
    pub unread: Vec<UnreadPart>,
}

/// How far the reading of the evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceProgress {
    /// Lists read so far.
    pub done: u64,
    /// Lists known to be read; grows while more is found.
    pub known: u64,
}

/// A key or token with which a service user signs in. Never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCredential {
    /// Its id.
    pub id: SafeText,
    /// A key file or a personal access token.
    pub kind: CredentialKind,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it ends; none for never.
    pub expires: Option<Timestamp>,
}

/// How a service user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CredentialKind {
    /// A key file.
    Key,
    /// A personal access token.
    PersonalToken,
}

/// What the operator can set about the review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewSettings {
    /// The severity of rules by id; none turns the rule off.
    pub severities: HashMap<String, Option<Severity>>,
    /// Powers given in so many days count as recent.
    pub recent_days: u32,
    /// Powers in so many organizations count as many.
    pub many_organizations: usize,
    /// So many keys and tokens of one service user count as many.
    pub many_credentials: usize,
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self { severities: HashMap::new(), recent_days: 30, many_organizations: 3, many_credentials: 3 }
    }
}

/// One thing that an access review should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters, as configured.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The managers concerned; none where that is the point.
    pub managers: Vec<ManagerRecord>,
    /// The reason in one sentence.
    pub reason: SafeText,
    /// What to do, in one sentence.
    pub fix: SafeText,
    /// The commands of zitui that do or prepare it, ready for a shell, e.g. `zitui managers remove …`; may be empty.
    pub commands: Vec<String>,
    /// Somebody accepted it, and that has not ended.
    pub accepted: Option<Acceptance>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A resource.
    Resource {
        /// Which.
        resource: Resource,
        /// Its name.
        name: SafeText,
        /// The name of the organization that owns it; empty for the instance.
        organization_name: SafeText,
    },
    /// A user, over all resources.
    User(ManagerUser),
    /// One manager: a user on one resource.
    Manager(Box<ManagerRecord>),
}

impl Finding {
    /// What stays the same from one review to the next as long as the finding does: rule and subject by their ids,
    /// e.g. `ZR004/user/2815…` or `ZR010/organization/2815…/user/2815…`.
    pub fn key(&self) -> String {
        let subject = match &self.subject {
            Subject::Resource { resource, .. } => resource_key(resource),
            Subject::User(user) => format!("user/{}", user.id),
            Subject::Manager(record) => {
                format!("{}/user/{}", resource_key(&record.manager.resource), record.manager.user.id)
            }
        };
        format!("{}/{subject}", self.rule.id)
    }
}

fn resource_key(resource: &Resource) -> String {
    match resource {
        Resource::Instance => "instance".to_owned(),
        Resource::Organization(organization) => format!("organization/{organization}"),
        Resource::Project { project, .. } => format!("project/{project}"),
        Resource::ProjectGrant { grant, .. } => format!("grant/{grant}"),
    }
}

/// The outcome of a review, in a fixed order: severity downwards, then rule, then subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewReport {
    /// What was found, accepted ones among them.
    pub findings: Vec<Finding>,
    /// Rules that could not be judged, wholly or in part, each with the reason in one sentence.
    pub unjudged: Vec<(&'static Rule, SafeText)>,
    /// What could not be read.
    pub unread: Vec<UnreadPart>,
    /// Acceptances that fit no finding any more or have ended.
    pub stale: Vec<Acceptance>,
    /// How many managers were looked at.
    pub managers: usize,
    /// How many users they are.
    pub users: usize,
    /// On how many resources.
    pub resources: usize,
}

impl ReviewReport {
    /// Whether something that nobody accepted matters at least this much.
    pub fn fails(&self, on: Severity) -> bool {
        self.findings.iter().any(|finding| finding.accepted.is_none() && finding.severity >= on)
    }
}
