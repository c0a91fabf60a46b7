//! A list that the server searches while one types.

use std::time::Duration;

use super::effect::{Request, Sequence, Slot};
use super::event::Answer;
use super::field::Field;
use super::keys::Action;
use super::listing::{Listing, Row};
use super::message::Tone;
use super::shared::Shared;
use crate::domain::id::{OrganizationId, ProjectId, UserId};
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::problem::Problem;
use crate::domain::project::Project;
use crate::domain::query::{OrganizationQuery, UserPass, UserQuery};
use crate::domain::user::User;

/// How long typing must rest before the server is asked.
const DEBOUNCE: Duration = Duration::from_millis(180);

/// What the server can search for.
pub trait Found: Row + Sized {
    /// One and many of it, in words.
    const NOUN: (&'static str, &'static str);
    /// The places of the requests, by pass.
    const SLOTS: &'static [Slot];
    /// In how many searches beside each other `text` is looked for.
    fn passes(text: &str) -> usize;
    /// The request of one pass for rows from `offset`.
    fn request(
        pass: usize,
        text: &str,
        scope: Option<&OrganizationId>,
        offset: u64,
        limit: u32,
    ) -> (Slot, Request);
    /// The page in an answer, if it is one of these.
    fn page(answer: &Answer) -> Option<Result<Page<Self>, Problem>>;
    /// Asks for what the rows refer to.
    fn want(rows: &[Self], shared: &mut Shared);
}

impl Row for Organization {
    type Id = OrganizationId;
    fn id(&self) -> &OrganizationId {
        &self.id
    }
}

impl Found for Organization {
    const NOUN: (&'static str, &'static str) = ("organization", "organizations");
    const SLOTS: &'static [Slot] = &[Slot::Organizations];

    fn passes(_text: &str) -> usize {
        1
    }

    fn request(_: usize, text: &str, _: Option<&OrganizationId>, offset: u64, limit: u32) -> (Slot, Request) {
        let query = OrganizationQuery { text: text.to_owned(), offset, limit };
        (Slot::Organizations, Request::Organizations(query))
    }

    fn page(answer: &Answer) -> Option<Result<Page<Self>, Problem>> {
        if let Answer::Organizations(page) = answer { Some(page.clone()) } else { None }
    }

    fn want(rows: &[Self], shared: &mut Shared) {
        shared.learn_names(rows.iter().map(|row| (row.id.clone(), row.title())));
    }
}

impl Row for User {
    type Id = UserId;
    fn id(&self) -> &UserId {
        &self.id
    }
}

impl Found for User {
    const NOUN: (&'static str, &'static str) = ("user", "users");
    const SLOTS: &'static [Slot] = &[Slot::UserNames, Slot::UserLogins, Slot::ServiceNames];

    fn passes(text: &str) -> usize {
        if text.is_empty() { 1 } else { 3 }
    }

    fn request(
        pass: usize,
        text: &str,
        scope: Option<&OrganizationId>,
        offset: u64,
        limit: u32,
    ) -> (Slot, Request) {
        let (slot, pass) = match pass {
            0 => (Slot::UserNames, UserPass::Names),
            1 => (Slot::UserLogins, UserPass::LoginNames),
            _ => (Slot::ServiceNames, UserPass::ServiceNames),
        };
        let query = UserQuery { text: text.to_owned(), organization: scope.cloned(), pass, offset, limit };
        (slot, Request::Users(query))
    }

    fn page(answer: &Answer) -> Option<Result<Page<Self>, Problem>> {
        if let Answer::Users(page) = answer { Some(page.clone()) } else { None }
    }

    fn want(rows: &[Self], shared: &mut Shared) {
        shared.learn_states(rows.iter().map(|row| (row.id.clone(), row.state.clone())));
        shared.want_names(rows.iter().map(|row| row.organization.clone()));
    }
}

impl Row for Project {
    type Id = ProjectId;
    fn id(&self) -> &ProjectId {
        &self.id
    }
}

