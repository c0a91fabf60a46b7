//! The filters of `ListAdministrators` (CONTRACT.md section 8.2): what 4.15 understands, what the older service
//! refuses, and where 4.3 crashes.

use jiff::Timestamp;
use serde_json::Value;

use crate::demo::Version;
use crate::demo::message::Part;
use crate::demo::refusal::{Code, Refusal};
use crate::demo::store::{Resource, Row, Store};

/// Which service was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    V2,
    V2Beta,
}

/// What reading the filters led to, other than filters.
#[derive(Debug)]
pub(super) enum Failure {
    Refused(Refusal),
    /// The server dies of the request and closes the connection.
    Crash,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// One condition on a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Instance,
    Organization(String),
    Project {
        id: String,
        /// 4.3 also finds the managers of the project's grants.
        with_grants: bool,
    },
    Grant(String),
    GrantTo {
        project: String,
        organization: String,
    },
    Users(Vec<String>),
    UserOrganization(String),
    LoginName(String),
    DisplayName(String),
    Role(String),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Created {
        after: bool,
        time: Timestamp,
    },
    Changed {
        after: bool,
        time: Timestamp,
    },
    Nobody,
}

impl Filter {
    /// Reads a list of filters, all of which must hold.
    pub(super) fn read_all(list: &[Value], service: Service, version: Version) -> Result<Vec<Self>, Failure> {
        list.iter().map(|filter| Self::read(Part(filter.as_object()), service, version)).collect()
    }

    fn read(filter: Part<'_>, service: Service, version: Version) -> Result<Self, Failure> {
        let nested = |name: &str| Self::read_all(filter.part(name).list("queries"), service, version);
        let only = |name: &str| filter.get(name).is_some();
        if only("resource") {
            return resource(filter.part("resource"), version);
        }
        if service == Service::V2Beta && ["role", "and", "or", "not"].into_iter().any(only) {
            return Err(Refusal::new(Code::InvalidArgument, "ORG-vR9nC", "List.Query.Invalid").into());
        }
        if only("inUserIdsFilter") {
            Ok(Self::Users(filter.part("inUserIdsFilter").texts("ids")))
        } else if only("userOrganizationId") {
            Ok(Self::UserOrganization(filter.part("userOrganizationId").text("id").to_owned()))
        } else if only("userPreferredLoginName") {
            let name = filter.part("userPreferredLoginName").text("preferredLoginName");
            Ok(Self::LoginName(name.to_owned()))
        } else if only("userDisplayName") {
            Ok(Self::DisplayName(filter.part("userDisplayName").text("displayName").to_owned()))
        } else if only("role") {
            Ok(Self::Role(filter.part("role").text("roleKey").to_owned()))
        } else if only("and") {
            Ok(Self::All(nested("and")?))
        } else if only("or") {
            Ok(Self::Any(nested("or")?))
        } else if only("not") {
            let inner = Self::read(filter.part("not").part("query"), service, version)?;
            Ok(Self::Not(Box::new(inner)))
        } else if only("creationDate") {
            time(filter.part("creationDate"), version, |after, time| Self::Created { after, time })
        } else if only("changeDate") {
            time(filter.part("changeDate"), version, |after, time| Self::Changed { after, time })
        } else {
            let text = "invalid AdministratorSearchFilter.Filter: value is required";
            Err(Refusal::invalid(text).into())
        }
    }

