//! Flows of the engine against the demo instance with the recorded world, in three versions, over real HTTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by failing")]

mod evidence;
mod history;
mod inventory;
mod performance;
mod person;
mod reading;
mod stage;
mod trouble;
mod two_writers;
mod world;
mod writing;
