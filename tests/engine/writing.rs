//! Writing changes where nothing breaks: one re-read, one write, one read-back.

use rstest::rstest;
use zitui::config::profile::{ApiChoice, Profile};
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::domain::change::Outcome;
use zitui::domain::id::GrantId;
use zitui::domain::level::{Level, Resource};
use zitui::domain::problem::ProblemKind;

use crate::stage::{
    ALICE, DEPLOY_BOT, GLOBEX, INITECH, Stage, apply, change, done, failed, keys, organization, resource,
    roles,
};

/// The path of a write and the words by which it is told from a read.
fn is_write(request: &str) -> bool {
    let adds = request.starts_with("POST") && request.ends_with("/members");
    adds || request.starts_with("PUT") || request.starts_with("DELETE") || request.contains("eAdministrator")
}

#[rstest]
#[tokio::test]
async fn making_a_service_user_owner_takes_one_read_one_write_and_one_read_back(
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let mark = stage.mark();
    let change = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let row = done(apply(&session, &change).await).unwrap();
    assert_eq!(keys(&row), ["ORG_OWNER"]);
    assert_eq!(row.user.login_name.as_str(), "deploy-bot");
    let requests = stage.requests_after(mark);
    assert_eq!(requests.iter().map(|request| is_write(request)).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(requests[1].contains("internal_permission.v2."), version == V4_15, "{requests:?}");
    let managers = session.managers(&organization(GLOBEX)).await.unwrap();
    assert!(managers.contains(&row));
}

#[rstest]
#[tokio::test]
async fn a_manager_of_every_level_is_added_changed_and_removed(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::V1, ApiChoice::V2)] api: ApiChoice,
    #[values(
        (Level::Instance, "IAM_OWNER_VIEWER", "IAM_ORG_MANAGER"),
        (Level::Organization, "ORG_OWNER", "ORG_USER_MANAGER"),
        (Level::Project, "PROJECT_OWNER", "PROJECT_OWNER_VIEWER"),
        (Level::ProjectGrant, "PROJECT_GRANT_OWNER", "PROJECT_GRANT_OWNER_VIEWER")
    )]
    case: (Level, &str, &str),
) {
    let (level, first, second) = case;
    if (version, api) == (V2_68, ApiChoice::V2) {
        return;
    }
    let stage = Stage::start(version);
    let session = stage.session(&Profile { api, ..stage.profile() }).await.unwrap();
    let mark = stage.mark();
    let add = change(resource(level), DEPLOY_BOT, None, &[first]);
    assert_eq!(keys(&done(apply(&session, &add).await).unwrap()), [first]);
    let widen = change(resource(level), DEPLOY_BOT, Some(&[first]), &[second, first]);
    assert_eq!(keys(&done(apply(&session, &widen).await).unwrap()), [first, second]);
    let remove = change(resource(level), DEPLOY_BOT, Some(&[second, first]), &[]);
    assert_eq!(done(apply(&session, &remove).await), None);
    let writes: Vec<String> = stage.requests_after(mark).into_iter().filter(|sent| is_write(sent)).collect();
    let service = match (api, version) {
        (ApiChoice::V1, _) => "/members",
        (_, V4_15) => "internal_permission.v2.",
        _ => "internal_permission.v2beta.",
    };
    assert_eq!(writes.iter().filter(|sent| sent.contains(service)).count(), 3, "{writes:?}");
    let left = session.managers(&resource(level)).await.unwrap();
    assert!(left.iter().all(|row| row.user.id.as_str() != DEPLOY_BOT));
}

#[rstest]
#[tokio::test]
async fn roles_that_stay_keep_the_order_of_the_server(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let change = change(
        organization(GLOBEX),
        ALICE,
        Some(&["ORG_USER_PERMISSION_EDITOR", "ORG_OWNER_VIEWER"]),
        &["ORG_USER_MANAGER", "ORG_USER_PERMISSION_EDITOR", "ORG_OWNER_VIEWER"],
    );
    let row = done(apply(&session, &change).await).unwrap();
    assert_eq!(keys(&row), ["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR", "ORG_USER_MANAGER"]);
}

