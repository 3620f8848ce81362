//! The shared playbook's calls, and a small pilot that pulls and looks.

use crate::drill::{Scenario, World};
use crate::kind::prometheus::{Named, batch, readings};
use crate::kind::{BackendConfig, BackendTable, Call, CallTable, Outcome, Reading, Use, Vars, fill};
use crate::playbook::{Bind, Condition, Hold, Id, Lever, Metric, Playbook, Probe, Profile, Test, Undo, Unit, Verify};
use indexmap::IndexMap;
use serde::Deserialize;

const DOCS_RAG: &str = include_str!("../../../fixtures/playbooks/docs-rag.toml");

/// As much of a playbook's shape as a world needs.
#[derive(Deserialize)]
struct Shape {
    backends: IndexMap<Id, BackendTable>,
    probes: IndexMap<Id, Asking>,
    metrics: IndexMap<Id, Asking>,
    levers: IndexMap<Id, Pulling>,
}

#[derive(Deserialize)]
struct Asking {
    #[serde(flatten)]
    call: CallTable,
}

#[derive(Deserialize)]
struct Pulling {
    #[serde(default)]
    bind: IndexMap<String, toml::Value>,
    undo: Asking,
    #[serde(flatten)]
    call: CallTable,
}

fn one(table: CallTable) -> Call {
    table.all().pop().expect("a call")
}

/// The shared playbook's backends, probes, metrics and levers.
pub(super) fn docs_rag() -> Playbook {
    let shape: Shape = toml::from_str(DOCS_RAG).unwrap();
    let probe = |(id, asking): (Id, Asking)| (id.clone(), probe(id, one(asking.call)));
    let metric = |(id, asking): (Id, Asking)| (id.clone(), metric(id, one(asking.call)));
    let lever = |(id, pulling): (Id, Pulling)| (id.clone(), lever(id, pulling));
    Playbook {
        name: "docs-rag.toml".into(),
        source: DOCS_RAG.into(),
        service: id("docs-rag"),
        environment: id("testbed"),
        title: String::new(),
        profile: Profile::default(),
        backends: shape.backends.into_iter().map(|(id, table)| (id, table.all().pop().unwrap())).collect(),
        probes: shape.probes.into_iter().map(probe).collect(),
        metrics: shape.metrics.into_iter().map(metric).collect(),
        symptoms: IndexMap::new(),
        levers: shape.levers.into_iter().map(lever).collect(),
        steps: Vec::new(),
        debts: IndexMap::new(),
        clocks: Vec::new(),
        hold: Hold { green_for_ms: 60_000, max_ms: 300_000, max_gap_ms: 60_000 },
        comms: IndexMap::new(),
    }
}

pub(super) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn probe(id: Id, call: Call) -> Probe {
    Probe { id, title: String::new(), call, every_ms: 1000, timeout_ms: 2000 }
}

fn metric(id: Id, source: Call) -> Metric {
    Metric {
        id,
        title: String::new(),
        source,
        unit: Unit::Number,
        every_ms: 1000,
        timeout_ms: 2000,
        warn: None,
        stop: None,
        exit: None,
        baseline: None,
    }
}

fn lever(id: Id, pulling: Pulling) -> Lever {
    let bind = |(name, value): (String, toml::Value)| {
        let bind = match value {
            toml::Value::String(text) => Bind::Text(text),
            other => Bind::Probe(Id::new(other["probe"].as_str().unwrap()).unwrap()),
        };
        (name, bind)
    };
    let condition = Condition { probe: self::id("arm"), test: Test::Is(String::new()) };
    let verify = Verify { condition, agree: 2, within_ms: 10_000 };
    Lever {
        id,
        title: String::new(),
        call: one(pulling.call),
        bind: pulling.bind.into_iter().map(bind).collect(),
        precheck: Vec::new(),
        verify: verify.clone(),
        undo: Some(Undo { call: one(pulling.undo.call), verify }),
        takes_ms: 1000,
        timeout_ms: 10_000,
        irreversible: false,
        by_hand: None,
    }
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

    /// Whether the exit targets of the shared playbook are all met.
    pub(super) fn recovered(&mut self, now_ms: u64) -> bool {
        self.value("errors", now_ms) < 0.005
            && self.value("p95", now_ms) <= 57.5
            && self.value("coverage", now_ms) >= 0.70
            && self.value("ds", now_ms) <= 0.27
            && self.value("lambda", now_ms) <= 0.20
    }
}

fn prom(call: &Call) -> crate::kind::prometheus::Call {
    match call {
        Call::Prometheus(call) => call.clone(),
        other => panic!("{} is no Prometheus query", other.kind()),
    }
}
