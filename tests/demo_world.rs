//! The demo's own world: believable, and with what an access review must find.

#![expect(clippy::unwrap_used, reason = "a test says what broke by failing")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zitui::demo::{Demo, Options};

struct World(Value);

impl World {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("../assets/demo/world.json")).unwrap())
    }

    fn list(&self, name: &str) -> &[Value] {
        self.0[name].as_array().unwrap()
    }

    fn user(&self, id: &Value) -> &Value {
        self.list("users").iter().find(|user| user["id"] == *id).unwrap()
    }

    fn default_organization(&self) -> &Value {
        &self.0["instance"]["default_organization"]
    }

    /// The states of the owners of each organization.
    fn owners(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for organization in self.list("organizations") {
            owners.insert(organization["id"].as_str().unwrap(), Vec::new());
        }
        for member in self.list("members").iter().filter(|it| has(it, "ORG_OWNER")) {
            let state = self.user(&member["user"])["state"].as_str().unwrap();
            owners.get_mut(member["organization"].as_str().unwrap()).unwrap().push(state);
        }
        owners
    }
}

fn has(member: &Value, role: &str) -> bool {
    member["roles"].as_array().unwrap().iter().any(|it| it == role)
}

#[test]
fn is_a_company_group_with_people_and_service_users() {
    let world = World::read();
    assert!(world.list("organizations").len() >= 12);
    let (people, services): (Vec<&Value>, Vec<&Value>) =
        world.list("users").iter().partition(|user| user["type"] == "human");
    assert!(people.len() >= 60 && services.len() >= 20);
    let levels: BTreeSet<&str> =
        world.list("members").iter().map(|it| it["level"].as_str().unwrap()).collect();
    assert_eq!(
        levels.into_iter().collect::<Vec<_>>(),
        ["instance", "organization", "project", "project_grant"]
    );
    let states: BTreeSet<&str> = people.iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert_eq!(states.into_iter().collect::<Vec<_>>(), ["ACTIVE", "INACTIVE", "LOCKED"]);
}

#[test]
fn has_organizations_whose_owners_are_a_problem() {
    let owners = World::read().owners().values().map(|states| states.join(" ")).collect::<BTreeSet<String>>();
    assert!(owners.contains("ACTIVE"), "one with a single owner");
    assert!(owners.iter().any(|it| !it.is_empty() && !it.split(' ').any(|state| state == "ACTIVE")));
    assert!(owners.iter().any(|it| it.contains("ACTIVE ACTIVE INACTIVE")), "an inactive owner beside others");
}

#[test]
fn has_instance_managers_who_should_not_be() {
    let world = World::read();
    let managers: Vec<&Value> = world.list("members").iter().filter(|it| it["level"] == "instance").collect();
    let outsider = |it: &&&Value| {
        let user = world.user(&it["user"]);
        user["type"] == "human" && user["organization"] != *world.default_organization()
    };
    assert!(managers.iter().filter(outsider).any(|it| has(it, "IAM_OWNER")));
    let several = |it: &&&Value| it["roles"].as_array().unwrap().len() > 1;
    assert!(managers.iter().filter(several).any(|it| has(it, "IAM_LOGIN_CLIENT")));
    assert!(managers.iter().any(|it| has(it, "IAM_SUPPORT_DESK")), "a role that only this instance knows");
}

#[test]
fn has_somebody_with_powers_in_several_organizations() {
    let world = World::read();
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for member in world.list("members").iter().filter(|it| it["level"] == "organization") {
        let place = member["organization"].as_str().unwrap();
        places.entry(member["user"].as_str().unwrap()).or_default().insert(place);
    }
    assert!(places.values().any(|places| places.len() >= 4));
}

#[test]
fn has_managers_who_hold_what_nobody_should() {
    let world = World::read();
    let managers: Vec<&Value> = world.list("members").iter().filter(|it| it["level"] == "instance").collect();
    let person = |it: &&&Value| world.user(&it["user"])["type"] == "human";
    assert!(
        managers.iter().filter(person).any(|it| has(it, "IAM_LOGIN_CLIENT")),
        "a login client is a person"
    );
    assert!(managers.iter().any(|it| it["roles"].as_array().unwrap().is_empty()), "one without any role");
    assert!(managers.iter().any(|it| has(it, "IAM_ADMIN_IMPERSONATOR")));
    assert!(world.list("members").iter().any(|it| has(it, "ORG_AUDITOR")), "a role that no server knows");
}

