//! All managers of the instance as one list over all levels. Rows appear as they are read; reading can be stopped.
//! Also the managers of a snapshot, which only shows.

pub mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use super::Behaviour;
use super::add_manager::AddManager;
use super::person::Person;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::file_form::FileForm;
use crate::app::filter::Filter;
use crate::app::go;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::named_resource::NamedResource;
use crate::app::reading::Reading;
use crate::app::removal;
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::app::unread::Unread;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, ManagerRecord, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::permission::ManagerAction;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::snapshot::{Extent, Snapshot};
use crate::domain::text::SafeText;
use rows::{GroupKey, Key, Line, Row, Rows};

/// How far reading all managers is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not begun.
    #[default]
    Unread,
    /// Parts are arriving.
    Reading(Sequence),
    /// Stopped by the operator; what came is kept.
    Stopped,
    /// Read to the end.
    Ended,
}

const EXPORT_TITLE: &str = "Export these rows into";
const EXPORT_HINT: &str = "The ending says the format: .csv or .json; tab completes the path";

/// What the cursor is on, to find it again among other rows.
enum Focus {
    Row(Key),
    Group(GroupKey),
}

/// The snapshot that the rows are of.
#[derive(Debug)]
pub struct Source {
    /// Its file.
    pub file: String,
    issuer: SafeText,
    title: SafeText,
    newest: String,
}

/// The screen.
#[derive(Debug, Default)]
pub struct AllManagers {
    /// What was read.
    pub rows: Rows,
    /// Which line has the cursor.
    pub cursor: Cursor,
    /// What is typed as filter.
    pub field: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
    /// The rows with a mark.
    pub marks: HashSet<Key>,
    /// How far reading is.
    pub phase: Phase,
    /// Lists read, of how many known so far.
    pub progress: Option<(u64, u64)>,
    /// Why reading failed as a whole.
    pub problem: Option<Problem>,
    /// What could not be read.
    pub unread: Unread,
    /// The snapshot that the rows are of; none for the managers as they are now.
    pub snapshot: Option<Source>,
    /// Where the rows are to be written.
    pub export: Option<FileForm>,
    moved: bool,
    changed: BTreeSet<Resource>,
    fresh: Option<(Resource, Reading<Vec<Manager>>)>,
}

impl AllManagers {
    /// The managers of a snapshot, which was read from this file.
    pub fn of_snapshot(file: String, snapshot: &Snapshot, shared: &mut Shared) -> Self {
        let newest = snapshot.newest().map(|time| time.strftime("%Y-%m-%d").to_string());
        let source = Source {
            file,
            issuer: snapshot.issuer.clone(),
            title: snapshot.title(),
            newest: newest.unwrap_or_default(),
        };
        let mut screen = Self { phase: Phase::Ended, snapshot: Some(source), ..Self::default() };
        learn_names(&snapshot.records, shared);
        screen.rows.take(snapshot.records.clone(), shared);
        screen.unread.parts = snapshot
            .gaps
            .iter()
            .map(|gap| UnreadPart {
                resource: match &gap.extent {
                    Extent::Resource(resource) => Some(resource.clone()),
                    Extent::Beyond(_) | Extent::Names | Extent::Anything => None,
                },
                name: gap.name.clone(),
                problem: Problem::new(
                    ProblemKind::PermissionMissing,
                    "This could not be read when the snapshot was taken",
                    gap.why.clone(),
                    "",
                ),
            })
            .collect();
        screen
    }

    /// Why nothing but looking can be done with a snapshot; none for the managers as they are now.
    fn why_not_in_snapshot(&self, action: Action, shared: &Shared) -> Option<String> {
        let source = self.snapshot.as_ref()?;
        match action {
            Action::AddManager
            | Action::ChangeRoles
            | Action::RemoveManager
            | Action::Mark
            | Action::ReadAgain => Some(
                "this is a snapshot, which only shows; g a goes to the managers as they are now".to_owned(),
            ),
            Action::OpenConsole | Action::OpenResource | Action::CopyAs => {
                Self::why_elsewhere(source, shared)
            }
            Action::Open if self.focused().is_some() => Self::why_elsewhere(source, shared),
            _ => None,
        }
    }

