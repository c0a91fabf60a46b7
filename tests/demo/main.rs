//! The demo instance over real HTTP: what it refuses, how it misbehaves when told to, how its lists lag, and how it
//! copes with a large world.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by failing")]

#[path = "../replay/assertion.rs"]
mod assertion;
#[path = "../replay/http.rs"]
mod http;

use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::{Value, json};
use zitui::demo::{Demo, Effect, Fault, Options, UserState, Version, World};

use self::assertion::Key;
use self::http::{Connection, Response};

/// Initech of the recorded world: nobody but zitui manages it.
const INITECH: &str = "100000000000000003";
const ALICE: &str = "200000000000000003";
const SEARCH: &str = "/management/v1/orgs/me/members/_search";
const MEMBERS: &str = "/management/v1/orgs/me/members";
const SCOPE: &str = "openid urn:zitadel:iam:org:project:id:zitadel:aud";

struct Stage {
    demo: Demo,
    connection: Connection,
}

fn start(version: Version, list_delay: Duration) -> Stage {
    let world = World::from_json(include_str!("../recordings/world.json")).unwrap();
    stage(Options { version, world, list_delay, ..Options::default() })
}

fn stage(options: Options) -> Stage {
    let demo = Demo::start(options).unwrap();
    let connection = Connection::new(demo.url());
    Stage { demo, connection }
}

impl Stage {
    fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> std::io::Result<Response> {
        let headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.connection.send(method, path, &headers, body.to_string().as_bytes())
    }

    /// As zitui, in the context of Initech.
    fn call(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let response = self.try_call(method, path, body).unwrap();
        (response.status, serde_json::from_slice(&response.body).unwrap_or_default())
    }

    fn try_call(&mut self, method: &str, path: &str, body: &Value) -> std::io::Result<Response> {
        let bearer = format!("Bearer {}", self.demo.pats().get("zitui").unwrap());
        self.send(method, path, &[("Authorization", &bearer), ("x-zitadel-orgid", INITECH)], body)
    }

    fn token(&mut self, assertion: &str, scope: &str) -> (u16, Value) {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("grant_type", grant), ("scope", scope), ("assertion", assertion)])
            .finish();
        let response = self.connection.send("POST", "/oauth/v2/token", &[], form.as_bytes()).unwrap();
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    fn key(&self) -> Key {
        Key::read(&std::fs::read_to_string(self.demo.key_file()).unwrap())
    }

    fn managers(&mut self) -> Vec<String> {
        let (status, body) = self.call("POST", SEARCH, &json!({}));
        assert_eq!(status, 200, "{body}");
        let rows = body["result"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["userId"].as_str().unwrap().to_owned()).collect()
    }

    fn add_alice(&mut self) -> std::io::Result<Response> {
        self.try_call("POST", MEMBERS, &json!({"userId": ALICE, "roles": ["ORG_OWNER"]}))
    }
}

#[test]
fn the_key_file_opens_the_instance_until_its_tokens_expire() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let assertion = stage.key().assertion("<valid>", stage.demo.url(), "");
    let (status, answer) = stage.token(&assertion, SCOPE);
    assert_eq!((status, &answer["expires_in"]), (200, &json!(43_199)));
    let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    let me = |stage: &mut Stage| {
        stage.send("GET", "/auth/v1/users/me", &[("Authorization", &bearer)], &json!({})).unwrap()
    };
    assert_eq!(me(&mut stage).status, 200);
    stage.demo.expire_tokens();
    let refused = me(&mut stage);
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), Some("Errors.Token.Invalid (AUTH-7fs1e)"));
}

#[cfg(unix)]
#[test]
fn the_key_file_is_private_and_gone_with_the_demo() {
    use std::os::unix::fs::PermissionsExt;
    let stage = start(Version::V4_15, Duration::ZERO);
    let path = stage.demo.key_file().to_owned();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    drop(stage);
    assert!(!path.exists());
}

#[rstest]
#[case::old(Version::V2_68, 500, "server_error")]
#[case::middle(Version::V4_3, 500, "server_error")]
#[case::new(Version::V4_15, 400, "invalid_grant")]
fn each_version_refuses_a_bad_assertion_its_own_way(
    #[case] version: Version,
    #[case] status: u16,
    #[case] error: &str,
    #[values(
        "<exp 10 s ago>",
        "<iat 60 s ahead>",
        "<aud issuer + \"/\">",
        "<signature broken>",
        "<unknown kid>"
    )]
    what: &str,
) {
    let mut stage = start(version, Duration::ZERO);
    let assertion = stage.key().assertion(what, stage.demo.url(), ALICE);
    let (refused, body) = stage.token(&assertion, SCOPE);
    assert_eq!((refused, &body["error"]), (status, &json!(error)));
}

#[test]
fn a_token_for_another_name_of_the_same_host_is_refused() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let issuer = stage.demo.url().replace("localhost", "127.0.0.1");
    let assertion = stage.key().assertion("<valid>", &issuer, "");
    assert_eq!(stage.token(&assertion, SCOPE).0, 400);
}

