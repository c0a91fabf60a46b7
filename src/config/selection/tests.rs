//! The table of precedence.

use std::path::Path;

use rstest::rstest;
use secrecy::ExposeSecret;

use super::*;

const FILE: &str = "
[settings]
theme = \"mono\"
default_profile = \"prod\"
[profiles.prod]
url = \"https://prod.example\"
key_file = \"/prod.json\"
protected = true
[profiles.test]
url = \"https://test.example\"
token_file = \"/test.token\"
ca_file = \"/test.pem\"
read_only = true
api = \"v1\"
[profiles.bare]
url = \"https://bare.example\"
";

fn file(text: &str) -> Configuration {
    Configuration::parse(Path::new("/config.toml"), text).expect("a configuration")
}

fn flags(given: &str) -> Flags {
    let mut flags = Flags::default();
    for (name, value) in given.split_whitespace().filter_map(|flag| flag.split_once('=')) {
        match name {
            "url" => flags.url = Some(value.to_owned()),
            "key" => flags.key_file = Some(value.into()),
            "token" => flags.token_file = Some(value.into()),
            "ca" => flags.ca_file = Some(value.into()),
            "profile" => flags.profile = Some(value.to_owned()),
            other => panic!("unknown flag {other}"),
        }
    }
    flags
}

fn environment(given: &str) -> Environment {
    Environment::of(given.split_whitespace().filter_map(|variable| variable.split_once('=')))
}

fn selected(profile: &Profile) -> String {
    let credential = match &profile.credential {
        Credential::KeyFile(file) => format!("key:{}", file.display()),
        Credential::TokenFile(file) => format!("token-file:{}", file.display()),
        Credential::Token(token) => format!("token:{}", token.expose_secret()),
    };
    format!("{} {} {credential}", profile.name, profile.url.as_str().trim_end_matches('/'))
}

#[rstest]
#[case::default_profile("", "", "prod https://prod.example key:/prod.json")]
#[case::profile_by_variable("", "ZITUI_PROFILE=test", "test https://test.example token-file:/test.token")]
#[case::profile_by_flag_wins(
    "profile=prod",
    "ZITUI_PROFILE=test",
    "prod https://prod.example key:/prod.json"
)]
#[case::key_by_flag_over_profile("key=/f.json", "", "prod https://prod.example key:/f.json")]
#[case::key_by_variable_over_file("", "ZITUI_KEY_FILE=/e.json", "prod https://prod.example key:/e.json")]
#[case::flag_over_token_of_environment(
    "key=/f.json",
    "ZITUI_TOKEN=pat",
    "prod https://prod.example key:/f.json"
)]
#[case::named_profile_keeps_its_own_credential(
    "profile=test",
    "ZITUI_KEY_FILE=/e.json ZITUI_URL=https://e.example",
    "test https://test.example token-file:/test.token"
)]
#[case::named_profile_without_credential_takes_the_environment(
    "profile=bare",
    "ZITUI_TOKEN=pat",
    "bare https://bare.example token:pat"
)]
#[case::all_by_flags("url=f.example key=/f.json", "", "flags https://f.example key:/f.json")]
#[case::flags_over_environment(
    "url=f.example token=/f.token",
    "ZITUI_URL=e.example ZITUI_KEY_FILE=/e.json",
    "flags https://f.example token-file:/f.token"
)]
#[case::url_by_flag_and_key_by_variable(
    "url=f.example",
    "ZITUI_KEY_FILE=/e.json",
    "flags https://f.example key:/e.json"
)]
#[case::url_of_a_profile_finds_its_credential(
    "url=https://test.example/",
    "",
    "flags https://test.example token-file:/test.token"
)]
#[case::all_by_environment(
    "",
    "ZITUI_URL=e.example ZITUI_TOKEN=pat",
    "environment https://e.example token:pat"
)]
#[case::token_file_by_environment(
    "",
    "ZITUI_URL=e.example ZITUI_TOKEN_FILE=/e.token",
    "environment https://e.example token-file:/e.token"
)]
#[case::url_by_variable_and_key_by_flag(
    "key=/f.json",
    "ZITUI_URL=e.example ZITUI_TOKEN=pat",
    "environment https://e.example key:/f.json"
)]
#[case::both_variables_mean_the_same(
    "",
    "ZITUI_URL=https://test.example ZITUI_PROFILE=test",
    "test https://test.example token-file:/test.token"
)]
fn takes_flag_then_environment_then_file(
    #[case] given: &str,
    #[case] variables: &str,
    #[case] expected: &str,
) {
    let profile = select(&flags(given), &environment(variables), &file(FILE)).expect("no contradiction");
    assert_eq!(selected(&profile.expect("a profile")), expected);
}

