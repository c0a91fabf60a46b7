//! What a person does at the desk on the four levels: browsing to them, changing their managers, reading role cards.

use rstest::rstest;

use crate::app::effect::{Effect, Request};
use crate::app::screen::Screen;
use crate::app::testing::{Desk, World, user};
use crate::domain::change::ChangeKind;
use crate::domain::level::{Level, Resource};
use crate::domain::manager::Membership;
use crate::domain::role::Role;
use crate::domain::user::{UserKind, UserState};

/// The ways from the menu to the managers of each level, and what the breadcrumb says there.
const INSTANCE: (&str, &str) = ("g i", "Instance › Managers");
const ORGANIZATION: (&str, &str) = ("o j j enter", "Instance › Globex");
const PROJECT: (&str, &str) = ("o j j enter tab tab j enter", "Instance › Globex › Portal");
const GIVEN: (&str, &str) =
    ("o j j enter tab tab j enter tab enter", "Instance › Globex › Portal › → Initech");
const RECEIVED: (&str, &str) = ("o j j enter shift-tab enter", "Instance › Initech › Shop › → Globex");

fn steps(world: World, keys: &str) -> Desk {
    let mut desk = Desk::signed_in(world);
    press(&mut desk, keys);
    desk
}

fn press(desk: &mut Desk, keys: &str) {
    for key in keys.split_whitespace() {
        desk.press(key).answer();
    }
}

/// The resource whose managers are shown.
fn shown(desk: &Desk) -> Resource {
    let managers = desk.app.top().and_then(|screen| screen.behaviour().managers()).expect("managers");
    managers.on.resource.clone()
}

fn roles_of(desk: &Desk, login: &str) -> Option<Vec<String>> {
    let rows = desk.world.managers.get(&shown(desk)).into_iter().flatten();
    let mut found = rows.filter(|row| row.user.login_name.as_str() == login);
    found.next().map(|row| row.roles.iter().map(|role| role.key().to_owned()).collect())
}

#[rstest]
#[case::instance(INSTANCE, Level::Instance)]
#[case::organization(ORGANIZATION, Level::Organization)]
#[case::project(PROJECT, Level::Project)]
#[case::grant_given(GIVEN, Level::ProjectGrant)]
#[case::grant_received(RECEIVED, Level::ProjectGrant)]
fn every_level_is_reached_and_named(#[case] (way, crumbs): (&str, &str), #[case] level: Level) {
    let desk = steps(World::new(), way);
    assert_eq!(desk.crumbs(), crumbs);
    assert_eq!(shown(&desk).level(), level);
    assert!(desk.history.contains(&Request::Managers(shown(&desk))));
}

#[rstest]
#[case::instance(INSTANCE, "IAM_OWNER")]
#[case::organization(ORGANIZATION, "ORG_OWNER")]
#[case::project(PROJECT, "PROJECT_OWNER")]
#[case::grant_given(GIVEN, "PROJECT_GRANT_OWNER")]
#[case::grant_received(RECEIVED, "PROJECT_GRANT_OWNER")]
fn a_manager_is_added_changed_and_removed_on_every_level(
    #[case] (way, crumbs): (&str, &str),
    #[case] owner: &str,
) {
    let mut desk = steps(World::new(), way);
    desk.press("a").answer().type_text("deploy").answer();
    assert!(desk.crumbs().ends_with("Add manager") && desk.crumbs().starts_with(crumbs_above(crumbs)));
    press(&mut desk, "enter enter");
    desk.press("enter").write().answer();
    assert_eq!(desk.crumbs(), crumbs, "back on the managers");
    assert_eq!(roles_of(&desk, "deploy-bot"), Some(vec![owner.to_owned()]));

    press(&mut desk, "e j space enter");
    desk.press("enter").write().answer();
    let after = roles_of(&desk, "deploy-bot").expect("still a manager");
    assert!(after.len() == 2 && after[0] == owner, "{after:?}");

    press(&mut desk, "d");
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("the review") };
    assert_eq!(review.items[0].change.kind(), ChangeKind::Remove);
    let name = review.items[0].change.resource_name.to_string();
    if desk.press("enter").writes.is_empty() {
        desk.type_text(&name).press("enter");
    }
    desk.write().answer();
    assert_eq!(roles_of(&desk, "deploy-bot"), None);
    assert_eq!(desk.crumbs(), crumbs);
}

