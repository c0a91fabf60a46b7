//! What a person does at the desk, from key press to effect, as far as the state machine decides it.

pub(crate) mod access_review;
pub(crate) mod anything;
mod changing;
mod copying;
pub(crate) mod history;
pub(crate) mod levels;
mod paging;
mod plans;
mod results;
mod searching;
pub(crate) mod snapshots;

use proptest::prelude::*;
use rstest::rstest;

use super::Start;
use super::effect::{Effect, Request, Sequence, SignInTarget, Slot};
use super::event::{Answer, Event, Key, KeyCode};
use super::keys::{self, Action, place};
use super::message::Tone;
use super::screen::Screen;
use super::testing::{Desk, World, manager, organization, profile, user};
use crate::domain::change::{ChangeKind, Outcome};
use crate::domain::inventory::UnreadPart;
use crate::domain::link::{Link, Named};
use crate::domain::organization::OrganizationState;
use crate::domain::page::Page;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::Role;
use crate::domain::user::{UserKind, UserState};

fn start() -> Start {
    Start {
        profiles: vec![profile("prod"), profile("stage")],
        sign_in: None,
        link: None,
        columns: 80,
        rows: 24,
    }
}

fn network() -> Problem {
    Problem::new(ProblemKind::Network, "Cannot read this list", "connection refused", "Check the network")
}

fn on_globex() -> Desk {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer().press("down down enter").answer();
    desk
}

#[test]
fn a_service_user_of_another_organization_becomes_owner_within_twelve_presses() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer();
    desk.take_pressed();
    desk.press("/").type_text("umb").press("enter").answer();
    desk.press("a").answer().type_text("deploy").answer();
    desk.press("enter").answer().press("enter").answer().press("enter");
    let [(_, change)] = desk.writes.as_slice() else { panic!("one change, not {:?}", desk.writes) };
    assert_eq!(change.kind(), ChangeKind::Add);
    assert_eq!(change.after, [Role::new("ORG_OWNER")]);
    assert_eq!(change.resource_name.as_str(), "Umbrella");
    assert_eq!(change.user.login_name.as_str(), "deploy-bot");
    desk.write().answer();
    assert!(desk.take_pressed() <= 12);
    assert_eq!(desk.crumbs(), "Instance › Umbrella");
    let Some(Screen::Organization(screen)) = desk.app.top() else { panic!("the organization") };
    assert_eq!(screen.managers.focused().map(|row| row.user.login_name.as_str()), Some("deploy-bot"));
    assert!(desk.said().contains("as read back"));
}

#[test]
fn nothing_is_shown_as_done_before_it_was_read_back() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer().press("a").answer().press("enter").answer().press("enter enter");
    assert_eq!(desk.app.writes_under_way(), 1);
    assert!(matches!(desk.app.top(), Some(Screen::Review(_))));
    desk.end_writes(&Outcome::NotVisibleYet).answer();
    assert!(matches!(desk.app.top(), Some(Screen::Review(review)) if review.has_ended()));
    assert_eq!(desk.said(), "");
}

#[test]
fn a_profile_given_at_the_start_is_signed_in_to_at_once() {
    let sign_in = Some(SignInTarget::Profile(1));
    let desk = Desk::at_start(World::new(), Start { sign_in, ..start() });
    assert_eq!(desk.history, [Request::SignIn(SignInTarget::Profile(1))]);
}

#[rstest]
#[case::profile("down enter", SignInTarget::Profile(1))]
#[case::demo("G k enter", SignInTarget::Demo)]
fn signs_in_with_the_chosen_entry(#[case] keys: &str, #[case] target: SignInTarget) {
    let mut desk = Desk::at_start(World::new(), start());
    desk.press(keys);
    assert_eq!(desk.history, [Request::SignIn(target)]);
}

#[test]
fn a_new_profile_is_typed_with_completion_of_the_key_file() {
    let mut desk = Desk::at_start(World::new(), start());
    desk.press("down down enter").type_text("https://q.example").press("enter").type_text("/keys/zi");
    desk.press("tab").answer();
    let Some(Screen::SignIn(screen)) = desk.app.top() else { panic!("the sign-in") };
    assert_eq!(screen.key_file.paths, ["/keys/zi.json", "/keys/zi-old.json"]);
    desk.type_text(".json").press("enter");
    let key_file = "/keys/zi.json".to_owned();
    let target = SignInTarget::Typed { url: "https://q.example".to_owned(), key_file };
    assert_eq!(desk.history.last(), Some(&Request::SignIn(target)));
}

