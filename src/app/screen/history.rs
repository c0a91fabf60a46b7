//! The history: what was changed from this machine, newest first, and taking one change back.

use super::Behaviour;
use super::review::Review;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::reading::Reading;
use crate::app::shared::Shared;
use crate::domain::copy_as::Subject;
use crate::domain::journal::{JournalEntry, JournalOutcome};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;

/// The history screen.
#[derive(Debug, Default)]
pub struct History {
    /// The journal, newest first.
    pub entries: Reading<Vec<JournalEntry>>,
    /// Which of the rows that fit has the cursor.
    pub cursor: Cursor,
    /// What the rows must hold.
    pub filter: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
    /// Why the manager could not be read again before taking a change back.
    pub problem: Option<Problem>,
    undoing: Option<(Sequence, SafeText)>,
}

impl History {
    fn read(&mut self, shared: &mut Shared) {
        self.entries.ask(Slot::History, Request::History, shared);
    }

    /// The entries that fit the filter.
    pub fn rows(&self) -> Vec<&JournalEntry> {
        let text = self.filter.text().trim().to_lowercase();
        let fits = |entry: &&JournalEntry| {
            text.split_whitespace().all(|word| self.told(entry).to_lowercase().contains(word))
        };
        self.entries.value().into_iter().flatten().filter(fits).collect()
    }

    /// Everything that a row tells, for the filter.
    fn told(&self, entry: &JournalEntry) -> String {
        let change = entry.change();
        let roles: Vec<&str> =
            change.added().chain(change.removed()).map(crate::domain::role::Role::key).collect();
        format!(
            "{} {} {} {} {} {} {} {} {} {}",
            entry.time,
            entry.who,
            entry.user.display_name,
            entry.user.login_name,
            entry.user.id,
            entry.resource_name,
            entry.resource.level(),
            roles.join(" "),
            self.outcome(entry),
            entry.profile
        )
    }

    /// What became of a change, in a word or two.
    pub fn outcome(&self, entry: &JournalEntry) -> &'static str {
        match &entry.outcome {
            JournalOutcome::Done if self.is_undone(entry) => "undone",
            JournalOutcome::Done => "done",
            JournalOutcome::NotDone(_) => "not done",
            JournalOutcome::NotVisibleYet => "not seen yet",
            JournalOutcome::InDoubt => "in doubt",
            JournalOutcome::Unreadable(_) => "unreadable",
        }
    }

    fn is_undone(&self, entry: &JournalEntry) -> bool {
        self.entries
            .value()
            .into_iter()
            .flatten()
            .any(|other| other.undoes.as_ref() == Some(&entry.id) && other.outcome == JournalOutcome::Done)
    }

    /// The entry with the cursor.
    pub fn focused(&self) -> Option<&JournalEntry> {
        self.rows().get(self.cursor.at).copied()
    }

    /// Why a change cannot be taken back; none if it can be tried.
    pub fn why_no_undo(entry: &JournalEntry, shared: &Shared) -> Option<String> {
        let Some(facts) = shared.facts() else { return Some("not signed in".to_owned()) };
        if entry.issuer != facts.issuer {
            return Some(format!(
                "this was changed on {}, and you are signed in to {}; g p switches",
                entry.issuer, facts.issuer
            ));
        }
        match &entry.outcome {
            JournalOutcome::NotDone(_) => Some("nothing was changed here".to_owned()),
            JournalOutcome::Unreadable(_) => Some("this line of the journal cannot be read".to_owned()),
            _ => shared.why_read_only(),
        }
    }

    fn undo(&mut self, shared: &mut Shared) {
        let Some(entry) = self.focused().cloned() else { return };
        if self.undoing.as_ref().is_some_and(|(sequence, _)| shared.is_live(*sequence)) {
            shared.say(Tone::Note, "Still reading what holds now");
            return;
        }
        self.problem = None;
        let request = Request::Manager(entry.resource.clone(), entry.user.id.clone());
        let sequence = shared.ask(Slot::Manager, std::time::Duration::ZERO, request);
        self.undoing = Some((sequence, entry.id));
    }

    fn review(&self, id: &SafeText, now: Option<&Manager>, shared: &mut Shared) {
        let entry = self.entries.value().into_iter().flatten().find(|entry| entry.id == *id);
        let Some(entry) = entry else { return };
        let Some(mut change) = entry.inverse(now.map(|manager| &*manager.roles)) else {
            let what = format!(
                "Nothing is left to take back: what this changed for {} on {} does not hold any more",
                entry.user.title(),
                entry.resource_name
            );
            shared.say(Tone::Note, what);
            return;
        };
        if let Some(now) = now {
            change.user = now.user.clone();
        }
        shared.open(Review::undoing(change, id.clone()));
    }
}

impl Behaviour for History {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.typing { place::SEARCH_FIELD } else { place::HISTORY }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["History".to_owned()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        let is_unread = self.entries.value().is_none() && self.entries.problem().is_none();
        if (is_unread && !self.entries.is_pending()) || self.entries.was_dropped(shared) {
            self.read(shared);
        }
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Undo => self.undo(shared),
            Action::Search => self.typing = true,
            Action::AcceptText | Action::ToList => self.typing = false,
            Action::Back if self.typing || !self.filter.is_empty() => {
                self.typing = false;
                self.filter.clear();
            }
            Action::ReadAgain => self.read(shared),
            Action::CopyId | Action::OpenConsole => {
                let Some(entry) = self.focused() else { return true };
                if action == Action::CopyId {
                    console::copy_id(entry.user.id.as_str(), shared);
                } else {
                    console::open(
                        &console::user_path(&entry.user.id, entry.user.organization.as_ref()),
                        shared,
                    );
                }
            }
            _ => return self.cursor.act(action, self.rows().len(), shared.list_rows()),
        }
        self.cursor.fit(self.rows().len(), shared.list_rows());
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        let entry = self.focused().filter(|_| action == Action::Undo)?;
        Self::why_no_undo(entry, shared)
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        Some(Subject::History(self.focused().cloned().map(Box::new)))
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.typing.then_some(&mut self.filter)
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        self.cursor.put(0, self.rows().len(), shared.list_rows());
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::History(entries) => {
                self.entries.answered(sequence, entries.clone());
                self.cursor.fit(self.rows().len(), shared.list_rows());
            }
            Answer::Manager(manager) => {
                let Some((_, id)) = self.undoing.take_if(|(own, _)| *own == sequence) else { return };
                match manager {
                    Ok(now) if shared.is_on_top() => self.review(&id, now.as_ref(), shared),
                    Ok(_) => {}
                    Err(problem) => self.problem = Some(problem.clone()),
                }
            }
            _ => {}
        }
    }

    fn changed(&mut self, _resource: &Resource, shared: &mut Shared) {
        self.read(shared);
    }
}
