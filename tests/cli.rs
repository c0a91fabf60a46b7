//! The commands from outside: the program as a client of a demo instance, judged by its two streams, its exit code, and
//! by what the instance says over plain HTTP.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test says what broke by failing"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;
use zitui::demo::{Demo, Effect, Fault, Options, Version, World};

const WORLD: &str = include_str!("worlds/commands.json");

/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A demo instance and an empty home for the program.
struct Stage {
    demo: Demo,
    home: TempDir,
}

/// What a run of the program left behind.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }

    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self
    }

    #[track_caller]
    fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// The program with nothing in its environment but an empty home.
fn program(home: &TempDir) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("zitui"));
    command.env_clear().env("HOME", home.path()).stdin(Stdio::null());
    command
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn run_in(home: &TempDir, line: &str) -> Run {
    Run::of(program(home).args(line.split_whitespace()).output().expect("the program runs"))
}

impl Stage {
    fn new() -> Self {
        Self::of(Version::V4_15)
    }

    fn of(version: Version) -> Self {
        let world = World::from_json(WORLD).expect("a world");
        let options = Options { version, world, list_delay: Duration::ZERO, ..Options::default() };
        Self { demo: Demo::start(options).expect("a demo"), home: home() }
    }

    /// The program, signed in with the key file by environment.
    fn program(&self) -> std::process::Command {
        let mut command = program(&self.home);
        command.env("ZITUI_URL", self.demo.url()).env("ZITUI_KEY_FILE", self.demo.key_file());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.program().args(arguments).output().expect("the program runs"))
    }

    fn line(&self, line: &str) -> Run {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// The program, signed in as another service user.
    fn line_as(&self, login_name: &str, line: &str) -> Run {
        let mut command = program(&self.home);
        command.env("ZITUI_URL", self.demo.url()).env("ZITUI_TOKEN", self.token(login_name));
        Run::of(command.args(line.split_whitespace()).output().expect("the program runs"))
    }

    fn token(&self, login_name: &str) -> &str {
        self.demo.pats().get(login_name).map(String::as_str).expect("a token")
    }

    /// The roles that a user holds in an organization, asked over plain HTTP.
    fn roles(&self, organization: &str, user: &str) -> Vec<String> {
        let answer = self.ask(organization, "/management/v1/orgs/me/members/_search");
        let rows = answer.get("result").and_then(Value::as_array).cloned().unwrap_or_default();
        let row = rows.iter().find(|row| row.get("userId") == Some(&json!(user)));
        let roles = row.and_then(|row| row.get("roles")).and_then(Value::as_array);
        roles.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn ask(&self, organization: &str, path: &str) -> Value {
        let host = self.demo.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the demo listens");
        let token = self.token("zitui");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             x-zitadel-orgid: {organization}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
             Connection: close\r\n\r\n{{}}"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let body = answer.find('{').and_then(|start| Some((start, answer.rfind('}')?)));
        let (start, end) = body.unwrap_or_else(|| panic!("no JSON in {answer}"));
        serde_json::from_str(&answer[start..=end]).expect("JSON")
    }

    fn config(&self, text: &str) -> PathBuf {
        let path = self.home.path().join("config.toml");
        let text = text.replace("URL", self.demo.url());
        std::fs::write(&path, text.replace("KEY", &self.demo.key_file().display().to_string()))
            .expect("written");
        path
    }
}

const ADD: &str = "managers add --org Globex --user deploy-bot --role ORG_OWNER";

#[rstest]
#[case::table("orgs list")]
#[case::alias("organizations list --output table")]
fn organizations_are_listed_as_an_aligned_table(#[case] line: &str) {
    let run = Stage::new().line(line).exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{run:#?}");
    let id = lines[0].find("ID").expect("a column of ids");
    assert!(lines[0].starts_with("NAME"), "{run:#?}");
    let globex = lines.iter().find(|line| line.starts_with("Globex")).expect("Globex");
    assert_eq!(globex.find("102"), Some(id), "{run:#?}");
    assert_eq!(run.stderr, "");
}

#[test]
fn hostile_names_are_shown_harmlessly_in_both_formats() {
    let stage = Stage::new();
    for line in ["orgs list", "orgs list -o json", "managers list --org 105", "orgs list --search evil"] {
        let run = stage.line(line).exits(0);
        for stream in [&run.stdout, &run.stderr] {
            assert!(!stream.contains('\u{1b}') && !stream.contains('\u{202e}'), "{line}: {run:#?}");
        }
    }
}

#[test]
fn organizations_are_a_versioned_document() {
    let document = Stage::new().line("orgs list --search globex -o json").exits(0).json();
    assert_eq!(
        document,
        json!({ "zitui": 1, "kind": "organizations", "rows": [
            { "id": "102", "name": "Globex", "primary_domain": "globex.example", "state": "active" },
        ]})
    );
}

#[test]
fn an_empty_list_keeps_its_titles_and_says_so_aside() {
    Stage::new().line("orgs list --search nothing-like-this").exits(0).complains("no organization");
}

#[rstest]
fn whoami_tells_who_where_and_what(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let run = stage.line("whoami").exits(0);
    for text in ["zitui service", "IAM_OWNER", stage.demo.url(), &version.to_string()] {
        assert!(run.stdout.contains(text), "no {text} in {run:#?}");
    }
    let document = stage.line("whoami -o json").exits(0).json();
    assert_eq!(document["kind"], "identity");
    assert_eq!(document["identity"]["user_id"], "201");
    let memberships = document["identity"]["memberships"].as_array().expect("memberships");
    let roles: Vec<_> = memberships.iter().map(|own| (&own["level"], &own["roles"][0])).collect();
    let expected = [("instance", "IAM_OWNER"), ("organization", "ORG_OWNER")];
    assert_eq!(
        roles,
        expected.map(|(level, role)| (json!(level), json!(role))).each_ref().map(|(l, r)| (l, r))
    );
}

#[test]
fn managers_are_listed_under_every_name_of_the_command() {
    let stage = Stage::new();
    for command in ["managers", "administrators", "admins", "members"] {
        let run = stage.line(&format!("{command} list --org globex.example")).exits(0);
        assert!(run.stdout.contains("Alice Adams") && run.stdout.contains("2024-03-06"), "{run:#?}");
    }
    let document = stage.line("managers list --org 102 -o json").exits(0).json();
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(document["kind"], "managers");
    assert_eq!(rows.len(), 2);
    let alice = rows.iter().find(|row| row["user"]["id"] == "205").expect("Alice");
    assert_eq!(alice["roles"], json!(["ORG_OWNER"]));
    let resource = &alice["resource"];
    let shown = ["level", "id", "name", "organization_id"].map(|field| resource[field].as_str());
    assert_eq!(shown, ["organization", "102", "Globex", "102"].map(Some));
}

#[rstest]
fn adding_makes_a_manager_and_reads_it_back(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let run = stage.line(&format!("{ADD} --yes -o json")).exits(0);
    for text in ["Globex", "102", stage.demo.url(), "zitui service", "+ ORG_OWNER", "can make others manager"]
    {
        assert!(run.stderr.contains(text), "no {text} in {run:#?}");
    }
    let row = &run.json()["rows"][0];
    assert_eq!(row["result"], "added");
    assert_eq!(row["roles"], json!(["ORG_OWNER"]));
    assert_eq!(stage.roles("102", "202"), ["ORG_OWNER"]);
    let again = stage.line(&format!("{ADD} --yes")).exits(0);
    assert!(again.stdout.contains("already holds"), "{again:#?}");
}

#[test]
fn a_manager_keeps_its_roles_when_given_another() {
    let stage = Stage::new();
    let line = "managers add --org Globex --user 203 --role ORG_USER_MANAGER --yes -o json";
    let run = stage.line(line).exits(0);
    assert_eq!(run.json()["rows"][0]["result"], "changed");
    let mut roles = stage.roles("102", "203");
    roles.sort();
    assert_eq!(roles, ["ORG_OWNER_VIEWER", "ORG_USER_MANAGER"]);
}

#[test]
fn who_holds_the_role_already_causes_no_write() {
    let stage = Stage::new();
    let run = stage.line("managers add --org Globex --user alice --role ORG_OWNER --yes").exits(0);
    assert!(run.stdout.contains("already holds"), "{run:#?}");
    let writes = stage.demo.requests();
    let writes: Vec<_> = writes
        .iter()
        .filter(|request| request.contains("CreateAdministrator") || request.ends_with("/members"))
        .collect();
    assert!(writes.is_empty(), "{writes:?}");
}

#[test]
fn several_users_and_roles_take_one_command_and_a_doubled_user_counts_once() {
    let stage = Stage::new();
    let line = "managers add --org Globex --user deploy-bot --user lena@mail.example --user 202 \
                --role ORG_OWNER_VIEWER --role ORG_USER_MANAGER --yes -o json";
    let run = stage.line(line).exits(0).complains("the user is locked");
    assert_eq!(run.json()["rows"].as_array().map(Vec::len), Some(2));
    for user in ["202", "207"] {
        assert_eq!(stage.roles("102", user).len(), 2);
    }
}

#[test]
fn a_dry_run_shows_the_difference_and_changes_nothing() {
    let stage = Stage::new();
    let run = stage.line(&format!("{ADD} --dry-run -o json")).exits(0).complains("+ ORG_OWNER");
    assert_eq!(run.json()["rows"][0]["result"], "planned");
    assert!(stage.roles("102", "202").is_empty());
    stage.line(&format!("{ADD} --dry-run --read-only")).exits(0);
}

#[test]
fn without_a_terminal_it_takes_yes() {
    let stage = Stage::new();
    stage.line(ADD).exits(2).complains("--yes").prints_nothing();
    assert!(stage.roles("102", "202").is_empty());
}

#[rstest]
#[case::unknown_organization("managers list --org Globx", "did you mean Globex?")]
#[case::ambiguous_organization("managers list --org Initech", "id 104")]
#[case::unknown_user(
    "managers add --org Globex --user deploy-bto --role ORG_OWNER --yes",
    "did you mean deploy-bot?"
)]
#[case::unknown_role(
    "managers add --org Globex --user deploy-bot --role org_owner --yes",
    "did you mean ORG_OWNER?"
)]
#[case::role_of_another_level(
    "managers add --org Globex --user deploy-bot --role IAM_OWNER --yes",
    "a role of the level instance"
)]
fn what_is_not_found_or_ambiguous_exits_5(#[case] line: &str, #[case] text: &str) {
    Stage::new().line(line).exits(5).complains(text).prints_nothing();
}

