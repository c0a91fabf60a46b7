//! `zitui managers list`, and how the commands show a manager.

mod all;
mod few;

use super::arguments::ListArguments;
use super::exit;
use super::listing::{Listing, Row};
use super::run::Context;
use super::shape::{manager_json, manager_texts};
use super::table::Column;
use super::unread::Unread;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Level;
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::Problem;
use crate::domain::role::{CATALOGUE, Role};
use crate::domain::text::SafeText;
use crate::engine::resolve::ResourceName;

const COLUMNS: &[Column] = &[
    Column::whole("level"),
    Column::text("resource"),
    Column::text("organization"),
    Column::text("login_name"),
    Column::text("name"),
    Column::whole("kind"),
    Column::text("roles"),
    Column::whole("since"),
    Column::whole("changed").on_request(),
    Column::whole("user_id"),
    Column::whole("resource_id").on_request(),
    Column::whole("organization_id").on_request(),
    Column::whole("project_id").on_request(),
    Column::whole("grant_id").on_request(),
    Column::text("email").on_request(),
    Column::whole("user_organization_id").on_request(),
];

/// What the rows of a list have in common, which a table need not repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// All are on one resource.
    OfOneResource,
    /// All are of one user.
    OfOneUser,
    /// Nothing.
    Any,
}

/// The columns of managers.
pub(super) fn columns(rows: Rows) -> Vec<Column> {
    let (same, other) = match rows {
        Rows::OfOneResource => (["level", "resource", "organization"].as_slice(), [].as_slice()),
        Rows::OfOneUser => (["login_name", "name", "kind", "user_id"].as_slice(), ["resource_id"].as_slice()),
        Rows::Any => ([].as_slice(), [].as_slice()),
    };
    COLUMNS
        .iter()
        .map(|column| {
            let in_table = (column.in_table && !same.contains(&column.name)) || other.contains(&column.name);
            Column { in_table, ..*column }
        })
        .collect()
}

/// Which managers to list.
struct Wanted {
    level: Option<Level>,
    role: Option<Role>,
}

impl Wanted {
    fn fits(&self, record: &ManagerRecord) -> bool {
        self.level.is_none_or(|level| record.manager.resource.level() == level)
            && self.role.as_ref().is_none_or(|role| record.manager.roles.contains(role))
    }
}

pub(super) async fn list(context: &mut Context, arguments: &ListArguments) -> Result<u8, Problem> {
    let wanted =
        Wanted { level: arguments.level.map(Level::from), role: arguments.role.as_ref().map(Role::new) };
    let place = ResourceName::new(arguments.org.clone(), arguments.project.clone(), arguments.grant.clone());
    let kind_of_rows = match (&place, &arguments.user) {
        (None, Some(_)) => Rows::OfOneUser,
        (Some(place), _) if few::is_one_resource(place, wanted.level) => Rows::OfOneResource,
        (None, None) if wanted.level == Some(Level::Instance) => Rows::OfOneResource,
        _ => Rows::Any,
    };
    let mut listing = Listing::new(&context.output, "managers", &columns(kind_of_rows))?;
    let mut unread = Unread::default();
    let place = match (place, wanted.level) {
        (None, Some(Level::Instance)) => Some(ResourceName::Instance),
        (place, _) => place,
    };
    let rows = match (place, &arguments.user) {
        (None, None) => all::list(context, &wanted, &mut listing, &mut unread).await?,
        (place, user) => {
            let records = few::read(context, place.as_ref(), user.as_deref(), &wanted, &mut unread).await?;
            listing.push_all(records.iter().map(row))?;
            records.len()
        }
    };
    listing.end(vec![("unread", unread.json())])?;
    let code = unread.tell(&context.output);
    if rows == 0 {
        context.output.note(&nobody(&wanted, code));
    }
    Ok(if arguments.partial { exit::DONE } else { code })
}

/// What to tell where there are no rows.
fn nobody(wanted: &Wanted, code: u8) -> String {
    let found = if code == exit::DONE { "no managers" } else { "no managers in what could be read" };
    let unknown = wanted.role.as_ref().filter(|role| role.card().is_none());
    let meant = unknown.and_then(|role| did_you_mean(role.key(), CATALOGUE.iter().map(|card| card.key)));
    match (meant, &wanted.role) {
        (Some(meant), Some(role)) => format!("{found} with the role {role}; {meant}"),
        (None, Some(role)) => format!("{found} with the role {role}"),
        _ => format!("{found} here"),
    }
}

/// Tells of which resource the managers could not be read.
pub(super) fn unreadable(problem: Problem, name: &SafeText) -> Problem {
    problem.during(format!("Cannot read the managers of {name}"))
}

/// A manager as a row of a list.
pub(super) fn row(record: &ManagerRecord) -> Row {
    Row {
        texts: manager_texts(record).into(),
        id: record.manager.user.id.to_string(),
        json: manager_json(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shape::MANAGER_COLUMNS;

    #[test]
    fn a_list_has_a_column_for_every_text() {
        assert_eq!(COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>(), MANAGER_COLUMNS);
    }
}
