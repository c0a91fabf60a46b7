//! The effect runner with a real engine: answers in parts, and what is settled beside everything else after signing in.

#![expect(clippy::unwrap_used, reason = "a test says what broke by failing")]

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use rstest::rstest;
use tokio::runtime::Handle;
use zitui::app::effect::{Request, Sequence, SignInTarget, Slot};
use zitui::app::event::{Answer, Event};
use zitui::config::paths::Paths;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::Version::{self, V2_68, V4_15};
use zitui::demo::{Demo, Effect, Fault, Options, World};
use zitui::domain::inventory::InventoryPart;
use zitui::domain::journal::JournalOutcome;
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::tui::effects::{Effects, SignInFlags, SignInSources};

struct Runner {
    effects: Effects,
    asked: u64,
}

impl Runner {
    fn new(demo: Option<&Demo>, folder: &Path) -> Self {
        let paths = Paths { config_file: folder.join("config.toml"), state_folder: folder.join("state") };
        let profile = demo.map(|demo| Profile {
            name: "test".to_owned(),
            url: demo.url().parse().unwrap(),
            credential: Credential::KeyFile(demo.key_file().to_owned()),
            ca_file: None,
            colour: None,
            read_only: false,
            protected: false,
            api: ApiChoice::Auto,
            token_cache: true,
            stored: false,
        });
        let no_demo = Box::new(|| Err(Problem::new(ProblemKind::NotFound, "no demo", "", "")));
        let profiles = profile.into_iter().collect();
        let sources = SignInSources::new(profiles, SignInFlags::default(), paths, no_demo);
        Self { effects: Effects::new(Handle::current(), sources, |_, _| Ok(String::new())), asked: 0 }
    }

    /// Asks, and gives every answer until nothing is under way.
    async fn answers(&mut self, slot: Slot, request: Request) -> Vec<Answer> {
        self.asked += 1;
        self.effects.ask(slot, Sequence(self.asked), Duration::ZERO, request);
        let mut answers = Vec::new();
        while self.effects.under_way() > 0 {
            let report = self.effects.next().await;
            if let Some(Event::Answered(sequence, answer)) = self.effects.accept(report) {
                assert_eq!(sequence, Sequence(self.asked));
                answers.push(*answer);
            }
        }
        answers
    }

    async fn signed_in(demo: &Demo, folder: &Path) -> Self {
        let mut runner = Self::new(Some(demo), folder);
        let answers = runner.answers(Slot::SignIn, Request::SignIn(SignInTarget::Profile(0))).await;
        assert!(matches!(answers.as_slice(), [Answer::SignedIn(Ok(_))]), "{answers:?}");
        runner
    }
}

fn demo(version: Version, world: World) -> Demo {
    let options = Options { version, world, list_delay: Duration::ZERO, ..Options::default() };
    Demo::start(options).unwrap()
}

