//! One line of the review.

use crate::app::basket::Line;
use crate::app::effect::Sequence;
use crate::app::outcome;
use crate::domain::change::{ApplyStep, Change, ChangeKind, Outcome, Turn};
use crate::domain::manager::Manager;
use crate::domain::role::same_roles;
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

/// Why a change differs from the one that was chosen: what was read for the review is not what was seen then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reckoned {
    /// The user is manager there already.
    AlreadyManager,
    /// The user holds other roles than those seen then.
    OtherRoles,
}

/// One change of the review.
#[derive(Clone, Debug)]
pub struct Item {
    /// The change.
    pub change: Change,
    /// The journal entry that it takes back.
    pub undoes: Option<SafeText>,
    /// The operator left it out.
    pub left_out: bool,
    /// Why it differs from what was chosen.
    pub reckoned: Option<Reckoned>,
    /// How far it is.
    pub progress: Progress,
}

impl From<Line> for Item {
    fn from(line: Line) -> Self {
        Self {
            change: line.change,
            undoes: line.undoes,
            left_out: false,
            reckoned: None,
            progress: Progress::Open,
        }
    }
}

impl Item {
    /// Whether something is to be sent.
    pub fn counts(&self) -> bool {
        !self.left_out && self.change.kind() != ChangeKind::Nothing
    }

    /// Whether something is to be sent and was not.
    pub fn is_open(&self) -> bool {
        self.progress == Progress::Open && self.counts()
    }

    /// Whether it holds now.
    pub(super) fn holds(&self) -> bool {
        matches!(&self.progress, Progress::Ended(outcome) if outcome::holds_now(outcome))
    }

    /// Whether it ended without holding now.
    pub(super) fn came_to_nothing(&self) -> bool {
        matches!(&self.progress, Progress::Ended(outcome) if !outcome::holds_now(outcome))
    }

    /// Reckons the change anew, against what the managers hold now; the intention stays.
    pub(super) fn reckon(&mut self, managers: &[Manager]) {
        if self.progress != Progress::Open {
            return;
        }
        let now = managers.iter().find(|manager| manager.user.id == self.change.user.id);
        let before = self.change.before.as_deref();
        let is_same = match (before, now) {
            (None, None) => true,
            (Some(before), Some(now)) => same_roles(before, &now.roles),
            _ => false,
        };
        if !is_same {
            let reckoned = if before.is_none() { Reckoned::AlreadyManager } else { Reckoned::OtherRoles };
            self.change = outcome::against(&self.change, now);
            self.reckoned = Some(reckoned);
        }
    }

    /// The change and what it takes back.
    pub(super) fn line(&self) -> Line {
        Line { change: self.change.clone(), undoes: self.undoes.clone() }
    }

    /// The same to be tried again, against what holds now; none where it happened, may have happened, or nothing is
    /// left of it.
    pub(super) fn again(&self) -> Option<Line> {
        let Progress::Ended(outcome) = &self.progress else { return None };
        if !outcome::can_be_tried_again(outcome) {
            return None;
        }
        let change = match &**outcome {
            Outcome::ChangedMeanwhile(now) => outcome::against(&self.change, now.as_ref()),
            _ => self.change.clone(),
        };
        (change.kind() != ChangeKind::Nothing).then(|| Line { change, undoes: self.undoes.clone() })
    }
}

/// The lines of each resource behind each other, resources in the order in which they come first; in each, what gives
/// before what takes.
pub(super) fn grouped(lines: impl IntoIterator<Item = Line>) -> Vec<Item> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in lines.into_iter().map(Item::from) {
        let same = |group: &&mut Vec<Item>| {
            group.first().is_some_and(|first| first.change.resource == item.change.resource)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|item| Turn::of(&item.change, None));
    }
    groups.into_iter().flatten().collect()
}