fn crumbs_above(crumbs: &str) -> &str {
    crumbs.strip_suffix(" › Managers").unwrap_or(crumbs)
}

#[test]
fn a_role_that_the_server_does_not_offer_is_kept() {
    let mut desk = steps(World::new(), PROJECT.0);
    press(&mut desk, "e j space enter");
    desk.press("enter").write().answer();
    assert_eq!(
        roles_of(&desk, "gina-glob"),
        Some(["PROJECT_OWNER", "PROJECT_AUDITOR", "PROJECT_OWNER_VIEWER"].map(str::to_owned).to_vec())
    );
}

#[test]
fn unchanged_boxes_send_nothing_and_empty_ones_remove() {
    let mut desk = steps(World::new(), INSTANCE.0);
    press(&mut desk, "e enter");
    assert!(matches!(desk.app.top(), Some(Screen::ChangeRoles(_))) && desk.writes.is_empty());
    assert!(desk.said().contains("nothing is sent"));
    press(&mut desk, "space enter");
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("the review") };
    assert_eq!(review.items[0].change.kind(), ChangeKind::Remove);
}

/// The own user owns only Globex, which owns Portal, lent to Initech.
pub(crate) fn owner_of_globex(version_4: bool) -> World {
    let mut world = World::new();
    let globex = world.named("Globex").clone();
    world.facts.capabilities.administrators_v2 = version_4;
    world.facts.memberships = vec![Membership {
        level: Level::Organization,
        resource_id: globex.id.as_str().into(),
        resource_name: globex.name.clone(),
        organization: Some(globex.id.clone()),
        roles: vec![Role::new("ORG_OWNER")],
    }];
    let all = std::mem::take(&mut world.permissions);
    world.permissions_in.insert(globex.id, all.into_iter().filter(|one| !one.starts_with("iam")).collect());
    world
}

#[rstest]
#[case::own_organization(ORGANIZATION.0, true, None)]
#[case::own_project(PROJECT.0, true, None)]
#[case::given_grant_since_4_0(GIVEN.0, true, Some("managed by the granted organization Initech"))]
#[case::given_grant_before(GIVEN.0, false, None)]
#[case::received_grant(RECEIVED.0, true, None)]
#[case::instance("g i", true, Some("needs iam.member.write"))]
#[case::other_organization("o enter", true, Some("needs org.member.write"))]
fn what_cannot_be_changed_is_told_before_the_write(
    #[case] way: &str,
    #[case] version_4: bool,
    #[case] reason: Option<&str>,
) {
    let mut desk = steps(owner_of_globex(version_4), way);
    press(&mut desk, "a");
    let stays = !matches!(desk.app.top(), Some(Screen::AddManager(_)));
    assert_eq!(stays, reason.is_some(), "{}", desk.said());
    assert!(desk.said().contains(reason.unwrap_or_default()), "{}", desk.said());
}

#[test]
fn the_permissions_of_both_organizations_of_a_grant_are_asked() {
    let desk = steps(World::new(), GIVEN.0);
    let asked: Vec<_> = desk
        .history
        .iter()
        .filter_map(|request| if let Request::Permissions(id) = request { Some(id.clone()) } else { None })
        .collect();
    assert!(["Globex", "Initech"].iter().all(|name| asked.contains(&desk.world.named(name).id)), "{asked:?}");
}

