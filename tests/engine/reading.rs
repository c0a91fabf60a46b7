//! Reading: who sees which organizations, users and managers, and what is said where nothing may be seen.

use rstest::rstest;
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::domain::id::{OrganizationId, UserId};
use zitui::domain::level::{Level, Resource};
use zitui::domain::permission::ManagerAction;
use zitui::domain::problem::ProblemKind;
use zitui::domain::query::{OrganizationQuery, UserPass, UserQuery};
use zitui::domain::user::{UserKind, UserState};
use zitui::engine::Session;

use crate::stage::{ACME, ALICE, DEPLOY_BOT, GLOBEX, INITECH, Stage, organization, resource, roles};

async fn organizations(session: &Session, text: &str) -> Vec<String> {
    let query = OrganizationQuery { text: text.to_owned(), offset: 0, limit: 50 };
    let page = session.organizations(&query).await.unwrap();
    page.rows.iter().map(|row| row.title().as_str().to_owned()).collect()
}

fn users_query(text: &str, pass: UserPass, organization: Option<&str>) -> UserQuery {
    let organization = organization.map(OrganizationId::new);
    UserQuery { text: text.to_owned(), organization, pass, offset: 0, limit: 50 }
}

async fn users(session: &Session, text: &str, pass: UserPass, organization: Option<&str>) -> Vec<String> {
    let page = session.users(&users_query(text, pass, organization)).await.unwrap();
    page.rows.iter().map(|user| user.login_name.as_str().to_owned()).collect()
}

#[rstest]
#[tokio::test]
async fn a_session_knows_who_it_is_and_where(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let facts = session.facts();
    assert_eq!(facts.identity.login_name.as_str(), "zitui");
    assert_eq!(facts.identity.display_name.as_str(), "zitui service");
    assert_eq!(facts.identity.organization.as_str(), ACME);
    assert_eq!(facts.version.as_ref().unwrap().as_str(), format!("v{version}.0"));
    assert_eq!(facts.default_organization.as_ref().unwrap().as_str(), ACME);
    assert!(facts.instance_role_allows("iam.member.write"));
    assert!(facts.token_expires.is_some());
    assert_eq!(facts.capabilities.administrators_v2, version == V4_15);
    assert_eq!(facts.capabilities.administrators_v2beta, version >= V4_3);
    assert!(facts.capabilities.users_v2 && facts.capabilities.organizations_v2);
}

#[rstest]
#[case::owner("zitui", &["Acme", "Dormant", "Globex", "Initech", "Umbrella"])]
#[case::without_iam_read("org-manager", &["Acme", "Dormant", "Globex", "Initech", "Umbrella"])]
#[case::one_organization("globex-admin", &["Globex"])]
#[case::only_a_grant("grant-admin", &["Globex", "Initech"])]
#[case::nothing_at_all("nobody", &["Acme"])]
#[tokio::test]
async fn everybody_sees_the_organizations_that_concern_it(
    #[case] who: &str,
    #[case] seen: &[&str],
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    assert_eq!(organizations(&stage.session_of(who).await, "").await, seen);
}

#[rstest]
#[case::part_of_the_name("GLO", &["Globex"])]
#[case::part_of_the_domain("initech.loc", &["Initech"])]
#[case::part_of_both("localhost", &["Acme", "Dormant", "Globex", "Initech", "Umbrella"])]
#[case::id(GLOBEX, &["Globex"])]
#[case::unknown_id("123456789012345678", &[])]
#[case::blanks("  umbrella ", &["Umbrella"])]
#[case::nothing_like_it("zzz", &[])]
#[tokio::test]
async fn organizations_are_found_by_name_domain_and_id(
    #[case] text: &str,
    #[case] found: &[&str],
    #[values("zitui", "org-manager")] who: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    assert_eq!(organizations(&stage.session_of(who).await, text).await, found);
}

#[tokio::test]
async fn pages_of_organizations_join_without_gap_or_double() {
    let stage = Stage::start(V4_15);
    for who in ["zitui", "org-manager", "globex-admin"] {
        let session = stage.session_of(who).await;
        let mut names = Vec::new();
        let mut offset = Some(0);
        while let Some(start) = offset {
            let query = OrganizationQuery { text: String::new(), offset: start, limit: 2 };
            let page = session.organizations(&query).await.unwrap();
            offset = page.next_offset;
            names.extend(page.rows.iter().map(|row| row.name.as_str().to_owned()));
        }
        assert_eq!(names, organizations(&session, "").await, "{who}");
    }
}

