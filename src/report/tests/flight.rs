//! A flight written by hand: rough, so that every section has something to say.

use crate::incident::event::{DoneBy, Drill, Trigger};
use crate::incident::{Event, EvidenceRef, Moment, ReadBack, Record, Way};
use crate::kind::{Outcome, Seen};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::Id;
use crate::text::Text;

pub(super) struct Flight {
    pub(super) records: Vec<Record>,
    boot: &'static str,
}

pub(super) fn id(raw: &str) -> Id {
    Id::new(raw).unwrap()
}

pub(super) fn verdict(state: VerdictState, value: Option<f64>) -> Verdict {
    Verdict {
        state,
        exit: if state == VerdictState::Ok { ExitState::Met } else { ExitState::Missed },
        value,
        sampled_ms: Some(1_795_230_719_400),
        limit: Some("< 0.60 for 5s".into()),
        why: (!state.is_fresh()).then(|| Text::new("newest sample is 4.1 s old")),
    }
}

pub(super) fn declared() -> Event {
    let trigger = Trigger::Metric { metric: id("coverage"), verdict: verdict(VerdictState::Breach, Some(0.52)) };
    Event::Declared { severity: 2, triggers: vec![trigger], size_up: "index docs_vB answers | badly".into() }
}

fn file(path: &str, hash: &str) -> EvidenceRef {
    EvidenceRef { path: path.into(), sha256: hash.repeat(32), bytes: 120 }
}

fn done(step: &str, saw: &str) -> Event {
    Event::StepDone { step: id(step), by: DoneBy::Sensed { saw: saw.into() }, pick: None }
}

fn started(step: &str) -> Event {
    Event::StepStarted { step: id(step), out_of_order: None }
}

pub(super) fn pulled(attempt: u32, lever: &str, (way, step): (Way, Option<&str>), (was, want): (&str, &str)) -> Event {
    Event::PullStarted {
        attempt,
        lever: id(lever),
        way,
        step: step.map(id),
        want: want.into(),
        was: Some(was.into()),
        bindings: [].into(),
        request_sha256: format!("{attempt:x}").repeat(64),
        deadline_ms: 10_000,
        override_reason: None,
        by_hand: false,
    }
}

fn settled(attempt: u32, outcome: Outcome, detail: &str) -> Event {
    let evidence = (attempt == 2).then(|| file("evidence/pull-2.json", "b2"));
    Event::PullSettled { attempt, outcome, detail: detail.into(), took_ms: 12, evidence }
}

fn read(attempt: u32, result: ReadBack, saw: &str) -> Event {
    Event::ReadBack { attempt, result, saw: Seen::Value(saw.into()), looks: 2, took_ms: 1_030, detail: None }
}

impl Flight {
    pub(super) fn open() -> Self {
        let mut flight = Self { records: Vec::new(), boot: "drill" };
        let opened = Event::Opened {
            incident: "drill-index-mismatch-1".into(),
            service: id("docs-rag"),
            environment: id("testbed"),
            profile: "drill".into(),
            playbook_sha256: "d0".repeat(32),
            version: "0.1.0".into(),
            drill: None,
        };
        flight.add(0, "goaround", opened);
        flight
    }

    pub(super) fn reboot(&mut self) {
        self.boot = "another";
    }

    pub(super) fn add(&mut self, second: u64, actor: &str, event: Event) {
        let start = Moment { wall_ms: 1_795_230_710_250, boot_ns: 1_000_000_000, boot_id: self.boot.into() };
        let seq = self.records.len() as u64 + 1;
        self.records.push(Record { seq, at: start.plus_ms(second * 1000), actor: Text::new(actor), event });
    }

    fn all(&mut self, second: u64, events: Vec<(&str, Event)>) {
        for (actor, event) in events {
            self.add(second, actor, event);
        }
    }
}

/// Detected, declared, two levers that work, one that ends Unknown, one skipped step, a gap, a debt left open.
pub(super) fn rough() -> Vec<Record> {
    let mut flight = Flight::open();
    if let Event::Opened { drill, .. } = &mut flight.records[0].event {
        *drill = Some(Drill::of(id("index-mismatch"), 1));
    }
    see_and_declare(&mut flight);
    checklist(&mut flight);
    recover(&mut flight);
    flight.records
}

fn see_and_declare(flight: &mut Flight) {
    let turned =
        |metric, state, value| ("sensor", Event::VerdictChanged { metric: id(metric), verdict: verdict(state, value) });
    flight.all(4, vec![turned("coverage", VerdictState::Warn, Some(0.571))]);
    flight.all(9, vec![turned("coverage", VerdictState::Breach, Some(0.523))]);
    flight.all(
        10,
        vec![turned("ds", VerdictState::Breach, Some(0.41)), ("ops", Event::Acknowledged { metric: id("coverage") })],
    );
    flight.all(
        21,
        vec![
            ("ops", declared()),
            ("ops", Event::ChecklistStarted),
            ("ops", Event::SymptomDeclared { symptom: id("index-mismatch") }),
        ],
    );
}

