//! Signing in, and calling the API with what came of it: every refusal one by one, against scripted servers on
//! loopback and against the demo instance.

mod address;
mod answers;
mod canary;
mod connection;
mod demo;
mod environment;
mod files;
mod scripted;
mod tokens;
mod transport;
mod world;
