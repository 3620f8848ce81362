//! Clocks and stages, and their budgets under each profile.

use super::Desk;
use crate::playbook::clock::EDGES_OF;
use crate::playbook::raw::{Raw, RawClock};
use crate::playbook::spans::join;
use crate::playbook::{Clock, Edge, Id, Stage};
use crate::text::nearest;
use indexmap::IndexMap;
use serde_json::Value;

impl Desk<'_> {
    /// What is timed.
    pub(super) fn clocks(&mut self, raw: &Raw, chosen: &str) -> Option<Vec<Clock>> {
        self.budgets_of_profiles(raw);
        let mut clocks = Vec::new();
        for (i, written) in raw.clocks.iter().enumerate() {
            let at = join("/clocks", i);
            self.id(&join(&at, "id"), &written.id);
            if raw.clocks[..i].iter().any(|earlier| earlier.id == written.id) {
                self.flaw(&join(&at, "id"), format!("there is already a clock `{}`", written.id), "give it another id");
            }
            clocks.push(self.clock(raw, &at, written, chosen));
        }
        clocks.into_iter().collect()
    }

    fn clock(&mut self, raw: &Raw, at: &str, written: &RawClock, chosen: &str) -> Option<Clock> {
        let budget_ms = self.duration(at, "budget", Some(&written.budget), 0);
        let starts_on = self.edge(raw, &join(at, "starts_on"), &written.starts_on);
        let stops_on = self.edge(raw, &join(at, "stops_on"), &written.stops_on);
        if starts_on.is_some() && starts_on == stops_on {
            self.flaw(&join(at, "stops_on"), "the clock stops when it starts", "choose another edge");
        }
        let sixty = raw.steps.iter().any(|step| step.clock.is_some());
        if stops_on == Some(Edge::SixtyDone) && !sixty && self.has_steps() {
            let hint = "add `clock = \"60s\"` to the steps that it times";
            self.flaw(&join(at, "stops_on"), "no step is marked `clock = \"60s\"`, so this never happens", hint);
        }
        Some(Clock {
            id: written.id.clone(),
            title: written.title.clone().unwrap_or_else(|| written.id.clone()),
            starts_on: starts_on?,
            stops_on: stops_on?,
            budget_ms: budget_under(raw, chosen, &written.id).unwrap_or(budget_ms),
            sla: written.sla,
        })
    }

    /// The stages, in the order of the file.
    pub(super) fn stages(&mut self, raw: &Raw, chosen: &str) -> Option<IndexMap<Id, Stage>> {
        let mut stages = Vec::new();
        for (key, written) in &raw.stages {
            let at = join("/stages", key);
            let id = self.key_id(&at, key);
            let budget_ms = self.duration(&at, "budget", Some(&written.budget), 0);
            if raw.clocks.iter().any(|clock| clock.id == *key) {
                self.document.flaw_of_key(&at, format!("there is already a clock `{key}`"), "call the stage otherwise");
            }
            if !raw.steps.iter().any(|step| step.stage.as_ref() == Some(key)) && self.has_steps() {
                let hint = format!("add `stage = \"{key}\"` to the steps that it times");
                self.document.flaw_of_key(&at, format!("no step is in stage `{key}`, so it never begins"), hint);
            }
            let budget_ms = budget_under(raw, chosen, key).unwrap_or(budget_ms);
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            stages.push(id.map(|id| (id.clone(), Stage { id, title, budget_ms })));
        }
        stages.into_iter().collect()
    }

    /// The edge written at `at`.
    fn edge(&mut self, raw: &Raw, at: &str, written: &str) -> Option<Edge> {
        let Some((word, name)) = written.split_once(':') else { return Edge::named(written) };
        let (_, room, make) = EDGES_OF.iter().find(|(known, _, _)| *known == word)?;
        if *room == "levers" {
            return self.refer(at, room, name).map(make);
        }
        if !raw.steps.iter().any(|step| step.id == name) && self.has_steps() {
            let hint = match nearest(name, raw.steps.iter().map(|step| step.id.as_str())) {
                Some(meant) => format!("did you mean `{word}:{meant}`?"),
                None => "name the id of a step".to_owned(),
            };
            self.flaw(at, format!("there is no step `{name}`"), hint);
        }
        Id::new(name).ok().map(make)
    }

    /// Whether the checklist could be read at all: what was cut out of it may have been what is missing.
    fn has_steps(&self) -> bool {
        let whole = !self.document.cuts.iter().any(|cut| cut.starts_with("/steps"));
        whole && self.document.value.get("steps").is_some_and(Value::is_array)
    }

    /// That every budget of a profile is one of a clock or a stage that exists, and a duration.
    fn budgets_of_profiles(&mut self, raw: &Raw) {
        for (profile, written) in &raw.profiles {
            let room = join(&join("/profiles", profile), "clocks");
            for (name, budget) in &written.clocks {
                self.duration(&room, name, Some(budget), 0);
                self.is_timed(raw, &join(&room, name), name);
            }
        }
    }

    fn is_timed(&mut self, raw: &Raw, at: &str, name: &str) {
        let clock = raw.clocks.iter().find(|clock| clock.id == name);
        if clock.is_some_and(|clock| clock.starts_on == "hold-started" && clock.stops_on == "hold-met") {
            let what = format!("clock `{name}` times the hold, and may take the hold's `max`");
            self.document.flaw_of_key(at, what, "write `hold = { max = \"…\" }` in the profile");
        }
        let unsure = self.document.cuts.iter().any(|cut| cut.starts_with("/clocks") || cut.starts_with("/stages"));
        if clock.is_none() && !raw.stages.contains_key(name) && !unsure {
            let known = raw.clocks.iter().map(|clock| &clock.id).chain(raw.stages.keys());
            let hint = match nearest(name, known.map(String::as_str)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "name the id of a clock or a stage".to_owned(),
            };
            self.document.flaw_of_key(at, format!("there is no clock `{name}`"), hint);
        }
    }
}

/// What a clock or a stage may take under this profile, if the profile says so.
fn budget_under(raw: &Raw, chosen: &str, name: &str) -> Option<u64> {
    let written = raw.profiles.get(chosen)?.clocks.get(name)?;
    crate::playbook::duration(written).ok()
}
