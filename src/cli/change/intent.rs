//! What the operator asks for, still in names.

use super::super::arguments::ChangeArguments;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::{Role, without_doubles};
use crate::engine::resolve::ResourceName;

/// What to do with the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Action {
    /// Give them besides those that are held.
    Add,
    /// Hold exactly these.
    Set,
    /// Take these, or all where none are named.
    Remove,
}

/// One user on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Intent {
    /// The line of the file it comes from.
    pub(super) line: Option<u64>,
    pub(super) user: String,
    pub(super) resource: ResourceName,
    pub(super) roles: Vec<String>,
}

/// Every named user on every named resource.
///
/// # Errors
/// `Usage` where the resource or the roles are missing, or contradict each other.
pub(super) fn from_flags(action: Action, arguments: &ChangeArguments) -> Result<Vec<Intent>, Problem> {
    if action != Action::Remove && arguments.roles.is_empty() {
        return Err(usage("no role is named", "add --role, as in --role ORG_OWNER"));
    }
    let resources = resources(arguments)?;
    let intents = resources.iter().flat_map(|resource| {
        arguments.users.iter().map(|user| Intent {
            line: None,
            user: user.clone(),
            resource: resource.clone(),
            roles: arguments.roles.clone(),
        })
    });
    Ok(intents.collect())
}

fn resources(arguments: &ChangeArguments) -> Result<Vec<ResourceName>, Problem> {
    if arguments.instance {
        return Ok(vec![ResourceName::Instance]);
    }
    let below = arguments.project.is_some() || arguments.grant.is_some();
    let organization = match arguments.orgs.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several if !below => {
            return Ok(several.iter().cloned().map(ResourceName::Organization).collect());
        }
        _ => return Err(usage("a project has one owner, but several --org are named", "name one of them")),
    };
    ResourceName::new(organization, arguments.project.clone(), arguments.grant.clone())
        .map(|resource| vec![resource])
        .ok_or_else(|| usage("no resource is named", "add one of --instance, --org, --project and --grant"))
}

fn usage(why: &str, fix: &str) -> Problem {
    Problem::new(ProblemKind::Usage, "Cannot tell what to change", why, fix)
}

/// The roles that shall hold afterwards.
pub(super) fn roles_after(action: Action, held: Option<&[Role]>, named: &[Role]) -> Vec<Role> {
    let held = held.unwrap_or_default();
    match action {
        Action::Add => without_doubles(held.iter().chain(named).cloned()),
        Action::Set => without_doubles(named.iter().cloned()),
        Action::Remove if named.is_empty() => Vec::new(),
        Action::Remove => held.iter().filter(|role| !named.contains(role)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn roles(keys: &[&str]) -> Vec<Role> {
        keys.iter().map(|key| Role::new(*key)).collect()
    }

    #[rstest]
    #[case::add_to_nothing(Action::Add, None, &["A"], &["A"])]
    #[case::add_keeps(Action::Add, Some(&["B", "A"] as &[&str]), &["A", "C"], &["B", "A", "C"])]
    #[case::set_replaces(Action::Set, Some(&["B"] as &[&str]), &["A", "A"], &["A"])]
    #[case::remove_all(Action::Remove, Some(&["B", "A"] as &[&str]), &[], &[])]
    #[case::remove_one(Action::Remove, Some(&["B", "A"] as &[&str]), &["A"], &["B"])]
    #[case::remove_from_nobody(Action::Remove, None, &["A"], &[])]
    fn roles_follow_the_action(
        #[case] action: Action,
        #[case] held: Option<&[&str]>,
        #[case] named: &[&str],
        #[case] after: &[&str],
    ) {
        let held = held.map(roles);
        assert_eq!(roles_after(action, held.as_deref(), &roles(named)), roles(after));
    }
}
