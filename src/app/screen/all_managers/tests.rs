//! What a person does with the list of all managers, from key press to effect.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;

use super::rows::{Grouping, Line, SortColumn};
use super::{AllManagers, Phase};
use crate::app::effect::{Request, Slot};
use crate::app::screen::Screen;
use crate::app::testing::{Desk, World, manager, organization, user};
use crate::domain::change::ChangeKind;
use crate::domain::id::UserId;
use crate::domain::inventory::{InventoryPart, ManagerRecord, UnreadPart};
use crate::domain::level::Level;
use crate::domain::organization::OrganizationState;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::user::{UserKind, UserState};

fn screen(desk: &Desk) -> &AllManagers {
    let Some(Screen::AllManagers(screen)) = desk.app.top() else {
        panic!("all managers, not {:?}", desk.app.top())
    };
    screen
}

/// The visible lines: `user@resource`, and `[head]` of groups.
fn lines(desk: &Desk) -> Vec<String> {
    let screen = screen(desk);
    let row = |place: usize| {
        let record = &screen.rows.get(place).expect("a row").record;
        format!("{}@{}", record.manager.user.title(), record.resource_name)
    };
    let line = |line: &Line| match line {
        Line::Row(place) => row(*place),
        Line::Group { first, count, folded } => {
            format!("[{} {count}{}]", row(*first), if *folded { " folded" } else { "" })
        }
    };
    screen.rows.lines().iter().map(line).collect()
}

fn focused(desk: &Desk) -> String {
    lines(desk).swap_remove(screen(desk).cursor.at)
}

fn loaded() -> Desk {
    let mut desk = Desk::signed_in(world());
    desk.press("g a").answer();
    desk
}

fn refused() -> Problem {
    Problem::new(ProblemKind::PermissionMissing, "Cannot read", "No matching permissions found", "")
}

fn unread(name: &str) -> UnreadPart {
    UnreadPart { resource: None, name: name.into(), problem: refused() }
}

/// A world whose managers are all on organizations.
fn world() -> World {
    let mut world = World::new();
    world.managers.retain(|resource, _| resource.level() == Level::Organization);
    world
}

#[test]
fn the_managers_of_all_levels_are_rows() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("g a").answer();
    assert_eq!(
        lines(&desk),
        [
            "Root Admin@ZITADEL",
            "Root Admin@Acme",
            "Depot Watcher@Globex",
            "Gina Glob@Globex",
            "Gus Locked@Globex",
            "Gina Glob@Portal",
            "Ivan Initech@Portal → Initech",
        ]
    );
    assert_eq!(
        lines(&loaded()),
        ["Root Admin@Acme", "Depot Watcher@Globex", "Gina Glob@Globex", "Gus Locked@Globex"]
    );
}

#[test]
fn rows_appear_as_they_come_and_the_cursor_stays_on_its_row() {
    let mut desk = Desk::signed_in(world());
    desk.press("g a");
    let records = desk.world.records();
    desk.part(InventoryPart::Rows(records[2..].to_vec()));
    desk.part(InventoryPart::Progress { done: 812, known: 3000 });
    assert_eq!(screen(&desk).count(), "2 rows · 812 of 3 000 lists");
    desk.press("down");
    assert_eq!(focused(&desk), "Gus Locked@Globex");
    desk.part(InventoryPart::Rows(records[..2].to_vec()));
    assert_eq!(lines(&desk).len(), 4);
    assert_eq!(focused(&desk), "Gus Locked@Globex");
}

