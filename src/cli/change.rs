//! `zitui managers add`, `set` and `remove`, `zitui plan` and `apply`, and `zitui history undo`: name, read, compute, show,
//! ask, write, tell what became of each.

mod agree;
mod apply;
pub(super) mod desired;
mod file;
mod intent;
mod plan;
mod report;
mod undo;

use super::arguments::{AgreementArguments, ManagersCommand};
use super::output::can_ask;
use super::run::Context;
use crate::domain::problem::{Problem, ProblemKind};
pub(super) use intent::{Action, Intent};
use plan::Plan;
pub(super) use undo::undo;

/// What the flags, a file or standard input ask for; nothing for a command that only reads. Before anybody signs in,
/// and before ctrl-c is listened for, which must end waiting for standard input.
///
/// # Errors
/// `Usage`.
pub(super) fn intents(command: &ManagersCommand) -> Result<Vec<Intent>, Problem> {
    let (action, arguments) = match command {
        ManagersCommand::List(_) => return Ok(Vec::new()),
        ManagersCommand::Add(arguments) => (Action::Add, arguments),
        ManagersCommand::Set(arguments) => (Action::Set, arguments),
        ManagersCommand::Remove(arguments) => (Action::Remove, arguments),
    };
    must_be_able_to_ask(&arguments.agreement)?;
    match &arguments.from {
        Some(path) => file::read(action, path),
        None => intent::from_flags(action, arguments),
    }
}

/// Changes what is asked for.
pub(super) async fn change(
    context: &mut Context,
    action: Action,
    intents: &[Intent],
    agreement: &AgreementArguments,
) -> Result<u8, Problem> {
    report::check_columns(&context.output)?;
    let session = context.session.clone();
    let plan = context.interrupt.stops(plan::make(&session, action, intents)).await?;
    carry_out(context, agreement, &plan).await
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
        return report::planned(&context.output, plan, None);
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