#[rstest]
#[tokio::test]
async fn organizations_are_named_for_rows_that_refer_to_them(
    #[values("zitui", "org-manager", "grant-admin")] who: &str,
) {
    let stage = Stage::start(V4_15);
    let session = stage.session_of(who).await;
    let ids = [OrganizationId::new(GLOBEX), OrganizationId::new(INITECH), OrganizationId::new("1")];
    let names = session.organization_names(&ids).await;
    let names: Vec<_> = names.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    assert_eq!(names, [(GLOBEX, "Globex"), (INITECH, "Initech")]);
    let mark = stage.mark();
    session.organization_names(&ids).await;
    assert!(stage.requests_after(mark).is_empty(), "names are asked for once");
}

#[rstest]
#[case::display_name("ivan i", UserPass::Names, &["ivan"])]
#[case::last_name("GRUBER", UserPass::Names, &["greg"])]
#[case::mail("alice@example", UserPass::Names, &["alice"])]
#[case::user_name("deploy-", UserPass::Names, &["deploy-bot"])]
#[case::id(DEPLOY_BOT, UserPass::Names, &["deploy-bot"])]
#[case::login_name("acme.localhost", UserPass::LoginNames, &["root@acme.localhost"])]
#[case::name_of_a_service_user("deploy b", UserPass::ServiceNames, &["deploy-bot"])]
#[case::nobody_of_this_name("zzz", UserPass::ServiceNames, &[])]
#[tokio::test]
async fn users_are_found_across_organizations(
    #[case] text: &str,
    #[case] pass: UserPass,
    #[case] found: &[&str],
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    assert_eq!(users(&stage.owner().await, text, pass, None).await, found);
}

#[rstest]
#[case::by_a_project("portal-admin", GLOBEX)]
#[case::by_a_grant("grant-admin", GLOBEX)]
#[case::by_the_organization("globex-admin", GLOBEX)]
#[case::by_the_instance("zitui", GLOBEX)]
#[tokio::test]
async fn users_of_one_organization_are_found_by_all_who_may_see_them(
    #[case] who: &str,
    #[case] organization: &str,
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.session_of(who).await;
    for within in [Some(organization), None] {
        assert_eq!(users(&session, "alice", UserPass::Names, within).await, ["alice"], "{within:?}");
        assert_eq!(users(&session, "deploy bot", UserPass::ServiceNames, within).await, ["deploy-bot"]);
    }
}

#[tokio::test]
async fn service_users_are_read_once_for_many_searches() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    users(&session, "d", UserPass::ServiceNames, None).await;
    let mark = stage.mark();
    users(&session, "de", UserPass::ServiceNames, None).await;
    assert!(stage.requests_after(mark).is_empty());
}

#[rstest]
#[tokio::test]
async fn who_may_see_nobody_is_told_so(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.session_of("nobody").await;
    for organization in [None, Some(GLOBEX)] {
        let problem = session.users(&users_query("", UserPass::Names, organization)).await.unwrap_err();
        assert_eq!(problem.kind, ProblemKind::PermissionMissing);
        assert_eq!(problem.missing.unwrap().permission, "user.read");
    }
}

#[rstest]
#[tokio::test]
async fn users_are_looked_up_by_id(
    #[values("zitui", "portal-admin")] who: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let ids = [ALICE, DEPLOY_BOT, "123456789012345678", ALICE].map(UserId::new);
    let found = stage.session_of(who).await.users_by_id(&ids).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|user| (user.id.as_str(), user.kind, &user.state)).collect();
    found.sort();
    let active = &UserState::Active;
    assert_eq!(found, [(ALICE, UserKind::Human, active), (DEPLOY_BOT, UserKind::Service, active)]);
}

#[rstest]
#[case::exact("ivan", Some("ivan"))]
#[case::other_case("IVAN", Some("ivan"))]
#[case::with_suffix("root@acme.localhost", Some("root@acme.localhost"))]
#[case::foreign_suffix("ivan@globex.localhost", None)]
#[case::unknown_suffix("nobody@nowhere", None)]
#[case::part("iva", None)]
#[case::empty(" ", None)]
#[tokio::test]
async fn a_login_name_finds_its_holder_and_nobody_else(
    #[case] asked: &str,
    #[case] found: Option<&str>,
    #[values("zitui", "globex-admin")] who: &str,
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let user = stage.session_of(who).await.user_by_login_name(asked).await.unwrap();
    assert_eq!(user.as_ref().map(|user| user.login_name.as_str()), found);
}