#[test]
fn a_display_name_of_two_users_chooses_neither() {
    let stage = Stage::new();
    let arguments =
        ["managers", "add", "--org", "Globex", "--user", "Alice Adams", "--role", "ORG_OWNER", "--yes"];
    stage.run(&arguments).exits(5).complains("id 205").complains("id 206");
}

#[rstest]
#[case::unknown_flag("whoami --colour", "--colour")]
#[case::unknown_command("whomai", "whoami")]
#[case::missing_role("managers add --org Globex --user x --yes", "--role")]
#[case::token_in_argv("whoami --token x", "--token")]
#[case::two_instances("whoami --url https://a.example --profile b", "leave out one")]
#[case::plain_http("whoami --url http://auth.example.com --key-file k.json", "in the clear")]
#[case::no_instance("whoami", "--url")]
#[case::no_such_config("whoami --config /nowhere/config.toml", "/nowhere/config.toml")]
#[case::no_such_world("demo --serve --world /nowhere/world.json", "/nowhere/world.json")]
#[case::demo_elsewhere("demo --serve --url https://a.example", "own instance")]
#[case::no_terminal("", "terminal")]
fn wrong_usage_exits_2(#[case] line: &str, #[case] text: &str) {
    run_in(&home(), line).exits(2).complains(text).prints_nothing();
}

