//! A small world and a server that answers from it, for the tests of `app` and `tui`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::effect::{Effect, FileWish, Request, Sequence, SignInTarget, Slot};
use super::event::{Answer, Compared, Event, Key, KeyCode, Reviewed, Written};
use super::{App, Start};
use crate::domain::change::{Change, Outcome};
use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use crate::domain::inventory::{InventoryPart, ManagerRecord, PersonSheet, RoleGrant, UnreadPart};
use crate::domain::journal::JournalEntry;
use crate::domain::level::{Level, Resource};
use crate::domain::link::{Named, Thing};
use crate::domain::manager::{Manager, ManagerUser, Membership};
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::page::Page;
use crate::domain::permission::{ManagerAction, Permissions, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::project::{Project, ProjectGrant, ProjectState};
use crate::domain::query::UserPass;
use crate::domain::review::{ReviewReport, ReviewSettings};
use crate::domain::role::{CATALOGUE, Role};
use crate::domain::session::{Administrators, Capabilities, Identity, ProfileFacts, SessionFacts};
use crate::domain::snapshot::{self, Gap, Snapshot};
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserKind, UserState};

/// The key with a name of the table.
pub(crate) fn key(name: &str) -> Key {
    let (ctrl, plain) = name.strip_prefix("ctrl-").map_or((false, name), |plain| (true, plain));
    let code = match plain {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "f1" => KeyCode::F(1),
        other => KeyCode::Char(other.chars().next().expect("a key has a name")),
    };
    Key { code, ctrl, alt: false }
}

pub(crate) fn organization(number: u32, name: &str, state: OrganizationState) -> Organization {
    Organization {
        id: OrganizationId::new(format!("1{number:017}")),
        name: name.into(),
        primary_domain: format!("{}.example.com", name.to_lowercase().replace(' ', "-")).into(),
        state,
    }
}

pub(crate) fn user(number: u32, name: &str, kind: UserKind, state: UserState, home: &Organization) -> User {
    let login = name.to_lowercase().replace(' ', "-");
    User {
        id: UserId::new(format!("2{number:017}")),
        organization: home.id.clone(),
        kind,
        state,
        user_name: login.as_str().into(),
        login_name: login.as_str().into(),
        login_names: vec![login.as_str().into()],
        display_name: name.into(),
        email: (kind == UserKind::Human).then(|| format!("{login}@{}", home.primary_domain).into()),
    }
}

pub(crate) fn project(number: u32, name: &str, state: ProjectState, owner: &Organization) -> Project {
    let id = ProjectId::new(format!("3{number:017}"));
    Project { id, organization: owner.id.clone(), name: name.into(), state }
}

pub(crate) fn grant(number: u32, of: &Project, owner: &Organization, to: &Organization) -> ProjectGrant {
    ProjectGrant {
        id: GrantId::new(format!("4{number:017}")),
        project: of.id.clone(),
        project_name: of.name.clone(),
        organization: owner.id.clone(),
        organization_name: owner.name.clone(),
        granted: to.id.clone(),
        granted_name: to.name.clone(),
        state: ProjectState::Active,
        project_roles: vec!["reader".into(), "writer".into()],
    }
}

pub(crate) fn manager(user: &User, on: &Organization, roles: &[&str]) -> Manager {
    manager_on(user, Resource::Organization(on.id.clone()), roles)
}

pub(crate) fn manager_on(user: &User, resource: Resource, roles: &[&str]) -> Manager {
    Manager {
        user: ManagerUser::from(user),
        resource,
        roles: roles.iter().map(|role| Role::new(*role)).collect(),
        created: Some("2026-03-01T09:30:00Z".parse().expect("a time")),
        changed: Some("2026-05-11T17:05:00Z".parse().expect("a time")),
    }
}

