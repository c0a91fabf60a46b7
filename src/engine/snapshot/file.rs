//! The file of a snapshot: one JSON document with a manager on each line, described in docs/snapshots.md.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::written;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Level;
use crate::domain::manager::Manager;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::snapshot::{Extent, Gap, Sight, Snapshot};
use crate::domain::text::SafeText;

/// The field that tells a snapshot from other JSON, and the version in it; raised when a reader of old files would
/// misread new ones.
const MARK: &str = "zitui_snapshot";
const VERSION: u64 = 1;
const LEVELS: [Level; 4] = [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant];

/// The snapshot as a file holds it; the same for the same snapshot.
pub fn text(snapshot: &Snapshot) -> String {
    let managers = lines(snapshot.records.iter().map(manager));
    let unread = lines(snapshot.gaps.iter().map(gap));
    let (issuer, name) = (json!(snapshot.issuer.as_str()), json!(snapshot.instance_name.as_str()));
    format!(
        "{{\n\"{MARK}\": {VERSION},\n\"issuer\": {issuer},\n\"instance_name\": {name},\n\"unread\": [{unread}],\n\
         \"managers\": [{managers}]\n}}\n"
    )
}

fn lines(rows: impl Iterator<Item = Value>) -> String {
    let rows: Vec<String> = rows.map(|row| format!("\n{row}")).collect();
    if rows.is_empty() { String::new() } else { rows.join(",") + "\n" }
}

fn manager(record: &ManagerRecord) -> Value {
    let manager = &record.manager;
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let mut resource = written::resource(&manager.resource, record.resource_name.as_str());
    if let Value::Object(fields) = &mut resource {
        fields.insert("organization_name".to_owned(), json!(record.organization_name.as_str()));
    }
    json!({
        "resource": resource,
        "user": written::user(&manager.user),
        "roles": written::roles(&manager.roles),
        "created": time(manager.created),
        "changed": time(manager.changed),
    })
}

fn gap(gap: &Gap) -> Value {
    let (lacks, resource, but) = match &gap.extent {
        Extent::Resource(resource) => ("resource", written::resource(resource, ""), Value::Null),
        Extent::Beyond(sights) => ("beyond", Value::Null, sights.iter().map(sight).collect()),
        Extent::Names => ("names", Value::Null, Value::Null),
        Extent::Anything => ("anything", Value::Null, Value::Null),
    };
    json!({
        "part": gap.name.as_str(),
        "lacks": lacks,
        "resource": resource,
        "but": but,
        "why": gap.why.as_str(),
        "missing_permission": gap.missing_permission.as_ref().map(SafeText::as_str),
    })
}

fn sight(sight: &Sight) -> Value {
    json!({
        "level": sight.level.to_string(),
        "organization": sight.organization.as_ref().map(crate::domain::id::OrganizationId::as_str),
        "id": sight.id.as_ref().map(SafeText::as_str),
    })
}

/// Reads a file that [`text`] made.
///
/// # Errors
/// `Usage` for a file that cannot be read, is damaged or no snapshot, or was written by a newer zitui.
pub fn read(path: &Path) -> Result<Snapshot, Problem> {
    let wrong = |why: String, fix: &str| {
        Problem::new(ProblemKind::Usage, format!("Cannot use the snapshot {}", path.display()), why, fix)
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let fix = match error.kind() {
            io::ErrorKind::NotFound => "make one with `zitui snapshot save FILE`",
            _ => "name a file that you may read",
        };
        wrong(error.to_string(), fix)
    })?;
    understood(&text).map_err(|(why, fix)| wrong(why, fix))
}

const DAMAGED: &str = "take it from version control or a backup again, or make a new one";

fn understood(text: &str) -> Result<Snapshot, (String, &'static str)> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| (format!("it is damaged: {error}"), DAMAGED))?;
    match document.get(MARK).map(Value::as_u64) {
        None => return Err((format!("it is no snapshot: there is no {MARK} in it"), "name another file")),
        Some(Some(VERSION)) => {}
        Some(version) => {
            let version = version.map_or_else(|| "unknown".to_owned(), |version| version.to_string());
            let why =
                format!("it was written by a newer zitui (version {version}); this one knows {VERSION}");
            return Err((why, "use a newer zitui"));
        }
    }
    let rows = |field: &str| {
        let rows = document.get(field).and_then(Value::as_array);
        rows.ok_or_else(|| (format!("it is damaged: {field} is no list"), DAMAGED))
    };
    let records = all("manager", rows("managers")?, read_manager)?;
    let gaps = all("unread part", rows("unread")?, read_gap)?;
    let issuer = written::text(document.get("issuer"));
    if issuer.is_empty() {
        return Err(("it is damaged: it does not name its issuer".to_owned(), DAMAGED));
    }
    Ok(Snapshot::new(issuer, written::text(document.get("instance_name")), records, gaps))
}

