//! Events of memberships: who gave or took which role, and when (CONTRACT.md section 14).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::CallError;
use super::transport::Call;
use super::wire::{MAX_LIMIT, Scalar, or_default};
use crate::domain::id::UserId;
use crate::domain::inventory::{GrantedOn, RoleGrant};
use crate::domain::level::{Level, Resource};
use crate::domain::role::{Role, without_doubles};
use crate::domain::text::SafeText;

/// Every type of event of a membership; all versions know them. At most 30 may be asked for at once, and one that an
/// old server does not know would fail the whole search.
const TYPES: [&str; 16] = [
    "instance.member.added",
    "instance.member.changed",
    "instance.member.removed",
    "instance.member.cascade.removed",
    "org.member.added",
    "org.member.changed",
    "org.member.removed",
    "org.member.cascade.removed",
    "project.member.added",
    "project.member.changed",
    "project.member.removed",
    "project.member.cascade.removed",
    "project.grant.member.added",
    "project.grant.member.changed",
    "project.grant.member.removed",
    "project.grant.member.cascade.removed",
];

/// Which events to read, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventQuery<'a> {
    /// Only of this level.
    pub level: Option<Level>,
    /// Only of this organization or project; the id of the instance is not known.
    pub aggregate: Option<&'a str>,
    /// Only older ones than this.
    pub before: Option<Timestamp>,
}

impl<'a> EventQuery<'a> {
    /// The events of the managers of a resource; for a grant those of all grants of its project.
    pub fn of(resource: &'a Resource) -> Self {
        let aggregate = match resource {
            Resource::Instance => None,
            Resource::Organization(organization) => Some(organization.as_str()),
            Resource::Project { project, .. } | Resource::ProjectGrant { project, .. } => {
                Some(project.as_str())
            }
        };
        Self { level: Some(resource.level()), aggregate, before: None }
    }
}

/// Events as one request gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// Those of memberships, newest first, each with what tells it from others.
    pub events: Vec<(EventKey, RoleGrant)>,
    /// What to ask for next: a moment after the last event, since events of one transaction share their time and a
    /// border between two pages must not lose any. None when there are no older ones.
    pub older: Option<Timestamp>,
}

