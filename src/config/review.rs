//! What the configuration file says about the access review: `[review]` and `[review.severities]`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::paths::resolve;
use super::source::{Table, Value};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::Problem;
use crate::domain::review::{RULES, ReviewSettings, Severity};

/// What the configuration file says about the access review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewConfiguration {
    /// Severities and limits of the rules.
    pub settings: ReviewSettings,
    /// The file of acceptances, see [`acceptances`](super::acceptances).
    pub accepted: Option<PathBuf>,
}

/// Understands `[review]`.
pub(super) fn understand(config_file: &Path, table: &Table<'_, '_>) -> Result<ReviewConfiguration, Problem> {
    table.only(&["recent_days", "many_organizations", "many_credentials", "accepted", "severities"])?;
    let usual = ReviewSettings::default();
    let count = |key, usual: usize| -> Result<usize, Problem> {
        Ok(table.count(key)?.and_then(|count| usize::try_from(count).ok()).unwrap_or(usual))
    };
    let settings = ReviewSettings {
        severities: table
            .table("severities")?
            .map(|table| severities(&table))
            .transpose()?
            .unwrap_or_default(),
        recent_days: table.count("recent_days")?.unwrap_or(usual.recent_days),
        many_organizations: count("many_organizations", usual.many_organizations)?,
        many_credentials: count("many_credentials", usual.many_credentials)?,
    };
    let accepted = table.text("accepted")?.map(|value| resolve(config_file, value.as_str()));
    Ok(ReviewConfiguration { settings, accepted })
}

fn severities(table: &Table<'_, '_>) -> Result<HashMap<String, Option<Severity>>, Problem> {
    let severity = |(id, value): (Value<'_>, Value<'_>)| {
        if !RULES.iter().any(|rule| rule.id == id.as_str()) {
            let fix = did_you_mean(id.as_str(), RULES.iter().map(|rule| rule.id))
                .unwrap_or_else(|| "list the rules with `zitui review rules`".to_owned());
            return Err(id.complaint(&format!("there is no rule {}", id.as_str()), &fix));
        }
        let known = Severity::NAMED.iter().map(|(name, severity)| (*name, Some(*severity)));
        let known: Vec<(&str, Option<Severity>)> = known.chain([("off", None)]).collect();
        Ok((id.as_str().to_owned(), value.named("severity").one_of(&known)?))
    };
    table.texts()?.into_iter().map(severity).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::config::file::Configuration;
    use crate::domain::problem::ProblemKind;
    use crate::domain::review::{ReviewSettings, Severity};

    use super::*;

    fn parse(text: &str) -> Result<ReviewConfiguration, Problem> {
        Configuration::parse(Path::new("/home/ada/config.toml"), text).map(|read| read.review)
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        assert_eq!(parse("[settings]\n").expect("understood"), ReviewConfiguration::default());
        assert_eq!(parse("[review]\n").expect("understood").settings, ReviewSettings::default());
    }

    #[test]
    fn understands_everything_it_may_say() {
        let read = parse(
            "[review]\nrecent_days = 7\nmany_organizations = 5\nmany_credentials = 2\naccepted = \"ours/a.toml\"\n\
             [review.severities]\nZR001 = \"Critical\"\nZR002 = \"off\"\n",
        )
        .expect("understood");
        let settings = &read.settings;
        assert_eq!((settings.recent_days, settings.many_organizations, settings.many_credentials), (7, 5, 2));
        assert_eq!(settings.severities.get("ZR001"), Some(&Some(Severity::Critical)));
        assert_eq!(settings.severities.get("ZR002"), Some(&None));
        assert_eq!(read.accepted.as_deref(), Some(Path::new("/home/ada/ours/a.toml")));
    }

    #[rstest]
    #[case::key("[review]\nrecent_day = 1\n", "line 2, column 1", "unknown key recent_day", "recent_days?")]
    #[case::no_number(
        "[review]\nrecent_days = \"1\"\n",
        "line 2, column 15",
        "a whole number",
        "recent_days = 3"
    )]
    #[case::nothing("[review]\nmany_organizations = 0\n", "line 2, column 22", "from 1 on", "leave it out")]
    #[case::no_table("[review]\nseverities = 1\n", "line 2, column 14", "[review.severities]", "write [")]
    #[case::rule(
        "[review.severities]\nZR01 = \"high\"\n",
        "line 2, column 1",
        "no rule ZR01",
        "did you mean ZR0"
    )]
    #[case::far_off(
        "[review.severities]\nmine = \"high\"\n",
        "line 2, column 1",
        "no rule mine",
        "zitui review rules"
    )]
    #[case::severity(
        "[review.severities]\nZR001 = \"hihg\"\n",
        "line 2, column 9",
        "unknown severity hihg",
        "high?"
    )]
    #[case::no_text("[review.severities]\nZR001 = 3\n", "line 2, column 9", "must be a text", "write ZR001")]
    fn complains_with_line_column_and_advice(
        #[case] text: &str,
        #[case] place: &str,
        #[case] why: &str,
        #[case] fix: &str,
    ) {
        let problem = parse(text).expect_err("must be refused");
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert!(problem.what.as_str().ends_with(place), "{problem}");
        assert!(problem.why.as_str().contains(why), "{problem}");
        assert!(problem.fix.as_str().contains(fix), "{problem}");
    }
}
