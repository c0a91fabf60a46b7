//! Keys and tokens of service users.

use super::world::{GLOBEX, World, days_ago, organization};
use super::{Twins, keys_of, reason_of};
use crate::domain::review::CredentialKind;

pub(super) fn pairs() -> Vec<Twins> {
    let bot = World::new().service("bot", GLOBEX).manages(&organization(GLOBEX), "bot", &["ORG_OWNER"]);
    let helper = World::new().service("bot", GLOBEX);
    let helper = helper.manages(&organization(GLOBEX), "bot", &["ORG_USER_MANAGER"]);
    let soon = Some(days_ago(-30));
    let two = bot.clone().key("bot", soon).key("bot", soon);
    vec![
        Twins {
            key: "ZR024/user/bot",
            broken: bot.clone().key("bot", None),
            clean: bot.clone().key("bot", soon),
        },
        Twins {
            key: "ZR024/user/bot",
            broken: bot.clone().key("bot", Some(jiff::Timestamp::MAX)),
            clean: helper.key("bot", None),
        },
        Twins {
            key: "ZR025/user/bot",
            broken: two.clone().credential("bot", CredentialKind::PersonalToken, soon),
            clean: two.key("bot", Some(days_ago(1))),
        },
        Twins {
            key: "ZR026/user/bot",
            broken: bot.clone().key("bot", Some(days_ago(3))).key("bot", Some(days_ago(5))),
            clean: bot.key("bot", Some(days_ago(3))).key("bot", soon),
        },
    ]
}

#[test]
fn keys_and_tokens_are_counted_apart() {
    let world = World::new()
        .service("bot", GLOBEX)
        .manages(&organization(GLOBEX), "bot", &["ORG_OWNER"])
        .key("bot", None)
        .credential("bot", CredentialKind::PersonalToken, None)
        .credential("bot", CredentialKind::PersonalToken, None);
    assert_eq!(
        reason_of(&world, "ZR024/user/bot"),
        "Bot, ORG_OWNER on the organization Globex, has 1 key and 2 tokens that never end."
    );
}

#[test]
fn a_service_user_without_keys_may_use_a_secret_and_is_no_finding() {
    let world = World::new()
        .service("bot", GLOBEX)
        .manages(&organization(GLOBEX), "bot", &["ORG_OWNER"])
        .with(|evidence| {
            evidence.credentials.insert(crate::domain::id::UserId::new("bot"), Vec::new());
        });
    assert_eq!(keys_of(&world.review(), "ZR026"), [""; 0]);
}

#[test]
fn the_end_of_the_last_key_is_told() {
    let world = World::new()
        .service("bot", GLOBEX)
        .manages(&organization(GLOBEX), "bot", &["ORG_OWNER"])
        .key("bot", Some(days_ago(30)))
        .key("bot", Some(days_ago(3)));
    assert_eq!(
        reason_of(&world, "ZR026/user/bot"),
        "All keys and tokens of Bot, ORG_OWNER on the organization Globex, have ended, the last on 2026-11-21."
    );
}
