//! What one user manages, told by its memberships; they name grants only by id.

use std::collections::BTreeMap;

use super::super::projects::SEE_GRANTS;
use super::Reading;
use super::tasks::{Found, Place, Task};
use crate::api::identity::DatedMembership;
use crate::domain::id::{GrantId, OrganizationId, ProjectId};
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::project::ProjectGrant;
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

impl Reading<'_> {
    /// Who may not read memberships may still read the managers level by level.
    pub(super) async fn memberships(&self, place: Place) -> Found {
        let Some(user) = self.of else { return Found::default() };
        let memberships = match self.inner.client.memberships_of(&user.id, &place.id).await {
            Ok(memberships) => memberships,
            Err(error) if error.is_forbidden() => {
                let mut tasks = Self::level_by_level(place.clone());
                tasks.push(Task::GrantsReceived(place));
                return Found::tasks(tasks);
            }
            Err(error) => {
                let name = format!("what the user manages in {}", place.name);
                return self.refused(error, None, &name, "user.membership.read");
            }
        };
        let mut found = Found::default();
        let given = self.grants_of(&memberships, &place, &mut found).await;
        found.rows = memberships.into_iter().filter_map(|row| self.membership(row, &place, &given)).collect();
        found
    }

    fn own_user(&self) -> ManagerUser {
        let own = &self.inner.facts.identity;
        ManagerUser {
            id: own.user.clone(),
            organization: Some(own.organization.clone()),
            kind: UserKind::Unknown,
            login_name: own.login_name.clone(),
            display_name: own.display_name.clone(),
            email: None,
        }
    }

    /// The own memberships are told without any permission, on all levels at once.
    pub(super) async fn own_memberships(&self) -> Found {
        let memberships = match self.inner.client.own_memberships().await {
            Ok(memberships) => memberships,
            Err(error) => return self.refused(error, None, "the own memberships", "user.membership.read"),
        };
        let home = self.inner.facts.identity.organization.clone();
        let mut by_owner: BTreeMap<OrganizationId, Vec<DatedMembership>> = BTreeMap::new();
        for row in memberships {
            let owner = row.membership.organization.clone().unwrap_or_else(|| home.clone());
            by_owner.entry(owner).or_default().push(row);
        }
        let mut found = Found::default();
        for (id, rows) in by_owner {
            let place = Place { name: self.inner.own_organization(id.clone()).await.title(), id };
            let given = self.grants_of(&rows, &place, &mut found).await;
            found.rows.extend(rows.into_iter().filter_map(|row| self.membership(row, &place, &given)));
        }
        found
    }

    /// The grants that memberships refer to only by id, from the side of the owner and from that of the own
    /// organization; what lacks is told.
    async fn grants_of(
        &self,
        memberships: &[DatedMembership],
        place: &Place,
        found: &mut Found,
    ) -> Vec<ProjectGrant> {
        let on_grants = memberships.iter().filter(|row| row.membership.level == Level::ProjectGrant);
        let ids: Vec<GrantId> =
            on_grants.map(|row| GrantId::new(row.membership.resource_id.as_str())).collect();
        if ids.is_empty() {
            return Vec::new();
        }
        let lacks = |grants: &[ProjectGrant]| ids.iter().any(|id| grants.iter().all(|grant| grant.id != *id));
        let given = self.inner.client.grants_given(&place.id).await;
        let (mut grants, mut refused) = match given {
            Ok(grants) => (grants, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        if lacks(&grants) {
            let home = &self.inner.facts.identity.organization;
            match self.inner.client.grants_received(home).await {
                Ok(received) => grants.extend(received),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if let Some(error) = refused.filter(|_| lacks(&grants)) {
            found
                .unread
                .extend(self.refused(error, None, &format!("grants of {}", place.name), SEE_GRANTS).unread);
        }
        self.inner.learn_names_of(&grants);
        self.note(|places| places.grants(grants.iter().cloned()));
        grants
    }

    fn membership(
        &self,
        row: DatedMembership,
        place: &Place,
        grants: &[ProjectGrant],
    ) -> Option<ManagerRecord> {
        let DatedMembership { membership, created, changed } = row;
        let id = membership.resource_id.as_str();
        let mut resource_name = membership.resource_name;
        let organization = place.id.clone();
        let resource = match membership.level {
            Level::Instance => Resource::Instance,
            Level::Organization => Resource::Organization(organization),
            Level::Project => Resource::Project { organization, project: ProjectId::new(id) },
            Level::ProjectGrant => {
                let grant = grants.iter().find(|grant| grant.id == GrantId::new(id))?;
                resource_name = grant.title();
                grant.resource()
            }
        };
        let organization_name =
            if resource == Resource::Instance { SafeText::default() } else { place.name.clone() };
        let user = self.of.cloned().unwrap_or_else(|| self.own_user());
        let manager = Manager { user, resource, roles: membership.roles, created, changed };
        Some(ManagerRecord { manager, resource_name, organization_name })
    }
}
