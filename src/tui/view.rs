//! Draws the state of `app`: only what is visible, straight into the frame. Never changes the state.

use ratatui::Frame;

use super::theme::Styles;
use crate::app::App;

/// Draws the whole screen and places the terminal's cursor on what has the focus.
pub fn draw(frame: &mut Frame<'_>, _app: &App, styles: &Styles) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, styles.text);
}