#[tokio::test]
async fn looking_up_a_login_name_without_permission_is_told() {
    let stage = Stage::start(V4_15);
    let session = stage.session_of("nobody").await;
    let problem = session.user_by_login_name("ivan").await.unwrap_err();
    assert_eq!(problem.missing.unwrap().permission, "user.global.read");
    assert_eq!(session.user_by_login_name("nobody").await.unwrap().unwrap().login_name.as_str(), "nobody");
}

#[rstest]
#[tokio::test]
async fn managers_come_sorted_by_login_name_with_their_kind(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let managers = stage.owner().await.managers(&organization(GLOBEX)).await.unwrap();
    let rows: Vec<_> = managers.iter().map(|row| (row.user.login_name.as_str(), row.user.kind)).collect();
    let (human, service) = (UserKind::Human, UserKind::Service);
    let expected =
        [("alice", human), ("globex-admin", service), ("globex-user-manager", service), ("zitui", service)];
    assert_eq!(rows, expected);
    assert_eq!(managers[0].roles, roles(&["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"]));
}

#[rstest]
#[case::some_role("globex-user-manager", "org.member.read", "ORG_USER_MANAGER")]
#[case::role_elsewhere("portal-admin", "org.member.read", "PROJECT_OWNER")]
#[tokio::test]
async fn managers_that_may_not_be_read_are_not_an_empty_list(
    #[case] who: &str,
    #[case] permission: &str,
    #[case] held: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.session_of(who).await;
    for problem in [
        session.managers(&organization(GLOBEX)).await.unwrap_err(),
        session.roles(&organization(GLOBEX)).await.unwrap_err(),
    ] {
        assert_eq!(problem.kind, ProblemKind::PermissionMissing);
        assert!(problem.why.as_str().contains(permission), "{problem}");
        assert!(problem.why.as_str().contains(held), "{problem}");
        assert!(problem.fix.as_str().contains("ORG_OWNER"), "{problem}");
        assert_eq!(problem.missing.unwrap().held, roles(&[held]));
    }
}

#[tokio::test]
async fn no_membership_is_a_lacking_permission_not_a_lacking_organization() {
    let stage = Stage::start(V4_15);
    let problem = stage.session_of("nobody").await.managers(&organization(GLOBEX)).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert!(problem.missing.unwrap().held.is_empty());
}

#[rstest]
#[case(Level::Instance, 7, "IAM_OWNER")]
#[case(Level::Organization, 10, "ORG_OWNER")]
#[case(Level::Project, 4, "PROJECT_OWNER")]
#[case(Level::ProjectGrant, 2, "PROJECT_GRANT_OWNER")]
#[tokio::test]
async fn every_level_offers_its_roles(
    #[case] level: Level,
    #[case] count: usize,
    #[case] first: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let offered = stage.owner().await.roles(&resource(level)).await.unwrap();
    assert_eq!((offered.len(), offered[0].key()), (count, first));
}

#[tokio::test]
async fn permissions_are_those_of_the_asked_organization() {
    let stage = Stage::start(V4_15);
    let session = stage.session_of("globex-admin").await;
    let own = session.permissions(&OrganizationId::new(GLOBEX)).await.unwrap();
    assert!(own.allow_managers(&organization(GLOBEX), ManagerAction::Write));
    let other = session.permissions(&OrganizationId::new(INITECH)).await.unwrap();
    assert!(!other.allow_managers(&organization(INITECH), ManagerAction::Read));
    let unknown = session.permissions(&OrganizationId::new("123456789012345678")).await.unwrap_err();
    assert_eq!(unknown.kind, ProblemKind::NotFound);
}

#[rstest]
#[tokio::test]
async fn totals_do_not_count_what_may_not_be_seen(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.session_of("globex-admin").await;
    let query = OrganizationQuery { text: String::new(), offset: 0, limit: 50 };
    assert_eq!(session.organizations(&query).await.unwrap().total, Some(1));
    let page = session.users(&users_query("", UserPass::Names, None)).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (6, Some(6)));
}

fn globex() -> OrganizationId {
    OrganizationId::new(GLOBEX)
}

async fn projects(session: &Session, organization: &str, text: &str) -> Vec<String> {
    let page = session.projects(&OrganizationId::new(organization), text, 0, 50).await.unwrap();
    page.rows.iter().map(|row| row.title().as_str().to_owned()).collect()
}