#[rstest]
#[case(UserState::Inactive, "Errors.User.NotActive")]
#[case(UserState::Locked, "Errors.User.NotActive")]
#[case(UserState::Removed, "invalid assertion")]
fn a_user_that_may_not_sign_in_loses_its_tokens_too(#[case] state: UserState, #[case] text: &str) {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let assertion = stage.key().assertion("<valid>", stage.demo.url(), "");
    stage.demo.set_user_state("zitui", state);
    assert_eq!(stage.token(&assertion, SCOPE).1["error_description"], text);
    assert_eq!(stage.call("GET", "/auth/v1/users/me", &json!({})).0, 401);
}

#[test]
fn lists_lag_behind_writes_that_see_each_other() {
    let mut stage = start(Version::V4_15, Duration::from_secs(3600));
    assert_eq!(stage.add_alice().unwrap().status, 200);
    assert_eq!(stage.managers(), ["200000000000000001"]);
    assert_eq!(stage.add_alice().unwrap().status, 409);
    stage.demo.faults().switch_on(Fault::new(Effect::Lag(Duration::ZERO)));
    assert_eq!(stage.managers(), ["200000000000000001", ALICE]);
}

#[test]
fn a_stale_list_shows_the_state_before_the_write_as_often_as_told() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    stage.demo.faults().switch_on(Fault::new(Effect::Stale).on("/members").times(2));
    stage.add_alice().unwrap();
    assert_eq!(stage.managers().len(), 1);
    assert_eq!(stage.managers().len(), 1);
    assert_eq!(stage.managers().len(), 2);
}

#[rstest]
#[case::before(Effect::CutBefore, 1)]
#[case::after(Effect::CutAfter, 2)]
fn a_cut_connection_leaves_the_write_undone_or_done(#[case] effect: Effect, #[case] managers: usize) {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    stage.demo.faults().switch_on(Fault::new(effect).method("POST").on("/members").times(1));
    assert!(stage.add_alice().is_err());
    assert_eq!(stage.managers().len(), managers);
}

#[test]
fn a_status_keeps_the_request_from_being_carried_out() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let busy = Effect::Status { status: 429, retry_after: Some(7), html: false };
    stage.demo.faults().switch_on(Fault::new(busy).times(1));
    let response = stage.add_alice().unwrap();
    assert_eq!((response.status, response.header("retry-after")), (429, Some("7")));
    let proxy = Effect::Status { status: 502, retry_after: None, html: true };
    stage.demo.faults().switch_on(Fault::new(proxy).times(1));
    let response = stage.add_alice().unwrap();
    assert_eq!((response.status, response.header("content-type")), (502, Some("text/html")));
    assert_eq!(stage.managers().len(), 1);
}

#[test]
fn answers_can_be_broken_redirected_and_too_large() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let faults = stage.demo.faults().clone();
    faults.switch_on(Fault::new(Effect::BrokenJson).times(1));
    let broken = stage.try_call("POST", SEARCH, &json!({})).unwrap();
    assert!(broken.status == 200 && serde_json::from_slice::<Value>(&broken.body).is_err());
    faults.switch_on(Fault::new(Effect::Redirect("http://other.example/".to_owned())).times(1));
    let moved = stage.try_call("POST", SEARCH, &json!({})).unwrap();
    assert_eq!((moved.status, moved.header("location")), (307, Some("http://other.example/")));
    faults.switch_on(Fault::new(Effect::Oversized(3_000_000)).times(1));
    assert!(stage.try_call("POST", SEARCH, &json!({})).unwrap().body.len() > 3_000_000);
}

#[test]
fn a_wrong_clock_shows_in_the_date_and_refuses_good_assertions() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    stage.demo.faults().switch_on(Fault::new(Effect::Clock(-600)));
    let response = stage.send("GET", "/debug/healthz", &[], &json!({})).unwrap();
    let date = jiff::fmt::rfc2822::parse(response.header("date").unwrap()).unwrap().timestamp();
    let behind = jiff::Timestamp::now().duration_since(date).as_secs();
    assert!((598..=602).contains(&behind), "{behind}");
    let assertion = stage.key().assertion("<valid>", stage.demo.url(), "");
    assert_eq!(stage.token(&assertion, SCOPE).0, 400);
}

#[test]
fn a_silent_server_takes_nothing_from_the_other_requests() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    stage.demo.faults().switch_on(Fault::new(Effect::Hang).on("/_search"));
    let address = stage.demo.url().to_owned();
    let silent = std::net::TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    std::io::Write::write_all(
        &mut &silent,
        b"POST /x/_search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    )
    .unwrap();
    assert_eq!(stage.call("GET", "/auth/v1/users/me", &json!({})).0, 200);
    drop(stage);
    assert_eq!(std::io::Read::read(&mut &silent, &mut [0]).unwrap_or(0), 0);
}