/// Tells events apart; numbers count per aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventKey {
    aggregate: String,
    sequence: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "or_default")]
    events: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Row {
    #[serde(deserialize_with = "or_default")]
    editor: Editor,
    #[serde(deserialize_with = "or_default")]
    aggregate: Aggregate,
    sequence: Scalar,
    creation_date: Scalar,
    #[serde(deserialize_with = "or_default")]
    payload: Payload,
    #[serde(rename = "type", deserialize_with = "or_default")]
    kind: Kind,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Editor {
    user_id: Scalar,
    display_name: Scalar,
    service: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Aggregate {
    id: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Payload {
    user_id: Scalar,
    grant_id: Scalar,
    #[serde(deserialize_with = "or_default")]
    roles: Vec<Scalar>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kind {
    #[serde(rename = "type")]
    name: Scalar,
}

impl Row {
    /// None for an event of another kind, or without a user or a time.
    fn into_grant(self) -> Option<(EventKey, RoleGrant)> {
        let kind = self.kind.name.as_str();
        let (level, id) = if kind.starts_with("instance.member.") {
            (Level::Instance, SafeText::default())
        } else if kind.starts_with("org.member.") {
            (Level::Organization, self.aggregate.id.text())
        } else if kind.starts_with("project.grant.member.") {
            (Level::ProjectGrant, self.payload.grant_id.text())
        } else if kind.starts_with("project.member.") {
            (Level::Project, self.aggregate.id.text())
        } else {
            return None;
        };
        let removed = kind.ends_with(".removed");
        let roles = self.payload.roles.into_iter().map(|role| Role::new(role.into_string()));
        let (time, user) = (self.creation_date.time()?, self.payload.user_id);
        let key = EventKey {
            aggregate: self.aggregate.id.as_str().to_owned(),
            sequence: self.sequence.as_str().to_owned(),
        };
        (!user.is_empty()).then(|| {
            let grant = RoleGrant {
                resource: GrantedOn { level, id },
                user: UserId::new(user.as_str()),
                roles: (!removed).then(|| without_doubles(roles)),
                time,
                editor: self
                    .editor
                    .display_name
                    .text()
                    .or(&self.editor.service.text())
                    .or(&self.editor.user_id.text()),
                editor_id: self.editor.user_id.text(),
            };
            (key, grant)
        })
    }
}

fn types(level: Option<Level>) -> Vec<&'static str> {
    let prefix = match level {
        None => "",
        Some(Level::Instance) => "instance.member.",
        Some(Level::Organization) => "org.member.",
        Some(Level::Project) => "project.member.",
        Some(Level::ProjectGrant) => "project.grant.member.",
    };
    TYPES.into_iter().filter(|name| name.starts_with(prefix)).collect()
}

impl Client {
    /// One page of the events of memberships, newest first; needs `events.read` (recordings `events/…`).
    pub async fn member_events(&self, query: &EventQuery<'_>) -> Result<EventPage, CallError> {
        let mut body = json!({"limit": MAX_LIMIT, "asc": false, "eventTypes": types(query.level)});
        if let Value::Object(fields) = &mut body {
            if let Some(aggregate) = query.aggregate {
                fields.insert("aggregateId".to_owned(), Value::from(aggregate));
            }
            if let Some(before) = query.before {
                fields.insert("from".to_owned(), Value::from(before.to_string()));
            }
        }
        let answer: Answer = self.read(Call::search("admin/v1/events/_search".split('/'), &body)).await?;
        Ok(page(answer, query.before))
    }
}

fn page(answer: Answer, before: Option<Timestamp>) -> EventPage {
    let full = answer.events.len() >= MAX_LIMIT as usize;
    let last = answer.events.last().and_then(|row| row.creation_date.time());
    let overlapping = last.and_then(|last| last.checked_add(SignedDuration::from_micros(1)).ok());
    // A page full of events of one moment would be asked for again and again.
    let older = match overlapping {
        Some(next) if before.is_none_or(|before| next < before) => Some(next),
        _ => last.filter(|last| before.is_none_or(|before| *last < before)),
    };
    let events = answer.events.into_iter().filter_map(Row::into_grant).collect();
    EventPage { events, older: older.filter(|_| full) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn row(time: &str, kind: &str) -> Row {
        let row = json!({"sequence": "7", "creationDate": time, "type": {"type": kind},
            "aggregate": {"id": "3"}, "payload": {"userId": "2", "grantId": "4", "roles": null},
            "editor": {"userId": "1", "displayName": "Root", "service": "zitadel"}});
        serde_json::from_value(row).expect("a row")
    }

    #[rstest]
    #[case("instance.member.added", Level::Instance, "", true)]
    #[case("org.member.changed", Level::Organization, "3", true)]
    #[case("project.member.cascade.removed", Level::Project, "3", false)]
    #[case("project.grant.member.removed", Level::ProjectGrant, "4", false)]
    fn every_level_is_told_from_the_others(
        #[case] kind: &str,
        #[case] level: Level,
        #[case] id: &str,
        #[case] roles: bool,
    ) {
        let (_, grant) = row("2026-01-01T00:00:00Z", kind).into_grant().expect("a membership");
        assert_eq!(grant.resource, GrantedOn { level, id: SafeText::new(id) });
        assert_eq!(grant.roles.is_some(), roles);
        assert_eq!(grant.editor.as_str(), "Root");
    }

    #[test]
    fn pages_overlap_by_a_moment_and_always_end() {
        let times =
            |time: &str| Answer { events: (0..1000).map(|_| row(time, "org.member.added")).collect() };
        let first = page(times("2026-01-01T00:00:00.000005Z"), None).older.expect("more");
        assert_eq!(first.to_string(), "2026-01-01T00:00:00.000006Z");
        let second = page(times("2026-01-01T00:00:00.000005Z"), Some(first)).older.expect("more");
        assert_eq!(second.to_string(), "2026-01-01T00:00:00.000005Z");
        let few = Answer { events: vec![row("2026-01-01T00:00:00Z", "org.member.added")] };
        assert_eq!(page(few, Some(second)).older, None);
    }

    #[rstest]
    fn every_level_has_its_four_types(
        #[values(Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant)] level: Level,
    ) {
        assert_eq!(types(Some(level)).len(), 4);
        assert_eq!(types(None).len(), 16);
    }

    #[test]
    fn events_of_other_things_are_passed_over() {
        assert!(row("2026-01-01T00:00:00Z", "org.added").into_grant().is_none());
    }
}
