//! The access review: from what was found to its fix, accepting, exporting.

use std::sync::Arc;

use super::*;
use crate::app::effect::FileWish;
use crate::app::screen::access_review::{AccessReview, Form};
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{Finding, ReviewReport, Rule, Severity, Subject};

const fn rule(id: &'static str, title: &'static str, severity: Severity) -> Rule {
    Rule { id, title, severity, why: "why", fix: "fix", sources: &[] }
}

static LOCKED: Rule = rule("ZR903", "Owner cannot sign in", Severity::High);
static ALONE: Rule = rule("ZR902", "Only one owner", Severity::Medium);
static TAKEOVER: Rule = rule("ZR901", "Owner of the instance", Severity::Critical);
static MANY: Rule = rule("ZR914", "Powers in several organizations", Severity::Low);
static KEYS: Rule = rule("ZR916", "Keys that never end", Severity::Info);

fn finding(rule: &'static Rule, subject: Subject, managers: Vec<ManagerRecord>, reason: &str) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        subject,
        managers,
        reason: reason.into(),
        fix: "Remove the role, or give it to somebody who needs it.".into(),
        commands: Vec::new(),
        accepted: None,
    }
}

/// A world in which a review finds something of each severity, one of them accepted, and has blind spots.
pub(crate) fn risky() -> World {
    let mut world = World::new();
    let records = world.records();
    let of = |name: &str| -> Vec<ManagerRecord> {
        records.iter().filter(|record| record.manager.user.display_name.as_str() == name).cloned().collect()
    };
    let globex = world.named("Globex").clone();
    let resource = Subject::Resource {
        resource: Resource::Organization(globex.id.clone()),
        name: globex.name.clone(),
        organization_name: globex.name,
    };
    let gus = of("Gus Locked");
    let root = ManagerUser::from(&world.users[1]);
    let gina = ManagerUser::from(&world.users[2]);
    let locked = Finding {
        commands: vec!["zitui managers remove --org 100000000000000003 --user 200000000000000004".to_owned()],
        ..finding(
            &LOCKED,
            Subject::Manager(Box::new(gus[0].clone())),
            gus,
            "Gus Locked is ORG_OWNER of Globex and is locked.",
        )
    };
    let accepted = Acceptance {
        finding: "ZR914/user/200000000000000003".into(),
        reason: "leads both".into(),
        author: "bo".into(),
        until: "2027-01-31".parse().expect("a day"),
    };
    let many = Finding {
        accepted: Some(accepted),
        ..finding(&MANY, Subject::User(gina), of("Gina Glob"), "Gina Glob manages things in 3 organizations.")
    };
    let deploy = ManagerUser::from(&world.users[4]);
    world.review.findings = vec![
        finding(
            &TAKEOVER,
            Subject::User(root),
            of("Root Admin"),
            "Root Admin is IAM_OWNER and signs in without a second factor.",
        ),
        locked,
        finding(&ALONE, resource, of("Gina Glob"), "Only Gina Glob can still act as owner of Globex."),
        many,
        finding(&KEYS, Subject::User(deploy), Vec::new(), "Deploy Bot has a key that never ends."),
    ];
    world.review.unjudged = vec![(&KEYS, "The keys of 3 service users cannot be read.".into())];
    world.review.unread =
        vec![UnreadPart { resource: None, name: "managers of Initech".into(), problem: network() }];
    world.review.stale = vec![Acceptance {
        finding: "ZR902/organization/1".into(),
        reason: "was small".into(),
        author: "bo".into(),
        until: "2026-01-31".parse().expect("a day"),
    }];
    world
}

fn screen(desk: &Desk) -> &AccessReview {
    let Some(Screen::AccessReview(screen)) = desk.app.top() else {
        panic!("the access review, not {}", desk.crumbs())
    };
    screen
}

fn reviewed(world: World) -> Desk {
    let mut desk = Desk::signed_in(world);
    desk.press("g v").answer();
    desk
}

fn rules(desk: &Desk) -> Vec<&'static str> {
    let screen = screen(desk);
    (0..screen.rows.len()).filter_map(|line| Some(screen.finding(line)?.rule.id)).collect()
}

#[test]
fn progress_is_told_and_escape_stops_without_leaving() {
    let mut desk = Desk::signed_in(risky());
    desk.press("5").progress(Slot::AccessReview, 12, 40);
    assert_eq!(screen(&desk).count(), "reading 12 of 40 lists");
    desk.press("esc");
    assert!(desk.asked.is_empty() && !screen(&desk).is_reading());
    assert!(desk.said().contains("Stopped"), "{}", desk.said());
    desk.press("r").answer();
    assert_eq!(screen(&desk).count(), "5 findings, 1 accepted");
    desk.press("esc");
    assert_eq!(desk.crumbs(), "Instance");
}

