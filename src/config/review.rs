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
