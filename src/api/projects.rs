//! Projects of an organization, and project grants as both sides see them (CONTRACT.md section 12). The organization
//! named in the header decides what is listed; a wrong one gives an empty list, not an error.

use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::error::CallError;
use super::paging::all_pages;
use super::transport::Call;
use super::wire::{Details, List, MAX_LIMIT, Scalar, contains, or_default, search_body};
use crate::domain::id::{GrantId, OrganizationId, ProjectId};
use crate::domain::page::Page;
use crate::domain::project::{Project, ProjectGrant, ProjectState};
use crate::domain::text::SafeText;

#[derive(Deserialize)]
struct ProjectRow {
    id: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    details: Details,
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    state: Scalar,
}

impl ProjectRow {
    /// `context` owns the project where the row does not say who does.
    fn into_project(self, context: &OrganizationId) -> Project {
        let owner = &self.details.resource_owner;
        Project {
            id: ProjectId::new(self.id.as_str()),
            organization: if owner.is_empty() {
                context.clone()
            } else {
                OrganizationId::new(owner.as_str())
            },
            name: self.name.text(),
            state: state("PROJECT_STATE_", &self.state),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct GrantRow {
    grant_id: Scalar,
    granted_org_id: Scalar,
    granted_org_name: Scalar,
    #[serde(deserialize_with = "or_default")]
    granted_role_keys: Vec<Scalar>,
    state: Scalar,
    project_id: Scalar,
    project_name: Scalar,
    project_owner_id: Scalar,
    project_owner_name: Scalar,
}

impl GrantRow {
    /// None for a row that cannot be managed because an id lacks: an old server takes damage from a guessed one.
    fn into_grant(self) -> Option<ProjectGrant> {
        let ids = [&self.grant_id, &self.granted_org_id, &self.project_id, &self.project_owner_id];
        if ids.iter().any(|id| id.is_empty()) {
            return None;
        }
        Some(ProjectGrant {
            id: GrantId::new(self.grant_id.as_str()),
            project: ProjectId::new(self.project_id.as_str()),
            project_name: self.project_name.text(),
            organization: OrganizationId::new(self.project_owner_id.as_str()),
            organization_name: self.project_owner_name.text(),
            granted: OrganizationId::new(self.granted_org_id.as_str()),
            granted_name: self.granted_org_name.text(),
            state: state("PROJECT_GRANT_STATE_", &self.state),
            project_roles: self.granted_role_keys.iter().map(Scalar::text).collect(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GrantAnswer {
    #[serde(default, deserialize_with = "or_default")]
    project_grant: GrantRow,
}

pub(super) fn state(prefix: &str, raw: &Scalar) -> ProjectState {
    match raw.as_str().strip_prefix(prefix).unwrap_or(raw.as_str()) {
        "ACTIVE" => ProjectState::Active,
        "INACTIVE" => ProjectState::Inactive,
        "" => ProjectState::Other(SafeText::new("unspecified")),
        other => ProjectState::Other(SafeText::new(&other.to_lowercase())),
    }
}

impl Client {
    /// One page of the projects that an organization owns, those whose name contains `text`. The order is the
    /// server's; it has no sorting here (recordings `projects/v1-owned-globex@…`, `projects/v1-name`).
    pub async fn projects(
        &self,
        organization: &OrganizationId,
        text: &str,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Project>, CallError> {
        let queries = if text.is_empty() { Vec::new() } else { vec![contains("nameQuery", "name", text)] };
        let body = search_body(offset, limit, None, queries);
        let call =
            Call::search("management/v1/projects/_search".split('/'), &body).organization(organization);
        let list: List<ProjectRow> = self.read(call).await?;
        let total = list.total();
        let rows = list.result.into_iter().map(|row| row.into_project(organization)).collect();
        Ok(Page::new(rows, total, offset, limit))
    }

    /// The grants given of one project, in the name of its owner (recordings `projects/v1-grants@…`).
    pub async fn grants_of_project(
        &self,
        organization: &OrganizationId,
        project: &ProjectId,
    ) -> Result<Vec<ProjectGrant>, CallError> {
        let path = ["management", "v1", "projects", project.as_str(), "grants", "_search"];
        self.grants(&path, organization).await
    }

    /// All grants given of the projects of one organization (recording `projects/v1-all-grants`).
    pub async fn grants_given(&self, organization: &OrganizationId) -> Result<Vec<ProjectGrant>, CallError> {
        self.grants(&["management", "v1", "projectgrants", "_search"], organization).await
    }

    /// The grants that an organization received (recordings `projects/v1-granted-initech@…`).
    pub async fn grants_received(&self, granted: &OrganizationId) -> Result<Vec<ProjectGrant>, CallError> {
        self.grants(&["management", "v1", "granted_projects", "_search"], granted).await
    }

    /// One grant given, in the name of the project's owner; none if there is none (recording `projects/v1-grant-get`).
    pub async fn grant(
        &self,
        organization: &OrganizationId,
        project: &ProjectId,
        grant: &GrantId,
    ) -> Result<Option<ProjectGrant>, CallError> {
        let path = ["management", "v1", "projects", project.as_str(), "grants", grant.as_str()];
        match self.read::<GrantAnswer>(Call::get(path).organization(organization)).await {
            Ok(GrantAnswer { project_grant }) => Ok(project_grant.into_grant()),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn grants(
        &self,
        path: &[&str],
        organization: &OrganizationId,
    ) -> Result<Vec<ProjectGrant>, CallError> {
        let rows = all_pages(|offset| self.grant_page(path, organization, offset)).await?;
        Ok(rows.into_iter().filter_map(GrantRow::into_grant).collect())
    }

    async fn grant_page(
        &self,
        path: &[&str],
        organization: &OrganizationId,
        offset: u64,
    ) -> Result<Page<GrantRow>, CallError> {
        let body: Value = search_body(offset, MAX_LIMIT, None, Vec::new());
        let call = Call::search(path.iter().copied(), &body).organization(organization);
        let list: List<GrantRow> = self.read(call).await?;
        let total = list.total();
        Ok(Page::new(list.result, total, offset, MAX_LIMIT))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_project_without_an_owner_belongs_to_who_was_asked() {
        let row: ProjectRow = serde_json::from_value(json!({"id": 3, "details": null})).expect("tolerated");
        let project = row.into_project(&OrganizationId::new("1"));
        assert_eq!(project.organization.as_str(), "1");
        assert_eq!(project.state, ProjectState::Other(SafeText::new("unspecified")));
    }

    #[test]
    fn a_grant_that_lacks_an_id_is_not_offered() {
        let row = json!({"grantId": "4", "grantedOrgId": "2", "projectId": "3", "projectOwnerId": ""});
        let row: GrantRow = serde_json::from_value(row).expect("tolerated");
        assert_eq!(row.into_grant(), None);
    }
}
