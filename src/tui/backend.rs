//! Draws ratatui's cells on the terminal: one write per frame, inside a synchronized update, nothing for a frame that
//! changes nothing.
//!
//! ratatui's own backend flushes several times per frame, asks `/dev/tty` for the size before each, and starts the
//! program `tput` when that fails.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::terminal;

/// Bytes of the frame that is being drawn. Flushing does nothing: only `FrameBackend::flush` sends, so that a panic in
/// the midst of a frame leaves no half frame on the restored terminal.
#[derive(Clone, Default)]
struct FrameBytes(Rc<RefCell<Vec<u8>>>);

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal on standard output.
pub(super) struct FrameBackend {
    cells: CrosstermBackend<FrameBytes>,
    bytes: FrameBytes,
    cursor_shown: bool,
    cursor_at: Option<Position>,
}

impl FrameBackend {
    /// A backend for a terminal that was just entered: empty, the cursor hidden.
    pub(super) fn new() -> Self {
        // crossterm 0.29 answers NO_COLOR by writing `CSI ;m`, which also takes away the mark of the selected row. The
        // mono theme, which sets no colour, is the answer instead.
        crossterm::style::force_color_output(true);
        let bytes = FrameBytes::default();
        Self { cells: CrosstermBackend::new(bytes.clone()), bytes, cursor_shown: false, cursor_at: None }
    }

    /// The terminal was entered anew, so nothing is known of its cursor.
    pub(super) fn forget_cursor(&mut self) {
        self.cursor_shown = false;
        self.cursor_at = None;
    }
}

impl Backend for FrameBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.hide_cursor()?;
        self.cursor_at = None;
        self.cells.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.cursor_shown) { self.cells.hide_cursor() } else { Ok(()) }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.cursor_shown, true) { Ok(()) } else { self.cells.show_cursor() }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor_at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor_at.replace(position) == Some(position) {
            Ok(())
        } else {
            self.cells.set_cursor_position(position)
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.cells.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        terminal::size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: terminal::size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let frame = std::mem::take(&mut *self.bytes.0.borrow_mut());
        // A panic elsewhere may have given the terminal back a moment ago.
        if frame.is_empty() || !terminal::is_entered() {
            return Ok(());
        }
        terminal::write_all(&[b"\x1b[?2026h", frame.as_slice(), b"\x1b[?2026l"].concat())
    }
}
