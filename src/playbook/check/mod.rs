//! From a file as written to a checked playbook, or to everything that is wrong with it.

mod approvers;
mod baselines;
mod branches;
mod calls;
mod clocks;
mod comms;
mod covers;
mod debts;
mod levers;
mod limits;
mod lists;
mod profiles;
mod steps;
mod waits;
mod warn;

use super::each;
use super::expand::{expand, with_files, with_recipes};
use super::raw::{Raw, RawBind};
use super::shape;
use super::spans::{Document, join};
use super::{Flaw, Id, Noun, Playbook, duration};
use crate::kind::{BackendConfig, Call, holes};
use crate::text::nearest;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// The newest format of playbooks understood.
const FORMAT: u64 = 1;

/// How a playbook's files are read: from a path relative to its folder to the content, or why it cannot be had.
pub type Folder<'a> = dyn Fn(&str) -> Result<String, String> + 'a;

/// The file being checked, and what is known of it.
struct Desk<'a> {
    document: Document<'a>,
    folder: &'a Folder<'a>,
    /// What was read from its folder, by path.
    read: BTreeMap<String, String>,
}

impl Playbook {
    /// Checks a playbook under `profile` (its default profile for `None`); `name` is the file's, for messages.
    ///
    /// An error holds every fault at once, in the order of the file. Its files must be in the text itself (`[files]`).
    pub fn parse(name: &str, text: &str, profile: Option<&str>) -> Result<Self, Vec<Flaw>> {
        let nowhere = |_: &str| Err("it is not in the playbook's `[files]`".to_owned());
        Self::parse_in(&nowhere, name, text, profile)
    }

    /// The same for a playbook that lies in a folder, where the files that it names are.
    pub fn parse_in(folder: &Folder<'_>, name: &str, text: &str, profile: Option<&str>) -> Result<Self, Vec<Flaw>> {
        let mut document = Document::read(text)?;
        if let Some(newer) = newer_format(&mut document) {
            return Err(newer);
        }
        shape::settle(&mut document);
        each::expand(&mut document);
        // What a recipe brought along is looked at like what the author wrote.
        expand(&mut document);
        shape::settle(&mut document);
        let mut raw: Raw = match serde_json::from_value(document.value.clone()) {
            Ok(raw) => raw,
            Err(error) => {
                document.flaw("", format!("this is no playbook: {error}"), "");
                return Err(in_order(document.flaws));
            }
        };
        order_as_written(&mut raw, &document);
        let mut desk = Desk { document, folder, read: BTreeMap::new() };
        let playbook = desk.playbook(name, &raw, profile);
        let flaws = in_order(desk.document.flaws);
        match playbook {
            Some(playbook) if flaws.is_empty() => Ok(playbook),
            _ => Err(flaws),
        }
    }
}

/// That the file is of a format that does not exist yet: nothing else can be said about it then.
fn newer_format(document: &mut Document<'_>) -> Option<Vec<Flaw>> {
    let format = document.value.get("format").and_then(Value::as_u64).filter(|format| *format > FORMAT)?;
    let what = format!("format {format} is newer than this goaround understands ({FORMAT})");
    document.flaw("/format", what, "fly it with a newer goaround");
    Some(std::mem::take(&mut document.flaws))
}

/// Flaws in the order of the file, each said once.
fn in_order(mut flaws: Vec<Flaw>) -> Vec<Flaw> {
    flaws.sort_by(|a, b| (a.span.start, a.span.end, &a.what).cmp(&(b.span.start, b.span.end, &b.what)));
    flaws.dedup_by(|a, b| a.span == b.span && a.what == b.what);
    flaws
}