#[test]
fn who_cannot_sign_in_exits_3_and_no_token_is_repeated() {
    let stage = Stage::new();
    let mut wrong = program(&stage.home);
    wrong.env("ZITUI_URL", stage.demo.url()).env("ZITUI_TOKEN", "canary-token").arg("whoami");
    let run = Run::of(wrong.output().expect("the program runs")).exits(3).complains("hint:");
    assert!(!run.stderr.contains("canary-token"), "{run:#?}");
    let key_file = stage.home.path().join("key.json");
    let missing = format!("whoami --key-file {}", key_file.display());
    stage.line(&missing).exits(3).complains("key.json").complains("hint:");
    std::fs::write(&key_file, "{}").expect("written");
    stage.line(&missing).exits(3).complains("chmod 600");
    run_in(&stage.home, &format!("whoami --url {}", stage.demo.url())).exits(3).complains("--key-file");
}

#[test]
fn a_missing_permission_exits_4_and_is_explained() {
    let stage = Stage::new();
    let listed = stage.line_as("nobody", "managers list --org 101");
    listed.exits(4).complains("org.member.read").complains("ORG_OWNER").prints_nothing();
    let added = stage.line_as("globex-viewer", &format!("{ADD} --yes"));
    let added = added.exits(4).complains("org.member.write").complains("ORG_OWNER_VIEWER");
    assert_eq!(added.stdout, "");
    assert!(stage.roles("102", "202").is_empty());
}

