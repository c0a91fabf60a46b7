//! The commands on managers, which v1 and Connect share: which roles are valid where, what counts as a change, and
//! which refusal each version gives (CONTRACT.md sections 7, 17 and 18; recordings `members.*`, `admins.v2/*`).

use super::Version;
use super::refusal::{Code, Refusal};
use super::router::Call;
use super::store::{Entry, Resource};

/// What became of a removal.
pub(super) enum Removal {
    /// The manager was removed, now or earlier.
    Gone(Entry),
    /// There never was such a manager; the server says 200 all the same.
    Never,
}

/// Makes a user manager of a resource.
///
/// # Errors
/// Roles that are not valid there, an unknown user, a manager already, a resource that is not in `context`.
pub(super) fn add(
    call: &mut Call<'_>,
    resource: &Resource,
    user: &str,
    roles: Vec<String>,
    context: &str,
) -> Result<Entry, Refusal> {
    let version = call.version();
    check_resource(call, resource, context)?;
    check_roles(call, resource, &roles, Write::Add)?;
    if call.state.store.user(user).is_none() {
        let id = match resource {
            Resource::Instance => "INSTA-GSXOn",
            Resource::Organization(_) => "ORG-GoXOn",
            Resource::Project(_) | Resource::Grant { .. } => "COMMAND-uXHNj",
        };
        return Err(Refusal::new(Code::FailedPrecondition, id, "User could not be found"));
    }
    if call.state.store.managers().current(resource, user).is_some() {
        return Err(duplicate(call, resource, context, version));
    }
    let owner = owner(call, resource, context);
    Ok(call.state.store.write(&call.caller, resource, user, Some(roles), &owner))
}

/// Replaces the roles of a manager.
///
/// # Errors
/// Roles that are not valid there, no such manager, and in 2.68 the roles that it has already.
pub(super) fn change(
    call: &mut Call<'_>,
    resource: &Resource,
    user: &str,
    roles: Vec<String>,
    context: &str,
) -> Result<Entry, Refusal> {
    check_roles(call, resource, &roles, Write::Change)?;
    let here = belongs(call, resource, context);
    let Some(entry) = call.state.store.managers().current(resource, user).filter(|_| here).cloned() else {
        let id = match resource {
            Resource::Instance => "INSTANCE-D8JxR",
            Resource::Organization(_) => "Org-D8JxR",
            Resource::Project(_) => "PROJECT-D8JxR",
            Resource::Grant { .. } => "PROJECT-37fug",
        };
        return Err(Refusal::new(Code::NotFound, id, "Errors.NotFound"));
    };
    if entry.roles.as_ref() == Some(&roles) {
        return if call.version() == Version::V2_68 { Err(unchanged(resource)) } else { Ok(entry) };
    }
    let owner = owner(call, resource, context);
    Ok(call.state.store.write(&call.caller, resource, user, Some(roles), &owner))
}

/// Takes all roles of a manager. A manager that is not there is no error, but in 2.68 for a grant.
///
/// # Errors
/// Only the one of 2.68 for project grants.
pub(super) fn remove(
    call: &mut Call<'_>,
    resource: &Resource,
    user: &str,
    context: &str,
) -> Result<Removal, Refusal> {
    let here = belongs(call, resource, context);
    let last = call.state.store.managers().last(resource, user).filter(|_| here).cloned();
    match last {
        Some(entry) if entry.roles.is_some() => {
            let owner = owner(call, resource, context);
            Ok(Removal::Gone(call.state.store.write(&call.caller, resource, user, None, &owner)))
        }
        _ if call.version() == Version::V2_68 => match resource {
            Resource::Grant { .. } => Err(Refusal::new(Code::NotFound, "PROJECT-37fug", "Errors.NotFound")),
            _ => Ok(Removal::Never),
        },
        Some(entry) => Ok(Removal::Gone(entry)),
        None => Ok(Removal::Never),
    }
}

