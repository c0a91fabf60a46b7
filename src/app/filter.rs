//! The filter of lists of managers: words that match any column, `column:value` for one of them, `!` for what must not
//! match, quotes around what holds blanks. Pure; knows nothing of screens.

use crate::domain::level::Level;
use crate::domain::role::CATALOGUE;
use crate::domain::user::{UserKind, UserState};

/// The columns that a filter can name, as they are told to the operator.
pub const COLUMNS: &[&str] = &["user", "kind", "level", "org", "resource", "role", "state"];

/// A column of a list of managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    User,
    Kind,
    Level,
    Organization,
    Resource,
    Role,
    State,
}

/// A text that is searched, in small letters, with what is needed to tell fast that a word is not in it.
#[derive(Clone, Debug)]
pub struct Haystack {
    text: Box<str>,
    pairs: Pairs,
}

impl Haystack {
    /// A text to be searched; it is in small letters already.
    pub fn new(text: String) -> Self {
        Self { pairs: Pairs::of(&text), text: text.into_boxed_str() }
    }

    /// The text.
    pub const fn text(&self) -> &str {
        &self.text
    }
}

/// Which pairs of bytes follow each other in a text, 256 kinds of them. A text can only hold a word whose pairs it
/// holds, which is told in a few steps; looking for it takes hundreds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pairs([u64; 4]);

impl Pairs {
    fn of(text: &str) -> Self {
        let mut pairs = Self::default();
        for pair in text.as_bytes().windows(2) {
            let &[first, second] = pair else { continue };
            let kind = first.wrapping_mul(31).wrapping_add(second);
            if let Some(word) = pairs.0.get_mut(usize::from(kind >> 6)) {
                *word |= 1 << (kind & 63);
            }
        }
        pairs
    }

    fn hold(&self, others: &Self) -> bool {
        self.0.iter().zip(&others.0).all(|(own, other)| own & other == *other)
    }
}

/// Like `str::contains`, which is many times slower where the program is built to be small.
fn contains(text: &str, word: &str) -> bool {
    let Some((first, rest)) = word.as_bytes().split_first() else { return true };
    if rest.is_empty() {
        return text.as_bytes().contains(first);
    }
    let mut left = text.as_bytes();
    while let Some(at) = left.iter().position(|byte| byte == first) {
        let Some(after) = left.get(at + 1..) else { return false };
        if after.starts_with(rest) {
            return true;
        }
        left = after;
    }
    false
}

/// A row that can be filtered. All texts are in small letters. Only what a filter needs is asked for.
pub trait Filterable {
    /// The names, the e-mail address and the id of the user.
    fn user(&self) -> &str;
    /// Person or machine.
    fn kind(&self) -> UserKind;
    /// The level.
    fn level(&self) -> Level;
    /// The name and the id of the organization that owns the resource.
    fn organization(&self) -> &str;
    /// The name and the id of the resource.
    fn resource(&self) -> &str;
    /// The role keys, one a line.
    fn roles(&self) -> &str;
    /// Everything that is looked through for a word: these columns and what is shown besides, each on lines of its own.
    fn all(&self) -> &Haystack;
    /// The state of the user; none where it is not known.
    fn state(&self) -> Option<&str>;
}

/// What a row must say; made once, as it is asked of thousands of rows at every key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The value in any column.
    Anywhere(Pairs, MayBeState),
    /// The value in a column.
    User,
    Organization,
    Resource,
    /// A part of a role key.
    Role,
    /// Just this role, since many keys are the beginning of others.
    WholeRole,
    /// The state begins so.
    State,
    /// One of these kinds.
    Kind(Vec<UserKind>),
    /// One of these levels.
    Level(Vec<Level>),
}

/// Whether a word is in the name of a state, so that states must be looked up for it.
type MayBeState = bool;

/// The states that servers tell.
const STATES: [UserState; 5] =
    [UserState::Active, UserState::Inactive, UserState::Locked, UserState::Deleted, UserState::Initial];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    test: Test,
    value: String,
    negated: bool,
}

/// A filter, ready to be asked about many rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
    unknown: Option<String>,
}

impl Filter {
    /// Understands what is typed; every text is a filter.
    pub fn new(text: &str) -> Self {
        let mut filter = Self::default();
        for piece in pieces(text) {
            filter.push(&piece);
        }
        filter
    }

