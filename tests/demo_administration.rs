//! What the demo instance does beyond the recorded exchanges: facts that were probed on the real servers, for
//! administrators, projects and events.

#![expect(clippy::unwrap_used, reason = "a test says what broke by failing")]

#[path = "replay/http.rs"]
mod http;

use std::collections::BTreeSet;

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use zitui::demo::{Demo, Options, UserState, Version, World};

use self::http::Connection;

const PORTAL: &str = "300000000000000002";
const GRANT: &str = "400000000000000001";
const GLOBEX: &str = "100000000000000002";
const INITECH: &str = "100000000000000003";
const ALICE: &str = "200000000000000003";
const GREG: &str = "200000000000000004";
const LIST: &str = "/zitadel.internal_permission.v2.InternalPermissionService/ListAdministrators";
const LIST_BETA: &str = "/zitadel.internal_permission.v2beta.InternalPermissionService/ListAdministrators";
const CREATE: &str = "/zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator";
const UPDATE: &str = "/zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator";
const DELETE: &str = "/zitadel.internal_permission.v2.InternalPermissionService/DeleteAdministrator";
const EVENTS: &str = "/admin/v1/events/_search";

fn start(version: Version) -> Demo {
    let world = World::from_json(include_str!("recordings/world.json")).unwrap();
    Demo::start(Options { version, world, list_delay: Duration::ZERO, ..Options::default() }).unwrap()
}

/// Sends as `login` and returns status and body; an error when the server gave no answer.
fn ask(
    demo: &Demo,
    login: &str,
    (method, path): (&str, &str),
    body: &Value,
) -> std::io::Result<(u16, Value)> {
    ask_in(demo, login, (method, path), "", body)
}

fn ask_in(
    demo: &Demo,
    login: &str,
    (method, path): (&str, &str),
    organization: &str,
    body: &Value,
) -> std::io::Result<(u16, Value)> {
    let headers = [
        ("Authorization".to_owned(), format!("Bearer {}", demo.pats().get(login).unwrap())),
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("x-zitadel-orgid".to_owned(), organization.to_owned()),
    ];
    let response = Connection::new(demo.url()).send(method, path, &headers, body.to_string().as_bytes())?;
    Ok((response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null)))
}

fn rows<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    body[field].as_array().map_or(&[], Vec::as_slice)
}

fn grant_of_portal() -> Value {
    json!({"projectGrant": {"projectId": PORTAL, "organizationId": INITECH}})
}

#[rstest]
#[case(json!({"resource": grant_of_portal()}))]
#[case(json!({"resource": {"instance": false}}))]
fn version_4_3_dies_of_two_filters_and_lives_on(#[case] filter: Value) {
    let demo = start(Version::V4_3);
    assert!(ask(&demo, "zitui", ("POST", LIST_BETA), &json!({"filters": [filter]})).is_err());
    let (status, body) = ask(&demo, "zitui", ("POST", LIST_BETA), &json!({})).unwrap();
    assert_eq!((status, rows(&body, "administrators").len()), (200, 14));
}

#[rstest]
#[case(Version::V4_3, LIST_BETA, 2)]
#[case(Version::V4_15, LIST, 1)]
fn only_version_4_3_finds_managers_of_grants_by_project(
    #[case] version: Version,
    #[case] path: &str,
    #[case] count: usize,
) {
    let filter = json!({"filters": [{"resource": {"projectId": PORTAL}}]});
    let (_, body) = ask(&start(version), "zitui", ("POST", path), &filter).unwrap();
    assert_eq!(rows(&body, "administrators").len(), count);
}

#[test]
fn pages_are_short_where_the_sender_may_not_read_but_together_they_are_whole() {
    let demo = start(Version::V4_15);
    let page = |offset: usize, limit: usize| {
        let body = json!({"pagination": {"offset": offset, "limit": limit, "asc": true}});
        ask(&demo, "globex-admin", ("POST", LIST), &body).unwrap().1
    };
    let whole = page(0, 100);
    let pages: Vec<Value> = (0..14).step_by(3).map(|offset| page(offset, 3)).collect();
    assert!(pages.iter().all(|page| page["pagination"]["totalResult"] == "14"));
    assert!(pages.iter().any(|page| rows(page, "administrators").is_empty()));
    let together: Vec<Value> = pages.iter().flat_map(|page| rows(page, "administrators").to_vec()).collect();
    assert_eq!(together, rows(&whole, "administrators"));
    assert_eq!(together.len(), 6);
}

