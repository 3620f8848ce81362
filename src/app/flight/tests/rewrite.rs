//! A batch that could not be written is tried again, one copy at a time.

use crate::app::flight::{Flight, Input, Request, Unwritten};
use crate::incident::{Command, Moment};
use crate::playbook::Playbook;
use crate::text::Redactor;
use std::sync::Arc;

/// How many batches are handed to the journal among these requests.
fn writes(requests: &[Request]) -> usize {
    requests.iter().filter(|request| matches!(request, Request::Write(_))).count()
}

#[test]
fn a_batch_whose_answer_is_out_is_not_handed_over_again() {
    let text = include_str!("../../../../fixtures/playbooks/docs-rag.toml");
    let playbook = Arc::new(Playbook::parse("docs-rag.toml", text, Some("drill")).unwrap());
    let start = Moment { wall_ms: 1_700_000_000_000, boot_ns: 0, boot_id: "test".into() };
    let mut flight = Flight::new(playbook, &[], Redactor::default(), &start);
    let open =
        Command::Open { incident: "test".into(), playbook_sha256: String::new(), version: "0".into(), drill: None };
    assert_eq!(writes(&flight.handle(&start, Input::Command("mira".into(), open))), 1);
    flight.handle(&start, Input::Written(Err(Unwritten::ForNow("no space left".into()))));
    let copies: usize = (1..=10).map(|s| writes(&flight.handle(&start.plus_ms(s * 1000), Input::Tick))).sum();
    assert_eq!(copies, 1, "the disk hangs over the second try; a third copy would be answered as another batch");
}