#[test]
fn a_refused_write_exits_4_and_is_not_tried_otherwise() {
    let stage = Stage::new();
    let refused = Effect::Status { status: 403, retry_after: None, html: false };
    stage.demo.faults().switch_on(Fault::new(refused).on("CreateAdministrator"));
    let run = stage.line(&format!("{ADD} --yes -o json")).exits(4).complains("org.member.write");
    assert_eq!(run.json()["rows"][0]["result"], "failed");
    let requests = stage.demo.requests();
    let writes = requests
        .iter()
        .filter(|request| request.contains("CreateAdministrator") || request.ends_with("/orgs/me/members"));
    assert_eq!(writes.count(), 1, "{requests:?}");
}

#[test]
fn an_api_that_the_server_lacks_is_wrong_usage() {
    Stage::of(Version::V2_68).line("whoami --api v2").exits(2).complains("no v2 calls");
    let stage = Stage::new();
    stage.line(&format!("{ADD} --yes --api v1")).exits(0);
    assert!(stage.demo.requests().iter().any(|request| request.ends_with("/orgs/me/members")));
}

#[test]
fn what_may_be_hidden_is_not_reported_as_absent() {
    let stage = Stage::new();
    let line = "managers list --org Acme";
    let partly = stage.line_as("globex-viewer", line).exits(5);
    partly.complains("hidden from you").complains("org.read").complains("IAM_OWNER").prints_nothing();
    let line = "managers list --org Globex";
    stage
        .line_as("nobody", line)
        .exits(4)
        .complains("Cannot look for")
        .complains("org.read")
        .prints_nothing();
}

#[test]
fn a_server_that_is_not_there_exits_7() {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let home = home();
    let mut command = program(&home);
    command.env("ZITUI_TOKEN", "x").args(["whoami", "--url", &format!("http://127.0.0.1:{port}")]);
    Run::of(command.output().expect("the program runs")).exits(7).complains("error:").complains("hint:");
}

#[test]
fn a_write_that_lost_its_answer_is_read_back() {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::CutAfter).on("CreateAdministrator").times(1));
    let run = stage.line(&format!("{ADD} --yes -o json")).exits(0);
    assert_eq!(run.json()["rows"][0]["roles"], json!(["ORG_OWNER"]));
    assert_eq!(stage.roles("102", "202"), ["ORG_OWNER"]);
}

#[test]
fn a_write_that_never_arrived_exits_7_and_is_not_repeated() {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::CutBefore).on("CreateAdministrator").times(1));
    let run = stage.line(&format!("{ADD} --yes -o json")).exits(7);
    assert_eq!(run.json()["rows"][0]["result"], "not_done");
    assert!(stage.roles("102", "202").is_empty());
}

#[test]
fn a_read_only_profile_cannot_write() {
    let stage = Stage::new();
    let config = stage.config("[profiles.prod]\nurl = \"URL\"\nkey_file = \"KEY\"\nread_only = true\n");
    let line = format!("{ADD} --yes --config {}", config.display());
    run_in(&stage.home, &line).exits(6).complains("read-only");
    stage.line(&format!("{ADD} --yes --read-only")).exits(6);
    assert!(stage.roles("102", "202").is_empty());
}

#[test]
fn a_protected_profile_takes_the_typed_name() {
    let stage = Stage::new();
    let config = stage.config("[profiles.prod]\nurl = \"URL\"\nkey_file = \"KEY\"\nprotected = true\n");
    let line = format!("{ADD} --yes --config {}", config.display());
    run_in(&stage.home, &line).exits(6).complains("--confirm");
    run_in(&stage.home, &format!("{line} --confirm Acme")).exits(6).complains("protected");
    assert!(stage.roles("102", "202").is_empty());
    run_in(&stage.home, &format!("{line} --confirm Globex")).exits(0);
    assert_eq!(stage.roles("102", "202"), ["ORG_OWNER"]);
}