/// Puts tables into the order of the file, which JSON objects lose.
fn order_as_written(raw: &mut Raw, document: &Document<'_>) {
    let place = |room: &str, key: &str| document.place(&join(room, key));
    raw.profiles.sort_by_key(|key, _| place("/profiles", key));
    raw.backends.sort_by_key(|key, _| place("/backends", key));
    raw.probes.sort_by_key(|key, _| place("/probes", key));
    raw.metrics.sort_by_key(|key, _| place("/metrics", key));
    raw.symptoms.sort_by_key(|key, _| place("/symptoms", key));
    raw.levers.sort_by_key(|key, _| place("/levers", key));
    raw.stages.sort_by_key(|key, _| place("/stages", key));
    raw.branches.sort_by_key(|key, _| place("/branches", key));
    raw.debts.sort_by_key(|key, _| place("/debts", key));
    raw.comms.sort_by_key(|key, _| place("/comms", key));
    raw.lists.links.sort_by_key(|key, _| place("/links", key));
    raw.lists.contacts.sort_by_key(|key, _| place("/contacts", key));
    for (id, lever) in &mut raw.levers {
        let room = join(&join("/levers", id), "bind");
        lever.bind.sort_by_key(|key, _| place(&room, key));
        in_order_of_need(&mut lever.bind);
    }
}

/// Puts names behind the names that their texts use; those in a circle stay where they are, and are reported.
fn in_order_of_need(bind: &mut IndexMap<String, RawBind>) {
    let mut open = std::mem::take(bind);
    loop {
        let waits = |text: &str| holes(text).into_iter().any(|name| open.contains_key(name));
        let ready = open.iter().position(|(_, bound)| match bound {
            RawBind::Text(text) => !waits(text),
            RawBind::Found(_) => true,
        });
        match ready.and_then(|place| open.shift_remove_index(place)) {
            Some((name, bound)) => bind.insert(name, bound),
            None => break,
        };
    }
    bind.extend(open);
}

/// Lets a call take over from its backend what it needs to understand an answer.
fn meet(backends: &IndexMap<Id, BackendConfig>, call: &mut Call) {
    if let Some((_, backend)) = backends.iter().find(|(id, _)| id.as_str() == call.backend()) {
        call.meet(backend);
    }
}

