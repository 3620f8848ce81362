//! Statements and queries against a real `PostgreSQL`.

use super::{lost, not_sent, proxy::Proxy, real_servers::knowing, refused, servers::Server, tls::certify};
use goaround::{
    backend::Carriers,
    kind::{Answer, Body, Exchange, Fault, SqlAsk, SqlPurpose, SqlReply, Use},
    text::SecretRef,
};
use std::process::{Command, Stdio};

fn address(server: &Server) -> String {
    format!("127.0.0.1:{}", server.port("POSTGRES_PORT"))
}

/// Someone who asks as a role, with carriers that know its password.
struct Role {
    carriers: Carriers,
    ask: SqlAsk,
}

impl Role {
    fn new(server: &Server, user: &str, password: &str) -> Self {
        let (carriers, password) = knowing(server.data(), password);
        Self { carriers, ask: ask(address(server), user, password) }
    }

    fn ops(server: &Server) -> Self {
        Self::new(server, "ops", "pgpass")
    }

    async fn act(&self, text: &str, params: &[&str], ok: Option<&str>) -> Result<Answer, Fault> {
        let purpose = SqlPurpose::Change { lock_timeout_ms: 100, ok: ok.map(str::to_owned) };
        self.perform(text, params, purpose, 5_000).await
    }

    async fn look(&self, text: &str, params: &[&str]) -> Result<Answer, Fault> {
        self.perform(text, params, SqlPurpose::Read, 5_000).await
    }

    async fn perform(&self, text: &str, params: &[&str], purpose: SqlPurpose, ms: u64) -> Result<Answer, Fault> {
        let r#use = if purpose == SqlPurpose::Read { Use::Look } else { Use::Act };
        let params = params.iter().map(|&value| value.to_owned()).collect();
        let ask = SqlAsk { text: text.to_owned(), params, purpose, ..self.ask.clone() };
        self.carriers.perform(&Exchange::Sql(ask), r#use, ms).await
    }
}

fn ask(address: String, user: &str, password: SecretRef) -> SqlAsk {
    SqlAsk {
        address,
        tls: false,
        ca_file: None,
        database: "rag".to_owned(),
        user: user.to_owned(),
        password: Some(password),
        text: String::new(),
        params: Vec::new(),
        purpose: SqlPurpose::Read,
    }
}

/// What it came to, for comparing: the values, how many rows were touched, whether it was committed; or the error.
#[track_caller]
fn said(result: Result<Answer, Fault>) -> String {
    match result {
        Ok(Answer::Sql(SqlReply::Done { rows, touched, committed })) => {
            let text = |value: &Option<Body>| value.as_ref().map_or("null".to_owned(), |body| body.text().to_string());
            let values: Vec<_> = rows.iter().map(text).collect();
            format!("[{}] {touched} {}", values.join(", "), if committed { "committed" } else { "not committed" })
        }
        Ok(Answer::Sql(SqlReply::Error { code, message })) => format!("{code} {message}"),
        other => panic!("no answer of a database: {other:?}"),
    }
}

#[tokio::test]
async fn a_view_is_swapped_and_read_back() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let arm = "select max(index_hash) from docs_live";
    assert_eq!(said(ops.look(arm, &[]).await), "[hash-b] 0 not committed");
    let swap = "create or replace view docs_live as select * from docs_va";
    assert_eq!(said(ops.act(swap, &[], None).await), "[] 0 committed");
    assert_eq!(said(ops.look(arm, &[]).await), "[hash-a] 0 not committed");
}

#[tokio::test]
async fn values_are_read_as_the_server_infers_them_and_never_obeyed() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let hostile = "'; drop table docs_va; --\n$1";
    let update = "update docs_va set body = $1 where id = $2 returning id";
    assert_eq!(said(ops.act(update, &[hostile, "2"], None).await), "[2] 1 committed");
    let look = "select body from docs_va where id = $1 and index_hash = $2";
    assert_eq!(said(ops.look(look, &["2", "hash-a"]).await), "['; drop table docs_va; --\\n$1] 0 not committed");
    assert!(said(ops.look(look, &["two", "x"]).await).starts_with("22P02 invalid input syntax for type integer"));
}

