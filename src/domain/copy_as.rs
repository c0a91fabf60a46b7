//! What is on the screen as text to paste elsewhere: as commands of zitui, as requests of curl, as resources of
//! Terraform. Pure; holds no secrets: the token of a request is left to the shell.

mod request;
mod terraform;

use super::change::{Change, ChangeKind};
use super::command;
use super::id::{OrganizationId, ProjectId, UserId};
use super::inventory::ManagerRecord;
use super::journal::{JournalEntry, JournalOutcome};
use super::level::Resource;
use super::review::{Finding, Rule, Severity};
use super::session::{ProfileFacts, SessionFacts};
use request::Request;

/// A list or a sheet on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// The organizations that fit a text; empty for all.
    Organizations(String),
    /// The users of all organizations that fit a text; empty for all.
    Users(String),
    /// The users of one organization that fit a text.
    UsersOf(OrganizationId, String),
    /// The projects of an organization that fit a text.
    Projects(OrganizationId, String),
    /// The grants given of a project.
    GrantsOf(OrganizationId, ProjectId),
    /// The projects that an organization received.
    GrantedTo(OrganizationId),
    /// The managers of a resource.
    Managers(Resource),
    /// All managers over all levels.
    AllManagers,
    /// Everything that a user manages; with the organization that it lives in, where that is known.
    Person(UserId, Option<OrganizationId>),
    /// The journal.
    History,
    /// The access review.
    Findings {
        /// What its filter leaves.
        filter: FindingFilter,
        /// Whether accepted findings are shown.
        all: bool,
    },
    /// What differs between the snapshot in this file and now.
    Differences(String),
}

/// What the filter of the access review leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingFilter {
    /// Everything.
    All,
    /// What one rule found.
    Rule(&'static Rule),
    /// What matters at least so much.
    AtLeast(Severity),
    /// What no command can tell.
    Text,
}

/// What to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Changes, and which of them has the cursor.
    Changes(Vec<Change>, usize),
    /// A list, and the managers among its rows that are meant: those with a mark, else the one with the cursor.
    List(Listed, Vec<ManagerRecord>),
    /// The access review where it is shown as a list, and the finding that is meant.
    Review(Option<Listed>, Option<Box<Finding>>),
    /// The journal, and the entry with the cursor.
    History(Option<Box<JournalEntry>>),
}

/// A way to write something down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A command of zitui.
    Command,
    /// A request of curl.
    Curl,
    /// A resource of Terraform.
    Terraform,
}

impl Form {
    /// What to call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Command => "zitui command",
            Self::Curl => "curl",
            Self::Terraform => "Terraform",
        }
    }
}

/// One text to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its form.
    pub form: Form,
    /// Of what it is, e.g. `this change`.
    pub of: String,
    /// The text.
    pub text: String,
    /// What to know before pasting it; empty if there is nothing.
    pub note: &'static str,
}

/// Where the texts shall hold.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    /// The profile signed in with.
    pub profile: &'a ProfileFacts,
    /// What signing in told.
    pub facts: &'a SessionFacts,
}

const TOKEN: &str = "Put an access token into ZITADEL_TOKEN first.";
const TOKEN_AND_FILTER: &str =
    "Put an access token into ZITADEL_TOKEN first. The filter of the screen is not in it.";
const ONE_PAGE: &str = "Put an access token into ZITADEL_TOKEN first. It asks for the first page.";
const ONE_LIST: &str = "Put an access token into ZITADEL_TOKEN first. This server has no list over all levels; it is that of one.";
const NO_FILTER: &str = "The filter of the screen is not in it.";
const AS_TYPED: &str = "The path is as it was typed: run it in the folder that zitui was started in.";
const ALL_ORGANIZATIONS: &str = "The command searches the users of all organizations.";
const IMPORT: &str = "Paste it into a .tf file; the import block takes over what is there.";
const NOT_YET: &str = "Paste it into a .tf file; Terraform makes the manager.";
const TO_DELETE: &str = "For the eyes: Terraform removes what is deleted from its files.";

