//! Whether a file has the shape of a playbook: unknown and missing keys, wrong types, each with a hint.
//!
//! What is wrong is reported and then replaced by something harmless of the right shape, so that the rest
//! of the same table is still checked.

use super::schema;
use super::spans::{Document, join, split};
use crate::text::nearest;
use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The schema and its validator: made once, they cost as much as a hundred checks.
static SCHEMA: LazyLock<(Value, jsonschema::Validator)> = LazyLock::new(|| {
    let schema = schema::shape();
    let validator = jsonschema::validator_for(&schema).expect("our own schema is a schema");
    (schema, validator)
});

/// Keys under which people write secrets.
const SECRETS: &[&str] =
    &["password", "passwd", "secret", "credentials", "token", "bearer", "api_key", "apikey", "value"];

/// The keys that refer to a secret instead, and how they are written.
const REFERENCES: &[(&str, &str)] = &[
    ("password_env", "`password_env`"),
    ("password_file", "`password_file`"),
    ("value_env", "`value_env`"),
    ("value_file", "`value_file`"),
    ("bearer_env", "`bearer_env`"),
    ("token_env", "`token_env`"),
    ("token_file", "`token_file`"),
    ("creds_file", "`creds_file`"),
    ("basic", "`basic = { user = \"…\", password_env = \"…\" }`"),
    ("header", "`header = { name = \"…\", value_env = \"…\" }`"),
];

/// One fault of shape.
struct Fault {
    at: String,
    kind: ValidationErrorKind,
    says: String,
}

/// Reports every fault of shape and makes the document sound.
pub(super) fn settle(document: &mut Document<'_>) {
    let (schema, validator) = &*SCHEMA;
    let mut faults = Vec::new();
    for error in validator.iter_errors(&document.value) {
        resolve(error.to_owned(), &mut faults);
    }
    // Unknown keys first: one that is a slip for a required key explains why that one is missing.
    faults.sort_by_key(|fault| !matches!(fault.kind, ValidationErrorKind::AdditionalProperties { .. }));
    for Fault { at, kind, says } in &faults {
        match kind {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                for key in unexpected {
                    unknown_key(document, schema, at, key);
                }
            }
            ValidationErrorKind::Required { property } => {
                missing_key(document, schema, at, property.as_str().unwrap_or_default());
            }
            kind => wrong_value(document, schema, at, kind, says),
        }
    }
}

/// The fault of an error; of a union, the faults of the branch that was meant, if the value's type says which.
fn resolve(error: ValidationError<'static>, faults: &mut Vec<Fault>) {
    let says = error.to_string();
    let parts = error.into_parts();
    let at = parts.instance_path.as_str().to_owned();
    let misfit = |inner: &ValidationError<'_>| {
        matches!(inner.kind(), ValidationErrorKind::Type { .. }) && inner.instance_path().as_str() == at
    };
    match parts.kind {
        ValidationErrorKind::AnyOf { mut context } => {
            match context.iter().position(|branch| !branch.iter().any(misfit)) {
                Some(meant) => context.swap_remove(meant).into_iter().for_each(|inner| resolve(inner, faults)),
                None => faults.push(Fault { at, kind: ValidationErrorKind::AnyOf { context: Vec::new() }, says }),
            }
        }
        kind => faults.push(Fault { at, kind, says }),
    }
}

/// A key that playbooks do not have there.
fn unknown_key(document: &mut Document<'_>, schema: &Value, at: &str, key: &str) {
    let there = join(at, key);
    let known = keys_of(schema, at);
    let meant = nearest(key, known.iter().map(String::as_str)).map(str::to_owned);
    let references = REFERENCES.iter().filter(|(name, _)| known.iter().any(|known| known == name));
    let references: Vec<_> = references.map(|(_, written)| *written).collect();
    let secret = SECRETS.contains(&key.to_ascii_lowercase().as_str()) && !references.is_empty();
    let hint = match (secret, &meant) {
        (true, _) => format!("a secret is never written in a playbook: use {}", references.join(" or ")),
        (false, Some(meant)) => format!("did you mean `{meant}`?"),
        (false, None) if known.is_empty() => String::new(),
        (false, None) => format!("known here: {}", list(&known)),
    };
    document.flaw_of_key(&there, format!("unknown key `{key}`{}", inside(at)), hint);
    if let Some(table) = document.value.pointer_mut(at).and_then(Value::as_object_mut) {
        table.remove(key);
    }
    document.cuts.insert(there);
    if let Some(meant) = meant.map(|meant| join(at, meant)).filter(|meant| document.value.pointer(meant).is_none()) {
        document.cuts.insert(meant);
    }
}

/// A key that must be there and is not.
fn missing_key(document: &mut Document<'_>, schema: &Value, at: &str, key: &str) {
    let there = join(at, key);
    let node = node_at(schema, &there);
    let about = node.and_then(|node| node.get("description")).and_then(Value::as_str).unwrap_or_default();
    let what = format!("`{key}` is missing{}", inside(at));
    let hint = format!("add `{key} = …`: {}", lower_first(about));
    document.flaw(&there, what, hint);
    replace(document, schema, &there, node);
}

