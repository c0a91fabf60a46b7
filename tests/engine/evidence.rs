//! What an access review looks at: the same by every way, in as few requests as possible, and what could not be read
//! with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::demo::{Demo, Effect, Fault, World};
use zitui::domain::id::{OrganizationId, UserId};
use zitui::domain::level::{Level, Resource};
use zitui::domain::problem::ProblemKind;
use zitui::domain::project::ProjectState;
use zitui::domain::review::{CredentialKind, Evidence, EvidenceProgress};
use zitui::engine::Session;

use crate::stage::{ACME, GLOBEX, Stage, organization};
use crate::world::{Recorded, Row, row};

async fn read(session: &Session) -> Evidence {
    let mut last = (0, 0);
    let tell = |progress: EvidenceProgress| {
        assert!(progress.done <= progress.known && progress.done >= last.0, "{progress:?} after {last:?}");
        last = (progress.done, progress.known);
    };
    let evidence = session.evidence(Some(Timestamp::UNIX_EPOCH), tell).await.unwrap();
    assert_eq!(last.0, last.1, "it ends where it said that it would");
    evidence
}

async fn session_by(stage: &Stage, who: &str, api: ApiChoice) -> Session {
    let token = stage.demo.pats()[who].as_str().into();
    let profile = Profile { credential: Credential::Token(token), api, ..stage.profile() };
    stage.session(&profile).await.unwrap()
}

fn unread(evidence: &Evidence) -> Vec<&str> {
    evidence.unread.iter().map(|part| part.name.as_str()).collect()
}

/// The demo's own world.
async fn built_in(version: Version) -> (Demo, Session) {
    start(version, World::built_in()).await
}

async fn start(version: Version, world: World) -> (Demo, Session) {
    let stage = Stage::with(version, world);
    let session = stage.owner().await;
    (stage.demo, session)
}

#[rstest]
#[tokio::test]
async fn an_owner_of_the_instance_reads_everything_by_every_way(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
) {
    let stage = Stage::start(version);
    let evidence = read(&session_by(&stage, "zitui", api).await).await;
    let rows: BTreeSet<Row> = evidence.records.iter().map(row).collect();
    assert_eq!(rows, Recorded::read().managers(version));
    assert_eq!(unread(&evidence), [""; 0]);
    assert!(evidence.complete && evidence.all_users_readable && evidence.unread_resources.is_empty());
    assert_eq!(evidence.organizations.len(), 5);
    let managed: BTreeSet<&UserId> = evidence.records.iter().map(|row| &row.manager.user.id).collect();
    assert_eq!(evidence.users.keys().collect::<BTreeSet<_>>(), managed);
    let levels: BTreeSet<Level> = evidence.offered.keys().copied().collect();
    let used: BTreeSet<Level> = evidence.records.iter().map(|row| row.manager.resource.level()).collect();
    assert_eq!(levels, used);
    let unknown = evidence.records.iter().flat_map(|row| {
        let offered = &evidence.offered[&row.manager.resource.level()];
        row.manager.roles.iter().filter(|role| !offered.contains(role))
    });
    assert_eq!(unknown.count(), 0, "the recorded world has no roles of its own");
    for record in &evidence.records {
        match &record.manager.resource {
            Resource::Project { project, .. } => {
                assert_eq!(evidence.projects[project].state, ProjectState::Active);
            }
            Resource::ProjectGrant { grant, granted, .. } => {
                assert_eq!(evidence.grants[grant].state, ProjectState::Active);
                assert_eq!(evidence.grants[grant].granted, *granted);
                assert!(!evidence.grants[grant].organization_name.is_empty());
            }
            Resource::Instance | Resource::Organization(_) => {}
        }
    }
    assert!(evidence.events.unwrap().len() >= evidence.records.len());
}

