//! clap types, one file per command, output formats, exit codes. May use `engine`, `config` and `domain`.
//!
//! Data goes to standard output, everything else to standard error; `output` is the only file that writes to either.

pub mod arguments;
mod change;
mod completions;
mod configuration;
mod doctor;
pub mod exit;
mod history;
mod interrupt;
mod listing;
pub mod local;
pub mod local_arguments;
pub mod log;
mod man;
mod managers;
mod organizations;
pub mod output;
mod profiles;
mod projects;
pub mod review;
pub mod roles;
pub mod run;
pub mod serve;
mod sheet;
mod snapshot;
mod start_up;
mod table;
mod unread;
mod users;
mod whoami;

use crate::domain::{csv_line, shape};
pub use arguments::{Arguments, Command};
pub use completions::complete_if_asked;
pub use output::Output;
pub use start_up::StartUp;
