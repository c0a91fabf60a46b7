//! Changing managers: what is sent, and what is asked first.

use super::*;

#[test]
fn boxes_are_filled_from_a_fresh_reading_and_unknown_roles_are_kept() {
    let mut desk = on_globex();
    let globex = desk.world.named("Globex").clone();
    let gus = desk.world.users[3].clone();
    let fresh = manager(&gus, &globex, &["CUSTOM_AUDITOR", "ORG_USER_MANAGER"]);
    desk.world
        .managers
        .get_mut(&crate::domain::level::Resource::Organization(globex.id.clone()))
        .expect("managers")[2] = fresh;
    desk.press("j j e").answer();
    let Some(Screen::ChangeRoles(screen)) = desk.app.top() else { panic!("the roles") };
    assert_eq!(screen.roles.marked, [Role::new("CUSTOM_AUDITOR"), Role::new("ORG_USER_MANAGER")]);
    assert_eq!(screen.roles.roles().last(), Some(&Role::new("CUSTOM_AUDITOR")));
    desk.press("space enter").answer().press("enter");
    let (_, change) = &desk.writes[0];
    let roles = ["CUSTOM_AUDITOR", "ORG_USER_MANAGER", "ORG_OWNER"].map(Role::new);
    assert_eq!(change.after, roles, "kept in their order, the new one behind");
}

#[test]
fn nothing_changed_sends_nothing_and_says_so() {
    let mut desk = on_globex();
    desk.press("e").answer().press("space space enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::ChangeRoles(_))));
    assert!(desk.writes.is_empty());
    assert!(desk.said().contains("nothing is sent"));
}

#[test]
fn taking_every_mark_away_is_a_removal() {
    let mut desk = on_globex();
    desk.press("e").answer().press("j j space enter").answer().press("y");
    assert_eq!(desk.writes[0].1.kind(), ChangeKind::Remove);
}

#[test]
fn a_removal_is_shown_and_confirmed_first() {
    let mut desk = on_globex();
    desk.press("d").answer();
    assert!(desk.writes.is_empty());
    desk.press("enter").write().answer();
    let Some(Screen::Organization(screen)) = desk.app.top() else { panic!("the organization") };
    assert_eq!(screen.managers.list.rows().len(), 2);
}

#[rstest]
#[case::a_wrong_name("globex", 0)]
#[case::the_name("Globex", 1)]
#[case::the_id("100000000000000003", 1)]
fn the_last_owner_who_can_sign_in_goes_only_after_the_name_was_typed(
    #[case] typed: &str,
    #[case] writes: usize,
) {
    let mut desk = on_globex();
    desk.press("j d").answer().press("enter");
    assert!(desk.writes.is_empty());
    desk.type_text(typed).press("enter");
    assert_eq!(desk.writes.len(), writes);
}

#[test]
fn nothing_is_applied_while_the_guards_are_still_reading() {
    let mut desk = on_globex();
    desk.press("j d enter y");
    assert!(desk.writes.is_empty());
}

#[test]
fn an_owner_is_not_taken_unseen_where_the_managers_cannot_be_read() {
    let mut desk = on_globex();
    desk.world.problems.insert(Slot::PlanManagers(0), network());
    desk.press("j d").answer().press("enter");
    assert!(desk.writes.is_empty());
    desk.type_text("Globex").press("enter");
    assert_eq!(desk.writes.len(), 1);
}

#[test]
fn a_protected_profile_asks_for_the_name_on_every_write() {
    let mut world = World::new();
    world.profile.protected = true;
    let mut desk = Desk::signed_in(world);
    desk.press("enter").answer().press("a").answer().press("enter").answer().press("enter").answer();
    desk.press("enter");
    assert!(desk.writes.is_empty());
    desk.type_text("Acme").press("enter");
    assert_eq!(desk.writes.len(), 1);
}

#[test]
fn a_read_only_profile_writes_nothing_on_any_path_and_says_why() {
    let mut world = World::new();
    world.profile.read_only = true;
    for keys in ["a", "enter a", "enter e", "enter enter", "enter d", "enter tab a", "g u a", "g u enter a"] {
        let mut desk = Desk::signed_in(world.clone());
        desk.press("enter").answer();
        for key in keys.split(' ') {
            desk.press(key).answer();
        }
        assert!(desk.said().contains("the profile prod is read-only"), "{keys}: {}", desk.said());
        desk.press("enter enter y").answer();
        assert!(desk.writes.is_empty(), "{keys}");
    }
}

#[test]
fn what_one_may_not_do_is_explained_when_pressed() {
    let mut desk = Desk::signed_in(World::lacking(Slot::Roles, "org.member.write"));
    desk.press("enter").answer().press("enter").answer().press("a");
    assert!(matches!(desk.app.top(), Some(Screen::Organization(_))));
    for part in ["needs org.member.write", "ORG_OWNER", "yours: IAM_USER_MANAGER"] {
        assert!(desk.said().contains(part), "{}", desk.said());
    }
}

#[test]
fn several_users_are_added_at_once_each_with_a_result_of_its_own() {
    let mut desk = on_globex();
    desk.press("a").answer().press("tab space space enter").answer().press("enter").answer().press("enter");
    assert_eq!(desk.writes.len(), 2);
    let (first, _) = desk.writes.remove(0);
    desk.handle(Event::Applied(first, Box::new(Outcome::Failed(network()))));
    desk.write().answer();
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("the review stays") };
    assert!(review.has_ended());
    desk.press("r").answer().press("enter");
    assert_eq!(desk.writes.len(), 1, "only what failed is tried again");
}

#[test]
fn roles_that_are_held_already_are_kept_when_adding() {
    let mut desk = on_globex();
    desk.press("a").answer().type_text("depot").answer().press("enter").answer().press("enter").answer();
    desk.press("enter");
    let (_, change) = &desk.writes[0];
    assert_eq!(change.before, Some(vec![Role::new("ORG_OWNER_VIEWER")]));
    assert_eq!(change.after, ["ORG_OWNER_VIEWER", "ORG_OWNER"].map(Role::new));
}

#[test]
fn an_impatient_enter_on_the_roles_waits_for_the_managers() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer().press("a");
    desk.answer_one(Slot::UserNames).answer_one(Slot::Roles).press("enter enter");
    assert!(matches!(desk.app.top(), Some(Screen::AddManager(_))));
    desk.answer();
    assert!(matches!(desk.app.top(), Some(Screen::Review(_))));
    assert!(desk.writes.is_empty());
}

#[test]
fn the_scope_of_the_users_can_be_narrowed() {
    let mut desk = on_globex();
    desk.press("a").answer().press("ctrl-o").answer();
    let Some(Screen::AddManager(screen)) = desk.app.top() else { panic!("the stepper") };
    assert_eq!(screen.candidates.listing.rows().len(), 2);
    desk.press("ctrl-o").answer();
    let Some(Screen::AddManager(screen)) = desk.app.top() else { panic!("the stepper") };
    assert_eq!(screen.candidates.listing.rows().len(), 7);
}

#[test]
fn a_user_can_be_made_manager_from_the_list_of_users() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("u").answer().press("j j j j a").answer().type_text("umb").answer();
    desk.press("enter").answer().press("enter").answer().press("enter").write().answer();
    assert_eq!(desk.crumbs(), "Instance › Umbrella");
}
