//! Plans of several lines: the guards over all of them, the basket, the order of sending, and leaving.

use super::*;
use crate::app::screen::review::Review;
use crate::domain::change::Change;
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;

fn role(key: &str) -> Role {
    Role::new(key)
}

fn change(desk: &Desk, user: usize, on: &str, before: Option<&[&str]>, after: &[&str]) -> Change {
    let roles = |keys: &[&str]| keys.iter().map(|key| role(key)).collect::<Vec<_>>();
    let organization = desk.world.named(on);
    Change {
        resource: Resource::Organization(organization.id.clone()),
        resource_name: organization.name.clone(),
        user: ManagerUser::from(&desk.world.users[user - 1]),
        before: before.map(roles),
        after: roles(after),
    }
}

/// A desk on the review of these changes, through the basket.
fn reviewing(mut desk: Desk, changes: Vec<Change>) -> Desk {
    for change in changes {
        desk.app.choose_for_test(change);
    }
    desk.press("b enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::Review(_))));
    desk
}

fn review(desk: &Desk) -> &Review {
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("the review, not {:?}", desk.app.top()) };
    review
}

fn sent(desk: &Desk) -> Vec<(String, String)> {
    let name = |change: &Change| (change.user.title().to_string(), change.resource_name.to_string());
    desk.writes.iter().map(|(_, change)| name(change)).collect()
}

/// Globex with two owners who can sign in, and nobody else.
fn two_owners() -> Desk {
    let mut desk = Desk::signed_in(World::new());
    let globex = desk.world.named("Globex").clone();
    let owners = [2, 6].map(|number: usize| manager(&desk.world.users[number - 1], &globex, &["ORG_OWNER"]));
    desk.world.managers.insert(Resource::Organization(globex.id), owners.to_vec());
    desk
}

#[test]
fn two_harmless_removals_that_together_lock_out_are_refused_until_the_name_is_typed() {
    let desk = two_owners();
    let owner: &[&str] = &["ORG_OWNER"];
    let changes =
        vec![change(&desk, 2, "Globex", Some(owner), &[]), change(&desk, 6, "Globex", Some(owner), &[])];
    let alone = reviewing(two_owners(), changes[..1].to_vec());
    assert_eq!(alone.app.place(), place::REVIEW);
    let mut desk = reviewing(desk, changes);
    desk.press("enter");
    assert_eq!(desk.app.place(), place::REVIEW_NAME);
    assert!(desk.writes.is_empty(), "{}", desk.said());
    desk.type_text("Globex").press("enter");
    assert_eq!(desk.writes.len(), 2);
}

#[test]
fn marked_managers_are_removed_together_and_judged_together() {
    let mut desk = two_owners();
    desk.press("o").answer().press("j j enter").answer().press("space space d").answer().press("enter");
    assert!(desk.writes.is_empty());
    assert_eq!(review(&desk).items.len(), 2);
    desk.type_text("Globex").press("enter");
    assert_eq!(desk.writes.len(), 2);
}

#[test]
fn an_owner_that_comes_is_sent_before_the_one_that_goes() {
    let desk = Desk::signed_in(World::new());
    let changes = vec![
        change(&desk, 2, "Acme", Some(&["ORG_OWNER"]), &[]),
        change(&desk, 5, "Acme", None, &["ORG_OWNER"]),
    ];
    let mut desk = reviewing(desk, changes);
    desk.press("enter");
    assert_eq!(sent(&desk), [("Deploy Bot".to_owned(), "Acme".to_owned())]);
    desk.write();
    assert_eq!(sent(&desk), [("Root Admin".to_owned(), "Acme".to_owned())]);
    desk.write().answer();
    assert!(desk.app.shared().basket.is_empty());
}

#[test]
fn an_owner_does_not_go_once_the_one_that_should_come_failed() {
    let desk = Desk::signed_in(World::new());
    let changes = vec![
        change(&desk, 2, "Acme", Some(&["ORG_OWNER"]), &[]),
        change(&desk, 5, "Acme", None, &["ORG_OWNER"]),
        change(&desk, 6, "Umbrella", None, &["ORG_OWNER_VIEWER"]),
    ];
    let mut desk = reviewing(desk, changes);
    desk.press("enter");
    assert_eq!(desk.writes.len(), 2, "the other organization does not wait");
    let at = desk.writes.iter().position(|(_, change)| change.resource_name.as_str() == "Acme").expect("it");
    let (sequence, _) = desk.writes.remove(at);
    desk.handle(Event::Applied(sequence, Box::new(Outcome::Failed(network()))));
    assert_eq!(sent(&desk), [("Depot Watcher".to_owned(), "Umbrella".to_owned())]);
    desk.write().answer();
    assert!(review(&desk).has_ended());
    assert_eq!(desk.app.shared().basket.len(), 2, "what came to nothing stays in the basket");
    desk.press("r").answer().press("enter");
    assert_eq!(sent(&desk), [("Deploy Bot".to_owned(), "Acme".to_owned())]);
}

