//! One user: who it is, everything it manages as a tree over the levels, who gave it, and what it can do with it.

#[cfg(test)]
mod tests;

use super::Behaviour;
use super::add_manager::AddManager;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Answer;
use crate::app::go;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::reading::Reading;
use crate::app::removal;
use crate::app::shared::Shared;
use crate::app::unread::Unread;
use crate::domain::copy_as::{Listed, Subject};
use crate::domain::inventory::{ManagerRecord, PersonSheet};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::Organization;
use crate::domain::permission::ManagerAction;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::sheet::{self, Given, Node};
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserState};

/// Lines for what the user can effectively do.
pub const POWER_LINES: usize = 2;
/// Lines above the tree: who it is, what it can do, and what could not be read.
pub const HEAD_LINES: usize = POWER_LINES + 4;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A resource.
    Resource(Node),
    /// One role held on the resource above.
    Role {
        /// How deep it lies.
        depth: usize,
        /// The place of the membership among the records.
        record: usize,
        /// The role.
        role: Role,
        /// Who gave it and when, as far as events tell.
        given: Option<Given>,
    },
}

/// The screen of one user.
#[derive(Debug)]
pub struct Person {
    /// Who, as far as the row told that it was opened from.
    pub who: ManagerUser,
    /// The whole user.
    pub user: Reading<User>,
    /// Everything it manages.
    pub sheet: Reading<PersonSheet>,
    /// What could not be read of it.
    pub unread: Unread,
    /// Which line has the cursor.
    pub cursor: Cursor,
    lines: Vec<Line>,
    stale: bool,
    from: Option<Organization>,
}

impl Person {
    /// The user, seen from an organization or from the list of all users.
    pub fn new(user: User, from: Option<Organization>) -> Self {
        let mut person = Self::of_manager(ManagerUser::from(&user));
        person.user = Reading::known(user);
        person.from = from;
        person
    }

    /// The user of a manager row, of which the rest is still to be read.
    pub fn of_manager(who: ManagerUser) -> Self {
        Self {
            who,
            user: Reading::default(),
            sheet: Reading::default(),
            unread: Unread::default(),
            cursor: Cursor::default(),
            lines: Vec::new(),
            stale: false,
            from: None,
        }
    }

    fn read_user(&mut self, shared: &mut Shared) {
        self.user.ask(Slot::PersonUser, Request::UsersById(vec![self.who.id.clone()]), shared);
    }

    fn read_sheet(&mut self, shared: &mut Shared) {
        self.stale = false;
        self.sheet.ask(Slot::Person, Request::Person(self.who.id.clone()), shared);
    }

    /// What to call the user.
    pub fn title(&self) -> SafeText {
        self.user.value().map_or_else(|| self.who.title(), User::title)
    }

    /// The state, if it is known.
    pub fn state<'a>(&'a self, shared: &'a Shared) -> Option<&'a UserState> {
        self.user.value().map(|user| &user.state).or_else(|| shared.state(&self.who.id))
    }

    /// What the user manages.
    pub fn records(&self) -> &[ManagerRecord] {
        self.sheet.value().map(|sheet| sheet.records.as_slice()).unwrap_or_default()
    }

    /// The lines of the tree.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn make_lines(&mut self, shared: &Shared) {
        let instance = shared.facts().and_then(|facts| facts.instance_name.clone()).unwrap_or_default();
        let instance = instance.or(&SafeText::new("instance"));
        let Some(sheet) = self.sheet.value() else { return };
        if sheet.records.is_empty() {
            self.lines.clear();
            return;
        }
        let events = sheet.grants.as_deref().unwrap_or_default();
        let mut lines = Vec::new();
        for node in sheet::tree(&sheet.records, &instance) {
            let (depth, index) = (node.depth, node.record);
            let resource = node.resource.clone();
            lines.push(Line::Resource(node));
            let Some((index, record)) = index.and_then(|index| Some((index, sheet.records.get(index)?)))
            else {
                continue;
            };
            lines.extend(record.manager.roles.iter().map(|role| Line::Role {
                depth: depth + 1,
                record: index,
                role: role.clone(),
                given: sheet::given(role, &resource, events),
            }));
        }
        self.lines = lines;
    }

    /// The membership with the cursor, on its resource or on one of its roles.
    pub fn focused(&self) -> Option<&ManagerRecord> {
        let record = match self.lines.get(self.cursor.at)? {
            Line::Resource(node) => node.record?,
            Line::Role { record, .. } => *record,
        };
        self.records().get(record)
    }

    /// The role with the cursor.
    pub fn focused_role(&self) -> Option<&Role> {
        match self.lines.get(self.cursor.at)? {
            Line::Role { role, .. } => Some(role),
            Line::Resource(_) => None,
        }
    }

    /// The whole user; what a row told where it could not be read.
    fn whole_user(&self, shared: &Shared) -> Option<User> {
        if let Some(user) = self.user.value() {
            return Some(user.clone());
        }
        let who = &self.who;
        Some(User {
            id: who.id.clone(),
            organization: who.organization.clone()?,
            kind: who.kind,
            state: shared.state(&who.id).cloned().unwrap_or_else(|| UserState::Other("unknown".into())),
            user_name: who.login_name.clone(),
            login_name: who.login_name.clone(),
            login_names: Vec::new(),
            display_name: who.display_name.clone(),
            email: who.email.clone(),
        })
    }

    fn add(&self, shared: &mut Shared) {
        match (self.whole_user(shared), self.from.clone()) {
            (Some(user), Some(organization)) if self.records().is_empty() => {
                shared.open(AddManager::both(organization, vec![ManagerUser::from(&user)]));
            }
            (Some(user), _) => shared.open(AddManager::of_users(vec![ManagerUser::from(&user)])),
            (None, _) => shared.say(Tone::Note, "Still reading who this is"),
        }
    }

    fn open_resource(&self, shared: &mut Shared) {
        match (self.focused(), self.lines.get(self.cursor.at)) {
            (Some(record), _) => go::open_resource(&record.manager.resource, &record.resource_name, shared),
            (None, Some(Line::Resource(node))) => go::open_resource(&node.resource, &node.name, shared),
            _ => {}
        }
    }

    fn height(shared: &Shared) -> usize {
        // A list has one line above its column titles that this screen has as part of its head.
        (shared.list_rows() + 1).saturating_sub(HEAD_LINES).max(1)
    }

    fn user_came(&mut self, sequence: Sequence, users: &Result<Vec<User>, Problem>, shared: &mut Shared) {
        let found = users.clone().and_then(|users| {
            users.into_iter().find(|user| user.id == self.who.id).ok_or_else(|| {
                Problem::new(
                    ProblemKind::NotFound,
                    "Cannot read this user",
                    "the server shows you no user with this id",
                    "",
                )
            })
        });
        if let Ok(user) = &found {
            shared.learn_states([(user.id.clone(), user.state.clone())]);
            shared.want_names([user.organization.clone()]);
        }
        self.user.answered(sequence, found);
    }
}

