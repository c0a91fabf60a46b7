//! Signals of the operating system, turned into something the run loop can wait for.

use std::io;
use std::process;
use std::time::Duration;

use rustix::process::Signal as Number;
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::terminal;

/// What a signal wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Leave in good order, with this exit code.
    Leave(u8),
    /// Stop as ctrl-z does.
    Stop,
    /// Run again after having been stopped.
    Continue,
    /// The terminal has another size.
    Resized,
}

/// After a signal to leave, the program ends at the latest after this time, whatever hangs.
const LAST_RESORT: Duration = Duration::from_secs(20);

/// The exit code of a shell for a program that this signal ended.
pub(super) fn exit_code(number: Number) -> u8 {
    u8::try_from(number.as_raw()).unwrap_or_default().saturating_add(128)
}

struct Streams {
    interrupt: Stream,
    terminate: Stream,
    hang_up: Stream,
    quit: Stream,
    stop: Stream,
    resume: Stream,
    resize: Stream,
}

/// Begins to catch signals at once; they are handed on as soon as the runtime of `handle` runs. That runtime must not
/// be the one of the run loop: a second signal to leave has to work when the run loop hangs in a write to a terminal
/// that nobody reads.
pub fn watch(handle: &Handle) -> io::Result<UnboundedReceiver<Signal>> {
    let _context = handle.enter();
    let stop = SignalKind::from_raw(Number::TSTP.as_raw());
    let resume = SignalKind::from_raw(Number::CONT.as_raw());
    let streams = Streams {
        interrupt: signal(SignalKind::interrupt())?,
        terminate: signal(SignalKind::terminate())?,
        hang_up: signal(SignalKind::hangup())?,
        quit: signal(SignalKind::quit())?,
        stop: signal(stop)?,
        resume: signal(resume)?,
        resize: signal(SignalKind::window_change())?,
    };
    let (sender, receiver) = mpsc::unbounded_channel();
    handle.spawn(forward(streams, sender));
    Ok(receiver)
}

async fn forward(mut streams: Streams, sender: UnboundedSender<Signal>) {
    let first = next_code(&mut streams, &sender).await;
    let again = tokio::time::timeout(LAST_RESORT, next_code(&mut streams, &sender)).await;
    terminal::leave();
    #[expect(clippy::exit, reason = "asked twice to end while the run loop may hang; nothing else ends it")]
    process::exit(i32::from(again.unwrap_or(first)));
}

/// Hands signals on until one of them says to leave.
async fn next_code(streams: &mut Streams, sender: &UnboundedSender<Signal>) -> u8 {
    loop {
        let signal = streams.next().await;
        // Nobody hears it once the run loop has ended; the program then ends by itself.
        let _ = sender.send(signal);
        if let Signal::Leave(code) = signal {
            return code;
        }
    }
}

impl Streams {
    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Leave(exit_code(Number::INT)),
            _ = self.terminate.recv() => Signal::Leave(exit_code(Number::TERM)),
            _ = self.hang_up.recv() => Signal::Leave(exit_code(Number::HUP)),
            _ = self.quit.recv() => Signal::Leave(exit_code(Number::QUIT)),
            _ = self.stop.recv() => Signal::Stop,
            _ = self.resume.recv() => Signal::Continue,
            _ = self.resize.recv() => Signal::Resized,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_a_shell() {
        assert_eq!(
            [Number::HUP, Number::INT, Number::QUIT, Number::TERM].map(exit_code),
            [129, 130, 131, 143]
        );
    }
}
