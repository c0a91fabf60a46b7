//! What of a reading over many lists could not be read, as a list that can be opened: a missing permission must never
//! look like nobody.

use super::cursor::Cursor;
use super::keys::Action;
use super::shared::Shared;
use crate::domain::inventory::UnreadPart;
use crate::domain::level::Resource;

/// The parts that could not be read.
#[derive(Debug, Default)]
pub struct Unread {
    /// The parts, in the order in which they were tried.
    pub parts: Vec<UnreadPart>,
    /// Which one has the cursor.
    pub cursor: Cursor,
    /// Whether they are shown in place of what was read.
    pub open: bool,
}

impl Unread {
    /// Whether the managers of a resource, or a list that could have led to it, are among them.
    pub fn concerns(&self, resource: &Resource) -> bool {
        self.parts.iter().any(|part| part.resource.as_ref().is_none_or(|unread| unread == resource))
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// One line about them; none where all was read.
    pub fn summary(&self) -> Option<String> {
        match self.parts.as_slice() {
            [] => None,
            [one] => Some(format!("1 list could not be read: {} (w: why)", one.name)),
            [first, ..] => Some(format!(
                "{} lists could not be read, e.g. {} (w: all of them and why)",
                super::search::grouped(self.parts.len() as u64),
                first.name
            )),
        }
    }

    /// Does what concerns the open list. Tells whether it did.
    pub fn act(&mut self, action: Action, shared: &Shared) -> bool {
        match action {
            Action::ShowUnread => self.open = !self.open,
            Action::Back if self.open => self.open = false,
            _ if self.open => return self.cursor.act(action, self.parts.len(), shared.list_rows()),
            _ => return false,
        }
        true
    }
}