#[test]
fn a_mistake_in_the_configuration_names_line_and_column() {
    let stage = Stage::new();
    let config = stage.config("[profiles.prod]\nurl = \"URL\"\nkeyfile = \"KEY\"\n");
    let run = run_in(&stage.home, &format!("whoami --config {}", config.display())).exits(2);
    run.complains("config.toml, line 3, column 1").complains("did you mean key_file?");
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let stage = Stage::new();
    let config = stage.config("[profiles.prod]\nurl = \"URL\"\nkey_file = \"/nowhere/key.json\"\n");
    let mut command = program(&stage.home);
    command.env("ZITUI_CONFIG", &config).env("ZITUI_TOKEN", stage.token("nobody")).arg("whoami");
    let by_environment = Run::of(command.output().expect("the program runs")).exits(0);
    assert!(by_environment.stdout.contains("nobody"), "{by_environment:#?}");
    command.arg("--key-file").arg(stage.demo.key_file());
    let by_flag = Run::of(command.output().expect("the program runs")).exits(0);
    assert!(by_flag.stdout.contains("zitui service"), "{by_flag:#?}");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let stage = Stage::new();
    let mut child = stage
        .program()
        .args(["orgs", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn help_and_version_are_data() {
    let home = home();
    let version = run_in(&home, "--version").exits(0);
    assert_eq!(version.stdout, format!("zitui {}\n", env!("CARGO_PKG_VERSION")));
    for line in ["--help", "managers add --help", "demo --help"] {
        let help = run_in(&home, line).exits(0);
        assert!(help.stdout.contains("Example") && help.stderr.is_empty(), "{help:#?}");
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 80), "{help:#?}");
    }
}

fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, signal).expect("a signal");
}

#[test]
fn ctrl_c_during_a_read_ends_at_once_with_130() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let home = home();
    let mut command = program(&home);
    command
        .env("ZITUI_TOKEN", "x")
        .args(["whoami", "--url", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    let connection = silent.accept().expect("it connects");
    signal(&child, rustix::process::Signal::INT);
    let run = Run::of(child.wait_with_output().expect("it ends")).exits(130);
    assert_eq!(run.stdout, "");
    drop(connection);
}

/// Waits until the demo has been asked this.
fn until_asked(demo: &Demo, call: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !demo.requests().iter().any(|request| request.contains(call)) {
        assert!(Instant::now() < deadline, "{call} was never asked");
        std::thread::yield_now();
    }
}

#[test]
fn ctrl_c_during_a_write_waits_for_its_outcome() {
    let stage = Stage::new();
    let slow = Fault::new(Effect::Latency(Duration::from_millis(300)));
    stage.demo.faults().switch_on(slow.on("CreateAdministrator"));
    // One more than are under way at once.
    let users = ["202", "203", "204", "206", "207"];
    let line = "managers add --org Globex --role ORG_USER_MANAGER --yes -o json";
    let named = users.into_iter().flat_map(|user| ["--user", user]);
    let mut command = stage.program();
    command.args(line.split_whitespace()).args(named).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    until_asked(&stage.demo, "CreateAdministrator");
    signal(&child, rustix::process::Signal::INT);
    let run = Run::of(child.wait_with_output().expect("it ends")).exits(130).complains("under way");
    let document = run.json();
    let rows = document["rows"].as_array().expect("a list");
    let results: Vec<&str> = rows.iter().filter_map(|row| row["result"].as_str()).collect();
    // What was sent when the signal came has its outcome, and nothing was sent afterwards.
    assert!(results.iter().any(|result| *result != "not_started"), "{results:?}");
    assert_eq!(results.last(), Some(&"not_started"), "{results:?}");
    for (user, result) in users.into_iter().zip(results) {
        let given = stage.roles("102", user).contains(&"ORG_USER_MANAGER".to_owned());
        assert_eq!(given, result != "not_started", "{user}: {result}");
    }
}

#[test]
fn a_second_ctrl_c_leaves_a_write_whose_outcome_is_unknown() {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::Hang).on("CreateAdministrator"));
    let mut command = stage.program();
    command.args(ADD.split_whitespace()).args(["--yes", "-q", "-o", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    until_asked(&stage.demo, "CreateAdministrator");
    signal(&child, rustix::process::Signal::INT);
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr"));
    let mut waiting = String::new();
    stderr.read_line(&mut waiting).expect("a line");
    assert!(waiting.contains("ctrl-c again"), "{waiting}");
    signal(&child, rustix::process::Signal::INT);
    let run = Run::of(child.wait_with_output().expect("it ends")).exits(130);
    assert_eq!(run.json()["rows"][0]["result"], "unknown");
    let mut told = String::new();
    stderr.read_to_string(&mut told).expect("the rest");
    assert!(told.contains("not known"), "{told}");
}

/// The program on a terminal of 60 columns.
struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    output: Box<dyn Read + Send>,
    input: Box<dyn Write + Send>,
    shown: String,
}