    /// Why nothing can be looked up for a row of this snapshot; none where we are signed in to its instance.
    fn why_elsewhere(source: &Source, shared: &Shared) -> Option<String> {
        let is_here = shared.facts().is_some_and(|facts| facts.issuer == source.issuer);
        (!is_here).then(|| format!("this snapshot is of {}, and you are not signed in there", source.issuer))
    }

    fn read(&mut self, shared: &mut Shared) {
        let sequence = shared.ask(Slot::Inventory, Duration::ZERO, Request::Inventory);
        self.rows.begin_reading();
        self.phase = Phase::Reading(sequence);
        self.progress = None;
        self.problem = None;
        self.unread.clear();
    }

    fn stop(&mut self, shared: &mut Shared) {
        shared.forget(Slot::Inventory);
        self.phase = Phase::Stopped;
        shared.say(Tone::Note, "Stopped; what came is kept, r reads again");
    }

    /// Whether parts are still arriving.
    pub const fn is_reading(&self) -> bool {
        matches!(self.phase, Phase::Reading(_))
    }

    fn line(&self) -> Option<Line> {
        self.rows.lines().get(self.cursor.at).copied()
    }

    /// The row with the cursor; none on the head of a group.
    pub fn focused(&self) -> Option<&Row> {
        match self.line()? {
            Line::Row(place) => self.rows.get(place),
            Line::Group { .. } => None,
        }
    }

    /// What the list says above its rows, besides the search line.
    pub fn notices(&self) -> Vec<String> {
        let snapshot = self.snapshot.as_ref().map(|source| {
            let newest = if source.newest.is_empty() {
                String::new()
            } else {
                format!(", newest change {}", source.newest)
            };
            format!("A snapshot of {}{newest}; it only shows", source.title)
        });
        snapshot.into_iter().chain(self.rows.filter().complaint()).chain(self.unread.summary()).collect()
    }

    /// How much is there, in words.
    pub fn count(&self) -> String {
        let (shown, all) = (self.rows.fitting() as u64, self.rows.all().len() as u64);
        let rows =
            if shown == all { grouped(all) } else { format!("{} of {}", grouped(shown), grouped(all)) };
        let noun = if all == 1 { "row" } else { "rows" };
        let progress = self
            .progress
            .map(|(done, known)| format!(" · {} of {} lists", grouped(done), grouped(known.max(done))))
            .unwrap_or_default();
        let marked = match self.marks.len() as u64 {
            0 => String::new(),
            marked => format!("{} marked · ", grouped(marked)),
        };
        match self.phase {
            Phase::Unread => String::new(),
            Phase::Reading(_) if all == 0 && progress.is_empty() => "loading".to_owned(),
            Phase::Reading(_) => format!("{marked}{rows} {noun}{progress}"),
            Phase::Stopped => format!("{marked}{rows} {noun}{progress}, stopped"),
            Phase::Ended => format!("{marked}{rows} {noun}"),
        }
    }

    /// Visible lines of the list.
    fn height(&self, shared: &Shared) -> usize {
        shared.list_rows().saturating_sub(self.notices().len()).max(1)
    }

    /// Changes the rows and keeps the cursor on what it is on.
    fn keeping_cursor<R>(&mut self, shared: &Shared, change: impl FnOnce(&mut Rows) -> R) -> R {
        let focus = self.focus();
        let before = self.cursor.at;
        let result = change(&mut self.rows);
        let at = focus.filter(|_| self.moved).and_then(|focus| self.find(&focus));
        if let Some(by) = at.and_then(|at| isize::try_from(at).ok()?.checked_sub_unsigned(before)) {
            self.cursor.shift(by);
        }
        self.cursor.fit(self.rows.lines().len(), self.height(shared));
        result
    }

