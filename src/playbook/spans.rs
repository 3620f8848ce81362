//! TOML as JSON, with the place in the file of every key and value.

use super::Flaw;
use serde_json::{Map, Number, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use toml::de::{DeTable, DeValue};

/// The longest playbook read, in bytes.
const BYTES_MAX: usize = 1 << 20;

/// The pointer of `key` in the table or array at `at` (RFC 6901).
pub(super) fn join(at: &str, key: impl std::fmt::Display) -> String {
    format!("{at}/{}", key.to_string().replace('~', "~0").replace('/', "~1"))
}

/// The pointer of the table around `at` and the key in it; `None` for the root.
pub(super) fn split(at: &str) -> Option<(&str, String)> {
    at.rsplit_once('/').map(|(around, key)| (around, key.replace("~1", "/").replace("~0", "~")))
}

/// A file that is TOML: its values by JSON pointer, and their places.
pub(super) struct Document<'a> {
    /// The file's text.
    pub(super) text: &'a str,
    /// Its values.
    pub(super) value: Value,
    /// What was taken out because it is wrong and reported: nothing more is said about these.
    pub(super) cuts: BTreeSet<String>,
    /// What is wrong so far.
    pub(super) flaws: Vec<Flaw>,
    keys: BTreeMap<String, Range<usize>>,
    values: BTreeMap<String, Range<usize>>,
    /// What stands at these places was written elsewhere: where, and as which of its kind.
    origins: BTreeMap<String, (String, usize)>,
}

impl<'a> Document<'a> {
    /// Reads TOML; all its syntax errors, one per line.
    pub(super) fn read(text: &'a str) -> Result<Self, Vec<Flaw>> {
        if text.len() > BYTES_MAX {
            return Err(vec![Flaw::new(text, 0..0, "the file is larger than 1 MiB", "a playbook is a few pages")]);
        }
        let (root, errors) = DeTable::parse_recoverable(text);
        let place = |error: &toml::de::Error| error.span().unwrap_or(text.len()..text.len());
        let mut flaws: Vec<_> = errors.iter().map(|error| Flaw::new(text, place(error), plain(error), "")).collect();
        // One slip makes the parser stumble several times in the same line.
        flaws.sort_by_key(|flaw| flaw.span.start);
        flaws.dedup_by_key(|flaw| flaw.line);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let (keys, values) = (BTreeMap::new(), BTreeMap::new());
        let mut document =
            Self { text, value: Value::Null, cuts: BTreeSet::new(), flaws, keys, values, origins: BTreeMap::new() };
        document.value = document.table("", root.get_ref());
        Ok(document)
    }

    /// A table's values.
    fn table(&mut self, at: &str, table: &DeTable<'_>) -> Value {
        let mut map = Map::new();
        for (key, value) in table {
            let at = join(at, key.get_ref());
            self.keys.insert(at.clone(), key.span());
            map.insert(key.get_ref().to_string(), self.convert(&at, value.get_ref(), value.span()));
        }
        Value::Object(map)
    }

