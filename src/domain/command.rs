//! Commands of zitui as text that a shell understands. Resources and users are named by id: names can be ambiguous.
//! What an id should not hold is shown instead of kept, so that no text can steer a terminal.

use std::fmt::Display;

use super::id::{OrganizationId, ProjectId, UserId};
use super::level::Resource;
use super::review::{Rule, Severity};
use super::role::Role;
use super::session::ProfileFacts;
use super::text::SafeText;

/// `zitui managers list` of a resource.
pub fn list_managers(resource: &Resource) -> String {
    zitui(["managers", "list"], resource_flags(resource, true))
}

/// `zitui managers list` over all levels.
pub fn list_all_managers() -> String {
    zitui(["managers", "list"], [])
}

/// `zitui managers list` of everything that one user manages.
pub fn list_managers_of(user: &UserId) -> String {
    zitui(["managers", "list"], flag("user", user))
}

/// `zitui managers add`, which keeps the roles that the user holds already.
pub fn add_manager(resource: &Resource, user: &UserId, roles: &[Role]) -> String {
    change("add", resource, user, roles)
}

/// `zitui managers set`, which replaces the roles of the user.
pub fn set_manager(resource: &Resource, user: &UserId, roles: &[Role]) -> String {
    change("set", resource, user, roles)
}

/// `zitui managers remove`: these roles, or with none of them the manager.
pub fn remove_manager(resource: &Resource, user: &UserId, roles: &[Role]) -> String {
    change("remove", resource, user, roles)
}

/// `zitui managers remove` of several managers of one resource.
pub fn remove_managers<'a>(resource: &Resource, users: impl IntoIterator<Item = &'a UserId>) -> String {
    let users = users.into_iter().flat_map(|user| flag("user", user));
    zitui(["managers", "remove"], resource_flags(resource, false).into_iter().chain(users))
}

/// `zitui orgs list`, of those that fit the text.
pub fn list_organizations(text: &str) -> String {
    zitui(["orgs", "list"], search(text))
}

/// `zitui orgs show`, with what the organization owns and was granted.
pub fn show_organization(organization: &OrganizationId) -> String {
    zitui(["orgs", "show"], positional(&organization.to_string()))
}

/// `zitui users search`; an empty text finds all.
pub fn search_users(text: &str) -> String {
    zitui(["users", "search"], positional(text))
}

/// `zitui users show`, with everything that the user manages.
pub fn show_user(user: &UserId) -> String {
    zitui(["users", "show"], positional(&user.to_string()))
}

/// `zitui projects list` of an organization, of those that fit the text.
pub fn list_projects(organization: &OrganizationId, text: &str) -> String {
    zitui(["projects", "list"], flag("org", organization).into_iter().chain(search(text)))
}

/// `zitui projects show`, with the grants given of it.
pub fn show_project(organization: &OrganizationId, project: &ProjectId) -> String {
    let owner = flag("org", organization);
    zitui(["projects", "show"], owner.into_iter().chain(positional(&project.to_string())))
}

/// `zitui history`.
pub fn history() -> String {
    zitui(["history"], [])
}

/// `zitui history undo` of one change of the journal.
pub fn undo(id: &SafeText) -> String {
    zitui(["history", "undo"], positional(id.as_str()))
}

/// `zitui review`: by one rule, of what matters at least so much, with the accepted findings.
pub fn review(rule: Option<&Rule>, least: Option<Severity>, all: bool) -> String {
    let rule = rule.into_iter().flat_map(|rule| flag("rule", rule.id));
    let least = least.into_iter().flat_map(|least| flag("severity", least));
    zitui(["review"], rule.chain(least).chain(all.then(|| "--all".to_owned())))
}

/// `zitui snapshot diff` of a file and what the instance says now.
pub fn compare_with_now(file: &str) -> String {
    zitui(["snapshot", "diff"], positional(file).into_iter().chain(["now".to_owned()]))
}