/// By the list of v2: the organizations, the managers, their users, the projects (on 4.15 one list of all; on 4.3 the
/// projects and the grants of their one owner), the roles of four levels, and the events. The walk sees organizations,
/// projects and grants on its way. A person of Acme owns the instance, so that the applications of Acme's one project
/// are counted, and the server is asked which project is its own; 4.3 must also list the projects of Acme. Keys and
/// tokens are one list each where the server has them of all users, else two lists for each of the service users that
/// may do more than read.
#[rstest]
#[case::listed(V4_15, ApiChoice::Auto, 3 + 1 + 4 + 1 + 2)]
#[case::listed_by_beta(V4_3, ApiChoice::Auto, 3 + 2 + 4 + 1 + 3)]
#[case::walked(V4_15, ApiChoice::V1, 21 + 4 + 1 + 2)]
#[case::walked_because_there_is_no_list(V2_68, ApiChoice::Auto, 21 + 4 + 1 + 2)]
#[tokio::test]
async fn no_more_requests_are_sent_than_needed(
    #[case] version: Version,
    #[case] api: ApiChoice,
    #[case] least: usize,
) {
    let stage = Stage::start(version);
    let session = session_by(&stage, "zitui", api).await;
    let mark = stage.mark();
    let evidence = read(&session).await;
    let requests = stage.requests_after(mark);
    let (keys, others): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|it| it.contains("/keys/") || it.contains("/pats/"));
    let lists = if version == V2_68 { evidence.credentials.len() } else { 1 };
    assert_eq!(keys.len(), 2 * lists);
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "nothing is asked twice");
    assert_eq!(others.len(), least, "{others:#?}");
}

/// What a review may conclude from, in terms that can be compared.
fn known(evidence: &Evidence) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for record in &evidence.records {
        let [resource, name, owner, user, roles] = row(record);
        known.insert(format!("{resource} {user}"), format!("{name} {owner} {roles}"));
    }
    let organizations = evidence.organizations.values();
    known.extend(
        organizations.map(|it| (format!("organization {}", it.id), format!("{} {}", it.name, it.state))),
    );
    known.extend(
        evidence
            .projects
            .values()
            .map(|it| (format!("project {}", it.id), format!("{} {}", it.name, it.state))),
    );
    known.extend(
        evidence
            .grants
            .values()
            .map(|it| (format!("grant {}", it.id), format!("{} {}", it.title(), it.state))),
    );
    known.extend(
        evidence.users.values().map(|it| (format!("user {}", it.id), format!("{} {}", it.title(), it.state))),
    );
    known.extend(
        evidence.applications.iter().map(|(id, count)| (format!("applications {id}"), count.to_string())),
    );
    for (user, held) in &evidence.credentials {
        let mut held: Vec<String> =
            held.iter().map(|it| format!("{} {:?} {}", it.id, it.kind, it.expires.is_some())).collect();
        held.sort();
        known.insert(format!("credentials {user}"), held.join(", "));
    }
    known
}

#[tokio::test]
async fn every_version_and_every_way_gives_the_same() {
    let (demo, session) = built_in(V4_15).await;
    let newest = known(&read(&session).await);
    for version in [V2_68, V4_3] {
        let (_demo, session) = built_in(version).await;
        let evidence = read(&session).await;
        assert_eq!(unread(&evidence), [""; 0], "{version}");
        assert_eq!(known(&evidence), newest, "{version}");
    }
    let blocked = Effect::Status { status: 404, retry_after: None, html: true };
    demo.faults().switch_on(Fault::new(blocked.clone()).on("ListProjects"));
    assert_eq!(known(&read(&session).await), newest, "by the organizations that own the projects");
    demo.faults().switch_on(Fault::new(blocked.clone()).on("/v2/users/pats/search"));
    assert_eq!(known(&read(&session).await), newest, "with the keys of each user");
    demo.faults().switch_on(Fault::new(blocked).on("ListAdministrators"));
    assert_eq!(known(&read(&session).await), newest, "by walking");
}

#[rstest]
#[tokio::test]
async fn states_applications_and_keys_are_told(#[values(V2_68, V4_3, V4_15)] version: Version) {
    let (_demo, session) = built_in(version).await;
    let evidence = read(&session).await;
    let inactive: Vec<_> = evidence.grants.values().filter(|it| it.state == ProjectState::Inactive).collect();
    let [grant] = inactive.as_slice() else { panic!("{inactive:?}") };
    assert_eq!(grant.title().as_str(), "Claims → Halvorsen Shipping");
    let homes: BTreeMap<&str, u64> = evidence
        .applications
        .iter()
        .map(|(id, count)| (evidence.organizations[id].name.as_str(), *count))
        .collect();
    assert_eq!(homes, BTreeMap::from([("Corvid Analytics", 0), ("Nordwind Holding", 3)]));
    let held: BTreeMap<&str, (usize, usize)> = evidence
        .credentials
        .iter()
        .map(|(id, held)| {
            let endless = held.iter().filter(|it| it.expires.is_none()).count();
            (evidence.users[id].user_name.as_str(), (held.len(), endless))
        })
        .collect();
    assert_eq!(held["zitui"], (1, 1), "the key that the demo has written");
    assert_eq!(held["terraform"], (4, 1));
    assert_eq!(held["erp-bridge"], (1, 0));
    assert!(!held.contains_key("audit-export"), "who only reads is not asked for");
    let terraform = evidence.users.values().find(|it| it.user_name.as_str() == "terraform").unwrap();
    let tokens = evidence.credentials[&terraform.id].iter();
    assert_eq!(tokens.filter(|it| it.kind == CredentialKind::PersonalToken).count(), 1);
}

