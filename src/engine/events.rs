//! Going through the events of all managers, newest first; no server can be asked for those of one user.

use std::collections::HashSet;

use jiff::Timestamp;

use super::explain::{explain, lacking};
use super::session::Inner;
use crate::api::events::{EventKey, EventQuery};
use crate::domain::inventory::{RoleGrant, UnreadPart};
use crate::domain::level::Level;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// The permission for events.
const SEE: &str = "events.read";
const WHAT: &str = "Cannot tell who gave which role";

impl Inner {
    /// Tells each event once, back to `since`, and returns whether older ones were left out because there were more
    /// than `most`.
    pub(super) async fn walk_events(
        &self,
        since: Option<Timestamp>,
        most: usize,
        seen: &mut HashSet<EventKey>,
        mut tell: impl FnMut(RoleGrant),
    ) -> Result<bool, Problem> {
        // The call is answered only to who has some role on the instance.
        if self.facts.memberships.iter().all(|own| own.level != Level::Instance) {
            return Err(lacking(&self.facts, WHAT, SEE));
        }
        let mut query = EventQuery::default();
        loop {
            let page = self.client.member_events(&query).await;
            let page = page.map_err(|error| explain(&self.facts, error, WHAT, SEE))?;
            for (key, event) in page.events {
                if since.is_none_or(|since| event.time >= since) && seen.insert(key) {
                    tell(event);
                }
            }
            query.before = page.older.filter(|older| since.is_none_or(|since| *older >= since));
            if query.before.is_none() {
                return Ok(false);
            }
            if seen.len() >= most {
                return Ok(true);
            }
        }
    }
}

/// What to tell where older events were left out.
pub(super) fn cut(most: usize, fix: &str) -> UnreadPart {
    UnreadPart {
        resource: None,
        name: SafeText::new("older events of given roles"),
        problem: Problem::new(
            ProblemKind::Server,
            "Not all events were read",
            format!("This instance has more than {most} events of managers."),
            fix,
        ),
    }
}
