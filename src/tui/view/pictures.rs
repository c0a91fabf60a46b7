//! Pictures of every screen at three sizes, and what must hold for all of them.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use rstest::rstest;

use super::draw;
use crate::app::Start;
use crate::app::effect::{SignInTarget, Slot};
use crate::app::flows::access_review::risky;
use crate::app::flows::anything::{happen, happening};
use crate::app::flows::levels::owner_of_globex;
use crate::app::flows::snapshots::changed_since;
use crate::app::testing::{Desk, World, manager, organization, profile, user};
use crate::domain::change::{ApplyStep, Outcome};
use crate::domain::inventory::{InventoryPart, UnreadPart};
use crate::domain::link::{Link, Named};
use crate::domain::organization::OrganizationState;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::user::{UserKind, UserState};
use crate::tui::theme::{Styles, Theme};

fn terminal(desk: &Desk, theme: Theme) -> Terminal<TestBackend> {
    let shared = desk.app.shared();
    let mut terminal = Terminal::new(TestBackend::new(shared.columns, shared.rows)).expect("a terminal");
    let styles = Styles::new(theme, desk.app.profile_colour());
    terminal.draw(|frame| draw(frame, &desk.app, &styles)).expect("a frame");
    terminal
}

fn picture(desk: &mut Desk, columns: u16, rows: u16) -> String {
    desk.resize(columns, rows);
    terminal(desk, Theme::Default)
        .backend()
        .buffer()
        .content()
        .chunks(usize::from(columns).max(1))
        .map(|cells| {
            let mut line = String::new();
            let mut covered = 0;
            for cell in cells {
                if covered == 0 {
                    line.push_str(cell.symbol());
                    covered = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
                }
                covered -= 1;
            }
            line.trim_end().to_owned()
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Compares three pictures of what is on the desk with the kept ones.
fn compare(name: &str, desk: &mut Desk) {
    for (columns, rows) in [(80, 24), (120, 40), (60, 20)] {
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), picture(desk, columns, rows));
    }
}

fn network() -> Problem {
    Problem::new(
        ProblemKind::Network,
        "Cannot read the list",
        "auth.example.com refused the connection (os error 111)",
        "Check that the server runs and that this machine may reach it, then press r",
    )
}

fn steps(world: World, keys: &str) -> Desk {
    let mut desk = Desk::signed_in(world);
    for key in keys.split_whitespace() {
        desk.press(key).answer();
    }
    desk
}

/// Names that try to break the picture.
fn hostile() -> World {
    let mut world = World::new();
    let names = [
        "日本語の組織名がとても長い場合の表示",
        "שלום עולם ארגון",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}vil",
        "\u{202e}txt.exe \u{1b}[31mred",
        "👩\u{200d}💻 Coders 👨‍👩‍👧",
    ];
    world.organizations = (1..)
        .zip(names)
        .map(|(number, name)| organization(number, name, OrganizationState::Active))
        .collect();
    let home = world.organizations[0].clone();
    world.users = (1..)
        .zip(names)
        .map(|(number, name)| user(number, name, UserKind::Human, UserState::Active, &home))
        .collect();
    let managers =
        world.users.iter().map(|user| manager(user, &home, &["ORG_OWNER", "ORG_\u{202e}EVIL"])).collect();
    world.managers.insert(crate::domain::level::Resource::Organization(home.id), managers);
    world
}

