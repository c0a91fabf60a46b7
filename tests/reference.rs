//! `docs/cli.md` is made from the command line's own definitions, so that it cannot tell anything else than `--help`; the
//! rules in `docs/review.md` are made from those of the program.

#![expect(clippy::expect_used, reason = "a test says what broke by failing")]

use std::fmt::Write;
use std::path::Path;

use clap::CommandFactory;
use zitui::cli::Arguments;
use zitui::domain::review::{RULES, Rule};

const START: &str = "# Commands\n\nMade from the definitions of the command line, do not edit:\n\
                     `ZITUI_WRITE_DOCS=1 cargo test --test reference` writes it again.\n";

/// What is made from the rules begins after the line with this.
const RULES_START: &str = "<!-- Made from the rules of the program";

/// One chapter for a command and one for each below it; flags that hold for every command stand in the first only.
fn chapters(command: &mut clap::Command, path: &str, text: &mut String) {
    let mut shown = command.clone();
    if path != "zitui" {
        let global: Vec<clap::Id> = shown
            .get_arguments()
            .filter(|argument| argument.is_global_set())
            .map(|it| it.get_id().clone())
            .collect();
        for id in global {
            shown = shown.mut_arg(id, |argument| argument.hide(true));
        }
    }
    let help = shown.term_width(80).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(text, "\n## {path}\n\n```text\n{}\n```\n", help.join("\n").trim()).expect("written");
    for below in command.get_subcommands_mut() {
        let path = format!("{path} {}", below.get_name());
        chapters(below, &path, text);
    }
}

#[test]
fn the_reference_is_what_the_definitions_say() {
    let mut root = Arguments::command();
    root.build();
    let mut expected = START.to_owned();
    chapters(&mut root, "zitui", &mut expected);
    hold("docs/cli.md", |_| expected);
}

#[test]
fn the_rules_are_described_as_the_program_has_them() {
    hold("docs/review.md", |found| {
        let end = found.find(RULES_START).expect("where the rules begin") + RULES_START.len();
        let line = found.get(end..).and_then(|rest| rest.find('\n')).expect("the end of that line");
        found.get(..=end + line).expect("what is written by hand").to_owned() + &rules()
    });
}

/// A table of all rules, and one section for each with an anchor that is its id.
fn rules() -> String {
    let mut text = "\n| rule | severity | finds |\n|---|---|---|\n".to_owned();
    for Rule { id, title, severity, .. } in RULES {
        let anchor = id.to_lowercase();
        writeln!(text, "| [{id}](#{anchor}) | {severity} | {title} |").expect("written");
    }
    for Rule { id, title, severity, why, fix, sources } in RULES {
        write!(text, "\n### {id}\n\n**{title}** ({severity})\n\n{why}\n\nWhat to do: {fix}\n\nSources:\n\n")
            .expect("written");
        for source in *sources {
            let link =
                if source.starts_with("https://") { format!("<{source}>") } else { (*source).to_owned() };
            writeln!(text, "- {link}").expect("written");
        }
    }
    text
}

/// Holds a page to what it should be made of what it is, or writes it where that is asked for.
fn hold(page: &str, expected: impl FnOnce(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = expected(&found);
    if std::env::var_os("ZITUI_WRITE_DOCS").is_some() {
        std::fs::write(&path, &expected).expect("written");
    } else if found != expected {
        let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
        let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1;
        panic!(
            "{page} differs from the definitions from line {line} on; \
             write it again with: ZITUI_WRITE_DOCS=1 cargo test --test reference"
        );
    }
}
