//! Runs the commands about this machine.

use super::arguments::GlobalArguments;
use super::local_arguments::{ConfigCommand, LocalCommand, ProfilesCommand};
use super::output::Output;
use super::{StartUp, completions, configuration, doctor, exit, man, profiles};
use crate::config::environment::Environment;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine;

/// Runs a command to its end and returns the exit code. Reads the configuration only where the command needs it, so
/// that a mistake in it does not keep anybody from looking for it.
///
/// # Errors
/// What the command fails with.
pub async fn run(
    command: &LocalCommand,
    global: &GlobalArguments,
    environment: Environment,
    output: &Output,
) -> Result<u8, Problem> {
    match command {
        LocalCommand::Completions { shell } => completions::print(*shell)?,
        LocalCommand::Man { folder: Some(folder) } => man::write(folder, output)?,
        LocalCommand::Man { folder: None } => man::print()?,
        LocalCommand::Config { command: ConfigCommand::Path } => configuration::path(global, &environment)?,
        LocalCommand::Config { command: ConfigCommand::Check } => {
            configuration::check(global, environment, output)?;
        }
        LocalCommand::Doctor => return doctor::examine(global, environment, output).await,
        LocalCommand::Logout { all } => logout(*all, &StartUp::read(global, environment)?, output)?,
        LocalCommand::Profiles { command } => {
            let start_up = StartUp::read(global, environment)?;
            match command {
                None | Some(ProfilesCommand::List) => profiles::list(&start_up, output)?,
                Some(ProfilesCommand::Add(arguments)) => {
                    Box::pin(profiles::add(arguments, &start_up, output)).await?;
                }
                Some(ProfilesCommand::Use { name }) => profiles::use_one(name, &start_up, output)?,
                Some(ProfilesCommand::Remove { name, yes }) => {
                    profiles::remove(name, *yes, &start_up, output).await?;
                }
            }
        }
    }
    Ok(exit::DONE)
}

fn logout(all: bool, start_up: &StartUp, output: &Output) -> Result<(), Problem> {
    let profile = if all { None } else { start_up.profile()? };
    if !all && profile.is_none() {
        return Err(Problem::new(
            ProblemKind::Usage,
            "Cannot tell which instance to forget",
            "no flag, environment variable or profile names one",
            "name it with --profile or --url, or forget all with --all",
        ));
    }
    match engine::sign_out(&start_up.paths, profile.as_ref())? {
        0 => output.note("nothing was kept"),
        1 => output.note("1 sign-in forgotten"),
        count => output.note(&format!("{count} sign-ins forgotten")),
    }
    Ok(())
}
