//! What a capture finds does not depend on how a server prints its answer.

use super::slow_disk::{Desk, batch_in, id};
use crate::app::flight::{Input, Request};
use crate::incident::{Command, Event};
use crate::kind::{Answer, Body, Exchange, Fault};

const PINS: &str = r#"{
  "arm": "green",
  "BUILD_ID": "1942",
  "GIT_SHA": "9f1c2e7",
  "MODEL_VER": "m-7",
  "PROMPT_VER": "pp-12",
  "INDEX_HASH": "docs_vB",
  "RERANK_CONF": { "top_k": 20 },
  "TOK_VER": "t-3",
  "ANALYZER_CONF": ["icu", "fold"]
}
"#;

#[test]
fn pins_printed_over_many_lines_are_captured() {
    let mut desk = Desk::watching();
    let started = desk.ask(1, Command::StartStep { step: id("capture"), out_of_order: None }).expect("a step begins");
    let records = desk.records(&started);
    let mut captured = None;
    for request in desk.feed(1, Input::Written(Ok(records))) {
        let Request::Ask(ask) = request else { continue };
        let answer = match &ask.exchange {
            Exchange::Http(http) if http.url.ends_with("/pins") => {
                Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body: Body::whole(PINS) })
            }
            _ => Err(Fault::NotSent("connection refused".into())),
        };
        captured = captured.or(batch_in(desk.feed(2, Input::Answered(ask.job, answer))));
    }
    let entries = captured.expect("the capture is written down").entries;
    let values = entries.iter().find_map(|(_, _, event)| match event {
        Event::EvidenceCaptured { values, .. } => Some(values),
        _ => None,
    });
    let values = values.expect("evidence was captured");
    assert_eq!(values["GIT_SHA"].as_str(), "9f1c2e7");
    assert_eq!(
        (values["RERANK_CONF"].as_str(), values["ANALYZER_CONF"].as_str()),
        (r#"{"top_k":20}"#, r#"["icu","fold"]"#)
    );
}
