//! Where zitui keeps its files.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use super::environment::Environment;
use crate::domain::problem::{Problem, ProblemKind};

/// The folders and files of zitui on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file, `…/zitui/config.toml`.
    pub config_file: PathBuf,
    /// The folder for the journal and the log.
    pub state_folder: PathBuf,
}

impl Paths {
    /// The paths of this platform. `XDG_CONFIG_HOME` and `XDG_STATE_HOME` win on every platform; the configuration file
    /// given by a flag wins over `ZITUI_CONFIG`, and that over both.
    ///
    /// # Errors
    /// `Usage` where nothing tells a home folder.
    pub fn from_environment(environment: &Environment, config_file: Option<&Path>) -> Result<Self, Problem> {
        let platform = ProjectDirs::from("", "", "zitui");
        let xdg = |name| environment.path(name).filter(|folder| folder.is_absolute());
        let config_file = config_file
            .map(Path::to_owned)
            .or_else(|| environment.path("ZITUI_CONFIG"))
            .or_else(|| Some(xdg("XDG_CONFIG_HOME")?.join("zitui").join("config.toml")))
            .or_else(|| Some(platform.as_ref()?.config_dir().join("config.toml")))
            .ok_or_else(|| homeless("the configuration file", "XDG_CONFIG_HOME"))?;
        let state_folder = xdg("XDG_STATE_HOME")
            .map(|folder| folder.join("zitui"))
            .or_else(|| {
                let platform = platform.as_ref()?;
                Some(platform.state_dir().unwrap_or_else(|| platform.data_local_dir()).to_owned())
            })
            .ok_or_else(|| homeless("the state folder", "XDG_STATE_HOME"))?;
        Ok(Self { config_file, state_folder })
    }
}

/// Replaces a leading `~/` by the home folder, which no shell does inside a file.
pub fn expand_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), BaseDirs::new()) {
        (Ok(rest), Some(folders)) => folders.home_dir().join(rest),
        _ => path.to_owned(),
    }
}

/// A path that a file names; a relative one starts from the folder of the file.
pub(super) fn resolve(file: &Path, given: &str) -> PathBuf {
    let path = expand_home(Path::new(given));
    file.parent().map_or_else(|| path.clone(), |folder| folder.join(&path))
}

fn homeless(what: &str, variable: &str) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot tell where {what} is"),
        "this user has no home folder",
        format!("set HOME or {variable}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(variables: &[(&str, &str)], flag: Option<&str>) -> Paths {
        let environment = Environment::of(variables.iter().copied());
        Paths::from_environment(&environment, flag.map(Path::new)).expect("paths")
    }

    const XDG: [(&str, &str); 2] = [("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "/s")];

    #[test]
    fn xdg_folders_win_over_those_of_the_platform() {
        let found = paths(&XDG, None);
        assert_eq!(found.config_file, Path::new("/c/zitui/config.toml"));
        assert_eq!(found.state_folder, Path::new("/s/zitui"));
    }

    #[test]
    fn a_flag_wins_over_the_variable_and_that_over_the_folder() {
        let variables = [XDG[0], XDG[1], ("ZITUI_CONFIG", "/mine.toml")];
        assert_eq!(paths(&variables, None).config_file, Path::new("/mine.toml"));
        assert_eq!(paths(&variables, Some("/flag.toml")).config_file, Path::new("/flag.toml"));
    }

    #[test]
    fn a_relative_xdg_folder_is_passed_over_as_its_specification_says() {
        let found = paths(&[("XDG_CONFIG_HOME", "relative"), XDG[1]], None);
        assert!(found.config_file.is_absolute() && found.config_file.ends_with("config.toml"));
    }
}
