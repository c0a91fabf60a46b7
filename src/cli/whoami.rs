//! `zitui whoami`.

use serde_json::json;

use super::run::Context;
use super::sheet::Sheet;
use crate::domain::id::OrganizationId;
use crate::domain::manager::Membership;
use crate::domain::problem::Problem;
use crate::domain::role::Role;
use crate::domain::text::SafeText;

pub(super) fn show(context: &Context) -> Result<(), Problem> {
    let facts = context.session.facts();
    let who = &facts.identity;
    let unknown = || "unknown; only who has iam.read is told".to_owned();
    let text = |text: &Option<SafeText>| text.as_ref().map_or_else(unknown, ToString::to_string);
    let expires = facts.token_expires.map(|end| end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let mut memberships: Vec<&Membership> = facts.memberships.iter().collect();
    memberships
        .sort_by(|one, other| (one.level, &one.resource_name).cmp(&(other.level, &other.resource_name)));
    let mut lines = vec![
        ("Profile", SafeText::new(&context.profile.name).to_string()),
        ("Issuer", facts.issuer.to_string()),
        ("Instance", text(&facts.instance_name)),
        ("Version", text(&facts.version)),
        ("Name", who.display_name.to_string()),
        ("Login name", who.login_name.to_string()),
        ("User id", who.user.to_string()),
        ("Organization id", who.organization.to_string()),
        (
            "Token until",
            expires.clone().unwrap_or_else(|| "unknown; it is a personal access token".to_owned()),
        ),
    ];
    if memberships.is_empty() {
        lines.push(("Manages", "nothing".to_owned()));
    }
    lines.extend(memberships.iter().map(|own| ("Manages", membership(own))));
    let memberships: Vec<_> = memberships
        .iter()
        .map(|own| {
            json!({
                "level": own.level.to_string(),
                "resource_id": own.resource_id.as_str(),
                "resource_name": own.resource_name.as_str(),
                "organization_id": own.organization.as_ref().map(OrganizationId::as_str),
                "roles": own.roles.iter().map(Role::key).collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({
        "profile": context.profile.name,
        "issuer": facts.issuer.as_str(),
        "instance_name": facts.instance_name.as_ref().map(SafeText::as_str),
        "version": facts.version.as_ref().map(SafeText::as_str),
        "user_id": who.user.as_str(),
        "login_name": who.login_name.as_str(),
        "display_name": who.display_name.as_str(),
        "organization_id": who.organization.as_str(),
        "token_expires": expires,
        "memberships": memberships,
    });
    let sheet = Sheet {
        kind: "identity",
        id: who.user.to_string(),
        fields: lines,
        lists: Vec::new(),
        json: document,
    };
    sheet.print(&context.output)
}

fn membership(own: &Membership) -> String {
    let roles: Vec<String> = own.roles.iter().map(ToString::to_string).collect();
    let name = own.resource_name.or(&own.resource_id);
    let place = if name.is_empty() { own.level.to_string() } else { format!("{} {name}", own.level) };
    format!("{place}: {}", roles.join(", "))
}
