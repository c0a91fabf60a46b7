//! What roles allow, and roles that should not be held like this.

use rstest::rstest;

use super::super::roles::{gives_power, is_wide};
use super::world::{GLOBEX, HOME, World, organization, portal};
use super::{Twins, keys_of};
use crate::domain::level::{Level, Resource};
use crate::domain::role::Role;
use crate::domain::user::UserState;

const INSTANCE: Resource = Resource::Instance;

pub(super) fn pairs() -> Vec<Twins> {
    let (mut four, mut crowd) = (World::new(), World::new());
    for owner in ["kim", "leo"] {
        four = four.human(owner, HOME).manages(&INSTANCE, owner, &["IAM_ORG_MANAGER"]);
        crowd = crowd.manages(&organization(GLOBEX), owner, &["ORG_OWNER"]);
    }
    let five = four.clone().human("mia", HOME).manages(&INSTANCE, "mia", &["IAM_OWNER"]);
    let crowd = crowd.manages(&organization(GLOBEX), "mia", &["ORG_OWNER"]);
    let support = World::new().human("erin", HOME);
    let custom = support.clone().manages(&INSTANCE, "erin", &["IAM_SUPPORT_DESK"]);
    vec![
        Twins { key: "ZR013/instance", broken: five.clone(), clean: four },
        Twins { key: "ZR013/instance", clean: five.clone().state("mia", UserState::Locked), broken: five },
        Twins {
            key: "ZR014/organization/200",
            clean: crowd.clone().leaves(&organization(GLOBEX), "mia").manages(
                &organization(GLOBEX),
                "mia",
                &["ORG_USER_MANAGER"],
            ),
            broken: crowd,
        },
        Twins {
            key: "ZR015/organization/200/user/erin",
            broken: World::new().manages(&organization(GLOBEX), "erin", &["ORG_ADMIN_IMPERSONATOR"]),
            clean: World::new().manages(&organization(GLOBEX), "erin", &["ORG_END_USER_IMPERSONATOR"]),
        },
        Twins {
            key: "ZR016/instance/user/erin",
            broken: support.clone().manages(&INSTANCE, "erin", &["IAM_END_USER_IMPERSONATOR"]),
            clean: support.clone().manages(&INSTANCE, "erin", &["IAM_ADMIN_IMPERSONATOR"]),
        },
        Twins {
            key: "ZR017/instance/user/erin",
            broken: support.clone().manages(&INSTANCE, "erin", &[]),
            clean: support.manages(&INSTANCE, "erin", &["IAM_OWNER_VIEWER"]),
        },
        Twins {
            key: "ZR018/instance/user/erin",
            clean: custom.clone().with(|evidence| {
                let offered = evidence.offered.get_mut(&Level::Instance).unwrap();
                offered.push(Role::new("IAM_SUPPORT_DESK"));
            }),
            broken: custom,
        },
    ]
}

#[test]
fn roles_of_the_catalogue_are_known_also_where_the_list_is_short() {
    let short = ["PROJECT_OWNER_GLOBAL", "PROJECT_OWNER_VIEWER_GLOBAL"].map(Role::new).to_vec();
    let world = World::new()
        .manages(&portal(), "erin", &["PROJECT_OWNER"])
        .manages(&portal(), "frank", &["PROJECT_GRANT_OWNER"])
        .with(|evidence| {
            evidence.offered.insert(Level::Project, short);
        });
    assert_eq!(keys_of(&world.review(), "ZR018"), [""; 0]);
    assert_eq!(world.review().unjudged, []);

    let report = world.manages(&portal(), "kim", &["PROJECT_AUDITOR"]).review();
    assert_eq!(keys_of(&report, "ZR018"), [""; 0]);
    let [(rule, why)] = report.unjudged.as_slice() else { panic!("{:?}", report.unjudged) };
    assert_eq!(rule.id, "ZR018");
    assert!(why.as_str().contains("PROJECT_AUDITOR"), "{why}");
}

#[rstest]
#[case("IAM_OWNER", true, true)]
#[case("IAM_USER_MANAGER", true, true)]
#[case("IAM_OWNER_VIEWER", false, false)]
#[case("ORG_OWNER", true, true)]
#[case("ORG_USER_MANAGER", true, false)]
#[case("ORG_ADMIN_IMPERSONATOR", true, true)]
#[case("PROJECT_OWNER_GLOBAL", true, true)]
#[case("PROJECT_OWNER_VIEWER_GLOBAL", false, false)]
#[case("ORG_USER_SELF_MANAGER", false, false)]
#[case("SELF_MANAGEMENT_GLOBAL", false, false)]
#[case("ORG_OF_SOMEBODY", true, false)]
fn roles_weigh_what_the_catalogue_says(#[case] key: &str, #[case] power: bool, #[case] wide: bool) {
    assert_eq!((gives_power(&Role::new(key)), is_wide(&Role::new(key))), (power, wide));
}
