//! What the instance holds: the world, the managers with their history, and the events. Writes see each other at
//! once; a [`View`] says up to which write a list or a permission check may look (CONTRACT.md section 15).

mod event;
mod manager;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

pub(super) use event::Event;
pub(super) use manager::{Entry, Managers, Resource, Row};

use super::Version;
use super::world::{
    Application, Credential, Instance, Kind, Member, MemberOf, Organization, OrganizationState, Project,
    ProjectGrant, User, UserState, World,
};

/// Everything the instance knows.
pub(super) struct Store {
    pub(super) version: Version,
    pub(super) instance: Instance,
    /// When the parts of the world came to be that do not say it themselves.
    pub(super) founded: Timestamp,
    /// When the instance was started.
    pub(super) started: Timestamp,
    organizations: Table<Organization>,
    users: Table<User>,
    logins: HashMap<String, Vec<usize>>,
    users_by_organization: HashMap<String, Vec<usize>>,
    projects: Table<Project>,
    grants: Table<ProjectGrant>,
    /// By user.
    credentials: HashMap<String, Vec<Credential>>,
    /// By project.
    applications: HashMap<String, Vec<Application>>,
    managers: Managers,
    events: Vec<Event>,
    sequences: HashMap<String, u64>,
    changed_users: HashMap<String, Timestamp>,
    writes: Vec<(u64, Instant)>,
    position: u64,
}

/// Up to which write something may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct View(u64);

impl View {
    /// Everything that was written.
    pub(super) const NOW: Self = Self(u64::MAX);

    pub(super) const fn covers(self, position: u64) -> bool {
        position <= self.0
    }
}

/// Rows in the order of their creation, found by id.
struct Table<T> {
    rows: Vec<T>,
    index: HashMap<String, usize>,
}

impl<T> Table<T> {
    fn new(rows: Vec<T>, id: impl Fn(&T) -> &String) -> Self {
        let index = rows.iter().enumerate().map(|(place, row)| (id(row).clone(), place)).collect();
        Self { rows, index }
    }

    fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(*self.index.get(id)?)
    }
}

impl Store {
    /// Builds the store of an instance of this version. `editor` stands in the events of managers whose giver the
    /// world does not name.
    pub(super) fn new(mut world: World, version: Version, editor: &str) -> Self {
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let members = in_order_of_creation(&mut world, version, editor, now);
        let founded = now - SignedDuration::from_hours(24 * 30);
        let mut store = Self {
            version,
            instance: world.instance,
            founded,
            started: now,
            organizations: Table::new(world.organizations, |it| &it.id),
            users: Table::new(Vec::new(), |it: &User| &it.id),
            logins: HashMap::with_capacity(world.users.len()),
            users_by_organization: HashMap::new(),
            projects: Table::new(world.projects, |it| &it.id),
            grants: Table::new(world.project_grants, |it| &it.id),
            credentials: by(world.credentials, |it| &it.user),
            applications: by(world.applications, |it| &it.project),
            managers: Managers::default(),
            events: Vec::new(),
            sequences: HashMap::new(),
            changed_users: HashMap::new(),
            writes: Vec::new(),
            position: 0,
        };
        for user in world.users {
            store.insert_user(user);
        }
        store.remember_language_of_setup();
        let mut undated = founded;
        for member in members {
            let resource = match member.resource {
                MemberOf::Instance => Resource::Instance,
                MemberOf::Organization { organization } => Resource::Organization(organization),
                MemberOf::Project { project } => Resource::Project(project),
                MemberOf::ProjectGrant { project, grant } => Resource::Grant { project, grant },
            };
            let owner = store.owner_of(&resource).unwrap_or_default().to_owned();
            let by = member.by.as_deref().unwrap_or(editor);
            let at = member.created.unwrap_or(undated);
            undated += SignedDuration::from_millis(1);
            store.record(by, &resource, &member.user, Some(member.roles), &owner, at);
        }
        store.events.sort_by_key(|event| event.created);
        store
    }

