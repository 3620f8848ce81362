//! Claims about the kind `postgres`. Errors marked real were copied from `PostgreSQL` 15.

use super::*;
use crate::kind::{Body, Outcome, SqlReply};
use proptest::prelude::*;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"docs\"\n{text}")).unwrap()
}

fn backend(text: &str) -> Backend {
    let bare = "address = \"127.0.0.1:5432\"\ndatabase = \"rag\"\nuser = \"ops\"";
    toml::from_str(&format!("{bare}\n{text}")).unwrap()
}

fn error(code: &str, message: &str) -> SqlReply {
    SqlReply::Error { code: code.into(), message: message.into() }
}

fn done(rows: &[Option<&str>], touched: u64, committed: bool) -> SqlReply {
    let rows = rows.iter().map(|value| value.map(Body::whole)).collect();
    SqlReply::Done { rows, touched, committed }
}

fn settle(call: &Call, reply: SqlReply) -> Settled {
    Postgres::settle(call, &Ok(Answer::Sql(reply)))
}

const SWAP: &str = "act = \"create or replace view docs_live as select * from docs_va\"";

#[test]
fn an_error_before_the_commit_is_a_no_with_a_hint() {
    let swap = call(SWAP);
    // Real.
    let cases = [
        ("42P01", "relation \"docs_vc\" does not exist", "there is no such relation"),
        ("42P16", "cannot drop columns from view", "refused: 42P16"),
        ("42501", "permission denied for table docs_va", "check its grants"),
        ("55P03", "canceling statement due to lock timeout", "another transaction holds the lock"),
        ("57014", "canceling statement due to statement timeout", "longer than the deadline"),
        ("25006", "cannot execute UPDATE in a read-only transaction", "re-resolve the primary"),
        ("57P01", "terminating connection due to administrator command", "before it was committed"),
    ];
    for (code, message, said) in cases {
        let settled = settle(&swap, error(code, message));
        assert_eq!(settled.outcome, Outcome::Rejected, "{code}");
        let detail = settled.detail.as_str();
        assert!(detail.contains(said) && detail.contains(code) && detail.contains(message), "{detail}");
        assert!(matches!(Postgres::see(&swap, &Ok(Answer::Sql(error(code, message)))), Seen::Failed(_)));
    }
}

#[test]
fn only_a_confirmed_commit_is_applied() {
    let swap = call(SWAP);
    let one = call("act = \"update docs set live = true where id = 1\"\nok = \"^1$\"");
    let cases = [
        (&swap, done(&[], 0, true), Outcome::Applied, "committed, touched 0 rows"),
        (&one, done(&[], 1, true), Outcome::Applied, "committed, touched 1 rows"),
        (
            &one,
            done(&[], 3, false),
            Outcome::Rejected,
            "it touched 3 rows, which does not match `^1$`, and was rolled back",
        ),
        (&one, done(&[Some("0")], 1, false), Outcome::Rejected, "it answered 0, which does not match `^1$`"),
    ];
    for (call, reply, outcome, said) in cases {
        let settled = settle(call, reply);
        assert_eq!(settled.outcome, outcome, "{said}");
        assert!(settled.detail.as_str().starts_with(said), "{}", settled.detail);
    }
    let fault = |fault: Fault| Postgres::settle(&swap, &Err(fault)).outcome;
    assert_eq!(fault(Fault::Lost("connection closed".into())), Outcome::Unknown);
    assert_eq!(fault(Fault::NotSent("connection refused".into())), Outcome::NotSent);
    assert_eq!(fault(Fault::Refused("28P01 password authentication failed".into())), Outcome::Rejected);
    assert_eq!(Postgres::settle(&swap, &Ok(Answer::Line(Body::whole("OK")))).outcome, Outcome::Unknown);
}

#[test]
fn a_look_wants_one_row() {
    let query = call("query = \"select max(index_hash) from docs_live\"");
    let see = |call: &Call, reply: SqlReply| Postgres::see(call, &Ok(Answer::Sql(reply)));
    assert_eq!(see(&query, done(&[Some("hash-a")], 0, false)), Seen::Value("hash-a".into()));
    assert_eq!(see(&query, done(&[], 0, false)), Seen::Absent("no row".into()));
    assert_eq!(see(&query, done(&[None], 0, false)), Seen::Absent("null".into()));
    assert!(matches!(see(&query, done(&[Some("")], 0, false)), Seen::Absent(_)));
    assert!(matches!(see(&query, done(&[Some("a"), Some("b")], 0, false)), Seen::Failed(_)));
    let cut = SqlReply::Done {
        rows: vec![Some(Body { bytes: b"a".to_vec(), truncated: true })],
        touched: 0,
        committed: false,
    };
    assert!(matches!(see(&query, cut), Seen::Failed(_)));
    let part = call("query = \"select pg_get_viewdef('docs_live'::regclass)\"\nfind = 'FROM (\\w+)'");
    // Real.
    let definition = " SELECT docs_va.id,\n    docs_va.body\n   FROM docs_va;";
    assert_eq!(see(&part, done(&[Some(definition)], 0, false)), Seen::Value("docs_va".into()));
}

