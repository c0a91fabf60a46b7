//! The run loop: hands what happens to the state machine, what it wants done to the effect runner, and draws.
//!
//! Nothing here waits for anything but the next event: with nothing to do there are no frames and no wake-ups. Input
//! and screen are parameters, so that tests run this same loop without a terminal. May use `app` and `domain`.

use std::io;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::Frame;
use ratatui::layout::Size;
use rustix::process::Signal as Number;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use super::effects::{Effects, Report};
use super::signals::{Signal, exit_code};
use super::theme::{Styles, Theme};
use super::view;
use crate::app::effect::{Effect, SignInTarget};
use crate::app::event::Event;
use crate::app::{App, Start};
use crate::domain::link::Link;

/// At most one frame in this time: a flood of events may not become a flood of bytes.
const FRAME: Duration = Duration::from_millis(10);
/// How long leaving waits for writes under way.
const WRITES_PATIENCE: Duration = Duration::from_secs(15);

/// What the loop draws on.
pub trait Screen {
    /// Draws one frame.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Reads the size again and starts with an empty screen.
    fn fit(&mut self) -> io::Result<Size>;
    /// Puts text on the clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Gives the terminal back and stops the program.
    fn suspend(&mut self);
    /// Takes the terminal over again after a stop.
    fn resume(&mut self) -> io::Result<Size>;
}

/// What the loop is made of.
pub struct Parts<S, I> {
    /// What to draw on.
    pub screen: S,
    /// Keys and pasted text; its end means that the terminal is gone.
    pub input: I,
    /// Signals of the operating system.
    pub signals: UnboundedReceiver<Signal>,
    /// Runs what the state machine wants done.
    pub effects: Effects,
    /// Where to sign in at once.
    pub sign_in: Option<SignInTarget>,
    /// Where to go once signed in.
    pub link: Option<Link>,
    /// The theme.
    pub theme: Theme,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// There may be more to do.
    Continue,
    /// Leave with this exit code.
    Leave(u8),
}

/// The run loop.
pub struct Loop<S, I> {
    app: App,
    screen: S,
    input: I,
    signals: UnboundedReceiver<Signal>,
    effects: Effects,
    theme: Theme,
    dirty: bool,
    drawn: Option<Instant>,
    tick: Option<Instant>,
    stopped: bool,
    gone: bool,
    leaving: Option<Leaving>,
}

#[derive(Clone, Copy)]
struct Leaving {
    code: u8,
    at_the_latest: Instant,
}

enum Occurrence {
    Report(Report),
    Signal(Signal),
    Input(Event),
    InputEnded,
    FrameDue,
    Tick,
    LeaveNow,
}

impl<S: Screen, I: Stream<Item = Event> + Unpin> Loop<S, I> {
    /// Draws the first frame, and only then hands out what the state machine wants done at the start.
    pub fn new(parts: Parts<S, I>) -> io::Result<Self> {
        let Parts { mut screen, input, signals, effects, sign_in, link, theme } = parts;
        let Size { width, height } = screen.fit()?;
        let profiles = effects.profile_facts();
        let (app, wishes) = App::new(Start { profiles, sign_in, link, columns: width, rows: height });
        let mut this = Self {
            app,
            screen,
            input,
            signals,
            effects,
            theme,
            dirty: true,
            drawn: None,
            tick: None,
            stopped: false,
            gone: false,
            leaving: None,
        };
        this.paint()?;
        this.perform(wishes);
        Ok(this)
    }

    /// Runs until it is left; returns the exit code.
    pub async fn run(mut self) -> u8 {
        loop {
            if let Flow::Leave(code) = self.step().await {
                return code;
            }
        }
    }

    /// Waits for something to happen, takes in everything that has happened by then, and draws at most once.
    pub async fn step(&mut self) -> Flow {
        self.arm_tick();
        let occurrence = self.next_occurrence().await;
        self.take_in(occurrence);
        // Key repeats and answers that queued up meanwhile fold into one frame.
        while let Some(occurrence) = self.queued_occurrence() {
            self.take_in(occurrence);
        }
        if self.frame_due().is_some_and(|due| due <= Instant::now()) && self.paint().is_err() {
            self.terminal_is_gone();
        }
        match self.leaving {
            Some(Leaving { code, at_the_latest })
                if self.effects.writes_under_way() == 0 || at_the_latest <= Instant::now() =>
            {
                Flow::Leave(code)
            }
            _ => Flow::Continue,
        }
    }

    /// Nothing is under way, queued or waiting to be drawn; only input, a signal or time can change anything.
    pub fn is_settled(&self) -> bool {
        self.effects.under_way() == 0 && self.is_drawn()
    }

    /// Everything that happened is on the screen.
    pub fn is_drawn(&self) -> bool {
        !self.dirty
    }

    /// What is drawn on.
    pub fn screen(&self) -> &S {
        &self.screen
    }