#[test]
fn escape_stops_reading_and_keeps_what_came() {
    let mut desk = Desk::signed_in(world());
    desk.press("g a");
    let records = desk.world.records();
    desk.part(InventoryPart::Rows(records));
    desk.press("esc");
    assert!(!desk.asked.contains_key(&Slot::Inventory));
    assert_eq!(screen(&desk).phase, Phase::Stopped);
    assert_eq!(lines(&desk).len(), 4);
    assert!(desk.said().contains("r reads again"));
    desk.press("r").answer();
    assert_eq!(screen(&desk).phase, Phase::Ended);
    desk.press("esc");
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn what_cannot_be_read_is_listed_with_the_reason_and_never_looks_like_nobody() {
    let mut world = world();
    world.managers.clear();
    world.unread = vec![unread("managers of Globex"), unread("projects of Acme")];
    let mut desk = Desk::signed_in(world);
    desk.press("g a").answer();
    assert!(screen(&desk).notices()[0].starts_with("2 lists could not be read"));
    desk.press("w down");
    let open = &screen(&desk).unread;
    assert!(open.open);
    assert_eq!(open.parts[open.cursor.at].name.as_str(), "projects of Acme");
    desk.press("esc");
    assert!(!screen(&desk).unread.open);
}

#[test]
fn reading_again_drops_what_is_gone_but_not_what_could_not_be_read() {
    let mut desk = loaded();
    let globex = desk.world.managers.pop_last().expect("globex");
    desk.press("r").answer();
    assert_eq!(lines(&desk), ["Root Admin@Acme"]);
    desk.world.managers.insert(globex.0.clone(), globex.1);
    desk.press("r").answer();
    desk.world.managers.remove(&globex.0);
    desk.world.unread = vec![UnreadPart { resource: Some(globex.0), ..unread("managers of Globex") }];
    desk.press("r").answer();
    assert_eq!(lines(&desk).len(), 4);
}

#[rstest]
#[case::word("gina", &["Gina Glob@Globex"])]
#[case::column("org:acme", &["Root Admin@Acme"])]
#[case::not("!org:globex", &["Root Admin@Acme"])]
#[case::whole_role("role:org_owner org:globex", &["Gina Glob@Globex", "Gus Locked@Globex"])]
fn the_filter_is_instant(#[case] text: &str, #[case] expected: &[&str]) {
    let mut desk = loaded();
    desk.press("/").type_text(text);
    assert_eq!(lines(&desk), expected);
    desk.press("enter esc");
    assert_eq!(lines(&desk).len(), 4);
}

#[test]
fn a_filter_by_state_asks_for_the_states_once() {
    let mut desk = loaded();
    desk.press("/").type_text("!state:active");
    assert_eq!(lines(&desk).len(), 4);
    desk.answer();
    assert_eq!(lines(&desk), ["Gus Locked@Globex"]);
    let asked = desk.history.iter().filter(|request| matches!(request, Request::UsersById(_))).count();
    assert_eq!(asked, 1);
}

#[test]
fn unknown_columns_are_told() {
    let mut desk = loaded();
    desk.press("/").type_text("team:x");
    assert!(screen(&desk).notices()[0].contains("there are user, kind, level, org, resource, role, state"));
}

#[test]
fn sorts_by_column_both_ways() {
    let mut desk = loaded();
    desk.press("< < g g down");
    assert_eq!(screen(&desk).rows.sort, SortColumn::User);
    assert_eq!(focused(&desk), "Gina Glob@Globex");
    desk.press("S");
    assert_eq!(
        lines(&desk),
        ["Root Admin@Acme", "Gus Locked@Globex", "Gina Glob@Globex", "Depot Watcher@Globex"]
    );
    assert_eq!(focused(&desk), "Gina Glob@Globex");
}

#[test]
fn groups_fold_and_unfold() {
    let mut desk = loaded();
    desk.press("tab tab");
    assert_eq!(screen(&desk).rows.grouping, Grouping::ByResource);
    assert_eq!(lines(&desk)[..3], ["[Root Admin@Acme 1]", "Root Admin@Acme", "[Depot Watcher@Globex 3]"]);
    desk.press("g g down down down left");
    assert_eq!(focused(&desk), "[Depot Watcher@Globex 3 folded]");
    assert_eq!(lines(&desk).len(), 3);
    desk.press("enter");
    assert_eq!(lines(&desk).len(), 6);
    desk.press("left left");
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn enter_opens_the_person() {
    let mut desk = loaded();
    desk.press("G enter").answer();
    assert_eq!(desk.crumbs(), "Instance › All managers › Gus Locked");
}

#[test]
fn marked_rows_are_removed_after_a_review_and_the_list_shows_it() {
    let mut desk = loaded();
    desk.press("down space down space").press("d").answer();
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("a review") };
    assert_eq!(review.items.len(), 2);
    assert!(review.items.iter().all(|item| item.change.kind() == ChangeKind::Remove));
    desk.press("enter").write().answer();
    assert_eq!(lines(&desk), ["Root Admin@Acme", "Gina Glob@Globex"]);
    assert_eq!(screen(&desk).marks.len(), 0);
}

#[test]
fn changing_roles_starts_from_the_row() {
    let mut desk = loaded();
    desk.press("G e").answer();
    assert_eq!(desk.crumbs(), "Instance › Globex › Roles of Gus Locked");
}

#[test]
fn names_that_come_later_are_filled_in_and_sorted_by() {
    let mut desk = Desk::signed_in(world());
    desk.press("g a");
    let bot = desk.world.users[4].clone();
    let mut record = ManagerRecord {
        manager: manager(&bot, desk.world.named("Globex"), &["ORG_OWNER"]),
        resource_name: "Globex".into(),
        organization_name: "Globex".into(),
    };
    record.manager.user.display_name = "".into();
    record.manager.user.login_name = "".into();
    record.manager.user.kind = UserKind::Unknown;
    desk.part(InventoryPart::Rows(vec![record])).part(InventoryPart::Users(vec![bot]));
    assert_eq!(lines(&desk), ["Deploy Bot@Globex"]);
    desk.press("/").type_text("kind:service user:deploy");
    assert_eq!(lines(&desk).len(), 1);
}

#[test]
fn ten_thousand_rows_in_many_parts_are_all_there_once() {
    let home = organization(1, "Acme", OrganizationState::Active);
    let mut desk = Desk::signed_in(world());
    desk.press("g a");
    for part in 0..100_u32 {
        let record = |number: u32| {
            let person =
                user(number, &format!("User {number:05}"), UserKind::Human, UserState::Active, &home);
            ManagerRecord {
                manager: manager(&person, &home, &["ORG_OWNER"]),
                resource_name: "Acme".into(),
                organization_name: "Acme".into(),
            }
        };
        // Parts overlap, as pages of a list that changes between them do.
        let records = (0..101).map(|at| record(part * 100 + at)).collect();
        desk.part(InventoryPart::Rows(records));
    }
    let lines = lines(&desk);
    assert_eq!(lines.len(), 10_001);
    assert!(lines.is_sorted());
}

#[test]
fn the_users_of_marked_rows_are_added_elsewhere_each_once() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("g a").answer();
    let (users, rows) = {
        let Some(Screen::AllManagers(screen)) = desk.app.top() else { panic!("all managers") };
        let users: BTreeSet<UserId> =
            screen.rows.all().iter().map(|row| row.record.manager.user.id.clone()).collect();
        (users, screen.rows.lines().len())
    };
    assert!(users.len() < rows, "somebody manages two things");
    for _ in 0..rows {
        desk.press("space");
    }
    desk.press("a");
    let Some(Screen::AddManager(stepper)) = desk.app.top() else { panic!("the stepper") };
    assert_eq!(stepper.users.len(), users.len());
    assert_eq!(stepper.users.iter().map(|user| user.id.clone()).collect::<BTreeSet<_>>(), users);
}

