//! Users, resources and roles from a file: CSV with titles, or JSON lines. docs/changes.md describes both for people.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::super::csv_line::unguarded;
use super::intent::{Action, Intent};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::resolve::ResourceName;

/// What a line may say. The first of each group that is filled in counts, ids before names.
const USER: &[&str] = &["user_id", "user", "login_name"];
const ROLES: &[&str] = &["roles", "role"];
const ORGANIZATION: &[&str] = &["organization_id", "organization", "org"];
const PROJECT: &[&str] = &["project_id", "project"];
const GRANT: &[&str] = &["grant_id", "grant"];
const RESOURCE: &[&str] = &["resource_id", "resource"];
const LEVEL: &str = "level";
/// What lists of managers hold besides; not needed here.
const PASSED_OVER: &[&str] = &[
    "name",
    "kind",
    "since",
    "changed",
    "created",
    "email",
    "user_organization_id",
    "granted_organization_id",
    "zitui",
];

type Fields = BTreeMap<String, String>;

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// `Usage` for a file that cannot be read, with the line where one is wrong.
pub(super) fn read(action: Action, path: &Path) -> Result<Vec<Intent>, Problem> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| wrong(path, None, &error.to_string(), "name a text file, or - for standard input"))?;
    let intents = parse(&text).and_then(|lines| {
        lines
            .into_iter()
            .map(|(line, fields)| intent(action, line, &fields).map_err(|why| (line, why)))
            .collect::<Result<Vec<Intent>, _>>()
    });
    match intents {
        Ok(intents) if intents.is_empty() => Err(wrong(path, None, "it holds no change", HINT)),
        Ok(intents) => Ok(intents),
        Err((line, why)) => Err(wrong(path, Some(line), &why, HINT)),
    }
}

const HINT: &str = "see `zitui managers add --help` for an example";

fn wrong(path: &Path, line: Option<u64>, why: &str, fix: &str) -> Problem {
    let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
    let what = format!("Cannot use {}{line}", path.display());
    Problem::new(ProblemKind::Usage, what, why.to_owned(), fix)
}

type Mistake = (u64, String);

fn parse(text: &str) -> Result<Vec<(u64, Fields)>, Mistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') { json_lines(text) } else { csv_lines(text) }
}

fn csv_lines(text: &str) -> Result<Vec<(u64, Fields)>, Mistake> {
    let titles = text.lines().next().unwrap_or_default();
    // Spreadsheets of half of Europe write semicolons.
    let delimiter = if titles.contains(';') && !titles.contains(',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mistake = |error: csv::Error| (error.position().map_or(1, csv::Position::line), error.to_string());
    let titles: Vec<String> = reader
        .headers()
        .map_err(mistake)?
        .iter()
        .map(|title| title.to_lowercase().replace(' ', "_"))
        .collect();
    for title in &titles {
        known(title).map_err(|why| (1, why))?;
    }
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(mistake)?;
        let cells = titles.iter().cloned().zip(record.iter().map(|cell| unguarded(cell).to_owned()));
        let fields: Fields = cells.filter(|(_, cell)| !cell.is_empty()).collect();
        if !fields.is_empty() {
            lines.push((record.position().map_or(0, |position| line_of(position, text)), fields));
        }
    }
    Ok(lines)
}

/// The line on which a record starts. The reader's position stands before the empty lines that it passes over.
fn line_of(position: &csv::Position, text: &str) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + u64::try_from(empty.filter(|byte| **byte == b'\n').count()).unwrap_or(0)
}

fn json_lines(text: &str) -> Result<Vec<(u64, Fields)>, Mistake> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let object: serde_json::Map<String, Value> =
            serde_json::from_str(line).map_err(|error| (number, error.to_string()))?;
        let mut fields = Fields::new();
        for (name, value) in &object {
            flatten(name, value, &mut fields).map_err(|why| (number, why))?;
        }
        lines.push((number, fields));
    }
    Ok(lines)
}

/// Takes a field; `user` and `resource` may be objects as the lists of managers print them.
fn flatten(name: &str, value: &Value, fields: &mut Fields) -> Result<(), String> {
    match (name, value) {
        (_, Value::Null) | ("kind", _) | ("zitui", Value::Number(_)) => {}
        ("user", Value::Object(user)) => {
            for (field, title) in [("id", "user_id"), ("login_name", "login_name")] {
                if let Some(text) = user.get(field).and_then(Value::as_str) {
                    insert(title, text, fields);
                }
            }
        }
        ("resource", Value::Object(resource)) => {
            for (field, value) in resource {
                let title = match field.as_str() {
                    "id" => "resource_id",
                    "name" => "resource",
                    "organization_name" => "organization",
                    other => other,
                };
                known(title)?;
                if let Some(text) = value.as_str() {
                    insert(title, text, fields);
                }
            }
        }
        ("roles" | "role", Value::Array(roles)) => {
            let roles: Option<Vec<&str>> = roles.iter().map(Value::as_str).collect();
            let roles = roles.ok_or_else(|| format!("{name} must be a list of texts"))?;
            insert(name, &roles.join(" "), fields);
        }
        (_, Value::String(text)) => {
            known(name)?;
            insert(name, text, fields);
        }
        _ => {
            known(name)?;
            return Err(format!("{name} must be a text"));
        }
    }
    Ok(())
}

fn insert(title: &str, text: &str, fields: &mut Fields) {
    if !text.trim().is_empty() {
        fields.insert(title.to_owned(), text.trim().to_owned());
    }
}

