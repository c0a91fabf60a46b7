//! What differs between a snapshot and now: who came, went and changed, by whom and when, and what cannot be told.

use std::sync::Arc;

use super::Behaviour;
use super::all_managers::Phase;
use super::person::Person;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::{Answer, Compared};
use crate::app::explain;
use crate::app::field::Field;
use crate::app::go;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::inventory::{ManagerRecord, RoleGrant};
use crate::domain::problem::Problem;
use crate::domain::snapshot::{Difference, DifferenceKind, Renamed, Side, Untold};
use crate::domain::text::SafeText;

/// One line of the list.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a> {
    /// A manager came, went, or holds other roles.
    Difference(&'a Difference, Option<&'a RoleGrant>),
    /// Whether a manager came or went cannot be told.
    Untold(&'a Untold),
    /// Somebody or something has another name.
    Renamed(&'a Renamed),
}

impl<'a> Line<'a> {
    /// What happened, in a word or two.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Difference(difference, _) => match difference.kind() {
                DifferenceKind::Added => "added",
                DifferenceKind::Removed => "removed",
                DifferenceKind::Changed => "changed",
            },
            Self::Untold(_) => "cannot tell",
            Self::Renamed(_) => "renamed",
        }
    }

    /// The manager concerned.
    pub fn record(self) -> Option<&'a ManagerRecord> {
        match self {
            Self::Difference(difference, _) => difference.record(),
            Self::Untold(untold) => Some(&untold.record),
            Self::Renamed(_) => None,
        }
    }

    /// Roles that came and went, a new name, or why it cannot be told.
    pub fn what(self) -> String {
        match self {
            Self::Difference(difference, _) => {
                let added = difference.added().map(|role| format!("+{role}"));
                let removed = difference.removed().map(|role| format!("−{role}"));
                let all: Vec<String> = added.chain(removed).collect();
                if all.is_empty() { "no roles".to_owned() } else { all.join(" ") }
            }
            Self::Untold(untold) => {
                let when = if untold.unread == Side::Before { "in the snapshot" } else { "now" };
                format!("{} not read {when}", untold.part)
            }
            Self::Renamed(Renamed::User { from, to, .. } | Renamed::Resource { from, to, .. }) => {
                format!("{from} → {to}")
            }
        }
    }

    /// Whom or what it is about.
    pub fn about(self) -> SafeText {
        match (self, self.record()) {
            (_, Some(record)) => record.manager.user.title(),
            (Self::Renamed(Renamed::User { to, .. } | Renamed::Resource { to, .. }), None) => to.clone(),
            (_, None) => SafeText::default(),
        }
    }

    /// By whom it was done, and when.
    pub const fn event(self) -> Option<&'a RoleGrant> {
        if let Self::Difference(_, event) = self { event } else { None }
    }

    fn told(self) -> String {
        let record = self.record().map(|record| {
            let manager = &record.manager;
            format!(
                "{} {} {} {} {}",
                manager.user.login_name,
                record.resource_name,
                record.organization_name,
                manager.resource.level(),
                explain::listed(&manager.roles, "")
            )
        });
        let editor = self.event().map(|event| event.editor.to_string()).unwrap_or_default();
        let record = record.unwrap_or_default();
        format!("{} {} {} {record} {editor}", self.kind(), self.about(), self.what()).to_lowercase()
    }
}

/// The screen.
#[derive(Debug)]
pub struct Differences {
    /// The file of the snapshot.
    pub file: String,
    /// What differs.
    pub compared: Arc<Compared>,
    /// Which of the shown lines has the cursor.
    pub cursor: Cursor,
    /// What is typed as filter.
    pub field: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
    /// How far comparing again is.
    pub phase: Phase,
    /// Lists read, of how many known so far.
    pub progress: Option<(u64, u64)>,
    /// Why comparing again failed.
    pub problem: Option<Problem>,
    shown: Vec<usize>,
}

impl Differences {
    pub(super) fn new(file: String, compared: Arc<Compared>) -> Self {
        let mut screen = Self {
            file,
            compared,
            cursor: Cursor::default(),
            field: Field::default(),
            typing: false,
            phase: Phase::Ended,
            progress: None,
            problem: None,
            shown: Vec::new(),
        };
        screen.filter();
        screen
    }

