//! Draws the state of `app`: only what is visible, straight into the frame. Never changes the state.

mod access_review;
mod add_manager;
mod all_managers;
mod basket;
mod canvas;
mod copy_as;
mod differences;
mod footer;
mod form;
mod header;
mod help;
mod history;
mod leaving;
mod managers;
mod menu;
mod opening;
mod organization;
mod organizations;
mod palette;
mod pane;
mod pasted;
mod person;
#[cfg(test)]
mod pictures;
mod problem;
mod profiles;
mod project;
mod projects;
mod review;
mod role_cards;
mod roles;
mod sign_in;
mod snapshots;
mod table;
mod tabs;
mod text;
mod unread;
mod users;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::theme::Styles;
use crate::app::App;
use crate::app::layout::{LEAST_COLUMNS, LEAST_ROWS};
use crate::app::screen::Screen;
use canvas::Canvas;

/// Draws the whole screen and places the terminal's cursor on what has the focus.
pub fn draw(frame: &mut Frame<'_>, app: &App, styles: &Styles) {
    let area = frame.area();
    let mut canvas = Canvas::new(frame.buffer_mut(), styles);
    canvas.fill(area, styles.text);
    if area.width < LEAST_COLUMNS || area.height < LEAST_ROWS {
        let text = format!("zitui needs {LEAST_COLUMNS}×{LEAST_ROWS} cells");
        canvas.put(area, 0, area.height / 2, &text, styles.text);
    } else {
        screen(&mut canvas, app, area);
    }
    if let Some(position) = canvas.cursor() {
        frame.set_cursor_position(position);
    }
}

fn screen(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let line = |y: u16| Rect { y: area.y.saturating_add(y), height: 1, ..area };
    header::draw(canvas, app, line(0));
    header::draw_crumbs(canvas, app, line(1));
    canvas.rule(line(2));
    let body = Rect { y: area.y.saturating_add(3), height: area.height.saturating_sub(5), ..area };
    if let Some(palette) = app.palette() {
        palette::draw(canvas, app, palette, body);
    } else if let Some(help) = app.help() {
        help::draw(canvas, app, help, body);
    } else if let Some(top) = app.top() {
        draw_screen(canvas, app, top, body);
    }
    footer::draw_message(canvas, app, line(area.height.saturating_sub(2)));
    footer::draw(canvas, app, line(area.height.saturating_sub(1)));
}

fn draw_screen(canvas: &mut Canvas<'_>, app: &App, screen: &Screen, body: Rect) {
    let shared = app.shared();
    match screen {
        Screen::SignIn(screen) => sign_in::draw(canvas, screen, shared, body),
        Screen::Menu(screen) => menu::draw(canvas, screen, shared, body),
        Screen::Organizations(screen) => organizations::draw(canvas, screen, shared, body),
        Screen::Organization(screen) => organization::draw(canvas, screen, shared, body),
        Screen::Project(screen) => project::draw(canvas, screen, shared, body),
        Screen::Managers(screen) => managers::draw_screen(canvas, screen, shared, body),
        Screen::RoleCards(screen) => role_cards::draw(canvas, screen, body),
        Screen::Users(screen) => users::draw(canvas, screen, shared, body),
        Screen::Person(screen) => person::draw(canvas, screen, shared, body),
        Screen::AllManagers(screen) => all_managers::draw(canvas, screen, shared, body),
        Screen::AccessReview(screen) => access_review::draw(canvas, screen, body),
        Screen::Snapshots(screen) => snapshots::draw(canvas, screen, shared, body),
        Screen::Differences(screen) => differences::draw(canvas, screen, body),
        Screen::AddManager(screen) => add_manager::draw(canvas, screen, shared, body),
        Screen::ChangeRoles(screen) => roles::draw_change(canvas, screen, body),
        Screen::Review(screen) => review::draw(canvas, screen, shared, body),
        Screen::Basket(screen) => basket::draw(canvas, screen, shared, body),
        Screen::Leaving(screen) => leaving::draw(canvas, screen, shared, body),
        Screen::History(screen) => history::draw(canvas, screen, shared, body),
        Screen::Profiles(screen) => profiles::draw(canvas, screen, shared, body),
        Screen::Pasted(screen) => pasted::draw(canvas, screen, shared, body),
        Screen::CopyAs(screen) => copy_as::draw(canvas, screen, body),
        Screen::Opening(screen) => opening::draw(canvas, screen, body),
    }
}
