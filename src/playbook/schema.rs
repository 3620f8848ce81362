//! The JSON Schema of playbooks, made from the raw shape.

use super::raw::Raw;
use schemars::{Schema, generate::SchemaSettings, transform::transform_subschemas};
use serde_json::Value;

/// The JSON Schema (2020-12) of a playbook, for editors; `check` reports every fault it finds, and more.
pub fn schema() -> Value {
    let mut schema = shape();
    for (table, keys) in ONE_OF {
        let node = schema.pointer_mut(&format!("/$defs/{table}")).and_then(Value::as_object_mut);
        let node = node.expect("the raw shape has this table");
        let required: Vec<Value> = keys.iter().map(|key| serde_json::json!({ "required": [key] })).collect();
        node.insert("anyOf".into(), required.into());
    }
    schema
}

/// Of which keys one must be written; a recipe brings along what is missing.
const ONE_OF: &[(&str, &[&str])] = &[("RawLever", &["verify", "attest", "use"]), ("RawComm", &["body", "use"])];

/// The schema without what only an editor needs: `check` says that in better words.
pub(super) fn shape() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize().with_transform(strict as fn(&mut Schema));
    let mut schema = settings.into_generator().into_root_schema_for::<Raw>().to_value();
    let covers = serde_json::json!({
        "description": "The items of its sources that it covers: a source's letter and a number, `A17`.",
        "type": "array",
        "items": { "type": "string" },
    });
    allow_covers(&mut schema);
    let tables = schema.get_mut("$defs").and_then(Value::as_object_mut).expect("the raw shape has tables");
    // Every table of the playbook; those within a call are the call's.
    tables.iter_mut().filter(|(name, _)| name.starts_with("Raw")).for_each(|(_, table)| allow_covers(table));
    tables.insert("Covers".into(), covers);
    schema
}

/// Lets a table say which items of its sources it covers.
fn allow_covers(table: &mut Value) {
    if let Some(keys) = table.get_mut("properties").and_then(Value::as_object_mut) {
        keys.insert("covers".into(), serde_json::json!({ "$ref": "#/$defs/Covers" }));
    }
}

/// Closes every table to unknown keys and drops `null`, which TOML does not have.
fn strict(schema: &mut Schema) {
    transform_subschemas(&mut (strict as fn(&mut Schema)), schema);
    let Some(node) = schema.as_object_mut() else { return };
    if node.contains_key("properties") && !node.contains_key("additionalProperties") {
        node.insert("additionalProperties".into(), false.into());
    }
    if let Some(Value::Array(types)) = node.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            node.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(branches)) = node.get_mut("anyOf") {
        branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(only)] = &branches[..] {
            let only = only.clone();
            node.remove("anyOf");
            node.extend(only);
        }
    }
    node.remove("default");
    // serde refuses what does not fit the Rust type; as `format` nobody would enforce it.
    if let Some(Value::String(format)) = node.remove("format") {
        for (name, least, most) in BOUNDS {
            if *name == format {
                node.insert("minimum".into(), (*least).into());
                node.insert("maximum".into(), (*most).into());
            }
        }
    }
}

/// The integers that playbooks hold, with their bounds.
const BOUNDS: &[(&str, i64, i64)] = &[
    ("uint16", 0, u16::MAX as i64),
    ("int32", i32::MIN as i64, i32::MAX as i64),
    ("uint32", 0, u32::MAX as i64),
    ("uint", 0, i64::MAX),
    ("uint64", 0, i64::MAX),
];