/// What the server knows.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) profile: ProfileFacts,
    pub(crate) facts: SessionFacts,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) users: Vec<User>,
    pub(crate) managers: BTreeMap<Resource, Vec<Manager>>,
    pub(crate) projects: Vec<Project>,
    pub(crate) grants: Vec<ProjectGrant>,
    pub(crate) history: Vec<JournalEntry>,
    /// The own permissions where `permissions_in` tells nothing else.
    pub(crate) permissions: Vec<String>,
    /// Parts of the inventory that cannot be read.
    pub(crate) unread: Vec<UnreadPart>,
    /// Who gave roles, newest first.
    pub(crate) events: Result<Vec<RoleGrant>, Problem>,
    /// The own permissions by organization.
    pub(crate) permissions_in: BTreeMap<OrganizationId, Vec<String>>,
    /// What the server refuses, by slot.
    pub(crate) problems: BTreeMap<Slot, Problem>,
    /// What an access review finds.
    pub(crate) review: ReviewReport,
    /// The snapshot in every file.
    pub(crate) snapshot: Snapshot,
    /// Files that are there.
    pub(crate) files: BTreeSet<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let names = ["Acme", "Dormant", "Globex", "Initech", "Umbrella"];
        let state = |name: &str| {
            if name == "Dormant" { OrganizationState::Inactive } else { OrganizationState::Active }
        };
        let organizations: Vec<Organization> =
            (1..).zip(names).map(|(number, name)| organization(number, name, state(name))).collect();
        let [acme, _, globex, initech, _] = organizations.as_slice() else { panic!("five organizations") };
        let users = vec![
            user(1, "zitui service", UserKind::Service, UserState::Active, acme),
            user(2, "Root Admin", UserKind::Human, UserState::Active, acme),
            user(3, "Gina Glob", UserKind::Human, UserState::Active, globex),
            user(4, "Gus Locked", UserKind::Human, UserState::Locked, globex),
            user(5, "Deploy Bot", UserKind::Service, UserState::Active, initech),
            user(6, "Depot Watcher", UserKind::Human, UserState::Active, initech),
            user(7, "Ivan Initech", UserKind::Human, UserState::Inactive, initech),
        ];
        let person = |number: usize| &users[number - 1];
        let projects = vec![
            project(1, "Billing", ProjectState::Inactive, globex),
            project(2, "Portal", ProjectState::Active, globex),
            project(3, "Shop", ProjectState::Active, initech),
        ];
        let grants = vec![grant(1, &projects[1], globex, initech), grant(2, &projects[2], initech, globex)];
        let on = |user: &User, resource: Resource, roles: &[&str]| {
            (resource.clone(), vec![manager_on(user, resource, roles)])
        };
        let managers = BTreeMap::from([
            on(person(2), Resource::Instance, &["IAM_OWNER"]),
            on(person(3), projects[1].resource(), &["PROJECT_OWNER", "PROJECT_AUDITOR"]),
            on(person(7), grants[0].resource(), &["PROJECT_GRANT_OWNER"]),
            (Resource::Organization(acme.id.clone()), vec![manager(person(2), acme, &["ORG_OWNER"])]),
            (
                Resource::Organization(globex.id.clone()),
                vec![
                    manager(person(6), globex, &["ORG_OWNER_VIEWER"]),
                    manager(person(3), globex, &["ORG_OWNER"]),
                    manager(person(4), globex, &["ORG_OWNER", "ORG_USER_MANAGER", "CUSTOM_AUDITOR"]),
                ],
            ),
        ]);
        let facts = facts(&users[0], "IAM_OWNER");
        let mut world = Self {
            profile: profile("prod"),
            snapshot: Snapshot::new(facts.issuer.clone(), "ZITADEL".into(), Vec::new(), Vec::new()),
            facts,
            permissions: manager_permissions(),
            permissions_in: BTreeMap::new(),
            organizations,
            users,
            managers,
            projects,
            grants,
            history: Vec::new(),
            unread: Vec::new(),
            events: Ok(Vec::new()),
            problems: BTreeMap::new(),
            review: nothing_found(),
            files: BTreeSet::new(),
        };
        world.snapshot = world.snapshot_now(Vec::new());
        world
    }

    /// A world in which the own user lacks a permission, told by the server where it is asked.
    pub(crate) fn lacking(slot: Slot, permission: &'static str) -> Self {
        let mut world = Self::new();
        world.facts = facts(&world.users[0], "IAM_USER_MANAGER");
        world.permissions = vec!["org.read".to_owned()];
        let mut problem = Problem::new(
            ProblemKind::PermissionMissing,
            "Cannot read this list",
            "No matching permissions found (AUTH-5mWD2)",
            "Ask an owner of the instance for one of these roles",
        );
        problem.missing = Some(Box::new(world.facts.missing(permission)));
        world.problems.insert(slot, problem);
        world
    }

    pub(crate) fn named(&self, name: &str) -> &Organization {
        self.organizations.iter().find(|one| one.name.as_str() == name).expect("such an organization")
    }

    fn answer(&self, slot: Slot, request: &Request) -> Answer {
        let refused = self.problems.get(&slot).cloned();
        match request {
            Request::SignIn(_) => {
                Answer::SignedIn(refuse(refused, (self.profile.clone(), self.facts.clone())))
            }
            Request::Paths(text) => Answer::Paths(vec![format!("{text}.json"), format!("{text}-old.json")]),
            Request::Organizations(query) => {
                let text = query.text.to_lowercase();
                let fits = |one: &&Organization| one.name.as_str().to_lowercase().contains(&text);
                let all: Vec<_> = self.organizations.iter().filter(fits).cloned().collect();
                Answer::Organizations(refuse(refused, page(all, query.offset, query.limit)))
            }
            Request::Users(query) => {
                let text = query.text.to_lowercase();
                let fits = |user: &&User| {
                    let field = match query.pass {
                        UserPass::Names => user.kind == UserKind::Human || text.is_empty(),
                        UserPass::LoginNames => true,
                        UserPass::ServiceNames => user.kind == UserKind::Service,
                    };
                    let here = query.organization.as_ref().is_none_or(|scope| *scope == user.organization);
                    here && field && user.display_name.as_str().to_lowercase().contains(&text)
                };
                let all: Vec<_> = self.users.iter().filter(fits).cloned().collect();
                Answer::Users(refuse(refused, page(all, query.offset, query.limit)))
            }
            Request::Managers(resource) => {
                Answer::Managers(refuse(refused, self.managers.get(resource).cloned().unwrap_or_default()))
            }
            Request::Roles(resource) => {
                let offered = CATALOGUE.iter().filter(|card| card.level == resource.level());
                Answer::Roles(refuse(refused, offered.map(|card| Role::new(card.key)).collect()))
            }
            Request::Permissions(organization) => {
                let listed = self.permissions_in.get(organization).unwrap_or(&self.permissions);
                Answer::Permissions(refuse(refused, Permissions::new(listed.clone())))
            }
            Request::OrganizationNames(ids) => {
                let known = self.organizations.iter().filter(|one| ids.contains(&one.id));
                Answer::OrganizationNames(known.map(|one| (one.id.clone(), one.name.clone())).collect())
            }
            Request::UsersById(ids) => {
                let known = self.users.iter().filter(|user| ids.contains(&user.id));
                Answer::UsersById(refuse(refused, known.cloned().collect()))
            }
            Request::Projects { organization, text, offset, limit } => {
                let text = text.to_lowercase();
                let fits = |one: &&Project| {
                    one.organization == *organization && one.name.as_str().to_lowercase().contains(&text)
                };
                let all: Vec<_> = self.projects.iter().filter(fits).cloned().collect();
                Answer::Projects(refuse(refused, page(all, *offset, *limit)))
            }
            Request::ProjectGrants(project) => {
                let given = self.grants.iter().filter(|grant| grant.project == project.id);
                Answer::ProjectGrants(refuse(refused, given.cloned().collect()))
            }
            Request::GrantedProjects(organization) => {
                let received = self.grants.iter().filter(|grant| grant.granted == *organization);
                Answer::GrantedProjects(refuse(refused, received.cloned().collect()))
            }
            Request::Inventory => Answer::InventoryEnded(refuse(refused, ())),
            Request::Person(user) => {
                let mut records = self.records();
                records.retain(|record| record.manager.user.id == *user);
                let (unread, grants) = (self.unread.clone(), self.events.clone());
                Answer::Person(refuse(refused, PersonSheet { records, unread, grants }))
            }
            Request::History => Answer::History(refuse(refused, self.history.clone())),
            Request::ResolveUsers(texts) => {
                Answer::Resolved(texts.iter().map(|text| (text.clone(), self.resolve(text))).collect())
            }
            Request::Thing(named, name) => {
                Answer::Thing(refused.map_or_else(|| self.thing(*named, name), Err))
            }
            Request::Manager(resource, user) => {
                let rows = self.managers.get(resource).into_iter().flatten();
                Answer::Manager(refuse(refused, rows.into_iter().find(|row| row.user.id == *user).cloned()))
            }
            Request::AccessReview => Answer::Reviewed(refuse(refused, self.reviewed())),
            Request::Accept { .. } => Answer::Accepted(refuse(refused, ())),
            Request::Today => Answer::Today("2026-11-24".to_owned()),
            Request::ExportReview(_, wish)
            | Request::ExportManagers(_, _, wish)
            | Request::SaveSnapshot(wish) => Answer::Written(refuse(refused, self.written(wish))),
            Request::OpenSnapshot(_) => Answer::Snapshot(refuse(refused, Arc::new(self.snapshot.clone()))),
            Request::CompareSnapshot(_) => Answer::Compared(refuse(refused, Arc::new(self.compared()))),
        }
    }

    fn thing(&self, named: Named, name: &str) -> Result<Thing, Problem> {
        let word = named.word();
        let lacking =
            || Problem::new(ProblemKind::NotFound, format!("There is no {word} {name}"), "none has it", "");
        match named {
            Named::Organization => {
                let found = self.organizations.iter().find(|one| one.name.as_str() == name);
                found.cloned().map(Thing::Organization).ok_or_else(lacking)
            }
            Named::User => self.resolve(name).map(Thing::User),
            Named::Project => {
                let found = self.projects.iter().find(|one| one.name.as_str() == name);
                let owner = |id| self.organizations.iter().find(|one| one.id == id).map(Organization::title);
                found
                    .map(|project| {
                        let owner = owner(project.organization.clone()).unwrap_or_default();
                        Thing::Project(project.clone(), owner)
                    })
                    .ok_or_else(lacking)
            }
        }
    }

    fn reviewed(&self) -> Reviewed {
        Reviewed {
            report: Arc::new(self.review.clone()),
            instance: "ZITADEL".into(),
            settings: ReviewSettings::default(),
            read: "2026-11-24T10:00:00Z".parse().expect("a time"),
            author: "ada".into(),
            file: "zitui-review.toml".into(),
        }
    }

    /// All managers as they are now, but for what could not be read.
    pub(crate) fn snapshot_now(&self, gaps: Vec<Gap>) -> Snapshot {
        Snapshot::new(self.facts.issuer.clone(), "ZITADEL".into(), self.records(), gaps)
    }

    fn compared(&self) -> Compared {
        let comparison = snapshot::compare(&self.snapshot, &self.snapshot_now(Vec::new()));
        let events: &[RoleGrant] = self.events.as_deref().unwrap_or_default();
        Compared {
            instance: self.snapshot.title(),
            events: comparison.differences.iter().map(|one| one.event(events).cloned()).collect(),
            no_events: self.events.as_ref().err().cloned(),
            gaps: Vec::new(),
            comparison,
        }
    }

    fn written(&self, wish: &FileWish) -> Written {
        if self.files.contains(&wish.path) && !wish.replace { Written::IsThere } else { Written::Done }
    }

    fn resolve(&self, text: &str) -> Result<User, Problem> {
        let fits = |user: &&User| user.id.as_str() == text || user.has_login_name(text);
        let lacking =
            || Problem::new(ProblemKind::NotFound, format!("There is no user {text}"), "no user has it", "");
        self.users.iter().find(fits).cloned().ok_or_else(lacking)
    }

    /// All managers with the names that a list over all levels needs.
    pub(crate) fn records(&self) -> Vec<ManagerRecord> {
        let name = |id: &OrganizationId| {
            let one = self.organizations.iter().find(|one| one.id == *id);
            one.map(|one| one.name.clone()).unwrap_or_default()
        };
        let record = |manager: &Manager| {
            let organization_name = manager.resource.organization().map(name).unwrap_or_default();
            let project = |id: &ProjectId| self.projects.iter().find(|one| one.id == *id).map(Project::title);
            let resource_name = match &manager.resource {
                Resource::Instance => "ZITADEL".into(),
                Resource::Organization(_) => organization_name.clone(),
                Resource::Project { project: id, .. } => project(id).unwrap_or_default(),
                Resource::ProjectGrant { project: id, granted, .. } => {
                    format!("{} → {}", project(id).unwrap_or_default(), name(granted)).into()
                }
            };
            ManagerRecord { manager: manager.clone(), resource_name, organization_name }
        };
        self.managers.values().flatten().map(record).collect()
    }

    /// What arrives before the end of an answer.
    fn parts(&self, slot: Slot, request: &Request) -> Vec<InventoryPart> {
        if *request != Request::Inventory || self.problems.contains_key(&slot) {
            return Vec::new();
        }
        let unread = self.unread.iter().cloned().map(InventoryPart::Unread);
        std::iter::once(InventoryPart::Rows(self.records())).chain(unread).collect()
    }

    /// Does a change and reads it back.
    pub(crate) fn apply(&mut self, change: &Change) -> Outcome {
        let managers = self.managers.entry(change.resource.clone()).or_default();
        managers.retain(|manager| manager.user.id != change.user.id);
        if change.after.is_empty() {
            return Outcome::Done(None);
        }
        let row = Manager {
            user: change.user.clone(),
            resource: change.resource.clone(),
            roles: change.after.clone(),
            created: None,
            changed: None,
        };
        managers.push(row.clone());
        managers.sort_by(|left, right| left.user.login_name.cmp(&right.user.login_name));
        Outcome::Done(Some(row))
    }
}

