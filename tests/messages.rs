//! A message over real HTTP, to a receiver that is told what to answer.

#[path = "common/line.rs"]
mod line;
#[path = "common/servers.rs"]
#[expect(dead_code, reason = "this receiver is never gone")]
mod servers;

use goaround::app::flight::Input;
use goaround::backend::Carriers;
use goaround::incident::Event;
use goaround::kind::{Answer, Fault, Outcome, Use};
use goaround::playbook::Id;
use line::Line;
use servers::Server;

fn playbook(hook: u16) -> String {
    format!(
        r#"format = 1
service = "docs"
environment = "test"
[backends]
chat.http = {{ url = "http://127.0.0.1:{hook}" }}
[comms.first]
body = "Rolling back {{{{ service }}}}."
send = {{ http = {{ backend = "chat", post = "/first", body = '{{"text":"${{text}}"}}' }} }}
"#
    )
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
    let mut line = Line::open(&playbook(hook)).await;
    answer(&line.carriers, hook, 429).await;
    let now = line.now();
    line.flight.send_comm(&now, "mira".into(), &Id::new("first").expect("a literal id"), None).expect("it renders");
    line.feed(Input::Tick).await;
    answer(&line.carriers, hook, 200).await;
    line.until(|event| matches!(event, Event::MessageSettled { outcome: Outcome::Applied, .. })).await;

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
