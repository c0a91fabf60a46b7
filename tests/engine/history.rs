//! The journal read back, and what was left in doubt settled by reading.

use std::time::Duration;

use rstest::rstest;
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::demo::{Effect, Fault};
use zitui::domain::change::{ApplyStep, Change};
use zitui::domain::journal::{JournalEntry, JournalOutcome};
use zitui::domain::level::Level;
use zitui::engine::{Session, journal};

use crate::stage::{
    ALICE, DEPLOY_BOT, GLOBEX, Stage, apply, change, done, failed, organization, resource, roles,
};

const ALICE_HOLDS: &[&str] = &["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"];

/// Every read of managers after the write gets no answer, and the program dies while it waits for one.
async fn killed_after_the_write(stage: &Stage, session: &Session, change: &Change) {
    let faults = stage.demo.faults();
    let (verifying, reached) = tokio::sync::oneshot::channel();
    let mut verifying = Some(verifying);
    let applying = session.apply(change, None, |step| match step {
        ApplyStep::Verifying => {
            if let Some(verifying) = verifying.take() {
                verifying.send(()).unwrap();
            }
        }
        ApplyStep::Writing => faults.switch_on(Fault::new(Effect::Hang).on("members/_search")),
        ApplyStep::Reading => {}
    });
    tokio::select! {
        outcome = applying => panic!("it ended with {outcome:?}"),
        reached = reached => reached.unwrap(),
    }
    faults.clear();
}

/// The write itself never arrives, and the program dies while it waits for an answer.
async fn killed_before_the_write(stage: &Stage, session: &Session, change: &Change) {
    let faults = stage.demo.faults();
    let mark = stage.mark();
    let applying = session.apply(change, None, |step| {
        if step == ApplyStep::Writing {
            faults.switch_on(Fault::new(Effect::Hang).on("dministrator"));
            faults.switch_on(Fault::new(Effect::Hang).on("/members"));
        }
    });
    let sent = async {
        while stage.requests_after(mark).len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = applying => panic!("it ended with {outcome:?}"),
        () = sent => {}
    }
    faults.clear();
}

fn only(entries: Vec<JournalEntry>) -> JournalEntry {
    let [entry] = <[JournalEntry; 1]>::try_from(entries).unwrap();
    entry
}

#[tokio::test]
async fn changes_come_newest_first_with_what_became_of_them() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    done(apply(&session, &add).await);
    failed(
        apply(
            &stage.session_of("auditor").await,
            &change(organization(GLOBEX), ALICE, Some(ALICE_HOLDS), &[]),
        )
        .await,
    );
    let entries = session.history().await.unwrap();
    assert_eq!(entries.len(), 2);
    assert!(
        matches!(&entries[0].outcome, JournalOutcome::NotDone(why) if why.as_str().contains("org.member.delete"))
    );
    assert_eq!((entries[0].who.as_str(), entries[1].who.as_str()), ("auditor", "zitui"));
    let first = &entries[1];
    assert_eq!((&first.outcome, &first.before), (&JournalOutcome::Done, &None));
    assert_eq!(first.after, roles(&["ORG_OWNER"]));
    assert_eq!((first.resource.clone(), first.resource_name.as_str()), (organization(GLOBEX), "Globex"));
    assert_eq!(first.user.display_name.as_str(), "Somebody");
    assert_eq!(journal::history(&stage.paths()).await.unwrap(), entries, "also without a session");
}

#[rstest]
#[tokio::test]
async fn a_program_killed_after_the_write_finds_that_it_was_done(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(
        (Level::Instance, "IAM_OWNER_VIEWER"),
        (Level::Organization, "ORG_OWNER"),
        (Level::Project, "PROJECT_OWNER"),
        (Level::ProjectGrant, "PROJECT_GRANT_OWNER")
    )]
    case: (Level, &str),
) {
    let (level, role) = case;
    let stage = Stage::start(version);
    let add = change(resource(level), DEPLOY_BOT, None, &[role]);
    killed_after_the_write(&stage, &stage.owner().await, &add).await;
    assert_eq!(only(journal::history(&stage.paths()).await.unwrap()).outcome, JournalOutcome::InDoubt);
    stage.owner().await.settle().await;
    assert_eq!(only(journal::history(&stage.paths()).await.unwrap()).outcome, JournalOutcome::Done);
    let mark = stage.mark();
    stage.owner().await.settle().await;
    let again = stage.requests_after(mark).iter().filter(|request| request.contains("/members/")).count();
    assert_eq!(again, 0, "what is settled is not read again");
}