#[test]
fn has_managers_of_what_is_not_in_use() {
    let world = World::read();
    let idle = |list: &str| {
        let rows = world.list(list).iter().filter(|it| it["state"] == "INACTIVE");
        rows.map(|it| it["id"].clone()).collect::<Vec<Value>>()
    };
    let (organizations, grants) = (idle("organizations"), idle("project_grants"));
    let members = world.list("members");
    assert!(members.iter().any(|it| organizations.contains(&it["organization"])));
    assert!(members.iter().any(|it| grants.contains(&it["grant"])));
}

#[test]
fn has_a_power_that_was_given_lately_by_somebody_it_names() {
    let world = World::read();
    let recent: Vec<&Value> = world
        .list("members")
        .iter()
        .filter(|it| it["days_ago"].as_u64().is_some_and(|days| days < 30))
        .collect();
    let [member] = recent.as_slice() else { panic!("{recent:?}") };
    assert_eq!(world.user(&member["by"])["state"], "ACTIVE");
}

#[test]
fn has_owners_of_the_instance_at_home_with_and_without_applications() {
    let world = World::read();
    let owner = |it: &&Value| it["level"] == "instance" && has(it, "IAM_OWNER");
    let people = world.list("members").iter().filter(owner).map(|it| world.user(&it["user"]));
    let homes: BTreeSet<&str> = people
        .filter(|user| user["type"] == "human")
        .map(|user| user["organization"].as_str().unwrap())
        .collect();
    let project = |id: &Value| world.list("projects").iter().find(|it| it["id"] == *id).unwrap();
    let with: BTreeSet<&str> = world
        .list("applications")
        .iter()
        .map(|it| project(&it["project"])["organization"].as_str().unwrap())
        .collect();
    assert!(homes.iter().any(|home| with.contains(home)) && homes.iter().any(|home| !with.contains(home)));
}

#[test]
fn has_service_users_with_endless_many_and_good_keys() {
    let world = World::read();
    let wide = |user: &Value| {
        let mut own = world.list("members").iter().filter(|it| it["user"] == *user);
        own.any(|it| {
            it["roles"].as_array().unwrap().iter().any(|role| !role.as_str().unwrap().contains("_VIEWER"))
        })
    };
    let mut held: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
    for credential in world.list("credentials").iter().filter(|it| wide(&it["user"])) {
        assert_eq!(world.user(&credential["user"])["type"], "machine");
        let keys = held.entry(credential["user"].as_str().unwrap()).or_default();
        keys.push(credential["expires_in_days"].as_i64());
    }
    assert!(held.values().any(|keys| keys.len() == 1 && keys[0].is_none()), "a key that never ends");
    assert!(held.values().any(|keys| keys.len() > 3), "many keys");
    assert!(
        held.values().any(|keys| keys.len() < 3 && keys.iter().all(|end| end.is_some_and(|days| days > 0)))
    );
    assert!(held.values().flatten().any(|end| end.is_some_and(|days| days < 0)), "a key that has ended");
}

#[test]
fn has_names_that_are_hard_to_show() {
    let world = World::read();
    let names: Vec<&str> = world.list("users").iter().filter_map(|it| it["display_name"].as_str()).collect();
    for letters in ["ü", "春", "ليلى", "\u{1b}", "\u{202e}"] {
        assert!(names.iter().any(|name| name.contains(letters)), "{letters:?}");
    }
}

#[test]
fn starts_with_a_service_user_that_manages_nothing_yet() {
    let world = World::read();
    let bot = world.list("users").iter().find(|it| it["username"] == "deploy-bot").unwrap();
    assert_ne!(bot["organization"], *world.default_organization());
    assert!(world.list("members").iter().all(|it| it["user"] != bot["id"]));
    let demo = Demo::start(Options::default()).unwrap();
    assert!(demo.pats().contains_key("deploy-bot") && demo.pats().contains_key("zitui"));
    assert!(
        std::fs::read_to_string(demo.key_file())
            .unwrap()
            .contains(world.0["principals"]["zitui"].as_str().unwrap())
    );
}
