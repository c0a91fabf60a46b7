//! All managers in one list: the same rows by every way, and what could not be read with the reason.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rstest::rstest;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::demo::{Demo, Effect, Fault, World};
use zitui::domain::inventory::{InventoryPart, ManagerRecord, UnreadPart};
use zitui::domain::level::{Level, Resource};
use zitui::domain::manager::ManagerUser;
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::engine::Session;

use crate::stage::{GLOBEX, Stage, organization};
use crate::world::{Recorded, Row, row};

/// What a reading told, with the names that came later filled in.
struct Told {
    rows: Vec<ManagerRecord>,
    unread: Vec<UnreadPart>,
    parts: Vec<&'static str>,
    outcome: Result<(), Problem>,
}

impl Told {
    fn rows(&self) -> BTreeSet<Row> {
        self.rows.iter().map(row).collect()
    }

    fn unread(&self) -> Vec<&str> {
        self.unread.iter().map(|part| part.name.as_str()).collect()
    }
}

async fn read(session: &Session) -> Told {
    let mut told = Told { rows: Vec::new(), unread: Vec::new(), parts: Vec::new(), outcome: Ok(()) };
    let mut users = Vec::new();
    let outcome = session
        .inventory(|part| match part {
            InventoryPart::Rows(rows) => {
                told.parts.push("rows");
                told.rows.extend(rows);
            }
            InventoryPart::Users(found) => {
                told.parts.push("users");
                users.extend(found);
            }
            InventoryPart::Unread(part) => {
                told.parts.push("unread");
                told.unread.push(part);
            }
            InventoryPart::Progress { done, known } => assert!(done <= known, "{done} of {known}"),
        })
        .await;
    told.outcome = outcome;
    for row in &mut told.rows {
        if let Some(user) = users.iter().find(|user| user.id == row.manager.user.id) {
            row.manager.user = ManagerUser::from(user);
        }
    }
    told
}

/// A session that reads by the list of v2 or by walking.
async fn session_by(stage: &Stage, who: &str, api: ApiChoice) -> Session {
    let token = stage.demo.pats()[who].as_str().into();
    let profile = Profile { credential: Credential::Token(token), api, ..stage.profile() };
    stage.session(&profile).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn all_managers_of_the_world_are_listed_with_all_names(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
) {
    let stage = Stage::start(version);
    let session = session_by(&stage, "zitui", api).await;
    let mark = stage.mark();
    let told = read(&session).await;
    assert_eq!(told.outcome, Ok(()));
    assert_eq!(told.rows(), Recorded::read().managers(version));
    assert_eq!(told.rows.len(), told.rows().len(), "each row once");
    assert!(told.unread.is_empty(), "{:?}", told.unread);
    assert!(told.rows.iter().all(|row| row.manager.created.is_some()));
    let requests = stage.requests_after(mark);
    let listed = requests.iter().any(|request| request.contains("ListAdministrators"));
    assert_eq!(listed, version >= V4_3 && api == ApiChoice::Auto, "{requests:?}");
}

/// The list of v2 needs itself and one look-up of users, since rows of organizations tell the names of owners and
/// receivers. The walk needs a list for the instance, the organizations, each organization (5), its projects (5), its
/// grants where it has projects (2), each project (4), each grant (2), and the look-up: 21.
#[rstest]
#[case::listed(V4_15, ApiChoice::Auto, 2)]
#[case::listed_by_beta(V4_3, ApiChoice::Auto, 2)]
#[case::walked(V4_15, ApiChoice::V1, 21)]
#[case::walked_because_there_is_no_list(V2_68, ApiChoice::Auto, 21)]
#[tokio::test]
async fn no_more_requests_are_sent_than_needed(
    #[case] version: Version,
    #[case] api: ApiChoice,
    #[case] least: usize,
) {
    let stage = Stage::start(version);
    let session = session_by(&stage, "zitui", api).await;
    let mark = stage.mark();
    read(&session).await.outcome.unwrap();
    let requests = stage.requests_after(mark);
    assert_eq!(requests.len(), least, "{requests:#?}");
}

#[rstest]
#[tokio::test]
async fn every_caller_sees_the_same_by_every_way(
    #[values(
        "auditor",
        "org-manager",
        "user-manager",
        "globex-admin",
        "globex-user-manager",
        "portal-admin",
        "grant-admin",
        "nobody"
    )]
    who: &str,
    #[values(V2_68, V4_3)] version: Version,
) {
    let newest = Stage::start(V4_15);
    let listed = read(&session_by(&newest, who, ApiChoice::Auto).await).await;
    let walked = read(&session_by(&newest, who, ApiChoice::V1).await).await;
    assert_eq!(ids(&listed), ids(&walked), "{who}");
    let older = Stage::start(version);
    let told = read(&session_by(&older, who, ApiChoice::Auto).await).await;
    let only_there: BTreeSet<Row> =
        Recorded::read().managers(version).difference(&Recorded::read().managers(V4_15)).cloned().collect();
    let only_there =
        only_there.iter().map(|row| (row[0].clone(), row[3].split(' ').next().unwrap().to_owned())).collect();
    let both: BTreeSet<_> = ids(&told).difference(&only_there).cloned().collect();
    assert_eq!(both, ids(&listed), "{who} on {version}");
    for told in [listed, walked, told] {
        assert_eq!(told.outcome, Ok(()));
        let reads_all = who == "auditor";
        assert_eq!(told.unread.is_empty(), reads_all, "{who}: {:?}", told.unread());
        let explained = told.unread.iter().all(|part| part.problem.missing.is_some());
        assert!(explained, "{who}: {:?}", told.unread);
    }
}

