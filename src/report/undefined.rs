//! Which name of a template is nothing that a report has.

use crate::text::nearest;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};

/// What of line `line` is not there, and what was probably meant; `asked` are the names that the template takes from
/// outside.
pub(super) fn unknown(seen: &impl Serialize, asked: &HashSet<String>, (source, line): (&str, usize)) -> Option<String> {
    let shape = serde_json::to_value(seen).ok()?;
    let known: Vec<&str> = shape.as_object()?.keys().map(String::as_str).collect();
    let text = source.lines().nth(line.checked_sub(1)?)?;
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let unknown = words.into_iter().find(|word| asked.contains(*word) && !known.contains(word))?;
    Some(match nearest(unknown, known.iter().copied()) {
        Some(meant) => format!("there is no `{unknown}`; did you mean `{meant}`?"),
        None => format!("there is no `{unknown}`"),
    })
}
