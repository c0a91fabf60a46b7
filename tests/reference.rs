//! `docs/cli.md` is made from the command line's own definitions, so that it cannot tell anything else than `--help`.

#![expect(clippy::expect_used, reason = "a test says what broke by failing")]

use std::fmt::Write;
use std::path::Path;

use clap::CommandFactory;
use zitui::cli::Arguments;

const START: &str = "# Commands\n\nMade from the definitions of the command line, do not edit:\n\
                     `ZITUI_WRITE_DOCS=1 cargo test --test reference` writes it again.\n";

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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    if std::env::var_os("ZITUI_WRITE_DOCS").is_some() {
        std::fs::write(&path, &expected).expect("written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != expected {
        let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
        let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1;
        panic!(
            "docs/cli.md differs from the definitions from line {line} on; \
             write it again with: ZITUI_WRITE_DOCS=1 cargo test --test reference"
        );
    }
}
