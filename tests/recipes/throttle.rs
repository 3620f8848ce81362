//! Throttles: less is let in, believed only when somebody is turned away.

use super::harness::{Flight, is_not_sent, is_rejected};
use super::servers::Server;
use goaround::kind::Outcome;

/// A flight whose lever is `uses`, on `backends`; what is let in is seen at a path of the port named `edge`.
fn flight(server: &Server, (edge, path): (&str, &str), backends: &str, uses: &str) -> Flight {
    let edge = server.port(edge);
    Flight::of(&format!(
        r#"
[backends]
edge.http = {{ url = "http://127.0.0.1:{edge}" }}
{backends}
[probes.limited]
http = {{ backend = "edge", get = "{path}", find = '(.)', statuses = {{ 429 = "throttled" }} }}
[levers.lever]
{uses}
"#
    ))
}

fn haproxy(server: &Server, key: &str) -> Flight {
    let folder = server.data().join("haproxy");
    let folder = folder.display();
    flight(
        server,
        ("EDGE_PORT", "/answer"),
        &format!("haproxy.socket = {{ unix = \"{folder}/sock\" }}"),
        &format!(
            r#"use = "haproxy.limit-map"
[levers.lever.with]
haproxy = "haproxy"
map = "{folder}/limit.map"
key = "{key}"
to = "1"
edge = "limited"
shows = "throttled""#
        ),
    )
}

#[tokio::test]
async fn haproxy_limit_map_turns_users_away_and_lets_them_in_again_real_servers() {
    let server = Server::start("haproxy");
    let mut flight = haproxy(&server, "rps");
    assert!(flight.is_not_done().await, "everybody is let in");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, "100000");
    assert!(flight.is_not_done().await, "everybody is let in again");

    is_rejected(&haproxy(&server, "rsp").pull().await, "entry not found");
    server.down("haproxy");
    is_not_sent(&flight.pull().await);
}

#[test]
#[should_panic(expected = "a limit of 0 is an outage")]
fn a_limit_of_0_is_no_limit_that_a_playbook_may_hold() {
    Flight::of(
        r#"
[backends]
haproxy.socket = { unix = "/run/haproxy.sock" }
[levers.lever]
use = "haproxy.limit-map"
with = { haproxy = "haproxy", map = "limit.map", key = "rps", to = "0" }
"#,
    );
}

fn envoy(server: &Server, key: &str) -> Flight {
    let admin = server.port("ENVOY_ADMIN_PORT");
    flight(
        server,
        ("ENVOY_PORT", "/pins"),
        &format!("envoy.http = {{ url = \"http://127.0.0.1:{admin}\" }}"),
        &format!(
            r#"use = "envoy.runtime-throttle"
with = {{ envoy = "envoy", key = "{key}", edge = "limited", shows = "throttled" }}"#
        ),
    )
}

#[tokio::test]
async fn envoy_runtime_throttle_turns_users_away_and_lets_them_in_again_real_servers() {
    let server = Server::start("envoy");
    let mut flight = envoy(&server, "throttle.on");
    assert!(flight.is_not_done().await, "everybody is let in");
    flight.flies_there_and_back().await;
    assert!(flight.is_not_done().await, "everybody is let in again");

    let mut mistyped = envoy(&server, "throtle.on");
    assert!(!mistyped.may_be_pulled().await, "there is no such key");
    assert!(mistyped.is_not_done().await);
    server.down("envoy");
    is_not_sent(&flight.pull().await);
}

fn nginx(server: &Server, include: &str, to: &str) -> Flight {
    let folder = server.data().join("nginx");
    let folder = folder.display();
    flight(
        server,
        ("NGINX_PORT", "/pins"),
        "host.exec = {}",
        &format!(
            r#"use = "nginx.limit"
[levers.lever.with]
host = "host"
include = "{folder}/{include}"
to = "{to}"
config = "{folder}/nginx.conf"
pid = "{folder}/nginx.pid"
edge = "limited"
shows = "throttled""#
        ),
    )
}

#[tokio::test]
async fn nginx_limit_turns_users_away_and_lets_them_in_again_real_servers() {
    let server = Server::start("nginx");
    let include = server.data().join("nginx/limit.conf");
    let mut flight = nginx(&server, "limit.conf", "limit_req zone=all;");
    assert!(flight.is_not_done().await, "everybody is let in");
    flight.flies_there_and_back().await;
    assert_eq!(std::fs::read_to_string(&include).expect("it was put back"), "");
    assert!(flight.is_not_done().await, "everybody is let in again");

    // Fired twice, what the incident began with is still what comes back.
    flight.applies_and_agrees().await;
    assert!(!flight.may_be_pulled().await, "it limits already");
    flight.applies_and_agrees().await;
    assert_eq!(flight.take_back().await.outcome, Outcome::Applied);
    assert_eq!(std::fs::read_to_string(&include).expect("it was put back"), "");
    is_rejected(&flight.take_back().await, "nothing was kept");

    server.down("nginx");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn nginx_limit_leaves_the_file_as_it_was_when_nginx_refuses_real_servers() {
    let server = Server::start("nginx");
    let include = server.data().join("nginx/limit.conf");
    std::fs::write(&include, "# nobody is limited\n").expect("a folder of the test's own");
    is_rejected(&nginx(&server, "limit.conf", "limit_req zone=al;").pull().await, "shared memory zone");
    assert_eq!(std::fs::read_to_string(&include).expect("it is there"), "# nobody is limited\n");

    let mut mistyped = nginx(&server, "limits.conf", "limit_req zone=all;");
    assert!(!mistyped.may_be_pulled().await, "there is no such file");
    is_rejected(&mistyped.pull().await, "limits.conf is no file");
}