#[rstest]
#[tokio::test]
async fn events_are_read_as_far_back_as_asked(#[values(V2_68, V4_15)] version: Version) {
    let (demo, session) = built_in(version).await;
    let month = Timestamp::now() - SignedDuration::from_hours(24 * 30);
    let mark = demo.requests().len();
    let evidence = session.evidence(Some(month), |_| ()).await.unwrap();
    let events = evidence.events.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(evidence.users[&event.user].user_name.as_str(), "stefan.ionescu");
    assert_eq!(event.editor.as_str(), "Imogen Tallis");
    let asked = |mark| demo.requests().split_off(mark).iter().filter(|it| it.contains("/events/")).count();
    assert_eq!(asked(mark), 1);
    let mark = demo.requests().len();
    let evidence = session.evidence(None, |_| ()).await.unwrap();
    assert_eq!((evidence.events, asked(mark)), (None, 0));
    assert!(evidence.unread.is_empty(), "what nobody asked for does not lack");
}

#[rstest]
#[tokio::test]
async fn an_auditor_reads_everything_too(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
) {
    let stage = Stage::start(version);
    let auditor = read(&session_by(&stage, "auditor", api).await).await;
    let owner = read(&stage.owner().await).await;
    assert_eq!(unread(&auditor), [""; 0]);
    assert_eq!(known(&auditor), known(&owner));
    assert!(auditor.complete && auditor.all_users_readable && auditor.unread_resources.is_empty());
    assert_eq!(auditor.events, owner.events);
}

#[rstest]
#[tokio::test]
async fn the_owner_of_one_organization_sees_it_whole_and_is_told_what_not(
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
) {
    let stage = Stage::start(version);
    let evidence = read(&session_by(&stage, "globex-admin", api).await).await;
    let organizations: Vec<&str> = evidence.organizations.keys().map(OrganizationId::as_str).collect();
    assert_eq!(organizations, [GLOBEX]);
    let in_globex = |it: &Row| it[2] == "Globex";
    let all = Recorded::read().managers(version);
    let resources: BTreeSet<&String> = all.iter().filter(|it| in_globex(it)).map(|it| &it[0]).collect();
    let rows: Vec<Row> = evidence.records.iter().map(row).collect();
    assert!(rows.iter().all(in_globex), "{rows:?}");
    assert_eq!(rows.iter().map(|it| &it[0]).collect::<BTreeSet<_>>(), resources);
    assert_eq!(rows.len(), all.iter().filter(|it| in_globex(it)).count());
    assert!(evidence.complete, "of what it holds");
    assert_eq!(evidence.unread_resources, [Resource::Instance].into());
    assert!(!evidence.all_users_readable);
    assert_eq!(evidence.events, None);
    let parts = unread(&evidence);
    assert!(parts.contains(&"managers that your roles do not show"), "{parts:?}");
    assert!(parts.contains(&"events of given roles"), "{parts:?}");
    assert!(evidence.unread.iter().all(|part| part.problem.missing.is_some()), "{:?}", evidence.unread);
}

#[rstest]
#[case::sees_no_managers("globex-user-manager", GLOBEX)]
#[case::project("portal-admin", GLOBEX)]
#[case::grant("grant-admin", GLOBEX)]
#[case::nothing("nobody", ACME)]
#[tokio::test]
async fn who_may_not_read_managers_concludes_nothing_from_own_rows(
    #[case] who: &str,
    #[case] place: &str,
    #[values(V2_68, V4_3, V4_15)] version: Version,
    #[values(ApiChoice::Auto, ApiChoice::V1)] api: ApiChoice,
) {
    let stage = Stage::start(version);
    let session = session_by(&stage, who, api).await;
    let evidence = read(&session).await;
    assert!(evidence.unread_resources.contains(&Resource::Instance));
    let place = organization(place);
    let told = evidence.organizations.keys().any(|id| Resource::Organization(id.clone()) == place);
    assert!(!told || evidence.unread_resources.contains(&place), "{:?}", evidence.unread_resources);
    for record in
        evidence.records.iter().filter(|record| record.manager.resource.level() == Level::Organization)
    {
        assert!(evidence.unread_resources.contains(&record.manager.resource), "{record:?}");
    }
    assert!(!evidence.all_users_readable);
    assert_eq!(evidence.events, None);
    assert!(!evidence.unread.is_empty());
    assert!(evidence.unread.iter().all(|part| part.problem.missing.is_some()), "{:?}", evidence.unread);
}

