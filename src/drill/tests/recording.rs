//! Claims about an incident flown again: who declared it and how, and where what is known of it ends.

use crate::drill::{About, Policy, Recording};
use crate::incident::event::Trigger;
use crate::incident::{BootId, Command, Event, Moment, Move, Record, replay};
use crate::kind::{Answer, Seen, Told};
use crate::playbook::{Id, Playbook};
use crate::report::Dossier;

/// When the recorded incident was opened, in ms since 1970.
const OPENED_MS: i64 = 1_795_230_720_000;
/// How long it took, in ms.
const TOOK_MS: i64 = 30_000;

const PLAYBOOK: &str = include_str!("../../../fixtures/playbooks/docs-rag.toml");

fn playbook() -> Playbook {
    Playbook::parse("docs-rag.toml", PLAYBOOK, Some("drill")).unwrap_or_else(|flaws| panic!("{flaws:#?}"))
}

fn at(after_ms: i64) -> Moment {
    let boot_ns = u64::try_from(after_ms).unwrap() * 1_000_000;
    Moment { wall_ms: OPENED_MS + after_ms, boot_ns, boot_id: BootId::from("drill") }
}

fn record(seq: u64, after_ms: i64, event: Event) -> Record {
    Record { seq, at: at(after_ms), actor: "mira".into(), event }
}

fn opened() -> Record {
    let event = Event::Opened {
        incident: "20261121-031200-docs-rag".into(),
        service: id("docs-rag"),
        environment: id("production"),
        profile: "drill".into(),
        playbook_sha256: String::new(),
        version: "0.1.0".into(),
        drill: None,
    };
    record(1, 0, event)
}

fn declared(severity: u8) -> Event {
    Event::Declared { severity, triggers: vec![Trigger::Person("mixed answers".into())], size_up: "both arms".into() }
}

/// An incident that was opened, looked at, told this of, and noted for the last time after [`TOOK_MS`].
fn recorded(told: Option<Event>) -> Recording {
    let seen = Event::SensorTurned { probe: id("arm"), seen: Seen::Value("green".into()) };
    let last = Event::NoteAdded { text: "that was all".into() };
    let events = [(1_000, Some(seen)), (2_000, told), (TOOK_MS, Some(last))];
    let events = events.into_iter().filter_map(|(after_ms, event)| Some((after_ms, event?)));
    let records = events.zip(2..).map(|((after_ms, event), seq)| record(seq, after_ms, event));
    let sample = r#"{"at":1795230721000,"metric":"coverage","value":0.81,"sampled":1795230721000}"#;
    let dossier = Dossier {
        dir: "20261121-031200-docs-rag".into(),
        playbook_text: PLAYBOOK.into(),
        playbook: Some(playbook()),
        records: std::iter::once(opened()).chain(records).collect(),
        hashes: Vec::new(),
        torn_bytes: 0,
        samples: vec![sample.into()],
        files: Vec::new(),
        comms: std::collections::BTreeMap::new(),
        fault: None,
        unread: Vec::new(),
    };
    Recording::new(&dossier).unwrap()
}

fn id(id: &str) -> Id {
    Id::new(id).unwrap()
}

/// What is told of the probe `arm` so long after the beginning.
fn arm(recording: &Recording, after_ms: i64) -> Told {
    match recording.tell(&About::Probe(id("arm")), OPENED_MS + after_ms) {
        (Ok(Answer::Told(told)), _) => told,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_declared_by_hand_is_declared_again_as_severely() {
    let playbook = playbook();
    let severity = |recorded: &Recording| {
        let state = replay(&playbook, &[opened()]);
        match Policy::recorded(recorded, &playbook).next(&state, &at(2_000)).1 {
            Move::Submit(Command::Declare { severity, size_up }) => (severity, size_up.to_string()),
            other => panic!("{other:?}"),
        }
    };
    for recorded_as in [1, 3] {
        assert_eq!(severity(&recorded(Some(declared(recorded_as)))), (recorded_as, "both arms".to_owned()));
    }
}

#[test]
fn nothing_is_known_behind_a_declaration_that_the_recording_has_not() {
    let mut undeclared = recorded(None);
    assert_eq!(arm(&undeclared, 5_000), Told::Seen(Seen::Value("green".into())));
    undeclared.follow(&record(2, 5_000, declared(1)));
    let differs = undeclared.differs().map(ToString::to_string);
    assert_eq!(differs.as_deref(), Some("you declared a rollback, and the recording has none"));
    assert_eq!(arm(&undeclared, 5_000), Told::Nothing);
    let mut known = recorded(Some(declared(1)));
    known.follow(&record(2, 5_000, declared(1)));
    assert_eq!(known.differs(), None, "where it has one, nothing is different");
}

#[test]
fn a_recorded_world_stands_for_a_minute_after_its_end_and_no_longer() {
    let recording = recorded(Some(declared(1)));
    assert_eq!(arm(&recording, TOOK_MS + 60_000), Told::Seen(Seen::Value("green".into())));
    assert_eq!(arm(&recording, TOOK_MS + 60_001), Told::Nothing);
}
