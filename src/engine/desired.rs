//! What tells one planned difference from another.

use super::kept::digest;
use crate::domain::change::Change;
use crate::domain::level::Resource;
use crate::domain::role::Role;

/// Hexadecimal digits of a fingerprint; 48 bits are enough against chance, and nobody gains by forging one.
const DIGITS: usize = 12;

/// A short name for these changes on this instance, whatever their order: the same for the same managers, with the same
/// roles before and after.
pub fn fingerprint(issuer: &str, changes: &[&Change]) -> String {
    let mut lines: Vec<String> = changes.iter().map(|change| line(change)).collect();
    lines.sort();
    let parts: Vec<&str> = std::iter::once(issuer).chain(lines.iter().map(String::as_str)).collect();
    digest(&parts).chars().take(DIGITS).collect()
}

fn line(change: &Change) -> String {
    let ids = match &change.resource {
        Resource::Instance => vec![],
        Resource::Organization(organization) => vec![organization.as_str()],
        Resource::Project { organization, project } => vec![organization.as_str(), project.as_str()],
        Resource::ProjectGrant { organization, project, grant, granted } => {
            vec![organization.as_str(), project.as_str(), grant.as_str(), granted.as_str()]
        }
    };
    let level = change.resource.level();
    format!(
        "{level} {ids:?} {:?} {:?} {:?}",
        change.user.id,
        change.before.as_deref().map(sorted),
        sorted(&change.after)
    )
}

fn sorted(roles: &[Role]) -> Vec<&str> {
    let mut keys: Vec<&str> = roles.iter().map(Role::key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OrganizationId, UserId};
    use crate::domain::manager::ManagerUser;
    use crate::domain::text::SafeText;
    use crate::domain::user::UserKind;

    fn change(organization: &str, user: &str, before: Option<&[&str]>, after: &[&str]) -> Change {
        let roles = |keys: &[&str]| keys.iter().map(|key| Role::new(*key)).collect::<Vec<Role>>();
        Change {
            resource: Resource::Organization(OrganizationId::new(organization)),
            resource_name: SafeText::default(),
            user: ManagerUser {
                id: UserId::new(user),
                organization: None,
                kind: UserKind::Unknown,
                login_name: SafeText::default(),
                display_name: SafeText::default(),
                email: None,
            },
            before: before.map(roles),
            after: roles(after),
        }
    }

    #[test]
    fn every_part_of_a_difference_counts_and_no_order() {
        let first = change("1", "2", Some(&["A", "B"]), &["C"]);
        let second = change("1", "3", None, &["A"]);
        let known = fingerprint("here", &[&first, &second]);
        assert_eq!(known.len(), DIGITS);
        assert_eq!(fingerprint("here", &[&second, &change("1", "2", Some(&["B", "A"]), &["C"])]), known);
        for other in [
            change("2", "2", Some(&["A", "B"]), &["C"]),
            change("1", "4", Some(&["A", "B"]), &["C"]),
            change("1", "2", Some(&["A"]), &["C"]),
            change("1", "2", None, &["C"]),
            change("1", "2", Some(&["A", "B"]), &[]),
        ] {
            assert_ne!(fingerprint("here", &[&other, &second]), known, "{other:?}");
        }
        assert_ne!(fingerprint("there", &[&first, &second]), known);
    }
}
