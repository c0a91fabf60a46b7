//! Every rule: found where the world is broken, not found in the same world with the one thing repaired.

mod acceptances;
mod accounts;
mod credentials;
mod inactive;
mod instance;
mod order;
mod owners;
mod people;
mod roles;
mod unread;
mod world;

use self::world::World;
use crate::domain::review::{Finding, RULES, ReviewReport};

/// A world with the finding of this key, and the same world without it.
struct Twins {
    key: &'static str,
    broken: World,
    clean: World,
}

fn every_pair() -> Vec<Twins> {
    [
        owners::pairs(),
        accounts::pairs(),
        instance::pairs(),
        roles::pairs(),
        inactive::pairs(),
        people::pairs(),
        credentials::pairs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn keys_of(report: &ReviewReport, rule: &str) -> Vec<String> {
    report.findings.iter().filter(|finding| finding.rule.id == rule).map(Finding::key).collect()
}

fn rule_of(key: &str) -> &str {
    key.split('/').next().unwrap()
}

fn reason_of(world: &World, key: &str) -> String {
    let report = world.review();
    let finding = report.findings.iter().find(|finding| finding.key() == key).expect(key);
    finding.reason.to_string()
}

#[test]
fn a_world_that_keeps_the_rules_has_no_finding_and_nothing_unjudged() {
    let report = World::new().review();
    assert_eq!(report.findings.iter().map(|finding| finding.reason.to_string()).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.unjudged, []);
}

#[test]
fn every_rule_is_found_and_not_in_its_clean_twin() {
    for Twins { key, broken, clean } in every_pair() {
        let rule = rule_of(key);
        assert_eq!(keys_of(&broken.review(), rule), [key], "found");
        let report = clean.review();
        assert_eq!(keys_of(&report, rule), [""; 0], "the clean twin of {key}");
        assert!(report.unjudged.iter().all(|(unjudged, _)| unjudged.id != rule), "{key} judged");
    }
}

#[test]
fn no_rule_lacks_its_pair() {
    let pairs = every_pair();
    let mut paired: Vec<&str> = pairs.iter().map(|twins| rule_of(twins.key)).collect();
    paired.sort_unstable();
    paired.dedup();
    assert_eq!(paired, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
}

#[test]
fn every_finding_tells_why_and_what_to_do_in_one_sentence_with_a_command() {
    for twins in every_pair() {
        for finding in twins.broken.review().findings {
            for sentence in [&finding.reason, &finding.fix] {
                let sentence = sentence.as_str();
                assert!(sentence.ends_with('.') && !sentence.contains(". "), "{sentence}");
                assert!(!sentence.starts_with(char::is_lowercase), "{sentence}");
            }
            assert!(!finding.commands.is_empty(), "{}", finding.key());
            for command in finding.commands {
                assert!(shlex::split(&command).unwrap().starts_with(&["zitui".to_owned()]), "{command}");
            }
        }
    }
}