/// Projects are searched in one organization only; without a scope there are none.
impl Found for Project {
    const NOUN: (&'static str, &'static str) = ("project", "projects");
    const SLOTS: &'static [Slot] = &[Slot::Projects];

    fn passes(_text: &str) -> usize {
        1
    }

    fn request(
        _: usize,
        text: &str,
        scope: Option<&OrganizationId>,
        offset: u64,
        limit: u32,
    ) -> (Slot, Request) {
        let organization = scope.cloned().unwrap_or_else(|| OrganizationId::new(""));
        (Slot::Projects, Request::Projects { organization, text: text.to_owned(), offset, limit })
    }

    fn page(answer: &Answer) -> Option<Result<Page<Self>, Problem>> {
        if let Answer::Projects(page) = answer { Some(page.clone()) } else { None }
    }

    fn want(_: &[Self], _: &mut Shared) {}
}

/// A search field over a list of what it found.
#[derive(Debug)]
pub struct Search<T: Found> {
    /// What is looked for.
    pub field: Field,
    /// Whether the field has the focus.
    pub typing: bool,
    /// What was found.
    pub listing: Listing<T>,
    scope: Option<OrganizationId>,
    asked: Option<String>,
    asked_at_once: bool,
    shown: Option<String>,
    total_of_all: Option<u64>,
}

impl<T: Found> Search<T> {
    /// A search in one organization, or everywhere.
    pub fn new(scope: Option<OrganizationId>) -> Self {
        Self {
            field: Field::default(),
            typing: false,
            listing: Listing::default(),
            scope,
            asked: None,
            asked_at_once: false,
            shown: None,
            total_of_all: None,
        }
    }

    /// Where it searches; none for everywhere.
    pub const fn scope(&self) -> Option<&OrganizationId> {
        self.scope.as_ref()
    }

    /// Searches somewhere else.
    pub fn set_scope(&mut self, scope: Option<OrganizationId>, shared: &mut Shared) {
        if self.scope != scope {
            self.scope = scope;
            self.total_of_all = None;
            self.shown = None;
            self.restart(Duration::ZERO, false, shared);
        }
    }

    /// The text looked for; blanks around it are none of it.
    pub fn text(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// Asks now, unless the same was asked already.
    pub fn start(&mut self, shared: &mut Shared) {
        if self.asked.as_ref() != Some(&self.text()) || self.listing.was_dropped(shared) {
            self.restart(Duration::ZERO, self.asked.as_ref() == Some(&self.text()), shared);
        } else {
            self.read_on(shared);
        }
    }

    /// Asks again for the same.
    pub fn read_again(&mut self, shared: &mut Shared) {
        self.restart(Duration::ZERO, true, shared);
    }

    fn restart(&mut self, after: Duration, keep_cursor: bool, shared: &mut Shared) {
        let text = self.text();
        let passes = T::passes(&text);
        for slot in T::SLOTS.get(passes..).unwrap_or_default() {
            shared.forget(*slot);
        }
        let scope = self.scope.clone();
        self.listing.restart(passes, after, keep_cursor, shared, &|pass, offset, limit| {
            T::request(pass, &text, scope.as_ref(), offset, limit)
        });
        self.asked = Some(text);
        self.asked_at_once = after.is_zero();
    }

    fn read_on(&mut self, shared: &mut Shared) {
        let (text, scope) = (self.asked.clone().unwrap_or_default(), self.scope.clone());
        self.listing
            .read_on(shared, &|pass, offset, limit| T::request(pass, &text, scope.as_ref(), offset, limit));
    }

    /// The text was typed at: asks once typing rests, or at once after a paste.
    pub fn typed(&mut self, at_once: bool, shared: &mut Shared) {
        let text = self.text();
        if self.asked.as_ref() == Some(&text) {
            return;
        }
        if self.shown.as_ref() == Some(&text) && self.listing.problem().is_none() {
            for slot in T::SLOTS {
                shared.forget(*slot);
            }
            self.listing.revive();
            self.asked = Some(text);
            self.read_on(shared);
            return;
        }
        self.restart(if at_once { Duration::ZERO } else { DEBOUNCE }, false, shared);
    }

    /// Takes an answer, if it is one of those waited for.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> bool {
        let Some(page) = T::page(answer) else { return false };
        let rows = page.as_ref().map(|page| page.rows.len()).unwrap_or_default();
        if !self.listing.answered(sequence, page, shared.list_rows()) {
            return false;
        }
        self.shown.clone_from(&self.asked);
        if self.asked.as_deref() == Some("") {
            self.total_of_all = self.listing.total();
        }
        let new = self.listing.rows().len().saturating_sub(rows);
        T::want(self.listing.rows().get(new..).unwrap_or_default(), shared);
        self.read_on(shared);
        true
    }

