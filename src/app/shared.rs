//! What all screens share: the session, what was learned on the way, and the way to ask, write, speak and move on.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use super::Start;
use super::basket::Basket;
use super::effect::{Effect, Request, Sequence, SignInTarget, Slot};
use super::layout;
use super::message::{Message, Tone};
use super::screen::Screen;
use super::seen::Seen;
use crate::domain::change::{ApplyStep, Change};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::permission::{ManagerAction, Permissions};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::session::{ProfileFacts, SessionFacts};
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserState};

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
    /// A screen in place of the one on top.
    Instead(Screen),
    /// Back to the screen below.
    Back,
    /// The managers of a resource after a change, with the cursor on the changed row.
    ShowManager {
        /// On what.
        resource: Resource,
        /// What to call it.
        resource_name: SafeText,
        /// Of whom.
        user: UserId,
        /// The row as read back; none after a removal.
        row: Option<Box<Manager>>,
        /// Whether that is what was read back; else the managers are read.
        is_read_back: bool,
    },
    /// Back to where the stepper or the roles were opened from.
    Chosen,
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
    /// Changes chosen and not applied.
    pub basket: Basket,
    /// Where to sign in although the basket is thrown away with it: the operator agreed.
    pub agreed: Option<SignInTarget>,
    /// Users found for the screen below.
    pub found: Vec<User>,
    /// Where to go once the event was taken in.
    pub navigation: Option<Navigation>,
    /// What was seen on the way.
    pub seen: Seen,
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
    permissions_wanted: VecDeque<OrganizationId>,
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
            basket: Basket::default(),
            agreed: None,
            found: Vec::new(),
            navigation: None,
            seen: Seen::default(),
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
            permissions_wanted: VecDeque::new(),
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

    /// Whom a part of an answer concerns, of which more parts follow.
    pub(super) fn owner_of(&self, sequence: Sequence) -> Option<(ScreenId, Option<OrganizationId>)> {
        let live = self.live.values().find(|live| live.sequence == sequence)?;
        Some((live.owner, live.subject.clone()))
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
    pub fn apply(&mut self, change: &Change, undoes: Option<SafeText>) -> Sequence {
        let sequence = self.sequence();
        self.writes.insert(sequence, Write { change: change.clone(), step: None, owner: self.current });
        self.effects.push(Effect::Apply { sequence, change: change.clone(), undoes });
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
        self.forget_all_of(ScreenId::default());
        self.basket.clear();
        self.agreed = None;
        self.found.clear();
        self.messages.clear();
        self.names.clear();
        self.names_wanted.clear();
        self.states.clear();
        self.states_wanted.clear();
        self.permissions.clear();
        self.seen = Seen::default();
        self.permissions_wanted.clear();
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

    pub(super) fn states_came(&mut self, users: &Result<Vec<User>, Problem>) {
        let wanted = std::mem::take(&mut self.states_wanted);
        if let Ok(users) = users {
            // Who may see every user and does not see this one looks at one that was removed.
            if self.facts().is_some_and(|facts| facts.instance_role_allows("user.read")) {
                self.learn_states(wanted.into_iter().map(|id| (id, UserState::Deleted)));
            }
            self.learn_states(users.iter().map(|user| (user.id.clone(), user.state.clone())));
        }
    }

    /// Whether states are being read.
    pub fn reads_states(&self) -> bool {
        !self.states_wanted.is_empty()
    }

    /// Asks for the own permissions that decide about the managers of a resource, one organization after the other;
    /// with `again` also for those that are known.
    pub fn want_permissions_on(&mut self, resource: &Resource, again: bool) {
        let known = |id: &OrganizationId| !again && self.permissions.contains_key(id);
        self.permissions_wanted = self.deciding(resource).into_iter().filter(|id| !known(id)).collect();
        self.ask_permissions();
    }

    /// Asks for the own permissions on several resources, as far as they are not known.
    pub fn want_permissions_on_all(&mut self, resources: &[Resource]) {
        let all = resources.iter().flat_map(|resource| self.deciding(resource));
        let unknown: std::collections::BTreeSet<OrganizationId> =
            all.filter(|id| !self.permissions.contains_key(id)).collect();
        if !unknown.is_empty() {
            self.permissions_wanted = unknown.into_iter().collect();
            self.ask_permissions();
        }
    }

    fn ask_permissions(&mut self) {
        if let Some(organization) = self.permissions_wanted.pop_front() {
            let request = Request::Permissions(organization.clone());
            self.ask_for(self.current, Some(organization), Slot::Permissions, Duration::ZERO, request);
        }
    }

    /// The organizations whose lists of own permissions count for a resource: those of the instance are the same in
    /// every organization; a grant has two.
    fn deciding(&self, resource: &Resource) -> Vec<OrganizationId> {
        match resource {
            Resource::Instance => {
                self.facts().map(|facts| facts.identity.organization.clone()).into_iter().collect()
            }
            Resource::Organization(organization) | Resource::Project { organization, .. } => {
                vec![organization.clone()]
            }
            Resource::ProjectGrant { organization, granted, .. } => {
                vec![granted.clone(), organization.clone()]
            }
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
        self.ask_permissions();
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
        if action != ManagerAction::Read && session.facts.grant_writes_judged_elsewhere(resource) {
            return self.judged_elsewhere(resource);
        }
        let deciding = self.deciding(resource);
        let lists: Vec<&Permissions> = deciding.iter().filter_map(|id| self.permissions.get(id)).collect();
        if lists.iter().any(|list| list.allow_managers(resource, action)) || lists.len() < deciding.len() {
            return None;
        }
        let permission = crate::domain::permission::manager_permission(resource.level(), action);
        Some(super::explain::lack(&session.facts.missing(permission)))
    }
    fn judged_elsewhere(&self, resource: &Resource) -> Option<String> {
        let Resource::ProjectGrant { granted, .. } = resource else { return None };
        let reason = crate::domain::permission::judged_in_granted(&self.organization_title(granted));
        Some(reason.as_str().trim_end_matches('.').to_owned())
    }
}
