//! `zitui review`: every format, what fails, what is accepted, and what a limited manager does not see.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::Value;
use zitui::demo::{UserState, Version, World};
use zitui::domain::review::RULES;

use crate::stage::{Run, Stage};

const FORMATS: [&str; 7] = ["table", "markdown", "json", "jsonl", "csv", "ids", "sarif"];

/// Both streams of a review.
fn shown(line: &str) -> String {
    let stage = Stage::new();
    let run = stage.line(line).exits(0);
    let aside = if run.stderr.is_empty() { String::new() } else { format!("--- aside\n{}", run.stderr) };
    stage.steady(&format!("{}{aside}", run.stdout))
}

fn keys(run: &Run) -> Vec<String> {
    run.stdout.lines().map(str::to_owned).collect()
}

/// Of a rule that finds nothing else in the world of these tests.
const KEY: &str = "ZR004/instance";

/// All keys but [`KEY`].
fn others(keys: &[String]) -> Vec<String> {
    assert!(keys.iter().any(|key| key == KEY), "{keys:?}");
    keys.iter().filter(|key| *key != KEY).cloned().collect()
}

fn acceptance(finding: &str, until: &str) -> String {
    format!(
        "[[accepted]]\nfinding = \"{finding}\"\nreason = \"by design\"\nauthor = \"Ada\"\nuntil = {until}\n"
    )
}

