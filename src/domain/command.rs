//! Commands of zitui as text that a shell understands. Resources and users are named by id: names can be ambiguous.

use super::id::UserId;
use super::level::Resource;
use super::role::Role;

/// `zitui managers list` of a resource.
pub fn list_managers(resource: &Resource) -> String {
    join(["zitui", "managers", "list"].map(str::to_owned).into_iter().chain(flags(resource, true)))
}

/// `zitui managers list` of everything that one user manages.
pub fn list_managers_of(user: &UserId) -> String {
    join(["zitui", "managers", "list", "--user"].map(str::to_owned).into_iter().chain([user.to_string()]))
}

/// `zitui users show`.
pub fn show_user(user: &UserId) -> String {
    join(["zitui", "users", "show"].map(str::to_owned).into_iter().chain([user.to_string()]))
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
    let words = ["zitui", "managers", "remove"].map(str::to_owned).into_iter();
    let users = users.into_iter().flat_map(|user| ["--user".to_owned(), user.to_string()]);
    join(words.chain(flags(resource, false)).chain(users))
}

/// Joins words to a command, each quoted where a shell would take it for something else.
pub fn join(words: impl IntoIterator<Item = String>) -> String {
    let quoted = words.into_iter().map(|word| {
        let quoted = shlex::try_quote(&word).map(std::borrow::Cow::into_owned);
        quoted.unwrap_or_else(|_| word.escape_default().to_string())
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn change(verb: &str, resource: &Resource, user: &UserId, roles: &[Role]) -> String {
    let words = ["zitui", "managers", verb].map(str::to_owned).into_iter();
    let user = ["--user".to_owned(), user.to_string()];
    let roles = roles.iter().flat_map(|role| ["--role".to_owned(), role.to_string()]);
    join(words.chain(flags(resource, false)).chain(user).chain(roles))
}

/// The flags that name a resource. `zitui managers list` names the instance by its level.
fn flags(resource: &Resource, to_list: bool) -> Vec<String> {
    let words: Vec<(&str, String)> = match resource {
        Resource::Instance if to_list => vec![("--level", "instance".to_owned())],
        Resource::Instance => return vec!["--instance".to_owned()],
        Resource::Organization(organization) => vec![("--org", organization.to_string())],
        Resource::Project { organization, project } => {
            vec![("--org", organization.to_string()), ("--project", project.to_string())]
        }
        Resource::ProjectGrant { grant, .. } => vec![("--grant", grant.to_string())],
    };
    words.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, ProjectId};

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
}
