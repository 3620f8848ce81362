//! Statements as lines of `psql`, at a real `PostgreSQL`.

use super::{HOSTILE, Server, run, told};
use base64::{Engine, engine::general_purpose::STANDARD};
use goaround::{
    kind::{Exchange, SqlAsk, SqlPurpose},
    text::{SecretRef, shell_word},
};

/// Someone who pastes.
struct Person {
    ask: SqlAsk,
}

impl Person {
    fn at(server: &Server) -> Self {
        let ask = SqlAsk {
            address: format!("127.0.0.1:{}", server.port("POSTGRES_PORT")),
            tls: false,
            ca_file: None,
            database: "rag".into(),
            user: "ops".into(),
            password: Some(SecretRef::Env("PG_PASS".into())),
            text: String::new(),
            params: Vec::new(),
            purpose: SqlPurpose::Read,
        };
        Self { ask }
    }

    fn line(&self, text: &str, params: &[&str], purpose: SqlPurpose) -> Option<String> {
        let params = params.iter().map(|&value| value.to_owned()).collect();
        let line = Exchange::Sql(SqlAsk { text: text.into(), params, purpose, ..self.ask.clone() }).pasted();
        assert!(line.as_ref().is_none_or(|line| !line.contains("pgpass")), "a secret stands in {line:?}");
        line
    }

