//! Findings that somebody accepted.

use jiff::civil::{Date, date};

use super::world::World;
use crate::domain::level::Resource;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{ReviewReport, Severity, review};

const KEY: &str = "ZR004/instance";
const TODAY: Date = date(2026, 11, 24);

fn acceptance(key: &str, until: Date) -> Acceptance {
    Acceptance {
        finding: key.into(),
        reason: "the second owner starts in January".into(),
        author: "Alice".into(),
        until,
    }
}

fn lonely() -> World {
    let mut world = World::new().leaves(&Resource::Instance, "rescue");
    world.settings.severities.insert("ZR010".to_owned(), None);
    world
}

fn judged(world: &World, accepted: &[Acceptance]) -> ReviewReport {
    review(&world.evidence, &world.settings, accepted)
}

#[test]
fn an_accepted_finding_stays_in_the_report_until_the_end_of_the_day() {
    let accepted = [acceptance(KEY, TODAY)];
    let report = judged(&lonely(), &accepted);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].accepted.as_ref(), Some(&accepted[0]));
    assert_eq!(report.stale, []);
    assert!(!report.fails(Severity::Info));
}

#[test]
fn an_acceptance_that_has_ended_counts_no_more_and_is_told() {
    let accepted = [acceptance(KEY, TODAY.yesterday().unwrap())];
    let report = judged(&lonely(), &accepted);
    assert_eq!(report.findings[0].accepted, None);
    assert_eq!(report.stale, accepted);
    assert!(report.fails(Severity::High));
}

#[test]
fn the_day_is_that_of_utc() {
    let accepted = [acceptance(KEY, TODAY)];
    let next = lonely().with(|evidence| evidence.now = "2026-11-25T00:00:00Z".parse().unwrap());
    assert_eq!(judged(&next, &accepted).stale, accepted);
}

#[test]
fn an_acceptance_that_fits_nothing_is_told() {
    let accepted = [acceptance("ZR006/instance/user/zoe", date(2027, 1, 1))];
    assert_eq!(judged(&World::new(), &accepted).stale, accepted);
}

#[test]
fn an_acceptance_whose_finding_may_be_out_of_sight_is_kept() {
    let accepted = [acceptance(KEY, date(2027, 1, 1))];
    let blind = World::new().with(|evidence| {
        evidence.unread_resources.insert(Resource::Instance);
    });
    assert_eq!(judged(&blind, &accepted).stale, []);
    assert_eq!(judged(&World::new(), &accepted).stale, accepted);
}

#[test]
fn of_two_acceptances_of_one_finding_the_longer_counts() {
    let accepted = [
        acceptance(KEY, date(2026, 12, 1)),
        acceptance(KEY, date(2027, 1, 1)),
        acceptance(KEY, date(2020, 1, 1)),
    ];
    let report = judged(&lonely(), &accepted);
    assert_eq!(report.findings[0].accepted.as_ref(), Some(&accepted[1]));
    assert_eq!(report.stale, [accepted[2].clone()]);
}
