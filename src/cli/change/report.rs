//! What became of each change: a row per user on standard output, the reasons aside, one exit code for all.

use serde_json::{Value, json};

use super::super::exit;
use super::super::listing::{Listing, Row};
use super::super::output::Output;
use super::super::shape::{ResourceIds, resource_json, role_keys, role_list, user_json};
use super::super::table::Column;
use super::plan::{Plan, Step};
use crate::domain::change::{ChangeKind, Outcome};
use crate::domain::manager::Manager;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;

const KIND: &str = "changes";
/// How many lines that cannot be understood are told one by one.
const TOLD: usize = 10;
const COLUMNS: &[Column] = &[
    Column::whole("line").on_request(),
    Column::whole("result"),
    Column::text("login_name"),
    Column::text("name"),
    Column::whole("level").on_request(),
    Column::text("resource"),
    Column::text("roles"),
    Column::text("added").on_request(),
    Column::text("removed").on_request(),
    Column::whole("user_id"),
    Column::whole("resource_id").on_request(),
    Column::whole("organization_id").on_request(),
];

/// The columns; the line only where there is a file.
fn columns(plan: &Plan) -> Vec<Column> {
    let from_file = !plan.unresolved.is_empty() || plan.steps.iter().any(|step| !step.lines.is_empty());
    let shown = |column: &Column| Column {
        in_table: column.in_table || (from_file && column.name == "line"),
        ..*column
    };
    COLUMNS.iter().map(shown).collect()
}

/// What there is to tell about a step.
pub(super) enum Told {
    Outcome(Box<Outcome>),
    /// Stopped before its turn.
    NotStarted,
}

impl Told {
    /// Whether it is surely so now.
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Outcome(outcome) if matches!(**outcome, Outcome::Done(_) | Outcome::AlreadySo(_)))
    }
}

/// Prints rows and keeps the exit code.
pub(super) struct Report {
    output: Output,
    listing: Listing,
    code: u8,
}

/// How one outcome is reported.
struct Verdict {
    word: &'static str,
    /// The roles that hold now, where known.
    roles: Option<Vec<Role>>,
    problem: Option<Problem>,
    code: u8,
}

/// Whether the rows have the columns that were asked for, before anything is written.
pub(super) fn check_columns(output: &Output) -> Result<(), Problem> {
    Listing::new(output, KIND, COLUMNS).map(|_| ())
}

/// An empty list.
pub(super) fn nothing(output: &Output) -> Result<(), Problem> {
    Listing::new(output, KIND, COLUMNS)?.end(Vec::new())
}

/// Tells what a dry run would do, with what tells this difference from another where that is asked for.
pub(super) fn planned(output: &Output, plan: &Plan, fingerprint: Option<&str>) -> Result<u8, Problem> {
    let mut listing = Listing::new(output, KIND, &columns(plan))?;
    listing.push_all(plan.steps.iter().map(|step| {
        let nothing = step.change.kind() == ChangeKind::Nothing;
        row(step, if nothing { step.already() } else { "planned" }, Some(&step.change.after), None)
    }))?;
    listing.end(fingerprint.map(|fingerprint| ("fingerprint", json!(fingerprint))).into_iter().collect())?;
    Ok(exit::DONE)
}

/// Tells that nothing was done because lines of a file mean nothing.
pub(super) fn unresolved(output: &Output, plan: &Plan) -> Result<u8, Problem> {
    let mut listing = Listing::new(output, KIND, &columns(plan))?;
    let mut rows: Vec<(u64, Row)> = plan
        .steps
        .iter()
        .map(|step| {
            let row = row(step, "not started", Some(step.change.before.as_deref().unwrap_or_default()), None);
            (step.lines.first().copied().unwrap_or(0), row)
        })
        .collect();
    for (place, (intent, problem)) in plan.unresolved.iter().enumerate() {
        let line = intent.line.unwrap_or(0);
        if place < TOLD {
            output.problem(&problem.clone().during(format!("Line {line}: {}", problem.what)));
        }
        rows.push((line, not_understood(line, &intent.user, problem)));
    }
    rows.sort_by_key(|(line, _)| *line);
    listing.push_all(rows.into_iter().map(|(_, row)| row))?;
    listing.end(Vec::new())?;
    if plan.unresolved.len() > TOLD {
        let more = plan.unresolved.len() - TOLD;
        output.note(&format!("{more} more lines cannot be understood; -o json tells the reason of each"));
    }
    output.note("nothing was changed");
    Ok(plan.unresolved.first().map_or(exit::DONE, |(_, problem)| exit::code(problem.kind)))
}

fn not_understood(line: u64, user: &str, problem: &Problem) -> Row {
    let mut texts = vec![String::new(); COLUMNS.len()];
    for (text, value) in
        texts.iter_mut().zip([line.to_string(), "not understood".to_owned(), user.to_owned()])
    {
        *text = value;
    }
    Row {
        texts,
        id: String::new(),
        json: json!({
            "lines": [line],
            "result": "not_understood",
            "user": Value::Null,
            "resource": Value::Null,
            "added": [],
            "removed": [],
            "roles": Value::Null,
            "warnings": [],
            "refused": false,
            "why": format!("{}: {}", problem.what, problem.why),
        }),
    }
}

