//! The formats on reports made by hand, with names as hostile as a server allows.

use clap::Parser;
use jiff::Timestamp;
use jiff::civil::Date;
use rstest::rstest;

use super::report::Report;
use super::*;
use crate::cli::arguments::Arguments;
use crate::cli::csv_line;
use crate::config::environment::Environment;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::{Manager, ManagerUser};
use crate::domain::review::{Evidence, Finding, ReviewReport, Subject};
use crate::domain::role::Role;
use crate::domain::user::UserKind;

const HOSTILE: &str = "=HYPERLINK(\"x\")|`a`|[b](https://evil.example)<img>@octocat\n# Title";

static LONELY: Rule = Rule {
    id: "ZT001",
    title: "Nobody is left",
    severity: Severity::High,
    why: "Why.",
    fix: "Fix.",
    sources: &[],
};
static MANY: Rule = Rule {
    id: "ZT002",
    title: "Power in many organizations",
    severity: Severity::Low,
    why: "Why.",
    fix: "Fix.",
    sources: &[],
};

fn record(name: &str) -> ManagerRecord {
    let user = ManagerUser {
        id: UserId::new("281500000000000001"),
        organization: Some(OrganizationId::new("103")),
        kind: UserKind::Human,
        login_name: "mallory@globex.example".into(),
        display_name: name.into(),
        email: None,
    };
    ManagerRecord {
        manager: Manager {
            user,
            resource: Resource::Organization(OrganizationId::new("103")),
            roles: vec![Role::new("ORG_OWNER")],
            created: None,
            changed: None,
        },
        resource_name: name.into(),
        organization_name: name.into(),
    }
}

fn acceptance(finding: &str, until: [i8; 2]) -> Acceptance {
    Acceptance {
        finding: finding.into(),
        reason: "by design | really".into(),
        author: "=Ada".into(),
        until: Date::new(2027, until[0], until[1]).expect("a day"),
    }
}

fn findings(name: &str) -> Vec<Finding> {
    let resource = Resource::Organization(OrganizationId::new("103"));
    let about = Subject::Resource { resource, name: name.into(), organization_name: name.into() };
    vec![
        Finding {
            rule: &LONELY,
            severity: Severity::Critical,
            subject: about,
            managers: Vec::new(),
            reason: format!("Nobody who can sign in owns {name}.").into(),
            fix: "Make somebody owner.".into(),
            commands: vec!["zitui managers add --org 103 --user USER --role ORG_OWNER".to_owned()],
            accepted: None,
        },
        Finding {
            rule: &MANY,
            severity: Severity::Low,
            subject: Subject::User(record(name).manager.user),
            managers: vec![record(name); 7],
            reason: format!("{name} holds power in 7 organizations, which is more than most people need.")
                .into(),
            fix: "Take what is not needed.".into(),
            commands: Vec::new(),
            accepted: Some(acceptance("ZT002/user/281500000000000001", [1, 31])),
        },
    ]
}

fn evidence() -> Evidence {
    Evidence {
        now: "2027-02-01T10:00:00Z".parse::<Timestamp>().expect("a time"),
        instance_name: "auth.example.com".into(),
        default_organization: None,
        own_user: UserId::new("1"),
        records: Vec::new(),
        users: std::collections::HashMap::new(),
        all_users_readable: false,
        organizations: std::collections::HashMap::new(),
        projects: std::collections::HashMap::new(),
        grants: std::collections::HashMap::new(),
        unread_resources: std::collections::HashSet::new(),
        complete: false,
        offered: std::collections::HashMap::new(),
        applications: std::collections::HashMap::new(),
        credentials: std::collections::HashMap::new(),
        events: None,
        unread: Vec::new(),
    }
}

fn found(name: &str) -> ReviewReport {
    let problem = Problem::new(
        ProblemKind::PermissionMissing,
        "Cannot read",
        "org.member.read is missing",
        "ask an owner",
    );
    ReviewReport {
        findings: findings(name),
        unjudged: vec![(&MANY, "Judged in part only.".into())],
        unread: vec![UnreadPart { resource: None, name: format!("managers of {name}").into(), problem }],
        stale: vec![acceptance("ZT002/user/7", [1, 31]), acceptance("ZT001/instance", [3, 1])],
        managers: 9,
        users: 1,
        resources: 8,
    }
}

