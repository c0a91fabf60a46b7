//! Who holds roles on the instance.

use super::world::{GLOBEX, HOME, World, organization, portal};
use super::{Twins, keys_of, reason_of};
use crate::domain::id::OrganizationId;
use crate::domain::level::Resource;

const INSTANCE: Resource = Resource::Instance;

pub(super) fn pairs() -> Vec<Twins> {
    let inside = World::new().human("erin", HOME).manages(&INSTANCE, "erin", &["IAM_OWNER"]);
    let login = World::new().service("login", HOME).key("login", Some(super::world::days_ago(-30)));
    let login = login.manages(&INSTANCE, "login", &["IAM_LOGIN_CLIENT"]);
    vec![
        Twins {
            key: "ZR008/instance/user/erin",
            broken: World::new().manages(&INSTANCE, "erin", &["IAM_OWNER_VIEWER"]),
            clean: World::new().human("erin", HOME).manages(&INSTANCE, "erin", &["IAM_OWNER_VIEWER"]),
        },
        Twins {
            key: "ZR009/instance/user/erin",
            broken: World::new().manages(&INSTANCE, "erin", &["IAM_OWNER"]),
            clean: inside.clone(),
        },
        Twins {
            key: "ZR009/instance/user/erin",
            broken: World::new().manages(&INSTANCE, "erin", &["IAM_OWNER"]),
            clean: World::new().manages(&INSTANCE, "erin", &["IAM_OWNER"]).with(|evidence| {
                evidence.applications.insert(OrganizationId::new(GLOBEX), 0);
            }),
        },
        Twins {
            key: "ZR010/organization/100/user/erin",
            broken: World::new().manages(&organization(HOME), "erin", &["ORG_USER_MANAGER"]),
            clean: World::new().manages(&organization(HOME), "erin", &["ORG_SETTINGS_MANAGER"]),
        },
        Twins {
            key: "ZR010/organization/100/user/erin",
            broken: World::new().manages(&organization(HOME), "erin", &["ORG_OWNER"]),
            clean: inside.manages(&organization(HOME), "erin", &["ORG_OWNER"]),
        },
        Twins {
            key: "ZR011/instance/user/login",
            broken: login.clone().manages(&portal(), "login", &["PROJECT_OWNER_VIEWER"]),
            clean: login.clone(),
        },
        Twins {
            key: "ZR011/instance/user/login",
            broken: login.clone().leaves(&INSTANCE, "login").manages(
                &INSTANCE,
                "login",
                &["IAM_LOGIN_CLIENT", "IAM_OWNER"],
            ),
            clean: login.clone(),
        },
        Twins {
            key: "ZR012/instance/user/erin",
            broken: World::new().human("erin", HOME).manages(&INSTANCE, "erin", &["IAM_LOGIN_CLIENT"]),
            clean: login,
        },
    ]
}

#[test]
fn a_viewer_of_the_instance_is_no_reason_to_worry_about_who_manages_its_account() {
    let world = World::new().manages(&INSTANCE, "erin", &["IAM_OWNER_VIEWER"]);
    assert_eq!(keys_of(&world.review(), "ZR010"), [""; 0]);
    let world = World::new().manages(&INSTANCE, "erin", &["IAM_USER_MANAGER"]);
    assert_eq!(
        keys_of(&world.review(), "ZR010"),
        ["ZR010/organization/200/user/bob", "ZR010/organization/200/user/carol"]
    );
    assert_eq!(
        reason_of(&world, "ZR010/organization/200/user/bob"),
        "Bob holds ORG_OWNER in Globex, and so manages accounts that hold roles on the instance: Erin."
    );
}

#[test]
fn each_other_role_of_a_login_client_has_its_command() {
    let world = World::new()
        .service("login", HOME)
        .manages(&INSTANCE, "login", &["IAM_LOGIN_CLIENT", "IAM_OWNER"])
        .manages(&portal(), "login", &["PROJECT_OWNER"]);
    let report = world.review();
    let finding = report.findings.iter().find(|finding| finding.rule.id == "ZR011").unwrap();
    assert_eq!(
        finding.commands,
        [
            "zitui managers set --instance --user login --role IAM_LOGIN_CLIENT",
            "zitui managers remove --org 200 --project 300 --user login",
        ]
    );
    assert_eq!(finding.managers.len(), 2);
}
