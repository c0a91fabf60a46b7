//! Pages of ZITADEL's web console, and ids for the clipboard.

use std::fmt::Write as _;

use super::effect::Effect;
use super::message::Tone;
use super::shared::Shared;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Resource;

/// The path of an organization's page.
pub fn organization_path(organization: &OrganizationId) -> String {
    format!("/ui/console/org?org={}", encoded(organization.as_str()))
}

/// The path of a resource's page; that of a grant as `seen_from` sees it, else as the project's owner does.
pub fn resource_path(resource: &Resource, seen_from: Option<&OrganizationId>) -> String {
    let owner = resource.organization().map(OrganizationId::as_str).unwrap_or_default();
    match resource {
        Resource::Instance => "/ui/console/instance".to_owned(),
        Resource::Organization(organization) => organization_path(organization),
        Resource::Project { project, .. } => {
            format!("/ui/console/projects/{}?org={}", encoded(project.as_str()), encoded(owner))
        }
        Resource::ProjectGrant { project, grant, granted, .. } => {
            let (project, grant) = (encoded(project.as_str()), encoded(grant.as_str()));
            if seen_from == Some(granted) {
                let granted = encoded(granted.as_str());
                format!("/ui/console/granted-projects/{project}/grant/{grant}?org={granted}")
            } else {
                format!("/ui/console/projects/{project}/projectgrants/{grant}?org={}", encoded(owner))
            }
        }
    }
}

/// The path of a user's page, seen from its organization.
pub fn user_path(user: &UserId, organization: Option<&OrganizationId>) -> String {
    let query = organization.map(|id| format!("?org={}", encoded(id.as_str()))).unwrap_or_default();
    format!("/ui/console/users/{}{query}", encoded(user.as_str()))
}

/// Opens a page of the console in the browser.
pub fn open(path: &str, shared: &mut Shared) {
    let Some(issuer) = shared.facts().map(|facts| facts.issuer.clone()) else { return };
    shared.effects.push(Effect::Open(format!("{}{path}", issuer.as_str().trim_end_matches('/'))));
    shared.say(Tone::Note, "Opened in the browser");
}

/// Puts an id on the clipboard. Ids with anything but what ids are made of are not copied: pasted into a shell they
/// could do harm.
pub fn copy_id(id: &str, shared: &mut Shared) {
    if id.is_empty() || !id.chars().all(|character| is_of_ids(character) || character == '.') {
        shared.say(Tone::Warning, "This id holds characters that no id should hold; it was not copied");
        return;
    }
    copy(id, shared);
}

/// Puts the key of a finding, which is made of ids, on the clipboard.
pub fn copy_key(key: &str, shared: &mut Shared) {
    if key.chars().all(|character| is_of_ids(character) || character == '/') {
        copy(key, shared);
    } else {
        shared.say(Tone::Warning, "This key holds an id that no server should give; it was not copied");
    }
}

/// Puts a command on the clipboard that is quoted for a shell. One that would end its line while being pasted is not
/// copied.
pub fn copy_command(command: &str, shared: &mut Shared) {
    if command.chars().any(char::is_control) {
        shared.say(Tone::Warning, "This command holds control characters; it was not copied");
    } else {
        copy(command, shared);
    }
}

fn copy(text: &str, shared: &mut Shared) {
    shared.effects.push(Effect::Copy(text.to_owned()));
    shared.say(Tone::Note, format!("Copied {text}"));
}

fn is_of_ids(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_".contains(character)
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_ids_stay_inside_their_place_of_the_address() {
        assert_eq!(
            user_path(&UserId::new("1/../x?y#z"), Some(&OrganizationId::new("2&a=b"))),
            "/ui/console/users/1%2F..%2Fx%3Fy%23z?org=2%26a%3Db"
        );
    }
}
