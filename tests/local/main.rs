//! The commands about this machine, from outside: profiles, the examination, the kept sign-in, completion.

#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what broke by failing")]

mod completion;
mod doctor;
mod front;
mod kept;
mod profiles;
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "shared with the tests of the screens, which use more of it"
)]
#[path = "../support/pty.rs"]
mod pty;
mod requests;
mod stage;
#[path = "../support/tls.rs"]
mod tls;