#[test]
fn for_people() {
    insta::assert_snapshot!(shown("review"), @r"
    Access review of Commands: 6 managers (4 users) on 5 resources

    HIGH: 3 findings
      ZR002  Organization without an owner who can sign in: the organization Initech
             Nobody holds ORG_OWNER on the organization Initech.
             Fix: Make somebody who can sign in ORG_OWNER.
             $ zitui managers list --org 103
             Key: ZR002/organization/103

      ZR002  Organization without an owner who can sign in: the organization Initech
             Nobody holds ORG_OWNER on the organization Initech.
             Fix: Make somebody who can sign in ORG_OWNER.
             $ zitui managers list --org 104
             Key: ZR002/organization/104

      ZR004  Only one owner of the instance who can sign in: the instance
             zitui service is the only IAM_OWNER of the instance who can sign in.
             - zitui service (zitui): IAM_OWNER on the instance
             Fix: Make a second account IAM_OWNER.
             $ zitui managers list --level instance
             Key: ZR004/instance

    MEDIUM: 1 finding
      ZR024  Powerful service user whose key or token never ends: zitui service
             (zitui)
             zitui service, IAM_OWNER and ORG_OWNER on 2 resources, has 1 key that
             never ends.
             - zitui service (zitui): IAM_OWNER on the instance
             - zitui service (zitui): ORG_OWNER on the organization Acme
             Fix: Change over to a key with an end date, and delete what never ends
                  in the console.
             $ zitui users show 201
             Key: ZR024/user/201

    LOW: 2 findings
      ZR005  Only one owner of an organization who can sign in: the organization
             Acme
             zitui service is the only ORG_OWNER of the organization Acme who can
             sign in.
             - zitui service (zitui): ORG_OWNER on the organization Acme
             Fix: Make a second account ORG_OWNER.
             $ zitui managers list --org 101
             Key: ZR005/organization/101

      ZR005  Only one owner of an organization who can sign in: the organization
             Globex
             Alice Adams is the only ORG_OWNER of the organization Globex who can
             sign in.
             - Alice Adams (alice): ORG_OWNER on the organization Globex
             Fix: Make a second account ORG_OWNER.
             $ zitui managers list --org 102
             Key: ZR005/organization/102

    TOTAL
      3 high, 1 medium, 2 low
      everything could be read and judged
    ");
    insta::assert_snapshot!(shown("review --severity critical"), @r"
    Access review of Commands: 6 managers (4 users) on 5 resources

    TOTAL
      3 high, 1 medium, 2 low
      not shown: 6 findings that matter less
      everything could be read and judged
    ");
}

#[test]
fn for_tickets() {
    insta::assert_snapshot!(shown("review -o markdown --severity medium"), @r"
    # Access review of Commands

    6 managers (4 users) on 5 resources: 3 high, 1 medium, 2 low.

    Not shown: 2 findings that matter less.

    ## High (3)

    | rule | about | why | managers | what to do | key |
    |---|---|---|---|---|---|
    | ZR002 Organization without an owner who can sign in | the organization Initech | Nobody holds ORG_OWNER on the organization Initech. |  | Make somebody who can sign in ORG_OWNER.<br>`zitui managers list --org 103` | `ZR002/organization/103` |
    | ZR002 Organization without an owner who can sign in | the organization Initech | Nobody holds ORG_OWNER on the organization Initech. |  | Make somebody who can sign in ORG_OWNER.<br>`zitui managers list --org 104` | `ZR002/organization/104` |
    | ZR004 Only one owner of the instance who can sign in | the instance | zitui service is the only IAM_OWNER of the instance who can sign in. | zitui service (zitui): IAM_OWNER on the instance | Make a second account IAM_OWNER.<br>`zitui managers list --level instance` | `ZR004/instance` |

    ## Medium (1)

    | rule | about | why | managers | what to do | key |
    |---|---|---|---|---|---|
    | ZR024 Powerful service user whose key or token never ends | zitui service (zitui) | zitui service, IAM_OWNER and ORG_OWNER on 2 resources, has 1 key that never ends. | zitui service (zitui): IAM_OWNER on the instance<br>zitui service (zitui): ORG_OWNER on the organization Acme | Change over to a key with an end date, and delete what never ends in the console.<br>`zitui users show 201` | `ZR024/user/201` |

    Everything could be read and judged.
    ");
}

#[test]
fn for_programs() {
    insta::assert_snapshot!(shown("review -o csv --columns entry,severity,rule,key"), @r"
    entry,severity,rule,key
    finding,high,ZR002,ZR002/organization/103
    finding,high,ZR002,ZR002/organization/104
    finding,high,ZR004,ZR004/instance
    finding,medium,ZR024,ZR024/user/201
    finding,low,ZR005,ZR005/organization/101
    finding,low,ZR005,ZR005/organization/102
    ");
    insta::assert_snapshot!(shown("review -o ids --severity high"), @r"
    ZR002/organization/103
    ZR002/organization/104
    ZR004/instance
    ");
    insta::assert_snapshot!(shown("review -o jsonl --rule zr001"), @r#"
    {"accepted":0,"critical":0,"entry":"totals","high":0,"info":0,"kind":"review","low":0,"managers":6,"medium":0,"not_shown":0,"resources":5,"users":4,"zitui":1}
    "#);
}

/// GitHub shows no result without place and fingerprint, and takes those with equal ones for one.
#[test]
fn sarif_holds_what_collectors_of_findings_need() {
    let stage = Stage::new();
    let log = stage.line("review -o sarif").exits(0).json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), RULES.len());
    for rule in rules {
        for pointer in ["/id", "/shortDescription/text", "/fullDescription/text", "/help/text"] {
            assert!(
                rule.pointer(pointer).and_then(Value::as_str).is_some_and(|text| !text.is_empty()),
                "{rule}"
            );
        }
    }
    let results = run["results"].as_array().expect("results");
    let mut places = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
            (&"zitui-review.toml".into(), &1.into())
        );
        let fingerprint = result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a hash");
        places.insert((result["ruleId"].as_str(), fingerprint));
    }
    assert_eq!(places.len(), results.len());
    let shown = keys(&stage.line("review -o ids"));
    assert_eq!(results.len(), shown.len());
}

#[rstest]
fn the_same_state_makes_the_same_bytes(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    for format in FORMATS {
        let line = format!("review -o {format}");
        let (first, second) = (stage.line(&line), stage.line(&line));
        assert_eq!((&first.stdout, &first.stderr, first.code), (&second.stdout, &second.stderr, second.code));
        assert!(!first.stdout.is_empty(), "{format}: {first:#?}");
    }
}

#[test]
fn what_matters_enough_fails_and_the_rest_does_not() {
    let stage = Stage::new();
    let document = stage.line("review -o json").exits(0).json();
    let worst = document["findings"][0]["severity"].as_str().expect("a severity").to_owned();
    assert_ne!(worst, "critical", "the world of this test has nothing that bad");
    stage.line(&format!("review --fail-on {worst}")).exits(1);
    stage.line("review --fail-on critical").exits(0);
    // What is not shown counts as well.
    stage.line(&format!("review --fail-on {worst} --severity critical")).exits(1);
    // Other rules do not.
    let found: Vec<&str> = document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|it| it["rule"].as_str())
        .collect();
    let other = RULES.iter().find(|rule| !found.contains(&rule.id)).expect("a rule that finds nothing here");
    stage.line(&format!("review --fail-on info --rule {}", other.id)).exits(0);
}

#[test]
fn what_is_accepted_is_hidden_until_it_ends() {
    let stage = Stage::new();
    let all = keys(&stage.line("review -o ids").exits(0));
    stage.file("zitui-review.toml", &acceptance(KEY, "2999-12-31"));
    assert_eq!(keys(&stage.line("review -o ids").exits(0)), others(&all));
    assert_eq!(keys(&stage.line("review -o ids --all").exits(0)), all);
    stage.line("review --fail-on info --rule ZR004").exits(0);
    let log = stage.line("review -o sarif").exits(0).json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), all.len());
    let suppressed: Vec<&Value> =
        results.iter().filter(|it| it["suppressions"] != Value::Array(Vec::new())).collect();
    let [result] = suppressed.as_slice() else { panic!("one: {suppressed:#?}") };
    assert_eq!(
        (&result["ruleId"], &result["suppressions"][0]["kind"]),
        (&"ZR004".into(), &"external".into())
    );
    assert!(result["suppressions"][0]["justification"].as_str().expect("a reason").contains("by design"));

    stage.file("zitui-review.toml", &acceptance(KEY, "2026-01-31"));
    let ended = stage.line("review").exits(0);
    assert!(
        ended.stdout.contains(&format!("{KEY} has ended: accepted by Ada until 2026-01-31")),
        "{ended:#?}"
    );
    assert_eq!(keys(&stage.line("review -o ids").exits(0)), all);
    stage.line("review --fail-on info --rule ZR004").exits(1);

    stage.file("zitui-review.toml", &acceptance("ZR001/instance", "2999-12-31"));
    let gone = stage.line("review").exits(0);
    assert!(gone.stdout.contains("ZR001/instance fits no finding any more"), "{gone:#?}");
}

