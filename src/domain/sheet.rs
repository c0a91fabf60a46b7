//! What a person sheet tells: what a user manages as a tree over the levels, who gave each role, and what the user can
//! effectively do.

use jiff::Timestamp;

use super::id::{OrganizationId, ProjectId};
use super::inventory::{GrantedOn, ManagerRecord, RoleGrant};
use super::level::{Level, Resource};
use super::role::Role;
use super::text::SafeText;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// How deep it lies: 0 for the instance.
    pub depth: usize,
    /// The level of the resource.
    pub level: Level,
    /// What to call the resource.
    pub name: SafeText,
    /// The resource.
    pub resource: Resource,
    /// The place of the membership among the records; none for what is only on the way to others.
    pub record: Option<usize>,
}

/// The tree over what a user manages: the instance, its organizations by name, their projects by name, and the grants
/// below their project where that is in the tree, else below the organization that lends it.
pub fn tree(records: &[ManagerRecord], instance: &SafeText) -> Vec<Node> {
    let on_instance = position(records, |resource| *resource == Resource::Instance);
    let mut nodes = vec![Node {
        depth: 0,
        level: Level::Instance,
        name: instance.clone(),
        resource: Resource::Instance,
        record: on_instance,
    }];
    for (organization, name) in organizations(records) {
        let resource = Resource::Organization(organization.clone());
        let record = position(records, |own| *own == resource);
        nodes.push(Node { depth: 1, level: Level::Organization, name, resource, record });
        push_projects(&mut nodes, records, &organization);
    }
    nodes
}

fn position(records: &[ManagerRecord], is_it: impl Fn(&Resource) -> bool) -> Option<usize> {
    records.iter().position(|record| is_it(&record.manager.resource))
}

fn organizations(records: &[ManagerRecord]) -> Vec<(OrganizationId, SafeText)> {
    let mut found: Vec<(OrganizationId, SafeText)> = Vec::new();
    for record in records {
        let Some(id) = record.manager.resource.organization() else { continue };
        if !found.iter().any(|(known, _)| known == id) {
            let name = record.organization_name.or(&SafeText::new(id.as_str()));
            found.push((id.clone(), name));
        }
    }
    found.sort_by_cached_key(|(id, name)| (name.as_str().to_lowercase(), id.clone()));
    found
}

fn push_projects(nodes: &mut Vec<Node>, records: &[ManagerRecord], organization: &OrganizationId) {
    let mut below: Vec<(usize, &ManagerRecord)> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| {
            record.manager.resource.level() > Level::Organization
                && record.manager.resource.organization() == Some(organization)
        })
        .collect();
    below.sort_by_cached_key(|(_, record)| record.resource_name.as_str().to_lowercase());
    let node = |depth: usize, index: usize, record: &ManagerRecord| Node {
        depth,
        level: record.manager.resource.level(),
        name: record.resource_name.clone(),
        resource: record.manager.resource.clone(),
        record: Some(index),
    };
    let is_project = |record: &ManagerRecord| record.manager.resource.level() == Level::Project;
    let mut placed = Vec::new();
    for (index, record) in below.iter().filter(|(_, record)| is_project(record)) {
        nodes.push(node(2, *index, record));
        for (grant_index, grant) in below.iter().filter(|(_, other)| !is_project(other)) {
            if project_of(&grant.manager.resource) == project_of(&record.manager.resource) {
                nodes.push(node(3, *grant_index, grant));
                placed.push(*grant_index);
            }
        }
    }
    let others = below.iter().filter(|(index, record)| !is_project(record) && !placed.contains(index));
    nodes.extend(others.map(|(index, record)| node(2, *index, record)));
}

const fn project_of(resource: &Resource) -> Option<&ProjectId> {
    match resource {
        Resource::Project { project, .. } | Resource::ProjectGrant { project, .. } => Some(project),
        Resource::Instance | Resource::Organization(_) => None,
    }
}

/// Who gave a role that is held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// By whom.
    pub by: SafeText,
    /// When.
    pub time: Timestamp,
}

