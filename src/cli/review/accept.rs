//! `zitui review accept`: writes an acceptance into the file that belongs into version control. Nobody signs in for that.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::arguments::AcceptArguments;
use super::super::output::Output;
use super::super::start_up::StartUp;
use crate::config::acceptances;
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{RULES, Rule};

/// Accepts a finding.
///
/// # Errors
/// `Usage` for a key that no finding can have, a day that is over, or a file that cannot be extended.
pub(in crate::cli) fn accept(
    arguments: &AcceptArguments,
    start_up: &StartUp,
    output: &Output,
) -> Result<(), Problem> {
    let rule = rule_of(&arguments.key)?;
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    if arguments.until < today {
        return Err(refused(&format!("{} is over", arguments.until), "name a day that is to come"));
    }
    let author = match &arguments.author {
        Some(author) => author.clone(),
        None => start_up
            .user_name()?
            .ok_or_else(|| refused("nothing tells who you are", "give the name with --author"))?,
    };
    for (flag, text) in [("--reason", &arguments.reason), ("--author", &author)] {
        if text.trim().is_empty() {
            return Err(refused(&format!("{flag} is empty"), "an acceptance says why, and who says so"));
        }
    }
    let acceptance = Acceptance {
        finding: arguments.key.as_str().into(),
        reason: arguments.reason.trim().into(),
        author: author.trim().into(),
        until: arguments.until,
    };
    let configured = start_up.configuration().review.accepted.as_deref();
    let file = acceptances::to_extend(arguments.file.as_deref(), configured);
    let replaced = acceptances::add(&file, &acceptance, &format!("{}: {}", rule.id, rule.title))?;
    let Acceptance { finding, until, author, .. } = &acceptance;
    output.note(&format!("{finding} is accepted by {author} until {until}, in {}", file.display()));
    if let Some(old) = replaced {
        output.note(&format!("it replaces what {} accepted until {}: {}", old.author, old.until, old.reason));
    }
    Ok(())
}

/// The rule of a key that a finding can have.
fn rule_of(key: &str) -> Result<&'static Rule, Problem> {
    let (id, subject) = key.split_once('/').unwrap_or((key, ""));
    let rule = RULES.iter().find(|rule| rule.id == id).ok_or_else(|| {
        let fix = did_you_mean(id, RULES.iter().map(|rule| rule.id));
        refused(
            &format!("there is no rule {id}"),
            &fix.unwrap_or_else(|| "list the rules with `zitui review rules`".to_owned()),
        )
    })?;
    let mut parts: Vec<&str> = subject.split('/').collect();
    if let [.., "user", id] = parts.as_slice()
        && !id.is_empty()
    {
        parts.truncate(parts.len() - 2);
    }
    let is_key = match parts.as_slice() {
        [] | ["instance"] => true,
        ["organization" | "project" | "grant", id] => !id.is_empty(),
        _ => false,
    };
    is_key.then_some(rule).ok_or_else(|| {
        refused(
            &format!("{key} is no key of a finding"),
            "copy the key from a review, as in ZR001/instance or ZR001/organization/ID/user/ID",
        )
    })
}

fn refused(why: &str, fix: &str) -> Problem {
    Problem::new(ProblemKind::Usage, "Cannot accept the finding", why, fix)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::instance("instance", true)]
    #[case::user("user/2815", true)]
    #[case::organization("organization/2815", true)]
    #[case::manager("grant/2815/user/2816", true)]
    #[case::manager_of_the_instance("instance/user/2816", true)]
    #[case::nothing("", false)]
    #[case::unknown_level("organisation/2815", false)]
    #[case::no_id("organization/", false)]
    #[case::no_user("project/2815/user/", false)]
    #[case::two_levels("project/1/grant/2", false)]
    fn only_what_can_be_a_key_is_one(#[case] subject: &str, #[case] is_key: bool) {
        let first = RULES.first().map_or("", |rule| rule.id);
        assert_eq!(rule_of(&format!("{first}/{subject}")).is_ok(), is_key);
        let problem = rule_of(&format!("ZZ999/{subject}")).expect_err("no such rule");
        assert!(problem.why.as_str().contains("no rule ZZ999"), "{problem}");
    }
}
