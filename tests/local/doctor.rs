//! `zitui doctor` against good and bad servers.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, date_time_ymd};
use rstest::rstest;
use serde_json::Value;
use zitui::demo::{Effect, Fault, UserState, Version};

use crate::stage::{Run, Stage};
use crate::{front, tls};

const CHECKS: [&str; 16] = [
    "configuration",
    "key file",
    "DNS",
    "TCP",
    "TLS",
    "discovery",
    "issuer",
    "clock",
    "token",
    "audience",
    "who am I",
    "roles",
    "version",
    "API",
    "permissions",
    "proxy",
];

/// Whether a text may hold a key, an assertion or a token: nothing else is so long without a break.
fn may_hold_a_secret(text: &str) -> bool {
    let breaks = |letter: char| !(letter.is_ascii_alphanumeric() || "+=_-".contains(letter));
    text.contains("eyJ") || text.split(breaks).any(|word| word.len() >= 24)
}

/// Every check with its status and whatever it tells, which is never a secret.
fn examined(run: &Run) -> Vec<(String, String, String)> {
    assert!(!may_hold_a_secret(&run.stdout) && !may_hold_a_secret(&run.stderr), "{run:#?}");
    let document = run.json();
    assert_eq!((&document["zitui"], &document["kind"]), (&1.into(), &"doctor".into()));
    let rows = document["rows"].as_array().expect("rows");
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| {
            let told = ["found", "why", "fix"].map(|field| text(row, field)).join(" | ");
            (text(row, "check"), text(row, "status"), told)
        })
        .collect()
}

#[track_caller]
fn expect(run: &Run, check: &str, status: &str, told: &str) {
    let checks = examined(run);
    let fitting =
        checks.iter().any(|(name, own, text)| name == check && own == status && text.contains(told));
    assert!(fitting, "no {check} {status} with {told:?}: {checks:#?}");
    let mut names: Vec<&str> = checks.iter().map(|(name, ..)| name.as_str()).collect();
    names.dedup();
    assert_eq!(names, CHECKS, "every check, once, in order");
    for (name, own, text) in &checks {
        if own == "failed" {
            assert!(!text.ends_with("| "), "{name} has no fix");
        }
    }
}

fn with_key(stage: &Stage, url: &str, key: &Path) -> Run {
    let key = key.to_string_lossy();
    stage.bare(&["doctor", "-o", "json", "--url", url, "--key-file", &key])
}

fn secret(stage: &Stage, content: &str, mode: u32) -> PathBuf {
    let path = stage.home.path().join("secret");
    std::fs::write(&path, content).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
    path
}

#[rstest]
#[case(Version::V2_68, "change managers: v1")]
#[case(Version::V4_3, "change managers: v1")]
#[case(Version::V4_15, "change managers: v2")]
fn a_good_server(#[case] version: Version, #[case] generation: &str) {
    let stage = Stage::of(version);
    let run = stage.line("doctor -o json").exits(0);
    let all = examined(&run);
    assert!(all.iter().all(|(_, status, _)| status == "good"), "{all:#?}");
    expect(&run, "API", "good", generation);
    expect(&run, "key file", "good", "mode 0600");
    expect(&run, "roles", "good", "IAM_OWNER");
    expect(&run, "permissions", "good", "change the managers of organizations: yes, everywhere");
    assert!(stage.kept().is_empty(), "the examination signs in anew and keeps nothing");
}

#[test]
fn lines_for_people_are_one_a_check() {
    let run = Stage::new().line("doctor").exits(0);
    assert!(run.stdout.lines().all(|line| line.starts_with("ok ")), "{run:#?}");
    assert!(run.stdout.lines().count() >= CHECKS.len());
}

#[test]
fn files_that_cannot_be_used() {
    let stage = Stage::new();
    let url = stage.demo.url().to_owned();
    let key = std::fs::read_to_string(stage.demo.key_file()).expect("the key");
    let mut dated: Value = serde_json::from_str(&key).expect("JSON");
    dated["expirationDate"] = "2001-01-01T00:00:00Z".into();
    let cases =
        [(stage.home.path().join("missing"), "does not exist"), (secret(&stage, &key, 0o644), "mode 0644")];
    for (path, why) in cases {
        let run = with_key(&stage, &url, &path).exits(3);
        expect(&run, "key file", "failed", why);
        expect(&run, "discovery", "good", "answers");
        expect(&run, "token", "not_checked", "no key");
    }
    for (content, why) in [("{}", "has no"), (dated.to_string().as_str(), "has expired")] {
        let run = with_key(&stage, &url, &secret(&stage, content, 0o600)).exits(3);
        expect(&run, "key file", "failed", why);
    }
    dated["expirationDate"] =
        (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48)).to_string().into();
    let run = with_key(&stage, &url, &secret(&stage, &dated.to_string(), 0o600)).exits(0);
    expect(&run, "key file", "warning", "expires soon");
}