#[test]
fn the_statement_is_sent_as_written_and_its_values_beside_it() {
    let vars = Vars::from([("was".to_owned(), "'; drop table docs; --".to_owned())]);
    let at = backend("password_env = \"PG_PASS\"\ntls = true\nca_file = \"/ca.pem\"");
    let text = "act = \"update pointer set live = $1 where name = $2\"\nparams = [\"${was}\", \"docs\"]\nlock_timeout = \"2s\"\nok = \"^1$\"";
    let Ok(Exchange::Sql(ask)) = Postgres::encode(&at, &call(text), Use::Act, &vars) else { panic!("not SQL") };
    assert_eq!(ask.text, "update pointer set live = $1 where name = $2");
    assert_eq!(ask.params, ["'; drop table docs; --", "docs"]);
    assert_eq!(ask.purpose, SqlPurpose::Change { lock_timeout_ms: 2000, ok: Some("^1$".to_owned()) });
    assert_eq!(ask.password, Some(SecretRef::Env("PG_PASS".to_owned())));
    assert!(ask.tls && ask.ca_file == Some(PathBuf::from("/ca.pem")));
    let look = call("query = \"select 1\"");
    let Ok(Exchange::Sql(ask)) = Postgres::encode(&at, &look, Use::Look, &vars) else { panic!("not SQL") };
    assert_eq!(ask.purpose, SqlPurpose::Read);
    for text in [
        "act = \"drop table ${was}\"",
        "act = \"commit\"",
        "query = \"select 1\"",
        "act = \"select $1\"\nparams = [\"${x}\"]",
    ] {
        assert!(Postgres::encode(&at, &call(text), Use::Act, &vars).is_err(), "{text}");
    }
    assert!(Postgres::encode(&at, &call("query = \"drop table docs\""), Use::Look, &vars).is_err());
}

#[test]
fn faults_are_found() {
    let backends = [
        ("", 0),
        ("password_env = \"PG_PASS\"", 0),
        ("password_env = \"A\"\npassword_file = \"/p\"", 1),
        ("password_env = \"hunter 2\"", 1),
        ("password_file = \"p\"", 1),
        ("ca_file = \"/ca.pem\"", 1),
        ("tls = true\nca_file = \"ca.pem\"", 1),
    ];
    for (text, count) in backends {
        assert_eq!(Postgres::check_backend(&backend(text)).len(), count, "{text}");
    }
    assert_eq!(Postgres::check_backend(&Backend { address: "postgres://x".to_owned(), ..backend("") }).len(), 1);
    assert_eq!(Postgres::check_backend(&Backend { database: String::new(), ..backend("") }).len(), 1);
    let calls: &[(Use, &str, usize)] = &[
        (Use::Act, SWAP, 0),
        (Use::Act, "act = \"update a set b = $1\"\nparams = [\"${v}\"]\nlock_timeout = \"1s\"\nok = \"^1$\"", 0),
        (Use::Look, "query = \"select b from a\"\nfind = \"(a)\"", 0),
        (Use::Look, "query = \"\\n  WITH x as (select 1) select * from x\"", 0),
        (Use::Act, "", 1),
        (Use::Act, "act = \"update ${t} set b = 1\"", 1),
        (Use::Act, "act = \"commit\"", 1),
        (Use::Act, "act = \"Begin; drop table a\"", 1),
        (Use::Act, "act = \"copy a from stdin\"", 1),
        (Use::Act, "act = \"/* sly */ commit\"", 1),
        (Use::Act, "act = \"update a set b = $2\"\nparams = [\"x\", \"y\"]", 1),
        (Use::Act, "act = \"update a set b = $10\"\nparams = [\"x\"]", 1),
        (Use::Act, "act = \"update a set b = $1\"\nparams = [\"${v\"]", 1),
        (Use::Act, "act = \"update a set b = 1\"\nlock_timeout = \"0s\"", 1),
        (Use::Act, "act = \"update a set b = 1\"\nlock_timeout = \"soon\"", 1),
        (Use::Act, "act = \"update a set b = 1\"\nok = \"(\"\nfind = \"(a)\"", 2),
        (Use::Look, "query = \"delete from a\"", 1),
        (Use::Look, "query = \"show search_path\"", 1),
        (Use::Look, "query = \"select ${v}\"", 1),
        (Use::Look, "query = \"select 1\"\nok = \"a\"\nlock_timeout = \"1s\"", 2),
        (Use::Look, "act = \"select 1\"", 1),
        (Use::Look, "act = \"select 1\"\nquery = \"select 1\"", 2),
    ];
    for (r#use, text, count) in calls {
        let found = Postgres::check_call(&call(text), *r#use);
        assert_eq!(found.len(), *count, "{text}: {found:?}");
    }
}

proptest! {
    #[test]
    fn a_value_never_becomes_part_of_the_statement(value in any::<String>()) {
        let vars = Vars::from([("v".to_owned(), value.clone())]);
        let call = call("act = \"update a set b = $1\"\nparams = [\"${v}\"]");
        let Ok(Exchange::Sql(ask)) = Postgres::encode(&backend(""), &call, Use::Act, &vars) else { panic!("not SQL") };
        prop_assert_eq!((ask.text.as_str(), &ask.params[..]), ("update a set b = $1", &[value][..]));
    }
}
