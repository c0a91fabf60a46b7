//! What rules could not look at because managers were not read.

use crate::domain::level::Level;
use crate::domain::review::{Rule, rules};

use super::case::Case;
use super::outcome::Outcome;

const EVERY: &[Level] = &[Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant];
const UPPER: &[Level] = &[Level::Instance, Level::Organization];
const BELOW_INSTANCE: &[Level] = &[Level::Organization, Level::Project, Level::ProjectGrant];
const BELOW_ORGANIZATION: &[Level] = &[Level::Project, Level::ProjectGrant];

/// At which levels a rule looks for managers.
const LOOKS_AT: &[(&Rule, &[Level])] = &[
    (&rules::NO_INSTANCE_OWNER, &[Level::Instance]),
    (&rules::NO_ORGANIZATION_OWNER, &[Level::Organization]),
    (&rules::NO_OWN_OWNER, BELOW_ORGANIZATION),
    (&rules::ONE_INSTANCE_OWNER, &[Level::Instance]),
    (&rules::ONE_ORGANIZATION_OWNER, &[Level::Organization]),
    (&rules::DEAD_OWNER, EVERY),
    (&rules::DEAD_MANAGER, EVERY),
    (&rules::INSTANCE_ROLE_FROM_OUTSIDE, &[Level::Instance]),
    (&rules::PERSON_AMONG_APPLICATIONS, &[Level::Instance]),
    (&rules::POWER_OVER_OPERATORS, UPPER),
    (&rules::LOGIN_CLIENT_WITH_MORE, EVERY),
    (&rules::LOGIN_CLIENT_IS_PERSON, &[Level::Instance]),
    (&rules::MANY_MAKERS_OF_INSTANCE, &[Level::Instance]),
    (&rules::MANY_MAKERS_OF_ORGANIZATION, &[Level::Organization]),
    (&rules::IMPERSONATES_ADMINISTRATORS, UPPER),
    (&rules::IMPERSONATES_END_USERS, UPPER),
    (&rules::NO_ROLE, EVERY),
    (&rules::UNKNOWN_ROLE, EVERY),
    (&rules::INACTIVE_GRANT, &[Level::ProjectGrant]),
    (&rules::INACTIVE_PROJECT, &[Level::Project]),
    (&rules::INACTIVE_ORGANIZATION, &[Level::Organization]),
    (&rules::MANY_ORGANIZATIONS, BELOW_INSTANCE),
    (&rules::RECENT_POWER, EVERY),
    (&rules::ENDLESS_CREDENTIAL, EVERY),
    (&rules::MANY_CREDENTIALS, EVERY),
    (&rules::ENDED_CREDENTIALS, EVERY),
];

pub(super) fn judge(case: &Case<'_>, outcome: &mut Outcome<'_>) {
    let mut unread: Vec<(Level, String)> =
        case.evidence.unread_resources.iter().map(|one| (one.level(), case.place(one))).collect();
    unread.sort_unstable();
    for (rule, levels) in LOOKS_AT {
        if !case.evidence.complete {
            outcome
                .unjudged(rule, "Not all managers were read, so there may be more than what is told here.");
        }
        let names = unread.iter().filter(|(level, _)| levels.contains(level)).map(|(_, name)| name);
        outcome.unjudged_for(rule, "Not judged for", names.collect(), "the managers there could not be read");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_where_it_looks() {
        let told: Vec<&str> = LOOKS_AT.iter().map(|(rule, _)| rule.id).collect();
        let rules: Vec<&str> = rules::RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(told, rules);
    }
}
