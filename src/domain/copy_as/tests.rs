//! How changes and lists are written down, with hostile names too.

use std::collections::HashSet;

use super::*;
use crate::domain::id::GrantId;
use crate::domain::level::Level;
use crate::domain::manager::{Manager, ManagerUser, Membership};
use crate::domain::role::Role;
use crate::domain::session::{AdministratorService, Administrators, Capabilities, Identity};
use crate::domain::text::SafeText;
use crate::domain::user::UserKind;

fn profile() -> ProfileFacts {
    ProfileFacts {
        name: "prod".into(),
        url: "https://auth.example.com".into(),
        colour: None,
        read_only: false,
        protected: false,
        stored: true,
    }
}

fn facts(write: Option<AdministratorService>) -> SessionFacts {
    SessionFacts {
        issuer: "https://auth.example.com".into(),
        version: Some("v4.15.0".into()),
        instance_name: None,
        default_organization: None,
        identity: Identity {
            user: UserId::new("1"),
            organization: OrganizationId::new("1"),
            login_name: "me".into(),
            display_name: "Me".into(),
        },
        memberships: vec![Membership {
            level: Level::Organization,
            resource_id: "103".into(),
            resource_name: "Initech".into(),
            organization: Some(OrganizationId::new("103")),
            roles: vec![Role::new("ORG_OWNER")],
        }],
        capabilities: Capabilities::default(),
        administrators: Administrators { list: write, write },
        token_expires: None,
        notices: Vec::new(),
    }
}

fn grant() -> Resource {
    Resource::ProjectGrant {
        organization: OrganizationId::new("102"),
        project: ProjectId::new("302"),
        grant: GrantId::new("402"),
        granted: OrganizationId::new("103"),
    }
}

fn change(resource: Resource, name: &str, before: Option<&[&str]>, after: &[&str]) -> Change {
    let roles = |keys: &[&str]| keys.iter().map(|key| Role::new(*key)).collect::<Vec<_>>();
    Change {
        resource,
        resource_name: SafeText::new(name),
        user: ManagerUser {
            id: UserId::new("201"),
            organization: None,
            kind: UserKind::Service,
            login_name: "deploy-bot".into(),
            display_name: "Deploy Bot".into(),
            email: None,
        },
        before: before.map(roles),
        after: roles(after),
    }
}

fn offers(facts: &SessionFacts, subject: &Subject) -> Vec<Offer> {
    Instance { profile: &profile(), facts }.offers(subject)
}

fn texts(facts: &SessionFacts, changes: &[Change]) -> Vec<String> {
    offers(facts, &Subject::Changes(changes.to_vec(), 0)).into_iter().map(|offer| offer.text).collect()
}

#[test]
fn an_added_manager_of_a_grant_is_written_in_three_ways() {
    let add = change(grant(), "Portal → Initech", None, &["PROJECT_GRANT_OWNER"]);
    let [command, curl, terraform] = texts(&facts(None), &[add]).try_into().expect("three texts");
    assert_eq!(
        command,
        "zitui --profile prod managers add --grant 402 --user 201 --role PROJECT_GRANT_OWNER"
    );
    assert_eq!(
        curl,
        r#"curl -X POST https://auth.example.com/management/v1/projects/302/grants/402/members \
  -H "Authorization: Bearer $ZITADEL_TOKEN" \
  -H 'x-zitadel-orgid: 103' \
  -H 'Content-Type: application/json' \
  --data-raw '{"roles":["PROJECT_GRANT_OWNER"],"userId":"201"}'"#
    );
    assert_eq!(
        terraform,
        r#"# Deploy Bot on Portal → Initech
resource "zitadel_project_grant_member" "deploy_bot_portal_initech" {
  org_id     = "103"
  project_id = "302"
  grant_id   = "402"
  user_id    = "201"
  roles      = ["PROJECT_GRANT_OWNER"]
}
# Made otherwise: terraform import zitadel_project_grant_member.deploy_bot_portal_initech '302:402:201:103'
"#
    );
}