#[rstest]
#[case::owner("zitui", GLOBEX, "", &["Billing", "Portal"])]
#[case::part_of_the_name("zitui", GLOBEX, " PORT ", &["Portal"])]
#[case::nothing_like_it("zitui", GLOBEX, "zzz", &[])]
#[case::default_organization("zitui", ACME, "", &["Intranet", "ZITADEL"])]
#[case::only_the_own("portal-admin", GLOBEX, "", &["Portal"])]
#[case::organization_without_any("zitui", INITECH, "", &[])]
#[tokio::test]
async fn projects_are_listed_from_their_organization(
    #[case] who: &str,
    #[case] organization: &str,
    #[case] text: &str,
    #[case] found: &[&str],
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    assert_eq!(projects(&stage.session_of(who).await, organization, text).await, found);
}

#[rstest]
#[case::empty_answer("grant-admin", "project.read")]
#[case::no_membership("nobody", "project.read")]
#[tokio::test]
async fn projects_that_may_not_be_seen_are_not_an_empty_list(
    #[case] who: &str,
    #[case] permission: &str,
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let problem = stage.session_of(who).await.projects(&globex(), "", 0, 50).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert_eq!(problem.missing.unwrap().permission, permission);
}

#[tokio::test]
async fn pages_of_projects_join_without_gap_or_double() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let first = session.projects(&globex(), "", 0, 1).await.unwrap();
    assert_eq!((first.rows.len(), first.total, first.next_offset), (1, Some(2), Some(1)));
    let second = session.projects(&globex(), "", 1, 1).await.unwrap();
    assert_eq!((second.rows.len(), second.next_offset), (1, None));
    assert_ne!(first.rows, second.rows);
}

#[rstest]
#[tokio::test]
async fn a_grant_is_the_same_from_both_sides(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let projects = session.projects(&globex(), "portal", 0, 50).await.unwrap();
    let given = session.project_grants(&projects.rows[0]).await.unwrap();
    let titles: Vec<_> = given.iter().map(|grant| grant.title().to_string()).collect();
    assert_eq!(titles, ["Portal → Initech", "Portal → Umbrella"]);
    assert_eq!(given[0].resource(), resource(Level::ProjectGrant));
    let received = session.granted_projects(&OrganizationId::new(INITECH)).await.unwrap();
    assert_eq!(received, given[..1]);
    let mark = stage.mark();
    session.organization_names(&[OrganizationId::new(INITECH)]).await;
    assert!(stage.requests_after(mark).is_empty(), "rows of grants tell the names of both sides");
}

#[rstest]
#[case::without_the_permission("globex-user-manager")]
#[case::only_for_a_grant("grant-admin")]
#[tokio::test]
async fn grants_that_may_not_be_seen_say_which_permission_lacks(
    #[case] who: &str,
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let portal = stage.owner().await.projects(&globex(), "portal", 0, 50).await.unwrap().rows.remove(0);
    let problem = stage.session_of(who).await.project_grants(&portal).await.unwrap_err();
    assert_eq!(problem.missing.unwrap().permission, "project.grant.read");
}

#[rstest]
#[tokio::test]
async fn projects_received_are_seen_by_who_manages_one(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.session_of("grant-admin").await;
    let received = session.granted_projects(&OrganizationId::new(INITECH)).await.unwrap();
    assert_eq!(received.len(), 1);
    let managers = session.managers(&received[0].resource()).await.unwrap();
    assert_eq!(managers[0].user.login_name.as_str(), "grant-admin");
    let problem = stage.session_of("nobody").await.granted_projects(&globex()).await.unwrap_err();
    assert_eq!(problem.missing.unwrap().permission, "project.read");
}

#[rstest]
#[tokio::test]
async fn one_manager_is_read_as_it_is_now(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let alice = session.manager(&organization(GLOBEX), &UserId::new(ALICE)).await.unwrap().unwrap();
    assert_eq!(alice.roles, roles(&["ORG_OWNER_VIEWER", "ORG_USER_PERMISSION_EDITOR"]));
    assert_eq!(session.manager(&organization(GLOBEX), &UserId::new(DEPLOY_BOT)).await, Ok(None));
    let problem = stage.session_of("nobody").await.manager(&Resource::Instance, &UserId::new(ALICE)).await;
    assert_eq!(problem.unwrap_err().missing.unwrap().permission, "iam.member.read");
}

#[rstest]
#[tokio::test]
async fn the_default_organization_offers_other_roles_on_projects(
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let intranet = session.projects(&OrganizationId::new(ACME), "intranet", 0, 50).await.unwrap();
    let offered = session.roles(&intranet.rows[0].resource()).await.unwrap();
    assert_eq!(offered, roles(&["PROJECT_OWNER_GLOBAL", "PROJECT_OWNER_VIEWER_GLOBAL"]));
}
