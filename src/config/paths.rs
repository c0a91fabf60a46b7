//! Where zitui keeps its files.

use std::path::PathBuf;

/// The folders and files of zitui on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file, `…/zitui/config.toml`.
    pub config_file: PathBuf,
    /// The folder for the journal and the log.
    pub state_folder: PathBuf,
}
