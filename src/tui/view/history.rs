//! Draws the history.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::pane::{self, Fact, fact};
use super::problem;
use super::table::{Column, RowStyle, Table};
use crate::app::explain;
use crate::app::outcome;
use crate::app::screen::history::History;
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::domain::journal::{JournalEntry, JournalOutcome};

const COLUMNS: &[Column] = &[
    Column { title: "Time (UTC)", least: 16, share: 0, rank: 1 },
    Column { title: "User", least: 12, share: 2, rank: 0 },
    Column { title: "Resource", least: 10, share: 2, rank: 0 },
    Column { title: "Change", least: 14, share: 3, rank: 0 },
    Column { title: "Outcome", least: 12, share: 0, rank: 0 },
    Column { title: "By", least: 10, share: 1, rank: 3 },
    Column { title: "Profile", least: 8, share: 0, rank: 2 },
];

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, screen: &History, shared: &Shared, area: Rect) {
    let (list, side) = pane::split(area);
    let (line, mut rows) = pane::first_line(list);
    let entries = screen.rows();
    let all = screen.entries.value().map(Vec::len).unwrap_or_default();
    let count = match (screen.entries.is_pending() && all == 0, screen.filter.is_empty()) {
        (true, _) => "loading".to_owned(),
        (false, true) if all == 1 => "1 change".to_owned(),
        (false, true) => format!("{} changes", grouped(all as u64)),
        (false, false) => format!("{} of {}", grouped(entries.len() as u64), grouped(all as u64)),
    };
    pane::search_line(canvas, line, "History", &screen.filter, screen.typing, &count);
    for problem in [screen.entries.problem(), screen.problem.as_ref()].into_iter().flatten() {
        rows = problem::draw(canvas, rows, problem);
    }
    if entries.is_empty() {
        if screen.entries.problem().is_none() {
            pane::in_place_of_rows(canvas, rows, empty(screen));
        }
        return;
    }
    draw_rows(canvas, screen, &entries, rows);
    if let (Some(side), Some(entry)) = (side, screen.focused()) {
        let inner = canvas.rule_left(side);
        let title = outcome::deed(&entry.change());
        let used = pane::facts(canvas, inner, &title, &about(screen, entry));
        let styles = *canvas.styles;
        let y = used.saturating_add(1);
        let undo = match History::why_no_undo(entry, shared) {
            Some(reason) => format!("Cannot be undone: {reason}."),
            None => "u takes this back, after a review of what that changes now.".to_owned(),
        };
        pane::lines(canvas, inner, y, &undo, styles.quiet);
    }
}

fn draw_rows(canvas: &mut Canvas<'_>, screen: &History, entries: &[&JournalEntry], area: Rect) {
    let styles = *canvas.styles;
    let cell = |row: usize, column: usize| {
        let Some(entry) = entries.get(row) else { return String::new() };
        match column {
            0 => minute(entry.time),
            1 => entry.user.title().to_string(),
            2 => entry.resource_name.to_string(),
            3 => outcome::difference(&entry.change()),
            4 => screen.outcome(entry).to_owned(),
            5 => entry.who.to_string(),
            _ => entry.profile.to_string(),
        }
    };
    let look = |row: usize| {
        let style = match entries.get(row).map(|entry| &entry.outcome) {
            Some(JournalOutcome::InDoubt | JournalOutcome::NotVisibleYet) => styles.warning,
            Some(JournalOutcome::NotDone(_) | JournalOutcome::Unreadable(_)) => styles.quiet,
            _ => styles.text,
        };
        RowStyle { style, marked: false }
    };
    let table =
        Table { columns: COLUMNS, count: entries.len(), cursor: screen.cursor, focus: !screen.typing };
    table.draw(canvas, area, cell, look);
}

fn empty(screen: &History) -> &'static str {
    if screen.entries.is_pending() {
        "loading"
    } else if screen.filter.is_empty() {
        "Nothing was changed from this machine so far."
    } else {
        "No change has all of these words."
    }
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

fn about(screen: &History, entry: &JournalEntry) -> Vec<Fact> {
    let before = entry
        .before
        .as_ref()
        .map_or_else(|| "no manager".to_owned(), |roles| explain::listed(roles, "no roles"));
    let why = match &entry.outcome {
        JournalOutcome::Done => screen.outcome(entry).to_owned(),
        JournalOutcome::NotDone(why) => format!("not done: {why}"),
        JournalOutcome::NotVisibleYet => "accepted, not seen in the lists".to_owned(),
        JournalOutcome::Unreadable(why) => format!("this line of the journal cannot be read: {why}"),
        JournalOutcome::InDoubt => {
            "in doubt: it was sent, and it is not known whether it happened; read the managers to see"
                .to_owned()
        }
    };
    vec![
        fact("Time", entry.time.strftime("%Y-%m-%d %H:%M:%S UTC")),
        fact("User", format!("{} (id {})", entry.user.login_name, entry.user.id)),
        fact("Resource", format!("{} · {}", entry.resource_name, entry.resource.level())),
        fact("Before", before),
        fact("After", explain::listed(&entry.after, "no manager")),
        fact("Outcome", why),
        fact("By", &entry.who),
        fact("Profile", &entry.profile),
        fact("Instance", &entry.issuer),
        fact("Undoes", entry.undoes.as_ref().map(ToString::to_string).unwrap_or_default()),
        fact("Entry", &entry.id),
    ]
}
