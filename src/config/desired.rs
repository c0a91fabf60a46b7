//! Desired managers from TOML or JSON, walked key by key so that every complaint names line and column; and written
//! again. docs/desired.md describes the file for people.

mod tree;

use std::collections::HashMap;
use std::path::Path;

use self::tree::{Node, Value};
use super::source::Source;
use crate::domain::desired::{Desired, DesiredManager, DesiredResource};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

const FILE: &[&str] = &["version", "resources"];
const RESOURCE: &[&str] = &["instance", "organization", "project", "grant", "exclusive", "managers", "name"];
const MANAGER: &[&str] = &["user", "roles", "name"];
/// The version of the file; raised when an old reader would do something else with it.
const VERSION: &str = "1";
const HINT: &str = "see docs/desired.md for an example";

/// Understands the text of the file at `path`.
///
/// # Errors
/// `Usage`, with file, line and column.
pub fn parse(path: &Path, text: &str) -> Result<Desired, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line_ends = text.match_indices('\n').map(|(end, _)| end).collect();
    let file = File { source: Source { path, text, what: "the desired state" }, line_ends };
    let root = tree::parse(text).map_err(|(place, why)| {
        file.complaint(place, &why, "correct this line; the file is TOML, or JSON where it starts with {")
    })?;
    file.desired(&root)
}

/// The keys of one table.
type Entries<'a> = &'a [(String, usize, Node)];

struct File<'a> {
    source: Source<'a>,
    /// Where lines end: each of many thousand managers is asked for its line.
    line_ends: Vec<usize>,
}