/// Whether a resource is reached through the context of this organization.
pub(super) fn belongs(call: &Call<'_>, resource: &Resource, context: &str) -> bool {
    let store = &call.state.store;
    match resource {
        Resource::Instance => true,
        Resource::Organization(id) => id == context,
        Resource::Project(project) => store.project(project).is_some_and(|it| it.organization == context),
        Resource::Grant { project, grant } => store.grant(grant).is_some_and(|it| {
            it.project == *project
                && (it.granted_organization == context
                    || store.project(project).is_some_and(|it| it.organization == context))
        }),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Write {
    Add,
    Change,
}

fn check_resource(call: &Call<'_>, resource: &Resource, context: &str) -> Result<(), Refusal> {
    if call.version() == Version::V2_68 {
        return Ok(());
    }
    let store = &call.state.store;
    match resource {
        Resource::Instance => Ok(()),
        Resource::Organization(id) => {
            let there = store.organizations().any(|it| it.id == *id);
            let refusal = Refusal::new(Code::FailedPrecondition, "COMMAND-QXPGs", "Organisation not found");
            if there { Ok(()) } else { Err(refusal) }
        }
        Resource::Project(_) if belongs(call, resource, context) => Ok(()),
        Resource::Project(_) => {
            Err(Refusal::new(Code::FailedPrecondition, "COMMAND-EbFMN", "Project not found"))
        }
        Resource::Grant { project, grant } => {
            let there = store.grant(grant).is_some_and(|it| it.project == *project);
            let refusal = Refusal::new(Code::NotFound, "PROJECT-D8JxR", "Project Grant not found");
            if there { Ok(()) } else { Err(refusal) }
        }
    }
}

fn check_roles(call: &Call<'_>, resource: &Resource, roles: &[String], write: Write) -> Result<(), Refusal> {
    let prefix = match resource {
        Resource::Instance => "IAM",
        Resource::Organization(_) => "ORG",
        Resource::Project(_) => "PROJECT",
        Resource::Grant { .. } => "PROJECT_GRANT",
    };
    if roles.is_empty() {
        return if *resource == Resource::Instance && write == Write::Add {
            Ok(())
        } else {
            Err(no_roles(resource, write, call.version()))
        };
    }
    let alone = matches!(resource, Resource::Organization(_))
        && write == Write::Add
        && roles.iter().all(|role| role == "SELF_MANAGEMENT_GLOBAL");
    let valid = |role: &String| role.starts_with(prefix) && call.state.roles.knows(role);
    if alone || roles.iter().all(valid) {
        Ok(())
    } else {
        Err(invalid_roles(resource, write, call.version()))
    }
}

/// The text for a role list that this level does not take.
fn invalid_text(resource: &Resource, write: Write, version: Version) -> &'static str {
    match resource {
        Resource::Instance => "Member is invalid",
        Resource::Organization(_) => "Errors.Org.MemberInvalid",
        Resource::Project(_) => "Project member is invalid",
        Resource::Grant { .. } if version == Version::V2_68 && write == Write::Change => {
            "Project member is invalid"
        }
        Resource::Grant { .. } => "Errors.Project.Grant.Member.Invalid",
    }
}

fn no_roles(resource: &Resource, write: Write, version: Version) -> Refusal {
    let text = invalid_text(resource, write, version);
    let (id, text) = match (resource, write) {
        (Resource::Instance, _) => ("INSTANCE-LiaZi", text),
        (Resource::Organization(_), Write::Add) if version == Version::V2_68 => {
            ("V2-PfYhb", "Errors.Invalid.Argument")
        }
        (Resource::Organization(_), Write::Add) => ("ORG-4Mlfs", "Errors.Invalid.Argument"),
        (Resource::Organization(_), Write::Change) => ("Org-LiaZi", text),
        (Resource::Project(_), Write::Add) => ("PROJECT-W8m4l", text),
        (Resource::Project(_), Write::Change) => ("PROJECT-LiaZi", text),
        (Resource::Grant { .. }, Write::Add) => ("PROJECT-8fi7G", text),
        (Resource::Grant { .. }, Write::Change) => ("PROJECT-109fs", text),
    };
    Refusal::new(Code::InvalidArgument, id, text)
}

fn invalid_roles(resource: &Resource, write: Write, version: Version) -> Refusal {
    let id = match (resource, write) {
        (Resource::Instance, Write::Add) => "INSTANCE-4m0fS",
        (Resource::Instance, Write::Change) => "INSTANCE-3m9fs",
        (Resource::Organization(_), Write::Add) => "Org-4N8es",
        (Resource::Organization(_), Write::Change) if version == Version::V4_15 => "INST-m9fG8",
        (Resource::Organization(_), Write::Change) => "IAM-m9fG8",
        (Resource::Project(_), Write::Add) => "PROJECT-3m9ds",
        (Resource::Project(_), Write::Change) => "PROJECT-3m9d",
        (Resource::Grant { .. }, Write::Add) => "PROJECT-m9gKK",
        (Resource::Grant { .. }, Write::Change) => "PROJECT-m0sDf",
    };
    Refusal::new(Code::InvalidArgument, id, invalid_text(resource, write, version))
}

fn duplicate(call: &Call<'_>, resource: &Resource, context: &str, version: Version) -> Refusal {
    match resource {
        Resource::Instance => {
            Refusal::new(Code::AlreadyExists, "INSTA-pFDwe", "Errors.Instance.Member.AlreadyExists")
        }
        Resource::Organization(_) => {
            Refusal::new(Code::AlreadyExists, "ORG-poWwe", "Errors.Org.Member.AlreadyExists")
        }
        Resource::Project(_) => {
            Refusal::new(Code::AlreadyExists, "PROJECT-PtXi1", "Project member already exists")
        }
        Resource::Grant { grant, .. } => {
            let granted = call.state.store.grant(grant).is_some_and(|it| it.granted_organization == context);
            if granted || version == Version::V2_68 {
                Refusal::new(Code::AlreadyExists, "V3-DKcYh", "Project member already exists")
            } else {
                Refusal::new(Code::NotFound, "PROJECT-37fug", "Errors.AlreadyExists")
            }
        }
    }
}

fn unchanged(resource: &Resource) -> Refusal {
    let (id, text) = match resource {
        Resource::Instance => ("INSTANCE-LiaZi", "Roles have not been changed"),
        Resource::Organization(_) => ("Org-LiaZi", "Errors.Org.Member.RolesNotChanged"),
        Resource::Project(_) => ("PROJECT-LiaZi", "Errors.Project.Member.RolesNotChanged"),
        Resource::Grant { .. } => ("PROJECT-2n8vx", "Errors.Project.Member.RolesNotChanged"),
    };
    Refusal::new(Code::FailedPrecondition, id, text)
}

/// The owner of a membership. A resource that does not exist, which only 2.68 takes, belongs to the context.
fn owner(call: &Call<'_>, resource: &Resource, context: &str) -> String {
    call.state.store.owner_of(resource).unwrap_or(context).to_owned()
}
