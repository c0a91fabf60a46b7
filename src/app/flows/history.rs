//! The history, undo, and switching profiles.

use super::*;
use crate::domain::id::UserId;
use crate::domain::journal::{JournalEntry, JournalOutcome};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::session::ProfileFacts;
use crate::domain::text::SafeText;

fn entry(world: &World, id: &str, before: Option<&[&str]>, after: &[&str]) -> JournalEntry {
    let roles = |keys: &[&str]| keys.iter().map(|key| Role::new(*key)).collect::<Vec<_>>();
    let globex = world.named("Globex");
    JournalEntry {
        id: SafeText::new(id),
        time: "2026-05-11T17:05:00Z".parse().expect("a time"),
        profile: "prod".into(),
        issuer: world.facts.issuer.clone(),
        who: "zitui-service".into(),
        resource: Resource::Organization(globex.id.clone()),
        resource_name: globex.name.clone(),
        user: ManagerUser::from(&world.users[5]),
        before: before.map(roles),
        after: roles(after),
        outcome: JournalOutcome::Done,
        undoes: None,
    }
}

/// A journal with a change of each kind: in doubt, an undo, and what it undid.
pub(crate) fn journal(world: &World) -> Vec<JournalEntry> {
    let undo = JournalEntry { undoes: Some("e1".into()), ..entry(world, "e2", Some(&["ORG_OWNER"]), &[]) };
    let doubt =
        JournalEntry { outcome: JournalOutcome::InDoubt, ..entry(world, "e3", None, &["ORG_USER_MANAGER"]) };
    let refused = JournalEntry {
        outcome: JournalOutcome::NotDone("the server refused it".into()),
        ..entry(world, "e4", None, &["ORG_OWNER"])
    };
    let given = entry(world, "e0", None, &["ORG_OWNER_VIEWER"]);
    vec![doubt, undo, given, refused, entry(world, "e1", None, &["ORG_OWNER"])]
}

fn with(entries: impl FnOnce(&World) -> Vec<JournalEntry>) -> Desk {
    let mut world = World::new();
    world.history = entries(&world);
    let mut desk = Desk::signed_in(world);
    desk.press("g j").answer();
    desk
}

#[test]
fn undo_shows_the_inverse_against_what_holds_now_and_names_the_entry() {
    let mut desk = with(|world| vec![entry(world, "e1", None, &["ORG_OWNER_VIEWER"])]);
    let globex = desk.world.named("Globex").clone();
    let now = manager(&desk.world.users[5], &globex, &["ORG_OWNER_VIEWER", "ORG_USER_MANAGER"]);
    desk.world.managers.insert(Resource::Organization(globex.id), vec![now]);
    desk.press("u").answer();
    assert!(desk.writes.is_empty(), "the inverse is shown first");
    desk.press("enter");
    let (_, change) = &desk.writes[0];
    assert_eq!(change.after, [Role::new("ORG_USER_MANAGER")], "what somebody else gave stays");
    assert_eq!(desk.undone, [SafeText::new("e1")]);
}

#[test]
fn what_does_not_hold_any_more_is_not_taken_back() {
    let mut desk = with(|world| vec![entry(world, "e1", None, &["ORG_OWNER"])]);
    desk.press("u").answer();
    assert!(matches!(desk.app.top(), Some(Screen::History(_))));
    assert!(desk.said().contains("Nothing is left to take back"), "{}", desk.said());
}

#[rstest]
#[case::another_instance(|entry: &mut JournalEntry| entry.issuer = "https://other.example".into(), "https://other.example")]
#[case::nothing_done(|entry: &mut JournalEntry| entry.outcome = JournalOutcome::NotDone("403".into()), "nothing was changed")]
fn what_cannot_be_undone_says_why(#[case] make: fn(&mut JournalEntry), #[case] why: &str) {
    let mut desk = with(|world| {
        let mut entry = entry(world, "e1", None, &["ORG_OWNER_VIEWER"]);
        make(&mut entry);
        vec![entry]
    });
    desk.press("u").answer();
    assert!(desk.said().contains(why), "{}", desk.said());
    assert!(matches!(desk.app.top(), Some(Screen::History(_))));
}