fn nothing_found() -> ReviewReport {
    ReviewReport {
        findings: Vec::new(),
        unjudged: Vec::new(),
        unread: Vec::new(),
        stale: Vec::new(),
        managers: 7,
        users: 5,
        resources: 5,
    }
}

/// Everything that an owner of the instance may do with managers.
fn manager_permissions() -> Vec<String> {
    let actions = [ManagerAction::Read, ManagerAction::Write, ManagerAction::Remove];
    let levels = [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant];
    let of_level = |level| actions.map(|action| manager_permission(level, action).to_owned());
    levels.into_iter().flat_map(of_level).collect()
}

fn refuse<T>(refused: Option<Problem>, value: T) -> Result<T, Problem> {
    refused.map_or(Ok(value), Err)
}

fn page<T: Clone>(all: Vec<T>, offset: u64, limit: u32) -> Page<T> {
    let total = all.len() as u64;
    let rows =
        all.into_iter().skip(usize::try_from(offset).expect("an offset")).take(limit as usize).collect();
    Page::new(rows, Some(total), offset, limit)
}

pub(crate) fn profile(name: &str) -> ProfileFacts {
    ProfileFacts {
        name: name.into(),
        url: "https://auth.example.com".into(),
        colour: Some("red".into()),
        read_only: false,
        protected: false,
        stored: true,
    }
}