    async fn next_occurrence(&mut self) -> Occurrence {
        let (frame, tick) = (self.frame_due(), self.tick);
        let leave = self.leaving.map(|leaving| leaving.at_the_latest);
        let listening = !self.stopped && !self.gone;
        tokio::select! {
            biased;
            report = self.effects.next() => Occurrence::Report(report),
            Some(signal) = self.signals.recv() => Occurrence::Signal(signal),
            event = self.input.next(), if listening => event.map_or(Occurrence::InputEnded, Occurrence::Input),
            () = at(frame) => Occurrence::FrameDue,
            () = at(tick) => Occurrence::Tick,
            () = at(leave) => Occurrence::LeaveNow,
        }
    }

    fn queued_occurrence(&mut self) -> Option<Occurrence> {
        if let Some(report) = self.effects.next().now_or_never() {
            return Some(Occurrence::Report(report));
        }
        if let Ok(signal) = self.signals.try_recv() {
            return Some(Occurrence::Signal(signal));
        }
        if self.stopped || self.gone {
            return None;
        }
        self.input.next().now_or_never().map(|event| event.map_or(Occurrence::InputEnded, Occurrence::Input))
    }

    fn take_in(&mut self, occurrence: Occurrence) {
        match occurrence {
            Occurrence::Report(report) => {
                if let Some(event) = self.effects.accept(report) {
                    self.handle(event);
                }
            }
            Occurrence::Input(event) => self.handle(event),
            Occurrence::InputEnded => self.terminal_is_gone(),
            Occurrence::Signal(Signal::Leave(code)) => self.leave(code),
            Occurrence::Signal(Signal::Stop) => self.suspend(),
            Occurrence::Signal(Signal::Continue) => self.resume(),
            Occurrence::Signal(Signal::Resized) => self.resized(Screen::fit),
            Occurrence::Tick => {
                self.tick = None;
                self.handle(Event::Tick);
            }
            Occurrence::FrameDue | Occurrence::LeaveNow => {}
        }
    }

    fn handle(&mut self, event: Event) {
        let wishes = self.app.handle(event);
        self.dirty = true;
        self.perform(wishes);
    }

    fn perform(&mut self, wishes: Vec<Effect>) {
        for wish in wishes {
            match wish {
                Effect::Ask { slot, sequence, after, request } => {
                    self.effects.ask(slot, sequence, after, request);
                }
                Effect::Forget(slot) => self.effects.forget(slot),
                Effect::Apply { sequence, change, undoes } => self.effects.apply(sequence, change, undoes),
                Effect::Open(address) => self.effects.open(address),
                Effect::Copy(text) => {
                    if self.screen.copy(&text).is_err() {
                        self.terminal_is_gone();
                    }
                }
                Effect::Suspend => self.suspend(),
                Effect::Quit => self.leave(0),
            }
        }
    }

    /// Leaves once writes under way have ended; asked a second time, at once.
    fn leave(&mut self, code: u8) {
        let now = Instant::now();
        self.leaving = Some(match self.leaving {
            None => Leaving { code, at_the_latest: now + WRITES_PATIENCE },
            Some(earlier) => Leaving { at_the_latest: now, ..earlier },
        });
    }

    /// A terminal that was closed means the same as the signal that goes with it, whichever comes first.
    fn terminal_is_gone(&mut self) {
        if !std::mem::replace(&mut self.gone, true) && self.leaving.is_none() {
            self.leave(exit_code(Number::HUP));
        }
    }

    fn suspend(&mut self) {
        if !std::mem::replace(&mut self.stopped, true) {
            self.screen.suspend();
        }
    }

    fn resume(&mut self) {
        self.stopped = false;
        self.resized(Screen::resume);
    }

    fn resized(&mut self, fit: impl FnOnce(&mut S) -> io::Result<Size>) {
        if self.stopped || self.gone {
            return;
        }
        match fit(&mut self.screen) {
            Ok(Size { width, height }) => self.handle(Event::Resized { columns: width, rows: height }),
            Err(_gone) => self.terminal_is_gone(),
        }
    }

    /// The state machine asks for time only while something on the screen shall change by itself.
    fn arm_tick(&mut self) {
        self.tick = self.app.wants_tick().map(|wait| {
            let wanted = Instant::now() + wait;
            self.tick.map_or(wanted, |armed| armed.min(wanted))
        });
    }

    /// When to draw: at once after a pause, else when the time of the last frame is over.
    fn frame_due(&self) -> Option<Instant> {
        (self.dirty && !self.stopped && !self.gone)
            .then(|| self.drawn.map_or_else(Instant::now, |drawn| drawn + FRAME))
    }