#[test]
fn the_history_is_filtered_by_any_word_and_tells_what_was_undone_and_what_is_in_doubt() {
    let desk = with(journal);
    for (text, ids) in [("doubt", vec!["e3"]), ("undone", vec!["e1"]), ("depot org_user", vec!["e3"])] {
        let mut desk = with(|_| desk.world.history.clone());
        desk.press("/").type_text(text).press("enter");
        let Some(Screen::History(screen)) = desk.app.top() else { panic!("the history") };
        let found: Vec<&str> = screen.rows().iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(found, ids, "{text}");
    }
}

fn two_profiles(read_only: bool) -> Desk {
    let mut world = World::new();
    world.profile.read_only = read_only;
    let stage = ProfileFacts { url: "https://stage.example.com".into(), ..profile("stage") };
    let profiles = vec![world.profile.clone(), stage];
    let sign_in = Some(SignInTarget::Profile(0));
    let mut desk = Desk::at_start(world, Start { profiles, sign_in, link: None, columns: 80, rows: 24 });
    desk.answer();
    desk
}

#[test]
fn a_switch_leaves_nothing_of_the_former_instance_behind() {
    let mut desk = two_profiles(false);
    desk.press("o").answer().press("j j enter").answer();
    let gus = UserId::new("200000000000000004");
    let globex = desk.world.named("Globex").id.clone();
    assert!(
        desk.app.shared().state(&gus).is_some()
            && desk.app.shared().organization_title(&globex).as_str() == "Globex"
    );
    desk.press("g p");
    desk.world.profile = desk.app.shared().profiles[1].clone();
    desk.press("j enter").answer();
    assert_eq!(desk.crumbs(), "Instance");
    assert!(desk.app.is_at_top());
    assert_eq!(
        desk.app.shared().session.as_ref().map(|session| session.profile.name.as_str()),
        Some("stage")
    );
    assert!(
        desk.app.shared().state(&gus).is_none()
            && desk.app.shared().organization_title(&globex).as_str() != "Globex"
    );
}

#[test]
fn names_that_were_still_being_read_do_not_reach_the_new_session() {
    let mut desk = two_profiles(false);
    desk.press("u").answer_one(Slot::UserNames);
    assert!(desk.asked.contains_key(&Slot::OrganizationNames));
    desk.press("g p j enter").answer_one(Slot::SignIn);
    assert!(!desk.asked.contains_key(&Slot::OrganizationNames));
}

#[test]
fn a_failed_switch_keeps_the_session_and_tells_the_problem() {
    let mut desk = two_profiles(false);
    desk.world.problems.insert(Slot::SignIn, network());
    desk.press("g p j enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::Profiles(screen)) if screen.problem == Some(network())));
    assert_eq!(desk.app.shared().session.as_ref().map(|session| session.profile.name.as_str()), Some("prod"));
    desk.press("esc o").answer();
    assert_eq!(desk.crumbs(), "Instance › Organizations");
}

#[test]
fn a_switch_with_a_filled_basket_asks_and_throws_it_away_only_once_it_worked() {
    let mut desk = two_profiles(false);
    desk.press("o").answer().press("a").answer().press("enter").answer().press("enter").answer().press("b");
    assert_eq!(desk.app.shared().basket.len(), 1);
    desk.press("g p j enter");
    assert!(matches!(desk.app.top(), Some(Screen::Leaving(_))));
    desk.world.problems.insert(Slot::SignIn, network());
    desk.press("x").answer();
    assert_eq!(desk.app.shared().basket.len(), 1, "the switch failed");
    desk.world.problems.clear();
    desk.press("enter x").answer();
    assert!(desk.app.shared().basket.is_empty());
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn a_read_only_profile_undoes_nothing_and_fills_no_basket() {
    let mut desk = two_profiles(true);
    desk.world.history = vec![entry(&desk.world, "e1", None, &["ORG_OWNER_VIEWER"])];
    desk.press("g j").answer().press("u").answer();
    assert!(desk.said().contains("read-only"), "{}", desk.said());
    assert!(matches!(desk.app.top(), Some(Screen::History(_))));
}
