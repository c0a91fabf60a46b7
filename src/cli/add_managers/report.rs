//! What became of each change: a row per user on standard output, the reasons aside, one exit code for all.

use serde_json::{Value, json};

use super::super::exit;
use super::super::managers::{organization_json, role_keys, role_list, user_json};
use super::super::output::{Output, Row};
use super::super::table::Column;
use super::plan::{Plan, Step};
use crate::domain::change::{ChangeKind, Outcome};
use crate::domain::manager::Manager;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;

const COLUMNS: &[Column] = &[
    Column::whole("RESULT"),
    Column::text("LOGIN NAME"),
    Column::text("NAME"),
    Column::text("ROLES"),
    Column::whole("USER ID"),
];

/// What there is to tell about a step.
pub(super) enum Told {
    Outcome(Box<Outcome>),
    /// Stopped before its turn.
    NotStarted,
}

/// Collects rows and the exit code.
pub(super) struct Report<'a> {
    output: Output,
    plan: &'a Plan,
    rows: Vec<Row>,
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

/// Tells what a dry run would do.
pub(super) fn planned(output: Output, plan: &Plan) -> Result<u8, Problem> {
    let rows: Vec<Row> = plan
        .steps
        .iter()
        .map(|step| {
            let word = if step.change.kind() == ChangeKind::Nothing { "already holds" } else { "planned" };
            row(plan, step, word, Some(&step.change.after))
        })
        .collect();
    output.rows("changes", COLUMNS, &rows)?;
    Ok(exit::DONE)
}

impl<'a> Report<'a> {
    pub(super) const fn new(output: Output, plan: &'a Plan) -> Self {
        Self { output, plan, rows: Vec::new(), code: exit::DONE }
    }

    pub(super) fn tell(&mut self, step: &Step, told: &Told) {
        let verdict = verdict(step, told);
        if let Some(problem) = &verdict.problem {
            self.output.problem(problem);
        }
        self.rows.push(row(self.plan, step, verdict.word, verdict.roles.as_deref()));
        if self.code == exit::DONE {
            self.code = verdict.code;
        }
    }

    /// Prints the rows; the exit code is that of the first change which did not succeed.
    pub(super) fn print(self) -> Result<u8, Problem> {
        self.output.rows("changes", COLUMNS, &self.rows)?;
        Ok(self.code)
    }
}

fn verdict(step: &Step, told: &Told) -> Verdict {
    let Told::Outcome(outcome) = told else {
        let roles = step.change.before.clone();
        return Verdict { word: "not started", roles, problem: None, code: exit::INTERRUPTED };
    };
    let plain = |word, manager: &Option<Manager>, code| {
        let roles = manager.as_ref().map(|manager| manager.roles.clone());
        Verdict { word, roles, problem: None, code }
    };
    let failed =
        |word, problem: &Problem, code| Verdict { word, roles: None, problem: Some(problem.clone()), code };
    match &**outcome {
        Outcome::Done(manager) if step.change.kind() == ChangeKind::Add => {
            plain("added", manager, exit::DONE)
        }
        Outcome::Done(manager) => plain("changed", manager, exit::DONE),
        Outcome::AlreadySo(manager) => {
            let mut verdict = plain("already holds", manager, exit::DONE);
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

fn row(plan: &Plan, step: &Step, word: &str, roles: Option<&[Role]>) -> Row {
    let change = &step.change;
    let user = &change.user;
    let known: Value = roles.map_or(Value::Null, |roles| json!(role_keys(roles)));
    Row {
        texts: vec![
            word.to_owned(),
            user.login_name.to_string(),
            user.title().to_string(),
            roles.map_or_else(|| "unknown".to_owned(), role_list),
            user.id.to_string(),
        ],
        json: json!({
            "result": word.replace(' ', "_"),
            "user": user_json(user),
            "resource": organization_json(&plan.organization.id, &plan.organization.name),
            "added": role_keys(change.added()),
            "removed": role_keys(change.removed()),
            "roles": known,
            "warnings": step.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
    }
}
