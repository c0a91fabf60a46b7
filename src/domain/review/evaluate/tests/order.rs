//! Severity, order and counts of the report.

use proptest::prelude::*;

use super::every_pair;
use super::world::World;
use crate::domain::level::Resource;
use crate::domain::review::{Finding, RULES, Severity};
use crate::domain::user::UserState;

/// All broken worlds in one.
fn broken() -> World {
    let mut all = World::new();
    for twins in every_pair() {
        let evidence = twins.broken.evidence;
        all = all.with(|whole| {
            for record in evidence.records {
                let is_same = |known: &&_| crate::domain::inventory::ManagerRecord::eq(known, &record);
                if !whole.records.iter().any(|known| is_same(&known)) {
                    whole.records.push(record);
                }
            }
            whole.users.extend(evidence.users);
            whole.credentials.extend(evidence.credentials);
            whole.events.get_or_insert_default().extend(evidence.events.unwrap_or_default());
        });
    }
    all.state("bob", UserState::Locked)
}

#[test]
fn findings_come_by_severity_then_rule_then_subject() {
    let report = broken().review();
    let order: Vec<(Severity, String)> =
        report.findings.iter().map(|finding| (finding.severity, finding.key())).collect();
    let mut sorted = order.clone();
    sorted.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    assert_eq!(order, sorted);
    assert!(order.len() > 20, "{}", order.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn the_order_of_the_records_does_not_matter(seed in any::<u64>()) {
        let world = broken();
        let expected = world.review();
        let shuffled = world.with(|evidence| {
            let mut state = seed;
            evidence.records.sort_by_cached_key(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state >> 33
            });
        });
        prop_assert_eq!(shuffled.review(), expected);
    }
}

#[test]
fn the_report_counts_managers_users_and_resources() {
    let report = World::new().review();
    assert_eq!((report.managers, report.users, report.resources), (8, 6, 4));
}

#[test]
fn the_configuration_changes_a_severity_or_turns_a_rule_off() {
    let mut world = World::new().leaves(&Resource::Instance, "rescue").state("bob", UserState::Locked);
    world.settings.severities.insert("ZR010".to_owned(), None);
    assert!(world.review().fails(Severity::High));
    world.settings.severities.insert("ZR004".to_owned(), Some(Severity::Low));
    let report = world.review();
    assert!(!report.fails(Severity::High));
    assert_eq!(
        report.findings.iter().map(Finding::key).collect::<Vec<_>>(),
        ["ZR006/organization/200/user/bob", "ZR004/instance", "ZR005/organization/200"]
    );
    world.settings.severities.insert("ZR006".to_owned(), None);
    assert_eq!(world.review().findings.len(), 2);
}

#[test]
fn rules_stand_in_the_order_of_their_ids_and_say_where_they_come_from() {
    for (place, rule) in RULES.iter().enumerate() {
        assert_eq!(rule.id, format!("ZR{:03}", place + 1));
        assert!(rule.why.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
        assert!(!rule.sources.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
    }
}
