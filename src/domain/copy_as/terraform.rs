//! Managers as resources of ZITADEL's Terraform provider, `zitadel/zitadel`. The arguments and the formats of the
//! import ids are those of its documentation: `docs/resources/{instance,org,project,project_grant}_member.md` of
//! github.com/zitadel/terraform-provider-zitadel.

use std::collections::HashSet;
use std::fmt::{Display, Write as _};

use super::request::context;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::role::Role;
use crate::domain::session::SessionFacts;
use crate::domain::text::SafeText;

/// Longer labels make the files hard to read.
const LONGEST_LABEL: usize = 60;

/// What is there, to be taken over by an import block.
pub(super) fn of_managers(records: &[ManagerRecord], facts: &SessionFacts) -> String {
    let mut blocks = Blocks::new(facts);
    for record in records {
        let member = Member {
            resource: &record.manager.resource,
            resource_name: &record.resource_name,
            user: &record.manager.user,
        };
        blocks.import(&member, &record.manager.roles);
    }
    blocks.text
}

/// What is there after changes. What is made new is not imported, and what is removed is told.
pub(super) fn of_changes(changes: &[&Change], facts: &SessionFacts) -> String {
    let mut blocks = Blocks::new(facts);
    for change in changes {
        let member =
            Member { resource: &change.resource, resource_name: &change.resource_name, user: &change.user };
        match change.kind() {
            ChangeKind::Add => blocks.add(&member, &change.after),
            ChangeKind::Remove => blocks.remove(&member),
            ChangeKind::ChangeRoles | ChangeKind::Nothing => blocks.import(&member, &change.after),
        }
    }
    blocks.text
}

/// A user on a resource.
struct Member<'a> {
    resource: &'a Resource,
    resource_name: &'a SafeText,
    user: &'a ManagerUser,
}

struct Blocks<'a> {
    facts: &'a SessionFacts,
    labels: HashSet<String>,
    text: String,
}

impl<'a> Blocks<'a> {
    fn new(facts: &'a SessionFacts) -> Self {
        Self { facts, labels: HashSet::new(), text: String::new() }
    }

    fn import(&mut self, member: &Member<'_>, roles: &[Role]) {
        self.comment(member, "");
        let (kind, label) = (kind(member.resource), self.label(member));
        let id = literal(self.id(member));
        let _ = write!(self.text, "import {{\n  to = {kind}.{label}\n  id = {id}\n}}\n\n");
        self.resource(&label, member, roles);
    }

    fn add(&mut self, member: &Member<'_>, roles: &[Role]) {
        self.comment(member, "");
        let (kind, label) = (kind(member.resource), self.label(member));
        self.resource(&label, member, roles);
        let id = self.id(member);
        let _ = writeln!(self.text, "# Made otherwise: terraform import {kind}.{label} '{id}'");
    }

    fn remove(&mut self, member: &Member<'_>) {
        self.comment(member, ", removed");
        let id = self.id(member);
        let kind = kind(member.resource);
        let _ = writeln!(self.text, "# Delete the resource block {kind} with the id {id}.");
    }

    fn comment(&mut self, member: &Member<'_>, what: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let _ = writeln!(self.text, "# {} on {}{what}", member.user.title(), member.resource_name);
    }

    fn resource(&mut self, label: &str, member: &Member<'_>, roles: &[Role]) {
        let mut arguments: Vec<(&str, String)> = Vec::new();
        if let Some(organization) = context(member.resource, self.facts) {
            arguments.push(("org_id", literal(organization)));
        }
        match member.resource {
            Resource::Project { project, .. } => arguments.push(("project_id", literal(project))),
            Resource::ProjectGrant { project, grant, .. } => {
                arguments.push(("project_id", literal(project)));
                arguments.push(("grant_id", literal(grant)));
            }
            Resource::Instance | Resource::Organization(_) => {}
        }
        arguments.push(("user_id", literal(&member.user.id)));
        let roles: Vec<String> = roles.iter().map(literal).collect();
        arguments.push(("roles", format!("[{}]", roles.join(", "))));
        let width = arguments.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let _ = writeln!(self.text, "resource \"{}\" \"{label}\" {{", kind(member.resource));
        for (name, value) in arguments {
            let _ = writeln!(self.text, "  {name:width$} = {value}");
        }
        self.text.push_str("}\n");
    }

