//! The cast of a drill answers and approves where a person would, under its own name; without one the pilot stops.

use goaround::app::auto::{Auto, Ending};
use goaround::app::flight::{Flight, sha256_hex};
use goaround::app::ledger::Ledger;
use goaround::drill::{Policy, Scenario, World};
use goaround::incident::{Command, Event, Moment, Record};
use goaround::journal::Journal;
use goaround::playbook::Playbook;
use goaround::text::Redactor;
use std::sync::Arc;

const DOCS_RAG: &str = include_str!("../fixtures/playbooks/docs-rag.toml");
const CAST: &str = "[cast]\ncommander = \"incident commander\"\n";

/// The shared playbook with a question before the pick, and writers that two people freeze.
fn playbook() -> Arc<Playbook> {
    let title = "title = \"Freeze writers\"\n";
    let ask = "[[steps]]\nid = \"alert-real\"\ntitle = \"is it real\"\nask = { question = \"Is the alert real?\", answers = [\"yes\", \"no\"] }\n\n";
    let pick = "[[steps]]\nid = \"pick\"\n";
    assert!(DOCS_RAG.contains(title) && DOCS_RAG.contains(pick));
    let text = DOCS_RAG.replacen(title, &format!("{title}approval = \"second-person\"\n"), 1);
    let text = text.replacen(pick, &format!("{ask}{pick}"), 1);
    Arc::new(Playbook::parse("docs-rag", &text, Some("drill")).expect("it is sound"))
}

/// Flies the drill with this cast; how it ended, and what is written down.
fn fly(cast: &str) -> (Ending, Vec<Record>) {
    let text = Scenario::embedded("index-mismatch").expect("it is embedded");
    assert!(text.contains(CAST));
    let scenario = Scenario::parse("cast", &text.replacen(CAST, cast, 1)).expect("it parses");
    let playbook = playbook();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journal = Journal::create(folder.path(), "cast", &playbook.source).expect("a journal");
    let directory = journal.dir().to_owned();
    let epoch = Moment { wall_ms: scenario.epoch_ms, boot_ns: 0, boot_id: "drill".into() };
    let mut auto = Auto {
        flight: Flight::new(playbook.clone(), &[], Redactor::default(), &epoch),
        stage: World::new(&scenario, &playbook, 1).expect("it fits").into(),
        policy: Policy::new(&scenario, &playbook, None).expect("no mistake is asked for"),
        ledger: Ledger::new(journal),
        tells: true,
        speed: None,
        start: epoch.clone(),
        epoch,
    };
    let playbook_sha256 = sha256_hex(playbook.source.as_bytes());
    let open = Command::Open { incident: "cast".into(), playbook_sha256, version: "0".into(), drill: None };
    let ending = auto.fly(open).expect("the disk is fine");
    (ending, goaround::journal::read(&directory).expect("it can be read").records)
}

#[test]
fn the_cast_approves_both_ways_and_answers_and_the_pilot_lands() {
    let (ending, records) = fly("[cast]\nanswers = { alert-real = \"yes\" }\napprovals = { freeze = \"DBA\" }\n");
    assert_eq!(ending, Ending::Closed { recovered: true });
    let approvals: Vec<_> = records
        .iter()
        .filter_map(|record| match &record.event {
            Event::Approved { approver, way, .. } => Some((record.actor.to_string(), approver.to_string(), *way)),
            _ => None,
        })
        .collect();
    let by = |way| ("cast".to_owned(), "DBA".to_owned(), way);
    assert_eq!(approvals, [by(goaround::incident::Way::Do), by(goaround::incident::Way::Undo)]);
    let answered = records
        .iter()
        .find(|record| matches!(&record.event, Event::StepDone { step, .. } if step.as_str() == "alert-real"));
    assert_eq!(answered.map(|record| record.actor.as_str()), Some("cast"));
}

#[test]
fn an_answer_that_is_not_good_stops_the_pilot() {
    let (ending, _) = fly("[cast]\nanswers = { alert-real = \"no\" }\napprovals = { freeze = \"DBA\" }\n");
    assert!(matches!(&ending, Ending::Open(why) if why.contains("is it real")), "{ending:?}");
}

#[test]
fn without_a_cast_the_pilot_stops_as_it_does_in_live() {
    let (ending, _) = fly("");
    assert!(matches!(&ending, Ending::Open(why) if why.contains("second person")), "{ending:?}");
    let (ending, _) = fly("[cast]\napprovals = { freeze = \"DBA\" }\n");
    assert!(matches!(&ending, Ending::Open(why) if why.contains("Is the alert real?")), "{ending:?}");
}