impl File<'_> {
    fn complaint(&self, place: usize, why: &str, fix: &str) -> Problem {
        self.source.complaint(place..place, why, fix)
    }

    fn line(&self, place: usize) -> u64 {
        let before = self.line_ends.partition_point(|end| *end < place);
        u64::try_from(before + 1).unwrap_or_default()
    }

    fn desired(&self, root: &Node) -> Result<Desired, Problem> {
        let entries = self.table(root, "the file", FILE)?;
        match find(entries, "version") {
            None => return Err(self.complaint(0, "it does not name its version", "write version = 1")),
            Some(Node { value: Value::Number(number), .. }) if number == VERSION => {}
            Some(node) => {
                let why = format!("its version is not {VERSION}, the only one that this zitui knows");
                return Err(self.complaint(node.place, &why, "use a newer zitui, or write version = 1"));
            }
        }
        let Some(listed) = find(entries, "resources") else {
            return Err(self.complaint(0, "it names no resources", HINT));
        };
        let mut resources: Vec<DesiredResource> = Vec::new();
        let mut lines = HashMap::new();
        for node in self.list(listed, "resources")? {
            let resource = self.resource(node)?;
            if let Some(line) = lines.insert(names(&resource), resource.line) {
                let why = format!("this resource is named in line {line} already");
                return Err(self.complaint(node.place, &why, "list all its managers in one place"));
            }
            resources.push(resource);
        }
        if resources.is_empty() {
            return Err(self.complaint(listed.place, "it names no resources", HINT));
        }
        Ok(Desired { resources })
    }

    fn resource(&self, node: &Node) -> Result<DesiredResource, Problem> {
        let entries = self.table(node, "a resource", RESOURCE)?;
        let truth = |key| find(entries, key).map_or(Ok(false), |node| self.truth(node, key));
        let text = |key| find(entries, key).map(|node| self.text(node, key)).transpose();
        let resource = DesiredResource {
            line: self.line(node.place),
            instance: truth("instance")?,
            organization: text("organization")?,
            project: text("project")?,
            grant: text("grant")?,
            exclusive: truth("exclusive")?,
            managers: Vec::new(),
            name: SafeText::new(&text("name")?.unwrap_or_default()),
        };
        let below = [&resource.organization, &resource.project, &resource.grant];
        let named = below.into_iter().any(Option::is_some);
        if resource.instance == named {
            let why = if named {
                "the instance has no organization, project or grant"
            } else {
                "no resource is named"
            };
            let fix = "write one of instance = true, organization, project and grant";
            return Err(self.complaint(node.place, why, fix));
        }
        let managers = match find(entries, "managers") {
            Some(listed) => self.managers(listed)?,
            None if resource.exclusive => {
                let fix = "write managers = [] if nobody shall manage it";
                return Err(self.complaint(node.place, "it is exclusive, but lists no managers", fix));
            }
            None => return Err(self.complaint(node.place, "it lists no managers", HINT)),
        };
        Ok(DesiredResource { managers, ..resource })
    }

    fn managers(&self, listed: &Node) -> Result<Vec<DesiredManager>, Problem> {
        let mut managers: Vec<DesiredManager> = Vec::new();
        for node in self.list(listed, "managers")? {
            let manager = self.manager(node)?;
            if let Some(twice) = managers.iter().find(|known| known.user == manager.user) {
                let why = format!("{} is listed in line {} already", manager.user, twice.line);
                return Err(self.complaint(node.place, &why, "name each user once for each resource"));
            }
            managers.push(manager);
        }
        Ok(managers)
    }

    fn manager(&self, node: &Node) -> Result<DesiredManager, Problem> {
        let entries = self.table(node, "a manager", MANAGER)?;
        let user =
            find(entries, "user").ok_or_else(|| self.complaint(node.place, "no user is named", HINT))?;
        let listed = find(entries, "roles").ok_or_else(|| {
            self.complaint(node.place, "no roles are listed", "write roles = [\"…\"], as in [\"ORG_OWNER\"]")
        })?;
        let roles = self.list(listed, "roles")?.iter().map(|role| self.text(role, "a role"));
        let roles: Vec<String> = roles.collect::<Result<_, _>>()?;
        if roles.is_empty() {
            let fix =
                "name at least one; leave out the manager, in a resource with exclusive = true, to remove it";
            return Err(self.complaint(listed.place, "a manager without roles", fix));
        }
        let name = find(entries, "name").map(|node| self.text(node, "name")).transpose()?;
        Ok(DesiredManager {
            line: self.line(node.place),
            user: self.text(user, "user")?,
            roles,
            name: SafeText::new(&name.unwrap_or_default()),
        })
    }

    fn table<'n>(&self, node: &'n Node, what: &str, known: &[&str]) -> Result<Entries<'n>, Problem> {
        let Value::Table(entries) = &node.value else {
            return Err(self.complaint(node.place, &format!("{what} must be a table"), HINT));
        };
        if let Some((name, place, _)) = entries.iter().find(|(name, ..)| !known.contains(&name.as_str())) {
            let fix = did_you_mean(name, known.iter().copied())
                .unwrap_or_else(|| format!("known here are {}", known.join(", ")));
            return Err(self.complaint(*place, &format!("unknown key {name} in {what}"), &fix));
        }
        Ok(entries)
    }

    fn list<'n>(&self, node: &'n Node, key: &str) -> Result<&'n [Node], Problem> {
        match &node.value {
            Value::List(items) => Ok(items),
            _ => Err(self.complaint(node.place, &format!("{key} must be a list"), HINT)),
        }
    }

    fn text(&self, node: &Node, key: &str) -> Result<String, Problem> {
        match &node.value {
            Value::Text(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            _ => Err(self.complaint(
                node.place,
                &format!("{key} must be a text that is not empty"),
                "write it in quotes",
            )),
        }
    }

    fn truth(&self, node: &Node, key: &str) -> Result<bool, Problem> {
        match node.value {
            Value::Truth(truth) => Ok(truth),
            _ => Err(self.complaint(
                node.place,
                &format!("{key} must be true or false"),
                "leave it out for false",
            )),
        }
    }
}

fn find<'n>(entries: Entries<'n>, key: &str) -> Option<&'n Node> {
    entries.iter().find(|(name, ..)| name == key).map(|(.., node)| node)
}

fn names(resource: &DesiredResource) -> [Option<String>; 3] {
    [resource.organization.clone(), resource.project.clone(), resource.grant.clone()]
}

/// Reads the file at `path`.
///
/// # Errors
/// `Usage`, with file, line and column wherever the file can be read.
pub fn read(path: &Path) -> Result<Desired, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let what = format!("Cannot read the desired state {}", path.display());
        Problem::new(ProblemKind::Usage, what, error.to_string(), "name a text file that you may read")
    })?;
    parse(path, &text)
}

