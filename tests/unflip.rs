//! The un-flip watch on the real `HAProxy`, whose map is back at what its file says after a restart.

#[path = "common/line.rs"]
mod line;
#[path = "common/servers.rs"]
mod servers;

use goaround::incident::{Command, Event, Way, tell};
use goaround::playbook::Id;
use line::Line;
use servers::Server;

fn playbook(server: &Server) -> String {
    let (edge, folder) = (server.port("EDGE_PORT"), server.data().join("haproxy"));
    let folder = folder.display();
    format!(
        r#"format = 1
service = "docs"
environment = "test"
[hold]
green_for = "10m"
[backends]
edge.http = {{ url = "http://127.0.0.1:{edge}" }}
haproxy.socket = {{ unix = "{folder}/sock" }}
[probes.arm]
title = "pointer"
http = {{ backend = "edge", get = "/pins", at = "/arm" }}
[levers.pointer]
use = "haproxy.map"
with = {{ haproxy = "haproxy", map = "{folder}/live.map", key = "live", to = "be_blue", edge = "arm", shows = "blue" }}
[[steps]]
id = "flip"
levers = ["pointer"]
"#
    )
}

#[tokio::test]
async fn a_proxy_that_restarts_into_its_file_is_a_breach_that_names_both_values_real_servers() {
    let server = Server::start("haproxy");
    let mut line = Line::open(&playbook(&server)).await;
    line.until(|event| matches!(event, Event::SensorTurned { .. })).await;
    line.command(Command::Declare { severity: 2, size_up: "green is sick".into() }).await;
    let flip = Id::new("flip").expect("a literal id");
    line.command(Command::StartStep { step: flip.clone(), out_of_order: None }).await;
    let pointer = Id::new("pointer").expect("a literal id");
    // Its names are read before it is armed.
    line.until(|event| matches!(event, Event::SensorTurned { probe, .. } if probe.as_str() == "pointer-now")).await;
    let now = line.now();
    line.flight.arm(&now, &pointer, Way::Do, Some(flip), 0);
    let fire = line.flight.fire_armed(&now, Some("for this claim".into()), false).expect("nothing blocks it");
    line.command(Command::Fire(fire)).await;
    line.until(|event| matches!(event, Event::StepDone { .. })).await;

    server.down("haproxy");
    server.up("haproxy");
    let alarm = line.until(|event| matches!(event, Event::Reverted { .. })).await;
    assert_eq!(tell(line.flight.playbook(), &alarm.event), "BREACH: pointer reverted: blue -> green");
    line.until(|event| matches!(event, Event::StepReopened { .. })).await;
}
