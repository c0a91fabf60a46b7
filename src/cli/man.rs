//! `zitui man`: manual pages and docs/cli.md, made from the same definitions as the help.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::arguments::Arguments;
use super::output::{Output, text};
use crate::domain::problem::{Problem, ProblemKind};

/// The definitions with everything that clap adds to them.
fn definitions() -> Command {
    let mut root = Arguments::command();
    root.build();
    root
}

pub(super) fn print() -> Result<(), Problem> {
    let mut page = Vec::new();
    clap_mangen::Man::new(definitions()).render(&mut page).map_err(|error| unwritten(&error.to_string()))?;
    text(&String::from_utf8_lossy(&page))
}

pub(super) fn write(folder: &Path, output: &Output) -> Result<(), Problem> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
        .map_err(|error| unwritten(&format!("{}: {error}", folder.display())))?;
    output.note(&format!("the pages are in {}", folder.display()));
    Ok(())
}

fn unwritten(why: &str) -> Problem {
    Problem::new(ProblemKind::Usage, "Cannot write the manual", why, "choose a folder that you may write to")
}

/// docs/cli.md.
pub(super) fn markdown() -> String {
    let mut document =
        "# Commands\n\nThis file is made by `zitui man --markdown`; a test compares them.\n".to_owned();
    append(&mut document, definitions());
    document
}

fn append(document: &mut String, mut command: Command) {
    // The environment of whoever makes the document must not change it.
    let help = command.render_long_help().to_string();
    let title = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let _ = write!(document, "\n## {title}\n\n```text\n");
    for line in help.lines() {
        let _ = writeln!(document, "{}", line.trim_end());
    }
    document.push_str("```\n");
    let below: Vec<Command> =
        command.get_subcommands().filter(|below| !below.is_hide_set()).cloned().collect();
    for below in below {
        append(document, below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_document_is_the_one_that_is_made() {
        let committed = include_str!("../../docs/cli.md");
        assert!(committed == markdown(), "docs/cli.md is old: make it anew with `zitui man --markdown`");
    }

    #[test]
    fn every_command_has_a_page() {
        let folder = tempfile::tempdir().expect("a folder");
        clap_mangen::generate_to(Arguments::command(), folder.path()).expect("written");
        for page in ["zitui.1", "zitui-managers-add.1", "zitui-profiles-use.1", "zitui-doctor.1"] {
            assert!(folder.path().join(page).exists(), "{page}");
        }
    }
}