#[tokio::test]
async fn a_look_sees_every_type_as_text_and_two_rows_at_most() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let looks = [
        ("select 1.50::numeric, 'more'", "[1.50] 0 not committed"),
        ("select true", "[t] 0 not committed"),
        ("select null::int", "[null] 0 not committed"),
        ("select id from docs_va where id > 900", "[] 0 not committed"),
        ("select 7 from pg_class a, pg_class b, pg_class c, pg_class d", "[7, 7] 0 not committed"),
        ("values ('2026-11-21'::date)", "[2026-11-21] 0 not committed"),
        ("table docs_va;", "[1, 2] 0 not committed"),
    ];
    for (text, expected) in looks {
        assert_eq!(said(ops.look(text, &[]).await), expected, "{text}");
    }
}

#[tokio::test]
async fn a_look_cannot_change_anything() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    said(ops.act("create sequence s", &[], None).await);
    let sneaky = [
        ("select nextval('s')", "25006"),
        ("with gone as (delete from docs_va returning id) select id from gone", "0A000"),
        ("select 1; drop table docs_va", "42601"),
        ("delete from docs_va", "42601"),
    ];
    for (text, code) in sneaky {
        let told = said(ops.look(text, &[]).await);
        assert!(told.starts_with(code), "{text}: {told}");
    }
    assert_eq!(said(ops.look("select count(*) from docs_va", &[]).await), "[100] 0 not committed");
    let act = SqlAsk { purpose: SqlPurpose::Change { lock_timeout_ms: 1, ok: None }, ..ops.ask.clone() };
    not_sent(ops.carriers.perform(&Exchange::Sql(act), Use::Look, 5_000).await);
}

#[tokio::test]
async fn what_ok_does_not_match_is_rolled_back() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let all = "update docs_va set body = 'x'";
    assert_eq!(said(ops.act(all, &[], Some("^1$")).await), "[] 100 not committed");
    assert_eq!(said(ops.look("select count(*) from docs_va where body = 'x'", &[]).await), "[0] 0 not committed");
    assert_eq!(said(ops.act(all, &[], Some("^100$")).await), "[] 100 committed");
    assert_eq!(said(ops.look("select count(*) from docs_va where body = 'x'", &[]).await), "[100] 0 not committed");
    assert_eq!(said(ops.act("select pg_reload_conf()", &[], Some("^t$")).await), "[t] 1 committed");
}

#[tokio::test]
async fn a_refusal_carries_its_code_and_changes_nothing() {
    let server = Server::start("postgres");
    let (ops, writer) = (Role::ops(&server), Role::new(&server, "writer", "writerpass"));
    let refusals = [
        ("create or replace view docs_live as select * from docs_vc", "42P01 relation \"docs_vc\" does not exist"),
        ("create or replace view docs_live as select id from docs_va", "42P16 cannot drop columns from view"),
        ("update docs_va with body = 'x'", "42601 syntax error"),
        ("update docs_va set body = 'x'; drop table docs_vb", "42601 cannot insert multiple commands"),
        ("vacuum docs_va", "25001 VACUUM cannot run inside a transaction block"),
        ("select now()", "0A000 column `now` is a timestamptz; write `now::text` to read it"),
    ];
    for (text, expected) in refusals {
        let told = said(ops.act(text, &[], None).await);
        assert!(told.starts_with(expected), "{text}: {told}");
    }
    let told = said(writer.act("update docs_va set body = 'x'", &[], None).await);
    assert!(told.starts_with("42501 permission denied for table docs_va"), "{told}");
    said(ops.act("alter table docs_va add unique (body) deferrable initially deferred", &[], None).await);
    let told = said(ops.act("update docs_va set body = 'same'", &[], None).await);
    assert!(told.starts_with("23505 duplicate key"), "a constraint looked at by the commit: {told}");
}

