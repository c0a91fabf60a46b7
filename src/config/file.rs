//! The configuration file: `[settings]`, `[review]` and `[profiles.NAME]`.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use url::Url;

use super::address::instance_url;
use super::paths::{Paths, resolve};
use super::profile::{ApiChoice, COLOURS, Credential};
use super::review::{self, ReviewConfiguration};
use super::source::{Source, Table, Value};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};

const PROFILE_KEYS: &[&str] =
    &["url", "key_file", "token_file", "ca_file", "colour", "read_only", "protected", "api", "token_cache"];
const API_CHOICES: &[(&str, ApiChoice)] =
    &[("auto", ApiChoice::Auto), ("v1", ApiChoice::V1), ("v2", ApiChoice::V2)];

/// Which colours to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeChoice {
    /// The 16 colours of the terminal.
    Default,
    /// Bold and reversed instead of shades.
    HighContrast,
    /// No colours.
    Mono,
}

impl ThemeChoice {
    /// Every theme with the name that flag, variable and file know it by.
    pub const NAMED: &[(&str, Self)] =
        &[("default", Self::Default), ("high-contrast", Self::HighContrast), ("mono", Self::Mono)];
}

/// What the configuration file says; empty where there is none.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The theme.
    pub theme: Option<ThemeChoice>,
    /// The profile to use where none is named; always one of `profiles`.
    pub default_profile: Option<String>,
    /// The profiles, by name.
    pub profiles: Vec<StoredProfile>,
    /// Whether commands keep tokens between runs where a profile does not say.
    pub token_cache: bool,
    /// What holds for the access review.
    pub review: ReviewConfiguration,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            theme: None,
            default_profile: None,
            profiles: Vec::new(),
            token_cache: true,
            review: ReviewConfiguration::default(),
        }
    }
}

/// A profile as the file holds it; the credential may come from elsewhere.
#[derive(Clone, Debug)]
pub struct StoredProfile {
    /// Its name.
    pub name: String,
    /// The URL of the instance.
    pub url: Url,
    /// How to sign in.
    pub credential: Option<Credential>,
    /// Certificates to trust besides those of the system (PEM).
    pub ca_file: Option<PathBuf>,
    /// One of [`COLOURS`].
    pub colour: Option<String>,
    /// Nothing may be written.
    pub read_only: bool,
    /// Every write asks for the typed name of the resource.
    pub protected: bool,
    /// Which generation of the API to write with.
    pub api: ApiChoice,
    /// Whether commands keep the token between runs, where the profile says.
    pub token_cache: Option<bool>,
}

impl Configuration {
    /// Reads the configuration file. A missing one is as good as an empty one unless it is `required`, because
    /// somebody named it.
    ///
    /// # Errors
    /// `Usage`, with file, line and column wherever the file can be read.
    pub fn load(paths: &Paths, required: bool) -> Result<Self, Problem> {
        let path = &paths.config_file;
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == ErrorKind::NotFound && !required => Ok(Self::default()),
            Err(error) => Err(Problem::new(
                ProblemKind::Usage,
                format!("Cannot read the configuration file {}", path.display()),
                error.to_string(),
                "name a file that exists and that you may read, with --config or ZITUI_CONFIG",
            )),
        }
    }

    /// Understands the text of the file at `path`; relative paths in it start from its folder.
    ///
    /// # Errors
    /// `Usage`, with file, line and column.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Problem> {
        let source = Source { what: "the configuration file", path, text };
        let document = source.parse(text)?;
        let root = Table::new(&source, "the file".to_owned(), document.get_ref());
        root.only(&["settings", "review", "profiles"])?;
        let mut profiles = Vec::new();
        for (name, place, table) in root.tables("profiles")? {
            profiles.push(profile(&source, name, place, &table)?);
        }
        let review = root.table("review")?.map(|table| review::understand(path, &table)).transpose()?;
        let review = review.unwrap_or_default();
        let Some(settings) = root.table("settings")? else {
            return Ok(Self { profiles, review, ..Self::default() });
        };
        settings.only(&["theme", "default_profile", "token_cache"])?;
        let theme = settings.text("theme")?.map(|value| value.one_of(ThemeChoice::NAMED)).transpose()?;
        let default_profile = settings.text("default_profile")?;
        let default_profile = default_profile.map(|value| known_profile(&value, &profiles)).transpose()?;
        let token_cache = settings.choice("token_cache")?.unwrap_or(true);
        Ok(Self { theme, default_profile, profiles, token_cache, review })
    }
}