/// A value of another type, or outside what is allowed.
fn wrong_value(document: &mut Document<'_>, schema: &Value, at: &str, kind: &ValidationErrorKind, says: &str) {
    let node = node_at(schema, at);
    let wanted = node.map_or_else(|| "something else".into(), wanted);
    let value = document.value.pointer(at).cloned().unwrap_or_default();
    let key = split(at).map_or_else(String::new, |(_, key)| key);
    let about = node.and_then(|node| node.get("description")).and_then(Value::as_str).unwrap_or_default();
    let (what, hint) = match kind {
        ValidationErrorKind::Type { .. } | ValidationErrorKind::AnyOf { .. } => {
            let hint = match &value {
                Value::Number(_) | Value::Bool(_) if wanted == "a text" => format!("put it in quotes: `\"{value}\"`"),
                Value::String(_) if wanted.starts_with("a list") => format!("put it in brackets: `[{value}]`"),
                Value::String(text) if text.parse::<f64>().is_ok() => "write it without quotes".into(),
                _ => about.to_owned(),
            };
            (format!("{} must be {wanted}, and is {}", quote(&key), type_of(&value)), hint)
        }
        ValidationErrorKind::Enum { options } => {
            let known: Vec<_> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let meant = nearest(value.as_str().unwrap_or_default(), known.iter().copied());
            let hint = meant
                .map_or_else(|| format!("known here: {}", list(&known)), |meant| format!("did you mean `{meant}`?"));
            (format!("{value} is no {key}"), hint)
        }
        _ => (format!("{}: {says}", quote(&key)), about.to_owned()),
    };
    document.flaw(at, what, hint);
    replace(document, schema, at, node);
}

/// Puts something harmless of the right shape at `at`, and says no more about it.
fn replace(document: &mut Document<'_>, schema: &Value, at: &str, node: Option<&Value>) {
    let harmless = node.map_or(Value::Null, |node| stand_in(schema, node));
    if let Some(slot) = document.value.pointer_mut(at) {
        *slot = harmless;
    } else if let Some((around, key)) = split(at)
        && let Some(table) = document.value.pointer_mut(around).and_then(Value::as_object_mut)
    {
        table.insert(key, harmless);
    }
    document.cuts.insert(at.into());
}

/// The least value that a schema node allows.
fn stand_in(schema: &Value, node: &Value) -> Value {
    let node = follow(schema, node);
    if let Some(branch) = node.get("anyOf").and_then(|branches| branches.get(0)) {
        return stand_in(schema, branch);
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") => {
            let required =
                node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let known = |key: &str| node.get("properties").and_then(|known| known.get(key));
            let filled = required.filter_map(|key| Some((key.to_owned(), stand_in(schema, known(key)?))));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        Some("array") => Value::Array(Vec::new()),
        Some("integer" | "number") => Value::from(0),
        Some("boolean") => Value::from(false),
        _ => Value::from(""),
    }
}

/// The schema of what stands at `at`.
fn node_at<'s>(schema: &'s Value, at: &str) -> Option<&'s Value> {
    let mut node = schema;
    for key in at.split('/').skip(1) {
        let table = follow(schema, node);
        let branches = table.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        let mut tables = std::iter::once(table).chain(branches.map(|branch| follow(schema, branch)));
        node = tables.find_map(|table| {
            let known = table.get("properties").and_then(|known| known.get(key.replace("~1", "/").replace("~0", "~")));
            let any = || table.get("additionalProperties").filter(|any| any.is_object());
            known.or_else(any).or_else(|| table.get("items"))
        })?;
    }
    Some(node)
}

/// A node behind its reference.
fn follow<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    target.and_then(|to| schema.pointer(to)).map_or(node, |node| follow(schema, node))
}

/// The keys known in the table at `at`.
fn keys_of(schema: &Value, at: &str) -> Vec<String> {
    let Some(node) = node_at(schema, at).map(|node| follow(schema, node)) else { return Vec::new() };
    let branches = node.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let mut tables = std::iter::once(node).chain(branches.map(|branch| follow(schema, branch)));
    let known = tables.find_map(|table| table.get("properties").and_then(Value::as_object));
    known.into_iter().flat_map(Map::keys).cloned().collect()
}

/// What a schema node asks for, in words.
fn wanted(node: &Value) -> String {
    let (schema, _) = &*SCHEMA;
    let node = follow(schema, node);
    if let Some(branches) = node.get("anyOf").and_then(Value::as_array) {
        return branches.iter().map(wanted).collect::<Vec<_>>().join(" or ");
    }
    let word = match node.get("type").and_then(Value::as_str) {
        Some("object") => "a table",
        Some("array") => "a list",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("boolean") => "true or false",
        _ => "a text",
    };
    word.into()
}

/// What a value is, in words.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// Where, for the end of a sentence: in `levers.pointer`, without the numbers of list items.
fn inside(at: &str) -> String {
    let keys: Vec<_> = at.split('/').skip(1).filter(|key| key.parse::<usize>().is_err()).collect();
    if keys.is_empty() { String::new() } else { format!(" in `{}`", keys.join(".")) }
}

/// A key for a sentence; list items have none.
fn quote(key: &str) -> String {
    if key.parse::<usize>().is_ok() { "this".into() } else { format!("`{key}`") }
}

/// Names in backquotes.
fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A description as the end of a sentence.
fn lower_first(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
