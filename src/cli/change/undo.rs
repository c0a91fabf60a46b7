//! `zitui history undo`: the inverse of one change of the journal, against what holds now.

use super::super::arguments::UndoArguments;
use super::super::exit;
use super::super::run::Context;
use super::{carry_out, must_be_able_to_ask, plan, report};
use crate::domain::journal::JournalEntry;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// How many candidates an error lists.
const LISTED: usize = 10;

/// Takes one change back.
pub(in crate::cli) async fn undo(context: &mut Context, arguments: &UndoArguments) -> Result<u8, Problem> {
    must_be_able_to_ask(&arguments.agreement)?;
    report::check_columns(&context.output)?;
    let session = context.session.clone();
    let issuer = session.facts().issuer.clone();
    let read = async {
        let entries = session.history().await?;
        let entry = chosen(&entries, &arguments.id)?.clone();
        if entry.issuer != issuer {
            return Err(elsewhere(&entry, &issuer));
        }
        let now = session.manager(&entry.resource, &entry.user.id).await?;
        let roles = now.as_ref().map(|manager| manager.roles.as_slice());
        let Some(change) = entry.inverse(roles) else { return Ok(None) };
        let owner = entry.resource.organization();
        let names = session.organization_names(owner.map_or(&[], std::slice::from_ref)).await;
        let owner = names.into_iter().next().map(|(_, name)| name).unwrap_or_default();
        plan::of_one(&session, change, owner, entry.id.clone()).await.map(Some)
    };
    let Some(plan) = context.interrupt.stops(read).await? else {
        context.output.note("nothing is left to take back");
        return report::nothing(&context.output).map(|()| exit::DONE);
    };
    carry_out(context, &arguments.agreement, &plan).await
}

/// The entry with this id, or whose id alone begins so.
fn chosen<'a>(entries: &'a [JournalEntry], given: &str) -> Result<&'a JournalEntry, Problem> {
    if let Some(entry) = entries.iter().find(|entry| entry.id.as_str() == given) {
        return Ok(entry);
    }
    let fitting: Vec<&JournalEntry> =
        entries.iter().filter(|entry| !given.is_empty() && entry.id.as_str().starts_with(given)).collect();
    match fitting.as_slice() {
        [only] => Ok(only),
        [] => Err(Problem::new(
            ProblemKind::NotFound,
            format!("There is no change {given} in the journal"),
            "no entry has an id that begins so",
            "see `zitui history`",
        )),
        several => {
            let ids: Vec<&str> = several.iter().take(LISTED).map(|entry| entry.id.as_str()).collect();
            Err(Problem::new(
                ProblemKind::Ambiguous,
                format!("The change {given} is ambiguous"),
                format!("it fits {}: {}", several.len(), ids.join(", ")),
                "give more of the id",
            ))
        }
    }
}

fn elsewhere(entry: &JournalEntry, issuer: &SafeText) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot take {} back here", entry.id),
        format!("it was applied on {}, but this is {issuer}", entry.issuer),
        "choose the profile of that instance with --profile",
    )
}
