//! Who is signed in: the own user, its memberships and permissions, and what it may know of the instance
//! (CONTRACT.md section 6).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::error::CallError;
use super::paging::all_pages;
use super::transport::Call;
use super::wire::{Details, List, MAX_LIMIT, Scalar, or_default, search_body};
use crate::domain::id::{OrganizationId, ProjectId, UserId};
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::page::Page;
use crate::domain::permission::Permissions;
use crate::domain::role::{Role, without_doubles};
use crate::domain::session::Identity;
use crate::domain::text::SafeText;

const OWN_MEMBERSHIPS: [&str; 5] = ["auth", "v1", "memberships", "me", "_search"];

/// What who has `iam.read` is told about the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its name.
    pub name: SafeText,
    /// The version of the server, e.g. `v4.15.0`.
    pub version: SafeText,
}

/// A membership of some user, with its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedMembership {
    /// The membership.
    pub membership: Membership,
    /// Since when.
    pub created: Option<Timestamp>,
    /// When its roles last changed.
    pub changed: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Me {
    user: UserRow,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserRow {
    id: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    details: Details,
    #[serde(default)]
    user_name: Scalar,
    #[serde(default)]
    preferred_login_name: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    human: Human,
    #[serde(default, deserialize_with = "or_default")]
    machine: Machine,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Human {
    #[serde(deserialize_with = "or_default")]
    profile: Profile,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Profile {
    display_name: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Machine {
    name: Scalar,
}

#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
struct MembershipRow {
    #[serde(deserialize_with = "or_default")]
    details: Details,
    #[serde(deserialize_with = "or_default")]
    roles: Vec<Scalar>,
    display_name: Scalar,
    iam: Scalar,
    org_id: Scalar,
    project_id: Scalar,
    project_grant_id: Scalar,
}

impl MembershipRow {
    fn into_dated(self) -> Option<DatedMembership> {
        let (created, changed) = (self.details.creation_date.time(), self.details.change_date.time());
        Some(DatedMembership { membership: self.into_membership()?, created, changed })
    }

    /// None for a kind of membership that we do not know.
    fn into_membership(self) -> Option<Membership> {
        let (level, resource_id) = if self.iam.is_true() {
            (Level::Instance, SafeText::default())
        } else if !self.org_id.is_empty() {
            (Level::Organization, self.org_id.text())
        } else if !self.project_grant_id.is_empty() {
            (Level::ProjectGrant, self.project_grant_id.text())
        } else if !self.project_id.is_empty() {
            (Level::Project, self.project_id.text())
        } else {
            return None;
        };
        let owner = if level == Level::Organization { &self.org_id } else { &self.details.resource_owner };
        let organization =
            (level != Level::Instance && !owner.is_empty()).then(|| OrganizationId::new(owner.as_str()));
        let roles = without_doubles(self.roles.into_iter().map(|role| Role::new(role.into_string())));
        Some(Membership { level, resource_id, resource_name: self.display_name.text(), organization, roles })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Iam {
    default_org_id: Scalar,
    iam_project_id: Scalar,
}

#[derive(Deserialize)]
struct InstanceAnswer {
    instance: InstanceRow,
}

#[derive(Deserialize)]
struct InstanceRow {
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    version: Scalar,
}

/// The claims that name the own organization, also to who may not read it (recording `auth/userinfo-pat`).
#[derive(Default, Deserialize)]
#[serde(default)]
struct UserInfo {
    #[serde(rename = "urn:zitadel:iam:user:resourceowner:id")]
    organization: Scalar,
    #[serde(rename = "urn:zitadel:iam:user:resourceowner:name")]
    name: Scalar,
}

impl Client {
    /// The signed-in user (recordings `self/me@…`).
    pub async fn own_user(&self) -> Result<Identity, CallError> {
        let Me { user } = self.read(Call::get("auth/v1/users/me".split('/'))).await?;
        Ok(Identity {
            user: UserId::new(user.id.as_str()),
            organization: OrganizationId::new(user.details.resource_owner.as_str()),
            login_name: user.preferred_login_name.text().or(&user.user_name.text()),
            display_name: user.human.profile.display_name.text().or(&user.machine.name.text()),
        })
    }

    /// Everything that the signed-in user manages, on all levels (recordings `self/memberships@…`).
    pub async fn own_memberships(&self) -> Result<Vec<DatedMembership>, CallError> {
        let rows = all_pages(|offset| self.membership_page(&OWN_MEMBERSHIPS, None, offset)).await?;
        Ok(rows.into_iter().filter_map(MembershipRow::into_dated).collect())
    }

    /// What a user manages on the instance and in one organization; needs `user.membership.read` there. Nothing, not
    /// an error, for a user that does not exist (recordings `users/v1-memberships`, `-other-org`).
    pub async fn memberships_of(
        &self,
        user: &UserId,
        organization: &OrganizationId,
    ) -> Result<Vec<DatedMembership>, CallError> {
        let path = ["management", "v1", "users", user.as_str(), "memberships", "_search"];
        let rows = all_pages(|offset| self.membership_page(&path, Some(organization), offset)).await?;
        Ok(rows.into_iter().filter_map(MembershipRow::into_dated).collect())
    }

    async fn membership_page(
        &self,
        path: &[&str],
        organization: Option<&OrganizationId>,
        offset: u64,
    ) -> Result<Page<MembershipRow>, CallError> {
        let body = search_body(offset, MAX_LIMIT, None, Vec::new());
        let mut call = Call::search(path.iter().copied(), &body);
        if let Some(organization) = organization {
            call = call.organization(organization);
        }
        let list: List<MembershipRow> = self.read(call).await?;
        let total = list.total();
        Ok(Page::new(list.result, total, offset, MAX_LIMIT))
    }

    /// The own permissions in an organization (recordings `self/permissions-…`); none is an empty answer, not an
    /// error.
    pub async fn own_permissions(&self, organization: &OrganizationId) -> Result<Permissions, CallError> {
        let request = Call::search("auth/v1/permissions/zitadel/me/_search".split('/'), &json!({}))
            .organization(organization);
        let list: List<Scalar> = self.read(request).await?;
        Ok(Permissions::new(list.result.into_iter().map(Scalar::into_string)))
    }

    /// The organization in which the server keeps its own project; told to everybody (recording `self/iam@nobody`).
    pub async fn default_organization(&self) -> Result<Option<OrganizationId>, CallError> {
        let iam: Iam = self.read(Call::get("management/v1/iam".split('/'))).await?;
        Ok((!iam.default_org_id.is_empty()).then(|| OrganizationId::new(iam.default_org_id.as_str())))
    }

    /// The server's own project, whose applications are no tenant's; told to everybody (recording `self/iam@nobody`).
    pub async fn project_of_server(&self) -> Result<ProjectId, CallError> {
        let iam: Iam = self.read(Call::get("management/v1/iam".split('/'))).await?;
        Ok(ProjectId::new(iam.iam_project_id.as_str()))
    }

    /// Name and version of the instance; needs `iam.read` (recordings `instance/me@…`).
    pub async fn instance(&self) -> Result<Instance, CallError> {
        let InstanceAnswer { instance } = self.read(Call::get("admin/v1/instances/me".split('/'))).await?;
        Ok(Instance { name: instance.name.text(), version: instance.version.text() })
    }

    /// The own organization with its name, for who may not read organizations; none where the token does not carry
    /// it (recordings `auth/userinfo`, `auth/userinfo-pat`).
    pub async fn own_organization_name(&self) -> Result<Option<(OrganizationId, SafeText)>, CallError> {
        let info: UserInfo = self.read(Call::get("oidc/v1/userinfo".split('/'))).await?;
        let known = !info.organization.is_empty() && !info.name.is_empty();
        Ok(known.then(|| (OrganizationId::new(info.organization.as_str()), info.name.text())))
    }
}