#[rstest]
#[tokio::test]
async fn what_is_so_already_is_not_written(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let mark = stage.mark();
    let same = change(
        organization(GLOBEX),
        ALICE,
        Some(&["ORG_OWNER"]),
        &["ORG_USER_PERMISSION_EDITOR", "ORG_OWNER_VIEWER"],
    );
    let outcome = apply(&session, &same).await;
    assert!(
        matches!(&outcome, Outcome::AlreadySo(Some(row)) if row.user.id.as_str() == ALICE),
        "{outcome:?}"
    );
    let gone = change(organization(GLOBEX), DEPLOY_BOT, Some(&["ORG_OWNER"]), &[]);
    assert_eq!(apply(&session, &gone).await, Outcome::AlreadySo(None));
    assert!(!stage.requests_after(mark).iter().any(|request| is_write(request)));
    assert!(stage.journal().is_empty());
}

#[rstest]
#[tokio::test]
async fn what_somebody_changed_meanwhile_is_shown_and_not_written(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let mark = stage.mark();
    let outdated = change(organization(GLOBEX), ALICE, Some(&["ORG_OWNER_VIEWER"]), &["ORG_OWNER"]);
    let outcome = apply(&session, &outdated).await;
    let Outcome::ChangedMeanwhile(Some(row)) = &outcome else { panic!("{outcome:?}") };
    assert_eq!(keys(row), ["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"]);
    let added = change(organization(GLOBEX), ALICE, None, &["ORG_OWNER"]);
    assert!(matches!(apply(&session, &added).await, Outcome::ChangedMeanwhile(Some(_))));
    let removed = change(organization(GLOBEX), DEPLOY_BOT, Some(&["ORG_OWNER"]), &["ORG_OWNER_VIEWER"]);
    assert_eq!(apply(&session, &removed).await, Outcome::ChangedMeanwhile(None));
    assert!(!stage.requests_after(mark).iter().any(|request| is_write(request)));
}

#[tokio::test]
async fn the_journal_tells_who_did_what_to_whom() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let widen = change(
        organization(GLOBEX),
        ALICE,
        Some(&["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"]),
        &["ORG_OWNER"],
    );
    done(apply(&session, &widen).await);
    let lines = stage.journal();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["kind"], "intent");
    assert_eq!(lines[0]["who"]["login_name"], "zitui");
    assert_eq!(lines[0]["issuer"], stage.demo.url());
    assert_eq!(lines[0]["resource"]["organization"], GLOBEX);
    assert_eq!(lines[0]["user"]["id"], ALICE);
    assert_eq!(lines[0]["before"], serde_json::json!(["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"]));
    assert_eq!(lines[0]["after"], serde_json::json!(["ORG_OWNER"]));
    assert_eq!(lines[1]["outcome"], "done");
    assert_eq!(lines[1]["holds"], serde_json::json!(["ORG_OWNER"]));
    assert_eq!(lines[0]["id"], lines[1]["id"]);
    let key = std::fs::read_to_string(stage.demo.key_file()).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    let journal = std::fs::read_to_string(stage.journal_file()).unwrap();
    assert!(!journal.contains(key["keyId"].as_str().unwrap()) && !journal.contains("PRIVATE"));
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_the_write() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    std::fs::write(stage.paths().state_folder, "in the way").unwrap();
    let mark = stage.mark();
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let problem = failed(apply(&session, &add).await);
    assert!(problem.why.as_str().contains("journal.jsonl"), "{problem}");
    assert!(!stage.requests_after(mark).iter().any(|request| is_write(request)));
}

