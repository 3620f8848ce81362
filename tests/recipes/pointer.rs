//! Pointers: from one version to another, believed only when users get it.

use super::harness::{Flight, is_not_sent, is_rejected};
use super::servers::Server;

fn haproxy(server: &Server, key: &str, to: &str) -> Flight {
    let (edge, folder) = (server.port("EDGE_PORT"), server.data().join("haproxy"));
    let folder = folder.display();
    Flight::of(&format!(
        r#"
[backends]
edge.http = {{ url = "http://127.0.0.1:{edge}" }}
haproxy.socket = {{ unix = "{folder}/sock" }}
[probes.arm]
http = {{ backend = "edge", get = "/pins", at = "/arm" }}
[levers.lever]
use = "haproxy.map"
with = {{ haproxy = "haproxy", map = "{folder}/live.map", key = "{key}", to = "{to}", edge = "arm", shows = "blue" }}
"#
    ))
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
    assert_eq!(wrong.pull().await.outcome, goaround::kind::Outcome::Applied);
    assert!(wrong.is_not_done().await, "users get an error, whatever the map says");

    is_rejected(&haproxy(&server, "lvie", "be_blue").pull().await, "entry not found");
    server.down("haproxy");
    is_not_sent(&flight.pull().await);
}
