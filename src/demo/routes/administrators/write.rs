//! Creating, updating and deleting administrators: the commands that v1 uses too, with the resource in the body and
//! permissions checked inside (CONTRACT.md section 8.3).

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::demo::list::timestamp;
use crate::demo::member::{self, Removal};
use crate::demo::message::{Json, Part, Reply};
use crate::demo::refusal::{Code, Refusal};
use crate::demo::router::Call;
use crate::demo::store::Resource;

/// Recordings `admins.v2/…-create…`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let request = Request::read(call, "CreateAdministratorRequest", "ADMIN-IbPp47HDP5")?;
    require(call, &request, "write")?;
    let context = request.context(call);
    let entry = member::add(call, &request.resource, &request.user, request.roles, &context)?;
    Ok(Reply::json(&json!({"creationDate": timestamp(entry.created)})))
}

/// Recordings `admins.v2/…-update…`. For organizations and grants the manager is looked for before the permission.
pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let request = Request::read(call, "UpdateAdministratorRequest", "ADMIN-i0V2IbdloZ")?;
    let late = matches!(request.resource, Resource::Organization(_) | Resource::Grant { .. });
    let there = call.state.store.managers().current(&request.resource, &request.user).is_some();
    if there || !late {
        require(call, &request, "write")?;
    }
    let context = request.context(call);
    let entry = member::change(call, &request.resource, &request.user, request.roles, &context)?;
    Ok(Reply::json(&json!({"changeDate": timestamp(entry.changed)})))
}

/// Recordings `admins.v2/…-delete…`. Who is no administrator of a project or grant any more can be "deleted" by
/// everybody.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let request = Request::read(call, "DeleteAdministratorRequest", "ADMIN-i0V2IbdloZ")?;
    let early = matches!(request.resource, Resource::Instance | Resource::Organization(_));
    let there = call.state.store.managers().current(&request.resource, &request.user).is_some();
    if there || early {
        require(call, &request, "delete")?;
    }
    let context = request.context(call);
    Ok(Reply::json(&match member::remove(call, &request.resource, &request.user, &context)? {
        Removal::Gone(entry) => json!({"deletionDate": timestamp(entry.changed)}),
        Removal::Never => json!({}),
    }))
}

/// Who is to have which roles where.
struct Request {
    user: String,
    resource: Resource,
    roles: Vec<String>,
}

impl Request {
    /// Reads body, path and query: REST has the user in the path, and no body when it deletes. `no_resource` is the
    /// id of the refusal when no resource is named (recording `admins.v2/create-no-resource`).
    fn read(call: &Call<'_>, message: &str, no_resource: &'static str) -> Result<Self, Refusal> {
        let json = call.json()?;
        let from_query = Json { fields: query_fields(&call.request.query), ..Json::default() };
        let body = if call.request.method == "DELETE" { from_query.part() } else { json.part() };
        let user = match call.parameter("user") {
            "" => body.text("userId"),
            user => user,
        };
        if !(1..=200).contains(&user.chars().count()) {
            let text =
                format!("invalid {message}.UserId: value length must be between 1 and 200 runes, inclusive");
            return Err(Refusal::invalid(text));
        }
        let roles = body.texts("roles");
        let doubled =
            roles.iter().enumerate().find(|(at, role)| roles.iter().take(*at).any(|it| it == *role));
        if let Some((at, _)) = doubled {
            let text = format!("invalid {message}.Roles[{at}]: repeated value must contain unique items");
            return Err(Refusal::invalid(text));
        }
        let resource = resource(call, body.part("resource"), no_resource)?;
        Ok(Self { user: user.to_owned(), resource, roles })
    }

    /// The organization that the command runs in: the owner, for a grant the granting one.
    fn context(&self, call: &Call<'_>) -> String {
        match &self.resource {
            Resource::Instance => call.context.clone(),
            resource => call.state.store.owner_of(resource).unwrap_or(&call.context).to_owned(),
        }
    }
}

fn resource(call: &Call<'_>, named: Part<'_>, no_resource: &'static str) -> Result<Resource, Refusal> {
    let text = |name: &str| named.text(name).to_owned();
    if named.flag("instance") {
        Ok(Resource::Instance)
    } else if named.get("organizationId").is_some() {
        Ok(Resource::Organization(text("organizationId")))
    } else if named.get("projectId").is_some() {
        Ok(Resource::Project(text("projectId")))
    } else if named.get("projectGrant").is_some() {
        let wanted = named.part("projectGrant");
        let (project, organization) = (wanted.text("projectId"), wanted.text("organizationId"));
        let mut grants = call.state.store.grants();
        let found = grants.find(|it| it.project == project && it.granted_organization == organization);
        let missing = Refusal::new(Code::NotFound, "PROJECT-D8JxR", "Project Grant not found");
        let grant = found.ok_or(missing)?.id.clone();
        Ok(Resource::Grant { project: project.to_owned(), grant })
    } else {
        Err(Refusal::new(Code::InvalidArgument, no_resource, "Errors.Invalid.Argument"))
    }
}

/// `resource.organizationId=1` as `{"resource": {"organizationId": "1"}}`.
fn query_fields(query: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let mut place = &mut fields;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                let value = if value == "true" { json!(true) } else { json!(value) };
                place.insert(part.to_owned(), value);
                break;
            }
            let inner = place.entry(part.to_owned()).or_insert_with(|| json!({}));
            let Some(inner) = inner.as_object_mut() else { break };
            place = inner;
        }
    }
    fields
}

/// The inner check; managers of a grant are checked in the granted organization.
fn require(call: &Call<'_>, request: &Request, action: &str) -> Result<(), Refusal> {
    let store = &call.state.store;
    let (organization, level, objects) = match &request.resource {
        Resource::Instance => (call.context.as_str(), "iam", Vec::new()),
        Resource::Organization(id) => (id.as_str(), "org", Vec::new()),
        Resource::Project(id) => {
            (store.owner_of(&request.resource).unwrap_or(&call.context), "project", vec![id.as_str()])
        }
        Resource::Grant { grant, .. } => {
            let granted =
                store.grant(grant).map_or(call.context.as_str(), |it| it.granted_organization.as_str());
            (granted, "project.grant", vec![grant.as_str()])
        }
    };
    call.require_inside(organization, &format!("{level}.member.{action}"), &objects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_nested_names_from_a_query() {
        let fields = query_fields(
            "resource.projectGrant.projectId=3&resource.projectGrant.organizationId=1&resource.x=true",
        );
        let expected =
            json!({"resource": {"projectGrant": {"projectId": "3", "organizationId": "1"}, "x": true}});
        assert_eq!(Value::from(fields), expected);
    }
}
