//! What the lists of Connect services have in common: pages of 100 unless asked otherwise, at most 1000, and totals
//! that count every row whether the sender may see it or not (CONTRACT.md section 4).

use serde_json::{Map, Value, json};

use crate::demo::message::Part;
use crate::demo::refusal::{Code, Refusal};

/// The page a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    offset: usize,
    limit: usize,
    /// Absent means descending.
    pub(super) ascending: bool,
}

impl Page {
    /// Reads `pagination` (recordings `admins.v2/limit-1001`, `page-2`).
    pub(super) fn read(body: Part<'_>) -> Result<Self, Refusal> {
        let pagination = body.part("pagination");
        let number = |name: &str| usize::try_from(pagination.number(name)).unwrap_or(usize::MAX);
        let limit = match number("limit") {
            0 => 100,
            limit @ 1..=1000 => limit,
            _ => return Err(Refusal::new(Code::InvalidArgument, "QUERY-4M0fs", "Limit exceeded")),
        };
        Ok(Self { offset: number("offset"), limit, ascending: pagination.flag("asc") })
    }

    /// The rows of this page.
    pub(super) fn cut<T>(self, rows: &[T]) -> &[T] {
        let rest = rows.get(self.offset..).unwrap_or_default();
        rest.get(..self.limit).unwrap_or(rest)
    }

    /// The answer; behind the end of the list it has no total (recording `admins.v2/past-end`).
    pub(super) fn answer(self, name: &str, shown: Vec<Value>, total: usize) -> Value {
        let mut pagination = json!({"appliedLimit": self.limit.to_string()});
        if let (true, Some(fields)) = (self.offset < total, pagination.as_object_mut()) {
            fields.insert("totalResult".to_owned(), json!(total.to_string()));
        }
        let mut answer = Map::new();
        answer.insert("pagination".to_owned(), pagination);
        if !shown.is_empty() {
            answer.insert(name.to_owned(), Value::from(shown));
        }
        Value::from(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Result<Page, Refusal> {
        let body: Value = serde_json::from_str(text).unwrap();
        Page::read(Part(body.as_object()))
    }

    #[test]
    fn cuts_by_offset_and_limit_and_refuses_more_than_a_thousand() {
        let rows: Vec<u32> = (0..10).collect();
        let second = page(r#"{"pagination": {"offset": "8", "limit": 4}}"#).unwrap();
        assert_eq!(second.cut(&rows), [8, 9]);
        assert_eq!(page("{}").unwrap().limit, 100);
        assert_eq!(page(r#"{"pagination": {"limit": 1001}}"#).unwrap_err().id, Some("QUERY-4M0fs"));
    }

    #[test]
    fn says_no_total_behind_the_end() {
        let behind = page(r#"{"pagination": {"offset": 30, "limit": 3}}"#).unwrap();
        assert_eq!(behind.answer("rows", Vec::new(), 17), json!({"pagination": {"appliedLimit": "3"}}));
    }
}
