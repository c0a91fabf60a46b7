//! A small instance that keeps all rules, and the ways to break it.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use crate::domain::inventory::{GrantedOn, ManagerRecord, RoleGrant};
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::project::{Project, ProjectGrant, ProjectState};
use crate::domain::review::{
    CredentialKind, Evidence, ReviewReport, ReviewSettings, ServiceCredential, review,
};
use crate::domain::role::{CATALOGUE, Role};
use crate::domain::user::{User, UserKind, UserState};

pub(super) const HOME: &str = "100";
pub(super) const GLOBEX: &str = "200";
pub(super) const INITECH: &str = "500";

#[derive(Clone)]
pub(super) struct World {
    pub(super) evidence: Evidence,
    pub(super) settings: ReviewSettings,
}

pub(super) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(super) fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

pub(super) fn organization(id: &str) -> Resource {
    Resource::Organization(OrganizationId::new(id))
}

/// The project Portal of Globex.
pub(super) fn portal() -> Resource {
    Resource::Project { organization: OrganizationId::new(GLOBEX), project: ProjectId::new("300") }
}

/// Portal, lent to Initech.
pub(super) fn lent() -> Resource {
    Resource::ProjectGrant {
        organization: OrganizationId::new(GLOBEX),
        project: ProjectId::new("300"),
        grant: GrantId::new("400"),
        granted: OrganizationId::new(INITECH),
    }
}

impl World {
    /// ZITADEL (the default organization) with two instance owners, a person and a service user; Globex with two
    /// owners, and its project Portal, lent to Initech, which has two owners as well.
    pub(super) fn new() -> Self {
        let evidence = Evidence {
            now: now(),
            instance_name: "Acme".into(),
            default_organization: Some(OrganizationId::new(HOME)),
            own_user: UserId::new("rescue"),
            records: Vec::new(),
            users: HashMap::new(),
            all_users_readable: true,
            organizations: HashMap::new(),
            projects: HashMap::new(),
            grants: HashMap::new(),
            unread_resources: HashSet::new(),
            complete: true,
            offered: HashMap::new(),
            applications: [(HOME, 0), (GLOBEX, 2), (INITECH, 1)]
                .map(|(id, number)| (OrganizationId::new(id), number))
                .into(),
            credentials: HashMap::new(),
            events: Some(Vec::new()),
            unread: Vec::new(),
        };
        let mut world = Self { evidence, settings: ReviewSettings::default() }
            .organization(HOME, "ZITADEL", OrganizationState::Active)
            .organization(GLOBEX, "Globex", OrganizationState::Active)
            .organization(INITECH, "Initech", OrganizationState::Active)
            .project(ProjectState::Active)
            .grant(ProjectState::Active)
            .human("alice", HOME)
            .service("rescue", HOME)
            .key("rescue", Some(days_ago(-90)))
            .manages(&Resource::Instance, "alice", &["IAM_OWNER"])
            .manages(&Resource::Instance, "rescue", &["IAM_OWNER"])
            .manages(&organization(HOME), "alice", &["ORG_OWNER"])
            .manages(&organization(HOME), "rescue", &["ORG_OWNER"]);
        for (home, owners) in [(GLOBEX, ["bob", "carol"]), (INITECH, ["ivan", "judy"])] {
            for owner in owners {
                world = world.human(owner, home).manages(&organization(home), owner, &["ORG_OWNER"]);
            }
        }
        for level in [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant] {
            let cards = CATALOGUE.iter().filter(|card| card.level == level);
            let roles = cards.map(|card| Role::new(card.key)).collect();
            world.evidence.offered.insert(level, roles);
        }
        world
    }

