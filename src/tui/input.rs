//! Events from the terminal's keyboard, as a stream that ends when the terminal is gone. May use `app`.

use std::io;
use std::thread;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::{self, UnboundedSender};

use super::keyboard::Keyboard;
use super::terminal;
use crate::app::event::Event;

/// While the program ends or is about to be stopped there is nothing to read and nothing to hurry for.
const PAUSE: Duration = Duration::from_millis(10);

/// Reads standard input, which must be a terminal in raw mode, on a thread of its own: a terminal shares its
/// descriptor with the shell, so it cannot be made non-blocking. The thread ends with the terminal or the program.
pub(super) fn from_terminal() -> io::Result<impl Stream<Item = Event> + Unpin> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender))?;
    let events = stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)));
    Ok(Box::pin(events))
}

/// Reads until the terminal is gone, or nobody listens any more.
fn read(sender: &UnboundedSender<Event>) {
    let terminal = io::stdin();
    let mut keyboard = Keyboard::default();
    let mut bytes = [0; 4096];
    loop {
        let patience = keyboard.patience().and_then(|patience| Timespec::try_from(patience).ok());
        let mut asked = [PollFd::new(&terminal, PollFlags::IN)];
        let events = match poll(&mut asked, patience.as_ref()) {
            Ok(0) => keyboard.give_up().into_iter().collect(),
            // What is typed after the terminal was given back is meant for the shell.
            Ok(_) if !terminal::is_entered() => {
                thread::sleep(PAUSE);
                continue;
            }
            // A terminal that was hung up is readable and gives nothing.
            Ok(_) => match rustix::io::read(&terminal, &mut bytes) {
                Ok(0) => return,
                Ok(count) => keyboard.advance(bytes.get(..count).unwrap_or_default()),
                Err(Errno::INTR | Errno::AGAIN) => Vec::new(),
                Err(_gone) => return,
            },
            Err(Errno::INTR) => Vec::new(),
            Err(_gone) => return,
        };
        for event in events {
            if sender.send(event).is_err() {
                return;
            }
        }
    }
}
