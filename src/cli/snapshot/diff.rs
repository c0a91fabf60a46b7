//! `zitui snapshot diff`: who came, went or holds other roles, by whom and when; what cannot be told stands apart.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::arguments::DiffArguments;
use super::super::exit;
use super::super::listing::{Listing, Row};
use super::super::output::Output;
use super::super::run::Context;
use super::super::shape::{ResourceIds, resource_json, role_keys, role_list, time_json, user_json};
use super::super::table::Column;
use super::{taken, tell_gaps};
use crate::domain::inventory::{ManagerRecord, RoleGrant};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::snapshot::{Comparison, Difference, DifferenceKind, Renamed, Side, Snapshot, compare};
use crate::domain::text::SafeText;
use crate::engine::snapshot::read;

const KIND: &str = "differences";
const COLUMNS: &[Column] = &[
    Column::whole("difference"),
    Column::whole("level"),
    Column::text("resource"),
    Column::text("login_name"),
    Column::text("name"),
    Column::text("added"),
    Column::text("removed"),
    Column::whole("time"),
    Column::text("by"),
    Column::text("roles").on_request(),
    Column::text("organization").on_request(),
    Column::whole("user_id").on_request(),
    Column::whole("resource_id").on_request(),
    Column::whole("organization_id").on_request(),
    Column::whole("by_id").on_request(),
];

/// The sides that are files.
pub(in crate::cli) struct Files {
    before: Snapshot,
    after: Option<Snapshot>,
}

impl Files {
    /// Reads them, before anybody signs in.
    ///
    /// # Errors
    /// `Usage`.
    pub(in crate::cli) fn read(arguments: &DiffArguments, output: &Output) -> Result<Self, Problem> {
        Listing::new(output, KIND, COLUMNS)?;
        let before = read(&arguments.before)?;
        let after = if arguments.with_now() { None } else { Some(read(&arguments.after)?) };
        Ok(Self { before, after })
    }
}

/// Compares two files, which needs no instance; none where one is needed.
pub(in crate::cli) fn diff_of_files(
    output: &Output,
    arguments: &DiffArguments,
    files: &Files,
) -> Option<Result<u8, Problem>> {
    let after = files.after.as_ref().filter(|_| !arguments.events)?;
    Some(tell(output, arguments, [&files.before, after], None))
}

/// Compares with the instance as it is now, or two files with the events of the instance.
pub(in crate::cli) async fn diff(
    context: &mut Context,
    arguments: &DiffArguments,
    files: Option<Files>,
) -> Result<u8, Problem> {
    let Files { before, after } = match files {
        Some(files) => files,
        None => Files::read(arguments, &context.output)?,
    };
    let issuer = context.session.facts().issuer.clone();
    if let Some(other) =
        [Some(&before), after.as_ref()].into_iter().flatten().find(|one| one.issuer != issuer)
    {
        return Err(elsewhere(other, &issuer));
    }
    let now = match after {
        Some(after) => after,
        None => taken(context).await?,
    };
    let session = context.session.clone();
    let found = compare(&before, &now);
    let events = context.interrupt.stops(async { Ok(session.events_after(&before, &found).await) }).await?;
    tell(&context.output, arguments, [&before, &now], Some((found, events)))
}

fn elsewhere(snapshot: &Snapshot, issuer: &SafeText) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        "Cannot compare",
        format!("the snapshot is of {}, but this is {issuer}", snapshot.issuer),
        "choose the profile of that instance with --profile, or compare two files",
    )
}

type Told = (Comparison, Result<Vec<RoleGrant>, Problem>);

fn tell(
    output: &Output,
    arguments: &DiffArguments,
    [before, after]: [&Snapshot; 2],
    told: Option<Told>,
) -> Result<u8, Problem> {
    if before.issuer != after.issuer {
        output.warning(&format!(
            "these are two instances, {} and {}, and their ids tell nothing about each other",
            before.issuer, after.issuer
        ));
    }
    let (found, events) = match told {
        Some((found, events)) => (found, Some(events)),
        None => (compare(before, after), None),
    };
    let known = events.as_ref().and_then(|events| events.as_deref().ok()).unwrap_or_default();
    let mut listing = Listing::new(output, KIND, COLUMNS)?;
    listing.push_all(found.differences.iter().filter_map(|difference| row(difference, known)))?;
    let untold: Vec<Value> = found
        .untold
        .iter()
        .map(|one| {
            json!({
                "user": user_json(&one.record.manager.user),
                "resource": named(&one.record),
                "roles": role_keys(&one.record.manager.roles),
                "unread": side(one.unread),
                "part": one.part.as_str(),
            })
        })
        .collect();
    let unread: Vec<Value> = [(Side::Before, before), (Side::After, after)]
        .into_iter()
        .flat_map(|(of, snapshot)| {
            snapshot.gaps.iter().map(move |gap| {
                json!({
                    "side": side(of),
                    "part": gap.name.as_str(),
                    "why": gap.why.as_str(),
                    "missing_permission": gap.missing_permission.as_ref().map(SafeText::as_str),
                })
            })
        })
        .collect();
    let renamed: Vec<Value> = found.renamed.iter().map(renamed_json).collect();
    let refused = events.as_ref().and_then(|events| events.as_ref().err());
    listing.end(vec![
        ("cannot_tell", json!(untold)),
        ("renamed", json!(renamed)),
        ("unread", json!(unread)),
        ("events_unread", refused.map_or(Value::Null, events_json)),
    ])?;
    aside(output, &found, refused);
    let name =
        if arguments.with_now() { " now".to_owned() } else { format!(" in {}", arguments.after.display()) };
    let earlier = tell_gaps(output, &before.gaps, &format!(" in {}", arguments.before.display()));
    let later = tell_gaps(output, &after.gaps, &name);
    let unread = if later == exit::DONE { earlier } else { later };
    Ok(if found.differences.is_empty() {
        if arguments.partial { exit::DONE } else { unread }
    } else {
        exit::FOUND
    })
}

