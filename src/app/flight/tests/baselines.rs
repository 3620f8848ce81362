//! A baseline taken at the start counts once it is on disk; one that cannot be had says why.

use crate::app::flight::{Ask, Flight, Input, Request};
use crate::drill::{Scenario, World};
use crate::incident::{Actor, Command, Moment, Record};
use crate::kind::{Answer, Body, Fault};
use crate::metrics::{Heard, Sample, VerdictState};
use crate::playbook::{self, Id, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

/// The flight of a drill's world, second by second; every batch is on disk at once.
struct Watch {
    flight: Flight,
    world: World,
    now: Moment,
    paper: Vec<Record>,
    /// The lines of `samples.jsonl`.
    samples: Vec<String>,
    /// What the file holds that a baseline stands in, where there is one.
    file: Option<&'static str>,
}

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

impl Watch {
    fn new(baseline: &str) -> Self {
        let text = playbook::embedded("docs-rag").unwrap().replacen("baseline = 50", baseline, 1);
        let playbook = Arc::new(Playbook::parse("docs-rag", &text, Some("drill")).expect("sound"));
        let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
        let world = World::new(&scenario, &playbook, 1).unwrap();
        let now = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
        let flight = Flight::new(playbook, &[], Redactor::default(), &now);
        let mut watch = Self { flight, world, now, paper: Vec::new(), samples: Vec::new(), file: None };
        let (incident, version) = ("drill".into(), "0".into());
        watch.command(Command::Open { incident, playbook_sha256: String::new(), version, drill: None });
        watch
    }

    fn command(&mut self, command: Command) {
        self.feed(Input::Command(Actor::from("ops"), command));
    }

    fn feed(&mut self, input: Input) {
        for request in self.flight.handle(&self.now.clone(), input) {
            match request {
                Request::Ask(ask) => {
                    let answer = self.answer(&ask);
                    self.feed(Input::Answered(ask.job, answer));
                }
                Request::Write(batch) => {
                    let record = |(seq, (at, actor, event))| Record { seq, at, actor, event };
                    let written: Vec<Record> = (self.paper.len() as u64 + 1..).zip(batch.entries).map(record).collect();
                    self.paper.extend(written.clone());
                    self.feed(Input::Written(Ok(written)));
                }
                Request::Sample(line) => self.samples.push(line),
                Request::Refused(_) | Request::Notice(_) => {}
            }
        }
    }

    /// What the world answers; baselines in files and in the past, as the claim has it.
    fn answer(&mut self, ask: &Ask) -> Result<Answer, Fault> {
        match (ask.backend.as_str(), &ask.exchange) {
            ("baseline-file", _) if self.file.is_some() => {
                let body = Body::whole(self.file.unwrap_or_default());
                Ok(Answer::File(body.into()))
            }
            ("baseline-file", _) => Err(Fault::Refused("No such file or directory".into())),
            // A server that keeps less than was asked for.
            ("prom", exchange) if format!("{exchange:?}").contains("time=") => {
                let body = Body::whole(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#);
                Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body })
            }
            (backend, exchange) => self.world.handle(backend, exchange, self.now.boot_ns / 1_000_000).0,
        }
    }

    fn passes(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now = self.now.plus_ms(1000);
            self.feed(Input::Tick);
        }
    }
}

impl Watch {
    fn verdict(&self) -> (VerdictState, String) {
        let verdict = self.flight.board.verdict(&id("p99")).expect("it was read");
        (verdict.state, verdict.why.as_ref().map_or_else(String::new, ToString::to_string))
    }
}

#[test]
fn the_median_of_the_first_moments_is_the_baseline_and_survives_a_restart() {
    let mut watch = Watch::new("baseline = { at_start = \"3s\" }");
    watch.passes(1);
    let (state, why) = watch.verdict();
    assert_eq!(state, VerdictState::NoData);
    assert_eq!(why, "its baseline is the median of its first 3 s, which are not over");
    assert_eq!(watch.flight.next_baseline().map(|at| at.boot_ns / 1_000_000_000), Some(3));
    watch.passes(3);
    let taken = watch.flight.board.baseline(&id("p99")).expect("it was taken");
    assert!((1.0..100.0).contains(&taken), "{taken}");
    assert_eq!(watch.verdict().0, VerdictState::Ok);
    assert_eq!(watch.flight.next_baseline(), None, "it is taken once");
    let later = Flight::new(watch.flight.playbook.clone(), &watch.paper, Redactor::default(), &watch.now);
    assert_eq!(later.board.baseline(&id("p99")), Some(taken));
}

#[test]
fn a_breach_within_the_first_moments_leaves_no_baseline_and_says_so() {
    let mut watch = Watch::new("baseline = { at_start = \"60s\" }");
    watch.passes(61);
    let (state, why) = watch.verdict();
    assert_eq!(state, VerdictState::NoData);
    assert!(why.starts_with("NO BASELINE: ") && why.ends_with(" was in BREACH"), "{why}");
}

#[test]
fn a_baseline_that_had_to_be_asked_for_is_told_once_to_whoever_reads_later() {
    let mut watch = Watch::new("baseline = { file = \"base.json\", at = \"/p99\" }");
    watch.passes(2);
    let told = |watch: &Watch| {
        let lines = watch.samples.iter().filter_map(|line| Sample::parse(line));
        let bases = lines.filter(|sample| sample.metric == id("p99")).filter_map(|sample| match sample.heard() {
            Heard::Baseline(value) => Some(value),
            Heard::Reading(_) => None,
        });
        bases.collect::<Vec<f64>>()
    };
    assert_eq!(told(&watch), [] as [f64; 0], "nobody knows it yet");
    watch.file = Some("{\"p99\": 48.5}");
    watch.passes(30);
    assert_eq!((told(&watch), watch.flight.board.baseline(&id("p99"))), (vec![48.5], Some(48.5)));
}

#[test]
fn a_baseline_that_cannot_be_read_says_why() {
    for (baseline, why) in [
        ("{ file = \"base.json\", at = \"/p99\" }", "NO BASELINE: base.json: refused: No such file or directory"),
        ("{ offset = \"1h\" }", "NO BASELINE: no sample 3600 s ago: "),
    ] {
        let mut watch = Watch::new(&format!("baseline = {baseline}"));
        watch.passes(3);
        let (state, said) = watch.verdict();
        assert!(state == VerdictState::NoData && said.starts_with(why), "{state:?} {said}");
    }
}
