//! Signing in, and calling the API with what came of it: every refusal one by one, against scripted servers on
//! loopback and against the demo instance.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what broke by failing")]

mod address;
mod answers;
mod canary;
mod connection;
mod demo;
mod environment;
mod files;
mod recorded;
mod scripted;
#[path = "../support/tls.rs"]
mod tls;
mod tokens;
mod transport;
mod world;