#[rstest]
#[case::menu("menu", "")]
#[case::organizations("organizations", "o")]
#[case::organizations_search("organizations-search", "o / g l o")]
#[case::managers("managers", "o j j enter j j")]
#[case::organization_users("organization-users", "o j j enter tab")]
#[case::organization_projects("organization-projects", "o j j enter tab tab j")]
#[case::organization_granted("organization-granted", "o j j enter shift-tab")]
#[case::project("project", "o j j enter tab tab j enter")]
#[case::project_grants("project-grants", "o j j enter tab tab j enter tab")]
#[case::project_grant("project-grant", "o j j enter tab tab j enter tab enter")]
#[case::instance_managers("instance-managers", "i")]
#[case::step_user_of_grant("step-user-of-grant", "o j j enter tab tab j enter tab enter a")]
#[case::role_cards("role-cards", "o j j enter j j c j")]
#[case::role_cards_compared("role-cards-compared", "i c space j space")]
#[case::role_card_unknown("role-card-unknown", "o j j enter j j c G k k k k k k k k k k")]
#[case::users("users", "u j j j")]
#[case::person("person", "u j j enter")]
#[case::all_managers("all-managers", "a j j")]
#[case::all_managers_filter("all-managers-filter", "a / r o l e : o r g _ o w n e r")]
#[case::all_managers_unknown_column("all-managers-unknown-column", "a / t e a m : x")]
#[case::all_managers_by_user("all-managers-by-user", "a v j S")]
#[case::all_managers_by_resource("all-managers-by-resource", "a v v j j space")]
#[case::palette("palette", "o :")]
#[case::palette_search("palette-search", "a : g l o b")]
#[case::step_organization("step-organization", "u a")]
#[case::step_user("step-user", "o j j a d e p")]
#[case::step_user_marks("step-user-marks", "o j j a tab space space")]
#[case::step_roles("step-roles", "o j j a d e p enter")]
#[case::step_review("step-review", "o j j a d e p l o enter enter")]
#[case::change_roles("change-roles", "o j j enter j j e space j space")]
#[case::review_name("review-name", "o j j enter j d")]
#[case::help("help", "o ?")]
#[case::help_search("help-search", "o ? m a n a g e r")]
#[case::pair_of_keys("pair-of-keys", "o g")]
#[case::basket("basket", "u j j j j space space a tab j j j space space enter space enter b b")]
#[case::basket_empty("basket-empty", "b")]
#[case::basket_review(
    "basket-review",
    "u j j j j space space a tab j j j space space enter space enter b b enter"
)]
#[case::leaving("leaving", "u j j j j space space a tab j j j space space enter space enter b q q")]
#[case::history_empty("history-empty", "g j")]
#[case::copy_as_list("copy-as-list", "o j j enter space space Y G")]
#[case::copy_as_change("copy-as-change", "o j j enter j j e space j space enter Y j")]
#[case::export("all-managers-export", "a E")]
#[case::sign_in_again("sign-in-again", "s")]
fn loaded(#[case] name: &str, #[case] keys: &str) {
    compare(name, &mut steps(World::new(), keys));
}

#[rstest]
#[case::organizations("organizations-loading", "o", 0)]
#[case::all_managers("all-managers-loading", "a", 0)]
#[case::person("person-loading", "u j j j enter", 4)]
#[case::managers("managers-loading", "o enter", 1)]
#[case::projects("organization-projects-loading", "o j j enter tab tab", 5)]
#[case::granted("organization-granted-loading", "o j j enter shift-tab", 4)]
#[case::grants("project-grants-loading", "o j j enter tab tab j enter tab", 8)]
#[case::instance_managers("instance-managers-loading", "i", 0)]
#[case::role_cards("role-cards-loading", "i c", 1)]
#[case::step_user("step-user-loading", "o a", 1)]
#[case::change_roles("change-roles-loading", "o j j enter e", 4)]
#[case::remove("remove-checking", "o j j enter j d", 5)]
fn loading(#[case] name: &str, #[case] keys: &str, #[case] answered: usize) {
    let mut desk = Desk::signed_in(World::new());
    for (index, key) in keys.split_whitespace().enumerate() {
        desk.press(key);
        if index < answered {
            desk.answer();
        }
    }
    compare(name, &mut desk);
}

#[rstest]
#[case::organizations("organizations-error", Slot::Organizations, "o")]
#[case::managers("managers-error", Slot::Managers, "o enter")]
#[case::projects("organization-projects-error", Slot::Projects, "o j j enter tab tab")]
#[case::granted("organization-granted-error", Slot::GrantedProjects, "o j j enter shift-tab")]
#[case::grants("project-grants-error", Slot::ProjectGrants, "o j j enter tab tab j enter tab")]
#[case::role_cards("role-cards-error", Slot::Roles, "i c")]
#[case::users("users-error", Slot::UserNames, "u")]
#[case::roles("roles-error", Slot::Roles, "o a enter")]
#[case::all_managers("all-managers-error", Slot::Inventory, "a")]
#[case::person("person-error", Slot::Person, "u j j enter")]
fn failing(#[case] name: &str, #[case] slot: Slot, #[case] keys: &str) {
    let mut world = World::new();
    world.problems.insert(slot, network());
    compare(name, &mut steps(world, keys));
}

#[test]
fn failing_after_it_was_read() {
    let mut desk = steps(World::new(), "o j j enter");
    desk.world.problems.insert(Slot::Managers, network());
    desk.press("r").answer();
    compare("managers-error-old-rows", &mut desk);
}

