//! `zitui history`: the journal of this machine.

use serde_json::json;

use super::listing::{Listing, Row};
use super::output::Output;
use super::shape::{resource_json, role_keys, role_list, user_json};
use super::table::Column;
use crate::config::paths::Paths;
use crate::domain::journal::{JournalEntry, JournalOutcome};
use crate::domain::problem::Problem;
use crate::domain::role::Role;
use crate::domain::text::SafeText;
use crate::engine::journal::history;

const COLUMNS: &[Column] = &[
    Column::whole("id"),
    Column::whole("time"),
    Column::whole("outcome"),
    Column::text("login_name"),
    Column::text("resource"),
    Column::text("before"),
    Column::text("after"),
    Column::text("by"),
    Column::whole("level").on_request(),
    Column::text("profile").on_request(),
    Column::text("issuer").on_request(),
    Column::whole("undoes").on_request(),
    Column::whole("user_id").on_request(),
];

/// Prints the journal. It is on this machine, so nobody signs in for that.
pub(super) async fn list(output: &Output, paths: &Paths) -> Result<(), Problem> {
    let mut listing = Listing::new(output, "history", COLUMNS)?;
    let entries = history(paths).await?;
    if entries.is_empty() {
        output.note("nothing was changed through this machine");
    }
    listing.push_all(entries.iter().map(row))?;
    listing.end(Vec::new())
}

fn row(entry: &JournalEntry) -> Row {
    let (word, why) = outcome(&entry.outcome);
    let listed = |roles: Option<&[Role]>| match roles {
        Some(roles) if !roles.is_empty() => role_list(roles),
        _ => "no manager".to_owned(),
    };
    let undoes = entry.undoes.as_ref().map(SafeText::as_str);
    Row {
        texts: vec![
            entry.id.to_string(),
            entry.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            word.to_owned(),
            entry.user.login_name.to_string(),
            entry.resource_name.to_string(),
            listed(entry.before.as_deref()),
            listed(Some(&entry.after)),
            entry.who.to_string(),
            entry.resource.level().to_string(),
            entry.profile.to_string(),
            entry.issuer.to_string(),
            undoes.unwrap_or_default().to_owned(),
            entry.user.id.to_string(),
        ],
        id: entry.id.to_string(),
        json: json!({
            "id": entry.id.as_str(),
            "time": entry.time.to_string(),
            "outcome": word.replace(' ', "_"),
            "why": why,
            "user": user_json(&entry.user),
            "resource": resource_json(&entry.resource, &entry.resource_name, None),
            "before": entry.before.as_deref().map(role_keys),
            "after": role_keys(&entry.after),
            "by": entry.who.as_str(),
            "profile": entry.profile.as_str(),
            "issuer": entry.issuer.as_str(),
            "undoes": undoes,
        }),
    }
}

fn outcome(outcome: &JournalOutcome) -> (&'static str, Option<&str>) {
    match outcome {
        JournalOutcome::Done => ("done", None),
        JournalOutcome::NotDone(why) => ("not done", Some(why.as_str())),
        JournalOutcome::NotVisibleYet => ("not visible yet", None),
        JournalOutcome::InDoubt => ("in doubt", None),
        JournalOutcome::Unreadable(why) => ("unreadable", Some(why.as_str())),
    }
}
