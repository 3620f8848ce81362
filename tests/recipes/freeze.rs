//! Freezes: who writes can no longer, and can again, whatever the control API says of it.

use super::alias::{postgres, psql, redis};
use super::harness::{Flight, is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::kind::{Outcome, Seen};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Output};
use tokio::time::{Duration, sleep};

/// What a program says, its errors included.
fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn redis_acl_no_write_freezes_open_connections_and_makes_no_user_real_servers() {
    let server = Server::start("redis");
    let freeze = |password: &str, user: &str| {
        let with = format!("with = {{ redis = \"store\", user = \"{user}\", key = \"cache:ns\" }}");
        let lever = format!("use = \"redis.acl-no-write\"\n{with}");
        redis(&server, "REDIS_PORT", "user = \"cockpit\", ", password, &lever)
    };
    // One connection, opened before: a freeze that only held for new ones would let it go on.
    let mut writer = Writer::connected(&server);
    let mut flight = freeze("redispass", "writer");
    let rules = flight.shows("lever-rules").await;
    // In other words than the administrator's: Redis 7.0 keeps what may be done, not how that was said.
    assert!(rules.starts_with("-@all +@") && rules.contains(" -flushall"), "{rules}");
    assert!(flight.may_be_pulled().await);
    assert!(writer.asks("set job 1").contains("OK"));
    flight.applies_and_agrees().await;
    assert!(writer.asks("set job 2").contains("NOPERM"));
    assert!(!freeze("redispass", "writer").may_be_pulled().await, "it is frozen already");
    assert_eq!(flight.take_back().await.outcome, Outcome::Applied);
    assert!(flight.is_taken_back().await);
    assert!(writer.asks("set job 3").contains("OK"));
    assert!(writer.asks("flushall").contains("NOPERM"), "it may not do more than before");
    assert_eq!(flight.shows("lever-rules").await, rules, "exactly what was in force before");
    assert!(writer.asks("del job").starts_with(':'), "all of the rights to write are back");

    // The server makes a user that was not there, and answers OK: only the precheck keeps it from being pulled.
    let mut slip = freeze("redispass", "wrtier");
    assert!(!slip.may_be_pulled().await);
    assert_eq!(slip.pull().await.outcome, Outcome::Applied);
    assert!(writer.asks("set job 4").contains("OK"), "and nobody is frozen");
    is_rejected(&freeze("not the password", "writer").pull().await, "WRONGPASS");
    server.down("redis");
    is_not_sent(&flight.pull().await);
}

/// Who writes, over one connection.
struct Writer(BufReader<TcpStream>);

impl Writer {
    fn connected(server: &Server) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", server.port("REDIS_PORT"))).expect("Redis listens");
        let mut writer = Self(BufReader::new(stream));
        assert_eq!(writer.asks("auth writer writerpass"), "+OK");
        writer
    }

    /// A command and its reply of one line.
    fn asks(&mut self, command: &str) -> String {
        self.0.get_mut().write_all(format!("{command}\r\n").as_bytes()).expect("Redis reads");
        let mut line = String::new();
        self.0.read_line(&mut line).expect("Redis answers");
        line.trim_end().to_owned()
    }
}

