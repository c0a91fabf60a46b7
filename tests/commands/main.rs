//! Every command and every format on a demo instance with managers on all four levels: both streams and the exit code.

#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what broke by failing")]

mod big_plan;
mod changing;
mod desired;
mod documents;
mod reading;
mod review;
mod schema;
mod snapshots;
mod stage;
