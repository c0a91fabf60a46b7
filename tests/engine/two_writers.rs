//! Two writers who do not know of each other: no role is lost that nobody removed, and the journals explain every
//! difference.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rstest::rstest;
use zitui::config::paths::Paths;
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::domain::change::Outcome;
use zitui::domain::id::UserId;
use zitui::domain::journal::JournalOutcome;
use zitui::domain::role::Role;
use zitui::engine::{Session, journal, sign_in};

use crate::stage::{DEPLOY_BOT, GLOBEX, Stage, apply, change, organization};

const ROLES: [&str; 3] = ["ORG_OWNER", "ORG_USER_MANAGER", "ORG_SETTINGS_MANAGER"];
/// Deploy Bot, who manages nothing at first, and Ivan of another organization.
const USERS: [&str; 2] = [DEPLOY_BOT, "200000000000000008"];

/// What a user holds; none if it is no manager.
type Held = Option<BTreeSet<&'static str>>;

/// What one of the two does.
#[derive(Clone, Debug)]
enum Step {
    /// Reads what a user holds, as a screen does.
    Look { writer: usize, user: usize },
    /// Wants a user to hold exactly these, going by what it saw last.
    Want { writer: usize, user: usize, roles: [bool; 3] },
}

fn step() -> impl Strategy<Value = Step> {
    let look = (0..2_usize, 0..2_usize).prop_map(|(writer, user)| Step::Look { writer, user });
    let want = (0..2_usize, 0..2_usize, any::<[bool; 3]>()).prop_map(|(writer, user, roles)| Step::Want {
        writer,
        user,
        roles,
    });
    prop_oneof![1 => look, 3 => want]
}

/// One of the two: its own session, journal and memory.
struct Writer {
    session: Session,
    paths: Paths,
    seen: [Held; 2],
    written: Vec<(usize, Held, Held)>,
    _folder: tempfile::TempDir,
}

impl Writer {
    async fn new(stage: &Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths {
            config_file: folder.path().join("config.toml"),
            state_folder: folder.path().join("state"),
        };
        let session = sign_in(&stage.profile(), &paths).await.unwrap();
        Self { session, paths, seen: [None, None], written: Vec::new(), _folder: folder }
    }
}

async fn held(session: &Session, user: usize) -> Held {
    let row = session.manager(&organization(GLOBEX), &UserId::new(USERS[user])).await.unwrap();
    row.map(|row| known(&row.roles))
}

fn known(roles: &[Role]) -> BTreeSet<&'static str> {
    ROLES.into_iter().filter(|key| roles.iter().any(|role| role.key() == *key)).collect()
}

async fn play(writers: &mut [Writer; 2], steps: &[Step]) -> Result<(), TestCaseError> {
    for step in steps {
        match *step {
            Step::Look { writer, user } => {
                let now = held(&writers[writer].session, user).await;
                writers[writer].seen[user] = now;
            }
            Step::Want { writer, user, roles } => {
                let wanted: BTreeSet<&str> =
                    ROLES.into_iter().zip(roles).filter(|(_, want)| *want).map(|(key, _)| key).collect();
                want(&mut writers[writer], user, &wanted).await?;
            }
        }
    }
    Ok(())
}

async fn want(
    writer: &mut Writer,
    user: usize,
    wanted: &BTreeSet<&'static str>,
) -> Result<(), TestCaseError> {
    let seen: Option<Vec<&str>> = writer.seen[user].as_ref().map(|seen| seen.iter().copied().collect());
    let after: Vec<&str> = wanted.iter().copied().collect();
    let change = change(organization(GLOBEX), USERS[user], seen.as_deref(), &after);
    let before = held(&writer.session, user).await;
    let outcome = apply(&writer.session, &change).await;
    let now = held(&writer.session, user).await;
    let removed: BTreeSet<&str> =
        change.removed().flat_map(|role| known(std::slice::from_ref(role))).collect();
    let had = before.clone().unwrap_or_default();
    let lost: BTreeSet<&str> = had.difference(&now.clone().unwrap_or_default()).copied().collect();
    prop_assert!(lost.is_subset(&removed), "{lost:?} got lost, only {removed:?} was removed");
    match outcome {
        Outcome::Done(row) => {
            prop_assert_eq!(row.map(|row| known(&row.roles)), now.clone());
            prop_assert_eq!(now.clone().unwrap_or_default(), wanted.clone());
            writer.written.push((user, before, now.clone()));
        }
        Outcome::AlreadySo(_) => {
            prop_assert_eq!(now.clone().unwrap_or_default(), wanted.clone());
            prop_assert_eq!(&before, &now);
        }
        Outcome::ChangedMeanwhile(row) => {
            prop_assert_eq!(&before, &now, "nothing is written on top of what was not seen");
            prop_assert_eq!(row.map(|row| known(&row.roles)), now.clone());
        }
        other => return Err(TestCaseError::fail(format!("{other:?}"))),
    }
    writer.seen[user] = now;
    Ok(())
}

/// The journal tells exactly the differences that its writer made, in order.
async fn explained(writer: &Writer) -> Result<(), TestCaseError> {
    let entries = journal::history(&writer.paths).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| {
            let user = USERS.iter().position(|id| *id == entry.user.id.as_str()).unwrap();
            let after = (!entry.after.is_empty()).then(|| known(&entry.after));
            (user, entry.before.as_deref().map(known), after)
        })
        .collect();
    prop_assert!(entries.iter().all(|entry| entry.outcome == JournalOutcome::Done));
    prop_assert_eq!(&told, &writer.written);
    Ok(())
}

#[rstest]
#[case(V2_68)]
#[case(V4_3)]
#[case(V4_15)]
fn no_role_is_lost_that_nobody_removed_and_the_journal_explains_the_rest(#[case] version: Version) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&prop::collection::vec(step(), 1..10), |steps| {
        runtime.block_on(async {
            let stage = Stage::start(version);
            let mut writers = [Writer::new(&stage).await, Writer::new(&stage).await];
            play(&mut writers, &steps).await?;
            for writer in &writers {
                explained(writer).await?;
            }
            Ok(())
        })
    });
    run.unwrap();
}
