//! Managers of what is switched off.

use super::world::{GLOBEX, World, lent, portal};
use super::{Twins, reason_of};
use crate::domain::organization::OrganizationState;
use crate::domain::project::ProjectState;

pub(super) fn pairs() -> Vec<Twins> {
    let world = World::new().manages(&portal(), "erin", &["PROJECT_OWNER"]).manages(
        &lent(),
        "erin",
        &["PROJECT_GRANT_OWNER"],
    );
    vec![
        Twins {
            key: "ZR019/grant/400",
            broken: world.clone().grant(ProjectState::Inactive),
            clean: world.clone().grant(ProjectState::Other("paused".into())),
        },
        Twins {
            key: "ZR019/grant/400",
            broken: world.clone().grant(ProjectState::Inactive),
            clean: world.clone().grant(ProjectState::Inactive).leaves(&lent(), "erin"),
        },
        Twins {
            key: "ZR020/project/300",
            broken: world.clone().project(ProjectState::Inactive),
            clean: world.clone(),
        },
        Twins {
            key: "ZR021/organization/200",
            broken: world.clone().organization(GLOBEX, "Globex", OrganizationState::Inactive),
            clean: world,
        },
    ]
}

#[test]
fn one_command_removes_all_managers_of_an_inactive_grant() {
    let world = World::new()
        .grant(ProjectState::Inactive)
        .manages(&lent(), "ivan", &["PROJECT_GRANT_OWNER"])
        .manages(&lent(), "erin", &["PROJECT_GRANT_OWNER"]);
    assert_eq!(
        reason_of(&world, "ZR019/grant/400"),
        "The grant Portal → Initech is inactive and still has 2 managers: Erin and Ivan."
    );
    let report = world.review();
    let finding = report.findings.iter().find(|finding| finding.rule.id == "ZR019").unwrap();
    assert_eq!(finding.commands, ["zitui managers remove --grant 400 --user erin --user ivan"]);
}
