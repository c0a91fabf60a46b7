//! Writing changes where something breaks or somebody else is faster. Nothing is ever written twice.

use std::time::Duration;

use futures_util::future::join_all;
use rstest::rstest;
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::demo::{Effect, Fault};
use zitui::domain::change::Outcome;
use zitui::domain::level::Level;

use crate::stage::{
    ALICE, DEPLOY_BOT, GLOBEX, Stage, apply, apply_and, change, done, keys, organization, resource,
};

const ALICE_HOLDS: &[&str] = &["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"];

fn writes(requests: &[String]) -> usize {
    let adds = |request: &&String| request.starts_with("POST") && request.ends_with("/members");
    let others = |request: &&String| {
        request.starts_with("PUT") || request.starts_with("DELETE") || request.contains("eAdministrator")
    };
    requests.iter().filter(|request| adds(request) || others(request)).count()
}

#[rstest]
#[tokio::test]
async fn a_duplicate_is_read_again_and_shown(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(
        (Level::Instance, "IAM_OWNER_VIEWER", "IAM_ORG_MANAGER"),
        (Level::Organization, "ORG_OWNER", "ORG_USER_MANAGER"),
        (Level::Project, "PROJECT_OWNER", "PROJECT_OWNER_VIEWER"),
        (Level::ProjectGrant, "PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER")
    )]
    case: (Level, &str, &str),
) {
    let (level, wanted, other) = case;
    let stage = Stage::start(version);
    let session = stage.owner().await;
    done(apply(&session, &change(resource(level), DEPLOY_BOT, None, &[other])).await);
    stage.next_list_is_stale();
    let outcome = apply(&session, &change(resource(level), DEPLOY_BOT, None, &[wanted])).await;
    let Outcome::ChangedMeanwhile(Some(row)) = &outcome else { panic!("{outcome:?}") };
    assert_eq!(keys(row), [other]);
    stage.next_list_is_stale();
    let outcome = apply(&session, &change(resource(level), DEPLOY_BOT, None, &[other])).await;
    assert!(matches!(&outcome, Outcome::AlreadySo(Some(row)) if keys(row) == [other]), "{outcome:?}");
}

#[rstest]
#[tokio::test]
async fn roles_that_somebody_else_has_set_alike_are_done(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let widen = change(organization(GLOBEX), ALICE, Some(ALICE_HOLDS), &["ORG_OWNER"]);
    done(apply(&session, &widen).await);
    stage.next_list_is_stale();
    assert_eq!(keys(&done(apply(&session, &widen).await).unwrap()), ["ORG_OWNER"]);
}

#[rstest]
#[tokio::test]
async fn changing_who_was_removed_meanwhile_is_told(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(
        (Level::Instance, "IAM_OWNER_VIEWER", "IAM_ORG_MANAGER"),
        (Level::Organization, "ORG_OWNER", "ORG_USER_MANAGER"),
        (Level::Project, "PROJECT_OWNER", "PROJECT_OWNER_VIEWER"),
        (Level::ProjectGrant, "PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER")
    )]
    case: (Level, &str, &str),
) {
    let (level, held, wanted) = case;
    let stage = Stage::start(version);
    let session = stage.owner().await;
    done(apply(&session, &change(resource(level), DEPLOY_BOT, None, &[held])).await);
    done(apply(&session, &change(resource(level), DEPLOY_BOT, Some(&[held]), &[])).await);
    stage.next_list_is_stale();
    let outcome = apply(&session, &change(resource(level), DEPLOY_BOT, Some(&[held]), &[wanted])).await;
    assert_eq!(outcome, Outcome::ChangedMeanwhile(None));
    stage.next_list_is_stale();
    let outcome = apply(&session, &change(resource(level), DEPLOY_BOT, Some(&[held]), &[])).await;
    assert!(matches!(outcome, Outcome::Done(None) | Outcome::AlreadySo(None)), "{outcome:?}");
}

