//! From `use = "haproxy.map"` to the lever or message that it stands for.

use super::recipe::{Filler, Recipe, recipe, recipes};
use super::spans::{Document, join};
use crate::text::nearest;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Where recipes may be used.
struct Room {
    /// The table of the playbook.
    at: &'static str,
    /// One thing in it.
    one: &'static str,
    /// The part of a recipe that belongs there.
    part: fn(&Recipe) -> Option<&Map<String, Value>>,
    /// What a playbook may say beside `use` and `with`, instead of the recipe.
    own: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    Room {
        at: "/levers",
        one: "lever",
        part: |recipe| recipe.lever.as_ref(),
        own: &[
            "title", "precheck", "verify", "attest", "approval", "approver", "takes", "timeout", "by_hand", "covers",
        ],
    },
    Room {
        at: "/comms",
        one: "message",
        part: |recipe| recipe.message.as_ref(),
        own: &["title", "body", "due", "covers"],
    },
];

/// Puts recipes in the place of every `use`; what cannot be put there is reported and taken out.
pub(super) fn expand(document: &mut Document<'_>) {
    for room in ROOMS {
        for owner in users(document, room).into_keys() {
            let at = join(room.at, &owner);
            if expand_one(document, room, &at, &owner).is_none() {
                document.cuts.insert(at);
            }
        }
    }
}

/// Who uses which recipe in this room.
fn users(document: &Document<'_>, room: &Room) -> BTreeMap<String, String> {
    let tables = document.value.pointer(room.at).and_then(Value::as_object);
    let named = tables.into_iter().flatten();
    named.filter_map(|(owner, table)| Some((owner.clone(), table.get("use")?.as_str()?.to_owned()))).collect()
}

/// `None` when something was reported.
fn expand_one(document: &mut Document<'_>, room: &Room, at: &str, owner: &str) -> Option<()> {
    let use_at = join(at, "use");
    let written = document.value.pointer(at)?.as_object()?.clone();
    let name = written.get("use")?.as_str()?;
    let recipe = find(document, &use_at, name)?;
    let Some(part) = (room.part)(&recipe) else {
        let what = format!("recipe `{name}` holds no {}", room.one);
        document.flaw(&use_at, what, format!("it is for {}; see `goaround recipes {name}`", recipe.family.name()));
        return None;
    };
    let empty = Map::new();
    let said = written.get("with").and_then(Value::as_object).unwrap_or(&empty);
    let told = document.flaws.len();
    check_with(document, at, name, &recipe, said);
    for key in written.keys().filter(|key| !["use", "with"].contains(&key.as_str())) {
        if !room.own.contains(&key.as_str()) {
            let hint = format!("beside `use` there may be {}", room.own.join(", "));
            document.flaw_of_key(&join(at, key), format!("`{key}` comes from recipe `{name}`"), hint);
        }
    }
    if document.flaws.len() > told {
        return None;
    }
    let filled = fill(&recipe, owner, said, part);
    let (mut table, probes) =
        filled.map_err(|why| document.flaw(&use_at, format!("recipe `{name}`: {why}"), "")).ok()?;
    for (id, probe) in probes {
        place_probe(document, &use_at, &id, probe)?;
    }
    overlay(&mut table, &recipe, written);
    *document.value.pointer_mut(at)? = Value::Object(table);
    Some(())
}

