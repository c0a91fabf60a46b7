//! Whether the operator agrees to a plan: a typed name where a guard or a protected profile asks for it, else yes or no.

use super::super::arguments::AgreementArguments;
use super::super::output::{ask, can_ask};
use super::super::run::Context;
use super::plan::Plan;
use crate::domain::level::Resource;
use crate::domain::problem::{Problem, ProblemKind};

/// A name that must be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// The name as shown.
    pub(super) name: String,
    /// The id, which does as well.
    pub(super) id: String,
    /// Whether a guard asks for it; else the protected profile.
    pub(super) guard: bool,
}

impl Demand {
    fn is_met_by(&self, typed: &str) -> bool {
        let typed = typed.trim();
        typed == self.name || (!self.id.is_empty() && typed == self.id)
    }
}

/// Returns only where the plan may be written.
///
/// # Errors
/// `Refused` where a name lacks, `Interrupted` where the answer is not yes.
pub(super) async fn agree(
    context: &mut Context,
    agreement: &AgreementArguments,
    plan: &Plan,
) -> Result<(), Problem> {
    let demands = demands(plan, context.profile.protected, &context.session.facts().issuer.to_string());
    let open: Vec<&Demand> = demands.iter().filter(|demand| !was_given(demand, agreement)).collect();
    if open.is_empty() && demands.is_empty() && !agreement.yes {
        return yes_or_no(context, plan).await;
    }
    for demand in open {
        let typed = if agreement.yes || !can_ask() { None } else { type_name(context, demand).await? };
        if !typed.is_some_and(|typed| demand.is_met_by(&typed)) {
            return Err(refused(demand, plan, &context.profile.name));
        }
    }
    Ok(())
}

fn was_given(demand: &Demand, agreement: &AgreementArguments) -> bool {
    let confirm = agreement.confirm.iter().filter(|_| !demand.guard);
    agreement.allow_lockout.iter().chain(confirm).any(|typed| demand.is_met_by(typed))
}

/// The names that must be typed. What concerns the whole plan asks for the one resource's name, or for the host of the
/// instance where there are several.
fn demands(plan: &Plan, protected: bool, issuer: &str) -> Vec<Demand> {
    let mut demands: Vec<Demand> = Vec::new();
    let by_resource = |resource: &Resource| -> Option<Demand> {
        let step = plan.steps.iter().find(|step| step.change.resource == *resource)?;
        let id = super::super::shape::ResourceIds::of(resource).own.to_owned();
        Some(Demand { name: step.change.resource_name.to_string(), id, guard: true })
    };
    for step in plan.steps.iter().filter(|step| step.is_refused()) {
        let demand = by_resource(&step.change.resource);
        demands.extend(demand.filter(|demand| !demands.contains(demand)));
    }
    if (plan.many.is_some() || protected) && demands.is_empty() {
        let whole = match plan.resources().as_slice() {
            [only] => by_resource(only),
            _ => None,
        };
        let host = issuer.rsplit("://").next().unwrap_or(issuer).to_owned();
        let whole = whole.unwrap_or(Demand { name: host, id: String::new(), guard: true });
        demands.push(Demand { guard: plan.many.is_some(), ..whole });
    }
    demands
}

async fn type_name(context: &mut Context, demand: &Demand) -> Result<Option<String>, Problem> {
    let question = format!("Type {} to change its managers: ", demand.name);
    context.interrupt.stops(async { Ok(ask(&question).await) }).await
}

async fn yes_or_no(context: &mut Context, plan: &Plan) -> Result<(), Problem> {
    let question = match plan.resources().as_slice() {
        [_] => format!("Change the managers of {}? [y/N] ", plan.place()),
        several => format!("Change managers of {} resources? [y/N] ", several.len()),
    };
    let answer = context.interrupt.stops(async { Ok(ask(&question).await) }).await?;
    match answer.map(|answer| answer.to_lowercase()).as_deref() {
        Some("y" | "yes") => Ok(()),
        _ => Err(Problem::new(ProblemKind::Interrupted, "Nothing was changed", "the answer was not yes", "")),
    }
}

fn refused(demand: &Demand, plan: &Plan, profile: &str) -> Problem {
    let mut reasons: Vec<String> = plan
        .steps
        .iter()
        .flat_map(|step| &step.warnings)
        .chain(&plan.many)
        .filter(|warning| warning.refuses())
        .map(ToString::to_string)
        .collect();
    reasons.dedup();
    let (why, flag) = if demand.guard {
        (format!("a guard asks for the name, typed out: {}", reasons.join("; ")), "--allow-lockout")
    } else {
        (format!("the profile {profile} is protected: every change takes the typed name"), "--confirm")
    };
    Problem::new(
        ProblemKind::Refused,
        format!("Nothing was changed on {}", demand.name),
        why,
        format!("add {flag} {:?} if this is what you want", demand.name),
    )
}
