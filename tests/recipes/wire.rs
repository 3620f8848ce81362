//! The same lever on five kinds of server, through a wire that does it harm: what is said must be what is known.

use super::control::meet;
use super::harness::{Flight, secret};
use super::servers::Server;
use goaround::kind::Outcome;

/// A lever on one server: how to reach it through the fault proxy, and what the client says when it acts.
struct Case {
    /// The folder of `tests/testbed`.
    server: &'static str,
    /// Its port behind the proxy, by name.
    port: &'static str,
    /// The fault waits for this, so that logins pass.
    when: &'static str,
    /// Tables of a playbook; `PORT` is the proxy's, `SOUND` the server's own, `FOLDER` one with secrets.
    tables: &'static str,
    /// How much of an answer is none yet.
    cut_at: u32,
}

const CASES: &[Case] = &[
    Case {
        server: "redis",
        port: "REDIS_PORT",
        when: "live:alias",
        cut_at: 1,
        tables: r#"
[backends]
bad.redis = { address = "127.0.0.1:PORT", user = "cockpit", password_file = "FOLDER/redispass" }
sound.redis = { address = "127.0.0.1:SOUND", user = "cockpit", password_file = "FOLDER/redispass" }
[probes.sight]
redis = { backend = "sound", command = ["GET", "live:alias"] }
[levers.lever]
redis = { backend = "bad", command = ["SET", "live:alias", "${incident}"], ok = "^OK$" }
verify = { probe = "sight", is = "${incident}" }
"#,
    },
    Case {
        server: "postgres",
        port: "POSTGRES_PORT",
        when: "commit",
        cut_at: 1,
        tables: r#"
[backends]
bad.postgres = { address = "127.0.0.1:PORT", database = "rag", user = "ops", password_file = "FOLDER/pgpass" }
sound.postgres = { address = "127.0.0.1:SOUND", database = "rag", user = "ops", password_file = "FOLDER/pgpass" }
[probes.sight]
postgres = { backend = "sound", query = "select count(*) from receipts" }
[levers.lever]
bind = { was = { probe = "sight" } }
postgres = { backend = "bad", act = "insert into receipts (key) select 'k' || count(*) from receipts" }
verify = { probe = "sight", is_not = "${was}" }
"#,
    },
    Case {
        server: "nats",
        port: "NATS_PORT",
        when: "CONSUMER.PAUSE",
        cut_at: 1,
        tables: r#"
[backends]
bad.nats = { address = "127.0.0.1:PORT", token_file = "FOLDER/natstoken" }
sound.nats = { address = "127.0.0.1:SOUND", token_file = "FOLDER/natstoken" }
[probes.sight]
nats = { backend = "sound", request = "$JS.API.CONSUMER.INFO.jobs.worker", at = "/paused", otherwise = "false" }
[levers.lever]
bind = { until = { after = "10m" } }
nats = { backend = "bad", request = "$JS.API.CONSUMER.PAUSE.jobs.worker", payload = '{"pause_until":"${until}"}' }
verify = { probe = "sight", is = "true" }
"#,
    },
    Case {
        server: "etcd",
        port: "ETCD_PORT",
        when: "/v3/kv/put",
        cut_at: 12,
        tables: r#"
[backends]
bad.http = { url = "http://127.0.0.1:PORT" }
sound.http = { url = "http://127.0.0.1:SOUND" }
[probes.sight]
http = { backend = "sound", post = "/v3/kv/range", body = '{"key":"bGl2ZS9hcm0="}', at = "/kvs/0/value" }
[levers.lever]
http = { backend = "bad", post = "/v3/kv/put", body = '{"key":"bGl2ZS9hcm0=","value":"Ymx1ZQ=="}' }
verify = { probe = "sight", is = "Ymx1ZQ==" }
"#,
    },
    Case {
        server: "haproxy",
        port: "HAPROXY_ADMIN_PORT",
        when: "set map",
        cut_at: 0,
        tables: r#"
[backends]
bad.socket = { tcp = "127.0.0.1:PORT" }
sound.socket = { tcp = "127.0.0.1:SOUND" }
[probes.sight]
socket = { backend = "sound", send = "get map FOLDER/haproxy/live.map live", find = 'value="([^"]*)"' }
[levers.lever]
socket = { backend = "bad", send = "set map FOLDER/haproxy/live.map live be_blue", ok = "^$" }
verify = { probe = "sight", is = "be_blue" }
"#,
    },
];

