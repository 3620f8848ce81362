//! Pointers: from one version to another, believed only when users get it.

use super::harness::{Flight, is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::kind::Outcome;
use std::{fs, os::unix::fs::PermissionsExt};

/// A flight whose lever is `uses`, on `backends`; users get what the port named `edge` answers.
fn flight(server: &Server, edge: &str, backends: &str, uses: &str) -> Flight {
    let edge = server.port(edge);
    Flight::of(&format!(
        r#"
[backends]
edge.http = {{ url = "http://127.0.0.1:{edge}" }}
{backends}
[probes.arm]
http = {{ backend = "edge", get = "/pins", at = "/arm" }}
[levers.lever]
{uses}
"#
    ))
}

fn haproxy(server: &Server, key: &str, to: &str) -> Flight {
    let folder = server.data().join("haproxy");
    let folder = folder.display();
    flight(
        server,
        "EDGE_PORT",
        &format!("haproxy.socket = {{ unix = \"{folder}/sock\" }}"),
        &format!(
            r#"use = "haproxy.map"
with = {{ haproxy = "haproxy", map = "{folder}/live.map", key = "{key}", to = "{to}", edge = "arm", shows = "blue" }}"#
        ),
    )
}

#[tokio::test]
async fn haproxy_map_moves_users_and_back_real_servers() {
    let server = Server::start("haproxy");
    let mut flight = haproxy(&server, "live", "be_blue");
    assert_eq!(flight.shows("arm").await, "green");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("arm").await, "green");

    // Success from the control API while traffic stays wrong: only the look through the edge tells.
    let mut wrong = haproxy(&server, "live", "be_nowhere");
    assert_eq!(wrong.pull().await.outcome, Outcome::Applied);
    assert!(wrong.is_not_done().await, "users get an error, whatever the map says");

    is_rejected(&haproxy(&server, "lvie", "be_blue").pull().await, "entry not found");
    server.down("haproxy");
    is_not_sent(&flight.pull().await);
}

fn nginx(server: &Server, link: &str, to: &str) -> Flight {
    let folder = server.data().join("nginx");
    let folder = folder.display();
    flight(
        server,
        "NGINX_PORT",
        "host.exec = {}",
        &format!(
            r#"use = "nginx.symlink-reload"
[levers.lever.with]
host = "host"
link = "{folder}/{link}"
to = "{to}"
config = "{folder}/nginx.conf"
pid = "{folder}/nginx.pid"
edge = "arm"
shows = "blue""#
        ),
    )
}

#[tokio::test]
async fn nginx_symlink_reload_moves_users_and_back_real_servers() {
    let server = Server::start("nginx");
    let mut flight = nginx(&server, "live.conf", "blue.conf");
    assert_eq!(flight.shows("arm").await, "green");
    flight.flies_there_and_back().await;
    flight.applies_and_agrees().await;
    assert!(!flight.may_be_pulled().await, "it leads there already");

    server.down("nginx");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn nginx_symlink_reload_puts_the_link_back_when_nginx_refuses_real_servers() {
    let server = Server::start("nginx");
    std::fs::write(server.data().join("nginx/bad.conf"), "sever 127.0.0.1:1;").expect("a folder of the test's own");
    for (to, words) in [("bad.conf", "unknown directive"), ("nowhere.conf", "live.conf leads to green.conf again")] {
        let mut refused = nginx(&server, "live.conf", to);
        is_rejected(&refused.pull().await, words);
        assert_eq!(refused.shows("lever-now").await, "green.conf");
        assert_eq!(refused.shows("arm").await, "green");
    }
    let mut mistyped = nginx(&server, "lvie.conf", "blue.conf");
    assert!(!mistyped.may_be_pulled().await, "there is no such link");
    is_rejected(&mistyped.pull().await, "lvie.conf is no symbolic link");
    assert!(!server.data().join("nginx/lvie.conf").exists(), "nothing was made");
}

#[tokio::test]
async fn a_symlink_says_nothing_until_nginx_has_reloaded_real_servers() {
    let server = Server::start("nginx");
    let flight = nginx(&server, "live.conf", "blue.conf");
    let folder = server.data().join("nginx");
    std::os::unix::fs::symlink("blue.conf", folder.join("next")).expect("a folder of the test's own");
    std::fs::rename(folder.join("next"), folder.join("live.conf")).expect("a folder of the test's own");
    assert_eq!(flight.shows("lever-now").await, "blue.conf");
    assert!(flight.is_not_done().await, "users still get green, and the read-back looks at what they get");
}

fn caddy(server: &Server, host: &str, id: &str, to: u16) -> Flight {
    let admin = server.port("CADDY_ADMIN_PORT");
    flight(
        server,
        "CADDY_PORT",
        &format!("caddy.http = {{ url = \"http://{host}:{admin}\" }}"),
        &format!(
            r#"use = "caddy.upstream"
with = {{ caddy = "caddy", id = "{id}", to = "127.0.0.1:{to}", edge = "arm", shows = "blue" }}"#
        ),
    )
}

#[tokio::test]
async fn caddy_upstream_moves_users_and_back_real_servers() {
    let server = Server::start("caddy");
    let blue = server.port("BLUE_PORT");
    let mut flight = caddy(&server, "127.0.0.1", "live", blue);
    assert_eq!(flight.shows("arm").await, "green");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("arm").await, "green");

    let mut mistyped = caddy(&server, "127.0.0.1", "lvie", blue);
    assert!(!mistyped.may_be_pulled().await, "there is no such object");
    is_rejected(&mistyped.pull().await, "unknown object ID 'lvie'");
    is_rejected(&caddy(&server, "localhost", "live", blue).pull().await, "host not allowed");

    // An address where nothing listens is accepted; only the look through the edge tells.
    let mut wrong = caddy(&server, "127.0.0.1", "live", server.port("SERVICE_PORT"));
    assert_eq!(wrong.pull().await.outcome, Outcome::Applied);
    assert!(wrong.is_not_done().await, "users get an error, whatever Caddy's configuration says");
    assert_eq!(wrong.take_back().await.outcome, Outcome::Applied);
    assert_eq!(flight.shows("arm").await, "green");

    flight.applies_and_agrees().await;
    server.down("caddy");
    is_not_sent(&flight.pull().await);
    server.up("caddy");
    assert!(flight.is_not_done().await, "a restart of Caddy has gone back to its file");
}

