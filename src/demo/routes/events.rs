//! Who did what and when: the events of the instance, and the shorter changes of one organization or project
//! (CONTRACT.md section 14; recordings `events/…`).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::demo::Version;
use crate::demo::list::timestamp;
use crate::demo::message::{Part, Reply};
use crate::demo::refusal::{Code, Refusal};
use crate::demo::router::{Access, Call, Route};
use crate::demo::store::Event;

pub(super) const ROUTES: &[Route] = &[
    Route::new("POST", "/admin/v1/events/_search", Access::In("events.read"), search),
    Route::new("POST", "/admin/v1/events/types/_search", Access::In("events.read"), types),
    Route::new(
        "POST",
        "/management/v1/orgs/me/changes/_search",
        Access::In("org.read"),
        organization_changes,
    ),
    Route::new(
        "POST",
        "/management/v1/projects/{project}/changes/_search",
        Access::On("project.read", &["project"]),
        project_changes,
    ),
];

/// More rows than this are never given; 0 and larger limits mean this many.
const MOST_EVENTS: usize = 1000;

/// Event types that a filter may name, with the English text. The server knows many more, but nothing in this instance
/// ever writes them.
const TYPES: [(&str, &str); 30] = [
    ("instance.member.added", "Instance member added"),
    ("instance.member.changed", "Instance member changed"),
    ("instance.member.removed", "Instance member removed"),
    ("instance.member.cascade.removed", "Instance member cascade removed"),
    ("org.added", "Organization added"),
    ("org.changed", "Organization changed"),
    ("org.deactivated", "Organization deactivated"),
    ("org.domain.added", "Domain added"),
    ("org.domain.primary.set", "Primary domain set"),
    ("org.domain.verified", "Domain verified"),
    ("org.member.added", "Organization member added"),
    ("org.member.changed", "Organization member changed"),
    ("org.member.removed", "Organization member removed"),
    ("org.member.cascade.removed", "Organization member cascade removed"),
    ("org.reactivated", "Organization reactivated"),
    ("org.removed", "Organization removed"),
    ("project.added", "Project added"),
    ("project.grant.added", "Management access added"),
    ("project.grant.member.added", "Management access member added"),
    ("project.grant.member.changed", "Management access member changed"),
    ("project.grant.member.removed", "Management access member removed"),
    ("project.grant.member.cascade.removed", "Management access member cascade removed"),
    ("project.member.added", "Project member added"),
    ("project.member.changed", "Project member changed"),
    ("project.member.removed", "Project member removed"),
    ("project.member.cascade.removed", "Project member cascade removed"),
    ("user.deactivated", "User deactivated"),
    ("user.locked", "User locked"),
    ("user.reactivated", "User reactivated"),
    ("user.removed", "User removed"),
];