    /// The setup of a server makes the first human user, with a language; the API makes users without one (recording
    /// `users/v2-list@zitui`).
    fn remember_language_of_setup(&mut self) {
        let default = &self.instance.default_organization;
        let first =
            self.users.rows.iter_mut().find(|user| !user.is_machine() && user.organization == *default);
        if let Some(Kind::Human { language, .. }) = first.map(|user| &mut user.kind) {
            language.get_or_insert_with(|| "en".to_owned());
        }
    }

    /// Adds a user to the store; its login name may be taken, as on a server that requires no suffix.
    pub(super) fn insert_user(&mut self, user: User) {
        let place = self.users.rows.len();
        self.logins.entry(user.username.to_lowercase()).or_default().push(place);
        self.users_by_organization.entry(user.organization.clone()).or_default().push(place);
        self.users.index.insert(user.id.clone(), place);
        self.users.rows.push(user);
    }

    /// Every organization that was not removed, oldest first.
    pub(super) fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.organizations.rows.iter().filter(|it| it.state != OrganizationState::Removed)
    }

    /// The organization with this id, also a removed one.
    pub(super) fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.get(id)
    }

    /// The name of an organization; empty for one that never existed.
    pub(super) fn organization_name(&self, id: &str) -> &str {
        self.organization(id).map_or("", |it| it.name.as_str())
    }

    /// Every user that was not removed, oldest first.
    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.rows.iter().filter(|it| it.state != UserState::Removed)
    }

    /// The users whose own organization this is, oldest first.
    pub(super) fn users_of<'a>(&'a self, organization: &str) -> impl Iterator<Item = &'a User> + use<'a> {
        let places = self.users_by_organization.get(organization).map_or(&[][..], Vec::as_slice);
        places
            .iter()
            .filter_map(|place| self.users.rows.get(*place))
            .filter(|it| it.state != UserState::Removed)
    }

    /// The user with this id, unless removed.
    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id).filter(|it| it.state != UserState::Removed)
    }

    /// The state of a user, also of a removed one; none for an id that never existed.
    pub(super) fn user_state(&self, id: &str) -> Option<UserState> {
        self.users.get(id).map(|it| it.state)
    }

    /// The users with this login name, ignoring case.
    pub(super) fn users_by_login<'a>(&'a self, login: &str) -> impl Iterator<Item = &'a User> + use<'a> {
        let places = self.logins.get(&login.to_lowercase()).map_or(&[][..], Vec::as_slice);
        places
            .iter()
            .filter_map(|place| self.users.rows.get(*place))
            .filter(|it| it.state != UserState::Removed)
    }

    /// When a user was changed last.
    pub(super) fn user_changed(&self, user: &User) -> Timestamp {
        self.changed_users.get(&user.id).copied().unwrap_or(user.created.unwrap_or(self.founded))
    }

    /// Every project, oldest first.
    pub(super) fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.rows.iter()
    }

    /// The project with this id.
    pub(super) fn project(&self, id: &str) -> Option<&Project> {
        self.projects.get(id)
    }

    /// Every project grant, oldest first.
    pub(super) fn grants(&self) -> impl Iterator<Item = &ProjectGrant> {
        self.grants.rows.iter()
    }

    /// The project grant with this id.
    pub(super) fn grant(&self, id: &str) -> Option<&ProjectGrant> {
        self.grants.get(id)
    }

    /// The keys and tokens of a service user that the world names.
    pub(super) fn credentials_of(&self, user: &str) -> impl Iterator<Item = &Credential> {
        self.credentials.get(user).into_iter().flatten()
    }

    /// The applications of a project.
    pub(super) fn applications_of(&self, project: &str) -> impl Iterator<Item = &Application> {
        self.applications.get(project).into_iter().flatten()
    }

    /// The managers and their history.
    pub(super) const fn managers(&self) -> &Managers {
        &self.managers
    }

    /// The managers of one resource as a list may see them, by user id; users and organizations that are gone are left
    /// out at once.
    pub(super) fn managers_of<'a>(
        &'a self,
        resource: &Resource,
        view: View,
    ) -> impl Iterator<Item = Row<'a>> {
        let gone = match resource {
            Resource::Organization(id) => {
                self.organization(id).is_none_or(|it| it.state == OrganizationState::Removed)
            }
            _ => false,
        };
        self.managers.of_resource(resource, view).filter(move |row| !gone && self.user(row.user).is_some())
    }

    /// Every event, oldest first.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The organization that owns a resource, or the instance. None for a project or grant that does not exist.
    pub(super) fn owner_of<'a>(&'a self, resource: &'a Resource) -> Option<&'a str> {
        match resource {
            Resource::Instance => Some(&self.instance.id),
            Resource::Organization(id) => Some(id),
            Resource::Project(project) | Resource::Grant { project, .. } => {
                self.project(project).map(|it| it.organization.as_str())
            }
        }
    }

    /// The sequence number an aggregate has reached.
    pub(super) fn sequence(&self, aggregate: &str, start: u64) -> u64 {
        self.sequences.get(aggregate).copied().unwrap_or(start)
    }

    /// What a list may see that lags behind the writes by this much.
    pub(super) fn view(&self, lag: Duration) -> View {
        if lag.is_zero() {
            return View::NOW;
        }
        let now = Instant::now();
        let waiting = self.writes.iter().rev().take_while(|(_, at)| now.duration_since(*at) < lag).last();
        waiting.map_or(View::NOW, |(position, _)| View(position - 1))
    }

    /// What a list showed before the last write.
    pub(super) fn view_before_last_write(&self) -> View {
        self.writes.last().map_or(View::NOW, |(position, _)| View(position - 1))
    }

    /// Gives (`Some`) or takes (`None`) the roles of a user on a resource, and writes the event.
    pub(super) fn write(
        &mut self,
        editor: &str,
        resource: &Resource,
        user: &str,
        roles: Option<Vec<String>>,
        owner: &str,
    ) -> Entry {
        let at = self.next_time();
        let entry = self.record(editor, resource, user, roles, owner, at);
        self.writes.push((entry.position, Instant::now()));
        if resource.grant().is_some_and(|grant| self.grant(grant).is_none()) {
            self.managers.block_grants(entry.position);
        }
        entry
    }

    /// The time of the next event, as exact as answers say it, and later than every other: paging by time then loses
    /// nothing.
    fn next_time(&self) -> Timestamp {
        let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap_or(self.founded);
        let last = self.events.last().map_or(now, |event| event.created);
        let ahead = last.duration_since(now);
        if ahead.is_negative() || ahead > SignedDuration::from_secs(1) {
            return now;
        }
        last + SignedDuration::from_micros(1)
    }

    fn record(
        &mut self,
        editor: &str,
        resource: &Resource,
        user: &str,
        roles: Option<Vec<String>>,
        owner: &str,
        at: Timestamp,
    ) -> Entry {
        let aggregate = resource.aggregate_id(&self.instance.id).to_owned();
        let sequence = self.next_sequence(&aggregate, resource.first_sequence());
        self.position += 1;
        let was = self.managers.current(resource, user);
        let created = was.map_or((at, self.position), |was| (was.created, was.created_position));
        let kind = resource.event_kind(was.is_some(), roles.is_some());
        let entry = Entry {
            position: self.position,
            created_position: created.1,
            roles: roles.clone(),
            sequence,
            created: created.0,
            changed: at,
            owner: owner.to_owned(),
        };
        self.managers.push(resource, user, entry.clone());
        self.events.push(Event {
            position: self.position,
            created: at,
            sequence,
            editor: editor.to_owned(),
            kind,
            aggregate: resource.aggregate_type(),
            aggregate_id: aggregate,
            owner: owner.to_owned(),
            user: Some(user.to_owned()),
            roles,
            grant: resource.grant().map(str::to_owned),
        });
        entry
    }

    fn next_sequence(&mut self, aggregate: &str, start: u64) -> u64 {
        let sequence = self.sequences.entry(aggregate.to_owned()).or_insert(start);
        *sequence += 1;
        *sequence
    }

    /// Changes the state of a user; removing one takes all its memberships (recordings `auth/api-deleted-user`).
    pub(super) fn set_user_state(&mut self, id: &str, state: UserState, editor: &str) {
        let Some(place) = self.users.index.get(id).copied() else { return };
        let Some(user) = self.users.rows.get_mut(place) else { return };
        let first = user.first_sequence();
        user.state = state;
        let organization = user.organization.clone();
        let now = self.next_time();
        self.changed_users.insert(id.to_owned(), now);
        let sequence = self.next_sequence(id, first);
        self.position += 1;
        self.writes.push((self.position, Instant::now()));
        self.events.push(Event {
            position: self.position,
            created: now,
            sequence,
            editor: editor.to_owned(),
            kind: match state {
                UserState::Active | UserState::Initial => "user.reactivated",
                UserState::Inactive => "user.deactivated",
                UserState::Locked => "user.locked",
                UserState::Removed => "user.removed",
            },
            aggregate: "user",
            aggregate_id: id.to_owned(),
            owner: organization,
            user: None,
            roles: None,
            grant: None,
        });
        if state == UserState::Removed {
            self.cascade(id, editor);
        }
    }

    fn cascade(&mut self, user: &str, editor: &str) {
        let held: Vec<(Resource, String)> = self
            .managers
            .of_user(user, View::NOW)
            .map(|row| (row.resource.clone(), row.entry.owner.clone()))
            .collect();
        let at = self.events.last().map_or(self.founded, |event| event.created);
        for (resource, owner) in held {
            let entry = self.record(editor, &resource, user, None, &owner, at);
            self.writes.push((entry.position, Instant::now()));
            if let Some(event) = self.events.last_mut() {
                event.kind = resource.cascade_kind();
            }
        }
    }
}