#[rstest]
#[case::managers("managers-missing", Slot::Managers, "org.member.read", "o enter")]
#[case::instance_managers("instance-managers-missing", Slot::Managers, "iam.member.read", "i")]
#[case::projects("organization-projects-missing", Slot::Projects, "project.read", "o j j enter tab tab")]
#[case::granted(
    "organization-granted-missing",
    Slot::GrantedProjects,
    "project.grant.read",
    "o j j enter shift-tab"
)]
#[case::users("users-missing", Slot::UserNames, "user.read", "u")]
#[case::all_managers("all-managers-missing", Slot::Inventory, "iam.member.read", "a")]
#[case::person("person-missing", Slot::Person, "user.membership.read", "u j j enter")]
#[case::add("add-missing", Slot::Paths, "org.member.write", "o enter a")]
fn missing_permission(
    #[case] name: &str,
    #[case] slot: Slot,
    #[case] permission: &'static str,
    #[case] keys: &str,
) {
    compare(name, &mut steps(World::lacking(slot, permission), keys));
}

#[test]
fn a_link_while_it_is_looked_up_and_where_it_leads_nowhere() {
    let world = World::new();
    let profiles = vec![world.profile.clone()];
    let link = Some(Link::Thing(Named::User, "gina-globb".to_owned()));
    let start = Start { profiles, sign_in: Some(SignInTarget::Profile(0)), link, ..Start::default() };
    let mut desk = Desk::at_start(world, start);
    desk.answer_one(Slot::SignIn);
    compare("opening", &mut desk);
    desk.answer();
    compare("opening-not-found", &mut desk);
}

#[test]
fn a_grant_that_its_owner_cannot_change() {
    let desk = &mut steps(owner_of_globex(true), "o j j enter tab tab j enter tab enter");
    compare("project-grant-judged-elsewhere", desk);
}

#[rstest]
#[case::organizations("organizations-hostile", "o")]
#[case::managers("managers-hostile", "o enter")]
#[case::users("users-hostile", "u j j j")]
#[case::step_user("step-user-hostile", "o a")]
#[case::all_managers("all-managers-hostile", "a j")]
#[case::person("person-hostile", "a enter j")]
#[case::palette("palette-hostile", "a :")]
#[case::review("review-hostile", "o a tab j j j enter j enter")]
fn hostile_names(#[case] name: &str, #[case] keys: &str) {
    compare(name, &mut steps(hostile(), keys));
}

#[test]
fn all_managers_while_they_are_read_and_stopped() {
    let mut desk = Desk::signed_in(World::new());
    let records = desk.world.records();
    desk.press("a").part(InventoryPart::Rows(records));
    desk.part(InventoryPart::Progress { done: 812, known: 3000 });
    compare("all-managers-reading", &mut desk);
    desk.press("esc");
    compare("all-managers-stopped", &mut desk);
}

/// A world of which parts cannot be read.
fn partly_unread() -> World {
    let mut world = World::lacking(Slot::Paths, "events.read");
    let problem = world.problems.remove(&Slot::Paths).expect("the lack of a permission");
    world.events = Err(problem.clone());
    world.unread = ["managers of Initech", "projects of Umbrella"]
        .map(|name| UnreadPart { resource: None, name: name.into(), problem: problem.clone() })
        .to_vec();
    world
}

#[rstest]
#[case::all_managers("all-managers-unread", "a")]
#[case::all_managers_reasons("all-managers-unread-reasons", "a w j")]
#[case::person("person-unread", "u j j j enter j j")]
fn unread_parts(#[case] name: &str, #[case] keys: &str) {
    compare(name, &mut steps(partly_unread(), keys));
}

#[test]
fn a_person_whose_roles_nobody_can_say_who_gave() {
    let mut world = partly_unread();
    world.unread.clear();
    compare("person-no-events", &mut steps(world, "u j j j enter"));
}

#[rstest]
#[case::list("access-review", "v j")]
#[case::finding("access-review-finding", "v j enter j")]
#[case::accepted("access-review-accepted", "v j j j enter")]
#[case::accept("access-review-accept", "v j A o n space l e a v e")]
#[case::filter("access-review-filter", "v / g i n a")]
#[case::blind_spots("access-review-unread", "v w j")]
#[case::no_match("access-review-no-match", "v / x y z")]
#[case::copy_as("access-review-copy-as", "v j Y j")]
#[case::copy_finding_as("access-review-finding-copy-as", "v j enter Y")]
fn access_review(#[case] name: &str, #[case] keys: &str) {
    compare(name, &mut steps(risky(), keys));
}