/// `psql` as the superuser, about to run `sql`.
fn psql(server: &Server, sql: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["-qAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "ops", "-d", "rag"]);
    command.args(["-p", &server.port("POSTGRES_PORT").to_string(), "-c", sql]).env("PGPASSWORD", "pgpass");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[tokio::test]
async fn a_lock_is_not_waited_for_longer_than_said() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let mut reader = psql(&server, "begin; select * from docs_live; select pg_sleep(60)").spawn().unwrap();
    let holds = "select count(*) from pg_locks where relation = 'docs_live'::regclass";
    let mut told = String::new();
    while told != "[1] 0 not committed" {
        told = said(ops.look(holds, &[]).await);
    }
    let swap = "create or replace view docs_live as select * from docs_va";
    let told = said(ops.act(swap, &[], None).await);
    assert!(told.starts_with("55P03 canceling statement due to lock timeout"), "{told}");
    reader.kill().unwrap();
    reader.wait().unwrap();
}

#[tokio::test]
async fn the_server_gives_up_before_we_do() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let change = || SqlPurpose::Change { lock_timeout_ms: 100, ok: None };
    let sleep = |purpose| ops.perform("select pg_sleep(60)", &[], purpose, 8_000);
    let (changed, read) = tokio::join!(sleep(change()), sleep(SqlPurpose::Read));
    for told in [said(changed), said(read)] {
        assert!(told.starts_with("57014 canceling statement due to statement timeout"), "{told}");
    }
}

#[tokio::test]
async fn being_turned_away_is_refused_and_a_stopped_server_not_reached() {
    let server = Server::start("postgres");
    let text = refused(Role::new(&server, "ops", "not the password").look("select 1", &[]).await);
    assert!(text.contains("28P01 password authentication failed") && !text.contains("not the password"), "{text}");
    let mut elsewhere = Role::ops(&server);
    elsewhere.ask.database = "nowhere".to_owned();
    let text = refused(elsewhere.look("select 1", &[]).await);
    assert!(text.contains("3D000 database \"nowhere\" does not exist"), "{text}");
    let mut bare = Role::ops(&server);
    bare.ask.password = None;
    let text = not_sent(bare.look("select 1", &[]).await);
    assert!(text.contains("password missing"), "{text}");
    let ops = Role::ops(&server);
    server.down("postgres");
    let text = not_sent(ops.act("select 1", &[], None).await);
    assert!(text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_server_killed_in_the_middle_leaves_nobody_knowing() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let killer = async {
        let find = "select pid from pg_stat_activity where query = 'select pg_sleep(60)'";
        let mut told = String::new();
        while !told.contains(|c: char| c.is_ascii_digit() && c != '0') || told.starts_with("[]") {
            told = said(ops.look(find, &[]).await);
        }
        let pid = told.trim_start_matches('[').split(']').next().unwrap().to_owned();
        Command::new("kill").args(["-KILL", &pid]).status().unwrap();
    };
    let (result, ()) = tokio::join!(ops.act("select pg_sleep(60)", &[], None), killer);
    lost(result);
}

#[tokio::test]
async fn an_administrator_ending_the_session_before_the_commit_is_a_no() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    let ending = async {
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'";
        let mut told = String::new();
        while !told.starts_with("[t]") {
            told = said(ops.act(end, &[], None).await);
        }
    };
    let (result, ()) = tokio::join!(ops.act("select pg_sleep(60)", &[], None), ending);
    assert!(said(result).starts_with("57P01 terminating connection due to administrator command"));
}

