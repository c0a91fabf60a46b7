//! What was seen on the way, for the palette to go back to: organizations, users, projects. Bounded; what was seen
//! longest ago is forgotten first.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::event::Answer;
use crate::domain::id::{OrganizationId, ProjectId, UserId};
use crate::domain::inventory::{InventoryPart, ManagerRecord};
use crate::domain::level::Resource;
use crate::domain::link::Thing;
use crate::domain::manager::ManagerUser;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::project::{Project, ProjectState};
use crate::domain::text::SafeText;

/// More of one kind are not kept.
const MOST: usize = 5000;

/// Things by their id, the oldest of which are forgotten.
#[derive(Debug)]
pub struct Kept<I, T> {
    things: HashMap<I, T>,
    order: VecDeque<I>,
}

impl<I, T> Default for Kept<I, T> {
    fn default() -> Self {
        Self { things: HashMap::new(), order: VecDeque::new() }
    }
}

impl<I: Clone + Eq + Hash, T> Kept<I, T> {
    fn keep(&mut self, id: &I, thing: T) {
        if self.things.insert(id.clone(), thing).is_none() {
            self.order.push_back(id.clone());
        }
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.things.remove(&oldest);
            }
        }
    }

    /// Keeps only what says nothing new about something known.
    fn keep_new(&mut self, id: &I, thing: impl FnOnce() -> T) {
        if !self.things.contains_key(id) {
            self.keep(id, thing());
        }
    }

    /// The things, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &T> {
        self.order.iter().rev().filter_map(|id| self.things.get(id))
    }
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Organizations.
    pub organizations: Kept<OrganizationId, Organization>,
    /// Users of both kinds.
    pub users: Kept<UserId, ManagerUser>,
    /// Projects.
    pub projects: Kept<ProjectId, (Project, SafeText)>,
}

impl Seen {
    /// Keeps what an answer tells.
    pub fn note(&mut self, answer: &Answer) {
        match answer {
            Answer::Organizations(Ok(page)) => {
                for organization in &page.rows {
                    self.organizations.keep(&organization.id, organization.clone());
                }
            }
            Answer::Users(Ok(page)) => {
                for user in &page.rows {
                    self.users.keep(&user.id, ManagerUser::from(user));
                }
            }
            Answer::Managers(Ok(managers)) => {
                for manager in managers {
                    self.users.keep_new(&manager.user.id, || manager.user.clone());
                }
            }
            Answer::Projects(Ok(page)) => {
                for project in &page.rows {
                    self.projects.keep(&project.id, (project.clone(), SafeText::default()));
                }
            }
            Answer::Inventory(InventoryPart::Rows(records)) => self.note_records(records),
            Answer::Inventory(InventoryPart::Users(users)) => {
                for user in users {
                    self.users.keep(&user.id, ManagerUser::from(user));
                }
            }
            Answer::Thing(Ok(Thing::Organization(organization))) => {
                self.organizations.keep(&organization.id, organization.clone());
            }
            Answer::Thing(Ok(Thing::User(user))) => self.users.keep(&user.id, ManagerUser::from(user)),
            Answer::Thing(Ok(Thing::Project(project, owner))) => {
                self.projects.keep(&project.id, (project.clone(), owner.clone()));
            }
            Answer::Person(Ok(sheet)) => self.note_records(&sheet.records),
            _ => {}
        }
    }

    fn note_records(&mut self, records: &[ManagerRecord]) {
        for record in records {
            let manager = &record.manager;
            self.users.keep_new(&manager.user.id, || manager.user.clone());
            if let Some(id) = manager.resource.organization() {
                self.organizations.keep_new(id, || Organization {
                    id: id.clone(),
                    name: record.organization_name.clone(),
                    primary_domain: SafeText::default(),
                    state: OrganizationState::Active,
                });
            }
            if let Resource::Project { organization, project } = &manager.resource {
                self.projects.keep_new(project, || {
                    let seen = Project {
                        id: project.clone(),
                        organization: organization.clone(),
                        name: record.resource_name.clone(),
                        state: ProjectState::Active,
                    };
                    (seen, record.organization_name.clone())
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_much_is_kept_and_the_oldest_goes_first() {
        let mut kept = Kept::default();
        for number in 0..=MOST {
            kept.keep(&number, number);
        }
        kept.keep(&MOST, 0);
        assert_eq!(kept.latest().count(), MOST);
        assert_eq!(kept.latest().copied().next(), Some(0));
        assert_eq!(kept.latest().last(), Some(&1));
    }
}
