//! The interactive program as a pure state machine: state, event, effect, update, one file per screen, the one key
//! table. May use `domain`; knows no tokio, no crossterm and no drawing.

pub mod effect;
pub mod event;

use std::time::Duration;

use crate::domain::session::ProfileFacts;
use effect::{Effect, SignInTarget};
use event::Event;

/// What the program knows before anything was read.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The configured profiles, in the order in which `SignInTarget::Profile` counts them.
    pub profiles: Vec<ProfileFacts>,
    /// Where to sign in at once.
    pub sign_in: Option<SignInTarget>,
    /// Cells per row.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// The whole state of the interactive program.
#[derive(Debug)]
pub struct App {
    start: Start,
}

impl App {
    /// The state at the start and what it wants done first.
    pub fn new(start: Start) -> (Self, Vec<Effect>) {
        (Self { start }, Vec::new())
    }

    /// Takes in what happened; returns what shall be done about it, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        if let Event::Resized { columns, rows } = event {
            (self.start.columns, self.start.rows) = (columns, rows);
        }
        Vec::new()
    }

    /// The time until `Event::Tick` is needed; none while nothing moves, so that idling costs nothing.
    pub fn wants_tick(&self) -> Option<Duration> {
        None
    }

    /// Changes that were handed out as `Effect::Apply` and have not come back.
    pub fn writes_under_way(&self) -> usize {
        0
    }

    /// The colour of the profile signed in with, for the theme.
    pub fn profile_colour(&self) -> Option<&str> {
        None
    }
}
