//! Managers with their whole history, so that a list can show an earlier state.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::View;

/// What a manager manages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) enum Resource {
    Instance,
    Organization(String),
    Project(String),
    Grant { project: String, grant: String },
}

impl Resource {
    /// The aggregate of its events: managers of a grant belong to the project.
    pub(in super::super) fn aggregate_id<'a>(&'a self, instance: &'a str) -> &'a str {
        match self {
            Self::Instance => instance,
            Self::Organization(id) | Self::Project(id) | Self::Grant { project: id, .. } => id,
        }
    }

    pub(in super::super) const fn aggregate_type(&self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Organization(_) => "org",
            Self::Project(_) | Self::Grant { .. } => "project",
        }
    }

    /// What was written to such an aggregate before its first manager.
    pub(super) const fn first_sequence(&self) -> u64 {
        match self {
            Self::Instance => 30,
            Self::Organization(_) => 4,
            Self::Project(_) | Self::Grant { .. } => 1,
        }
    }

    pub(in super::super) fn grant(&self) -> Option<&str> {
        match self {
            Self::Grant { grant, .. } => Some(grant),
            _ => None,
        }
    }

    pub(super) const fn event_kind(&self, was: bool, is: bool) -> &'static str {
        match (self, was, is) {
            (Self::Instance, false, true) => "instance.member.added",
            (Self::Instance, true, true) => "instance.member.changed",
            (Self::Instance, _, false) => "instance.member.removed",
            (Self::Organization(_), false, true) => "org.member.added",
            (Self::Organization(_), true, true) => "org.member.changed",
            (Self::Organization(_), _, false) => "org.member.removed",
            (Self::Project(_), false, true) => "project.member.added",
            (Self::Project(_), true, true) => "project.member.changed",
            (Self::Project(_), _, false) => "project.member.removed",
            (Self::Grant { .. }, false, true) => "project.grant.member.added",
            (Self::Grant { .. }, true, true) => "project.grant.member.changed",
            (Self::Grant { .. }, _, false) => "project.grant.member.removed",
        }
    }

    pub(super) const fn cascade_kind(&self) -> &'static str {
        match self {
            Self::Instance => "instance.member.cascade.removed",
            Self::Organization(_) => "org.member.cascade.removed",
            Self::Project(_) => "project.member.cascade.removed",
            Self::Grant { .. } => "project.grant.member.cascade.removed",
        }
    }
}

/// One state of a manager: roles, or none once it was removed.
#[derive(Clone, Debug)]
pub(in super::super) struct Entry {
    /// The write that made it, for views; also the order of storage.
    pub(in super::super) position: u64,
    /// The write that first made this user a manager here, the order of creation.
    pub(in super::super) created_position: u64,
    /// None = not a manager any more.
    pub(in super::super) roles: Option<Vec<String>>,
    pub(in super::super) sequence: u64,
    pub(in super::super) created: Timestamp,
    pub(in super::super) changed: Timestamp,
    /// The owner of the membership.
    pub(in super::super) owner: String,
}

/// A manager as a view shows it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Row<'a> {
    pub(in super::super) user: &'a str,
    pub(in super::super) resource: &'a Resource,
    pub(in super::super) entry: &'a Entry,
}

impl<'a> Row<'a> {
    /// The roles; empty for a manager without any.
    pub(in super::super) fn roles(&self) -> &'a [String] {
        self.entry.roles.as_deref().unwrap_or_default()
    }
}

/// All managers of the instance.
#[derive(Debug, Default)]
pub(in super::super) struct Managers {
    by_resource: HashMap<Resource, BTreeMap<String, Vec<Entry>>>,
    by_user: HashMap<String, Vec<Resource>>,
    /// The write of 2.68 about a project grant that does not exist: since then no change of a manager of any grant
    /// becomes visible (CONTRACT.md section 7.4).
    blocked: Option<u64>,
}

impl Managers {
    /// Shows no change of a manager of any project grant from this write on.
    pub(super) fn block_grants(&mut self, position: u64) {
        self.blocked.get_or_insert(position);
    }

    fn view_of(&self, resource: &Resource, view: View) -> View {
        match (resource, self.blocked) {
            (Resource::Grant { .. }, Some(blocked)) => view.min(View(blocked - 1)),
            _ => view,
        }
    }

    pub(super) fn push(&mut self, resource: &Resource, user: &str, entry: Entry) {
        let users = self.by_resource.entry(resource.clone()).or_default();
        let history = users.entry(user.to_owned()).or_default();
        if history.is_empty() {
            self.by_user.entry(user.to_owned()).or_default().push(resource.clone());
        }
        history.push(entry);
    }

    /// The last thing written about this user here, also a removal.
    pub(in super::super) fn last(&self, resource: &Resource, user: &str) -> Option<&Entry> {
        self.by_resource.get(resource)?.get(user)?.last()
    }

    /// What writes decide on: the manager as it is, whatever lists show.
    pub(in super::super) fn current(&self, resource: &Resource, user: &str) -> Option<&Entry> {
        self.last(resource, user).filter(|entry| entry.roles.is_some())
    }

    /// The managers of a resource by user id.
    pub(in super::super) fn of_resource<'a>(
        &'a self,
        resource: &Resource,
        view: View,
    ) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let found = self.by_resource.get_key_value(resource);
        found.into_iter().flat_map(move |(resource, users)| {
            let view = self.view_of(resource, view);
            users.iter().filter_map(move |(user, history)| {
                visible(history, view).map(|entry| Row { user, resource, entry })
            })
        })
    }

    /// The memberships of one user, in the order in which they first came to be.
    pub(in super::super) fn of_user<'a>(
        &'a self,
        user: &str,
        view: View,
    ) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let found = self.by_user.get_key_value(user);
        found.into_iter().flat_map(move |(user, resources)| {
            resources.iter().filter_map(move |resource| {
                let history = self.by_resource.get(resource)?.get(user)?;
                visible(history, self.view_of(resource, view)).map(|entry| Row { user, resource, entry })
            })
        })
    }

    /// Every manager of the instance, in the order in which they came to be.
    pub(in super::super) fn all(&self, view: View) -> Vec<Row<'_>> {
        let mut rows: Vec<Row<'_>> = self
            .by_resource
            .iter()
            .flat_map(|(resource, users)| {
                let view = self.view_of(resource, view);
                users.iter().filter_map(move |(user, history)| {
                    visible(history, view).map(|entry| Row { user, resource, entry })
                })
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.entry.created_position);
        rows
    }
}

fn visible(history: &[Entry], view: View) -> Option<&Entry> {
    history.iter().rev().find(|entry| view.covers(entry.position)).filter(|entry| entry.roles.is_some())
}
