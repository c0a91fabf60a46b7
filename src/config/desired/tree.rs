//! TOML and JSON as one tree whose values know where they stand.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it starts, in bytes.
pub(super) struct Node {
    pub(super) place: usize,
    pub(super) value: Value,
}

/// What a value is.
pub(super) enum Value {
    Text(String),
    Truth(bool),
    Number(String),
    List(Vec<Node>),
    Table(Vec<(String, usize, Node)>),
    Other,
}

/// Where a text is no TOML or no JSON, and why.
pub(super) type Mistake = (usize, String);

/// Reads JSON where the text starts with `{`, else TOML.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    if text.trim_start().starts_with('{') {
        let raw = serde_json::from_str(text).map_err(|error| json_mistake(text, &error))?;
        return from_json(raw, text);
    }
    let document = DeTable::parse(text).map_err(|error| {
        let place: Range<usize> = error.span().unwrap_or(0..0);
        (place.start, error.message().to_owned())
    })?;
    Ok(Node { place: 0, value: table(document.get_ref()) })
}

fn table(entries: &DeTable<'_>) -> Value {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (name.to_string(), key.span().start, from_toml(value))
    };
    Value::Table(entries.iter().map(entry).collect())
}

fn from_toml(value: &Spanned<DeValue<'_>>) -> Node {
    let found = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(from_toml).collect()),
        DeValue::Table(entries) => table(entries),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
    };
    Node { place: value.span().start, value: found }
}

/// The raw parts are borrowed from the text, so that their addresses tell where they stand.
fn from_json(raw: &RawValue, text: &str) -> Result<Node, Mistake> {
    let own = raw.get();
    let place = (own.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let torn = |error: serde_json::Error| (place, error.to_string());
    let value = match own.as_bytes().first() {
        Some(b'{') => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(own).map_err(torn)?;
            let entry = |(name, raw)| from_json(raw, text).map(|node| (name, node.place, node));
            Value::Table(entries.into_iter().map(entry).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(own).map_err(torn)?;
            Value::List(items.into_iter().map(|raw| from_json(raw, text)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::Text(serde_json::from_str(own).map_err(torn)?),
        Some(b't') => Value::Truth(true),
        Some(b'f') => Value::Truth(false),
        Some(b'0'..=b'9') => Value::Number(own.to_owned()),
        _ => Value::Other,
    };
    Ok(Node { place, value })
}

fn json_mistake(text: &str, error: &serde_json::Error) -> Mistake {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line_start: usize = before.map(str::len).sum();
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default().to_owned();
    (line_start + error.column().saturating_sub(1), why)
}
