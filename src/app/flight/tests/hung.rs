//! What hangs holds up nothing but itself.

use super::slow_disk::id;
use crate::app::flight::{Ask, Flight, Input, Request};
use crate::incident::Moment;
use crate::kind::{Answer, Body, Exchange, Fault};
use crate::playbook::{Id, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

const HUNG: usize = 20;

/// The shared playbook, with metrics that hang read by programs, and a probe that asks one too.
fn playbook() -> Arc<Playbook> {
    let text = include_str!("../../../../fixtures/playbooks/docs-rag.toml");
    let mut text = text.replacen("[backends]", "[backends]\ntools.exec = { }", 1);
    let metric = "[metrics.hungN]\ntitle = \"hung N\"\nexec = { backend = \"tools\", argv = [\"/opt/hung\", \"N\"] }\nstop = \"> 1\"\n";
    text.extend((0..HUNG).map(|number| metric.replace('N', &number.to_string())));
    text += "[probes.well]\ntitle = \"well\"\nexec = { backend = \"tools\", argv = [\"/opt/well\"] }\n";
    Arc::new(Playbook::parse("docs-rag.toml", &text, Some("testbed")).unwrap())
}

/// A flight on which only what `tools` is asked goes unanswered.
struct Air {
    flight: Flight,
    start: Moment,
    hanging: Vec<Ask>,
}

impl Air {
    fn new() -> Self {
        let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
        let flight = Flight::new(playbook(), &[], Redactor::default(), &start);
        Self { flight, start, hanging: Vec::new() }
    }

    /// Feeds `input` and answers everything but the tools; answers what was asked, by backend.
    fn feed(&mut self, ms: u64, input: Input) -> Vec<Id> {
        let now = self.start.plus_ms(ms);
        let (mut inputs, mut asked) = (vec![input], Vec::new());
        while let Some(input) = inputs.pop() {
            for request in self.flight.handle(&now, input) {
                let Request::Ask(ask) = request else { continue };
                asked.push(ask.backend.clone());
                if ask.backend == id("tools") {
                    self.hanging.push(ask);
                } else {
                    inputs.push(Input::Answered(ask.job, Err(Fault::NotSent("connection refused".into()))));
                }
            }
        }
        asked
    }

    /// The oldest that hangs reaches its deadline.
    fn give_up(&mut self, ms: u64) {
        let ask = self.hanging.remove(0);
        self.feed(ms, Input::Answered(ask.job, Err(Fault::Lost("no answer within 2000 ms".into()))));
    }
}

#[test]
fn a_backend_that_hangs_holds_up_no_other() {
    let mut air = Air::new();
    for second in 0..10 {
        let asked = air.feed(second * 1000, Input::Tick);
        for backend in ["edge", "cache", "haproxy", "flags", "prom"] {
            assert!(asked.contains(&id(backend)), "{backend} was not asked in second {second}: {asked:?}");
        }
        assert_eq!(air.hanging.len(), 2, "two are in the air at a backend, and no more");
    }
}

#[test]
fn at_a_backend_that_hangs_everything_has_its_turn() {
    let mut air = Air::new();
    air.feed(0, Input::Tick);
    let mut programs = Vec::new();
    for second in 1..=(HUNG as u64) {
        programs.extend(air.hanging.first().map(|ask| match &ask.exchange {
            Exchange::Exec(exec) => exec.argv.join(" "),
            other => panic!("no program: {other:?}"),
        }));
        air.give_up(second * 2000);
    }
    programs.extend(air.hanging.iter().map(|ask| format!("{:?}", ask.exchange)));
    let is_well = |program: &String| program.contains("/opt/well");
    assert!(programs.iter().any(is_well), "the probe never had its turn: {programs:?}");
    programs.sort();
    programs.dedup();
    assert_eq!(programs.len(), HUNG + 2, "somebody was asked twice before everybody was asked once");
}

#[test]
fn the_flight_does_not_ask_to_be_woken_for_what_finds_no_room() {
    let mut air = Air::new();
    air.feed(0, Input::Tick);
    let wake = air.flight.next_wake().expect("other backends are polled again");
    assert!(wake.boot_ns > 0, "it would be woken at once, for ever");
}

/// A Prometheus that refuses a batch for the sake of one query in it.
#[test]
fn a_batch_that_failed_is_asked_one_by_one_two_at_a_time() {
    let mut air = Air::new();
    let all = air.flight.handle(&air.start.clone(), Input::Tick);
    let to_prometheus = |requests: Vec<Request>| -> Vec<Ask> {
        let asks = requests.into_iter().filter_map(|request| match request {
            Request::Ask(ask) => Some(ask),
            Request::Write(_) | Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => None,
        });
        asks.filter(|ask| ask.backend == id("prom")).collect()
    };
    let answer = |status: u16, body: &str| {
        Ok(Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(body) })
    };
    let mut in_air = to_prometheus(all);
    let batch = in_air.pop().expect("the metrics are asked together");
    assert!(in_air.is_empty());
    let refusal = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
    let now = air.start.plus_ms(10);
    in_air = to_prometheus(air.flight.handle(&now, Input::Answered(batch.job, answer(400, refusal))));
    let mut alone = Vec::new();
    while let Some(ask) = in_air.pop() {
        assert!(in_air.len() < 2, "more than two are in the air");
        assert_ne!(ask.exchange, batch.exchange, "the batch is asked again before its queries have answered");
        alone.push(format!("{:?}", ask.exchange));
        in_air.extend(to_prometheus(air.flight.handle(&now, Input::Answered(ask.job, answer(400, refusal)))));
    }
    alone.sort();
    alone.dedup();
    assert_eq!(alone.len(), 6, "one query for each metric of the playbook");
    let again = air.flight.handle(&air.start.plus_ms(1010), Input::Tick);
    assert!(to_prometheus(again).iter().any(|ask| ask.exchange == batch.exchange), "the batch is due again");
}
