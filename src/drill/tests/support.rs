//! The shared playbook, and a small pilot that pulls and looks.

use crate::drill::{Scenario, World};
use crate::kind::prometheus::{Named, batch, readings};
use crate::kind::{BackendConfig, Call, Outcome, Reading, Use, Vars, fill};
use crate::playbook::{Baseline, Bind, Limit, Metric, Playbook};

const DOCS_RAG: &str = include_str!("../../../fixtures/playbooks/docs-rag.toml");

/// The shared playbook, as a drill flies it.
pub(super) fn docs_rag() -> Playbook {
    Playbook::parse("docs-rag.toml", DOCS_RAG, Some("drill")).unwrap()
}

pub(super) fn index_mismatch() -> Scenario {
    Scenario::parse("index-mismatch.toml", Scenario::embedded("index-mismatch").unwrap()).unwrap()
}

/// A drill flown by hand: a world and the playbook's calls into it.
pub(super) struct Flight {
    pub(super) playbook: Playbook,
    pub(super) world: World,
}

impl Flight {
    pub(super) fn new(seed: u64) -> Self {
        let playbook = docs_rag();
        let world = World::new(&index_mismatch(), &playbook, seed).unwrap();
        Self { playbook, world }
    }

    /// What a probe sees.
    pub(super) fn look(&mut self, probe: &str, now_ms: u64) -> Option<String> {
        let call = &self.playbook.probes[probe].call;
        let exchange = call.encode(&self.playbook.backends[call.backend()], Use::Look, &Vars::new()).unwrap();
        let (result, _) = self.world.handle(call.backend(), &exchange, now_ms);
        call.see(&result).value().map(str::to_owned)
    }

    /// Pulls a lever and says how that ended.
    pub(super) fn pull(&mut self, lever: &str, now_ms: u64) -> Outcome {
        let vars = self.bound(lever, now_ms);
        let call = self.playbook.levers[lever].call.clone();
        self.act(&call, &vars, now_ms)
    }

    /// Takes a lever back.
    pub(super) fn undo(&mut self, lever: &str, now_ms: u64) -> Outcome {
        let vars = self.bound(lever, now_ms);
        let call = self.playbook.levers[lever].undo.clone().unwrap().call;
        self.act(&call, &vars, now_ms)
    }

    fn bound(&mut self, lever: &str, now_ms: u64) -> Vars {
        let mut vars = Vars::from([("incident".to_owned(), "drill-index-mismatch-1".to_owned())]);
        for (name, bind) in self.playbook.levers[lever].bind.clone() {
            let value = match bind {
                Bind::Probe(probe) => self.look(probe.as_str(), now_ms).unwrap(),
                Bind::After(_) => "2026-11-21T03:42:00Z".to_owned(),
                Bind::Text(text) => fill(&text, &vars, str::to_owned).unwrap(),
            };
            vars.insert(name, value);
        }
        vars
    }

    fn act(&mut self, call: &Call, vars: &Vars, now_ms: u64) -> Outcome {
        let exchange = call.encode(&self.playbook.backends[call.backend()], Use::Act, vars).unwrap();
        let (result, _) = self.world.handle(call.backend(), &exchange, now_ms);
        call.settle(&result).outcome
    }

    /// Every metric's reading, asked for in one batch.
    pub(super) fn readings(&mut self, now_ms: u64) -> Vec<(String, Reading)> {
        let calls: Vec<_> =
            self.playbook.metrics.values().map(|metric| (metric.id.clone(), prom(&metric.source))).collect();
        let named: Vec<Named<'_>> = calls.iter().map(|(id, call)| (id.as_str(), call)).collect();
        let BackendConfig::Prometheus(backend) = &self.playbook.backends["prom"] else { panic!("prom is Prometheus") };
        let exchange = batch(backend, &named, None).unwrap();
        let (result, _) = self.world.handle("prom", &exchange, now_ms);
        let readings = readings(&named, &result).unwrap();
        calls.iter().map(|(id, _)| id.to_string()).zip(readings).collect()
    }

    pub(super) fn value(&mut self, metric: &str, now_ms: u64) -> f64 {
        match self.readings(now_ms).into_iter().find(|(id, _)| id == metric) {
            Some((_, Reading::Value { value, .. })) => value,
            other => panic!("{metric}: {other:?}"),
        }
    }

    /// Whether the exit targets of the playbook are all met, and there are some.
    pub(super) fn recovered(&mut self, now_ms: u64) -> bool {
        self.against(now_ms, |metric| metric.exit.as_ref()).is_some_and(|held| held.iter().all(|(_, holds)| *holds))
    }

    /// The metrics whose stop limit's bound is broken.
    pub(super) fn broken(&mut self, now_ms: u64) -> Vec<String> {
        let held = self.against(now_ms, |metric| metric.stop.as_ref()).unwrap_or_default();
        held.into_iter().filter(|(_, holds)| *holds).map(|(id, _)| id).collect()
    }

    /// Which metrics are on their limit's side of its bound; nothing if no metric has such a limit.
    fn against(&mut self, now_ms: u64, limit: impl Fn(&Metric) -> Option<&Limit>) -> Option<Vec<(String, bool)>> {
        let readings = self.readings(now_ms);
        let mut held = Vec::new();
        for (id, reading) in readings {
            let metric = &self.playbook.metrics[id.as_str()];
            let Some(limit) = limit(metric) else { continue };
            let Reading::Value { value, .. } = reading else { panic!("{id}: {reading:?}") };
            let baseline = match metric.baseline {
                Some(Baseline::Value(value)) => Some(value),
                Some(Baseline::File { .. } | Baseline::Offset(_) | Baseline::AtStart(_)) | None => None,
            };
            held.push((id, limit.holds(value, baseline).unwrap()));
        }
        (!held.is_empty()).then_some(held)
    }
}

fn prom(call: &Call) -> crate::kind::prometheus::Call {
    match call {
        Call::Prometheus(call) => call.clone(),
        other => panic!("{} is no Prometheus query", other.kind()),
    }
}
