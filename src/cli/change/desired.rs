//! `zitui plan` and `zitui apply`: a file of desired managers, against what holds now.

use std::path::Path;

use super::super::arguments::ApplyArguments;
use super::super::exit;
use super::super::run::Context;
use super::intent::Intent;
use super::plan::{self, Plan, Purpose};
use super::{carry_out, must_be_able_to_ask, report};
use crate::config::desired;
use crate::domain::change::Change;
use crate::domain::desired::{Desired, DesiredResource};
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::desired::fingerprint;
use crate::engine::resolve::ResourceName;

/// What a file asks for.
#[derive(Default)]
pub(in crate::cli) struct Wanted {
    /// The resources; their managers end with exactly the roles of their intents.
    pub(super) resources: Vec<WantedResource>,
}

/// One resource of it.
pub(super) struct WantedResource {
    pub(super) line: u64,
    pub(super) name: ResourceName,
    /// Whether managers without an intent are removed.
    pub(super) exclusive: bool,
    pub(super) intents: Vec<Intent>,
}

/// Reads the file, before anybody signs in.
///
/// # Errors
/// `Usage`.
pub(in crate::cli) fn read(path: &Path) -> Result<Wanted, Problem> {
    let Desired { resources } = desired::read(path)?;
    Ok(Wanted { resources: resources.into_iter().filter_map(wanted).collect() })
}

/// The same for a command that writes.
///
/// # Errors
/// `Usage`.
pub(in crate::cli) fn read_to_apply(arguments: &ApplyArguments) -> Result<Wanted, Problem> {
    must_be_able_to_ask(&arguments.agreement)?;
    read(&arguments.file)
}

/// None for a resource without a name, which no file holds.
fn wanted(resource: DesiredResource) -> Option<WantedResource> {
    let DesiredResource { line, instance, organization, project, grant, exclusive, managers, name: _ } =
        resource;
    let name =
        if instance { ResourceName::Instance } else { ResourceName::new(organization, project, grant)? };
    let intents = managers.into_iter().map(|manager| Intent {
        line: Some(manager.line),
        user: manager.user,
        resource: name.clone(),
        roles: manager.roles,
    });
    Some(WantedResource { line, intents: intents.collect(), name, exclusive })
}

/// Shows the difference, and exits with 1 where there is one.
pub(in crate::cli) async fn plan(context: &mut Context, wanted: &Wanted, file: &Path) -> Result<u8, Problem> {
    let (plan, fingerprint) = made(context, wanted, Purpose::Look).await?;
    if !plan.unresolved.is_empty() {
        return report::unresolved(&context.output, &plan);
    }
    if !plan.changes_something() {
        context.output.note(&nothing(wanted, file));
        report::planned(&context.output, &plan, Some(&fingerprint))?;
        return Ok(exit::DONE);
    }
    context.output.note(&plan.review(context));
    context.output.note(&format!(
        "fingerprint {fingerprint}; `zitui apply {} --expect {fingerprint}` does this and nothing else",
        file.display()
    ));
    report::planned(&context.output, &plan, Some(&fingerprint))?;
    Ok(exit::FOUND)
}

/// Makes it so.
pub(in crate::cli) async fn apply(
    context: &mut Context,
    wanted: &Wanted,
    arguments: &ApplyArguments,
) -> Result<u8, Problem> {
    let (plan, fingerprint) = made(context, wanted, Purpose::Write).await?;
    if plan.unresolved.is_empty() && !plan.changes_something() {
        context.output.note(&nothing(wanted, &arguments.file));
        return report::nothing(&context.output).map(|()| exit::DONE);
    }
    if let Some(expected) = &arguments.expect
        && plan.unresolved.is_empty()
        && !expected.trim().eq_ignore_ascii_case(&fingerprint)
    {
        context.output.note(&plan.review(context));
        return Err(Problem::new(
            ProblemKind::Refused,
            "Nothing was changed",
            format!("the difference is another now: its fingerprint is {fingerprint}, not {expected}"),
            "look at the difference above, and give its fingerprint if this is what you want",
        ));
    }
    carry_out(context, &arguments.agreement, &plan).await
}

async fn made(context: &mut Context, wanted: &Wanted, purpose: Purpose) -> Result<(Plan, String), Problem> {
    report::check_columns(&context.output)?;
    let session = context.session.clone();
    let plan = context.interrupt.stops(plan::of_desired(&session, wanted, purpose)).await?;
    let changes: Vec<&Change> = plan.steps.iter().map(|step| &step.change).collect();
    let fingerprint = fingerprint(session.facts().issuer.as_str(), &changes);
    Ok((plan, fingerprint))
}

fn nothing(wanted: &Wanted, file: &Path) -> String {
    let managers: usize = wanted.resources.iter().map(|resource| resource.intents.len()).sum();
    let resources = wanted.resources.len();
    format!("nothing to change: {managers} managers on {resources} resources are as {} says", file.display())
}