#[test]
fn what_takes_the_own_power_is_sent_last_of_all() {
    let mut world = World::new();
    let own = world.users[0].clone();
    let acme = world.named("Acme").clone();
    world.managers.entry(Resource::Organization(acme.id.clone())).or_default().push(manager(
        &own,
        &acme,
        &["ORG_OWNER"],
    ));
    let desk = Desk::signed_in(world);
    let changes = vec![
        change(&desk, 1, "Acme", Some(&["ORG_OWNER"]), &[]),
        change(&desk, 5, "Umbrella", None, &["ORG_OWNER_VIEWER"]),
    ];
    let mut desk = reviewing(desk, changes);
    desk.press("enter");
    assert_eq!(sent(&desk), [("Deploy Bot".to_owned(), "Umbrella".to_owned())]);
    desk.write();
    assert_eq!(sent(&desk), [("zitui service".to_owned(), "Acme".to_owned())]);
}

#[test]
fn taking_the_own_power_on_two_levels_at_once_is_refused() {
    let mut world = World::new();
    let own = world.users[0].clone();
    let umbrella = world.named("Umbrella").clone();
    let on_umbrella = Resource::Organization(umbrella.id.clone());
    world.managers.insert(
        on_umbrella,
        vec![manager(&own, &umbrella, &["ORG_OWNER"]), manager(&world.users[1], &umbrella, &["ORG_OWNER"])],
    );
    let on_instance = |user| crate::domain::manager::Manager {
        resource: Resource::Instance,
        ..manager(user, &umbrella, &["IAM_OWNER"])
    };
    let owners = vec![on_instance(&own), on_instance(&world.users[1])];
    world.managers.insert(Resource::Instance, owners);
    let desk = Desk::signed_in(world);
    let on_umbrella = change(&desk, 1, "Umbrella", Some(&["ORG_OWNER"]), &[]);
    let on_instance = Change {
        resource: Resource::Instance,
        resource_name: "ZITADEL".into(),
        ..change(&desk, 1, "Umbrella", Some(&["IAM_OWNER"]), &[])
    };
    let alone = reviewing(Desk::signed_in(desk.world.clone()), vec![on_umbrella.clone()]);
    assert_eq!(alone.app.place(), place::REVIEW, "the instance role still allows it");
    let mut both = reviewing(desk, vec![on_umbrella, on_instance]);
    let refused = review(&both).warnings(both.app.shared());
    assert!(refused.iter().all(|warnings| warnings.iter().any(|one| one.refuses())), "{refused:?}");
    both.type_text("Umbrella").press("enter");
    assert!(both.writes.is_empty(), "two resources are concerned, so the profile's name is asked for");
    both.press("ctrl-u").type_text("prod").press("enter");
    assert_eq!(both.writes.len(), 2);
}

#[rstest]
#[case::inactive(UserState::Inactive)]
#[case::locked(UserState::Locked)]
#[case::deleted(UserState::Deleted)]
fn an_owner_who_cannot_sign_in_is_no_owner(#[case] state: UserState) {
    let mut desk = two_owners();
    if state == UserState::Deleted {
        desk.world.users.remove(5);
    } else {
        desk.world.users[5].state = state;
    }
    desk.press("o").answer().press("j j enter").answer().press("d").answer();
    let goes = review(&desk).items[0].change.user.title();
    assert_eq!(goes.as_str(), "Root Admin");
    assert_eq!(desk.app.place(), place::REVIEW_NAME);
}

#[test]
fn more_than_ten_changes_ask_for_the_name() {
    let mut world = World::new();
    let home = world.named("Acme").clone();
    for number in 20..31 {
        world.users.push(user(number, &format!("U{number}"), UserKind::Human, UserState::Active, &home));
    }
    let desk = Desk::signed_in(world);
    let add = |number| change(&desk, number, "Umbrella", None, &["ORG_OWNER_VIEWER"]);
    let changes: Vec<Change> = (8..19).map(add).collect();
    let mut desk = reviewing(desk, changes);
    desk.press("enter");
    assert!(desk.writes.is_empty());
    desk.type_text("Umbrella").press("enter");
    assert_eq!(desk.writes.len(), 11);
}

