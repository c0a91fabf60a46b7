//! Draws the organizations.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::screen::organizations::Organizations;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::domain::organization::{Organization, OrganizationState};

const COLUMNS: &[Column] = &[
    Column { title: "Name", least: 16, share: 3, rank: 0 },
    Column { title: "Primary domain", least: 16, share: 3, rank: 1 },
    Column { title: "State", least: 8, share: 0, rank: 0 },
    Column { title: "Id", least: 18, share: 0, rank: 2 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &Organizations, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    draw_list(canvas, &screen.search, "Organizations", shared, list, |_| false);
    if let (Some(side), Some(organization)) = (side, screen.search.listing.focused()) {
        draw_preview(canvas, organization, shared, side);
    }
}

/// Draws a list of organizations with its search line.
pub(super) fn draw_list(
    canvas: &mut Canvas<'_>,
    search: &Search<Organization>,
    name: &str,
    shared: &Shared,
    area: Rect,
    marked: impl Fn(&Organization) -> bool,
) {
    let (line, mut rows) = pane::first_line(area);
    pane::search_line(canvas, line, name, &search.field, search.typing, &search.count());
    if let Some(problem) = search.listing.problem() {
        rows = problem::draw(canvas, rows, problem);
    }
    let listing = &search.listing;
    if listing.rows().is_empty() {
        if listing.problem().is_none() {
            pane::in_place_of_rows(canvas, rows, &empty(search, shared));
        }
        return;
    }
    let styles = *canvas.styles;
    let table = Table {
        columns: COLUMNS,
        count: listing.rows().len(),
        cursor: listing.cursor,
        focus: !search.typing,
    };
    let cell = |row: usize, column: usize| {
        let Some(organization) = listing.rows().get(row) else { return String::new() };
        match column {
            0 => organization.title().to_string(),
            1 => organization.primary_domain.to_string(),
            2 => organization.state.to_string(),
            _ => organization.id.to_string(),
        }
    };
    let look = |row: usize| {
        let is_active = listing
            .rows()
            .get(row)
            .is_some_and(|organization| organization.state == OrganizationState::Active);
        let style = if listing.is_stale() {
            styles.stale
        } else if is_active {
            styles.text
        } else {
            styles.quiet
        };
        RowStyle { style, marked: listing.rows().get(row).is_some_and(&marked) }
    };
    table.draw(canvas, rows, cell, look);
}

fn empty(search: &Search<Organization>, shared: &Shared) -> String {
    if search.listing.is_loading() {
        "loading".to_owned()
    } else if search.field.is_empty() {
        pane::nothing_shown("organization", "org.read", shared)
    } else {
        "No organization has this in its name or primary domain, or as id, among those that you may read."
            .to_owned()
    }
}

fn draw_preview(canvas: &mut Canvas<'_>, organization: &Organization, shared: &Shared, side: Rect) {
    let inner = canvas.rule_left(side);
    let facts = shared.facts();
    let is_default = facts.is_some_and(|facts| facts.default_organization.as_ref() == Some(&organization.id));
    let is_home = facts.is_some_and(|facts| facts.identity.organization == organization.id);
    let own: Vec<_> = facts
        .into_iter()
        .flat_map(|facts| &facts.memberships)
        .filter(|own| own.resource_id.as_str() == organization.id.as_str())
        .flat_map(|own| own.roles.clone())
        .collect();
    pane::facts(
        canvas,
        inner,
        organization.title().as_str(),
        &[
            fact("Domain", &organization.primary_domain),
            fact("State", &organization.state),
            fact("Id", &organization.id),
            fact("Note", if is_default { "the default organization" } else { "" }),
            fact("Note", if is_home { "your home organization" } else { "" }),
            fact("Your roles", explain::listed(&own, "")),
        ],
    );
}
