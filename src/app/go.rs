//! From a row over many resources to the screen of its resource.

use super::message::Tone;
use super::screen::organization::OrganizationScreen;
use super::shared::Shared;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::project::Project;
use crate::domain::text::SafeText;

/// Opens the screen of the resource of a row.
pub fn open_resource(record: &ManagerRecord, shared: &mut Shared) {
    match &record.manager.resource {
        Resource::Organization(id) => {
            let organization = Organization {
                id: id.clone(),
                name: record.resource_name.clone(),
                primary_domain: SafeText::default(),
                state: OrganizationState::Active,
            };
            shared.open(OrganizationScreen::new(organization));
        }
        other => shared.say(Tone::Note, format!("There is no screen of a {} yet", other.level())),
    }
}

/// Opens the screen of a project.
pub fn open_project(project: Project, shared: &mut Shared) {
    let _ = project;
    shared.say(Tone::Note, "There is no screen of a project yet");
}
