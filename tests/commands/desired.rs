//! `zitui plan` and `zitui apply`: what they show and refuse, and that the state afterwards is the one of the file.

use rstest::rstest;
use zitui::demo::{Effect, Fault, Version};

use crate::stage::Stage;

/// Globex exclusively, its grant additively.
const STATE: &str = r#"version = 1

[[resources]]
organization = "Globex"
exclusive = true
managers = [
  { user = "alice", roles = ["ORG_OWNER"] },
  { user = "deploy-bot", roles = ["ORG_USER_MANAGER", "ORG_SETTINGS_MANAGER"] },
]

[[resources]]
grant = "Portal→initech.example"
managers = [{ user = "202", roles = ["PROJECT_GRANT_OWNER_VIEWER"] }]
"#;

fn fingerprint(stage: &Stage) -> String {
    let run = stage.line("plan state.toml -o json").exits(1);
    run.json()["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

#[test]
fn a_plan_shows_what_would_change_and_writes_nothing() {
    let stage = Stage::new();
    stage.file("state.toml", STATE);
    let run = stage.line("plan state.toml").exits(1);
    let told = stage.steady(&run.stderr).replace(&fingerprint(&stage), "FINGERPRINT");
    insta::assert_snapshot!(told, @r"
    on URL (profile environment), as zitui service (zitui)

    Organization Globex (id 102)
      Deploy Bot (deploy-bot, id 202)
        + ORG_USER_MANAGER
        + ORG_SETTINGS_MANAGER
      Globex viewer (globex-viewer, id 203)
        − ORG_OWNER_VIEWER

    Project grant Portal → Initech (id 401) of Globex
      Deploy Bot (deploy-bot, id 202)
        + PROJECT_GRANT_OWNER_VIEWER

    fingerprint FINGERPRINT; `zitui apply state.toml --expect FINGERPRINT` does this and nothing else
    ");
    insta::assert_snapshot!(run.stdout, @r"
    LINE  RESULT   LOGIN NAME     NAME           RESOURCE          ROLES                                   USER ID
    8     planned  deploy-bot     Deploy Bot     Globex            ORG_USER_MANAGER, ORG_SETTINGS_MANAGER  202
    3     planned  globex-viewer  Globex viewer  Globex                                                    203
    13    planned  deploy-bot     Deploy Bot     Portal → Initech  PROJECT_GRANT_OWNER_VIEWER              202
    ");
    assert!(
        stage
            .demo
            .requests()
            .iter()
            .all(|request| !request.contains("Administrator") || request.contains("List"))
    );
    // Who may only read may look as well.
    stage.line("managers add --instance --user nobody --role IAM_OWNER_VIEWER --yes").exits(0);
    let looked = stage.line_as("nobody", "plan state.toml -o json").exits(1);
    assert_eq!(looked.rows("/result"), ["planned"; 3]);
    stage.line_as("nobody", "apply state.toml --yes").exits(4);
}

#[rstest]
fn after_apply_the_plan_is_empty_in_every_version(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    stage.file("state.toml", STATE);
    let run = stage.line("apply state.toml --yes -o json").exits(0);
    assert_eq!(run.rows("/result"), ["added", "removed", "added"]);
    assert_eq!(run.rows("/user/login_name"), ["deploy-bot", "globex-viewer", "deploy-bot"]);
    // The grant is not exclusive, so that who was there stays.
    let left = stage.line("managers list --grant 401 -o csv --columns login_name --no-headers").exits(0);
    assert_eq!(left.stdout, "alice.two\ndeploy-bot\n");
    let left = stage.line("managers list --org Globex -o csv --columns login_name --no-headers").exits(0);
    assert_eq!(left.stdout, "alice\ndeploy-bot\n");
    let run = stage.line("plan state.toml -o json").exits(0);
    assert_eq!(run.rows("/result"), Vec::<String>::new());
    stage.line("apply state.toml --yes").exits(0).complains("nothing to change: 3 managers on 2 resources");
    assert_eq!(
        stage.line("history -o ids").exits(0).stdout.lines().count(),
        3,
        "each write is in the journal"
    );
}

#[rstest]
fn a_saved_state_plans_to_nothing(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
    #[values("toml", "json")] kind: &str,
) {
    let stage = Stage::of(version);
    stage
        .line(&format!("snapshot save saved.{kind} --as-plan"))
        .exits(0)
        .complains("saved the managers of 5 resources");
    stage.line(&format!("plan saved.{kind}")).exits(0).complains("6 managers on 5 resources are as");
    stage.line("managers set --project 302 --org Globex --user alice --role PROJECT_OWNER_VIEWER --yes --allow-lockout 302").exits(0);
    stage.line("managers add --project 302 --org Globex --user 202 --role PROJECT_OWNER --yes").exits(0);
    let run = stage.line(&format!("apply saved.{kind} --yes -o json")).exits(0);
    assert_eq!(run.rows("/result"), ["changed", "removed"]);
    assert_eq!(run.rows("/roles"), [r#"["PROJECT_OWNER"]"#, "[]"]);
    stage.line(&format!("plan saved.{kind}")).exits(0);
}

#[test]
fn a_limited_manager_saves_what_it_sees_and_no_removal_of_others() {
    let stage = Stage::new();
    let run = stage.line_as("globex-viewer", "snapshot save - --as-plan").exits(4);
    assert!(run.stdout.contains("organization = \"102\"\nexclusive = true"), "{run:?}");
    assert!(!run.stdout.contains("instance = true"), "{run:?}");
    run.complains("could not be read and are left out");
}

#[test]
fn a_change_by_hand_between_plan_and_apply_is_detected() {
    let stage = Stage::new();
    stage.file("state.toml", STATE);
    let seen = fingerprint(&stage);
    assert_eq!(fingerprint(&stage), seen);
    stage.line("managers set --org Globex --user globex-viewer --role ORG_USER_MANAGER --yes").exits(0);
    let run = stage.line(&format!("apply state.toml --yes --expect {seen}")).exits(6);
    let run = run.complains("the difference is another now").complains("− ORG_USER_MANAGER");
    assert_eq!(run.stdout, "");
    assert!(
        !stage.line("managers list --org Globex -o ids").exits(0).stdout.contains("202"),
        "nothing was written"
    );
    let now = fingerprint(&stage);
    assert_ne!(now, seen);
    stage.line(&format!("apply state.toml --yes --expect {now}")).exits(0);
    // What is so already can be applied again with the same line.
    stage.line(&format!("apply state.toml --yes --expect {now}")).exits(0).complains("nothing to change");
}

#[rstest]
#[case::before_it_was_carried_out(Effect::CutBefore, "not_done")]
#[case::before_its_answer(Effect::CutAfter, "removed")]
fn half_of_it_done_and_again_ends_right(
    #[case] effect: Effect,
    #[case] result: &str,
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    stage.file("state.toml", STATE);
    let fault = match version {
        Version::V4_15 => Fault::new(effect).on("DeleteAdministrator"),
        _ => Fault::new(effect).on("members/203").method("DELETE"),
    };
    stage.demo.faults().switch_on(fault);
    let run = stage.line("apply state.toml --yes -o json").exits(if result == "removed" { 0 } else { 7 });
    assert_eq!(run.rows("/result"), ["added", result, "added"]);
    stage.demo.faults().clear();
    stage.line("apply state.toml --yes").exits(0);
    stage.line("plan state.toml").exits(0);
}

/// The server hides the role there, but takes it, so that a saved state with it can be restored.
#[rstest]
fn an_owner_of_a_project_of_the_default_organization_can_be_desired(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    stage.file(
        "state.toml",
        "version = 1\n[[resources]]\norganization = \"Acme\"\nproject = \"ZITADEL\"\n\
         managers = [{ user = \"deploy-bot\", roles = [\"PROJECT_OWNER\"] }]\n",
    );
    stage.line("apply state.toml --yes").exits(0);
    stage.line("plan state.toml").exits(0);
}

#[test]
fn the_owners_stay_when_the_one_who_should_come_does_not() {
    let stage = Stage::new();
    stage.file(
        "state.toml",
        "version = 1\n[[resources]]\norganization = \"Globex\"\nexclusive = true\n\
         managers = [{ user = \"deploy-bot\", roles = [\"ORG_OWNER\"] }]\n",
    );
    let before = stage.line("managers list --org Globex --role ORG_OWNER -o ids").exits(0).stdout;
    assert!(!before.is_empty());
    let fault = Fault::new(Effect::CutBefore).on("CreateAdministrator");
    stage.demo.faults().switch_on(fault);
    let run = stage.line("apply state.toml --yes -o json").exits(7);
    assert!(run.stderr.contains("should have become an owner of Globex before"), "{}", run.stderr);
    assert_eq!(stage.line("managers list --org Globex --role ORG_OWNER -o ids").exits(0).stdout, before);
    stage.demo.faults().clear();
    stage.line("apply state.toml --yes").exits(0);
    stage.line("plan state.toml").exits(0);
}

#[test]
fn what_locks_somebody_out_takes_the_name_of_its_resource() {
    let stage = Stage::new();
    let text = "version = 1\n[[resources]]\norganization = \"Globex\"\nexclusive = true\n\
                 managers = [{ user = \"globex-viewer\", roles = [\"ORG_OWNER_VIEWER\"] }]\n";
    stage.file("state.toml", text);
    let run = stage.line("plan state.toml -o json").exits(1).complains("the last ORG_OWNER");
    assert_eq!(run.rows("/refused"), ["true"]);
    stage.line("apply state.toml --yes").exits(6).complains("--allow-lockout \"Globex\"");
    // The state after the whole plan counts: a new owner makes the old one dispensable.
    let handed = text.replace(
        "[{ user = \"globex-viewer\"",
        "[{ user = \"202\", roles = [\"ORG_OWNER\"] }, { user = \"globex-viewer\"",
    );
    stage.file("handed.toml", &handed);
    stage.line("apply handed.toml --yes").exits(0);
    stage.file("state.toml", text);
    stage.line("apply state.toml --yes --allow-lockout Globex").exits(0);
}

#[test]
fn a_read_only_profile_plans_and_never_writes() {
    let stage = Stage::new();
    stage.file("state.toml", STATE);
    stage.line("plan state.toml --read-only").exits(1);
    stage.line("apply state.toml --yes --read-only").exits(6).complains("read-only");
    stage.line("apply state.toml --dry-run --read-only").exits(0);
    stage.line("apply state.toml").exits(2).complains("--yes");
}

#[test]
fn names_that_mean_nothing_or_the_same_stop_the_file_with_their_lines() {
    let stage = Stage::new();
    let text = "version = 1\n\
                 [[resources]]\norganization = \"Globex\"\nmanagers = [\n\
                 { user = \"alice\", roles = [\"ORG_OWNER\"] },\n\
                 { user = \"205\", roles = [\"ORG_OWNER\"] },\n\
                 { user = \"ghost\", roles = [\"ORG_OWNER\"] },\n\
                 { user = \"202\", roles = [\"ORG_OWNR\"] },\n]\n\
                 [[resources]]\norganization = \"globex.example\"\nexclusive = true\nmanagers = []\n\
                 [[resources]]\norganization = \"Initech\"\nexclusive = true\nmanagers = []\n";
    stage.file("state.toml", text);
    let run = stage.line("plan state.toml -o json").exits(2);
    let run = run
        .complains("Line 6: Cannot tell which roles Alice Adams")
        .complains("Line 7: There is no user ghost")
        .complains("did you mean ORG_OWNER")
        .complains("Line 10: Cannot tell who shall manage the resource")
        .complains("Line 14: The organization Initech is ambiguous");
    assert_eq!(run.rows("/lines/0"), ["6", "7", "8", "10", "14"]);
    stage.line("apply state.toml --yes").exits(2);
    stage.file("state.toml", "version = 1\nresource = []\n");
    let run = stage.line("plan state.toml").exits(2);
    insta::assert_snapshot!(run.stderr, @r"
    error: Cannot use the desired state state.toml, line 2, column 1
      Caused by: unknown key resource in the file

    hint: did you mean resources?
    ");
}
