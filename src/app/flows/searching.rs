//! Searching while typing.

use super::*;

fn on_organizations() -> Desk {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer().press("/");
    desk.history.clear();
    desk
}

#[test]
fn only_the_last_answer_counts_whatever_the_order() {
    let mut desk = on_organizations();
    desk.type_text("g");
    let (old, _) = desk.asked[&Slot::Organizations];
    desk.type_text("lo");
    let late = organization(9, "Gone", OrganizationState::Active);
    let page = Page::new(vec![late], Some(1), 0, 100);
    desk.answer().handle(Event::Answered(old, Box::new(Answer::Organizations(Ok(page)))));
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    let names: Vec<_> = screen.search.listing.rows().iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Globex"]);
}

#[test]
fn typing_waits_a_moment_and_enter_or_a_paste_does_not() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer().press("/");
    let delay = |effects: Vec<Effect>| match effects.as_slice() {
        [.., Effect::Ask { after, .. }] => Some(after.as_millis()),
        _ => None,
    };
    let press = |code| Event::Key(Key { code, ctrl: false, alt: false });
    let typed = delay(desk.app.handle(press(KeyCode::Char('g'))));
    assert!(typed.is_some_and(|delay| (150..=200).contains(&delay)), "{typed:?}");
    assert_eq!(delay(desk.app.handle(press(KeyCode::Enter))), Some(0));
    assert_eq!(delay(desk.app.handle(press(KeyCode::Char('/')))), None);
    assert_eq!(delay(desk.app.handle(Event::Paste("lo\nbex".to_owned()))), Some(0));
}

#[test]
fn impatience_does_not_begin_the_wait_anew() {
    let mut desk = on_organizations();
    desk.type_text("glo").press("enter");
    let asked = desk.history.len();
    desk.press("enter enter enter");
    assert_eq!(desk.history.len(), asked);
    assert_eq!(desk.crumbs(), "Instance › Organizations");
}

#[test]
fn the_same_question_is_not_asked_twice() {
    let mut desk = on_organizations();
    desk.type_text("g").answer();
    let asked = desk.history.len();
    desk.type_text(" ").press("backspace").type_text("x").press("backspace");
    assert!(desk.asked.is_empty(), "typed back to what is shown: nothing is under way");
    assert_eq!(desk.history.len(), asked + 1, "only the one in between, which the loop holds back");
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    assert!(!screen.search.listing.is_stale());
}

#[test]
fn old_rows_stay_while_loading_but_cannot_be_chosen() {
    let mut desk = on_organizations();
    desk.type_text("glo").press("down enter");
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("nothing was opened") };
    assert_eq!(screen.search.listing.rows().len(), 5);
    assert!(screen.search.listing.is_stale());
    assert_eq!(desk.said(), "Still loading");
}

#[test]
fn a_failure_keeps_the_rows_and_reading_again_recovers() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter").answer();
    desk.world.problems.insert(Slot::Organizations, network());
    desk.press("down r").answer();
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    assert_eq!(screen.search.listing.rows().len(), 5);
    assert_eq!(screen.search.listing.problem(), Some(&network()));
    desk.world.problems.clear();
    desk.press("r").answer();
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    assert_eq!(screen.search.listing.problem(), None);
    assert_eq!(screen.search.listing.cursor.at, 1, "the cursor returns to its row");
}

#[test]
fn escape_first_takes_the_search_away_then_goes_back() {
    let mut desk = on_organizations();
    desk.type_text("glo").press("enter").answer().press("esc").answer();
    assert_eq!(desk.crumbs(), "Instance › Organizations");
    desk.press("esc");
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn users_are_searched_in_three_ways_and_shown_once() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("u").answer().press("/").type_text("dep");
    let slots: Vec<Slot> = desk.asked.keys().copied().collect();
    assert_eq!(slots, [Slot::UserNames, Slot::UserLogins, Slot::ServiceNames]);
    desk.answer();
    let Some(Screen::Users(screen)) = desk.app.top() else { panic!("the users") };
    assert_eq!(screen.search.listing.rows().len(), 2);
    assert_eq!(screen.search.count(), "2 of 7");
    assert_eq!(screen.search.listing.focused().map(|user| user.login_name.as_str()), Some("depot-watcher"));
}
