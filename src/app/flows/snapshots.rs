//! Snapshots: browsing without a server, comparing with now, saving.

use super::*;
use crate::app::screen::all_managers::AllManagers;
use crate::app::screen::differences::{Differences, Line};
use crate::app::screen::snapshots::Snapshots;
use crate::domain::inventory::{GrantedOn, RoleGrant};
use crate::domain::level::Resource;
use crate::domain::snapshot::{Extent, Gap};

fn not_signed_in() -> Desk {
    Desk::at_start(World::new(), start())
}

/// A world whose snapshot is older than what holds now: one manager came, one went, one holds other roles, and what
/// could not be read then cannot be compared.
pub(crate) fn changed_since() -> World {
    let mut world = World::new();
    let gap = Gap {
        name: "managers of the project Portal".into(),
        extent: Extent::Resource(world.projects[1].resource()),
        why: "No matching permissions found (AUTH-5mWD2)".into(),
        missing_permission: None,
    };
    world.snapshot = world.snapshot_now(vec![gap]);
    let portal = world.projects[1].resource();
    world.snapshot.records.retain(|record| record.manager.resource != portal);
    let globex = world.named("Globex").clone();
    let on = Resource::Organization(globex.id.clone());
    let bot = manager(&world.users[4], &globex, &["ORG_OWNER"]);
    let gina = manager(&world.users[2], &globex, &["ORG_OWNER_VIEWER"]);
    let gus = manager(&world.users[3], &globex, &["ORG_OWNER", "ORG_USER_MANAGER", "CUSTOM_AUDITOR"]);
    let event = RoleGrant {
        resource: GrantedOn::of(&on),
        user: bot.user.id.clone(),
        roles: Some(bot.roles.clone()),
        time: "2026-04-30T08:15:00Z".parse().expect("a time"),
        editor: "Root Admin".into(),
        editor_id: "200000000000000002".into(),
    };
    world.managers.insert(on, vec![bot, gina, gus]);
    world.events = Ok(vec![event]);
    world
}

fn all_managers(desk: &Desk) -> &AllManagers {
    let Some(Screen::AllManagers(screen)) = desk.app.top() else { panic!("the rows, not {}", desk.crumbs()) };
    screen
}

fn differences(desk: &Desk) -> &Differences {
    let Some(Screen::Differences(screen)) = desk.app.top() else {
        panic!("the differences, not {}", desk.crumbs())
    };
    screen
}

fn snapshots(desk: &Desk) -> &Snapshots {
    let Some(Screen::Snapshots(screen)) = desk.app.top() else {
        panic!("the snapshots, not {}", desk.crumbs())
    };
    screen
}

#[rstest]
#[case::from_the_list_of_profiles("G enter")]
#[case::from_anywhere("g n")]
fn a_snapshot_is_browsed_without_a_server(#[case] keys: &str) {
    let mut desk = not_signed_in();
    desk.press(keys).press("enter").type_text("/old").press("tab").answer();
    let paths = snapshots(&desk).chosen.as_ref().map(|(_, form)| form.path.paths.clone());
    assert_eq!(paths, Some(vec!["/old.json".to_owned(), "/old-old.json".to_owned()]));
    desk.type_text(".json").press("enter").answer();
    assert_eq!(desk.history.last(), Some(&Request::OpenSnapshot("/old.json".to_owned())));
    assert_eq!((all_managers(&desk).rows.all().len(), all_managers(&desk).is_reading()), (7, false));
    desk.press("/").type_text("role:ORG_OWNER").press("enter");
    assert_eq!(all_managers(&desk).count(), "3 of 7 rows");
    desk.press("esc v g g");
    assert_eq!(all_managers(&desk).rows.lines().len(), 12);
    desk.press("enter");
    assert_eq!(all_managers(&desk).rows.lines().len(), 11, "a group is folded");
    assert!(desk.asked.is_empty(), "the server is not asked");
    desk.press("esc esc esc");
    assert_eq!(desk.crumbs(), "Sign in");
}

#[test]
fn nothing_can_be_changed_in_a_snapshot_or_looked_up_on_another_instance() {
    let mut desk = Desk::signed_in(World::new());
    desk.world.snapshot.issuer = "https://other.example.com".into();
    desk.press("7 enter").type_text("x").press("enter").answer();
    for (key, why) in [("e", "only shows"), ("d", "only shows"), ("space", "only shows"), ("r", "only shows")]
    {
        desk.press(key);
        assert!(desk.said().contains(why), "{key}: {}", desk.said());
    }
    for key in ["enter", "o", "g r"] {
        desk.press(key);
        assert!(desk.said().contains("of https://other.example.com, and you are not signed in there"));
    }
    assert!(desk.asked.is_empty() && desk.others.is_empty() && desk.writes.is_empty());
    assert!(matches!(desk.app.top(), Some(Screen::AllManagers(_))));
    desk.press("g a").answer();
    assert!(all_managers(&desk).snapshot.is_none(), "the managers as they are now are another screen");
}