    /// Does what concerns the field and the list. Tells whether it did.
    pub fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match action {
            Action::Search => self.typing = true,
            Action::ToList => {
                self.typing = false;
                self.listing.cursor.fit(self.listing.rows().len(), shared.list_rows());
            }
            Action::AcceptText => {
                self.ask_now(shared);
                self.typing = false;
            }
            Action::ReadAgain => self.read_again(shared),
            Action::Back if self.typing || !self.field.is_empty() => {
                let had_text = !self.field.is_empty();
                self.typing = false;
                self.field.clear();
                if had_text {
                    self.typed(true, shared);
                }
            }
            Action::Up if self.listing.cursor.at == 0 && !self.field.is_empty() => self.typing = true,
            _ => {
                let (text, scope) = (self.asked.clone().unwrap_or_default(), self.scope.clone());
                return self.listing.act(action, shared, &|pass, offset, limit| {
                    T::request(pass, &text, scope.as_ref(), offset, limit)
                });
            }
        }
        true
    }

    /// Where the rows are not yet those of what is typed: asks at once, unless that was done, since asking again
    /// would only begin the wait anew. Tells whether there is something to wait for.
    pub fn ask_now(&mut self, shared: &mut Shared) -> bool {
        if !self.listing.is_stale() {
            return false;
        }
        if !self.asked_at_once || self.listing.problem().is_some() {
            self.restart(Duration::ZERO, false, shared);
        }
        true
    }

    /// The row with the cursor, if it belongs to what is asked.
    pub fn focused(&self) -> Option<&T> {
        if self.listing.is_stale() { None } else { self.listing.focused() }
    }

    /// The same; says so where one must wait for it.
    pub fn focused_or_say(&self, shared: &mut Shared) -> Option<&T> {
        if self.listing.is_stale() || (self.listing.rows().is_empty() && self.listing.is_loading()) {
            shared.say(Tone::Note, "Still loading");
        }
        self.focused()
    }

    /// How much was found, in words, e.g. `2 of 104 203`.
    pub fn count(&self) -> String {
        let rows = self.listing.rows().len() as u64;
        let noun = |count: u64| if count == 1 { T::NOUN.0 } else { T::NOUN.1 };
        if self.listing.is_loading() && (self.listing.is_stale() || rows == 0) {
            return "loading".to_owned();
        }
        if self.listing.problem().is_some() && rows == 0 {
            return String::new();
        }
        let is_all = self.shown.as_deref().unwrap_or_default().is_empty();
        match (self.listing.is_complete(), self.listing.total(), self.total_of_all) {
            (true, _, Some(all)) if !is_all => format!("{} of {}", grouped(rows), grouped(all)),
            (true, ..) => format!("{} {}", grouped(rows), noun(rows)),
            (false, Some(total), _) => {
                let at = self.listing.rows_before() + self.listing.cursor.at as u64 + 1;
                format!("{} of {}", grouped(at.min(total)), grouped(total.max(rows)))
            }
            (false, None, _) if self.listing.is_loading() => format!("{} so far", grouped(rows)),
            (false, None, _) => format!("{} {} or more", grouped(rows), noun(rows)),
        }
    }
}

/// A number with its thousands apart, e.g. `104 203`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}