#[rstest]
#[case::method("DELETE", "/v2/users", 405, json!({"code": 12, "message": "Method Not Allowed"}))]
#[case::path("GET", "/v2/nothing", 404, json!({"code": 5, "message": "Not Found"}))]
#[case::last_slash("POST", "/v2/users/", 404, json!({"code": 5, "message": "Not Found"}))]
fn what_is_not_there_is_refused_as_rest_does(
    #[case] method: &str,
    #[case] path: &str,
    #[case] status: u16,
    #[case] body: Value,
) {
    assert_eq!(start(Version::V4_15, Duration::ZERO).call(method, path, &json!({})), (status, body));
}

#[rstest]
#[case::method("GET", &[("Content-Type", "application/json")], "{}", 405)]
#[case::content_type("POST", &[], "{}", 415)]
#[case::no_body("POST", &[("Content-Type", "application/json")], "", 400)]
#[case::protocol("POST", &[("Content-Type", "application/json"), ("Connect-Protocol-Version", "2")], "{}", 400)]
fn connect_has_rules_of_its_own(
    #[case] method: &str,
    #[case] headers: &[(&str, &str)],
    #[case] body: &str,
    #[case] status: u16,
) {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let bearer = format!("Bearer {}", stage.demo.pats().get("zitui").unwrap());
    let headers: Vec<(String, String)> = headers
        .iter()
        .chain([&("Authorization", bearer.as_str())])
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let path = "/zitadel.internal_permission.v2.InternalPermissionService/ListAdministrators";
    assert_eq!(stage.connection.send(method, path, &headers, body.as_bytes()).unwrap().status, status);
}

#[test]
fn an_unknown_grant_blocks_the_managers_of_all_grants_in_2_68() {
    let mut stage = start(Version::V2_68, Duration::ZERO);
    let grant = |id: &str, rest: &str| {
        format!("/management/v1/projects/300000000000000002/grants/{id}/members{rest}")
    };
    let (owner, good) = (json!({"userId": ALICE, "roles": ["PROJECT_GRANT_OWNER"]}), "400000000000000001");
    assert_eq!(stage.call("POST", &grant("123456789012345678", ""), &owner).0, 200);
    assert_eq!(stage.call("POST", &grant(good, ""), &owner).0, 200);
    let (_, list) = stage.call("POST", &grant(good, "/_search"), &json!({}));
    assert_eq!(list["details"]["totalResult"], "1", "{list}");
}

#[test]
fn a_caller_that_lowers_itself_is_refused_from_then_on() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    let bearer = format!("Bearer {}", stage.demo.pats().get("globex-admin").unwrap());
    let headers = [("Authorization", bearer.as_str())];
    let path = format!("{MEMBERS}/200000000000000006");
    let lower = json!({"roles": ["ORG_USER_MANAGER"]});
    assert_eq!(stage.send("PUT", &path, &headers, &lower).unwrap().status, 200);
    assert_eq!(stage.send("PUT", &path, &headers, &lower).unwrap().status, 403);
}

#[test]
fn requests_are_counted_by_method_and_path() {
    let mut stage = start(Version::V4_15, Duration::ZERO);
    stage.managers();
    assert_eq!(stage.demo.requests(), [format!("POST {SEARCH}")]);
}

#[test]
fn the_demos_own_world_serves_every_version() {
    for version in Version::ALL {
        let mut stage = stage(Options { version, ..Options::default() });
        let bearer = format!("Bearer {}", stage.demo.pats().get("zitui").unwrap());
        let response = stage
            .send("POST", "/v2/organizations/_search", &[("Authorization", &bearer)], &json!({}))
            .unwrap();
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["result"].as_array().map(Vec::len), Some(13), "{version}: {body}");
    }
}

#[test]
fn a_large_world_starts_and_answers_without_a_long_wait() {
    let begin = Instant::now();
    let mut stage = stage(Options { world: World::generate(40_000, 100_000, 20_000), ..Options::default() });
    let started = begin.elapsed();
    let bearer = format!("Bearer {}", stage.demo.pats().get("zitui").unwrap());
    let search = json!({"query": {"limit": 50, "asc": true}, "sortingColumn": "USER_FIELD_NAME_USER_NAME",
        "queries": [{"orQuery": {"queries": [
            {"loginNameQuery": {"loginName": "mue", "method": "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE"}},
            {"displayNameQuery": {"displayName": "mue", "method": "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE"}}]}}]});
    let mut timed = |path: &str, body: &Value| {
        let begin = Instant::now();
        let response = stage.send("POST", path, &[("Authorization", &bearer)], body).unwrap();
        assert_eq!(response.status, 200, "{path}");
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        (begin.elapsed(), body["details"]["totalResult"].as_str().unwrap_or("0").parse::<usize>().unwrap())
    };
    let (users, _) = timed("/v2/users", &search);
    let (organizations, total) = timed("/v2/organizations/_search", &json!({"query": {"limit": 100}}));
    assert_eq!(total, 40_000);
    // An optimized build needs a tenth of this on an idle machine.
    let slow = Duration::from_secs(15);
    assert!(
        started < slow && users < slow && organizations < slow,
        "{started:?} {users:?} {organizations:?}"
    );
}