    fn focus(&self) -> Option<Focus> {
        Some(match self.line()? {
            Line::Row(place) => Focus::Row(self.rows.get(place)?.key()),
            Line::Group { first, .. } => Focus::Group(self.rows.group_of(first)?),
        })
    }

    fn find(&self, focus: &Focus) -> Option<usize> {
        self.rows.lines().iter().position(|line| match (line, focus) {
            (Line::Row(place), Focus::Row((user, resource))) => self.rows.get(*place).is_some_and(|row| {
                row.record.manager.user.id == *user && row.record.manager.resource == *resource
            }),
            (Line::Group { first, .. }, Focus::Group(group)) => {
                self.rows.group_of(*first).as_ref() == Some(group)
            }
            _ => false,
        })
    }

    fn part_came(&mut self, part: &InventoryPart, shared: &mut Shared) {
        match part {
            InventoryPart::Rows(records) => {
                learn_names(records, shared);
                let records = records.clone();
                self.keeping_cursor(shared, |rows| rows.take(records, shared));
            }
            InventoryPart::Users(users) => {
                shared.learn_states(users.iter().map(|user| (user.id.clone(), user.state.clone())));
                self.keeping_cursor(shared, |rows| rows.learn_users(users, shared));
            }
            InventoryPart::Progress { done, known } => self.progress = Some((*done, *known)),
            InventoryPart::Unread(part) => {
                self.unread.parts.push(part.clone());
                self.cursor.fit(self.rows.lines().len(), self.height(shared));
            }
        }
    }

    fn ended(&mut self, result: &Result<(), Problem>, shared: &mut Shared) {
        self.phase = Phase::Ended;
        match result {
            Ok(()) => {
                let unread = std::mem::take(&mut self.unread);
                self.keeping_cursor(shared, |rows| {
                    rows.end_reading(|resource| unread.concerns(resource), shared);
                });
                self.unread = unread;
            }
            Err(problem) => self.problem = Some(problem.clone()),
        }
        let rows = &self.rows;
        self.marks.retain(|key| rows.find(key).is_some());
        self.want_states(shared);
    }

    fn want_states(&self, shared: &mut Shared) {
        if self.rows.filter().needs_states() && self.snapshot.is_none() {
            let users: BTreeSet<UserId> =
                self.rows.all().iter().map(|row| row.record.manager.user.id.clone()).collect();
            shared.want_states(users, false);
        }
    }

    /// Reads the managers of the next resource that changed.
    fn read_changed(&mut self, shared: &mut Shared) {
        if let Some((resource, reading)) = &self.fresh
            && reading.was_dropped(shared)
        {
            self.changed.insert(resource.clone());
            self.fresh = None;
        }
        if self.fresh.is_none()
            && let Some(resource) = self.changed.pop_first()
        {
            let mut reading = Reading::default();
            reading.ask(Slot::Managers, Request::Managers(resource.clone()), shared);
            self.fresh = Some((resource, reading));
        }
    }

    fn managers_came(
        &mut self,
        sequence: Sequence,
        managers: &Result<Vec<Manager>, Problem>,
        shared: &mut Shared,
    ) {
        let Some((resource, mut reading)) = self.fresh.take() else { return };
        if !reading.answered(sequence, managers.clone()) {
            self.fresh = Some((resource, reading));
            return;
        }
        if let Ok(managers) = managers {
            let (resource_name, organization_name) = self.names_of(&resource, shared);
            let record = |manager: &Manager| ManagerRecord {
                manager: manager.clone(),
                resource_name: resource_name.clone(),
                organization_name: organization_name.clone(),
            };
            let records = managers.iter().map(record).collect();
            self.keeping_cursor(shared, |rows| rows.replace(&resource, records, shared));
            let rows = &self.rows;
            self.marks.retain(|key| rows.find(key).is_some());
        }
        self.read_changed(shared);
    }