/// Tells what is no row.
fn aside(output: &Output, found: &Comparison, refused: Option<&Problem>) {
    if found.differences.is_empty() {
        output.note(if found.untold.is_empty() {
            "no manager differs"
        } else {
            "no manager differs in what could be read"
        });
    }
    if let Some(problem) = refused {
        output.warning(&format!("cannot tell who did it: {}", problem.why));
        output.note(&format!("  {}", problem.fix));
    }
    for renamed in &found.renamed {
        output.note(&match renamed {
            Renamed::User { id, from, to } => format!("the user {id} was called {from} and is called {to}"),
            Renamed::Resource { resource, from, to } => {
                let (level, id) = (resource.level(), ResourceIds::of(resource).own);
                let place = format!("the {level} {id}");
                format!("{} was called {from} and is called {to}", place.trim_end())
            }
        });
    }
    // A part is told once, however many managers it leaves open.
    let mut parts: BTreeMap<(&str, &SafeText), usize> = BTreeMap::new();
    for untold in &found.untold {
        *parts.entry((side(untold.unread), &untold.part)).or_default() += 1;
    }
    for ((side, part), managers) in parts {
        let how = if side == "after" { "went" } else { "came" };
        output.warning(&format!("cannot tell whether {managers} managers {how}: {part}"));
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Before => "before",
        Side::After => "after",
    }
}

fn named(record: &ManagerRecord) -> Value {
    resource_json(&record.manager.resource, &record.resource_name, Some(&record.organization_name))
}

fn events_json(problem: &Problem) -> Value {
    json!({
        "why": problem.why.as_str(),
        "missing_permission": problem.missing.as_ref().map(|missing| missing.permission),
    })
}

fn renamed_json(renamed: &Renamed) -> Value {
    let (what, id, from, to) = match renamed {
        Renamed::User { id, from, to } => ("user".to_owned(), id.as_str(), from, to),
        Renamed::Resource { resource, from, to } => {
            (resource.level().to_string(), ResourceIds::of(resource).own, from, to)
        }
    };
    json!({"what": what, "id": id, "from": from.as_str(), "to": to.as_str()})
}

const fn word(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Added => "added",
        DifferenceKind::Removed => "removed",
        DifferenceKind::Changed => "changed",
    }
}

fn row(difference: &Difference, events: &[RoleGrant]) -> Option<Row> {
    let record = difference.record()?;
    let (manager, user) = (&record.manager, &record.manager.user);
    let ids = ResourceIds::of(&manager.resource);
    let event = difference.event(events);
    // The row itself tells the time of an addition or a change, not who made it.
    let after = difference.after.as_ref().map(|record| &record.manager);
    let time =
        event.map(|event| event.time).or_else(|| after.and_then(|after| after.changed.or(after.created)));
    let roles = after.map(|after| after.roles.as_slice()).unwrap_or_default();
    let listed =
        |roles: Vec<&Role>| roles.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (by, by_id) = event.map(|event| (&event.editor, &event.editor_id)).unzip();
    Some(Row {
        texts: vec![
            word(difference.kind()).to_owned(),
            manager.resource.level().to_string(),
            record.resource_name.to_string(),
            user.login_name.to_string(),
            user.title().to_string(),
            listed(difference.added().collect()),
            listed(difference.removed().collect()),
            time.map(minute).unwrap_or_default(),
            by.map(ToString::to_string).unwrap_or_default(),
            role_list(roles),
            record.organization_name.to_string(),
            user.id.to_string(),
            ids.own.to_owned(),
            ids.organization.unwrap_or_default().to_owned(),
            by_id.map(ToString::to_string).unwrap_or_default(),
        ],
        id: user.id.to_string(),
        json: json!({
            "difference": word(difference.kind()),
            "user": user_json(user),
            "resource": named(record),
            "added": role_keys(difference.added()),
            "removed": role_keys(difference.removed()),
            "roles": after.map(|after| role_keys(&after.roles)),
            "time": time_json(time),
            "by": by.map(SafeText::as_str),
            "by_id": by_id.map(SafeText::as_str),
        }),
    })
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
