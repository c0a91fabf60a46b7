//! The command line: commands, flags and their help.

#![expect(clippy::doc_markdown, reason = "these comments are the help that people read")]

mod demo;
mod desired;
mod managers;
mod reading;
mod review;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub use self::demo::{DemoArguments, VersionArgument};
pub use self::desired::{ApplyArguments, DiffArguments, PlanArguments, SaveArguments, SnapshotCommand};
pub use self::managers::{
    AgreementArguments, ChangeArguments, HistoryCommand, ListArguments, ManagersCommand, UndoArguments,
};
pub use self::reading::{LevelArgument, OrganizationsCommand, ProjectsCommand, RolesArguments, UsersCommand};
pub use self::review::{AcceptArguments, ReviewArguments, ReviewCommand, SeverityArgument};
use super::local_arguments::LocalCommand;
use crate::config::file::ThemeChoice;
use crate::config::profile::ApiChoice;
use crate::config::selection::Flags;
use crate::domain::link::Link;

const CONNECTION: &str = "Connection";
const GENERAL: &str = "General";

/// See who can administer what on a ZITADEL instance, and change it safely
#[derive(Debug, Parser)]
#[command(name = "zitui", version, max_term_width = 80, after_help = ABOUT, disable_help_subcommand = true)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArguments,
    /// The command; the interactive program where there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Arguments {
    /// Understands the command line of this process.
    ///
    /// # Errors
    /// What clap has to say: help, or a mistake.
    pub fn of_process() -> Result<Self, clap::Error> {
        let arguments = Self::try_parse()?;
        arguments.refuse_reports_of_lists().map(|()| arguments)
    }

    /// Only a review is a report; everything else is lists and things.
    fn refuse_reports_of_lists(&self) -> Result<(), clap::Error> {
        let is_report = matches!(self.global.output, OutputArgument::Markdown | OutputArgument::Sarif);
        let is_review = matches!(
            &self.command,
            Some(Command::Client(ClientCommand::Review(ReviewArguments { command: None, .. })))
        );
        if is_report && !is_review {
            let why =
                "-o markdown and -o sarif are reports of `zitui review`; take table, json, jsonl, csv or ids";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, why));
        }
        Ok(())
    }
}

const ABOUT: &str = "\
Without a command, zitui opens its interactive screens.

The instance is the one of --url or --profile, else of ZITUI_URL or
ZITUI_PROFILE, else of the configuration file. A token is read from ZITUI_TOKEN
or from a file, never from the command line.

Exit codes: 0 done, 1 found something, 2 wrong usage, 3 not signed in, 4 permission missing,
5 not found or ambiguous, 6 refused by a guard or changed by somebody else
meanwhile, 7 server or network, 130 interrupted.

Examples:
  zitui demo
  zitui --url https://auth.example.com --key-file key.json whoami
  zitui managers add --org Globex --user deploy-bot --role ORG_OWNER";

/// Flags that every command takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct GlobalArguments {
    /// Address of the instance [env: ZITUI_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = CONNECTION)]
    pub url: Option<String>,
    /// Key file of a service user [env: ZITUI_KEY_FILE]
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECTION)]
    pub key_file: Option<PathBuf>,
    /// File with a personal access token [env: ZITUI_TOKEN_FILE; ZITUI_TOKEN
    /// holds the token itself]
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECTION)]
    pub token_file: Option<PathBuf>,
    /// Further certificates to trust, PEM [env: ZITUI_CA_FILE]
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECTION)]
    pub ca_file: Option<PathBuf>,
    /// Profile of the configuration file [env: ZITUI_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = CONNECTION)]
    pub profile: Option<String>,
    /// Configuration file [env: ZITUI_CONFIG]
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECTION)]
    pub config: Option<PathBuf>,
    /// API generation to write with
    #[arg(long, global = true, value_name = "API", help_heading = CONNECTION)]
    pub api: Option<ApiArgument>,
    /// Refuse every write
    #[arg(long, global = true, help_heading = CONNECTION)]
    pub read_only: bool,
    /// Format of the data on standard output
    #[arg(short, long, global = true, value_name = "FORMAT", default_value = "table", help_heading = GENERAL)]
    pub output: OutputArgument,
    /// Columns of a table or of CSV, by name, in this order
    #[arg(long, global = true, value_name = "A,B", value_delimiter = ',', help_heading = GENERAL)]
    pub columns: Vec<String>,
    /// Leave out the titles of a table or of CSV
    #[arg(long, global = true, help_heading = GENERAL)]
    pub no_headers: bool,
    /// Colours of the interactive screens [env: ZITUI_THEME]
    #[arg(long, global = true, value_name = "THEME", help_heading = GENERAL)]
    pub theme: Option<ThemeArgument>,
    /// Tell more on standard error
    #[arg(short, long, global = true, help_heading = GENERAL)]
    pub verbose: bool,
    /// Tell nothing on standard error but errors and questions
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = GENERAL)]
    pub quiet: bool,
}

