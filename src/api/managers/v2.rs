//! Writing managers through v2, which calls them administrators (CONTRACT.md section 8). Its list has neither users'
//! kinds nor the names of service users, so rows of one resource are read through v1.

use serde_json::{Value, json};

use super::{ManagerWrites, Place, Writing, keys};
use crate::api::client::Client;
use crate::api::transport::{Call, Nature};
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::role::Role;
use crate::domain::session::AdministratorService;

/// Writes through v2 or v2beta, which behave alike (CONTRACT.md section 8.4).
#[derive(Clone, Debug)]
pub struct ManagersV2 {
    /// The way to the server.
    pub client: Client,
    /// Which of the two.
    pub service: AdministratorService,
}

/// A grant is named by its project and the granted organization; v2 has no grant ids in requests.
fn resource_json(resource: &Resource) -> Value {
    match resource {
        Resource::Instance => json!({"instance": true}),
        Resource::Organization(organization) => json!({"organizationId": organization.as_str()}),
        Resource::Project { project, .. } => json!({"projectId": project.as_str()}),
        Resource::ProjectGrant { project, granted, .. } => {
            json!({"projectGrant": {"projectId": project.as_str(), "organizationId": granted.as_str()}})
        }
    }
}

impl ManagersV2 {
    fn call(&self, method: &str, body: &Value) -> Writing<'_> {
        Box::pin(self.client.write(Call::connect(Nature::Write, self.service.name(), method, body)))
    }
}

impl ManagerWrites for ManagersV2 {
    fn add<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a> {
        let resource = resource_json(&place.resource);
        let body = json!({"userId": user.as_str(), "resource": resource, "roles": keys(roles)});
        self.call("CreateAdministrator", &body)
    }

    fn change<'a>(&'a self, place: &'a Place, user: &'a UserId, roles: &'a [Role]) -> Writing<'a> {
        let resource = resource_json(&place.resource);
        let body = json!({"userId": user.as_str(), "resource": resource, "roles": keys(roles)});
        self.call("UpdateAdministrator", &body)
    }

    fn remove<'a>(&'a self, place: &'a Place, user: &'a UserId) -> Writing<'a> {
        let body = json!({"userId": user.as_str(), "resource": resource_json(&place.resource)});
        self.call("DeleteAdministrator", &body)
    }
}
