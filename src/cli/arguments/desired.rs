//! The flags of `zitui snapshot`, `plan` and `apply`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::managers::AgreementArguments;

/// `zitui snapshot …`.
#[derive(Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Write all managers with names and times to a file
    ///
    /// The same state makes the same file, byte by byte, so that it can be
    /// kept under version control. What cannot be read is kept in the file and
    /// told on standard error, and the exit code is 4 or 7 although the file
    /// is written; --partial makes it 0.
    #[command(after_help = "\
Examples:
  zitui snapshot save managers.json
  zitui snapshot save desired.toml --as-plan")]
    Save(SaveArguments),
    /// Show who came, went, or holds other roles: exit code 1 if anybody
    ///
    /// Where one side could not be read, nothing is said to have come or gone;
    /// that is told apart. The exit code is 1 for a difference, else 4 or 7
    /// where something could not be read; --partial makes the latter 0.
    #[command(after_help = "\
Examples:
  zitui snapshot diff managers.json now
  zitui snapshot diff january.json february.json -o csv")]
    Diff(DiffArguments),
}

/// `zitui snapshot save`.
#[derive(Debug, Args)]
pub struct SaveArguments {
    /// File to write; - is standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write a desired state for `zitui plan` and `apply` instead: JSON where
    /// the file is called .json, else TOML
    #[arg(long)]
    pub as_plan: bool,
    /// Exit with 0 although parts could not be read
    #[arg(long)]
    pub partial: bool,
}

/// `zitui snapshot diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The older snapshot
    #[arg(value_name = "FILE")]
    pub before: PathBuf,
    /// The newer snapshot, or `now` for what the instance says
    #[arg(value_name = "FILE|now")]
    pub after: PathBuf,
    /// Ask the instance who did it also for two files, which otherwise needs
    /// no instance
    #[arg(long)]
    pub events: bool,
    /// Exit with 0 where nothing differs although parts could not be read
    #[arg(long)]
    pub partial: bool,
}

impl DiffArguments {
    /// Whether the newer side is the instance as it is now.
    pub fn with_now(&self) -> bool {
        self.after.as_os_str() == "now"
    }
}

/// `zitui plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// File with the desired managers, TOML or JSON (see docs/desired.md)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `zitui apply`.
#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// File with the desired managers, TOML or JSON (see docs/desired.md)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Refuse any other difference than the one to which `zitui plan` gave
    /// this fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    pub expect: Option<String>,
    /// How a change is agreed to.
    #[command(flatten)]
    pub agreement: AgreementArguments,
}
