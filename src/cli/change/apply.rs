//! Writes the changes of a plan, a few at once, and tells them in the order of the plan. A write under way is never given
//! up blindly.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use super::super::output::Output;
use super::super::run::Context;
use super::super::{exit, interrupt};
use super::plan::{Plan, Step};
use super::report::{Report, Told};
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome, Turn};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;
use crate::engine::Session;

/// Changes under way at once; those of one user on one resource wait for each other (DESIGN section 6).
const AT_ONCE: usize = 4;

/// How often the operator wanted to stop: the first time nothing more is sent and what is under way is waited for, the
/// second time it is left.
const WAIT: u8 = 1;
const LEAVE: u8 = 2;

pub(super) async fn apply(context: &mut Context, plan: &Plan) -> Result<u8, Problem> {
    let mut report = Report::new(&context.output, plan)?;
    let Context { session, output, interrupt, .. } = context;
    let (ending, stopped) = watch::channel(0);
    let under_way = AtomicUsize::new(0);
    let writing = Writing { session, output, undoes: plan.undoes.as_ref(), under_way: &under_way };
    let own_user = &session.facts().identity.user;
    let turn = |step: &Step| Turn::of(&step.change, Some(own_user));
    let mut told: Vec<Option<Told>> = plan.steps.iter().map(|_| None).collect();
    let (mut printed, mut interrupts, mut unprinted) = (0, 0, None);
    for now in Turn::ALL {
        let due = plan.steps.iter().enumerate().filter(|(_, step)| turn(step) == now);
        let due: Vec<_> =
            due.map(|(place, step)| (place, step, hindered(step, &plan.steps, &told))).collect();
        let writes = due.into_iter().map(|(place, step, hindered)| {
            let stopped = stopped.clone();
            async move {
                match hindered {
                    Some(problem) => (place, Told::Outcome(Box::new(Outcome::Failed(problem)))),
                    None => (place, writing.step(step, stopped).await),
                }
            }
        });
        let mut outcomes = pin!(stream::iter(writes).buffer_unordered(AT_ONCE));
        loop {
            tokio::select! {
                outcome = outcomes.next() => {
                    let Some((place, outcome)) = outcome else { break };
                    if let Some(told) = told.get_mut(place) {
                        *told = Some(outcome);
                    }
                    // In the order of the plan, whatever came first.
                    while let (Some(step), Some(Some(outcome))) = (plan.steps.get(printed), told.get(printed)) {
                        if let Err(problem) = report.tell(step, outcome) {
                            // Nobody reads any more; what is under way must still come to its end.
                            unprinted.get_or_insert(problem);
                            ending.send_replace(WAIT.max(interrupts));
                        }
                        printed += 1;
                    }
                }
                () = interrupt.next() => {
                    interrupts = interrupts.saturating_add(1);
                    ending.send_replace(interrupts);
                    if interrupts < LEAVE && under_way.load(Ordering::SeqCst) > 0 {
                        output.question("a write is under way, waiting for its outcome; ctrl-c again leaves without it");
                    }
                }
            }
        }
    }
    let code = report.end()?;
    unprinted.map_or(Ok(if interrupts > 0 { exit::INTERRUPTED } else { code }), Err)
}

/// Why an owner stays: the one who should have come first did not, and the guards have counted on both.
fn hindered(step: &Step, steps: &[Step], told: &[Option<Told>]) -> Option<Problem> {
    if !step.change.loses_owner() {
        return None;
    }
    let comes = |other: &Step| other.change.gives_owner() && other.change.resource == step.change.resource;
    let failed = steps
        .iter()
        .zip(told)
        .find(|(other, told)| comes(other) && !matches!(told, Some(told) if told.is_done()));
    failed.map(|(other, _)| {
        Problem::new(
            ProblemKind::Refused,
            format!("Nothing was written for {}", step.title),
            format!(
                "{} should have become an owner of {} before and did not",
                other.title, step.change.resource_name
            ),
            "see to it that there is another owner, then run the command again",
        )
    })
}

/// What every write of a plan needs.
#[derive(Clone, Copy)]
struct Writing<'a> {
    session: &'a Session,
    output: &'a Output,
    undoes: Option<&'a SafeText>,
    /// How many were sent and have no outcome so far.
    under_way: &'a AtomicUsize,
}

impl Writing<'_> {
    async fn step(self, step: &Step, mut stopped: watch::Receiver<u8>) -> Told {
        if step.change.kind() == ChangeKind::Nothing {
            return Told::Outcome(Box::new(Outcome::AlreadySo(None)));
        }
        if *stopped.borrow() >= WAIT {
            return Told::NotStarted;
        }
        let sent = AtomicBool::new(false);
        let observe = |at: ApplyStep| {
            self.output.detail(&format!("{}: {}", step.title, describe(at)));
            if at != ApplyStep::Reading && !sent.swap(true, Ordering::SeqCst) {
                self.under_way.fetch_add(1, Ordering::SeqCst);
            }
        };
        let mut write = pin!(self.session.apply(&step.change, self.undoes, observe));
        let told = loop {
            tokio::select! {
                outcome = &mut write => break Told::Outcome(Box::new(outcome)),
                Ok(()) = stopped.changed() => {
                    if !sent.load(Ordering::SeqCst) {
                        break Told::NotStarted;
                    }
                    if *stopped.borrow_and_update() >= LEAVE {
                        break Told::Outcome(Box::new(Outcome::Unknown(left(&step.change))));
                    }
                }
            }
        };
        if sent.load(Ordering::SeqCst) {
            self.under_way.fetch_sub(1, Ordering::SeqCst);
        }
        told
    }
}

const fn describe(step: ApplyStep) -> &'static str {
    match step {
        ApplyStep::Reading => "reading what holds now",
        ApplyStep::Writing => "writing",
        ApplyStep::Verifying => "accepted, reading it back",
    }
}

fn left(change: &Change) -> Problem {
    Problem::new(
        ProblemKind::Interrupted,
        format!("It is not known whether {} was changed", change.user.title()),
        interrupt::stopped().what,
        "see `zitui managers list` before trying again",
    )
}
