//! `zitui man`: manual pages, made from the same definitions as the help.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let folder = tempfile::tempdir().expect("a folder");
        clap_mangen::generate_to(Arguments::command(), folder.path()).expect("written");
        for page in ["zitui.1", "zitui-managers-add.1", "zitui-profiles-use.1", "zitui-doctor.1"] {
            assert!(folder.path().join(page).exists(), "{page}");
        }
    }
}