#[test]
fn administrators_are_sorted_by_user_in_both_directions() {
    let demo = start(Version::V4_15);
    let users = |ascending: bool| {
        let column = "ADMINISTRATOR_FIELD_NAME_USER_ID";
        let body = json!({"pagination": {"asc": ascending}, "sortingColumn": column});
        let (_, body) = ask(&demo, "zitui", ("POST", LIST), &body).unwrap();
        let ids =
            rows(&body, "administrators").iter().map(|row| row["user"]["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<String>>()
    };
    let mut reversed = users(false);
    assert!(users(true).is_sorted());
    reversed.reverse();
    assert_eq!(reversed, users(true));
}

#[test]
fn deleting_who_is_no_manager_of_a_grant_succeeds_even_without_permission() {
    let demo = start(Version::V4_15);
    let target = json!({"userId": "200000000000000009", "resource": grant_of_portal()});
    let (refused, _) = ask(&demo, "nobody", ("POST", DELETE), &target).unwrap();
    let (_, deleted) = ask(&demo, "zitui", ("POST", DELETE), &target).unwrap();
    let again = ask(&demo, "nobody", ("POST", DELETE), &target).unwrap();
    assert_eq!((refused, again), (404, (200, deleted)));
    let never = json!({"userId": GREG, "resource": grant_of_portal()});
    assert_eq!(ask(&demo, "nobody", ("POST", DELETE), &never).unwrap(), (200, json!({})));
}

#[test]
fn the_granting_side_sees_the_managers_of_its_grants_but_cannot_change_them() {
    let demo = start(Version::V4_15);
    let body = json!({"userId": GREG, "resource": grant_of_portal(), "roles": ["PROJECT_GRANT_OWNER"]});
    assert_eq!(ask(&demo, "globex-admin", ("POST", CREATE), &body).unwrap().0, 404);
    assert_eq!(ask(&demo, "grant-admin", ("POST", CREATE), &body).unwrap().0, 200);
}

#[rstest]
#[case(json!({"organizationId": GLOBEX}), json!(["ORG_OWNER", "ORG_OWNER"]), 400, None)]
#[case(json!({"organizationId": "123456789012345678"}), json!(["ORG_OWNER"]), 400, Some("COMMAND-QXPGs"))]
#[case(json!({"projectId": "123456789012345678"}), json!(["PROJECT_OWNER"]), 400, Some("COMMAND-EbFMN"))]
fn refuses_to_create(
    #[case] resource: Value,
    #[case] roles: Value,
    #[case] status: u16,
    #[case] id: Option<&str>,
) {
    let body = json!({"userId": GREG, "resource": resource, "roles": roles});
    let (refused, answer) = ask(&start(Version::V4_15), "zitui", ("POST", CREATE), &body).unwrap();
    assert_eq!((refused, answer["details"][0]["debug"]["id"].as_str()), (status, id));
}

#[test]
fn a_role_without_the_permission_is_refused_inside() {
    let body = json!({"userId": GREG, "resource": {"organizationId": GLOBEX}, "roles": ["ORG_OWNER"]});
    let (status, answer) = ask(&start(Version::V4_15), "auditor", ("POST", CREATE), &body).unwrap();
    assert_eq!((status, &answer["details"][0]["debug"]["id"]), (403, &json!("AUTH-AWfge")));
}

#[rstest]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
fn the_older_service_writes_over_rest(#[case] version: Version) {
    let demo = start(version);
    let member = format!("/v2beta/administrators/{GREG}");
    let body = |roles: Value| json!({"userId": GREG, "resource": {"organizationId": GLOBEX}, "roles": roles});
    let roles = || {
        let only = json!({"filters": [{"inUserIdsFilter": {"ids": [GREG]}}]});
        let (_, body) = ask(&demo, "zitui", ("POST", LIST_BETA), &only).unwrap();
        rows(&body, "administrators").iter().map(|row| row["roles"].clone()).collect::<Vec<Value>>()
    };
    let one = body(json!(["ORG_OWNER"]));
    assert_eq!(ask(&demo, "zitui", ("POST", "/v2beta/administrators"), &one).unwrap().0, 200);
    assert_eq!(roles(), [json!(["ORG_OWNER"])]);
    let other = body(json!(["ORG_OWNER_VIEWER"]));
    assert_eq!(ask(&demo, "zitui", ("POST", &member), &other).unwrap().0, 200);
    assert_eq!(roles(), [json!(["ORG_OWNER_VIEWER"])]);
    let target = format!("{member}?resource.organizationId={GLOBEX}");
    assert_eq!(ask(&demo, "zitui", ("DELETE", &target), &json!({})).unwrap().0, 200);
    assert_eq!(roles(), Vec::<Value>::new());
}

#[test]
fn every_way_to_write_leaves_an_event_with_its_editor() {
    let demo = start(Version::V4_15);
    let resource = json!({"projectId": PORTAL});
    let create = json!({"userId": GREG, "resource": resource, "roles": ["PROJECT_OWNER_VIEWER"]});
    ask(&demo, "portal-admin", ("POST", CREATE), &create).unwrap();
    let update = json!({"userId": GREG, "resource": resource, "roles": ["PROJECT_OWNER"]});
    ask(&demo, "org-manager", ("POST", UPDATE), &update).unwrap();
    let path = format!("/management/v1/projects/{PORTAL}/members/{GREG}");
    ask_in(&demo, "globex-admin", ("DELETE", &path), GLOBEX, &json!({})).unwrap();

    let (_, body) =
        ask(&demo, "auditor", ("POST", EVENTS), &json!({"limit": 3, "aggregateId": PORTAL})).unwrap();
    let seen: Vec<(&str, &str, &Value)> = rows(&body, "events")
        .iter()
        .map(|it| {
            let editor = it["editor"]["displayName"].as_str().unwrap();
            (it["type"]["type"].as_str().unwrap(), editor, &it["payload"]["roles"])
        })
        .collect();
    let expected = [
        ("project.member.removed", "Globex admin", &Value::Null),
        ("project.member.changed", "Org manager", &json!(["PROJECT_OWNER"])),
        ("project.member.added", "Portal admin", &json!(["PROJECT_OWNER_VIEWER"])),
    ];
    assert_eq!(seen, expected);
    let (_, changes) = ask_in(
        &demo,
        "globex-admin",
        ("POST", &format!("/management/v1/projects/{PORTAL}/changes/_search")),
        GLOBEX,
        &json!({}),
    )
    .unwrap();
    assert_eq!(rows(&changes, "result")[0]["eventType"]["key"], "EventTypes.project.member.removed");
}

#[test]
fn removing_a_user_ends_all_its_memberships_with_events() {
    let demo = start(Version::V4_15);
    demo.set_user_state("grant-admin", UserState::Removed);
    let (_, body) = ask(&demo, "zitui", ("POST", EVENTS), &json!({"limit": 2})).unwrap();
    let kinds: Vec<&str> =
        rows(&body, "events").iter().map(|it| it["type"]["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["project.grant.member.cascade.removed", "user.removed"]);
    let path = format!("/management/v1/projects/{PORTAL}/grants/{GRANT}/members/_search");
    let (_, members) = ask_in(&demo, "zitui", ("POST", &path), GLOBEX, &json!({})).unwrap();
    assert_eq!(rows(&members, "result"), Vec::<Value>::new());
}

#[rstest]
fn events_are_paged_by_the_date_of_the_last_one(#[values(false, true)] ascending: bool) {
    let demo = start(Version::V4_15);
    for roles in [["ORG_OWNER"], ["ORG_OWNER_VIEWER"], ["ORG_USER_MANAGER"]] {
        let body = json!({"userId": ALICE, "resource": {"organizationId": GLOBEX}, "roles": roles});
        ask(&demo, "zitui", ("POST", UPDATE), &body).unwrap();
    }
    let mut seen = BTreeSet::new();
    let mut search = json!({"limit": 1, "asc": ascending, "eventTypes": ["org.member.changed"]});
    loop {
        let (_, body) = ask(&demo, "zitui", ("POST", EVENTS), &search).unwrap();
        let Some(event) = rows(&body, "events").first() else { break };
        assert!(seen.insert(event["sequence"].to_string()));
        search["from"] = event["creationDate"].clone();
    }
    assert_eq!(seen.len(), 3);
}

#[rstest]
#[case(Version::V2_68, 500)]
#[case(Version::V4_3, 500)]
#[case(Version::V4_15, 200)]
fn an_unknown_event_type_among_known_ones_fails_before_4_15(#[case] version: Version, #[case] status: u16) {
    let body = json!({"eventTypes": ["org.member.added", "nope.nope"]});
    let (answered, answer) = ask(&start(version), "zitui", ("POST", EVENTS), &body).unwrap();
    assert_eq!(answered, status);
    assert_eq!(answer["details"][0]["id"] == "SQL-KyeAx", status == 500);
}

#[rstest]
#[case(json!({"aggregateTypes": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]}))]
#[case(json!({"from": "2026-01-01T00:00:00Z", "range": {"since": "2025-01-01T00:00:00Z"}}))]
fn refuses_impossible_event_searches(#[case] body: Value) {
    assert_eq!(ask(&start(Version::V4_15), "zitui", ("POST", EVENTS), &body).unwrap().0, 400);
}

#[test]
fn a_granted_organization_does_not_see_to_whom_else_a_project_is_lent() {
    let demo = start(Version::V4_15);
    let path = format!("/management/v1/projects/{PORTAL}/grants/_search");
    let (status, body) = ask_in(&demo, "zitui", ("POST", &path), INITECH, &json!({})).unwrap();
    assert_eq!((status, rows(&body, "result").len()), (200, 0));
}

/// The lists that no recording shows, after the public proto files: who may read users may read their keys, in the
/// organization of the header; who may read applications sees those of the header's project.
#[rstest]
#[case::owner("zitui", GLOBEX, (200, 200))]
#[case::viewer("auditor", GLOBEX, (200, 200))]
#[case::manager_of_users("globex-user-manager", GLOBEX, (200, 403))]
#[case::owner_of_the_project("portal-admin", GLOBEX, (200, 200))]
#[case::without_a_role("nobody", GLOBEX, (404, 404))]
#[case::elsewhere("globex-admin", INITECH, (404, 404))]
fn keys_and_applications_need_their_permissions(
    #[case] who: &str,
    #[case] organization: &str,
    #[case] (keys, applications): (u16, u16),
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let demo = start(version);
    for list in ["keys", "pats"] {
        let path = format!("/management/v1/users/{ALICE}/{list}/_search");
        let (status, _) = ask_in(&demo, who, ("POST", &path), organization, &json!({})).unwrap();
        assert_eq!(status, keys, "{list}");
    }
    let path = format!("/management/v1/projects/{PORTAL}/apps/_search");
    let (status, _) = ask_in(&demo, who, ("POST", &path), organization, &json!({})).unwrap();
    assert_eq!(status, applications);
}

#[rstest]
fn the_key_of_the_key_file_is_listed_until_it_is_removed(
    #[values(Version::V2_68, Version::V4_3, Version::V4_15)] version: Version,
) {
    let demo = start(version);
    let file: Value = serde_json::from_str(&std::fs::read_to_string(demo.key_file()).unwrap()).unwrap();
    let (user, key) = (file["userId"].as_str().unwrap(), file["keyId"].as_str().unwrap());
    let path = format!("/management/v1/users/{user}/keys/_search");
    let listed = |organization: &str| {
        let (status, body) = ask_in(&demo, "zitui", ("POST", &path), organization, &json!({})).unwrap();
        assert_eq!(status, 200);
        assert!(body["details"]["viewTimestamp"].is_string());
        rows(&body, "result").to_vec()
    };
    let [row] = listed("").try_into().unwrap();
    assert_eq!(
        (row["id"].as_str(), row["expirationDate"].as_str()),
        (Some(key), Some("9999-12-31T23:59:59Z"))
    );
    assert!(listed(GLOBEX).is_empty(), "the wrong organization in the header is no error");
    demo.remove_key(key);
    assert!(listed("").is_empty());
}

#[rstest]
#[case(Version::V2_68, 404)]
#[case(Version::V4_3, 200)]
#[case(Version::V4_15, 200)]
fn keys_of_all_users_are_listed_as_far_as_they_may_be_read(#[case] version: Version, #[case] status: u16) {
    let demo = start(version);
    let ask_all = |who| ask(&demo, who, ("POST", "/v2/users/keys/search"), &json!({})).unwrap();
    assert_eq!(ask_all("zitui").0, status);
    if status == 200 {
        let counted = json!({"totalResult": "1", "appliedLimit": "100"});
        let (_, all) = ask_all("auditor");
        assert_eq!((rows(&all, "result").len(), &all["pagination"]), (1, &counted));
        let (_, none) = ask_all("globex-admin");
        assert_eq!((rows(&none, "result").len(), &none["pagination"]), (0, &counted));
    }
}