    fn push(&mut self, piece: &Piece) {
        let rest = piece.text.trim_start_matches('!');
        let negated = (piece.text.len() - rest.len()) % 2 == 1;
        let named = rest.split_once(':').filter(|(name, _)| {
            !piece.quoted_from_start
                && !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_alphabetic())
        });
        let (column, value) = match named.map(|(name, value)| (name, column(name), value)) {
            Some((_, Some(column), value)) => (Some(column), value),
            Some((name, None, _)) => {
                self.unknown.get_or_insert_with(|| name.to_owned());
                (None, rest)
            }
            None => (None, rest),
        };
        if !value.is_empty() {
            let value = value.to_lowercase();
            self.terms.push(Term { test: test(column, &value), value, negated });
        }
    }

    /// Whether every row fits.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the states of users must be known to tell what fits.
    pub fn needs_states(&self) -> bool {
        self.terms.iter().any(|term| term.test == Test::State)
    }

    /// What to say about a column that does not exist; none if all do.
    pub fn complaint(&self) -> Option<String> {
        let name = self.unknown.as_ref()?;
        Some(format!("There is no column {name}; there are {}", COLUMNS.join(", ")))
    }

    /// Whether a row fits: every term must.
    pub fn fits(&self, row: &impl Filterable) -> bool {
        self.terms.iter().all(|term| term.holds(row) != term.negated)
    }

    /// Whether surely no row fits this that did not fit `before`, as when somebody goes on typing.
    pub fn narrows(&self, before: &Self) -> bool {
        let Some((last, first)) = before.terms.split_last() else { return true };
        self.terms.starts_with(first) && self.terms.get(first.len()).is_some_and(|term| term.narrows(last))
    }
}

impl Term {
    fn holds(&self, row: &impl Filterable) -> bool {
        let value = self.value.as_str();
        match &self.test {
            Test::Anywhere(pairs, may_be_state) => {
                let all = row.all();
                (all.pairs.hold(pairs) && contains(&all.text, value))
                    || (*may_be_state && row.state().is_some_and(|state| contains(state, value)))
            }
            Test::User => contains(row.user(), value),
            Test::Organization => contains(row.organization(), value),
            Test::Resource => contains(row.resource(), value),
            Test::Role => contains(row.roles(), value),
            Test::WholeRole => row.roles().lines().any(|role| role == value),
            Test::State => row.state().is_some_and(|state| state.starts_with(value)),
            Test::Kind(kinds) => kinds.contains(&row.kind()),
            Test::Level(levels) => levels.contains(&row.level()),
        }
    }

    fn narrows(&self, before: &Self) -> bool {
        let finds_less = match (&self.test, &before.test) {
            // A whole role is found in less than a part of it, but what goes on after one is another role.
            (Test::WholeRole, Test::Role) | (Test::Anywhere(..), Test::Anywhere(..)) => true,
            (Test::WholeRole, _) => false,
            (test, before) => test == before,
        };
        let goes_on = finds_less && !self.negated && !before.negated && self.value.starts_with(&before.value);
        self == before || goes_on
    }
}

fn test(column: Option<Column>, value: &str) -> Test {
    match column {
        None => {
            let may_be_state = STATES.iter().any(|state| state.as_str().contains(value));
            Test::Anywhere(Pairs::of(value), may_be_state)
        }
        Some(Column::User) => Test::User,
        Some(Column::Organization) => Test::Organization,
        Some(Column::Resource) => Test::Resource,
        Some(Column::Role) if CATALOGUE.iter().any(|card| card.key.eq_ignore_ascii_case(value)) => {
            Test::WholeRole
        }
        Some(Column::Role) => Test::Role,
        Some(Column::State) => Test::State,
        Some(Column::Kind) => {
            let kinds = [UserKind::Human, UserKind::Service, UserKind::Unknown].into_iter();
            let fits = |kind: &UserKind| kind_names(*kind).iter().any(|name| name.starts_with(value));
            Test::Kind(kinds.filter(fits).collect())
        }
        Some(Column::Level) => Test::Level(levels(value)),
    }
}

/// A whole name of a level means just that one, since `project` is also the beginning of `project grant`.
fn levels(value: &str) -> Vec<Level> {
    const ALL: [Level; 4] = [Level::Instance, Level::Organization, Level::Project, Level::ProjectGrant];
    if let Some(named) = ALL.into_iter().find(|level| level_names(*level).contains(&value)) {
        return vec![named];
    }
    let fits = |level: &Level| level_names(*level).iter().any(|name| name.starts_with(value));
    ALL.into_iter().filter(fits).collect()
}

/// The words for a level; the first is the one that rows show.
pub const fn level_names(level: Level) -> &'static [&'static str] {
    match level {
        Level::Instance => &["instance", "iam"],
        Level::Organization => &["organization", "org"],
        Level::Project => &["project"],
        Level::ProjectGrant => &["project grant", "grant", "project-grant"],
    }
}