/// The state as TOML, with names as comments.
pub fn toml(desired: &Desired) -> String {
    let mut lines = vec![format!("version = {VERSION}")];
    for resource in &desired.resources {
        lines.extend([String::new(), "[[resources]]".to_owned()]);
        lines.extend(comment(&resource.name));
        lines.extend(resource.instance.then(|| "instance = true".to_owned()));
        let places = [
            ("organization", &resource.organization),
            ("project", &resource.project),
            ("grant", &resource.grant),
        ];
        let named = places.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
        lines.extend(named.map(|(key, value)| format!("{key} = {}", quoted(value))));
        lines.push(format!("exclusive = {}", resource.exclusive));
        lines.push("managers = [".to_owned());
        for manager in &resource.managers {
            let roles: Vec<String> = manager.roles.iter().map(|role| quoted(role)).collect();
            let comment = comment(&manager.name).map(|name| format!("  {name}")).unwrap_or_default();
            let (user, roles) = (quoted(&manager.user), roles.join(", "));
            lines.push(format!("  {{ user = {user}, roles = [{roles}] }},{comment}"));
        }
        lines.push("]".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn name(name: &SafeText) -> Option<(String, serde_json::Value)> {
    (!name.as_str().trim().is_empty()).then(|| ("name".to_owned(), name.as_str().into()))
}

fn comment(name: &SafeText) -> Option<String> {
    (!name.is_empty()).then(|| format!("# {name}"))
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// The state as JSON, with names as fields.
pub fn json(desired: &Desired) -> String {
    let resources: Vec<serde_json::Value> = desired.resources.iter().map(resource_json).collect();
    format!("{:#}\n", serde_json::json!({"version": 1, "resources": resources}))
}

fn resource_json(resource: &DesiredResource) -> serde_json::Value {
    let manager = |manager: &DesiredManager| {
        let mut found = serde_json::json!({"user": manager.user, "roles": manager.roles});
        if let serde_json::Value::Object(fields) = &mut found {
            fields.extend(name(&manager.name));
        }
        found
    };
    let managers: Vec<serde_json::Value> = resource.managers.iter().map(manager).collect();
    let mut found = serde_json::json!({"exclusive": resource.exclusive, "managers": managers});
    if let serde_json::Value::Object(fields) = &mut found {
        let places = [
            ("organization", resource.organization.clone()),
            ("project", resource.project.clone()),
            ("grant", resource.grant.clone()),
        ];
        let named = places.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
        fields.extend(named.chain(name(&resource.name)));
        if resource.instance {
            fields.insert("instance".to_owned(), true.into());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const GOOD: &str = r#"
version = 1
[[resources]]
organization = "Globex"
exclusive = true
[[resources.managers]]
user = "deploy-bot"
roles = ["ORG_OWNER", "ORG_USER_MANAGER"]
[[resources]]
instance = true
managers = [{ user = "201", roles = ["IAM_OWNER"] }]
"#;
    const GOOD_JSON: &str = r#"{ "version": 1, "resources": [
  { "organization": "Globex", "exclusive": true,
    "managers": [{ "user": "deploy-bot", "roles": ["ORG_OWNER", "ORG_USER_MANAGER"] }] },
  { "instance": true, "managers": [{ "user": "201", "roles": ["IAM_OWNER"] }] } ] }"#;

    fn understood(text: &str) -> Result<Desired, Problem> {
        parse(Path::new("state.toml"), text)
    }

    fn without_lines(mut desired: Desired) -> Desired {
        for resource in &mut desired.resources {
            resource.line = 0;
            resource.managers.iter_mut().for_each(|manager| manager.line = 0);
        }
        desired
    }

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = understood(GOOD).expect("understood");
        assert_eq!(toml.resources.iter().map(|resource| resource.line).collect::<Vec<_>>(), [3, 9]);
        assert_eq!(toml.resources[0].managers[0].line, 6);
        let json = understood(GOOD_JSON).expect("understood");
        assert_eq!(json.resources[1].managers[0].line, 4);
        assert_eq!(without_lines(toml), without_lines(json));
    }

    #[rstest]
    #[case::version(("version = 1", "version = 2"), "line 2, column 11", "not 1")]
    #[case::key(("exclusive", "exklusive"), "line 5, column 1", "did you mean exclusive?")]
    #[case::manager_key(("roles = [\"ORG", "rolls = [\"ORG"), "line 8, column 1", "did you mean roles?")]
    #[case::no_list(("roles = [\"ORG_OWNER\", \"ORG_USER_MANAGER\"]", "roles = 1"), "line 8, column 9", "must be a list")]
    #[case::no_roles(("[\"ORG_OWNER\", \"ORG_USER_MANAGER\"]", "[]"), "line 8, column 9", "without roles")]
    #[case::no_user(("user = \"deploy-bot\"", ""), "line 6, column 1", "no user")]
    #[case::no_truth(("exclusive = true", "exclusive = 1"), "line 5, column 13", "true or false")]
    #[case::no_resource(("organization = \"Globex\"", ""), "line 3, column 1", "no resource is named")]
    #[case::two_places(("instance = true", "instance = true\nproject = \"P\""), "line 9, column 1", "the instance has no")]
    #[case::resource_twice(("instance = true", "organization = \"Globex\""), "line 9, column 1", "in line 3 already")]
    #[case::syntax(("version = 1", "version = "), "line 2", "the file is TOML")]
    #[case::user_twice(
        ("[{ user = \"201\",", "[{ user = \"201\", roles = [\"A\"] }, { user = \"201\","),
        "line 11, column 46",
        "in line 11 already"
    )]
    fn what_is_wrong_is_told_with_its_place(
        #[case] (from, to): (&str, &str),
        #[case] place: &str,
        #[case] told: &str,
    ) {
        assert!(GOOD.contains(from), "{from}");
        let problem = understood(&GOOD.replacen(from, to, 1)).expect_err("refused");
        assert!(problem.what.as_str().contains(place), "{problem}");
        assert!(problem.to_string().contains(told), "{problem}");
    }

    #[rstest]
    #[case::key("exclusive", "exklusive", "line 2, column 44", "did you mean exclusive?")]
    #[case::torn("] }", "", "line 4", "EOF")]
    #[case::comma("\"deploy-bot\",", "\"deploy-bot\"", "line 3, column 41", "expected")]
    #[case::null("true,", "null,", "line 2, column 44", "true or false")]
    fn json_is_told_with_its_place_as_well(
        #[case] from: &str,
        #[case] to: &str,
        #[case] place: &str,
        #[case] told: &str,
    ) {
        let text = match GOOD_JSON.rsplit_once(from).filter(|_| to.is_empty()) {
            Some((before, _)) => before.to_owned(),
            None => GOOD_JSON.replacen(from, to, 1),
        };
        let problem = understood(&text).expect_err("refused");
        assert!(problem.what.as_str().contains(place), "{problem}");
        assert!(problem.to_string().contains(told), "{problem}");
    }

    #[rstest]
    #[case::toml("```toml\n", 2)]
    #[case::json("```json\n", 1)]
    fn the_documented_examples_are_understood(#[case] fence: &str, #[case] resources: usize) {
        let document = include_str!("../../docs/desired.md");
        let example = document.split(fence).nth(1).and_then(|rest| rest.split("```").next());
        let desired = understood(example.expect("an example")).expect("a state");
        assert_eq!(desired.resources.len(), resources);
        assert!(desired.resources.iter().all(|resource| !resource.managers.is_empty()));
    }

    #[test]
    fn a_byte_order_mark_moves_nothing() {
        let problem = understood("\u{feff}version = 1\nresource = 1\n").expect_err("refused");
        assert!(problem.what.as_str().ends_with("line 2, column 1"), "{problem}");
    }

    prop_compose! {
        fn any_resource()(instance in any::<bool>(), organization in "\\PC{1,9}", project in proptest::option::of("[a-z\"'\\\\]{1,9}"),
            exclusive in any::<bool>(), users in proptest::collection::btree_set("[a-z0-9\"\\\\=\u{7f}]{1,9}", 0..4), name in "[a-z]{0,9}")
            -> DesiredResource {
            let manager = |user: String| DesiredManager { line: 0, user, roles: vec!["A".into(), "B\"".into()], name: name.as_str().into() };
            DesiredResource {
                line: 0,
                instance,
                organization: Some(organization).filter(|name| !instance && !name.trim().is_empty()),
                project: project.filter(|_| !instance),
                grant: None,
                exclusive,
                managers: users.into_iter().map(manager).collect(),
                name: name.as_str().into(),
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_understood_again(resource in any_resource()) {
            let somewhere = resource.instance || resource.organization.is_some() || resource.project.is_some();
            prop_assume!(somewhere);
            let trimmed = |name: &Option<String>| name.as_ref().is_none_or(|name| name.trim() == name);
            prop_assume!(trimmed(&resource.organization));
            let desired = Desired { resources: vec![resource] };
            let named = understood(&json(&desired)).expect("JSON");
            prop_assert_eq!(without_lines(named), desired.clone());
            let mut unnamed = desired.clone();
            unnamed.resources[0].name = SafeText::default();
            unnamed.resources[0].managers.iter_mut().for_each(|manager| manager.name = SafeText::default());
            prop_assert_eq!(without_lines(understood(&toml(&desired)).expect("TOML")), unnamed);
        }
    }
}
