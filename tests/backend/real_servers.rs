//! Lines, Redis commands and queries against the real servers of the testbed.

use super::{answered, http_ask, lost, not_sent, refused, testbed::Testbed};
use goaround::{
    backend::{Carriers, Secrets},
    kind::{
        Address, Answer, Exchange, Fault, HttpAuth, Kind, LineAsk, Reading, RedisAsk, RedisValue, Use, Vars,
        exposition::Exposition,
    },
    text::SecretRef,
};
use std::path::Path;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Carriers that know `secret`, and the reference to it.
pub(super) fn knowing(folder: &Path, secret: &str) -> (Carriers, SecretRef) {
    let path = folder.join(format!("secret-{}", secret.len()));
    std::fs::write(&path, secret).unwrap();
    let reference = SecretRef::File(path);
    let secrets = Secrets::resolve(std::slice::from_ref(&reference)).unwrap();
    (Carriers::new(secrets).unwrap(), reference)
}

fn command(port: u16, user: &str, password: Option<SecretRef>, args: &[&str]) -> RedisAsk {
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    let address = format!("127.0.0.1:{port}");
    RedisAsk { address, tls: false, ca_file: None, user: Some(user.into()), password, db: 0, args }
}

async fn redis(carriers: &Carriers, ask: RedisAsk) -> Result<Answer, Fault> {
    carriers.perform(&Exchange::Redis(ask), Use::Act, 5_000).await
}

/// What Redis said, as a person reads it.
#[track_caller]
fn said(result: Result<Answer, Fault>) -> String {
    match result {
        Ok(Answer::Redis(RedisValue::Text(body))) => body.text().to_string(),
        Ok(Answer::Redis(RedisValue::Int(number))) => number.to_string(),
        Ok(Answer::Redis(RedisValue::Error(text))) => format!("error {text}"),
        Ok(Answer::Redis(RedisValue::Nil)) => "nil".into(),
        other => panic!("no reply of one line: {other:?}"),
    }
}

async fn line(address: Address, line: &str) -> Result<Answer, Fault> {
    let ask = LineAsk { address, line: line.into() };
    super::carriers().perform(&Exchange::Line(ask), Use::Act, 5_000).await
}

#[track_caller]
fn told(result: Result<Answer, Fault>) -> String {
    match result {
        Ok(Answer::Line(body)) => String::from_utf8(body.bytes).unwrap(),
        other => panic!("no line: {other:?}"),
    }
}

#[tokio::test]
async fn redis_answers_values_and_refusals_in_its_own_words() {
    let testbed = Testbed::start();
    let port = testbed.base + 79;
    let (carriers, password) = knowing(&testbed.data, "redispass");
    let cockpit = async |args: &[&str]| redis(&carriers, command(port, "cockpit", Some(password.clone()), args)).await;

    assert_eq!(said(cockpit(&["GET", "live:alias"]).await), "docs_vB");
    assert_eq!(said(cockpit(&["SET", "live:alias", "docs vA\r\nDEL cache:ns"]).await), "OK");
    assert_eq!(said(cockpit(&["GET", "live:alias"]).await), "docs vA\\r\\nDEL cache:ns");
    assert_eq!(said(cockpit(&["GET", "nothing"]).await), "nil");
    let cas = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 end return 0";
    assert_eq!(said(cockpit(&["EVAL", cas, "1", "live:alias", "other", "x"]).await), "0");
    assert!(said(cockpit(&["INCR", "live:alias"]).await).starts_with("error ERR value is not an integer"));
    match cockpit(&["ACL", "GETUSER", "writer"]).await {
        Ok(Answer::Redis(RedisValue::List(items))) => assert!(items.len() > 4),
        other => panic!("no list: {other:?}"),
    }

    let (writer, writers) = knowing(&testbed.data, "writerpass");
    let denied = said(redis(&writer, command(port, "writer", Some(writers), &["ACL", "WHOAMI"])).await);
    assert!(denied.starts_with("error NOPERM"), "{denied}");

    // A server that has become a replica of nobody reachable is what a failover leaves behind.
    assert_eq!(said(cockpit(&["REPLICAOF", "127.0.0.1", "1"]).await), "OK");
    let read_only = said(cockpit(&["SET", "live:alias", "docs_vA"]).await);
    assert!(read_only.starts_with("error READONLY"), "{read_only}");
}

