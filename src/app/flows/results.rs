//! What becomes of changes, and what the operator is told.

use super::*;

fn reviewed() -> Desk {
    let mut desk = on_globex();
    desk.press("a").answer().type_text("deploy").answer().press("enter").answer().press("enter").answer();
    desk.press("enter");
    desk
}

fn row(desk: &Desk, roles: &[&str]) -> crate::domain::manager::Manager {
    manager(&desk.world.users[4], desk.world.named("Globex"), roles)
}

#[test]
fn leaving_never_cancels_a_write_and_its_result_is_told() {
    let mut desk = reviewed();
    desk.press("esc");
    assert_eq!(desk.app.writes_under_way(), 1);
    assert!(desk.others.is_empty());
    desk.press("g h").write();
    assert!(desk.said().contains("Done: Deploy Bot is ORG_OWNER on Globex"), "{}", desk.said());
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn a_result_below_another_screen_does_not_take_it_away() {
    let mut desk = reviewed();
    desk.press("g s").write();
    assert!(matches!(desk.app.top(), Some(Screen::SignIn(_))));
    assert!(desk.said().contains("Done"));
}

#[test]
fn a_change_by_somebody_else_is_shown_and_reviewed_anew() {
    let mut desk = reviewed();
    let now = row(&desk, &["ORG_SETTINGS_MANAGER"]);
    desk.end_writes(&Outcome::ChangedMeanwhile(Some(now))).answer();
    assert!(desk.writes.is_empty());
    desk.press("r").answer().press("enter");
    let (_, change) = &desk.writes[0];
    assert_eq!(change.before, Some(vec![Role::new("ORG_SETTINGS_MANAGER")]));
    assert_eq!(change.after, ["ORG_SETTINGS_MANAGER", "ORG_OWNER"].map(Role::new));
}

#[rstest]
#[case::failed(Outcome::Failed(network()), true)]
#[case::lost(Outcome::LostAndNotDone(network()), true)]
#[case::unknown(Outcome::Unknown(network()), false)]
#[case::not_visible(Outcome::NotVisibleYet, false)]
fn only_what_surely_did_not_happen_can_be_tried_again(#[case] outcome: Outcome, #[case] again: bool) {
    let mut desk = reviewed();
    desk.end_writes(&outcome).answer();
    assert!(matches!(desk.app.top(), Some(Screen::Review(review)) if review.has_ended()));
    desk.press("r").answer().press("enter");
    assert_eq!(desk.writes.len(), usize::from(again));
}

#[test]
fn already_so_shows_the_row() {
    let mut desk = reviewed();
    let now = row(&desk, &["ORG_OWNER"]);
    desk.end_writes(&Outcome::AlreadySo(Some(now))).answer();
    let Some(Screen::Organization(screen)) = desk.app.top() else { panic!("the organization") };
    assert_eq!(screen.managers.focused().map(|row| row.user.login_name.as_str()), Some("deploy-bot"));
    assert!(desk.said().contains("already so"));
}
