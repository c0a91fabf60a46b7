//! `zitui snapshot`: all managers in a file, and what changed since.

mod diff;

use std::path::Path;

use super::arguments::SaveArguments;
use super::exit;
use super::output::{Output, text};
use super::run::Context;
use crate::config::{desired, private_file};
use crate::domain::desired::described;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::snapshot::{Gap, Snapshot};
use crate::engine::snapshot;

pub(super) use diff::{Files, diff, diff_of_files};

/// How many gaps are told one by one.
const TOLD: usize = 10;

/// Writes all managers, or a desired state that describes them.
pub(super) async fn save(context: &mut Context, arguments: &SaveArguments) -> Result<u8, Problem> {
    let taken = taken(context).await?;
    let file = &arguments.file;
    let (written, what) = if arguments.as_plan {
        let (desired, reasons) = described(&taken);
        for reason in &reasons {
            context.output.warning(reason.as_str());
        }
        if desired.resources.is_empty() {
            return Err(nothing_to_describe());
        }
        let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let resources = desired.resources.len();
        let text = if is_json { desired::json(&desired) } else { desired::toml(&desired) };
        (text, format!("the managers of {resources} resources as desired state"))
    } else {
        (snapshot::text(&taken), format!("{} managers", taken.records.len()))
    };
    if file == Path::new("-") {
        text(&written)?;
    } else {
        private_file::replace_shared(file, written.as_bytes()).map_err(|error| cannot_write(file, &error))?;
        context.output.note(&format!("saved {what} to {}", file.display()));
    }
    let code = tell_gaps(&context.output, &taken.gaps, "");
    Ok(if arguments.partial { exit::DONE } else { code })
}

/// All managers as they are now.
async fn taken(context: &mut Context) -> Result<Snapshot, Problem> {
    let (session, output) = (context.session.clone(), context.output.clone());
    let progress = |done, known| output.progress(&format!("read {done} of {known} lists"));
    let taken = context.interrupt.stops(session.snapshot(progress)).await;
    context.output.progress_ends();
    taken
}

fn cannot_write(file: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot write {}", file.display()),
        error.to_string(),
        "name a file in a folder that exists and that you may write to; what was there is unchanged",
    )
}

fn nothing_to_describe() -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "There is nothing to describe",
        "no manager with a role could be read",
        "see `zitui managers list` for the reasons",
    )
}

/// Tells what could not be read, and returns the exit code.
fn tell_gaps(output: &Output, gaps: &[Gap], when: &str) -> u8 {
    for gap in gaps.iter().take(TOLD) {
        output.warning(&format!("could not read the {}{when}: {}", gap.name, gap.why));
    }
    if gaps.len() > TOLD {
        output.warning(&format!("could not read {} more parts{when}", gaps.len() - TOLD));
    }
    let kind = |gap: &Gap| match gap.missing_permission {
        Some(_) => ProblemKind::PermissionMissing,
        None => ProblemKind::Server,
    };
    gaps.first().map_or(exit::DONE, |gap| exit::code(kind(gap)))
}
