//! The file of findings that somebody accepted for a while. It belongs into version control, beside whatever runs the
//! review: who accepted what, why and until when is then reviewed and kept like everything else there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, Item, value};

use super::private_file;
use super::source::{Source, Table, Value, text_or_empty};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::acceptance::Acceptance;
use crate::domain::text::SafeText;

/// The file in the current folder that is used where nothing names another.
pub const DEFAULT_FILE: &str = "zitui-review.toml";

const LIST: &str = "accepted";
const KEYS: &[&str] = &["finding", "reason", "author", "until"];

/// The file to read: the one that a flag names, else that of the configuration, else [`DEFAULT_FILE`] where it exists.
pub fn to_read(flag: Option<&Path>, configured: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists());
    flag.or(configured).map(Path::to_owned).or_else(usual)
}

/// The file to add to: the same, and [`DEFAULT_FILE`] also where it does not exist yet.
pub fn to_extend(flag: Option<&Path>, configured: Option<&Path>) -> PathBuf {
    flag.or(configured).unwrap_or_else(|| Path::new(DEFAULT_FILE)).to_owned()
}

/// Reads the file.
///
/// # Errors
/// `Usage`, with line and column wherever the file can be read: an unknown key, one that lacks, a finding that is
/// accepted twice.
pub fn read(path: &Path) -> Result<Vec<Acceptance>, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(
            ProblemKind::Usage,
            format!("Cannot read the acceptances {}", path.display()),
            error.to_string(),
            "name a file that exists and that you may read, with --accepted or accepted in [review]",
        )
    })?;
    parse(path, &text)
}

/// Adds an acceptance at the end, below a comment that tells people what was found. One of the same finding is replaced
/// where it stands, and returned. Comments and the order of everything else stay; the file is written whole or not at
/// all, and made where it is missing.
///
/// # Errors
/// `Usage` for a file with a mistake or one that cannot be written; `Refused` where it was changed meanwhile.
pub fn add(path: &Path, acceptance: &Acceptance, comment: &str) -> Result<Option<Acceptance>, Problem> {
    let before = read_or_empty(path)?;
    let replaced = parse(path, &before)?.into_iter().find(|held| held.finding == acceptance.finding);
    let mut document: DocumentMut =
        before.parse().map_err(|error: toml_edit::TomlError| unwritable(path, error.message()))?;
    let list =
        document.as_table_mut().entry(LIST).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let list = list.as_array_of_tables_mut().ok_or_else(|| {
        unwritable(path, "accepted in it is written in a form that only an editor can extend")
    })?;
    if let Some(entry) = list.iter_mut().find(|entry| is_about(entry, &acceptance.finding)) {
        fill(entry, acceptance);
    } else {
        let mut entry = toml_edit::Table::new();
        fill(&mut entry, acceptance);
        list.push(entry);
        introduce(&mut document, comment);
    }
    let after = document.to_string();
    parse(path, &after)?;
    if read_or_empty(path)? != before {
        return Err(Problem::new(
            ProblemKind::Refused,
            format!("Cannot change the acceptances {}", path.display()),
            "somebody else changed the file meanwhile",
            "try again",
        ));
    }
    private_file::replace_shared(path, after.as_bytes())
        .map_err(|error| unwritable(path, &error.to_string()))?;
    Ok(replaced)
}

fn parse(path: &Path, text: &str) -> Result<Vec<Acceptance>, Problem> {
    let source = Source { what: "the acceptances", path, text };
    let document = source.parse(text)?;
    let root = Table::new(&source, "the file".to_owned(), document.get_ref());
    root.only(&[LIST])?;
    let mut known = HashSet::new();
    let mut acceptances = Vec::new();
    for (place, table) in root.list(LIST)? {
        table.only(KEYS)?;
        let lacking = |key: &str, example: &str| {
            let why = format!("[[accepted]] has no {key}");
            source.complaint(place.clone(), &why, &format!("add {key} = {example}"))
        };
        let text = |key, example| -> Result<Value<'_>, Problem> {
            table.text(key)?.ok_or_else(|| lacking(key, example))
        };
        let finding = text("finding", "\"…\", the key that the review shows")?;
        if !known.insert(finding.as_str()) {
            let why = format!("{} is accepted twice", finding.as_str());
            return Err(finding.complaint(&why, "keep one of the two"));
        }
        acceptances.push(Acceptance {
            finding: finding.as_str().into(),
            reason: text("reason", "\"…\": why it may stay")?.as_str().into(),
            author: text("author", "\"…\": who says so")?.as_str().into(),
            until: table
                .day("until")?
                .ok_or_else(|| lacking("until", "2027-01-31: the last day on which it counts"))?,
        });
    }
    Ok(acceptances)
}

