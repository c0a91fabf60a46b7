//! Draws one project: its managers, and the grants given of it.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::managers;
use super::pane;
use super::projects;
use super::tabs::Tabs;
use crate::app::screen::project::{ProjectScreen, Tab};
use crate::app::shared::Shared;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &ProjectScreen, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, rows) = pane::first_line(list);
    let managers_list = &screen.managers.list;
    let (at, field, typing, count) = match screen.tab {
        Tab::Managers => (0, &managers_list.filter, managers_list.typing, managers::count(&screen.managers)),
        Tab::Grants => {
            (1, &screen.grants.filter, screen.grants.typing, screen.grants.count("grant", "grants"))
        }
    };
    Tabs { names: &["Managers", "Grants"], at, field, typing, count: &count }.draw(canvas, line);
    match screen.tab {
        Tab::Managers => {
            managers::draw_rows(canvas, &screen.managers, shared, rows);
            if let (Some(side), Some(manager)) = (side, screen.managers.focused()) {
                managers::draw_preview(canvas, manager, shared, side);
            }
        }
        Tab::Grants => {
            projects::draw_grants(canvas, &screen.grants, &projects::GIVEN, rows);
            if let (Some(side), Some(grant)) = (side, screen.grants.focused()) {
                projects::draw_grant(canvas, grant, shared, side);
            }
        }
    }
}
