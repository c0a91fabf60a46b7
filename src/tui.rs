//! The terminal: run loop, effect runner, terminal guard, signals, theme, one drawing file per screen. May use `app`,
//! `engine`, `config` and `domain`.

mod backend;
mod clipboard;
pub mod effects;
mod input;
mod keyboard;
mod launch;
pub mod run;
pub mod signals;
mod terminal;
pub mod theme;
pub mod view;

pub use launch::{Launch, run, run_with_input};
