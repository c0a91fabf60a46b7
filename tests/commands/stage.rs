//! A demo instance, an empty home, and the program between them.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use zitui::demo::{Demo, Options, Version, World};

const WORLD: &str = include_str!("../worlds/levels.json");

/// A demo instance and an empty home for the program.
pub(crate) struct Stage {
    pub(crate) demo: Demo,
    pub(crate) home: TempDir,
}

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::of(Version::V4_15)
    }

    pub(crate) fn of(version: Version) -> Self {
        Self::with(version, World::from_json(WORLD).expect("a world"))
    }

    pub(crate) fn with(version: Version, world: World) -> Self {
        let options = Options { version, world, list_delay: Duration::ZERO, ..Options::default() };
        let home = tempfile::tempdir().expect("a folder");
        Self { demo: Demo::start(options).expect("a demo"), home }
    }

    fn program(&self, login_name: &str) -> Command {
        let token = self.demo.pats().get(login_name).expect("a token");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zitui"));
        command.env_clear().env("HOME", self.home.path()).current_dir(self.home.path()).stdin(Stdio::null());
        command.env("ZITUI_URL", self.demo.url()).env("ZITUI_TOKEN", token);
        command
    }

    /// Runs it as the main service user.
    pub(crate) fn line(&self, line: &str) -> Run {
        self.line_as("zitui", line)
    }

    pub(crate) fn line_as(&self, login_name: &str, line: &str) -> Run {
        let mut command = self.program(login_name);
        Run::of(command.args(line.split_whitespace()).output().expect("the program runs"))
    }

    /// Runs it with something on its standard input.
    pub(crate) fn fed(&self, line: &str, input: &str) -> Run {
        let mut command = self.program("zitui");
        command.args(line.split_whitespace());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("its input");
        stdin.write_all(input.as_bytes()).expect("written");
        drop(stdin);
        Run::of(child.wait_with_output().expect("it ends"))
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.home.path().join(name), text).expect("written");
    }

    /// The text without what differs from run to run.
    pub(crate) fn steady(&self, text: &str) -> String {
        let day = latest_day(text);
        let text = text.replace(self.demo.url(), "URL");
        day.map_or_else(|| text.clone(), |day| text.replace(&day, "TODAY-----"))
    }
}

/// The last day that a text names, if it is after those of the world.
fn latest_day(text: &str) -> Option<String> {
    let is_day = |word: &&str| {
        word.len() == 10
            && word.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    let days = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '-'));
    days.filter(is_day).max().filter(|day| *day >= "2026").map(str::to_owned)
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// The values of one field over all rows of a document.
    #[track_caller]
    pub(crate) fn rows(&self, pointer: &str) -> Vec<String> {
        let document = self.json();
        let rows = document["rows"].as_array().unwrap_or_else(|| panic!("no rows: {self:#?}"));
        rows.iter().map(|row| text(row.pointer(pointer).unwrap_or(&Value::Null))).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