impl GlobalArguments {
    /// What the flags say about the profile.
    pub fn flags(&self) -> Flags {
        Flags {
            url: self.url.clone(),
            key_file: self.key_file.clone(),
            token_file: self.token_file.clone(),
            ca_file: self.ca_file.clone(),
            profile: self.profile.clone(),
            api: self.api.map(ApiChoice::from),
            read_only: self.read_only,
        }
    }
}

/// `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputArgument {
    /// Columns for people
    Table,
    /// One document for programs, see docs/json.md
    Json,
    /// One JSON document per row, as rows come
    Jsonl,
    /// Comma-separated values with titles
    Csv,
    /// Only ids, one a line, none twice
    Ids,
    /// Of `zitui review` only: a report to put into a ticket
    Markdown,
    /// Of `zitui review` only: SARIF 2.1.0 for what collects findings
    Sarif,
}

/// `--api`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ApiArgument {
    /// v2 where the server has it, else v1
    Auto,
    /// Always v1
    V1,
    /// Always v2
    V2,
}

impl From<ApiArgument> for ApiChoice {
    fn from(argument: ApiArgument) -> Self {
        match argument {
            ApiArgument::Auto => Self::Auto,
            ApiArgument::V1 => Self::V1,
            ApiArgument::V2 => Self::V2,
        }
    }
}

/// `--theme`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ThemeArgument {
    /// The terminal's own 16 colours
    Default,
    /// Few, strong colours
    HighContrast,
    /// No colours
    Mono,
}

impl From<ThemeArgument> for ThemeChoice {
    fn from(argument: ThemeArgument) -> Self {
        match argument {
            ThemeArgument::Default => Self::Default,
            ThemeArgument::HighContrast => Self::HighContrast,
            ThemeArgument::Mono => Self::Mono,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try zitui on an instance that it brings along
    #[command(after_help = "\
Examples:
  zitui demo
  zitui demo --serve --version 2.68
  zitui demo --organizations 3000 --users 100000")]
    Demo(DemoArguments),
    /// Open the interactive screens at one place
    ///
    /// Organizations, users and projects go by id, exact name, domain or login
    /// name. Esc leads from there to the menu.
    #[command(after_help = "\
Examples:
  zitui open org:Globex
  zitui open user:alice@globex.example
  zitui open history --profile prod")]
    Open {
        /// Place: org:NAME, user:NAME, project:NAME, review or history
        #[arg(value_name = "PLACE")]
        place: Link,
    },
    /// Everything about this machine: profiles, files, the examination.
    #[command(flatten)]
    Local(LocalCommand),
    /// Everything that needs an instance to sign in to.
    #[command(flatten)]
    Client(ClientCommand),
}

/// The commands that sign in.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Show who you are, where, and what you manage
    #[command(after_help = "Example:\n  zitui whoami -o json")]
    Whoami,
    /// Organizations
    #[command(
        name = "orgs",
        visible_alias = "organizations",
        disable_help_subcommand = true,
        after_help = "Example:\n  zitui orgs list --search glob"
    )]
    Organizations {
        /// What to do.
        #[command(subcommand)]
        command: OrganizationsCommand,
    },
    /// Users of all organizations
    #[command(disable_help_subcommand = true, after_help = "Example:\n  zitui users search alice")]
    Users {
        /// What to do.
        #[command(subcommand)]
        command: UsersCommand,
    },
    /// Projects and their grants
    #[command(disable_help_subcommand = true, after_help = "Example:\n  zitui projects list --org Globex")]
    Projects {
        /// What to do.
        #[command(subcommand)]
        command: ProjectsCommand,
    },
    /// Show the manager roles, and which of them can make others manager
    #[command(after_help = "\
Examples:
  zitui roles --level project
  zitui roles --org Globex -o json")]
    Roles(RolesArguments),
    /// Managers: users together with the roles they hold
    #[command(
        visible_aliases = ["administrators", "admins", "members"],
        disable_help_subcommand = true,
        after_help = "Example:\n  zitui managers list --org Globex"
    )]
    Managers {
        /// What to do.
        #[command(subcommand)]
        command: ManagersCommand,
    },
    /// Review who holds which power: what is risky, why, and how to fix it
    ///
    /// Reads all managers with their users, and judges them by rules
    /// (docs/review.md). What cannot be read is part of the report.
    ///
    /// With --fail-on the exit code is 1 if something that nobody accepted
    /// matters at least that much. Else it is 4 or 7 if something could not be
    /// read; --partial makes that 0.
    #[command(
        disable_help_subcommand = true,
        args_conflicts_with_subcommands = true,
        after_help = "\
Examples:
  zitui review
  zitui review --fail-on high -o sarif > zitui.sarif
  zitui review --rule ZR001 --rule ZR002 -o csv
  zitui review rules ZR001
  zitui review accept ZR001/instance --reason 'by design' --until 2027-01-31"
    )]
    Review(ReviewArguments),
    /// Keep all managers in a file, and show what changed since
    #[command(
        disable_help_subcommand = true,
        after_help = "Example:\n  zitui snapshot diff managers.json now"
    )]
    Snapshot {
        /// What to do.
        #[command(subcommand)]
        command: SnapshotCommand,
    },
    /// Show what a file of desired managers would change: exit code 1 if
    /// anything
    ///
    /// Each listed manager ends with exactly its roles; where a resource is
    /// exclusive, managers that are not listed are removed. Nothing is written.
    #[command(after_help = "\
