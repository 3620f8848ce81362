//! A flight that flies in real time on real servers; its journal is a list.

use goaround::app::flight::{Ask, Flight, Input, Request};
use goaround::backend::{Carriers, Secrets};
use goaround::incident::{Command, Event, Moment, Record};
use goaround::playbook::{Playbook, render};
use goaround::text::Redactor;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The flight, and what is on its paper.
pub struct Line {
    pub flight: Flight,
    pub carriers: Carriers,
    pub paper: Vec<Record>,
    began: Instant,
}

impl Line {
    /// Opens an incident with this playbook.
    pub async fn open(text: &str) -> Self {
        let playbook =
            Playbook::parse("p.toml", text, None).unwrap_or_else(|flaws| panic!("{}", render("p.toml", text, &flaws)));
        let flight = Flight::new(Arc::new(playbook), &[], Redactor::default(), &start());
        let carriers = Carriers::new(Secrets::default()).expect("carriers need nothing of the machine");
        let mut line = Self { flight, carriers, began: Instant::now(), paper: Vec::new() };
        let open =
            Command::Open { incident: "desk".into(), playbook_sha256: String::new(), version: "0".into(), drill: None };
        line.command(open).await;
        line
    }

    /// Incident time.
    pub fn now(&self) -> Moment {
        start().plus_ms(u64::try_from(self.began.elapsed().as_millis()).expect("a test is short"))
    }

    /// Somebody asks for something.
    pub async fn command(&mut self, command: Command) {
        self.feed(Input::Command("mira".into(), command)).await;
    }

    /// Feeds the flight and does what it asks for, one thing after the other.
    pub async fn feed(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let now = self.now();
            for request in self.flight.handle(&now, input) {
                match request {
                    Request::Ask(Ask { job, exchange, purpose, deadline_ms, .. }) => {
                        let result = self.carriers.perform(&exchange, purpose, deadline_ms).await;
                        inputs.push(Input::Answered(job, result));
                    }
                    Request::Write(batch) => {
                        let numbered = (self.paper.len() as u64 + 1..).zip(batch.entries);
                        let records: Vec<_> =
                            numbered.map(|(seq, (at, actor, event))| Record { seq, at, actor, event }).collect();
                        self.paper.extend_from_slice(&records);
                        inputs.push(Input::Written(Ok(records)));
                    }
                    Request::Refused(refused) => panic!("refused: {}", refused.why),
                    Request::Sample(_) | Request::Notice(_) => {}
                }
            }
        }
    }

    /// Lets time pass, woken as the flight wants to be, until an event like this is on paper; answers where.
    pub async fn until(&mut self, test: fn(&Event) -> bool) -> Record {
        for _ in 0..1000 {
            if let Some(record) = self.paper.iter().find(|record| test(&record.event)) {
                return record.clone();
            }
            self.pass().await;
        }
        panic!("it never comes: {:#?}", self.paper);
    }

    /// Lets time pass until the flight wants to be woken.
    pub async fn pass(&mut self) {
        let wake = self.flight.next_wake().expect("it wants to be woken");
        tokio::time::sleep(Duration::from_millis(wake.since(&self.now()).ms + 1)).await;
        self.feed(Input::Tick).await;
    }
}

fn start() -> Moment {
    Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "test".into() }
}