/// Who gave `role` on `resource` last: the event after which it was held and before which it was not. None where the
/// events known do not tell. `events` are newest first.
pub fn given(role: &Role, resource: &Resource, events: &[RoleGrant]) -> Option<Given> {
    let on = GrantedOn::of(resource);
    let holds =
        |event: &&RoleGrant| event.roles.as_ref().is_some_and(|roles| roles.iter().any(|one| one == role));
    let last = events.iter().filter(|event| event.resource == on).take_while(holds).last()?;
    Some(Given { by: last.editor.clone(), time: last.time })
}

/// What somebody can do that matters here, from which roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Power {
    /// Where it can make others manager, and by which role.
    pub makes_managers: Vec<(SafeText, Role)>,
    /// The role by which it reads everything on the instance.
    pub reads_everything: Option<Role>,
    /// Where it can act in the name of others, and by which role.
    pub impersonates: Vec<(SafeText, Role)>,
    /// Where it holds roles that zitui knows nothing about.
    pub unknown: Vec<(SafeText, Role)>,
    /// Whether every role held only reads; false where none is held.
    pub only_reads: bool,
}

/// What the holder of these memberships can effectively do.
pub fn power(records: &[ManagerRecord]) -> Power {
    let mut power = Power { only_reads: true, ..Power::default() };
    let mut held = false;
    for record in records {
        for role in &record.manager.roles {
            held = true;
            power.only_reads &= role.only_reads();
            add(&mut power, record, role);
        }
    }
    power.only_reads &= held;
    power
}

