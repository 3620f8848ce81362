//! Levers: what they do, how they are read back and taken back; and the symptoms they fit.

use super::Desk;
use crate::kind::Use;
use crate::playbook::raw::{Raw, RawBind, RawBindTable, RawLever, RawSymptom, RawUndo};
use crate::playbook::spans::join;
use crate::playbook::{Bind, Condition, Id, Lever, Symptom, Test, Undo, Verify};
use indexmap::IndexMap;

/// Bound in every lever: the incident's id.
const INCIDENT: &str = "incident";

/// That something could not be read, and its flaw is reported.
struct Told;

impl Desk<'_> {
    /// What changes production.
    pub(super) fn levers(&mut self, raw: &Raw) -> Option<IndexMap<Id, Lever>> {
        let mut levers = Vec::new();
        for (key, written) in &raw.levers {
            levers.push(self.lever(key, written).map(|lever| (lever.id.clone(), lever)));
        }
        levers.into_iter().collect()
    }

    fn lever(&mut self, key: &str, written: &RawLever) -> Option<Lever> {
        let at = join("/levers", key);
        let id = self.key_id(&at, key);
        let bind = self.bind(&join(&at, "bind"), &written.bind);
        let names: Vec<_> = std::iter::once(INCIDENT).chain(written.bind.keys().map(String::as_str)).collect();
        let call = self.call(&at, &written.call, Use::Act, &names);
        let prechecks = written.precheck.iter().enumerate();
        let precheck: Vec<_> =
            prechecks.map(|(i, raw)| self.condition(&join(&join(&at, "precheck"), i), raw, &names)).collect();
        let verify = self.proof(&at, key, written, &names);
        let undo_at = join(&at, "undo");
        let undo = written.undo.as_ref().map(|raw| self.undo(&undo_at, raw, &verify, &names));
        if written.irreversible && written.undo.is_some() {
            let hint = "take out `undo`, or `irreversible = true`";
            self.document.flaw_of_key(&undo_at, format!("lever `{key}` is irreversible and has an `undo`"), hint);
        }
        self.approver_fits(&at, written);
        let takes_ms = self.duration(&at, "takes", written.takes.as_ref(), 5000);
        let timeout_ms = self.duration(&at, "timeout", written.timeout.as_ref(), 10_000);
        Some(Lever {
            id: id?,
            title: written.title.clone().unwrap_or_else(|| key.to_owned()),
            recipe: written.recipe.clone(),
            risks: written.risks.clone(),
            docs: written.docs.clone(),
            call: call?,
            bind: bind?,
            precheck: precheck.into_iter().collect::<Option<_>>()?,
            verify: verify.ok()?,
            undo: match undo {
                Some(undo) => Some(undo?),
                None => None,
            },
            takes_ms,
            timeout_ms,
            irreversible: written.irreversible,
            second_person: written.approval.is_some(),
            approver: written.approver.clone(),
            by_hand: written.by_hand.clone(),
        })
    }

    /// How it is seen to be done: by its read-back, or (`None`) by a person who says what they saw.
    fn proof(&mut self, at: &str, key: &str, written: &RawLever, names: &[&str]) -> Result<Option<Verify>, Told> {
        let verify_at = join(at, "verify");
        match (&written.verify, written.attest) {
            (Some(raw), attest) => {
                if attest {
                    let hint = "take out `attest`: what can be read back needs nobody's word";
                    let what = format!("lever `{key}` has a read-back and `attest = true`");
                    self.document.flaw_of_key(&join(at, "attest"), what, hint);
                }
                self.verify(&verify_at, raw, names).map(Some).ok_or(Told)
            }
            (None, true) => Ok(None),
            (None, false) if self.document.is_cut(&verify_at) => Err(Told),
            (None, false) => {
                let hint = "add `verify = { probe = \"…\", is = \"…\" }`: a lever is done only when its read-back \
                            agrees; where nothing can look, `attest = true`: a person must say what they saw";
                self.flaw(at, format!("lever `{key}` has no read-back: `verify` is missing"), hint);
                Err(Told)
            }
        }
    }

    /// A lever's names, in order: a text may use the ones before it.
    fn bind(&mut self, at: &str, raw: &IndexMap<String, RawBind>) -> Option<IndexMap<String, Bind>> {
        let mut names = vec![INCIDENT];
        let mut bound = Vec::new();
        for (name, written) in raw {
            let at = join(at, name);
            if name == INCIDENT {
                self.document.flaw_of_key(
                    &at,
                    "`incident` is always bound to the incident's id",
                    "choose another name",
                );
            } else if !is_name(name) {
                self.document.flaw_of_key(&at, format!("`{name}` cannot stand in `${{…}}`"), "use a-z, 0-9 and `_`");
            }
            let bind = match written {
                RawBind::Found(table) => self.found(&at, table),
                RawBind::Text(text) => {
                    self.filled(&at, text, &names);
                    Some(Bind::Text(text.clone()))
                }
            };
            names.push(name);
            bound.push(bind.map(|bind| (name.clone(), bind)));
        }
        bound.into_iter().collect()
    }

    /// What is found out when a lever is armed.
    fn found(&mut self, at: &str, table: &RawBindTable) -> Option<Bind> {
        self.exactly_one(at, &["probe", "after"], "nothing to bind")?;
        match (&table.probe, &table.after) {
            (Some(probe), _) => self.refer(&join(at, "probe"), "probes", probe).map(Bind::Probe),
            (None, after) => Some(Bind::After(self.duration(at, "after", after.as_ref(), 0))),
        }
    }

    /// How a lever is taken back; without a read-back of its own, the lever's must no longer agree, and where there is
    /// none a person says of the undo what they saw, too.
    fn undo(&mut self, at: &str, raw: &RawUndo, done: &Result<Option<Verify>, Told>, names: &[&str]) -> Option<Undo> {
        let call = self.call(at, &raw.call, Use::Act, names);
        let verify = match (&raw.verify, done) {
            (Some(own), _) => self.verify(&join(at, "verify"), own, names).map(Some),
            (None, Ok(Some(done))) => self.negated(at, done).map(Some),
            (None, Ok(None)) => Some(None),
            (None, Err(Told)) => None,
        };
        Some(Undo { call: call?, verify: verify? })
    }

    fn negated(&mut self, at: &str, done: &Verify) -> Option<Verify> {
        let test = match &done.condition.test {
            Test::Is(text) => Test::IsNot(text.clone()),
            Test::IsNot(text) => Test::Is(text.clone()),
            Test::Below(bound) => Test::Above(*bound),
            Test::Above(bound) => Test::Below(*bound),
            Test::Matches(_) => {
                let hint = "add `verify = { probe = \"…\", is = \"…\" }` to it";
                self.document.flaw_of_key(
                    at,
                    "this `undo` needs a read-back of its own: `matches` cannot be turned round",
                    hint,
                );
                return None;
            }
        };
        let condition = Condition { test, ..done.condition.clone() };
        Some(Verify { condition, ..*done })
    }

    /// What can be wrong.
    pub(super) fn symptoms(&mut self, raw: &Raw) -> Option<IndexMap<Id, Symptom>> {
        let mut symptoms = Vec::new();
        for (key, written) in &raw.symptoms {
            let at = join("/symptoms", key);
            let id = self.key_id(&at, key);
            let when = self.refer_all(&join(&at, "when"), "metrics", &written.when);
            let any = self.refer_all(&join(&at, "any"), "metrics", &written.any);
            let unless = self.refer_all(&join(&at, "unless"), "metrics", &written.unless);
            let levers = self.refer_all(&join(&at, "levers"), "levers", &written.levers);
            let links = self.refer_all(&join(&at, "links"), "links", &written.links);
            self.can_breach(raw, &join(&at, "when"), &written.when);
            self.can_breach(raw, &join(&at, "any"), &written.any);
            self.can_breach(raw, &join(&at, "unless"), &written.unless);
            self.can_be_raised(&at, written);
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            symptoms.push((|| {
                let id = id?;
                let (when, any, unless, levers, links) = (when?, any?, unless?, levers?, links?);
                Some((id.clone(), Symptom { id, title, when, any, unless, levers, links }))
            })());
        }
        symptoms.into_iter().collect()
    }

    /// That no metric must be broken and quiet at once.
    fn can_be_raised(&mut self, at: &str, written: &RawSymptom) {
        for (i, metric) in written.unless.iter().enumerate() {
            let what = if written.when.contains(metric) {
                "this stands in `when` too, so the symptom can never be raised"
            } else if written.any.contains(metric) {
                "this stands in `any` too, so it can never be the one that raises the symptom"
            } else {
                continue;
            };
            self.flaw(&join(&join(at, "unless"), i), what, "take it out of one of them");
        }
    }

    /// That each of these metrics has a stop limit under some profile: only that makes a BREACH.
    fn can_breach(&mut self, raw: &Raw, at: &str, metrics: &[String]) {
        for (i, key) in metrics.iter().enumerate() {
            let Some(metric) = raw.metrics.get(key) else { continue };
            let mut profiles = raw.profiles.values().filter_map(|profile| profile.metrics.get(key));
            let stops = metric.limits.stop.is_some() || profiles.any(|limits| limits.stop.is_some());
            if !stops && !self.document.is_cut(&join(&join("/metrics", key), "stop")) {
                let what = format!("metric `{key}` has no `stop` limit, so it can never be in BREACH");
                self.flaw(&join(at, i), what, format!("add `stop = \"…\"` to `[metrics.{key}]`"));
            }
        }
    }
}

/// Whether a name can stand in `${…}`.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}
