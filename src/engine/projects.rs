//! Projects of an organization and project grants, read in the name of the side that is asked.

use super::explain::{explain, lacking};
use super::session::Inner;
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::OrganizationId;
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::page::Page;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::role::Role;

/// The permission for projects owned and received.
pub(super) const SEE: &str = "project.read";
/// The permission for grants given.
pub(super) const SEE_GRANTS: &str = "project.grant.read";

impl Inner {
    pub(super) async fn projects(
        &self,
        organization: &OrganizationId,
        text: &str,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Project>, Problem> {
        let (what, text) = ("Cannot list projects", text.trim());
        let page = self.client.projects(organization, text, offset, limit.clamp(1, MAX_LIMIT)).await;
        let mut page = page.map_err(|error| explain(&self.facts, error, what, SEE))?;
        if page.rows.is_empty() && text.is_empty() && self.sees_no_project(organization) {
            return Err(lacking(&self.facts, what, SEE));
        }
        page.rows.sort_by_cached_key(|row| (row.name.as_str().to_lowercase(), row.id.clone()));
        Ok(page)
    }

    /// The server shows who manages only a grant an empty list, not an error (recording
    /// `projects/v1-owned-globex@grant-admin`). A role that we do not know may carry anything.
    fn sees_no_project(&self, organization: &OrganizationId) -> bool {
        let here = |own: &&Membership| match own.level {
            Level::Instance => true,
            Level::Organization | Level::Project => own.organization.as_ref() == Some(organization),
            Level::ProjectGrant => false,
        };
        let cannot = |role: &Role| role.card().is_some_and(|card| !card.permissions.contains(&SEE));
        self.facts.memberships.iter().filter(here).flat_map(|own| &own.roles).all(cannot)
    }

    /// Whether the list of all grants of an organization shows them all. Who owns only a project is shown those of
    /// the project when asking for it (recording `projects/v1-grants@portal-admin`).
    pub(super) fn reads_all_grants(&self, organization: &OrganizationId) -> bool {
        let here = |own: &Membership| match own.level {
            Level::Instance => true,
            Level::Organization => own.organization.as_ref() == Some(organization),
            Level::Project | Level::ProjectGrant => false,
        };
        let own = self.facts.memberships.iter().filter(|own| here(own));
        let mut cards = own.flat_map(|own| &own.roles).filter_map(Role::card);
        cards.any(|card| card.permissions.contains(&SEE_GRANTS))
    }

    pub(super) async fn project_grants(&self, project: &Project) -> Result<Vec<ProjectGrant>, Problem> {
        let grants = self.client.grants_of_project(&project.organization, &project.id).await;
        let what = format!("Cannot list the grants of {}", project.title());
        let grants = grants.map_err(|error| explain(&self.facts, error, &what, SEE_GRANTS))?;
        Ok(self.sorted(grants))
    }

    pub(super) async fn granted_projects(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<ProjectGrant>, Problem> {
        let grants = self.client.grants_received(organization).await;
        let grants =
            grants.map_err(|error| explain(&self.facts, error, "Cannot list granted projects", SEE))?;
        Ok(self.sorted(grants))
    }

    /// By project and receiver; the names of both sides are kept for rows that tell only ids.
    fn sorted(&self, mut grants: Vec<ProjectGrant>) -> Vec<ProjectGrant> {
        self.learn_names_of(&grants);
        let folded = |grant: &ProjectGrant| grant.title().as_str().to_lowercase();
        grants.sort_by_cached_key(|grant| (folded(grant), grant.id.clone()));
        grants
    }

    pub(super) fn learn_names_of(&self, grants: &[ProjectGrant]) {
        let owners = grants.iter().map(|grant| (&grant.organization, &grant.organization_name));
        let receivers = grants.iter().map(|grant| (&grant.granted, &grant.granted_name));
        let told = owners.chain(receivers).filter(|(_, name)| !name.is_empty());
        self.known_names.learn(told.map(|(id, name)| (id.clone(), name.clone())));
    }
}
