//! Commands that write: what they say, what they refuse, and what holds afterwards.

use rstest::rstest;
use zitui::demo::{Effect, Fault, Version};

use crate::stage::Stage;

#[rstest]
#[case::instance("--instance", "IAM_OWNER_VIEWER", "instance")]
#[case::organization("--org Globex", "ORG_OWNER_VIEWER", "organization")]
#[case::project("--project Billing", "PROJECT_OWNER_VIEWER", "project")]
#[case::namesake_project("--project Portal --org Globex", "PROJECT_OWNER_VIEWER", "project")]
#[case::grant("--grant 401", "PROJECT_GRANT_OWNER_VIEWER", "project grant")]
#[case::grant_by_names("--grant Portal->initech.example", "PROJECT_GRANT_OWNER_VIEWER", "project grant")]
fn managers_come_and_go_on_every_level_in_every_version(
    #[case] place: &str,
    #[case] role: &str,
    #[case] level: &str,
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let added = stage.line(&format!("managers add {place} --user 202 --role {role} --yes -o json")).exits(0);
    assert_eq!(added.rows("/result"), ["added"]);
    assert_eq!(added.rows("/resource/level"), [level]);
    let listed =
        stage.line(&format!("managers list {} -o ids", place.replace("--instance", "--level instance")));
    assert!(listed.exits(0).stdout.lines().any(|id| id == "202"));
    let removed = stage.line(&format!("managers remove {place} --user deploy-bot --yes -o json")).exits(0);
    assert_eq!(removed.rows("/result"), ["removed"]);
    let again = stage.line(&format!("managers remove {place} --user deploy-bot --yes -o json")).exits(0);
    assert_eq!(again.rows("/result"), ["already_no_manager"]);
}

