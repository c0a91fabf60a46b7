//! Opens the screens on this terminal, if it is one that can show them.

use std::ffi::OsStr;
use std::io;

use futures_util::Stream;
use tokio::runtime::Builder;

use super::effects::{Effects, ReviewText, SignInFlags, SignInSources, StartDemo};
use super::input;
use super::run::{Loop, Parts};
use super::signals;
use super::terminal::{self, TerminalGuard, TerminalScreen};
use super::theme::Theme;
use crate::app::effect::SignInTarget;
use crate::app::event::Event;
use crate::config::paths::Paths;
use crate::config::profile::Profile;
use crate::domain::link::Link;
use crate::domain::problem::{Problem, ProblemKind};

/// What the screens start with.
pub struct Launch {
    /// The configured profiles, in the order in which `SignInTarget::Profile` counts them.
    pub profiles: Vec<Profile>,
    /// Where to sign in at once.
    pub sign_in: Option<SignInTarget>,
    /// Where to go once signed in.
    pub link: Option<Link>,
    /// The theme that was asked for; else the environment decides.
    pub theme: Option<Theme>,
    /// Where files are kept.
    pub paths: Paths,
    /// What the command line says about instances that are typed in.
    pub flags: SignInFlags,
    /// Starts a demo instance.
    pub start_demo: StartDemo,
    /// Writes a review as text.
    pub review_text: ReviewText,
}

/// Opens the screens and returns the exit code once they are left.
///
/// # Errors
///
/// A usage problem that names the commands to use instead, if this is no terminal or one that cannot show screens.
pub fn run(launch: Launch) -> Result<u8, Problem> {
    if !terminal::is_terminal() {
        return Err(no_screens("standard input and output are not both a terminal"));
    }
    let (term, no_color) = (std::env::var_os("TERM"), std::env::var_os("NO_COLOR"));
    if term.as_deref() == Some(OsStr::new("dumb")) {
        return Err(no_screens("the terminal cannot place text (TERM=dumb)"));
    }
    let theme = launch.theme.unwrap_or_else(|| theme_for(no_color.as_deref(), term.as_deref()));
    run_with_input(launch, theme, input::from_terminal)
}

/// Opens the screens with keys from `open_input`, which is called once the terminal is taken over.
///
/// # Errors
///
/// A usage problem if the terminal cannot be used.
pub fn run_with_input<I>(
    launch: Launch,
    theme: Theme,
    open_input: impl FnOnce() -> io::Result<I>,
) -> Result<u8, Problem>
where
    I: Stream<Item = Event> + Unpin,
{
    open(launch, theme, open_input)
        .map_err(|error| no_screens(&format!("the terminal cannot be used: {error}")))
}

fn open<I>(launch: Launch, theme: Theme, open_input: impl FnOnce() -> io::Result<I>) -> io::Result<u8>
where
    I: Stream<Item = Event> + Unpin,
{
    // This thread only draws and hands on, so that a key is answered within a frame whatever the engine computes;
    // requests, answers and signals live on the other.
    let work = Builder::new_current_thread().enable_all().build()?;
    let here = Builder::new_current_thread().enable_time().build()?;
    let signals = signals::watch(work.handle())?;
    let sources = SignInSources::new(launch.profiles, launch.flags, launch.paths, launch.start_demo);
    let effects = Effects::new(work.handle().clone(), sources, launch.review_text);
    let _gives_the_terminal_back = TerminalGuard::enter()?;
    let parts = Parts {
        screen: TerminalScreen::new()?,
        input: open_input()?,
        signals,
        effects,
        sign_in: launch.sign_in,
        link: launch.link,
        theme,
    };
    // Draws the first frame; what it starts waits for the thread below.
    let run_loop = Loop::new(parts)?;
    // It ends with the process and nobody waits for it: a name lookup or a file that hangs must not keep the program
    // from ending, and a sign-in that is under way must not find its runtime shut down.
    std::thread::Builder::new()
        .name("work".to_owned())
        .spawn(move || work.block_on(std::future::pending::<()>()))?;
    Ok(here.block_on(run_loop.run()))
}

fn no_screens(why: &str) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        "Cannot open the screens",
        why,
        "use the commands instead: zitui whoami, zitui orgs list, zitui managers list --org ORG, \
         zitui managers add --org ORG --user USER --role ROLE; zitui --help lists them all",
    )
}

/// `NO_COLOR` counts when it is not empty (no-color.org); the old terminals named here have no colours.
fn theme_for(no_color: Option<&OsStr>, term: Option<&OsStr>) -> Theme {
    let no_color = no_color.is_some_and(|value| !value.is_empty());
    let term = term.and_then(OsStr::to_str).unwrap_or_default();
    let colourless =
        term.is_empty() || term.starts_with("vt") || term.ends_with("-m") || term.ends_with("-mono");
    if no_color || colourless { Theme::Mono } else { Theme::Default }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, Some("xterm-256color"), Theme::Default)]
    #[case(Some(""), Some("xterm"), Theme::Default)]
    #[case(Some("1"), Some("xterm-256color"), Theme::Mono)]
    #[case(None, Some("linux"), Theme::Default)]
    #[case(None, Some("vt100"), Theme::Mono)]
    #[case(None, Some("xterm-mono"), Theme::Mono)]
    #[case(None, None, Theme::Mono)]
    fn the_environment_chooses_the_theme(
        #[case] no_color: Option<&str>,
        #[case] term: Option<&str>,
        #[case] expected: Theme,
    ) {
        assert_eq!(theme_for(no_color.map(OsStr::new), term.map(OsStr::new)), expected);
    }

    #[test]
    fn a_refusal_names_the_commands() {
        let problem = no_screens("TERM=dumb");
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert!(problem.fix.as_str().contains("zitui managers add"));
    }
}