fn all<T>(
    what: &str,
    rows: &[Value],
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, (String, &'static str)> {
    let numbered = (1..).zip(rows);
    let read = numbered.map(|(number, row)| {
        read(row).ok_or_else(|| (format!("it is damaged: {what} {number} cannot be understood"), DAMAGED))
    });
    read.collect()
}

fn read_manager(row: &Value) -> Option<ManagerRecord> {
    let named = row.get("resource")?;
    let time = |field: &str| match row.get(field) {
        None | Some(Value::Null) => Some(None),
        Some(time) => time.as_str()?.parse().ok().map(Some),
    };
    let manager = Manager {
        user: written::read_user(row.get("user")?)?,
        resource: written::read_resource(named)?,
        roles: written::read_roles(row.get("roles"))?,
        created: time("created")?,
        changed: time("changed")?,
    };
    Some(ManagerRecord {
        manager,
        resource_name: written::text(named.get("name")),
        organization_name: written::text(named.get("organization_name")),
    })
}

fn read_gap(row: &Value) -> Option<Gap> {
    let extent = match row.get("lacks")?.as_str()? {
        "resource" => Extent::Resource(written::read_resource(row.get("resource")?)?),
        "beyond" => {
            Extent::Beyond(row.get("but")?.as_array()?.iter().map(read_sight).collect::<Option<_>>()?)
        }
        "names" => Extent::Names,
        "anything" => Extent::Anything,
        _ => return None,
    };
    Some(Gap {
        name: written::text(row.get("part")),
        extent,
        why: written::text(row.get("why")),
        missing_permission: written::id(row, "missing_permission").map(SafeText::new),
    })
}

fn read_sight(row: &Value) -> Option<Sight> {
    let level = row.get("level")?.as_str()?;
    Some(Sight {
        level: LEVELS.into_iter().find(|known| known.to_string() == level)?,
        organization: written::organization(row, "organization"),
        id: written::id(row, "id").map(SafeText::new),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
    use crate::domain::level::Resource;
    use crate::domain::manager::ManagerUser;
    use crate::domain::role::Role;
    use crate::domain::user::UserKind;

    fn record(resource: Resource, user: &str) -> ManagerRecord {
        let user = ManagerUser {
            id: UserId::new(user),
            organization: Some(OrganizationId::new("1")),
            kind: UserKind::Service,
            login_name: "bot".into(),
            display_name: "Bot \u{1b}[31m".into(),
            email: Some("never@kept.example".into()),
        };
        let roles = vec![Role::new("B"), Role::new("A")];
        let created = "2024-03-06T08:12:00.000123Z".parse().ok();
        let manager = Manager { user, resource, roles, created, changed: None };
        ManagerRecord { manager, resource_name: "Globex".into(), organization_name: "Owner".into() }
    }

    fn snapshot() -> Snapshot {
        let organization = OrganizationId::new("1");
        let project = ProjectId::new("2");
        let grant = Resource::ProjectGrant {
            organization: organization.clone(),
            project: project.clone(),
            grant: GrantId::new("3"),
            granted: OrganizationId::new("4"),
        };
        let below = Resource::Project { organization: organization.clone(), project };
        let sight = Sight {
            level: Level::ProjectGrant,
            organization: Some(organization.clone()),
            id: Some("3".into()),
        };
        let gap = |extent| Gap {
            name: "part".into(),
            extent,
            why: "because".into(),
            missing_permission: Some("org.member.read".into()),
        };
        let extents =
            [Extent::Anything, Extent::Names, Extent::Beyond(vec![sight]), Extent::Resource(grant.clone())];
        let records = [grant, below, Resource::Organization(organization), Resource::Instance];
        Snapshot::new(
            "https://auth.example".into(),
            "prod".into(),
            records.into_iter().map(|resource| record(resource, "9")).collect(),
            extents.into_iter().map(gap).collect(),
        )
    }

    #[test]
    fn what_is_written_is_read_back() {
        let snapshot = snapshot();
        let text = text(&snapshot);
        assert_eq!(understood(&text), Ok(snapshot), "{text}");
        assert!(!text.contains("never@kept.example"));
    }

    #[rstest]
    #[case::torn(r#"{"zitui_snapshot": 1, "managers": ["#, "damaged")]
    #[case::other("{\"zitui\": 1}", "no snapshot")]
    #[case::newer(r#"{"zitui_snapshot": 2}"#, "newer zitui (version 2)")]
    #[case::no_list(
        r#"{"zitui_snapshot": 1, "issuer": "x", "unread": [], "managers": 1}"#,
        "managers is no list"
    )]
    #[case::no_user(
        r#"{"zitui_snapshot": 1, "issuer": "x", "unread": [], "managers": [{"resource": {"level": "instance"}}]}"#,
        "manager 1"
    )]
    #[case::unknown_gap(
        r#"{"zitui_snapshot": 1, "issuer": "x", "managers": [], "unread": [{"lacks": "x"}]}"#,
        "part 1"
    )]
    #[case::no_issuer(r#"{"zitui_snapshot": 1, "managers": [], "unread": []}"#, "issuer")]
    fn what_cannot_be_used_is_told(#[case] text: &str, #[case] expected: &str) {
        let (why, _) = understood(text).expect_err("refused");
        assert!(why.contains(expected), "{why}");
    }
}