#[tokio::test]
async fn redis_turning_us_away_is_refused_and_a_hanging_command_lost() {
    let testbed = Testbed::start();
    let port = testbed.base + 79;
    let (wrong, password) = knowing(&testbed.data, "not the password");
    let why = refused(redis(&wrong, command(port, "cockpit", Some(password), &["PING"])).await);
    assert!(why.contains("WRONGPASS") && !why.contains("not the password"), "{why}");
    let bare = said(redis(&wrong, command(port, "cockpit", None, &["PING"])).await);
    assert!(bare.starts_with("error NOAUTH"), "{bare}");

    let (carriers, password) = knowing(&testbed.data, "redispass");
    let mut elsewhere = command(port, "cockpit", Some(password.clone()), &["PING"]);
    elsewhere.db = 9999;
    let why = not_sent(redis(&carriers, elsewhere).await);
    assert!(why.contains("DB index is out of range"), "{why}");
    let waiting = command(port, "cockpit", Some(password.clone()), &["BLPOP", "nothing", "0"]);
    let text = lost(carriers.perform(&Exchange::Redis(waiting), Use::Act, 3_000).await);
    assert!(text.contains("no answer within 3000 ms"), "{text}");
    not_sent(redis(&carriers, command(testbed.base, "cockpit", Some(password), &["PING"])).await);
}

#[tokio::test]
async fn haproxy_says_yes_with_an_empty_line_and_no_in_words() {
    let testbed = Testbed::start();
    let folder = testbed.data.join("haproxy");
    let socket = || Address::Unix(folder.join("sock"));
    let map = folder.join("live.map").display().to_string();

    assert_eq!(told(line(socket(), &format!("set map {map} live be_blue")).await), "\n");
    assert!(told(line(socket(), &format!("get map {map} live")).await).contains("value=\"be_blue\""));
    let (status, body) = answered(edge(&testbed, "/pins").await);
    assert_eq!(status, 200);
    assert!(String::from_utf8(body.bytes).unwrap().contains("\"arm\": \"blue\""));
    assert!(told(line(socket(), &format!("set map {map} nobody be_blue")).await).contains("entry not found"));

    // HAProxy takes any name; that nobody serves it shows only in the traffic.
    assert_eq!(told(line(socket(), &format!("set map {map} live be_gone")).await), "\n");
    assert_eq!(answered(edge(&testbed, "/pins").await).0, 503);

    not_sent(line(Address::Unix(folder.join("no-sock")), "show info").await);
    not_sent(line(socket(), "show info\nset map x y z").await);
}

async fn edge(testbed: &Testbed, path: &str) -> Result<Answer, Fault> {
    let ask = http_ask("GET", &format!("http://127.0.0.1:{}{path}", testbed.base + 82));
    super::carriers().perform(&Exchange::Http(ask), Use::Look, 5_000).await
}

#[tokio::test]
async fn prometheus_asks_for_the_password_and_the_fixture_queries_answer() {
    let testbed = Testbed::start();
    let (carriers, password) = knowing(&testbed.data, "opspass");
    let ask = |query: &str, auth| {
        let mut ask = http_ask("POST", &format!("http://127.0.0.1:{}/api/v1/query", testbed.base + 90));
        ask.headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
        ask.body = Some(format!("query={}", goaround::kind::escape_url(query)));
        ask.auth = auth;
        Exchange::Http(ask)
    };
    assert_eq!(answered(carriers.perform(&ask("1", None), Use::Look, 5_000).await).0, 401);

    let playbook: toml::Table = testbed.playbook().parse().unwrap();
    let auth = || Some(HttpAuth::Basic { user: "ops".into(), password: password.clone() });
    for (name, metric) in playbook["metrics"].as_table().unwrap() {
        for key in ["query", "fresh"] {
            let query = metric["prometheus"][key].as_str().unwrap();
            let (status, body) = answered(carriers.perform(&ask(query, auth()), Use::Look, 5_000).await);
            assert_eq!(status, 200, "{name}.{key}: {}", body.text());
        }
    }
}

