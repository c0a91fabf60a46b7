//! A list that the server cuts into pages: it grows as the cursor comes near its end, forgets what is far away, and
//! keeps its rows while newer ones are loading.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::time::Duration;

use super::cursor::Cursor;
use super::effect::{Request, Sequence, Slot};
use super::keys::Action;
use super::shared::Shared;
use crate::domain::page::Page;
use crate::domain::problem::Problem;

/// Rows asked for at once.
pub const PAGE: u32 = 100;
/// More rows are not kept; what lies before is read again when the cursor comes back.
const MAX_ROWS: usize = 3000;
/// Pages without a row that are skipped unasked. A server that hides all rows would else be asked thousands of times.
const MAX_EMPTY_PAGES: usize = 5;

/// A row that can be told from others.
pub trait Row {
    /// Its id.
    type Id: Clone + Eq + Hash + std::fmt::Debug;
    /// Its id.
    fn id(&self) -> &Self::Id;
}

/// Makes the request for a page: the pass, the offset, the number of rows.
pub type MakeRequest<'a> = &'a dyn Fn(usize, u64, u32) -> (Slot, Request);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    sequence: Sequence,
    offset: u64,
    direction: Direction,
}

/// One of the searches whose rows are merged.
#[derive(Debug, Default)]
struct Pass {
    pending: Option<Pending>,
    next: Option<u64>,
    total: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct HeldPage {
    offset: u64,
    rows: usize,
}

/// The rows, the cursor, and what is being read.
#[derive(Debug)]
pub struct Listing<T: Row> {
    rows: Vec<T>,
    ids: HashSet<T::Id>,
    /// Where the cursor is.
    pub cursor: Cursor,
    passes: Vec<Pass>,
    passes_shown: Vec<Pass>,
    held: VecDeque<HeldPage>,
    empty_pages: usize,
    stale: bool,
    same_question: bool,
    return_to: Option<T::Id>,
    land_at_end: bool,
    problem: Option<Problem>,
}

impl<T: Row> Default for Listing<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            ids: HashSet::new(),
            cursor: Cursor::default(),
            passes: Vec::new(),
            passes_shown: Vec::new(),
            held: VecDeque::new(),
            empty_pages: 0,
            stale: false,
            same_question: false,
            return_to: None,
            land_at_end: false,
            problem: None,
        }
    }
}

impl<T: Row> Listing<T> {
    /// Asks anew, in `passes` searches beside each other. The old rows stay until the first answer. With
    /// `keep_cursor` the cursor returns to the row it is on, if that comes back.
    pub fn restart(
        &mut self,
        passes: usize,
        after: Duration,
        keep_cursor: bool,
        shared: &mut Shared,
        make: MakeRequest<'_>,
    ) {
        let offset = if keep_cursor { self.offset_of_cursor() } else { 0 };
        self.restart_at(offset, passes, after, shared, make);
        self.same_question = keep_cursor;
        self.return_to =
            keep_cursor.then(|| self.rows.get(self.cursor.at).map(|row| row.id().clone())).flatten();
    }

    /// The offset of the page with the cursor.
    fn offset_of_cursor(&self) -> u64 {
        if !self.is_single() {
            return 0;
        }
        let mut rows = 0;
        let page = self.held.iter().find(|page| {
            rows += page.rows;
            rows > self.cursor.at
        });
        page.map_or(0, |page| page.offset)
    }

    fn restart_at(
        &mut self,
        offset: u64,
        passes: usize,
        after: Duration,
        shared: &mut Shared,
        make: MakeRequest<'_>,
    ) {
        if !std::mem::replace(&mut self.stale, true) {
            self.passes_shown = std::mem::take(&mut self.passes);
        }
        self.problem = None;
        self.land_at_end = false;
        self.empty_pages = 0;
        self.passes = (0..passes)
            .map(|pass| {
                let (slot, request) = make(pass, offset, PAGE);
                let sequence = shared.ask(slot, after, request);
                let pending = Pending { sequence, offset, direction: Direction::Forward };
                Pass { pending: Some(pending), ..Pass::default() }
            })
            .collect();
    }