    /// Whether a row passes. Names are compared exactly, whatever method was asked for.
    pub(super) fn admits(&self, store: &Store, row: &Row<'_>) -> bool {
        let user = || store.user(row.user);
        match self {
            Self::Instance => *row.resource == Resource::Instance,
            Self::Organization(id) => matches!(row.resource, Resource::Organization(it) if it == id),
            Self::Project { id, with_grants } => match row.resource {
                Resource::Project(it) => it == id,
                Resource::Grant { project, .. } => *with_grants && project == id,
                _ => false,
            },
            Self::Grant(id) => row.resource.grant() == Some(id),
            Self::GrantTo { project, organization } => match row.resource {
                Resource::Grant { project: it, grant } => {
                    it == project
                        && store.grant(grant).is_some_and(|it| it.granted_organization == *organization)
                }
                _ => false,
            },
            Self::Users(ids) => ids.iter().any(|id| id == row.user),
            Self::UserOrganization(id) => user().is_some_and(|it| it.organization == *id),
            Self::LoginName(name) => user().is_some_and(|it| it.login() == name),
            Self::DisplayName(name) => user().is_some_and(|it| !it.is_machine() && it.display_name() == name),
            Self::Role(role) => row.roles().contains(role),
            Self::All(filters) => filters.iter().all(|it| it.admits(store, row)),
            Self::Any(filters) => filters.iter().any(|it| it.admits(store, row)),
            Self::Not(filter) => !filter.admits(store, row),
            Self::Created { after, time } => beyond(row.entry.created, *after, *time),
            Self::Changed { after, time } => beyond(row.entry.changed, *after, *time),
            Self::Nobody => false,
        }
    }
}

fn beyond(date: Timestamp, after: bool, time: Timestamp) -> bool {
    let (date, time) = (date.as_microsecond(), time.as_microsecond());
    if after { date > time } else { date < time }
}

fn resource(resource: Part<'_>, version: Version) -> Result<Filter, Failure> {
    let old = version < Version::V4_15;
    let text = |name: &str| resource.text(name).to_owned();
    if resource.flag("instance") {
        Ok(Filter::Instance)
    } else if resource.get("organizationId").is_some() {
        Ok(Filter::Organization(text("organizationId")))
    } else if resource.get("projectId").is_some() {
        Ok(Filter::Project { id: text("projectId"), with_grants: old })
    } else if old && resource.get("projectGrantId").is_some() {
        Ok(Filter::Grant(text("projectGrantId")))
    } else if old {
        Err(Failure::Crash)
    } else if resource.get("projectGrant").is_some() {
        let grant = resource.part("projectGrant");
        let (project, organization) =
            (grant.text("projectId").to_owned(), grant.text("organizationId").to_owned());
        Ok(Filter::GrantTo { project, organization })
    } else {
        Err(Refusal::invalid("invalid ResourceFilter.Resource: value is required").into())
    }
}

/// The service of 4.3 accepts filters by date and then finds nobody.
fn time(
    filter: Part<'_>,
    version: Version,
    make: impl Fn(bool, Timestamp) -> Filter,
) -> Result<Filter, Failure> {
    if version < Version::V4_15 {
        return Ok(Filter::Nobody);
    }
    let after = filter.text("method").contains("AFTER");
    let text = filter.text("timestamp");
    match text.parse() {
        Ok(time) => Ok(make(after, time)),
        Err(_) => Err(Refusal::invalid(format!("invalid google.protobuf.Timestamp value {text:?}")).into()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn read(filter: &Value, service: Service, version: Version) -> Result<Vec<Filter>, Failure> {
        Filter::read_all(std::slice::from_ref(filter), service, version)
    }

    #[rstest]
    #[case(json!({"resource": {"projectGrant": {"projectId": "3", "organizationId": "1"}}}))]
    #[case(json!({"resource": {"instance": false}}))]
    fn two_filters_crash_the_old_server(#[case] filter: Value) {
        assert!(matches!(read(&filter, Service::V2Beta, Version::V4_3), Err(Failure::Crash)));
        assert!(!matches!(read(&filter, Service::V2, Version::V4_15), Err(Failure::Crash)));
    }

    #[test]
    fn roles_can_be_asked_for_only_in_the_newer_service() {
        let filter = json!({"or": {"queries": [{"role": {"roleKey": "IAM_OWNER"}}]}});
        let expected = Filter::Any(vec![Filter::Role("IAM_OWNER".to_owned())]);
        assert_eq!(read(&filter, Service::V2, Version::V4_15).unwrap(), [expected]);
        let Err(Failure::Refused(refusal)) = read(&filter, Service::V2Beta, Version::V4_15) else { panic!() };
        assert_eq!(refusal.id, Some("ORG-vR9nC"));
    }

    #[test]
    fn an_unknown_filter_is_refused() {
        let refused = read(&json!({"color": {"id": "red"}}), Service::V2, Version::V4_15);
        assert!(matches!(refused, Err(Failure::Refused(refusal)) if refusal.id.is_none()));
    }
}
