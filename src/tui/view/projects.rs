//! Draws lists of projects and of project grants, and what is known about one of them.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, Fact, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::search::Search;
use crate::app::shared::Shared;
use crate::app::whole_list::WholeList;
use crate::domain::level::Resource;
use crate::domain::permission::ManagerAction;
use crate::domain::project::{Project, ProjectGrant, ProjectState};
use crate::domain::text::SafeText;

const PROJECTS: &[Column] = &[
    Column { title: "Project", least: 16, share: 3, rank: 0 },
    Column { title: "State", least: 8, share: 0, rank: 0 },
    Column { title: "Id", least: 18, share: 0, rank: 2 },
];

/// A list of grants as one of its sides sees it.
pub(super) struct Side {
    columns: &'static [Column],
    cell: fn(&ProjectGrant, usize) -> String,
    nothing: &'static str,
}

/// The grants given of a project.
pub(super) const GIVEN: Side = Side {
    columns: &[
        Column { title: "Granted to", least: 16, share: 3, rank: 0 },
        Column { title: "Project roles", least: 16, share: 3, rank: 1 },
        Column { title: "State", least: 8, share: 0, rank: 0 },
        Column { title: "Id", least: 18, share: 0, rank: 2 },
    ],
    cell: |grant, column| match column {
        0 => or_id(&grant.granted_name, grant.granted.as_str()).to_string(),
        1 => project_roles(grant),
        2 => grant.state.to_string(),
        _ => grant.id.to_string(),
    },
    nothing: "The server shows you no grant of this project.",
};

/// The projects that an organization received.
pub(super) const RECEIVED: Side = Side {
    columns: &[
        Column { title: "Project", least: 16, share: 3, rank: 0 },
        Column { title: "Owner", least: 14, share: 2, rank: 0 },
        Column { title: "State", least: 8, share: 0, rank: 0 },
        Column { title: "Project roles", least: 16, share: 3, rank: 1 },
        Column { title: "Id", least: 18, share: 0, rank: 2 },
    ],
    cell: |grant, column| match column {
        0 => or_id(&grant.project_name, grant.project.as_str()).to_string(),
        1 => or_id(&grant.organization_name, grant.organization.as_str()).to_string(),
        2 => grant.state.to_string(),
        3 => project_roles(grant),
        _ => grant.id.to_string(),
    },
    nothing: "The server shows you no project granted to this organization.",
};

fn or_id(name: &SafeText, id: &str) -> SafeText {
    name.or(&SafeText::new(id))
}

