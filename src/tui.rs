//! The terminal: run loop, effect runner, terminal guard, signals, theme, one drawing file per screen. May use `app`,
//! `engine`, `config` and `domain`.

pub mod theme;
pub mod view;