#[tokio::test]
async fn pages_of_prometheus_haproxy_and_python_are_read() {
    let testbed = Testbed::start();
    let (carriers, _) = knowing(&testbed.data, "opspass");
    let secret = testbed.data.join("secret-7");
    let basic = format!("basic = {{ user = \"ops\", password_file = {secret:?} }}");
    let cases = [
        (90, &*basic, "metric = \"prometheus_build_info\"", 1.0..=1.0),
        (90, &*basic, "metric = \"prometheus_http_requests_total\"\nsum = true", 0.0..=1e6),
        (90, &*basic, "metric = \"go_gc_duration_seconds\"\nlabels = { quantile = \"1\" }", 0.0..=10.0),
        (86, "", "metric = \"haproxy_process_current_tasks\"", 1.0..=1e6),
        (86, "", "metric = \"haproxy_backend_status\"\nlabels = { proxy = \"be_green\", state = \"UP\" }", 0.0..=1.0),
        (1, "", "metric = \"rag_coverage\"", 0.1..=1.0),
    ];
    for (offset, auth, text, range) in cases {
        let url = format!("http://127.0.0.1:{}", testbed.base + offset);
        let backend = toml::from_str(&format!("url = \"{url}\"\n{auth}")).unwrap();
        let call = toml::from_str(&format!("backend = \"app\"\n{text}")).unwrap();
        let exchange = Exposition::encode(&backend, &call, Use::Look, &Vars::new()).unwrap();
        let answer = carriers.perform(&exchange, Use::Look, 5_000).await;
        match Exposition::read(&call, &answer, 7) {
            Reading::Value { value, sampled_ms: 7 } => assert!(range.contains(&value), "{text}: {value}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_peer_that_closes_without_a_byte_has_not_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let fake_dying = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 5]).await.unwrap();
    };
    let (result, ()) = tokio::join!(line(Address::Tcp(address.clone()), "quit"), fake_dying);
    lost(result);
    drop(listener);
    not_sent(line(Address::Tcp(address), "quit").await);
}

#[tokio::test]
async fn an_answer_split_in_the_middle_of_its_empty_line_is_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap().to_string());
    let fake_slow = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream.read_exact(&mut [0; 5]).await.unwrap();
        for piece in [&b"one\ntwo"[..], b"\n", b"\n"] {
            stream.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        // Kept open: the end is the empty line, not the closing.
        stream
    };
    let (result, _open) = tokio::join!(line(address, "show"), fake_slow);
    assert_eq!(told(result), "one\ntwo\n\n");
}

/// A server that answers with `begins` and then `goes_on`, over and over, until nobody listens.
async fn fake_endless(begins: &'static str, goes_on: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 5]).await.unwrap();
        stream.write_all(begins.as_bytes()).await.unwrap();
        let more = goes_on.repeat(1024);
        while stream.write_all(more.as_bytes()).await.is_ok() {}
    });
    port
}

#[tokio::test]
async fn a_redis_reply_without_end_is_broken_off_at_its_cap_long_before_its_deadline() {
    for (begins, goes_on) in [("$536870912\r\n", "x"), ("*2147483647\r\n", ":1\r\n"), ("+", "never")] {
        let port = fake_endless(begins, goes_on).await;
        let ask = Exchange::Redis(command(port, "cockpit", None, &["GET", "huge"]));
        let text = lost(super::carriers().perform(&ask, Use::Look, 600_000).await);
        assert!(text.contains("longer than the 2097152 bytes read at most"), "{begins:?}: {text}");
    }
}
