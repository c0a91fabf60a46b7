//! The events of all managers: who gave or took which role, and when.

use std::collections::HashSet;

use jiff::Timestamp;

use super::explain::{explain, lacking};
use super::session::Inner;
use crate::api::events::EventQuery;
use crate::domain::inventory::RoleGrant;
use crate::domain::level::Level;
use crate::domain::problem::Problem;

/// The permission for events.
const SEE: &str = "events.read";
const WHAT: &str = "Cannot tell who gave which role";

impl Inner {
    pub(super) async fn membership_events(
        &self,
        since: Option<Timestamp>,
    ) -> Result<Vec<RoleGrant>, Problem> {
        // The call is answered only to who has some role on the instance.
        if self.facts.memberships.iter().all(|own| own.level != Level::Instance) {
            return Err(lacking(&self.facts, WHAT, SEE));
        }
        let is_due = |time: Timestamp| since.is_none_or(|since| since <= time);
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        let mut query = EventQuery::default();
        loop {
            let page = self.client.member_events(&query).await;
            let page = page.map_err(|error| explain(&self.facts, error, WHAT, SEE))?;
            let new = page.events.into_iter().filter(|(_, event)| is_due(event.time));
            found.extend(new.filter_map(|(key, event)| seen.insert(key).then_some(event)));
            query.before = page.older.filter(|older| is_due(*older));
            if query.before.is_none() {
                return Ok(found);
            }
        }
    }
}