fn facts(own: &User, role: &str) -> SessionFacts {
    SessionFacts {
        issuer: "https://auth.example.com".into(),
        version: Some("v4.15.0".into()),
        instance_name: Some("ZITADEL".into()),
        default_organization: Some(own.organization.clone()),
        identity: Identity {
            user: own.id.clone(),
            organization: own.organization.clone(),
            login_name: own.login_name.clone(),
            display_name: own.display_name.clone(),
        },
        memberships: vec![Membership {
            level: Level::Instance,
            resource_id: "".into(),
            resource_name: "ZITADEL".into(),
            organization: None,
            roles: vec![Role::new(role)],
        }],
        capabilities: Capabilities::default(),
        administrators: Administrators::default(),
        token_expires: None,
        notices: Vec::new(),
    }
}

/// The program at a desk: pressed keys in, requests out, answered from a world when told to.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) world: World,
    /// Requests waiting for their answer.
    pub(crate) asked: BTreeMap<Slot, (Sequence, Request)>,
    /// Requests ever asked.
    pub(crate) history: Vec<Request>,
    /// Changes waiting for their end.
    pub(crate) writes: Vec<(Sequence, Change)>,
    /// The journal entries that changes were sent to take back.
    pub(crate) undone: Vec<SafeText>,
    /// Other effects.
    pub(crate) others: Vec<Effect>,
    pressed: usize,
}

