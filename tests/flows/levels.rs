//! Managers of all four levels, added, changed and removed through both APIs on every version, and checked with the
//! server itself.

use std::io::Write;
use std::time::Duration;

use rstest::rstest;
use zitui::config::profile::ApiChoice;
use zitui::demo::{Demo, Options, Version, World};

use crate::plain_http;
use crate::whole_loop::Person;

const GLOBEX: &str = "100000000000000002";
const INITECH: &str = "100000000000000003";
const BUILD_BOT: &str = "299999999999999999";
/// What only the v2 API is asked.
const WRITES_V2: [&str; 3] = ["CreateAdministrator", "UpdateAdministrator", "DeleteAdministrator"];

/// One level: how one gets to its managers from anywhere, and how the server lists them to anybody.
struct At {
    way: &'static [&'static str],
    crumbs: &'static str,
    owner: &'static str,
    path: &'static str,
    /// The organization that the server is asked in.
    organization: &'static str,
}

const LEVELS: [At; 4] = [
    At {
        way: &["g i"],
        crumbs: "Instance › Managers",
        owner: "IAM_OWNER",
        path: "/admin/v1/members/_search",
        organization: "",
    },
    At {
        way: &["g h g o", "/", "=globex", "enter enter"],
        crumbs: "Instance › Globex",
        owner: "ORG_OWNER",
        path: "/management/v1/orgs/me/members/_search",
        organization: GLOBEX,
    },
    At {
        way: &["g h g o", "/", "=globex", "enter enter", "tab tab", "/", "=portal", "enter enter"],
        crumbs: "Instance › Globex › Portal",
        owner: "PROJECT_OWNER",
        path: "/management/v1/projects/300000000000000002/members/_search",
        organization: GLOBEX,
    },
    At {
        way: &[
            "g h g o",
            "/",
            "=globex",
            "enter enter",
            "tab tab",
            "/",
            "=portal",
            "enter enter",
            "tab enter",
        ],
        crumbs: "Instance › Globex › Portal › → Initech",
        owner: "PROJECT_GRANT_OWNER",
        path: "/management/v1/projects/300000000000000002/grants/400000000000000001/members/_search",
        organization: GLOBEX,
    },
];

/// The way to the same grant from the organization that received it.
const RECEIVED: &[&str] = &["g h g o", "/", "=initech", "enter enter", "shift-tab enter"];

fn demo(version: Version) -> Demo {
    let world = World::from_json(include_str!("../recordings/world.json")).unwrap();
    let demo = Demo::start(Options { version, world, list_delay: Duration::ZERO, ..Options::default() });
    let demo = demo.expect("a demo");
    demo.add_service_user(INITECH, BUILD_BOT, "build-bot", "Build Bot").expect("a service user");
    demo
}

/// Presses the keys of a way; what begins with `=` is typed.
async fn go(person: &mut Person, way: &[&str]) {
    for keys in way {
        match keys.strip_prefix('=') {
            Some(text) => person.type_text(text).await,
            None => person.press(keys).await,
        };
    }
}

/// The roles of the service user on a level as the server lists them; none if it is no manager there.
fn roles(demo: &Demo, at: &At) -> Option<Vec<String>> {
    let answer = plain_http::post(demo.url(), at.path, &demo.pats()["zitui"], at.organization, "{}");
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let rows = answer["result"].as_array().cloned().unwrap_or_default();
    let row = rows.into_iter().find(|row| row["userId"] == BUILD_BOT)?;
    let roles = row["roles"].as_array().cloned().unwrap_or_default();
    Some(roles.iter().map(|role| role.as_str().expect("a role").to_owned()).collect())
}

