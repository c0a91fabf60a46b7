//! Accounts out of use.

use super::world::{GLOBEX, World, organization, portal};
use super::{Twins, reason_of};
use crate::domain::user::UserState;

pub(super) fn pairs() -> Vec<Twins> {
    let helper = World::new().manages(&organization(GLOBEX), "erin", &["ORG_USER_MANAGER"]);
    let third = World::new().manages(&organization(GLOBEX), "erin", &["ORG_OWNER"]);
    vec![
        Twins {
            key: "ZR006/organization/200/user/erin",
            broken: third.clone().state("erin", UserState::Locked),
            clean: third.clone(),
        },
        Twins {
            key: "ZR006/organization/200/user/erin",
            broken: third.clone().unseen("erin"),
            clean: third.state("erin", UserState::Initial),
        },
        Twins {
            key: "ZR007/organization/200/user/erin",
            broken: helper.clone().state("erin", UserState::Inactive),
            clean: helper,
        },
        Twins {
            key: "ZR007/project/300/user/erin",
            broken: World::new()
                .manages(&portal(), "erin", &["PROJECT_OWNER_VIEWER"])
                .state("erin", UserState::Deleted),
            clean: World::new().manages(&portal(), "erin", &["PROJECT_OWNER_VIEWER"]),
        },
    ]
}

#[test]
fn a_user_who_is_gone_is_told_apart_from_one_who_is_locked() {
    let world = World::new().manages(&organization(GLOBEX), "erin", &["ORG_OWNER"]);
    let key = "ZR006/organization/200/user/erin";
    assert_eq!(
        reason_of(&world.clone().unseen("erin"), key),
        "Erin, ORG_OWNER on the organization Globex, does not exist any more."
    );
    assert_eq!(
        reason_of(&world.state("erin", UserState::Locked), key),
        "Erin, ORG_OWNER on the organization Globex, is locked."
    );
}