    /// The rows are those of the question asked before the last one again.
    pub fn revive(&mut self) {
        if std::mem::take(&mut self.stale) {
            self.passes = std::mem::take(&mut self.passes_shown);
        }
        for pass in &mut self.passes {
            pass.pending = None;
        }
    }

    /// Takes an answer, if it is one of those waited for.
    pub fn answered(&mut self, sequence: Sequence, answer: Result<Page<T>, Problem>, height: usize) -> bool {
        let Some(index) = self.passes.iter().position(|pass| pass.waits_for(sequence)) else { return false };
        let Some((pass, pending)) =
            self.passes.get_mut(index).and_then(|pass| pass.pending.take().map(|pending| (pass, pending)))
        else {
            return false;
        };
        let page = match answer {
            Ok(page) => page,
            Err(problem) => {
                self.problem = Some(problem);
                return true;
            }
        };
        pass.total = page.total.or(pass.total);
        if pending.direction == Direction::Forward {
            pass.next = page.next_offset;
        }
        if self.stale {
            self.forget_rows();
        }
        self.take(page.rows, pending, height);
        true
    }

    fn forget_rows(&mut self) {
        self.rows.clear();
        self.ids.clear();
        self.held.clear();
        self.cursor = Cursor::default();
        self.stale = false;
    }

    fn take(&mut self, rows: Vec<T>, pending: Pending, height: usize) {
        let fresh: Vec<T> = rows.into_iter().filter(|row| self.ids.insert(row.id().clone())).collect();
        let count = fresh.len();
        self.empty_pages = if count == 0 { self.empty_pages + 1 } else { 0 };
        let held = HeldPage { offset: pending.offset, rows: count };
        match pending.direction {
            Direction::Forward => {
                if let Some(at) =
                    self.return_to.as_ref().and_then(|id| fresh.iter().position(|row| row.id() == id))
                {
                    self.cursor.at = self.rows.len() + at;
                    self.return_to = None;
                }
                self.rows.extend(fresh);
                self.held.push_back(held);
                if std::mem::take(&mut self.land_at_end) {
                    self.cursor.at = self.rows.len();
                }
                self.drop_front();
            }
            Direction::Backward => {
                self.rows.splice(0..0, fresh);
                self.held.push_front(held);
                self.cursor.shift(isize::try_from(count).unwrap_or(0));
                self.drop_back();
            }
        }
        self.cursor.fit(self.rows.len(), height);
    }

    fn drop_front(&mut self) {
        while self.is_single() && self.rows.len() > MAX_ROWS {
            let Some(page) = self.held.front().copied() else { return };
            if self.held.len() < 2 || self.cursor.at < page.rows + PAGE as usize {
                return;
            }
            self.held.pop_front();
            for row in self.rows.drain(..page.rows) {
                self.ids.remove(row.id());
            }
            self.cursor.shift(-isize::try_from(page.rows).unwrap_or(0));
        }
    }

    fn drop_back(&mut self) {
        while self.rows.len() > MAX_ROWS && self.held.len() > 1 {
            let Some(page) = self.held.pop_back() else { return };
            for row in self.rows.drain(self.rows.len().saturating_sub(page.rows)..) {
                self.ids.remove(row.id());
            }
            if let Some(pass) = self.passes.first_mut() {
                pass.next = Some(page.offset);
            }
        }
    }

    /// Moves the cursor and reads on where it comes near an end. Tells whether `action` was a movement.
    pub fn act(&mut self, action: Action, shared: &mut Shared, make: MakeRequest<'_>) -> bool {
        let height = shared.list_rows();
        if self.jumps(action, shared, make) {
            return true;
        }
        if !self.cursor.act(action, self.rows.len(), height) {
            return false;
        }
        self.empty_pages = 0;
        self.read_on(shared, make);
        true
    }

