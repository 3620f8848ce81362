//! A message goes out as it was written down, once, and one that a crash cut off is not on its way for ever.

use super::slow_disk::{Desk, batch_in, id, judge, note};
use crate::app::flight::{Ask, Flight, Input, Request};
use crate::incident::{Command, Event, derive};
use crate::kind::{Exchange, Outcome, Use};
use crate::metrics::{ExitState, VerdictState};
use crate::playbook::{self, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

/// The shared playbook, its first message sent to the edge and naming what is broken.
pub(super) fn playbook() -> Arc<Playbook> {
    let text = playbook::embedded("docs-rag").unwrap();
    let to =
        "[comms.first]\nsend = { http = { backend = \"edge\", post = \"/hook\", body = '{\"text\":\"${text}\"}' } }\n";
    let text = text.replacen("[comms.first]\n", to, 1).replacen("Rolling back {{", "Broken: [{{ triggers }}] {{", 1);
    let parsed = Playbook::parse("docs-rag", &text, Some("drill"));
    Arc::new(parsed.unwrap_or_else(|flaws| panic!("{}", playbook::render("docs-rag", &text, &flaws))))
}

/// Sends the message while a breach waits for the disk before it; answers what is written of it, at the disk.
fn queued(desk: &mut Desk) -> crate::app::flight::Batch {
    let stuck = desk.ask(1, note()).expect("a note is written down");
    desk.ask(1, judge("coverage", VerdictState::Breach, ExitState::Missed));
    let now = desk.start.plus_ms(1000);
    desk.flight.send_comm(&now, "mira".into(), &id("first"), None).expect("it renders");
    let mut next = desk.saved(1, &stuck);
    while let Some(batch) = next {
        if batch.entries.iter().any(|(_, _, event)| matches!(event, Event::MessageQueued { .. })) {
            return batch;
        }
        next = desk.saved(1, &batch);
    }
    panic!("the message was not written down");
}

pub(super) fn sent(requests: Vec<Request>) -> Option<Ask> {
    requests.into_iter().find_map(|request| match request {
        Request::Ask(ask) if ask.purpose == Use::Act => Some(ask),
        Request::Ask(_) | Request::Write(_) | Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => None,
    })
}

#[test]
fn what_is_sent_is_what_was_kept() {
    let mut desk = Desk::flying(playbook());
    let batch = queued(&mut desk);
    let [(_, kept)] = &batch.files[..] else { panic!("one file: {:?}", batch.files) };
    let kept = String::from_utf8(kept.clone()).unwrap();
    assert!(
        kept.contains("[[[what is wrong]]]") && derive::breaches(desk.flight.state()).next().is_some(),
        "rendered before the breach"
    );
    let records = desk.records(&batch);
    let ask = sent(desk.feed(1, Input::Written(Ok(records)))).expect("the message leaves");
    let Exchange::Http(http) = ask.exchange else { panic!("{:?}", ask.exchange) };
    let body: serde_json::Value = serde_json::from_str(&http.body.expect("it has a body")).unwrap();
    assert_eq!(body["text"].as_str(), Some(kept.as_str()));
}

#[test]
fn a_message_in_flight_at_a_crash_is_unknown_and_owed_and_can_be_sent_again() {
    let mut desk = Desk::flying(playbook());
    let batch = queued(&mut desk);
    desk.records(&batch);
    desk.flight = Flight::new(desk.flight.playbook.clone(), &desk.paper, Redactor::default(), &desk.start);
    let resumed = desk.ask(9, Command::Resume { torn_bytes: 0 }).expect("a resume is written down");
    let records = desk.records(&resumed);
    let requests = desk.feed(9, Input::Written(Ok(records)));
    assert!(sent(requests).is_none(), "nothing is sent again by itself");
    let state = desk.flight.state();
    let outcome = state.messages[&id("first")].outcome.as_ref().map(|(outcome, _)| *outcome);
    assert_eq!(outcome, Some(Outcome::Unknown));
    assert!(state.open_debts().any(|(debt, _)| debt.as_str() == "message-first"));
    let now = desk.start.plus_ms(10_000);
    desk.flight.send_comm(&now, "mira".into(), &id("first"), None).expect("it renders");
    let again = batch_in(desk.feed(10, Input::Tick)).expect("it may be sent again");
    assert!(again.entries.iter().any(|(_, _, event)| matches!(event, Event::MessageQueued { .. })));
}

#[test]
fn a_persons_words_are_shown_kept_and_sent_to_the_letter() {
    let mut desk = Desk::flying(playbook());
    let now = desk.start.plus_ms(1000);
    let typed = "Rolling back \"docs\".\nImpact: eu, Zürich.";
    desk.flight.arm_comm(&now, &id("first"), Some(typed), 5).expect("it can be prepared");
    let letter = desk.flight.letter().expect("it is under arms").clone();
    assert_eq!((letter.words.as_str(), letter.blocked), (typed, None));
    desk.flight.send_comm(&now, "mira".into(), &id("first"), Some(&letter.words)).expect("it is queued");
    let batch = batch_in(desk.feed(1, Input::Tick)).expect("it is written down");
    let [(path, kept)] = &batch.files[..] else { panic!("one file: {:?}", batch.files) };
    assert_eq!((path, kept.as_slice()), (&letter.file, typed.as_bytes()), "the file that was shown");
    let hash = crate::app::flight::sha256_hex(kept);
    let named =
        |event: &Event| matches!(event, Event::MessageQueued { file, .. } if file.path == *path && file.sha256 == hash);
    assert!(batch.entries.iter().any(|(_, _, event)| named(event)), "{:?}", batch.entries);
    let records = desk.records(&batch);
    let ask = sent(desk.feed(1, Input::Written(Ok(records)))).expect("the message leaves");
    assert_eq!(ask.exchange.lines(), letter.request, "what leaves is what was shown");
    let Exchange::Http(http) = ask.exchange else { panic!("{:?}", ask.exchange) };
    let body: serde_json::Value = serde_json::from_str(&http.body.expect("it has a body")).unwrap();
    assert_eq!(body["text"].as_str(), Some(typed));
}

#[test]
fn a_secret_pasted_into_a_message_is_neither_shown_nor_kept() {
    let mut desk = Desk::flying(playbook());
    desk.flight.redactor = Redactor::new(["tops3cret-token".to_owned()]);
    let now = desk.start.plus_ms(1000);
    desk.flight.arm_comm(&now, &id("first"), Some("see tops3cret-token"), 5).expect("it can be prepared");
    let letter = desk.flight.letter().expect("it is under arms").clone();
    assert!(!format!("{letter:?}").contains("tops3cret"), "{letter:?}");
    desk.flight.send_comm(&now, "mira".into(), &id("first"), Some(&letter.words)).expect("it is queued");
    let batch = batch_in(desk.feed(1, Input::Tick)).expect("it is written down");
    assert_eq!(batch.files[0].1, letter.words.as_bytes());
}

#[test]
fn a_message_on_its_way_is_not_sent_a_second_time() {
    let mut desk = Desk::flying(playbook());
    let batch = queued(&mut desk);
    desk.saved_all(1, batch);
    let now = desk.start.plus_ms(2000);
    desk.flight.arm_comm(&now, &id("first"), None, 5).expect("it can be prepared");
    let letter = desk.flight.letter().expect("it is under arms");
    assert!(letter.blocked.as_ref().is_some_and(|why| why.as_str().contains("being sent already")), "{letter:?}");
    assert!(desk.flight.arm_comm(&now, &id("first"), Some(" \n"), 5).is_err(), "an empty one says nothing");
    assert_eq!(desk.flight.letter(), None);
}