#[test]
fn access_review_while_it_is_read_and_exported() {
    let mut desk = Desk::signed_in(risky());
    desk.press("v").progress(Slot::AccessReview, 12, 40);
    compare("access-review-reading", &mut desk);
    desk.answer().world.files.insert("access-review.md".to_owned());
    desk.press("E enter").answer();
    compare("access-review-export", &mut desk);
}

#[test]
fn access_review_that_finds_nothing_or_cannot_be_read() {
    compare("access-review-empty", &mut steps(World::new(), "v"));
    let mut world = World::new();
    world.review.unread = partly_unread().unread;
    compare("access-review-empty-unread", &mut steps(world, "v"));
    compare("access-review-missing", &mut steps(World::lacking(Slot::AccessReview, "iam.member.read"), "v"));
}

#[rstest]
#[case::menu("snapshots", "n")]
#[case::browse("snapshot", "n enter o l d enter j j")]
#[case::compare("snapshot-compared", "n j enter o l d enter j")]
fn snapshots(#[case] name: &str, #[case] keys: &str) {
    compare(name, &mut steps(changed_since(), keys));
}

#[test]
fn snapshots_without_a_server() {
    let mut desk = Desk::at_start(changed_since(), Start::default());
    desk.press("G enter enter").type_text("old").press("tab").answer();
    compare("snapshot-path", &mut desk);
    desk.press("enter").answer();
    compare("snapshot-offline", &mut desk);
}

#[test]
fn sign_in() {
    let start = Start { profiles: vec![profile("prod"), profile("stage")], ..Start::default() };
    let mut desk = Desk::at_start(World::new(), start);
    compare("sign-in", &mut desk);
    desk.world.problems.insert(Slot::SignIn, network());
    desk.press("enter");
    compare("sign-in-waiting", &mut desk);
    desk.answer();
    compare("sign-in-error", &mut desk);
    desk.press("esc G k k enter").type_text("https://auth.example.com").press("enter").type_text("~/keys/zi");
    compare("sign-in-form", &mut desk);
    desk.press("tab").answer();
    compare("sign-in-paths", &mut desk);
}

#[rstest]
#[case::failed("failed", Outcome::Failed(network()))]
#[case::changed("changed-meanwhile", Outcome::ChangedMeanwhile(None))]
#[case::lost("lost", Outcome::LostAndNotDone(network()))]
#[case::unknown("unknown", Outcome::Unknown(network()))]
#[case::not_visible("not-visible", Outcome::NotVisibleYet)]
fn results(#[case] name: &str, #[case] outcome: Outcome) {
    let mut desk = steps(World::new(), "o j j a d e p l o enter enter");
    desk.press("enter").end_writes(&outcome).answer();
    compare(&format!("result-{name}"), &mut desk);
}

#[test]
fn applying_and_done() {
    let mut desk = steps(World::new(), "o j j a d e p l o enter enter");
    desk.press("enter");
    let (sequence, _) = desk.writes[0];
    desk.handle(crate::app::event::Event::Applying(sequence, ApplyStep::Verifying));
    compare("applying", &mut desk);
    desk.write().answer();
    compare("done", &mut desk);
}

#[test]
fn a_review_of_many_can_be_scrolled() {
    let mut world = World::new();
    let home = world.organizations[0].clone();
    world.users = (1..15)
        .map(|n| user(n, &format!("User {n:02}"), UserKind::Human, UserState::Active, &home))
        .collect();
    let mut desk =
        steps(world, "o j j a tab space space space space space space space space space space space space");
    desk.press("enter").answer().press("enter").answer();
    compare("review-many", &mut desk);
    desk.press("down down down");
    compare("review-many-scrolled", &mut desk);
    assert!(picture(&mut desk, 80, 24).contains("Change the roles of User 06"));
}

#[test]
fn history() {
    let mut world = World::new();
    world.history = crate::app::flows::history::journal(&world);
    let mut desk = steps(world, "g j");
    compare("history", &mut desk);
    desk.press("Y j j j");
    compare("history-copy-as", &mut desk);
    desk.press("esc");
    desk.press("/").type_text("doubt").press("enter");
    compare("history-filtered", &mut desk);
    desk.press("esc j j u").answer();
    compare("history-undo", &mut desk);
}

#[test]
fn profiles() {
    let mut desk = steps(World::new(), "g p");
    compare("profiles", &mut desk);
    desk.press("enter");
    compare("profiles-switching", &mut desk);
    desk.world.problems.insert(Slot::SignIn, network());
    desk.answer();
    compare("profiles-error", &mut desk);
}

