//! The whole interactive program without a terminal: the real run loop, effects and engine, with scripted keys and a
//! screen in memory, against a demo instance. It waits for "nothing under way and nothing queued" and never sleeps.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures_util::{Stream, stream};
use ratatui::backend::TestBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::timeout;
use unicode_width::UnicodeWidthStr;
use zitui::app::effect::SignInTarget;
use zitui::app::event::{Event, Key, KeyCode, Reviewed};
use zitui::cli::review::About;
use zitui::config::paths::Paths;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::tui::effects::{Effects, SignInFlags, SignInSources};
use zitui::tui::run::{Flow, Loop, Parts, Screen};
use zitui::tui::signals::Signal;
use zitui::tui::theme::Theme;

/// Longer than anything takes on a busy machine; only a failing test waits as long.
const DEADLINE: Duration = Duration::from_secs(60);

type Input = Pin<Box<dyn Stream<Item = Event>>>;

pub(crate) struct Person {
    run_loop: Loop<MemoryScreen, Input>,
    keys: Rc<RefCell<VecDeque<Event>>>,
    _signals: UnboundedSender<Signal>,
    folder: tempfile::TempDir,
    left: Option<u8>,
    presses: usize,
}

impl Person {
    /// Opens the program on 120×40, signing in at `url` with `key_file` at once.
    pub(crate) fn at(url: &str, key_file: &Path) -> Self {
        Self::with(vec![profile("test", url, key_file)])
    }

    /// The same, through one of the APIs for managers.
    pub(crate) fn through(api: ApiChoice, url: &str, key_file: &Path) -> Self {
        Self::with(vec![Profile { api, ..profile("test", url, key_file) }])
    }

    /// Opens the program on 120×40, signing in with the first of these profiles at once.
    pub(crate) fn with(profiles: Vec<Profile>) -> Self {
        let state_folder = tempfile::tempdir().unwrap();
        let paths = Paths {
            config_file: state_folder.path().join("config.toml"),
            state_folder: state_folder.path().to_owned(),
        };
        let no_demo = Box::new(|| Err(Problem::new(ProblemKind::NotFound, "no demo", "", "")));
        let sources = SignInSources::new(profiles, SignInFlags::default(), paths, no_demo);
        let keys = Rc::new(RefCell::new(VecDeque::new()));
        let (signals, received_signals) = mpsc::unbounded_channel();
        let parts = Parts {
            screen: MemoryScreen { terminal: Terminal::new(TestBackend::new(120, 40)).unwrap() },
            input: scripted(Rc::clone(&keys)),
            signals: received_signals,
            effects: Effects::new(Handle::current(), sources, review_text),
            sign_in: Some(SignInTarget::Profile(0)),
            link: None,
            theme: Theme::Default,
        };
        Self {
            run_loop: Loop::new(parts).unwrap(),
            keys,
            _signals: signals,
            folder: state_folder,
            left: None,
            presses: 0,
        }
    }

    /// Presses keys one after another, named as in `enter`, `ctrl-o` or `a`; waits after each until all is quiet.
    pub(crate) async fn press(&mut self, keys: &str) -> &mut Self {
        for name in keys.split_whitespace() {
            self.presses += 1;
            self.keys.borrow_mut().push_back(Event::Key(key(name)));
            self.settle().await;
        }
        self
    }

    /// Presses one key and waits only until it is drawn, not for what it started.
    pub(crate) async fn press_without_waiting(&mut self, name: &str) -> &mut Self {
        self.keys.borrow_mut().push_back(Event::Key(key(name)));
        while self.left.is_none() && !(self.keys.borrow().is_empty() && self.run_loop.is_drawn()) {
            self.step().await;
        }
        self
    }

    /// Pastes text, then waits until all is quiet.
    pub(crate) async fn paste(&mut self, text: &str) -> &mut Self {
        self.keys.borrow_mut().push_back(Event::Paste(text.to_owned()));
        self.settle().await
    }