#[test]
fn servers_that_cannot_be_reached() {
    let stage = Stage::new();
    let key = stage.demo.key_file().to_owned();
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let run = with_key(&stage, &format!("http://127.0.0.1:{port}"), &key).exits(7);
    expect(&run, "TCP", "failed", "does not accept connections");
    expect(&run, "discovery", "not_checked", "cannot be reached");
    let run = with_key(&stage, "https://auth.invalid", &key).exits(7);
    expect(&run, "DNS", "failed", "cannot be resolved");
    expect(&run, "TLS", "not_checked", "cannot be resolved");
    let run = with_key(&stage, &stage.demo.url().replace("http", "https"), &key).exits(7);
    expect(&run, "TLS", "failed", "plain http port");
}

/// A certificate of the front as `change` makes it; what is found with its authority trusted or not.
fn behind_tls(name: &str, trusted: bool, change: impl FnOnce(&mut CertificateParams)) -> Run {
    behind(|_| true, name, trusted, change)
}

/// The same behind a front that tells the instance now and then that it was asked by TLS.
fn behind(
    tells: front::Tells,
    name: &str,
    trusted: bool,
    change: impl FnOnce(&mut CertificateParams),
) -> Run {
    let stage = Stage::new();
    let authority = tls::authority();
    let url = front::before(&stage.demo, tls::server(&authority, name, change), tells);
    let ca = stage.home.path().join("ca.pem");
    std::fs::write(&ca, authority.pem()).expect("written");
    let (ca, key) = (ca.to_string_lossy(), stage.demo.key_file().to_string_lossy());
    let mut arguments = vec!["doctor", "-o", "json", "--url", &url, "--key-file", &key];
    if trusted {
        arguments.extend(["--ca-file", &ca]);
    }
    stage.bare(&arguments)
}

#[test]
fn a_good_server_behind_tls() {
    let run = behind_tls("localhost", true, |_| {}).exits(0);
    let all = examined(&run);
    assert!(all.iter().all(|(_, status, _)| status == "good"), "{all:#?}");
    expect(&run, "TLS", "good", "valid until");
    expect(&run, "issuer", "good", "https://localhost:");
}

#[test]
fn a_server_that_takes_itself_for_another() {
    // The proxy says nothing of TLS.
    let run = behind(|_| false, "localhost", true, |_| {}).exits(7);
    expect(&run, "issuer", "warning", "The server calls itself http://localhost:");
    expect(&run, "issuer", "warning", "ExternalSecure");
    expect(&run, "token", "failed", "");
    expect(&run, "audience", "not_checked", "no token");
    // It says so only in part, so that the assertion is for an issuer that the server is not.
    let run = behind(|line| line.contains("/.well-known/"), "localhost", true, |_| {}).exits(3);
    expect(&run, "issuer", "good", "https://localhost:");
    expect(&run, "token", "failed", "rejected the assertion");
    expect(&run, "audience", "not_checked", "no token");
}

#[test]
fn a_certificate_that_ends_soon_is_a_warning() {
    let in_five_days = SystemTime::now() + Duration::from_secs(5 * 86_400);
    let run = behind_tls("localhost", true, |parameters| parameters.not_after = in_five_days.into()).exits(0);
    expect(&run, "TLS", "warning", "renew the certificate");
    expect(&run, "token", "good", "issued");
}

#[test]
fn certificates_that_prove_nothing() {
    let ended = |parameters: &mut CertificateParams| parameters.not_after = date_time_ymd(2021, 1, 1);
    let cases = [
        (behind_tls("localhost", true, ended), "expired"),
        (behind_tls("localhost", false, |_| {}), "trust"),
        (behind_tls("auth.example.com", true, |_| {}), "auth.example.com"),
    ];
    for (run, told) in cases {
        let run = run.exits(7);
        expect(&run, "TLS", "failed", told);
        expect(&run, "token", "not_checked", "");
        assert!(examined(&run).iter().all(|(name, status, _)| name != "discovery" || status != "good"));
    }
}

#[rstest]
#[case::inactive(UserState::Inactive, "deactivated or locked")]
#[case::removed(UserState::Removed, "rejected the assertion")]
fn users_who_cannot_sign_in(#[case] state: UserState, #[case] told: &str) {
    let stage = Stage::new();
    stage.demo.set_user_state("zitui", state);
    let run = stage.line("doctor -o json").exits(3);
    expect(&run, "token", "failed", told);
    expect(&run, "who am I", "not_checked", "");
}

#[test]
fn keys_that_belong_elsewhere() {
    let stage = Stage::new();
    let key = std::fs::read_to_string(stage.demo.key_file()).expect("the key");
    let mut elsewhere: Value = serde_json::from_str(&key).expect("JSON");
    let mut application = elsewhere.clone();
    elsewhere["keyId"] = "599".into();
    let run = with_key(&stage, stage.demo.url(), &secret(&stage, &elsewhere.to_string(), 0o600)).exits(3);
    expect(&run, "key file", "good", "mode 0600");
    expect(&run, "token", "failed", "rejected the assertion");
    application["type"] = "application".into();
    let run = with_key(&stage, stage.demo.url(), &secret(&stage, &application.to_string(), 0o600)).exits(3);
    expect(&run, "key file", "failed", "application");
    let pem = application["key"].as_str().expect("a key").lines().nth(1).expect("a line");
    assert!(!run.stdout.contains(pem) && !run.stderr.contains(pem), "{run:#?}");
}

