//! What every way to start the program needs first: paths, configuration, profile, theme.

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

    /// The theme of the screens.
    ///
    /// # Errors
    /// `Usage` for an unknown name in the environment.
    pub fn theme(&self) -> Result<ThemeChoice, Problem> {
        selection::theme(self.theme, &self.environment, &self.configuration)
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
