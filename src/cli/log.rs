//! The log file: only where `ZITUI_LOG` asks for it, only our own lines, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::environment::Environment;
use crate::config::private_file::make_folder;
use crate::domain::problem::{Problem, ProblemKind};

const LEVELS: [Level; 5] = [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE];

/// Starts writing `zitui.log` in the state folder if `ZITUI_LOG` names a level. Other crates never write to it: they
/// may log whole requests, and with them a token.
///
/// # Errors
/// `Usage` for an unknown level or a file that cannot be written.
pub fn start(environment: &Environment, state_folder: &Path) -> Result<(), Problem> {
    let Some(level) = environment.text("ZITUI_LOG")? else { return Ok(()) };
    let refused = |why: String, fix: &str| Problem::new(ProblemKind::Usage, "Cannot write the log", why, fix);
    let Some(level) = LEVELS.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(level)) else {
        let names = LEVELS.map(|known| known.as_str().to_lowercase()).join(", ");
        let fix = format!("set ZITUI_LOG to one of {names}, or unset it");
        return Err(refused(format!("there is no level {}", level.to_lowercase()), &fix));
    };
    let path = state_folder.join("zitui.log");
    let file = open(state_folder, &path).map_err(|error| {
        refused(format!("{}: {error}", path.display()), "unset ZITUI_LOG, or set XDG_STATE_HOME")
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(Mutex::new(file)).with_ansi(false);
    let ours = Targets::new().with_target("zitui", level);
    tracing_subscriber::registry()
        .with(ours)
        .with(lines)
        .try_init()
        .map_err(|error| refused(error.to_string(), ""))
}

fn open(folder: &Path, path: &Path) -> io::Result<File> {
    make_folder(folder)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_level_is_refused_and_nothing_is_written_unasked() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("state");
        assert_eq!(start(&Environment::of([]), &state), Ok(()));
        assert!(!state.exists());
        let problem = start(&Environment::of([("ZITUI_LOG", "loud")]), &state).expect_err("refused");
        assert!(problem.fix.as_str().contains("debug"), "{problem}");
    }

    #[cfg(unix)]
    #[test]
    fn folder_and_file_belong_to_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("deep").join("state");
        let path = state.join("zitui.log");
        open(&state, &path).expect("a log");
        let mode = |path: &Path| path.metadata().expect("it exists").permissions().mode() & 0o777;
        assert_eq!((mode(&state), mode(&path)), (0o700, 0o600));
    }
}
