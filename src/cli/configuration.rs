//! `zitui config`.

use super::StartUp;
use super::arguments::GlobalArguments;
use super::output::{Output, text};
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::domain::problem::Problem;

pub(super) fn path(global: &GlobalArguments, environment: &Environment) -> Result<(), Problem> {
    let paths = Paths::from_environment(environment, global.config.as_deref())?;
    text(&format!("{}\n", paths.config_file.display()))
}

/// Reading it is the check.
pub(super) fn check(
    global: &GlobalArguments,
    environment: Environment,
    output: &Output,
) -> Result<(), Problem> {
    let start_up = StartUp::read(global, environment)?;
    let file = start_up.paths.config_file.display();
    if !start_up.paths.config_file.exists() {
        output.note(&format!("there is no {file}; zitui can do without"));
        return Ok(());
    }
    let count = start_up.configuration().profiles.len();
    let profiles = if count == 1 { "1 profile".to_owned() } else { format!("{count} profiles") };
    output.note(&format!("{file} is fine: {profiles}"));
    Ok(())
}