    /// The id to import by: `<user_id>`, `<user_id:org_id>`, `<project_id:user_id:org_id>` or
    /// `<project_id:grant_id:user_id:org_id>`, after the provider's documentation.
    fn id(&self, member: &Member<'_>) -> String {
        let mut parts: Vec<String> = match member.resource {
            Resource::Instance | Resource::Organization(_) => Vec::new(),
            Resource::Project { project, .. } => vec![project.to_string()],
            Resource::ProjectGrant { project, grant, .. } => vec![project.to_string(), grant.to_string()],
        };
        parts.push(member.user.id.to_string());
        parts.extend(context(member.resource, self.facts).map(ToString::to_string));
        parts.join(":")
    }

    /// A label that no other block of this text has.
    fn label(&mut self, member: &Member<'_>) -> String {
        let label = identifier(&format!("{} {}", member.user.title(), member.resource_name));
        let mut unique = label.clone();
        let mut number = 1;
        while !self.labels.insert(unique.clone()) {
            number += 1;
            unique = format!("{label}_{number}");
        }
        unique
    }
}

const fn kind(resource: &Resource) -> &'static str {
    match resource {
        Resource::Instance => "zitadel_instance_member",
        Resource::Organization(_) => "zitadel_org_member",
        Resource::Project { .. } => "zitadel_project_member",
        Resource::ProjectGrant { .. } => "zitadel_project_grant_member",
    }
}

/// The text as an identifier: letters, digits and single underscores, and no digit first.
fn identifier(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            if label.is_empty() && character.is_ascii_digit() {
                label.push('_');
            }
            label.push(character.to_ascii_lowercase());
        } else if !label.is_empty() && !label.ends_with('_') {
            label.push('_');
        }
        if label.len() >= LONGEST_LABEL {
            break;
        }
    }
    let label = label.trim_end_matches('_');
    if label.is_empty() { "manager".to_owned() } else { label.to_owned() }
}

/// The text in quotes, so that nothing in it is taken for the end, for an escape or for a template.
fn literal(text: impl Display) -> String {
    let text = text.to_string();
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // `${` and `%{` begin a template; doubled, they are text.
            '$' | '%' if rest.peek() == Some(&'{') => quoted.extend([character, character]),
            other if other.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("ORG_OWNER", r#""ORG_OWNER""#)]
    #[case::quote(r#"a"b"#, r#""a\"b""#)]
    #[case::backslash(r"a\n", r#""a\\n""#)]
    #[case::line_break("a\nb", r#""a\nb""#)]
    #[case::interpolation("${file(\"x\")}", r#""$${file(\"x\")}""#)]
    #[case::interpolation_after_a_dollar("$${x}", r#""$$${x}""#)]
    #[case::directive("%{ if true }", r#""%%{ if true }""#)]
    #[case::dollar_alone("US$ 5 %", r#""US$ 5 %""#)]
    #[case::control("a\u{1b}[2J", r#""a\u001b[2J""#)]
    fn texts_stay_texts(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(literal(text), expected);
    }

    #[rstest]
    #[case::words("Deploy Bot Globex", "deploy_bot_globex")]
    #[case::digit_first("3rd Party", "_3rd_party")]
    #[case::signs_around("→ (Portal) ←", "portal")]
    #[case::no_letters("日本語", "manager")]
    #[case::nothing("", "manager")]
    fn names_become_labels(#[case] text: &str, #[case] label: &str) {
        assert_eq!(identifier(text), label);
    }
}