#[test]
fn an_answer_that_comes_after_reading_again_is_not_taken() {
    let mut desk = Desk::signed_in(risky());
    desk.press("g v");
    let (late, _) = desk.asked[&Slot::AccessReview];
    desk.press("esc").press("r");
    let failed = Answer::Reviewed(Err(network()));
    desk.handle(Event::Answered(late, Box::new(failed)));
    assert!(screen(&desk).is_reading() && screen(&desk).problem.is_none());
}

#[test]
fn reading_again_that_is_stopped_keeps_what_was_found() {
    let mut desk = reviewed(risky());
    desk.press("r esc");
    assert_eq!(rules(&desk).len(), 5);
}

#[rstest]
#[case::severity("critical", &["ZR901"])]
#[case::words_of_reason_and_user("locked gus", &["ZR903"])]
#[case::a_manager_concerned("gina", &["ZR902", "ZR914"])]
#[case::a_role("iam_owner", &["ZR901"])]
#[case::nothing("xyz", &[])]
fn the_filter_finds_any_word(#[case] text: &str, #[case] expected: &[&str]) {
    let mut desk = reviewed(risky());
    desk.press("/").type_text(text).press("enter");
    assert_eq!(rules(&desk), expected);
    desk.press("esc");
    assert_eq!(rules(&desk).len(), 5);
}

#[test]
fn accepted_findings_can_be_hidden_and_are_counted_all_the_same() {
    let mut desk = reviewed(risky());
    desk.press("x");
    assert_eq!(rules(&desk), ["ZR901", "ZR903", "ZR902", "ZR916"]);
    assert_eq!(screen(&desk).count(), "4 of 5 findings, 1 accepted hidden");
    desk.press("x");
    assert_eq!(rules(&desk).len(), 5);
}

#[test]
fn blind_spots_name_lists_rules_and_acceptances() {
    let mut desk = reviewed(risky());
    assert_eq!(
        screen(&desk).notices(),
        ["Blind spots (w): 1 list unread, 1 rule not fully judged, 1 stale acceptance"]
    );
    desk.press("w");
    let names: Vec<&str> = screen(&desk).unread.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(
        names,
        ["managers of Initech", "ZR916 Keys that never end", "acceptance of ZR902/organization/1"]
    );
    desk.press("esc");
    assert!(!screen(&desk).unread.open);
}

#[test]
fn from_a_finding_to_its_fix_and_reading_again_shows_it_gone() {
    let mut desk = reviewed(risky());
    desk.press("j enter j d").answer();
    assert!(matches!(desk.app.top(), Some(Screen::Review(_))), "{}", desk.crumbs());
    desk.press("enter");
    let [(_, change)] = desk.writes.as_slice() else { panic!("one change") };
    assert_eq!((change.kind(), change.user.display_name.as_str()), (ChangeKind::Remove, "Gus Locked"));
    desk.write().answer();
    assert_eq!(desk.crumbs(), "Instance › Access review › ZR903 Gus Locked on Globex");
    assert!(screen(&desk).outdated, "what was found may not hold any more");
    desk.world.review.findings.retain(|finding| finding.rule.id != "ZR903");
    desk.press("r").answer();
    assert!(desk.said().contains("ZR903 Gus Locked on Globex is not found any more"), "{}", desk.said());
    assert!(!screen(&desk).outdated);
    assert_eq!(rules(&desk).len(), 4);
}

#[rstest]
#[case::resource("j j enter enter", "Instance › Globex")]
#[case::user("enter enter", "Instance › Access review › ZR901 Root Admin › Root Admin")]
#[case::user_of_a_manager(
    "j enter j enter",
    "Instance › Access review › ZR903 Gus Locked on Globex › Gus Locked"
)]
#[case::resource_of_a_manager("j enter j g r", "Instance › Globex")]
#[case::resource_from_the_list("j g r", "Instance › Globex")]
fn a_finding_leads_to_where_it_is_fixed(#[case] keys: &str, #[case] crumbs: &str) {
    let mut desk = reviewed(risky());
    desk.press(keys).answer();
    assert_eq!(desk.crumbs(), crumbs);
}

#[test]
fn key_and_command_are_copied() {
    let mut desk = reviewed(risky());
    desk.press("j y enter G enter");
    let copied: Vec<&Effect> =
        desk.others.iter().filter(|effect| matches!(effect, Effect::Copy(_))).collect();
    let command = "zitui managers remove --org 100000000000000003 --user 200000000000000004";
    assert_eq!(
        copied,
        [
            &Effect::Copy("ZR903/organization/100000000000000003/user/200000000000000004".to_owned()),
            &Effect::Copy(command.to_owned())
        ]
    );
}