/// The same command, made sure to run on this instance whatever the default profile of the shell is.
pub fn at(profile: &ProfileFacts, command: &str) -> String {
    let instance = if profile.stored { flag("profile", &profile.name) } else { flag("url", &profile.url) };
    let arguments = command.strip_prefix("zitui ").unwrap_or(command);
    [&join(std::iter::once("zitui".to_owned()).chain(instance)), arguments].join(" ")
}

/// Joins words to a command, each quoted where a shell would take it for something else.
pub fn join(words: impl IntoIterator<Item = String>) -> String {
    words.into_iter().map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
}

/// The word as a shell takes it for one. No shell can take a NUL, so that it becomes a sign that stands for none.
pub(super) fn quoted(word: &str) -> String {
    let word = word.replace('\0', "\u{fffd}");
    shlex::try_quote(&word).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

fn zitui<const N: usize>(command: [&str; N], arguments: impl IntoIterator<Item = String>) -> String {
    let words = std::iter::once("zitui").chain(command).map(str::to_owned);
    join(words.chain(arguments))
}

fn change(verb: &str, resource: &Resource, user: &UserId, roles: &[Role]) -> String {
    let roles = roles.iter().flat_map(|role| flag("role", role));
    let user = flag("user", user);
    zitui(["managers", verb], resource_flags(resource, false).into_iter().chain(user).chain(roles))
}

/// A flag with its value; one word where the value would else be taken for a flag.
fn flag(name: &str, value: impl Display) -> Vec<String> {
    let value = value.to_string();
    if value.starts_with('-') || value.is_empty() {
        vec![format!("--{name}={value}")]
    } else {
        vec![format!("--{name}"), value]
    }
}

fn positional(value: &str) -> Vec<String> {
    let end_of_flags = value.starts_with('-').then(|| "--".to_owned());
    end_of_flags.into_iter().chain([value.to_owned()]).collect()
}

fn search(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { flag("search", text) }
}

/// The flags that name a resource. `zitui managers list` names the instance by its level.
fn resource_flags(resource: &Resource, to_list: bool) -> Vec<String> {
    match resource {
        Resource::Instance if to_list => flag("level", "instance"),
        Resource::Instance => vec!["--instance".to_owned()],
        Resource::Organization(organization) => flag("org", organization),
        Resource::Project { organization, project } => {
            [flag("org", organization), flag("project", project)].concat()
        }
        Resource::ProjectGrant { grant, .. } => flag("grant", grant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_resource_user_and_roles() {
        let portal =
            Resource::Project { organization: OrganizationId::new("100"), project: ProjectId::new("300") };
        let roles = [Role::new("PROJECT_OWNER")];
        assert_eq!(
            remove_manager(&portal, &UserId::new("200"), &roles),
            "zitui managers remove --org 100 --project 300 --user 200 --role PROJECT_OWNER"
        );
        assert_eq!(list_managers(&Resource::Instance), "zitui managers list --level instance");
    }

    #[test]
    fn an_id_that_is_no_id_cannot_become_a_command() {
        let evil = Resource::Organization(OrganizationId::new("1; rm -rf ~ $(id)\u{0}"));
        let command = list_managers(&evil);
        assert_eq!(shlex::split(&command).unwrap().len(), 5);
    }

    #[test]
    fn a_text_that_looks_like_a_flag_is_none() {
        assert_eq!(list_organizations("--help"), "zitui orgs list '--search=--help'");
        assert_eq!(search_users("-x"), "zitui users search -- -x");
    }

    #[test]
    fn a_command_stays_on_its_instance() {
        let mut profile = ProfileFacts {
            name: "my prod".into(),
            url: "https://auth.example.com".into(),
            colour: None,
            read_only: false,
            protected: false,
            stored: true,
        };
        assert_eq!(at(&profile, &history()), "zitui --profile 'my prod' history");
        profile.stored = false;
        assert_eq!(at(&profile, &list_all_managers()), "zitui --url https://auth.example.com managers list");
    }
}
