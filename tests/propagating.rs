//! A name that is flipped at its primary and cached by a resolver: the real BIND, and the real Unbound before it.

#[path = "common/line.rs"]
mod line;
#[path = "common/servers.rs"]
#[expect(dead_code, reason = "no server is ended here")]
mod servers;

use goaround::incident::{Command, Event, ReadBack, Record, Way, derive, tell};
use goaround::playbook::Id;
use line::Line;
use servers::Server;
use std::time::{Duration, Instant};

/// BIND and Unbound; the name lives for `ttl` seconds wherever it is cached.
fn servers(ttl: u32) -> Server {
    let zone = include_str!("testbed/named/docs.test.in").replace("live CNAME", &format!("live {ttl} CNAME"));
    let server = Server::start_with("named", |folder| std::fs::write(folder.join("docs.test"), zone).expect("a zone"));
    server.up("unbound");
    server
}

fn playbook(server: &Server, verify: &str) -> String {
    let (folder, port) = (server.data().display(), server.port("NAMED_PORT"));
    let (edge, unbound) = (server.port("NAMED_EDGE_PORT"), server.port("UNBOUND_PORT"));
    format!(
        r#"format = 1
service = "docs"
environment = "test"
[hold]
green_for = "10m"
[backends]
tools.exec = {{}}
[levers.name]
use = "dns.rfc2136"
{verify}
[levers.name.with]
tools = "tools"
server = "127.0.0.1"
port = "{port}"
key = "{folder}/named/key"
zone = "docs.test"
name = "live.docs.test"
to = "blue.docs.test."
elsewhere = "127.0.0.1"
elsewhere_port = "{edge}"
second = "localhost"
second_port = "{unbound}"
"#
    )
}

/// How many seconds Unbound will keep what it has.
fn left(server: &Server) -> u64 {
    let (port, name) = (server.port("UNBOUND_PORT").to_string(), "live.docs.test");
    let asked = ["+noall", "+answer", "+ttlid", "-p", &port, "@127.0.0.1", name, "CNAME"];
    let said = std::process::Command::new("dig").args(asked).output().expect("dig is installed").stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    said.split_whitespace().nth(1).and_then(|ttl| ttl.parse().ok()).unwrap_or_else(|| panic!("no ttl in {said:?}"))
}

/// Declares, and fires the lever once all of its probes have seen the old name.
async fn flip(line: &mut Line) {
    line.command(Command::Declare { severity: 2, size_up: "green is sick".into() }).await;
    let unseen =
        |line: &Line| line.flight.playbook().probes.keys().any(|probe| line.flight.state().seen(probe).is_none());
    while unseen(line) {
        line.pass().await;
    }
    let name = Id::new("name").expect("a literal id");
    let now = line.now();
    line.flight.arm(&now, &name, Way::Do, None, 0);
    let fire = line.flight.fire_armed(&now, None, false).expect("nothing blocks it");
    line.command(Command::Fire(fire)).await;
}

/// How far the flip has come, in the cockpit's words.
fn spread(line: &Line) -> Option<String> {
    let (playbook, state) = (line.flight.playbook(), line.flight.state());
    let condition = &playbook.levers["name"].verify.as_ref().expect("it is read back").condition;
    derive::spread(playbook, condition, &state.pulls[&1].bindings, |probe| state.seen(probe))
}

async fn read_back(line: &mut Line) -> Record {
    line.until(|event| matches!(event, Event::ReadBack { .. })).await
}

#[tokio::test]
async fn a_cached_resolver_keeps_the_flip_propagating_until_its_ttl_has_run_real_servers() {
    let server = servers(20);
    let mut line = Line::open(&playbook(&server, "")).await;
    // What the probe asks for now is kept for twenty seconds from here on, or what is left of an earlier twenty.
    while left(&server) < 14 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (kept, since) = (left(&server), Instant::now());
    flip(&mut line).await;
    let edge = |event: &Event| matches!(event, Event::SensorTurned { probe, seen } if probe.as_str() == "name-seen" && seen.value() == Some("blue.docs.test."));
    line.until(edge).await;
    assert_eq!(
        spread(&line).as_deref(),
        Some("set, propagating: 1 of 2 agree (live.docs.test at localhost still shows green.docs.test.)")
    );
    let read = read_back(&mut line).await;
    assert!(matches!(read.event, Event::ReadBack { result: ReadBack::Agrees, detail: None, .. }), "{read:?}");
    // A time to live is counted in whole seconds.
    assert!(
        since.elapsed() + Duration::from_secs(1) >= Duration::from_secs(kept),
        "it agreed while Unbound had {kept} s left"
    );
    assert_eq!(spread(&line), None);
}

#[tokio::test]
async fn a_resolver_that_keeps_the_old_name_for_too_long_is_named_real_servers() {
    let server = servers(3600);
    let verify = r#"verify = { probes = ["name-seen", "name-second"], is = "blue.docs.test.", within = "5s" }"#;
    let mut line = Line::open(&playbook(&server, verify)).await;
    flip(&mut line).await;
    let read = read_back(&mut line).await;
    assert!(matches!(read.event, Event::ReadBack { result: ReadBack::Disagrees, .. }), "{read:?}");
    let told = tell(line.flight.playbook(), &read.event);
    let words = "set, propagating: 1 of 2 agree (live.docs.test at localhost still shows green.docs.test.)";
    assert!(told.contains("DISAGREES") && told.ends_with(words), "{told}");
}