fn by<T>(rows: Vec<T>, key: impl Fn(&T) -> &String) -> HashMap<String, Vec<T>> {
    let mut sorted: HashMap<String, Vec<T>> = HashMap::new();
    for row in rows {
        sorted.entry(key(&row).clone()).or_default().push(row);
    }
    sorted
}

/// Takes the managers out of a world, oldest first. Those without a date are as old as the instance; among them come
/// first what the setup of a server writes, then the owner that a new organization gets (recording
/// `admins.v2/page-2`).
fn in_order_of_creation(world: &mut World, version: Version, creator: &str, now: Timestamp) -> Vec<Member> {
    let mut members = world.take_members(version);
    for member in &mut members {
        let ago = member.days_ago.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
        member.created = ago.map(|ago| now - ago).or(member.created);
    }
    let owner = |member: &Member| member.roles.iter().any(|role| role == "IAM_OWNER");
    let owners: HashSet<String> = members.iter().filter(|it| owner(it)).map(|it| it.user.clone()).collect();
    members.sort_by_key(|member| {
        let rank = match &member.resource {
            MemberOf::Organization { organization }
                if *organization == world.instance.default_organization && owners.contains(&member.user) =>
            {
                0
            }
            MemberOf::Instance if owner(member) => 1,
            MemberOf::Organization { .. } if member.user == creator => 2,
            _ => 3,
        };
        (member.created, rank)
    });
    members
}

impl User {
    /// The name to sign in with; this instance requires no suffix.
    pub(super) fn login(&self) -> &str {
        &self.username
    }

    /// The name that lists show.
    pub(super) fn display_name(&self) -> &str {
        match &self.kind {
            Kind::Human { display_name, .. } => display_name,
            Kind::Machine { name, .. } => name,
        }
    }

    pub(super) const fn is_machine(&self) -> bool {
        matches!(self.kind, Kind::Machine { .. })
    }

    /// The sequence a user of this kind starts with (recordings `users/v2-get`, `v2-get-machine`).
    pub(super) const fn first_sequence(&self) -> u64 {
        if self.is_machine() { 1 } else { 2 }
    }
}
