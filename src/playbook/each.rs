//! From one table with `each` to one table for each of its values: written once, checked and flown one by one.

use super::Id;
use super::spans::{Document, join};
use crate::kind::BackendTable;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One name and the values it stands for: `{ region = ["eu", "us"] }`.
pub(super) type Each = IndexMap<String, Vec<String>>;

/// Where calls go; exactly one kind.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawBackend {
    /// One of these for each value, `${name}` filled in: `{ region = ["eu", "us"] }` makes `NAME-eu` and `NAME-us`.
    #[serde(default, rename = "each")]
    pub(super) _each: Each,
    /// What it is.
    #[serde(flatten)]
    pub(super) table: BackendTable,
}

/// The rooms whose tables may say `each`.
const ROOMS: &[&str] = &["backends", "probes", "metrics", "levers", "debts"];

/// Where lists of names stand, `*` for any key or place, and the room that they name things of. There the name of a
/// table with `each` stands for all that it became.
const LISTS: &[(&str, &str)] = &[
    ("/symptoms/*/when", "metrics"),
    ("/symptoms/*/any", "metrics"),
    ("/symptoms/*/unless", "metrics"),
    ("/symptoms/*/levers", "levers"),
    ("/steps/*/pick", "levers"),
    ("/steps/*/levers", "levers"),
    ("/steps/*/sequence", "levers"),
    ("/steps/*/wait/exits", "metrics"),
    ("/steps/*/capture/metrics", "metrics"),
    ("/steps/*/capture/probes", "probes"),
    ("/levers/*/verify/probes", "probes"),
];

/// Puts the tables that are meant in the place of every `each`; what cannot be is reported and taken out.
pub(super) fn expand(document: &mut Document<'_>) {
    for room in ROOMS {
        let room_at = join("", room);
        let tables = document.value.pointer(&room_at).and_then(Value::as_object);
        let named = tables.into_iter().flatten().filter(|(_, table)| table.get("each").is_some());
        let keys: Vec<String> = named.map(|(key, _)| key.clone()).collect();
        for key in keys {
            if expand_one(document, &room_at, &key).is_none() {
                document.cuts.insert(join(&room_at, &key));
            }
        }
    }
    for (pattern, room) in LISTS {
        for at in matching(&document.value, pattern) {
            name_all(document, &at, room);
        }
    }
    for profile in matching(&document.value, "/profiles/*/metrics") {
        limit_all(document, &profile);
    }
}

/// `None` when something was reported.
fn expand_one(document: &mut Document<'_>, room: &str, key: &str) -> Option<()> {
    let at = join(room, key);
    let each_at = join(&at, "each");
    // What is wrong with its shape was said.
    if document.is_cut(&each_at) {
        return None;
    }
    let mut table = document.value.pointer(&at)?.as_object()?.clone();
    let (name, values) = one_name(document, &each_at, &table.remove("each")?)?;
    let mut members = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let place = join(&join(&each_at, &name), i);
        let id = format!("{key}-{value}");
        let why = if values[..i].contains(value) {
            Some(format!("`{value}` stands here twice"))
        } else if document.value.pointer(&join(room, &id)).is_some() {
            Some(format!("`{id}` is there already"))
        } else {
            Id::new(&id).err().map(|why| format!("this makes `{id}`: {why}"))
        };
        if let Some(why) = why {
            document.flaw(&place, why, "each value makes a name of its own: a-z, 0-9 and `-`");
            return None;
        }
        members.push((id, filled(&Value::Object(table.clone()), &format!("${{{name}}}"), value)));
    }
    let tables = document.value.pointer_mut(room)?.as_object_mut()?;
    tables.remove(key);
    for (rank, (id, table)) in members.into_iter().enumerate() {
        document.value.pointer_mut(room)?.as_object_mut()?.insert(id.clone(), table);
        document.comes_from(join(room, &id), at.clone(), rank);
    }
    Some(())
}

/// The one name of an `each`, and its values.
fn one_name(document: &mut Document<'_>, at: &str, each: &Value) -> Option<(String, Vec<String>)> {
    let names = each.as_object()?;
    let [(name, values)] = &names.iter().collect::<Vec<_>>()[..] else {
        document.flaw(
            at,
            format!("`each` has {} names", names.len()),
            "write one: `each = { region = [\"eu\", \"us\"] }`",
        );
        return None;
    };
    let values: Vec<String> = values.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if values.is_empty() {
        document.flaw(&join(at, name), format!("`{name}` has no values"), "write at least one");
        return None;
    }
    Some(((*name).clone(), values))
}

/// A value with `hole` filled in all its texts.
fn filled(value: &Value, hole: &str, with: &str) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace(hole, with)),
        Value::Array(items) => items.iter().map(|item| filled(item, hole, with)).collect(),
        Value::Object(table) => {
            Value::Object(table.iter().map(|(key, item)| (key.clone(), filled(item, hole, with))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The pointers that fit a pattern.
fn matching(value: &Value, pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in pattern.split('/').skip(1) {
        found = found.iter().flat_map(|at| children(value, at, part)).collect();
    }
    found
}

fn children(value: &Value, at: &str, part: &str) -> Vec<String> {
    match (value.pointer(at), part) {
        (Some(Value::Object(table)), "*") => table.keys().map(|key| join(at, key)).collect(),
        (Some(Value::Array(items)), "*") => (0..items.len()).map(|i| join(at, i)).collect(),
        (Some(Value::Object(table)), key) if table.contains_key(key) => vec![join(at, key)],
        (_, _) => Vec::new(),
    }
}

/// Puts what a table with `each` became in the place of its name in the list at `at`.
fn name_all(document: &mut Document<'_>, at: &str, room: &str) {
    let Some(written) = document.value.pointer(at).and_then(Value::as_array).cloned() else { return };
    let mut names = Vec::new();
    let mut stands_for_others = false;
    for (i, name) in written.iter().enumerate() {
        let members = name.as_str().map(|name| document.members(&join(&join("", room), name))).unwrap_or_default();
        stands_for_others |= !members.is_empty();
        let all = if members.is_empty() { vec![name.clone()] } else { members.into_iter().map(Value::from).collect() };
        names.extend(all.into_iter().map(|name| (i, name)));
    }
    if !stands_for_others {
        return;
    }
    for (place, (i, _)) in names.iter().enumerate() {
        document.comes_from(join(at, place), join(at, i), 0);
    }
    if let Some(list) = document.value.pointer_mut(at) {
        *list = names.into_iter().map(|(_, name)| name).collect();
    }
}

/// A profile's limits of a metric with `each` are those of all that it became, unless one has its own.
fn limit_all(document: &mut Document<'_>, at: &str) {
    let Some(written) = document.value.pointer(at).and_then(Value::as_object).cloned() else { return };
    let mut limits = Map::new();
    for (key, table) in &written {
        let members = document.members(&join("/metrics", key));
        if members.is_empty() {
            limits.insert(key.clone(), table.clone());
        }
        for id in members.into_iter().filter(|id| !written.contains_key(id)) {
            document.comes_from(join(at, &id), join(at, key), 0);
            limits.insert(id, table.clone());
        }
    }
    if let Some(slot) = document.value.pointer_mut(at) {
        *slot = Value::Object(limits);
    }
}
