//! A machine that comes back with its clock behind what it wrote down sees the world all the same.

use super::slow_disk::{Desk, batch_in, id};
use crate::app::flight::job::Job;
use crate::app::flight::{Flight, Input, JobId, Request};
use crate::incident::{Command, Moment};
use crate::kind::{Answer, Body, Outcome, RedisValue, Seen, Settled};
use crate::playbook::Id;
use crate::text::Redactor;

/// A pull that was settled, and then another boot with its wall clock so far from the last record's.
fn resumed(off_ms: i64) -> (Desk, Vec<Request>) {
    let mut desk = Desk::watching();
    let fired = desk.fire(1).expect("the disk is free");
    desk.saved_all(1, fired);
    let settled = Settled::new(Outcome::Applied, "OK");
    let settle = desk.ask(2, Command::Settle { attempt: 1, settled, took_ms: 1, evidence: None });
    desk.saved_all(2, settle.expect("it is news"));
    let last = desk.paper.last().expect("it was settled").at.wall_ms;
    let start = Moment { wall_ms: last + off_ms, boot_ns: 0, boot_id: "the boot after".into() };
    let playbook = desk.flight.playbook.clone();
    let flight = Flight::new(playbook, &desk.paper, Redactor::default(), &start);
    let mut desk = Desk { flight, start, paper: desk.paper };
    let requests = desk.feed(0, Input::Command("mira".into(), Command::Resume { torn_bytes: 0 }));
    (desk, requests)
}

fn notices(requests: &[Request]) -> Vec<String> {
    let notice = |request: &Request| if let Request::Notice(why) = request { Some(why.to_string()) } else { None };
    requests.iter().filter_map(notice).collect()
}

/// The probes of the cache that are looked through now, and by which jobs.
fn looks(desk: &Desk) -> Vec<(JobId, Id)> {
    let look = |(job, kind): (&JobId, &Job)| match kind {
        Job::Look { probe, backend, .. } if *backend == id("cache") => Some((*job, probe.clone())),
        _ => None,
    };
    desk.flight.jobs.iter().filter_map(look).collect()
}

#[test]
fn with_its_clock_an_hour_behind_it_sees_what_it_looks_at_and_looks_again_at_its_pace() {
    let (mut desk, requests) = resumed(-3_600_000);
    let batch = batch_in(requests).expect("the resume is written down");
    desk.saved_all(0, batch);
    drop(desk.feed(0, Input::Tick));
    let (job, probe) = looks(&desk).first().cloned().expect("it looks around");
    let answer = Answer::Redis(RedisValue::Text(Body::whole("OK")));
    let requests = desk.feed(0, Input::Answered(job, Ok(answer)));
    assert!(looks(&desk).iter().all(|(_, again)| *again != probe), "{probe} is due again later, not at once");
    let batch = batch_in(requests).expect("it is news");
    desk.saved_all(0, batch);
    assert_eq!(desk.flight.state().seen(&probe), Some(&Seen::Value("OK".into())));
}

#[test]
fn a_clock_that_is_behind_the_journal_is_spoken_of_on_resuming_and_one_that_is_not_is_not() {
    let told = notices(&resumed(-3_600_000).1);
    assert!(told.iter().any(|why| why.starts_with("this clock is 3600 s behind the journal")), "{told:?}");
    assert_eq!(notices(&resumed(0).1), [""; 0]);
    assert_eq!(notices(&resumed(60_000).1), [""; 0]);
}
