//! clap types, one file per command, output formats, exit codes. May use `engine`, `config` and `domain`.
//!
//! Data goes to standard output, everything else to standard error; `output` is the only file that writes to either.

mod add_managers;
pub mod arguments;
pub mod exit;
mod interrupt;
pub mod log;
mod managers;
mod organizations;
pub mod output;
pub mod run;
pub mod serve;
mod start_up;
mod table;
mod whoami;

pub use arguments::{Arguments, Command};
pub use output::Output;
pub use start_up::StartUp;
