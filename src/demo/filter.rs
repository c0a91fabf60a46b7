//! Filters of lists: text comparison with its methods, and the objects of which exactly one key may be set
//! (CONTRACT.md section 4).

use serde_json::Value;

use super::message::{Json, Part};
use super::refusal::Refusal;

/// How a text is compared; `%` and `_` mean themselves.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    method: Method,
    ignore_case: bool,
    wanted: String,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Equals,
    StartsWith,
    Contains,
    EndsWith,
}

impl Matcher {
    /// Reads the method from the same object; an unknown or absent one means equality.
    pub(super) fn new(wanted: &str, method: &str) -> Self {
        let name = method.strip_prefix("TEXT_QUERY_METHOD_").unwrap_or(method);
        let (name, ignore_case) =
            name.strip_suffix("_IGNORE_CASE").map_or((name, false), |plain| (plain, true));
        let method = match name {
            "STARTS_WITH" => Method::StartsWith,
            "CONTAINS" => Method::Contains,
            "ENDS_WITH" => Method::EndsWith,
            _ => Method::Equals,
        };
        let wanted = if ignore_case { wanted.to_lowercase() } else { wanted.to_owned() };
        Self { method, ignore_case, wanted }
    }

    /// Whether this text is wanted.
    pub(super) fn matches(&self, text: &str) -> bool {
        if !self.ignore_case {
            return self.compare(text);
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
            self.compare(&text.to_lowercase())
        } else {
            self.compare(text)
        }
    }

    fn compare(&self, text: &str) -> bool {
        match self.method {
            Method::Equals => text == self.wanted,
            Method::StartsWith => text.starts_with(&self.wanted),
            Method::Contains => text.contains(&self.wanted),
            Method::EndsWith => text.ends_with(&self.wanted),
        }
    }
}

/// The names a filter's messages go by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    /// The request, as in `ListUsersRequest`.
    pub(super) request: &'static str,
    /// The full name of the filter type, as in `zitadel.user.v2.SearchQuery`.
    pub(super) filter: &'static str,
}

/// One filter object: its key and what stands under it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) key: &'static str,
    pub(super) part: Part<'a>,
}

impl Naming {
    /// Finds the one key of a filter object.
    ///
    /// # Errors
    /// Two keys, and none that the server knows (recordings `users/v2-two-keys-in-query`).
    pub(super) fn choose<'a>(
        self,
        json: &Json,
        filter: &'a Value,
        known: &[&'static str],
    ) -> Result<Choice<'a>, Refusal> {
        let fields = Part(filter.as_object());
        let mut found = known.iter().copied().filter(|key| fields.get(key).is_some());
        let Some(key) = found.next() else {
            let short = self.short();
            return Err(Refusal::invalid(format!("invalid {short}.Query: value is required")));
        };
        if let Some(other) = found.next() {
            let here = |key| (json.place_of(key), key);
            let ((line, column), key) = here(key).max(here(other));
            let full = self.filter;
            return Err(Refusal::invalid(format!(
                "proto: (line {line}:{column}): error parsing \"{key}\", oneof {full}.query is already set"
            )));
        }
        Ok(Choice { key, part: fields.part(key) })
    }

    /// A text of a filter, which must have 1 to 200 characters (recordings `users/v2-empty-text`).
    pub(super) fn text(self, choice: Choice<'_>, field: &str) -> Result<Matcher, Refusal> {
        let wanted = choice.part.text(field);
        if (1..=200).contains(&wanted.chars().count()) {
            return Ok(Matcher::new(wanted, choice.part.text("method")));
        }
        let (query, field, short) = (upper(choice.key), upper(field), self.short());
        Err(Refusal::invalid(format!(
            "invalid {short}.{query}: embedded message failed validation | caused by: invalid {query}.{field}: value \
             length must be between 1 and 200 runes, inclusive"
        )))
    }

    /// Says in which filter of the request something is wrong; parse errors stay as they are.
    pub(super) fn within(self, index: usize, refusal: Refusal) -> Refusal {
        if refusal.text.starts_with("proto:") {
            return refusal;
        }
        let (request, text) = (self.request, refusal.text);
        Refusal::invalid(format!(
            "invalid {request}.Queries[{index}]: embedded message failed validation | caused by: {text}"
        ))
    }

    /// The filter type without its package.
    pub(super) fn short(self) -> &'static str {
        self.filter.rsplit('.').next().unwrap_or(self.filter)
    }
}

/// A field name as validation messages spell it.
pub(super) fn upper(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE", "GLO", "Globex", true)]
    #[case("TEXT_QUERY_METHOD_CONTAINS", "GLO", "Globex", false)]
    #[case("TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE", "ä", "Älter", true)]
    #[case("TEXT_QUERY_METHOD_ENDS_WITH", "bex", "Globex", true)]
    #[case("", "Globex", "Globex", true)]
    #[case("TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE", "%", "Globex", false)]
    fn compares_texts(#[case] method: &str, #[case] wanted: &str, #[case] text: &str, #[case] matches: bool) {
        assert_eq!(Matcher::new(wanted, method).matches(text), matches);
    }
}