#[tokio::test]
async fn a_session_ended_while_it_commits_leaves_nobody_knowing() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    // What is deferred runs within the commit.
    let slow =
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end'";
    let trigger = "create constraint trigger slow after update on docs_va deferrable initially deferred \
        for each row execute function slow()";
    for text in [slow, trigger] {
        assert_eq!(said(ops.act(text, &[], None).await), "[] 0 committed");
    }
    let ending = async {
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'";
        let mut told = String::new();
        while !told.starts_with("[t]") {
            told = said(ops.act(end, &[], None).await);
        }
    };
    let (result, ()) = tokio::join!(ops.act("update docs_va set body = 'x'", &[], None), ending);
    let text = lost(result);
    assert!(text.contains("57P01"), "{text}");
    let change = SqlPurpose::Change { lock_timeout_ms: 100, ok: None };
    let text = lost(ops.perform("update docs_va set body = 'y'", &[], change, 4_000).await);
    assert!(text.contains("no answer within 4000 ms"), "the server keeps no limit while it commits: {text}");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_may_have_happened() {
    let server = Server::start("postgres");
    let mut ops = Role::ops(&server);
    let proxy = Proxy::cutting_after(address(&server), b"commit\0").await;
    ops.ask.address.clone_from(&proxy.address);
    lost(ops.act("update docs_va set body = 'x'", &[], None).await);
    assert_eq!(proxy.heard().len(), 1, "nothing is sent twice");
    let count = "select count(*) from docs_va where body = 'x'";
    assert_eq!(said(Role::ops(&server).look(count, &[]).await), "[100] 0 not committed", "and here it has");
}

#[tokio::test]
async fn a_session_cut_before_the_request_has_sent_nothing() {
    let server = Server::start("postgres");
    let mut ops = Role::ops(&server);
    let proxy = Proxy::cutting_after(address(&server), b"statement_timeout").await;
    ops.ask.address.clone_from(&proxy.address);
    not_sent(ops.act("update docs_va set body = 'x'", &[], None).await);
    assert!(!proxy.heard().concat().contains("docs_va"));
}

#[tokio::test]
async fn an_answer_too_long_to_keep_is_cut_or_given_up() {
    let server = Server::start("postgres");
    let ops = Role::ops(&server);
    match ops.look("select repeat('x', 1500000)", &[]).await {
        Ok(Answer::Sql(SqlReply::Done { rows, .. })) => {
            let body = rows[0].as_ref().unwrap();
            assert!(body.truncated && body.bytes.len() == Body::MAX_BYTES);
        }
        other => panic!("no value: {other:?}"),
    }
    lost(ops.look("select repeat('x', 50000000)", &[]).await);
}

#[tokio::test]
async fn a_certificate_is_believed_only_when_vouched_for() {
    let server = Server::start_with("postgres", |folder| {
        certify(folder, "IP:127.0.0.1", 2099);
        std::fs::write(
            folder.join("own.conf"),
            "ssl = on\nssl_cert_file = '../cert.pem'\nssl_key_file = '../key.pem'\n",
        )
        .unwrap();
    });
    let mut ops = Role::ops(&server);
    ops.ask.tls = true;
    let text = refused(ops.look("select 1", &[]).await);
    assert!(text.contains("certificate"), "{text}");
    ops.ask.ca_file = Some(server.data().join("postgres/cert.pem"));
    let ssl = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    assert_eq!(said(ops.look(ssl, &[]).await), "[t] 0 not committed");
    ops.ask.address = format!("localhost:{}", server.port("POSTGRES_PORT"));
    let text = refused(ops.look("select 1", &[]).await);
    assert!(text.contains("not valid for"), "{text}");
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_from_who_wants_it() {
    let server = Server::start("postgres");
    let mut ops = Role::ops(&server);
    certify(server.data(), "IP:127.0.0.1", 2099);
    (ops.ask.tls, ops.ask.ca_file) = (true, Some(server.data().join("cert.pem")));
    let text = not_sent(ops.look("select 1", &[]).await);
    assert!(text.contains("TLS"), "{text}");
}

#[tokio::test]
async fn a_server_that_never_greets_is_given_up_after_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let (carriers, password) = knowing(folder.path(), "opspass");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ask = ask(listener.local_addr().unwrap().to_string(), "ops", password);
    let began = std::time::Instant::now();
    let text = not_sent(carriers.perform(&Exchange::Sql(ask), Use::Look, 10_000).await);
    assert!(text.contains("connecting timed out") && began.elapsed().as_secs() < 4, "{text} {:?}", began.elapsed());
}
