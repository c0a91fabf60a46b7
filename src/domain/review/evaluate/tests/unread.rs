//! What was not read is neither a finding nor clean.

use rstest::rstest;

use super::world::{GLOBEX, HOME, World, days_ago, lent, organization, portal};
use super::{keys_of, rule_of};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;
use crate::domain::user::{UserKind, UserState};

/// The reasons why a rule was not judged.
fn reasons(world: &World, rule: &str) -> Vec<String> {
    let report = world.review();
    let entries = report.unjudged.iter().filter(|(unjudged, _)| unjudged.id == rule);
    entries.map(|(_, why)| why.to_string()).collect()
}

fn unsure(world: &World, rule: &str, told: &str) {
    assert_eq!(keys_of(&world.review(), rule), [""; 0], "no finding of {rule}");
    let reasons = reasons(world, rule);
    assert!(reasons.iter().any(|why| why.contains(told)), "{rule}: {reasons:?}");
}

fn without_users(world: World) -> World {
    world.with(|evidence| {
        evidence.users.clear();
        evidence.all_users_readable = false;
    })
}

#[rstest]
#[case::instance_owner("ZR001", "Alice")]
#[case::only_instance_owner("ZR004", "Alice")]
#[case::organization_owner("ZR002", "Globex")]
#[case::only_organization_owner("ZR005", "Globex")]
#[case::own_owner("ZR003", "Portal")]
#[case::dead_owner("ZR006", "Bob")]
#[case::dead_manager("ZR007", "Erin")]
fn users_that_cannot_be_read_are_not_taken_for_dead(#[case] rule: &str, #[case] told: &str) {
    let world = World::new().manages(&portal(), "carol", &["PROJECT_OWNER"]).manages(
        &organization(GLOBEX),
        "erin",
        &["ORG_USER_MANAGER"],
    );
    unsure(&without_users(world), rule, told);
}

#[test]
fn one_owner_who_can_and_one_who_perhaps_can_are_neither_none_nor_one() {
    let world = World::new().unseen("bob").with(|evidence| evidence.all_users_readable = false);
    assert_eq!(reasons(&world, "ZR002"), [""; 0]);
    unsure(&world, "ZR005", "Globex");
}

#[rstest]
#[case("ZR001", Resource::Instance, &["alice", "rescue"], "the instance")]
#[case("ZR004", Resource::Instance, &["rescue"], "the instance")]
#[case("ZR002", organization(GLOBEX), &["bob", "carol"], "Globex")]
#[case("ZR005", organization(GLOBEX), &["bob"], "Globex")]
#[case("ZR003", portal(), &["erin"], "Portal")]
fn a_resource_whose_managers_were_not_read_has_no_owners_missing(
    #[case] rule: &str,
    #[case] resource: Resource,
    #[case] dead: &[&str],
    #[case] told: &str,
) {
    let mut world = World::new().manages(&portal(), "erin", &["PROJECT_OWNER"]);
    for user in dead {
        world = world.state(user, UserState::Locked);
    }
    if resource == Resource::Instance {
        world = world.leaves(&organization(HOME), "alice").leaves(&organization(HOME), "rescue");
    }
    let world = world.with(|evidence| {
        evidence.unread_resources.insert(resource);
    });
    unsure(&world, rule, told);
}

#[test]
fn an_incomplete_list_misses_no_owner_and_says_so_for_every_rule() {
    let world = World::new().state("bob", UserState::Locked).with(|evidence| evidence.complete = false);
    let report = world.review();
    assert_eq!(keys_of(&report, "ZR005"), [""; 0]);
    assert_eq!(keys_of(&report, "ZR006"), ["ZR006/organization/200/user/bob"]);
    assert_eq!(report.unjudged.len(), crate::domain::review::RULES.len());
}

#[test]
fn a_limited_manager_sees_no_instance_managers_and_takes_nobody_for_missing() {
    let world = World::new().with(|evidence| {
        evidence.records.retain(|record| record.manager.resource == organization(GLOBEX));
        evidence.organizations.retain(|id, _| id.as_str() == GLOBEX);
        evidence.events = None;
        evidence.credentials.clear();
        evidence.unread_resources.insert(Resource::Instance);
    });
    let report = world.review();
    assert_eq!(report.findings, []);
    for rule in ["ZR001", "ZR004", "ZR008", "ZR009", "ZR013", "ZR023"] {
        assert!(!reasons(&world, rule).is_empty(), "{rule}");
    }
    assert_eq!(reasons(&world, "ZR005"), [""; 0]);
}

#[test]
fn an_empty_list_of_instance_managers_is_not_believed() {
    let world = World::new().with(|evidence| {
        evidence.records.retain(|record| record.manager.resource != Resource::Instance);
    });
    unsure(&world, "ZR001", "No manager of the instance is visible");
    unsure(&world, "ZR004", "No manager of the instance is visible");
}

#[test]
fn an_organization_known_from_its_managers_only_is_not_judged() {
    let world = World::new()
        .state("bob", UserState::Locked)
        .with(|evidence| drop(evidence.organizations.remove(&OrganizationId::new(GLOBEX))));
    unsure(&world, "ZR002", "Globex");
    unsure(&world, "ZR005", "Globex");
    unsure(&world, "ZR021", "Globex");
}

