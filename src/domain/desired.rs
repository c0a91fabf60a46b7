//! Who shall manage what, as a file under version control says it.

use super::inventory::ManagerRecord;
use super::level::Resource;
use super::snapshot::{Gap, Snapshot};
use super::text::SafeText;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    /// The resources, none twice under one name.
    pub resources: Vec<DesiredResource>,
}

/// Who shall manage one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesiredResource {
    /// Where it stands in the file, from 1; 0 for what was not read from one.
    pub line: u64,
    /// The instance.
    pub instance: bool,
    /// An organization by id, name or primary domain; beside a project or a grant, who owns it.
    pub organization: Option<String>,
    /// A project by id or name.
    pub project: Option<String>,
    /// A project grant: its id, `PROJECT→ORG`, or beside a project only the receiving organization.
    pub grant: Option<String>,
    /// Whether managers that are not listed are removed.
    pub exclusive: bool,
    /// The managers, none twice under one name. Each ends with exactly its roles.
    pub managers: Vec<DesiredManager>,
    /// What to call it, for people only.
    pub name: SafeText,
}

/// One manager, and exactly the roles that it shall hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesiredManager {
    /// Where it stands in the file, from 1; 0 for what was not read from one.
    pub line: u64,
    /// Id, login name, user name, e-mail or display name.
    pub user: String,
    /// Role keys; at least one.
    pub roles: Vec<String>,
    /// What to call it, for people only.
    pub name: SafeText,
}

/// The state that a snapshot describes: each resource that has managers, by id, exclusively. Where that would take
/// something away that the snapshot does not know or a file cannot say, the resource is not exclusive; the reasons are
/// told beside it.
pub fn described(snapshot: &Snapshot) -> (Desired, Vec<SafeText>) {
    let mut desired = Desired::default();
    let mut reasons: Vec<SafeText> = snapshot.gaps.iter().filter_map(unread).collect();
    for records in snapshot.records.chunk_by(|one, next| one.manager.resource == next.manager.resource) {
        let Some(first) = records.first() else { continue };
        let (listed, without_roles): (Vec<_>, Vec<_>) =
            records.iter().partition(|record| !record.manager.roles.is_empty());
        for record in &without_roles {
            reasons.push(SafeText::new(&format!(
                "{} on {} has no roles, which a plan cannot say; others are not removed there",
                record.manager.user.title(),
                record.resource_name
            )));
        }
        if listed.is_empty() {
            continue;
        }
        let whole = without_roles.is_empty() && snapshot.gap_of(&first.manager.resource).is_none();
        let managers = listed.into_iter().map(manager).collect();
        desired.resources.push(DesiredResource { exclusive: whole, managers, ..resource(first) });
    }
    (desired, reasons)
}

/// What a gap leaves out; nothing where only names lack.
fn unread(gap: &Gap) -> Option<SafeText> {
    use super::snapshot::Extent;
    let told = match gap.extent {
        Extent::Names => return None,
        Extent::Resource(_) => "",
        Extent::Beyond(_) | Extent::Anything => "; nobody is removed where somebody may lack",
    };
    Some(SafeText::new(&format!("the {} could not be read and are left out{told}", gap.name)))
}

fn resource(record: &ManagerRecord) -> DesiredResource {
    let organization = record.manager.resource.organization().map(|id| id.as_str().to_owned());
    let found = DesiredResource { organization, name: title(record), ..DesiredResource::default() };
    match &record.manager.resource {
        Resource::Instance => DesiredResource { instance: true, ..found },
        Resource::Organization(_) => found,
        Resource::Project { project, .. } => {
            DesiredResource { project: Some(project.as_str().to_owned()), ..found }
        }
        Resource::ProjectGrant { project, grant, .. } => DesiredResource {
            project: Some(project.as_str().to_owned()),
            grant: Some(grant.as_str().to_owned()),
            ..found
        },
    }
}

fn title(record: &ManagerRecord) -> SafeText {
    let (name, owner) = (&record.resource_name, &record.organization_name);
    if owner.is_empty() || owner == name {
        name.clone()
    } else {
        SafeText::new(&format!("{name} of {owner}"))
    }
}

fn manager(record: &ManagerRecord) -> DesiredManager {
    let user = &record.manager.user;
    let roles = record.manager.roles.iter().map(|role| role.key().to_owned()).collect();
    DesiredManager {
        line: 0,
        user: user.id.as_str().to_owned(),
        roles,
        name: user.login_name.or(&user.title()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, UserId};
    use crate::domain::manager::{Manager, ManagerUser};
    use crate::domain::role::Role;
    use crate::domain::snapshot::Extent;
    use crate::domain::user::UserKind;

    fn record(organization: &str, user: &str, roles: &[&str]) -> ManagerRecord {
        let user = ManagerUser {
            id: UserId::new(user),
            organization: None,
            kind: UserKind::Human,
            login_name: "alice".into(),
            display_name: SafeText::default(),
            email: None,
        };
        let resource = Resource::Organization(OrganizationId::new(organization));
        let roles = roles.iter().map(|role| Role::new(*role)).collect();
        let manager = Manager { user, resource, roles, created: None, changed: None };
        ManagerRecord { manager, resource_name: organization.into(), organization_name: organization.into() }
    }

    fn exclusive(records: Vec<ManagerRecord>, gaps: Vec<Extent>) -> (Vec<(String, bool)>, usize) {
        let gap = |extent| Gap { name: "part".into(), extent, why: "why".into(), missing_permission: None };
        let gaps = gaps.into_iter().map(gap).collect();
        let (desired, reasons) = described(&Snapshot::new("i".into(), "n".into(), records, gaps));
        let told = desired.resources.into_iter().map(|row| (row.name.to_string(), row.exclusive));
        (told.collect(), reasons.len())
    }

    #[test]
    fn nobody_is_removed_where_somebody_may_lack() {
        let two = || vec![record("a", "1", &["A"]), record("b", "1", &["A"])];
        let both = |a, b| vec![("a".to_owned(), a), ("b".to_owned(), b)];
        let unread = Extent::Resource(Resource::Organization(OrganizationId::new("b")));
        assert_eq!(exclusive(two(), vec![]), (both(true, true), 0));
        assert_eq!(exclusive(two(), vec![Extent::Names]), (both(true, true), 0));
        assert_eq!(exclusive(two(), vec![unread]), (both(true, false), 1));
        assert_eq!(exclusive(two(), vec![Extent::Anything]), (both(false, false), 1));
    }

    #[test]
    fn a_manager_without_roles_is_neither_listed_nor_removed() {
        let records = vec![record("a", "1", &["A"]), record("a", "2", &[]), record("b", "2", &[])];
        assert_eq!(exclusive(records, vec![]), (vec![("a".to_owned(), false)], 2));
    }
}
