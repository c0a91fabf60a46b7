//! `zitui managers add`, `set` and `remove`, and `zitui history undo`: name, read, compute, show, ask, write one after
//! the other, tell what became of each.

mod agree;
mod apply;
mod file;
mod intent;
mod plan;
mod report;
mod undo;

use super::arguments::{AgreementArguments, ChangeArguments, ManagersCommand};
use super::output::can_ask;
use super::run::Context;
use crate::domain::problem::{Problem, ProblemKind};
pub(super) use intent::Action;
use plan::Plan;
pub(super) use undo::undo;

/// Finds what is wrong with the flags before anybody signs in.
///
/// # Errors
/// `Usage`.
pub(super) fn check(command: &ManagersCommand) -> Result<(), Problem> {
    let (action, arguments) = match command {
        ManagersCommand::List(_) => return Ok(()),
        ManagersCommand::Add(arguments) => (Action::Add, arguments),
        ManagersCommand::Set(arguments) => (Action::Set, arguments),
        ManagersCommand::Remove(arguments) => (Action::Remove, arguments),
    };
    if arguments.from.is_none() {
        intent::from_flags(action, arguments)?;
    }
    must_be_able_to_ask(&arguments.agreement)
}

/// Changes what the flags or a file name.
pub(super) async fn change(
    context: &mut Context,
    action: Action,
    arguments: &ChangeArguments,
) -> Result<u8, Problem> {
    let intents = match &arguments.from {
        Some(path) => file::read(action, path)?,
        None => intent::from_flags(action, arguments)?,
    };
    report::check_columns(&context.output)?;
    let session = context.session.clone();
    let plan = context.interrupt.stops(plan::make(&session, action, &intents)).await?;
    carry_out(context, &arguments.agreement, &plan).await
}

/// Shows the plan, asks, writes.
async fn carry_out(
    context: &mut Context,
    agreement: &AgreementArguments,
    plan: &Plan,
) -> Result<u8, Problem> {
    if !plan.unresolved.is_empty() {
        return report::unresolved(&context.output, plan);
    }
    let review = plan.review(context);
    if agreement.dry_run {
        context.output.note(&review);
        return report::planned(&context.output, plan);
    }
    if agreement.yes || !plan.changes_something() {
        context.output.note(&review);
    } else {
        context.output.question(&review);
    }
    if plan.changes_something() {
        agree::agree(context, agreement, plan).await?;
    }
    apply::apply(context, plan).await
}

fn must_be_able_to_ask(agreement: &AgreementArguments) -> Result<(), Problem> {
    if agreement.yes || agreement.dry_run || can_ask() {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Usage,
        "Cannot ask whether to change managers",
        "there is no terminal to ask on",
        "add --yes to change without being asked, or --dry-run to see the difference only",
    ))
}