fn checklist(flight: &mut Flight) {
    let captured = Event::EvidenceCaptured {
        step: Some(id("capture")),
        title: "pins and samples".into(),
        file: file("evidence/pins.json", "a1"),
        values: [("BUILD_ID", "2026.11.20-3"), ("INDEX_HASH", "9f1c"), ("alias", "docs_vB"), ("coverage", "0.52")]
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into(),
        missing: vec!["TOK_VER".into()],
    };
    flight.all(
        22,
        vec![("ops", started("capture")), ("goaround", captured), ("goaround", done("capture", "7 of 8 pins"))],
    );
    flight
        .all(24, vec![("ops", started("freeze")), ("ops", pulled(1, "freeze", (Way::Do, Some("freeze")), ("+", "-")))]);
    flight.all(
        25,
        vec![
            ("goaround", settled(1, Outcome::Applied, "OK")),
            ("goaround", Event::DebtOpened { debt: id("unfreeze"), title: "unfreeze writers".into() }),
        ],
    );
    flight.all(26, vec![("goaround", read(1, ReadBack::Agrees, "-")), ("sensor", done("freeze", "-"))]);
    let pick = DoneBy::confirmed("alias".into(), 3_100);
    flight.all(
        30,
        vec![
            ("ops", started("pick")),
            ("ops", Event::StepDone { step: id("pick"), by: pick, pick: Some(id("alias")) }),
        ],
    );
    flight.all(
        32,
        vec![("ops", started("flip")), ("ops", pulled(2, "alias", (Way::Do, Some("flip")), ("docs_vB", "docs_vA")))],
    );
    flight
        .all(42, vec![("goaround", settled(2, Outcome::Unknown, "sent, and the connection was cut before an answer"))]);
    flight.all(44, vec![("goaround", read(2, ReadBack::Agrees, "docs_vA")), ("sensor", done("flip", "docs_vA"))]);
    flight.all(45, vec![("sensor", Event::SensorTurned { probe: id("alias"), seen: Seen::Value("docs_vA".into()) })]);
    flight.all(
        48,
        vec![("ops", started("rotate")), ("ops", pulled(3, "rotate", (Way::Do, Some("rotate")), ("ns:b", "ns:a")))],
    );
    flight.all(49, vec![("goaround", settled(3, Outcome::Rejected, "0: somebody changed it first"))]);
    flight.all(
        55,
        vec![(
            "ops",
            Event::StepSkipped { step: id("rotate"), reason: "namespace is owned by another team <now>".into() },
        )],
    );
    flight.all(90, vec![("ops", Event::StepOverridden { step: id("throttle"), reason: "load is low".into() })]);
}

fn recover(flight: &mut Flight) {
    let turned =
        |metric, state, value| ("sensor", Event::VerdictChanged { metric: id(metric), verdict: verdict(state, value) });
    flight.all(91, vec![("ops", started("watch")), ("goaround", Event::HoldStarted)]);
    flight.all(
        95,
        vec![
            ("ops", Event::MessageQueued { comm: id("first"), file: file("comms/first.md", "c4") }),
            (
                "goaround",
                Event::MessageSettled {
                    again_in_ms: None,
                    comm: id("first"),
                    outcome: Outcome::NotSent,
                    detail: "connection refused".into(),
                },
            ),
        ],
    );
    flight.all(101, vec![turned("coverage", VerdictState::Ok, Some(0.73)), turned("ds", VerdictState::Ok, Some(0.24))]);
    flight.all(
        110,
        vec![
            turned("coverage", VerdictState::Stale, Some(0.73)),
            ("goaround", Event::HoldPaused { why: "coverage cannot be measured".into() }),
        ],
    );
    flight.all(118, vec![turned("coverage", VerdictState::Ok, Some(0.731)), ("goaround", Event::HoldResumed)]);
    flight.all(120, vec![("ops", Event::NoteAdded { text: "asked #search for a second look".into() })]);
    flight.all(186, vec![("goaround", Event::HoldMet { green_ms: 77_000 }), ("sensor", done("watch", "green"))]);
    flight.all(190, vec![("ops", pulled(4, "freeze", (Way::Undo, None), ("-", "+")))]);
    flight.all(
        191,
        vec![
            ("goaround", settled(4, Outcome::Applied, "OK")),
            ("goaround", read(4, ReadBack::Agrees, "+")),
            ("goaround", Event::DebtPaid { debt: id("unfreeze"), by: "pull 4".into() }),
        ],
    );
    flight.all(195, vec![("ops", Event::Closed { recovered: true, override_reason: None })]);
}