    pub(super) fn review(&self) -> ReviewReport {
        let report = review(&self.evidence, &self.settings, &[]);
        for (place, (rule, why)) in report.unjudged.iter().enumerate() {
            let mut earlier = report.unjudged.iter().take(place);
            assert!(earlier.all(|(other, reason)| (other.id, reason) != (rule.id, why)), "twice: {why}");
        }
        report
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Evidence)) -> Self {
        change(&mut self.evidence);
        self
    }

    pub(super) fn organization(mut self, id: &str, name: &str, state: OrganizationState) -> Self {
        let organization = Organization {
            id: OrganizationId::new(id),
            name: name.into(),
            primary_domain: format!("{id}.example").into(),
            state,
        };
        self.evidence.organizations.insert(organization.id.clone(), organization);
        self
    }

    pub(super) fn project(mut self, state: ProjectState) -> Self {
        let project = Project {
            id: ProjectId::new("300"),
            organization: OrganizationId::new(GLOBEX),
            name: "Portal".into(),
            state,
        };
        self.evidence.projects.insert(project.id.clone(), project);
        self
    }

    pub(super) fn grant(mut self, state: ProjectState) -> Self {
        let grant = ProjectGrant {
            id: GrantId::new("400"),
            project: ProjectId::new("300"),
            project_name: "Portal".into(),
            organization: OrganizationId::new(GLOBEX),
            organization_name: "Globex".into(),
            granted: OrganizationId::new(INITECH),
            granted_name: "Initech".into(),
            state,
            project_roles: Vec::new(),
        };
        self.evidence.grants.insert(grant.id.clone(), grant);
        self
    }

    pub(super) fn human(self, id: &str, home: &str) -> Self {
        self.user(id, home, UserKind::Human)
    }

    pub(super) fn service(self, id: &str, home: &str) -> Self {
        self.user(id, home, UserKind::Service)
    }

    fn user(mut self, id: &str, home: &str, kind: UserKind) -> Self {
        let user = User {
            id: UserId::new(id),
            organization: OrganizationId::new(home),
            kind,
            state: UserState::Active,
            user_name: id.into(),
            login_name: id.into(),
            login_names: vec![id.into()],
            display_name: format!("{}{}", id.get(..1).unwrap().to_uppercase(), id.get(1..).unwrap()).into(),
            email: None,
        };
        self.evidence.users.insert(user.id.clone(), user);
        self
    }

    pub(super) fn state(mut self, id: &str, state: UserState) -> Self {
        self.evidence.users.get_mut(&UserId::new(id)).expect("a user").state = state;
        self
    }

    /// The server does not show this user any more.
    pub(super) fn unseen(mut self, id: &str) -> Self {
        self.evidence.users.remove(&UserId::new(id)).expect("a user");
        self
    }

    /// A user becomes manager; one that is unknown is a person of Globex.
    pub(super) fn manages(mut self, resource: &Resource, id: &str, roles: &[&str]) -> Self {
        if !self.evidence.users.contains_key(&UserId::new(id)) {
            self = self.human(id, GLOBEX);
        }
        let user = ManagerUser::from(self.evidence.users.get(&UserId::new(id)).expect("a user"));
        let (resource_name, organization_name) = match resource {
            Resource::Instance => ("Acme", ""),
            Resource::Organization(id) => match id.as_str() {
                GLOBEX => ("Globex", "Globex"),
                INITECH => ("Initech", "Initech"),
                _ => ("ZITADEL", "ZITADEL"),
            },
            Resource::Project { .. } => ("Portal", "Globex"),
            Resource::ProjectGrant { .. } => ("Portal → Initech", "Globex"),
        };
        self.evidence.records.push(ManagerRecord {
            manager: Manager {
                user,
                resource: resource.clone(),
                roles: roles.iter().map(|role| Role::new(*role)).collect(),
                created: Some(days_ago(400)),
                changed: Some(days_ago(400)),
            },
            resource_name: resource_name.into(),
            organization_name: organization_name.into(),
        });
        self
    }

    pub(super) fn leaves(mut self, resource: &Resource, id: &str) -> Self {
        let id = UserId::new(id);
        self.evidence.records.retain(|one| one.manager.resource != *resource || one.manager.user.id != id);
        self
    }

    pub(super) fn key(self, id: &str, expires: Option<Timestamp>) -> Self {
        self.credential(id, CredentialKind::Key, expires)
    }

    pub(super) fn credential(mut self, id: &str, kind: CredentialKind, expires: Option<Timestamp>) -> Self {
        let credential = ServiceCredential { id: "1".into(), kind, created: Some(days_ago(10)), expires };
        self.evidence.credentials.entry(UserId::new(id)).or_default().push(credential);
        self
    }

    /// An event, put before those that are there.
    pub(super) fn event(mut self, resource: &Resource, id: &str, roles: &[&str], time: Timestamp) -> Self {
        let event = RoleGrant {
            resource: GrantedOn::of(resource),
            user: UserId::new(id),
            roles: (!roles.is_empty()).then(|| roles.iter().map(|role| Role::new(*role)).collect()),
            time,
            editor: "Alice".into(),
            editor_id: "alice".into(),
        };
        self.evidence.events.get_or_insert_default().insert(0, event);
        self
    }
}