#[test]
fn a_dry_run_shows_every_resource_with_its_difference() {
    let stage = Stage::new();
    let lines = "user,organization,project,grant,roles\n\
                 globex-viewer,Globex,,,ORG_USER_MANAGER\n\
                 globex-viewer,Globex,,,ORG_OWNER\n\
                 alice.two,,Portal,Initech,PROJECT_GRANT_OWNER\n";
    let run = stage.fed("managers set --from - --dry-run", lines).exits(2);
    insta::assert_snapshot!(run.stderr, @r"
    error: Line 3: Cannot tell which roles Globex viewer (globex-viewer, id 203) shall hold
      Caused by: Globex is set twice to different roles

    hint: name each user once for each resource
    nothing was changed
    ");
    let run = stage.fed("managers add --from - --dry-run", lines).exits(0);
    insta::assert_snapshot!(stage.steady(&run.stderr), @r"
    on URL (profile environment), as zitui service (zitui)

    Organization Globex (id 102)
      Globex viewer (globex-viewer, id 203)
          ORG_OWNER_VIEWER
        + ORG_USER_MANAGER
        + ORG_OWNER
        warning: ORG_OWNER can make others manager

    Project grant Portal → Initech (id 401) of Globex
      Alice Adams (alice.two, id 206)
        already holds; nothing to do
          PROJECT_GRANT_OWNER
    ");
    insta::assert_snapshot!(run.stdout, @r"
    LINE  RESULT         LOGIN NAME     NAME           RESOURCE          ROLES                                          USER ID
    2, 3  planned        globex-viewer  Globex viewer  Globex            ORG_OWNER_VIEWER, ORG_USER_MANAGER, ORG_OWNER  203
    4     already holds  alice.two      Alice Adams    Portal → Initech  PROJECT_GRANT_OWNER                            206
    ");
}

#[test]
fn set_leaves_exactly_the_named_roles() {
    let stage = Stage::new();
    let line = "managers set --org Globex --user globex-viewer --role ORG_USER_MANAGER --yes -o json";
    let run = stage.line(line).exits(0);
    assert_eq!(run.rows("/roles"), [r#"["ORG_USER_MANAGER"]"#]);
    assert_eq!(run.rows("/removed"), [r#"["ORG_OWNER_VIEWER"]"#]);
}

#[test]
fn a_lock_out_takes_the_name_of_its_resource() {
    let stage = Stage::new();
    let line = "managers remove --org Globex --user alice --yes";
    stage.line(line).exits(6).complains("the last ORG_OWNER").complains("--allow-lockout \"Globex\"");
    stage.line(&format!("{line} --allow-lockout Acme")).exits(6);
    stage.line(&format!("{line} --confirm Globex")).exits(6);
    let still = stage.line("managers list --org Globex --role ORG_OWNER -o ids").exits(0);
    assert_eq!(still.stdout, "205\n");
    stage.line(&format!("{line} --allow-lockout Globex")).exits(0);
}

#[test]
fn an_owner_who_cannot_sign_in_is_not_enough() {
    let stage = Stage::new();
    stage.line("managers add --org Globex --user lena --role ORG_OWNER --yes").exits(0);
    stage.line("managers remove --org Globex --user alice --yes").exits(6).complains("cannot sign in");
}

#[test]
fn the_own_power_is_guarded() {
    let stage = Stage::new();
    stage.line("managers remove --instance --user zitui --yes").exits(6).complains("from yourself");
}

#[test]
fn more_than_ten_changes_on_several_resources_take_the_host() {
    let stage = Stage::new();
    let mut lines = String::from("user,organization,roles\n");
    for user in ["201", "202", "203", "204", "206", "207"] {
        for organization in ["102", "103"] {
            lines = lines + user + "," + organization + ",ORG_SETTINGS_MANAGER\n";
        }
    }
    stage.file("many.csv", &lines);
    let host = stage.demo.url().trim_start_matches("http://").to_owned();
    let line = "managers add --from many.csv --yes -o json";
    stage.line(line).exits(6).complains("12 managers at once").complains(&host);
    let run = stage.line(&format!("{line} --allow-lockout {host}")).exits(0);
    assert_eq!(run.rows("/lines/0"), (2..14).map(|line| line.to_string()).collect::<Vec<_>>());
}

#[test]
fn one_line_that_means_nothing_stops_the_file() {
    let stage = Stage::new();
    let lines = "{\"user\":\"202\",\"organization\":\"Globex\",\"roles\":[\"ORG_OWNER\"]}\n\
                 {\"user\":\"ghost\",\"organization\":\"Globex\",\"roles\":[\"ORG_OWNER\"]}\n\
                 {\"user\":\"202\",\"organization\":\"Initech\",\"roles\":[\"ORG_OWNER\"]}\n";
    let run = stage.fed("managers add --from - --yes -o json", lines).exits(5);
    let run = run
        .complains("Line 2: There is no user ghost")
        .complains("Line 3: The organization Initech is ambiguous");
    assert_eq!(run.rows("/result"), ["not_started", "not_understood", "not_understood"]);
    assert!(stage.demo.requests().iter().all(|request| !request.contains("CreateAdministrator")));
}

#[rstest]
#[case::no_resource(
    "managers add --user x --role ORG_OWNER --yes",
    "--instance, --org, --project and --grant"
)]
#[case::no_user("managers add --org Globex --role ORG_OWNER --yes", "--user")]
#[case::two_owners("managers add --org A --org B --project P --user x --role R --yes", "one owner")]
#[case::instance_and_org("managers add --instance --org A --user x --role R --yes", "cannot be used with")]
#[case::file_and_flags("managers add --from x.csv --org A --yes", "cannot be used with")]
#[case::no_file("managers add --from nowhere.csv --yes", "nowhere.csv")]
#[case::columns_of_json("managers list --org Globex -o json --columns roles", "JSON and ids have none")]
#[case::unknown_column("managers list --org Globex --columns rolse", "did you mean roles?")]
#[case::level_and_org("roles --org Globex --level project", "leave out one")]
fn wrong_usage_exits_2_before_anything_is_written(#[case] line: &str, #[case] text: &str) {
    let run = Stage::new().line(line).exits(2).complains(text);
    assert_eq!(run.stdout, "");
}

#[test]
fn one_refusal_of_the_server_does_not_stop_the_others() {
    let stage = Stage::new();
    let refused = Effect::Status { status: 403, retry_after: None, html: false };
    stage.demo.faults().switch_on(Fault::new(refused).on("CreateAdministrator").times(1));
    let line = "managers add --org Globex --user 202 --user 204 --role ORG_OWNER_VIEWER --yes -o json";
    let run = stage.line(line).exits(4);
    // Both are under way at once; which of them the server refuses is its affair.
    let mut results = run.rows("/result");
    results.sort();
    assert_eq!(results, ["added", "failed"]);
}

#[test]
fn who_may_only_read_is_told_what_lacks() {
    let stage = Stage::new();
    let line = "managers remove --org Globex --user alice --yes";
    stage.line_as("globex-viewer", line).exits(4).complains("org.member.write");
}

#[test]
fn an_undo_takes_back_what_was_done_and_nothing_else() {
    let stage = Stage::new();
    stage.line("managers set --org Globex --user globex-viewer --role ORG_USER_MANAGER --yes").exits(0);
    stage.line("managers add --org Globex --user globex-viewer --role ORG_SETTINGS_MANAGER --yes").exits(0);
    let ids = stage.line("history -o ids").exits(0).stdout;
    let set = ids.lines().last().expect("the first change");
    let run = stage.line(&format!("history undo {set} --dry-run")).exits(0);
    insta::assert_snapshot!(stage.steady(&run.stderr), @r"
    on URL (profile environment), as zitui service (zitui)

    Organization Globex (id 102)
      Globex viewer (globex-viewer, id 203)
          ORG_SETTINGS_MANAGER
        + ORG_OWNER_VIEWER
        − ORG_USER_MANAGER
    ");
    let undone = stage.line(&format!("history undo {set} --yes -o json")).exits(0);
    assert_eq!(undone.rows("/roles"), [r#"["ORG_SETTINGS_MANAGER","ORG_OWNER_VIEWER"]"#]);
    let entry = stage.line("history -o json").exits(0).json();
    assert_eq!(entry["rows"][0]["undoes"].as_str(), Some(set));
    stage.line(&format!("history undo {set} --yes")).exits(0).complains("nothing is left to take back");
    stage.line("history undo zzz --yes").exits(5).complains("no change zzz");
    stage.line(&format!("history undo {set} --yes --read-only")).exits(6).complains("read-only");
}
