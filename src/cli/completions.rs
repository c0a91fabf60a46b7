//! Completion: what the shell is told at its start, and what it is told at each Tab key. Both come from the definitions
//! of the command line; names of organizations and users come from the instance where it answers at once.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, ValueCompleter};
use clap_complete::env::{CompleteEnv, Shells};

use super::StartUp;
use super::arguments::{Arguments, GlobalArguments};
use super::local_arguments::Shell;
use super::output::text;
use crate::config::environment::Environment;
use crate::domain::link::{Link, Named};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::CATALOGUE;
use crate::engine::names::{self, Name};

/// The variable by which the shell's script asks.
const VARIABLE: &str = "COMPLETE";

/// Answers the shell where it asks for a completion; whether it did.
///
/// # Errors
/// A shell that nobody knows.
pub fn complete_if_asked() -> Result<bool, clap::Error> {
    let folder = std::env::current_dir().ok();
    CompleteEnv::with_factory(definitions).var(VARIABLE).try_complete(std::env::args_os(), folder.as_deref())
}

/// Prints the script that a shell reads at its start.
pub(super) fn print(shell: Shell) -> Result<(), Problem> {
    let unknown = |why: String| Problem::new(ProblemKind::Usage, "Cannot make the completion", why, "");
    let shells = Shells::builtins();
    let writer = shells.completer(shell.word()).ok_or_else(|| unknown(format!("no {}", shell.word())))?;
    let mut script = Vec::new();
    writer
        .write_registration(VARIABLE, "zitui", "zitui", "zitui", &mut script)
        .map_err(|error| unknown(error.to_string()))?;
    text(&String::from_utf8_lossy(&script))
}

/// The definitions, with completers for every value that names something.
fn definitions() -> Command {
    with_completers(Arguments::command())
}

fn with_completers(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let command = command.mut_args(with_completer);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, with_completers))
}

/// Values are known by the names that the help gives them.
fn with_completer(argument: Arg) -> Arg {
    let value = argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    match value.as_deref() {
        Some("ORG") => argument.add(ArgValueCompleter::new(Completer(Kind::Named(Named::Organization)))),
        Some("USER") => argument.add(ArgValueCompleter::new(Completer(Kind::Named(Named::User)))),
        Some("ROLE") => argument.add(ArgValueCompleter::new(Completer(Kind::Role))),
        Some("PLACE") => argument.add(ArgValueCompleter::new(Completer(Kind::Place))),
        Some("PROFILE") => argument.add(ArgValueCompleter::new(Completer(Kind::Profile))),
        Some("NAME") if argument.get_long() == Some("profile") => {
            argument.add(ArgValueCompleter::new(Completer(Kind::Profile)))
        }
        _ => argument,
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Named(Named),
    Role,
    Profile,
    Place,
}

struct Completer(Kind);

impl ValueCompleter for Completer {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(begun) = current.to_str() else { return Vec::new() };
        match self.0 {
            Kind::Role => roles(begun),
            Kind::Profile => profiles(begun),
            Kind::Place => places(begun),
            Kind::Named(named) => named_things(named, begun).unwrap_or_default(),
        }
    }
}

fn roles(begun: &str) -> Vec<CompletionCandidate> {
    let begun = begun.to_uppercase();
    let fitting = CATALOGUE.iter().filter(|card| card.key.starts_with(&begun));
    fitting.map(|card| CompletionCandidate::new(card.key).help(Some(card.summary.into()))).collect()
}

fn profiles(begun: &str) -> Vec<CompletionCandidate> {
    let Some(start_up) = start_up() else { return Vec::new() };
    let profiles = &start_up.configuration().profiles;
    let fitting = profiles.iter().filter(|stored| stored.name.starts_with(begun) && is_plain(&stored.name));
    fitting
        .map(|stored| {
            CompletionCandidate::new(&stored.name).help(Some(stored.url.as_str().to_owned().into()))
        })
        .collect()
}

/// The kinds of places, and behind the colon the names of that kind.
fn places(begun: &str) -> Vec<CompletionCandidate> {
    let Some((kind, name)) = begun.split_once(':') else {
        let fitting = Link::FORMS.into_iter().filter(|form| form.starts_with(begun));
        return fitting.map(CompletionCandidate::new).collect();
    };
    let found = Named::of_word(kind).and_then(|named| named_things(named, name)).unwrap_or_default();
    found.into_iter().map(|candidate| candidate.add_prefix(format!("{kind}:"))).collect()
}

