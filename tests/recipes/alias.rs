//! Aliases and single pointers of a store: moved, moved back, never made by a slip of the pen.

use super::harness::{Flight, is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::kind::{Outcome, Seen};
use std::process::Command;

/// A lever whose backend is a Redis that knows the password of `user`, and a probe `key` of what it holds.
pub fn redis(server: &Server, port: &str, user: &str, password: &str, lever: &str) -> Flight {
    let file = secret(server.data(), password, password);
    let port = server.port(port);
    Flight::of(&format!(
        "[backends]\nstore.redis = {{ address = \"127.0.0.1:{port}\", {user}password_file = \"{file}\" }}\n[levers.lever]\n{lever}"
    ))
}

#[tokio::test]
async fn redisearch_alias_moves_and_is_never_made_by_a_slip_real_servers() {
    let server = Server::start("redisearch");
    let search = |password: &str, alias: &str, to: &str| {
        let with = format!("with = {{ redis = \"store\", alias = \"{alias}\", to = \"{to}\" }}");
        redis(&server, "REDISEARCH_PORT", "", password, &format!("use = \"redisearch.alias\"\n{with}"))
    };
    let mut flight = search("searchpass", "docs_live", "docs_vA");
    assert_eq!(flight.shows("lever-now").await, "docs_vB");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, "docs_vB");

    is_rejected(&search("searchpass", "docs_live", "docs_vX").pull().await, "Unknown index name");
    assert_eq!(flight.shows("lever-now").await, "docs_vB", "the alias stays where it was");
    is_rejected(&search("not the password", "docs_live", "docs_vA").pull().await, "WRONGPASS");

    // The server makes an alias that was not there, and answers OK: only the precheck keeps it from being pulled.
    let mut slip = search("searchpass", "docs_lives", "docs_vA");
    assert!(!slip.may_be_pulled().await);
    assert_eq!(slip.pull().await.outcome, Outcome::Applied);
    assert_eq!(
        (slip.shows("lever-now").await.as_str(), flight.shows("lever-now").await.as_str()),
        ("docs_vA", "docs_vB")
    );
    assert!(!search("searchpass", "docs_vA", "docs_vB").may_be_pulled().await, "an index is no alias");

    server.down("redisearch");
    is_not_sent(&flight.pull().await);
}

/// A lever whose backend is the testbed's database; `rest` is the lever.
pub fn postgres(server: &Server, password: &str, lever: &str) -> Flight {
    let file = secret(server.data(), password, password);
    let address = format!("127.0.0.1:{}", server.port("POSTGRES_PORT"));
    Flight::of(&format!(
        "[backends]\ndocs.postgres = {{ address = \"{address}\", database = \"rag\", user = \"ops\", password_file = \"{file}\" }}
[probes.rows]
postgres = {{ backend = \"docs\", query = \"select string_agg(distinct index_hash, ' ') from docs_live\" }}
[levers.lever]\n{lever}"
    ))
}

/// `psql` as a role of the testbed's database, its input from us.
pub fn psql(server: &Server, role: &str, password: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args(["-qAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-d", "rag", "-U", role]);
    psql.args(["-p", &server.port("POSTGRES_PORT").to_string()]).env("PGPASSWORD", password);
    psql
}

#[tokio::test]
async fn postgres_view_shows_the_other_table_and_waits_for_nobody_real_servers() {
    let server = Server::start("postgres");
    let view = |password: &str, view: &str, to: &str, more: &str| {
        let with = format!("postgres = \"docs\", view = \"{view}\", to = \"{to}\", from = \"docs_vb\"{more}");
        postgres(&server, password, &format!("use = \"postgres.view\"\nwith = {{ {with} }}"))
    };
    let mut flight = view("pgpass", "docs_live", "public.docs_va", ", edge = \"rows\", shows = \"hash-a\"");
    assert_eq!(flight.shows("rows").await, "hash-b");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("rows").await, "hash-b");

    let mut asks_the_catalog = view("pgpass", "docs_live", "docs_va", "");
    asks_the_catalog.applies_and_agrees().await;
    assert!(!asks_the_catalog.may_be_pulled().await, "it is there already");
    assert_eq!(asks_the_catalog.take_back().await.outcome, Outcome::Applied);

    let mut nowhere = view("pgpass", "docs_live", "docs_vx", "");
    assert!(!nowhere.may_be_pulled().await);
    is_rejected(&nowhere.pull().await, "there is no such relation");
    is_rejected(&view("pgpass", "docs_live", "receipts", "").pull().await, "cannot");
    assert!(!view("pgpass", "docs_lives", "docs_va", "").may_be_pulled().await, "a view that is not there");
    is_rejected(&view("not the password", "docs_live", "docs_va", "").pull().await, "password authentication failed");

    // What the view filters would be lost, and no undo could know it.
    let filters = "create view few as select * from docs_vb where id < 9; create view safe with (security_barrier) as table docs_vb";
    assert!(psql(&server, "ops", "pgpass").args(["-c", filters]).status().expect("psql runs").success());
    for more in ["few", "safe"] {
        let mut flight = view("pgpass", more, "docs_va", "");
        assert_eq!(flight.shows("lever-now").await, "no plain select of one table");
        assert!(!flight.may_be_pulled().await);
    }

    // A reader that is open holds it up: it gives up, and nothing was changed.
    let reader = open_reader(&server);
    is_rejected(&flight.pull().await, "another transaction holds the lock");
    drop(reader);
    assert_eq!(flight.shows("rows").await, "hash-b");

    server.down("postgres");
    is_not_sent(&flight.pull().await);
}

/// A session that has read the view and not ended its transaction; dropped, it ends.
fn open_reader(server: &Server) -> Reader {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let mut psql =
        psql(server, "ops", "pgpass").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("psql runs");
    let mut input = psql.stdin.take().expect("it is piped");
    input.write_all(b"begin;\nselect count(*) from docs_live;\n").expect("psql reads");
    let mut line = String::new();
    BufReader::new(psql.stdout.take().expect("it is piped")).read_line(&mut line).expect("psql answers");
    assert_eq!(line, "120\n");
    Reader { psql, _input: input }
}

struct Reader {
    psql: std::process::Child,
    _input: std::process::ChildStdin,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It may have ended with its server.
        let _ = self.psql.kill();
        let _ = self.psql.wait();
    }
}