#[test]
fn a_failed_sign_in_is_told_where_it_was_tried_and_escape_stops_a_slow_one() {
    let mut world = World::new();
    world.problems.insert(Slot::SignIn, network());
    let mut desk = Desk::at_start(world, start());
    desk.press("enter").answer();
    assert!(matches!(desk.app.top(), Some(Screen::SignIn(screen)) if screen.problem == Some(network())));
    desk.press("enter esc");
    assert!(desk.asked.is_empty());
}

#[rstest]
#[case::esc_at_the_top_stays("esc", false)]
#[case::q_at_the_top_leaves("q", true)]
#[case::ctrl_c_leaves("ctrl-c", true)]
#[case::q_below_the_top_goes_back("enter q", false)]
#[case::q_twice_leaves("enter q q", true)]
#[case::a_typed_q_is_text("enter / q", false)]
#[case::ctrl_c_leaves_from_a_text_field("enter / ctrl-c", true)]
fn leaves_only_when_asked(#[case] keys: &str, #[case] leaves: bool) {
    let mut desk = Desk::signed_in(World::new());
    desk.press(keys);
    assert_eq!(desk.others.contains(&Effect::Quit), leaves);
}

#[rstest]
#[case::number("1", "Instance › Organizations")]
#[case::letter("u", "Instance › Users")]
#[case::enter("down enter", "Instance › Users")]
#[case::pair_from_below("enter g u", "Instance › Users")]
#[case::pair_to_the_menu("enter g h", "Instance")]
#[case::pair_to_the_organizations("u g o", "Instance › Organizations")]
#[case::unknown_pair_does_nothing("enter g x", "Instance › Organizations")]
fn goes_places(#[case] keys: &str, #[case] crumbs: &str) {
    let mut desk = Desk::signed_in(World::new());
    desk.press(keys);
    assert_eq!(desk.crumbs(), crumbs);
}

#[test]
fn going_to_the_organizations_from_inside_one_returns_to_the_list_as_it_was() {
    let mut desk = on_globex();
    desk.press("g o").answer();
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    assert_eq!(screen.search.listing.cursor.at, 2);
}

#[test]
fn a_message_goes_away_by_itself_and_then_nothing_moves() {
    let mut desk = on_globex();
    assert_eq!(desk.app.wants_tick(), None);
    desk.press("y");
    assert_eq!(desk.others, [Effect::Copy("200000000000000006".to_owned())]);
    assert!(desk.app.wants_tick().is_some());
    desk.handle(Event::Tick);
    assert_eq!(desk.said(), "");
    assert_eq!(desk.app.wants_tick(), None);
}

#[test]
fn a_message_that_replaces_another_is_not_taken_away_with_it() {
    let mut desk = on_globex();
    desk.press("y o");
    desk.handle(Event::Tick);
    assert_eq!(desk.said(), "Opened in the browser");
    desk.handle(Event::Tick);
    assert_eq!(desk.said(), "");
}

#[test]
fn leaving_a_screen_cancels_what_it_was_loading() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter");
    assert!(desk.asked.contains_key(&Slot::Organizations));
    desk.press("esc");
    assert!(desk.asked.is_empty());
}

#[test]
fn an_ended_session_is_told() {
    let mut desk = on_globex();
    let ended = Problem::new(ProblemKind::NotSignedIn, "Cannot read", "the key was removed", "Sign in again");
    desk.world.problems.insert(Slot::Managers, ended);
    desk.press("r").answer();
    assert!(desk.app.shared().session.as_ref().is_some_and(|session| session.ended));
}

#[test]
fn the_help_finds_keys_and_runs_them() {
    let mut desk = on_globex();
    desk.press("?").type_text("remove this").press("enter").answer();
    assert!(desk.app.help().is_none());
    assert!(matches!(desk.app.top(), Some(Screen::Review(_))));
}

#[test]
fn states_and_home_organizations_of_managers_are_looked_up_once() {
    let mut desk = on_globex();
    let gus = &desk.world.users[3];
    assert_eq!(desk.app.shared().state(&gus.id), Some(&UserState::Locked));
    let asked = desk.history.iter().filter(|request| matches!(request, Request::UsersById(_))).count();
    desk.press("esc").answer().press("enter").answer();
    let again = desk.history.iter().filter(|request| matches!(request, Request::UsersById(_))).count();
    assert_eq!(asked, again);
}

