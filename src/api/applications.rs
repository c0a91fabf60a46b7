//! How many applications a project has. No recording and no section of CONTRACT.md shows the call: path, header and
//! permission come from the public `zitadel/management.proto` (`ListApps`, `project.app.read`), so every answer that is
//! not exactly such a list is an error, never "no applications".

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::client::Client;
use super::error::CallError;
use super::transport::Call;
use super::wire::{Details, MAX_LIMIT, or_default, search_body};
use crate::domain::id::{OrganizationId, ProjectId};

/// A list of v1 always has its details, also an empty one.
#[derive(Deserialize)]
struct Answer {
    details: Details,
    #[serde(default, deserialize_with = "or_default")]
    result: Vec<IgnoredAny>,
}

impl Client {
    /// How many applications of all kinds a project has, asked in the name of its owner.
    pub async fn application_count(
        &self,
        organization: &OrganizationId,
        project: &ProjectId,
    ) -> Result<u64, CallError> {
        let path = ["management", "v1", "projects", project.as_str(), "apps", "_search"];
        let body = search_body(0, MAX_LIMIT, None, Vec::new());
        let answer: Answer = self.read(Call::search(path, &body).organization(organization)).await?;
        Ok(answer.count())
    }
}

impl Answer {
    fn count(&self) -> u64 {
        self.details.total_result.number().unwrap_or_default().max(self.result.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none(r#"{"details": {"viewTimestamp": "2026-01-01T00:00:00Z"}}"#, Some(0))]
    #[case::counted(r#"{"details": {"totalResult": "1200"}, "result": [{"id": "1"}]}"#, Some(1200))]
    #[case::not_counted(r#"{"details": {}, "result": [{"id": "1"}, {"id": "2"}]}"#, Some(2))]
    #[case::not_a_list("{}", None)]
    #[case::of_another_kind(r#"{"details": {}, "result": {"id": "1"}}"#, None)]
    fn only_a_list_counts(#[case] json: &str, #[case] count: Option<u64>) {
        assert_eq!(serde_json::from_str::<Answer>(json).ok().map(|answer| answer.count()), count);
    }
}