/// The recipe of this name: the playbook's own, or one that comes with goaround.
fn find(document: &mut Document<'_>, at: &str, name: &str) -> Option<Recipe> {
    let own_at = join("/recipes", name);
    if let Some(own) = document.value.pointer(&own_at) {
        let read = serde_json::from_value::<Recipe>(own.clone()).map_err(|error| error.to_string());
        let sound = read.and_then(|recipe| recipe.unsound().map_or(Ok(recipe), Err));
        return sound.map_err(|why| document.flaw(&own_at, format!("this is no recipe: {why}"), "")).ok();
    }
    if let Some(recipe) = recipe(name) {
        return Some(recipe.clone());
    }
    let own = document.value.get("recipes").and_then(Value::as_object);
    let own: Vec<String> = own.into_iter().flat_map(Map::keys).cloned().collect();
    let known = recipes().map(|(name, _)| name).chain(own.iter().map(String::as_str));
    let hint = match nearest(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("`goaround recipes` lists them; or write your own as `[recipes.\"{name}\"]`"),
    };
    document.flaw(at, format!("there is no recipe `{name}`"), hint);
    None
}

impl Recipe {
    /// Why this can be no recipe.
    fn unsound(&self) -> Option<String> {
        if self.format != 1 {
            return Some(format!("format {} is not one this goaround understands (1)", self.format));
        }
        let wrong =
            self.params.iter().find_map(|(name, param)| Some(format!("parameter `{name}`: {}", param.unsound()?)));
        let neither = self.lever.is_none() && self.message.is_none();
        wrong.or_else(|| neither.then(|| "it has neither a `lever` nor a `message`".to_owned()))
    }
}

/// Reports parameters that are unknown, missing or of the wrong shape.
fn check_with(document: &mut Document<'_>, at: &str, name: &str, recipe: &Recipe, said: &Map<String, Value>) {
    let with_at = join(at, "with");
    let known = || recipe.params.keys().map(String::as_str);
    let mut meant_by_a_slip = BTreeSet::new();
    for (key, value) in said {
        let key_at = join(&with_at, key);
        let Some(param) = recipe.params.get(key) else {
            let meant = nearest(key, known());
            meant_by_a_slip.extend(meant);
            let hint = meant.map_or_else(
                || format!("it has `{}`", known().collect::<Vec<_>>().join("`, `")),
                |meant| format!("did you mean `{meant}`?"),
            );
            document.flaw_of_key(&key_at, format!("recipe `{name}` has no parameter `{key}`"), hint);
            continue;
        };
        if let Some((what, hint)) = param.misfit(value) {
            document.flaw(&key_at, format!("`{key}` {what}"), hint);
        } else if let Some(kind) = param.backend_kind() {
            check_reference(document, &key_at, "backends", Some(kind), value);
        } else if param.shape() == "probe" {
            check_reference(document, &key_at, "probes", None, value);
        }
    }
    for (key, param) in recipe.params.iter().filter(|(key, param)| param.default.is_none() && !said.contains_key(*key))
    {
        if !meant_by_a_slip.contains(key.as_str()) {
            let place = if said.is_empty() { join(at, "use") } else { with_at.clone() };
            document.flaw(&place, format!("recipe `{name}` needs `{key}`"), format!("{key}: {}", param.doc));
        }
    }
}

/// Reports a backend or a probe that does not exist, or a backend of another kind.
fn check_reference(document: &mut Document<'_>, at: &str, room: &str, kind: Option<&str>, value: &Value) {
    let Some(id) = value.as_str() else { return };
    let table = document.value.get(room).and_then(Value::as_object);
    let entries: Vec<(String, bool)> = table
        .into_iter()
        .flatten()
        .map(|(id, entry)| (id.clone(), kind.is_none_or(|kind| entry.get(kind).is_some())))
        .collect();
    if document.is_cut(&join(&join("", room), id)) || entries.iter().any(|(known, fits)| known == id && *fits) {
        return;
    }
    let exists = entries.iter().any(|(known, _)| known == id);
    let of_kind = kind.map_or_else(String::new, |kind| format!(" of kind {kind}"));
    let one = room.trim_end_matches('s');
    let fitting = entries.iter().filter(|(_, fits)| *fits).map(|(id, _)| id.as_str());
    let hint = match (nearest(id, fitting.clone()), fitting.collect::<Vec<_>>()) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, ids) if ids.is_empty() => format!("write a {one}{of_kind}"),
        (None, ids) => format!("there is `{}`", ids.join("`, `")),
    };
    let what = if exists { format!("{one} `{id}` is not{of_kind}") } else { format!("there is no {one} `{id}`") };
    document.flaw(at, what, hint);
}