/// Long enough for a slow machine to reach the point where the wire does its harm.
const WITHIN_MS: u64 = 8_000;

impl Case {
    fn flight(&self, server: &Server) -> Flight {
        let folder = server.data();
        for word in ["redispass", "pgpass", "natstoken"] {
            secret(folder, word, word);
        }
        let tables = self.tables.replace("FOLDER", folder.to_str().expect("temporary folders are named in UTF-8"));
        let bad = server.port(&format!("FAULT_{}", self.port)).to_string();
        Flight::of(&tables.replace("PORT", &bad).replace("SOUND", &server.port(self.port).to_string()))
    }

    /// Sets the rule of its wire.
    fn wire(&self, server: &Server, mode: &str) {
        let rule = format!(r#"{{"mode":"{mode}","ms":50,"bytes":{},"when":"{}"}}"#, self.cut_at, self.when);
        // Nothing waits for a word on a port where nobody listens.
        let rule = if mode == "refuse" { r#"{"mode":"refuse"}"#.to_owned() } else { rule };
        meet(server, &format!("FAULT_{}", self.port), &rule);
    }

    /// What is said and what is so, through each kind of harm.
    async fn is_honest(&self) {
        let server = Server::start(self.server);
        server.up("fault");
        let mut flight = self.flight(&server);
        let name = self.server;
        self.wire(&server, "refuse");
        let refused = flight.pull_within(WITHIN_MS).await;
        assert_eq!(refused.outcome, Outcome::NotSent, "{name}, refused: {}", refused.detail);
        assert!(flight.is_not_done().await, "{name}: nothing was sent, and nothing was done");
        self.wire(&server, "hang");
        let hung = flight.pull_within(WITHIN_MS).await;
        assert_eq!(hung.outcome, Outcome::Unknown, "{name}, hung: {}", hung.detail);
        assert!(flight.is_not_done().await, "{name}: what hung on the wire was not done");
        // The request lands and its answer is lost: it is Unknown, and only the read-back tells that it was done.
        self.wire(&server, "swallow");
        let swallowed = flight.pull_within(WITHIN_MS).await;
        assert_eq!(swallowed.outcome, Outcome::Unknown, "{name}, swallowed: {}", swallowed.detail);
        assert!(flight.is_done().await, "{name}: the read-back sees what the answer would have said");
        self.wire(&server, "cut");
        let cut = flight.pull_within(WITHIN_MS).await;
        assert_eq!(cut.outcome, Outcome::Unknown, "{name}, cut: {}", cut.detail);
        self.wire(&server, "delay");
        let late = flight.pull_within(WITHIN_MS).await;
        assert_eq!(late.outcome, Outcome::Applied, "{name}, late: {}", late.detail);
    }
}

fn case(server: &str) -> &'static Case {
    CASES.iter().find(|case| case.server == server).expect("the table has it")
}

#[tokio::test]
async fn redis_through_a_bad_wire_is_told_honestly_real_servers() {
    case("redis").is_honest().await;
}

#[tokio::test]
async fn postgres_through_a_bad_wire_is_told_honestly_real_servers() {
    case("postgres").is_honest().await;
}

#[tokio::test]
async fn nats_through_a_bad_wire_is_told_honestly_real_servers() {
    case("nats").is_honest().await;
}

#[tokio::test]
async fn an_http_api_through_a_bad_wire_is_told_honestly_real_servers() {
    case("etcd").is_honest().await;
}

#[tokio::test]
async fn a_runtime_socket_through_a_bad_wire_is_told_honestly_real_servers() {
    case("haproxy").is_honest().await;
}
