//! Writes the changes of a plan, one after the other. A write under way is never given up blindly.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::run::Context;
use super::super::{exit, interrupt};
use super::plan::{Plan, Step};
use super::report::{Report, Told};
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

pub(super) async fn apply(context: &mut Context, plan: &Plan) -> Result<u8, Problem> {
    let mut report = Report::new(&context.output, plan)?;
    let mut interrupted = false;
    for step in &plan.steps {
        if interrupted {
            report.tell(step, &Told::NotStarted)?;
        } else if step.change.kind() == ChangeKind::Nothing {
            report.tell(step, &Told::Outcome(Box::new(Outcome::AlreadySo(None))))?;
        } else {
            let told = write(context, step, plan.undoes.as_ref(), &mut interrupted).await;
            report.tell(step, &told)?;
        }
    }
    let code = report.end()?;
    Ok(if interrupted { exit::INTERRUPTED } else { code })
}

/// Before the write is sent, ctrl-c stops at once. Then the first one waits for the outcome, the second leaves
/// without it and says so.
async fn write(
    context: &mut Context,
    step: &Step,
    undoes: Option<&SafeText>,
    interrupted: &mut bool,
) -> Told {
    let Context { session, output, interrupt, .. } = context;
    let sent = AtomicBool::new(false);
    let observe = |step: ApplyStep| {
        output.detail(describe(step));
        sent.fetch_or(step != ApplyStep::Reading, Ordering::SeqCst);
    };
    let mut write = pin!(session.apply(&step.change, undoes, observe));
    loop {
        tokio::select! {
            outcome = &mut write => return Told::Outcome(Box::new(outcome)),
            () = interrupt.next() => {
                let again = std::mem::replace(interrupted, true);
                if !sent.load(Ordering::SeqCst) {
                    return Told::NotStarted;
                }
                if again {
                    return Told::Outcome(Box::new(Outcome::Unknown(left(&step.change))));
                }
                output.question("a write is under way, waiting for its outcome; ctrl-c again leaves without it");
            }
        }
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
