//! A read-back that flaps is no world that followed.

use super::slow_disk::{Desk, batch_in};
use crate::app::flight::job::Job;
use crate::app::flight::{Ask, Input, Request};
use crate::incident::{Event, ReadBack};
use crate::kind::{Answer, Body, RedisValue};

/// How the read-back of the freeze ends, where its n-th look shows `shows(n)`, and after how many looks.
fn read_back(shows: impl Fn(u32) -> &'static str) -> (ReadBack, u32) {
    let mut desk = Desk::watching();
    let mut looks = 0;
    let mut inputs: Vec<Input> =
        desk.fire(1).map(|batch| Input::Written(Ok(desk.records(&batch)))).into_iter().collect();
    for second in 1..30 {
        inputs.push(Input::Tick);
        while let Some(input) = inputs.pop() {
            for request in desk.feed(second, input) {
                if let Request::Ask(ask) = &request {
                    let said = match &desk.flight.jobs[&ask.job] {
                        Job::Pull { .. } => Some("OK"),
                        Job::ReadBack(_) => {
                            looks += 1;
                            Some(shows(looks))
                        }
                        _ => None,
                    };
                    inputs.extend(said.map(|said| answered(ask, said)));
                } else if let Some(batch) = batch_in(vec![request]) {
                    let records = desk.records(&batch);
                    inputs.push(Input::Written(Ok(records)));
                }
            }
        }
    }
    let mut ends = desk.paper.iter().filter_map(|record| match record.event {
        Event::ReadBack { result, looks, .. } => Some((result, looks)),
        _ => None,
    });
    ends.next().expect("it ends by its deadline")
}

fn answered(ask: &Ask, said: &str) -> Input {
    Input::Answered(ask.job, Ok(Answer::Redis(RedisValue::Text(Body::whole(said)))))
}

#[test]
fn a_read_back_that_flaps_never_agrees_and_two_looks_in_a_row_do() {
    let flaps = |look: u32| if look.is_multiple_of(2) { "no permissions" } else { "OK" };
    let (result, looks) = read_back(flaps);
    assert_ne!(result, ReadBack::Agrees, "every second look agrees, and none twice in a row");
    assert!(looks > 4, "it was looked at until its time was up");
    assert_eq!(read_back(|_| "no permissions"), (ReadBack::Agrees, 2));
    assert_eq!(read_back(|look| if look < 4 { flaps(look) } else { "no permissions" }), (ReadBack::Agrees, 5));
    assert_eq!(read_back(|_| "OK").0, ReadBack::Disagrees);
}