impl Desk<'_> {
    /// Everything, checked; `None` where a part could not be made, with a flaw that says why.
    fn playbook(&mut self, name: &str, raw: &Raw, profile: Option<&str>) -> Option<Playbook> {
        // Every part is checked before the first missing one gives up.
        if raw.format < FORMAT {
            self.flaw("/format", format!("there is no format {}", raw.format), format!("write `format = {FORMAT}`"));
        }
        let service = self.id("/service", &raw.service);
        let environment = self.id("/environment", &raw.environment);
        let declares = self.declares(raw);
        let profile = self.profile(raw, profile);
        let hold = self.hold(raw, &profile.name);
        let backends = self.backends(raw);
        let mut probes = self.probes(raw);
        let mut metrics = self.metrics(raw, &profile.name);
        if let Some(backends) = &backends {
            let looks = probes.iter_mut().flat_map(IndexMap::values_mut).map(|probe| &mut probe.call);
            let reads = metrics.iter_mut().flat_map(IndexMap::values_mut).map(|metric| &mut metric.source);
            looks.chain(reads).for_each(|call| meet(backends, call));
        }
        let symptoms = self.symptoms(raw);
        let levers = self.levers(raw);
        let steps = self.steps(raw);
        let branches = self.branches(raw);
        let debts = self.debts(raw);
        let stages = self.stages(raw, &profile.name);
        let clocks = self.clocks(raw, &profile.name);
        let comms = self.comms(raw);
        let lists = self.lists(raw);
        self.recipes(raw);
        let service = service?;
        Some(Playbook {
            name: name.into(),
            source: with_files(with_recipes(&self.document), &self.read),
            title: raw.title.clone().unwrap_or_else(|| service.to_string()),
            declares: declares?,
            service,
            environment: environment?,
            profile,
            backends: backends?,
            probes: probes?,
            metrics: metrics?,
            symptoms: symptoms?,
            levers: levers?,
            steps: steps?,
            branches: branches?,
            debts: debts?,
            clocks: clocks?,
            stages: stages?,
            hold: hold?,
            comms: comms?,
            lists: lists?,
        })
    }

    /// What is declared with it.
    fn declares(&mut self, raw: &Raw) -> Option<Noun> {
        let Some(written) = &raw.declares else { return Some(Noun::default()) };
        let hint = "write lowercase words, 24 characters at most, without an article: `release`, `schema change`";
        Noun::new(written).map_err(|what| self.flaw("/declares", what, hint)).ok()
    }

    /// The examples of the playbook's own recipes: each must be what it says.
    fn recipes(&mut self, raw: &Raw) {
        for (name, recipe) in &raw.recipes {
            let at = join(&join("/recipes", name), "example");
            let complaints = match recipe.rehearse_own(name) {
                None => Vec::new(),
                Some(Ok(rehearsal)) => rehearsal.complaints,
                Some(Err(why)) => vec![why],
            };
            for what in complaints {
                let hint = "make the example say what the recipe does; see `goaround recipes --guide`";
                self.flaw(&at, format!("the example of recipe `{name}`: {what}"), hint);
            }
        }
    }

    /// The id written as the value at `at`.
    fn id(&mut self, at: &str, written: &str) -> Option<Id> {
        Id::new(written).map_err(|what| self.flaw(at, what, "")).ok()
    }

    /// The id that is the key at `at`.
    fn key_id(&mut self, at: &str, written: &str) -> Option<Id> {
        Id::new(written).map_err(|what| self.document.flaw_of_key(at, what, "")).ok()
    }

    /// A reference at `at` to something in a room of the playbook (`levers`).
    fn refer(&mut self, at: &str, room: &str, written: &str) -> Option<Id> {
        let room_at = join("", room);
        let known = self.document.value.get(room).and_then(Value::as_object);
        let known: Vec<String> = known.into_iter().flat_map(serde_json::Map::keys).cloned().collect();
        let taken_out = self.document.cuts.contains(&room_at) || self.document.cuts.contains(&join(&room_at, written));
        if !taken_out && !known.iter().any(|id| id == written) {
            let members = self.document.members(&join(&room_at, written));
            let hint = match nearest(written, known.iter().map(String::as_str)) {
                _ if !members.is_empty() => format!("it stands for several; name one: `{}`", members.join("`, `")),
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write `[{room}.{written}]`, or name one that exists"),
            };
            let one = if room == "branches" { "branch" } else { room.trim_end_matches('s') };
            self.flaw(at, format!("there is no {one} `{written}`"), hint);
        }
        Id::new(written).ok()
    }

    /// References at `at` to several things in a room, each once.
    fn refer_all(&mut self, at: &str, room: &str, written: &[String]) -> Option<Vec<Id>> {
        let mut ids = Vec::new();
        for (i, name) in written.iter().enumerate() {
            let at = join(at, i);
            if written[..i].contains(name) {
                self.flaw(&at, format!("`{name}` is named twice"), "take one out");
            }
            ids.push(self.refer(&at, room, name));
        }
        ids.into_iter().collect()
    }

    /// The duration at `key` in the table at `at`, in milliseconds; `default_ms` when it is not written.
    fn duration(&mut self, at: &str, key: &str, written: Option<&String>, default_ms: u64) -> u64 {
        let Some(written) = written else { return default_ms };
        let at = join(at, key);
        match duration(written) {
            Ok(0) => self.flaw(&at, format!("`{key}` is no time at all"), "write a duration, for instance `10s`"),
            Ok(ms) => return ms,
            Err(what) => self.flaw(&at, what, "durations read like `250ms`, `10s`, `1m 30s`, `2h`"),
        }
        default_ms
    }

    /// Reports the value at `at`.
    fn flaw(&mut self, at: &str, what: impl AsRef<str>, hint: impl AsRef<str>) {
        self.document.flaw(at, what, hint);
    }
}
