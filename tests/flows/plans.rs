//! Plans of several lines, undo and profiles, through the whole interactive program.

use rstest::rstest;
use zitui::demo::{Demo, Effect, Fault, Version};

use super::whole_loop::{Person, profile};
use super::{
    DEPLOY_BOT, DONE, PIRANESI, WRITE, at_organizations, demo, managers, plain_http, to_review, writes,
};

const CORVID: &str = "281545390353703254";
const MARTA: &str = "281545645551412310";

fn managers_of(demo: &Demo, organization: &str) -> String {
    let path = "/management/v1/orgs/me/members/_search";
    plain_http::post(demo.url(), path, &demo.pats()["zitui"], organization, "{}")
}

fn roles_of_bot(demo: &Demo) -> String {
    let answer: serde_json::Value = serde_json::from_str(&managers(demo)).expect("JSON");
    let rows = answer["result"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .find(|row| row["userId"] == DEPLOY_BOT)
        .map(|row| row["roles"].to_string())
        .unwrap_or_default()
}

/// Two pasted users, two marked organizations, and the role that owns them, chosen into the basket.
async fn chosen(person: &mut Person) {
    person
        .press("g u")
        .await
        .paste(&format!("{DEPLOY_BOT}\nmarta.lindqvist@nordwind.example\nnobody.at.all"))
        .await;
    person.sees("2 users found in 3 lines").sees("✗ no user has this id");
    person.press("enter").await.sees("2 marked");
    person.press("a").await.type_text("piranesi").await.press("tab space / ctrl-u").await;
    person
        .type_text("corvid")
        .await
        .press("tab space enter")
        .await
        .sees("Roles for 2 users on Piranesi Studio and 1 more");
    person.press("enter").await.sees("4 changes on 2 resources");
    person.press("b").await.sees("basket 4");
}

#[rstest]
#[case(Version::V2_68)]
#[case(Version::V4_3)]
#[case(Version::V4_15)]
#[tokio::test]
async fn two_users_become_owners_of_two_organizations_through_the_basket(#[case] version: Version) {
    let demo = demo(version);
    let mut person = at_organizations(&demo).await;
    chosen(&mut person).await;
    assert!(!managers_of(&demo, CORVID).contains(DEPLOY_BOT), "nothing is sent before it is applied");
    person.press("b enter").await.sees("4 changes on 2 resources");
    person
        .press("enter")
        .await
        .sees("All 4 changes on 2 resources hold, as read back")
        .does_not_see("basket 4");
    for organization in [PIRANESI, CORVID] {
        let managers = managers_of(&demo, organization);
        assert!(managers.contains(DEPLOY_BOT) && managers.contains(MARTA), "{managers}");
    }
}

#[tokio::test]
async fn a_line_that_failed_does_not_stop_the_others_and_is_tried_again() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    chosen(&mut person).await;
    person.press("b enter").await;
    let refuse = Effect::Status { status: 403, retry_after: None, html: false };
    demo.faults().switch_on(Fault::new(refuse).on(WRITE).times(1));
    person.press("enter").await.sees("Not done, nothing was written").sees("basket 1");
    assert_eq!(writes(&demo), 4);
    person.press("r").await.sees("Nothing was sent so far");
    person.press("enter").await;
    for organization in [PIRANESI, CORVID] {
        let managers = managers_of(&demo, organization);
        assert!(managers.contains(DEPLOY_BOT) && managers.contains(MARTA), "{managers}");
    }
    assert_eq!(writes(&demo), 5);
}

#[tokio::test]
async fn undo_keeps_the_role_that_somebody_else_gave_meanwhile() {
    let demo = demo(Version::V4_15);
    let mut person = at_organizations(&demo).await;
    to_review(&mut person).await;
    person.press("enter").await.sees(DONE);
    let path = "/zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator";
    let body = format!(
        r#"{{"userId":"{DEPLOY_BOT}","resource":{{"organizationId":"{PIRANESI}"}},"roles":["ORG_OWNER","ORG_USER_MANAGER"]}}"#
    );
    plain_http::post(demo.url(), path, &demo.pats()["zitui"], PIRANESI, &body);
    while !roles_of_bot(&demo).contains("ORG_USER_MANAGER") {}
    person.press("g j").await.sees("Deploy Bot").sees("+ORG_OWNER");
    person.press("u").await.sees("− ORG_OWNER").sees("ORG_USER_MANAGER stays");
    // The other owners of this organization cannot sign in, so that the name must be typed.
    person.type_text("Piranesi Studio").await;
    person.press("enter").await.sees("Done: Deploy Bot is ORG_USER_MANAGER on Piranesi Studio");
    assert!(!roles_of_bot(&demo).contains("\"ORG_OWNER\""), "{}", roles_of_bot(&demo));
    person.press("g j").await.sees("undone");
}

#[tokio::test]
async fn a_switch_of_the_profile_leaves_nothing_behind_and_read_only_writes_on_no_path() {
    let (first, second) = (demo(Version::V4_15), demo(Version::V4_3));
    let mut audit = profile("audit", second.url(), second.key_file());
    audit.read_only = true;
    let mut person = Person::with(vec![profile("prod", first.url(), first.key_file()), audit]);
    person.settle().await.press("g o").await.press("/").await.type_text("piranesi").await;
    person.press("enter enter").await.sees("Chiara");
    person.press("g p").await.sees("read-only");
    person.press("j enter").await.sees("audit").sees("read-only");
    person.does_not_see("Chiara").does_not_see("Piranesi").does_not_see("prod");
    person.press("esc").await.does_not_see("Chiara").sees("Go to");
    person.press("g o").await.press("/").await.type_text("piranesi").await.press("enter enter").await;
    for key in ["a", "e", "d", "+"] {
        person.press(key).await.sees("the profile audit is read-only");
    }
    let path = "InternalPermissionService";
    let is_write = |request: &String| request.contains(path) && !request.contains("List");
    assert!(!second.requests().iter().any(is_write) && !first.requests().iter().any(is_write));
}
