//! A disk that does not fail and does not answer: nothing leaves late, and the person is told why.

use super::slow_disk::{Desk, batch_in, id, note, starts};
use crate::app::flight::{Flight, Input, Request, Unwritten};
use crate::cockpit::Mode;
use crate::incident::Moment;
use crate::kind::{Outcome, Use};

/// The sentences a person is told without having asked.
fn notices(requests: &[Request]) -> Vec<&str> {
    let told = requests.iter().filter_map(|request| match request {
        Request::Notice(words) => Some(words.as_str()),
        Request::Ask(_) | Request::Write(_) | Request::Sample(_) | Request::Refused(_) => None,
    });
    told.collect()
}

fn sends(requests: &[Request]) -> bool {
    requests.iter().any(|request| matches!(request, Request::Ask(ask) if ask.purpose == Use::Act))
}

fn failed(why: &str) -> Input {
    Input::Written(Err(Unwritten::ForNow(why.into())))
}

/// What the header shows.
fn shows_saved(flight: &Flight, now: &Moment) -> bool {
    flight.scene(Mode::Live, &"mira".into(), now).journal_saved
}

#[test]
fn a_pull_that_waited_for_a_hung_disk_is_settled_as_not_sent() {
    let mut desk = Desk::watching();
    let pull = desk.fire(1).expect("a pull is written down first");
    let records = desk.records(&pull);
    let requests = desk.feed(4, Input::Written(Ok(records)));
    assert!(!sends(&requests), "asked for at 1 s, it left at 4 s");
    let settled = batch_in(requests).expect("how it ended is written down");
    desk.saved_all(4, settled);
    let pull = desk.flight.state().pulls[&1].clone();
    let (outcome, detail) = pull.outcome.expect("it is settled");
    assert_eq!(
        (outcome, detail.as_str()),
        (Outcome::NotSent, "the journal was too slow; nothing was sent"),
        "and not locked"
    );
}

#[test]
fn a_pull_that_waited_behind_another_batch_for_a_hung_disk_is_not_sent() {
    let mut desk = Desk::watching();
    let stuck = desk.ask(1, note()).expect("a note is written down");
    assert!(desk.fire(2).is_none(), "the disk is busy");
    let pull = desk.saved(5, &stuck).expect("the pull is next");
    assert!(pull.entries.iter().any(|(_, _, event)| starts(event)));
    let records = desk.records(&pull);
    assert!(!sends(&desk.feed(5, Input::Written(Ok(records)))));
}

#[test]
fn a_pull_written_down_in_time_is_sent() {
    let mut desk = Desk::watching();
    let pull = desk.fire(1).expect("a pull is written down first");
    let records = desk.records(&pull);
    assert!(sends(&desk.feed(3, Input::Written(Ok(records)))), "two seconds are not too long");
}

#[test]
fn a_journal_that_hangs_is_not_saved_and_blocks_arming() {
    let mut desk = Desk::watching();
    let stuck = desk.ask(5, note()).expect("a note is written down");
    let (soon, late) = (desk.start.plus_ms(7000), desk.start.plus_ms(7001));
    assert!(shows_saved(&desk.flight, &soon) && !shows_saved(&desk.flight, &late));
    let lever = id("freeze");
    let blocked = desk.flight.prepare(&late, &lever, crate::incident::Way::Do, None, 0).unwrap().blocked;
    assert!(blocked.is_some_and(|why| why.as_str().contains("JOURNAL NOT SAVED")));
    desk.saved_all(9, stuck);
    assert!(shows_saved(&desk.flight, &desk.start.plus_ms(9000)), "it answered");
}

#[test]
fn a_journal_that_hangs_is_spoken_of_once_and_in_time() {
    let mut desk = Desk::watching();
    desk.ask(5, note()).expect("a note is written down");
    let wake = desk.flight.next_wake().expect("something is due");
    assert!(wake.boot_ns <= desk.start.plus_ms(7001).boot_ns, "nobody would look at the disk in time");
    assert_eq!(notices(&desk.feed(8, Input::Tick)), ["journal not saved: the disk does not answer"]);
    assert!(notices(&desk.feed(9, Input::Tick)).is_empty());
}

#[test]
fn why_the_journal_fails_is_said_once_for_each_reason() {
    let mut desk = Desk::watching();
    let batch = desk.ask(1, note()).expect("a note is written down");
    let full = "No space left on device";
    assert_eq!(notices(&desk.feed(1, failed(full))), ["journal not saved: No space left on device"]);
    desk.feed(3, Input::Tick);
    assert!(notices(&desk.feed(3, failed(full))).is_empty(), "said already");
    desk.feed(5, Input::Tick);
    assert_eq!(notices(&desk.feed(5, failed("Read-only file system"))), ["journal not saved: Read-only file system"]);
    desk.feed(7, Input::Tick);
    desk.saved_all(7, batch);
    desk.ask(8, note()).expect("a note is written down");
    assert_eq!(notices(&desk.feed(8, failed(full))).len(), 1, "it was well in between");
}

#[test]
fn what_would_be_lost_is_counted_in_records() {
    let mut desk = Desk::watching();
    assert_eq!(desk.flight.unsaved(), 0);
    let stuck = desk.ask(1, note()).expect("a note is written down");
    desk.ask(2, note());
    desk.ask(3, crate::incident::Command::Close { override_reason: None });
    assert_eq!(desk.flight.unsaved(), 2, "two notes; closing would be refused");
    desk.saved_all(4, stuck);
    assert_eq!(desk.flight.unsaved(), 0);
}