    /// The names of a resource and of its organization, from the rows that are there.
    fn names_of(&self, resource: &Resource, shared: &Shared) -> (SafeText, SafeText) {
        let known = self.rows.all().iter().find(|row| row.record.manager.resource == *resource);
        if let Some(row) = known {
            return (row.record.resource_name.clone(), row.record.organization_name.clone());
        }
        let organization =
            resource.organization().map(|id| shared.organization_title(id)).unwrap_or_default();
        let name = match resource {
            Resource::Instance => {
                shared.facts().and_then(|facts| facts.instance_name.clone()).unwrap_or_default()
            }
            Resource::Organization(_) => organization.clone(),
            Resource::Project { project, .. } => SafeText::new(project.as_str()),
            Resource::ProjectGrant { grant, .. } => SafeText::new(grant.as_str()),
        };
        (name, organization)
    }

    fn mark(&mut self, shared: &Shared) {
        let keys: Vec<Key> = match self.line() {
            Some(Line::Row(place)) => self.rows.get(place).map(Row::key).into_iter().collect(),
            Some(Line::Group { first, .. }) => {
                let group = self.rows.group_of(first);
                let of_group = |row: &&Row| {
                    let (user, resource) = row.key();
                    group == Some(GroupKey::User(user)) || group == Some(GroupKey::Resource(resource))
                };
                self.rows.shown().filter(of_group).map(Row::key).collect()
            }
            None => return,
        };
        if keys.iter().all(|key| self.marks.contains(key)) {
            for key in &keys {
                self.marks.remove(key);
            }
        } else {
            self.marks.extend(keys);
        }
        self.cursor.act(Action::Down, self.rows.lines().len(), self.height(shared));
    }

    fn fold(&mut self, folded: Option<bool>, shared: &Shared) -> bool {
        let group = match self.line() {
            Some(Line::Group { first, folded: now, .. }) => {
                self.rows.group_of(first).map(|group| (group, folded.unwrap_or(!now)))
            }
            Some(Line::Row(place)) if folded == Some(true) => {
                self.rows.group_of(place).map(|group| (group, true))
            }
            _ => None,
        };
        let Some((group, folded)) = group else { return false };
        let focus = Focus::Group(group.clone());
        if folded && matches!(self.line(), Some(Line::Group { folded: true, .. })) {
            return false;
        }
        self.rows.fold(group, folded);
        let at = self.find(&focus).unwrap_or(self.cursor.at);
        self.cursor.put(at, self.rows.lines().len(), self.height(shared));
        true
    }

    fn open(&mut self, shared: &mut Shared) {
        if self.fold(None, shared) {
            return;
        }
        if let Some(row) = self.focused() {
            shared.open(Person::of_manager(row.record.manager.user.clone()));
        }
    }

    fn open_resource(&self, shared: &mut Shared) {
        let row = match self.line() {
            Some(Line::Row(place) | Line::Group { first: place, .. }) => self.rows.get(place),
            None => None,
        };
        if let Some(row) = row {
            go::open_resource(&row.record.manager.resource, &row.record.resource_name, shared);
        }
    }

    /// The rows that a removal concerns: the marked ones, else the one with the cursor.
    fn chosen(&self) -> Vec<ManagerRecord> {
        if self.marks.is_empty() {
            return self.focused().map(|row| row.record.clone()).into_iter().collect();
        }
        let marked = self.rows.all().iter().filter(|row| self.marks.contains(&row.key()));
        marked.map(|row| row.record.clone()).collect()
    }

    /// Makes the users that are meant manager of something else.
    fn add_elsewhere(&self, shared: &mut Shared) {
        let mut users: Vec<ManagerUser> = Vec::new();
        for record in self.chosen() {
            if !users.iter().any(|user| user.id == record.manager.user.id) {
                users.push(record.manager.user);
            }
        }
        if !users.is_empty() {
            shared.open(AddManager::of_users(users));
        }
    }

