//! The flags of `zitui review`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::domain::review::{RULES, Severity};

/// `zitui review`.
#[derive(Debug, Args)]
pub struct ReviewArguments {
    /// Exit with 1 if something that nobody accepted matters at least this much
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityArgument>,
    /// Show only what matters at least this much
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<SeverityArgument>,
    /// Judge by this rule only; may be repeated
    #[arg(
        long = "rule", value_name = "RULE", ignore_case = true, hide_possible_values = true,
        value_parser = PossibleValuesParser::new(RULES.iter().map(|rule| rule.id))
    )]
    pub rules: Vec<String>,
    /// File of accepted findings; else that of the configuration, else
    /// zitui-review.toml in the current folder
    #[arg(long, value_name = "FILE")]
    pub accepted: Option<PathBuf>,
    /// Powers given in so many days count as recent
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    pub recent_days: Option<u32>,
    /// Show accepted findings as well
    #[arg(long)]
    pub all: bool,
    /// Exit with 0 although parts could not be read
    #[arg(long)]
    pub partial: bool,
    /// What to do instead of a review.
    #[command(subcommand)]
    pub command: Option<ReviewCommand>,
}

/// `zitui review …`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// List the rules, or show why one is there and what to do
    #[command(after_help = "Examples:\n  zitui review rules\n  zitui review rules ZR001")]
    Rules {
        /// Id of a rule
        #[arg(
            value_name = "RULE", ignore_case = true, hide_possible_values = true,
            value_parser = PossibleValuesParser::new(RULES.iter().map(|rule| rule.id))
        )]
        rule: Option<String>,
    },
    /// Accept a finding for a while
    ///
    /// Writes it into a file that belongs into version control. After the last
    /// day the finding is back.
    #[command(after_help = "\
Example:
  zitui review accept ZR001/instance --reason 'by design' \\
      --until 2027-01-31")]
    Accept(AcceptArguments),
}

/// `zitui review accept`.
#[derive(Debug, Args)]
pub struct AcceptArguments {
    /// Key of the finding, as a review shows it
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Why it may stay
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Last day on which that counts
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Date,
    /// Who says so; the name of your user on this machine if left out
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// File to write to; else that of the configuration, else
    /// zitui-review.toml in the current folder
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `--severity` and `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeverityArgument {
    /// Worth knowing
    Info,
    /// To be tidied up
    Low,
    /// To be fixed in time
    Medium,
    /// To be fixed soon
    High,
    /// To be fixed now
    Critical,
}

impl From<SeverityArgument> for Severity {
    fn from(argument: SeverityArgument) -> Self {
        match argument {
            SeverityArgument::Info => Self::Info,
            SeverityArgument::Low => Self::Low,
            SeverityArgument::Medium => Self::Medium,
            SeverityArgument::High => Self::High,
            SeverityArgument::Critical => Self::Critical,
        }
    }
}