fn ids(told: &Told) -> BTreeSet<(String, String)> {
    let of = |record: &ManagerRecord| {
        let [resource, ..] = row(record);
        (resource, record.manager.user.id.to_string())
    };
    told.rows.iter().map(of).collect()
}

#[rstest]
#[case::owner_of_an_organization("globex-admin", &["instance"])]
#[case::owner_of_a_project("portal-admin", &["instance", "organization"])]
#[case::nothing("nobody", &["instance", "organization", "project", "project grant"])]
#[tokio::test]
async fn what_the_own_roles_do_not_show_is_absent_and_told(
    #[case] who: &str,
    #[case] unseen: &[&str],
    #[values(V2_68, V4_3, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let told = read(&stage.session_of(who).await).await;
    let own = stage.session_of(who).await.facts().identity.user.clone();
    let levels: BTreeSet<String> = told
        .rows
        .iter()
        .filter(|row| row.manager.user.id != own)
        .map(|row| row.manager.resource.level().to_string())
        .collect();
    assert!(unseen.iter().all(|level| !levels.contains(*level)), "{levels:?}");
    assert!(told.unread().contains(&"managers that your roles do not show"), "{:?}", told.unread());
}

#[rstest]
#[tokio::test]
async fn the_instance_is_told_as_unread_to_who_manages_only_organizations(
    #[values(V2_68, V4_15)] version: Version,
) {
    let stage = Stage::start(version);
    let told = read(&stage.session_of("org-manager").await).await;
    let [part] = told.unread.as_slice() else { panic!("{:?}", told.unread) };
    assert_eq!(part.resource, Some(Resource::Instance));
    assert_eq!(part.problem.missing.as_ref().unwrap().permission, "iam.member.read");
    let on_instance = told.rows.iter().filter(|row| row.manager.resource == Resource::Instance);
    assert_eq!(on_instance.count(), 1, "only the own row");
}

#[tokio::test]
async fn one_organization_that_fails_does_not_stop_the_rest() {
    let stage = Stage::start(V2_68);
    let session = stage.owner().await;
    let broken = Effect::Status { status: 500, retry_after: None, html: false };
    stage.demo.faults().switch_on(Fault::new(broken).on("/projects/300000000000000002/members"));
    let told = read(&session).await;
    assert_eq!(told.outcome, Ok(()));
    assert_eq!(told.unread(), ["managers of Portal"]);
    let missing: BTreeSet<Row> =
        Recorded::read().managers(V2_68).into_iter().filter(|row| !row[0].starts_with("project 3")).collect();
    let read: BTreeSet<Row> =
        told.rows().into_iter().filter(|row| !row[0].starts_with("project 3")).collect();
    assert_eq!(read, missing);
    assert!(told.rows.iter().any(|row| row.manager.resource == organization(GLOBEX)));
}

#[rstest]
#[tokio::test]
async fn a_server_that_goes_away_ends_it_and_what_came_stays(#[values(V2_68, V4_15)] version: Version) {
    let stage = Stage::start(version);
    let session = stage.owner().await;
    let path = if version == V2_68 { "/management/" } else { "ListAdministrators" };
    stage.demo.faults().switch_on(Fault::new(Effect::CutBefore).on(path));
    let told = read(&session).await;
    assert_eq!(told.outcome.unwrap_err().kind, ProblemKind::Network);
    assert_eq!(told.rows.is_empty(), version == V4_15);
}