#[test]
fn a_row_of_the_own_instance_leads_to_its_user_as_it_is_now() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("n enter").type_text("x").press("enter").answer().press("enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::Person(_))), "{}", desk.crumbs());
}

#[test]
fn what_could_not_be_read_then_is_told() {
    let mut desk = not_signed_in();
    desk.world = changed_since();
    desk.press("g n enter").type_text("x").press("enter").answer();
    assert_eq!(
        all_managers(&desk).notices(),
        [
            "A snapshot of ZITADEL, newest change 2026-05-11; it only shows",
            "1 list could not be read: managers of the project Portal (w: why)"
        ]
    );
}

#[test]
fn a_snapshot_that_cannot_be_read_is_told_where_its_path_is_typed() {
    let mut desk = not_signed_in();
    desk.world.problems.insert(Slot::File, network());
    desk.press("g n enter enter");
    assert!(desk.asked.is_empty() && desk.said().contains("Type the path"));
    desk.type_text("x").press("enter").answer();
    let (_, form) = snapshots(&desk).chosen.as_ref().expect("the form");
    assert_eq!((form.problem.as_ref(), form.path.path().as_str()), (Some(&network()), "x"));
}

#[test]
fn comparing_needs_a_server_and_says_so() {
    let mut desk = not_signed_in();
    desk.press("g n j enter");
    assert!(desk.said().contains("sign in first"), "{}", desk.said());
}

fn compared() -> Desk {
    let mut desk = Desk::signed_in(changed_since());
    desk.press("n j enter").type_text("old.json").press("enter").progress(Slot::File, 1, 2).answer();
    desk
}

#[test]
fn comparing_tells_who_came_went_and_changed_and_by_whom() {
    let desk = compared();
    let screen = differences(&desk);
    let lines: Vec<(&str, String, String)> = (0..screen.len())
        .filter_map(|at| screen.line(at))
        .map(|line| (line.kind(), line.about().to_string(), line.what()))
        .collect();
    let line = |kind, about: &str, what: &str| (kind, about.to_owned(), what.to_owned());
    assert_eq!(
        lines,
        [
            line("changed", "Gina Glob", "+ORG_OWNER_VIEWER −ORG_OWNER"),
            line("added", "Deploy Bot", "+ORG_OWNER"),
            line("removed", "Depot Watcher", "−ORG_OWNER_VIEWER"),
            line("cannot tell", "Gina Glob", "managers of the project Portal not read in the snapshot"),
        ]
    );
    assert_eq!(screen.line(1).and_then(Line::event).map(|event| event.editor.as_str()), Some("Root Admin"));
    assert_eq!(screen.count(), "3 differences, 1 cannot be told");
}

#[test]
fn differences_are_filtered_lead_to_their_users_and_are_compared_again() {
    let mut desk = compared();
    desk.press("/").type_text("added root").press("enter");
    assert_eq!(differences(&desk).len(), 1);
    desk.press("enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::Person(_))));
    desk.press("esc esc");
    assert_eq!(differences(&desk).len(), 4);
    desk.world.snapshot = desk.world.snapshot_now(Vec::new());
    desk.press("r").progress(Slot::File, 3, 9);
    assert_eq!(differences(&desk).count(), "comparing, 3 of 9 lists");
    desk.answer();
    assert!(differences(&desk).is_empty());
}

#[test]
fn escape_stops_comparing_and_keeps_what_was_compared() {
    let mut desk = compared();
    desk.press("r esc");
    assert!(desk.asked.is_empty() && differences(&desk).len() == 4);
    desk.press("esc");
    assert!(matches!(desk.app.top(), Some(Screen::Snapshots(_))));
}

#[test]
fn escape_stops_the_first_comparison_and_a_late_answer_opens_nothing() {
    let mut desk = Desk::signed_in(changed_since());
    desk.press("n j enter").type_text("old.json").press("enter");
    let (late, _) = desk.asked[&Slot::File];
    desk.press("esc");
    assert!(desk.asked.is_empty());
    desk.handle(Event::Answered(late, Box::new(Answer::Compared(Err(network())))));
    assert!(snapshots(&desk).chosen.as_ref().is_some_and(|(_, form)| form.problem.is_none()));
}

#[test]
fn saving_asks_before_a_file_is_replaced() {
    let mut desk = Desk::signed_in(World::new());
    desk.world.files.insert("zitui-snapshot.json".to_owned());
    desk.press("n G enter enter").answer();
    assert!(snapshots(&desk).chosen.as_ref().is_some_and(|(_, form)| form.is_there));
    desk.press("enter").answer();
    assert!(desk.said().contains("Written to zitui-snapshot.json"), "{}", desk.said());
    assert!(snapshots(&desk).chosen.is_none());
}
