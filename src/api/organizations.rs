//! Organizations: through the v1 admin search, the v2 search, and one by one (CONTRACT.md section 10).

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::CallError;
use super::transport::Call;
use super::wire::{List, Scalar, contains, search_body};
use crate::domain::id::OrganizationId;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::page::Page;
use crate::domain::text::SafeText;

/// Which of the two searches to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationSearch {
    /// `POST /admin/v1/orgs/_search`: needs `iam.read`, up to 40 times faster (SCALE.md).
    Admin,
    /// `POST /v2/organizations/_search`: for everybody; shows what one may read.
    V2,
}

/// What one search compares. The servers join several filters with "and", so that name or domain takes two searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationFilter<'a> {
    /// Nothing: all.
    All,
    /// A part of the name.
    Name(&'a str),
    /// A part of a domain.
    Domain(&'a str),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationRow {
    id: Scalar,
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    primary_domain: Scalar,
    #[serde(default)]
    state: Scalar,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self {
            id: OrganizationId::new(row.id.as_str()),
            name: row.name.text(),
            primary_domain: row.primary_domain.text(),
            state: state(row.state.as_str()),
        }
    }
}

fn state(raw: &str) -> OrganizationState {
    let word =
        raw.strip_prefix("ORGANIZATION_STATE_").or_else(|| raw.strip_prefix("ORG_STATE_")).unwrap_or(raw);
    match word {
        "ACTIVE" => OrganizationState::Active,
        "INACTIVE" => OrganizationState::Inactive,
        "" | "UNSPECIFIED" | "REMOVED" => OrganizationState::Removed,
        other => OrganizationState::Other(SafeText::new(&other.to_lowercase())),
    }
}

#[derive(Deserialize)]
struct One {
    org: OrganizationRow,
}

impl Client {
    /// One page of organizations, sorted by name. The total of v2 counts what one may not read too (recording
    /// `orgs/v2-list@globex-admin`).
    pub async fn organizations(
        &self,
        search: OrganizationSearch,
        filter: OrganizationFilter<'_>,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Organization>, CallError> {
        let queries = match filter {
            OrganizationFilter::All => Vec::new(),
            OrganizationFilter::Name(text) => vec![contains("nameQuery", "name", text)],
            OrganizationFilter::Domain(text) => vec![contains("domainQuery", "domain", text)],
        };
        self.search_organizations(search, queries, offset, limit).await
    }

    async fn search_organizations(
        &self,
        search: OrganizationSearch,
        queries: Vec<Value>,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Organization>, CallError> {
        let (path, sorting) = match search {
            OrganizationSearch::Admin => ("admin/v1/orgs/_search", "ORG_FIELD_NAME_NAME"),
            OrganizationSearch::V2 => ("v2/organizations/_search", "ORGANIZATION_FIELD_NAME_NAME"),
        };
        let body = search_body(offset, limit, Some(sorting), queries);
        let list: List<OrganizationRow> = self.read(Call::search(path.split('/'), &body)).await?;
        let total = list.total();
        Ok(Page::new(list.result.into_iter().map(Organization::from).collect(), total, offset, limit))
    }

    /// The organization with this id, through v2; none if there is none or it may not be read (recording
    /// `orgs/v2-id`).
    pub async fn organization_by_id_v2(
        &self,
        id: &OrganizationId,
    ) -> Result<Option<Organization>, CallError> {
        let queries = vec![json!({"idQuery": {"id": id.as_str()}})];
        let page = self.search_organizations(OrganizationSearch::V2, queries, 0, 1).await?;
        Ok(page.rows.into_iter().find(|found| found.id == *id))
    }

    /// The organization with this id, through v1; needs `org.read` in it. An id that never existed is 403 AUTH-Bs7Ds
    /// (recordings `orgs/me-…`).
    pub async fn organization_by_id(&self, id: &OrganizationId) -> Result<Organization, CallError> {
        let One { org } = self.read(Call::get("management/v1/orgs/me".split('/')).organization(id)).await?;
        Ok(org.into())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::v1("ORG_STATE_ACTIVE", OrganizationState::Active)]
    #[case::v2("ORGANIZATION_STATE_INACTIVE", OrganizationState::Inactive)]
    #[case::absent("", OrganizationState::Removed)]
    #[case::newer("ORGANIZATION_STATE_FROZEN", OrganizationState::Other(SafeText::new("frozen")))]
    #[case::number("7", OrganizationState::Other(SafeText::new("7")))]
    fn states_of_all_servers_are_read(#[case] raw: &str, #[case] read: OrganizationState) {
        assert_eq!(state(raw), read);
    }
}