#[rstest]
#[case::a_server_without_the_call(Effect::Status { status: 404, retry_after: None, html: true }, true)]
#[case::another_refusal(Effect::Status { status: 403, retry_after: None, html: false }, false)]
#[case::half_an_answer(Effect::BrokenJson, false)]
#[tokio::test]
async fn keys_that_cannot_be_read_are_told_and_never_none(
    #[case] effect: Effect,
    #[case] gives_up: bool,
    #[values(V2_68, V4_15)] version: Version,
) {
    let (demo, session) = built_in(version).await;
    let whole = read(&session).await.credentials.len();
    demo.faults().switch_on(Fault::new(effect).on("/keys/"));
    let mark = demo.requests().len();
    let evidence = read(&session).await;
    assert!(evidence.credentials.is_empty());
    let name = format!("keys and tokens of {whole} service users");
    assert_eq!(unread(&evidence), [name.as_str()]);
    let requests = demo.requests().split_off(mark);
    let asked = requests.iter().filter(|it| it.contains("/keys/") || it.contains("/pats/")).count();
    assert!(!gives_up || asked <= 9, "a call that is not there is not asked for again: {asked}");
}

#[tokio::test]
async fn tokens_that_cannot_be_read_leave_no_half_entry() {
    let (demo, session) = built_in(V2_68).await;
    demo.faults().switch_on(Fault::new(Effect::BrokenJson).on("/pats/_search").times(1));
    let evidence = read(&session).await;
    let [part] = evidence.unread.as_slice() else { panic!("{:?}", evidence.unread) };
    assert!(part.name.as_str().starts_with("keys and tokens of "), "{}", part.name);
    let service = evidence.records.iter().map(|it| &it.manager.user.id).collect::<BTreeSet<_>>();
    assert!(evidence.credentials.keys().all(|id| service.contains(id)));
    assert!(!evidence.credentials.is_empty());
}

#[tokio::test]
async fn applications_that_cannot_be_counted_are_told_and_never_none() {
    let (demo, session) = built_in(V4_15).await;
    let blocked = Effect::Status { status: 404, retry_after: None, html: true };
    demo.faults().switch_on(Fault::new(blocked).on("/apps/_search").times(1));
    let evidence = read(&session).await;
    assert_eq!(evidence.applications.len(), 1);
    let [part] = evidence.unread.as_slice() else { panic!("{:?}", evidence.unread) };
    assert!(part.name.as_str().starts_with("applications of "), "{}", part.name);
}

#[rstest]
#[case::managers("ListAdministrators", true)]
#[case::keys("/users/", true)]
#[case::applications("/apps/", false)]
#[tokio::test]
async fn a_connection_that_is_cut_ends_it_or_is_told(#[case] path: &str, #[case] ends: bool) {
    let (demo, session) = built_in(V4_15).await;
    demo.faults().switch_on(Fault::new(Effect::CutBefore).on(path));
    match session.evidence(None, |_| ()).await {
        Err(problem) => assert!(ends && problem.kind == ProblemKind::Network, "{problem}"),
        Ok(evidence) => {
            assert!(!ends, "{:?}", unread(&evidence));
            assert!(evidence.unread.iter().all(|part| part.problem.kind == ProblemKind::Network));
            assert_eq!(evidence.unread.len(), 2, "one for each home of an owner of the instance");
        }
    }
}

#[tokio::test]
async fn a_page_of_managers_that_fails_leaves_nothing_to_conclude() {
    let (demo, session) = start(V4_15, World::generate(300, 12_000, 9_000)).await;
    let broken = Effect::Status { status: 500, retry_after: None, html: false };
    let first = AtomicBool::new(true);
    let evidence = session.evidence(None, |_| {
        if first.swap(false, Ordering::Relaxed) {
            demo.faults().switch_on(Fault::new(broken.clone()).on("ListAdministrators").times(3));
        }
    });
    let evidence = evidence.await.unwrap();
    assert!(!evidence.complete);
    let parts = unread(&evidence);
    assert!(parts.iter().all(|part| *part == "a part of the list of all managers"), "{parts:?}");
}