#[rstest]
#[tokio::test]
async fn lists_that_lag_are_read_until_they_show_it(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    stage.demo.faults().switch_on(Fault::new(Effect::Lag(Duration::from_millis(500))));
    let mark = stage.mark();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    assert_eq!(keys(&done(apply(&session, &add).await).unwrap()), ["ORG_OWNER"]);
    let requests = stage.requests_after(mark);
    assert!(requests.len() > 3, "{requests:?}");
    assert_eq!(writes(&requests), 1);
}

#[tokio::test]
async fn what_no_list_shows_in_time_is_not_called_done() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    stage.demo.faults().switch_on(Fault::new(Effect::Lag(Duration::from_secs(600))));
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    assert_eq!(apply(&session, &add).await, Outcome::NotVisibleYet);
    assert_eq!(stage.journal()[1]["outcome"], "not visible yet");
}

#[rstest]
#[tokio::test]
async fn an_answer_that_got_lost_after_the_deed_is_found_by_reading(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(Effect::CutAfter, Effect::BrokenJson)] effect: Effect,
) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let mark = stage.mark();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let outcome = apply_and(&session, &add, || stage.next_meets(effect.clone())).await;
    assert_eq!(keys(&done(outcome).unwrap()), ["ORG_OWNER"]);
    assert_eq!(writes(&stage.requests_after(mark)), 1);
}

#[tokio::test]
async fn a_write_that_got_lost_before_the_deed_may_be_repeated_by_the_operator() {
    let proxy = Effect::Status { status: 502, retry_after: None, html: true };
    let cases = [
        (V2_68, Effect::CutBefore),
        (V4_15, Effect::CutBefore),
        (V2_68, proxy.clone()),
        (V4_3, proxy.clone()),
        (V4_15, proxy),
    ];
    join_all(cases.map(|(version, effect)| lose_and_repeat(version, effect))).await;
}

async fn lose_and_repeat(version: Version, effect: Effect) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let mark = stage.mark();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let outcome = apply_and(&session, &add, || stage.next_meets(effect.clone())).await;
    assert!(matches!(outcome, Outcome::LostAndNotDone(_)), "{version}: {outcome:?}");
    assert_eq!(writes(&stage.requests_after(mark)), 1);
    done(apply(&session, &add).await);
}

#[tokio::test]
async fn a_server_that_went_away_leaves_it_unknown_and_the_journal_says_so() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let mark = stage.mark();
    let remove = change(organization(GLOBEX), ALICE, Some(ALICE_HOLDS), &[]);
    let gone = || stage.demo.faults().switch_on(Fault::new(Effect::CutBefore));
    let outcome = apply_and(&session, &remove, gone).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(writes(&stage.requests_after(mark)), 1);
    assert_eq!(stage.journal()[1]["outcome"], "unknown");
}

#[rstest]
#[tokio::test]
async fn a_token_that_ends_midway_is_renewed(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    stage.demo.expire_tokens();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let outcome = apply_and(&session, &add, || stage.demo.expire_tokens()).await;
    assert_eq!(keys(&done(outcome).unwrap()), ["ORG_OWNER"]);
}

#[rstest]
#[tokio::test]
async fn giving_away_the_own_power_is_not_asked_for_again_and_again(
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.session_of("globex-admin").await;
    let own = session.facts().identity.user.as_str().to_owned();
    let mark = stage.mark();
    let outcome = apply(&session, &change(organization(GLOBEX), &own, Some(&["ORG_OWNER"]), &[])).await;
    assert_eq!(outcome, Outcome::NotVisibleYet);
    assert_eq!(stage.requests_after(mark).len(), 3);
}

#[tokio::test]
async fn a_slow_server_takes_its_time_and_no_more_requests() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    stage.demo.faults().switch_on(Fault::new(Effect::Latency(Duration::from_secs(2))));
    let mark = stage.mark();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    done(apply(&session, &add).await);
    assert_eq!(stage.requests_after(mark).len(), 3);
}
