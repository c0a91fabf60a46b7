//! What all screens share: the session, what was learned on the way, and the way to ask, write, speak and move on.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use super::Start;
use super::effect::{Effect, Request, Sequence, Slot};
use super::layout;
use super::message::{Message, Tone};
use super::screen::Screen;
use crate::domain::change::{ApplyStep, Change};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::permission::{ManagerAction, Permissions};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::session::{ProfileFacts, SessionFacts};
use crate::domain::text::SafeText;
use crate::domain::user::UserState;

/// Tells screens apart, also those of the same kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScreenId(pub u64);

/// More messages at once are not shown.
const MAX_MESSAGES: usize = 3;
/// More names and states are not kept.
const MAX_KEPT: usize = 20_000;

/// The signed-in state.
#[derive(Clone, Debug)]
pub struct Session {
    /// The profile signed in with.
    pub profile: ProfileFacts,
    /// What signing in told.
    pub facts: SessionFacts,
    /// The server does not accept the token any more.
    pub ended: bool,
}

#[derive(Clone, Debug)]
struct Live {
    sequence: Sequence,
    owner: ScreenId,
    subject: Option<OrganizationId>,
}

/// A change handed out and not come back.
#[derive(Clone, Debug)]
pub struct Write {
    /// The change.
    pub change: Change,
    /// How far it is.
    pub step: Option<ApplyStep>,
    /// The screen that waits for it.
    pub owner: ScreenId,
}

/// Where to go.
#[derive(Debug)]
pub enum Navigation {
    /// A further screen on top.
    Open(Screen),
    /// Back to the screen below.
    Back,
    /// The managers of an organization after a change, with the cursor on the changed row.
    ShowManager {
        /// The organization.
        organization: Box<crate::domain::organization::Organization>,
        /// Of whom.
        user: UserId,
        /// The row as read back; none after a removal.
        row: Option<Box<Manager>>,
        /// Whether that is what was read back; else the managers are read.
        is_read_back: bool,
    },
    /// The menu of a new session.
    SignedIn,
    /// The sign-in.
    SignIn,
}

/// What all screens share.
#[derive(Debug)]
pub struct Shared {
    /// The configured profiles.
    pub profiles: Vec<ProfileFacts>,
    /// The signed-in state.
    pub session: Option<Session>,
    /// Cells per row.
    pub columns: u16,
    /// Rows of the terminal.
    pub rows: u16,
    /// What is said; the last one is shown.
    pub messages: VecDeque<Message>,
    said_while_waiting: bool,
    /// Changes handed out and not come back.
    pub writes: BTreeMap<Sequence, Write>,
    /// Where to go once the event was taken in.
    pub navigation: Option<Navigation>,
    pub(super) effects: Vec<Effect>,
    pub(super) current: ScreenId,
    pub(super) top: ScreenId,
    live: BTreeMap<Slot, Live>,
    next: u64,
    names: HashMap<OrganizationId, Option<SafeText>>,
    names_wanted: BTreeSet<OrganizationId>,
    states: HashMap<UserId, UserState>,
    states_wanted: BTreeSet<UserId>,
    permissions: HashMap<OrganizationId, Permissions>,
}

impl Shared {
    pub(super) fn new(start: Start) -> Self {
        Self {
            profiles: start.profiles,
            session: None,
            columns: start.columns,
            rows: start.rows,
            messages: VecDeque::new(),
            said_while_waiting: false,
            writes: BTreeMap::new(),
            navigation: None,
            effects: Vec::new(),
            current: ScreenId::default(),
            top: ScreenId::default(),
            live: BTreeMap::new(),
            next: 0,
            names: HashMap::new(),
            names_wanted: BTreeSet::new(),
            states: HashMap::new(),
            states_wanted: BTreeSet::new(),
            permissions: HashMap::new(),
        }
    }

    fn sequence(&mut self) -> Sequence {
        self.next += 1;
        Sequence(self.next)
    }

    /// Asks for the current screen.
    pub fn ask(&mut self, slot: Slot, after: Duration, request: Request) -> Sequence {
        self.ask_for(self.current, None, slot, after, request)
    }