/// Puts the comment above the last entry, and what stood at the end of the file above that: its writer would put it
/// behind the new entry.
fn introduce(document: &mut DocumentMut, comment: &str) {
    let above = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing("");
    let comment = SafeText::new(comment);
    let comment = if comment.is_empty() { String::new() } else { format!("# {comment}\n") };
    let is_first = document.iter().count() == 1
        && document.get(LIST).and_then(Item::as_array_of_tables).is_some_and(|list| list.len() == 1);
    let gap = if is_first && above.is_empty() { "" } else { "\n" };
    let list = document.get_mut(LIST).and_then(Item::as_array_of_tables_mut);
    if let Some(entry) = list.and_then(|list| list.iter_mut().last()) {
        entry.decor_mut().set_prefix(format!("{above}{gap}{comment}"));
    }
}

fn is_about(entry: &toml_edit::Table, finding: &SafeText) -> bool {
    let held = entry.get("finding").and_then(Item::as_str);
    held.is_some_and(|held| SafeText::new(held) == *finding)
}

/// Keeps the comments of what stands there.
fn fill(entry: &mut toml_edit::Table, acceptance: &Acceptance) {
    let Acceptance { finding, reason, author, until } = acceptance;
    for (key, text) in [("finding", finding), ("reason", reason), ("author", author)] {
        set(entry, key, text.as_str().into());
    }
    set(entry, "until", day(*until).into());
}

fn set(entry: &mut toml_edit::Table, key: &str, mut new: toml_edit::Value) {
    match entry.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            entry.insert(key, value(new));
        }
    }
}

fn day(day: Date) -> toml_edit::Datetime {
    let date = toml_edit::Date {
        year: day.year().unsigned_abs(),
        month: day.month().unsigned_abs(),
        day: day.day().unsigned_abs(),
    };
    toml_edit::Datetime { date: Some(date), time: None, offset: None }
}

fn read_or_empty(path: &Path) -> Result<String, Problem> {
    text_or_empty(path).map_err(|error| unwritable(path, &error.to_string()))
}

