//! `zitui managers add`: name, read, compute, show, ask, write one after the other, tell what became of each.

mod apply;
mod plan;
mod report;

use super::arguments::AddArguments;
use super::output::{ask, can_ask};
use super::run::Context;
use crate::domain::problem::{Problem, ProblemKind};
use plan::Plan;

pub(super) async fn add(context: &mut Context, arguments: &AddArguments) -> Result<u8, Problem> {
    if !arguments.yes && !arguments.dry_run && !can_ask() {
        return Err(Problem::new(
            ProblemKind::Usage,
            "Cannot ask whether to change managers",
            "there is no terminal to ask on",
            "add --yes to change without being asked, or --dry-run to see the difference only",
        ));
    }
    let session = context.session.clone();
    let plan = context.interrupt.stops(plan::make(&session, arguments)).await?;
    let review = plan.review(context);
    if arguments.dry_run {
        context.output.note(&review);
        return report::planned(context.output, &plan);
    }
    if arguments.yes || !plan.changes_something() {
        context.output.note(&review);
    } else {
        context.output.question(&review);
    }
    if plan.changes_something() {
        agree(context, arguments, &plan).await?;
    }
    apply::apply(context, &plan).await
}

/// Returns only where the change may be written.
async fn agree(context: &mut Context, arguments: &AddArguments, plan: &Plan) -> Result<(), Problem> {
    let name = plan.organization.title();
    if plan.refused() || context.profile.protected {
        let typed = match &arguments.confirm {
            Some(typed) => Some(typed.clone()),
            None if arguments.yes || !can_ask() => None,
            None => {
                context
                    .interrupt
                    .stops(async { Ok(ask(&format!("Type {name} to change its managers: ")).await) })
                    .await?
            }
        };
        if typed.as_deref().map(str::trim) == Some(name.as_str()) {
            return Ok(());
        }
        let why = if plan.refused() {
            "a guard asks for the organization's name, typed out".to_owned()
        } else {
            format!("the profile {} is protected: every change takes the typed name", context.profile.name)
        };
        return Err(Problem::new(
            ProblemKind::Refused,
            format!("Nothing was changed on {name}"),
            why,
            format!("add --confirm {:?} if this is what you want", name.as_str()),
        ));
    }
    if arguments.yes {
        return Ok(());
    }
    let answer = context
        .interrupt
        .stops(async { Ok(ask(&format!("Change the managers of {name}? [y/N] ")).await) })
        .await?;
    match answer.map(|answer| answer.to_lowercase()).as_deref() {
        Some("y" | "yes") => Ok(()),
        _ => Err(Problem::new(ProblemKind::Interrupted, "Nothing was changed", "the answer was not yes", "")),
    }
}
