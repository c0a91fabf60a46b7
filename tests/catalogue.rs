//! The role catalogue says what the recorded servers say.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::Value;
use zitui::domain::role::CATALOGUE;

fn exchanges(version: &str) -> Vec<Value> {
    let path = format!("{}/tests/recordings/{version}.jsonl", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn exchange<'a>(exchanges: &'a [Value], name: &str) -> &'a Value {
    exchanges.iter().find(|exchange| exchange["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Every permission that any card names.
fn explained() -> BTreeSet<&'static str> {
    CATALOGUE.iter().flat_map(|card| card.permissions.iter().copied()).collect()
}

#[rstest]
fn the_order_of_the_roles_is_the_servers(#[values("v4.15", "v4.3", "v2.68")] version: &str) {
    let exchanges = exchanges(version);
    for (name, field, prefix, left_out) in [
        ("members.instance/roles@zitui", "roles", "IAM_", ""),
        ("members.org/roles-acme", "result", "", "IAM_"),
        ("members.project/roles@zitui", "result", "PROJECT_", "PROJECT_GRANT_"),
        ("members.grant/roles@zitui", "result", "PROJECT_GRANT_", "-"),
    ] {
        let listed = exchange(&exchanges, name)["response"]["body"][field].clone();
        let mut known: Vec<_> =
            CATALOGUE.iter().map(|card| card.key).filter(|key| key.starts_with(prefix)).collect();
        known.retain(|key| left_out.is_empty() || !key.starts_with(left_out));
        known.retain(|key| !prefix.is_empty() || !key.starts_with("PROJECT_"));
        assert_eq!(texts(&listed), known, "{name}");
    }
}

#[rstest]
#[case::owner("zitui", &["IAM_OWNER", "ORG_OWNER"])]
#[case::viewer("auditor", &["IAM_OWNER_VIEWER"])]
#[case::org_manager("org-manager", &["IAM_ORG_MANAGER"])]
#[case::user_manager("user-manager", &["IAM_USER_MANAGER"])]
#[case::org_owner("globex-admin", &["ORG_OWNER"])]
#[case::org_user_manager("globex-user-manager", &["ORG_USER_MANAGER"])]
#[case::nobody("nobody", &[])]
fn the_permissions_of_a_role_are_the_servers(
    #[case] sender: &str,
    #[case] held: &[&str],
    #[values("v4.15", "v4.3", "v2.68")] version: &str,
) {
    let exchanges = exchanges(version);
    let answer = exchange(&exchanges, &format!("self/permissions-globex@{sender}"));
    let listed: BTreeSet<_> = texts(&answer["response"]["body"]["result"]).into_iter().collect();
    let carried: BTreeSet<_> = CATALOGUE
        .iter()
        .filter(|card| held.contains(&card.key))
        .flat_map(|card| card.permissions.iter().copied())
        .collect();
    let listed: BTreeSet<_> =
        explained().into_iter().filter(|permission| listed.contains(permission)).collect();
    assert_eq!(carried, listed);
}
