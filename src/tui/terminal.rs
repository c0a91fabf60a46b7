//! The terminal itself: taking it over and giving it back, whatever happens; and the screen drawn on it.

use std::io::{self, IsTerminal};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};

use super::backend::FrameBackend;
use super::clipboard;
use super::run::Screen;

/// Alternate screen, emptied; bracketed paste; cursor hidden.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[2J\x1b[H\x1b[?2004h\x1b[?25l";
/// The reverse: an unfinished synchronized update and colours end, then cursor, paste and screen.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1049l";
/// How long to wait for a terminal that takes no more bytes when giving it back.
const LEAVE_PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 500_000_000 };

static ENTERED: AtomicBool = AtomicBool::new(false);
static LEAVING: Mutex<()> = Mutex::new(());

/// Takes the terminal over, also when it was taken over before.
fn enter() -> io::Result<()> {
    // After a stop from outside, the shell has changed the modes behind our back; enabling alone would do nothing.
    disable_raw_mode()?;
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    write_all(ENTER)
}

/// Whether the terminal is taken over now.
pub(super) fn is_entered() -> bool {
    ENTERED.load(Ordering::SeqCst)
}

/// Gives the terminal back, if it was taken over. From any thread, at any time, also twice; failures are ignored,
/// because the terminal may be gone.
pub(super) fn leave() {
    // Who comes second waits: it may end the process right after.
    let _one_at_a_time = LEAVING.lock().unwrap_or_else(PoisonError::into_inner);
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // The modes first: who sees the shell's screen again may type at once, and in raw mode the Enter key would not
    // end a line.
    let _ = disable_raw_mode();
    let output = io::stdout();
    let mut asked = [PollFd::new(&output, PollFlags::OUT)];
    if poll(&mut asked, Some(&LEAVE_PATIENCE)).is_ok_and(|ready| ready > 0) {
        let _ = write_all(LEAVE);
    }
}

/// Writes to standard output past the buffer and the lock of the standard library: a thread that hangs in a write
/// must not keep another from giving the terminal back.
pub(super) fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let output = io::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&output, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::new(&output, PollFlags::OUT)], None)?;
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(())
}

/// The size in cells; 80×24 for a terminal that does not know its own.
pub(super) fn size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(io::stdout())?;
    if size.ws_col == 0 || size.ws_row == 0 {
        return Ok(Size::new(80, 24));
    }
    Ok(Size::new(size.ws_col, size.ws_row))
}

/// Whether a person sits at both ends.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Gives the terminal back when dropped.
pub(super) struct TerminalGuard(());

impl TerminalGuard {
    /// Takes the terminal over. From now on a panic, of whatever thread, gives it back before it is reported.
    pub(super) fn enter() -> io::Result<Self> {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            leave();
            report(panic);
        }));
        let guard = Self(());
        enter()?;
        Ok(guard)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        leave();
    }
}

/// The screen on the terminal that a `TerminalGuard` took over.
pub(super) struct TerminalScreen {
    terminal: Terminal<FrameBackend>,
}

impl TerminalScreen {
    /// An empty screen.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { terminal: Terminal::new(FrameBackend::new())? })
    }
}

impl Screen for TerminalScreen {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(paint).map(|_| ())
    }

    fn fit(&mut self) -> io::Result<Size> {
        let size = size()?;
        self.terminal.resize(Rect::from(size))?;
        Ok(size)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        clipboard::sequence(text).map_or(Ok(()), |sequence| write_all(sequence.as_bytes()))
    }

    fn suspend(&mut self) {
        leave();
        // The whole group: a program that started this one (cargo, a script) must stop too, or the shell would not
        // notice.
        let _ = kill_current_process_group(Signal::STOP);
    }

    fn resume(&mut self) -> io::Result<Size> {
        enter()?;
        self.terminal.backend_mut().forget_cursor();
        self.fit()
    }
}
