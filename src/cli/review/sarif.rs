//! The report as SARIF 2.1.0 (OASIS), for what collects findings over time.
//!
//! A finding is about an instance and not about a file, but what reads SARIF may insist on files: GitHub shows no result
//! without a physical location. It is the first line of the file of acceptances, the one file of the repository that a
//! finding has to do with: there it can be accepted. GitHub tells results apart by file and `primaryLocationLineHash`,
//! which is therefore made of the finding's key; without it all findings of a rule would be one.

use serde_json::{Map, Value, json};

use super::super::shape::{role_keys, user_json};
use super::report::{Report, accepted, manager, stale, unread};
use crate::domain::level::Resource;
use crate::domain::review::{Finding, RULES, Rule, Severity, Subject};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole report.
pub(super) fn log(report: &Report<'_>) -> Value {
    let rules: Vec<Value> = RULES.iter().map(|rule| describe(rule, report)).collect();
    let file = encoded(&report.file());
    let results: Vec<Value> = report.everything().iter().map(|finding| result(finding, &file)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "zitui",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            // What collects results of several instances tells them apart by this.
            "automationDetails": { "id": format!("zitui-review/{}/", report.instance().as_str().replace('/', "-")) },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(report),
                "toolConfigurationNotifications":
                    report.stale().map(|entry| notification("note", &stale(entry), None)).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

fn describe(rule: &Rule, report: &Report<'_>) -> Value {
    let configured = report.settings().severities.get(rule.id).copied();
    let severity = configured.unwrap_or(Some(rule.severity));
    let shown = severity.unwrap_or(rule.severity);
    let mut properties = Map::from_iter([("tags".to_owned(), json!(["security"]))]);
    if let Some(score) = score(shown) {
        properties.insert("security-severity".to_owned(), json!(score));
    }
    let sources: Vec<String> = rule.sources.iter().map(|source| format!("- {source}\n")).collect();
    let mut description = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{}\n\n{}\n\n{}", rule.why, rule.fix, sources.concat()),
            "markdown": format!("{}\n\n**What to do.** {}\n\n{}", rule.why, rule.fix, sources.concat()),
        },
        "defaultConfiguration": { "level": level(shown), "enabled": severity.is_some() },
        "properties": properties,
    });
    let address = rule.sources.iter().find(|source| source.starts_with("https://"));
    if let (Some(address), Some(fields)) = (address, description.as_object_mut()) {
        fields.insert("helpUri".to_owned(), json!(address));
    }
    description
}

fn result(finding: &Finding, file: &str) -> Value {
    let key = finding.key();
    let concerned: Vec<Value> = finding.managers.iter().map(|record| {
        json!({ "user": user_json(&record.manager.user), "roles": role_keys(&record.manager.roles), "text": manager(record) })
    }).collect();
    let suppressions: Vec<Value> = finding
        .accepted
        .iter()
        .map(|held| json!({ "kind": "external", "status": "accepted", "justification": accepted(held) }))
        .collect();
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": place_of(finding.rule),
        "level": level(finding.severity),
        "message": { "text": format!("{} {}", finding.reason, finding.fix) },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": file }, "region": { "startLine": 1 } },
            "logicalLocations": places(&finding.subject, &key),
        }],
        "partialFingerprints": {
            "zituiFinding/v1": key,
            "primaryLocationLineHash": format!("{}:1", hash(&key)),
        },
        "suppressions": suppressions,
        "properties": {
            "severity": finding.severity.to_string(),
            "managers": concerned,
            "commands": finding.commands,
        },
    })
}

/// The resource, the user, or both: what the key names.
fn places(subject: &Subject, key: &str) -> Value {
    let name = key.split_once('/').map_or(key, |(_, subject)| subject);
    let user = |name: &str, title: &str| json!({ "name": title, "fullyQualifiedName": name, "kind": "user" });
    let resource = |name: &str, title: &str, resource: &Resource| json!({ "name": title, "fullyQualifiedName": name, "kind": resource.level().to_string() });
    match subject {
        Subject::Resource { resource: place, name: title, .. } => {
            json!([resource(name, title.as_str(), place)])
        }
        Subject::User(who) => json!([user(name, who.title().as_str())]),
        Subject::Manager(record) => {
            let place = name.split_once("/user/").map_or(name, |(place, _)| place);
            json!([
                resource(place, record.resource_name.as_str(), &record.manager.resource),
                user(name, record.manager.user.title().as_str()),
            ])
        }
    }
}

fn notifications(report: &Report<'_>) -> Vec<Value> {
    let unread = report
        .unread()
        .iter()
        .map(|part| notification("warning", &format!("could not read the {}", unread(part)), None));
    let unjudged = report.unjudged().iter().map(|(rule, why)| {
        notification("warning", &format!("could not judge {}: {why}", rule.id), Some(rule))
    });
    unread.chain(unjudged).collect()
}

fn notification(level: &str, text: &str, rule: Option<&Rule>) -> Value {
    let mut notification = json!({ "level": level, "message": { "text": text } });
    if let (Some(rule), Some(fields)) = (rule, notification.as_object_mut()) {
        let rule = json!({ "id": rule.id, "index": place_of(rule) });
        fields.insert("associatedRule".to_owned(), rule);
    }
    notification
}

fn place_of(rule: &Rule) -> Option<usize> {
    RULES.iter().position(|known| known == rule)
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub's scale: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
const fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn hash(key: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, key.as_bytes());
    digest.as_ref().iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A path as a reference of RFC 3986.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