#[rstest]
#[case::add(None, &["ORG_OWNER"])]
#[case::change(Some(&["ORG_OWNER_VIEWER"][..]), &["ORG_OWNER"])]
#[case::remove(Some(&["ORG_OWNER"][..]), &[])]
#[tokio::test]
async fn a_read_only_profile_sends_nothing(#[case] before: Option<&[&str]>, #[case] after: &[&str]) {
    let stage = Stage::start(V4_15);
    let session = stage.session(&Profile { read_only: true, ..stage.profile() }).await.unwrap();
    let mark = stage.mark();
    let problem = failed(apply(&session, &change(organization(GLOBEX), DEPLOY_BOT, before, after)).await);
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert!(problem.why.as_str().contains("read-only"), "{problem}");
    assert!(stage.requests_after(mark).is_empty());
}

#[tokio::test]
async fn v2_cannot_be_forced_where_the_server_lacks_it() {
    let stage = Stage::start(V2_68);
    let profile = Profile { api: ApiChoice::V2, ..stage.profile() };
    let problem = stage.session(&profile).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Usage);
}

#[rstest]
#[tokio::test]
async fn a_refused_write_says_which_permission_lacks(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.session_of("auditor").await;
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let problem = failed(apply(&session, &add).await);
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    let missing = problem.missing.unwrap();
    assert_eq!(missing.permission, "org.member.write");
    assert_eq!(missing.held, roles(&["IAM_OWNER_VIEWER"]));
    assert_eq!(stage.journal()[1]["outcome"], "failed");
}

#[rstest]
#[case::owner_of_the_granting_organization("globex-admin")]
#[case::owner_of_the_project("portal-admin")]
#[tokio::test]
async fn since_4_the_granted_organization_manages_a_grant(
    #[case] who: &str,
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.session_of(who).await;
    let mark = stage.mark();
    let add = change(resource(Level::ProjectGrant), DEPLOY_BOT, None, &["PROJECT_GRANT_OWNER"]);
    let outcome = apply(&session, &add).await;
    if version == V2_68 {
        done(outcome);
    } else {
        let problem = failed(outcome);
        assert_eq!(problem.kind, ProblemKind::PermissionMissing);
        let text = format!("managed by the granted organization {INITECH}");
        assert!(problem.why.as_str().contains(&text), "{problem}");
        assert!(!stage.requests_after(mark).iter().any(|request| is_write(request)));
        assert!(stage.journal().is_empty());
    }
}

#[tokio::test]
async fn an_old_server_is_saved_from_a_manager_of_a_grant_that_does_not_exist() {
    let stage = Stage::start(V2_68);
    let session = stage.owner().await;
    let mark = stage.mark();
    let Resource::ProjectGrant { organization, project, granted, .. } = resource(Level::ProjectGrant) else {
        panic!("a grant")
    };
    let unknown =
        Resource::ProjectGrant { organization, project, granted, grant: GrantId::new("499999999999999999") };
    let problem = failed(apply(&session, &change(unknown, DEPLOY_BOT, None, &["PROJECT_GRANT_OWNER"])).await);
    assert_eq!(problem.kind, ProblemKind::NotFound);
    assert!(!stage.requests_after(mark).iter().any(|request| is_write(request)));
}

#[tokio::test]
async fn changes_of_one_user_started_together_do_not_overwrite_each_other() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let first = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let second = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_USER_MANAGER"]);
    let (first, second) = futures_util::join!(apply(&session, &first), apply(&session, &second));
    done(first);
    let Outcome::ChangedMeanwhile(Some(row)) = &second else { panic!("{second:?}") };
    assert_eq!(keys(row), ["ORG_OWNER"]);
}

#[tokio::test]
async fn a_write_goes_on_when_the_screen_that_started_it_is_left() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let add = change(organization(GLOBEX), DEPLOY_BOT, None, &["ORG_OWNER"]);
    let clone = session.clone();
    let task = tokio::spawn(async move { clone.apply(&add, None, |_| ()).await });
    drop(session);
    done(task.await.unwrap());
}
