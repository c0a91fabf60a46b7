//! `zitui profiles`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::StartUp;
use super::listing::{Listing, Row};
use super::local_arguments::{AddProfileArguments, SafetyArgument};
use super::output::{Output, ask, can_ask};
use super::table::Column;
use crate::config::address::instance_url;
use crate::config::edit;
use crate::config::file::StoredProfile;
use crate::config::paths::expand_home;
use crate::config::profile::{COLOURS, Credential, Profile};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine;

const COLUMNS: &[Column] = &[
    Column::whole("name"),
    Column::whole("default"),
    Column::text("url"),
    Column::text("credential"),
    Column::whole("colour"),
    Column::whole("safety"),
];

pub(super) fn list(start_up: &StartUp, output: &Output) -> Result<(), Problem> {
    let configuration = start_up.configuration();
    let default = configuration.default_profile.as_deref();
    if configuration.profiles.is_empty() {
        output.note("there are no profiles; add one with `zitui profiles add`");
    }
    let mut listing = Listing::new(output, "profiles", COLUMNS)?;
    listing.push_all(configuration.profiles.iter().map(|stored| row(stored, default)))?;
    listing.end(Vec::new())
}

fn row(stored: &StoredProfile, default: Option<&str>) -> Row {
    let is_default = default == Some(&stored.name);
    Row {
        texts: vec![
            stored.name.clone(),
            if is_default { "default".to_owned() } else { String::new() },
            address(stored),
            credential(stored).unwrap_or_default(),
            stored.colour.clone().unwrap_or_default(),
            safety(stored).to_owned(),
        ],
        id: stored.name.clone(),
        json: document(stored, default),
    }
}

fn document(stored: &StoredProfile, default: Option<&str>) -> Value {
    let (key_file, token_file) = match &stored.credential {
        Some(Credential::KeyFile(path)) => (Some(path), None),
        Some(Credential::TokenFile(path)) => (None, Some(path)),
        Some(Credential::Token(_)) | None => (None, None),
    };
    json!({
        "name": stored.name,
        "default": default == Some(&stored.name),
        "url": address(stored),
        "key_file": key_file,
        "token_file": token_file,
        "ca_file": stored.ca_file,
        "colour": stored.colour,
        "safety": safety(stored),
    })
}

fn address(stored: &StoredProfile) -> String {
    stored.url.as_str().trim_end_matches('/').to_owned()
}

fn credential(stored: &StoredProfile) -> Option<String> {
    match stored.credential.as_ref()? {
        Credential::KeyFile(path) | Credential::TokenFile(path) => Some(path.display().to_string()),
        Credential::Token(_) => None,
    }
}

const fn safety(stored: &StoredProfile) -> &'static str {
    match (stored.read_only, stored.protected) {
        (true, _) => "read-only",
        (false, true) => "protected",
        (false, false) => "normal",
    }
}

pub(super) fn use_one(name: &str, start_up: &StartUp, output: &Output) -> Result<(), Problem> {
    edit::use_profile(&start_up.paths, name)?;
    output.note(&format!("{name} is the default now"));
    Ok(())
}

pub(super) async fn remove(
    name: &str,
    yes: bool,
    start_up: &StartUp,
    output: &Output,
) -> Result<(), Problem> {
    if !yes {
        if !can_ask() {
            return Err(cannot_ask(
                "whether to remove the profile",
                "add --yes to remove it without being asked",
            ));
        }
        let answer = ask(&format!("Remove the profile {name}? [y/N] ")).await.unwrap_or_default();
        if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Err(Problem::new(
                ProblemKind::Interrupted,
                "Nothing was removed",
                "the answer was not yes",
                "",
            ));
        }
    }
    let stored = start_up.configuration().profiles.iter().find(|stored| stored.name == name);
    edit::remove_profile(&start_up.paths, name)?;
    if let Some(profile) =
        stored.and_then(|_| start_up.offered_profiles().into_iter().find(|one| one.name == name))
    {
        let others = start_up.configuration().profiles.iter().filter(|one| one.name != name);
        if others.clone().all(|other| other.url != profile.url) {
            engine::sign_out(&start_up.paths, Some(&profile))?;
        }
    }
    output.note(&format!("{name} is removed; its key file is left where it is"));
    Ok(())
}

/// Asks for what is not given, tests, and saves only then.
pub(super) async fn add(
    arguments: &AddProfileArguments,
    start_up: &StartUp,
    output: &Output,
) -> Result<(), Problem> {
    let profile = wanted(arguments, start_up).await?;
    if arguments.no_test {
        output.note("not tested");
    } else {
        let session = Box::pin(engine::sign_in(&profile, &start_up.paths)).await;
        let session = session.map_err(|problem| {
            let why = problem.why.clone();
            problem.during(format!("Nothing was saved: the sign-in with the new profile failed ({why})"))
        })?;
        let facts = session.facts();
        output.note(&format!("signed in as {} on {}", facts.identity.login_name, facts.issuer));
        for notice in &facts.notices {
            output.warning(notice.as_str());
        }
    }
    edit::add_profile(&start_up.paths, &profile, arguments.replace, arguments.default)?;
    let file = start_up.paths.config_file.display();
    output.note(&format!("profile {} is saved in {file}", profile.name));
    Ok(())
}

