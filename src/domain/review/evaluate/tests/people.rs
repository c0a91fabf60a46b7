//! Powers that gather, and powers that are new.

use super::world::{GLOBEX, HOME, INITECH, World, days_ago, lent, organization, portal};
use super::{Twins, keys_of, reason_of};

pub(super) fn pairs() -> Vec<Twins> {
    let two = World::new().manages(&organization(INITECH), "bob", &["ORG_SETTINGS_MANAGER"]).manages(
        &portal(),
        "bob",
        &["PROJECT_OWNER"],
    );
    let old = World::new().manages(&portal(), "erin", &["PROJECT_OWNER"]);
    vec![
        Twins {
            key: "ZR022/user/bob",
            broken: two.clone().manages(&organization(HOME), "bob", &["ORG_SETTINGS_MANAGER"]),
            clean: two.manages(&organization(HOME), "bob", &["ORG_OWNER_VIEWER"]),
        },
        Twins {
            key: "ZR023/project/300/user/erin",
            broken: old.clone().event(&portal(), "erin", &["PROJECT_OWNER"], days_ago(29)),
            clean: old.event(&portal(), "erin", &["PROJECT_OWNER"], days_ago(31)),
        },
    ]
}

#[test]
fn a_grant_counts_for_the_organization_that_received_it() {
    let world = World::new().manages(&organization(HOME), "bob", &["ORG_SETTINGS_MANAGER"]).manages(
        &lent(),
        "bob",
        &["PROJECT_GRANT_OWNER"],
    );
    assert_eq!(
        reason_of(&world, "ZR022/user/bob"),
        "Bob has powers in 3 organizations: ZITADEL, Globex and Initech."
    );
}

#[test]
fn a_service_user_may_serve_many_organizations() {
    let world = World::new().manages(&organization(GLOBEX), "rescue", &["ORG_SETTINGS_MANAGER"]).manages(
        &organization(INITECH),
        "rescue",
        &["ORG_SETTINGS_MANAGER"],
    );
    assert_eq!(keys_of(&world.review(), "ZR022"), [""; 0]);
}

#[test]
fn only_what_came_lately_and_is_still_held_is_told_with_who_gave_it() {
    let key = "ZR023/organization/200/user/bob";
    let world = World::new()
        .leaves(&organization(GLOBEX), "bob")
        .manages(&organization(GLOBEX), "bob", &["ORG_OWNER", "ORG_USER_MANAGER", "ORG_OWNER_VIEWER"])
        .event(&organization(GLOBEX), "bob", &["ORG_OWNER"], days_ago(200))
        .event(&organization(GLOBEX), "bob", &["ORG_OWNER", "ORG_PROJECT_CREATOR"], days_ago(9))
        .event(
            &organization(GLOBEX),
            "bob",
            &["ORG_OWNER", "ORG_USER_MANAGER", "ORG_OWNER_VIEWER"],
            days_ago(4),
        );
    assert_eq!(
        reason_of(&world, key),
        "Bob got ORG_USER_MANAGER on the organization Globex on 2026-11-20 from Alice."
    );
}

#[test]
fn a_role_given_back_after_a_removal_is_new() {
    let world = World::new()
        .event(&organization(GLOBEX), "bob", &["ORG_OWNER"], days_ago(200))
        .event(&organization(GLOBEX), "bob", &[], days_ago(100))
        .event(&organization(GLOBEX), "bob", &["ORG_OWNER"], days_ago(1));
    assert_eq!(keys_of(&world.review(), "ZR023"), ["ZR023/organization/200/user/bob"]);
}

#[test]
fn a_change_of_a_membership_older_than_the_events_does_not_claim_what_is_new() {
    let world = World::new().event(&organization(GLOBEX), "bob", &["ORG_OWNER"], days_ago(1));
    assert_eq!(
        reason_of(&world, "ZR023/organization/200/user/bob"),
        "Alice changed the roles of Bob on the organization Globex on 2026-11-23; ORG_OWNER may be among what is new."
    );
}
