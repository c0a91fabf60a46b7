//! What the screens offer to copy does what it says: commands are understood by the command line, requests are carried
//! out by a server and are those that zitui itself sends.

#![expect(clippy::unwrap_used, reason = "a test says what broke by failing")]

#[expect(dead_code, reason = "shared with tests that only post")]
#[path = "support/plain_http.rs"]
mod plain_http;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clap::Parser;
use jiff::Timestamp;
use rstest::rstest;
use zitui::cli::Arguments;
use zitui::config::paths::Paths;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::{Demo, Options, Version, World};
use zitui::domain::change::{Change, Outcome};
use zitui::domain::command;
use zitui::domain::copy_as::{FindingFilter, Form, Instance, Listed, Subject};
use zitui::domain::id::{GrantId, OrganizationId, ProjectId, UserId};
use zitui::domain::journal::{JournalEntry, JournalOutcome};
use zitui::domain::level::Resource;
use zitui::domain::manager::ManagerUser;
use zitui::domain::review::{Finding, RULES, Rule, Severity, Subject as About};
use zitui::domain::role::Role;
use zitui::domain::session::{ProfileFacts, SessionFacts};
use zitui::domain::text::SafeText;
use zitui::domain::user::UserKind;
use zitui::engine::{Session, sign_in};

const ISSUER: &str = "https://auth.example.com";
const GLOBEX: &str = "100000000000000002";
const INITECH: &str = "100000000000000003";
const PORTAL: &str = "300000000000000002";
const GRANT: &str = "400000000000000001";
const DEPLOY_BOT: &str = "200000000000000005";
const HOSTILE: &[&str] =
    &["", "-x", "--help", "a b", "it's", "$(reboot) `id`", "a\"b\\", "é\u{202e}\u{1b}", "\0", "#"];

struct Stage {
    demo: Demo,
    folder: tempfile::TempDir,
    profile: Profile,
}

impl Stage {
    fn start(version: Version, api: ApiChoice) -> Self {
        let world = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/world.json");
        let world = World::from_json(&std::fs::read_to_string(world).unwrap()).unwrap();
        let options = Options { version, world, list_delay: Duration::ZERO, ..Options::default() };
        let demo = Demo::start(options).unwrap();
        let profile = Profile {
            name: "demo".to_owned(),
            url: demo.url().parse().unwrap(),
            credential: Credential::KeyFile(demo.key_file().to_owned()),
            ca_file: None,
            colour: None,
            read_only: false,
            protected: false,
            api,
            token_cache: false,
            stored: false,
        };
        Self { demo, folder: tempfile::tempdir().unwrap(), profile }
    }

    async fn session(&self) -> Session {
        let state_folder = self.folder.path().join("state");
        let paths = Paths { config_file: self.folder.path().join("config.toml"), state_folder };
        sign_in(&self.profile, &paths).await.unwrap()
    }

    fn copied(&self, facts: &SessionFacts, subject: &Subject, form: Form) -> String {
        let profile = self.profile.facts();
        let offers = Instance { profile: &profile, facts }.offers(subject);
        offers.into_iter().find(|offer| offer.form == form).map(|offer| offer.text).unwrap()
    }

    /// Sends what a shell would have curl send for the text; the body of the answer.
    fn curl(&self, text: &str) -> String {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{text}"));
        let told = shell.env("ZITADEL_TOKEN", &self.demo.pats()["zitui"]).output().unwrap();
        assert!(told.status.success() && told.stderr.is_empty(), "{text}: {told:?}");
        let words = String::from_utf8(told.stdout).unwrap();
        let (mut method, mut address, mut headers, mut body) = ("", "", Vec::new(), "");
        let mut rest = words.split_terminator('\0');
        while let Some(word) = rest.next() {
            match word {
                "-X" => method = rest.next().unwrap(),
                "--data-raw" => body = rest.next().unwrap(),
                "-H" => headers.push(rest.next().unwrap().to_owned()),
                other => address = other,
            }
        }
        let path = address.strip_prefix(self.demo.url()).unwrap();
        plain_http::send(self.demo.url(), method, path, &headers, body)
    }
}

