//! Replays the recorded exchanges of three real servers, in order, against the demo instance over real HTTP and
//! compares status, content type and body. `tests/recordings/not-imitated.toml` names the exchanges that may differ;
//! each of them must exist and must really differ, and they may be at most a tenth of a recording.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by failing")]

mod assertion;
mod compare;
mod http;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use zitui::demo::{Demo, Options, UserState, Version, World};

use self::assertion::Key;
use self::compare::Comparison;
use self::http::{Connection, Response};

/// The service user that existed only for a few recorded exchanges about deactivated, locked and deleted users.
const TEMPORARY: &str = "temporary";

const FULL_SCOPE: &str = "openid profile email urn:zitadel:iam:org:project:id:zitadel:aud";

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One demo instance with the connection to it and the credentials of every sender.
struct Stage {
    demo: Demo,
    connection: Connection,
    comparison: Comparison,
    tokens: HashMap<String, String>,
}

impl Stage {
    fn start(version: Version, world: &str) -> Self {
        let options = Options {
            version,
            world: World::from_json(world).unwrap(),
            list_delay: Duration::ZERO,
            ..Options::default()
        };
        let demo = Demo::start(options).unwrap();
        let connection = Connection::new(demo.url());
        let comparison = Comparison::new(world, demo.url());
        let tokens = demo.pats().iter().map(|(login, pat)| (login.clone(), pat.clone())).collect();
        Self { demo, connection, comparison, tokens }
    }

    /// The recorder made a user by hand, deactivated, locked and removed it.
    fn add_temporary_user(&mut self) {
        let (organization, id) = ("100000000000000002", "200000000000000017");
        let token = self.demo.add_service_user(organization, id, TEMPORARY, "Temporary").unwrap();
        self.tokens.insert(TEMPORARY.to_owned(), token);
    }

    /// Exchanges an assertion of `login` for a token with `scope`.
    fn sign_in(&mut self, login: &str, scope: &str) -> String {
        let key = Key::read(&self.demo.issue_key(login).unwrap());
        let assertion = key.assertion("<valid>", self.demo.url(), "");
        let form = json!({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "scope": scope, "assertion": assertion});
        let response = self.send(&json!({"method": "POST", "path": "/oauth/v2/token", "form": form}), &[]);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        body["access_token"].as_str().unwrap_or_else(|| panic!("no token for {login}: {body}")).to_owned()
    }