    fn ask_for(
        &mut self,
        owner: ScreenId,
        subject: Option<OrganizationId>,
        slot: Slot,
        after: Duration,
        request: Request,
    ) -> Sequence {
        let sequence = self.sequence();
        self.live.insert(slot, Live { sequence, owner, subject });
        self.effects.push(Effect::Ask { slot, sequence, after, request });
        sequence
    }

    /// Cancels what the current screen asked for in the slot.
    pub fn forget(&mut self, slot: Slot) {
        if self.live.get(&slot).is_some_and(|live| live.owner == self.current) {
            self.live.remove(&slot);
            self.effects.push(Effect::Forget(slot));
        }
    }

    pub(super) fn forget_all_of(&mut self, owner: ScreenId) {
        let slots: Vec<Slot> =
            self.live.iter().filter(|(_, live)| live.owner == owner).map(|(slot, _)| *slot).collect();
        for slot in slots {
            self.live.remove(&slot);
            self.effects.push(Effect::Forget(slot));
        }
    }

    /// Whether the answer to this will be taken.
    pub fn is_live(&self, sequence: Sequence) -> bool {
        self.live.values().any(|live| live.sequence == sequence)
    }

    /// How many answers are waited for.
    pub fn waiting(&self) -> usize {
        self.live.len()
    }

    /// Takes the place of an answer; none if nobody waits for it any more.
    pub(super) fn take_live(&mut self, sequence: Sequence) -> Option<(ScreenId, Option<OrganizationId>)> {
        let slot = *self.live.iter().find(|(_, live)| live.sequence == sequence)?.0;
        self.live.remove(&slot).map(|live| (live.owner, live.subject))
    }

    /// Whether the current screen is the one on top.
    pub fn is_on_top(&self) -> bool {
        self.current == self.top
    }

    /// Hands out a change.
    pub fn apply(&mut self, change: &Change) -> Sequence {
        let sequence = self.sequence();
        self.writes.insert(sequence, Write { change: change.clone(), step: None, owner: self.current });
        self.effects.push(Effect::Apply { sequence, change: change.clone(), undoes: None });
        sequence
    }

