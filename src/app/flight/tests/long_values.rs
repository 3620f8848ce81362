//! However long the answers of a capture are, its record fits the journal; the whole answers are in the file.

use super::slow_disk::{Desk, batch_in, id};
use crate::app::flight::{Ask, Input, Request};
use crate::incident::Command;
use crate::journal::LINE_MAX;
use crate::kind::{Answer, Body, Exchange, RedisValue};

/// The longest value there is, and each of its characters takes two in JSON.
fn long_answer(ask: &Ask) -> Answer {
    let long = "\"".repeat(4000);
    let json = Body::whole(serde_json::json!({ "arm": long, "prompt_pack_vNplus1": long }).to_string());
    match &ask.exchange {
        Exchange::Http(_) => Answer::Http { status: 200, location: None, retry_after_s: None, body: json },
        Exchange::Redis(_) => Answer::Redis(RedisValue::Text(Body::whole(long))),
        Exchange::File(_) => Answer::File(json.into()),
        Exchange::Line(_) => Answer::Line(Body::whole(long)),
        Exchange::HttpMany(_) | Exchange::Exec(_) | Exchange::Sql(_) | Exchange::Nats(_) | Exchange::Kube(_) => {
            panic!("the playbook has no such backend")
        }
    }
}

#[test]
fn a_capture_of_long_values_can_be_written_down() {
    let mut desk = Desk::watching();
    let started = desk.ask(1, Command::StartStep { step: id("capture"), out_of_order: None }).expect("a step begins");
    let records = desk.records(&started);
    let mut captured = None;
    for request in desk.feed(1, Input::Written(Ok(records))) {
        if let Request::Ask(ask) = request {
            let answered = desk.feed(2, Input::Answered(ask.job, Ok(long_answer(&ask))));
            captured = captured.or(batch_in(answered));
        }
    }
    let captured = captured.expect("the capture is written down");
    let (_, kept) = captured.files.first().expect("the answers are kept in a file");
    assert!(kept.len() > 3 * 4000, "the file holds the answers whole");
    for (_, _, event) in &captured.entries {
        let json = serde_json::to_string(event).unwrap();
        assert!(json.len() + 1024 < LINE_MAX, "{} bytes are too long for the journal", json.len());
    }
}
