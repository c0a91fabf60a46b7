//! Long lists.

use super::*;

fn many(count: u32) -> Desk {
    let mut world = World::new();
    world.organizations = (0..count)
        .map(|number| organization(number, &format!("Org {number:05}"), OrganizationState::Active))
        .collect();
    let mut desk = Desk::signed_in(world);
    desk.press("enter").answer();
    desk
}

fn listing(desk: &Desk) -> &crate::app::listing::Listing<crate::domain::organization::Organization> {
    let Some(Screen::Organizations(screen)) = desk.app.top() else { panic!("the organizations") };
    &screen.search.listing
}

fn focused(desk: &Desk) -> String {
    listing(desk).focused().map(|row| row.name.to_string()).unwrap_or_default()
}

#[test]
fn reads_on_only_as_the_cursor_comes_near_the_end() {
    let mut desk = many(1000);
    assert_eq!(listing(&desk).rows().len(), 100);
    for _ in 0..70 {
        desk.press("j").answer();
    }
    assert_eq!(listing(&desk).rows().len(), 200);
    assert_eq!(focused(&desk), "Org 00070");
}

#[test]
fn a_long_way_down_and_up_keeps_few_rows_and_misses_none() {
    let mut desk = many(9000);
    for number in 0..8999 {
        assert_eq!(focused(&desk), format!("Org {number:05}"));
        desk.press("j").answer();
    }
    assert!(listing(&desk).rows().len() <= 3200);
    for number in (1..9000).rev() {
        assert_eq!(focused(&desk), format!("Org {number:05}"));
        desk.press("k").answer();
    }
    assert!(listing(&desk).rows().len() <= 3200);
}

#[test]
fn text_typed_and_taken_back_leaves_the_list_as_long_as_it_was() {
    let mut desk = many(1000);
    desk.press("/ x backspace enter").answer().press("G").answer();
    assert_eq!(focused(&desk), "Org 00999");
    desk.press("g g").answer().press("/ x backspace enter").answer();
    for _ in 0..150 {
        desk.press("j").answer();
    }
    assert_eq!(focused(&desk), "Org 00150");
}

#[test]
fn jumps_to_the_last_and_to_the_first_row_of_all() {
    let mut desk = many(9000);
    desk.press("G").answer();
    assert_eq!(focused(&desk), "Org 08999");
    desk.press("k k k k").answer().press("g g").answer();
    assert_eq!(focused(&desk), "Org 00000");
    assert!(desk.history.len() < 12, "{}", desk.history.len());
}

#[test]
fn a_total_that_is_too_high_and_empty_pages_do_not_end_the_list_nor_ask_for_ever() {
    let mut desk = Desk::signed_in(World::new());
    desk.press("enter");
    for _ in 0..40 {
        let Some((_, (sequence, request))) = desk.asked.pop_first() else { break };
        let Request::Organizations(query) = request else { panic!("{request:?}") };
        let page = Page::new(Vec::new(), Some(100_000), query.offset, query.limit);
        desk.handle(Event::Answered(sequence, Box::new(Answer::Organizations(Ok(page)))));
    }
    assert!(desk.asked.is_empty());
    assert!(desk.history.len() < 10, "{}", desk.history.len());
    desk.press("j");
    assert_eq!(desk.asked.len(), 1, "asks on when told to");
}
