//! `zitui orgs list` and `zitui orgs show`.

use serde_json::{Value, json};

use super::listing::{Listing, Row};
use super::managers::{self, Rows};
use super::projects;
use super::run::Context;
use super::sheet::{Sheet, SheetList};
use super::table::Column;
use super::unread::Unread;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::organization::Organization;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};

const COLUMNS: &[Column] =
    &[Column::text("name"), Column::text("primary_domain"), Column::whole("state"), Column::whole("id")];

pub(super) async fn list(context: &mut Context, search: &str) -> Result<(), Problem> {
    let mut listing = Listing::new(&context.output, "organizations", COLUMNS)?;
    let read = context.session.all_organizations(search);
    let organizations = context.interrupt.stops(read).await?;
    if organizations.is_empty() {
        context.output.note("no organization that you may see fits");
    }
    listing.push_all(organizations.iter().map(row))?;
    listing.end(Vec::new())
}

pub(super) async fn show(context: &mut Context, given: &str) -> Result<u8, Problem> {
    let session = context.session.clone();
    let mut unread = Unread::default();
    let read = async {
        let organization = session.find_organization(given).await?;
        let resource = Resource::Organization(organization.id.clone());
        let (managers, (projects, hindrance), granted) = tokio::join!(
            session.managers(&resource),
            session.projects_of(std::slice::from_ref(&organization), ""),
            session.granted_projects(&organization.id),
        );
        let managers = unread.rows(managers, Some(&resource), "managers");
        let projects = unread.rows(hindrance.map_or(Ok(projects), Err), None, "projects");
        let granted = unread.rows(granted, None, "granted projects");
        Ok((organization, managers, projects, granted))
    };
    let (organization, managers, projects, granted) = context.interrupt.stops(read).await?;
    let title = organization.title();
    let record =
        |manager| ManagerRecord { manager, resource_name: title.clone(), organization_name: title.clone() };
    let records: Vec<ManagerRecord> = managers.into_iter().map(record).collect();
    sheet(&organization, &records, &projects, &granted, &unread).print(&context.output)?;
    Ok(unread.tell(&context.output))
}

fn sheet(
    organization: &Organization,
    managers: &[ManagerRecord],
    projects: &[Project],
    granted: &[ProjectGrant],
    unread: &Unread,
) -> Sheet {
    let title = organization.title();
    let projects: Vec<Row> = projects.iter().map(|project| projects::row(project, &title)).collect();
    let granted: Vec<Row> = granted.iter().map(projects::grant_row).collect();
    let managers: Vec<Row> = managers.iter().map(managers::row).collect();
    let mut json = fields(organization);
    let lists = [("managers", &managers), ("projects", &projects), ("granted_projects", &granted)];
    for (name, rows) in lists {
        json.insert(name.to_owned(), rows.iter().map(|row| row.json.clone()).collect());
    }
    json.insert("unread".to_owned(), unread.json());
    Sheet {
        kind: "organization",
        id: organization.id.to_string(),
        fields: vec![
            ("Name", organization.name.to_string()),
            ("Primary domain", organization.primary_domain.to_string()),
            ("State", organization.state.to_string()),
            ("Id", organization.id.to_string()),
        ],
        lists: vec![
            SheetList { title: "Managers", columns: managers::columns(Rows::OfOneResource), rows: managers },
            SheetList { title: "Projects", columns: projects::COLUMNS.to_vec(), rows: projects },
            SheetList { title: "Granted projects", columns: projects::GRANT_COLUMNS.to_vec(), rows: granted },
        ],
        json: Value::Object(json),
    }
}

fn fields(organization: &Organization) -> serde_json::Map<String, Value> {
    [
        ("id", organization.id.to_string()),
        ("name", organization.name.to_string()),
        ("primary_domain", organization.primary_domain.to_string()),
        ("state", organization.state.to_string()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), json!(text)))
    .collect()
}

fn row(organization: &Organization) -> Row {
    Row {
        texts: vec![
            organization.name.to_string(),
            organization.primary_domain.to_string(),
            organization.state.to_string(),
            organization.id.to_string(),
        ],
        id: organization.id.to_string(),
        json: Value::Object(fields(organization)),
    }
}