fn project_roles(grant: &ProjectGrant) -> String {
    grant.project_roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Draws the rows of a list of projects.
pub(super) fn draw_projects(canvas: &mut Canvas<'_>, search: &Search<Project>, shared: &Shared, area: Rect) {
    let listing = &search.listing;
    let mut rows = area;
    if let Some(problem) = listing.problem() {
        rows = problem::draw(canvas, rows, problem);
    }
    if listing.rows().is_empty() {
        if listing.problem().is_none() {
            let text = if listing.is_loading() {
                "loading".to_owned()
            } else if search.field.is_empty() {
                pane::nothing_shown("project", "project.read", shared)
            } else {
                "No project has this in its name, among those that you may read.".to_owned()
            };
            pane::in_place_of_rows(canvas, rows, &text);
        }
        return;
    }
    let styles = *canvas.styles;
    let table = Table {
        columns: PROJECTS,
        count: listing.rows().len(),
        cursor: listing.cursor,
        focus: !search.typing,
    };
    let cell = |row: usize, column: usize| {
        let Some(project) = listing.rows().get(row) else { return String::new() };
        match column {
            0 => project.title().to_string(),
            1 => project.state.to_string(),
            _ => project.id.to_string(),
        }
    };
    let look = |row: usize| {
        let is_inactive = listing.rows().get(row).is_some_and(|row| row.state == ProjectState::Inactive);
        let style = match (listing.is_stale(), is_inactive) {
            (true, _) => styles.stale,
            (false, true) => styles.quiet,
            (false, false) => styles.text,
        };
        RowStyle { style, marked: false }
    };
    table.draw(canvas, rows, cell, look);
}

/// Draws the rows of a list of grants.
pub(super) fn draw_grants(canvas: &mut Canvas<'_>, list: &WholeList<ProjectGrant>, side: &Side, area: Rect) {
    let mut area = area;
    if let Some(problem) = list.reading.problem() {
        area = problem::draw(canvas, area, problem);
    }
    let rows = list.rows();
    if rows.is_empty() {
        let text = match list.reading.value() {
            None if list.reading.problem().is_some() => return,
            None => "loading",
            Some(all) if all.is_empty() => side.nothing,
            Some(_) => "No grant has this in the names of project, owner or receiver.",
        };
        pane::in_place_of_rows(canvas, area, text);
        return;
    }
    let styles = *canvas.styles;
    let table = Table { columns: side.columns, count: rows.len(), cursor: list.cursor, focus: !list.typing };
    let cell =
        |row: usize, column: usize| rows.get(row).map(|grant| (side.cell)(grant, column)).unwrap_or_default();
    let look = |row: usize| {
        let is_inactive = rows.get(row).is_some_and(|grant| grant.state == ProjectState::Inactive);
        RowStyle { style: if is_inactive { styles.quiet } else { styles.text }, marked: false }
    };
    table.draw(canvas, area, cell, look);
}

/// Draws what is known about a project.
pub(super) fn draw_project(canvas: &mut Canvas<'_>, project: &Project, shared: &Shared, area: Rect) {
    let facts = [
        fact("Owner", shared.organization_title(&project.organization)),
        fact("State", &project.state),
        fact("Id", &project.id),
        own_roles(&project.resource(), shared),
    ];
    draw_facts(canvas, project.title().as_str(), &facts, &project.resource(), shared, area);
}

/// Draws what is known about a grant.
pub(super) fn draw_grant(canvas: &mut Canvas<'_>, grant: &ProjectGrant, shared: &Shared, area: Rect) {
    let roles = project_roles(grant);
    let facts = [
        fact("Owner", or_id(&grant.organization_name, grant.organization.as_str())),
        fact("Granted to", or_id(&grant.granted_name, grant.granted.as_str())),
        fact("State", &grant.state),
        fact("Project roles", if roles.is_empty() { "none" } else { roles.as_str() }),
        fact("Grant id", &grant.id),
        fact("Project id", &grant.project),
        own_roles(&grant.resource(), shared),
    ];
    draw_facts(canvas, grant.title().as_str(), &facts, &grant.resource(), shared, area);
}

fn draw_facts(
    canvas: &mut Canvas<'_>,
    title: &str,
    facts: &[Fact],
    resource: &Resource,
    shared: &Shared,
    area: Rect,
) {
    let inner = canvas.rule_left(area);
    let used = pane::facts(canvas, inner, title, facts).saturating_add(1);
    if let Some(reason) = shared.why_not(resource, ManagerAction::Write) {
        let style = canvas.styles.warning;
        pane::lines(canvas, inner, used, &format!("! Cannot change its managers: {reason}"), style);
    }
}

fn own_roles(resource: &Resource, shared: &Shared) -> Fact {
    let id = match resource {
        Resource::Instance => "",
        Resource::Organization(organization) => organization.as_str(),
        Resource::Project { project, .. } => project.as_str(),
        Resource::ProjectGrant { grant, .. } => grant.as_str(),
    };
    let memberships = shared.facts().into_iter().flat_map(|facts| &facts.memberships);
    let own = memberships.filter(|own| own.level == resource.level() && own.resource_id.as_str() == id);
    let roles: Vec<_> = own.flat_map(|own| own.roles.clone()).collect();
    fact("Your roles", explain::listed(&roles, ""))
}