impl Report {
    pub(super) fn new(output: &Output, plan: &Plan) -> Result<Self, Problem> {
        let listing = Listing::new(output, KIND, &columns(plan))?;
        Ok(Self { output: output.clone(), listing, code: exit::DONE })
    }

    pub(super) fn tell(&mut self, step: &Step, told: &Told) -> Result<(), Problem> {
        let verdict = verdict(step, told);
        if let Some(problem) = &verdict.problem {
            self.output.problem(problem);
        }
        if self.code == exit::DONE {
            self.code = verdict.code;
        }
        // A reader that left does not stop the writing.
        let row = row(step, verdict.word, verdict.roles.as_deref(), verdict.problem.as_ref());
        self.listing.push(row).map(|_| ())
    }

    /// Ends the list; the exit code is that of the first change which did not succeed.
    pub(super) fn end(self) -> Result<u8, Problem> {
        self.listing.end(Vec::new())?;
        Ok(self.code)
    }
}

fn verdict(step: &Step, told: &Told) -> Verdict {
    let Told::Outcome(outcome) = told else {
        let roles = Some(step.change.before.clone().unwrap_or_default());
        return Verdict { word: "not started", roles, problem: None, code: exit::INTERRUPTED };
    };
    let plain = |word, manager: &Option<Manager>, code| {
        let roles = manager.as_ref().map(|manager| manager.roles.clone());
        Verdict { word, roles, problem: None, code }
    };
    let failed =
        |word, problem: &Problem, code| Verdict { word, roles: None, problem: Some(problem.clone()), code };
    match &**outcome {
        Outcome::Done(manager) => {
            let word = match step.change.kind() {
                ChangeKind::Add => "added",
                ChangeKind::Remove => "removed",
                ChangeKind::ChangeRoles | ChangeKind::Nothing => "changed",
            };
            let mut verdict = plain(word, manager, exit::DONE);
            verdict.roles.get_or_insert_default();
            verdict
        }
        Outcome::AlreadySo(manager) => {
            let word = if step.change.after.is_empty() { "already no manager" } else { "already holds" };
            let mut verdict = plain(word, manager, exit::DONE);
            verdict.roles.get_or_insert_with(|| step.change.after.clone());
            verdict
        }
        Outcome::NotVisibleYet => failed("not visible yet", &not_visible_yet(step), exit::SERVER),
        Outcome::ChangedMeanwhile(manager) => {
            let problem = changed_meanwhile(step, manager.as_ref());
            let mut verdict = failed("changed meanwhile", &problem, exit::REFUSED);
            verdict.roles = Some(manager.as_ref().map(|manager| manager.roles.clone()).unwrap_or_default());
            verdict
        }
        Outcome::Failed(problem) => failed("failed", problem, exit::code(problem.kind)),
        Outcome::LostAndNotDone(problem) => failed("not done", problem, exit::code(problem.kind)),
        Outcome::Unknown(problem) => failed("unknown", problem, exit::SERVER),
    }
}

fn not_visible_yet(step: &Step) -> Problem {
    Problem::new(
        ProblemKind::Server,
        format!("The change of {} is accepted, but not visible yet", step.title),
        "the server took it, but its list does not show it so far",
        "look again with `zitui managers list` in a moment; do not repeat the change before",
    )
}

fn changed_meanwhile(step: &Step, now: Option<&Manager>) -> Problem {
    let roles = now.map(|manager| role_list(&manager.roles)).filter(|roles| !roles.is_empty());
    Problem::new(
        ProblemKind::Refused,
        format!("Nothing was written for {}", step.title),
        format!(
            "somebody else changed the roles meanwhile; now: {}",
            roles.unwrap_or_else(|| "no roles".to_owned())
        ),
        "run the command again to see and confirm the new difference",
    )
}

fn row(step: &Step, word: &str, roles: Option<&[Role]>, problem: Option<&Problem>) -> Row {
    let change = &step.change;
    let user = &change.user;
    let known: Value = roles.map_or(Value::Null, |roles| json!(role_keys(roles)));
    let listed = |roles: Vec<&Role>| roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let ids = ResourceIds::of(&change.resource);
    let lines: Vec<String> = step.lines.iter().map(ToString::to_string).collect();
    Row {
        texts: vec![
            lines.join(", "),
            word.to_owned(),
            user.login_name.to_string(),
            user.title().to_string(),
            change.resource.level().to_string(),
            change.resource_name.to_string(),
            roles.map_or_else(|| "unknown".to_owned(), role_list),
            listed(change.added().collect()),
            listed(change.removed().collect()),
            user.id.to_string(),
            ids.own.to_owned(),
            ids.organization.unwrap_or_default().to_owned(),
        ],
        id: user.id.to_string(),
        json: json!({
            "lines": step.lines,
            "result": word.replace(' ', "_"),
            "user": user_json(user),
            "resource": resource_json(&change.resource, &change.resource_name, Some(&step.organization_name)),
            "added": role_keys(change.added()),
            "removed": role_keys(change.removed()),
            "roles": known,
            "warnings": step.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "refused": step.is_refused(),
            "why": problem.map(|problem| format!("{}: {}", problem.what, problem.why)),
        }),
    }
}