    /// Says something for a while, in place of what was said before; failures come back after it.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        let message = Message { tone, text: text.into() };
        self.said_while_waiting = !self.messages.is_empty();
        self.messages.retain(|old| old.tone == Tone::Bad && *old != message);
        self.messages.push_back(message);
        while self.messages.len() > MAX_MESSAGES {
            self.messages.pop_front();
        }
    }

    /// Time passed. A message that came while an older one was waited for stays for another while, because that wait
    /// began before it came.
    pub(super) fn tick(&mut self) {
        if !std::mem::take(&mut self.said_while_waiting) {
            self.messages.pop_back();
        }
    }

    /// Goes somewhere once the event was taken in.
    pub fn go(&mut self, navigation: Navigation) {
        self.navigation = Some(navigation);
    }

    /// A screen on top of this one.
    pub fn open(&mut self, screen: impl Into<Screen>) {
        self.go(Navigation::Open(screen.into()));
    }

    /// Visible rows of a list.
    pub fn list_rows(&self) -> usize {
        layout::list_rows(self.rows)
    }

    pub(super) fn begin_session(&mut self, profile: ProfileFacts, facts: SessionFacts) {
        self.names.clear();
        self.names_wanted.clear();
        self.states.clear();
        self.states_wanted.clear();
        self.permissions.clear();
        self.session = Some(Session { profile, facts, ended: false });
    }

    /// Notes what a problem tells about the session.
    pub(super) fn note_problem(&mut self, problem: &Problem) {
        if problem.kind == ProblemKind::NotSignedIn
            && let Some(session) = &mut self.session
        {
            session.ended = true;
        }
    }

    /// What signing in told.
    pub fn facts(&self) -> Option<&SessionFacts> {
        self.session.as_ref().map(|session| &session.facts)
    }

    /// What to call an organization: its name, `…` while that is asked for, else its id.
    pub fn organization_title(&self, id: &OrganizationId) -> SafeText {
        match self.names.get(id) {
            Some(Some(name)) => name.clone(),
            None if self.names_wanted.contains(id) => SafeText::new("…"),
            _ => SafeText::new(id.as_str()),
        }
    }

    /// Keeps names that came with other answers.
    pub fn learn_names(&mut self, names: impl IntoIterator<Item = (OrganizationId, SafeText)>) {
        if self.names.len() > MAX_KEPT {
            self.names.clear();
        }
        self.names.extend(names.into_iter().map(|(id, name)| (id, Some(name))));
    }

    /// Asks for names that are not known yet.
    pub fn want_names(&mut self, ids: impl IntoIterator<Item = OrganizationId>) {
        let before = self.names_wanted.len();
        let unknown = ids.into_iter().filter(|id| !self.names.contains_key(id)).collect::<BTreeSet<_>>();
        self.names_wanted.extend(unknown);
        if self.names_wanted.len() > before {
            let ids = self.names_wanted.iter().cloned().collect();
            let request = Request::OrganizationNames(ids);
            self.ask_for(ScreenId::default(), None, Slot::OrganizationNames, Duration::ZERO, request);
        }
    }

    pub(super) fn names_came(&mut self, names: &[(OrganizationId, SafeText)]) {
        for id in std::mem::take(&mut self.names_wanted) {
            self.names.insert(id, None);
        }
        self.learn_names(names.iter().filter(|(_, name)| !name.is_empty()).cloned());
    }

    /// The state of a user, if it is known.
    pub fn state(&self, id: &UserId) -> Option<&UserState> {
        self.states.get(id)
    }

    /// All states that are known.
    pub const fn states(&self) -> &HashMap<UserId, UserState> {
        &self.states
    }

    /// Keeps states that came with other answers.
    pub fn learn_states(&mut self, states: impl IntoIterator<Item = (UserId, UserState)>) {
        if self.states.len() > MAX_KEPT {
            self.states.clear();
        }
        self.states.extend(states);
    }

    /// Asks for the states of users; with `again` also for those that are known.
    pub fn want_states(&mut self, ids: impl IntoIterator<Item = UserId>, again: bool) {
        let before = self.states_wanted.len();
        let wanted =
            ids.into_iter().filter(|id| again || !self.states.contains_key(id)).collect::<BTreeSet<_>>();
        self.states_wanted.extend(wanted);
        if self.states_wanted.len() > before {
            let ids = self.states_wanted.iter().cloned().collect();
            let request = Request::UsersById(ids);
            self.ask_for(ScreenId::default(), None, Slot::UserStates, Duration::ZERO, request);
        }
    }

    pub(super) fn states_came(&mut self, users: &Result<Vec<crate::domain::user::User>, Problem>) {
        self.states_wanted.clear();
        if let Ok(users) = users {
            self.learn_states(users.iter().map(|user| (user.id.clone(), user.state.clone())));
        }
    }

    /// Whether states are being read.
    pub fn reads_states(&self) -> bool {
        !self.states_wanted.is_empty()
    }

    /// Asks for the own permissions in an organization; with `again` also if they are known.
    pub fn want_permissions(&mut self, organization: &OrganizationId, again: bool) {
        if again || !self.permissions.contains_key(organization) {
            let request = Request::Permissions(organization.clone());
            let subject = Some(organization.clone());
            self.ask_for(self.current, subject, Slot::Permissions, Duration::ZERO, request);
        }
    }

    pub(super) fn permissions_came(
        &mut self,
        organization: OrganizationId,
        answer: &Result<Permissions, Problem>,
    ) {
        if let Ok(permissions) = answer {
            self.permissions.insert(organization, permissions.clone());
        }
    }

    /// Why nothing can be written with this profile; none if it can.
    pub fn why_read_only(&self) -> Option<String> {
        let profile = &self.session.as_ref()?.profile;
        profile.read_only.then(|| format!("the profile {} is read-only", profile.name))
    }

    /// Whether every write asks for the typed name of the resource.
    pub fn is_protected(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.profile.protected)
    }

    /// Why the managers of a resource cannot be changed by us, as far as we know before trying; none if they can.
    pub fn why_not(&self, resource: &Resource, action: ManagerAction) -> Option<String> {
        let session = self.session.as_ref()?;
        if action != ManagerAction::Read
            && let Some(reason) = self.why_read_only()
        {
            return Some(reason);
        }
        let permissions = self.permissions.get(resource.organization()?)?;
        if permissions.allow_managers(resource, action) {
            return None;
        }
        let permission = crate::domain::permission::manager_permission(resource.level(), action);
        Some(super::explain::lack(&session.facts.missing(permission)))
    }
}