#[rstest]
#[tokio::test]
async fn a_program_killed_before_the_write_finds_that_it_was_not_done(
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let remove = change(organization(GLOBEX), ALICE, Some(ALICE_HOLDS), &[]);
    killed_before_the_write(&stage, &stage.owner().await, &remove).await;
    let entry = only(stage.owner().await.history().await.unwrap());
    assert!(matches!(entry.outcome, JournalOutcome::NotDone(_)), "{:?}", entry.outcome);
}

#[rstest]
#[tokio::test]
async fn what_somebody_changed_since_is_told_from_the_events(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    killed_after_the_write(&stage, &stage.owner().await, &add).await;
    let other = stage.session_of("org-manager").await;
    // Somebody else, on another machine.
    std::fs::rename(stage.journal_file(), stage.journal_file().with_extension("ours")).unwrap();
    let widened = change(organization(GLOBEX), DEPLOY_BOT, Some(&["ORG_OWNER"]), &["ORG_USER_MANAGER"]);
    done(apply(&other, &widened).await);
    std::fs::rename(stage.journal_file().with_extension("ours"), stage.journal_file()).unwrap();
    assert_eq!(only(stage.owner().await.history().await.unwrap()).outcome, JournalOutcome::Done);
}

#[tokio::test]
async fn what_cannot_be_told_stays_in_doubt_and_is_not_asked_again() {
    let stage = Stage::start(V4_15);
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let session = stage.session_of("org-manager").await;
    killed_after_the_write(&stage, &session, &add).await;
    std::fs::rename(stage.journal_file(), stage.journal_file().with_extension("ours")).unwrap();
    let owner = stage.owner().await;
    done(
        apply(&owner, &change(organization(GLOBEX), DEPLOY_BOT, Some(&["ORG_OWNER"]), &["ORG_USER_MANAGER"]))
            .await,
    );
    std::fs::rename(stage.journal_file().with_extension("ours"), stage.journal_file()).unwrap();
    // This one may not read events.
    assert_eq!(only(session.history().await.unwrap()).outcome, JournalOutcome::InDoubt);
    let mark = stage.mark();
    session.history().await.unwrap();
    assert!(stage.requests_after(mark).is_empty());
}

#[tokio::test]
async fn a_change_that_is_being_written_is_not_settled() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let faults = stage.demo.faults();
    let other = stage.owner().await;
    let slow = Fault::new(Effect::Latency(Duration::from_millis(300))).on("CreateAdministrator");
    faults.switch_on(slow);
    let (writing, reached) = tokio::sync::oneshot::channel();
    let mut writing = Some(writing);
    let applying = session.apply(&add, None, |step| {
        if step == ApplyStep::Writing {
            writing.take().unwrap().send(()).unwrap();
        }
    });
    let meanwhile = async {
        reached.await.unwrap();
        only(other.history().await.unwrap()).outcome
    };
    let (outcome, meanwhile) = futures_util::join!(applying, meanwhile);
    done(outcome);
    assert_eq!(meanwhile, JournalOutcome::InDoubt);
    let kinds: Vec<_> = stage.journal().iter().map(|line| line["kind"].to_string()).collect();
    assert_eq!(kinds, [r#""intent""#, r#""outcome""#]);
}

#[tokio::test]
async fn entries_of_another_instance_are_shown_and_left_alone() {
    let stage = Stage::start(V4_15);
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    killed_after_the_write(&stage, &stage.owner().await, &add).await;
    let text = std::fs::read_to_string(stage.journal_file()).unwrap();
    let elsewhere = text.replace(stage.demo.url(), "https://other.example.com");
    std::fs::write(stage.journal_file(), &elsewhere).unwrap();
    let entry = only(stage.owner().await.history().await.unwrap());
    assert_eq!(
        (entry.issuer.as_str(), entry.outcome),
        ("https://other.example.com", JournalOutcome::InDoubt)
    );
    assert_eq!(std::fs::read_to_string(stage.journal_file()).unwrap(), elsewhere);
}

#[rstest]
#[tokio::test]
async fn a_change_is_taken_back_by_its_inverse(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let widen = change(organization(GLOBEX), ALICE, Some(ALICE_HOLDS), &["ORG_OWNER_VIEWER", "ORG_OWNER"]);
    done(apply(&session, &widen).await);
    let entry = only(session.history().await.unwrap());
    let now = session.manager(&entry.resource, &entry.user.id).await.unwrap().unwrap();
    let inverse = entry.inverse(Some(&now.roles)).unwrap();
    let row = done(session.apply(&inverse, Some(&entry.id), |_| ()).await).unwrap();
    assert_eq!(row.roles, roles(ALICE_HOLDS));
    let entries = session.history().await.unwrap();
    assert_eq!(entries[0].undoes.as_ref(), Some(&entry.id));
    assert_eq!(entries[0].outcome, JournalOutcome::Done);
}
