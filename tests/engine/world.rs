//! What the recorded world holds, read from its file without any type of the client.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use serde_json::Value;
use zitui::demo::Version;
use zitui::domain::inventory::ManagerRecord;
use zitui::domain::level::Resource;
use zitui::domain::role::Role;

/// One manager in terms that can be compared: level, resource, its names, user, its names and kind, roles.
pub(crate) type Row = [String; 5];

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

pub(crate) struct Recorded(Value);

impl Recorded {
    pub(crate) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/world.json");
        Self(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
    }

    fn by_id(&self, list: &str) -> HashMap<String, &Value> {
        let rows = self.0[list].as_array().unwrap();
        rows.iter().map(|row| (text(row, "id"), row)).collect()
    }

    /// Every manager of a version.
    pub(crate) fn managers(&self, version: Version) -> BTreeSet<Row> {
        let only = self.0["members_only_in"][format!("v{version}")].as_array().cloned().unwrap_or_default();
        let all = self.0["members"].as_array().unwrap().iter().chain(&only);
        all.map(|member| self.row(member)).collect()
    }

    fn row(&self, member: &Value) -> Row {
        let (organizations, projects) = (self.by_id("organizations"), self.by_id("projects"));
        let (grants, users) = (self.by_id("project_grants"), self.by_id("users"));
        let name = |id: &str| text(organizations[id], "name");
        let (level, project) = (text(member, "level"), projects.get(&text(member, "project")));
        let owner = project.map(|project| name(&text(project, "organization"))).unwrap_or_default();
        let (id, resource, organization) = match level.as_str() {
            "instance" => (String::new(), text(&self.0["instance"], "name"), String::new()),
            "organization" => {
                let id = text(member, "organization");
                (id.clone(), name(&id), name(&id))
            }
            "project" => (text(member, "project"), text(project.unwrap(), "name"), owner),
            _ => {
                let grant = grants[&text(member, "grant")];
                let receiver = name(&text(grant, "granted_organization"));
                let title = format!("{} → {receiver}", text(project.unwrap(), "name"));
                (text(member, "grant"), title, owner)
            }
        };
        let user = users[&text(member, "user")];
        let human = text(user, "type") == "human";
        let (names, kind) =
            if human { (text(user, "display_name"), "human") } else { (text(user, "name"), "service") };
        let roles: Vec<&str> =
            member["roles"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let user = format!("{} {} {names} {kind}", text(user, "id"), text(user, "username"));
        [format!("{} {id}", level.replace('_', " ")), resource, organization, user, roles.join(" ")]
    }
}

/// The same of a row that was read.
pub(crate) fn row(record: &ManagerRecord) -> Row {
    let (manager, user) = (&record.manager, &record.manager.user);
    let id = match &manager.resource {
        Resource::Instance => String::new(),
        Resource::Organization(id) => id.to_string(),
        Resource::Project { project, .. } => project.to_string(),
        Resource::ProjectGrant { grant, .. } => grant.to_string(),
    };
    let roles: Vec<&str> = manager.roles.iter().map(Role::key).collect();
    [
        format!("{} {id}", manager.resource.level()),
        record.resource_name.to_string(),
        record.organization_name.to_string(),
        format!("{} {} {} {}", user.id, user.login_name, user.display_name, user.kind),
        roles.join(" "),
    ]
}
