//! The review: every change before it is sent, what to be warned of, and what became of it. Changes of several users on
//! several resources stand in one review, grouped by resource.

mod guards;
mod item;
mod sending;

use super::Behaviour;
use crate::app::basket::Line;
use crate::app::cursor::Cursor;
use crate::app::effect::Sequence;
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::managers_of::ManagersOf;
use crate::app::message::Tone;
use crate::app::outcome;
use crate::app::shared::{Navigation, Shared};
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome};
use crate::domain::copy_as::Subject;
use crate::domain::guard::Warning;
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::text::SafeText;

pub use guards::{NameAsked, Readiness};
pub use item::{Item, Progress, Reckoned};

/// The review.
#[derive(Debug)]
pub struct Review {
    /// The changes, those of one resource behind each other.
    pub items: Vec<Item>,
    /// Whether it is the last step of adding a manager.
    pub in_stepper: bool,
    /// The managers of the resources, for the guards and to see who is manager already.
    pub managers: ManagersOf,
    /// The typed name.
    pub name: Field,
    /// The change with the cursor, from which on they are shown where there is no room for all.
    pub cursor: Cursor,
    from_basket: bool,
    begun: bool,
    accepted: Vec<Vec<Warning>>,
    states_of: Vec<UserId>,
}

impl Review {
    /// A review of changes; `known` are the managers of the first one's resource, where they were just read.
    pub fn new(changes: Vec<Change>, known: Option<Vec<Manager>>) -> Self {
        let managers = match (changes.first(), known) {
            (Some(first), Some(known)) => ManagersOf::known(first.resource.clone(), known),
            _ => ManagersOf::default(),
        };
        let lines = changes.into_iter().map(|change| Line { change, undoes: None });
        Self { managers, ..Self::of_lines(lines) }
    }

    /// A review as the last step of adding a manager.
    pub fn in_stepper(changes: Vec<Change>, known: Option<Vec<Manager>>) -> Self {
        Self { in_stepper: true, ..Self::new(changes, known) }
    }

    /// A review of what is in the basket.
    pub fn of_basket(lines: &[Line]) -> Self {
        Self { from_basket: true, ..Self::of_lines(lines.iter().cloned()) }
    }

    /// A review of a change that takes a journal entry back.
    pub fn undoing(change: Change, entry: SafeText) -> Self {
        Self::of_lines([Line { change, undoes: Some(entry) }])
    }

    fn of_lines(lines: impl IntoIterator<Item = Line>) -> Self {
        Self {
            items: item::grouped(lines),
            in_stepper: false,
            managers: ManagersOf::default(),
            name: Field::default(),
            cursor: Cursor::default(),
            from_basket: false,
            begun: false,
            accepted: Vec::new(),
            states_of: Vec::new(),
        }
    }

    /// The resources, in the order of the changes.
    pub fn resources(&self) -> Vec<&Resource> {
        let mut resources: Vec<&Resource> = Vec::new();
        for item in &self.items {
            if resources.last() != Some(&&item.change.resource) {
                resources.push(&item.change.resource);
            }
        }
        resources
    }

    /// The name of a resource as the changes call it.
    pub fn name_of(&self, resource: &Resource) -> SafeText {
        let item = self.items.iter().find(|item| item.change.resource == *resource);
        item.map(|item| item.change.resource_name.clone()).unwrap_or_default()
    }

    /// Whether it reviews what is in the basket.
    pub const fn is_of_basket(&self) -> bool {
        self.from_basket
    }

    fn changes_on<'a>(&'a self, resource: &'a Resource) -> impl Iterator<Item = &'a Change> {
        self.items
            .iter()
            .filter(move |item| item.counts() && item.change.resource == *resource)
            .map(|item| &item.change)
    }

    /// Whether a change is under way.
    pub fn is_applying(&self) -> bool {
        self.items.iter().any(|item| matches!(item.progress, Progress::UnderWay(..)))
    }

    /// Whether every change ended.
    pub fn has_ended(&self) -> bool {
        self.begun && !self.is_applying() && !self.has_unsent()
    }

    /// Whether lines wait for others before they are sent.
    pub fn has_unsent(&self) -> bool {
        self.begun && self.items.iter().any(Item::is_open)
    }

    /// Leaves a line out, or takes it back in.
    fn leave_out(&mut self, shared: &mut Shared) {
        if self.begun {
            return;
        }
        let Some(item) = self.items.get_mut(self.cursor.at) else { return };
        if item.change.kind() == ChangeKind::Nothing {
            shared.say(Tone::Note, "There is nothing to send in this line anyway");
            return;
        }
        item.left_out = !item.left_out;
        self.name.clear();
        self.check(shared);
    }

    fn put_into_basket(&self, shared: &mut Shared) {
        if self.from_basket {
            shared.go(Navigation::Back);
            return;
        }
        let lines: Vec<Line> = self.items.iter().filter(|item| item.counts()).map(Item::line).collect();
        if lines.is_empty() {
            shared.say(Tone::Note, "There is nothing to put into the basket");
            return;
        }
        let count = lines.len();
        for line in lines {
            shared.basket.put(line);
        }
        let changes = if count == 1 { "1 change is" } else { &format!("{count} changes are") };
        shared.say(Tone::Good, format!("{changes} in the basket; nothing was sent. b shows it"));
        shared.go(Navigation::Chosen);
    }