    /// What an export is called unless another path is typed.
    fn file_name(&self, day: &str, shared: &Shared) -> String {
        let instance = match &self.snapshot {
            Some(source) => source.title.clone(),
            None => NamedResource::instance(shared).name,
        };
        let plain =
            |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        let instance: String = instance.as_str().chars().map(plain).collect();
        let parts = ["managers", instance.trim_matches('-'), day];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}.csv", parts.join("-"))
    }

    fn begin_export(&mut self, shared: &mut Shared) {
        let name = self.file_name("", shared);
        self.export = Some(FileForm::new(EXPORT_TITLE, EXPORT_HINT, &name));
        shared.ask(Slot::File, Duration::ZERO, Request::Today);
    }

    fn act_in_export(&mut self, action: Action, shared: &mut Shared) -> bool {
        let Some(form) = &mut self.export else { return false };
        if action == Action::Back {
            if !form.stop(shared) {
                self.export = None;
            }
            return true;
        }
        let records = || self.rows.shown().map(|row| row.record.clone()).collect();
        let unread = || self.unread.parts.clone();
        form.act(action, |wish| Request::ExportManagers(records(), unread(), wish), shared)
    }

    fn export_answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let undated = self.file_name("", shared);
        let dated = if let Answer::Today(day) = answer { self.file_name(day, shared) } else { String::new() };
        let Some(form) = &mut self.export else { return };
        if matches!(answer, Answer::Today(_)) {
            // What was typed meanwhile stays.
            if form.path.path() == undated {
                form.path.field.set(&dated);
            }
        } else if form.answered(sequence, answer, shared) {
            self.export = None;
        }
    }

    fn on_row(&self, action: Action, shared: &mut Shared) {
        let Some(row) = self.focused() else { return };
        let user = &row.record.manager.user;
        if action == Action::CopyId {
            console::copy_id(user.id.as_str(), shared);
        } else {
            console::open(&console::user_path(&user.id, user.organization.as_ref()), shared);
        }
    }

    fn arrange(&mut self, action: Action, shared: &Shared) {
        self.moved = true;
        self.keeping_cursor(shared, |rows| {
            match action {
                Action::SortNext => (rows.sort, rows.reversed) = (rows.sort.moved(true), false),
                Action::SortPrevious => (rows.sort, rows.reversed) = (rows.sort.moved(false), false),
                Action::SortReverse => rows.reversed = !rows.reversed,
                _ => rows.grouping = rows.grouping.next(),
            }
            rows.rebuild(shared);
        });
    }

    fn set_filter(&mut self, shared: &mut Shared) {
        self.rows.set_filter(Filter::new(&self.field.text()), shared);
        self.want_states(shared);
        self.cursor.put(0, self.rows.lines().len(), self.height(shared));
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        if self.typing || (!self.field.is_empty() && !self.is_reading() && self.marks.is_empty()) {
            self.typing = false;
            self.field.clear();
            self.set_filter(shared);
        } else if self.is_reading() {
            self.stop(shared);
        } else if self.marks.is_empty() {
            return false;
        } else {
            self.marks.clear();
        }
        true
    }
}

fn learn_names(records: &[ManagerRecord], shared: &mut Shared) {
    let named = records.iter().filter(|record| !record.organization_name.is_empty());
    shared.learn_names(named.filter_map(|record| {
        let owner = record.manager.resource.organization()?.clone();
        Some((owner, record.organization_name.clone()))
    }));
}