#[rstest]
#[case::project("o j j enter tab tab j", "/projects/300000000000000002?org=100000000000000003")]
#[case::given_grant(
    "o j j enter tab tab j enter tab",
    "/projects/300000000000000002/projectgrants/400000000000000001?org=100000000000000003"
)]
#[case::received_grant(
    "o j j enter shift-tab",
    "/granted-projects/300000000000000003/grant/400000000000000002?org=100000000000000003"
)]
fn the_console_opens_where_the_row_is_managed(#[case] way: &str, #[case] path: &str) {
    let mut desk = steps(World::new(), way);
    desk.press("o");
    let opened = Effect::Open(format!("https://auth.example.com/ui/console{path}"));
    assert!(desk.others.contains(&opened), "{:?}", desk.others);
}

#[test]
fn projects_are_searched_by_the_server_and_grants_here() {
    let mut desk = steps(World::new(), "o j j enter tab tab");
    desk.press("/").type_text("port").answer();
    assert!(matches!(
        desk.history.last(),
        Some(Request::Projects { text, .. }) if text == "port"
    ));
    press(&mut desk, "enter enter tab / i n i t");
    let Some(Screen::Project(screen)) = desk.app.top() else { panic!("the project") };
    assert_eq!(screen.grants.rows().len(), 1);
    press(&mut desk, "x");
    let Some(Screen::Project(screen)) = desk.app.top() else { panic!("the project") };
    assert!(screen.grants.rows().is_empty());
}

#[test]
fn the_organization_of_a_grant_is_where_its_users_are_looked_for_first() {
    let mut desk = steps(World::new(), GIVEN.0);
    press(&mut desk, "a ctrl-o");
    let Some(Request::Users(query)) = desk.history.last() else { panic!("{:?}", desk.history.last()) };
    assert_eq!(query.organization.as_ref(), Some(&desk.world.named("Initech").id));
}

#[test]
fn two_role_cards_stand_side_by_side_and_a_third_takes_the_place_of_the_older() {
    let mut desk = steps(World::new(), "o j j enter j j c");
    let Some(Screen::RoleCards(cards)) = desk.app.top() else { panic!("the cards") };
    assert!(
        cards.is_held(&Role::new("CUSTOM_AUDITOR")) && cards.roles().contains(&Role::new("CUSTOM_AUDITOR"))
    );
    assert_eq!(cards.is_offered(&Role::new("CUSTOM_AUDITOR")), Some(false));
    press(&mut desk, "space j space j space");
    let Some(Screen::RoleCards(cards)) = desk.app.top() else { panic!("the cards") };
    assert_eq!(cards.shown_cards(), [cards.roles()[1].clone(), cards.roles()[2].clone()]);
    press(&mut desk, "esc esc");
    assert_eq!(desk.crumbs(), ORGANIZATION.1);
}

#[rstest]
#[case::adding("o a enter j", 1)]
#[case::changing("o j j enter e j", 1)]
fn role_cards_open_on_the_role_with_the_cursor_and_lose_no_mark(#[case] way: &str, #[case] at: usize) {
    let mut desk = steps(World::new(), way);
    press(&mut desk, "space c");
    let Some(Screen::RoleCards(cards)) = desk.app.top() else { panic!("the cards") };
    assert_eq!(cards.cursor.at, at);
    let focused = cards.focused().expect("a role");
    press(&mut desk, "esc");
    let marked = match desk.app.top() {
        Some(Screen::AddManager(screen)) => screen.roles.as_ref().map(|roles| roles.marked.clone()),
        Some(Screen::ChangeRoles(screen)) => Some(screen.roles.marked.clone()),
        other => panic!("{other:?}"),
    };
    assert!(marked.expect("roles").contains(&focused));
}

#[test]
fn a_change_far_from_the_managers_ends_on_them() {
    let mut world = World::new();
    let globex = world.named("Globex").clone();
    world.users.push(user(8, "Zoe New", UserKind::Human, UserState::Active, &globex));
    let mut desk = steps(world, "o j j enter tab tab j");
    desk.press("a").answer().type_text("zoe").answer();
    press(&mut desk, "enter enter");
    desk.press("enter").write().answer();
    assert_eq!(desk.crumbs(), PROJECT.1);
    assert_eq!(roles_of(&desk, "zoe-new"), Some(vec!["PROJECT_OWNER".to_owned()]));
}
