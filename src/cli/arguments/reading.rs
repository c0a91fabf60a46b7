//! The flags of the commands that only read: organizations, users, projects, roles.

use clap::{Args, Subcommand, ValueEnum};

use crate::domain::level::Level;

/// `--level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelArgument {
    /// The whole instance
    Instance,
    /// Organizations
    #[value(alias = "org")]
    Organization,
    /// Projects
    Project,
    /// Projects granted to other organizations
    #[value(alias = "grant", alias = "project_grant")]
    ProjectGrant,
}

impl From<LevelArgument> for Level {
    fn from(argument: LevelArgument) -> Self {
        match argument {
            LevelArgument::Instance => Self::Instance,
            LevelArgument::Organization => Self::Organization,
            LevelArgument::Project => Self::Project,
            LevelArgument::ProjectGrant => Self::ProjectGrant,
        }
    }
}

/// `zitui orgs …`.
#[derive(Debug, Subcommand)]
pub enum OrganizationsCommand {
    /// List the organizations that you may see
    #[command(after_help = "\
Examples:
  zitui orgs list
  zitui orgs list --search glob -o json
  zitui orgs list -o csv --columns id,name")]
    List {
        /// Part of the name or of the primary domain, or a whole id
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        search: String,
    },
    /// Show an organization with its managers, projects and granted projects
    #[command(after_help = "Example:\n  zitui orgs show Globex")]
    Show {
        /// Organization: id, name or primary domain
        #[arg(value_name = "ORG")]
        org: String,
    },
}

/// `zitui users …`.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Find users in all organizations
    ///
    /// Compares the text with names, login names, e-mail addresses and ids.
    #[command(after_help = "\
Examples:
  zitui users search alice
  zitui users search @globex.example -o csv")]
    Search {
        /// Part of a name, login name or e-mail address, or a whole id
        #[arg(value_name = "TEXT")]
        text: String,
    },
    /// Show a user and everything that it manages
    #[command(after_help = "Example:\n  zitui users show alice@globex.example")]
    Show {
        /// User: id, login name, user name, e-mail or display name
        #[arg(value_name = "USER")]
        user: String,
    },
}

/// `zitui projects …`.
#[derive(Debug, Subcommand)]
pub enum ProjectsCommand {
    /// List the projects that you may see
    #[command(after_help = "\
Examples:
  zitui projects list --org Globex
  zitui projects list --search portal -o json")]
    List {
        /// Only those of this organization: id, name or primary domain
        #[arg(long, value_name = "ORG")]
        org: Option<String>,
        /// Part of the name
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        search: String,
    },
    /// Show a project with its grants and its managers
    #[command(after_help = "\
Examples:
  zitui projects show Portal
  zitui projects show Portal --org Globex -o json")]
    Show {
        /// Project: id or name
        #[arg(value_name = "PROJECT")]
        project: String,
        /// Organization that owns it, where others have one of that name
        #[arg(long, value_name = "ORG")]
        org: Option<String>,
    },
}

/// `zitui roles`.
#[derive(Debug, Args)]
pub struct RolesArguments {
    /// Only the roles of one level
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelArgument>,
    /// Ask the server which roles it offers in this organization; without it,
    /// the roles are those of a fresh ZITADEL, and nobody signs in
    #[arg(long, value_name = "ORG")]
    pub org: Option<String>,
}