    fn send(&mut self, request: &Value, headers: &[(String, String)]) -> Response {
        let mut headers = headers.to_vec();
        for (name, value) in request["headers"].as_object().into_iter().flatten() {
            headers.push((name.clone(), value.as_str().unwrap().to_owned()));
        }
        if let Some(organization) = request["x-zitadel-orgid"].as_str() {
            headers.push(("x-zitadel-orgid".to_owned(), organization.to_owned()));
        }
        let mut body = Vec::new();
        if let Some(form) = request["form"].as_object() {
            headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
            let fields = form.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish()
                .into_bytes();
        } else if let Some(text) = request["body"].as_str() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            body = text.as_bytes().to_vec();
        }
        let (method, path) = (request["method"].as_str().unwrap(), request["path"].as_str().unwrap());
        self.connection
            .send(method, path, &headers, &body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Sends one recorded request and returns how the answer differs from the recorded one.
    fn replay(&mut self, exchange: &Value) -> Vec<String> {
        let name = exchange["name"].as_str().unwrap();
        let mut request = exchange["request"].clone();
        if let Some(description) = request["form"]["assertion"].as_str() {
            request["form"]["assertion"] = json!(self.assertion(name, description));
        }
        let mut headers = Vec::new();
        if let Some(sender) = exchange["as"].as_str() {
            let token = match sender {
                "garbage" => "garbage".to_owned(),
                "no-audience" => self.sign_in("zitui", "openid"),
                // Recorded with a token from a key; a PAT would add the claims about the own organization.
                "zitui" if name == "auth/userinfo" => self.sign_in("zitui", FULL_SCOPE),
                login => self.tokens.get(login).unwrap_or_else(|| panic!("no PAT of {login}")).clone(),
            };
            headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        }
        if name.ends_with("-german") {
            headers.push(("Accept-Language".to_owned(), "de".to_owned()));
        }
        if request["path"].as_str().unwrap().starts_with("/zitadel.")
            && !name.ends_with("/without-connect-header")
        {
            headers.push(("Connect-Protocol-Version".to_owned(), "1".to_owned()));
        }
        let response = self.send(&request, &headers);
        self.compare(exchange, &response)
    }

    fn assertion(&mut self, name: &str, description: &str) -> String {
        let login = match name {
            "auth/token-no-roles-user" => "nobody",
            "auth/token-inactive-user" | "auth/token-locked-user" | "auth/token-deleted-user" => TEMPORARY,
            _ => "zitui",
        };
        let key = Key::read(&self.demo.issue_key(login).unwrap());
        let other_user = "200000000000000012";
        let assertion = key.assertion(description, self.demo.url(), other_user);
        let state = match name {
            "auth/token-inactive-user" => Some(UserState::Inactive),
            "auth/token-locked-user" => Some(UserState::Locked),
            "auth/token-deleted-user" => Some(UserState::Removed),
            _ => None,
        };
        if let Some(state) = state {
            self.demo.set_user_state(login, state);
        }
        if description == "<key removed>" {
            self.demo.remove_key(&key.id);
        }
        assertion
    }

    fn compare(&mut self, exchange: &Value, response: &Response) -> Vec<String> {
        let recorded = &exchange["response"];
        let mut found = Vec::new();
        if recorded["status"] != json!(response.status) {
            found.push(format!("status: recorded {}, served {}", recorded["status"], response.status));
        }
        let content_type = response.header("content-type");
        if recorded["content_type"].as_str() != content_type {
            found.push(format!(
                "content type: recorded {}, served {content_type:?}",
                recorded["content_type"]
            ));
        }
        let challenge = recorded["headers"]["Www-Authenticate"].as_str();
        if challenge.is_some() && challenge != response.header("www-authenticate") {
            found.push(format!(
                "challenge: recorded {challenge:?}, served {:?}",
                response.header("www-authenticate")
            ));
        }
        let body =
            serde_json::from_slice(&response.body).unwrap_or_else(|_| match response.body.as_slice() {
                [] => Value::Null,
                text => json!(String::from_utf8_lossy(text)),
            });
        let sorted = is_sorted(&exchange["request"]);
        found.extend(self.comparison.differences(&recorded["body"], &body, sorted));
        found
    }
}

/// One line of a recording, with the body of the request as the text that was sent.
fn exchange(line: &str) -> Value {
    let mut exchange: Value = serde_json::from_str(line).unwrap();
    if exchange["request"]["body"].is_object() {
        let (_, body) = line.split_once("\"body\":").unwrap();
        exchange["request"]["body"] = json!(as_sent(body));
    }
    exchange
}

/// The JSON object at the start of `text` with the blanks that the recorder sent: one after each comma and colon. The
/// recordings leave them out, but refusals name columns (`users/v2-two-keys-in-query`).
fn as_sent(text: &str) -> String {
    let (mut sent, mut depth, mut in_text, mut escaped) = (String::new(), 0, false, false);
    for letter in text.chars() {
        sent.push(letter);
        match letter {
            '"' if !escaped => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            ',' | ':' if !in_text => sent.push(' '),
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        if depth == 0 {
            break;
        }
    }
    sent
}

/// Whether the request asks for an order, or the list always has one (events and changes: newest first).
fn is_sorted(request: &Value) -> bool {
    let path = request["path"].as_str().unwrap_or_default();
    request["body"].as_str().is_some_and(|body| body.contains("\"sortingColumn\""))
        || path.contains("/events/")
        || path.contains("/changes/")
}

/// The exchanges of `version` that may differ.
fn not_imitated(version: &str) -> Vec<String> {
    let list: toml::Table = read("not-imitated.toml").parse().unwrap();
    let entries = list.get("exchange").and_then(toml::Value::as_array).into_iter().flatten();
    let text = |entry: &toml::Value, key: &str| {
        let text = entry.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        assert!(!text.is_empty(), "not-imitated.toml: {entry} has no {key}");
        text.to_owned()
    };
    entries
        .filter(|entry| !text(entry, "reason").is_empty() && text(entry, "version") == version)
        .map(|entry| text(entry, "name"))
        .collect()
}

fn replay(version: &str) {
    let skipped = not_imitated(version);
    let world = read("world.json");
    let number: Version = version.parse().unwrap();
    let mut stage = Stage::start(number, &world);
    let recording = read(&format!("v{version}.jsonl"));
    let exchanges: Vec<Value> = recording.lines().map(exchange).collect();

    let mut mismatches: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rotten = Vec::new();
    for exchange in &exchanges {
        let name = exchange["name"].as_str().unwrap();
        if exchange["as"] == TEMPORARY && !stage.tokens.contains_key(TEMPORARY) {
            stage.add_temporary_user();
        }
        let found = stage.replay(exchange);
        let may_differ = skipped.iter().any(|skipped| skipped == name);
        if may_differ && found.is_empty() {
            rotten.push(name);
        } else if !may_differ && !found.is_empty() {
            let group = name.split('/').next().unwrap_or_default().to_owned();
            mismatches.entry(group).or_default().push(report(exchange, &found));
        }
    }

    assert!(exchanges.len() > 500, "the recording of {version} is not whole");
    for name in &skipped {
        assert!(
            exchanges.iter().any(|exchange| exchange["name"] == json!(name)),
            "{version} has no exchange {name}"
        );
    }
    assert_eq!(rotten, Vec::<&str>::new(), "these are imitated: remove them from not-imitated.toml");
    assert!(skipped.len() * 10 <= exchanges.len(), "too many exchanges of {version} are not imitated");
    let mut text = String::new();
    for (group, reports) in &mismatches {
        write!(text, "\n== {version} {group}: {} differ\n{}", reports.len(), reports.join("")).unwrap();
    }
    assert!(mismatches.is_empty(), "{text}");
}

fn report(exchange: &Value, found: &[String]) -> String {
    let request = &exchange["request"];
    let mut text = format!("-- {} ({} {})\n", exchange["name"], request["method"], request["path"]);
    for line in found.iter().take(6) {
        writeln!(text, "   {line}").unwrap();
    }
    if found.len() > 6 {
        writeln!(text, "   … {} more", found.len() - 6).unwrap();
    }
    text
}

#[test]
fn version_2_68_answers_as_recorded() {
    replay("2.68");
}

#[test]
fn version_4_3_answers_as_recorded() {
    replay("4.3");
}

#[test]
fn version_4_15_answers_as_recorded() {
    replay("4.15");
}
