//! A message over real HTTP, to a receiver that is told what to answer.

#[path = "common/servers.rs"]
#[expect(dead_code, reason = "this receiver is never gone")]
mod servers;

use goaround::app::flight::{Ask, Flight, Input, Request};
use goaround::backend::{Carriers, Secrets};
use goaround::incident::{Command, Event, Moment, Record};
use goaround::kind::{Answer, Fault, Outcome, Use};
use goaround::playbook::{Id, Playbook};
use goaround::text::Redactor;
use servers::Server;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A flight that flies in real time; its journal is a list.
struct Line {
    flight: Flight,
    carriers: Carriers,
    began: Instant,
    paper: Vec<Record>,
}

impl Line {
    fn now(&self) -> Moment {
        let passed = u64::try_from(self.began.elapsed().as_millis()).expect("a test is short");
        Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "test".into() }.plus_ms(passed)
    }

    fn open(hook: u16) -> Self {
        let text = format!(
            "format = 1\nservice = \"docs\"\nenvironment = \"test\"\n[backends]\nchat.http = {{ url = \
             \"http://127.0.0.1:{hook}\" }}\n[comms.first]\nbody = \"Rolling back {{{{ service }}}}.\"\nsend = {{ http = \
             {{ backend = \"chat\", post = \"/first\", body = '{{\"text\":\"${{text}}\"}}' }} }}\n"
        );
        let playbook = Playbook::parse("message.toml", &text, None).expect("it is sound");
        let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "test".into() };
        let flight = Flight::new(Arc::new(playbook), &[], Redactor::default(), &start);
        let carriers = Carriers::new(Secrets::default()).expect("carriers need nothing of the machine");
        Self { flight, carriers, began: Instant::now(), paper: Vec::new() }
    }

    /// Feeds the flight and does what it asks for, one thing after the other.
    async fn feed(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let now = self.now();
            for request in self.flight.handle(&now, input) {
                match request {
                    Request::Ask(Ask { job, exchange, deadline_ms, .. }) => {
                        let result = self.carriers.perform(&exchange, Use::Act, deadline_ms).await;
                        inputs.push(Input::Answered(job, result));
                    }
                    Request::Write(batch) => {
                        let numbered = (self.paper.len() as u64 + 1..).zip(batch.entries);
                        let records: Vec<_> =
                            numbered.map(|(seq, (at, actor, event))| Record { seq, at, actor, event }).collect();
                        self.paper.extend_from_slice(&records);
                        inputs.push(Input::Written(Ok(records)));
                    }
                    Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => {}
                }
            }
        }
    }

    /// Lets time pass until the message has ended for good, as the flight itself wants to be woken.
    async fn until_settled(&mut self) -> Outcome {
        let first = Id::new("first").expect("a literal id");
        for _ in 0..50 {
            let message = self.flight.state().messages.get(&first);
            if let Some((outcome, _)) = message.filter(|m| m.again_at.is_none()).and_then(|m| m.outcome.as_ref()) {
                return *outcome;
            }
            let wake = self.flight.next_wake().expect("it wants to be woken");
            tokio::time::sleep(Duration::from_millis(wake.since(&self.now()).ms + 1)).await;
            self.feed(Input::Tick).await;
        }
        panic!("it never ends: {:?}", self.paper);
    }
}

/// Tells the receiver what to answer from now on.
async fn answer(carriers: &Carriers, hook: u16, status: u16) {
    let exchange = serde_json::json!({"http": {"method": "PUT", "url": format!("http://127.0.0.1:{hook}/answer"),
        "headers": [], "auth": null, "secrets": {}, "body": format!("{{\"status\": {status}}}"), "ca_file": null}});
    let exchange = serde_json::from_value(exchange).expect("this is an exchange");
    let told: Result<Answer, Fault> = carriers.perform(&exchange, Use::Act, 5000).await;
    assert!(matches!(told, Ok(Answer::Http { status: 200, .. })), "{told:?}");
}

#[tokio::test]
async fn a_receiver_that_wants_peace_is_left_in_peace_for_as_long_as_it_said() {
    let server = Server::start("hook");
    let hook = server.port("HOOK_PORT");
    let mut line = Line::open(hook);
    answer(&line.carriers, hook, 429).await;
    let open =
        Command::Open { incident: "desk".into(), playbook_sha256: String::new(), version: "0".into(), drill: None };
    line.feed(Input::Command("mira".into(), open)).await;
    let now = line.now();
    line.flight.send_comm(&now, "mira".into(), &Id::new("first").expect("a literal id")).expect("it renders");
    line.feed(Input::Tick).await;
    answer(&line.carriers, hook, 200).await;
    assert_eq!(line.until_settled().await, Outcome::Applied);

    let at = |test: fn(&Event) -> bool| line.paper.iter().find(|record| test(&record.event)).map(|record| &record.at);
    let refused = at(|event| matches!(event, Event::MessageSettled { .. })).expect("it was refused");
    let again = at(|event| matches!(event, Event::MessageRetried { .. })).expect("it was sent again");
    assert!(again.since(refused).ms >= 3000, "Retry-After: 3, and it came after {} ms", again.since(refused).ms);
    let posts =
        std::fs::read_to_string(server.data().join("hook/posts.jsonl")).expect("the receiver keeps what it gets");
    let bodies: Vec<String> = posts.lines().map(|post| json(post)["body"].to_string()).collect();
    assert!(bodies.len() == 2 && bodies[0] == bodies[1] && bodies[0].contains("Rolling back docs."), "{posts}");
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).expect("the receiver writes JSON")
}
