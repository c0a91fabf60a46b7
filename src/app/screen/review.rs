//! The review: every change before it is sent, what to be warned of, and what became of it.

use super::Behaviour;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::outcome;
use crate::app::reading::Reading;
use crate::app::shared::{Navigation, Shared};
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome};
use crate::domain::guard::{self, Situation, Warning};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::role::owner_role;
use crate::domain::text::SafeText;

/// How far one change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not sent.
    Open,
    /// Handed out.
    UnderWay(Sequence, Option<ApplyStep>),
    /// Ended.
    Ended(Box<Outcome>),
}

/// One change of the review.
#[derive(Clone, Debug)]
pub struct Item {
    /// The change.
    pub change: Change,
    /// How far it is.
    pub progress: Progress,
}

/// Whether the changes can be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// What the guards need is still being read.
    Checking,
    /// They can.
    Ready,
    /// Only after the name of the resource was typed; why.
    NeedsName(&'static str),
    /// They cannot; why.
    Refused(String),
}

/// The review.
#[derive(Debug)]
pub struct Review {
    /// The changes, all on one resource.
    pub items: Vec<Item>,
    /// Whether it is the last step of adding a manager.
    pub in_stepper: bool,
    /// The managers of the resource, for the guards.
    pub managers: Reading<Vec<Manager>>,
    /// The typed name.
    pub name: Field,
    /// The change with the cursor, from which on they are shown where there is no room for all.
    pub cursor: Cursor,
    checks_owners: bool,
    begun: bool,
}

impl Review {
    /// A review of changes on one resource; the managers are read where they are not known.
    pub fn new(changes: Vec<Change>, managers: Option<Vec<Manager>>) -> Self {
        let loses_owner =
            |change: &Change| change.removed().any(|role| role.key() == owner_role(change.resource.level()));
        Self {
            checks_owners: changes.iter().any(loses_owner),
            items: changes.into_iter().map(|change| Item { change, progress: Progress::Open }).collect(),
            in_stepper: false,
            managers: managers.map_or_else(Reading::default, Reading::known),
            name: Field::default(),
            cursor: Cursor::default(),
            begun: false,
        }
    }

    /// A review as the last step of adding a manager.
    pub fn in_stepper(changes: Vec<Change>, managers: Option<Vec<Manager>>) -> Self {
        Self { in_stepper: true, ..Self::new(changes, managers) }
    }

    /// The resource that all changes are on.
    pub fn resource(&self) -> Option<&Resource> {
        self.items.first().map(|item| &item.change.resource)
    }

    /// The name of that resource.
    pub fn resource_name(&self) -> SafeText {
        self.items.first().map(|item| item.change.resource_name.clone()).unwrap_or_default()
    }

    fn check(&mut self, shared: &mut Shared) {
        let Some(resource) = self.resource().cloned() else { return };
        if !self.checks_owners {
            return;
        }
        let unread = self.managers.value().is_none() && self.managers.problem().is_none();
        if (unread && !self.managers.is_pending()) || self.managers.was_dropped(shared) {
            self.managers.ask(Slot::Managers, Request::Managers(resource), shared);
        }
        self.check_owners(shared);
    }

    /// The states of the owners must be fresh where one of them goes.
    fn check_owners(&self, shared: &mut Shared) {
        if self.managers.value().is_none() {
            return;
        }
        let Some(owner) = self.resource().map(|resource| owner_role(resource.level())) else { return };
        let owners = self.managers.value().into_iter().flatten();
        let owners = owners.filter(|manager| manager.roles.iter().any(|role| role.key() == owner));
        let ids: Vec<_> = owners.map(|manager| manager.user.id.clone()).collect();
        shared.want_states(ids, true);
    }

    /// What to be warned of for each item, the refusing first; judged on what holds after all of them.
    pub fn warnings(&self, shared: &Shared) -> Vec<Vec<Warning>> {
        let plan: Vec<Change> = self.items.iter().map(|item| item.change.clone()).collect();
        let (Some(facts), Some(first)) = (shared.facts(), plan.first()) else { return Vec::new() };
        let permission = manager_permission(first.resource.level(), ManagerAction::Write);
        let situation = Situation {
            managers: self.managers.value().map(Vec::as_slice).unwrap_or_default(),
            states: shared.states(),
            own_user: &facts.identity.user,
            allowed_from_elsewhere: facts.allowed_from_above(&first.resource, permission),
        };
        let unread = self.managers.value().is_none();
        let about_owners = |warning: &Warning| {
            matches!(warning, Warning::LastOwner(_) | Warning::OnlyOwnersWhoCannotSignIn(_))
        };
        let mut warnings = guard::warnings(&plan, &situation);
        for of_one in &mut warnings {
            of_one.retain(|warning| !(unread && about_owners(warning)));
        }
        if let Some(first) = warnings.first_mut() {
            first.extend(guard::many(&plan));
        }
        warnings
    }

