//! The basket: changes chosen and not yet applied.

use super::outcome;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::manager::Manager;
use crate::domain::text::SafeText;

/// One change of the basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The change.
    pub change: Change,
    /// The journal entry that it takes back.
    pub undoes: Option<SafeText>,
}

/// The changes, at most one for each user on each resource, in the order in which they were chosen.
#[derive(Clone, Debug, Default)]
pub struct Basket {
    lines: Vec<Line>,
}

impl Basket {
    /// Puts a change in. What was chosen before for the same user on the same resource becomes one change with it.
    pub fn put(&mut self, line: Line) {
        let Some(at) = self.position(&line.change) else {
            self.lines.push(line);
            return;
        };
        let Some(earlier) = self.lines.get_mut(at) else { return };
        let planned = (!earlier.change.after.is_empty()).then(|| Manager {
            user: earlier.change.user.clone(),
            resource: earlier.change.resource.clone(),
            roles: earlier.change.after.clone(),
            created: None,
            changed: None,
        });
        let change = outcome::against(&line.change, planned.as_ref());
        let change = Change { before: earlier.change.before.clone(), ..change };
        if change.kind() == ChangeKind::Nothing {
            self.lines.remove(at);
        } else {
            *earlier = Line { change, undoes: earlier.undoes.clone().or(line.undoes) };
        }
    }

    /// Takes the change of this user on this resource out.
    pub fn take_out(&mut self, change: &Change) {
        if let Some(at) = self.position(change) {
            self.lines.remove(at);
        }
    }

    fn position(&self, change: &Change) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| line.change.resource == change.resource && line.change.user.id == change.user.id)
    }

    /// The changes.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many changes there are.
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::app::testing::World;
    use crate::domain::level::Resource;
    use crate::domain::manager::ManagerUser;
    use crate::domain::role::Role;

    type Roles<'a> = Option<&'a [&'a str]>;

    fn line(before: Roles<'_>, after: &[&str]) -> Line {
        let world = World::new();
        let roles = |keys: &[&str]| keys.iter().map(|key| Role::new(*key)).collect::<Vec<_>>();
        let globex = world.named("Globex");
        let change = Change {
            resource: Resource::Organization(globex.id.clone()),
            resource_name: globex.name.clone(),
            user: ManagerUser::from(&world.users[4]),
            before: before.map(roles),
            after: roles(after),
        };
        Line { change, undoes: None }
    }

    #[rstest]
    #[case::two_roles_one_after_the_other(line(None, &["A"]), line(None, &["B"]), Some(line(None, &["A", "B"])))]
    #[case::added_then_removed(line(None, &["A"]), line(Some(&["A"]), &[]), None)]
    #[case::changed_then_removed(
        line(Some(&["A"]), &["A", "B"]),
        line(Some(&["A"]), &[]),
        Some(line(Some(&["A"]), &[]))
    )]
    #[case::the_same_again(line(None, &["A"]), line(None, &["A"]), Some(line(None, &["A"])))]
    fn two_changes_of_one_manager_become_one(
        #[case] first: Line,
        #[case] second: Line,
        #[case] expected: Option<Line>,
    ) {
        let mut basket = Basket::default();
        basket.put(first);
        basket.put(second);
        assert_eq!(basket.lines(), Vec::from_iter(expected));
    }
}
