//! `zitui doctor`.

use serde_json::json;

use super::StartUp;
use super::arguments::GlobalArguments;
use super::exit;
use super::listing::{Listing, Row};
use super::output::{Output, OutputFormat, text};
use super::table::Column;
use crate::config::environment::Environment;
use crate::config::profile::Profile;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;
use crate::engine::doctor::{self, Check, Finding};

const COLUMNS: &[Column] = &[
    Column::whole("check"),
    Column::whole("status"),
    Column::text("found"),
    Column::text("why"),
    Column::text("fix"),
    Column::whole("missing_permission"),
];

pub(super) async fn examine(
    global: &GlobalArguments,
    environment: Environment,
    output: &Output,
) -> Result<u8, Problem> {
    let checks = doctor::examine(selected(global, environment)).await;
    let code = doctor::worst(&checks).map_or(exit::DONE, exit::code);
    if output.format == OutputFormat::Table {
        text(&checks.iter().map(lines).collect::<String>())?;
    } else {
        let mut listing = Listing::new(output, "doctor", COLUMNS)?;
        listing.push_all(checks.iter().map(row))?;
        listing.end(vec![("exit_code", json!(code))])?;
    }
    Ok(code)
}

/// The profile, and where it comes from.
fn selected(global: &GlobalArguments, environment: Environment) -> Result<(Profile, String), Problem> {
    let start_up = StartUp::read(global, environment)?;
    let profile = start_up.profile()?.ok_or_else(|| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot tell which instance to use",
            "no flag, environment variable or profile names one",
            "name it with --url and --key-file, or add a profile with `zitui profiles add`",
        )
    })?;
    let file = &start_up.paths.config_file;
    let file = if file.exists() { file.display().to_string() } else { "no configuration file".to_owned() };
    let safety = match (profile.read_only, profile.protected) {
        (true, _) => ", read-only",
        (false, true) => ", protected",
        (false, false) => "",
    };
    let url = profile.url.as_str().trim_end_matches('/');
    let origin = format!("profile {}, {url}{safety} ({file})", profile.name);
    Ok((profile, origin))
}

fn row(check: &Check) -> Row {
    let (status, found, why, fix, missing) = match &check.finding {
        Finding::Good(found) => ("good", Some(found), None, None, None),
        Finding::Warning { found, fix } => ("warning", Some(found), None, Some(fix), None),
        Finding::Failed(problem) => {
            let missing = problem.missing.as_ref().map(|missing| missing.permission);
            ("failed", Some(&problem.what), Some(&problem.why), Some(&problem.fix), missing)
        }
        Finding::NotChecked(why) => ("not_checked", None, Some(why), None, None),
    };
    let text = |text: Option<&SafeText>| text.map(ToString::to_string);
    let (found, why, fix) = (text(found), text(why), text(fix));
    Row {
        json: json!({
            "check": check.name,
            "status": status,
            "found": found,
            "why": why,
            "fix": fix,
            "missing_permission": missing,
        }),
        id: check.name.to_owned(),
        texts: vec![
            check.name.to_owned(),
            status.to_owned(),
            found.unwrap_or_default(),
            why.unwrap_or_default(),
            fix.unwrap_or_default(),
            missing.unwrap_or_default().to_owned(),
        ],
    }
}

fn lines(check: &Check) -> String {
    let name = check.name;
    match &check.finding {
        Finding::Good(found) => format!("ok           {name:13}  {found}\n"),
        Finding::Warning { found, fix } => format!("warning      {name:13}  {found}; fix: {fix}\n"),
        Finding::Failed(problem) => {
            format!(
                "FAILED       {name:13}  {}: {} Fix: {}\n",
                problem.what,
                sentence(&problem.why),
                problem.fix
            )
        }
        Finding::NotChecked(why) => format!("not checked  {name:13}  {why}\n"),
    }
}

fn sentence(text: &SafeText) -> String {
    if text.as_str().ends_with('.') { text.to_string() } else { format!("{text}.") }
}
