//! What the JSON of all services has in common: values that are tolerated in any shape, list details, paging and text
//! filters. Rules: CONTRACT.md section 4. May use `domain`.

use std::fmt;

use jiff::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::domain::text::SafeText;

/// The most rows that any server gives in one page (CONTRACT.md section 4).
pub const MAX_LIMIT: u32 = 1000;
/// The longest search text that the servers take; longer ones are refused with 400.
const MAX_SEARCH_TEXT: usize = 200;

/// One value of whatever kind. 64-bit integers come as text or as numbers, enumeration values of a newer server as
/// text or as numbers, zero values not at all; none of it may fail a whole list. Lists and objects count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scalar(String);

impl Scalar {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_true(&self) -> bool {
        self.0 == "true"
    }

    pub(super) fn text(&self) -> SafeText {
        SafeText::new(&self.0)
    }

    /// The text, or none where there is nothing.
    pub(super) fn some_text(&self) -> Option<SafeText> {
        (!self.is_empty()).then(|| self.text())
    }

    pub(super) fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    pub(super) fn time(&self) -> Option<Timestamp> {
        self.0.parse().ok()
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar(value))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Scalar, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Scalar, A::Error> {
        while values.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }
}

/// For fields that may be `null` as well as absent.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The details of a list or of one row.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Details {
    pub(super) total_result: Scalar,
    pub(super) creation_date: Scalar,
    pub(super) change_date: Scalar,
    pub(super) resource_owner: Scalar,
}

/// `{"details":…,"result":[…]}`; both are absent where there is nothing.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct List<T> {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) details: Details,
    #[serde(default = "Vec::new", deserialize_with = "or_default", alias = "roles")]
    pub(super) result: Vec<T>,
}

impl<T> List<T> {
    pub(super) fn total(&self) -> Option<u64> {
        self.details.total_result.number()
    }
}

/// `{"pagination":{"totalResult":…}}`: how a list of v2 was cut.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Pagination {
    pub(super) total_result: Scalar,
}

/// The body of a search: one page in ascending order, with a limit that every server takes.
pub(super) fn search_body(offset: u64, limit: u32, sorting: Option<&str>, queries: Vec<Value>) -> Value {
    let limit = limit.clamp(1, MAX_LIMIT);
    let mut body = json!({"query": {"offset": offset.to_string(), "limit": limit, "asc": true}});
    if let Value::Object(fields) = &mut body {
        if let Some(column) = sorting {
            fields.insert("sortingColumn".to_owned(), Value::from(column));
        }
        if !queries.is_empty() {
            fields.insert("queries".to_owned(), Value::Array(queries));
        }
    }
    body
}

/// A filter `{"nameQuery":{"name":text,"method":…}}` for text that contains `text`, ignoring case.
pub(super) fn contains(filter: &str, field: &str, text: &str) -> Value {
    text_filter(filter, field, text, "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE")
}

/// The same for text that equals `text`, ignoring case.
pub(super) fn equals_ignoring_case(filter: &str, field: &str, text: &str) -> Value {
    text_filter(filter, field, text, "TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE")
}

fn text_filter(filter: &str, field: &str, text: &str, method: &str) -> Value {
    let text: String = text.chars().take(MAX_SEARCH_TEXT).collect();
    json!({ filter: { field: text, "method": method } })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::text(r#""5""#, "5")]
    #[case::number("5", "5")]
    #[case::negative("-5", "-5")]
    #[case::yes("true", "true")]
    #[case::null("null", "")]
    #[case::list(r#"["a",{"b":1}]"#, "")]
    #[case::object(r#"{"a":[1]}"#, "")]
    fn a_value_of_any_kind_is_read(#[case] json: &str, #[case] read: &str) {
        assert_eq!(serde_json::from_str::<Scalar>(json).expect("tolerated").as_str(), read);
    }

    #[rstest]
    #[case::nothing("{}", None, 0)]
    #[case::nulls(r#"{"details":null,"result":null}"#, None, 0)]
    #[case::empty(r#"{"details":{"viewTimestamp":"2026-01-01T00:00:00Z"}}"#, None, 0)]
    #[case::total_as_text(r#"{"details":{"totalResult":"7"},"result":["A"]}"#, Some(7), 1)]
    #[case::total_as_number(r#"{"details":{"totalResult":7},"result":["A","B"]}"#, Some(7), 2)]
    #[case::roles(r#"{"roles":["A","B"],"details":{}}"#, None, 2)]
    fn lists_tolerate_what_is_absent(#[case] json: &str, #[case] total: Option<u64>, #[case] rows: usize) {
        let list: List<Scalar> = serde_json::from_str(json).expect("tolerated");
        assert_eq!((list.total(), list.result.len()), (total, rows));
    }

    #[test]
    fn a_search_always_has_a_limit_that_every_server_takes() {
        let body = search_body(0, 5000, None, Vec::new());
        assert_eq!(body, json!({"query":{"offset":"0","limit":1000,"asc":true}}));
        assert_eq!(search_body(0, 0, None, Vec::new())["query"]["limit"], 1);
    }

    #[test]
    fn long_search_texts_are_cut_to_what_the_server_takes() {
        let filter = contains("nameQuery", "name", &"é".repeat(500));
        assert_eq!(filter["nameQuery"]["name"].as_str().map(|text| text.chars().count()), Some(200));
    }
}