#[rstest]
#[case("ZR019", "Portal → Initech")]
#[case("ZR020", "the project Portal")]
fn a_state_that_cannot_be_read_is_told(#[case] rule: &str, #[case] told: &str) {
    let world = World::new()
        .manages(&portal(), "erin", &["PROJECT_OWNER"])
        .manages(&lent(), "erin", &["PROJECT_GRANT_OWNER"])
        .with(|evidence| {
            evidence.projects.clear();
            evidence.grants.clear();
        });
    unsure(&world, rule, told);
}

#[test]
fn a_dead_owner_of_a_project_that_cannot_be_read_is_not_said_to_be_the_only_one() {
    let world = World::new()
        .manages(&portal(), "erin", &["PROJECT_OWNER"])
        .state("erin", UserState::Locked)
        .with(|evidence| evidence.projects.clear());
    unsure(&world, "ZR003", "Portal");
}

#[test]
fn without_the_default_organization_nobody_is_outside() {
    let world = World::new().with(|evidence| evidence.default_organization = None);
    unsure(&world.manages(&Resource::Instance, "erin", &["IAM_OWNER"]), "ZR008", "default");
}

#[rstest]
#[case("ZR008")]
#[case("ZR009")]
#[case("ZR010")]
fn a_home_that_cannot_be_read_is_told(#[case] rule: &str) {
    let world = World::new().manages(&Resource::Instance, "erin", &["IAM_OWNER"]).with(|evidence| {
        evidence.users.remove(&UserId::new("erin"));
        for record in &mut evidence.records {
            record.manager.user.organization = None;
        }
    });
    assert!(reasons(&world, rule).iter().any(|why| why.contains("Erin")), "{:?}", reasons(&world, rule));
}

#[test]
fn applications_that_cannot_be_counted_are_told() {
    let world = World::new().manages(&Resource::Instance, "erin", &["IAM_OWNER"]).with(|evidence| {
        evidence.applications.remove(&OrganizationId::new(GLOBEX));
    });
    unsure(&world, "ZR009", "Globex");
}

#[rstest]
#[case("ZR009")]
#[case("ZR012")]
#[case("ZR022")]
fn a_user_who_may_be_no_person_is_told(#[case] rule: &str) {
    let world = World::new()
        .manages(&Resource::Instance, "erin", &["IAM_OWNER", "IAM_LOGIN_CLIENT"])
        .manages(&organization(HOME), "erin", &["ORG_SETTINGS_MANAGER"])
        .manages(&organization(GLOBEX), "erin", &["ORG_SETTINGS_MANAGER"])
        .manages(&lent(), "erin", &["PROJECT_GRANT_OWNER"])
        .with(|evidence| {
            evidence.users.get_mut(&UserId::new("erin")).unwrap().kind = UserKind::Unknown;
            for record in &mut evidence.records {
                record.manager.user.kind = UserKind::Unknown;
            }
        });
    unsure(&world, rule, "Erin");
}

#[test]
fn without_the_list_of_roles_only_roles_of_our_own_catalogue_are_known() {
    let world = World::new().with(|evidence| evidence.offered.clear());
    assert_eq!(world.review().unjudged, []);
    unsure(&world.manages(&Resource::Instance, "alice", &["IAM_SUPPORT_DESK"]), "ZR018", "IAM_SUPPORT_DESK");
}

#[test]
fn without_events_nothing_is_said_to_be_old() {
    unsure(&World::new().with(|evidence| evidence.events = None), "ZR023", "events");
}

#[test]
fn keys_that_cannot_be_read_are_told_for_whom_it_matters() {
    let world = World::new()
        .service("bot", GLOBEX)
        .manages(&organization(GLOBEX), "bot", &["ORG_OWNER"])
        .service("helper", GLOBEX)
        .manages(&organization(GLOBEX), "helper", &["ORG_USER_MANAGER"])
        .key("rescue", Some(days_ago(-5)))
        .service("reader", GLOBEX)
        .manages(&organization(GLOBEX), "reader", &["ORG_OWNER_VIEWER"]);
    for rule in ["ZR024", "ZR025"] {
        assert_eq!(reasons(&world, rule), ["Not judged for Bot: their keys and tokens could not be read."]);
    }
    unsure(&world, "ZR026", "Bot and Helper");
}

#[test]
fn who_may_own_the_instance_is_not_said_to_be_less_than_an_operator() {
    let world = World::new()
        .manages(&Resource::Instance, "erin", &["IAM_USER_MANAGER"])
        .with(|evidence| evidence.unread_resources.extend([Resource::Instance]));
    unsure(&world, "ZR010", "the managers there could not be read");
}

#[test]
fn a_rule_that_is_off_is_not_called_unjudged() {
    let mut world = World::new().with(|evidence| evidence.events = None);
    world.settings.severities.insert("ZR023".to_owned(), None);
    assert_eq!(world.review().unjudged, []);
    assert_eq!(rule_of("ZR023/user/x"), "ZR023");
}

#[test]
fn a_manager_of_one_project_knows_the_owner_by_name_from_its_rows() {
    let world = World::new().manages(&portal(), "erin", &["PROJECT_OWNER"]).with(|evidence| {
        evidence.organizations.clear();
        evidence.projects.clear();
        evidence.records.retain(|record| record.manager.resource == portal());
    });
    unsure(&world, "ZR020", "the project Portal of Globex");
}