/// What takes the place of `use`, and the probes it needs.
type Filled = (Map<String, Value>, Vec<(String, Value)>);

fn fill(recipe: &Recipe, owner: &str, said: &Map<String, Value>, part: &Map<String, Value>) -> Result<Filled, String> {
    let filler = Filler::new(recipe, owner, said)?;
    let Value::Object(table) = filler.fill(&Value::Object(part.clone()))? else {
        unreachable!("a filled table is a table");
    };
    let mut probes = Vec::new();
    for (name, probe) in &recipe.probes {
        probes.push((filler.probe(name), filler.fill(probe)?));
    }
    Ok((table, probes))
}

/// Puts a recipe's probe into the playbook.
fn place_probe(document: &mut Document<'_>, use_at: &str, id: &str, probe: Value) -> Option<()> {
    let at = join("/probes", id);
    if document.value.pointer(&at).is_some() {
        let hint = "the recipe brings one of that name along; call yours otherwise";
        document.flaw_of_key(&at, format!("probe `{id}` is there twice"), hint);
        return None;
    }
    if document.value.get("probes").is_none() {
        document.value.as_object_mut()?.insert("probes".into(), Value::Object(Map::new()));
    }
    let probes = document.value.get_mut("probes").and_then(Value::as_object_mut);
    let Some(probes) = probes else {
        document.flaw(use_at, "`probes` is no table", "");
        return None;
    };
    probes.insert(id.into(), probe);
    Some(())
}

/// What the playbook says itself wins; its prechecks come on top.
fn overlay(table: &mut Map<String, Value>, recipe: &Recipe, written: Map<String, Value>) {
    let written_verify = written.contains_key("verify") && !written.contains_key("attest");
    for (key, value) in written {
        match (table.get_mut(&key), value) {
            (Some(Value::Array(theirs)), Value::Array(more)) if key == "precheck" => theirs.extend(more),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
    // Whoever can look need not ask a person.
    if written_verify {
        table.remove("attest");
    }
    table.insert("risks".into(), recipe.risks.clone().into());
    table.insert("docs".into(), recipe.docs.clone().into());
}

/// A playbook's text with the recipes of ours that it uses at its end, so that it no longer depends on them.
pub(super) fn with_recipes(document: &Document<'_>) -> String {
    let own = document.value.get("recipes").and_then(Value::as_object);
    let used = ROOMS.iter().flat_map(|room| users(document, room).into_values());
    let missing: BTreeSet<String> = used.filter(|name| own.is_none_or(|own| !own.contains_key(name))).collect();
    let mut text = document.text.to_owned();
    for name in missing {
        let Some(recipe) = recipe(&name) else { continue };
        // Its example was checked where it came from.
        let bare = Recipe { example: None, ..recipe.clone() };
        let kept = BTreeMap::from([("recipes", BTreeMap::from([(name.as_str(), bare)]))]);
        let table = toml::to_string(&kept).expect("a recipe that was read can be written");
        text = format!("{}\n\n# As it came with goaround {}.\n{table}", text.trim_end(), env!("CARGO_PKG_VERSION"));
    }
    text
}

/// A playbook's text with the files that it names at its end, so that it no longer depends on its folder.
pub(super) fn with_files(mut text: String, read: &BTreeMap<String, String>) -> String {
    for (path, content) in read {
        let kept = BTreeMap::from([("files", BTreeMap::from([(path, BTreeMap::from([("text", content)]))]))]);
        let table = toml::to_string(&kept).expect("a text can be written");
        text = format!("{}\n\n# As it was in the playbook's folder.\n{table}", text.trim_end());
    }
    text
}
