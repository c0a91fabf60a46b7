//! Runs the commands that need an instance: sign in, do the one thing, make an exit code of it.

use super::arguments::{
    AgreementArguments, ClientCommand, HistoryCommand, ManagersCommand, OrganizationsCommand,
    ProjectsCommand, ReviewCommand, UsersCommand,
};
use super::change::{Action, Intent};
use super::interrupt::Interrupt;
use super::output::Output;
use super::{
    StartUp, change, exit, history, managers, organizations, projects, review, roles, users, whoami,
};
use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{self, Freshness, Session};

/// What a command works with.
pub(super) struct Context {
    pub(super) session: Session,
    pub(super) profile: Profile,
    pub(super) output: Output,
    pub(super) paths: Paths,
    pub(super) interrupt: Interrupt,
}

/// What a command found on this machine before anybody signed in, so that a mistake in it is told at once.
#[derive(Default)]
struct Prepared {
    intents: Vec<Intent>,
    review: Option<review::Wanted>,
}

/// Runs a command to its end and returns the exit code.
pub async fn run(command: &ClientCommand, start_up: &StartUp, output: Output) -> u8 {
    match Box::pin(execute(command, start_up, &output)).await {
        Ok(code) => code,
        Err(problem) => {
            output.problem(&problem);
            exit::code(problem.kind)
        }
    }
}

async fn execute(command: &ClientCommand, start_up: &StartUp, output: &Output) -> Result<u8, Problem> {
    let mut prepared = Prepared::default();
    match command {
        ClientCommand::Roles(arguments) if arguments.org.is_none() => {
            return roles::catalogue(output, arguments).map(|()| exit::DONE);
        }
        ClientCommand::History { command: None } => {
            return history::list(output, &start_up.paths).await.map(|()| exit::DONE);
        }
        ClientCommand::Managers { command } => prepared.intents = change::intents(command)?,
        ClientCommand::Review(arguments) => match &arguments.command {
            Some(ReviewCommand::Rules { rule }) => {
                let settings = &start_up.configuration().review.settings;
                return match rule {
                    Some(id) => review::explain(output, id, settings),
                    None => review::list_rules(output, settings),
                }
                .map(|()| exit::DONE);
            }
            Some(ReviewCommand::Accept(arguments)) => {
                return review::accept(arguments, start_up, output).map(|()| exit::DONE);
            }
            None => prepared.review = Some(review::Wanted::read(arguments, start_up, output)?),
        },
        _ => {}
    }
    let profile = start_up.profile()?.ok_or_else(|| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot tell which instance to use",
            "no flag, environment variable or profile names one",
            "name it with --url and --key-file, or try `zitui demo --serve`",
        )
    })?;
    if profile.read_only && agreement(command).is_some_and(|agreement| !agreement.dry_run) {
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
    let mut context =
        Context { session, profile, output: output.clone(), paths: start_up.paths.clone(), interrupt };
    Box::pin(dispatch(&mut context, command, &prepared)).await
}

/// How much a command may rely on what an earlier one found out.
fn freshness(command: &ClientCommand) -> Freshness {
    match command {
        ClientCommand::Whoami => Freshness::Identity,
        _ if agreement(command).is_some_and(|agreement| !agreement.dry_run) => Freshness::Writing,
        _ => Freshness::Reading,
    }
}

async fn dispatch(
    context: &mut Context,
    command: &ClientCommand,
    prepared: &Prepared,
) -> Result<u8, Problem> {
    let done = match command {
        ClientCommand::Whoami => whoami::show(context),
        ClientCommand::Organizations { command: OrganizationsCommand::List { search } } => {
            organizations::list(context, search).await
        }
        ClientCommand::Organizations { command: OrganizationsCommand::Show { org } } => {
            return organizations::show(context, org).await;
        }
        ClientCommand::Users { command: UsersCommand::Search { text } } => {
            return users::search(context, text).await;
        }
        ClientCommand::Users { command: UsersCommand::Show { user } } => {
            return users::show(context, user).await;
        }
        ClientCommand::Projects { command: ProjectsCommand::List { org, search } } => {
            return projects::list(context, org.as_deref(), search).await;
        }
        ClientCommand::Projects { command: ProjectsCommand::Show { project, org } } => {
            return projects::show(context, project, org.as_deref()).await;
        }
        ClientCommand::Roles(arguments) => roles::offered(context, arguments).await,
        ClientCommand::Managers { command } => {
            return Box::pin(managers_command(context, command, &prepared.intents)).await;
        }
        ClientCommand::Review(_) => match &prepared.review {
            Some(wanted) => return Box::pin(review::review(context, wanted)).await,
            None => Ok(()),
        },
        ClientCommand::History { command: None } => history::list(&context.output, &context.paths).await,
        ClientCommand::History { command: Some(HistoryCommand::Undo(arguments)) } => {
            return Box::pin(change::undo(context, arguments)).await;
        }
    };
    done.map(|()| exit::DONE)
}

async fn managers_command(
    context: &mut Context,
    command: &ManagersCommand,
    intents: &[Intent],
) -> Result<u8, Problem> {
    match command {
        ManagersCommand::List(arguments) => managers::list(context, arguments).await,
        ManagersCommand::Add(arguments) => {
            change::change(context, Action::Add, intents, &arguments.agreement).await
        }
        ManagersCommand::Set(arguments) => {
            change::change(context, Action::Set, intents, &arguments.agreement).await
        }
        ManagersCommand::Remove(arguments) => {
            change::change(context, Action::Remove, intents, &arguments.agreement).await
        }
    }
}

/// How a command that writes is agreed to; none for one that only reads.
const fn agreement(command: &ClientCommand) -> Option<&AgreementArguments> {
    match command {
        ClientCommand::Managers {
            command:
                ManagersCommand::Add(arguments)
                | ManagersCommand::Set(arguments)
                | ManagersCommand::Remove(arguments),
        } => Some(&arguments.agreement),
        ClientCommand::History { command: Some(HistoryCommand::Undo(arguments)) } => {
            Some(&arguments.agreement)
        }
        ClientCommand::Managers { command: ManagersCommand::List(_) }
        | ClientCommand::History { command: None }
        | ClientCommand::Review(_)
        | ClientCommand::Whoami
        | ClientCommand::Roles(_)
        | ClientCommand::Organizations { .. }
        | ClientCommand::Users { .. }
        | ClientCommand::Projects { .. } => None,
    }
}
