//! What no disk could take is refused with a sentence; what comes before and after it is written down.

use super::slow_disk::{Desk, batch_in, note, starts};
use crate::app::flight::{Batch, Input, Request, Unwritten, sha256_hex};
use crate::app::ledger::Ledger;
use crate::incident::{Command, Event, Retry, event::Trigger, replay};
use crate::journal::Journal;
use crate::kind::{Answer, Body, Outcome, RedisValue, Use};

fn never() -> Input {
    Input::Written(Err(Unwritten::Never("event 1 needs a line of 20000 bytes".into())))
}

fn refusals(requests: &[Request]) -> Vec<&str> {
    let told = requests.iter().filter_map(|request| match request {
        Request::Refused(refused) => Some(refused.why.as_str()),
        Request::Ask(_) | Request::Write(_) | Request::Sample(_) | Request::Notice(_) => None,
    });
    told.collect()
}

fn writes_notes(batch: &Batch) -> bool {
    batch.entries.iter().all(|(_, _, event)| matches!(event, Event::NoteAdded { .. }))
}

#[test]
fn a_decision_that_can_never_be_on_disk_is_refused_and_the_next_one_is_written() {
    let mut desk = Desk::watching();
    let first = desk.ask(1, note()).expect("a note is written down");
    assert!(desk.fire(1).is_none() && desk.ask(1, note()).is_none(), "both wait");
    let pull = desk.saved(1, &first).expect("the pull is next");
    assert!(pull.entries.iter().any(|(_, _, event)| starts(event)));
    let requests = desk.feed(1, never());
    let [why] = refusals(&requests)[..] else { panic!("one refusal: {requests:?}") };
    assert!(why.contains("not done") && why.contains("20000 bytes"), "{why}");
    let second = batch_in(requests).expect("what waited behind it is written at once");
    assert!(writes_notes(&second));
    desk.saved_all(1, second);
    for second in 2..20 {
        assert!(batch_in(desk.feed(second, Input::Tick)).is_none(), "it is not tried again");
    }
    assert!(desk.flight.state().pulls.is_empty(), "what is not on disk is not believed");
    assert!(desk.flight.is_settled() && desk.flight.is_saved(&desk.start.plus_ms(20_000)));
    assert_eq!(replay(&desk.flight.playbook, &desk.paper), *desk.flight.state());
}

#[test]
fn a_pull_whose_answer_does_not_fit_a_record_is_settled_all_the_same() {
    let mut desk = Desk::watching();
    let pull = desk.fire(1).expect("a pull is written down first");
    let records = desk.records(&pull);
    let sent = desk.feed(1, Input::Written(Ok(records))).into_iter().find_map(|request| match request {
        Request::Ask(ask) if ask.purpose == Use::Act => Some(ask),
        Request::Ask(_) | Request::Write(_) | Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => None,
    });
    let answer = Answer::Redis(RedisValue::Text(Body::whole("OK".to_owned())));
    let settled = batch_in(desk.feed(2, Input::Answered(sent.expect("it leaves").job, Ok(answer)))).expect("settled");
    let requests = desk.feed(2, never());
    assert!(refusals(&requests).is_empty(), "nobody has decided this");
    let short = batch_in(requests).expect("how it ended is written down in short");
    assert_eq!(short.files, settled.files, "the whole answer stays evidence");
    desk.saved_all(2, short.clone());
    let pull = &desk.flight.state().pulls[&1];
    assert_eq!(pull.outcome.as_ref().map(|(outcome, _)| *outcome), Some(Outcome::Applied));
}

#[test]
fn what_is_too_long_in_short_as_well_is_given_up() {
    let mut desk = Desk::watching();
    let command = Command::SettleMessage {
        comm: super::slow_disk::id("first"),
        outcome: Outcome::Applied,
        detail: "a long answer".into(),
        retry: Retry::Never,
    };
    desk.ask(1, command).expect("it is written down");
    assert!(batch_in(desk.feed(1, never())).is_some(), "in short");
    let requests = desk.feed(1, never());
    assert_eq!((refusals(&requests).len(), batch_in(requests).is_none()), (1, true));
}

#[test]
fn the_ledger_tells_a_line_too_long_from_a_disk_that_fails_and_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journal = Journal::create(folder.path(), "incident", "").expect("a journal");
    let mut ledger = Ledger::new(journal);
    let desk = Desk::watching();
    let batch = |events: Vec<Event>| Batch {
        incident: "desk".into(),
        entries: events.into_iter().map(|event| (desk.start.clone(), "mira".into(), event)).collect(),
        files: Vec::new(),
    };
    let noted = || Event::NoteAdded { text: "fine".into() };
    let words = crate::text::Text::from("x".repeat(4000));
    let triggers = vec![Trigger::Person(words.clone()); 6];
    let long = Event::Declared { severity: 2, triggers, size_up: words };
    let opened = desk.paper[0].event.clone();
    let opened = match opened {
        Event::Opened { .. } => opened,
        other => panic!("a journal begins with {other:?}"),
    };
    assert_eq!(ledger.write(&batch(vec![opened])).expect("it fits").len(), 1);
    let refused = ledger.write(&batch(vec![noted(), long]));
    assert!(matches!(&refused, Err(Unwritten::Never(why)) if why.as_str().contains("16384")), "{refused:?}");
    let records = ledger.write(&batch(vec![noted()])).expect("later batches are written");
    assert_eq!(records[0].seq, 2, "and nothing of the refused one stands before them");
}

#[test]
fn two_files_of_one_moment_have_two_names() {
    let mut desk = Desk::watching();
    let ((one, _), (two, _)) = (desk.flight.evidence("a", "txt", "one"), desk.flight.evidence("a", "txt", "two"));
    assert!(one.path != two.path && one.sha256 == sha256_hex(b"one"));
}