#[test]
fn accepting_needs_a_reason_writes_the_file_and_marks_the_finding() {
    let mut desk = reviewed(risky());
    desk.press("j j A enter");
    assert!(desk.asked.is_empty() && desk.said().contains("why this may stay"), "{}", desk.said());
    desk.type_text("founder, until the second one comes").press("enter");
    assert!(screen(&desk).finding(2).is_some_and(|finding| finding.accepted.is_none()), "not written yet");
    let expected = Acceptance {
        finding: "ZR902/organization/100000000000000003".into(),
        reason: "founder, until the second one comes".into(),
        author: "ada".into(),
        until: "2027-02-22".parse().expect("a day"),
    };
    let Some((_, Request::Accept { acceptance, comment })) = desk.asked.get(&Slot::File) else {
        panic!("{:?}", desk.asked)
    };
    assert_eq!((&**acceptance, comment.as_str()), (&expected, "ZR902 Globex"));
    desk.answer();
    let accepted = screen(&desk).finding(2).and_then(|finding| finding.accepted.clone());
    assert_eq!(accepted, Some(expected));
    assert_eq!(screen(&desk).count(), "5 findings, 2 accepted");
    desk.press("A");
    assert!(desk.said().contains("edit zitui-review.toml to take that back"), "{}", desk.said());
}

#[rstest]
#[case::no_day("tomorrow", "is no day")]
#[case::past("2026-11-23", "is past")]
#[case::no_such_day("2027-02-30", "is no day")]
fn the_last_day_must_be_one_to_come(#[case] day: &str, #[case] why: &str) {
    let mut desk = reviewed(risky());
    desk.press("A").type_text("x").press("tab ctrl-u").type_text(day).press("enter");
    assert!(desk.asked.is_empty() && desk.said().contains(why), "{}", desk.said());
}

#[test]
fn an_acceptance_that_cannot_be_written_is_told_and_marks_nothing() {
    let mut desk = reviewed(risky());
    desk.world.problems.insert(Slot::File, network());
    desk.press("A").type_text("x").press("enter").answer();
    let Some(Form::Accept(form)) = &screen(&desk).form else { panic!("the form stays") };
    assert_eq!(form.problem, Some(network()));
    assert_eq!(form.fields[0].text(), "x", "nothing typed is lost");
    desk.press("esc");
    assert_eq!(screen(&desk).count(), "5 findings, 1 accepted");
}

#[test]
fn a_file_that_is_there_is_replaced_only_once_that_was_agreed_to() {
    let mut desk = reviewed(risky());
    desk.world.files.insert("access-review.md".to_owned());
    desk.press("E enter").answer();
    let Some(Form::Export(form)) = &screen(&desk).form else { panic!("the form stays") };
    assert!(form.is_there);
    desk.press("enter");
    let Some((_, Request::ExportReview(_, wish))) = desk.asked.get(&Slot::File) else { panic!("an export") };
    assert_eq!(*wish, FileWish { path: "access-review.md".to_owned(), replace: true });
    desk.answer();
    assert!(screen(&desk).form.is_none() && desk.said().contains("Written to access-review.md"));
}

#[test]
fn another_name_is_asked_about_anew() {
    let mut desk = reviewed(risky());
    desk.world.files.extend(["access-review.md".to_owned(), "access-review.mdx".to_owned()]);
    desk.press("E enter").answer().type_text("x").press("enter").answer();
    let Some(Form::Export(form)) = &screen(&desk).form else { panic!("the form stays") };
    assert!(form.is_there);
}

#[test]
fn a_session_that_ends_midway_is_told_and_what_was_found_stays() {
    let mut desk = reviewed(risky());
    let ended =
        Problem::new(ProblemKind::NotSignedIn, "Cannot review", "the key was removed", "Sign in again");
    desk.world.problems.insert(Slot::AccessReview, ended.clone());
    desk.press("r").answer();
    assert!(desk.app.shared().session.as_ref().is_some_and(|session| session.ended));
    assert_eq!(screen(&desk).problem, Some(ended));
    assert_eq!(rules(&desk).len(), 5);
}

#[test]
fn the_cursor_stays_on_its_finding_when_others_come() {
    let mut desk = reviewed(risky());
    desk.press("j j");
    let more = desk.world.review.findings[0].clone();
    let root =
        ManagerUser { id: crate::domain::id::UserId::new("9"), ..ManagerUser::from(&desk.world.users[0]) };
    desk.world.review.findings.insert(0, Finding { subject: Subject::User(root), ..more });
    desk.press("r").answer();
    assert_eq!(screen(&desk).focused().map(|finding| finding.rule.id), Some("ZR902"));
}

#[test]
fn thousands_of_findings_are_kept_once() {
    let mut desk = reviewed(risky());
    let report: &Arc<ReviewReport> = &screen(&desk).reviewed.as_ref().expect("a review").report;
    assert_eq!(Arc::strong_count(report), 1);
    desk.press("E enter");
    let report = &screen(&desk).reviewed.as_ref().expect("a review").report;
    assert!(Arc::strong_count(report) > 1, "the export shares it");
}