#[tokio::test]
async fn kv_pointer_is_set_only_by_who_has_seen_it_real_servers() {
    let server = Server::start("redis");
    let pointer = |password: &str, key: &str, to: &str| {
        let lever = format!("use = \"kv.pointer\"\nwith = {{ redis = \"store\", key = \"{key}\", to = {to} }}");
        redis(&server, "REDIS_PORT", "user = \"cockpit\", ", password, &lever)
    };
    let mut flight = pointer("redispass", "live:alias", "\"docs_vA\"");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, "docs_vB");

    // Somebody else moves it between the pull and its undo: theirs stays.
    flight.applies_and_agrees().await;
    assert!(!flight.may_be_pulled().await, "it is there already");
    pointer("redispass", "live:alias", "\"docs_vC\"").applies_and_agrees().await;
    is_rejected(&flight.take_back().await, "answered 0");
    assert_eq!(flight.shows("lever-now").await, "docs_vC");

    let mut nothing = pointer("redispass", "live:aliases", "\"docs_vA\"");
    assert!(!nothing.may_be_pulled().await);
    is_rejected(&nothing.pull().await, "answered 0");
    assert!(matches!(nothing.sees("lever-now").await, Seen::Absent(_)), "none was made");
    is_rejected(&pointer("not the password", "live:alias", "\"docs_vA\"").pull().await, "WRONGPASS");
    server.down("redis");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn a_target_that_is_read_before_arming_is_absolute_when_pulled_real_servers() {
    let server = Server::start("redis");
    let file = secret(server.data(), "password", "redispass");
    let mut flight = Flight::of(&format!(
        r#"
[backends]
store.redis = {{ address = "127.0.0.1:{}", user = "cockpit", password_file = "{file}" }}
[probes.previous]
redis = {{ backend = "store", command = ["GET", "cache:ns"] }}
[levers.lever]
use = "kv.pointer"
with = {{ redis = "store", key = "live:alias", to = {{ probe = "previous" }} }}
"#,
        server.port("REDIS_PORT")
    ));
    flight.flies_there_and_back().await;
    flight.applies_and_agrees().await;
    assert_eq!(flight.shows("lever-now").await, flight.shows("previous").await);
}

#[tokio::test]
async fn kv_pointer_in_etcd_loses_a_race_loudly_real_servers() {
    let server = Server::start("etcd");
    let url = format!("http://127.0.0.1:{}", server.port("ETCD_PORT"));
    let pointer = |header: &str, key: &str| {
        Flight::of(&format!(
            "[backends]\netcd.http = {{ url = \"{url}\"{header} }}\n[levers.lever]\nuse = \"kv.pointer-etcd\"
with = {{ etcd = \"etcd\", key = \"{key}\", to = \"docs_vA\" }}"
        ))
    };
    let mut flight = pointer("", "live/alias");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, "ZG9jc192Qg==", "docs_vB");

    // Somebody else moves it between the pull and its undo: etcd answers 200, and theirs stays.
    flight.applies_and_agrees().await;
    ask(&url, "kv/put", r#"{"key":"bGl2ZS9hbGlhcw==","value":"dGhlaXJz"}"#);
    is_rejected(&flight.take_back().await, "HTTP 200, but the body says no");
    assert_eq!(flight.shows("lever-now").await, "dGhlaXJz");
    let mut nothing = pointer("", "live/aliases");
    assert!(!nothing.may_be_pulled().await);
    assert_eq!(nothing.pull().await.outcome, Outcome::Rejected);
    assert!(matches!(nothing.sees("lever-now").await, Seen::Absent(_)), "none was made");

    let token = secret(server.data(), "token", "no.token");
    let header = format!(", header = {{ name = \"Authorization\", value_file = \"{token}\" }}");
    let mut mistaken = pointer(&header, "live/alias");
    assert!(!mistaken.may_be_pulled().await);
    is_rejected(&mistaken.take_back().await, "the credential was not accepted");
    for (what, body) in [
        ("auth/user/add", r#"{"name":"root","password":"rootpass"}"#),
        ("auth/role/add", r#"{"name":"root"}"#),
        ("auth/user/grant", r#"{"user":"root","role":"root"}"#),
        ("auth/enable", "{}"),
    ] {
        ask(&url, what, body);
    }
    is_rejected(&flight.take_back().await, "user name is empty");
    server.down("etcd");
    is_not_sent(&flight.pull().await);
}

/// Asks etcd, as its operator does.
#[track_caller]
fn ask(url: &str, what: &str, body: &str) {
    let output = Command::new("curl").args(["-sS", "-m", "5", "-d", body, &format!("{url}/v3/{what}")]).output();
    assert!(output.expect("curl runs").status.success(), "{what}");
}
