//! Draws one organization: its managers, users, projects, and the projects it was granted.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::managers;
use super::pane;
use super::projects;
use super::tabs::Tabs;
use super::users;
use crate::app::screen::organization::{OrganizationScreen, Tab};
use crate::app::shared::Shared;

const TABS: [&str; 4] = ["Managers", "Users", "Projects", "Granted projects"];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &OrganizationScreen, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    draw_tabs(canvas, screen, line);
    match screen.tab {
        Tab::Managers => {
            managers::draw_rows(canvas, &screen.managers, shared, rows);
            if let (Some(side), Some(manager)) = (side, screen.managers.focused()) {
                managers::draw_preview(canvas, manager, shared, side);
            }
        }
        Tab::Users => {
            users::draw_rows(canvas, &screen.users, &screen.marked, shared, rows);
            if let (Some(side), Some(user)) = (side, screen.users.listing.focused()) {
                let inner = canvas.rule_left(side);
                pane::facts(canvas, inner, user.title().as_str(), &users::about(user, shared));
            }
        }
        Tab::Projects => {
            projects::draw_projects(canvas, &screen.projects, shared, rows);
            if let (Some(side), Some(project)) = (side, screen.projects.listing.focused()) {
                projects::draw_project(canvas, project, shared, side);
            }
        }
        Tab::GrantedProjects => {
            projects::draw_grants(canvas, &screen.granted, &projects::RECEIVED, rows);
            if let (Some(side), Some(grant)) = (side, screen.granted.focused()) {
                projects::draw_grant(canvas, grant, shared, side);
            }
        }
    }
}

fn draw_tabs(canvas: &mut Canvas<'_>, screen: &OrganizationScreen, line: Rect) {
    let list = &screen.managers.list;
    let (field, typing, count) = match screen.tab {
        Tab::Managers => (&list.filter, list.typing, managers::count(&screen.managers)),
        Tab::Users => (&screen.users.field, screen.users.typing, users::count(&screen.users, &screen.marked)),
        Tab::Projects => (&screen.projects.field, screen.projects.typing, screen.projects.count()),
        Tab::GrantedProjects => {
            (&screen.granted.filter, screen.granted.typing, screen.granted.count("grant", "grants"))
        }
    };
    let at = Tab::ALL.iter().position(|tab| *tab == screen.tab).unwrap_or_default();
    Tabs { names: &TABS, at, field, typing, count: &count }.draw(canvas, line);
}