/// A desk in every place of the key table.
fn desks() -> Vec<(place::Place, Desk)> {
    let ways: &[(place::Place, &str)] = &[
        (place::MENU, ""),
        (place::ORGANIZATIONS, "o"),
        (place::SEARCH_FIELD, "o /"),
        (place::MANAGERS, "o j j enter"),
        (place::ORGANIZATION_USERS, "o j j enter tab"),
        (place::MANAGERS_ONLY, "i"),
        (place::PROJECTS, "o j j enter tab tab"),
        (place::ROLE_CARDS, "i c"),
        (place::USERS, "u"),
        (place::PERSON, "u enter"),
        (place::ALL_MANAGERS, "a"),
        (place::UNREAD, "a w"),
        (place::PALETTE, ":"),
        (place::ACCESS_REVIEW, "v"),
        (place::FINDING, "v enter"),
        (place::ACCEPT_FORM, "v A"),
        (place::PATH_FORM, "v E"),
        (place::SNAPSHOTS, "n"),
        (place::DIFFERENCES, "n j enter x enter"),
        (place::CHOOSE_ORGANIZATION_FIELD, "u a"),
        (place::CHOOSE_ORGANIZATION, "u a tab"),
        (place::CHOOSE_USER_FIELD, "o a"),
        (place::CHOOSE_USER, "o a tab"),
        (place::ROLES, "o a enter"),
        (place::REVIEW, "o a enter enter"),
        (place::REVIEW_NAME, "o j j enter j d"),
        (place::APPLYING, "o a enter enter enter"),
        (place::BASKET, "o a enter enter b b"),
        (place::LEAVING, "o a enter enter b ctrl-c"),
        (place::HISTORY, "g j"),
        (place::PROFILES, "g p"),
        (place::SIGN_IN, "s"),
        (place::URL_FIELD, "s G k k enter"),
        (place::KEY_FILE_FIELD, "s G k k enter enter"),
        (place::COPY_AS, "o Y"),
        (place::HELP, "?"),
    ];
    let mut desks: Vec<_> = ways
        .iter()
        .map(|(place, keys)| {
            let mut world = access_review::risky();
            world.unread = vec![UnreadPart { resource: None, name: "a list".into(), problem: network() }];
            let mut desk = Desk::signed_in(world);
            for key in keys.split_whitespace() {
                desk.press(key).answer();
            }
            (*place, desk)
        })
        .collect();
    let mut pasted = Desk::signed_in(World::new());
    pasted.press("u").answer().handle(Event::Paste("deploy-bot\nnobody".to_owned())).answer();
    desks.push((place::PASTED, pasted));
    let mut signing_in = Desk::at_start(World::new(), start());
    signing_in.press("enter");
    desks.push((place::SIGNING_IN, signing_in));
    let link = Some(Link::Thing(Named::User, "nobody".to_owned()));
    let sign_in = Some(SignInTarget::Profile(0));
    let mut opening = Desk::at_start(World::new(), Start { sign_in, link, ..start() });
    opening.answer();
    desks.push((place::OPENING, opening));
    let mut ended = Desk::signed_in(World::new());
    ended
        .press("enter")
        .answer()
        .press("a")
        .answer()
        .press("enter")
        .answer()
        .press("enter")
        .answer()
        .press("enter");
    ended.end_writes(&Outcome::Failed(network()));
    desks.push((place::RESULTS, ended));
    desks
}

#[test]
fn every_key_of_the_table_does_something_where_it_holds() {
    let mut seen = Vec::new();
    for (place, _) in desks() {
        for binding in keys::of(place) {
            let (_, mut desk) = desks().into_iter().find(|(other, _)| *other == place).expect("a desk");
            assert_eq!(desk.app.place(), place);
            assert!(desk.app.act(binding.action), "{:?} in {place:?}", binding.action);
        }
        seen.push(place);
    }
    for place in place::ALL {
        assert!(seen.contains(place), "no test reaches {place:?}");
    }
}

#[test]
fn no_write_key_is_without_its_flag() {
    let leads_to_writes = [
        Action::AddManager,
        Action::ChangeRoles,
        Action::RemoveManager,
        Action::RemoveAll,
        Action::Apply,
        Action::Retry,
        Action::Undo,
    ];
    for binding in keys::KEYS {
        assert_eq!(binding.writes, leads_to_writes.contains(&binding.action), "{binding:?}");
    }
}

#[test]
fn tones_of_failures_last_longer_than_those_of_notes() {
    let stays = |tone| super::message::Message { tone, text: String::new() }.stays();
    assert!(stays(Tone::Bad) > stays(Tone::Note));
}

#[test]
fn a_locked_user_is_warned_of_in_the_review() {
    let mut desk = Desk::signed_in(World::new());
    let home = desk.world.named("Umbrella").clone();
    desk.world.users.push(user(20, "Lola Locked", UserKind::Human, UserState::Locked, &home));
    desk.press("enter").answer().press("a").answer().type_text("lola").answer().press("enter").answer();
    desk.press("enter").answer();
    let Some(Screen::Review(review)) = desk.app.top() else { panic!("the review") };
    let warnings = review.warnings(desk.app.shared());
    assert!(warnings[0].iter().any(|warning| warning.to_string().contains("locked")), "{warnings:?}");
}
