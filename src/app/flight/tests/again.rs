//! A message that cannot have arrived goes again by itself, in the same words, and not for ever; nothing else does.

use super::messages::{playbook, sent};
use super::slow_disk::{Desk, batch_in, id};
use crate::app::flight::{Ask, Flight, Input, Request};
use crate::incident::{Command, Event, Moment};
use crate::kind::{Answer, Body, Exchange, Fault, Outcome};
use crate::text::Redactor;

/// A receiver that answers as it is told, and keeps when what arrived.
struct FakeReceiver {
    desk: Desk,
    arrived: Vec<(u64, Exchange)>,
}

impl FakeReceiver {
    /// The message is sent at second 1 and answered with `answer`, as is every later one until `until`.
    fn answering(answer: &Result<Answer, Fault>, until: u64) -> Self {
        let mut receiver = Self { desk: Desk::flying(playbook()), arrived: Vec::new() };
        let now = receiver.desk.start.plus_ms(1000);
        receiver.desk.flight.send_comm(&now, "mira".into(), &id("first"), None).expect("it renders");
        receiver.feed(1, Input::Tick, answer);
        for second in 2..=until {
            receiver.feed(second, Input::Tick, answer);
        }
        receiver
    }

    /// Feeds the flight; the disk writes at once, looks go unanswered, acts are answered with `answer`.
    fn feed(&mut self, second: u64, input: Input, answer: &Result<Answer, Fault>) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let mut requests = self.desk.feed(second, input);
            let asks: Vec<Ask> = std::iter::from_fn(|| {
                let place = requests.iter().position(|request| matches!(request, Request::Ask(ask) if is_act(ask)))?;
                sent(vec![requests.remove(place)])
            })
            .collect();
            for ask in asks {
                self.arrived.push((second, ask.exchange));
                inputs.push(Input::Answered(ask.job, answer.clone()));
            }
            if let Some(batch) = batch_in(requests) {
                let records = self.desk.records(&batch);
                inputs.push(Input::Written(Ok(records)));
            }
        }
    }

    fn seconds(&self) -> Vec<u64> {
        self.arrived.iter().map(|(second, _)| *second).collect()
    }

    fn journaled(&self, test: fn(&Event) -> bool) -> usize {
        self.desk.paper.iter().filter(|record| test(&record.event)).count()
    }
}

fn is_act(ask: &Ask) -> bool {
    ask.purpose == crate::kind::Use::Act
}

fn http(status: u16, retry_after_s: Option<u64>) -> Result<Answer, Fault> {
    Ok(Answer::Http { status, location: None, retry_after_s, body: Body::default() })
}

#[test]
fn too_many_requests_goes_again_when_the_receiver_said_and_at_most_five_times() {
    let receiver = FakeReceiver::answering(&http(429, Some(30)), 400);
    assert_eq!(receiver.seconds(), [1, 31, 61, 91, 121, 151]);
    let (_, first) = &receiver.arrived[0];
    assert!(receiver.arrived.iter().all(|(_, again)| again == first), "the same words each time");
    assert_eq!(receiver.journaled(|event| matches!(event, Event::MessageRetried { .. })), 5);
    assert_eq!(receiver.journaled(|event| matches!(event, Event::MessageSettled { .. })), 6);
    assert!(receiver.desk.flight.state().open_debts().any(|(debt, _)| debt.as_str() == "message-first"));
}

#[test]
fn who_cannot_be_reached_is_tried_again_less_and_less_often() {
    let refused = Err(Fault::NotSent("connection refused".into()));
    let receiver = FakeReceiver::answering(&refused, 400);
    assert_eq!(receiver.seconds(), [1, 6, 16, 36, 76, 136]);
}

#[test]
fn what_was_refused_or_may_have_arrived_never_goes_again_by_itself() {
    let answers = [
        http(429, None),
        http(404, Some(5)),
        http(503, Some(5)),
        http(500, None),
        http(200, None),
        Err(Fault::Lost("no answer within 10000 ms".into())),
        Err(Fault::Refused("bad certificate".into())),
    ];
    for answer in answers {
        assert_eq!(FakeReceiver::answering(&answer, 200).seconds(), [1], "{answer:?}");
    }
}

#[test]
fn a_message_that_arrives_at_last_is_owed_no_more() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 20);
    for second in 21..100 {
        receiver.feed(second, Input::Tick, &http(200, None));
    }
    assert_eq!(receiver.seconds(), [1, 31]);
    let state = receiver.desk.flight.state();
    assert!(!state.open_debts().any(|(debt, _)| debt.as_str() == "message-first"));
    assert_eq!(state.messages[&id("first")].outcome.as_ref().map(|(outcome, _)| *outcome), Some(Outcome::Applied));
}

