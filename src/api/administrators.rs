//! All managers over all levels in one list, which v2 calls administrators (CONTRACT.md section 8.1).

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::CallError;
use super::transport::{Call, Nature};
use super::wire::{MAX_LIMIT, Pagination, Scalar, or_default};
use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::page::Page;
use crate::domain::role::{Role, without_doubles};
use crate::domain::session::AdministratorService;
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// The manager; the kind of a user without a display name is not known.
    pub manager: Manager,
    /// The name of the organization or of the project; empty for the instance.
    pub name: SafeText,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "or_default")]
    pagination: Pagination,
    #[serde(deserialize_with = "or_default")]
    administrators: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Row {
    creation_date: Scalar,
    change_date: Scalar,
    #[serde(deserialize_with = "or_default")]
    user: UserRow,
    instance: Scalar,
    organization: Option<OrganizationRow>,
    project: Option<ProjectRow>,
    project_grant: Option<GrantRow>,
    #[serde(deserialize_with = "or_default")]
    roles: Vec<Scalar>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UserRow {
    id: Scalar,
    preferred_login_name: Scalar,
    display_name: Scalar,
    organization_id: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OrganizationRow {
    id: Scalar,
    name: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProjectRow {
    id: Scalar,
    name: Scalar,
    organization_id: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct GrantRow {
    id: Scalar,
    project_id: Scalar,
    project_name: Scalar,
    organization_id: Scalar,
    granted_organization_id: Scalar,
}

impl Row {
    /// None for a kind of resource that we do not know, or one that lacks an id.
    fn resource(&self) -> Option<(Resource, SafeText)> {
        let organization = |id: &Scalar| (!id.is_empty()).then(|| OrganizationId::new(id.as_str()));
        let project = |id: &Scalar| (!id.is_empty()).then(|| ProjectId::new(id.as_str()));
        if self.instance.is_true() {
            Some((Resource::Instance, SafeText::default()))
        } else if let Some(row) = &self.organization {
            Some((Resource::Organization(organization(&row.id)?), row.name.text()))
        } else if let Some(row) = &self.project {
            let (organization, project) = (organization(&row.organization_id)?, project(&row.id)?);
            Some((Resource::Project { organization, project }, row.name.text()))
        } else if let Some(row) = self.project_grant.as_ref().filter(|row| !row.id.is_empty()) {
            let resource = Resource::ProjectGrant {
                organization: organization(&row.organization_id)?,
                project: project(&row.project_id)?,
                grant: GrantId::new(row.id.as_str()),
                granted: organization(&row.granted_organization_id)?,
            };
            Some((resource, row.project_name.text()))
        } else {
            None
        }
    }

    fn into_administrator(self) -> Option<Administrator> {
        let (resource, name) = self.resource()?;
        let (user, home) = (self.user, |id: &Scalar| OrganizationId::new(id.as_str()));
        if user.id.is_empty() {
            return None;
        }
        let manager = Manager {
            user: ManagerUser {
                id: UserId::new(user.id.as_str()),
                organization: (!user.organization_id.is_empty()).then(|| home(&user.organization_id)),
                // Service users have no display name here (recording `admins.v2/list@zitui`).
                kind: if user.display_name.is_empty() { UserKind::Unknown } else { UserKind::Human },
                login_name: user.preferred_login_name.text(),
                display_name: user.display_name.text(),
                email: None,
            },
            resource,
            roles: without_doubles(self.roles.into_iter().map(|role| Role::new(role.into_string()))),
            created: self.creation_date.time(),
            changed: self.change_date.time(),
        };
        Some(Administrator { manager, name })
    }
}

impl Client {
    /// One page of 1000 of all managers that the caller may read, oldest first; its own rows always. Pages can be
    /// short or empty in the middle, and the total counts rows that may not be read (recordings `admins.v2/list@…`).
    /// `user` leaves only its rows.
    pub async fn administrators(
        &self,
        service: AdministratorService,
        user: Option<&UserId>,
        offset: u64,
    ) -> Result<Page<Administrator>, CallError> {
        let mut body = json!({"pagination": {"offset": offset.to_string(), "limit": MAX_LIMIT, "asc": true}});
        if let (Some(user), Value::Object(fields)) = (user, &mut body) {
            let filter = json!([{"inUserIdsFilter": {"ids": [user.as_str()]}}]);
            fields.insert("filters".to_owned(), filter);
        }
        let call = Call::connect(Nature::Read, service.name(), "ListAdministrators", &body);
        let answer: Answer = self.read(call).await?;
        let total = answer.pagination.total_result.number();
        let received = answer.administrators.len();
        let rows = answer.administrators.into_iter().filter_map(Row::into_administrator).collect();
        let mut page = Page::new(rows, total, offset, MAX_LIMIT);
        if total.is_none() && received < MAX_LIMIT as usize {
            page.next_offset = None;
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_level_that_we_do_not_know_is_passed_over() {
        let answer = json!({"administrators": [
            {"user": {"id": "2"}, "group": {"id": "5"}, "roles": ["GROUP_OWNER"]},
            {"user": {"id": "2"}, "instance": true, "roles": null},
        ]});
        let answer: Answer = serde_json::from_value(answer).expect("tolerated");
        let rows: Vec<_> = answer.administrators.into_iter().filter_map(Row::into_administrator).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].manager.roles.is_empty() && rows[0].manager.resource == Resource::Instance);
    }
}
