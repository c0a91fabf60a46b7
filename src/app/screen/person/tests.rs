//! What a person does on the sheet of a user, from key press to effect.

use rstest::rstest;

use super::{Line, Person};
use crate::app::effect::{Request, Slot};
use crate::app::screen::Screen;
use crate::app::testing::{Desk, World, manager};
use crate::domain::change::ChangeKind;
use crate::domain::inventory::{GrantedOn, RoleGrant};
use crate::domain::level::Resource;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;

fn screen(desk: &Desk) -> &Person {
    let Some(Screen::Person(screen)) = desk.app.top() else { panic!("a person, not {:?}", desk.app.top()) };
    screen
}

/// The lines of the tree: resources, and roles with who gave them.
fn lines(desk: &Desk) -> Vec<String> {
    let line = |line: &Line| match line {
        Line::Resource(node) => format!("{}{}", ">".repeat(node.depth), node.name),
        Line::Role { depth, role, given, .. } => {
            let by = given.as_ref().map(|given| format!(" by {}", given.by)).unwrap_or_default();
            format!("{}{role}{by}", ">".repeat(*depth))
        }
    };
    screen(desk).lines().iter().map(line).collect()
}

/// A world in which Gus manages two organizations.
fn world() -> World {
    let mut world = World::new();
    let acme = world.named("Acme").clone();
    let gus = manager(&world.users[3], &acme, &["ORG_OWNER_VIEWER"]);
    world.managers.entry(Resource::Organization(acme.id)).or_default().push(gus);
    world
}

fn on_gus(world: World) -> Desk {
    let mut desk = Desk::signed_in(world);
    desk.press("g u").answer().press("j j j enter").answer();
    desk
}

fn event(world: &World, roles: &[&str], by: &str) -> RoleGrant {
    let globex = Resource::Organization(world.named("Globex").id.clone());
    RoleGrant {
        resource: GrantedOn::of(&globex),
        user: world.users[3].id.clone(),
        roles: Some(roles.iter().map(|role| Role::new(*role)).collect()),
        time: "2026-05-11T17:05:00Z".parse().expect("a time"),
        editor: by.into(),
        editor_id: "9".into(),
    }
}

#[test]
fn everything_managed_is_a_tree_with_who_gave_each_role() {
    let mut world = world();
    world.events = Ok(vec![
        event(&world, &["ORG_OWNER", "ORG_USER_MANAGER", "CUSTOM_AUDITOR"], "Rita"),
        event(&world, &["ORG_OWNER"], "Gina"),
    ]);
    assert_eq!(
        lines(&on_gus(world)),
        [
            "ZITADEL",
            ">Acme",
            ">>ORG_OWNER_VIEWER",
            ">Globex",
            ">>ORG_OWNER by Gina",
            ">>ORG_USER_MANAGER by Rita",
            ">>CUSTOM_AUDITOR by Rita",
        ]
    );
}

#[test]
fn a_user_of_a_row_is_read_as_a_whole() {
    let mut desk = Desk::signed_in(world());
    desk.press("g a").answer().press("/").type_text("gus org:globex").press("enter enter").answer();
    assert!(screen(&desk).user.value().is_some());
    assert_eq!(desk.crumbs(), "Instance › All managers › Gus Locked");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_shown() {
    let mut world = world();
    let refused = Problem::new(ProblemKind::PermissionMissing, "Cannot read events", "no permission", "");
    world.events = Err(refused.clone());
    let desk = on_gus(world.clone());
    assert_eq!(lines(&desk).len(), 7);
    world.problems.insert(Slot::Person, refused);
    let desk = on_gus(world);
    assert!(screen(&desk).sheet.problem().is_some());
}

#[test]
fn one_membership_is_removed_and_the_sheet_shows_it() {
    let mut desk = on_gus(world());
    desk.press("j j d").answer();
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("a review") };
    assert_eq!(review.items.len(), 1);
    assert_eq!(review.items[0].change.resource_name.as_str(), "Acme");
    desk.press("enter").write().answer();
    assert_eq!(desk.crumbs(), "Instance › Gus Locked");
    assert_eq!(lines(&desk)[1], ">Globex");
}

#[test]
fn roles_are_changed_where_the_cursor_is() {
    let mut desk = on_gus(world());
    desk.press("G e").answer();
    let Some(Screen::ChangeRoles(screen)) = desk.app.top() else { panic!("the roles") };
    assert_eq!(screen.on.name.as_str(), "Globex");
}

#[rstest]
#[case::roles("e")]
#[case::removal("d")]
fn a_resource_on_the_way_holds_nothing_to_change(#[case] key: &str) {
    let mut desk = on_gus(world());
    desk.press(key);
    assert!(desk.said().contains("holds no role on the line with the cursor"), "{}", desk.said());
}

#[test]
fn adding_begins_with_the_resource_and_this_user() {
    let mut desk = on_gus(world());
    desk.press("a").answer();
    let Some(Screen::AddManager(stepper)) = desk.app.top() else { panic!("the stepper") };
    assert_eq!(stepper.users.len(), 1);
    assert!(desk.history.iter().any(|request| matches!(request, Request::Organizations(_))));
}

#[test]
fn removing_all_is_one_review_with_every_line() {
    let mut desk = on_gus(world());
    desk.press("D").answer();
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("a review") };
    assert!(review.items.iter().all(|item| item.change.kind() == ChangeKind::Remove));
    assert_eq!(review.items.len(), 2);
    desk.press("enter").write().press("enter").answer();
    assert_eq!(desk.crumbs(), "Instance › Gus Locked");
    assert!(lines(&desk).is_empty());
    let read = desk.history.iter().filter(|request| matches!(request, Request::Person(_))).count();
    assert_eq!(read, 2, "once at first and once for all changes");
}