    /// All lines, whatever the filter says.
    fn at(&self, place: usize) -> Option<Line<'_>> {
        let Compared { comparison, events, .. } = &*self.compared;
        let untold = place.checked_sub(comparison.differences.len());
        let renamed = untold.and_then(|place| place.checked_sub(comparison.untold.len()));
        match (untold, renamed) {
            (None, _) => {
                let event = events.get(place).and_then(Option::as_ref);
                comparison.differences.get(place).map(|difference| Line::Difference(difference, event))
            }
            (Some(place), None) => comparison.untold.get(place).map(Line::Untold),
            (_, Some(place)) => comparison.renamed.get(place).map(Line::Renamed),
        }
    }

    fn filter(&mut self) {
        let text = self.field.text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let fits = |place: &usize| {
            self.at(*place).is_some_and(|line| {
                words.is_empty() || {
                    let told = line.told();
                    words.iter().all(|word| told.contains(word))
                }
            })
        };
        self.shown = (0..self.all()).filter(fits).collect();
    }

    fn all(&self) -> usize {
        let comparison = &self.compared.comparison;
        comparison.differences.len() + comparison.untold.len() + comparison.renamed.len()
    }

    /// How many lines are shown.
    pub const fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none is shown.
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The shown line at this place.
    pub fn line(&self, at: usize) -> Option<Line<'_>> {
        self.at(*self.shown.get(at)?)
    }

    /// The line with the cursor.
    pub fn focused(&self) -> Option<Line<'_>> {
        self.line(self.cursor.at)
    }

    /// How much differs, in words.
    pub fn count(&self) -> String {
        if let Phase::Reading(_) = self.phase {
            let progress = self.progress.map(|(done, known)| {
                format!("comparing, {} of {} lists", grouped(done), grouped(known.max(done)))
            });
            return progress.unwrap_or_else(|| "comparing".to_owned());
        }
        let comparison = &self.compared.comparison;
        let count = |count: usize, noun: &str| match count {
            0 => None,
            _ => Some(format!("{} {noun}", grouped(count as u64))),
        };
        let differ = if comparison.differences.len() == 1 { "difference" } else { "differences" };
        let parts = [
            Some(format!("{} {differ}", grouped(comparison.differences.len() as u64))),
            count(comparison.untold.len(), "cannot be told"),
            count(comparison.renamed.len(), "renamed"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What the list says above its rows, besides the search line.
    pub fn notices(&self) -> Vec<String> {
        let gaps = explain::gaps(&self.compared.gaps, " now");
        let events = self.compared.no_events.as_ref();
        gaps.into_iter()
            .chain(events.map(|problem| format!("Who did it cannot be told: {}", problem.why)))
            .collect()
    }

    fn height(&self, shared: &Shared) -> usize {
        shared.list_rows().saturating_sub(self.notices().len()).max(1)
    }

    fn read(&mut self, shared: &mut Shared) {
        let request = Request::CompareSnapshot(self.file.clone());
        self.phase = Phase::Reading(shared.ask(Slot::File, std::time::Duration::ZERO, request));
        self.progress = None;
        self.problem = None;
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        if matches!(self.phase, Phase::Reading(_)) {
            shared.forget(Slot::File);
            self.phase = Phase::Stopped;
            shared.say(Tone::Note, "Stopped; what was compared before is kept, r compares again");
        } else if self.typing || !self.field.is_empty() {
            self.typing = false;
            self.field.clear();
            self.refilter(shared);
        } else {
            return false;
        }
        true
    }

    fn refilter(&mut self, shared: &Shared) {
        self.filter();
        self.cursor.put(0, self.len(), self.height(shared));
    }
}

impl Behaviour for Differences {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.typing { place::SEARCH_FIELD } else { place::DIFFERENCES }
    }

    fn crumbs(&self) -> Vec<String> {
        vec![format!("{} and now", SafeText::new(&self.file))]
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.cursor.fit(self.len(), self.height(shared));
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        let manager = self.focused().and_then(Line::record);
        match (action, manager) {
            (Action::Open, Some(record)) => shared.open(Person::of_manager(record.manager.user.clone())),
            (Action::OpenResource, Some(record)) => {
                go::open_resource(&record.manager.resource, &record.resource_name, shared);
            }
            (Action::CopyId, Some(record)) => console::copy_id(record.manager.user.id.as_str(), shared),
            (Action::OpenConsole, Some(record)) => {
                let user = &record.manager.user;
                console::open(&console::user_path(&user.id, user.organization.as_ref()), shared);
            }
            (Action::Open | Action::OpenResource | Action::CopyId | Action::OpenConsole, None) => {}
            (Action::Search, _) => self.typing = true,
            (Action::AcceptText | Action::ToList, _) => self.typing = false,
            (Action::ReadAgain, _) => self.read(shared),
            (Action::Back, _) => return self.back(shared),
            _ => return self.cursor.act(action, self.len(), self.height(shared)),
        }
        true
    }

    fn why_not(&self, action: Action, _shared: &Shared) -> Option<String> {
        let of_manager =
            matches!(action, Action::Open | Action::OpenResource | Action::CopyId | Action::OpenConsole);
        let is_none = self.focused().and_then(Line::record).is_none();
        (of_manager && is_none).then(|| "the cursor is on no manager".to_owned())
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        Some(Subject::List(Listed::Differences(self.file.clone()), Vec::new()))
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.typing.then_some(&mut self.field)
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        self.refilter(shared);
    }

    fn shown(&mut self, shared: &mut Shared) {
        if let Phase::Reading(sequence) = self.phase
            && !shared.is_live(sequence)
        {
            self.phase = Phase::Stopped;
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        if self.phase != Phase::Reading(sequence) {
            return;
        }
        match answer {
            Answer::Progress { done, known } => self.progress = Some((*done, *known)),
            Answer::Compared(result) => {
                self.phase = Phase::Ended;
                match result {
                    Ok(compared) => {
                        self.compared = compared.clone();
                        self.filter();
                        self.cursor.fit(self.len(), self.height(shared));
                    }
                    Err(problem) => self.problem = Some(problem.clone()),
                }
            }
            _ => {}
        }
    }
}
