//! A capture that is run again knows nothing of the run before.

use super::slow_disk::{Desk, batch_in, id};
use crate::app::flight::job::Job;
use crate::app::flight::{Ask, Input, JobId, Request};
use crate::incident::{Command, Event, StepStatus};
use crate::kind::{Answer, Fault};

/// Starts the capture; answers what it asks.
fn start(desk: &mut Desk, second: u64) -> Vec<Ask> {
    let again = Command::StartStep { step: id("capture"), out_of_order: None };
    let started = desk.ask(second, again).expect("a step begins");
    let records = desk.records(&started);
    let before: Vec<JobId> = captures(desk);
    let requests = desk.feed(second, Input::Written(Ok(records)));
    assert!(before.iter().all(|job| !captures(desk).contains(job)), "looks of the first run are still waited for");
    let asks = requests.into_iter().filter_map(|request| match request {
        Request::Ask(ask) => Some(ask),
        Request::Write(_) | Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => None,
    });
    let own = captures(desk);
    asks.filter(|ask| own.contains(&ask.job)).collect()
}

/// The looks of captures that are waited for.
fn captures(desk: &Desk) -> Vec<JobId> {
    let of_capture = |(id, job): (&JobId, &Job)| matches!(job, Job::Capture { .. }).then_some(*id);
    desk.flight.jobs.iter().filter_map(of_capture).collect()
}

fn lost() -> Result<Answer, Fault> {
    Err(Fault::Lost("no answer".into()))
}

#[test]
fn answers_to_the_first_run_do_not_count_for_the_second() {
    let mut desk = Desk::watching();
    let first = start(&mut desk, 1);
    let reopen = Command::FailStep { step: id("capture"), why: "it takes too long".into() };
    let failed = desk.ask(2, reopen).expect("a step fails");
    desk.saved_all(2, failed);
    let second = start(&mut desk, 3);
    assert_eq!(first.len(), second.len());
    for ask in first {
        assert!(batch_in(desk.feed(4, Input::Answered(ask.job, lost()))).is_none(), "an old answer counts");
    }
    let mut written = None;
    for ask in second {
        written = written.or(batch_in(desk.feed(5, Input::Answered(ask.job, lost()))));
    }
    let written = written.expect("the second run is written down when its own answers are there");
    assert!(written.entries.iter().any(|(_, _, event)| matches!(event, Event::EvidenceCaptured { .. })));
}

#[test]
fn what_the_first_run_captured_does_not_end_the_second_one() {
    let mut desk = Desk::watching();
    let first = start(&mut desk, 1);
    let failed = Command::FailStep { step: id("capture"), why: "it takes too long".into() };
    let failed = desk.ask(2, failed).expect("a step fails");
    desk.ask(2, Command::StartStep { step: id("capture"), out_of_order: None });
    for ask in first {
        desk.feed(2, Input::Answered(ask.job, lost()));
    }
    desk.saved_all(3, failed);
    let status = desk.flight.state().steps[&id("capture")].status;
    assert_eq!(status, StepStatus::Running, "its own looks are not back");
}