    /// What comes of a change that is committed only if it answers `ok`: whether it was, and what was said.
    #[track_caller]
    fn change(&self, text: &str, params: &[&str], ok: Option<&str>) -> (bool, String) {
        let purpose = SqlPurpose::Change { lock_timeout_ms: 100, ok: ok.map(str::to_owned) };
        let out = run(&self.line(text, params, purpose).expect("psql does it"));
        (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
    }

    #[track_caller]
    fn committed(&self, text: &str, params: &[&str]) {
        let (done, said) = self.change(text, params, None);
        assert!(done, "{text}: {said}");
    }

    /// The lines that a query prints.
    #[track_caller]
    fn read(&self, text: &str, params: &[&str]) -> Vec<String> {
        let line = self.line(text, params, SqlPurpose::Read).expect("psql does it");
        told(&line.replacen("psql ", "psql -Atq ", 1)).lines().map(str::to_owned).collect()
    }
}

#[test]
fn values_reach_a_database_byte_for_byte_as_the_types_it_infers() {
    let server = Server::start("postgres");
    let ops = Person::at(&server);
    for (id, value) in HOSTILE.iter().enumerate() {
        let id = (id + 1).to_string();
        ops.committed("update docs_va set body = $1 where id = $2 -- and no other", &[value, &id]);
        // Without a value in the question, so that nothing is misread twice.
        let read = format!("select encode(convert_to(body, 'UTF8'), 'base64') from docs_va where id = {id}");
        assert_eq!(ops.read(&read, &[]), [STANDARD.encode(value)], "{value:?}");
        let same = "select id from docs_va where id = $1 and body = $2";
        assert_eq!(ops.read(same, &[&id, value]), [id], "{value:?}");
    }
}

#[test]
fn a_line_of_psql_waits_for_locks_as_long_as_its_lever() {
    let server = Server::start("postgres");
    let (done, said) = Person::at(&server).change("select current_setting('lock_timeout')", &[], None);
    assert!(done && said.contains("100ms"), "{said}");
}

#[test]
fn a_look_may_only_read() {
    let server = Server::start("postgres");
    let look = Person::at(&server).line("delete from docs_va", &[], SqlPurpose::Read).unwrap();
    let out = run(&look);
    assert!(!out.status.success() && String::from_utf8_lossy(&out.stderr).contains("read-only transaction"));
}

#[test]
fn an_answer_that_does_not_fit_is_rolled_back() {
    let server = Server::start("postgres");
    let ops = Person::at(&server);
    let one = "update docs_va set body = 'by hand' where id = $1;";
    let (done, said) = ops.change(one, &["7"], Some("^1$"));
    assert!(done, "{said}");
    let many = "update docs_va set body = 'by hand'";
    let cases = [
        (one, &["7000"][..], "^1$", "answered 0, rolled back"),
        (many, &[], "^1$", "answered 100, rolled back"),
        ("delete from docs_va where id = 9 returning body", &[], r"^va \d\d$", "answered va 9, rolled back"),
        ("delete from docs_va where id > 500 returning id", &[], "^[1-9]$", "answered 0, rolled back"),
        ("insert into receipts values ('k') returning null", &[], "^.", "answered , rolled back"),
    ];
    for (text, params, ok, wanted) in cases {
        let (done, said) = ops.change(text, params, Some(ok));
        assert!(!done && said.contains(wanted), "{text}: {said}");
    }
    let counts =
        "select count(*), count(*) filter (where body = 'by hand'), (select count(*) from receipts) from docs_va";
    assert_eq!(ops.read(counts, &[]), ["100|1|0"]);
    for (text, ok) in [
        ("update docs_va set body = 'x' where id < 3 returning id = 1, body", "^(t|f)$"),
        ("select set_config('work_mem', ' 4MB ', true)", r"^4MB$"),
        ("insert into receipts values ('k')", "^1$"),
    ] {
        let (done, said) = ops.change(text, &[], Some(ok));
        assert!(done, "{text}: {said}");
    }
}

#[test]
fn a_condition_that_means_another_thing_to_the_database_is_no_line() {
    let ask = |text: &str, ok: &str| {
        let purpose = SqlPurpose::Change { lock_timeout_ms: 100, ok: Some(ok.into()) };
        let ask = SqlAsk { text: text.into(), purpose, ..nowhere() };
        Exchange::Sql(ask).pasted()
    };
    assert!(ask("update a set b = 1", r"^\d+$").is_some());
    for ok in ["(?i)done", r"\bone\b", "[^0]", "[[:alpha:]]", "[a--b]", r"\pL", "ä"] {
        assert_eq!(ask("update a set b = 1", ok), None, "{ok}");
    }
    for text in ["create view a as select 1", "with a as (select 1) delete from b", "do $$ begin end $$"] {
        assert_eq!(ask(text, "^1$"), None, "{text}");
    }
}

/// A statement without a server.
fn nowhere() -> SqlAsk {
    SqlAsk {
        address: "[::1]:5433".into(),
        tls: true,
        ca_file: None,
        database: "rag".into(),
        user: "ops".into(),
        password: None,
        text: "select 1".into(),
        params: Vec::new(),
        purpose: SqlPurpose::Read,
    }
}

#[test]
fn a_server_that_must_be_sound_is_asked_to_be() {
    let line = |ask| Exchange::Sql(ask).pasted().unwrap();
    let plain = line(nowhere());
    assert_eq!(
        plain,
        "PGDATABASE=rag PGSSLMODE=verify-full PGSSLROOTCERT=system psql -X -1 -v ON_ERROR_STOP=1 -h ::1 -p 5433 -U ops \
         -c 'set transaction read only' -c 'select 1'"
    );
    let own = line(SqlAsk { ca_file: Some("/etc/c a.pem".into()), ..nowhere() });
    assert!(own.contains("PGSSLROOTCERT='/etc/c a.pem'"), "{own}");
}

#[test]
fn names_of_databases_and_roles_reach_the_server_whole() {
    let server = Server::start("postgres");
    let mut ops = Person::at(&server);
    let name = "-dbname=rag 'x' $(exit 7)";
    let role = format!("create role \"{name}\" login password 'pgpass'");
    let made = [role, format!("create database \"{name}\" template template0")].map(|made| shell_word(&made));
    let psql = format!("psql -X -h 127.0.0.1 -p {} -U ops -d postgres", server.port("POSTGRES_PORT"));
    told(&format!("PGPASSWORD=\"$PG_PASS\" {psql} -c {} -c {}", made[0], made[1]));
    (ops.ask.database, ops.ask.user) = (name.into(), name.into());
    assert_eq!(ops.read("select current_database(), current_user", &[]), [format!("{name}|{name}")]);
}