#[rstest]
#[case::key_of_another_address("url=f.example", "", ProblemKind::NotSignedIn, "--key-file")]
#[case::variable_with_key_of_another_address(
    "",
    "ZITUI_URL=e.example",
    ProblemKind::NotSignedIn,
    "--key-file"
)]
#[case::nothing_to_sign_in_with("profile=bare", "", ProblemKind::NotSignedIn, "--key-file")]
#[case::unknown_profile("profile=prd", "", ProblemKind::Usage, "did you mean prod?")]
#[case::unknown_profile_variable("", "ZITUI_PROFILE=prd", ProblemKind::Usage, "did you mean prod?")]
#[case::two_instances("", "ZITUI_URL=e.example ZITUI_PROFILE=test", ProblemKind::Usage, "unset one")]
#[case::two_credentials(
    "",
    "ZITUI_TOKEN=pat ZITUI_KEY_FILE=/e.json",
    ProblemKind::Usage,
    "unset all but one"
)]
#[case::url_and_profile("url=f.example profile=test", "", ProblemKind::Usage, "leave out one")]
#[case::key_and_token("key=/f.json token=/f.token", "", ProblemKind::Usage, "leave out one")]
#[case::plain_http("url=http://f.example key=/f.json", "", ProblemKind::Usage, "use https")]
fn never_guesses(#[case] given: &str, #[case] variables: &str, #[case] kind: ProblemKind, #[case] fix: &str) {
    let problem = select(&flags(given), &environment(variables), &file(FILE)).expect_err("must be refused");
    assert_eq!(problem.kind, kind, "{problem}");
    assert!(problem.fix.as_str().contains(fix), "{problem}");
}

#[test]
fn without_anything_there_is_no_profile_but_a_credential_alone_is_a_mistake() {
    let nothing = Configuration::default();
    assert!(select(&flags(""), &environment(""), &nothing).expect("fine").is_none());
    for (given, variables) in [("key=/f.json", ""), ("", "ZITUI_TOKEN=pat")] {
        let problem = select(&flags(given), &environment(variables), &nothing).expect_err("a mistake");
        assert!(problem.fix.as_str().contains("--url"), "{problem}");
    }
}

#[test]
fn the_only_profile_needs_no_name() {
    let only = file("[profiles.one]\nurl = \"one.example\"\nkey_file = \"/one.json\"\n");
    let profile = select(&flags(""), &environment(""), &only).expect("fine").expect("a profile");
    assert_eq!(selected(&profile), "one https://one.example key:/one.json");
}

#[test]
fn safety_settings_and_certificates_come_along_and_a_flag_only_tightens() {
    let configuration = file(FILE);
    let test = select(&flags("profile=test ca=/f.pem"), &environment(""), &configuration);
    let test = test.expect("fine").expect("a profile");
    assert!(test.read_only && test.api == ApiChoice::V1);
    assert_eq!(test.ca_file.as_deref(), Some(Path::new("/f.pem")));
    let tightened = Flags { read_only: true, ..Flags::default() };
    let prod = select(&tightened, &environment("ZITUI_CA_FILE=/e.pem"), &configuration);
    let prod = prod.expect("fine").expect("a profile");
    assert!(prod.read_only && prod.protected);
    assert_eq!(prod.ca_file.as_deref(), Some(Path::new("/e.pem")));
}

#[test]
fn the_theme_follows_the_same_order() {
    let configuration = file(FILE);
    let chosen = |flag, variables| theme(flag, &environment(variables), &configuration);
    assert_eq!(chosen(None, ""), Ok(Some(ThemeChoice::Mono)));
    assert_eq!(chosen(None, "ZITUI_THEME=high-contrast"), Ok(Some(ThemeChoice::HighContrast)));
    assert_eq!(
        chosen(Some(ThemeChoice::Default), "ZITUI_THEME=high-contrast"),
        Ok(Some(ThemeChoice::Default))
    );
    assert_eq!(theme(None, &environment(""), &Configuration::default()), Ok(None));
    assert_eq!(chosen(None, "ZITUI_THEME=pink").expect_err("unknown").kind, ProblemKind::Usage);
}

#[test]
fn only_profiles_that_can_sign_in_are_offered() {
    let names: Vec<String> = offered(&file(FILE)).into_iter().map(|profile| profile.name).collect();
    assert_eq!(names, ["prod", "test"]);
}