impl Terminal {
    fn run(stage: &Stage, line: &str) -> Self {
        let size = portable_pty::PtySize { rows: 24, cols: 60, pixel_width: 0, pixel_height: 0 };
        let pair = portable_pty::native_pty_system().openpty(size).expect("a terminal");
        let mut command = portable_pty::CommandBuilder::new(assert_cmd::cargo::cargo_bin!("zitui"));
        command.args(line.split_whitespace());
        command.env_clear();
        command.env("HOME", stage.home.path());
        command.env("TERM", "xterm");
        command.env("ZITUI_URL", stage.demo.url());
        command.env("ZITUI_KEY_FILE", stage.demo.key_file());
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let output = pair.master.try_clone_reader().expect("a reader");
        let input = pair.master.take_writer().expect("a writer");
        Self { child, output, input, shown: String::new() }
    }

    fn until(&mut self, text: &str) {
        let mut bytes = [0; 4096];
        while !self.shown.contains(text) {
            let length = self.output.read(&mut bytes).expect("more output");
            assert!(length > 0, "no {text:?} in {:?}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    }

    fn types(&mut self, text: &str) {
        self.input.write_all(text.as_bytes()).expect("typed");
    }

    /// Waits for the end and returns the exit code.
    fn ends(&mut self) -> u32 {
        let mut bytes = Vec::new();
        // Linux answers EIO once the other side of a terminal is closed.
        let _ = self.output.read_to_end(&mut bytes);
        self.shown.push_str(&String::from_utf8_lossy(&bytes));
        self.child.wait().expect("it ends").exit_code()
    }
}

#[rstest]
#[case::yes("y\r", 0, true)]
#[case::no("n\r", 130, false)]
#[case::only_enter("\r", 130, false)]
#[case::ctrl_c("\u{3}", 130, false)]
#[case::end_of_input("\u{4}", 130, false)]
fn on_a_terminal_it_asks(#[case] answer: &str, #[case] code: u32, #[case] changed: bool) {
    let stage = Stage::new();
    let mut terminal = Terminal::run(&stage, ADD);
    terminal.until("[y/N]");
    assert!(terminal.shown.contains("\u{1b}[32m+ ORG_OWNER"), "{:?}", terminal.shown);
    terminal.types(answer);
    assert_eq!(terminal.ends(), code, "{:?}", terminal.shown);
    assert_eq!(!stage.roles("102", "202").is_empty(), changed);
}

#[test]
fn on_a_terminal_a_protected_profile_asks_for_the_name() {
    let stage = Stage::new();
    let config = stage.config("[profiles.prod]\nurl = \"URL\"\nkey_file = \"KEY\"\nprotected = true\n");
    let line = format!("{ADD} --profile prod --config {}", config.display());
    for (answer, code) in [("y\r", 6), ("Globex\r", 0)] {
        let mut terminal = Terminal::run(&stage, &line);
        terminal.until("Type Globex");
        terminal.types(answer);
        assert_eq!(terminal.ends(), code, "{:?}", terminal.shown);
    }
    assert_eq!(stage.roles("102", "202"), ["ORG_OWNER"]);
}

#[test]
fn a_table_fits_the_terminal_and_cuts_no_id() {
    let stage = Stage::new();
    let mut terminal = Terminal::run(&stage, "managers list --org Globex");
    assert_eq!(terminal.ends(), 0);
    let plain = terminal.shown.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert!(plain.lines().all(|line| line.chars().count() <= 60), "{plain}");
    assert!(plain.contains("205") && plain.contains('…'), "{plain}");
}

#[test]
fn the_demo_serves_one_line_and_ends_clean() {
    for stop in [rustix::process::Signal::INT, rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let home = home();
        let mut child = program(&home)
            .args(["demo", "--serve", "--version", "4.3", "-q"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("one line of JSON");
        assert_eq!(ready["version"], "4.3");
        let key_file = PathBuf::from(ready["key_file"].as_str().expect("a key file"));
        assert!(ready["pats"].as_object().is_some_and(|pats| !pats.is_empty()));
        let whoami = format!(
            "whoami --url {} --key-file {}",
            ready["url"].as_str().expect("a URL"),
            key_file.display()
        );
        run_in(&home, &whoami).exits(0);
        signal(&child, stop);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("the end");
        assert_eq!(rest, "");
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        assert!(!key_file.exists());
    }
}
