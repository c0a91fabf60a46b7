//! Holds a document to a JSON schema, as far as those in `docs/schema` go: `$ref`, `type`, `const`, `enum`,
//! `properties`, `required`, `additionalProperties: false` and `items`.

use serde_json::Value;

/// What a document has that its schema does not allow; empty where it fits.
pub(crate) fn complaints(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, document, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        match root.pointer(pointer) {
            Some(schema) => check(root, schema, value, path, found),
            None => found.push(format!("{path}: the schema has no {reference}")),
        }
        return;
    }
    let types = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(only)) => vec![only.as_str()],
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.contains(&kind(value)) {
        found.push(format!("{path}: {value} is no {types:?}"));
        return;
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{path}: {value} is not {}", schema["const"]));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|all| !all.contains(value)) {
        found.push(format!("{path}: {value} is none of {}", schema["enum"]));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (place, value) in values.iter().enumerate() {
            check(root, items, value, &format!("{path}[{place}]"), found);
        }
    }
    if let Some(fields) = value.as_object() {
        check_fields(root, schema, fields, path, found);
    }
}

fn check_fields(
    root: &Value,
    schema: &Value,
    fields: &serde_json::Map<String, Value>,
    path: &str,
    found: &mut Vec<String>,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if required.as_str().is_some_and(|name| !fields.contains_key(name)) {
            found.push(format!("{path}: {required} is missing"));
        }
    }
    for (name, value) in fields {
        match properties.and_then(|properties| properties.get(name)) {
            Some(schema) => check(root, schema, value, &format!("{path}.{name}"), found),
            None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                found.push(format!("{path}: {name} is not described"));
            }
            None => {}
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = serde_json::json!({
        "type": "object", "additionalProperties": false, "required": ["rows", "kind"],
        "properties": { "kind": { "const": "x" }, "rows": { "type": "array", "items": { "$ref": "#/$defs/row" } } },
        "$defs": { "row": { "type": ["string", "null"], "enum": ["a", null] } },
    });
    assert!(complaints(&schema, &serde_json::json!({ "kind": "x", "rows": ["a", null] })).is_empty());
    let wrong = serde_json::json!({ "kind": "y", "rows": ["b", 1], "more": 1 });
    assert_eq!(complaints(&schema, &wrong).len(), 4, "{:?}", complaints(&schema, &wrong));
    assert_eq!(complaints(&schema, &serde_json::json!({ "kind": "x" })).len(), 1);
}
