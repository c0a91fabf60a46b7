//! The rows of all managers: kept without doubles, filtered, sorted and grouped into lines when something changes and
//! never for a frame, so that ten thousand of them stay fluid.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::app::filter::{Filter, Filterable, Haystack, kind_names, level_names};
use crate::app::shared::Shared;
use crate::domain::id::UserId;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::{Level, Resource};
use crate::domain::user::{User, UserKind, UserState};

/// A column to sort by, in the order of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortColumn {
    /// The name of the user.
    User,
    /// Person or machine.
    Kind,
    /// Instance, organizations, projects, grants.
    #[default]
    Level,
    /// The organization, then the resource.
    Resource,
    /// The roles.
    Roles,
    /// When it became manager.
    Since,
}

impl SortColumn {
    /// Every column, in the order of the table.
    pub const ALL: &[Self] = &[Self::User, Self::Kind, Self::Level, Self::Resource, Self::Roles, Self::Since];

    /// The column `by` places further to the right, from the last one on to the first.
    #[must_use]
    pub fn moved(self, forward: bool) -> Self {
        let all = Self::ALL;
        let at = all.iter().position(|column| *column == self).unwrap_or_default();
        let next = if forward { at + 1 } else { at + all.len() - 1 };
        all.get(next % all.len()).copied().unwrap_or_default()
    }
}

/// How rows are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Not at all.
    #[default]
    Flat,
    /// What each user manages.
    ByUser,
    /// Who manages each resource.
    ByResource,
}

impl Grouping {
    /// The next way.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Flat => Self::ByUser,
            Self::ByUser => Self::ByResource,
            Self::ByResource => Self::Flat,
        }
    }
}

/// Which row: nobody is manager of one resource twice.
pub type Key = (UserId, Resource);

/// What a group is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// What this user manages.
    User(UserId),
    /// Who manages this resource.
    Resource(Resource),
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The head of a group.
    Group {
        /// One of its rows, to tell what it is about.
        first: usize,
        /// How many rows it has.
        count: usize,
        /// Whether they are hidden.
        folded: bool,
    },
    /// A row.
    Row(usize),
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The manager with its names.
    pub record: ManagerRecord,
    /// Since when, as it is shown.
    pub since: Box<str>,
    /// What the filter looks through, in small letters: user, organization, resource, roles, and the rest.
    text: Haystack,
    /// Where the first four of them end.
    ends: [usize; 4],
    reading: u64,
}

impl Row {
    fn new(record: ManagerRecord, reading: u64) -> Self {
        let since = record.manager.created.map(|time| time.strftime("%Y-%m-%d").to_string());
        let since = since.unwrap_or_default();
        let user = &record.manager.user;
        let email = user.email.as_ref().map_or("", |email| email.as_str());
        let resource = &record.manager.resource;
        let owner = resource.organization().map_or("", |id| id.as_str());
        let id = match resource {
            Resource::Instance => "",
            Resource::Organization(id) => id.as_str(),
            Resource::Project { project, .. } => project.as_str(),
            Resource::ProjectGrant { grant, .. } => grant.as_str(),
        };
        let roles: Vec<&str> = record.manager.roles.iter().map(crate::domain::role::Role::key).collect();
        let shown = |names: &[&'static str]| names.first().copied().unwrap_or_default();
        let columns = [
            [user.title().as_str(), user.login_name.as_str(), email, user.id.as_str()].join("\n"),
            format!("{}\n{owner}", record.organization_name),
            format!("{}\n{id}", record.resource_name),
            roles.join("\n"),
            [&since, shown(kind_names(user.kind)), shown(level_names(resource.level()))].join("\n"),
        ];
        let mut text = String::new();
        let mut ends = [0; 4];
        for (place, column) in columns.iter().enumerate() {
            text.push_str(&column.to_lowercase());
            if let Some(end) = ends.get_mut(place) {
                *end = text.len();
                text.push('\n');
            }
        }
        Self { text: Haystack::new(text), ends, since: since.into_boxed_str(), record, reading }
    }

    /// Which row this is.
    pub fn key(&self) -> Key {
        (self.record.manager.user.id.clone(), self.record.manager.resource.clone())
    }

    /// The column at this place among the four that are searched alone.
    fn column(&self, place: usize) -> &str {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        let end = self.ends.get(place).copied().unwrap_or(self.text.text().len());
        self.text.text().get(start..end).unwrap_or_default()
    }

    fn user(&self) -> &str {
        self.column(0)
    }

    fn organization(&self) -> &str {
        self.column(1)
    }

    fn resource(&self) -> &str {
        self.column(2)
    }

    fn roles(&self) -> &str {
        self.column(3)
    }
}

/// A row with what is known of its user by now.
struct Known<'a>(&'a Row, &'a Shared);

impl Filterable for Known<'_> {
    fn user(&self) -> &str {
        self.0.user()
    }