#[test]
fn accepting_from_the_command_line_is_what_the_review_reads() {
    let stage = Stage::new();
    let all = keys(&stage.line("review -o ids").exits(0));
    let accept =
        format!("review accept {KEY} --reason planned --author Ada --until 2999-12-31 --file a.toml");
    stage.line(&accept).exits(0).complains("is accepted by Ada until 2999-12-31, in a.toml");
    assert_eq!(keys(&stage.line("review -o ids --accepted a.toml").exits(0)), others(&all));
    assert_eq!(keys(&stage.line("review -o ids").exits(0)), all, "nothing names that file");
    stage.file("config.toml", "[review]\naccepted = \"a.toml\"\n");
    assert_eq!(keys(&stage.line("review -o ids --config config.toml").exits(0)), others(&all));
}

#[test]
fn the_configuration_changes_severities_and_flags_win() {
    let stage = Stage::new();
    let document = stage.line("review -o json").exits(0).json();
    let rule = document["findings"][0]["rule"].as_str().expect("a rule").to_owned();
    stage.file("c.toml", &format!("[review.severities]\n{rule} = \"critical\"\n"));
    stage.line("review --config c.toml --fail-on critical").exits(1);
    assert!(
        stage.line("review rules --config c.toml").exits(0).stdout.contains(&format!("{rule}  critical"))
    );
    stage.file("c.toml", &format!("[review.severities]\n{rule} = \"off\"\n"));
    let left = keys(&stage.line("review -o ids --config c.toml").exits(0));
    assert!(left.iter().all(|key| !key.starts_with(&rule)), "{left:?}");
    stage.line(&format!("review --config c.toml --rule {rule}")).exits(2).complains("turns this rule off");
    let log = stage.line("review -o sarif --config c.toml").exits(0).json();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
    let off: Vec<&Value> = rules.iter().filter(|it| it["defaultConfiguration"]["enabled"] == false).collect();
    assert_eq!(off.len(), 1);
    assert_eq!(off[0]["id"], rule.as_str());
}