impl Behaviour for AllManagers {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.export.is_some() {
            place::PATH_FORM
        } else if self.unread.open {
            place::UNREAD
        } else if self.typing {
            place::SEARCH_FIELD
        } else {
            place::ALL_MANAGERS
        }
    }

    fn crumbs(&self) -> Vec<String> {
        let list = match &self.snapshot {
            Some(source) => format!("Snapshot {}", SafeText::new(&source.file)),
            None => "All managers".to_owned(),
        };
        std::iter::once(list).chain(self.export.as_ref().map(|_| "Export".to_owned())).collect()
    }

    fn shown(&mut self, shared: &mut Shared) {
        if self.phase == Phase::Unread {
            self.read(shared);
        }
        self.learned(shared);
        self.read_changed(shared);
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.cursor.fit(self.rows.lines().len(), self.height(shared));
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if self.export.is_some() {
            return self.act_in_export(action, shared);
        }
        if self.unread.act(action, shared) {
            return true;
        }
        if self.unread.open && action != Action::ReadAgain {
            return false;
        }
        match action {
            Action::Open => self.open(shared),
            Action::Out => return self.fold(Some(true), shared),
            Action::OpenResource => self.open_resource(shared),
            Action::ChangeRoles => {
                if let Some(row) = self.focused() {
                    go::change_roles(&row.record, shared);
                }
            }
            Action::RemoveManager => removal::review(&self.chosen(), shared),
            Action::AddManager => self.add_elsewhere(shared),
            Action::Export => self.begin_export(shared),
            Action::CopyId | Action::OpenConsole => self.on_row(action, shared),
            Action::Mark => {
                self.moved = true;
                self.mark(shared);
            }
            Action::SortNext | Action::SortPrevious | Action::SortReverse | Action::NextGrouping => {
                self.arrange(action, shared);
            }
            Action::Search => self.typing = true,
            Action::AcceptText | Action::ToList => self.typing = false,
            Action::ReadAgain => self.read(shared),
            Action::Back => return self.back(shared),
            _ => {
                let moved = self.cursor.act(action, self.rows.lines().len(), self.height(shared));
                self.moved |= moved;
                return moved;
            }
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        if let Some(reason) = self.why_not_in_snapshot(action, shared) {
            return Some(reason);
        }
        let of_user = matches!(action, Action::ChangeRoles | Action::CopyId | Action::OpenConsole);
        let of_row = matches!(action, Action::AddManager | Action::RemoveManager) && self.marks.is_empty();
        if (of_user || of_row) && self.focused().is_none() {
            return Some("the cursor is on no manager".to_owned());
        }
        let resource = self.focused().map(|row| &row.record.manager.resource);
        match action {
            Action::ChangeRoles => shared.why_not(resource?, ManagerAction::Write),
            Action::RemoveManager if self.marks.is_empty() => {
                shared.why_not(resource?, ManagerAction::Remove)
            }
            Action::RemoveManager | Action::AddManager => shared.why_read_only(),
            Action::Export if self.rows.fitting() == 0 => Some("there is no row to write".to_owned()),
            Action::ShowUnread if self.unread.parts.is_empty() => {
                Some("everything could be read so far".to_owned())
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        Some(match &self.snapshot {
            None => Subject::List(Listed::AllManagers, self.chosen()),
            // Its rows are of another time.
            Some(source) => Subject::List(Listed::Differences(source.file.clone()), Vec::new()),
        })
    }

    fn field(&mut self) -> Option<&mut Field> {
        match &mut self.export {
            Some(form) => form.field(),
            None => self.typing.then_some(&mut self.field),
        }
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        match &mut self.export {
            Some(form) => form.typed(),
            None => self.set_filter(shared),
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::Inventory(part) if self.phase == Phase::Reading(sequence) => self.part_came(part, shared),
            Answer::InventoryEnded(result) if self.phase == Phase::Reading(sequence) => {
                self.ended(result, shared);
            }
            Answer::Managers(managers) => self.managers_came(sequence, managers, shared),
            _ => self.export_answered(sequence, answer, shared),
        }
    }

    fn learned(&mut self, shared: &mut Shared) {
        if self.rows.filter().needs_states() {
            self.keeping_cursor(shared, |rows| rows.refilter(shared));
        }
    }

    fn changed(&mut self, resource: &Resource, shared: &mut Shared) {
        if self.phase != Phase::Unread && self.snapshot.is_none() {
            self.changed.insert(resource.clone());
            if shared.is_on_top() {
                self.read_changed(shared);
            }
        }
    }
}
