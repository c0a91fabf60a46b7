//! The flags of `zitui managers` and `zitui history`.

#![expect(clippy::doc_markdown, reason = "these comments are the help that people read")]

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::reading::LevelArgument;

/// `zitui managers …`.
#[derive(Debug, Subcommand)]
pub enum ManagersCommand {
    /// List managers: of one resource, of one user, or all
    ///
    /// --org, --project and --grant list the managers of that one resource.
    /// --org with --level project or project-grant lists those of all projects
    /// or grants of the organization. Without any of them, the managers of all
    /// levels are listed; with jsonl and csv, rows come as they are read.
    ///
    /// What cannot be read is told on standard error, and the exit code is 4
    /// or 7 although the other rows are printed; --partial makes it 0.
    #[command(after_help = "\
Examples:
  zitui managers list --org Globex
  zitui managers list --role IAM_OWNER -o csv
  zitui managers list --user deploy-bot
  zitui managers list --grant 'Portal→Initech'")]
    List(ListArguments),
    /// Make users manager, or give managers further roles
    ///
    /// Shows the difference first and asks. Roles that a user already holds
    /// stay. Without a terminal it takes --yes or --dry-run.
    #[command(after_help = "\
Examples:
  zitui managers add --org Globex --user deploy-bot --role ORG_OWNER
  zitui managers add --project Portal --user alice --user bob \\
      --role PROJECT_OWNER_VIEWER --yes
  zitui managers add --from team.csv --dry-run

team.csv:
  user,organization,project,grant,roles
  alice@globex.example,Globex,,,ORG_USER_MANAGER
  deploy-bot,Globex,Portal,,PROJECT_OWNER")]
    Add(ChangeArguments),
    /// Replace the roles of users by exactly these
    ///
    /// Who is not manager there yet becomes one. Everything else is as with
    /// add.
    #[command(after_help = "\
Examples:
  zitui managers set --org Globex --user alice --role ORG_USER_MANAGER
  zitui managers set --instance --user ops-bot --role IAM_OWNER_VIEWER")]
    Set(ChangeArguments),
    /// Remove managers, or take roles from them
    ///
    /// Without --role the user is no manager there any more. A user who is
    /// none already counts as done.
    #[command(after_help = "\
Examples:
  zitui managers remove --org Globex --user alice
  zitui managers remove --org Globex --user bob --role ORG_OWNER
  zitui managers remove --from leaving.jsonl --yes")]
    Remove(ChangeArguments),
}

/// `zitui managers list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Only this level
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelArgument>,
    /// Organization: id, name or primary domain
    #[arg(long, value_name = "ORG")]
    pub org: Option<String>,
    /// Project: id or name
    #[arg(long, value_name = "PROJECT")]
    pub project: Option<String>,
    /// Project grant: id, or 'PROJECT→ORG'; '->' does as well
    #[arg(long, value_name = "GRANT")]
    pub grant: Option<String>,
    /// User: id, login name, user name, e-mail or display name
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// Only who holds this role, as in ORG_OWNER
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Exit with 0 although parts could not be read
    #[arg(long)]
    pub partial: bool,
}

/// `zitui managers add`, `set` and `remove`.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// User: id, login name, user name, e-mail or display name; may be
    /// repeated
    #[arg(long = "user", value_name = "USER", required_unless_present = "from", conflicts_with = "from")]
    pub users: Vec<String>,
    /// On the instance
    #[arg(long, conflicts_with_all = ["orgs", "project", "grant", "from"])]
    pub instance: bool,
    /// On an organization: id, name or primary domain; may be repeated. With
    /// --project it tells who owns the project
    #[arg(long = "org", value_name = "ORG", conflicts_with = "from")]
    pub orgs: Vec<String>,
    /// On a project: id or name
    #[arg(long, value_name = "PROJECT", conflicts_with = "from")]
    pub project: Option<String>,
    /// On a project grant: id, or 'PROJECT→ORG'; '->' does as well
    #[arg(long, value_name = "GRANT", conflicts_with = "from")]
    pub grant: Option<String>,
    /// Role, as in ORG_OWNER; may be repeated
    #[arg(long = "role", value_name = "ROLE", conflicts_with = "from")]
    pub roles: Vec<String>,
    /// Read users, resources and roles from a file, CSV with titles or JSON
    /// lines (see docs/changes.md); - is standard input
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// How a change is agreed to.
    #[command(flatten)]
    pub agreement: AgreementArguments,
}

/// How a change is agreed to.
#[derive(Debug, Args)]
pub struct AgreementArguments {
    /// Do not ask
    #[arg(long, short, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Show the difference only
    #[arg(long)]
    pub dry_run: bool,
    /// Name or id of a resource, typed out, on which a guard would refuse the
    /// change; may be repeated
    #[arg(long, value_name = "NAME")]
    pub allow_lockout: Vec<String>,
    /// Name of the resource, typed out, where a protected profile asks for it;
    /// may be repeated
    #[arg(long, value_name = "NAME")]
    pub confirm: Vec<String>,
}

/// `zitui history …`.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Take one change back
    ///
    /// What the change gave is taken, what it took is given back; what others
    /// changed meanwhile stays. The difference is shown first.
    #[command(after_help = "Example:\n  zitui history undo 3f2a9c")]
    Undo(UndoArguments),
}

/// `zitui history undo`.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// Id of the change, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
    /// How a change is agreed to.
    #[command(flatten)]
    pub agreement: AgreementArguments,
}