    /// To the first or last row of all, where that is not among the kept ones.
    fn jumps(&mut self, action: Action, shared: &mut Shared, make: MakeRequest<'_>) -> bool {
        if !self.is_single() || self.stale {
            return false;
        }
        let offset = match (action, self.total()) {
            (Action::First, _) if self.first_offset() > 0 => 0,
            (Action::Last, Some(total)) if self.passes.iter().any(|pass| pass.next.is_some()) => {
                total.saturating_sub(u64::from(PAGE))
            }
            _ => return false,
        };
        self.restart_at(offset, 1, Duration::ZERO, shared, make);
        self.land_at_end = action == Action::Last;
        true
    }

    /// Asks for more rows where the cursor is near an end of those that are there. Only the screen on top does.
    pub fn read_on(&mut self, shared: &mut Shared, make: MakeRequest<'_>) {
        if self.stale || !shared.is_on_top() || self.empty_pages >= MAX_EMPTY_PAGES || self.problem.is_some()
        {
            return;
        }
        let reach = shared.list_rows().saturating_mul(2);
        if self.cursor.at.saturating_add(reach) >= self.rows.len() {
            for index in 0..self.passes.len() {
                self.ask(index, Direction::Forward, shared, make);
            }
        }
        if self.is_single() && self.cursor.at < reach && self.first_offset() > 0 {
            self.ask(0, Direction::Backward, shared, make);
        }
    }

    fn ask(&mut self, index: usize, direction: Direction, shared: &mut Shared, make: MakeRequest<'_>) {
        let first = self.first_offset();
        let full = !self.is_single() && self.rows.len() >= MAX_ROWS;
        let Some(pass) = self.passes.get_mut(index) else { return };
        if pass.pending.is_some() {
            return;
        }
        let (offset, limit) = match direction {
            Direction::Forward => match pass.next {
                Some(offset) if !full => (offset, PAGE),
                _ => return,
            },
            Direction::Backward => {
                let offset = first.saturating_sub(u64::from(PAGE));
                (offset, u32::try_from(first - offset).unwrap_or(PAGE))
            }
        };
        let (slot, request) = make(index, offset, limit);
        let sequence = shared.ask(slot, Duration::ZERO, request);
        pass.pending = Some(Pending { sequence, offset, direction });
    }

    /// Asks again for pages whose requests were dropped, because another screen took the slot.
    pub fn was_dropped(&self, shared: &Shared) -> bool {
        self.passes.iter().filter_map(|pass| pass.pending).any(|pending| !shared.is_live(pending.sequence))
    }

    fn is_single(&self) -> bool {
        self.passes.len() == 1
    }

    fn first_offset(&self) -> u64 {
        self.held.front().map_or(0, |page| page.offset)
    }

    /// The rows that are there.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The row with the cursor, also of an older question.
    pub fn focused(&self) -> Option<&T> {
        self.rows.get(self.cursor.at)
    }

    /// How many rows precede the first one that is there.
    pub fn rows_before(&self) -> u64 {
        self.first_offset()
    }

    /// The server's count, where there is just one.
    pub fn total(&self) -> Option<u64> {
        if self.is_single() { self.passes.first().and_then(|pass| pass.total) } else { None }
    }

    /// Whether all rows of the question are there.
    pub fn is_complete(&self) -> bool {
        !self.stale
            && self.first_offset() == 0
            && self.passes.iter().all(|pass| pass.pending.is_none() && pass.next.is_none())
    }

    /// Whether an answer is waited for.
    pub fn is_loading(&self) -> bool {
        self.passes.iter().any(|pass| pass.pending.is_some())
    }

    /// Whether the rows belong to an older question, so that none of them can be chosen.
    pub const fn is_stale(&self) -> bool {
        self.stale && !self.same_question
    }

    /// Why reading failed.
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }
}

impl Pass {
    fn waits_for(&self, sequence: Sequence) -> bool {
        self.pending.is_some_and(|pending| pending.sequence == sequence)
    }
}