impl Behaviour for Person {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.unread.open { place::UNREAD } else { place::PERSON }
    }

    fn crumbs(&self) -> Vec<String> {
        vec![self.title().to_string()]
    }

    fn shown(&mut self, shared: &mut Shared) {
        if let Some(organization) = &self.who.organization {
            shared.want_names([organization.clone()]);
        }
        let not_read = self.user.value().is_none() && self.user.problem().is_none();
        if (not_read && !self.user.is_pending()) || self.user.was_dropped(shared) {
            self.read_user(shared);
        }
        let not_read = self.sheet.value().is_none() && self.sheet.problem().is_none();
        if self.stale || (not_read && !self.sheet.is_pending()) || self.sheet.was_dropped(shared) {
            self.read_sheet(shared);
        }
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.cursor.fit(self.lines.len(), Self::height(shared));
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if self.unread.act(action, shared) {
            return true;
        }
        if self.unread.open && action != Action::ReadAgain {
            return false;
        }
        match action {
            Action::AddManager => self.add(shared),
            Action::ChangeRoles => {
                if let Some(record) = self.focused() {
                    go::change_roles(record, shared);
                }
            }
            Action::RemoveManager => {
                let record = self.focused().cloned();
                removal::review(record.as_slice(), shared);
            }
            Action::RemoveAll => removal::review(self.records(), shared),
            Action::OpenResource => self.open_resource(shared),
            Action::ReadAgain => {
                self.read_user(shared);
                self.read_sheet(shared);
            }
            Action::CopyId => console::copy_id(self.who.id.as_str(), shared),
            Action::OpenConsole => {
                let home =
                    self.user.value().map(|user| &user.organization).or(self.who.organization.as_ref());
                console::open(&console::user_path(&self.who.id, home), shared);
            }
            _ => return self.cursor.act(action, self.lines.len(), Self::height(shared)),
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match action {
            Action::AddManager => shared.why_read_only(),
            Action::RemoveAll if self.records().is_empty() => Some("this user manages nothing".to_owned()),
            Action::ChangeRoles | Action::RemoveManager => {
                let right =
                    if action == Action::ChangeRoles { ManagerAction::Write } else { ManagerAction::Remove };
                match self.focused() {
                    Some(record) => shared.why_not(&record.manager.resource, right),
                    None => Some("this user holds no role on the line with the cursor".to_owned()),
                }
            }
            Action::ShowUnread if self.unread.parts.is_empty() => {
                Some("everything could be read so far".to_owned())
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<Subject> {
        let rows = match self.focused() {
            Some(record) => std::slice::from_ref(record),
            None => self.records(),
        };
        let home = self.user.value().map(|user| &user.organization).or(self.who.organization.as_ref());
        Some(Subject::List(Listed::Person(self.who.id.clone(), home.cloned()), rows.to_vec()))
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::UsersById(users) => self.user_came(sequence, users, shared),
            Answer::Person(sheet) if self.sheet.answered(sequence, sheet.clone()) => {
                if let Ok(sheet) = sheet {
                    self.unread.parts.clone_from(&sheet.unread);
                    self.make_lines(shared);
                    self.cursor.fit(self.lines.len(), Self::height(shared));
                }
            }
            _ => {}
        }
    }

    fn changed(&mut self, _resource: &Resource, shared: &mut Shared) {
        // Below a review several changes end one after another; one reading after the last tells them all.
        if shared.is_on_top() {
            self.read_sheet(shared);
        } else {
            self.stale = true;
        }
    }
}
