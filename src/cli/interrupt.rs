//! ctrl-c and the polite ways to end a process.

use std::future::Future;
use std::io;

use crate::domain::problem::{Problem, ProblemKind};

/// Listens for SIGINT, SIGTERM and SIGHUP (ctrl-c alone on Windows) from its making on.
pub(super) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
    #[cfg(windows)]
    signal: tokio::signal::windows::CtrlC,
}

impl Interrupt {
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ];
        Ok(Self { signals })
    }

    #[cfg(windows)]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { signal: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for the next one.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    /// Waits for the next one.
    #[cfg(windows)]
    pub(super) async fn next(&mut self) {
        self.signal.recv().await;
    }

    /// Runs something that may be given up at any moment: a read, never a write.
    pub(super) async fn stops<T>(
        &mut self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        tokio::select! {
            biased;
            () = self.next() => Err(stopped()),
            result = work => result,
        }
    }
}

/// The problem of being stopped.
pub(super) fn stopped() -> Problem {
    Problem::new(ProblemKind::Interrupted, "Stopped", "interrupted before anything was written", "")
}