    fn kind(&self) -> UserKind {
        self.0.record.manager.user.kind
    }

    fn level(&self) -> Level {
        self.0.record.manager.resource.level()
    }

    fn organization(&self) -> &str {
        self.0.organization()
    }

    fn resource(&self) -> &str {
        self.0.resource()
    }

    fn roles(&self) -> &str {
        self.0.roles()
    }

    fn all(&self) -> &Haystack {
        &self.0.text
    }

    fn state(&self) -> Option<&str> {
        self.1.state(&self.0.record.manager.user.id).map(UserState::as_str)
    }
}

/// The rows and the lines that are made of them.
#[derive(Debug, Default)]
pub struct Rows {
    kept: Vec<Row>,
    places: HashMap<Key, usize>,
    /// All places in their order; kept, so that a key typed into the filter need not sort.
    sorted: Vec<usize>,
    order: Vec<usize>,
    lines: Vec<Line>,
    folded: HashSet<GroupKey>,
    filter: Filter,
    /// How many states were known when the rows were filtered.
    states: usize,
    /// By which column they are sorted.
    pub sort: SortColumn,
    /// Whether the last comes first.
    pub reversed: bool,
    /// How they are put together.
    pub grouping: Grouping,
    reading: u64,
}

impl Rows {
    /// All rows, whatever the filter says.
    pub fn all(&self) -> &[Row] {
        &self.kept
    }

    /// The row at this place.
    pub fn get(&self, place: usize) -> Option<&Row> {
        self.kept.get(place)
    }

    /// What the rows must hold.
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The row with this key.
    pub fn find(&self, key: &Key) -> Option<&Row> {
        self.kept.get(*self.places.get(key)?)
    }

    /// The lines to show.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many rows fit the filter.
    pub const fn fitting(&self) -> usize {
        self.order.len()
    }

    /// The rows that fit the filter, in their order, also those of folded groups.
    pub fn shown(&self) -> impl Iterator<Item = &Row> {
        self.order.iter().filter_map(|place| self.kept.get(*place))
    }

    /// What the group of a row is about.
    pub fn group_of(&self, place: usize) -> Option<GroupKey> {
        let manager = &self.kept.get(place)?.record.manager;
        match self.grouping {
            Grouping::Flat => None,
            Grouping::ByUser => Some(GroupKey::User(manager.user.id.clone())),
            Grouping::ByResource => Some(GroupKey::Resource(manager.resource.clone())),
        }
    }

    /// Folds or unfolds a group.
    pub fn fold(&mut self, group: GroupKey, folded: bool) {
        if folded {
            self.folded.insert(group);
        } else {
            self.folded.remove(&group);
        }
        self.make_lines();
    }

    /// A new reading begins; rows that it does not bring again go when it ends.
    pub fn begin_reading(&mut self) {
        self.reading += 1;
    }

    /// The reading ended: what it did not bring again is gone, but for what `keep` says could not be read.
    pub fn end_reading(&mut self, keep: impl Fn(&Resource) -> bool, shared: &Shared) {
        let reading = self.reading;
        self.retain(|row| row.reading == reading || keep(&row.record.manager.resource), shared);
    }

    fn retain(&mut self, keep: impl Fn(&Row) -> bool, shared: &Shared) {
        let before = self.kept.len();
        self.kept.retain(keep);
        if self.kept.len() < before {
            self.places = self.kept.iter().enumerate().map(|(place, row)| (row.key(), place)).collect();
            self.rebuild(shared);
        }
    }

    /// Takes rows in; those that are there already are brought up to date.
    pub fn take(&mut self, records: Vec<ManagerRecord>, shared: &Shared) {
        let mut known_changed = false;
        for record in records {
            let row = Row::new(record, self.reading);
            let key = row.key();
            if let Some(place) = self.places.get(&key).copied() {
                if let Some(old) = self.kept.get_mut(place) {
                    known_changed |= old.record != row.record;
                    *old = row;
                }
            } else {
                let place = self.kept.len();
                self.places.insert(key, place);
                self.kept.push(row);
                if !known_changed {
                    self.insert(place, shared);
                }
            }
        }
        if known_changed { self.rebuild(shared) } else { self.make_lines() }
    }

    fn insert(&mut self, place: usize, shared: &Shared) {
        let comes_before = |other: &usize| self.compare(*other, place) == Ordering::Less;
        let at = self.sorted.partition_point(comes_before);
        let shown_at = self.order.partition_point(comes_before);
        self.sorted.insert(at, place);
        if self.fits(place, shared) {
            self.order.insert(shown_at, place);
        }
    }

    /// The managers of one resource are these now.
    pub fn replace(&mut self, resource: &Resource, records: Vec<ManagerRecord>, shared: &Shared) {
        let kept: HashSet<UserId> = records.iter().map(|record| record.manager.user.id.clone()).collect();
        self.take(records, shared);
        self.retain(
            |row| row.record.manager.resource != *resource || kept.contains(&row.record.manager.user.id),
            shared,
        );
    }

