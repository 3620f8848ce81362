//! A read-back that flaps is no world that followed.

use super::slow_disk::{Desk, batch_in};
use crate::app::flight::job::Job;
use crate::app::flight::{Ask, Input, Request};
use crate::incident::{Event, ReadBack};
use crate::kind::{Answer, Body, RedisValue};
use crate::playbook::Playbook;
use crate::text::Text;
use std::sync::Arc;

/// How the read-back of the freeze ends, where its n-th look shows `shows(n)`, and after how many looks.
fn read_back(shows: impl Fn(u32) -> &'static str) -> (ReadBack, u32) {
    let (result, looks, _) = read_back_of(Desk::watching(), shows);
    (result, looks)
}

/// The same of that desk's freeze, and what is said of several probes.
fn read_back_of(mut desk: Desk, shows: impl Fn(u32) -> &'static str) -> (ReadBack, u32, Option<Text>) {
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
    let mut ends = desk.paper.iter().filter_map(|record| match &record.event {
        Event::ReadBack { result, looks, detail, .. } => Some((*result, *looks, detail.clone())),
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

/// The freeze, read back through `writers` and then through `second`.
fn two_probes() -> Desk {
    let text = include_str!("../../../../fixtures/playbooks/docs-rag.toml");
    let second = "[probes.second]\nredis = { backend = \"cache\", command = [\"GET\", \"x\"] }\n\n[levers.freeze]";
    let text = text.replace("[levers.freeze]", second);
    let text = text.replace(
        "verify = { probe = \"writers\", is = \"no permissions\", ",
        "verify = { probes = [\"writers\", \"second\"], is = \"no permissions\", ",
    );
    let playbook = Playbook::parse("docs-rag.toml", &text, Some("drill")).expect("it is sound");
    assert_eq!(playbook.levers["freeze"].verify.as_ref().unwrap().condition.probes().count(), 2);
    Desk::flying(Arc::new(playbook))
}

#[test]
fn a_read_back_through_two_probes_agrees_only_when_both_do_at_the_same_time() {
    let no = "no permissions";
    // Looks take turns: the odd ones are the first probe's.
    assert_eq!(read_back_of(two_probes(), |_| no), (ReadBack::Agrees, 4, None));
    assert_eq!(read_back_of(two_probes(), |look| if look < 5 && look % 2 == 0 { "OK" } else { no }).1, 8);
    let (result, _, detail) = read_back_of(two_probes(), |look| if look % 2 == 0 { "OK" } else { no });
    assert_eq!(result, ReadBack::Disagrees, "one of them never follows");
    let detail = detail.expect("it is named");
    assert_eq!(detail.as_str(), "set, propagating: 1 of 2 agree (second still shows OK)");
    // Each shows it twice in a row, and never both: when the first does the second does not, and the other way round.
    let crossed = |look: u32| if ((look - 1) / 4 + look).is_multiple_of(2) { "OK" } else { no };
    assert_ne!(read_back_of(two_probes(), crossed).0, ReadBack::Agrees);
}