fn levels() -> [(Resource, &'static str); 4] {
    let (organization, project) = (OrganizationId::new(GLOBEX), ProjectId::new(PORTAL));
    [
        (Resource::Instance, "IAM_OWNER_VIEWER"),
        (Resource::Organization(organization.clone()), "ORG_OWNER_VIEWER"),
        (
            Resource::Project { organization: organization.clone(), project: project.clone() },
            "PROJECT_OWNER_VIEWER",
        ),
        (
            Resource::ProjectGrant {
                organization,
                project,
                grant: GrantId::new(GRANT),
                granted: OrganizationId::new(INITECH),
            },
            "PROJECT_GRANT_OWNER_VIEWER",
        ),
    ]
}

fn change(resource: &Resource, before: Option<&str>, after: Option<&str>) -> Change {
    let roles = |role: &str| vec![Role::new(role)];
    Change {
        resource: resource.clone(),
        resource_name: SafeText::new("it"),
        user: ManagerUser {
            id: UserId::new(DEPLOY_BOT),
            organization: None,
            kind: UserKind::Service,
            login_name: SafeText::new("deploy-bot"),
            display_name: SafeText::default(),
            email: None,
        },
        before: before.map(roles),
        after: after.map(roles).unwrap_or_default(),
    }
}

#[rstest]
#[case::old(Version::V2_68, ApiChoice::Auto)]
#[case::four(Version::V4_3, ApiChoice::Auto)]
#[case::four_by_connect(Version::V4_3, ApiChoice::V2)]
#[case::new(Version::V4_15, ApiChoice::Auto)]
#[case::new_by_v1(Version::V4_15, ApiChoice::V1)]
#[tokio::test]
async fn a_copied_request_makes_the_change_and_is_the_one_that_zitui_sends(
    #[case] version: Version,
    #[case] api: ApiChoice,
) {
    let (by_hand, by_zitui) = (Stage::start(version, api), Stage::start(version, api));
    let (reader, writer) = (by_hand.session().await, by_zitui.session().await);
    for (resource, role) in levels() {
        let owner = role.strip_suffix("_VIEWER").unwrap();
        let changes = [
            change(&resource, None, Some(role)),
            change(&resource, Some(role), Some(owner)),
            change(&resource, Some(owner), None),
        ];
        for change in changes {
            let subject = Subject::Changes(vec![change.clone()], 0);
            let before = by_zitui.demo.requests().len();
            let outcome = writer.apply(&change, None, |_| {}).await;
            assert!(matches!(outcome, Outcome::Done(_)), "{change:?}: {outcome:?}");
            let sent = by_zitui.demo.requests().split_off(before);
            by_hand.curl(&by_hand.copied(reader.facts(), &subject, Form::Curl));
            let copied = by_hand.demo.requests().pop().unwrap();
            assert!(sent.contains(&copied), "{copied} is none of {sent:?}");
            let row = reader.manager(&resource, &change.user.id).await.unwrap();
            let roles = row.map(|row| row.roles).unwrap_or_default();
            assert_eq!(roles, change.after, "{change:?}");
        }
    }
}

fn lists() -> Vec<(Listed, &'static str)> {
    let [globex, initech] = [GLOBEX, INITECH].map(OrganizationId::new);
    let user = UserId::new(DEPLOY_BOT);
    let [_, _, _, (grant, _)] = levels();
    vec![
        (Listed::Organizations(String::new()), GLOBEX),
        (Listed::Organizations("glob".to_owned()), GLOBEX),
        (Listed::Users(String::new()), DEPLOY_BOT),
        (Listed::Users("deploy".to_owned()), DEPLOY_BOT),
        (Listed::UsersOf(globex.clone(), "deploy".to_owned()), DEPLOY_BOT),
        (Listed::Projects(globex.clone(), "port".to_owned()), PORTAL),
        (Listed::GrantsOf(globex, ProjectId::new(PORTAL)), GRANT),
        (Listed::GrantedTo(initech.clone()), GRANT),
        (Listed::Managers(Resource::Instance), "IAM_OWNER"),
        (Listed::Managers(grant), "PROJECT_GRANT_OWNER"),
        (Listed::Person(user, Some(initech)), "{"),
    ]
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn a_copied_list_is_answered_with_what_it_lists(#[case] version: Version) {
    let stage = Stage::start(version, ApiChoice::Auto);
    let facts = stage.session().await.facts().clone();
    for (listed, holds) in lists() {
        let subject = Subject::List(listed.clone(), Vec::new());
        let answer = stage.curl(&stage.copied(&facts, &subject, Form::Curl));
        assert!(answer.contains(holds), "{listed:?}: {answer}");
    }
    if version != Version::V2_68 {
        let subject = Subject::List(Listed::AllManagers, Vec::new());
        assert!(stage.curl(&stage.copied(&facts, &subject, Form::Curl)).contains("\"administrators\""));
    }
}

/// Every kind of command with this text wherever a text can be.
fn subjects(text: &str) -> Vec<Subject> {
    let (organization, project) = (OrganizationId::new(text), ProjectId::new(text));
    let lists = [
        Listed::Organizations(text.to_owned()),
        Listed::Users(text.to_owned()),
        Listed::UsersOf(organization.clone(), text.to_owned()),
        Listed::Projects(organization.clone(), text.to_owned()),
        Listed::GrantsOf(organization.clone(), project.clone()),
        Listed::GrantedTo(organization.clone()),
        Listed::Managers(Resource::Organization(organization.clone())),
        Listed::AllManagers,
        Listed::Person(UserId::new(text), None),
        Listed::Differences(format!("{text}.json")),
    ];
    let grant = GrantId::new(text);
    let resources = [
        Resource::Instance,
        Resource::Organization(organization.clone()),
        Resource::Project { organization: organization.clone(), project: project.clone() },
        Resource::ProjectGrant { granted: organization.clone(), organization, project, grant },
    ];
    let changes: Vec<Change> = resources
        .iter()
        .flat_map(|resource| {
            [
                change(resource, None, Some(text)),
                change(resource, Some("OTHER"), Some(text)),
                change(resource, Some(text), None),
            ]
        })
        .collect();
    let entries = changes.iter().map(|change| Subject::History(Some(Box::new(entry(change, text)))));
    let lists = lists.into_iter().map(|listed| Subject::List(listed, Vec::new()));
    let changes = changes.iter().map(|change| Subject::Changes(vec![change.clone()], 0));
    lists.chain(changes).chain(entries).chain(findings(text)).collect()
}

fn entry(change: &Change, id: &str) -> JournalEntry {
    JournalEntry {
        id: SafeText::new(id),
        time: Timestamp::UNIX_EPOCH,
        profile: SafeText::default(),
        issuer: SafeText::new(ISSUER),
        who: SafeText::default(),
        resource: change.resource.clone(),
        resource_name: change.resource_name.clone(),
        user: change.user.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        outcome: JournalOutcome::Done,
        undoes: None,
    }
}

/// The review under every filter, each with a finding whose fix holds the text.
fn findings(text: &str) -> Vec<Subject> {
    let (resource, user) = (Resource::Organization(OrganizationId::new(text)), UserId::new(text));
    let finding = |rule: &'static Rule| Finding {
        rule,
        severity: rule.severity,
        subject: About::User(change(&resource, None, None).user),
        managers: Vec::new(),
        reason: SafeText::new(text),
        fix: SafeText::default(),
        commands: vec![
            command::remove_manager(&resource, &user, &[Role::new(text)]),
            command::list_managers(&resource),
            command::show_user(&user),
        ],
        accepted: None,
    };
    let severities = Severity::NAMED.iter().map(|(_, severity)| FindingFilter::AtLeast(*severity));
    let filters = [FindingFilter::All, FindingFilter::Text].into_iter().chain(severities);
    let filters = filters.chain(RULES.iter().map(FindingFilter::Rule));
    filters
        .zip(RULES.iter().cycle())
        .map(|(filter, rule)| {
            let listed = Listed::Findings { filter, all: rule.severity == Severity::Info };
            Subject::Review(Some(listed), Some(Box::new(finding(rule))))
        })
        .collect()
}

#[tokio::test]
async fn every_copied_command_is_understood_whatever_names_and_ids_hold() {
    let stage = Stage::start(Version::V4_15, ApiChoice::Auto);
    let facts = SessionFacts { issuer: SafeText::new(ISSUER), ..stage.session().await.facts().clone() };
    for text in HOSTILE {
        let profile = ProfileFacts {
            name: SafeText::new(text),
            url: SafeText::new("http://127.0.0.1:1"),
            colour: None,
            read_only: false,
            protected: false,
            stored: true,
        };
        for profile in [&profile, &ProfileFacts { stored: false, ..profile.clone() }] {
            for subject in subjects(text) {
                let offers = Instance { profile, facts: &facts }.offers(&subject);
                let commands: Vec<_> =
                    offers.into_iter().filter(|offer| offer.form == Form::Command).collect();
                assert!(!commands.is_empty(), "{subject:?}");
                for offer in commands {
                    let words = shlex::split(&offer.text).unwrap();
                    let understood = Arguments::try_parse_from(&words);
                    assert!(understood.is_ok(), "{}: {}", offer.text, understood.unwrap_err());
                }
            }
        }
    }
}
