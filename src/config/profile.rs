//! A named instance with its credential and its safety settings.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::domain::session::ProfileFacts;
use crate::domain::text::SafeText;

/// The names of colours that a profile can have: the sixteen of every terminal.
pub const COLOURS: &[&str] = &[
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "gray",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// A named instance.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Profile {
    /// Its name; `flags` or `environment` where it does not come from the file.
    pub name: String,
    /// The URL of the instance, as the operator gave it.
    pub url: Url,
    /// How to sign in.
    pub credential: Credential,
    /// Certificates to trust besides those of the system (PEM).
    pub ca_file: Option<PathBuf>,
    /// The name of a colour, one of [`COLOURS`].
    pub colour: Option<String>,
    /// Nothing may be written.
    pub read_only: bool,
    /// Every write asks for the typed name of the resource.
    pub protected: bool,
    /// Which generation of the API to write with.
    pub api: ApiChoice,
    /// Whether commands keep the token of a key file between runs.
    pub token_cache: bool,
    /// Whether the configuration file has it under this name.
    pub stored: bool,
}

/// How to sign in. `Debug` shows paths, never secrets.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The key file of a service user.
    KeyFile(PathBuf),
    /// A file that holds a personal access token.
    TokenFile(PathBuf),
    /// A personal access token from the environment.
    Token(SecretString),
}

/// Which generation of the API to write with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiChoice {
    /// v2 where present, else v1.
    #[default]
    Auto,
    /// Always v1.
    V1,
    /// Always v2.
    V2,
}

impl Profile {
    /// What screens need to know.
    pub fn facts(&self) -> ProfileFacts {
        ProfileFacts {
            name: SafeText::new(&self.name),
            url: SafeText::new(self.url.as_str().trim_end_matches('/')),
            colour: self.colour.as_deref().map(SafeText::new),
            read_only: self.read_only,
            protected: self.protected,
            stored: self.stored,
        }
    }
}
