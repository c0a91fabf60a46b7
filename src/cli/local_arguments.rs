//! The commands about this machine: profiles, the configuration file, the kept sign-in, the examination, completion and
//! manual.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::config::profile::COLOURS;

/// The commands that can do without an instance.
#[derive(Debug, Subcommand)]
pub enum LocalCommand {
    /// Named instances: list, add, use, remove
    #[command(
        disable_help_subcommand = true,
        after_help = "Examples:\n  zitui profiles add prod\n  zitui profiles use prod"
    )]
    Profiles {
        /// What to do; nothing lists them.
        #[command(subcommand)]
        command: Option<ProfilesCommand>,
    },
    /// The configuration file
    #[command(disable_help_subcommand = true, after_help = "Example:\n  zitui config check")]
    Config {
        /// What to do.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Examine everything that signing in and working needs
    ///
    /// One line for each check, with the fix where one failed. Nothing
    /// secret is told, so that it can be pasted into a ticket. The exit code
    /// is that of the worst failure.
    #[command(after_help = "Examples:\n  zitui doctor\n  zitui doctor --profile prod -o json")]
    Doctor,
    /// Forget the token that commands have kept
    ///
    /// Deletes what is kept on this machine for the instance. It does not
    /// end the token at the server.
    #[command(after_help = "Examples:\n  zitui logout --profile prod\n  zitui logout --all")]
    Logout {
        /// Of every instance
        #[arg(long)]
        all: bool,
    },
    /// Print what makes the shell complete commands, names and roles
    #[command(after_help = "\
Examples:
  zitui completions bash > ~/.local/share/bash-completion/completions/zitui
  zitui completions zsh > ~/.zfunc/_zitui
  zitui completions fish > ~/.config/fish/completions/zitui.fish
  zitui completions powershell >> $PROFILE
  zitui completions elvish >> ~/.config/elvish/rc.elv")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write one for each command
    #[command(after_help = "\
Examples:
  zitui man | man -l -
  zitui man --folder ~/.local/share/man/man1")]
    Man {
        /// Write the pages of all commands into this folder
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// `zitui profiles …`.
#[derive(Debug, Subcommand)]
pub enum ProfilesCommand {
    /// List them
    #[command(after_help = "Example:\n  zitui profiles list -o json")]
    List,
    /// Add one, after testing that signing in works
    ///
    /// Asks for what no flag tells, if there is a terminal. The address is
    /// that of --url, the credential that of --key-file or --token-file.
    #[command(after_help = "\
Examples:
  zitui profiles add prod
  zitui profiles add prod --url https://auth.example.com \\
      --key-file prod.json --colour red --safety protected")]
    Add(AddProfileArguments),
    /// Make one the default
    #[command(after_help = "Example:\n  zitui profiles use prod")]
    Use {
        /// Its name
        #[arg(value_name = "PROFILE")]
        name: String,
    },
    /// Remove one; its key file stays
    #[command(after_help = "Example:\n  zitui profiles remove old --yes")]
    Remove {
        /// Its name
        #[arg(value_name = "PROFILE")]
        name: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

/// `zitui profiles add`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct AddProfileArguments {
    /// What to call it; asked for if left out
    pub name: Option<String>,
    /// Colour of the screens' first line, as in red or bright-blue
    #[arg(long, value_name = "COLOUR", value_parser = clap::builder::PossibleValuesParser::new(COLOURS), hide_possible_values = true)]
    pub colour: Option<String>,
    /// What it may change without more ado
    #[arg(long, value_name = "SAFETY")]
    pub safety: Option<SafetyArgument>,
    /// Sign in anew with every command: keep no token
    #[arg(long)]
    pub no_token_cache: bool,
    /// Make it the default
    #[arg(long)]
    pub default: bool,
    /// Replace the one of that name
    #[arg(long)]
    pub replace: bool,
    /// Save without signing in first
    #[arg(long)]
    pub no_test: bool,
}

/// `--safety`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SafetyArgument {
    /// Every write shows the difference and asks
    Normal,
    /// Every write asks for the typed name of the resource
    Protected,
    /// Nothing can be written
    ReadOnly,
}

/// `zitui config …`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print where it is
    #[command(after_help = "Example:\n  $EDITOR \"$(zitui config path)\"")]
    Path,
    /// Read it and tell the first mistake
    #[command(after_help = "Example:\n  zitui config check")]
    Check,
}

/// The shells that can be made to complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    #[value(alias = "pwsh")]
    Powershell,
    /// Elvish
    Elvish,
}

impl Shell {
    /// The word that the command line and the completion know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Elvish => "elvish",
        }
    }
}
