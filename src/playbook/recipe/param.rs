//! Parameters: whether what a playbook says fits, and how it gets into a recipe's texts.

use super::{Param, Recipe};
use crate::kind::{KINDS, escape_json, escape_url};
use base64::{Engine, engine::general_purpose::STANDARD};
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What each parameter of a recipe is.
pub(in crate::playbook) type Values = BTreeMap<String, Value>;

/// What a parameter may be; everything else is a kind of backend.
const SHAPES: &[&str] = &["text", "number", "texts", "probe", "value"];

/// What a text is made of before it stands where only such a text may: `@{name|json}`.
const ESCAPES: &[(&str, Escape)] = &[
    ("json", escape_json),
    ("url", escape_url),
    ("regex", |text| regex::escape(text)),
    ("base64", |text| STANDARD.encode(text)),
    // One step of a JSON pointer (RFC 6901, 3).
    ("pointer", |text| text.replace('~', "~0").replace('/', "~1")),
];

type Escape = fn(&str) -> String;

/// Always known: the lever or message that uses the recipe, so that a default can name one of the recipe's probes.
const OWNER: &str = "owner";

impl Param {
    /// What it is: `text`, `number`, `texts`, `probe`, `value`, or a kind of backend.
    pub fn shape(&self) -> &str {
        self.is.as_deref().unwrap_or("text")
    }

    /// The kind of backend it names, if it names one.
    pub fn backend_kind(&self) -> Option<&'static str> {
        KINDS.iter().map(|row| row.name).find(|kind| *kind == self.shape())
    }

    /// Why this recipe's author cannot mean it.
    pub(in crate::playbook) fn unsound(&self) -> Option<String> {
        if !SHAPES.contains(&self.shape()) && self.backend_kind().is_none() {
            return Some(format!("`{}` is neither {} nor a kind of backend", self.shape(), SHAPES.join(", ")));
        }
        let error = Regex::new(self.matches.as_ref()?).err()?;
        Some(format!("`matches` is no regular expression: {error}"))
    }

    /// Why a value does not fit, and what to write instead.
    pub(in crate::playbook) fn misfit(&self, value: &Value) -> Option<(String, String)> {
        let bound = |value: &Value| value.is_object() && value.get("probe").is_some_and(Value::is_string);
        let fits = match self.shape() {
            "number" => value.is_number(),
            "texts" => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            "value" => value.is_string() || bound(value),
            _ => value.is_string(),
        };
        if !fits {
            let wanted = match self.shape() {
                "number" => "a number",
                "texts" => "a list of texts",
                "value" => "a text, or `{ probe = \"…\" }`",
                "probe" => "the id of a probe",
                _ if self.backend_kind().is_some() => "the id of a backend",
                _ => "a text",
            };
            return Some((format!("must be {wanted}"), self.doc.clone()));
        }
        let (pattern, text) = (self.matches.as_ref()?, value.as_str()?);
        let whole = Regex::new(&format!("^(?:{pattern})$")).ok()?;
        let hint = self.hint.clone().unwrap_or_else(|| format!("{}; it must match `{pattern}`", self.doc));
        (!whole.is_match(text)).then(|| (format!("cannot be `{text}`"), hint))
    }
}

/// Puts a recipe's parameters and probes in their places.
pub(in crate::playbook) struct Filler<'a> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// Its parameters.
    pub values: Values,
    /// The lever or message it is used for: the beginning of its probes' names.
    pub owner: &'a str,
}

