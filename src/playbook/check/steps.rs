//! The checklist.

use super::Desk;
use crate::playbook::ask::RawAsk;
use crate::playbook::raw::{Raw, RawCapture, RawStep};
use crate::playbook::spans::join;
use crate::playbook::{Ask, Capture, Id, Step, StepKind};

/// The keys that say what a step does.
const KINDS: &[&str] = &["capture", "pick", "levers", "sequence", "wait", "watch", "ask"];

impl Desk<'_> {
    /// The checklist.
    pub(super) fn steps(&mut self, raw: &Raw) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        for (i, written) in raw.steps.iter().enumerate() {
            let at = join("/steps", i);
            if raw.steps[..i].iter().any(|earlier| earlier.id == written.id) {
                self.flaw(
                    &join(&at, "id"),
                    format!("there is already a step `{}`", written.id),
                    "every step has an id of its own",
                );
            }
            steps.push(self.step(&at, written));
            self.pulled_later(raw, i);
            if written.watch == Some(true) {
                self.can_turn_green(raw, &join(&at, "watch"));
                self.watches_once(&raw.steps[..i], &join(&at, "watch"));
            }
            if let Some(wait) = &written.wait {
                self.can_be_awaited(raw, &join(&at, "wait"), wait);
            }
            self.waits_alone(written, &at);
            self.sensor_fits(written, &join(&at, "done"));
            self.branch_fits(written, &at);
        }
        steps.into_iter().collect()
    }

    fn step(&mut self, at: &str, written: &RawStep) -> Option<Step> {
        let id = self.id(&join(at, "id"), &written.id);
        let done = written.done.as_ref().map(|raw| self.condition(&join(at, "done"), raw, &[]));
        let branch = written.branch.as_ref().map(|branch| self.refer(&join(at, "branch"), "branches", branch));
        let unless = written.unless.as_ref().map(|branch| self.refer(&join(at, "unless"), "branches", branch));
        let kind = self.exactly_one(at, KINDS, "nothing to do").and_then(|()| self.step_kind(at, written));
        let stage = written.stage.as_ref().map(|stage| self.refer(&join(at, "stage"), "stages", stage));
        Some(Step {
            id: id?,
            title: written.title.clone().unwrap_or_else(|| written.id.clone()),
            why: written.why.clone().unwrap_or_default(),
            sixty: written.clock.is_some(),
            branch: match branch {
                Some(branch) => Some(branch?),
                None => None,
            },
            unless: match unless {
                Some(branch) => Some(branch?),
                None => None,
            },
            stage: match stage {
                Some(stage) => Some(stage?),
                None => None,
            },
            kind: kind?,
            done: match done {
                Some(done) => Some(done?),
                None => None,
            },
            by_hand: written.by_hand.clone(),
        })
    }

    fn step_kind(&mut self, at: &str, written: &RawStep) -> Option<StepKind> {
        if let Some(raw) = &written.capture {
            return self.capture(&join(at, "capture"), raw).map(StepKind::Capture);
        }
        if let Some(levers) = &written.pick {
            return self.some_levers(&join(at, "pick"), levers).map(StepKind::Pick);
        }
        if let Some(levers) = &written.levers {
            return self.some_levers(&join(at, "levers"), levers).map(StepKind::Pull);
        }
        if let Some(levers) = &written.sequence {
            return self.sequence(&join(at, "sequence"), levers).map(StepKind::Sequence);
        }
        if let Some(raw) = &written.wait {
            return self.wait(&join(at, "wait"), raw).map(StepKind::Wait);
        }
        if let Some(raw) = &written.ask {
            return Some(StepKind::Ask(self.ask(&join(at, "ask"), raw)));
        }
        if written.watch == Some(false) {
            self.flaw(&join(at, "watch"), "a step that does not watch does nothing", "write `watch = true`");
        }
        Some(StepKind::Watch)
    }

    fn some_levers(&mut self, at: &str, levers: &[String]) -> Option<Vec<Id>> {
        if levers.is_empty() {
            self.flaw(at, "there is no lever to choose from", "name at least one lever");
        }
        self.refer_all(at, "levers", levers)
    }

    fn capture(&mut self, at: &str, raw: &RawCapture) -> Option<Capture> {
        let pins_at = join(at, "pins");
        let pins_probe = raw.pins.as_ref().map(|pins| self.refer(&join(&pins_at, "probe"), "probes", &pins.probe));
        if raw.pins.as_ref().is_some_and(|pins| pins.keys.is_empty()) {
            self.flaw(&join(&pins_at, "keys"), "there is no pin to capture", "name the keys of the probe's answer");
        }
        let metrics = self.refer_all(&join(at, "metrics"), "metrics", &raw.metrics);
        let probes = self.refer_all(&join(at, "probes"), "probes", &raw.probes);
        let pins = raw.pins.as_ref().map(|pins| pins.keys.clone()).unwrap_or_default();
        let pins_probe = match pins_probe {
            Some(probe) => Some(probe?),
            None => None,
        };
        Some(Capture { pins_probe, pins, metrics: metrics?, probes: probes? })
    }

    fn ask(&mut self, at: &str, raw: &RawAsk) -> Ask {
        let good = raw.good.unwrap_or(1);
        if raw.answers.is_empty() {
            let hint = "add `answers = [\"yes\", \"no\"]`; the first one means done";
            self.flaw(&join(at, "answers"), "a question without answers cannot be answered", hint);
        } else if good == 0 || good > raw.answers.len() {
            let what = format!("`good` is {good}, and there are {} answers", raw.answers.len());
            self.flaw(&join(at, "good"), what, "it says how many of the answers, from the first, mean done");
        }
        self.names_a_role(&join(at, "approver"), raw.approver.as_deref());
        let (question, answers) = (raw.question.clone(), raw.answers.clone());
        Ask { question, answers, good, approver: raw.approver.clone() }
    }

    /// That whatever a step picks is pulled by a step behind it.
    fn pulled_later(&mut self, raw: &Raw, i: usize) {
        let Some(picks) = &raw.steps[i].pick else { return };
        let at = join(&join("/steps", i), "pick");
        let pulled: Vec<_> =
            raw.steps[i + 1..].iter().flat_map(|step| step.levers.iter().chain(&step.sequence)).flatten().collect();
        let unsure = self.document.cuts.iter().any(|cut| cut.starts_with("/steps"));
        for (n, lever) in picks.iter().enumerate().filter(|(_, lever)| raw.levers.contains_key(*lever)) {
            if !unsure && !pulled.contains(&lever) {
                let what = format!("`{lever}` can be picked here, and no later step pulls it");
                self.flaw(&join(&at, n), what, "add it to the `levers` of a later step");
            }
        }
    }

    /// That some metric has an exit limit for a watch step to wait for.
    fn can_turn_green(&mut self, raw: &Raw, at: &str) {
        let base = raw.metrics.values().map(|metric| &metric.limits);
        let mut all = base.chain(raw.profiles.values().flat_map(|profile| profile.metrics.values()));
        let unsure = self.document.cuts.iter().any(|cut| cut.starts_with("/metrics") || cut.starts_with("/profiles"));
        if !unsure && !all.any(|limits| limits.exit.is_some()) {
            let hint = "add `exit = \"…\"` to the metrics that say production has recovered";
            self.flaw(at, "no metric has an `exit` limit, so watching could never end", hint);
        }
    }

    /// That no earlier step watches: there is one hold, and the first watch step ends it.
    fn watches_once(&mut self, earlier: &[RawStep], at: &str) {
        if let Some(first) = earlier.iter().find(|step| step.watch == Some(true)) {
            let what = format!("`{}` watches for green already, and there is one hold", first.id);
            self.flaw(at, what, "keep one of the two steps");
        }
    }

    /// That a sensor does not tick what only the hold or a person can settle.
    fn sensor_fits(&mut self, written: &RawStep, at: &str) {
        let settled_by = match (&written.done, written.watch, &written.pick) {
            (Some(_), Some(true), _) => "a watch step is done when the hold is met",
            (Some(_), _, Some(_)) => "a pick step is done when a lever is picked",
            (_, _, _) => return,
        };
        self.flaw(at, format!("{settled_by}, not by a sensor"), "take `done` out");
    }
}