fn named_things(named: Named, begun: &str) -> Option<Vec<CompletionCandidate>> {
    let start_up = start_up()?;
    let profile = start_up.profile().ok()??;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let found = runtime.block_on(names::complete(&profile, &start_up.paths, named, begun));
    // A name look-up that hangs must not hold up the Tab key.
    runtime.shutdown_background();
    Some(found.iter().filter_map(|name| candidate(name, begun)).collect())
}

/// Names of the server are hostile text, and shells are easily led astray: only plain words are offered, else the id.
fn candidate(name: &Name, begun: &str) -> Option<CompletionCandidate> {
    let words = [&name.word, &name.title, &name.id];
    let word = words.into_iter().find(|word| is_plain(word) && begins(word, begun))?;
    let help = crate::domain::text::SafeText::new(&name.title).to_string();
    Some(CompletionCandidate::new(word).help(Some(help.into())))
}

fn begins(word: &str, begun: &str) -> bool {
    word.to_lowercase().starts_with(&begun.to_lowercase())
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@+-".contains(&byte))
}

/// The configuration, with the flags that stand on the line so far.
fn start_up() -> Option<StartUp> {
    let line: Vec<OsString> = std::env::args_os().skip_while(|word| word != "--").skip(1).collect();
    StartUp::read(&flags_of(&line)?, Environment::of_process()).ok()
}

/// The flags that say which instance is meant, from a line that is not complete and may not be right.
fn flags_of(line: &[OsString]) -> Option<GlobalArguments> {
    let value = |flag: &str| -> Option<OsString> {
        let with_value = format!("{flag}=");
        line.iter().enumerate().find_map(|(place, word)| {
            let word = word.to_str()?;
            if word == flag {
                return line.get(place + 1).cloned();
            }
            word.strip_prefix(&with_value).map(OsString::from)
        })
    };
    let text = |flag: &str| value(flag).and_then(|value| value.into_string().ok());
    let path = |flag: &str| value(flag).map(PathBuf::from);
    let plain = <Arguments as clap::Parser>::try_parse_from(["zitui"]).ok()?.global;
    Some(GlobalArguments {
        url: text("--url"),
        profile: text("--profile"),
        key_file: path("--key-file"),
        token_file: path("--token-file"),
        ca_file: path("--ca-file"),
        config: path("--config"),
        ..plain
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn name(word: &str, title: &str) -> Name {
        Name { id: "104".to_owned(), word: word.to_owned(), title: title.to_owned() }
    }

    #[rstest]
    #[case::by_domain("globex.example", "Globex", "glo", Some("globex.example"))]
    #[case::by_title("g.example", "Globex", "Glob", Some("Globex"))]
    #[case::hostile_title("", "$(rm -rf /)", "", Some("104"))]
    #[case::blank_inside("", "Two words", "two", None)]
    #[case::by_id("globex.example", "Globex", "10", Some("104"))]
    fn only_plain_words_are_offered(
        #[case] word: &str,
        #[case] title: &str,
        #[case] begun: &str,
        #[case] offered: Option<&str>,
    ) {
        let candidate = candidate(&name(word, title), begun);
        assert_eq!(candidate.as_ref().and_then(|found| found.get_value().to_str()), offered);
    }

    #[test]
    fn roles_come_from_the_catalogue_whatever_the_case() {
        let offered = roles("org_own");
        let words: Vec<_> = offered.iter().map(|found| found.get_value().to_string_lossy()).collect();
        assert_eq!(words, ["ORG_OWNER", "ORG_OWNER_VIEWER"]);
    }

    #[test]
    fn the_line_so_far_says_which_instance_is_meant() {
        let line: Vec<OsString> = ["zitui", "managers", "--profile", "prod", "--ca-file=/a b.pem", "--org"]
            .map(OsString::from)
            .into();
        let flags = flags_of(&line).expect("flags");
        assert_eq!(flags.profile.as_deref(), Some("prod"));
        assert_eq!(flags.ca_file.as_deref(), Some(std::path::Path::new("/a b.pem")));
        assert_eq!(flags.url, None);
    }

    #[test]
    fn every_shell_has_a_script() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Powershell, Shell::Elvish] {
            let mut script = Vec::new();
            let shells = Shells::builtins();
            let writer = shells.completer(shell.word()).expect("known");
            writer.write_registration(VARIABLE, "zitui", "zitui", "zitui", &mut script).expect("written");
            assert!(String::from_utf8_lossy(&script).contains("zitui"), "{shell:?}");
        }
    }
}