    /// Fills in what rows lacked of their users.
    pub fn learn_users(&mut self, users: &[User], shared: &Shared) {
        let users: HashMap<&UserId, &User> = users.iter().map(|user| (&user.id, user)).collect();
        let mut changed = false;
        for row in &mut self.kept {
            let Some(user) = users.get(&row.record.manager.user.id) else { continue };
            let mut filled = row.record.manager.user.clone();
            filled.learn(user);
            if filled != row.record.manager.user {
                let mut record = row.record.clone();
                record.manager.user = filled;
                *row = Row::new(record, row.reading);
                changed = true;
            }
        }
        if changed {
            self.rebuild(shared);
        }
    }

    /// Sorts, filters and groups anew.
    pub fn rebuild(&mut self, shared: &Shared) {
        let mut sorted: Vec<usize> = (0..self.kept.len()).collect();
        sorted.sort_unstable_by(|left, right| self.compare(*left, *right));
        self.sorted = sorted;
        self.refilter(shared);
    }

    /// Filters by this instead. Somebody who goes on typing need not wait for all rows to be looked at again.
    pub fn set_filter(&mut self, filter: Filter, shared: &Shared) {
        let narrows = self.states == shared.states().len() && filter.narrows(&self.filter);
        self.filter = filter;
        if narrows {
            let mut order = std::mem::take(&mut self.order);
            order.retain(|place| self.fits(*place, shared));
            self.order = order;
            self.make_lines();
        } else {
            self.refilter(shared);
        }
    }

    /// Filters and groups anew, where neither the rows nor their order have changed.
    pub fn refilter(&mut self, shared: &Shared) {
        self.states = shared.states().len();
        self.order = self.sorted.iter().copied().filter(|place| self.fits(*place, shared)).collect();
        self.make_lines();
    }

    fn fits(&self, place: usize, shared: &Shared) -> bool {
        let Some(row) = self.kept.get(place) else { return false };
        self.filter.fits(&Known(row, shared))
    }

    fn compare(&self, left: usize, right: usize) -> Ordering {
        let (Some(one), Some(other)) = (self.kept.get(left), self.kept.get(right)) else {
            return left.cmp(&right);
        };
        let group = match self.grouping {
            Grouping::Flat => Ordering::Equal,
            Grouping::ByUser => one
                .user()
                .cmp(other.user())
                .then_with(|| one.record.manager.user.id.cmp(&other.record.manager.user.id)),
            Grouping::ByResource => by_level(one, other),
        };
        let column = match self.sort {
            SortColumn::User => one.user().cmp(other.user()),
            SortColumn::Kind => one.record.manager.user.kind.cmp(&other.record.manager.user.kind),
            SortColumn::Level => by_level(one, other),
            SortColumn::Resource => by_resource(one, other),
            SortColumn::Roles => one.roles().cmp(other.roles()),
            SortColumn::Since => one.record.manager.created.cmp(&other.record.manager.created),
        };
        let column = if self.reversed { column.reverse() } else { column };
        group
            .then(column)
            .then_with(|| one.user().cmp(other.user()))
            .then_with(|| by_level(one, other))
            .then(left.cmp(&right))
    }

    fn make_lines(&mut self) {
        self.lines.clear();
        if self.grouping == Grouping::Flat {
            self.lines.extend(self.order.iter().map(|place| Line::Row(*place)));
            return;
        }
        let groups = self.order.chunk_by(|left, right| self.is_one_group(*left, *right));
        let mut lines = Vec::with_capacity(self.order.len());
        for group in groups {
            let Some(first) = group.first().copied() else { continue };
            let folded = self.group_of(first).is_some_and(|group| self.folded.contains(&group));
            lines.push(Line::Group { first, count: group.len(), folded });
            if !folded {
                lines.extend(group.iter().map(|place| Line::Row(*place)));
            }
        }
        self.lines = lines;
    }

    fn is_one_group(&self, left: usize, right: usize) -> bool {
        let (Some(one), Some(other)) = (self.kept.get(left), self.kept.get(right)) else { return false };
        let (one, other) = (&one.record.manager, &other.record.manager);
        match self.grouping {
            Grouping::Flat => false,
            Grouping::ByUser => one.user.id == other.user.id,
            Grouping::ByResource => one.resource == other.resource,
        }
    }
}

fn by_level(one: &Row, other: &Row) -> Ordering {
    let level = |row: &Row| row.record.manager.resource.level();
    level(one).cmp(&level(other)).then_with(|| by_resource(one, other))
}

/// By organization, in it by level and name; the id at the end of the texts keeps namesakes apart.
fn by_resource(one: &Row, other: &Row) -> Ordering {
    one.organization()
        .cmp(other.organization())
        .then_with(|| one.record.manager.resource.level().cmp(&other.record.manager.resource.level()))
        .then_with(|| one.resource().cmp(other.resource()))
}
