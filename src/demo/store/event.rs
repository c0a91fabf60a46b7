//! The events of an instance: who did what and when (CONTRACT.md section 14).

use jiff::Timestamp;

/// One event, written with every change.
#[derive(Clone, Debug)]
pub(in super::super) struct Event {
    /// The write it belongs to, for views.
    pub(in super::super) position: u64,
    pub(in super::super) created: Timestamp,
    /// Counts per aggregate.
    pub(in super::super) sequence: u64,
    /// The user who did it.
    pub(in super::super) editor: String,
    /// The event type, as in `org.member.added`.
    pub(in super::super) kind: &'static str,
    /// The aggregate type: `instance`, `org`, `project` or `user`.
    pub(in super::super) aggregate: &'static str,
    pub(in super::super) aggregate_id: String,
    /// The resource owner.
    pub(in super::super) owner: String,
    /// The user it is about, where the payload names one.
    pub(in super::super) user: Option<String>,
    /// The new roles; none in a removal.
    pub(in super::super) roles: Option<Vec<String>>,
    /// The project grant, for its managers.
    pub(in super::super) grant: Option<String>,
}
