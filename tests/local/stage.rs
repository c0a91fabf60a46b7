//! A demo instance, an empty home, and the program run in it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use zitui::demo::{Demo, Options, Version, World};

const WORLD: &str = include_str!("../worlds/commands.json");

pub(crate) struct Stage {
    pub(crate) demo: Demo,
    pub(crate) home: TempDir,
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
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
}

/// The program with nothing in its environment but a home.
pub(crate) fn program(home: &TempDir) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zitui"));
    command.env_clear().env("HOME", home.path()).stdin(Stdio::null());
    command
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::of(Version::V4_15)
    }

    pub(crate) fn of(version: Version) -> Self {
        Self::with(Options { version, ..options() })
    }

    pub(crate) fn with(options: Options) -> Self {
        Self { demo: Demo::start(options).expect("a demo"), home: tempfile::tempdir().expect("a folder") }
    }

    /// The program, told of the instance and the key file by environment.
    pub(crate) fn program(&self) -> Command {
        let mut command = program(&self.home);
        command.env("ZITUI_URL", self.demo.url()).env("ZITUI_KEY_FILE", self.demo.key_file());
        command
    }

    pub(crate) fn line(&self, line: &str) -> Run {
        Run::of(self.program().args(line.split_whitespace()).output().expect("the program runs"))
    }

    /// Without an instance in the environment.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Run {
        Run::of(program(&self.home).args(arguments).output().expect("the program runs"))
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.home.path().join(".config/zitui/config.toml")
    }

    /// What a run asked of the instance.
    pub(crate) fn asked(&self, run: impl FnOnce(&Self)) -> Vec<String> {
        let before = self.demo.requests().len();
        run(self);
        self.demo.requests().split_off(before)
    }

    /// The files of kept sign-ins.
    pub(crate) fn kept(&self) -> Vec<PathBuf> {
        let folder = self.home.path().join(".local/state/zitui/sessions");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
    }
}

pub(crate) fn options() -> Options {
    let world = World::from_json(WORLD).expect("a world");
    Options { world, list_delay: Duration::ZERO, ..Options::default() }
}