fn unwritable(path: &Path, why: &str) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot change the acceptances {}", path.display()),
        why,
        "correct the file, make it and its folder writable, or name another",
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const FILE: &str = "# ours\n\n[[accepted]] # the first\nfinding = \"ZR004/user/1\"\n\
                        reason = \"on leave\" # says Bo\nauthor = \"Ada\"\nuntil = 2027-01-31\n\n# last words\n";

    fn acceptance(finding: &str, reason: &str) -> Acceptance {
        let until = Date::new(2027, 6, 30).expect("a day");
        Acceptance { finding: finding.into(), reason: reason.into(), author: "Bo".into(), until }
    }

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(DEFAULT_FILE);
        std::fs::write(&path, text).expect("written");
        (folder, path)
    }

    #[test]
    fn reads_what_stands_there() {
        let (_folder, path) = file(FILE);
        let read = read(&path).expect("understood");
        let [only] = read.as_slice() else { panic!("one") };
        assert_eq!((only.finding.as_str(), only.reason.as_str()), ("ZR004/user/1", "on leave"));
        assert_eq!((only.author.as_str(), only.until.to_string()), ("Ada", "2027-01-31".to_owned()));
    }

    #[rstest]
    #[case::no_toml("[[accepted\n", "line 1, column 11", "", "TOML")]
    #[case::top("[[acepted]]\n", "line 1, column 3", "unknown key acepted", "did you mean accepted?")]
    #[case::no_list("accepted = 1\n", "line 1, column 12", "must be a table", "write [[accepted]]")]
    #[case::unknown(
        "[[accepted]]\nfindng = \"a\"\n",
        "line 2, column 1",
        "unknown key findng",
        "did you mean finding?"
    )]
    #[case::no_finding("[[accepted]]\nreason = \"a\"\n", "line 1, column 1", "has no finding", "add finding")]
    #[case::no_reason(
        "\n[[accepted]]\nfinding = \"a\"\n",
        "line 2, column 1",
        "has no reason",
        "why it may stay"
    )]
    #[case::empty_reason(
        "[[accepted]]\nfinding = \"a\"\nreason = \" \"\n",
        "line 3, column 10",
        "not empty",
        "reason"
    )]
    #[case::no_author(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\n",
        "line 1, column 1",
        "has no author",
        "who"
    )]
    #[case::no_end(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\n",
        "line 1, column 1",
        "has no until",
        "2027-01-31"
    )]
    #[case::text_for_a_day(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\nuntil = \"2027-01-31\"\n",
        "line 5, column 9",
        "must be a day",
        "without quotes"
    )]
    #[case::a_moment(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\nuntil = 2027-01-31T10:00:00Z\n",
        "line 5, column 9",
        "must be a day",
        "without quotes"
    )]
    #[case::no_such_day(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\nuntil = 2027-02-30\n",
        "line 5, column ",
        "",
        ""
    )]
    #[case::twice(
        "[[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\nuntil = 2027-01-31\n\
         [[accepted]]\nfinding = \"a\"\nreason = \"b\"\nauthor = \"c\"\nuntil = 2027-01-31\n",
        "line 7, column 11",
        "a is accepted twice",
        "keep one"
    )]
    fn complains_with_line_column_and_advice(
        #[case] text: &str,
        #[case] place: &str,
        #[case] why: &str,
        #[case] fix: &str,
    ) {
        let problem = parse(Path::new("ours.toml"), text).expect_err("must be refused");
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert!(problem.what.as_str().contains(&format!("the acceptances ours.toml, {place}")), "{problem}");
        assert!(problem.why.as_str().contains(why), "{problem}");
        assert!(problem.fix.as_str().contains(fix), "{problem}");
    }

    #[test]
    fn adding_keeps_every_line_in_its_order() {
        let (_folder, path) = file(FILE);
        let added = acceptance("ZR001/instance", "two\nlines = \"and more\"");
        assert_eq!(add(&path, &added, "ZR001: an owner\nfinding = 1").expect("added"), None);
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.starts_with(FILE), "{text}");
        assert!(text.contains("\n\n# ZR001: an owner"), "{text}");
        let read = read(&path).expect("understood");
        assert_eq!(read.len(), 2);
        assert_eq!(read.last(), Some(&added));
    }

    #[test]
    fn the_first_one_makes_the_file_and_more_stand_below_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.toml");
        let (first, second) = (acceptance("ZR001/instance", "a"), acceptance("ZR002/instance", "b"));
        add(&path, &first, "one").expect("made");
        add(&path, &second, "").expect("added");
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(
            text.starts_with("# one\n[[accepted]]\n") && text.contains("2027-06-30\n\n[[accepted]]"),
            "{text}"
        );
        assert_eq!(read(&path).expect("understood"), [first, second]);
    }

    #[test]
    fn the_same_finding_is_replaced_where_it_stands_and_its_comments_stay() {
        let (_folder, path) = file(FILE);
        let replaced = add(&path, &acceptance("ZR004/user/1", "still on leave"), "unused").expect("replaced");
        assert_eq!(replaced.expect("the old one").reason.as_str(), "on leave");
        let text = std::fs::read_to_string(&path).expect("read");
        let expected =
            FILE.replace("on leave", "still on leave").replace("Ada", "Bo").replace("01-31", "06-30");
        assert_eq!(text, expected);
    }

    #[rstest]
    #[case::with_a_mistake("[[accepted]]\nfinding = 1\n")]
    #[case::in_one_line(
        "accepted = [{ finding = \"a\", reason = \"b\", author = \"c\", until = 2027-01-31 }]\n"
    )]
    fn a_file_that_cannot_be_extended_is_left_alone(#[case] text: &str) {
        let (_folder, path) = file(text);
        let problem = add(&path, &acceptance("ZR001/instance", "a"), "").expect_err("refused");
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_still_read_it_afterwards() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = file(FILE);
        for mode in [0o644, 0o664] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
            add(&path, &acceptance("ZR001/instance", "a"), "").expect("added");
            assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, mode);
        }
    }

    #[test]
    fn a_flag_wins_over_the_configuration_and_that_over_the_usual_name() {
        let (flag, configured) = (Path::new("flag.toml"), Path::new("configured.toml"));
        assert_eq!(to_read(Some(flag), Some(configured)).as_deref(), Some(flag));
        assert_eq!(to_read(None, Some(configured)).as_deref(), Some(configured));
        assert_eq!(to_extend(None, None), Path::new(DEFAULT_FILE));
    }
}
