//! Marks the findings that somebody accepted, and tells which acceptances are left over.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{Finding, Rule};
use crate::domain::text::SafeText;

/// Marks the findings, and returns the acceptances that have ended or fit nothing, in their order. One whose rule was
/// not judged in part is kept: its finding may be there and out of sight.
pub(super) fn mark(
    findings: &mut [Finding],
    unjudged: &[(&'static Rule, SafeText)],
    accepted: &[Acceptance],
    today: Date,
) -> Vec<Acceptance> {
    if accepted.is_empty() {
        return Vec::new();
    }
    let mut in_force: HashMap<&str, &Acceptance> = HashMap::new();
    for acceptance in accepted.iter().filter(|acceptance| acceptance.until >= today) {
        let kept = in_force.entry(acceptance.finding.as_str()).or_insert(acceptance);
        if acceptance.until > kept.until {
            *kept = acceptance;
        }
    }
    let mut fitting: Vec<SafeText> = Vec::new();
    for finding in findings {
        if let Some(acceptance) = in_force.get(finding.key().as_str()) {
            finding.accepted = Some((*acceptance).clone());
            fitting.push(acceptance.finding.clone());
        }
    }
    fitting.sort_unstable();
    let out_of_sight = |key: &SafeText| {
        let rule = key.as_str().split('/').next().unwrap_or_default();
        unjudged.iter().any(|(unjudged, _)| unjudged.id == rule)
    };
    let is_stale = |acceptance: &&Acceptance| {
        let fits = fitting.binary_search(&acceptance.finding).is_ok();
        acceptance.until < today || !(fits || out_of_sight(&acceptance.finding))
    };
    accepted.iter().filter(is_stale).cloned().collect()
}
