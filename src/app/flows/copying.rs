//! Copying what is on the screen in other forms, and being led to a place at the start.

use rstest::rstest;

use super::super::Start;
use super::super::effect::{Effect, SignInTarget, Slot};
use super::super::testing::{Desk, World, profile};
use super::access_review::risky;
use crate::domain::link::{Link, Named};
use crate::domain::text::SafeText;

fn copied(desk: &Desk) -> &str {
    match desk.others.last() {
        Some(Effect::Copy(text)) => text,
        other => panic!("nothing copied but {other:?}"),
    }
}

fn on(keys: &str) -> Desk {
    let mut desk = Desk::signed_in(World::new());
    for key in keys.split_whitespace() {
        desk.press(key).answer();
    }
    desk
}

#[rstest]
#[case::organizations("o", "zitui --profile prod orgs list")]
#[case::organizations_found("o / g l o b enter", "zitui --profile prod orgs list --search glob")]
#[case::users("u", "zitui --profile prod users search ''")]
#[case::managers("o j j enter", "zitui --profile prod managers list --org 100000000000000003")]
#[case::projects("o j j enter tab tab", "zitui --profile prod projects list --org 100000000000000003")]
#[case::granted("o j j enter shift-tab", "zitui --profile prod orgs show 100000000000000003")]
#[case::instance("i", "zitui --profile prod managers list --level instance")]
#[case::all("a", "zitui --profile prod managers list")]
#[case::person("u j j enter", "zitui --profile prod users show 200000000000000003")]
#[case::history("g j", "zitui --profile prod history")]
#[case::differences("n j enter o l d enter", "zitui --profile prod snapshot diff old now")]
#[case::snapshot("n enter o l d enter", "zitui --profile prod snapshot diff old now")]
#[case::step_organization("u a tab", "zitui --profile prod orgs list")]
#[case::step_user("o j j a tab", "zitui --profile prod users search ''")]
fn every_list_is_copied_as_the_command_that_lists_it(#[case] keys: &str, #[case] command: &str) {
    let mut desk = on(keys);
    let before = desk.crumbs();
    desk.press("Y enter");
    assert_eq!(copied(&desk), command);
    assert_eq!(desk.crumbs(), before, "one is back where one was");
    assert!(desk.said().contains("Copied this list: zitui command"), "{}", desk.said());
}

#[rstest]
#[case::with_the_cursor("j", 1)]
#[case::with_marks("space space", 2)]
fn the_managers_that_are_meant_become_resources(#[case] keys: &str, #[case] resources: usize) {
    let mut desk = on("o j j enter");
    desk.press(keys).press("Y G enter");
    assert_eq!(copied(&desk).matches("resource \"zitadel_org_member\"").count(), resources);
    assert_eq!(copied(&desk).matches("import {").count(), resources);
}

#[test]
fn the_change_of_a_review_and_of_the_basket_is_copied_before_it_is_sent() {
    let mut desk = on("o j j enter j j e space j space enter");
    desk.press("Y enter");
    assert!(copied(&desk).starts_with("zitui --profile prod managers set --org "), "{}", copied(&desk));
    desk.press("Y down enter");
    assert!(copied(&desk).starts_with("curl -X PUT "), "{}", copied(&desk));
    assert!(!copied(&desk).contains("Bearer ey") && copied(&desk).contains("$ZITADEL_TOKEN"));
    desk.press("b").answer().press("b Y enter");
    assert!(copied(&desk).contains(" managers set "), "{}", copied(&desk));
    assert!(desk.writes.is_empty());
}

#[test]
fn a_removal_that_asks_for_the_name_is_copied_too() {
    let mut desk = on("o j j enter j d");
    desk.press("ctrl-y enter");
    assert!(copied(&desk).contains(" managers remove --org "), "{}", copied(&desk));
}

#[test]
fn an_empty_basket_has_nothing_to_copy() {
    let mut desk = on("b");
    desk.press("Y");
    assert!(desk.said().contains("nothing here that could be copied"), "{}", desk.said());
}

fn copied_with(world: World, keys: &str) -> String {
    let mut desk = Desk::signed_in(world);
    for key in keys.split_whitespace() {
        desk.press(key).answer();
    }
    copied(&desk).to_owned()
}

#[rstest]
#[case::all("v Y enter", "review --all")]
#[case::accepted_hidden("v x Y enter", "review")]
#[case::by_rule("v / z r 9 0 1 enter Y enter", "review --rule ZR901")]
#[case::by_severity("v / c r i t i c a l enter Y enter", "review --severity critical")]
#[case::a_severity_that_shows_less_than_the_command("v / l o w enter Y enter", "review --all")]
#[case::by_text("v / g i n a enter Y enter", "review --all")]
#[case::fix("v j Y down enter", "managers remove --org 100000000000000003 --user 200000000000000004")]
#[case::rule_of_a_finding("v j Y down down enter", "review --rule ZR903")]
#[case::details("v j enter Y enter", "managers remove --org 100000000000000003 --user 200000000000000004")]
fn the_review_is_copied_as_far_as_a_command_shows_the_same(#[case] keys: &str, #[case] command: &str) {
    assert_eq!(copied_with(risky(), keys), format!("zitui --profile prod {command}"));
}

#[test]
fn a_snapshot_of_another_instance_cannot_be_compared_with_this_one() {
    let mut world = World::new();
    world.snapshot.issuer = "https://other.example".into();
    let mut desk = Desk::signed_in(world);
    desk.press("n enter o l d enter").answer().press("Y");
    assert!(
        desk.said().contains("Cannot copy: this snapshot is of https://other.example"),
        "{}",
        desk.said()
    );
}