#[test]
fn a_duplicate_add_is_told_and_decided_by_the_operator() {
    let desk = Desk::signed_in(World::new());
    let changes = vec![
        change(&desk, 3, "Globex", None, &["ORG_OWNER"]),
        change(&desk, 6, "Globex", None, &["ORG_OWNER"]),
    ];
    let mut desk = reviewing(desk, changes);
    let kinds: Vec<ChangeKind> = review(&desk).items.iter().map(|item| item.change.kind()).collect();
    assert_eq!(kinds, [ChangeKind::Nothing, ChangeKind::ChangeRoles]);
    assert_eq!(review(&desk).items[1].change.after, [role("ORG_OWNER_VIEWER"), role("ORG_OWNER")]);
    desk.press("j space enter");
    assert!(desk.writes.is_empty(), "left out, and nothing else is left");
    desk.press("space enter");
    assert_eq!(sent(&desk), [("Depot Watcher".to_owned(), "Globex".to_owned())]);
}

#[test]
fn a_role_that_somebody_took_meanwhile_does_not_come_back() {
    let mut desk = Desk::signed_in(World::new());
    let stale = change(
        &desk,
        6,
        "Globex",
        Some(&["ORG_OWNER_VIEWER", "ORG_USER_MANAGER"]),
        &["ORG_OWNER_VIEWER", "ORG_USER_MANAGER", "ORG_OWNER"],
    );
    desk = reviewing(desk, vec![stale]);
    assert_eq!(review(&desk).items[0].change.after, [role("ORG_OWNER_VIEWER"), role("ORG_OWNER")]);
}

#[test]
fn several_users_get_roles_on_several_organizations_and_the_basket_holds_them_meanwhile() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("u").answer().press("j j j j space space a").answer();
    desk.press("tab j j j space space enter").answer().press("space j j space enter").answer();
    assert_eq!(review(&desk).items.len(), 4);
    assert_eq!(review(&desk).resources().len(), 2);
    desk.press("b").answer();
    assert_eq!(desk.crumbs(), "Instance › Users");
    assert!(desk.writes.is_empty());
    assert_eq!(desk.app.shared().basket.len(), 4);
    desk.press("b d enter").answer().press("enter");
    assert_eq!(desk.writes.len(), 3);
    desk.write().answer();
    assert!(desk.app.shared().basket.is_empty());
    assert!(desk.said().contains("All 3 changes on 2 resources"), "{}", desk.said());
}

#[test]
fn leaving_with_a_filled_basket_asks_and_the_second_ctrl_c_leaves() {
    let desk = Desk::signed_in(World::new());
    let line = change(&desk, 5, "Acme", None, &["ORG_OWNER"]);
    let with_line = || {
        let mut desk = Desk::signed_in(World::new());
        desk.app.choose_for_test(line.clone());
        desk
    };
    for (keys, leaves) in [("q", false), ("q x", true), ("ctrl-c ctrl-c", true), ("q esc", false)] {
        let mut desk = with_line();
        desk.press(keys);
        assert_eq!(desk.others.contains(&Effect::Quit), leaves, "{keys}");
        assert_eq!(desk.app.shared().basket.len(), 1);
    }
    let mut desk = with_line();
    desk.press("q enter");
    assert!(matches!(desk.app.top(), Some(Screen::Basket(_))));
}

#[test]
fn lines_that_were_not_sent_are_kept_when_the_review_is_left() {
    let desk = Desk::signed_in(World::new());
    let changes = vec![
        change(&desk, 2, "Acme", Some(&["ORG_OWNER"]), &[]),
        change(&desk, 5, "Acme", None, &["ORG_OWNER"]),
    ];
    let mut desk = reviewing(desk, changes);
    desk.press("enter").press("esc");
    desk.write().answer();
    assert!(desk.writes.is_empty());
    let left: Vec<_> =
        desk.app.shared().basket.lines().iter().map(|line| line.change.user.title().to_string()).collect();
    assert!(left.contains(&"Root Admin".to_owned()), "{left:?}");
}

#[test]
fn pasted_users_are_found_or_explained_and_the_found_are_marked_once() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("u").answer();
    let pasted = "deploy-bot\n200000000000000005; nobody@nowhere, gina-glob".to_owned();
    desk.handle(Event::Paste(pasted)).answer();
    let Some(Screen::Pasted(screen)) = desk.app.top() else { panic!("what was pasted") };
    assert_eq!(screen.lines.len(), 4);
    assert_eq!(screen.found().len(), 2);
    desk.press("enter").answer();
    let Some(Screen::Users(screen)) = desk.app.top() else { panic!("the users") };
    assert_eq!(screen.marked.len(), 2);
    desk.press("a").answer().type_text("umb").answer().press("enter").answer().press("enter").answer();
    assert_eq!(review(&desk).items.len(), 2);
}