fn search(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let body = json.part();
    let filter = Filter::read(body, call.version())?;
    let limit = match usize::try_from(body.number("limit")).unwrap_or(MOST_EVENTS) {
        0 => MOST_EVENTS,
        limit => limit.min(MOST_EVENTS),
    };
    let visible = |it: &&Event| call.view.covers(it.position);
    let events = call.state.store.events();
    let found: Vec<Value> = if body.flag("asc") {
        events
            .iter()
            .filter(visible)
            .filter(|it| filter.admits(it, true))
            .take(limit)
            .map(|it| event(call, it))
            .collect()
    } else {
        events
            .iter()
            .rev()
            .filter(visible)
            .filter(|it| filter.admits(it, false))
            .take(limit)
            .map(|it| event(call, it))
            .collect()
    };
    Ok(Reply::json(&if found.is_empty() { json!({}) } else { json!({"events": found}) }))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler")]
fn types(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let types: Vec<Value> = TYPES.iter().map(|(kind, _)| event_type(kind, call.version())).collect();
    Ok(Reply::json(&json!({"eventTypes": types})))
}

fn organization_changes(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let founding = ["org.added", "org.domain.added", "org.domain.verified", "org.domain.primary.set"];
    let created = call.state.store.organization(&call.context).and_then(|it| it.created);
    Ok(changes(call, json.part(), ("org", &call.context), &founding, created))
}

fn project_changes(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let json = call.json()?;
    let project = call.parameter("project");
    match call.state.store.project(project).filter(|it| it.organization == call.context) {
        Some(found) => {
            Ok(changes(call, json.part(), ("project", project), &["project.added"], found.created))
        }
        None => Ok(Reply::json(&json!({}))),
    }
}

/// The events of one aggregate without their payload. What happened at its founding is not among the stored events.
fn changes(
    call: &Call<'_>,
    body: Part<'_>,
    (aggregate, id): (&str, &str),
    founding: &[&str],
    created: Option<Timestamp>,
) -> Reply {
    let query = body.part("query");
    let store = &call.state.store;
    let row = |kind: &str, sequence: u64, at: Timestamp, editor: &str| {
        let user = store.user(editor);
        json!({
            "changeDate": timestamp(at),
            "eventType": {"key": format!("EventTypes.{kind}"), "localizedMessage": text(kind, call.version())},
            "sequence": sequence.to_string(),
            "editorId": editor,
            "editorDisplayName": user.map_or(editor, |it| it.display_name()),
            "resourceOwnerId": call.context,
            "editorPreferredLoginName": user.map_or(editor, |it| it.login()),
        })
    };
    let created = created.unwrap_or(store.founded);
    let founder = store.events().first().map_or("", |oldest| oldest.editor.as_str());
    let mut rows: Vec<Value> = (1..)
        .zip(founding)
        .map(|(sequence, kind)| row(kind, sequence, created, founder))
        .chain(
            store
                .events()
                .iter()
                .filter(|it| it.aggregate == aggregate && it.aggregate_id == id)
                .map(|it| row(it.kind, it.sequence, it.created, &it.editor)),
        )
        .collect();
    if !query.flag("asc") {
        rows.reverse();
    }
    let limit = usize::try_from(query.number("limit")).unwrap_or(MOST_EVENTS);
    if limit > 0 {
        rows.truncate(limit);
    }
    Reply::json(&if rows.is_empty() { json!({}) } else { json!({"result": rows}) })
}

/// The conditions of an event search, all of which must hold.
struct Filter<'a> {
    types: Option<Vec<String>>,
    aggregate_types: Vec<String>,
    aggregate_id: &'a str,
    owner: &'a str,
    editor: &'a str,
    sequence: u64,
    /// In microseconds, as precise as answers are; `since` and `until` too.
    from: Option<i64>,
    since: Option<i64>,
    until: Option<i64>,
}

impl<'a> Filter<'a> {
    fn read(body: Part<'a>, version: Version) -> Result<Self, Refusal> {
        let types = known_types(body.texts("eventTypes"), version)?;
        let aggregate_types = body.texts("aggregateTypes");
        if aggregate_types.len() > 10 {
            return Err(Refusal::invalid(too_many("AggregateTypes", 10)));
        }
        let range = body.part("range");
        if body.get("from").is_some() && body.get("range").is_some() {
            return Err(Refusal::invalid(
                "oneof zitadel.admin.v1.ListEventsRequest.creation_date_filter is already set",
            ));
        }
        Ok(Self {
            types,
            aggregate_types,
            aggregate_id: body.text("aggregateId"),
            owner: body.text("resourceOwner"),
            editor: body.text("editorUserId"),
            sequence: body.number("sequence"),
            from: time(body, "from")?,
            since: time(range, "since")?,
            until: time(range, "until")?,
        })
    }