fn known(title: &str) -> Result<(), String> {
    let titles = [USER, ROLES, ORGANIZATION, PROJECT, GRANT, RESOURCE, &[LEVEL], PASSED_OVER];
    if titles.iter().any(|titles| titles.contains(&title)) {
        return Ok(());
    }
    let meant = did_you_mean(title, titles.into_iter().flatten().copied());
    let meant = meant.unwrap_or_else(|| {
        "there are user, roles, level, organization, project, grant and resource".to_owned()
    });
    Err(format!("there is no column {title}; {meant}"))
}

fn first<'a>(fields: &'a Fields, titles: &[&str]) -> Option<&'a String> {
    titles.iter().find_map(|title| fields.get(*title))
}

fn intent(action: Action, line: u64, fields: &Fields) -> Result<Intent, String> {
    let user = first(fields, USER).ok_or("no user")?.clone();
    let roles = first(fields, ROLES).map(String::as_str).unwrap_or_default();
    let separators = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|');
    let roles: Vec<String> =
        roles.split(separators).filter(|role| !role.is_empty()).map(str::to_owned).collect();
    if roles.is_empty() && action != Action::Remove {
        return Err("no roles".to_owned());
    }
    Ok(Intent { line: Some(line), user, resource: resource(fields)?, roles })
}

fn resource(fields: &Fields) -> Result<ResourceName, String> {
    let organization = first(fields, ORGANIZATION).cloned();
    let project = first(fields, PROJECT).cloned();
    let grant = first(fields, GRANT).cloned();
    let named = first(fields, RESOURCE).cloned();
    let nameless = |level: &str| format!("the level is {level}, but it has no name");
    let Some(level) = fields.get(LEVEL).map(|level| level.to_lowercase().replace(['_', '-'], " ")) else {
        return ResourceName::new(organization, project, grant).ok_or_else(|| {
            "no resource: fill in organization, project or grant, or level instance".to_owned()
        });
    };
    match level.as_str() {
        "instance" => Ok(ResourceName::Instance),
        "organization" | "org" => {
            organization.or(named).map(ResourceName::Organization).ok_or_else(|| nameless("organization"))
        }
        "project" => {
            let project = project.or(named).ok_or_else(|| nameless("project"))?;
            Ok(ResourceName::Project { project, organization })
        }
        "project grant" | "grant" => {
            let grant = grant.or(named).ok_or_else(|| nameless("project grant"))?;
            Ok(ResourceName::Grant { grant, project, organization })
        }
        other => {
            let levels = ["instance", "organization", "project", "project grant"];
            let meant = did_you_mean(other, levels);
            Err(format!(
                "there is no level {other}; {}",
                meant.unwrap_or_else(|| format!("there are {}", levels.join(", ")))
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn one(action: Action, text: &str) -> Result<Intent, String> {
        let lines = parse(text).map_err(|(line, why)| format!("line {line}: {why}"))?;
        let (line, fields) = lines.first().ok_or("no line")?;
        intent(action, *line, fields)
    }

    fn globex() -> ResourceName {
        ResourceName::Organization("Globex".to_owned())
    }

    fn portal() -> ResourceName {
        ResourceName::Project { project: "Portal".to_owned(), organization: Some("Globex".to_owned()) }
    }

    #[rstest]
    #[case::csv("user,organization,roles\nalice,Globex,A B\n", globex())]
    #[case::semicolons("user;org;roles\nalice;Globex;A,B\n", globex())]
    #[case::quoted("user,org,roles\nalice,Globex,\"A, B\"\n", globex())]
    #[case::by_level("\u{feff}User,Level,Resource,Roles\nalice,organization,Globex,A|B\n", globex())]
    #[case::project("user,organization,project,grant,roles\nalice,Globex,Portal,,A B\n", portal())]
    #[case::instance("user,level,roles\nalice,instance,A B\n", ResourceName::Instance)]
    #[case::json(r#"{"user":"alice","organization":"Globex","roles":["A","B"]}"#, globex())]
    #[case::a_listed_row(
        r#"{"zitui":1,"kind":"managers","user":{"id":"alice","email":null},"roles":["A","B"],
           "resource":{"level":"organization","id":"Globex","name":"x","organization_id":"Globex"}}"#,
        globex()
    )]
    fn lines_are_read_in_every_form(#[case] text: &str, #[case] resource: ResourceName) {
        let text = text.replace("\n           ", "");
        let found = one(Action::Add, &text).expect("understood");
        assert_eq!(found.user, "alice");
        assert_eq!(found.roles, ["A", "B"]);
        assert_eq!(found.resource, resource);
    }

    #[rstest]
    #[case::title("usr,org,roles\na,b,c\n", "line 1: there is no column usr; did you mean user?")]
    #[case::field(
        "{\"user\":\"a\"}\n{\"rolls\":\"x\"}",
        "line 2: there is no column rolls; did you mean roles"
    )]
    #[case::no_json("{\"user\":\"a\"\n", "line 1: EOF")]
    #[case::no_user("org,roles\nb,c\n", "no user")]
    #[case::no_roles("user,org\na,b\n", "no roles")]
    #[case::no_resource("user,roles\na,b\n", "no resource")]
    #[case::level("user,level,roles\na,projct,b\n", "did you mean project?")]
    #[case::torn("user,org,roles\na,b,c\na,b\n", "line 3")]
    fn what_is_wrong_is_told_with_its_line(#[case] text: &str, #[case] expected: &str) {
        let why = one(Action::Add, text).expect_err("refused");
        assert!(why.contains(expected), "{why}");
    }

    #[test]
    fn a_removal_needs_no_roles_and_lines_keep_their_numbers() {
        let lines = parse("user,org\n\nalice,Globex\n,\nbob,Globex\n").expect("understood");
        let numbers: Vec<u64> = lines.iter().map(|(line, _)| *line).collect();
        assert_eq!(numbers, [3, 5]);
        assert_eq!(one(Action::Remove, "user,org\nalice,Globex\n").expect("understood").roles.len(), 0);
    }
}