impl Desk {
    pub(crate) fn at_start(world: World, start: Start) -> Self {
        let (app, effects) = App::new(start);
        let mut desk = Self {
            app,
            world,
            asked: BTreeMap::new(),
            history: Vec::new(),
            writes: Vec::new(),
            undone: Vec::new(),
            others: Vec::new(),
            pressed: 0,
        };
        desk.take(effects);
        desk
    }

    /// Signed in, on the menu.
    pub(crate) fn signed_in(world: World) -> Self {
        let profiles = vec![world.profile.clone()];
        let sign_in = Some(SignInTarget::Profile(0));
        let mut desk = Self::at_start(world, Start { profiles, sign_in, link: None, columns: 80, rows: 24 });
        desk.answer();
        desk
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask { slot, sequence, request, .. } => {
                    self.history.push(request.clone());
                    self.asked.insert(slot, (sequence, request));
                }
                Effect::Forget(slot) => {
                    self.asked.remove(&slot);
                }
                Effect::Apply { sequence, change, undoes } => {
                    self.writes.push((sequence, change));
                    self.undone.extend(undoes);
                }
                other => self.others.push(other),
            }
        }
    }

    pub(crate) fn handle(&mut self, event: Event) -> &mut Self {
        let effects = self.app.handle(event);
        self.take(effects);
        self
    }

    /// Presses keys, named as in the table and parted by blanks.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for name in keys.split_whitespace() {
            self.pressed += 1;
            self.handle(Event::Key(key(name)));
        }
        self
    }

    /// Types text that does not count as key presses.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.handle(Event::Key(Key { code: KeyCode::Char(character), ctrl: false, alt: false }));
        }
        self
    }

    /// Answers everything, also what the answers make it ask.
    pub(crate) fn answer(&mut self) -> &mut Self {
        while let Some((slot, (sequence, request))) = self.asked.pop_first() {
            for part in self.world.parts(slot, &request) {
                self.handle(Event::Answered(sequence, Box::new(Answer::Inventory(part))));
            }
            let answer = self.world.answer(slot, &request);
            self.handle(Event::Answered(sequence, Box::new(answer)));
        }
        self
    }

    /// A part of all managers arrives, of which more follow.
    pub(crate) fn part(&mut self, part: InventoryPart) -> &mut Self {
        let sequence = self.asked.get(&Slot::Inventory).expect("all managers asked for").0;
        self.handle(Event::Answered(sequence, Box::new(Answer::Inventory(part))))
    }

    /// A long reading tells how far it is.
    pub(crate) fn progress(&mut self, slot: Slot, done: u64, known: u64) -> &mut Self {
        let sequence = self.asked.get(&slot).expect("something asked").0;
        self.handle(Event::Answered(sequence, Box::new(Answer::Progress { done, known })))
    }

    /// Answers one slot.
    pub(crate) fn answer_one(&mut self, slot: Slot) -> &mut Self {
        let (sequence, request) = self.asked.remove(&slot).expect("something asked");
        let answer = self.world.answer(slot, &request);
        self.handle(Event::Answered(sequence, Box::new(answer)))
    }

    /// Ends all changes, done and read back.
    pub(crate) fn write(&mut self) -> &mut Self {
        for (sequence, change) in std::mem::take(&mut self.writes) {
            let outcome = self.world.apply(&change);
            self.handle(Event::Applied(sequence, Box::new(outcome)));
        }
        self
    }

    /// Ends all changes in this way.
    pub(crate) fn end_writes(&mut self, outcome: &Outcome) -> &mut Self {
        for (sequence, _) in std::mem::take(&mut self.writes) {
            self.handle(Event::Applied(sequence, Box::new(outcome.clone())));
        }
        self
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.handle(Event::Resized { columns, rows })
    }

    /// The key presses since the last call.
    pub(crate) fn take_pressed(&mut self) -> usize {
        std::mem::take(&mut self.pressed)
    }

    pub(crate) fn crumbs(&self) -> String {
        self.app.crumbs().join(" › ")
    }

    pub(crate) fn said(&self) -> String {
        self.app.shared().messages.iter().map(|message| message.text.clone()).collect::<Vec<_>>().join("\n")
    }
}
