//! Runs the commands that need an instance: sign in, do the one thing, make an exit code of it.

use super::arguments::{ClientCommand, ManagersCommand, OrganizationsCommand};
use super::interrupt::Interrupt;
use super::output::Output;
use super::{StartUp, add_managers, exit, managers, organizations, whoami};
use crate::config::profile::Profile;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{self, Freshness, Session};

/// What a command works with.
pub(super) struct Context {
    pub(super) session: Session,
    pub(super) profile: Profile,
    pub(super) output: Output,
    pub(super) interrupt: Interrupt,
}

/// Runs a command to its end and returns the exit code.
pub async fn run(command: &ClientCommand, start_up: &StartUp, output: Output) -> u8 {
    match Box::pin(execute(command, start_up, output)).await {
        Ok(code) => code,
        Err(problem) => {
            output.problem(&problem);
            exit::code(problem.kind)
        }
    }
}

async fn execute(command: &ClientCommand, start_up: &StartUp, output: Output) -> Result<u8, Problem> {
    let profile = start_up.profile()?.ok_or_else(|| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot tell which instance to use",
            "no flag, environment variable or profile names one",
            "name it with --url and --key-file, or try `zitui demo --serve`",
        )
    })?;
    if profile.read_only && writes(command) {
        return Err(Problem::new(
            ProblemKind::Refused,
            "Cannot change managers",
            format!("the profile {} is read-only", profile.name),
            "leave out --read-only, or use another profile; --dry-run is always allowed",
        ));
    }
    let mut interrupt = Interrupt::listen().map_err(|error| {
        Problem::new(ProblemKind::Usage, "Cannot listen for ctrl-c", error.to_string(), "")
    })?;
    let session =
        interrupt.stops(Box::pin(engine::resume(&profile, &start_up.paths, freshness(command)))).await?;
    let facts = session.facts();
    output.detail(&format!("signed in as {} on {}", facts.identity.login_name, facts.issuer));
    for notice in &facts.notices {
        output.warning(notice.as_str());
    }
    let mut context = Context { session, profile, output, interrupt };
    match command {
        ClientCommand::Whoami => whoami::show(&context)?,
        ClientCommand::Organizations { command: OrganizationsCommand::List { search } } => {
            organizations::list(&mut context, search).await?;
        }
        ClientCommand::Managers { command: ManagersCommand::List { org } } => {
            managers::list(&mut context, org).await?;
        }
        ClientCommand::Managers { command: ManagersCommand::Add(arguments) } => {
            return Box::pin(add_managers::add(&mut context, arguments)).await;
        }
    }
    Ok(exit::DONE)
}

/// How much a command may rely on what an earlier one found out.
const fn freshness(command: &ClientCommand) -> Freshness {
    match command {
        ClientCommand::Whoami => Freshness::Identity,
        _ if writes(command) => Freshness::Writing,
        _ => Freshness::Reading,
    }
}

const fn writes(command: &ClientCommand) -> bool {
    match command {
        ClientCommand::Managers { command: ManagersCommand::Add(arguments) } => !arguments.dry_run,
        ClientCommand::Managers { command: ManagersCommand::List { .. } }
        | ClientCommand::Whoami
        | ClientCommand::Organizations { .. } => false,
    }
}