#[test]
fn the_rows_as_shown_are_written_into_a_file() {
    let mut desk = Desk::signed_in(world());
    desk.world.files.insert("managers-zitadel-2026-11-24.csv".to_owned());
    desk.press("g a").answer().press("/").type_text("role:org_owner").press("enter E").answer();
    desk.press("enter");
    let Some((_, Request::ExportManagers(records, _, wish))) = desk.asked.get(&Slot::File) else {
        panic!("nothing is written: {:?}", desk.asked)
    };
    assert_eq!((wish.path.as_str(), wish.replace), ("managers-zitadel-2026-11-24.csv", false));
    assert!(!records.is_empty());
    assert!(records.iter().all(|record| record.manager.roles.contains(&Role::new("ORG_OWNER"))));
    desk.answer().press("enter");
    let Some((_, Request::ExportManagers(_, _, wish))) = desk.asked.get(&Slot::File) else {
        panic!("it does not ask again: {:?}", desk.asked)
    };
    assert!(wish.replace, "once it was told that there is a file, enter replaces it");
    desk.answer();
    assert!(desk.said().contains("Written to managers-zitadel-2026-11-24.csv"), "{}", desk.said());
    assert_eq!(desk.crumbs(), "Instance › All managers");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rows_that_come_bit_by_bit_are_in_the_same_order_as_all_at_once(
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
        size in 1..5_usize,
        keys in "[s<Sv]{0,6}",
    ) {
        let homes: Vec<_> = (1..4).map(|number| organization(number, &format!("Org {number}"), OrganizationState::Active)).collect();
        let records: Vec<ManagerRecord> = (0..12_u32).map(|number| {
            let home = &homes[number as usize % 3];
            let person = user(number / 2, &format!("User {}", number / 2), UserKind::Human, UserState::Active, home);
            ManagerRecord { manager: manager(&person, home, &["ORG_OWNER"]), resource_name: home.name.clone(), organization_name: home.name.clone() }
        }).collect();
        let shown = |order: &[usize], size: usize| {
            let mut desk = Desk::signed_in(world());
            desk.press("g a").type_text(&keys);
            for part in order.chunks(size) {
                desk.part(InventoryPart::Rows(part.iter().map(|at| records[*at].clone()).collect()));
            }
            lines(&desk)
        };
        let sorted: Vec<usize> = (0..12).collect();
        prop_assert_eq!(shown(&order, size), shown(&sorted, 12));
    }
}
