//! The playbook of the scene: the docs-rag rollback, made by hand.

use crate::kind::{BackendConfig, BackendTable, Call, CallTable};
use crate::playbook::{
    Ask, Bound, Capture, Clock, Comm, Condition, Debt, DebtAfter, Edge, Guide, Hold, Id, Lever, Limit, Lists, Metric,
    Noun, Op, Playbook, Probe, Profile, Step, StepKind, Symptom, Test, Undo, Unit, Verify,
};

pub(super) fn id(raw: &str) -> Id {
    Id::new(raw).expect("ids of tests are ids")
}

fn call() -> Call {
    let table: CallTable = toml::from_str(r#"http = { backend = "edge", get = "/pins" }"#).expect("a call");
    table.all().remove(0)
}

fn edge() -> BackendConfig {
    let table: BackendTable = toml::from_str(r#"http = { url = "http://127.0.0.1:17082" }"#).expect("a backend");
    table.all().remove(0)
}

fn limit(written: &str, op: Op, value: f64) -> Limit {
    let for_ms = if written.contains(" for ") { 5000 } else { 0 };
    Limit { op, bound: Bound::Value(value), for_ms, written: written.into() }
}

fn metric(name: &str, title: &str, unit: Unit, stop: Option<Limit>, exit: Option<Limit>) -> (Id, Metric) {
    let metric = Metric {
        group: None,
        id: id(name),
        title: title.into(),
        source: call(),
        unit,
        every_ms: 1000,
        timeout_ms: 1000,
        warn: None,
        stop,
        exit,
        baseline: None,
        guide: Guide::default(),
    };
    (id(name), metric)
}

fn condition(probe: &str, is: &str) -> Condition {
    Condition { probe: id(probe), also: Vec::new(), test: Test::Is(is.into()) }
}

fn lever(name: &str, title: &str, probe: &str, is: &str, was: &str) -> (Id, Lever) {
    let verify = |is: &str| Verify { condition: condition(probe, is), agree: 2, within_ms: 10_000 };
    let frozen = ["pointer", "alias"].contains(&name).then(|| condition("writers", "-"));
    let lever = Lever {
        recipe: None,
        risks: Vec::new(),
        docs: Vec::new(),
        id: id(name),
        title: title.into(),
        call: call(),
        bind: [].into_iter().collect(),
        precheck: frozen.into_iter().collect(),
        verify: Some(verify(is)),
        undo: Some(Undo { call: call(), verify: Some(verify(was)) }),
        takes_ms: 1000,
        timeout_ms: 2000,
        irreversible: false,
        second_person: false,
        approver: None,
        by_hand: (name == "freeze").then(|| "redis-cli ACL SETUSER writer -@write".into()),
    };
    (id(name), lever)
}

fn step(name: &str, title: &str, why: &str, kind: StepKind, done: Option<Condition>) -> Step {
    let sixty = !matches!(kind, StepKind::Watch | StepKind::Ask(_));
    Step {
        id: id(name),
        title: title.into(),
        why: why.into(),
        branch: None,
        unless: None,
        sixty,
        stage: None,
        kind,
        done,
        by_hand: None,
    }
}

pub(super) fn ids(names: &[&str]) -> Vec<Id> {
    names.iter().map(|name| id(name)).collect()
}

fn steps() -> Vec<Step> {
    let pointers = || ids(&["flag", "pointer", "alias", "pins"]);
    vec![
        step(
            "capture",
            "capture state",
            "what is in service now cannot be known later",
            StepKind::Capture(Capture::default()),
            None,
        ),
        step(
            "freeze",
            "freeze writers",
            "non-idempotent writers must stop before a pointer moves",
            StepKind::Pull(ids(&["freeze"])),
            Some(condition("writers", "-")),
        ),
        step("pick", "pick lever", "the fastest lever that fits the symptom", StepKind::Pick(pointers()), None),
        step("flip", "flip one pointer", "one pointer, one operation", StepKind::Pull(pointers()), None),
        step(
            "rotate",
            "rotate cache ns",
            "answers of the bad version stay in the cache otherwise",
            StepKind::Pull(ids(&["rotate"])),
            Some(condition("namespace", "ns-blue")),
        ),
        step(
            "throttle",
            "throttle on",
            "let the system cool while it recovers",
            StepKind::Pull(ids(&["throttle"])),
            Some(condition("limit", "20")),
        ),
        step(
            "watch",
            "watch for green",
            "hold until every exit target has been green long enough",
            StepKind::Watch,
            None,
        ),
    ]
}

fn levers() -> impl Iterator<Item = (Id, Lever)> {
    [
        lever("freeze", "Freeze writers", "writers", "-", "+"),
        lever("flag", "Kill switch: prompt pack off", "flag", "off", "on"),
        lever("pointer", "Pointer back to blue", "arm", "blue", "green"),
        lever("alias", "Index alias back to docs_vA", "alias", "docs_vA", "docs_vB"),
        lever("pins", "Unpin to the last known good set", "pinset", "last-known-good", "pinned"),
        lever("rotate", "Rotate cache namespace", "namespace", "ns-blue", "ns-green"),
        lever("throttle", "Throttle to 20 requests per second", "limit", "20", "100000"),
    ]
    .into_iter()
}

fn metrics() -> impl Iterator<Item = (Id, Metric)> {
    [
        metric(
            "errors",
            "5xx",
            Unit::Ratio,
            Some(limit("> 1% for 5s", Op::Gt, 0.01)),
            Some(limit("< 0.5%", Op::Lt, 0.005)),
        ),
        metric("p99", "p99", Unit::Millis, Some(limit("> 100ms for 5s", Op::Gt, 100.0)), None),
        metric("p95", "p95", Unit::Millis, None, Some(limit("<= 57ms", Op::Le, 57.0))),
        metric(
            "coverage",
            "coverage",
            Unit::Number,
            Some(limit("< 0.60 for 5s", Op::Lt, 0.6)),
            Some(limit(">= 0.70", Op::Ge, 0.7)),
        ),
        metric(
            "ds",
            "dS",
            Unit::Number,
            Some(limit("> 0.37 for 5s", Op::Gt, 0.37)),
            Some(limit("<= 0.27", Op::Le, 0.27)),
        ),
        metric(
            "lambda",
            "lambda flips",
            Unit::Number,
            Some(limit("> 0.20", Op::Gt, 0.2)),
            Some(limit("<= 0.20", Op::Le, 0.2)),
        ),
    ]
    .into_iter()
}

pub(super) fn playbook() -> Playbook {
    let debt = |name: &str, title: &str, lever: &str, after| {
        (id(name), Debt { id: id(name), title: title.into(), lever: id(lever), after, owner: None })
    };
    let probe = |(name, title): (&str, &str)| {
        let probe = Probe { id: id(name), title: title.into(), call: call(), every_ms: 2000, timeout_ms: 1000 };
        (id(name), probe)
    };
    let probes = [
        ("arm", "arm in service"),
        ("alias", "index alias"),
        ("flag", "prompt pack canary"),
        ("pinset", "pin set"),
        ("writers", "writers"),
        ("namespace", "cache namespace"),
        ("limit", "requests per second let in"),
    ];
    let symptom = Symptom {
        id: id("index-mismatch"),
        title: "wrong index: coverage down, 5xx quiet".into(),
        any: Vec::new(),
        when: ids(&["coverage"]),
        unless: ids(&["errors"]),
        levers: ids(&["alias", "pointer", "flag", "pins"]),
        links: Vec::new(),
    };
    let first = Comm {
        id: id("first"),
        title: "first post".into(),
        send: None,
        body: "Rolling back {{ service }}.\nImpact: [[who / what / region]]".into(),
        due_ms: Some(300_000),
        stage: None,
        public: false,
    };
    let sixty = Clock {
        id: "60s".into(),
        title: "60s".into(),
        starts_on: Edge::FirstStep,
        stops_on: Edge::SixtyDone,
        budget_ms: 60_000,
        sla: false,
    };
    Playbook {
        name: "docs-rag.toml".into(),
        source: String::new(),
        service: id("docs-rag"),
        environment: id("testbed"),
        title: "RAG rollback".into(),
        declares: Noun::default(),
        profile: Profile::default(),
        backends: [(id("edge"), edge())].into_iter().collect(),
        probes: probes.into_iter().map(probe).collect(),
        metrics: metrics().collect(),
        symptoms: [(id("index-mismatch"), symptom)].into_iter().collect(),
        levers: levers().collect(),
        steps: steps(),
        branches: [].into_iter().collect(),
        debts: [
            debt("unfreeze", "unfreeze writers", "freeze", DebtAfter::Hold),
            debt("unthrottle", "throttle off", "throttle", DebtAfter::Debt(id("unfreeze"))),
        ]
        .into_iter()
        .collect(),
        clocks: vec![sixty],
        stages: indexmap::IndexMap::new(),
        hold: Hold { green_for_ms: 60_000, max_ms: 300_000, max_gap_ms: 60_000 },
        comms: [(id("first"), first)].into_iter().collect(),
        lists: Lists::default(),
    }
}

/// A step that asks a person, for the tests that need one.
pub(super) fn asking() -> Step {
    let ask = Ask {
        question: "is the old index warm?".into(),
        answers: vec!["warm".into(), "cold".into()],
        good: 1,
        approver: None,
    };
    step("warm", "old index warm", "a cold index is slow", StepKind::Ask(ask), None)
}