#[test]
fn pasted_users() {
    let mut desk = steps(World::new(), "u");
    desk.handle(crate::app::event::Event::Paste("deploy-bot\n200000000000000005, nobody".to_owned()));
    compare("pasted-loading", &mut desk);
    desk.answer().press("G");
    compare("pasted", &mut desk);
}

#[test]
fn a_read_only_profile_is_seen() {
    let mut world = World::new();
    world.profile.read_only = true;
    compare("read-only", &mut steps(world, "o a"));
}

/// The rows of data that a list shows at a size.
fn data_rows(columns: u16, rows: u16) -> usize {
    let mut world = World::new();
    world.organizations = (1..200)
        .map(|number| organization(number, &format!("Org {number:03}"), OrganizationState::Active))
        .collect();
    let mut desk = steps(world, "o");
    picture(&mut desk, columns, rows).lines().filter(|line| line.contains("Org ")).count()
}

#[rstest]
#[case::usual(80, 24, 14)]
#[case::large(120, 40, 28)]
#[case::small(60, 20, 10)]
fn enough_rows_are_seen(#[case] columns: u16, #[case] rows: u16, #[case] least: usize) {
    assert!(data_rows(columns, rows) >= least);
}

#[test]
fn too_small_a_terminal_is_told_in_one_line() {
    let mut desk = steps(World::new(), "o");
    for (columns, rows) in [(39, 24), (80, 11)] {
        let drawn = picture(&mut desk, columns, rows);
        let lines: Vec<&str> = drawn.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["zitui needs 40×12 cells"]);
    }
}

#[rstest]
#[case::row("o j j", (0, 7))]
#[case::field("o / g l o", (19, 3))]
fn the_terminals_cursor_is_where_the_focus_is(#[case] keys: &str, #[case] at: (u16, u16)) {
    let desk = steps(World::new(), keys);
    terminal(&desk, Theme::Default).backend_mut().assert_cursor_position(Position::from(at));
}

#[rstest]
#[case::default(Theme::Default)]
#[case::high_contrast(Theme::HighContrast)]
#[case::mono(Theme::Mono)]
fn the_selected_row_is_reversed_and_marked_in_every_theme(#[case] theme: Theme) {
    let desk = steps(World::new(), "o j j");
    let terminal = terminal(&desk, theme);
    let buffer = terminal.backend().buffer();
    assert_eq!(buffer[(0, 7)].symbol(), "▸");
    assert!(buffer[(2, 7)].modifier.contains(Modifier::REVERSED));
}

#[rstest]
#[case::usual(80)]
#[case::large(140)]
#[case::small(60)]
fn columns_stay_straight_whatever_the_names(#[case] columns: u16) {
    let mut desk = steps(hostile(), "o");
    desk.resize(columns, 24);
    let terminal = terminal(&desk, Theme::Default);
    let buffer = terminal.backend().buffer();
    let word = |x: u16, y: u16| (x..x + 6).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    let state = (0..columns - 6).find(|x| word(*x, 4) == "State ").expect("a column of states");
    for y in 5..10 {
        assert_eq!(word(state, y), "active");
    }
}

#[test]
fn mono_has_no_colour_at_all() {
    for keys in
        ["", "o", "o j j enter e space", "o j j enter j d", "?", "o a y", "v", "v enter", "n j enter x enter"]
    {
        let desk = steps(risky(), keys);
        for cell in terminal(&desk, Theme::Mono).backend().buffer().content() {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        }
    }
}

#[test]
fn default_uses_only_the_sixteen_colours_of_the_terminal() {
    let desk = steps(World::new(), "o j j enter e space");
    for cell in terminal(&desk, Theme::Default).backend().buffer().content() {
        for colour in [cell.fg, cell.bg] {
            assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{colour:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn drawing_never_panics(
        happenings in prop::collection::vec(happening(), 1..60),
        sizes in prop::collection::vec((0..150_u16, 0..50_u16), 4),
        evil in any::<bool>(),
    ) {
        let mut desk = Desk::signed_in(if evil { hostile() } else { risky() });
        for happening in happenings {
            happen(&mut desk, happening);
            terminal(&desk, Theme::Default);
        }
        for (columns, rows) in sizes.into_iter().chain([(0, 0), (1, 1), (40, 12)]) {
            picture(&mut desk, columns, rows);
        }
    }
}