    /// One value; `null` (and a flaw) for what playbooks cannot hold.
    fn convert(&mut self, at: &str, value: &DeValue<'_>, span: Range<usize>) -> Value {
        self.values.insert(at.into(), span);
        let converted = match value {
            DeValue::String(text) => Some(Value::from(&**text)),
            DeValue::Boolean(flag) => Some(Value::from(*flag)),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::from),
            DeValue::Float(number) => number.as_str().parse().ok().and_then(Number::from_f64).map(Value::from),
            DeValue::Datetime(_) => None,
            DeValue::Table(table) => Some(self.table(at, table)),
            DeValue::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(i, item)| self.convert(&join(at, i), item.get_ref(), item.span()));
                Some(items.collect())
            }
        };
        if converted.is_none() {
            let (what, hint) = match value {
                DeValue::Datetime(_) => ("a date has no use here", "write a text in quotes"),
                _ => ("this number is too large or no number", ""),
            };
            self.flaw(at, what, hint);
            self.cuts.insert(at.into());
        }
        converted.unwrap_or_default()
    }

    /// Notes that what stands at `at` was written at `origin`, from which several are made; this is the `rank`-th.
    pub(super) fn comes_from(&mut self, at: String, origin: String, rank: usize) {
        self.origins.insert(at, (origin, rank));
    }

    /// The keys of the tables that were made of the one written at `origin`, in their order.
    pub(super) fn members(&self, origin: &str) -> Vec<String> {
        let made = self.origins.iter().filter(|(_, (from, _))| from == origin);
        let mut made: Vec<_> = made.filter_map(|(at, (_, rank))| Some((*rank, split(at)?.1))).collect();
        made.sort();
        made.into_iter().map(|(_, key)| key).collect()
    }

    /// Where what stands at `at` was written, if that is elsewhere.
    pub(super) fn origin(&self, at: &str) -> Option<String> {
        let mut around = at;
        loop {
            if let Some((from, _)) = self.origins.get(around) {
                return Some(format!("{from}{}", &at[around.len()..]));
            }
            around = around.rsplit_once('/').map(|(around, _)| around)?;
        }
    }

    /// Where the key at `at` stands among others: its place in the file, then its rank among those made of one table.
    pub(super) fn place(&self, at: &str) -> (usize, usize) {
        let rank = self.origins.get(at).map_or(0, |(_, rank)| *rank);
        (self.key_span(at).start, rank)
    }

    /// Whether something wrong at `at`, or around it, has been reported and taken out; there or where it was written.
    pub(super) fn is_cut(&self, at: &str) -> bool {
        self.is_cut_here(at) || self.origin(at).is_some_and(|origin| self.is_cut_here(&origin))
    }

    fn is_cut_here(&self, at: &str) -> bool {
        let mut around = Some(at);
        while let Some(here) = around {
            if self.cuts.contains(here) {
                return true;
            }
            around = here.rsplit_once('/').map(|(around, _)| around);
        }
        false
    }

    /// Whether something directly in the table at `at` has been reported and taken out.
    pub(super) fn has_cut_child(&self, at: &str) -> bool {
        let below = |cut: &String, at: &str| cut.strip_prefix(at).is_some_and(|rest| rest.rfind('/') == Some(0));
        let origin = self.origin(at);
        self.cuts.iter().any(|cut| below(cut, at) || origin.as_ref().is_some_and(|origin| below(cut, origin)))
    }

    /// Reports the value at `at`; a table by its name.
    pub(super) fn flaw(&mut self, at: &str, what: impl AsRef<str>, hint: impl AsRef<str>) {
        let is_table = self.value.pointer(at).is_some_and(Value::is_object);
        let span = if is_table { self.key_span(at) } else { self.value_span(at) };
        self.report(at, span, what.as_ref(), hint.as_ref());
    }

    /// Reports the key at `at`.
    pub(super) fn flaw_of_key(&mut self, at: &str, what: impl AsRef<str>, hint: impl AsRef<str>) {
        let span = self.key_span(at);
        self.report(at, span, what.as_ref(), hint.as_ref());
    }

    fn report(&mut self, at: &str, span: Range<usize>, what: &str, hint: &str) {
        // What is made of one table many times over is wrong once.
        let told = self.origin(at).is_some() && self.flaws.iter().any(|flaw| flaw.span == span);
        if !self.is_cut(at) && !told {
            self.flaws.push(Flaw::new(self.text, span, what, hint));
        }
    }

    /// The place of a key; of the nearest thing around it when it has none.
    pub(super) fn key_span(&self, at: &str) -> Range<usize> {
        let origin = self.origin(at);
        let mut around = Some(origin.as_deref().unwrap_or(at));
        while let Some(here) = around {
            if let Some(span) = self.keys.get(here).or_else(|| self.values.get(here)) {
                return span.clone();
            }
            around = here.rsplit_once('/').map(|(around, _)| around);
        }
        0..0
    }

    fn value_span(&self, at: &str) -> Range<usize> {
        let origin = self.origin(at);
        self.values.get(origin.as_deref().unwrap_or(at)).cloned().unwrap_or_else(|| self.key_span(at))
    }
}

/// What a syntax error says; the parser calls a value that is not there one without quotes.
fn plain(error: &toml::de::Error) -> &str {
    let empty = error.span().is_some_and(|span| span.is_empty());
    if empty && error.message().starts_with("string values must be quoted") {
        "a value is missing"
    } else {
        error.message()
    }
}