fn envoy(server: &Server, key: &str) -> Flight {
    let admin = server.port("ENVOY_ADMIN_PORT");
    flight(
        server,
        "ENVOY_PORT",
        &format!("envoy.http = {{ url = \"http://127.0.0.1:{admin}\" }}"),
        &format!(
            r#"use = "envoy.runtime"
with = {{ envoy = "envoy", key = "{key}", to = "0", edge = "arm", shows = "blue" }}"#
        ),
    )
}

#[tokio::test]
async fn envoy_runtime_moves_users_and_back_real_servers() {
    let server = Server::start("envoy");
    let mut flight = envoy(&server, "live.green");
    assert_eq!(flight.shows("arm").await, "green");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("arm").await, "green");

    // Envoy answers OK to any key, so a key that stands in no layer is refused before anything is sent.
    let mut mistyped = envoy(&server, "live.gren");
    assert!(!mistyped.may_be_pulled().await, "there is no such key");
    assert_eq!(mistyped.pull().await.outcome, Outcome::Applied);
    assert!(mistyped.is_not_done().await, "users still get green, whatever Envoy answered");

    flight.applies_and_agrees().await;
    server.down("envoy");
    is_not_sent(&flight.pull().await);
    server.up("envoy");
    assert!(flight.is_not_done().await, "a restart of Envoy has gone back to its file");
}

fn dns(server: &Server, key: &str, name: &str, to: &str) -> Flight {
    dns_by(server, "/usr/bin", (key, name, to))
}

fn dns_by(server: &Server, bin: &str, (key, name, to): (&str, &str, &str)) -> Flight {
    let (folder, port, edge) = (server.data().display(), server.port("NAMED_PORT"), server.port("NAMED_EDGE_PORT"));
    Flight::of(&format!(
        r#"
[backends]
tools.exec = {{}}
[levers.lever]
use = "dns.rfc2136"
[levers.lever.with]
tools = "tools"
server = "127.0.0.1"
port = "{port}"
key = "{folder}/named/{key}"
zone = "docs.test"
name = "{name}.docs.test"
to = "{to}.docs.test."
elsewhere = "127.0.0.1"
elsewhere_port = "{edge}"
bin = "{bin}"
"#
    ))
}

#[tokio::test]
async fn dns_rfc2136_moves_a_name_and_back_real_servers() {
    let server = Server::start("named");
    let mut flight = dns(&server, "key", "live", "blue");
    assert_eq!(flight.shows("lever-seen").await, "green.docs.test.");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-seen").await, "green.docs.test.");

    let mut mistyped = dns(&server, "key", "lvie", "blue");
    assert!(!mistyped.may_be_pulled().await, "there is no such name");
    is_rejected(&mistyped.pull().await, "update failed: NXRRSET");
    is_rejected(&dns(&server, "none", "live", "blue").pull().await, "could not read key");
    let forged = "key \"goaround\" { algorithm hmac-sha256; secret \"Zm9yZ2VkIQ==\"; };";
    secret(&server.data().join("named"), "forged", forged);
    is_rejected(&dns(&server, "forged", "live", "blue").pull().await, "NOTAUTH(BADSIG)");

    server.down("named");
    is_not_sent(&flight.pull().await);
}

/// No server of ours has two addresses of which the first is silent: this says what nsupdate says then.
#[tokio::test]
async fn dns_rfc2136_tried_at_a_second_address_is_known_by_nobody_fake_nsupdate() {
    let server = Server::start("named");
    let bin = server.data().join("fake-bin");
    fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink("/usr/bin/dig", bin.join("dig")).unwrap();
    let silent = "; Communication with 2001:db8::1#53 failed: timed out";
    for second in ["update failed: NXRRSET", "; Communication with 192.0.2.1#53 failed: connection refused"] {
        let script = format!("#!/bin/sh\nprintf '%s\\n' '{silent}' '{second}' >&2\nexit 2\n");
        fs::write(bin.join("nsupdate"), script).unwrap();
        fs::set_permissions(bin.join("nsupdate"), fs::Permissions::from_mode(0o755)).unwrap();
        let settled = dns_by(&server, &bin.display().to_string(), ("key", "live", "blue")).pull().await;
        assert_eq!(settled.outcome, Outcome::Unknown, "{second}: {}", settled.detail);
    }
}

#[tokio::test]
async fn dns_rfc2136_leaves_a_record_alone_that_somebody_else_has_changed_real_servers() {
    let server = Server::start("named");
    let mut flight = dns(&server, "key", "live", "blue");
    flight.applies_and_agrees().await;
    assert!(!flight.may_be_pulled().await, "it is there already");
    dns(&server, "key", "live", "ns").applies_and_agrees().await;
    is_rejected(&flight.take_back().await, "update failed: NXRRSET");
    assert_eq!(flight.shows("lever-now").await, "ns.docs.test.");
}
