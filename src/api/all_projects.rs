//! Projects of all organizations in one list, owned ones and, once more for each grant, lent ones (CONTRACT.md
//! section 12; recordings `projects/v2-list@…`). Only newer servers have it, and it tells no ids of grants.

use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::error::CallError;
use super::paging::all_pages;
use super::projects::state;
use super::transport::{Call, Nature};
use super::wire::{MAX_LIMIT, Pagination, Scalar, or_default};
use crate::domain::id::{OrganizationId, ProjectId};
use crate::domain::page::Page;
use crate::domain::project::{Project, ProjectState};
use crate::domain::text::SafeText;

/// One row: a project, and to whom it was lent where the row is about a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedProject {
    /// The project.
    pub project: Project,
    /// The receiver with its name, and whether the grant is in use.
    pub granted: Option<(OrganizationId, SafeText, ProjectState)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "or_default")]
    pagination: Pagination,
    #[serde(deserialize_with = "or_default")]
    projects: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Row {
    project_id: Scalar,
    organization_id: Scalar,
    name: Scalar,
    state: Scalar,
    granted_organization_id: Scalar,
    granted_organization_name: Scalar,
    granted_state: Scalar,
}

impl Row {
    /// None for a row that lacks an id.
    fn into_listed(self) -> Option<ListedProject> {
        if self.project_id.is_empty() || self.organization_id.is_empty() {
            return None;
        }
        let granted = (!self.granted_organization_id.is_empty()).then(|| {
            (
                OrganizationId::new(self.granted_organization_id.as_str()),
                self.granted_organization_name.text(),
                state("GRANTED_PROJECT_STATE_", &self.granted_state),
            )
        });
        let project = Project {
            id: ProjectId::new(self.project_id.as_str()),
            organization: OrganizationId::new(self.organization_id.as_str()),
            name: self.name.text(),
            state: state("PROJECT_STATE_", &self.state),
        };
        Some(ListedProject { project, granted })
    }
}

impl Client {
    /// All projects and grants that the caller may read, oldest first. The total counts what may not be read too.
    pub async fn all_projects(&self) -> Result<Vec<ListedProject>, CallError> {
        let rows = all_pages(|offset| self.project_page(offset)).await?;
        Ok(rows.into_iter().filter_map(Row::into_listed).collect())
    }

    async fn project_page(&self, offset: u64) -> Result<Page<Row>, CallError> {
        let body = json!({"pagination": {"offset": offset.to_string(), "limit": MAX_LIMIT, "asc": true}});
        let call = Call::connect(Nature::Read, "zitadel.project.v2.ProjectService", "ListProjects", &body);
        let answer: Answer = self.read(call).await?;
        Ok(Page::new(answer.projects, answer.pagination.total_result.number(), offset, MAX_LIMIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_grant_is_told_from_that_of_its_project() {
        let answer = json!({"projects": [
            {"projectId": "3", "organizationId": "1", "state": "PROJECT_STATE_ACTIVE"},
            {"projectId": "3", "organizationId": "1", "state": "PROJECT_STATE_ACTIVE",
             "grantedOrganizationId": "2", "grantedState": "GRANTED_PROJECT_STATE_INACTIVE"},
            {"projectId": "", "organizationId": "1"},
        ]});
        let answer: Answer = serde_json::from_value(answer).expect("tolerated");
        let rows: Vec<_> = answer.projects.into_iter().filter_map(Row::into_listed).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].granted, None);
        let granted = rows[1].granted.as_ref().map(|(id, _, state)| (id.as_str(), state.clone()));
        assert_eq!(granted, Some(("2", ProjectState::Inactive)));
    }
}
