//! Backends, calls to them, and conditions on what probes see.

use super::Desk;
use crate::kind::{BackendConfig, BackendTable, Call, CallTable, Complaint, KINDS, Pace, Use, holes};
use crate::playbook::raw::{Raw, RawCondition, RawVerify};
use crate::playbook::spans::join;
use crate::playbook::{Condition, Id, Probe, Test, Verify};
use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value;

/// The most probes that one condition asks: a read-back looks through them one after the other.
const PROBES_MAX: usize = 8;

/// Verbs that a complaint starts with when its key is its subject.
const VERBS: &[&str] = &["is", "has", "holds", "stands", "does", "may", "cannot", "fills", "needs", "must"];

/// How often a probe looks where nothing is written and its kind has no pace of its own.
const PROBE: Pace = Pace { every_ms: 1000, timeout_ms: 2000 };

impl Desk<'_> {
    /// Where calls go.
    pub(super) fn backends(&mut self, raw: &Raw) -> Option<IndexMap<Id, BackendConfig>> {
        let mut backends = Vec::new();
        for (key, written) in &raw.backends {
            let table = &written.table;
            let at = join("/backends", key);
            let id = self.key_id(&at, key);
            backends.push(id.zip(self.backend(raw, &at, table)));
        }
        backends.into_iter().collect()
    }

    fn backend(&mut self, raw: &Raw, at: &str, table: &BackendTable) -> Option<BackendConfig> {
        self.one_kind(at, "backend")?;
        let mut backend = table.clone().all().into_iter().next()?;
        let at = join(at, backend.kind());
        if let Some(path) = backend.file().map(str::to_owned)
            && let Some(content) = self.file(raw, &join(&at, "file"), &path)
            && let Err(why) = backend.take_file(&content)
        {
            self.flaw(&join(&at, "file"), format!("{path}: {why}"), "");
        }
        backend.check().iter().for_each(|complaint| self.complain(&at, complaint));
        Some(backend)
    }

    /// What is in a file that the playbook names: its own, else the one in its folder.
    fn file(&mut self, raw: &Raw, at: &str, path: &str) -> Option<String> {
        if let Some(own) = raw.files.get(path) {
            return Some(own.text.clone());
        }
        match (self.folder)(path) {
            Ok(content) => {
                self.read.insert(path.to_owned(), content.clone());
                Some(content)
            }
            Err(why) => {
                let hint = "the path is relative to the playbook's folder";
                self.flaw(at, format!("the file `{path}` cannot be read: {why}"), hint);
                None
            }
        }
    }

    /// The ways to look.
    pub(super) fn probes(&mut self, raw: &Raw) -> Option<IndexMap<Id, Probe>> {
        let mut probes = Vec::new();
        for (key, written) in &raw.probes {
            let at = join("/probes", key);
            let id = self.key_id(&at, key);
            let call = self.call(&at, &written.call, Use::Look, &[]);
            let pace = call.as_ref().and_then(Call::pace).unwrap_or(PROBE);
            let every_ms = self.duration(&at, "every", written.every.as_ref(), pace.every_ms);
            let timeout_ms = self.duration(&at, "timeout", written.timeout.as_ref(), pace.timeout_ms);
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            probes.push(id.zip(call).map(|(id, call)| (id.clone(), Probe { id, title, call, every_ms, timeout_ms })));
        }
        probes.into_iter().collect()
    }

    /// The one call written in the table at `at`; `names` may stand in its texts as `${name}`.
    pub(super) fn call(&mut self, at: &str, table: &CallTable, r#use: Use, names: &[&str]) -> Option<Call> {
        self.one_kind(at, "call")?;
        let call = table.clone().all().into_iter().next()?;
        let at = join(at, call.kind());
        self.goes_to(&join(&at, "backend"), &call);
        for complaint in call.check(r#use) {
            self.complain(&at, &complaint);
        }
        let secrets = self.secrets_of(&call);
        let names: Vec<&str> = names.iter().copied().chain(secrets.iter().map(String::as_str)).collect();
        for template in call.templates() {
            let place = self.place_of(&at, template);
            self.filled(&place, template, &names);
        }
        Some(call)
    }

    /// The names of the secrets that may stand in a call's texts: `secret.hook`.
    fn secrets_of(&self, call: &Call) -> Vec<String> {
        let backend = join(&join("/backends", call.backend()), call.kind());
        let kept = self.document.value.pointer(&join(&backend, "secrets")).and_then(Value::as_object);
        kept.into_iter().flat_map(serde_json::Map::keys).map(|name| format!("secret.{name}")).collect()
    }

    /// That a call's backend exists and is of its kind.
    fn goes_to(&mut self, at: &str, call: &Call) {
        self.refer(at, "backends", call.backend());
        let backend = self.document.value.pointer(&join("/backends", call.backend())).and_then(Value::as_object);
        let kinds: Vec<String> = backend.into_iter().flat_map(serde_json::Map::keys).cloned().collect();
        if let [kind] = &kinds[..]
            && kind != call.kind()
        {
            let what = format!("`{}` is a {kind} backend, and this is a {} call", call.backend(), call.kind());
            let same = self.document.value.get("backends").and_then(Value::as_object).into_iter().flatten();
            let fitting = same.filter(|(_, table)| table.get(call.kind()).is_some()).map(|(id, _)| format!("`{id}`"));
            let fitting: Vec<_> = fitting.collect();
            let hint = match &fitting[..] {
                [] => format!("write a {} backend, or call it as {kind}", call.kind()),
                ids => format!("backends of kind {}: {}", call.kind(), ids.join(", ")),
            };
            self.flaw(at, what, hint);
        }
    }

    /// That the table at `at` has exactly one kind of backend or call.
    fn one_kind(&mut self, at: &str, what: &str) -> Option<()> {
        let names: Vec<_> = KINDS.iter().map(|row| row.name).collect();
        self.exactly_one(at, &names, &format!("no kind of {what}"))
    }

    /// That the table at `at` has exactly one of `keys`; a second one is reported where it stands.
    pub(super) fn exactly_one(&mut self, at: &str, keys: &[&str], none: &str) -> Option<()> {
        let table = self.document.value.pointer(at).and_then(Value::as_object);
        let mut written: Vec<_> =
            keys.iter().filter(|key| table.is_some_and(|table| table.contains_key(**key))).collect();
        written.sort_by_key(|key| self.document.key_span(&join(at, key)).start);
        let hint = format!("write exactly one of `{}`", keys.join("`, `"));
        match &written[..] {
            [_] => Some(()),
            [] => {
                if !self.document.has_cut_child(at) {
                    self.flaw(at, format!("{} has {none}", name_of(at)), hint);
                }
                None
            }
            [first, more @ ..] => {
                for second in more {
                    self.document.flaw_of_key(&join(at, second), format!("`{second}` stands beside `{first}`"), &hint);
                }
                Some(())
            }
        }
    }

    /// Passes a kind's complaint on, with its place.
    fn complain(&mut self, at: &str, complaint: &Complaint) {
        let Complaint { key, what, hint } = complaint;
        let there = key.split('.').filter(|part| !part.is_empty()).fold(at.to_owned(), |at, part| join(&at, part));
        let first = what.split(' ').next().unwrap_or_default();
        let what = match (key.is_empty(), VERBS.contains(&first)) {
            (true, true) => format!("this {what}"),
            (true, false) => what.clone(),
            (false, true) => format!("`{key}` {what}"),
            (false, false) => format!("`{key}`: {what}"),
        };
        self.flaw(&there, what, hint);
    }

    /// Where in the table at `at` this text stands.
    fn place_of(&self, at: &str, text: &str) -> String {
        let found = self.document.value.pointer(at).and_then(|value| find(value, at.to_owned(), text));
        found.unwrap_or_else(|| at.to_owned())
    }

    /// That every hole in a text is one of `names`.
    pub(super) fn filled(&mut self, at: &str, template: &str, names: &[&str]) {
        for hole in holes(template).into_iter().filter(|hole| !names.contains(hole)) {
            let hint = match names {
                [] => "only a lever's texts can have holes".to_owned(),
                _ => format!("known here: `${{{}}}`; a lever's `bind` makes more", names.join("}`, `${")),
            };
            self.flaw(at, format!("nothing is bound to `${{{hole}}}`"), hint);
        }
    }

    /// A condition.
    pub(super) fn condition(&mut self, at: &str, raw: &RawCondition, names: &[&str]) -> Option<Condition> {
        let probes = self.asked(at, raw);
        self.exactly_one(at, &["is", "is_not", "matches", "below", "above"], "nothing to compare with")?;
        for (key, text) in [("is", &raw.is), ("is_not", &raw.is_not)] {
            if let Some(text) = text {
                self.filled(&join(at, key), text, names);
            }
        }
        let pattern = raw.matches.as_ref().and_then(|pattern| self.pattern(&join(at, "matches"), pattern));
        let test = None
            .or_else(|| raw.is.clone().map(Test::Is))
            .or_else(|| raw.is_not.clone().map(Test::IsNot))
            .or_else(|| pattern.map(Test::Matches))
            .or_else(|| raw.below.map(Test::Below))
            .or_else(|| raw.above.map(Test::Above));
        let (probe, also) = probes?;
        Some(Condition { probe, also, test: test? })
    }

    /// The probes of a condition: the first, and the others.
    fn asked(&mut self, at: &str, raw: &RawCondition) -> Option<(Id, Vec<Id>)> {
        self.exactly_one(at, &["probe", "probes"], "no probe to look through")?;
        if let Some(probe) = &raw.probe {
            return self.refer(&join(at, "probe"), "probes", probe).map(|probe| (probe, Vec::new()));
        }
        let at = join(at, "probes");
        let written = raw.probes.as_deref().unwrap_or_default();
        if written.is_empty() || written.len() > PROBES_MAX {
            let what = format!("a condition asks 1 to {PROBES_MAX} probes, and this one {}", written.len());
            self.flaw(&at, what, "name each probe that must show it");
            return None;
        }
        let mut probes = self.refer_all(&at, "probes", written)?.into_iter();
        Some((probes.next()?, probes.collect()))
    }

    fn pattern(&mut self, at: &str, pattern: &str) -> Option<Regex> {
        let told = |error: regex::Error| {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.flaw(
                at,
                format!("this is no regular expression: {reason}"),
                "see docs.rs/regex for what may be written",
            );
        };
        Regex::new(pattern).map_err(told).ok()
    }

    /// A read-back.
    pub(super) fn verify(&mut self, at: &str, raw: &RawVerify, names: &[&str]) -> Option<Verify> {
        let condition = self.condition(at, &raw.condition, names);
        let agree = raw.agree.unwrap_or(2);
        if agree == 0 {
            self.flaw(
                &join(at, "agree"),
                "a read-back that looks no times says nothing",
                "write 1 or more; 2 by default",
            );
        }
        let within_ms = self.duration(at, "within", raw.within.as_ref(), 10_000);
        Some(Verify { condition: condition?, agree, within_ms })
    }
}

/// The pointer of the first text equal to `text`.
fn find(value: &Value, at: String, text: &str) -> Option<String> {
    match value {
        Value::String(here) => (here == text).then_some(at),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| find(item, join(&at, i), text)),
        Value::Object(table) => table.iter().find_map(|(key, item)| find(item, join(&at, key), text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// A table's name in a sentence: `levers.pointer.undo`.
fn name_of(at: &str) -> String {
    let keys: Vec<_> = at.split('/').skip(1).filter(|key| key.parse::<usize>().is_err()).collect();
    format!("`{}`", keys.join("."))
}
