//! Makes worlds of any size for measuring: always the same one for the same numbers, with names a person believes,
//! one big organization that holds a third of the users, and managers on all four levels.

mod names;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use self::names::Person;
use super::world::{
    Activity, Application, ApplicationKind, Credential, CredentialKind, Instance, Kind, Member, MemberOf,
    Organization, OrganizationState, Project, ProjectGrant, User, UserState, World,
};

/// The service user that signs in, first of the first organization.
const SIGNS_IN_AS: &str = "zitui";

/// Seconds since 1970 of the oldest entry (2023-03-06).
const FIRST_DAY: i64 = 1_678_060_800;

/// Roles by level, the first one being the one that owns the resource.
const INSTANCE_ROLES: [&str; 5] =
    ["IAM_OWNER_VIEWER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "IAM_OWNER", "IAM_ADMIN_IMPERSONATOR"];
const ORGANIZATION_ROLES: [&str; 6] = [
    "ORG_OWNER",
    "ORG_USER_MANAGER",
    "ORG_OWNER_VIEWER",
    "ORG_SETTINGS_MANAGER",
    "ORG_USER_PERMISSION_EDITOR",
    "ORG_PROJECT_CREATOR",
];
const PROJECT_ROLES: [&str; 2] = ["PROJECT_OWNER", "PROJECT_OWNER_VIEWER"];
const GRANT_ROLES: [&str; 2] = ["PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER"];

impl World {
    /// A world with this many organizations, users and managers (at least one organization and the user that signs
    /// in). The same numbers always make the same world; 40 000 organizations or 100 000 users take well under a
    /// second. There may be fewer managers when there are not enough users for them.
    pub fn generate(organizations: usize, users: usize, managers: usize) -> Self {
        Maker::new(organizations.max(1), users.max(1)).world(managers)
    }
}

/// The generator `SplitMix64`: small, fast and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        self.next().checked_rem(end).and_then(|rest| usize::try_from(rest).ok()).unwrap_or(0)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

struct Maker {
    random: Random,
    last_id: u64,
    last_time: i64,
    organizations: Vec<Organization>,
    users: Vec<User>,
    /// The positions of each organization's users in `users`.
    staff: Vec<Vec<usize>>,
    projects: Vec<Project>,
    grants: Vec<ProjectGrant>,
    members: Vec<Member>,
    /// Level, position of the resource and position of the user, so that nobody is made manager of one thing twice.
    taken: HashSet<(u8, usize, usize)>,
}

impl Maker {
    fn new(organizations: usize, users: usize) -> Self {
        let mut maker = Self {
            random: Random(2_815_449),
            last_id: 281_544_000_000_000_000,
            last_time: FIRST_DAY,
            organizations: Vec::with_capacity(organizations),
            users: Vec::with_capacity(users),
            staff: vec![Vec::new(); organizations],
            projects: Vec::new(),
            grants: Vec::new(),
            members: Vec::new(),
            taken: HashSet::new(),
        };
        for index in 0..organizations {
            maker.organization(index);
        }
        for index in 0..users {
            maker.user(index, users);
        }
        for index in 0..=organizations / 2 {
            maker.project(index);
        }
        for _ in 0..organizations / 4 {
            maker.grant();
        }
        maker
    }

    fn world(mut self, managers: usize) -> World {
        self.managers(managers);
        let (credentials, applications) = (self.credentials(), self.applications());
        let default_organization = self.organizations.first().map(|it| it.id.clone()).unwrap_or_default();
        let signs_in = self.users.first().map(|it| it.id.clone()).unwrap_or_default();
        World {
            instance: Instance {
                id: "281543999999999999".to_owned(),
                name: "Generated".to_owned(),
                default_organization,
                iam_project: self.projects.first().map(|it| it.id.clone()).unwrap_or_default(),
            },
            organizations: self.organizations,
            users: self.users,
            projects: self.projects,
            project_grants: self.grants,
            members: self.members,
            credentials,
            applications,
            members_only_in: BTreeMap::new(),
            principals: BTreeMap::from([(SIGNS_IN_AS.to_owned(), signs_in)]),
            signs_in_as: Some(SIGNS_IN_AS.to_owned()),
        }
    }

    fn id(&mut self) -> String {
        self.last_id += 1 + self.random.next() % 1_000_000_000;
        self.last_id.to_string()
    }

    fn time(&mut self) -> Option<Timestamp> {
        self.last_time += i64::try_from(self.random.below(600)).unwrap_or(0);
        Timestamp::from_second(self.last_time).ok()
    }

    fn organization(&mut self, index: usize) {
        let (name, domain) = names::organization(index);
        let inactive = index > 1 && self.random.one_in(60);
        let state = if inactive { OrganizationState::Inactive } else { OrganizationState::Active };
        let organization =
            Organization { id: self.id(), name, primary_domain: domain, state, created: self.time() };
        self.organizations.push(organization);
    }

    /// The first user signs in; of the others the second organization has a third, the rest is spread.
    fn user(&mut self, index: usize, count: usize) {
        let big = self.organizations.len().min(2) - 1;
        let home = if index == 0 {
            0
        } else if index <= count / 3 {
            big
        } else {
            self.random.below(self.organizations.len())
        };
        let machine = index == 0 || self.random.one_in(9);
        let id = self.id();
        let created = self.time();
        let Some(organization) = self.organizations.get(home) else { return };
        let (username, kind) = if index == 0 {
            (SIGNS_IN_AS.to_owned(), service(SIGNS_IN_AS, "Manager administration from the terminal"))
        } else if machine {
            let (username, name) = names::service(index);
            (username, service(&name, ""))
        } else {
            let Person { username, first_name, last_name } = names::person(index, self.random.below(1_000));
            let email = format!("{username}@{}", organization.primary_domain);
            let display_name = format!("{first_name} {last_name}");
            (username, Kind::Human { first_name, last_name, display_name, email, language: None })
        };
        let state = match self.random.below(40) {
            0 if index > 0 => UserState::Inactive,
            1 if index > 0 && !machine => UserState::Locked,
            _ => UserState::Active,
        };
        let user = User { id, organization: organization.id.clone(), username, kind, state, created };
        self.users.push(user);
        if let Some(staff) = self.staff.get_mut(home) {
            staff.push(index);
        }
    }

    fn project(&mut self, index: usize) {
        let owner = if index == 0 { 0 } else { self.random.below(self.organizations.len()) };
        let Some(organization) = self.organizations.get(owner).map(|it| it.id.clone()) else { return };
        let name = if index == 0 { "ZITADEL".to_owned() } else { names::project(index) };
        let inactive = index > 0 && self.random.one_in(50);
        let state = if inactive { Activity::Inactive } else { Activity::Active };
        let project = Project { id: self.id(), name, organization, state, created: self.time() };
        self.projects.push(project);
    }

    /// Lends a project (never ZITADEL's own) to another organization.
    fn grant(&mut self) {
        let project = 1 + self.random.below(self.projects.len().saturating_sub(1));
        let granted = self.random.below(self.organizations.len());
        let id = self.id();
        let created = self.time();
        let (Some(project), Some(granted)) = (self.projects.get(project), self.organizations.get(granted))
        else {
            return;
        };
        let known = |it: &ProjectGrant| it.project == project.id && it.granted_organization == granted.id;
        if project.organization == granted.id || self.grants.iter().rev().take(50).any(known) {
            return;
        }
        self.grants.push(ProjectGrant {
            id,
            project: project.id.clone(),
            granted_organization: granted.id.clone(),
            role_keys: vec!["reader".to_owned()],
            state: Activity::Active,
            created,
        });
    }

    /// One in a hundred manages the instance, a seventh a project, a twelfth a grant, all others an organization.
    fn managers(&mut self, count: usize) {
        self.manager(MemberOf::Instance, (0, 0, 0), vec!["IAM_OWNER".to_owned()]);
        let organization = |maker: &Self| maker.organizations.first().map(|it| it.id.clone());
        if let (Some(organization), true) = (organization(self), count > 1) {
            self.manager(MemberOf::Organization { organization }, (1, 0, 0), vec!["ORG_OWNER".to_owned()]);
        }
        let on_instance = (count / 100).clamp(1, 50);
        let on_projects = if self.projects.len() > 1 { count / 7 } else { 0 };
        let on_grants = if self.grants.is_empty() { 0 } else { count / 12 };
        for _ in 1..on_instance {
            let user = self.random.below(self.users.len());
            let roles = self.roles(&INSTANCE_ROLES);
            self.manager(MemberOf::Instance, (0, 0, user), roles);
        }
        for round in 0..on_projects {
            self.project_manager(round);
        }
        for round in 0..on_grants {
            self.grant_manager(round);
        }
        for round in 0..count.saturating_sub(self.members.len()) {
            self.organization_manager(round);
        }
    }

    /// Every organization gets an owner first, where it has anybody.
    fn organization_manager(&mut self, round: usize) {
        let Some(position) = round.checked_rem(self.organizations.len()) else { return };
        let first = round < self.organizations.len();
        let user = self.user_near(position, first);
        let roles = if first { vec!["ORG_OWNER".to_owned()] } else { self.roles(&ORGANIZATION_ROLES) };
        if let Some(organization) = self.organizations.get(position).map(|it| it.id.clone()) {
            self.manager(MemberOf::Organization { organization }, (1, position, user), roles);
        }
    }

    fn project_manager(&mut self, round: usize) {
        let position = 1 + round.checked_rem(self.projects.len().saturating_sub(1)).unwrap_or(0);
        let user = self.random.below(self.users.len());
        let roles = self.roles(&PROJECT_ROLES);
        if let Some(project) = self.projects.get(position).map(|it| it.id.clone()) {
            self.manager(MemberOf::Project { project }, (2, position, user), roles);
        }
    }

    fn grant_manager(&mut self, round: usize) {
        let Some(position) = round.checked_rem(self.grants.len()) else { return };
        let user = self.random.below(self.users.len());
        let roles = self.roles(&GRANT_ROLES);
        if let Some(grant) = self.grants.get(position) {
            let resource = MemberOf::ProjectGrant { project: grant.project.clone(), grant: grant.id.clone() };
            self.manager(resource, (3, position, user), roles);
        }
    }

    /// Mostly somebody of the organization itself.
    fn user_near(&mut self, organization: usize, first: bool) -> usize {
        let stranger = self.random.below(self.users.len());
        let staff = self.staff.get(organization).map_or(0, Vec::len);
        if staff == 0 || (!first && self.random.one_in(5)) {
            return stranger;
        }
        let pick = if first { 0 } else { self.random.below(staff) };
        self.staff.get(organization).and_then(|staff| staff.get(pick)).copied().unwrap_or(stranger)
    }

    /// One role, sometimes two; the first of the list is the most frequent.
    fn roles(&mut self, of: &[&str]) -> Vec<String> {
        let count = of.len();
        let pick = self.random.below(count).min(self.random.below(count));
        let mut roles: Vec<String> = of.get(pick).map(|role| (*role).to_owned()).into_iter().collect();
        if self.random.one_in(8) {
            let second = (pick + 1) % count.max(1);
            roles.extend(of.get(second).filter(|_| second != pick).map(|role| (*role).to_owned()));
        }
        roles
    }

    /// One key for each service user; every fourth never ends, and every tenth service user has four.
    fn credentials(&mut self) -> Vec<Credential> {
        let users = self.users.iter().filter(|user| user.is_machine()).map(|user| user.id.clone());
        let users: Vec<String> = users.collect();
        let mut credentials = Vec::with_capacity(users.len());
        for (index, user) in users.into_iter().enumerate() {
            for _ in 0..if index % 10 == 9 { 4 } else { 1 } {
                credentials.push(Credential {
                    id: self.id(),
                    user: user.clone(),
                    kind: CredentialKind::Key,
                    created: self.time(),
                    expires_in_days: (index % 4 != 0).then_some(90),
                });
            }
        }
        credentials
    }

    /// One application for every second project that is not ZITADEL's own.
    fn applications(&mut self) -> Vec<Application> {
        let projects = self.projects.iter().skip(1).step_by(2).map(|it| it.id.clone());
        let projects: Vec<String> = projects.collect();
        let application = |project: String| Application {
            id: self.id(),
            project,
            name: "Web".to_owned(),
            kind: ApplicationKind::Oidc,
            state: Activity::Active,
            created: self.time(),
        };
        projects.into_iter().map(application).collect()
    }

    fn manager(
        &mut self,
        resource: MemberOf,
        (level, position, user): (u8, usize, usize),
        roles: Vec<String>,
    ) {
        let Some(id) = self.users.get(user).map(|it| it.id.clone()) else { return };
        if self.taken.insert((level, position, user)) {
            let created = self.time();
            self.members.push(Member { resource, user: id, roles, created, days_ago: None, by: None });
        }
    }
}

fn service(name: &str, description: &str) -> Kind {
    Kind::Machine { name: name.to_owned(), description: description.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(1, 1, 1)]
    #[case(0, 0, 0)]
    #[case(2, 10, 10)]
    #[case(300, 2_000, 1_500)]
    fn has_as_much_as_asked_for_and_fits_together(
        #[case] organizations: usize,
        #[case] users: usize,
        #[case] managers: usize,
    ) {
        let world = World::generate(organizations, users, managers);
        assert_eq!(world.organizations.len(), organizations.max(1));
        assert_eq!(world.users.len(), users.max(1));
        assert!(world.members.len() <= managers.max(1) && world.members.len() * 10 >= managers * 7);
        world.check().unwrap();
    }

    #[test]
    fn is_the_same_world_for_the_same_numbers() {
        let (one, other) = (World::generate(40, 200, 100), World::generate(40, 200, 100));
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }

    #[test]
    fn gives_one_organization_a_third_of_the_users_and_managers_to_every_level() {
        let world = World::generate(100, 3_000, 1_000);
        let mut homes: HashMap<&str, usize> = HashMap::new();
        for user in &world.users {
            *homes.entry(user.organization.as_str()).or_default() += 1;
        }
        assert!(homes.values().any(|count| (1_000..1_200).contains(count)));
        let at = |test: fn(&MemberOf) -> bool| world.members.iter().filter(|it| test(&it.resource)).count();
        assert!(at(|it| matches!(it, MemberOf::Instance)) > 5);
        assert!(at(|it| matches!(it, MemberOf::Organization { .. })) > 500);
        assert!(at(|it| matches!(it, MemberOf::Project { .. })) > 50);
        assert!(at(|it| matches!(it, MemberOf::ProjectGrant { .. })) > 30);
    }

    #[test]
    fn never_repeats_a_name_that_must_be_unique() {
        let world = World::generate(40_000, 30_000, 0);
        let usernames: HashSet<&str> = world.users.iter().map(|it| it.username.as_str()).collect();
        let domains: HashSet<&str> =
            world.organizations.iter().map(|it| it.primary_domain.as_str()).collect();
        assert_eq!((usernames.len(), domains.len()), (30_000, 40_000));
    }
}
