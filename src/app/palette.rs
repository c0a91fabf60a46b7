//! The palette: every action that can be done here, every place, every profile, and everything seen so far; typing
//! finds, Enter does it or goes there.

use super::cursor::Cursor;
use super::field::Field;
use super::help::Help;
use super::keys::place::Place;
use super::keys::{self, Action, Binding, Context};
use super::shared::Shared;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::Organization;
use crate::domain::project::Project;

/// What an entry leads to.
#[derive(Clone, Debug)]
pub enum Destination {
    /// An action.
    Action(&'static Binding),
    /// An organization.
    Organization(Organization),
    /// A user.
    User(ManagerUser),
    /// A project.
    Project(Project),
    /// The profile at this place of the list given at the start.
    Profile(usize),
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// What kind of thing it is, or its key.
    pub about: String,
    /// Where it leads.
    pub destination: Destination,
    search: String,
}

impl Entry {
    fn new(name: String, about: String, further: &str, destination: Destination) -> Self {
        let search = format!("{name} {further}").to_lowercase();
        Self { name, about, destination, search }
    }
}

/// The palette over a screen.
#[derive(Debug)]
pub struct Palette {
    /// What is looked for.
    pub field: Field,
    /// Which entry has the cursor.
    pub cursor: Cursor,
    entries: Vec<Entry>,
    found: Vec<usize>,
}

impl Palette {
    /// The palette for a place.
    pub fn new(place: Place, shared: &Shared) -> Self {
        let mut entries: Vec<Entry> = actions(place).collect();
        entries.extend(seen(shared));
        entries.extend(profiles(shared));
        let found = (0..entries.len()).collect();
        Self { field: Field::default(), cursor: Cursor::default(), entries, found }
    }