    /// What did not happen is open again, against what holds now.
    fn retry(&mut self, shared: &mut Shared) {
        let again: Vec<Line> = self.items.iter().filter_map(Item::again).collect();
        if again.is_empty() {
            shared.say(Tone::Note, "There is nothing to try again");
            return;
        }
        let (in_stepper, from_basket) = (self.in_stepper, self.from_basket);
        *self = Self { in_stepper, from_basket, ..Self::of_lines(again) };
        self.check(shared);
    }

    /// The line that the way on leads to: the one with the cursor, in a review of one resource the first.
    fn line_to_show(&self) -> Option<&Item> {
        let at = if self.resources().len() > 1 { self.cursor.at } else { 0 };
        self.items.iter().skip(at).chain(&self.items).find(|item| item.counts())
    }

    fn show_managers(&self, shared: &mut Shared) {
        let Some(item) = self.line_to_show() else { return };
        let outcome = if let Progress::Ended(outcome) = &item.progress { Some(&**outcome) } else { None };
        let row = match outcome {
            Some(Outcome::Done(row) | Outcome::AlreadySo(row)) => row.clone().map(Box::new),
            _ => None,
        };
        let is_read_back = outcome.is_some_and(outcome::holds_now);
        shared.go(Navigation::ShowManager {
            resource: item.change.resource.clone(),
            resource_name: item.change.resource_name.clone(),
            user: item.change.user.id.clone(),
            row,
            is_read_back: is_read_back && self.changes_on(&item.change.resource).count() == 1,
        });
    }

    /// Tells that everything holds, and shows it where that is in one place.
    fn all_hold(&self, shared: &mut Shared) {
        if self.resources().len() > 1 {
            let count = self.items.iter().filter(|item| item.counts()).count();
            let resources = self.resources().len();
            shared
                .say(Tone::Good, format!("All {count} changes on {resources} resources hold, as read back"));
            return;
        }
        for item in &self.items {
            if let Progress::Ended(outcome) = &item.progress {
                let told = outcome::told(&item.change, outcome);
                shared.say(told.tone, told.what);
            }
        }
        self.show_managers(shared);
    }
}

impl Behaviour for Review {
    fn place(&self, shared: &Shared) -> place::Place {
        if self.is_applying() {
            place::APPLYING
        } else if self.has_ended() {
            place::RESULTS
        } else if matches!(self.readiness(shared), Readiness::NeedsName(_)) {
            place::REVIEW_NAME
        } else {
            place::REVIEW
        }
    }

    fn crumbs(&self) -> Vec<String> {
        if self.in_stepper { Vec::new() } else { vec!["Review".to_owned()] }
    }

    fn shown(&mut self, shared: &mut Shared) {
        if !self.begun {
            let resources: Vec<Resource> = self.resources().into_iter().cloned().collect();
            shared.want_permissions_on_all(&resources);
            self.check(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Apply => self.apply(shared),
            Action::Retry => self.retry(shared),
            Action::Proceed => self.show_managers(shared),
            Action::Mark => self.leave_out(shared),
            Action::ShowBasket if !self.begun => self.put_into_basket(shared),
            _ => return self.cursor.act(action, self.items.len(), 1),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.readiness(shared)) {
            (Action::Apply, Readiness::Refused(reason)) => Some(reason),
            (Action::ShowBasket, _) if !self.begun => shared.why_read_only(),
            (Action::Retry, _) if !self.items.iter().any(|item| item.again().is_some()) => {
                Some("nothing here can be tried again".to_owned())
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        let items: Vec<&Item> = self.items.iter().filter(|item| item.counts()).collect();
        let here = self.items.get(self.cursor.at)?;
        // The line with the cursor may be one that is left out.
        let at = items.iter().position(|item| std::ptr::eq(*item, here)).unwrap_or(items.len());
        Some(Subject::Changes(items.into_iter().map(|item| item.change.clone()).collect(), at))
    }

    fn field(&mut self) -> Option<&mut Field> {
        (!self.begun).then_some(&mut self.name)
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if let Some(resource) = self.managers.answered(sequence, answer, shared) {
            if let Some(managers) = self.managers.value(&resource) {
                for item in self.items.iter_mut().filter(|item| item.change.resource == resource) {
                    item.reckon(managers);
                }
            }
            self.check(shared);
        }
    }

    fn applying(&mut self, sequence: Sequence, step: ApplyStep) {
        for item in &mut self.items {
            if matches!(item.progress, Progress::UnderWay(own, _) if own == sequence) {
                item.progress = Progress::UnderWay(sequence, Some(step));
            }
        }
    }

    fn applied(&mut self, sequence: Sequence, outcome: &Outcome, shared: &mut Shared) {
        for item in &mut self.items {
            if matches!(item.progress, Progress::UnderWay(own, _) if own == sequence) {
                item.progress = Progress::Ended(Box::new(outcome.clone()));
                if self.from_basket && outcome::holds_now(outcome) {
                    shared.basket.take_out(&item.change);
                }
            }
        }
        self.send(shared);
        if self.items.iter().filter(|item| item.counts()).all(Item::holds) {
            self.all_hold(shared);
        }
    }

    fn left(&mut self, shared: &mut Shared) {
        if self.has_unsent() {
            self.keep_unsent(shared);
        }
    }
}