Examples:
  zitui plan desired.toml
  zitui plan desired.toml -o json")]
    Plan(PlanArguments),
    /// Make the managers as a file says
    ///
    /// Shows the difference first and asks. What is so already counts as done,
    /// so that it can be run again. Without a terminal it takes --yes or
    /// --dry-run.
    #[command(after_help = "\
Examples:
  zitui apply desired.toml
  zitui apply desired.toml --yes --expect 3f2a9c41d07b")]
    Apply(ApplyArguments),
    /// Show the journal: what was changed through this machine, newest first
    #[command(
        disable_help_subcommand = true,
        after_help = "Examples:\n  zitui history\n  zitui history undo 3f2a9c"
    )]
    History {
        /// What to do; nothing lists the journal.
        #[command(subcommand)]
        command: Option<HistoryCommand>,
    },
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::command;
    use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
    use crate::domain::level::Resource;
    use crate::domain::role::Role;

    #[test]
    fn clap_finds_no_contradiction() {
        Arguments::command().debug_assert();
    }

    fn every_command(command: clap::Command) -> Vec<clap::Command> {
        let below: Vec<clap::Command> = command.get_subcommands().cloned().flat_map(every_command).collect();
        [command].into_iter().chain(below).collect()
    }

    #[test]
    fn every_help_fits_80_columns_and_has_an_example() {
        let mut root = Arguments::command();
        root.build();
        for mut command in every_command(root) {
            for help in [command.render_help(), command.render_long_help()] {
                let help = help.to_string();
                let wide = help.lines().find(|line| line.chars().count() > 80);
                assert_eq!(wide, None, "in the help of {}", command.get_name());
                assert!(help.contains("Example"), "no example in the help of {}", command.get_name());
            }
        }
    }

    #[rstest]
    #[case(&["zitui", "members", "list", "--org", "Globex"])]
    #[case(&["zitui", "administrators", "list", "--org", "Globex"])]
    #[case(&["zitui", "--profile", "prod", "admins", "list", "--org", "Globex"])]
    #[case(&["zitui", "organizations", "list", "--profile", "prod"])]
    #[case(&["zitui", "demo", "--version", "4.3"])]
    fn aliases_and_flags_on_both_sides_are_understood(#[case] line: &[&str]) {
        Arguments::try_parse_from(line).expect("understood");
    }

    #[rstest]
    #[case(&["zitui", "review", "-o", "sarif"], true)]
    #[case(&["zitui", "-o", "markdown", "review", "--fail-on", "high"], true)]
    #[case(&["zitui", "review", "rules", "-o", "json"], true)]
    #[case(&["zitui", "review", "rules", "-o", "markdown"], false)]
    #[case(&["zitui", "managers", "list", "-o", "sarif"], false)]
    #[case(&["zitui", "doctor", "-o", "markdown"], false)]
    #[case(&["zitui", "-o", "sarif"], false)]
    fn reports_are_made_of_a_review_only(#[case] line: &[&str], #[case] allowed: bool) {
        let arguments = Arguments::try_parse_from(line).expect("understood");
        let refused = arguments.refuse_reports_of_lists();
        assert_eq!(refused.is_ok(), allowed);
        assert!(refused.err().is_none_or(|error| error.exit_code() == 2));
    }

    #[test]
    fn flags_of_a_review_are_not_lost_before_a_command_below_it() {
        Arguments::try_parse_from(["zitui", "review", "--fail-on", "high", "rules"]).expect_err("refused");
    }

    #[test]
    fn commands_that_findings_propose_are_understood() {
        let organization = OrganizationId::new("100");
        let project = ProjectId::new("300");
        let (user, other) = (UserId::new("200"), UserId::new("201"));
        let roles = [Role::new("PROJECT_OWNER"), Role::new("PROJECT_OWNER_VIEWER")];
        let resources = [
            Resource::Instance,
            Resource::Organization(organization.clone()),
            Resource::Project { organization: organization.clone(), project: project.clone() },
            Resource::ProjectGrant {
                granted: organization.clone(),
                organization,
                project,
                grant: GrantId::new("400"),
            },
        ];
        let on_resources = resources.iter().flat_map(|resource| {
            [
                command::list_managers(resource),
                command::add_manager(resource, &user, &roles),
                command::set_manager(resource, &user, &roles),
                command::remove_manager(resource, &user, &roles),
                command::remove_managers(resource, [&user, &other]),
            ]
        });
        for line in on_resources.chain([command::list_managers_of(&user), command::show_user(&user)]) {
            Arguments::try_parse_from(shlex::split(&line).expect("words")).expect(&line);
        }
    }

    #[test]
    fn a_token_is_no_argument() {
        let error = Arguments::try_parse_from(["zitui", "whoami", "--token", "x"]).expect_err("refused");
        assert_eq!(error.exit_code(), 2);
    }
}