#[rstest]
#[case(V2_68)]
#[case(V4_15)]
#[tokio::test]
async fn all_managers_come_in_a_few_parts_and_the_last_says_that_it_is_the_last(#[case] version: Version) {
    let demo = demo(version, World::generate(400, 2_000, 1_500));
    let folder = tempfile::tempdir().unwrap();
    let mut runner = Runner::signed_in(&demo, folder.path()).await;
    let mark = demo.requests().len();
    let answers = runner.answers(Slot::Inventory, Request::Inventory).await;
    let requests = demo.requests().len() - mark;
    let (last, parts) = answers.split_last().unwrap();
    assert_eq!(*last, Answer::InventoryEnded(Ok(())));
    let mut rows = HashSet::new();
    let mut tellings = 0;
    for part in parts {
        match part {
            Answer::Inventory(InventoryPart::Rows(told)) => {
                tellings += 1;
                rows.extend(
                    told.iter().map(|row| (row.manager.resource.clone(), row.manager.user.id.clone())),
                );
            }
            Answer::Inventory(InventoryPart::Unread(part)) => panic!("{part:?}"),
            Answer::Inventory(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(rows.len() > 1_000, "{}", rows.len());
    assert!(matches!(parts.first(), Some(Answer::Inventory(InventoryPart::Rows(_)))));
    assert!(tellings * 3 < requests || tellings < 6, "{tellings} of {requests} requests");
}

#[tokio::test]
async fn who_is_not_signed_in_still_sees_the_journal_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = Runner::new(None, folder.path());
    let history = runner.answers(Slot::History, Request::History).await;
    assert_eq!(history, [Answer::History(Ok(Vec::new()))]);
    let inventory = runner.answers(Slot::Inventory, Request::Inventory).await;
    let [Answer::InventoryEnded(Err(problem))] = inventory.as_slice() else { panic!("{inventory:?}") };
    assert_eq!(problem.kind, ProblemKind::NotSignedIn);
}

#[tokio::test]
async fn what_a_killed_program_left_in_doubt_is_settled_after_signing_in() {
    let demo = demo(V4_15, World::built_in());
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    std::fs::create_dir(&state).unwrap();
    let intent = serde_json::json!({
        "format": 1, "kind": "intent", "id": "a", "time": "2026-01-01T00:00:00Z", "profile": "test",
        "issuer": demo.url(), "who": {"id": "1", "login_name": "me"},
        "resource": {"level": "instance", "name": "Demo"},
        "user": {"id": "299999999999999999", "login_name": "gone"}, "before": null, "after": ["IAM_OWNER"]
    });
    let file = state.join("journal.jsonl");
    std::fs::write(&file, format!("{intent}\n")).unwrap();
    let mut runner = Runner::signed_in(&demo, folder.path()).await;
    while !std::fs::read_to_string(&file).unwrap().ends_with("}\n") || lines(&file) < 2 {
        tokio::task::yield_now().await;
    }
    let answers = runner.answers(Slot::History, Request::History).await;
    let [Answer::History(Ok(entries))] = answers.as_slice() else { panic!("{answers:?}") };
    assert!(matches!(entries[0].outcome, JournalOutcome::NotDone(_)), "{entries:?}");
    assert_eq!(lines(&file), 2, "settled once");
}

/// The program as another process, adding an owner.
fn adding(demo: &Demo, home: &Path) -> std::process::Child {
    let arguments = "managers add --org Globex --user deploy-bot --role ORG_OWNER --yes";
    std::process::Command::new(assert_cmd::cargo::cargo_bin!("zitui"))
        .env_clear()
        .env("HOME", home)
        .env("XDG_STATE_HOME", home)
        .env("ZITUI_URL", demo.url())
        .env("ZITUI_KEY_FILE", demo.key_file())
        .args(arguments.split_whitespace())
        .stdin(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[rstest]
#[case(V2_68)]
#[case(V4_15)]
#[tokio::test]
async fn a_process_killed_between_the_write_and_the_read_back_leaves_a_history_that_tells_the_truth(
    #[case] version: Version,
) {
    let world = World::from_json(include_str!("recordings/world.json")).unwrap();
    // So long the lists do not show the write, and the program goes on reading.
    let options = Options { version, world, list_delay: Duration::from_secs(3600), ..Options::default() };
    let demo = Demo::start(options).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut process = adding(&demo, home.path());
    let written = |requests: &[String]| {
        let write =
            |request: &String| request.ends_with("/CreateAdministrator") || request.ends_with("/me/members");
        let place = requests.iter().position(write);
        place.is_some_and(|place| requests.len() > place + 1)
    };
    while !written(&demo.requests()) {
        assert_eq!(process.try_wait().unwrap(), None, "it ended before it was killed");
        tokio::task::yield_now().await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    demo.faults().switch_on(Fault::new(Effect::Lag(Duration::ZERO)));
    let state = home.path().join("zitui");
    assert_eq!(lines(&state.join("journal.jsonl")), 1, "only the intent");
    std::fs::rename(&state, home.path().join("state")).unwrap();
    let mut runner = Runner::signed_in(&demo, home.path()).await;
    let answers = runner.answers(Slot::History, Request::History).await;
    let [Answer::History(Ok(entries))] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(entries[0].outcome, JournalOutcome::Done, "{entries:?}");
    assert_eq!(entries[0].user.login_name.as_str(), "deploy-bot");
}

fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap().lines().count()
}
