//! Owners who can sign in.

use super::world::{GLOBEX, INITECH, World, lent, organization, portal};
use super::{Twins, keys_of, reason_of};
use crate::domain::level::Resource;
use crate::domain::organization::OrganizationState;
use crate::domain::user::UserState;

pub(super) fn pairs() -> Vec<Twins> {
    let without = World::new().leaves(&Resource::Instance, "alice").leaves(&Resource::Instance, "rescue");
    let viewer = without.manages(&Resource::Instance, "alice", &["IAM_OWNER_VIEWER"]);
    let lonely = World::new().state("bob", UserState::Inactive);
    let dead_project = World::new().manages(&portal(), "erin", &["PROJECT_OWNER"]);
    let dead_grant = World::new().manages(&lent(), "erin", &["PROJECT_GRANT_OWNER"]);
    vec![
        Twins {
            key: "ZR001/instance",
            clean: viewer.clone().manages(&Resource::Instance, "rescue", &["IAM_OWNER"]),
            broken: viewer,
        },
        Twins {
            key: "ZR001/instance",
            broken: World::new().state("alice", UserState::Locked).state("rescue", UserState::Inactive),
            clean: World::new().state("alice", UserState::Locked),
        },
        Twins {
            key: "ZR002/organization/200",
            broken: lonely.clone().state("carol", UserState::Locked),
            clean: lonely.clone(),
        },
        Twins {
            key: "ZR002/organization/600",
            broken: World::new().organization("600", "Empty", OrganizationState::Active),
            clean: World::new().organization("600", "Empty", OrganizationState::Inactive),
        },
        Twins {
            key: "ZR003/project/300",
            broken: dead_project.clone().state("erin", UserState::Inactive),
            clean: dead_project,
        },
        Twins {
            key: "ZR003/grant/400",
            broken: dead_grant.clone().state("erin", UserState::Locked),
            clean: dead_grant,
        },
        Twins {
            key: "ZR004/instance",
            broken: World::new().leaves(&Resource::Instance, "rescue"),
            clean: World::new(),
        },
        Twins { key: "ZR005/organization/200", broken: lonely, clean: World::new() },
    ]
}

#[test]
fn a_global_owner_counts_in_the_default_organization_only() {
    let world = World::new()
        .manages(&portal(), "erin", &["PROJECT_OWNER"])
        .manages(&portal(), "frank", &["PROJECT_OWNER_GLOBAL"])
        .state("erin", UserState::Inactive);
    assert_eq!(keys_of(&world.review(), "ZR003"), ["ZR003/project/300"]);
    let default = Some(crate::domain::id::OrganizationId::new(GLOBEX));
    let report = world.with(|evidence| evidence.default_organization = default).review();
    assert_eq!(keys_of(&report, "ZR003"), [""; 0]);
}

#[test]
fn the_reason_names_place_and_persons() {
    let world = World::new().state("bob", UserState::Inactive).state("carol", UserState::Locked);
    assert_eq!(
        reason_of(&world, "ZR002/organization/200"),
        "No owner of the organization Globex can sign in: Bob is inactive and Carol is locked."
    );
    let world = World::new().state("judy", UserState::Locked);
    assert_eq!(
        reason_of(&world, "ZR005/organization/500"),
        "Ivan is the only ORG_OWNER of the organization Initech who can sign in; Judy is locked."
    );
}

#[test]
fn an_organization_that_never_had_an_owner_tells_so() {
    let world = World::new().leaves(&organization(INITECH), "ivan").leaves(&organization(INITECH), "judy");
    let reason = reason_of(&world, "ZR002/organization/500");
    assert_eq!(reason, "Nobody holds ORG_OWNER on the organization Initech.");
}