#[tokio::test]
async fn a_server_that_is_away_from_the_start_is_no_instance_without_managers() {
    let stage = Stage::start(V2_68);
    let session = stage.owner().await;
    stage.demo.faults().switch_on(Fault::new(Effect::CutBefore).on("/"));
    let told = read(&session).await;
    assert_eq!(told.outcome.unwrap_err().kind, ProblemKind::Network);
}

#[tokio::test]
async fn a_list_that_a_proxy_keeps_away_is_replaced_by_the_walk() {
    let stage = Stage::start(V4_15);
    let session = stage.owner().await;
    let blocked = Effect::Status { status: 404, retry_after: None, html: true };
    stage.demo.faults().switch_on(Fault::new(blocked).on("ListAdministrators"));
    assert_eq!(read(&session).await.rows(), Recorded::read().managers(V4_15));
}

#[tokio::test]
async fn dropping_it_stops_it() {
    let stage = Stage::start(V2_68);
    let session = stage.owner().await;
    stage.demo.faults().switch_on(Fault::new(Effect::Hang).on("/projects/"));
    let rows = Mutex::new(0);
    {
        let reading = session.inventory(|part| {
            if let InventoryPart::Rows(_) = part {
                *rows.lock().unwrap() += 1;
            }
        });
        tokio::select! {
            _ = reading => panic!("it cannot end"),
            () = until(|| *rows.lock().unwrap() > 3) => {}
        }
    }
    stage.demo.faults().clear();
    // What was on its way to the server when the reading was dropped arrives before this is answered.
    session.managers(&Resource::Instance).await.unwrap();
    let mark = stage.mark();
    session.managers(&Resource::Instance).await.unwrap();
    assert_eq!(stage.requests_after(mark).len(), 1, "nothing goes on behind the back");
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

async fn generated(version: Version, organizations: usize, managers: usize) -> (Demo, Session) {
    let stage = Stage::with(version, World::generate(organizations, managers * 2, managers));
    let session = stage.owner().await;
    (stage.demo, session)
}

#[tokio::test]
async fn a_large_instance_shows_rows_at_once_and_both_ways_find_all() {
    let (demo, session) = generated(V4_15, 3_000, 10_000).await;
    let mark = demo.requests().len();
    let listed = read(&session).await;
    let requests = demo.requests().split_off(mark);
    assert_eq!(listed.outcome, Ok(()));
    assert_eq!(listed.parts.first(), Some(&"rows"));
    assert!(listed.rows.len() > 7_000, "{}", listed.rows.len());
    let pages = requests.iter().filter(|request| request.contains("ListAdministrators")).count();
    assert!(pages <= listed.rows.len() / 990 + 1, "{pages}");
    let lists = requests.iter().filter(|request| request.contains("orgs/_search")).count();
    let users: BTreeSet<_> = listed.rows.iter().map(|row| &row.manager.user.id).collect();
    let look_ups = requests.iter().filter(|request| request.contains("/v2/users")).count();
    assert_eq!((lists, pages + lists + look_ups), (3, requests.len()), "nothing else is asked");
    assert!(look_ups <= users.len() / 1000 + pages, "{look_ups} for {} users", users.len());
    assert!(
        listed
            .rows
            .iter()
            .all(|row| row.manager.resource.level() == Level::Instance || !row.organization_name.is_empty())
    );

    let (old, session) = generated(V2_68, 3_000, 10_000).await;
    let mark = old.requests().len();
    let walked = read(&session).await;
    assert_eq!(walked.parts.first(), Some(&"rows"));
    assert_eq!(ids(&walked), ids(&listed));
    let first_list_of_users = walked.parts.iter().position(|part| *part == "users").unwrap();
    assert!(first_list_of_users > 10, "rows do not wait for names");
    let requests = old.requests().split_off(mark);
    let of = |end: &str| requests.iter().filter(|request| request.ends_with(end)).count();
    let organizations = requests.iter().filter(|request| request.contains("/orgs/me/members")).count();
    assert_eq!((organizations, of("/management/v1/projects/_search")), (3_000, 3_000));
    let distinct: BTreeSet<&String> =
        requests.iter().filter(|request| request.contains("/projects/")).collect();
    let on_projects = requests.iter().filter(|request| request.contains("/members/_search")).count();
    assert!(on_projects > 3_000 && distinct.len() > 1_000);
}
