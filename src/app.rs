//! The interactive program as a pure state machine: state, event, effect, update, one file per screen, the one key
//! table. May use `domain`; knows no tokio, no crossterm and no drawing.

pub mod effect;
pub mod event;