impl<'a> Filler<'a> {
    /// A filler that knows what the playbook said and, for the rest, the defaults; an error is a sentence.
    pub(in crate::playbook) fn new(
        recipe: &'a Recipe,
        owner: &'a str,
        said: &Map<String, Value>,
    ) -> Result<Self, String> {
        let mut values = Values::from([(OWNER.to_owned(), owner.into())]);
        values.extend(said.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut filler = Self { recipe, values, owner };
        let mut open: Vec<_> = recipe.params.iter().filter(|(name, _)| !said.contains_key(*name)).collect();
        // A default may name other parameters, whatever their order.
        while !open.is_empty() {
            let before = open.len();
            let mut why = String::new();
            open.retain(|(name, param)| match param.default.as_ref().map(|default| filler.fill(default)) {
                Some(Ok(value)) => filler.values.insert((*name).clone(), value).is_some(),
                Some(Err(error)) => {
                    why = error;
                    true
                }
                None => true,
            });
            if open.len() == before {
                return Err(why);
            }
        }
        Ok(filler)
    }

    /// The name of one of the recipe's probes in the playbook.
    pub(in crate::playbook) fn probe(&self, name: &str) -> String {
        format!("{}-{name}", self.owner)
    }

    /// `value` with every `@{…}` in its texts filled, and the recipe's own probes called by their full names.
    pub(in crate::playbook) fn fill(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::String(text) => self.fill_text(text),
            Value::Array(items) => {
                let mut filled = Vec::new();
                for item in items {
                    let is_hole = item.as_str().is_some_and(|text| whole_hole(text).is_some());
                    match self.fill(item)? {
                        // A list in the place of one item of a list becomes items of it.
                        Value::Array(more) if is_hole => filled.extend(more),
                        one => filled.push(one),
                    }
                }
                Ok(Value::Array(filled))
            }
            Value::Object(table) => {
                let mut filled = Map::new();
                for (key, item) in table {
                    let item = match (key.as_str(), item) {
                        ("probe", Value::String(name)) => self.fill_probe(name)?,
                        ("probes", Value::Array(names)) if names.iter().all(Value::is_string) => {
                            let names = names.iter().filter_map(Value::as_str);
                            Value::Array(names.map(|name| self.fill_probe(name)).collect::<Result<_, _>>()?)
                        }
                        _ => self.fill(item)?,
                    };
                    filled.insert(key.clone(), item);
                }
                Ok(Value::Object(filled))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
        }
    }

    /// A probe that is named: the recipe's own by its full name, any other as it is filled.
    fn fill_probe(&self, name: &str) -> Result<Value, String> {
        if self.recipe.probes.contains_key(name) { Ok(self.probe(name).into()) } else { self.fill_text(name) }
    }

    fn fill_text(&self, text: &str) -> Result<Value, String> {
        if let Some(name) = whole_hole(text) {
            return self.value(name).cloned();
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, hole)) = rest.split_once("@{") {
            let Some((hole, after)) = hole.split_once('}') else { return Err(format!("`@{{{hole}` has no end")) };
            out.push_str(before);
            out.push_str(&self.escaped(hole)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out.into())
    }

    /// A parameter's value as text, escaped as its hole asks, from left to right.
    fn escaped(&self, hole: &str) -> Result<String, String> {
        let mut parts = hole.split('|');
        let name = parts.next().unwrap_or_default();
        let mut text = match self.value(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(format!("`{name}` is no text, so it cannot stand inside of one"));
            }
        };
        for wanted in parts {
            let Some((_, escape)) = ESCAPES.iter().find(|(known, _)| *known == wanted) else {
                let known: Vec<_> = ESCAPES.iter().map(|(known, _)| format!("`{known}`")).collect();
                return Err(format!("`{wanted}` is no way to escape; there are {}", known.join(", ")));
            };
            text = escape(&text);
        }
        Ok(text)
    }

    fn value(&self, name: &str) -> Result<&Value, String> {
        self.values.get(name).ok_or_else(|| format!("`@{{{name}}}` is no parameter of this recipe"))
    }
}

/// The parameter that is all there is in `text`.
fn whole_hole(text: &str) -> Option<&str> {
    let name = text.strip_prefix("@{")?.strip_suffix('}')?;
    (!name.contains(['}', '|'])).then_some(name)
}
