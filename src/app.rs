//! The interactive program as a pure state machine: state, event, effect, update, one file per screen, the one key
//! table. May use `domain`; knows no tokio, no crossterm and no drawing.

pub mod basket;
pub mod console;
pub mod cursor;
pub mod effect;
pub mod event;
pub mod explain;
pub mod field;
pub mod file_form;
pub mod filter;
#[cfg(test)]
pub(crate) mod flows;
pub mod go;
pub mod help;
pub mod keys;
pub mod layout;
pub mod listing;
pub mod managers_of;
pub mod marked;
pub mod message;
pub mod named_resource;
pub mod outcome;
pub mod palette;
pub mod path_field;
pub mod reading;
pub mod removal;
pub mod role_list;
pub mod screen;
pub mod search;
pub mod seen;
pub mod shared;
#[cfg(test)]
pub(crate) mod testing;
pub mod unread;
mod update;
pub mod whole_list;

use std::time::Duration;

use crate::domain::link::Link;
use crate::domain::session::ProfileFacts;
use effect::{Effect, SignInTarget};
use event::Event;
use help::Help;
use palette::Palette;
use screen::Screen;
use screen::sign_in::SignIn;
use shared::Shared;

/// What the program knows before anything was read.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The configured profiles, in the order in which `SignInTarget::Profile` counts them.
    pub profiles: Vec<ProfileFacts>,
    /// Where to sign in at once.
    pub sign_in: Option<SignInTarget>,
    /// Where to go once signed in.
    pub link: Option<Link>,
    /// Cells per row.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// The whole state of the interactive program.
#[derive(Debug)]
pub struct App {
    shared: Shared,
    stack: Vec<update::Entry>,
    help: Option<Help>,
    palette: Option<Palette>,
    began: Option<String>,
    link: Option<Link>,
    next_screen: u64,
}

impl App {
    /// The state at the start and what it wants done first.
    pub fn new(mut start: Start) -> (Self, Vec<Effect>) {
        let sign_in = SignIn::new(start.sign_in.take());
        let link = start.link.take();
        let mut app = Self {
            shared: Shared::new(start),
            stack: Vec::new(),
            help: None,
            palette: None,
            began: None,
            link,
            next_screen: 0,
        };
        app.push(Screen::from(sign_in));
        let effects = std::mem::take(&mut app.shared.effects);
        (app, effects)
    }

    /// Puts a change into the basket, as a review does.
    #[cfg(test)]
    pub(crate) fn choose_for_test(&mut self, change: crate::domain::change::Change) {
        self.shared.basket.put(basket::Line { change, undoes: None });
    }

    /// Takes in what happened; returns what shall be done about it, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        self.take_in(event);
        std::mem::take(&mut self.shared.effects)
    }

    /// The time until `Event::Tick` is needed; none while nothing moves, so that idling costs nothing.
    pub fn wants_tick(&self) -> Option<Duration> {
        self.shared.messages.back().map(message::Message::stays)
    }

    /// Changes that were handed out as `Effect::Apply` and have not come back.
    pub fn writes_under_way(&self) -> usize {
        self.shared.writes.len()
    }

    /// The colour of the profile signed in with, for the theme.
    pub fn profile_colour(&self) -> Option<&str> {
        self.shared.session.as_ref()?.profile.colour.as_ref().map(crate::domain::text::SafeText::as_str)
    }

    /// What all screens share, to be drawn.
    pub const fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The screen on top.
    pub fn top(&self) -> Option<&Screen> {
        self.stack.last().map(|entry| &entry.screen)
    }

    /// The breadcrumb, from the instance to here; lists that one came through are left out, and so is all that lies
    /// below a screen that knows the whole way to its resource.
    pub fn crumbs(&self) -> Vec<String> {
        let is_way = |screen: &Screen| matches!(screen, Screen::Organizations(_) | Screen::Users(_));
        let last = self.stack.len().saturating_sub(1);
        let mut ways = self.stack.iter().enumerate().rev();
        let way = ways.find_map(|(index, entry)| Some((index, entry.screen.behaviour().way()?)));
        let (first, mut crumbs) = match way {
            Some((first, way)) => (first, ["Instance".to_owned()].into_iter().chain(way).collect()),
            None => (0, Vec::new()),
        };
        let shown = self.stack.iter().enumerate().skip(first);
        let shown = shown.filter(|(index, entry)| *index == last || !is_way(&entry.screen));
        crumbs.extend(shown.flat_map(|(_, entry)| entry.screen.behaviour().crumbs()));
        crumbs.dedup();
        crumbs
    }

    /// Whether there is no screen to go back to.
    pub fn is_at_top(&self) -> bool {
        self.stack.len() <= 1
    }

    /// The help, where it is open.
    pub const fn help(&self) -> Option<&Help> {
        self.help.as_ref()
    }

    /// The palette, where it is open.
    pub const fn palette(&self) -> Option<&Palette> {
        self.palette.as_ref()
    }

    /// The key that began a pair.
    pub fn began(&self) -> Option<&str> {
        self.began.as_deref()
    }
}