    /// Times are exclusive: `from` means older than it in a descending search, newer in an ascending one.
    fn admits(&self, event: &Event, ascending: bool) -> bool {
        let same = |wanted: &str, actual: &str| wanted.is_empty() || wanted == actual;
        let created = event.created.as_microsecond();
        let beyond = |from| if ascending { created > from } else { created < from };
        self.from.is_none_or(beyond)
            && self.since.is_none_or(|since| created > since)
            && self.until.is_none_or(|until| created < until)
            && self.types.as_ref().is_none_or(|types| types.iter().any(|it| it == event.kind))
            && (self.aggregate_types.is_empty()
                || self.aggregate_types.iter().any(|it| it == event.aggregate))
            && same(self.aggregate_id, &event.aggregate_id)
            && same(self.owner, &event.owner)
            && same(self.editor, &event.editor)
            && event.sequence > self.sequence
    }
}

/// The types to look for; none means all. An unknown type beside a known one fails before 4.15.
fn known_types(wanted: Vec<String>, version: Version) -> Result<Option<Vec<String>>, Refusal> {
    if wanted.len() > 30 {
        return Err(Refusal::invalid(too_many("EventTypes", 30)));
    }
    if wanted.is_empty() {
        return Ok(None);
    }
    let is_known = |kind: &String| TYPES.iter().any(|(name, _)| name == kind);
    let unknown = wanted.iter().filter(|kind| !is_known(kind)).count();
    if unknown > 0 && unknown < wanted.len() && version < Version::V4_15 {
        return Err(Refusal::new(Code::Internal, "SQL-KyeAx", "An internal error occurred"));
    }
    Ok(Some(wanted))
}

fn too_many(field: &str, most: usize) -> String {
    format!("invalid ListEventsRequest.{field}: value must contain no more than {most} item(s)")
}

fn time(part: Part<'_>, field: &str) -> Result<Option<i64>, Refusal> {
    match part.text(field) {
        "" => Ok(None),
        text => match text.parse::<Timestamp>() {
            Ok(time) => Ok(Some(time.as_microsecond())),
            Err(_) => {
                Err(Refusal::invalid(format!("proto: invalid google.protobuf.Timestamp value {text:?}")))
            }
        },
    }
}

fn event(call: &Call<'_>, event: &Event) -> Value {
    let editor = call.state.store.user(&event.editor).map_or(event.editor.as_str(), |it| it.display_name());
    let (key, name) = match event.aggregate {
        "org" => ("org", "Organization"),
        "project" => ("project", "Project"),
        "user" => ("user", "User"),
        _ => ("instance", "Instance"),
    };
    let mut row = json!({
        "editor": {"userId": event.editor, "displayName": editor, "service": "zitadel"},
        "aggregate": {
            "id": event.aggregate_id,
            "type": {"type": key, "localized": {"key": format!("AggregateTypes.{key}"), "localizedMessage": name}},
            "resourceOwner": event.owner,
        },
        "sequence": event.sequence.to_string(),
        "creationDate": timestamp(event.created),
        "type": event_type(event.kind, call.version()),
    });
    if let (Some(user), Some(fields)) = (&event.user, row.as_object_mut()) {
        let mut payload = json!({"userId": user});
        if let Some(payload) = payload.as_object_mut() {
            payload.extend(event.grant.iter().map(|grant| ("grantId".to_owned(), json!(grant))));
            payload.extend(event.roles.iter().map(|roles| {
                let roles = if roles.is_empty() { Value::Null } else { json!(roles) };
                ("roles".to_owned(), roles)
            }));
        }
        fields.insert("payload".to_owned(), payload);
    }
    row
}

fn event_type(kind: &str, version: Version) -> Value {
    let localized = json!({"key": format!("EventTypes.{kind}"), "localizedMessage": text(kind, version)});
    json!({"type": kind, "localized": localized})
}

fn text(kind: &str, version: Version) -> &'static str {
    if kind == "org.domain.primary.set" && version == Version::V4_15 {
        return "Organization Domain set";
    }
    TYPES.iter().find(|(name, _)| *name == kind).map_or("", |(_, text)| text)
}