#[rstest]
#[case::oldest(Version::V2_68, ApiChoice::V1)]
#[case::first_of_4(Version::V4_3, ApiChoice::V1)]
#[case::newest(Version::V4_15, ApiChoice::V1)]
#[case::newest_through_v2(Version::V4_15, ApiChoice::V2)]
#[tokio::test]
async fn a_manager_comes_changes_and_goes_on_every_level(#[case] version: Version, #[case] api: ApiChoice) {
    let demo = demo(version);
    let mut person = Person::through(api, demo.url(), demo.key_file());
    person.settle().await.sees("signed in");
    for at in &LEVELS {
        go(&mut person, at.way).await;
        person.sees(at.crumbs).does_not_see("build-bot");
        person.press("a").await.sees(&at.crumbs.replace(" › Managers", "")).sees("Add manager");
        person.type_text("build").await.sees("build-bot");
        person.press("enter enter enter").await.sees("Done: Build Bot is").sees(at.crumbs);
        assert_eq!(roles(&demo, at), Some(vec![at.owner.to_owned()]), "added on {}", at.crumbs);

        person.press("e j space").await.sees("+1 −0");
        person.press("enter enter").await.sees("Done: Build Bot is").sees(at.crumbs);
        let changed = roles(&demo, at).expect("still a manager");
        assert!(changed.len() == 2 && changed[0] == at.owner, "changed on {}: {changed:?}", at.crumbs);

        remove(&mut person).await;
        person.sees("Build Bot is no manager").sees(at.crumbs);
        assert_eq!(roles(&demo, at), None, "removed on {}", at.crumbs);
    }
    let through_v2 = |request: &String| WRITES_V2.iter().any(|write| request.ends_with(write));
    let count = demo.requests().into_iter().filter(through_v2).count();
    assert_eq!(count, if api == ApiChoice::V2 { 3 * LEVELS.len() } else { 0 });
}

/// Removes the manager with the cursor, by its resource's name where a guard asks for it.
async fn remove(person: &mut Person) {
    person.press("d").await.sees("Remove Build Bot");
    let screen = person.screen();
    let asked = screen.lines().find_map(|line| line.split_once("Type ")?.1.split_once(" or its id"));
    if let Some((name, _)) = asked {
        person.type_text(name).await;
    }
    person.press("enter").await;
}

async fn signed_in_as(demo: &Demo, login_name: &str) -> (Person, tempfile::NamedTempFile) {
    let mut key_file = tempfile::NamedTempFile::new().expect("a file");
    key_file.write_all(demo.issue_key(login_name).expect("a key").as_bytes()).expect("a key file");
    let mut person = Person::at(demo.url(), key_file.path());
    person.settle().await.sees("signed in");
    (person, key_file)
}

#[rstest]
#[case::oldest(Version::V2_68, true)]
#[case::first_of_4(Version::V4_3, false)]
#[case::newest(Version::V4_15, false)]
#[tokio::test]
async fn since_4_0_the_owner_of_a_project_sees_but_cannot_change_the_managers_of_its_grants(
    #[case] version: Version,
    #[case] may: bool,
) {
    let demo = demo(version);
    let (mut person, _key_file) = signed_in_as(&demo, "globex-admin").await;
    go(&mut person, LEVELS[3].way).await;
    person.sees(LEVELS[3].crumbs).sees("PROJECT_GRANT_OWNER");
    let before = demo.requests().len();
    person.press("a").await;
    if may {
        person.sees("Add manager");
    } else {
        person.sees("managed by the granted organization Initech").does_not_see("2 User");
        assert_eq!(demo.requests().len(), before, "told without asking the server");
    }
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_15)]
#[tokio::test]
async fn who_manages_a_grant_changes_its_managers(#[case] version: Version) {
    let demo = demo(version);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    go(&mut person, RECEIVED).await;
    person.sees("Instance › Globex › Portal › → Initech").sees("PROJECT_GRANT_OWNER");
    person.press("a").await.type_text("build").await.press("enter enter enter").await;
    person.sees("Done: Build Bot is PROJECT_GRANT_OWNER");
    assert_eq!(roles(&demo, &LEVELS[3]), Some(vec!["PROJECT_GRANT_OWNER".to_owned()]));
}

#[tokio::test]
async fn who_may_not_read_the_managers_of_the_instance_is_told_which_permission_lacks() {
    let demo = demo(Version::V4_15);
    let (mut person, _key_file) = signed_in_as(&demo, "globex-admin").await;
    person.press("g i").await.sees("iam.member.read").does_not_see("Nobody manages");
}

#[tokio::test]
async fn the_default_organization_offers_other_project_roles() {
    let demo = demo(Version::V4_15);
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    go(&mut person, &["g h g o", "/", "=acme", "enter enter", "tab tab", "enter c"]).await;
    assert!(offers(&person, "PROJECT_OWNER_GLOBAL") && !offers(&person, "PROJECT_OWNER"));
    go(&mut person, LEVELS[2].way).await;
    person.press("c").await;
    assert!(offers(&person, "PROJECT_OWNER_GLOBAL") && offers(&person, "PROJECT_OWNER"));
}

/// Whether the role cards on the screen say that the server offers a role.
fn offers(person: &Person, role: &str) -> bool {
    let screen = person.screen();
    let line = screen.lines().find(|line| line.contains(&format!(" {role} "))).expect("a role");
    !line.contains("not offered")
}
