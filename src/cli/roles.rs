//! `zitui roles`: the cards of the catalogue, or the roles that a server offers.

use serde_json::json;

use super::arguments::RolesArguments;
use super::listing::{Listing, Row};
use super::output::Output;
use super::run::Context;
use super::table::Column;
use crate::domain::level::{Level, Resource};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::{CATALOGUE, Role, RoleCard};

const COLUMNS: &[Column] = &[
    Column::whole("role"),
    Column::whole("level"),
    Column::text("makes_managers_of"),
    Column::text("summary"),
    Column::text("smaller").on_request(),
    Column::text("permissions").on_request(),
];

/// Prints the catalogue. Nobody signs in for that.
///
/// # Errors
/// Columns that the list does not have.
pub fn catalogue(output: &Output, arguments: &RolesArguments) -> Result<(), Problem> {
    let level = arguments.level.map(Level::from);
    let cards = CATALOGUE.iter().filter(|card| level.is_none_or(|level| card.level == level));
    print(output, cards.map(|card| row(&Role::new(card.key), card.level, Some(card))))
}

/// Prints what the server offers in an organization.
pub(super) async fn offered(context: &mut Context, arguments: &RolesArguments) -> Result<(), Problem> {
    let given = arguments.org.as_deref().unwrap_or_default();
    if arguments.level.map(Level::from).is_some_and(|level| level != Level::Organization) {
        return Err(Problem::new(
            ProblemKind::Usage,
            "Cannot ask for these roles",
            "--org asks for the roles of an organization, but --level names another level",
            "leave out one of them",
        ));
    }
    let session = context.session.clone();
    let read = async {
        let organization = session.find_organization(given).await?;
        session.roles(&Resource::Organization(organization.id)).await
    };
    let roles = context.interrupt.stops(read).await?;
    print(&context.output, roles.iter().map(|role| row(role, Level::Organization, role.card())))
}

fn print(output: &Output, rows: impl Iterator<Item = Row>) -> Result<(), Problem> {
    let mut listing = Listing::new(output, "roles", COLUMNS)?;
    listing.push_all(rows)?;
    listing.end(Vec::new())
}

fn row(role: &Role, level: Level, card: Option<&RoleCard>) -> Row {
    let makes: Vec<String> =
        card.map(|card| card.makes_managers_of.iter().map(ToString::to_string).collect()).unwrap_or_default();
    let smaller = card.map(|card| card.smaller).unwrap_or_default();
    let smaller_text: Vec<String> = smaller.iter().map(|(key, covers)| format!("{key} ({covers})")).collect();
    let summary =
        card.map_or("a role of this instance; zitui does not know what it allows", |card| card.summary);
    Row {
        texts: vec![
            role.to_string(),
            level.to_string(),
            makes.join(", "),
            summary.to_owned(),
            smaller_text.join(", "),
            card.map(|card| card.permissions.join(", ")).unwrap_or_default(),
        ],
        id: role.to_string(),
        json: json!({
            "role": role.key(),
            "level": level.to_string(),
            "known": card.is_some(),
            "summary": card.map(|card| card.summary),
            "makes_managers_of": card.map(|_| makes),
            "impersonates": card.map(|card| card.impersonates),
            "permissions": card.map(|card| card.permissions),
            "smaller": smaller.iter().map(|(key, covers)| json!({ "role": key, "covers": covers })).collect::<Vec<_>>(),
        }),
    }
}
