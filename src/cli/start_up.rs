//! What every way to start the program needs first: paths, configuration, profile, theme.

use std::path::PathBuf;

use super::arguments::GlobalArguments;
use crate::config::environment::Environment;
use crate::config::file::{Configuration, ThemeChoice};
use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::config::selection::{self, Flags};
use crate::domain::problem::Problem;

/// The configuration together with the flags and the environment, read once.
#[derive(Debug)]
pub struct StartUp {
    /// Where files are.
    pub paths: Paths,
    flags: Flags,
    theme: Option<ThemeChoice>,
    environment: Environment,
    configuration: Configuration,
}

impl StartUp {
    /// Reads the configuration file.
    ///
    /// # Errors
    /// `Usage` for a file that was named and is missing, or that holds a mistake.
    pub fn read(global: &GlobalArguments, environment: Environment) -> Result<Self, Problem> {
        let paths = Paths::from_environment(&environment, global.config.as_deref())?;
        let named = global.config.is_some() || environment.path("ZITUI_CONFIG").is_some();
        let configuration = Configuration::load(&paths, named)?;
        let theme = global.theme.map(ThemeChoice::from);
        Ok(Self { paths, flags: global.flags(), theme, environment, configuration })
    }

    /// Starts the log file where the environment asks for one.
    ///
    /// # Errors
    /// What `log::start` fails with.
    pub fn start_log(&self) -> Result<(), Problem> {
        super::log::start(&self.environment, &self.paths.state_folder)
    }

    /// The profile to sign in with; none where nothing names an instance.
    ///
    /// # Errors
    /// What `config::selection::select` fails with.
    pub fn profile(&self) -> Result<Option<Profile>, Problem> {
        selection::select(&self.flags, &self.environment, &self.configuration)
    }

    /// The profiles of the configuration file that know how to sign in.
    pub fn offered_profiles(&self) -> Vec<Profile> {
        selection::offered(&self.configuration)
    }

    /// The theme that somebody asked for.
    ///
    /// # Errors
    /// `Usage` for an unknown name in the environment.
    pub fn theme(&self) -> Result<Option<ThemeChoice>, Problem> {
        selection::theme(self.theme, &self.environment, &self.configuration)
    }

    /// What the configuration file says.
    pub const fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// What the flags say.
    pub const fn flags(&self) -> &Flags {
        &self.flags
    }

    /// Who works on this machine, as far as the environment tells.
    ///
    /// # Errors
    /// `Usage` for a name that is no text.
    pub fn user_name(&self) -> Result<Option<String>, Problem> {
        Ok(self.environment.user_name()?.map(str::to_owned))
    }

    /// The additional certificates to trust where no profile names any.
    pub fn ca_file(&self) -> Option<PathBuf> {
        self.flags.ca_file.clone().or_else(|| self.environment.path("ZITUI_CA_FILE"))
    }

    /// Whether a flag names an instance or a credential.
    pub fn names_an_instance(&self) -> bool {
        let flags = &self.flags;
        flags.url.is_some()
            || flags.profile.is_some()
            || flags.key_file.is_some()
            || flags.token_file.is_some()
    }
}