fn add(power: &mut Power, record: &ManagerRecord, role: &Role) {
    let here = (record.resource_name.clone(), role.clone());
    let Some(card) = role.card() else {
        power.unknown.push(here);
        return;
    };
    let reads_everything =
        ["iam.read", "events.read"].iter().all(|permission| card.permissions.contains(permission));
    if reads_everything && record.manager.resource == Resource::Instance && power.reads_everything.is_none() {
        power.reads_everything = Some(role.clone());
    }
    if card.impersonates {
        power.impersonates.push(here.clone());
    }
    if !card.makes_managers_of.is_empty() {
        power.makes_managers.push(here);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, UserId};
    use crate::domain::manager::{Manager, ManagerUser};
    use crate::domain::user::UserKind;

    fn globex() -> OrganizationId {
        OrganizationId::new("100")
    }

    fn portal() -> Resource {
        Resource::Project { organization: globex(), project: ProjectId::new("300") }
    }

    fn grant(project: &str) -> Resource {
        Resource::ProjectGrant {
            organization: globex(),
            project: ProjectId::new(project),
            grant: GrantId::new("400"),
            granted: OrganizationId::new("101"),
        }
    }

    fn record(resource: Resource, name: &str, organization: &str, roles: &[&str]) -> ManagerRecord {
        let user = ManagerUser {
            id: UserId::new("1"),
            organization: None,
            kind: UserKind::Human,
            login_name: "dana".into(),
            display_name: "Dana".into(),
            email: None,
        };
        let roles = roles.iter().map(|role| Role::new(*role)).collect();
        ManagerRecord {
            manager: Manager { user, resource, roles, created: None, changed: None },
            resource_name: name.into(),
            organization_name: organization.into(),
        }
    }

    fn drawn(records: &[ManagerRecord]) -> Vec<String> {
        let line = |node: &Node| {
            let mark = if node.record.is_some() { "*" } else { "" };
            format!("{}{}{mark}", ">".repeat(node.depth), node.name)
        };
        tree(records, &"ZITADEL".into()).iter().map(line).collect()
    }

    #[test]
    fn the_tree_goes_through_the_levels_and_names_what_lies_on_the_way() {
        let records = [
            record(grant("300"), "Portal → Initech", "Globex", &["PROJECT_GRANT_OWNER"]),
            record(portal(), "Portal", "Globex", &["PROJECT_OWNER"]),
            record(Resource::Organization(OrganizationId::new("99")), "Acme", "Acme", &["ORG_OWNER"]),
        ];
        assert_eq!(drawn(&records), ["ZITADEL", ">Acme*", ">Globex", ">>Portal*", ">>>Portal → Initech*"]);
    }

    #[test]
    fn a_grant_of_a_project_that_is_not_managed_lies_below_the_organization() {
        let records = [record(grant("301"), "Shop → Initech", "Globex", &["PROJECT_GRANT_OWNER"])];
        assert_eq!(drawn(&records), ["ZITADEL", ">Globex", ">>Shop → Initech*"]);
    }

    /// An event after which these roles are held, parted by blanks; none after a removal.
    fn event(minute: i64, roles: &str, by: &str) -> RoleGrant {
        let roles: Vec<Role> = roles.split_whitespace().map(Role::new).collect();
        RoleGrant {
            resource: GrantedOn::of(&portal()),
            user: UserId::new("1"),
            roles: (!roles.is_empty()).then_some(roles),
            time: Timestamp::from_second(minute * 60).expect("a time"),
            editor: by.into(),
            editor_id: "9".into(),
        }
    }

    #[rstest]
    #[case::added(&[(1, "A", "gina")], Some("gina"))]
    #[case::a_later_change_of_other_roles_gave_it_not(&[(2, "A B", "rita"), (1, "A", "gina")], Some("gina"))]
    #[case::given_again_after_a_removal(&[(3, "A", "rita"), (2, "", "gus"), (1, "A", "gina")], Some("rita"))]
    #[case::given_by_a_change(&[(2, "B A", "rita"), (1, "B", "gina")], Some("rita"))]
    #[case::events_that_do_not_tell(&[(2, "B", "rita")], None)]
    #[case::no_events(&[], None)]
    fn the_newest_event_that_brought_the_role_tells_who_gave_it(
        #[case] events: &[(i64, &str, &str)],
        #[case] by: Option<&str>,
    ) {
        let events: Vec<RoleGrant> =
            events.iter().map(|(minute, roles, by)| event(*minute, roles, by)).collect();
        let given = given(&Role::new("A"), &portal(), &events);
        assert_eq!(given.map(|given| given.by), by.map(SafeText::new));
    }

    #[test]
    fn events_of_other_resources_tell_nothing() {
        let events = [event(1, "A", "gina")];
        assert_eq!(given(&Role::new("A"), &Resource::Instance, &events), None);
    }

    #[rstest]
    #[case::nothing(&[], false)]
    #[case::only_reads(&["ORG_OWNER_VIEWER"], true)]
    #[case::more_than_reading(&["ORG_OWNER_VIEWER", "ORG_USER_MANAGER"], false)]
    #[case::unknown_roles_may_do_anything(&["CUSTOM_VIEWER"], false)]
    fn only_reading_is_said_only_where_it_is_known(#[case] roles: &[&str], #[case] only: bool) {
        let on_globex = record(Resource::Organization(globex()), "Globex", "Globex", roles);
        assert_eq!(power(&[on_globex]).only_reads, only);
    }

    #[test]
    fn power_names_the_role_it_comes_from() {
        let records = [
            record(Resource::Instance, "ZITADEL", "", &["IAM_OWNER_VIEWER", "IAM_ADMIN_IMPERSONATOR"]),
            record(Resource::Organization(globex()), "Globex", "Globex", &["ORG_OWNER", "CUSTOM"]),
        ];
        let power = power(&records);
        let here = |name: &str, role: &str| vec![(SafeText::new(name), Role::new(role))];
        assert_eq!(power.makes_managers, here("Globex", "ORG_OWNER"));
        assert_eq!(power.reads_everything, Some(Role::new("IAM_OWNER_VIEWER")));
        assert_eq!(power.impersonates, here("ZITADEL", "IAM_ADMIN_IMPERSONATOR"));
        assert_eq!(power.unknown, here("Globex", "CUSTOM"));
    }
}