/// The words for a kind; the first is the one that rows show.
pub const fn kind_names(kind: UserKind) -> &'static [&'static str] {
    match kind {
        UserKind::Human => &["human", "person"],
        UserKind::Service => &["service", "machine"],
        UserKind::Unknown => &["unknown"],
    }
}

fn column(name: &str) -> Option<Column> {
    Some(match name.to_ascii_lowercase().as_str() {
        "user" | "users" => Column::User,
        "kind" => Column::Kind,
        "level" => Column::Level,
        "org" | "organization" => Column::Organization,
        "resource" => Column::Resource,
        "role" | "roles" => Column::Role,
        "state" => Column::State,
        _ => return None,
    })
}

#[derive(Debug, Default)]
struct Piece {
    text: String,
    /// So that `"a:b"` is a word and `user:"a b"` names a column.
    quoted_from_start: bool,
}

/// Parts a text at blanks outside of quotes; a quote left open ends with the text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece: Option<Piece> = None;
    let mut in_quotes = false;
    for character in text.chars() {
        if character == '"' {
            in_quotes = !in_quotes;
            let new = piece.is_none();
            let piece = piece.get_or_insert_default();
            piece.quoted_from_start |= new || piece.text.chars().all(|before| before == '!');
        } else if character.is_whitespace() && !in_quotes {
            pieces.extend(piece.take());
        } else {
            piece.get_or_insert_default().text.push(character);
        }
    }
    pieces.extend(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// What a row says in its columns.
    #[derive(Clone)]
    struct Facts {
        level: Level,
        roles: &'static str,
        state: Option<&'static str>,
        all: Haystack,
        user: &'static str,
        organization: &'static str,
        resource: &'static str,
    }

    impl Filterable for Facts {
        fn user(&self) -> &str {
            self.user
        }

        fn kind(&self) -> UserKind {
            UserKind::Service
        }

        fn level(&self) -> Level {
            self.level
        }

        fn organization(&self) -> &str {
            self.organization
        }

        fn resource(&self) -> &str {
            self.resource
        }

        fn roles(&self) -> &str {
            self.roles
        }

        fn all(&self) -> &Haystack {
            &self.all
        }

        fn state(&self) -> Option<&str> {
            self.state
        }
    }

    fn deploy_bot() -> Facts {
        let roles = "project_owner\ncustom_auditor";
        let (user, place) = ("deploy bot\ndeploy-bot\n2001", "globex\n1003\nportal\n3001");
        Facts {
            level: Level::Project,
            roles,
            state: Some("inactive"),
            user,
            organization: "globex\n1003",
            resource: "portal\n3001",
            all: Haystack::new(format!("{user}\n{place}\n{roles}\n2026-03-01\nservice\nproject")),
        }
    }

    #[rstest]
    #[case::nothing("", true)]
    #[case::blanks("   ", true)]
    #[case::a_word_in_any_column("portal", true)]
    #[case::words_all_must_match("deploy globex 2026-03", true)]
    #[case::one_word_does_not("deploy initech", false)]
    #[case::case_does_not_matter("DEPLOY Globex", true)]
    #[case::column("user:deploy", true)]
    #[case::only_that_column("user:portal", false)]
    #[case::column_names_in_any_case("ORG:globex", true)]
    #[case::long_name("organization:glob", true)]
    #[case::id("user:2001", true)]
    #[case::not("!user:deploy", false)]
    #[case::not_a_word("!initech", true)]
    #[case::not_twice("!!portal", true)]
    #[case::quotes("user:\"deploy bot\"", true)]
    #[case::quotes_around_all("\"deploy bot\"", true)]
    #[case::quotes_not("!\"deploy bot\"", false)]
    #[case::open_quote("user:\"deploy b", true)]
    #[case::quoted_colon_is_a_word("\"user:deploy\"", false)]
    #[case::kind("kind:service", true)]
    #[case::kind_by_another_name("kind:machine", true)]
    #[case::other_kind("kind:human", false)]
    #[case::level("level:project", true)]
    #[case::whole_level_only("level:grant", false)]
    #[case::level_while_typing("level:pro", true)]
    #[case::role("role:project_owner", true)]
    #[case::a_whole_role_is_not_the_start_of_another("role:project", true)]
    #[case::role_other("role:ORG_OWNER", false)]
    #[case::custom_role("role:CUSTOM", true)]
    #[case::state("state:inactive", true)]
    #[case::active_is_not_inactive("state:active", false)]
    #[case::not_active("!state:active", true)]
    #[case::nothing_behind_the_colon("role:", true)]
    #[case::nothing_behind_the_mark("!", true)]
    #[case::the_example_of_the_manual("role:PROJECT_OWNER org:Globex !state:active", true)]
    fn fits(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(Filter::new(text).fits(&deploy_bot()), expected);
    }

    #[test]
    fn a_whole_role_key_does_not_match_longer_keys() {
        let viewer = Facts { roles: "org_owner_viewer", ..deploy_bot() };
        assert!(!Filter::new("role:ORG_OWNER").fits(&viewer));
        assert!(Filter::new("role:ORG_OWNER_V").fits(&viewer));
        assert!(Filter::new("role:owner").fits(&viewer));
    }

    #[test]
    fn the_level_project_does_not_match_grants() {
        let grant = Facts { level: Level::ProjectGrant, ..deploy_bot() };
        assert!(!Filter::new("level:project").fits(&grant));
        assert!(Filter::new("level:\"project grant\"").fits(&grant));
        assert!(Filter::new("level:grant").fits(&grant));
    }

    #[test]
    fn a_state_that_is_not_known_is_no_state() {
        let unknown = Facts { state: None, ..deploy_bot() };
        assert!(!Filter::new("state:active").fits(&unknown));
        assert!(Filter::new("!state:active").fits(&unknown));
    }

    #[rstest]
    #[case::exists("role:x", None)]
    #[case::word("x", None)]
    #[case::address("\"https://x\"", None)]
    #[case::unknown(
        "team:x",
        Some("There is no column team; there are user, kind, level, org, resource, role, state")
    )]
    fn unknown_columns_say_which_there_are(#[case] text: &str, #[case] complaint: Option<&str>) {
        assert_eq!(Filter::new(text).complaint().as_deref(), complaint);
    }

    #[rstest]
    #[case::one_more_letter("por", "port", true)]
    #[case::one_more_word("por", "por bot", true)]
    #[case::a_blank("por", "por ", true)]
    #[case::first_letter("", "p", true)]
    #[case::a_letter_less("port", "por", false)]
    #[case::another_column("user:a", "org:a", false)]
    #[case::a_letter_more_in_what_is_not("!por", "!port", false)]
    #[case::a_role_becomes_whole("role:org_owne", "role:org_owner", true)]
    #[case::a_role_goes_on("role:org_owner", "role:org_owner_v", false)]
    #[case::a_level_becomes_another("level:project", "level:project-", false)]
    fn narrows(#[case] before: &str, #[case] after: &str, #[case] expected: bool) {
        assert_eq!(Filter::new(after).narrows(&Filter::new(before)), expected);
    }

    #[test]
    fn only_a_filter_by_state_needs_states() {
        assert!(Filter::new("a !state:active").needs_states());
        assert!(!Filter::new("active state:").needs_states());
    }

    proptest! {
        #[test]
        fn any_text_is_a_filter(text in any::<String>()) {
            Filter::new(&text).fits(&deploy_bot());
        }

        #[test]
        fn who_goes_on_typing_is_shown_some_of_the_same_rows(
            text in "(!|user:|org:|role:|kind:|level:|state:|)[a-z_ \"]{0,12}( !?(role:|state:)?[a-z_]{0,9})?",
            levels in prop::sample::select(vec![Level::Project, Level::ProjectGrant, Level::Organization]),
            role in prop::sample::select(vec!["org_owner", "org_owner_viewer", "project_owner", "custom"]),
        ) {
            let row = Facts { level: levels, roles: role, ..deploy_bot() };
            let typed: Vec<Filter> = (0..=text.chars().count())
                .map(|length| Filter::new(&text.chars().take(length).collect::<String>()))
                .collect();
            for (before, after) in typed.iter().zip(typed.iter().skip(1)) {
                prop_assert!(!after.narrows(before) || !after.fits(&row) || before.fits(&row), "{before:?} {after:?}");
            }
        }

        #[test]
        fn a_word_is_found_where_it_is(text in "[a-cé\n]{0,30}", word in "[a-cé]{0,4}") {
            let haystack = Haystack::new(text.clone());
            let found = haystack.pairs.hold(&Pairs::of(&word)) && contains(haystack.text(), &word);
            prop_assert_eq!(found, text.contains(&word));
        }

        #[test]
        fn not_is_the_complement(
            column in prop::option::of(prop::sample::select(COLUMNS)),
            value in "[a-zA-Z0-9_.@-]{1,6}",
            known in any::<bool>(),
        ) {
            let row = Facts { state: known.then_some("active"), ..deploy_bot() };
            let term = column.map_or_else(|| value.clone(), |column| format!("{column}:{value}"));
            prop_assert_ne!(Filter::new(&term).fits(&row), Filter::new(&format!("!{term}")).fits(&row));
        }
    }
}