#[rstest]
fn a_limited_manager_learns_what_it_does_not_see(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::of(version);
    let run = stage.line_as("globex-viewer", "review -o json").exits(4);
    let document = run.json();
    let unread = document["unread"].as_array().expect("a list");
    assert!(unread.iter().any(|part| part["missing_permission"] == "org.member.read"), "{document:#}");
    assert_ne!(document["unjudged"], Value::Array(Vec::new()));
    let part = unread[0]["part"].as_str().expect("a name");
    for format in FORMATS {
        let run = stage.line_as("globex-viewer", &format!("review -o {format}")).exits(4);
        let said = if format == "ids" { &run.stderr } else { &run.stdout };
        assert!(said.contains(part), "{format}: {run:#?}");
    }
    stage.line_as("globex-viewer", "review --partial").exits(0);
    stage.line_as("globex-viewer", "review --partial --fail-on info").exits(1);
}

#[rstest]
#[case::rule("review --rule ZR9999", "ZR9999")]
#[case::severity("review --fail-on hihg", "a similar value exists: 'high'")]
#[case::days("review --recent-days 0", "0 is not in")]
#[case::columns("review --columns rule", "CSV only")]
#[case::unknown_column("review -o csv --columns rul", "did you mean rule?")]
#[case::no_file("review --accepted missing.toml", "Cannot read the acceptances missing.toml")]
#[case::mistake("review --accepted wrong.toml", "wrong.toml, line 2, column 1")]
#[case::mistake_in_configuration("review --config wrong-config.toml", "line 2, column 1")]
#[case::report_of_a_list("managers list -o sarif", "reports of `zitui review`")]
#[case::no_key("review accept ZR001 --reason a --author b --until 2999-01-01", "is no key of a finding")]
#[case::no_rule(
    "review accept ZR9/instance --reason a --author b --until 2999-01-01",
    "there is no rule ZR9"
)]
#[case::over("review accept ZR001/instance --reason a --author b --until 2020-01-01", "2020-01-01 is over")]
#[case::nobody("review accept ZR001/instance --reason a --until 2999-01-01", "give the name with --author")]
fn mistakes_exit_2_before_anything_is_read(#[case] line: &str, #[case] text: &str) {
    let stage = Stage::new();
    stage.file("wrong.toml", "[[accepted]]\nfindng = \"a\"\n");
    stage.file("wrong-config.toml", "[review.severities]\nZR9999 = \"high\"\n");
    let run = stage.line(line).exits(2).complains(text);
    assert_eq!(run.stdout, "");
    assert!(stage.demo.requests().is_empty());
}

/// What the demo is for: each rule can be seen there. Whether the instance has an owner who can sign in, and only one,
/// can only be seen one after the other.
#[rstest]
fn the_demo_world_shows_every_rule(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let stage = Stage::with(version, World::built_in());
    let mut found = rules_found(&stage);
    for owner in ["friederike.osterloh", "joachim.weiss", "edgar.raven"] {
        stage.demo.set_user_state(owner, UserState::Inactive);
    }
    found.extend(rules_found(&stage));
    stage.demo.set_user_state("zitui", UserState::Inactive);
    found.extend(rules_found(&stage));
    let missing: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !found.contains(*id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Read by one who may see everything and is no owner.
fn rules_found(stage: &Stage) -> BTreeSet<String> {
    let document = stage.line_as("audit-export", "review -o json").json();
    let findings = document["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["rule"].as_str()).map(str::to_owned).collect()
}

#[test]
fn rules_are_listed_and_explained() {
    let stage = Stage::new();
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(keys(&stage.line("review rules -o ids").exits(0)), ids);
    let rule = RULES.first().expect("a rule");
    let page = stage.line(&format!("review rules {}", rule.id.to_lowercase())).exits(0).stdout;
    let text = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [rule.title, rule.why, rule.fix] {
        assert!(text.contains(part), "{page}");
    }
    assert!(rule.sources.iter().all(|source| page.contains(source)), "{page}");
    assert!(stage.demo.requests().is_empty(), "nobody signs in for that");
}