#[test]
fn servers_that_are_no_zitadel_or_of_another_name() {
    let stage = Stage::new();
    let key = stage.demo.key_file().to_owned();
    let status = Effect::Status { status: 404, retry_after: None, html: true };
    stage.demo.faults().switch_on(Fault::new(status).on("/.well-known/"));
    let run = with_key(&stage, stage.demo.url(), &key).exits(7);
    expect(&run, "discovery", "failed", "is no ZITADEL");
    let stage = Stage::new();
    let other = stage.demo.url().replace("localhost", "unknown.localhost");
    let run = with_key(&stage, &other, stage.demo.key_file()).exits(7);
    expect(&run, "discovery", "failed", "no domain of any of its instances");
}

#[rstest]
#[case::server_ahead(3600, "behind the server")]
#[case::server_behind(-3600, "ahead of the server")]
fn clocks_that_differ(#[case] seconds: i64, #[case] told: &str) {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::Clock(seconds)));
    let run = stage.line("doctor -o json").exits(3);
    expect(&run, "clock", "failed", told);
    expect(&run, "token", "failed", "clock of this machine");
    expect(&run, "audience", "not_checked", "no token");
}

#[test]
fn a_clock_that_differs_little_is_a_warning() {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::Clock(15)));
    let run = stage.line("doctor -o json").exits(0);
    expect(&run, "clock", "warning", "behind the server");
}

#[test]
fn a_key_that_was_removed_and_a_user_who_was_locked() {
    let stage = Stage::new();
    let key: Value =
        serde_json::from_slice(&std::fs::read(stage.demo.key_file()).expect("the key")).expect("JSON");
    stage.demo.remove_key(key["keyId"].as_str().expect("an id"));
    let run = stage.line("doctor -o json").exits(3);
    expect(&run, "token", "failed", "rejected the assertion");
    let stage = Stage::new();
    stage.demo.set_user_state("zitui", UserState::Locked);
    let run = stage.line("doctor -o json").exits(3);
    expect(&run, "token", "failed", "deactivated or locked");
    expect(&run, "clock", "good", "agrees");
}

#[test]
fn a_token_that_the_api_does_not_accept() {
    let stage = Stage::new();
    stage.demo.faults().switch_on(Fault::new(Effect::TokenExpired).on("/auth/v1/"));
    let run = stage.line("doctor -o json").exits(3);
    expect(&run, "token", "good", "issued");
    expect(&run, "audience", "failed", "audience");
    expect(&run, "who am I", "not_checked", "");
}

#[test]
fn a_user_without_roles_is_told_what_lacks() {
    let stage = Stage::new();
    let token = &stage.demo.pats()["nobody"];
    let mut command = crate::stage::program(&stage.home);
    command.env("ZITUI_URL", stage.demo.url()).env("ZITUI_TOKEN", token).args(["doctor", "-o", "json"]);
    let run = Run::of(command.output().expect("the program runs")).exits(4);
    expect(&run, "roles", "failed", "no manager role");
    expect(&run, "version", "good", "iam.read");
    expect(&run, "permissions", "good", "see organizations: no; it takes org.read");
}

#[test]
fn it_can_be_pasted_into_a_ticket() {
    let stage = Stage::new();
    let key = std::fs::read_to_string(stage.demo.key_file()).expect("the key");
    let key: Value = serde_json::from_str(&key).expect("JSON");
    let pem = key["key"].as_str().expect("a key");
    let mut canaries: Vec<String> =
        pem.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned).collect();
    canaries.extend(stage.demo.pats().values().cloned());
    assert!(canaries.iter().all(|canary| may_hold_a_secret(canary)), "so that every case looks for them");
    canaries.push("hunter2".to_owned());
    stage.line("orgs list").exits(0);
    let kept = std::fs::read(&stage.kept()[0]).expect("kept");
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    canaries.push(kept["token"]["token"].as_str().expect("a token").to_owned());
    let pat = &stage.demo.pats()["zitui"];
    for format in ["table", "json"] {
        let mut by_token = crate::stage::program(&stage.home);
        by_token.env("ZITUI_URL", stage.demo.url()).env("ZITUI_TOKEN", pat);
        let mut by_proxy = stage.program();
        by_proxy.env("HTTP_PROXY", "http://someone:hunter2@proxy.invalid:3128");
        let mut by_url = stage.program();
        by_url.env("ZITUI_URL", "https://someone:hunter2@auth.invalid");
        for mut command in [stage.program(), by_token, by_proxy, by_url] {
            let run = Run::of(command.args(["doctor", "-v", "-o", format]).output().expect("runs"));
            assert!(run.stdout.contains("configuration"), "{run:#?}");
            for canary in &canaries {
                assert!(!run.stdout.contains(canary) && !run.stderr.contains(canary), "{canary}: {run:#?}");
            }
        }
    }
}
