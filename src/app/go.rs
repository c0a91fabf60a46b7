//! From rows over many resources to the screens of one.

use super::named_resource::NamedResource;
use super::screen::Screen;
use super::screen::change_roles::ChangeRoles;
use super::shared::Shared;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Resource;
use crate::domain::text::SafeText;

/// Opens the screen of a resource of this name.
pub fn open_resource(resource: &Resource, name: &SafeText, shared: &mut Shared) {
    let on = NamedResource::called(resource.clone(), name.clone(), shared);
    shared.open(Screen::of(on));
}

/// Opens the roles of the manager of a row.
pub fn change_roles(record: &ManagerRecord, shared: &mut Shared) {
    let manager = &record.manager;
    let on = NamedResource::called(manager.resource.clone(), record.resource_name.clone(), shared);
    shared.open(ChangeRoles::new(on, manager.user.clone()));
}
