//! Which profile holds: flag > environment > file.
//!
//! An address and a credential that were not meant for each other are never put together silently:
//!
//! * the address comes from `--url`, else from the profile of `--profile`, else from `ZITUI_URL`, else from the profile
//!   of `ZITUI_PROFILE`, else from the default profile (or the only one);
//! * the credential comes from `--key-file` or `--token-file`, else from the profile of `--profile`, else from the
//!   environment, else from the profile with that address. A profile of another address is never asked.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::address::{instance_url, same_instance};
use super::environment::Environment;
use super::file::{Configuration, StoredProfile, ThemeChoice};
use super::profile::{ApiChoice, Credential, Profile};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};

/// What the command line says about the profile.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--url`; never together with `profile`.
    pub url: Option<String>,
    /// `--key-file`; never together with `token_file`.
    pub key_file: Option<PathBuf>,
    /// `--token-file`.
    pub token_file: Option<PathBuf>,
    /// `--ca-file`.
    pub ca_file: Option<PathBuf>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--api`.
    pub api: Option<ApiChoice>,
    /// `--read-only`.
    pub read_only: bool,
}

/// The profile to sign in with; none where nothing names an instance.
///
/// # Errors
/// `Usage` for what cannot be used or contradicts itself; `NotSignedIn` for an instance without a credential.
pub fn select(
    flags: &Flags,
    environment: &Environment,
    configuration: &Configuration,
) -> Result<Option<Profile>, Problem> {
    agree(flags)?;
    let Some(base) = base(flags, environment, configuration)? else {
        return no_instance(flags, environment).map(|()| None);
    };
    let stored = base.stored;
    let credential = credential(flags, environment, &base)?;
    let ca_file = flags.ca_file.clone().or_else(|| environment.path("ZITUI_CA_FILE"));
    Ok(Some(Profile {
        name: stored.map_or_else(|| base.origin.name().to_owned(), |stored| stored.name.clone()),
        url: base.url,
        credential,
        ca_file: ca_file.or_else(|| stored?.ca_file.clone()),
        colour: stored.and_then(|stored| stored.colour.clone()),
        read_only: flags.read_only || stored.is_some_and(|stored| stored.read_only),
        protected: stored.is_some_and(|stored| stored.protected),
        api: flags.api.or(stored.map(|stored| stored.api)).unwrap_or_default(),
        token_cache: stored.and_then(|stored| stored.token_cache).unwrap_or(configuration.token_cache),
        stored: stored.is_some(),
    }))
}

/// All profiles of the file that know how to sign in, for choosing one.
pub fn offered(configuration: &Configuration) -> Vec<Profile> {
    configuration
        .profiles
        .iter()
        .filter_map(|stored| {
            Some(Profile {
                name: stored.name.clone(),
                url: stored.url.clone(),
                credential: stored.credential.clone()?,
                ca_file: stored.ca_file.clone(),
                colour: stored.colour.clone(),
                read_only: stored.read_only,
                protected: stored.protected,
                api: stored.api,
                token_cache: stored.token_cache.unwrap_or(configuration.token_cache),
                stored: true,
            })
        })
        .collect()
}

/// The theme: flag > `ZITUI_THEME` > file; none where nobody asks for one.
///
/// # Errors
/// `Usage` for an unknown name in the environment.
pub fn theme(
    flag: Option<ThemeChoice>,
    environment: &Environment,
    configuration: &Configuration,
) -> Result<Option<ThemeChoice>, Problem> {
    if flag.is_some() {
        return Ok(flag);
    }
    let Some(name) = environment.text("ZITUI_THEME")? else {
        return Ok(configuration.theme);
    };
    ThemeChoice::NAMED.iter().find(|(known, _)| *known == name).map(|(_, theme)| Some(*theme)).ok_or_else(
        || {
            let names: Vec<&str> = ThemeChoice::NAMED.iter().map(|(name, _)| *name).collect();
            usage(
                "Cannot use ZITUI_THEME",
                format!("there is no theme {name}"),
                format!("use {}", names.join(", ")),
            )
        },
    )
}

/// Refuses flags that contradict each other; clap cannot, as they may stand on both sides of the command.
fn agree(flags: &Flags) -> Result<(), Problem> {
    if flags.url.is_some() && flags.profile.is_some() {
        return Err(usage(
            "Cannot tell which instance to use",
            "--url and --profile both name one",
            "leave out one of the two",
        ));
    }
    if flags.key_file.is_some() && flags.token_file.is_some() {
        return Err(usage(
            "Cannot tell how to sign in",
            "--key-file and --token-file are both given",
            "leave out one of the two",
        ));
    }
    Ok(())
}

/// Where the address came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    UrlFlag,
    ProfileFlag,
    UrlVariable,
    File,
}

impl Origin {
    /// What a profile is called that does not come from the file.
    const fn name(self) -> &'static str {
        match self {
            Self::UrlFlag | Self::ProfileFlag => "flags",
            Self::UrlVariable | Self::File => "environment",
        }
    }
}

/// The address, and the profile of the file that has it.
struct Base<'a> {
    origin: Origin,
    url: Url,
    stored: Option<&'a StoredProfile>,
    /// A profile with the address of a flag or a variable, for its credential only.
    same_address: Option<&'a StoredProfile>,
}

fn base<'a>(
    flags: &Flags,
    environment: &Environment,
    configuration: &'a Configuration,
) -> Result<Option<Base<'a>>, Problem> {
    if let Some(url) = &flags.url {
        let url = instance_url(url).map_err(|problem| problem.during("Cannot use --url"))?;
        return Ok(Some(Base::of_address(Origin::UrlFlag, url, configuration)));
    }
    if let Some(name) = &flags.profile {
        let stored = named(configuration, name, "--profile")?;
        return Ok(Some(Base::of_profile(Origin::ProfileFlag, stored)));
    }
    let by_variable = environment.text("ZITUI_PROFILE")?;
    let by_variable = by_variable.map(|name| named(configuration, name, "ZITUI_PROFILE")).transpose()?;
    if let Some(url) = environment.text("ZITUI_URL")? {
        let url = instance_url(url).map_err(|problem| problem.during("Cannot use ZITUI_URL"))?;
        return match by_variable {
            Some(stored) if same_instance(&stored.url, &url) => {
                Ok(Some(Base::of_profile(Origin::File, stored)))
            }
            Some(stored) => Err(usage(
                "Cannot tell which instance to use",
                format!("ZITUI_URL and ZITUI_PROFILE={} name different ones", stored.name),
                "unset one of the two",
            )),
            None => Ok(Some(Base::of_address(Origin::UrlVariable, url, configuration))),
        };
    }
    let default = configuration.default_profile.as_deref();
    let default = default.and_then(|name| configuration.profiles.iter().find(|stored| stored.name == name));
    let only = match configuration.profiles.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    Ok(by_variable.or(default).or(only).map(|stored| Base::of_profile(Origin::File, stored)))
}

impl<'a> Base<'a> {
    fn of_profile(origin: Origin, stored: &'a StoredProfile) -> Self {
        Self { origin, url: stored.url.clone(), stored: Some(stored), same_address: None }
    }

    fn of_address(origin: Origin, url: Url, configuration: &'a Configuration) -> Self {
        let mut fitting = configuration.profiles.iter().filter(|stored| same_instance(&stored.url, &url));
        let same_address = match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        Self { origin, url, stored: None, same_address }
    }
}

fn credential(flags: &Flags, environment: &Environment, base: &Base<'_>) -> Result<Credential, Problem> {
    let flag = flags.key_file.clone().map(Credential::KeyFile);
    if let Some(credential) = flag.or_else(|| flags.token_file.clone().map(Credential::TokenFile)) {
        return Ok(credential);
    }
    let stored = base.stored.or(base.same_address).and_then(|stored| stored.credential.clone());
    if let (Origin::ProfileFlag, Some(credential)) = (base.origin, &stored) {
        return Ok(credential.clone());
    }
    credential_of_environment(environment)?.or(stored).ok_or_else(|| {
        Problem::new(
            ProblemKind::NotSignedIn,
            format!("Cannot sign in to {}", base.url.as_str().trim_end_matches('/')),
            "neither a flag, nor the environment, nor the profile of this address says how",
            "name the key file of a service user with --key-file, or set ZITUI_KEY_FILE or ZITUI_TOKEN",
        )
    })
}

fn credential_of_environment(environment: &Environment) -> Result<Option<Credential>, Problem> {
    let key_file = environment.path("ZITUI_KEY_FILE").map(Credential::KeyFile);
    let token_file = environment.path("ZITUI_TOKEN_FILE").map(Credential::TokenFile);
    let token = environment.text("ZITUI_TOKEN")?.map(|token| Credential::Token(SecretString::from(token)));
    let names = ["ZITUI_KEY_FILE", "ZITUI_TOKEN_FILE", "ZITUI_TOKEN"];
    let found = [key_file, token_file, token];
    let set: Vec<&str> =
        names.iter().zip(&found).filter(|(_, found)| found.is_some()).map(|(name, _)| *name).collect();
    if set.len() > 1 {
        return Err(usage(
            "Cannot tell how to sign in",
            format!("{} are set at once, and they may mean different users", set.join(" and ")),
            "unset all but one",
        ));
    }
    Ok(found.into_iter().flatten().next())
}

/// A credential without an address is a mistake worth telling, not a reason to offer the demo.
fn no_instance(flags: &Flags, environment: &Environment) -> Result<(), Problem> {
    let by_flag = flags.key_file.is_some() || flags.token_file.is_some();
    if !by_flag && credential_of_environment(environment)?.is_none() {
        return Ok(());
    }
    Err(usage(
        "Cannot tell which instance to use",
        "there is a credential, but no address to use it at",
        "name the instance with --url or ZITUI_URL, or choose a profile with --profile",
    ))
}

fn named<'a>(
    configuration: &'a Configuration,
    name: &str,
    giver: &str,
) -> Result<&'a StoredProfile, Problem> {
    configuration.profiles.iter().find(|stored| stored.name == name).ok_or_else(|| {
        let names: Vec<&str> = configuration.profiles.iter().map(|stored| stored.name.as_str()).collect();
        let fix = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
            [] => format!("add [profiles.{name}] to the configuration file"),
            names => format!("there are {}", names.join(", ")),
        });
        usage(format!("Cannot use {giver} {name}"), "the configuration file has no such profile", fix)
    })
}

fn usage(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Usage, what.into(), why.into(), fix.into())
}

#[cfg(test)]
mod tests;