#[tokio::test]
async fn nats_consumer_pause_ends_by_hand_or_by_itself_real_servers() {
    let server = Server::start("nats");
    let pause = |token: &str, consumer: &str, span: &str| {
        let file = secret(server.data(), token, token);
        Flight::of(&format!(
            "[backends]\njobs.nats = {{ address = \"127.0.0.1:{}\", token_file = \"{file}\" }}\n[levers.lever]
use = \"nats.consumer-pause\"\nwith = {{ nats = \"jobs\", stream = \"jobs\", consumer = \"{consumer}\", for = \"{span}\" }}",
            server.port("NATS_PORT")
        ))
    };
    let mut flight = pause("natstoken", "worker", "30m");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, "false");

    let mut short = pause("natstoken", "worker", "10s");
    short.applies_and_agrees().await;
    assert!(!short.may_be_pulled().await, "it is paused already");
    let thaws = async {
        while short.shows("lever-now").await == "true" {
            // The pace of looking; the deadline around it decides.
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), thaws).await.expect("nobody thawed it, and it thaws");

    let mut nobody = pause("natstoken", "workers", "30m");
    assert!(!nobody.may_be_pulled().await);
    is_rejected(&nobody.pull().await, "consumer not found");
    is_rejected(&pause("not-the-token", "worker", "30m").pull().await, "authorization violation");
    server.down("nats");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn postgres_revoke_write_is_believed_only_when_no_right_is_left_real_servers() {
    let server = Server::start("postgres");
    let freeze = |password: &str, role: &str| {
        let with = format!("postgres = \"docs\", table = \"receipts\", role = \"{role}\", rights = \"insert\"");
        postgres(&server, password, &format!("use = \"postgres.revoke-write\"\nwith = {{ {with} }}"))
    };
    let write = |key: &str| {
        let insert = format!("insert into receipts values ('{key}')");
        said(&psql(&server, "writer", "writerpass").args(["-c", &insert]).output().expect("psql runs"))
    };
    let mut flight = freeze("pgpass", "writer");
    assert_eq!(write("before"), "");
    flight.applies_and_agrees().await;
    assert!(write("frozen").contains("permission denied"));
    assert!(!flight.may_be_pulled().await, "it is frozen already");
    assert_eq!(flight.take_back().await.outcome, Outcome::Applied);
    assert!(flight.is_taken_back().await);
    assert_eq!(write("after"), "");

    // A right that comes through PUBLIC stays, and the server says nothing of it.
    let to_public = "grant insert on receipts to public";
    assert_eq!(said(&psql(&server, "ops", "pgpass").args(["-c", to_public]).output().expect("psql runs")), "");
    assert_eq!(flight.pull().await.outcome, Outcome::Applied);
    assert!(flight.is_not_done().await, "the writer goes on, whatever REVOKE answered");
    assert_eq!(write("still"), "");

    let mut nobody = freeze("pgpass", "wrtier");
    assert!(!nobody.may_be_pulled().await);
    is_rejected(&nobody.pull().await, "does not exist");
    is_rejected(&freeze("not the password", "writer").pull().await, "password authentication failed");
    server.down("postgres");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn rabbitmq_policy_reject_turns_messages_away_real_servers() {
    let server = Server::start("rabbitmq");
    let url = format!("http://127.0.0.1:{}", server.port("RABBITMQ_API_PORT"));
    let freeze = |password: &str, queue: &str, more: &str| {
        let file = secret(server.data(), password, password);
        Flight::of(&format!(
            "[backends]\nrabbit.http = {{ url = \"{url}\", basic = {{ user = \"ops\", password_file = \"{file}\" }} }}
[levers.lever]\nuse = \"rabbitmq.policy-reject\"\nwith = {{ rabbitmq = \"rabbit\", queue = \"{queue}\"{more} }}"
        ))
    };
    let mut flight = freeze("rabbitpass", "jobs", "");
    assert!(flight.may_be_pulled().await);
    flight.applies_and_agrees().await;
    let refused = publish(&url, "while frozen");
    assert!(refused.contains("Check queue limits"), "{refused}");
    assert_eq!(held(&url), "[]", "it was turned away");
    assert!(!flight.may_be_pulled().await, "it is frozen already");
    assert_eq!(flight.take_back().await.outcome, Outcome::Applied);
    assert!(flight.is_taken_back().await);

    // A policy of higher priority wins over ours, which the API has taken all the same.
    let mut weak = freeze("rabbitpass", "jobs", ", priority = 1");
    manage(&url, "PUT", "policies/%2F/theirs", r#"{"pattern":"^jobs$","definition":{"max-length":9},"priority":5}"#);
    assert_eq!(weak.pull().await.outcome, Outcome::Applied);
    assert!(weak.is_not_done().await, "the queue goes by another policy");
    assert_eq!(weak.take_back().await.outcome, Outcome::Applied);

    let mut nowhere = freeze("rabbitpass", "jbos", "");
    assert!(!nowhere.may_be_pulled().await);
    assert!(matches!(nowhere.sees("lever-there").await, Seen::Failed(_)));
    is_rejected(&freeze("not the password", "jobs", "").pull().await, "credential");
    server.down("rabbitmq");
    is_not_sent(&flight.pull().await);
}

/// Asks the management API, as its operator does; what it answers.
#[track_caller]
fn manage(url: &str, method: &str, path: &str, body: &str) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-sS", "-m", "5", "-u", "ops:rabbitpass", "-H", "Content-Type: application/json", "-X", method]);
    let output = curl.args(["-d", body, &format!("{url}/api/{path}")]).output().expect("curl runs");
    assert!(output.status.success(), "{path}: {}", said(&output));
    said(&output)
}

fn publish(url: &str, text: &str) -> String {
    let body = format!(r#"{{"properties":{{}},"routing_key":"jobs","payload":"{text}","payload_encoding":"string"}}"#);
    manage(url, "POST", "exchanges/%2F/amq.default/publish", &body)
}

/// What the queue holds.
fn held(url: &str) -> String {
    manage(url, "POST", "queues/%2F/jobs/get", r#"{"count":9,"ackmode":"ack_requeue_true","encoding":"auto"}"#)
}
