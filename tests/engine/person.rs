//! The person sheet: everything one user manages, and who gave it when.

use std::collections::BTreeSet;

use rstest::rstest;
use zitui::config::profile::{ApiChoice, Profile};
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::domain::id::UserId;
use zitui::domain::inventory::{GrantedOn, PersonSheet};
use zitui::domain::level::Level;
use zitui::domain::problem::ProblemKind;

use crate::stage::{ALICE, DEPLOY_BOT, GLOBEX, Stage, apply, change, done, organization, resource, roles};
use crate::world::{Recorded, Row, row};

const ZITUI: &str = "200000000000000001";
const GRANT_ADMIN: &str = "200000000000000009";

fn rows(sheet: &PersonSheet) -> BTreeSet<Row> {
    sheet.records.iter().map(row).collect()
}

#[rstest]
#[tokio::test]
async fn everything_a_user_manages_is_found(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
    #[values(ALICE, GRANT_ADMIN, ZITUI, DEPLOY_BOT)] user: &str,
) {
    let stage = Stage::start(version);
    let session = stage.session(&Profile { api, ..stage.profile() }).await.unwrap();
    let sheet = session.person(&UserId::new(user)).await.unwrap();
    let expected: BTreeSet<Row> =
        Recorded::read().managers(version).into_iter().filter(|row| row[3].starts_with(user)).collect();
    assert_eq!(rows(&sheet), expected);
    assert_eq!(sheet.records.len(), expected.len(), "each row once");
    assert!(sheet.unread.is_empty(), "{:?}", sheet.unread);
    let levels: Vec<Level> = sheet.records.iter().map(|record| record.manager.resource.level()).collect();
    assert!(levels.is_sorted(), "{levels:?}");
    assert!(sheet.records.iter().all(|record| record.manager.created.is_some()));
}

#[rstest]
#[tokio::test]
async fn who_gave_and_took_which_role_is_told_newest_first(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(
        (Level::Instance, "IAM_OWNER_VIEWER", "IAM_ORG_MANAGER"),
        (Level::Organization, "ORG_OWNER", "ORG_USER_MANAGER"),
        (Level::Project, "PROJECT_OWNER", "PROJECT_OWNER_VIEWER"),
        (Level::ProjectGrant, "PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER")
    )]
    case: (Level, &str, &str),
) {
    let (level, first, second) = case;
    let stage = Stage::start(version);
    let session = stage.owner().await;
    done(apply(&session, &change(resource(level), DEPLOY_BOT, None, &[first])).await);
    done(apply(&session, &change(resource(level), DEPLOY_BOT, Some(&[first]), &[second])).await);
    done(apply(&session, &change(resource(level), DEPLOY_BOT, Some(&[second]), &[])).await);
    let sheet = session.person(&UserId::new(DEPLOY_BOT)).await.unwrap();
    let grants = sheet.grants.unwrap();
    let told: Vec<_> = grants.iter().map(|grant| grant.roles.clone()).collect();
    assert_eq!(told, [None, Some(roles(&[second])), Some(roles(&[first]))]);
    assert!(grants.iter().all(|grant| grant.resource == GrantedOn::of(&resource(level))));
    assert!(grants.iter().all(|grant| grant.editor.as_str() == "zitui service"));
    assert!(grants.is_sorted_by(|newer, older| newer.time >= older.time));
}

#[rstest]
#[case::not_on_the_instance("globex-admin")]
#[case::on_the_instance("org-manager")]
#[tokio::test]
async fn without_events_the_sheet_says_what_lacks(
    #[case] who: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let sheet = stage.session_of(who).await.person(&UserId::new(ALICE)).await.unwrap();
    let problem = sheet.grants.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert_eq!(problem.missing.unwrap().permission, "events.read");
    assert_eq!(sheet.records.len(), 1);
    assert_eq!(sheet.records[0].manager.resource, organization(GLOBEX));
    assert!(!sheet.unread.is_empty(), "other organizations are not shown to {who}");
}

#[rstest]
#[case("grant-admin", GRANT_ADMIN, 1)]
#[case("globex-user-manager", "200000000000000016", 1)]
#[case("nobody", "200000000000000014", 0)]
#[tokio::test]
async fn one_sees_what_one_manages_oneself_without_any_permission(
    #[case] who: &str,
    #[case] user: &str,
    #[case] count: usize,
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let sheet = stage.session_of(who).await.person(&UserId::new(user)).await.unwrap();
    assert_eq!(sheet.records.len(), count, "{:?}", sheet.records);
    assert!(sheet.unread.is_empty(), "{:?}", sheet.unread);
}

#[rstest]
#[tokio::test]
async fn who_may_not_read_memberships_reads_level_by_level(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let owner = stage.owner().await;
    // This role reads managers, but no memberships.
    let reader = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_PROJECT_PERMISSION_EDITOR"]);
    done(apply(&owner, &reader).await);
    done(apply(&owner, &change(resource(Level::Project), ALICE, None, &["PROJECT_OWNER"])).await);
    let session = stage.session_of("deploy-bot").await;
    let sheet = session.person(&UserId::new(ALICE)).await.unwrap();
    let levels: Vec<Level> = sheet.records.iter().map(|record| record.manager.resource.level()).collect();
    assert_eq!(levels, [Level::Organization, Level::Project]);
}

#[rstest]
#[tokio::test]
async fn a_user_that_does_not_exist_manages_nothing(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let sheet = stage.owner().await.person(&UserId::new("299999999999999999")).await.unwrap();
    assert!(sheet.records.is_empty() && sheet.unread.is_empty());
    assert_eq!(sheet.grants, Ok(Vec::new()));
}

#[tokio::test]
async fn a_sheet_is_one_filtered_list() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let mark = stage.mark();
    session.person(&UserId::new(ALICE)).await.unwrap();
    let requests = stage.requests_after(mark);
    assert_eq!(requests.len(), 3, "the user, the list, the events: {requests:?}");
}
