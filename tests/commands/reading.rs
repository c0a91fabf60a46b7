//! Commands that read: each format of each, and what cannot be read.

use rstest::rstest;
use zitui::demo::{Effect, Fault, Version};

use crate::stage::Stage;

/// Standard output and standard error of a command that succeeds.
fn shown(line: &str) -> String {
    let stage = Stage::new();
    let run = stage.line(line).exits(0);
    let aside = if run.stderr.is_empty() { String::new() } else { format!("--- aside\n{}", run.stderr) };
    stage.steady(&format!("{}{aside}", run.stdout))
}

#[test]
fn organizations() {
    insta::assert_snapshot!(shown("orgs list --search globex"), @r"
    NAME    PRIMARY DOMAIN  STATE   ID
    Globex  globex.example  active  102
    ");
    insta::assert_snapshot!(shown("orgs list --search globex -o csv"), @r"
    name,primary_domain,state,id
    Globex,globex.example,active,102
    ");
    insta::assert_snapshot!(shown("orgs list --search globex -o jsonl"), @r#"
    {"id":"102","kind":"organizations","name":"Globex","primary_domain":"globex.example","state":"active","zitui":1}
    "#);
    insta::assert_snapshot!(shown("orgs list --search globex -o ids"), @r"
    102
    ");
    insta::assert_snapshot!(shown("orgs show Globex"), @r"
    Name            Globex
    Primary domain  globex.example
    State           active
    Id              102

    Managers: 2
    LOGIN NAME     NAME           KIND     ROLES             SINCE       USER ID
    alice          Alice Adams    human    ORG_OWNER         2024-03-06  205
    globex-viewer  Globex viewer  service  ORG_OWNER_VIEWER  2024-01-02  203

    Projects: 2
    NAME     ORGANIZATION  STATE   ID
    Billing  Globex        active  303
    Portal   Globex        active  302

    Granted projects: 0
    ");
    insta::assert_snapshot!(shown("orgs show Globex -o csv"), @r#"
    field,value
    name,Globex
    primary_domain,globex.example
    state,active
    id,102
    managers,"alice, Alice Adams, human, ORG_OWNER, 2024-03-06, 205"
    managers,"globex-viewer, Globex viewer, service, ORG_OWNER_VIEWER, 2024-01-02, 203"
    projects,"Billing, Globex, active, 303"
    projects,"Portal, Globex, active, 302"
    "#);
}

#[test]
fn users() {
    insta::assert_snapshot!(shown("users search alice"), @r"
    LOGIN NAME  NAME         KIND   STATE   EMAIL                   ID
    alice       Alice Adams  human  active  alice@mail.example      205
    alice.two   Alice Adams  human  active  alice.two@mail.example  206
    ");
    insta::assert_snapshot!(shown("users search alice -o csv --columns id,email"), @r"
    id,email
    205,alice@mail.example
    206,alice.two@mail.example
    ");
    insta::assert_snapshot!(shown("users search alice -o ids"), @r"
    205
    206
    ");
    insta::assert_snapshot!(shown("users search nothing-like-this"), @r"
    LOGIN NAME  NAME  KIND  STATE  EMAIL  ID
    --- aside
    no user that you may see fits
    ");
    insta::assert_snapshot!(shown("users show alice"), @r"
    Name             Alice Adams
    Login name       alice
    User name        alice
    Email            alice@mail.example
    Kind             human
    State            active
    Id               205
    Organization id  102

    Manages: 2
    LEVEL         RESOURCE  ORGANIZATION  ROLES          SINCE       RESOURCE ID
    organization  Globex    Globex        ORG_OWNER      2024-03-06  102
    project       Portal    Globex        PROJECT_OWNER  2024-03-07  302

    Granted: 2
    TIME                 LEVEL         RESOURCE ID  ROLES          BY
    2024-03-07 08:12:00  project       302          PROJECT_OWNER  zitui service
    2024-03-06 08:12:00  organization  102          ORG_OWNER      zitui service
    ");
    insta::assert_snapshot!(shown("users show alice -o csv --columns email --no-headers"), @r"
    email,alice@mail.example
    ");
}

#[test]
fn projects() {
    insta::assert_snapshot!(shown("projects list --search portal"), @r"
    NAME    ORGANIZATION  STATE   ID
    Portal  Globex        active  302
    Portal  Initech       active  304
    ");
    insta::assert_snapshot!(shown("projects list --org Globex -o csv"), @r"
    name,organization,state,id,organization_id
    Billing,Globex,active,303,102
    Portal,Globex,active,302,102
    ");
    insta::assert_snapshot!(shown("projects list -o ids"), @r"
    301
    303
    302
    304
    ");
    insta::assert_snapshot!(shown("projects show Portal --org Globex"), @r"
    Name             Portal
    Organization     Globex
    State            active
    Id               302
    Organization id  102

    Grants: 1
    PROJECT  ORGANIZATION  GRANTED TO  STATE   ID
    Portal   Globex        Initech     active  401

    Managers: 1
    LOGIN NAME  NAME         KIND   ROLES          SINCE       USER ID
    alice       Alice Adams  human  PROJECT_OWNER  2024-03-07  205
    ");
}

#[test]
fn roles() {
    insta::assert_snapshot!(shown("roles --level project-grant"), @r"
    ROLE                        LEVEL          MAKES MANAGERS OF  SUMMARY
    PROJECT_GRANT_OWNER         project grant  project grant      Full control of this project as it was lent to one organization
    PROJECT_GRANT_OWNER_VIEWER  project grant                     Reads this project as it was lent to one organization, changes nothing
    ");
    insta::assert_snapshot!(shown("roles --level project -o csv --columns role,makes_managers_of"), @r#"
    role,makes_managers_of
    PROJECT_OWNER,"project, project grant"
    PROJECT_OWNER_VIEWER,
    PROJECT_OWNER_GLOBAL,project
    PROJECT_OWNER_VIEWER_GLOBAL,
    "#);
    insta::assert_snapshot!(shown("roles --org Globex -o ids"), @r"
    ORG_OWNER
    ORG_USER_MANAGER
    ORG_OWNER_VIEWER
    ORG_SETTINGS_MANAGER
    ORG_USER_PERMISSION_EDITOR
    ORG_PROJECT_PERMISSION_EDITOR
    ORG_PROJECT_CREATOR
    ORG_ADMIN_IMPERSONATOR
    ORG_END_USER_IMPERSONATOR
    ORG_USER_SELF_MANAGER
    ");
}

#[test]
fn managers() {
    insta::assert_snapshot!(shown("managers list"), @r"
    LEVEL          RESOURCE          ORGANIZATION  LOGIN NAME     NAME           KIND     ROLES                SINCE       USER ID
    instance       Commands                        zitui          zitui service  service  IAM_OWNER            2024-01-02  201
    organization   Acme              Acme          zitui          zitui service  service  ORG_OWNER            2024-01-02  201
    organization   Globex            Globex        alice          Alice Adams    human    ORG_OWNER            2024-03-06  205
    organization   Globex            Globex        globex-viewer  Globex viewer  service  ORG_OWNER_VIEWER     2024-01-02  203
    project        Portal            Globex        alice          Alice Adams    human    PROJECT_OWNER        2024-03-07  205
    project grant  Portal → Initech  Globex        alice.two      Alice Adams    human    PROJECT_GRANT_OWNER  2024-03-08  206
    ");
    insta::assert_snapshot!(shown("managers list --org Globex"), @r"
    LOGIN NAME     NAME           KIND     ROLES             SINCE       USER ID
    alice          Alice Adams    human    ORG_OWNER         2024-03-06  205
    globex-viewer  Globex viewer  service  ORG_OWNER_VIEWER  2024-01-02  203
    ");
    insta::assert_snapshot!(shown("managers list --org Globex --level project"), @r"
    LEVEL    RESOURCE  ORGANIZATION  LOGIN NAME  NAME         KIND   ROLES          SINCE       USER ID
    project  Portal    Globex        alice       Alice Adams  human  PROJECT_OWNER  2024-03-07  205
    ");
    insta::assert_snapshot!(shown("managers list --org Globex --level grant -o ids"), @r"
    206
    ");
    insta::assert_snapshot!(shown("managers list --user alice --no-headers"), @r"
    organization  Globex  Globex  ORG_OWNER      2024-03-06  102
    project       Portal  Globex  PROJECT_OWNER  2024-03-07  302
    ");
    insta::assert_snapshot!(shown("managers list --role IAM_OWNER -o csv"), @r"
    level,resource,organization,login_name,name,kind,roles,since,changed,user_id,resource_id,organization_id,project_id,grant_id,email,user_organization_id
    instance,Commands,,zitui,zitui service,service,IAM_OWNER,2024-01-02,2024-01-02,201,,,,,,101
    ");
    insta::assert_snapshot!(shown("managers list --role IAM_OWNR -o ids"), @r"
    --- aside
    no managers with the role IAM_OWNR; did you mean IAM_OWNER?
    ");
    insta::assert_snapshot!(shown("managers list --grant Portal→initech.example -o jsonl"), @r#"
    {"changed":"2024-03-08T08:12:00Z","created":"2024-03-08T08:12:00Z","kind":"managers","resource":{"grant_id":"401","granted_organization_id":"103","id":"401","level":"project grant","name":"Portal → Initech","organization_id":"102","organization_name":"Globex","project_id":"302"},"roles":["PROJECT_GRANT_OWNER"],"user":{"display_name":"Alice Adams","email":"alice.two@mail.example","id":"206","kind":"human","login_name":"alice.two","organization_id":"103"},"zitui":1}
    "#);
}

#[rstest]
fn all_managers_are_the_same_in_every_version_and_format(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let run = stage.line("managers list -o json").exits(0);
    let keys = |pointer| run.rows(pointer);
    assert_eq!(keys("/resource/level").len(), 6);
    let mut users = keys("/user/login_name");
    users.sort();
    assert_eq!(users, ["alice", "alice", "alice.two", "globex-viewer", "zitui", "zitui"]);
    assert!(keys("/user/display_name").iter().all(|name| !name.is_empty()), "{run:#?}");
    let lines = stage.line("managers list -o jsonl").exits(0).stdout.lines().count();
    let csv = stage.line("managers list -o csv --no-headers").exits(0).stdout.lines().count();
    assert_eq!((lines, csv), (6, 6));
}

#[test]
fn what_cannot_be_read_is_told_and_counts() {
    let stage = Stage::new();
    let run = stage.line_as("globex-viewer", "managers list -o json");
    let run = run.exits(4).complains("could not read");
    assert!(run.rows("/user/login_name").contains(&"alice".to_owned()), "{run:#?}");
    assert!(run.json()["unread"].as_array().is_some_and(|unread| !unread.is_empty()));
    stage.line_as("globex-viewer", "managers list --partial").exits(0).complains("could not read");
    stage.line_as("nobody", "managers list --level instance").exits(4).complains("iam.member.read");
}

#[test]
fn a_server_that_fails_for_a_part_exits_7_with_the_rest() {
    let stage = Stage::new();
    let broken = Effect::Status { status: 500, retry_after: None, html: false };
    stage.demo.faults().switch_on(Fault::new(broken).on("granted_projects"));
    let run = stage.line("orgs show Globex").exits(7).complains("could not read the granted projects");
    assert!(run.stdout.contains("alice"), "{run:#?}");
}

#[test]
fn quiet_tells_only_errors_and_verbose_tells_more() {
    let stage = Stage::new();
    assert_eq!(stage.line("users search nothing-like-this -q").exits(0).stderr, "");
    stage.line("orgs list -v").exits(0).complains("signed in as zitui");
    stage.line("orgs show nothing-like-this -q").exits(5).complains("There is no organization");
}

#[rstest]
#[case::project("projects show Portl", "did you mean Portal?")]
#[case::namesakes("projects show Portal", "id 304")]
#[case::grant("managers list --grant Portal->Acme", "similar names: Portal → Initech")]
#[case::unknown_grant_id(
    "managers add --grant 999 --user 202 --role PROJECT_GRANT_OWNER --yes",
    "no project grant 999"
)]
#[case::organization("orgs show Globx", "did you mean Globex?")]
#[case::user("users show deploy-bto", "did you mean deploy-bot?")]
fn what_is_not_found_or_ambiguous_exits_5(#[case] line: &str, #[case] text: &str) {
    let run = Stage::new().line(line).exits(5).complains(text);
    assert_eq!(run.stdout, "");
}
