//! From rows over many resources to a review of their removal.

use super::message::Tone;
use super::screen::review::Review;
use super::shared::Shared;
use crate::domain::change::Change;
use crate::domain::inventory::ManagerRecord;

/// What removes a manager, as far as its row was seen.
pub fn removal(record: &ManagerRecord) -> Change {
    Change {
        resource: record.manager.resource.clone(),
        resource_name: record.resource_name.clone(),
        user: record.manager.user.clone(),
        before: Some(record.manager.roles.clone()),
        after: Vec::new(),
    }
}

/// Opens the review of removing these managers.
pub fn review(records: &[ManagerRecord], shared: &mut Shared) {
    let Some(first) = records.first() else { return };
    if records.iter().any(|record| record.manager.resource != first.manager.resource) {
        shared.say(Tone::Warning, "A review takes the managers of one resource at a time");
        return;
    }
    shared.open(Review::new(records.iter().map(removal).collect(), None));
}