    fn paint(&mut self) -> io::Result<()> {
        let styles = Styles::new(self.theme, self.app.profile_colour());
        let app = &self.app;
        self.screen.draw(|frame| view::draw(frame, app, &styles))?;
        self.dirty = false;
        self.drawn = Some(Instant::now());
        Ok(())
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use tokio::runtime::Handle;
    use tokio::sync::mpsc::{self, UnboundedSender};

    use super::super::effects::{SignInFlags, SignInSources};
    use super::*;
    use crate::app::event::{Key, KeyCode};
    use crate::config::paths::Paths;
    use crate::domain::problem::{Problem, ProblemKind};

    struct CountingScreen {
        terminal: Terminal<TestBackend>,
        frames: usize,
        stops: usize,
        broken: bool,
    }

    impl Screen for CountingScreen {
        fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
            if self.broken {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let Ok(_frame) = self.terminal.draw(paint);
            self.frames += 1;
            Ok(())
        }

        fn fit(&mut self) -> io::Result<Size> {
            Ok(Size::new(80, 24))
        }

        fn copy(&mut self, _text: &str) -> io::Result<()> {
            Ok(())
        }

        fn suspend(&mut self) {
            self.stops += 1;
        }

        fn resume(&mut self) -> io::Result<Size> {
            self.fit()
        }
    }

    type Keys = std::pin::Pin<Box<dyn Stream<Item = Event>>>;

    struct Outside {
        keys: UnboundedSender<Event>,
        signals: UnboundedSender<Signal>,
    }

    fn started() -> (Loop<CountingScreen, Keys>, Outside) {
        let (signals, received_signals) = mpsc::unbounded_channel();
        let (keys, typed) = mpsc::unbounded_channel();
        let paths = Paths { config_file: "config.toml".into(), state_folder: "state".into() };
        let no_demo = Box::new(|| Err(Problem::new(ProblemKind::NotFound, "no demo", "", "")));
        let sources = SignInSources::new(Vec::new(), SignInFlags::default(), paths, no_demo);
        let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let parts = Parts {
            screen: CountingScreen { terminal, frames: 0, stops: 0, broken: false },
            input: Box::pin(stream::unfold(typed, async |mut typed| Some((typed.recv().await?, typed))))
                as Keys,
            signals: received_signals,
            effects: Effects::new(Handle::current(), sources, |_, _| Ok(String::new())),
            sign_in: None,
            link: None,
            theme: Theme::Default,
        };
        (Loop::new(parts).unwrap(), Outside { keys, signals })
    }

    fn key(typed: char) -> Event {
        Event::Key(Key { code: KeyCode::Char(typed), ctrl: false, alt: false })
    }

    fn ctrl(typed: char) -> Event {
        Event::Key(Key { code: KeyCode::Char(typed), ctrl: true, alt: false })
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_frame_is_drawn_before_anything_runs() {
        let (run_loop, _outside) = started();
        assert_eq!(run_loop.screen.frames, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn idling_draws_nothing_and_wakes_nobody() {
        let (mut run_loop, _outside) = started();
        run_loop.arm_tick();
        assert_eq!((run_loop.frame_due(), run_loop.tick), (None, None));
        let hour = Duration::from_secs(3600);
        assert!(tokio::time::timeout(hour, run_loop.step()).await.is_err(), "a step without a reason");
        assert_eq!(run_loop.screen.frames, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_key_after_a_pause_is_painted_at_once() {
        let (mut run_loop, outside) = started();
        tokio::time::advance(FRAME).await;
        outside.keys.send(key('?')).unwrap();
        let before = Instant::now();
        run_loop.step().await;
        assert_eq!((run_loop.screen.frames, Instant::now()), (2, before));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_keys_becomes_few_frames() {
        let (mut run_loop, outside) = started();
        let flood = tokio::spawn(async move {
            for _ in 0..1000 {
                outside.keys.send(key('j')).unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            outside
        });
        let second = Duration::from_secs(1);
        let _ = tokio::time::timeout(second, async {
            loop {
                run_loop.step().await;
            }
        })
        .await;
        assert!((50..=101).contains(&run_loop.screen.frames), "{} frames", run_loop.screen.frames);
        flood.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn leaving_has_the_code_of_its_reason() {
        let (run_loop, outside) = started();
        outside.keys.send(ctrl('c')).unwrap();
        assert_eq!(run_loop.run().await, 0);

        let (run_loop, outside) = started();
        outside.signals.send(Signal::Leave(143)).unwrap();
        assert_eq!(run_loop.run().await, 143);

        let (run_loop, outside) = started();
        drop(outside.keys);
        assert_eq!(run_loop.run().await, 129, "the input ended");

        let (mut run_loop, outside) = started();
        run_loop.screen.broken = true;
        outside.keys.send(key('?')).unwrap();
        assert_eq!(run_loop.run().await, 129, "nothing can be drawn any more");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stopped_program_neither_draws_nor_reads_until_it_goes_on() {
        let (mut run_loop, outside) = started();
        outside.signals.send(Signal::Stop).unwrap();
        outside.signals.send(Signal::Stop).unwrap();
        outside.signals.send(Signal::Resized).unwrap();
        outside.keys.send(key('?')).unwrap();
        let hour = Duration::from_secs(3600);
        let _ = tokio::time::timeout(hour, async {
            loop {
                run_loop.step().await;
            }
        })
        .await;
        assert_eq!((run_loop.screen.stops, run_loop.screen.frames), (1, 1));
        outside.signals.send(Signal::Continue).unwrap();
        run_loop.step().await;
        assert_eq!(run_loop.screen.frames, 2);
    }
}