fn wanted() -> Wanted {
    Wanted {
        settings: ReviewSettings::default(),
        rules: vec![&LONELY, &MANY],
        file: None,
        accepted: Vec::new(),
        least: Severity::Info,
        fail_on: None,
        with_accepted: true,
        partial: false,
    }
}

fn output() -> Output {
    let arguments = Arguments::try_parse_from(["zitui"]).expect("understood");
    Output::new(&arguments.global, &Environment::of([]))
}

#[test]
fn a_terminal_shows_everything_within_80_columns_but_keys_and_commands() {
    let (evidence, wanted) = (evidence(), wanted());
    let report = Report::new(&evidence, found("Globex"), &wanted);
    let text = text::text(&report, &output());
    let wide = |line: &&str| line.chars().count() > 80 && !line.contains("Key: ") && !line.contains("$ ");
    assert_eq!(text.lines().find(wide), None);
    insta::assert_snapshot!(text, @r"
    Access review of auth.example.com: 9 managers (1 user) on 8 resources

    CRITICAL: 1 finding
      ZT001  Nobody is left: the organization Globex
             Nobody who can sign in owns Globex.
             Fix: Make somebody owner.
             $ zitui managers add --org 103 --user USER --role ORG_OWNER
             Key: ZT001/organization/103

    LOW: 1 finding
      ZT002  Power in many organizations: Globex (mallory@globex.example)
             Globex holds power in 7 organizations, which is more than most people
             need.
             - Globex (mallory@globex.example): ORG_OWNER on the organization Globex
             - Globex (mallory@globex.example): ORG_OWNER on the organization Globex
             - Globex (mallory@globex.example): ORG_OWNER on the organization Globex
             - Globex (mallory@globex.example): ORG_OWNER on the organization Globex
             - Globex (mallory@globex.example): ORG_OWNER on the organization Globex
             - and 2 more
             Fix: Take what is not needed.
             Accepted: =Ada until 2027-01-31: by design | really
             Key: ZT002/user/281500000000000001

    COULD NOT BE READ
      managers of Globex: org.member.read is missing (ask an owner)

    COULD NOT BE JUDGED, WHOLLY OR IN PART
      ZT002 Power in many organizations: Judged in part only.

    ACCEPTANCES TO REMOVE
      ZT002/user/7 has ended: accepted by =Ada until 2027-01-31 (by design | really)
      ZT001/instance fits no finding any more: accepted by =Ada until 2027-03-01 (by
      design | really)

    TOTAL
      1 critical, 1 accepted
      not read: 1 part
    ");
}

#[test]
fn markdown_shows_names_as_they_are_and_keeps_its_tables() {
    let (evidence, wanted) = (evidence(), wanted());
    let report = Report::new(&evidence, found("|`a`|[b](https://evil.example)<img>@octocat\n# T"), &wanted);
    let text = markdown::markdown(&report);
    let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 6, "{text}");
    assert!(table.iter().all(|line| cells(line) == 7), "{table:#?}");
    insta::assert_snapshot!(text, @r"
    # Access review of auth.example.com

    9 managers (1 user) on 8 resources: 1 critical, 1 accepted.

    ## Critical (1)

    | rule | about | why | managers | what to do | key |
    |---|---|---|---|---|---|
    | ZT001 Nobody is left | the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T | Nobody who can sign in owns \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T. |  | Make somebody owner.<br>`zitui managers add --org 103 --user USER --role ORG_OWNER` | `ZT001/organization/103` |

    ## Low (1)

    | rule | about | why | managers | what to do | key |
    |---|---|---|---|---|---|
    | ZT002 Power in many organizations | \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example) | \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T holds power in 7 organizations, which is more than most people need. | \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T<br>\|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T (mallory@globex.example): ORG_OWNER on the organization \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T | Take what is not needed.<br>Accepted by =Ada until 2027-01-31: by design \| really | `ZT002/user/281500000000000001` |

    ## What could not be read

    - managers of \|\`a\`\|\[b\](https\://evil.example)\<img\>@<!-- -->octocat\\u{a}# T: org.member.read is missing (ask an owner)

    ## Rules that could not be judged, wholly or in part

    - ZT002 Power in many organizations: Judged in part only.

    ## Acceptances to remove

    - ZT002/user/7 has ended: accepted by =Ada until 2027-01-31 (by design \| really)
    - ZT001/instance fits no finding any more: accepted by =Ada until 2027-03-01 (by design \| really)
    ");
}

#[test]
fn a_line_of_csv_has_every_column_and_no_formula() {
    let (evidence, wanted) = (evidence(), wanted());
    let report = Report::new(&evidence, found(HOSTILE), &wanted);
    let rows: Vec<_> = rows::rows(&report).collect();
    let lines: String = rows.iter().map(|row| csv_line::line(row.texts.iter().map(String::as_str))).collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(lines.as_bytes());
    let read: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
    let entries: Vec<&str> = read.iter().filter_map(|line| line.get(0)).collect();
    assert_eq!(entries, ["finding", "finding", "unread", "unjudged", "stale", "stale"]);
    assert!(read.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{read:#?}");
}

#[rstest]
#[case::everything(Severity::Info, true, 2, 0)]
#[case::without_accepted(Severity::Info, false, 1, 0)]
#[case::only_high(Severity::High, true, 1, 0)]
fn what_is_left_out_is_counted(
    #[case] least: Severity,
    #[case] with_accepted: bool,
    #[case] shown: usize,
    #[case] below: usize,
) {
    let (evidence, wanted) = (evidence(), Wanted { least, with_accepted, ..wanted() });
    let report = Report::new(&evidence, found("Globex"), &wanted);
    assert_eq!((report.shown().count(), report.below(), report.accepted()), (shown, below, 1));
}

#[test]
fn one_rule_leaves_out_what_others_found_and_fails_by_its_own_only() {
    let (evidence, wanted) = (evidence(), Wanted { rules: vec![&MANY], ..wanted() });
    let report = Report::new(&evidence, found("Globex"), &wanted);
    assert!(report.everything().iter().all(|finding| finding.rule == &MANY));
    assert!(!report.fails(Severity::Info), "the only one is accepted");
    let stale: Vec<&str> = report.stale().map(|(stale, _)| stale.finding.as_str()).collect();
    assert_eq!(stale, ["ZT002/user/7"]);
    assert_eq!(report.unread().len(), 1);
}

#[test]
fn an_acceptance_that_ended_says_so() {
    let (evidence, wanted) = (evidence(), wanted());
    let report = Report::new(&evidence, found("Globex"), &wanted);
    let why: Vec<&str> = report.stale().map(|(_, why)| why).collect();
    assert_eq!(why, ["has ended", "fits no finding any more"]);
}

#[rstest]
#[case::usual("zitui-review.toml", "zitui-review.toml")]
#[case::below("access/accepted ones.toml", "access/accepted%20ones.toml")]
#[case::elsewhere("/etc/accepted.toml", "zitui-review.toml")]
#[case::above("../accepted.toml", "zitui-review.toml")]
fn a_place_in_the_repository_is_a_relative_reference(#[case] file: &str, #[case] expected: &str) {
    let (evidence, wanted) = (evidence(), Wanted { file: Some(PathBuf::from(file)), ..wanted() });
    let log = sarif::log(&Report::new(&evidence, found(HOSTILE), &wanted));
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(log.pointer(uri).and_then(serde_json::Value::as_str), Some(expected));
}

#[test]
fn sarif_tells_findings_apart_and_says_which_are_accepted() {
    let (evidence, wanted) = (evidence(), wanted());
    let log = sarif::log(&Report::new(&evidence, found(HOSTILE), &wanted));
    let text = |pointer: &str| log.pointer(pointer).map(ToString::to_string).unwrap_or_default();
    let hash = "partialFingerprints/primaryLocationLineHash";
    assert_ne!(text(&format!("/runs/0/results/0/{hash}")), text(&format!("/runs/0/results/1/{hash}")));
    assert_eq!(text("/runs/0/results/0/suppressions"), "[]");
    assert!(text("/runs/0/results/1/suppressions/0/justification").contains("by design"));
    assert_eq!(text("/runs/0/results/0/level"), "\"error\"");
    assert_eq!(text("/runs/0/results/1/level"), "\"note\"");
    assert!(
        text("/runs/0/invocations/0/toolExecutionNotifications/0/message/text").contains("org.member.read")
    );
    assert!(
        text("/runs/0/invocations/0/toolConfigurationNotifications/0/message/text").contains("has ended")
    );
}
