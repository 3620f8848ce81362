//! What a person types goes into the journal without the secrets they pasted with it.

use super::sky::playbook;
use super::slow_disk::{batch_in, id};
use crate::app::flight::{Flight, Input};
use crate::cockpit::Mode;
use crate::incident::{Actor, Command, Moment, Record};
use crate::text::Redactor;

const SECRET: &str = "hunter2-hunter2";

#[test]
fn a_secret_that_a_person_types_reaches_neither_the_journal_nor_what_is_believed() {
    let now = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
    let mut flight = Flight::new(playbook(), &[], Redactor::new([SECRET]), &now);
    let said = || format!("I logged in with {SECRET}").into();
    let commands = [
        Command::Open { incident: "desk".into(), playbook_sha256: String::new(), version: "0".into(), drill: None },
        Command::Declare { severity: 2, size_up: said() },
        Command::SizeUp { size_up: said() },
        Command::Note { text: said() },
        Command::Skip { step: id("capture"), reason: said() },
        Command::Reopen { step: id("capture"), why: said() },
        Command::StartStep { step: id("freeze"), out_of_order: Some(said()) },
        Command::Override { step: id("freeze"), reason: said() },
        Command::Defer { step: id("throttle"), trigger: said() },
        Command::Close { override_reason: Some(said()) },
    ];
    let actor = Actor::from(format!("ops {SECRET}"));
    let mut seq = 0;
    for command in commands {
        let asked = format!("{command:?}");
        let batch = batch_in(flight.handle(&now, Input::Command(actor.clone(), command)));
        let batch = batch.unwrap_or_else(|| panic!("{asked} was refused"));
        let written = format!("{batch:?}");
        assert!(!written.contains(SECRET) && written.contains("ops [redacted]"), "{written}");
        assert!(!asked.contains(SECRET) || written.contains("with [redacted]"), "{asked} became {written}");
        let records = batch.entries.into_iter().map(|(at, actor, event)| {
            seq += 1;
            Record { seq, at, actor, event }
        });
        let records = records.collect();
        flight.handle(&now, Input::Written(Ok(records)));
    }
    assert!(!format!("{:?}", flight.state()).contains(SECRET));
    assert_eq!(flight.scene(Mode::Live, &actor, &now).commander.as_str(), "ops [redacted]");
}