    /// Finds anew what fits what is typed.
    pub fn typed(&mut self) {
        let text = self.field.text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut scored: Vec<(i64, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| Some((score(&entry.search, &words)?, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        self.found = scored.into_iter().map(|(_, at)| at).collect();
        self.cursor = Cursor::default();
    }

    /// How many entries fit.
    pub const fn count(&self) -> usize {
        self.found.len()
    }

    /// The entry at this place among those that fit.
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(*self.found.get(at)?)
    }

    /// Takes the entry with the cursor.
    pub fn chosen(&self) -> Option<Destination> {
        self.entry(self.cursor.at).map(|entry| entry.destination.clone())
    }

    /// Moves the cursor. Tells whether it was a movement.
    pub fn act(&mut self, action: Action, rows: u16) -> bool {
        self.cursor.act(action, self.found.len(), Help::height(rows))
    }
}

/// The actions of a place, each once; moving about is left out, as it needs the list in sight.
fn actions(place: Place) -> impl Iterator<Item = Entry> {
    let mut known: Vec<Action> = vec![Action::Palette, Action::Back, Action::Out];
    keys::of(place).filter_map(move |binding| {
        let moves = matches!(binding.context, Context::List | Context::BelowField);
        if moves || known.contains(&binding.action) {
            return None;
        }
        known.push(binding.action);
        let aliases = if binding.help.to_lowercase().contains("manage") || binding.word.contains("manager") {
            "administrators admins members managers"
        } else {
            ""
        };
        let further = format!("{} {aliases}", binding.word);
        let key = binding.keys.first().map_or("", |key| keys::label(key)).to_owned();
        Some(Entry::new(binding.help.to_owned(), key, &further, Destination::Action(binding)))
    })
}

/// What was seen on the way, the latest first.
fn seen(shared: &Shared) -> impl Iterator<Item = Entry> {
    let organizations = shared.seen.organizations.latest().map(|organization| {
        let further = format!("{} {}", organization.primary_domain, organization.id);
        let to = Destination::Organization(organization.clone());
        Entry::new(organization.title().to_string(), "organization".to_owned(), &further, to)
    });
    let users = shared.seen.users.latest().map(|user| {
        let email = user.email.as_ref().map(ToString::to_string).unwrap_or_default();
        let further = format!("{} {email} {}", user.login_name, user.id);
        let home = user.organization.as_ref().map(|id| shared.organization_title(id));
        let about = match home {
            Some(home) => format!("{} user of {home}", user.kind),
            None => format!("{} user", user.kind),
        };
        Entry::new(user.title().to_string(), about, &further, Destination::User(user.clone()))
    });
    let projects = shared.seen.projects.latest().map(|(project, organization)| {
        let owner = organization.or(&shared.organization_title(&project.organization));
        let further = project.id.to_string();
        let to = Destination::Project(project.clone());
        Entry::new(project.title().to_string(), format!("project of {owner}"), &further, to)
    });
    organizations.chain(users).chain(projects)
}

/// The profiles but the one signed in with.
fn profiles(shared: &Shared) -> impl Iterator<Item = Entry> {
    let current = shared.session.as_ref().map(|session| &session.profile.name);
    let others =
        shared.profiles.iter().enumerate().filter(move |(_, profile)| current != Some(&profile.name));
    others.map(|(index, profile)| {
        let about = format!("profile, {}", profile.url);
        Entry::new(profile.name.to_string(), about, profile.url.as_str(), Destination::Profile(index))
    })
}

/// How well a text fits: every word must be in it, its letters in their order. Letters that follow each other and
/// beginnings of words count more; none where a word is not in it.
fn score(text: &str, words: &[&str]) -> Option<i64> {
    words.iter().map(|word| score_word(text, word)).sum::<Option<i64>>()
}

fn score_word(text: &str, word: &str) -> Option<i64> {
    if let Some(at) = text.find(word) {
        let starts = at == 0 || text.get(..at).is_some_and(|before| before.ends_with(is_gap));
        let length = i64::try_from(word.chars().count()).unwrap_or_default();
        let near = 20_i64.saturating_sub(i64::try_from(at).unwrap_or(i64::MAX)).max(0);
        return Some(length * 10 + if starts { 100 } else { 50 } + near);
    }
    let mut wanted = word.chars().peekable();
    let mut score = 0;
    let (mut before, mut in_row) = (' ', false);
    for character in text.chars() {
        let fits = wanted.next_if_eq(&character).is_some();
        if fits {
            score += if in_row { 5 } else { 1 } + if is_gap(before) { 4 } else { 0 };
        }
        in_row = fits;
        before = character;
    }
    wanted.peek().is_none().then_some(score)
}

fn is_gap(character: char) -> bool {
    !character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::app::testing::{Desk, World};

    #[rstest]
    #[case::whole("globex", &["globex"], true)]
    #[case::letters_in_order("open the organizations", &["oorg"], true)]
    #[case::letters_in_another_order("globex", &["xg"], false)]
    #[case::every_word("remove this manager", &["rem", "man"], true)]
    #[case::one_word_missing("remove this manager", &["rem", "org"], false)]
    #[case::nothing_typed("globex", &[], true)]
    fn finds(#[case] text: &str, #[case] words: &[&str], #[case] found: bool) {
        assert_eq!(score(text, words).is_some(), found);
    }

    #[rstest]
    #[case::beginning_before_middle("globex", "our globex", "globex")]
    #[case::start_of_a_word_before_within("deploy bot", "robots", "bot")]
    #[case::together_before_scattered("gina glob", "go left of b", "glob")]
    #[case::starts_of_words_before_others("add manager", "alarm", "am")]
    fn the_better_one_comes_first(#[case] better: &str, #[case] worse: &str, #[case] word: &str) {
        assert!(score(better, &[word]) > score(worse, &[word]));
    }

    fn names(desk: &Desk) -> Vec<String> {
        let palette = desk.app.palette().expect("the palette");
        (0..palette.count()).filter_map(|at| palette.entry(at)).map(|entry| entry.name.clone()).collect()
    }

    #[test]
    fn enter_goes_to_what_was_seen_before() {
        let mut desk = Desk::signed_in(World::new());
        desk.press("o").answer().press(":").type_text("umbr");
        assert_eq!(names(&desk).first().map(String::as_str), Some("Umbrella"));
        desk.press("enter").answer();
        assert_eq!(desk.crumbs(), "Instance › Umbrella");
    }

    #[test]
    fn enter_does_an_action_of_the_screen_below() {
        let mut desk = Desk::signed_in(World::new());
        desk.press("o").answer().press(":").type_text("copy id").press("enter");
        assert!(desk.said().starts_with("Copied"), "{}", desk.said());
    }

    #[rstest]
    #[case("administrators")]
    #[case("admins")]
    #[case("members")]
    fn managers_are_found_by_their_other_names(#[case] word: &str) {
        let mut desk = Desk::signed_in(World::new());
        desk.press(":").type_text(word);
        assert!(names(&desk).iter().any(|name| name == "Open all managers"), "{:?}", names(&desk));
    }

    #[test]
    fn escape_closes_it_and_nothing_of_another_instance_is_found() {
        let mut desk = Desk::signed_in(World::new());
        desk.press("o").answer().press(": esc");
        assert!(desk.app.palette().is_none());
        desk.press("g h").press("s").answer().press("enter").answer().press(":").type_text("umbrella");
        assert!(!names(&desk).contains(&"Umbrella".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_is_part_of_a_text_is_found(text in "\\PC{0,20}", from in 0..20_usize, length in 0..10_usize) {
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(score(&text, &[&part]).is_some());
        }
    }
}
