//! A resource together with what to call it and the way to it.

use super::shared::Shared;
use crate::domain::level::{Level, Resource};
use crate::domain::organization::Organization;
use crate::domain::project::{Project, ProjectGrant};
use crate::domain::text::SafeText;

/// A resource as screens speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedResource {
    /// The resource.
    pub resource: Resource,
    /// What to call it, e.g. `Globex` or `Portal → Initech`.
    pub name: SafeText,
    /// The way from the instance to it, e.g. `Globex`, `Portal`, `→ Initech`; empty for the instance itself.
    pub way: Vec<SafeText>,
}

impl NamedResource {
    /// The instance signed in to: by its name, else by its host.
    pub fn instance(shared: &Shared) -> Self {
        let name = shared.facts().map(|facts| {
            let host = facts.issuer.as_str().split_once("://").map_or("", |(_, host)| host);
            facts.instance_name.clone().unwrap_or_default().or(&SafeText::new(host.trim_end_matches('/')))
        });
        Self { resource: Resource::Instance, name: name.unwrap_or_default(), way: Vec::new() }
    }

    /// A project of an organization with this name.
    pub fn project(project: &Project, organization: SafeText) -> Self {
        let name = project.title();
        Self { resource: project.resource(), way: vec![organization, name.clone()], name }
    }

    /// A resource of which not more than a name is known.
    pub fn called(resource: Resource, name: SafeText, shared: &Shared) -> Self {
        let owner = resource.organization().map(|id| shared.organization_title(id));
        let way = match resource.level() {
            Level::Instance => Vec::new(),
            Level::Organization => vec![name.clone()],
            Level::Project | Level::ProjectGrant => owner.into_iter().chain([name.clone()]).collect(),
        };
        Self { resource, name, way }
    }

    /// What it is and how it is called, e.g. `the project Portal`.
    pub fn in_words(&self) -> String {
        format!("the {} {}", self.resource.level(), self.name)
    }

    /// The way as texts of the breadcrumb.
    pub fn crumbs(&self) -> Vec<String> {
        self.way.iter().map(ToString::to_string).collect()
    }
}

impl From<&Organization> for NamedResource {
    fn from(organization: &Organization) -> Self {
        let name = organization.title();
        Self { resource: Resource::Organization(organization.id.clone()), way: vec![name.clone()], name }
    }
}

impl From<Organization> for NamedResource {
    fn from(organization: Organization) -> Self {
        Self::from(&organization)
    }
}

impl From<&ProjectGrant> for NamedResource {
    fn from(grant: &ProjectGrant) -> Self {
        let or_id = |name: &SafeText, id: &str| name.or(&SafeText::new(id));
        let granted = or_id(&grant.granted_name, grant.granted.as_str());
        Self {
            resource: grant.resource(),
            name: grant.title(),
            way: vec![
                or_id(&grant.organization_name, grant.organization.as_str()),
                or_id(&grant.project_name, grant.project.as_str()),
                SafeText::new(&format!("→ {granted}")),
            ],
        }
    }
}
