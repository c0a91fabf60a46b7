//! One finding in full, and where it leads: the users and resources concerned, and the commands that help.

use super::rows::title;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::event::Reviewed;
use crate::app::go;
use crate::app::keys::Action;
use crate::app::removal;
use crate::app::screen::person::Person;
use crate::app::shared::Shared;
use crate::domain::inventory::{ManagerRecord, UnreadPart};
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::permission::ManagerAction;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::{Finding, Subject};
use crate::domain::text::SafeText;

/// Where a line leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the managers of a resource.
    Resource(Resource, SafeText),
    /// To a user.
    User(ManagerUser),
    /// To the user of a manager, whose roles can be changed from here.
    Manager(Box<ManagerRecord>),
    /// To the clipboard.
    Command(String),
}

/// The finding that is shown in full.
#[derive(Debug)]
pub struct Details {
    /// Its key.
    pub key: String,
    /// Its place in the report.
    pub place: usize,
    /// The rule and what it is about.
    pub title: String,
    /// The lines.
    pub ways: Vec<Way>,
    /// Which line has the cursor.
    pub cursor: Cursor,
}

impl Details {
    pub(super) fn of(place: usize, finding: &Finding, cursor: Cursor) -> Self {
        let mut ways = match &finding.subject {
            Subject::Resource { resource, name, .. } => vec![Way::Resource(resource.clone(), name.clone())],
            Subject::User(user) => vec![Way::User(user.clone())],
            Subject::Manager(record) => {
                vec![Way::Resource(record.manager.resource.clone(), record.resource_name.clone())]
            }
        };
        ways.extend(finding.managers.iter().map(|record| Way::Manager(Box::new(record.clone()))));
        ways.extend(finding.commands.iter().cloned().map(Way::Command));
        let title = format!("{} {}", finding.rule.id, title(&finding.subject));
        let mut details = Self { key: finding.key(), place, title, ways, cursor };
        details.cursor.fit(details.ways.len(), usize::MAX);
        details
    }

    fn way(&self) -> Option<&Way> {
        self.ways.get(self.cursor.at)
    }

    fn manager(&self) -> Option<&ManagerRecord> {
        if let Some(Way::Manager(record)) = self.way() { Some(record) } else { None }
    }

    pub(super) fn open(&self, shared: &mut Shared) {
        match self.way() {
            Some(Way::Resource(resource, name)) => go::open_resource(resource, name, shared),
            Some(Way::User(user)) => shared.open(Person::of_manager(user.clone())),
            Some(Way::Manager(record)) => shared.open(Person::of_manager(record.manager.user.clone())),
            Some(Way::Command(command)) => console::copy_command(command, shared),
            None => {}
        }
    }

    /// The resource of the line with the cursor.
    pub(super) fn resource(&self) -> Option<(&Resource, &SafeText)> {
        match self.way()? {
            Way::Resource(resource, name) => Some((resource, name)),
            Way::Manager(record) => Some((&record.manager.resource, &record.resource_name)),
            Way::User(_) | Way::Command(_) => None,
        }
    }

    pub(super) fn console_path(&self) -> Option<String> {
        let user_path = |user: &ManagerUser| console::user_path(&user.id, user.organization.as_ref());
        Some(match self.way()? {
            Way::Resource(resource, _) => console::resource_path(resource, None),
            Way::User(user) => user_path(user),
            Way::Manager(record) => user_path(&record.manager.user),
            Way::Command(_) => return None,
        })
    }

    pub(super) fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        let Some(record) = self.manager() else { return Some("the cursor is on no manager".to_owned()) };
        let deed = if action == Action::RemoveManager { ManagerAction::Remove } else { ManagerAction::Write };
        shared.why_not(&record.manager.resource, deed)
    }

    pub(super) fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        match (action, self.manager()) {
            (Action::ChangeRoles, Some(record)) => go::change_roles(record, shared),
            (Action::RemoveManager, Some(record)) => {
                removal::review(std::slice::from_ref(record), shared);
            }
            (Action::ChangeRoles | Action::RemoveManager, None) => {}
            _ => return self.cursor.act(action, self.ways.len(), shared.list_rows()),
        }
        true
    }
}

/// What the review could not look at, as one list: what was not read, rules that could not be judged, acceptances that
/// count for nothing.
pub(super) fn blind_spots(reviewed: &Reviewed) -> Vec<UnreadPart> {
    let report = &reviewed.report;
    let told = |name: SafeText, what: &str, why: SafeText, fix: &str| UnreadPart {
        resource: None,
        problem: Problem::new(ProblemKind::NotFound, what, why, fix),
        name,
    };
    let unjudged = report.unjudged.iter().map(|(rule, why)| {
        let name = format!("{} {}", rule.id, rule.title).into();
        told(name, "Cannot judge this rule everywhere", why.clone(), "")
    });
    let stale = report.stale.iter().map(|acceptance| {
        let name = format!("acceptance of {}", acceptance.finding).into();
        let why = format!(
            "it counts until {} and accepts nothing now: it ended, or nothing like it is found",
            acceptance.until
        );
        let fix = format!("Take it out of {}, or accept the finding anew", reviewed.file);
        told(name, "An acceptance has no effect", why.into(), &fix)
    });
    report.unread.iter().cloned().chain(unjudged).chain(stale).collect()
}
