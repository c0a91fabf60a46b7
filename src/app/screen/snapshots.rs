//! Snapshots of all managers: browsing one without the server, comparing one with now, saving one.

use super::Behaviour;
use super::all_managers::AllManagers;
use super::differences::Differences;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence};
use crate::app::event::Answer;
use crate::app::field::Field;
use crate::app::file_form::FileForm;
use crate::app::keys::{Action, place};
use crate::app::shared::Shared;

/// What can be done with a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Show what is in it.
    Browse,
    /// Say what differs between it and now.
    Compare,
    /// Make one.
    Save,
}

impl Deed {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Browse, Self::Compare, Self::Save];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browse => "Browse a snapshot",
            Self::Compare => "Compare a snapshot with now",
            Self::Save => "Save a snapshot",
        }
    }

    /// What to know about it.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Browse => "as they were, from a file; needs no server",
            Self::Compare => "who came, went and changed since, and by whom",
            Self::Save => "as they are now, to keep in version control",
        }
    }

    fn form(self) -> FileForm {
        let path = if self == Self::Save { "zitui-snapshot.json" } else { "" };
        let hint = match self {
            Self::Save => "Names and times, no secrets and no e-mail addresses; tab completes the path",
            Self::Browse | Self::Compare => "A file that zitui snapshot save wrote; tab completes the path",
        };
        FileForm::new(self.name(), hint, path)
    }
}

/// The screen.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// Which line has the cursor.
    pub cursor: Cursor,
    /// What the operator chose, and the file for it.
    pub chosen: Option<(Deed, FileForm)>,
}

impl Snapshots {
    fn deed(&self) -> Option<Deed> {
        Deed::ALL.get(self.cursor.at).copied()
    }
}

impl Behaviour for Snapshots {
    fn place(&self, _shared: &Shared) -> place::Place {
        if self.chosen.is_some() { place::PATH_FORM } else { place::SNAPSHOTS }
    }

    fn crumbs(&self) -> Vec<String> {
        vec!["Snapshots".to_owned()]
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        let Some((deed, form)) = &mut self.chosen else {
            if action == Action::Open {
                self.chosen = self.deed().map(|deed| (deed, deed.form()));
                return true;
            }
            return self.cursor.act(action, Deed::ALL.len(), shared.list_rows());
        };
        if action == Action::Back {
            if !form.stop(shared) {
                self.chosen = None;
            }
            return true;
        }
        let deed = *deed;
        let make = |wish: crate::app::effect::FileWish| match deed {
            Deed::Browse => Request::OpenSnapshot(wish.path),
            Deed::Compare => Request::CompareSnapshot(wish.path),
            Deed::Save => Request::SaveSnapshot(wish),
        };
        form.act(action, make, shared)
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        let needs_server = self.chosen.is_none() && self.deed() != Some(Deed::Browse);
        let lacks_it = action == Action::Open && needs_server && shared.session.is_none();
        lacks_it.then(|| "that needs a server; sign in first".to_owned())
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.chosen.as_mut().and_then(|(_, form)| form.field())
    }

    fn typed(&mut self, _at_once: bool, _shared: &mut Shared) {
        if let Some((_, form)) = &mut self.chosen {
            form.typed();
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let Some((_, form)) = &mut self.chosen else { return };
        match answer {
            Answer::Snapshot(result) => {
                if let Some(snapshot) = form.ended(sequence, result) {
                    let screen = AllManagers::of_snapshot(form.path.path(), snapshot, shared);
                    shared.open(screen);
                }
            }
            Answer::Compared(result) => {
                if let Some(compared) = form.ended(sequence, result) {
                    shared.open(Differences::new(form.path.path(), compared.clone()));
                }
            }
            _ => {
                if form.answered(sequence, answer, shared) {
                    self.chosen = None;
                }
            }
        }
    }
}