    /// Whether the changes can be applied.
    pub fn readiness(&self, shared: &Shared) -> Readiness {
        let Some(resource) = self.resource() else {
            return Readiness::Refused("nothing to change".to_owned());
        };
        let removes = self.items.iter().any(|item| item.change.kind() == ChangeKind::Remove);
        let action = if removes { ManagerAction::Remove } else { ManagerAction::Write };
        if let Some(reason) = shared.why_not(resource, action) {
            return Readiness::Refused(reason);
        }
        if self.checks_owners && (self.managers.is_pending() || shared.reads_states()) {
            return Readiness::Checking;
        }
        if self.warnings(shared).iter().flatten().any(Warning::refuses) {
            return Readiness::NeedsName("see the warnings above");
        }
        if self.checks_owners && self.managers.value().is_none() {
            return Readiness::NeedsName(
                "the managers could not be read, so nothing protects the last owner",
            );
        }
        if shared.is_protected() {
            return Readiness::NeedsName("this profile is protected");
        }
        Readiness::Ready
    }

    /// Whether the typed name is the one asked for; the id does as well, for names that cannot be typed.
    pub fn name_fits(&self) -> bool {
        let typed = self.name.text();
        let id = self.resource().and_then(Resource::organization);
        typed.trim() == self.resource_name().as_str() || id.is_some_and(|id| typed.trim() == id.as_str())
    }

    /// Whether a change is under way.
    pub fn is_applying(&self) -> bool {
        self.items.iter().any(|item| matches!(item.progress, Progress::UnderWay(..)))
    }

    /// Whether every change ended.
    pub fn has_ended(&self) -> bool {
        self.begun
            && !self.is_applying()
            && self.items.iter().all(|item| matches!(item.progress, Progress::Ended(_)))
    }

    fn apply(&mut self, shared: &mut Shared) {
        match self.readiness(shared) {
            Readiness::Checking => shared.say(Tone::Note, "Still reading what the change would leave behind"),
            Readiness::Refused(reason) => shared.say(Tone::Warning, format!("Cannot apply: {reason}")),
            Readiness::NeedsName(_) if !self.name_fits() => {
                shared.say(Tone::Warning, format!("Type {} exactly to apply", self.resource_name()));
            }
            Readiness::NeedsName(_) | Readiness::Ready => {
                self.begun = true;
                for item in self.items.iter_mut().filter(|item| item.progress == Progress::Open) {
                    item.progress = Progress::UnderWay(shared.apply(&item.change), None);
                }
            }
        }
    }

    /// What did not happen is open again, against what holds now.
    fn retry(&mut self, shared: &mut Shared) {
        let again = |item: &Item| match &item.progress {
            Progress::Ended(outcome) if outcome::can_be_tried_again(outcome) => {
                let change = match &**outcome {
                    Outcome::ChangedMeanwhile(now) => outcome::against(&item.change, now.as_ref()),
                    _ => item.change.clone(),
                };
                Some(Item { change, progress: Progress::Open })
            }
            _ => None,
        };
        let items: Vec<Item> = self
            .items
            .iter()
            .filter_map(again)
            .filter(|item| item.change.kind() != ChangeKind::Nothing)
            .collect();
        if items.is_empty() {
            shared.say(Tone::Note, "There is nothing to try again");
            return;
        }
        let changes = items.into_iter().map(|item| item.change).collect();
        *self = Self { in_stepper: self.in_stepper, ..Self::new(changes, None) };
        self.check(shared);
    }

    fn show_managers(&self, shared: &mut Shared) {
        let Some(item) = self.items.first() else { return };
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
            is_read_back: is_read_back && self.items.len() == 1,
        });
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
        self.check(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Apply => self.apply(shared),
            Action::Retry => self.retry(shared),
            Action::Proceed => self.show_managers(shared),
            _ => return self.cursor.act(action, self.items.len(), 1),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match (action, self.readiness(shared)) {
            (Action::Apply, Readiness::Refused(reason)) => Some(reason),
            (Action::Retry, _) if !self.items.iter().any(can_be_tried_again) => {
                Some("nothing here can be tried again".to_owned())
            }
            _ => None,
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        (!self.begun).then_some(&mut self.name)
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if let Answer::Managers(managers) = answer
            && self.managers.answered(sequence, managers.clone())
            && self.checks_owners
        {
            self.check_owners(shared);
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
            }
        }
        let holds =
            |item: &Item| matches!(&item.progress, Progress::Ended(outcome) if outcome::holds_now(outcome));
        if self.items.iter().all(holds) {
            for item in &self.items {
                if let Progress::Ended(outcome) = &item.progress {
                    let told = outcome::told(&item.change, outcome);
                    shared.say(told.tone, told.what);
                }
            }
            self.show_managers(shared);
        }
    }
}

fn can_be_tried_again(item: &Item) -> bool {
    matches!(&item.progress, Progress::Ended(outcome) if outcome::can_be_tried_again(outcome))
}