#[test]
fn the_managers_of_a_finding_become_resources() {
    let terraform = copied_with(risky(), "v j Y G enter");
    assert!(terraform.contains("resource \"zitadel_org_member\" \"gus_locked_globex\""), "{terraform}");
}

#[rstest]
#[case::the_change("Y enter", "zitui --profile prod managers add ")]
#[case::as_request("Y j enter", "curl -X POST ")]
#[case::as_resource("Y j j enter", "# ")]
#[case::its_undo("Y j j j enter", "zitui --profile prod history undo e3")]
#[case::the_list("Y G enter", "zitui --profile prod history")]
#[case::no_undo_of_what_was_not_done("j j j Y j j j enter", "zitui --profile prod history")]
fn a_change_of_the_history_is_copied_with_its_undo(#[case] keys: &str, #[case] begins: &str) {
    let mut world = World::new();
    world.history = super::history::journal(&world);
    let text = copied_with(world, &format!("g j {keys}"));
    assert!(text.starts_with(begins), "{text}");
}

#[test]
fn a_change_on_another_instance_is_not_copied() {
    let mut world = World::new();
    world.history = super::history::journal(&world);
    for entry in &mut world.history {
        entry.issuer = "https://other.example".into();
    }
    assert_eq!(copied_with(world, "g j Y enter"), "zitui --profile prod history");
}

fn led_to(link: Link) -> Desk {
    let world = World::new();
    let profiles = vec![world.profile.clone()];
    let sign_in = Some(SignInTarget::Profile(0));
    Desk::at_start(world, Start { profiles, sign_in, link: Some(link), columns: 80, rows: 24 })
}

#[rstest]
#[case::organization(Named::Organization, "Globex", "Instance › Globex")]
#[case::user(Named::User, "gina-glob", "Instance › Gina Glob")]
#[case::project(Named::Project, "Portal", "Instance › Globex › Portal")]
fn a_link_leads_to_the_thing_and_escape_to_the_menu(
    #[case] named: Named,
    #[case] name: &str,
    #[case] crumbs: &str,
) {
    let mut desk = led_to(Link::Thing(named, name.to_owned()));
    desk.answer_one(Slot::SignIn);
    assert_eq!(desk.crumbs(), "Instance › Open");
    desk.answer();
    assert_eq!(desk.crumbs(), crumbs);
    desk.press("esc");
    assert_eq!(desk.crumbs(), "Instance");
}

#[rstest]
#[case::organization(Named::Organization, "Globex")]
#[case::user(Named::User, "gina-glob")]
#[case::project(Named::Project, "Portal")]
fn what_a_link_led_to_is_in_the_palette(#[case] named: Named, #[case] name: &str) {
    let mut desk = led_to(Link::Thing(named, name.to_owned()));
    desk.answer_one(Slot::SignIn).answer_one(Slot::Thing);
    let seen = &desk.app.shared().seen;
    let ids = [
        seen.organizations.latest().map(|one| one.name.clone()).next(),
        seen.users.latest().map(|one| one.login_name.clone()).next(),
        seen.projects.latest().map(|(one, _)| one.name.clone()).next(),
    ];
    assert_eq!(ids.into_iter().flatten().collect::<Vec<_>>(), [SafeText::new(name)]);
}

#[test]
fn a_name_that_means_nothing_is_told_and_looked_up_again() {
    let mut desk = led_to(Link::Thing(Named::Organization, "Globeks".to_owned()));
    desk.answer();
    assert_eq!(desk.crumbs(), "Instance › Open");
    desk.world.organizations[2].name = "Globeks".into();
    desk.press("r").answer();
    assert_eq!(desk.crumbs(), "Instance › Globeks");
}

#[test]
fn who_leaves_the_looking_up_is_not_called_back() {
    let mut desk = led_to(Link::Thing(Named::User, "gina-glob".to_owned()));
    desk.answer_one(Slot::SignIn);
    desk.press("esc").answer();
    assert_eq!(desk.crumbs(), "Instance");
    let mut desk = led_to(Link::Thing(Named::User, "gina-glob".to_owned()));
    desk.answer_one(Slot::SignIn);
    desk.press("g j").answer();
    assert_eq!(desk.crumbs(), "Instance › History");
}

#[rstest]
#[case::history(Link::History, "Instance › History")]
#[case::review(Link::Review, "Instance › Access review")]
fn history_and_review_are_places(#[case] link: Link, #[case] crumbs: &str) {
    let mut desk = led_to(link);
    desk.answer();
    assert_eq!(desk.crumbs(), crumbs);
    desk.press("esc");
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn the_palette_signs_in_with_another_profile() {
    let world = World::new();
    let profiles = vec![profile("prod"), profile("stage")];
    let sign_in = Some(SignInTarget::Profile(0));
    let mut desk = Desk::at_start(world, Start { profiles, sign_in, link: None, columns: 80, rows: 24 });
    desk.answer().press(":").type_text("stage");
    let entry = desk.app.palette().and_then(|palette| palette.entry(0)).expect("an entry");
    assert_eq!((entry.name.as_str(), entry.about.as_str()), ("stage", "profile, https://auth.example.com"));
    desk.press("enter");
    let asked = &desk.asked[&Slot::SignIn].1;
    assert_eq!(*asked, super::super::effect::Request::SignIn(SignInTarget::Profile(1)));
}
