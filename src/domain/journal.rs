//! What the journal tells: changes applied through this machine, with what became of them.

use jiff::Timestamp;

use super::change::{Change, ChangeKind};
use super::level::Resource;
use super::manager::ManagerUser;
use super::role::{Role, without_doubles};
use super::text::SafeText;

/// One change of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its id in the journal.
    pub id: SafeText,
    /// When it was about to be sent.
    pub time: Timestamp,
    /// The profile it was sent with.
    pub profile: SafeText,
    /// The instance it was sent to.
    pub issuer: SafeText,
    /// The login name it was sent as.
    pub who: SafeText,
    /// On what.
    pub resource: Resource,
    /// What the resource was called.
    pub resource_name: SafeText,
    /// Of whom.
    pub user: ManagerUser,
    /// The roles before; none if the user was not manager there.
    pub before: Option<Vec<Role>>,
    /// The roles that were to hold afterwards; empty for a removal.
    pub after: Vec<Role>,
    /// What became of it.
    pub outcome: JournalOutcome,
    /// The entry that this one undoes.
    pub undoes: Option<SafeText>,
}

/// What became of a change, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalOutcome {
    /// Done, as read back.
    Done,
    /// Nothing was changed, and why.
    NotDone(SafeText),
    /// Accepted by the server, not seen in the lists.
    NotVisibleYet,
    /// Not known; the program ended between the write and its outcome, or reading failed.
    InDoubt,
    /// A line that a newer zitui wrote; what it says cannot be told here, and its change cannot be taken back from
    /// here.
    Unreadable(SafeText),
}

impl JournalEntry {
    /// What it did, or was to do.
    pub fn change(&self) -> Change {
        Change {
            resource: self.resource.clone(),
            resource_name: self.resource_name.clone(),
            user: self.user.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    /// The change that takes this one back, against what holds now: what it gave goes, what it took comes back, and
    /// what others did meanwhile stays. None where nothing was done or nothing is left to take back.
    pub fn inverse(&self, now: Option<&[Role]>) -> Option<Change> {
        if matches!(self.outcome, JournalOutcome::NotDone(_) | JournalOutcome::Unreadable(_)) {
            return None;
        }
        let before = self.before.as_deref().unwrap_or_default();
        let given = |role: &&Role| self.after.contains(role) && !before.contains(role);
        let kept = now.unwrap_or_default().iter().filter(|role| !given(role));
        let taken = before.iter().filter(|role| !self.after.contains(role));
        let change = Change {
            resource: self.resource.clone(),
            resource_name: self.resource_name.clone(),
            user: self.user.clone(),
            before: now.map(<[Role]>::to_vec),
            after: without_doubles(kept.chain(taken).cloned()),
        };
        (change.kind() != ChangeKind::Nothing).then_some(change)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::id::UserId;
    use crate::domain::user::UserKind;

    fn roles(keys: &[&str]) -> Vec<Role> {
        keys.iter().map(|key| Role::new(*key)).collect()
    }

    fn entry(before: Option<&[&str]>, after: &[&str]) -> JournalEntry {
        JournalEntry {
            id: SafeText::new("1"),
            time: Timestamp::UNIX_EPOCH,
            profile: SafeText::default(),
            issuer: SafeText::default(),
            who: SafeText::default(),
            resource: Resource::Instance,
            resource_name: SafeText::default(),
            user: ManagerUser {
                id: UserId::new("1"),
                organization: None,
                kind: UserKind::Unknown,
                login_name: SafeText::default(),
                display_name: SafeText::default(),
                email: None,
            },
            before: before.map(roles),
            after: roles(after),
            outcome: JournalOutcome::Done,
            undoes: None,
        }
    }

    type Roles<'a> = Option<&'a [&'a str]>;

    #[rstest]
    #[case::an_add_is_removed(None, &["A"], Some(&["A"] as &[&str]), Some(&[] as &[&str]))]
    #[case::an_add_leaves_what_others_gave(None, &["A"], Some(&["A", "B"] as &[&str]), Some(&["B"] as &[&str]))]
    #[case::a_removal_comes_back(Some(&["A", "B"] as &[&str]), &[], None, Some(&["A", "B"] as &[&str]))]
    #[case::a_change_turns_back(Some(&["A"] as &[&str]), &["B"], Some(&["B"] as &[&str]), Some(&["A"] as &[&str]))]
    #[case::already_taken_back(None, &["A"], None, None)]
    fn the_inverse_touches_only_what_the_change_did(
        #[case] before: Roles<'_>,
        #[case] after: &[&str],
        #[case] now: Roles<'_>,
        #[case] expected: Roles<'_>,
    ) {
        let now = now.map(roles);
        let inverse = entry(before, after).inverse(now.as_deref());
        assert_eq!(inverse.map(|change| change.after), expected.map(roles));
    }

    #[test]
    fn what_was_not_done_cannot_be_taken_back() {
        let refused = JournalEntry { outcome: JournalOutcome::NotDone("403".into()), ..entry(None, &["A"]) };
        assert_eq!(refused.inverse(Some(&roles(&["A"]))), None);
        let newer = JournalEntry { outcome: JournalOutcome::Unreadable("format 9".into()), ..refused };
        assert_eq!(newer.inverse(Some(&roles(&["A"]))), None);
    }
}
