//! Compares a recorded answer with the demo's. Times, sequence numbers and tokens are wildcards; ids that the start
//! world does not name are matched one to one; the order of unsorted lists is free.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

/// The origin every recorded server was reached at.
const RECORDED_ORIGIN: &str = "http://localhost:8080";

/// Every recorded time stamp was rewritten to this one.
const RECORDED_TIME: &str = "2026-11-23T12:00:00.000000Z";

/// What is known about the two sides: ids both know, ids paired so far, the origin of the demo.
#[derive(Clone)]
pub(crate) struct Comparison {
    known_ids: HashSet<String>,
    recorded_to_served: HashMap<String, String>,
    origin: String,
}

impl Comparison {
    /// `world` is the text of the start world: every id in it is the same on both sides.
    pub(crate) fn new(world: &str, origin: &str) -> Self {
        let known_ids =
            world.split(|c: char| !c.is_ascii_digit()).filter(|word| is_id(word)).map(str::to_owned);
        Self { known_ids: known_ids.collect(), recorded_to_served: HashMap::new(), origin: origin.to_owned() }
    }

    /// Every path where the two bodies differ, with both values. Ids met for the first time are paired.
    pub(crate) fn differences(&mut self, recorded: &Value, served: &Value, sorted: bool) -> Vec<String> {
        let mut found = Vec::new();
        self.value("", recorded, served, sorted, &mut found);
        found
    }

    fn value(&mut self, path: &str, recorded: &Value, served: &Value, sorted: bool, found: &mut Vec<String>) {
        match (recorded, served) {
            (Value::Object(recorded), Value::Object(served)) => {
                self.object(path, recorded, served, sorted, found);
            }
            (Value::Array(recorded), Value::Array(served)) => {
                if !sorted && recorded.iter().all(Value::is_object) {
                    self.unsorted(path, recorded, served, found);
                } else {
                    self.sorted(path, recorded, served, sorted, found);
                }
            }
            (Value::String(recorded), Value::String(served)) if self.same_text(path, recorded, served) => {}
            (Value::Number(_), Value::Number(_)) if path.ends_with("/updated_at") => {}
            _ if recorded == served => {}
            _ => found.push(format!("{path}: recorded {}, served {}", short(recorded), short(served))),
        }
    }

    fn object(
        &mut self,
        path: &str,
        recorded: &Map<String, Value>,
        served: &Map<String, Value>,
        sorted: bool,
        found: &mut Vec<String>,
    ) {
        for (key, value) in recorded {
            match served.get(key) {
                Some(answer) => self.value(&format!("{path}/{key}"), value, answer, sorted, found),
                None => found.push(format!("{path}/{key}: recorded {}, not served", short(value))),
            }
        }
        for (key, value) in served.iter().filter(|(key, _)| !recorded.contains_key(*key)) {
            found.push(format!("{path}/{key}: not recorded, served {}", short(value)));
        }
    }

    fn sorted(
        &mut self,
        path: &str,
        recorded: &[Value],
        served: &[Value],
        sorted: bool,
        found: &mut Vec<String>,
    ) {
        if recorded.len() != served.len() {
            found.push(format!("{path}: recorded {} rows, served {}", recorded.len(), served.len()));
            let (recorded, served) = (Value::from(recorded.to_vec()), Value::from(served.to_vec()));
            found.push(format!("{path}: recorded {}, served {}", short(&recorded), short(&served)));
            return;
        }
        for (index, (recorded, served)) in recorded.iter().zip(served).enumerate() {
            self.value(&format!("{path}/{index}"), recorded, served, sorted, found);
        }
    }

    /// Pairs each recorded row with an equal served one; rows left on both sides are then compared in order, so
    /// that a single wrong field is named and not the whole row.
    fn unsorted(&mut self, path: &str, recorded: &[Value], served: &[Value], found: &mut Vec<String>) {
        let mut left: Vec<&Value> = served.iter().collect();
        let mut unmatched = Vec::new();
        for (index, row) in recorded.iter().enumerate() {
            let partner = left.iter().enumerate().find_map(|(position, candidate)| {
                let mut attempt = self.clone();
                attempt.differences(row, candidate, false).is_empty().then_some((position, attempt))
            });
            match partner {
                Some((position, attempt)) => {
                    *self = attempt;
                    left.remove(position);
                }
                None => unmatched.push((index, row)),
            }
        }
        let mut rest = left.into_iter();
        for (index, row) in unmatched {
            match rest.next() {
                Some(candidate) => self.value(&format!("{path}/{index}"), row, candidate, false, found),
                None => found.push(format!("{path}/{index}: recorded {}, not served", short(row))),
            }
        }
        found.extend(rest.map(|row| format!("{path}: not recorded, served {}", short(row))));
    }