impl Instance<'_> {
    /// Everything that can be copied of a subject, in the order of the chooser.
    pub fn offers(&self, subject: &Subject) -> Vec<Offer> {
        match subject {
            Subject::Changes(changes, at) => self.of_changes(changes, *at),
            Subject::List(listed, rows) => self.of_list(listed, rows),
            Subject::Review(listed, finding) => {
                let list = listed.iter().flat_map(|listed| self.of_list(listed, &[]));
                list.chain(finding.iter().flat_map(|finding| self.of_finding(finding))).collect()
            }
            Subject::History(entry) => {
                let mut offers = entry.as_deref().map(|entry| self.of_entry(entry)).unwrap_or_default();
                offers.extend(self.of_list(&Listed::History, &[]));
                offers
            }
        }
    }

    fn of_changes(&self, changes: &[Change], at: usize) -> Vec<Offer> {
        let counts = |change: &&Change| change.kind() != ChangeKind::Nothing;
        let all: Vec<&Change> = changes.iter().filter(counts).collect();
        let here = changes.get(at).filter(counts);
        let mut offers = Vec::new();
        if let Some(change) = here {
            offers.extend(self.written(&[change], "this change"));
        }
        if all.len() > 1 || (here.is_none() && !all.is_empty()) {
            offers.extend(self.written(&all, &format!("all {} changes", all.len())));
        }
        offers
    }

    fn of_finding(&self, finding: &Finding) -> Vec<Offer> {
        let offer = |of: String, command: &str| Offer {
            form: Form::Command,
            of,
            text: self.command(command),
            note: "",
        };
        let commands = &finding.commands;
        let numbered = |(at, command): (usize, &String)| {
            let of = match commands.len() {
                1 => "the fix of this finding".to_owned(),
                all => format!("the fix of this finding, {} of {all}", at + 1),
            };
            offer(of, command)
        };
        let mut offers: Vec<Offer> = commands.iter().enumerate().map(numbered).collect();
        let all = finding.accepted.is_some();
        let by_rule = command::review(Some(finding.rule), None, all);
        offers.push(offer(format!("all findings of {}", finding.rule.id), &by_rule));
        offers.extend(self.of_managers(&finding.managers));
        offers
    }

    /// What an entry of the journal did, and its way back; nothing of what was done elsewhere or cannot be told.
    fn of_entry(&self, entry: &JournalEntry) -> Vec<Offer> {
        if entry.issuer != self.facts.issuer || matches!(entry.outcome, JournalOutcome::Unreadable(_)) {
            return Vec::new();
        }
        let mut offers = self.of_changes(&[entry.change()], 0);
        if !matches!(entry.outcome, JournalOutcome::NotDone(_)) {
            offers.push(Offer {
                form: Form::Command,
                of: "taking this change back".to_owned(),
                text: self.command(&command::undo(&entry.id)),
                note: "",
            });
        }
        offers
    }

    /// Managers that are there, for Terraform.
    fn of_managers(&self, rows: &[ManagerRecord]) -> Option<Offer> {
        let first = rows.first()?;
        let of = match rows.len() {
            1 => first.manager.user.title().to_string(),
            several => format!("{several} managers"),
        };
        let text = terraform::of_managers(rows, self.facts);
        Some(Offer { form: Form::Terraform, of, text, note: IMPORT })
    }

    fn written(&self, changes: &[&Change], of: &str) -> [Offer; 3] {
        let offer = |form, text, note| Offer { form, of: of.to_owned(), text, note };
        let commands = changes.iter().map(|change| self.command(&of_change(change)));
        let requests = changes.iter().map(|change| Request::of_change(change, self.facts).curl(self.profile));
        let kind_of_all = |kind| changes.iter().all(|change| change.kind() == kind);
        let note = if kind_of_all(ChangeKind::Remove) {
            TO_DELETE
        } else if kind_of_all(ChangeKind::Add) {
            NOT_YET
        } else {
            IMPORT
        };
        [
            offer(Form::Command, commands.collect::<Vec<_>>().join("\n"), ""),
            offer(Form::Curl, requests.collect::<Vec<_>>().join("\n"), TOKEN),
            offer(Form::Terraform, terraform::of_changes(changes, self.facts), note),
        ]
    }

    fn of_list(&self, listed: &Listed, rows: &[ManagerRecord]) -> Vec<Offer> {
        let offer = |form, text, note| Offer { form, of: "this list".to_owned(), text, note };
        let (command, note) = of_listed(listed);
        let mut offers = vec![offer(Form::Command, self.command(&command), note)];
        if let Some(request) = Request::of_listed(listed, self.facts) {
            let note = match listed {
                Listed::Managers(_) | Listed::AllManagers => TOKEN_AND_FILTER,
                Listed::GrantsOf(..) | Listed::GrantedTo(_) | Listed::Person(..) => TOKEN,
                _ => ONE_PAGE,
            };
            offers.push(offer(Form::Curl, request.curl(self.profile), note));
        } else if let (Listed::AllManagers, Some(row)) = (listed, rows.first()) {
            let of_row = Listed::Managers(row.manager.resource.clone());
            let request = Request::of_listed(&of_row, self.facts).map(|request| request.curl(self.profile));
            offers.extend(request.map(|text| Offer {
                of: format!("the managers of {}", row.resource_name),
                ..offer(Form::Curl, text, ONE_LIST)
            }));
        }
        offers.extend(self.of_managers(rows));
        offers
    }

    fn command(&self, command: &str) -> String {
        command::at(self.profile, command)
    }
}

fn of_change(change: &Change) -> String {
    let (resource, user) = (&change.resource, &change.user.id);
    match change.kind() {
        ChangeKind::Add => command::add_manager(resource, user, &change.after),
        ChangeKind::Remove => command::remove_manager(resource, user, &[]),
        ChangeKind::ChangeRoles | ChangeKind::Nothing => command::set_manager(resource, user, &change.after),
    }
}

/// The command that lists the same, and what to know about it.
fn of_listed(listed: &Listed) -> (String, &'static str) {
    match listed {
        Listed::Organizations(text) => (command::list_organizations(text), ""),
        Listed::Users(text) => (command::search_users(text), ""),
        Listed::UsersOf(_, text) => (command::search_users(text), ALL_ORGANIZATIONS),
        Listed::Projects(organization, text) => (command::list_projects(organization, text), ""),
        Listed::GrantsOf(organization, project) => (command::show_project(organization, project), ""),
        Listed::GrantedTo(organization) => (command::show_organization(organization), ""),
        Listed::Managers(resource) => (command::list_managers(resource), NO_FILTER),
        Listed::AllManagers => (command::list_all_managers(), NO_FILTER),
        Listed::Person(user, _) => (command::show_user(user), ""),
        Listed::History => (command::history(), ""),
        Listed::Findings { filter, all } => match *filter {
            FindingFilter::All => (command::review(None, None, *all), ""),
            FindingFilter::Rule(rule) => (command::review(Some(rule), None, *all), ""),
            FindingFilter::AtLeast(least) => (command::review(None, Some(least), *all), ""),
            FindingFilter::Text => (command::review(None, None, *all), NO_FILTER),
        },
        Listed::Differences(file) => (command::compare_with_now(file), AS_TYPED),
    }
}

#[cfg(test)]
mod tests;
