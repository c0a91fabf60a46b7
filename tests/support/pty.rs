//! A program in a terminal of its own, seen as a person sees it: screen, keys, size, exit code, and whether the
//! terminal was given back. The program finds an empty home. Every wait ends with the output that fulfils it or fails at a deadline; nothing sleeps.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, ChildKiller, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Longer than anything takes on a busy machine; only a failing test waits as long.
const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) struct Pty {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    pid: Pid,
    modes_before: String,
    seen: Arc<Seen>,
    _home: tempfile::TempDir,
}

struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: vt100::Parser,
    raw: Vec<u8>,
    exit: Option<u32>,
    closing: bool,
    output_ended: bool,
}

impl Pty {
    /// Starts a program in a terminal of 80×24 that knows 256 colours.
    pub(crate) fn spawn(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(std::env::current_dir().unwrap());
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        let pty = native_pty_system().openpty(pty_size(80, 24)).unwrap();
        let modes_before = modes(&*pty.master);
        let mut child = pty.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let screen = vt100::Parser::new(lines(24), lines(80), 0);
        let state = State { screen, raw: Vec::new(), exit: None, closing: false, output_ended: false };
        let seen = Arc::new(Seen { state: Mutex::new(state), changed: Condvar::new() });
        let reader = pty.master.try_clone_reader().unwrap();
        let (for_reader, for_waiter) = (Arc::clone(&seen), Arc::clone(&seen));
        std::thread::spawn(move || for_reader.read(reader));
        let killer = child.clone_killer();
        std::thread::spawn(move || for_waiter.wait(&mut *child));
        let writer = pty.master.take_writer().unwrap();
        Self { master: Some(pty.master), writer: Some(writer), killer, pid, modes_before, seen, _home: home }
    }

    /// Starts `zitui`.
    pub(crate) fn zitui(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::spawn(env!("CARGO_BIN_EXE_zitui"), arguments, environment)
    }

    /// Types bytes as a terminal sends them.
    pub(crate) fn send(&mut self, bytes: &str) -> &mut Self {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(bytes.as_bytes()).unwrap();
        writer.flush().unwrap();
        self
    }

    pub(crate) fn signal(&self, signal: Signal) -> &Self {
        kill_process(self.pid, signal).unwrap();
        self
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.seen.lock().screen.set_size(lines(rows), lines(columns));
        self.master.as_ref().unwrap().resize(pty_size(columns, rows)).unwrap();
        self
    }

    /// Closes the terminal under the program. The reader lets go of it with the next output, so there must be one.
    pub(crate) fn close(&mut self, key_that_draws: &str) -> &Self {
        self.seen.lock().closing = true;
        self.send(key_that_draws);
        self.writer = None;
        self.master = None;
        self
    }

    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?} on the screen"), |screen, _| screen.contents().contains(text));
        self
    }

    pub(crate) fn wait_until(&self, what: &str, reached: impl Fn(&vt100::Screen, &[u8]) -> bool) -> &Self {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.seen.lock();
        while !reached(state.screen.screen(), &state.raw) {
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = state.exit;
            assert!(
                !left.is_zero() && ended.is_none(),
                "no {what}; exit: {ended:?}; the screen:\n{}",
                state.screen.screen().contents()
            );
            state = self.seen.changed.wait_timeout(state, left).unwrap().0;
        }
        drop(state);
        self
    }

    /// Waits until the program is stopped, as the process table tells.
    pub(crate) fn wait_until_stopped(&self) -> &Self {
        let deadline = Instant::now() + DEADLINE;
        let table = format!("/proc/{}/stat", self.pid.as_raw_nonzero());
        let stopped =
            || std::fs::read_to_string(&table).unwrap().rsplit_once(") ").unwrap().1.starts_with('T');
        while !stopped() {
            assert!(Instant::now() < deadline, "not stopped");
            std::thread::yield_now();
        }
        self
    }

    /// Waits for the end of the program and of its output.
    pub(crate) fn exit_code(&self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.seen.lock();
        loop {
            if let (Some(code), true) = (state.exit, state.output_ended) {
                return code;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still running; the screen:\n{}", state.screen.screen().contents());
            state = self.seen.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// The text on the screen, a line per row.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().screen.screen().contents()
    }

    /// Everything that was written so far.
    pub(crate) fn raw(&self) -> Vec<u8> {
        self.seen.lock().raw.clone()
    }

    /// Fails unless the terminal is as it was before the program started.
    pub(crate) fn assert_given_back(&self) {
        self.wait_until_drawn_out();
        let state = self.seen.lock();
        let screen = state.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left on");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is left on");
        assert!(!state.raw.ends_with(b"\x1b[?2026h"), "a synchronized update is left open");
        drop(state);
        assert_eq!(modes(&**self.master.as_ref().unwrap()), self.modes_before, "the modes of the terminal");
    }

    /// Output can be read a moment after its writer has ended.
    fn wait_until_drawn_out(&self) {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.seen.lock();
        while state.screen.screen().alternate_screen() && Instant::now() < deadline {
            state = self.seen.changed.wait_timeout(state, deadline - Instant::now()).unwrap().0;
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, mut reader: Box<dyn Read + Send>) {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            let mut state = self.lock();
            if state.closing {
                break;
            }
            state.screen.process(&bytes[..count]);
            state.raw.extend_from_slice(&bytes[..count]);
            self.changed.notify_all();
        }
        drop(reader);
        self.lock().output_ended = true;
        self.changed.notify_all();
    }

    fn wait(&self, child: &mut (dyn Child + Send + Sync)) {
        let code = child.wait().map_or(u32::MAX, |status| status.exit_code());
        self.lock().exit = Some(code);
        self.changed.notify_all();
    }
}

fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn lines(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
