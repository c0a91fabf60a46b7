//! `zitui users search` and `zitui users show`.

use serde_json::{Value, json};

use super::listing::{Listing, Row};
use super::managers::{self, Rows};
use super::run::Context;
use super::shape::{role_keys, role_list};
use super::sheet::{Sheet, SheetList};
use super::table::Column;
use super::unread::Unread;
use crate::domain::inventory::{ManagerRecord, PersonSheet, RoleGrant, UnreadPart};
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;
use crate::domain::user::User;

const COLUMNS: &[Column] = &[
    Column::text("login_name"),
    Column::text("name"),
    Column::whole("kind"),
    Column::whole("state"),
    Column::text("email"),
    Column::whole("id"),
    Column::whole("organization_id").on_request(),
];

const GRANTED_COLUMNS: &[Column] = &[
    Column::whole("time"),
    Column::whole("level"),
    Column::whole("resource_id"),
    Column::text("roles"),
    Column::text("by"),
];

pub(super) async fn search(context: &mut Context, text: &str) -> Result<u8, Problem> {
    let mut listing = Listing::new(&context.output, "users", COLUMNS)?;
    let read = context.session.all_users(text);
    let (users, hindrance) = context.interrupt.stops(read).await?;
    if users.is_empty() {
        context.output.note("no user that you may see fits");
    }
    let mut unread = Unread::default();
    if let Some(problem) = hindrance {
        unread.push(UnreadPart { resource: None, name: "users in every field".into(), problem });
    }
    listing.push_all(users.iter().map(row))?;
    listing.end(vec![("unread", unread.json())])?;
    Ok(unread.tell(&context.output))
}

pub(super) async fn show(context: &mut Context, given: &str) -> Result<u8, Problem> {
    let session = context.session.clone();
    let read = async {
        let user = session.find_user(given).await?;
        let sheet = session.person(&user.id).await?;
        Ok((user, sheet))
    };
    let (user, person) = context.interrupt.stops(read).await?;
    let mut unread = Unread::default();
    person.unread.iter().cloned().for_each(|part| unread.push(part));
    sheet(&user, &person, &unread).print(&context.output)?;
    if let Err(problem) = &person.grants {
        context.output.detail(&format!("who granted what cannot be told: {}", problem.why));
    }
    Ok(unread.tell(&context.output))
}

fn sheet(user: &User, person: &PersonSheet, unread: &Unread) -> Sheet {
    let managers: Vec<Row> = person.records.iter().map(managers::row).collect();
    let granted: Option<Vec<Row>> = person
        .grants
        .as_ref()
        .ok()
        .map(|grants| grants.iter().map(|grant| granted_row(grant, person)).collect());
    let mut json = fields(user);
    json.insert("manages".to_owned(), managers.iter().map(|row| row.json.clone()).collect());
    let history: Option<Vec<Value>> =
        granted.as_ref().map(|rows| rows.iter().map(|row| row.json.clone()).collect());
    json.insert("granted".to_owned(), json!(history));
    json.insert("unread".to_owned(), unread.json());
    let mut lists =
        vec![SheetList { title: "Manages", columns: managers::columns(Rows::OfOneUser), rows: managers }];
    if let Some(rows) = granted {
        lists.push(SheetList { title: "Granted", columns: GRANTED_COLUMNS.to_vec(), rows });
    }
    Sheet {
        kind: "user",
        id: user.id.to_string(),
        fields: vec![
            ("Name", user.display_name.to_string()),
            ("Login name", user.login_name.to_string()),
            ("User name", user.user_name.to_string()),
            ("Email", user.email.clone().unwrap_or_default().to_string()),
            ("Kind", user.kind.to_string()),
            ("State", user.state.to_string()),
            ("Id", user.id.to_string()),
            ("Organization id", user.organization.to_string()),
        ],
        lists,
        json: Value::Object(json),
    }
}

fn granted_row(grant: &RoleGrant, person: &PersonSheet) -> Row {
    let roles = grant.roles.as_deref();
    let name = person.records.iter().find(|record| is_on(record, grant)).map(|record| &record.resource_name);
    Row {
        texts: vec![
            grant.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            grant.resource.level.to_string(),
            grant.resource.id.to_string(),
            roles.map_or_else(|| "removed".to_owned(), role_list),
            grant.editor.to_string(),
        ],
        id: grant.resource.id.to_string(),
        json: json!({
            "time": grant.time.to_string(),
            "level": grant.resource.level.to_string(),
            "resource_id": grant.resource.id.as_str(),
            "resource_name": name.map(SafeText::as_str),
            "roles": roles.map(role_keys),
            "editor": grant.editor.as_str(),
            "editor_id": grant.editor_id.as_str(),
        }),
    }
}

fn is_on(record: &ManagerRecord, grant: &RoleGrant) -> bool {
    crate::domain::inventory::GrantedOn::of(&record.manager.resource) == grant.resource
}

fn fields(user: &User) -> serde_json::Map<String, Value> {
    [
        ("id", json!(user.id.as_str())),
        ("login_name", json!(user.login_name.as_str())),
        ("login_names", user.login_names.iter().map(SafeText::as_str).collect()),
        ("user_name", json!(user.user_name.as_str())),
        ("display_name", json!(user.display_name.as_str())),
        ("kind", json!(user.kind.to_string())),
        ("state", json!(user.state.to_string())),
        ("email", json!(user.email.as_ref().map(SafeText::as_str))),
        ("organization_id", json!(user.organization.as_str())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn row(user: &User) -> Row {
    Row {
        texts: vec![
            user.login_name.to_string(),
            user.display_name.to_string(),
            user.kind.to_string(),
            user.state.to_string(),
            user.email.clone().unwrap_or_default().to_string(),
            user.id.to_string(),
            user.organization.to_string(),
        ],
        id: user.id.to_string(),
        json: Value::Object(fields(user)),
    }
}