#[tokio::test]
async fn it_can_be_left_and_run_elsewhere() {
    let (demo, session) = built_in(V2_68).await;
    demo.faults().switch_on(Fault::new(Effect::Hang).on("/keys/"));
    let only_keys = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn({
        let (session, only_keys) = (session.clone(), Arc::clone(&only_keys));
        let tell = move |progress: EvidenceProgress| {
            only_keys.store(progress.known - progress.done == 8, Ordering::Relaxed);
        };
        async move { session.evidence(None, tell).await }
    });
    let keys = || demo.requests().iter().filter(|it| it.contains("/keys/")).count();
    while !(only_keys.load(Ordering::Relaxed) && keys() == 8) {
        tokio::task::yield_now().await;
    }
    reading.abort();
    assert!(reading.await.unwrap_err().is_cancelled());
    demo.faults().clear();
    let mark = demo.requests().len();
    session.managers(&Resource::Instance).await.unwrap();
    assert_eq!(demo.requests().len(), mark + 1, "nothing goes on behind the back");
}

/// How many requests of each kind were sent.
fn by_kind(requests: &[String]) -> BTreeMap<&'static str, usize> {
    let kinds = [
        ("orgs/_search", "organizations"),
        ("ListAdministrators", "managers"),
        ("ListProjects", "projects"),
        ("/roles/_search", "roles"),
        ("/events/_search", "events"),
        ("/keys/", "keys"),
        ("/pats/", "keys"),
        ("/apps/", "applications"),
        ("/management/v1/iam", "applications"),
        ("/members/_search", "managers"),
        ("projects/_search", "projects"),
        ("projectgrants/_search", "grants"),
        ("/v2/users", "users"),
    ];
    let mut counted = BTreeMap::new();
    for request in requests {
        let kind = kinds.iter().find(|(part, _)| request.contains(part)).map_or("other", |(_, kind)| kind);
        *counted.entry(kind).or_default() += 1;
    }
    counted
}

#[tokio::test]
async fn a_large_instance_needs_few_requests_beside_its_managers() {
    let (demo, session) = start(V4_15, World::generate(3_000, 20_000, 10_000)).await;
    let mark = demo.requests().len();
    let listed = read(&session).await;
    let mut counted = by_kind(&demo.requests().split_off(mark));
    assert_eq!(unread(&listed), [""; 0]);
    assert!(listed.records.len() > 7_000 && listed.credentials.len() > 500);
    let pages = |rows: usize| rows.div_ceil(1_000);
    let at_most = [
        ("organizations", pages(3_000)),
        // Pages overlap by ten rows.
        ("managers", listed.records.len().div_ceil(990)),
        // As many as are known when nothing else is to be done.
        ("users", pages(listed.users.len()) + 2),
        // 1501 projects and up to 750 grants.
        ("projects", pages(1_501 + 750)),
        ("roles", 4),
        ("events", pages(listed.events.as_ref().unwrap().len()) + 1),
        // 20 000 users, a ninth of them service users with 1.3 keys; and no tokens.
        ("keys", 4 + 1),
    ];
    for (kind, most) in at_most {
        let sent = counted.remove(kind).unwrap();
        assert!(sent <= most, "{kind}: {sent} of at most {most}");
    }
    // The server's own project, and each project of the home organizations of people who own the instance.
    let applications = counted.remove("applications").unwrap_or_default();
    assert!(applications <= 1 + 5 * listed.applications.len(), "{applications}");
    assert_eq!(counted, BTreeMap::new(), "nothing else is asked");

    let (demo, session) = start(V2_68, World::generate(3_000, 20_000, 10_000)).await;
    let mark = demo.requests().len();
    session.inventory(|_| ()).await.unwrap();
    let managers = demo.requests().len() - mark;
    let mark = demo.requests().len();
    let walked = read(&session).await;
    let sent = demo.requests().len() - mark;
    assert_eq!(known(&walked), known(&listed));
    let events = pages(walked.events.as_ref().unwrap().len()) + 1;
    let beside = 4 + events + applications + 2 * walked.credentials.len();
    // Users are looked up whenever a thousand are known, so that their number depends on what comes first.
    assert!(sent <= managers + beside + 2, "{sent} beside {managers} for managers");
}