fn known_profile(value: &Value<'_>, profiles: &[StoredProfile]) -> Result<String, Problem> {
    let name = value.as_str();
    if profiles.iter().any(|profile| profile.name == name) {
        return Ok(name.to_owned());
    }
    let fix = did_you_mean(name, profiles.iter().map(|profile| profile.name.as_str()))
        .unwrap_or_else(|| format!("add [profiles.{name}], or name a profile of this file"));
    Err(value.complaint(&format!("there is no profile {name}"), &fix))
}

fn profile(
    source: &Source<'_>,
    name: &str,
    place: Range<usize>,
    table: &Table<'_, '_>,
) -> Result<StoredProfile, Problem> {
    if let Some(token) = table.text("token")? {
        return Err(token.complaint(
            "a token does not belong in the configuration file",
            "put it into a file that only you can read and name that as token_file",
        ));
    }
    table.only(PROFILE_KEYS)?;
    let url = table.text("url")?.ok_or_else(|| {
        source.complaint(
            place,
            &format!("[profiles.{name}] has no url"),
            "add url = \"https://…\", the address of the instance",
        )
    })?;
    let url = instance_url(url.as_str())
        .map_err(|problem| url.complaint(problem.why.as_str(), problem.fix.as_str()))?;
    let path = |value: Value<'_>| resolve(source.path, value.as_str());
    let credential = match (table.text("key_file")?, table.text("token_file")?) {
        (Some(_), Some(token_file)) => {
            return Err(token_file.complaint(
                "a profile signs in with key_file or with token_file, not with both",
                "remove one of the two",
            ));
        }
        (Some(key_file), None) => Some(Credential::KeyFile(path(key_file))),
        (None, Some(token_file)) => Some(Credential::TokenFile(path(token_file))),
        (None, None) => None,
    };
    let colours: Vec<(&str, &str)> = COLOURS.iter().map(|colour| (*colour, *colour)).collect();
    let colour = table.text("colour")?.map(|value| value.one_of(&colours)).transpose()?;
    Ok(StoredProfile {
        name: name.to_owned(),
        url,
        credential,
        ca_file: table.text("ca_file")?.map(path),
        colour: colour.map(str::to_owned),
        read_only: table.truth("read_only")?,
        protected: table.truth("protected")?,
        api: table.text("api")?.map(|value| value.one_of(API_CHOICES)).transpose()?.unwrap_or_default(),
        token_cache: table.choice("token_cache")?,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn parse(text: &str) -> Result<Configuration, Problem> {
        Configuration::parse(Path::new("/home/ada/zitui/config.toml"), text)
    }

    #[test]
    fn understands_everything_a_file_may_say() {
        let configuration = parse(
            "[settings]\ntheme = \"mono\"\ndefault_profile = \"prod\"\n\
             [profiles.prod]\nurl = \"auth.example.com\"\nkey_file = \"keys/prod.json\"\nca_file = \"/etc/ca.pem\"\n\
             colour = \"Red\"\nread_only = true\nprotected = true\napi = \"v2\"\n\
             [profiles.test]\nurl = \"http://localhost:8080\"\ntoken_file = \"/run/token\"\n",
        )
        .expect("a configuration");
        assert_eq!(configuration.theme, Some(ThemeChoice::Mono));
        assert_eq!(configuration.default_profile.as_deref(), Some("prod"));
        let [prod, test] = configuration.profiles.as_slice() else { panic!("two profiles") };
        assert_eq!(prod.url.as_str(), "https://auth.example.com/");
        let Some(Credential::KeyFile(key_file)) = &prod.credential else { panic!("a key file") };
        assert_eq!(key_file, Path::new("/home/ada/zitui/keys/prod.json"));
        assert_eq!(prod.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
        assert_eq!(prod.colour.as_deref(), Some("red"));
        assert!(prod.read_only && prod.protected && prod.api == ApiChoice::V2);
        assert!(
            matches!(&test.credential, Some(Credential::TokenFile(file)) if file == Path::new("/run/token"))
        );
        assert!(!test.read_only && !test.protected && test.api == ApiChoice::Auto);
    }

    #[rstest]
    #[case::no_toml("[settings\n", "line 1, column 10", "", "TOML")]
    #[case::top(
        "a = 1\n[setings]\n",
        "line 1, column 1",
        "unknown key a in the file",
        "settings, review, profiles"
    )]
    #[case::near("[setings]\n", "line 1, column 2", "unknown key setings", "did you mean settings?")]
    #[case::in_profile(
        "[profiles.prod]\nurl = \"a.example\"\nkeyfile = \"x\"\n",
        "line 3, column 1",
        "unknown key keyfile in [profiles.prod]",
        "did you mean key_file?"
    )]
    #[case::theme(
        "[settings]\ntheme = \"mno\"\n",
        "line 2, column 9",
        "unknown theme mno",
        "did you mean mono?"
    )]
    #[case::default_profile(
        "[settings]\ndefault_profile = \"prd\"\n[profiles.prod]\nurl = \"a.example\"\n",
        "line 2, column 19",
        "no profile prd",
        "did you mean prod?"
    )]
    #[case::no_url("\n[profiles.prod]\n", "line 2, column 11", "has no url", "url = ")]
    #[case::bad_url(
        "[profiles.prod]\nurl = \"http://a.example\"\n",
        "line 2, column 7",
        "in the clear",
        "use https"
    )]
    #[case::wrong_type(
        "[profiles.prod]\nurl = 1\n",
        "line 2, column 7",
        "url in [profiles.prod] must be a text",
        "write url"
    )]
    #[case::no_table(
        "profiles.prod = 1\n",
        "line 1, column 17",
        "[profiles.prod] must be a table",
        "write ["
    )]
    #[case::truth(
        "[profiles.prod]\nurl = \"a.example\"\nread_only = \"yes\"\n",
        "line 3, column 13",
        "must be true or false",
        "read_only = true"
    )]
    #[case::both(
        "[profiles.prod]\nurl = \"a.example\"\nkey_file = \"k\"\ntoken_file = \"t\"\n",
        "line 4, column 14",
        "not with both",
        "remove one"
    )]
    #[case::colour(
        "[profiles.prod]\nurl = \"a.example\"\ncolour = \"redd\"\n",
        "line 3, column 10",
        "unknown colour redd",
        "did you mean red?"
    )]
    #[case::api(
        "[profiles.prod]\nurl = \"a.example\"\napi = \"v3\"\n",
        "line 3, column 7",
        "unknown api v3",
        "did you mean v1"
    )]
    #[case::token(
        "[profiles.prod]\nurl = \"a.example\"\ntoken = \"canary\"\n",
        "line 3, column 9",
        "does not belong",
        "token_file"
    )]
    fn complains_with_line_column_and_advice(
        #[case] text: &str,
        #[case] place: &str,
        #[case] why: &str,
        #[case] fix: &str,
    ) {
        let problem = parse(text).expect_err("must be refused");
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert!(problem.what.as_str().contains("/home/ada/zitui/config.toml"), "{problem}");
        assert!(problem.what.as_str().ends_with(place), "{problem}");
        assert!(problem.why.as_str().contains(why), "{problem}");
        assert!(problem.fix.as_str().contains(fix), "{problem}");
        assert!(!problem.to_string().contains("canary"));
    }

    #[test]
    fn the_documented_example_is_understood() {
        let document = include_str!("../../docs/configuration.md");
        let example = document.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let configuration = parse(example.expect("an example")).expect("a configuration");
        assert_eq!(configuration.profiles.len(), 2);
        assert!(COLOURS.iter().all(|colour| document.contains(colour.trim_start_matches("bright-"))));
    }

    #[test]
    fn a_missing_file_counts_as_empty_unless_it_was_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths =
            Paths { config_file: folder.path().join("config.toml"), state_folder: folder.path().to_owned() };
        assert!(Configuration::load(&paths, false).expect("empty").profiles.is_empty());
        assert_eq!(Configuration::load(&paths, true).expect_err("missing").kind, ProblemKind::Usage);
    }
}