/// The new profile by flags and answers. Relative paths are made whole: in the file they would start elsewhere.
async fn wanted(arguments: &AddProfileArguments, start_up: &StartUp) -> Result<Profile, Problem> {
    let flags = start_up.flags();
    let asking = can_ask();
    let name =
        given(arguments.name.clone(), asking, "Name", "the name", "give it as `zitui profiles add NAME`")
            .await?;
    let taken = start_up.configuration().profiles.iter().any(|stored| stored.name == name);
    if taken && !arguments.replace {
        return Err(Problem::new(
            ProblemKind::Refused,
            format!("Cannot add the profile {name}"),
            "there is one of that name",
            "choose another name, or replace it with --replace",
        ));
    }
    let url =
        given(flags.url.clone(), asking, "URL of the instance", "the address", "give it with --url").await?;
    let url = instance_url(&url)?;
    let credential = match (&flags.key_file, &flags.token_file) {
        (Some(_), Some(_)) => {
            return Err(Problem::new(
                ProblemKind::Usage,
                "Cannot tell how to sign in",
                "--key-file and --token-file are both given",
                "leave out one of the two",
            ));
        }
        (None, Some(path)) => Credential::TokenFile(whole(path)?),
        (Some(path), None) => Credential::KeyFile(whole(path)?),
        (None, None) => {
            let path =
                given(None, asking, "Key file", "the key file", "give it with --key-file or --token-file")
                    .await?;
            Credential::KeyFile(whole(Path::new(&path))?)
        }
    };
    let optional = asking && (flags.url.is_none() || arguments.name.is_none());
    let colour = match &arguments.colour {
        None if optional => {
            colour(&ask("Colour of the first line (Enter for none): ").await.unwrap_or_default())?
        }
        colour => colour.clone(),
    };
    let safety = match arguments.safety {
        None if optional => safety_of(
            &ask("Safety: normal, protected or read-only (Enter for normal): ").await.unwrap_or_default(),
        )?,
        safety => safety.unwrap_or(SafetyArgument::Normal),
    };
    Ok(Profile {
        name,
        url,
        credential,
        ca_file: start_up.ca_file().as_deref().map(whole).transpose()?,
        colour,
        read_only: safety == SafetyArgument::ReadOnly || flags.read_only,
        protected: safety == SafetyArgument::Protected,
        api: flags.api.unwrap_or_default(),
        token_cache: !arguments.no_token_cache,
        stored: true,
    })
}

async fn given(
    flag: Option<String>,
    asking: bool,
    question: &str,
    what: &str,
    fix: &str,
) -> Result<String, Problem> {
    let answer = match flag {
        Some(text) => Some(text),
        None if asking => ask(&format!("{question}: ")).await,
        None => return Err(cannot_ask(&format!("for {what} of the profile"), fix)),
    };
    answer.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).ok_or_else(|| {
        Problem::new(ProblemKind::Usage, "Cannot add the profile", format!("{what} is empty"), fix)
    })
}

fn cannot_ask(what: &str, fix: &str) -> Problem {
    Problem::new(ProblemKind::Usage, format!("Cannot ask {what}"), "there is no terminal to ask on", fix)
}

fn colour(answer: &str) -> Result<Option<String>, Problem> {
    let answer = answer.trim().to_lowercase();
    if answer.is_empty() || COLOURS.contains(&answer.as_str()) {
        return Ok(Some(answer).filter(|answer| !answer.is_empty()));
    }
    let fix = did_you_mean(&answer, COLOURS.iter().copied())
        .unwrap_or_else(|| format!("known are {}", COLOURS.join(", ")));
    Err(Problem::new(
        ProblemKind::Usage,
        "Cannot add the profile",
        format!("there is no colour {answer}"),
        fix,
    ))
}

fn safety_of(answer: &str) -> Result<SafetyArgument, Problem> {
    match answer.trim().to_lowercase().as_str() {
        "" | "normal" => Ok(SafetyArgument::Normal),
        "protected" => Ok(SafetyArgument::Protected),
        "read-only" | "read only" | "read_only" => Ok(SafetyArgument::ReadOnly),
        other => Err(Problem::new(
            ProblemKind::Usage,
            "Cannot add the profile",
            format!("there is no safety {other}"),
            "answer normal, protected or read-only",
        )),
    }
}

fn whole(path: &Path) -> Result<PathBuf, Problem> {
    std::path::absolute(expand_home(path)).map_err(|error| {
        Problem::new(
            ProblemKind::Usage,
            format!("Cannot use the path {}", path.display()),
            error.to_string(),
            "give it from the root on",
        )
    })
}
