//! From rows over many resources to a review of their removal.

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
    if !records.is_empty() {
        shared.open(Review::new(records.iter().map(removal).collect(), None));
    }
}
