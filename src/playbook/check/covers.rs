//! Which items of its sources a playbook covers: `covers = ["A17"]` on any of its tables.

use super::Desk;
use crate::playbook::spans::join;
use serde_json::Value;
use std::collections::BTreeSet;

/// The key that names them.
const KEY: &str = "covers";
/// Tables whose keys are the author's own.
const NOT_OURS: &[&str] = &["with", "recipes", "files"];

impl Desk<'_> {
    /// The items of all tables; what is no item is reported.
    pub(super) fn covers(&mut self) -> BTreeSet<String> {
        let mut named = Vec::new();
        gather("", &self.document.value, &mut named);
        for (at, item) in &named {
            let twice = named.iter().any(|(other, same)| same == item && is_earlier_in_list(other, at));
            if !is_item(item) {
                let hint = "write the letter of its source and its number: `A17`";
                self.flaw(at, format!("`{item}` is no item of a source"), hint);
            } else if twice {
                self.flaw(at, format!("`{item}` is named twice"), "take one out");
            }
        }
        named.into_iter().map(|(_, item)| item).collect()
    }
}

/// Every item with its place, in this table and in those within.
fn gather(at: &str, value: &Value, named: &mut Vec<(String, String)>) {
    match value {
        Value::Object(table) => {
            for (key, value) in table.iter().filter(|(key, _)| !NOT_OURS.contains(&key.as_str())) {
                let at = join(at, key);
                match value {
                    Value::Array(items) if key == KEY => {
                        let items = items.iter().enumerate();
                        named.extend(items.filter_map(|(n, item)| Some((join(&at, n), item.as_str()?.to_owned()))));
                    }
                    value => gather(&at, value, named),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| gather(&join(at, place), item, named));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether both stand in one list, `other` before `at`.
fn is_earlier_in_list(other: &str, at: &str) -> bool {
    let split = |at: &str| at.rsplit_once('/').and_then(|(list, n)| Some((list.to_owned(), n.parse::<usize>().ok()?)));
    split(other).zip(split(at)).is_some_and(|((one, earlier), (same, later))| one == same && earlier < later)
}

/// `A17`: a capital letter and a number.
fn is_item(item: &str) -> bool {
    let mut letters = item.chars();
    let letter = letters.next().is_some_and(|c| c.is_ascii_uppercase());
    let number = letters.as_str();
    letter && !number.starts_with('0') && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}
