//! The person sheet: everything that one user manages, and who gave it when.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};

use super::events::cut;
use super::session::Inner;
use crate::api::error::CallError;
use crate::api::events::{EventKey, EventQuery};
use crate::domain::id::UserId;
use crate::domain::inventory::{GrantedOn, InventoryPart, ManagerRecord, PersonSheet, RoleGrant, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

/// So many events of all users are gone through; what is still missing then is asked for by resource.
const MAX_EVENTS: usize = 5000;
/// For so many resources events are asked for one by one.
const MAX_RESOURCES: usize = 64;
const AT_ONCE: usize = 8;

/// What the walk through all events found.
struct Events {
    grants: Vec<RoleGrant>,
    seen: HashSet<EventKey>,
    /// Whether older ones were left out.
    cut: bool,
}

impl Inner {
    pub(super) async fn person(&self, user: &UserId) -> Result<PersonSheet, Problem> {
        let who = async {
            let found = self.users_by_id(std::slice::from_ref(user)).await.unwrap_or_default();
            found.first().map_or_else(|| unknown(user), ManagerUser::from)
        };
        let (who, events) = futures_util::join!(who, self.events_of(user));
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        let mut tell = |part| match part {
            InventoryPart::Rows(rows) => records.extend(rows),
            InventoryPart::Unread(part) => unread.push(part),
            InventoryPart::Users(_) | InventoryPart::Progress { .. } => {}
        };
        self.managed_by(&who, &mut tell).await?;
        let folded = |name: &SafeText| name.as_str().to_lowercase();
        records.sort_by_cached_key(|record: &ManagerRecord| {
            let level = record.manager.resource.level();
            (level, folded(&record.organization_name), folded(&record.resource_name))
        });
        let grants = match events {
            Ok(events) => Ok(self.completed(user, events, &records, &mut unread).await),
            Err(problem) => Err(problem),
        };
        Ok(PersonSheet { records, unread, grants })
    }

    /// The events of one user among those of all, newest first.
    async fn events_of(&self, user: &UserId) -> Result<Events, Problem> {
        let mut events = Events { grants: Vec::new(), seen: HashSet::new(), cut: false };
        let grants = &mut events.grants;
        let keep = |grant: RoleGrant| {
            if grant.user == *user {
                grants.push(grant);
            }
        };
        events.cut = self.walk_events(None, MAX_EVENTS, &mut events.seen, keep).await?;
        Ok(events)
    }

    /// Where the walk was cut, asks for the events of each resource on which the user is manager now.
    async fn completed(
        &self,
        user: &UserId,
        mut events: Events,
        records: &[ManagerRecord],
        unread: &mut Vec<UnreadPart>,
    ) -> Vec<RoleGrant> {
        if !events.cut {
            return events.grants;
        }
        let known: HashSet<GrantedOn> = events.grants.iter().map(|grant| grant.resource.clone()).collect();
        let missing = records.iter().map(|record| &record.manager.resource);
        let missing: Vec<Resource> =
            missing.filter(|resource| !known.contains(&GrantedOn::of(resource))).cloned().collect();
        let asked = stream::iter(missing.into_iter().take(MAX_RESOURCES))
            .map(|resource| self.events_of_resource(resource))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        for found in asked {
            match found {
                Ok(found) => events.add(user, found),
                Err(error) => tracing::warn!(%error, "events of a resource cannot be read"),
            }
        }
        events.grants.sort_by_key(|grant| std::cmp::Reverse(grant.time));
        unread.push(cut(
            MAX_EVENTS,
            "What the user holds now is complete; roles that it lost longer ago may be missing.",
        ));
        events.grants
    }

    async fn events_of_resource(&self, resource: Resource) -> Result<Vec<(EventKey, RoleGrant)>, CallError> {
        let mut query = EventQuery::of(&resource);
        let mut all = Vec::new();
        loop {
            let page = self.client.member_events(&query).await?;
            all.extend(page.events);
            query.before = page.older;
            if query.before.is_none() || all.len() >= MAX_EVENTS {
                return Ok(all);
            }
        }
    }
}

impl Events {
    fn add(&mut self, user: &UserId, events: Vec<(EventKey, RoleGrant)>) {
        for (key, grant) in events {
            if self.seen.insert(key) && grant.user == *user {
                self.grants.push(grant);
            }
        }
    }
}

fn unknown(user: &UserId) -> ManagerUser {
    ManagerUser {
        id: user.clone(),
        organization: None,
        kind: UserKind::Unknown,
        login_name: SafeText::default(),
        display_name: SafeText::default(),
        email: None,
    }
}