#[test]
fn changed_roles_and_a_removal_go_where_the_session_writes() {
    let globex = Resource::Organization(OrganizationId::new("102"));
    let set = change(globex.clone(), "Globex", Some(&["ORG_OWNER"]), &["ORG_OWNER_VIEWER"]);
    let remove = change(Resource::Instance, "Commands", Some(&["IAM_OWNER"]), &[]);
    let facts = facts(Some(AdministratorService::V2));
    let [command, curl, terraform] =
        texts(&facts, std::slice::from_ref(&set)).try_into().expect("three texts");
    assert_eq!(command, "zitui --profile prod managers set --org 102 --user 201 --role ORG_OWNER_VIEWER");
    assert!(
        curl.contains("zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator "),
        "{curl}"
    );
    assert!(!curl.contains("x-zitadel-orgid"), "{curl}");
    assert_eq!(
        terraform,
        r#"# Deploy Bot on Globex
import {
  to = zitadel_org_member.deploy_bot_globex
  id = "201:102"
}

resource "zitadel_org_member" "deploy_bot_globex" {
  org_id  = "102"
  user_id = "201"
  roles   = ["ORG_OWNER_VIEWER"]
}
"#
    );
    let [command, curl, terraform] =
        texts(&facts, std::slice::from_ref(&remove)).try_into().expect("three texts");
    assert_eq!(command, "zitui --profile prod managers remove --instance --user 201");
    assert!(curl.contains("/DeleteAdministrator ") && !curl.contains("roles"), "{curl}");
    assert_eq!(
        terraform,
        "# Deploy Bot on Commands, removed\n\
         # Delete the resource block zitadel_instance_member with the id 201.\n"
    );
    let both = offers(&facts, &Subject::Changes(vec![set, remove], 0));
    let of: Vec<&str> = both.iter().map(|offer| offer.of.as_str()).collect();
    assert_eq!(
        of,
        ["this change", "this change", "this change", "all 2 changes", "all 2 changes", "all 2 changes"]
    );
    assert_eq!(both[3].text.lines().count(), 2);
}

#[test]
fn hostile_names_and_ids_stay_what_they_are() {
    let id = "9\"; ${file(\"/etc/passwd\")} $(reboot) '\n\u{1b}]52;c;x\u{7}";
    let evil = Resource::Project { organization: OrganizationId::new(id), project: ProjectId::new("..") };
    let mut change = change(evil, "x\n} # %{ for }", None, &["ROLE\"\\"]);
    change.user.display_name = SafeText::new("\u{202e}evil\n\"${x}");
    let [command, curl, terraform] = texts(&facts(None), &[change]).try_into().expect("three texts");
    for text in [&command, &curl, &terraform] {
        assert!(text.chars().all(|sign| sign == '\n' || !sign.is_control()), "{text:?}");
    }
    let shown = OrganizationId::new(id).to_string();
    let words = shlex::split(&command).expect("words");
    assert_eq!(words[6], shown);
    // Unlike a shell, the crate takes a line that goes on for a word.
    let words = shlex::split(&curl.replace(" \\\n", " ")).expect("words");
    assert_eq!(words[3], "https://auth.example.com/management/v1/projects/%2E%2E/members");
    assert_eq!(words[7], format!("x-zitadel-orgid: {shown}"));
    let lines: Vec<&str> = terraform.lines().collect();
    assert!(lines[0].starts_with("# ") && lines[1].starts_with("resource "), "{terraform}");
    assert!(lines[2].contains(r#"$${file(\"/etc/passwd\")}"#) && lines[2].ends_with('"'), "{terraform}");
    assert!(lines[5].ends_with(r#"["ROLE\"\\"]"#), "{terraform}");
}

#[test]
fn namesakes_get_labels_of_their_own() {
    let record = |user: &str| ManagerRecord {
        manager: Manager {
            user: ManagerUser { id: UserId::new(user), ..change(Resource::Instance, "", None, &[]).user },
            resource: Resource::Instance,
            roles: vec![Role::new("IAM_OWNER")],
            created: None,
            changed: None,
        },
        resource_name: "Main".into(),
        organization_name: SafeText::default(),
    };
    let subject = Subject::List(Listed::Managers(Resource::Instance), ["1", "2", "3"].map(record).to_vec());
    let offers = offers(&facts(None), &subject);
    let terraform = &offers.last().expect("an offer").text;
    let labels: HashSet<&str> = terraform
        .lines()
        .filter(|line| line.starts_with("resource "))
        .filter_map(|line| line.split('"').nth(3))
        .collect();
    assert_eq!(labels, HashSet::from(["deploy_bot_main", "deploy_bot_main_2", "deploy_bot_main_3"]));
}

#[test]
fn a_server_without_a_list_of_all_levels_is_asked_for_one_resource() {
    let of = |facts: &SessionFacts, rows: &[ManagerRecord]| {
        let subject = Subject::List(Listed::AllManagers, rows.to_vec());
        let offers = offers(facts, &subject);
        offers.into_iter().find(|offer| offer.form == Form::Curl).map(|offer| offer.text)
    };
    let row = ManagerRecord {
        manager: Manager {
            user: change(Resource::Instance, "", None, &[]).user,
            resource: grant(),
            roles: Vec::new(),
            created: None,
            changed: None,
        },
        resource_name: "Portal → Initech".into(),
        organization_name: "Globex".into(),
    };
    assert!(of(&facts(Some(AdministratorService::V2Beta)), &[]).is_some_and(|text| text.contains("v2beta")));
    assert_eq!(of(&facts(None), &[]), None);
    assert!(of(&facts(None), &[row]).is_some_and(|text| text.contains("/grants/402/members/_search")));
}
