//! When a flight may be stopped for as long as anybody likes: never between a pull and what was seen of it.

use super::slow_disk::{Desk, batch_in, note};
use crate::app::flight::Input;
use crate::app::flight::job::Job;
use crate::incident::{Command, Event};
use crate::kind::{Answer, Body, Outcome, RedisValue, Settled};

#[test]
fn nothing_stands_still_from_the_fire_key_until_the_pull_was_read_back_and_written_down() {
    let mut desk = Desk::watching();
    assert!(desk.flight.can_stand_still(), "looks alone may wait");
    let waiting = desk.ask(1, note()).expect("the disk is free");
    assert!(desk.flight.can_stand_still(), "and so may a note");
    assert!(desk.fire(1).is_none(), "the disk has the note");
    assert!(!desk.flight.can_stand_still(), "the pull waits for the disk");
    let started = desk.saved(1, &waiting).expect("its turn");
    assert!(!desk.flight.can_stand_still(), "its start is being written down");
    desk.saved_all(1, started);
    assert!(!desk.flight.can_stand_still(), "it is in flight");
    desk.flight.jobs.retain(|_, job| !job.is_act());
    let settled = Settled::new(Outcome::Applied, "OK");
    let settle = Command::Settle { attempt: 1, settled, took_ms: 1, evidence: None };
    let ended = desk.ask(2, settle).expect("it is news");
    assert!(!desk.flight.can_stand_still(), "how it ended is being written down");
    desk.saved_all(2, ended);
    assert!(!desk.flight.can_stand_still(), "it is being read back");
    for second in 3..20 {
        let reading = |(job, kind): (&u64, &Job)| matches!(kind, Job::ReadBack(_)).then_some(*job);
        let job = desk.flight.jobs.iter().find_map(reading);
        let answer = || Ok(Answer::Redis(RedisValue::Text(Body::whole("no permissions"))));
        for input in job.map(|job| Input::Answered(job, answer())).into_iter().chain([Input::Tick]) {
            if let Some(batch) = batch_in(desk.feed(second, input)) {
                desk.saved_all(second, batch);
            }
        }
    }
    assert!(desk.paper.iter().any(|record| matches!(record.event, Event::ReadBack { .. })), "{:?}", desk.paper.last());
    assert!(desk.flight.can_stand_still());
}
