//! What is on the screen as text to paste elsewhere: as commands of zitui, as requests of curl, as resources of
//! Terraform. Pure; holds no secrets: the token of a request is left to the shell.

mod request;
mod terraform;

use super::change::{Change, ChangeKind};
use super::command;
use super::id::{OrganizationId, ProjectId, UserId};
use super::inventory::ManagerRecord;
use super::level::Resource;
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
}

/// What to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Changes, and which of them has the cursor.
    Changes(Vec<Change>, usize),
    /// A list, and the managers among its rows that are meant: those with a mark, else the one with the cursor.
    List(Listed, Vec<ManagerRecord>),
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
                Listed::GrantsOf(..) | Listed::GrantedTo(_) | Listed::Person(..) | Listed::History => TOKEN,
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
        if let Some(first) = rows.first() {
            let of = match rows.len() {
                1 => first.manager.user.title().to_string(),
                several => format!("{several} managers"),
            };
            let text = terraform::of_managers(rows, self.facts);
            offers.push(Offer { of, ..offer(Form::Terraform, text, IMPORT) });
        }
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
    }
}

#[cfg(test)]
mod tests;