#[test]
fn after_closing_nothing_goes_by_itself() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 5);
    let close = Command::Close { override_reason: Some("enough".into()) };
    receiver.feed(6, Input::Command("mira".into(), close), &http(200, None));
    (7..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
    assert_eq!(receiver.seconds(), [1]);
}

impl FakeReceiver {
    /// goaround dies and goes on at `second`, with the messages' files as the directory still has them, or without.
    fn resume(&mut self, second: u64, words: Option<&str>, answer: &Result<Answer, Fault>) {
        let Desk { flight, start, paper } = &self.desk;
        let mut resumed = Flight::new(flight.playbook.clone(), paper, Redactor::default(), start);
        for (comm, _) in resumed.waiting_messages() {
            words.into_iter().for_each(|words| resumed.recall_message(comm.clone(), words.as_bytes()));
        }
        self.desk.flight = resumed;
        self.feed(second, Input::Command("mira".into(), Command::Resume { torn_bytes: 0 }), answer);
    }

    /// The words as they were written down.
    fn words(&self) -> String {
        self.desk.flight.outgoing[&id("first")].clone()
    }
}

#[test]
fn a_message_that_waited_at_a_crash_goes_again_in_its_words_when_the_receiver_said() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 5);
    let words = receiver.words();
    receiver.resume(6, Some(&words), &http(200, None));
    (7..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
    assert_eq!(receiver.seconds(), [1, 31]);
    assert_eq!(receiver.arrived[0].1, receiver.arrived[1].1, "the same words");
}

#[test]
fn what_came_due_while_goaround_was_away_goes_at_once() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 5);
    let words = receiver.words();
    receiver.resume(90, Some(&words), &http(200, None));
    (91..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
    assert_eq!(receiver.seconds(), [1, 90]);
}

#[test]
fn the_five_tries_are_counted_over_every_resume() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 5);
    let words = receiver.words();
    for second in 6..400 {
        if second % 50 == 0 {
            receiver.resume(second, Some(&words), &http(429, Some(30)));
        }
        receiver.feed(second, Input::Tick, &http(429, Some(30)));
    }
    assert_eq!(receiver.arrived.len(), 6, "{:?}", receiver.seconds());
}

#[test]
fn after_a_reboot_the_wait_is_taken_from_the_wall_clock_and_is_never_longer_than_it_was() {
    for (away_ms, sent_at) in [(10_000_i64, 21), (3_600_000, 1), (-3_600_000, 31)] {
        let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 1);
        let words = receiver.words();
        let start = &receiver.desk.start;
        let wall_ms = start.wall_ms + away_ms;
        receiver.desk.start = Moment { wall_ms, boot_ns: 7, boot_id: "another".into() };
        receiver.resume(1, Some(&words), &http(200, None));
        (2..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
        assert_eq!(receiver.seconds(), [1, sent_at], "{away_ms} ms away");
    }
}

#[test]
fn a_message_whose_words_are_gone_is_not_sent_and_stays_owed() {
    let mut receiver = FakeReceiver::answering(&http(429, Some(30)), 5);
    receiver.resume(6, None, &http(200, None));
    (7..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
    assert_eq!(receiver.seconds(), [1]);
    let state = receiver.desk.flight.state();
    let (outcome, why) = state.messages[&id("first")].outcome.as_ref().expect("it is settled");
    assert_eq!(*outcome, Outcome::NotSent);
    assert!(why.as_str().contains("send it anew"), "{why}");
    assert!(state.open_debts().any(|(debt, _)| debt.as_str() == "message-first"));
}

#[test]
fn what_may_have_been_received_does_not_go_again_after_a_resume_and_says_so() {
    let mut receiver = FakeReceiver::answering(&Err(Fault::Lost("no answer within 10000 ms".into())), 5);
    receiver.resume(6, Some("anything"), &http(200, None));
    (7..200).for_each(|second| receiver.feed(second, Input::Tick, &http(200, None)));
    assert_eq!(receiver.seconds(), [1]);
    let state = receiver.desk.flight.state();
    assert_eq!(state.messages[&id("first")].outcome.as_ref().map(|(outcome, _)| *outcome), Some(Outcome::Unknown));
    assert!(state.open_debts().any(|(debt, _)| debt.as_str() == "message-first"));
}