    fn same_text(&mut self, path: &str, recorded: &str, served: &str) -> bool {
        if path.ends_with("/sequence") {
            return !served.is_empty() && served.bytes().all(|byte| byte.is_ascii_digit());
        }
        if recorded == RECORDED_TIME {
            return served.parse::<jiff::Timestamp>().is_ok();
        }
        if recorded.starts_with('<') && recorded.ends_with('>') {
            return !served.is_empty();
        }
        if is_id(recorded) && !self.known_ids.contains(recorded) {
            return self.pair(recorded, served);
        }
        // The server's JSON parser writes one or the other blank, as it was built.
        recorded.replace(RECORDED_ORIGIN, &self.origin).replace('\u{a0}', " ")
            == served.replace('\u{a0}', " ")
    }

    fn pair(&mut self, recorded: &str, served: &str) -> bool {
        if let Some(partner) = self.recorded_to_served.get(recorded) {
            return partner == served;
        }
        let taken = self.recorded_to_served.values().any(|partner| partner == served);
        if taken || !is_id(served) {
            return false;
        }
        self.recorded_to_served.insert(recorded.to_owned(), served.to_owned());
        true
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(recorded: &Value, served: &Value, sorted: bool) -> Vec<String> {
        Comparison::new(r#""100000000000000001""#, "http://127.0.0.1:1").differences(recorded, served, sorted)
    }

    #[test]
    fn times_sequences_tokens_and_origins_are_free_but_must_have_their_shape() {
        let recorded = json!({"sequence": "5", "creationDate": RECORDED_TIME, "token": "<t>", "issuer": RECORDED_ORIGIN});
        let served = json!({"sequence": "77", "creationDate": "2020-01-01T00:00:00Z", "token": "x", "issuer": "http://127.0.0.1:1"});
        assert_eq!(differences(&recorded, &served, true), Vec::<String>::new());
        let served =
            json!({"sequence": "a", "creationDate": "yesterday", "token": "", "issuer": "http://other"});
        assert_eq!(differences(&recorded, &served, true).len(), 4);
    }

    #[test]
    fn an_unlisted_id_always_means_the_same_served_id() {
        let recorded =
            json!({"a": "200000000000000017", "b": "200000000000000017", "c": "100000000000000001"});
        let same = json!({"a": "341234567890123456", "b": "341234567890123456", "c": "100000000000000001"});
        let mixed = json!({"a": "341234567890123456", "b": "341234567890123457", "c": "100000000000000002"});
        assert_eq!(differences(&recorded, &same, true), Vec::<String>::new());
        assert_eq!(differences(&recorded, &mixed, true).len(), 2);
    }

    #[test]
    fn only_unsorted_lists_may_change_their_order() {
        let recorded = json!({"result": [{"id": "1"}, {"id": "2"}], "roles": ["A", "B"]});
        let other_order = json!({"result": [{"id": "2"}, {"id": "1"}], "roles": ["A", "B"]});
        let other_roles = json!({"result": [{"id": "1"}, {"id": "2"}], "roles": ["B", "A"]});
        assert_eq!(differences(&recorded, &other_order, false), Vec::<String>::new());
        assert_ne!(differences(&recorded, &other_order, true), Vec::<String>::new());
        assert_ne!(differences(&recorded, &other_roles, false), Vec::<String>::new());
    }

    #[test]
    fn missing_and_additional_fields_and_rows_are_differences() {
        let recorded = json!({"details": {"totalResult": "1"}, "result": [{"id": "1"}]});
        let served = json!({"details": {}, "result": [{"id": "1"}, {"id": "1"}], "more": true});
        assert_eq!(differences(&recorded, &served, false).len(), 3);
    }
}
