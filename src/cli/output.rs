//! Everything that the commands print: data on standard output, all else on standard error. No other file writes there.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::arguments::{GlobalArguments, OutputArgument};
use crate::config::environment::Environment;
use crate::domain::problem::{Problem, ProblemKind};

/// What lists and things look like on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Columns for people.
    Table,
    /// One document for programs.
    Json,
    /// One document per row.
    Jsonl,
    /// Comma-separated values.
    Csv,
    /// Only ids.
    Ids,
}

/// The formats that only a report has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportFormat {
    /// For a ticket.
    Markdown,
    /// For what collects findings.
    Sarif,
}

/// How to print.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Output {
    /// What the data looks like.
    pub(super) format: OutputFormat,
    /// What a report looks like instead, where that was asked for.
    pub(super) report: Option<ReportFormat>,
    /// The columns that were asked for by name; none for the usual ones.
    pub(super) columns: Vec<String>,
    /// Whether tables and CSV have titles.
    pub(super) headers: bool,
    verbose: bool,
    quiet: bool,
    colour: bool,
    dumb: bool,
}

impl Output {
    /// What the flags and the environment ask for.
    pub fn new(global: &GlobalArguments, environment: &Environment) -> Self {
        let set = |name| environment.path(name).is_some();
        let dumb = environment.text("TERM").is_ok_and(|terminal| terminal == Some("dumb"));
        let (format, report) = match global.output {
            OutputArgument::Table => (OutputFormat::Table, None),
            OutputArgument::Json => (OutputFormat::Json, None),
            OutputArgument::Jsonl => (OutputFormat::Jsonl, None),
            OutputArgument::Csv => (OutputFormat::Csv, None),
            OutputArgument::Ids => (OutputFormat::Ids, None),
            OutputArgument::Markdown => (OutputFormat::Table, Some(ReportFormat::Markdown)),
            OutputArgument::Sarif => (OutputFormat::Table, Some(ReportFormat::Sarif)),
        };
        Self {
            format,
            report,
            columns: global.columns.clone(),
            headers: !global.no_headers,
            verbose: global.verbose,
            quiet: global.quiet,
            colour: !set("NO_COLOR") && !dumb,
            dumb,
        }
    }

    /// The titles of a table, as they stand on this terminal.
    pub(super) fn titles(&self, line: &str) -> String {
        if self.colour && io::stdout().is_terminal() {
            format!("\u{1b}[1m{line}\u{1b}[0m")
        } else {
            line.to_owned()
        }
    }

    /// Tells something that is not data, unless told to be quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            aside(&format!("{text}\n"));
        }
    }

    /// Tells something that only the curious want to know.
    pub(super) fn detail(&self, text: &str) {
        if self.verbose {
            aside(&format!("{text}\n"));
        }
    }

    /// Tells something to beware of.
    pub(super) fn warning(&self, text: &str) {
        if !self.quiet {
            aside(&format!("{}: {text}\n", self.styled("warning", "1;33")));
        }
    }

    /// Shows how far a long read is, on a terminal only; the next one takes its place.
    pub(super) fn progress(&self, text: &str) {
        if self.shows_progress() {
            aside(&format!("\r{text}\u{1b}[K"));
        }
    }

    /// Takes the last progress away.
    pub(super) fn progress_ends(&self) {
        if self.shows_progress() {
            aside("\r\u{1b}[K");
        }
    }

    fn shows_progress(&self) -> bool {
        !self.quiet && !self.dumb && io::stderr().is_terminal()
    }

    /// Shows what a question is about, whether or not told to be quiet.
    #[expect(clippy::unused_self, reason = "it stands beside the other ways to tell something")]
    pub(super) fn question(&self, text: &str) {
        aside(&format!("{text}\n"));
    }

    /// A `+` line or a `−` line in its colour.
    pub(super) fn difference(&self, line: &str, comes: bool) -> String {
        self.styled(line, if comes { "32" } else { "31" })
    }

    /// Tells what went wrong, why, and what to do.
    pub fn problem(&self, problem: &Problem) {
        let mut text = format!("{}: {}\n", self.styled("error", "1;31"), problem.what);
        if !problem.why.is_empty() {
            let _ = writeln!(text, "  Caused by: {}", problem.why);
        }
        if let Some(missing) = &problem.missing {
            let list =
                |roles: Vec<String>| if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
            let carried = list(missing.carried_by.iter().map(ToString::to_string).collect());
            let held = list(missing.held.iter().map(ToString::to_string).collect());
            let _ = writeln!(text, "  Missing permission: {}", missing.permission);
            let _ = writeln!(text, "  Roles that carry it: {carried}");
            let _ = writeln!(text, "  Roles that you hold: {held}");
        }
        if let Some(id) = &problem.request_id {
            let _ = writeln!(text, "  Request id: {id}");
        }
        if !problem.fix.is_empty() {
            let _ = writeln!(text, "\n{}: {}", self.styled("hint", "1;36"), problem.fix);
        }
        aside(&text);
    }

    fn styled(&self, text: &str, style: &str) -> String {
        if self.colour && io::stderr().is_terminal() {
            format!("\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether there is still somebody to read what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// As far as known.
    There,
    /// It left, as `head` does; nothing more needs to be printed.
    Left,
}

/// Whether somebody is there to ask.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks and waits for a line; nothing at the end of input.
pub(super) async fn ask(question: &str) -> Option<String> {
    aside(question);
    let (send, answer) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait at the end for a blocking task that still reads.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        let _ = send.send(read.is_ok_and(|length| length > 0).then(|| line.trim().to_owned()));
    });
    answer.await.ok().flatten()
}

/// Prints one line of JSON and flushes it.
pub(super) fn json_line(value: &Value) -> Result<(), Problem> {
    data(&format!("{value}\n")).map(|_| ())
}

/// Prints text that is data as it is.
pub(super) fn text(text: &str) -> Result<(), Problem> {
    data(text).map(|_| ())
}

/// What clap has to say: help and version as data, mistakes aside. Returns the exit code.
pub fn clap_message(error: &clap::Error) -> u8 {
    // A reader that went away is no reason to complain.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// Writes to standard output. A reader that went away, as `head` does, is no error.
pub(super) fn data(text: &str) -> Result<Reader, Problem> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Reader::There),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Left),
        Err(error) => Err(Problem::new(
            ProblemKind::Usage,
            "Cannot write to standard output",
            error.to_string(),
            "check where it is redirected to",
        )),
    }
}

/// Writes to standard error; there is nowhere to complain to if that fails.
fn aside(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

/// The columns of the terminal that standard output goes to; none where it goes elsewhere.
pub(super) fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}