    /// Types text without pauses, then waits until all is quiet.
    pub(crate) async fn type_text(&mut self, text: &str) -> &mut Self {
        self.keys.borrow_mut().extend(text.chars().map(|typed| Event::Key(plain(KeyCode::Char(typed)))));
        self.settle().await;
        self
    }

    /// Waits until nothing is under way, queued or waiting to be drawn.
    pub(crate) async fn settle(&mut self) -> &mut Self {
        while !(self.keys.borrow().is_empty() && self.run_loop.is_settled()) && self.left.is_none() {
            self.step().await;
        }
        self
    }

    async fn step(&mut self) {
        match timeout(DEADLINE, self.run_loop.step()).await {
            Ok(Flow::Continue) => {}
            Ok(Flow::Leave(code)) => self.left = Some(code),
            Err(elapsed) => panic!("nothing happens, {elapsed}; the screen:\n{}", self.screen()),
        }
    }

    /// The path of a file in the folder of the configuration.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Keys pressed so far, without typed text.
    pub(crate) fn presses(&self) -> usize {
        self.presses
    }

    /// The exit code, once left.
    pub(crate) fn left(&self) -> Option<u8> {
        self.left
    }

    /// The text on the screen, a line per row.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.run_loop.screen().terminal.backend().buffer();
        let mut lines = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                // A wide character hides the cell after it.
                x += u16::try_from(symbol.width()).unwrap().max(1);
            }
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        lines
    }

    /// Fails unless the text is on the screen.
    pub(crate) fn sees(&self, text: &str) -> &Self {
        let screen = self.screen();
        assert!(screen.contains(text), "no {text:?} on the screen:\n{screen}");
        self
    }

    /// Fails if the text is on the screen.
    pub(crate) fn does_not_see(&self, text: &str) -> &Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} on the screen:\n{screen}");
        self
    }
}

/// A profile that signs in with a key file.
pub(crate) fn profile(name: &str, url: &str, key_file: &Path) -> Profile {
    Profile {
        name: name.to_owned(),
        url: url.parse().unwrap(),
        credential: Credential::KeyFile(key_file.to_owned()),
        ca_file: None,
        colour: None,
        read_only: false,
        protected: false,
        api: ApiChoice::Auto,
        token_cache: false,
        stored: true,
    }
}

fn review_text(reviewed: &Reviewed, path: &Path) -> Result<String, Problem> {
    let about = About {
        instance: &reviewed.instance,
        read: reviewed.read,
        settings: &reviewed.settings,
        accepted: Path::new(reviewed.file.as_str()),
    };
    zitui::cli::review::export((*reviewed.report).clone(), about, path)
}

struct MemoryScreen {
    terminal: Terminal<TestBackend>,
}

impl Screen for MemoryScreen {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let Ok(_frame) = self.terminal.draw(paint);
        Ok(())
    }

    fn fit(&mut self) -> io::Result<Size> {
        let Ok(size) = self.terminal.size();
        let Ok(()) = self.terminal.resize(Rect::from(size));
        Ok(size)
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) {}

    fn resume(&mut self) -> io::Result<Size> {
        self.fit()
    }
}

fn scripted(keys: Rc<RefCell<VecDeque<Event>>>) -> Input {
    // Without a waker: the loop is only asked to go on when there is a key or an answer is due.
    Box::pin(stream::poll_fn(move |_| {
        keys.borrow_mut().pop_front().map_or(Poll::Pending, |event| Poll::Ready(Some(event)))
    }))
}

fn plain(code: KeyCode) -> Key {
    Key { code, ctrl: false, alt: false }
}

fn key(name: &str) -> Key {
    if let Some(letter) = name.strip_prefix("ctrl-") {
        return Key { ctrl: true, ..key(letter) };
    }
    plain(match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "space" => KeyCode::Char(' '),
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "backspace" => KeyCode::Backspace,
        letter => KeyCode::Char(letter.chars().next().filter(|_| letter.chars().count() == 1).expect(letter)),
    })
}
