//! What all lists share: pages, totals, times and details (CONTRACT.md section 4).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Version;
use super::message::Part;

/// Which page of a list is wanted, and in which order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging<'a> {
    offset: u64,
    /// 0 = everything.
    limit: u64,
    /// Absent = descending where the list has an order.
    pub(super) ascending: bool,
    /// The column to sort by; empty for the list's own order.
    pub(super) column: &'a str,
}

impl<'a> Paging<'a> {
    /// The page that a v1 or v2 REST list asks for.
    pub(super) fn of(body: Part<'a>) -> Self {
        let query = body.part("query");
        Self {
            offset: query.number("offset"),
            limit: query.number("limit"),
            ascending: query.flag("asc"),
            column: body.text("sortingColumn"),
        }
    }

    /// The rows of this page.
    pub(super) fn cut<T>(&self, rows: impl IntoIterator<Item = T>) -> Vec<T> {
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let limit = usize::try_from(self.limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        rows.into_iter().skip(offset).take(limit).collect()
    }

    /// The total that stands in the answer: behind the end there is none (recordings `orgs/v2-past-end`).
    pub(super) fn total(&self, total: usize) -> usize {
        let behind = usize::try_from(self.offset).is_ok_and(|offset| offset >= total);
        if behind { 0 } else { total }
    }
}

/// The `details` of a list. `time` is the name of its time field.
pub(super) fn list_details(version: Version, total: usize, time: &str) -> Value {
    // Since 4.0 the time is about a minute older than the data (CONTRACT.md section 15).
    let age = if version == Version::V2_68 { 0 } else { 60 };
    let mut details = Map::new();
    if total > 0 {
        details.insert("totalResult".to_owned(), json!(total.to_string()));
    }
    details.insert(time.to_owned(), json!(timestamp(Timestamp::now() - SignedDuration::from_secs(age))));
    Value::Object(details)
}

/// A v1 list: details and, unless empty, rows.
pub(super) fn v1_list(version: Version, total: usize, field: &str, rows: Vec<Value>) -> Value {
    let mut body = json!({"details": list_details(version, total, "viewTimestamp")});
    put_unless_empty(&mut body, field, rows);
    body
}

/// Adds a list to an object; an empty one is left out, as every zero value is.
pub(super) fn put_unless_empty(body: &mut Value, field: &str, rows: Vec<Value>) {
    if let (false, Some(fields)) = (rows.is_empty(), body.as_object_mut()) {
        fields.insert(field.to_owned(), Value::Array(rows));
    }
}

/// Adds a text to an object unless it is empty.
pub(super) fn put_text(body: &mut Value, field: &str, text: &str) {
    if let (false, Some(fields)) = (text.is_empty(), body.as_object_mut()) {
        fields.insert(field.to_owned(), json!(text));
    }
}

/// A time as the server writes it.
pub(super) fn timestamp(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The `details` of an object.
pub(super) fn details(sequence: u64, created: Timestamp, changed: Timestamp, owner: &str) -> Value {
    json!({
        "sequence": sequence.to_string(), "creationDate": timestamp(created),
        "changeDate": timestamp(changed), "resourceOwner": owner
    })
}

/// The `details` of an object in v2 answers; 2.68 leaves the date of creation out.
pub(super) fn details_v2(
    version: Version,
    sequence: u64,
    created: Timestamp,
    changed: Timestamp,
    owner: &str,
) -> Value {
    let mut all = details(sequence, created, changed, owner);
    if let (Version::V2_68, Some(fields)) = (version, all.as_object_mut()) {
        fields.remove("creationDate");
    }
    all
}
