//! What is copied is pasted into a shell: a real one, and at real servers where their tools are at hand.

mod argv;
mod files;
mod real_servers_psql;

use super::servers::Server;
use goaround::{
    kind::{EnvValue, Exchange, ExecAsk, HttpAsk, HttpAuth, RedisAsk},
    text::{SecretRef, shell_word},
};
use proptest::prelude::*;
use std::{
    collections::BTreeMap,
    process::{Command, Output},
};

/// What a shell would act on, if it were let.
const HOSTILE: [&str; 13] = [
    "it's \"quoted\"",
    "two\nlines\n",
    "$(exit 7)",
    "`exit 7`",
    "$HOME ${PATH}",
    "-rf",
    "--",
    r"\ \n \' \",
    "",
    " * ? [a] ~ ! # ",
    "a; exit 7 & b | c > d",
    "%s%n %",
    "ä😀{{Count}}{{{",
];

/// What becomes of `line` in a shell that has the secrets.
fn run(line: &str) -> Output {
    let secrets =
        [("EDGE_TOKEN", "t'o k"), ("HOOK", "s3"), ("REDIS_PASS", "redispass"), ("PG_PASS", "pgpass"), ("BUS", "b'u s")];
    Command::new("sh").args(["-c", line]).envs(secrets).output().unwrap()
}

/// What a shell prints that is told `line`.
#[track_caller]
fn told(line: &str) -> String {
    let out = run(line);
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn post(body: &str) -> Exchange {
    Exchange::Http(HttpAsk {
        method: "POST".into(),
        url: "http://edge.example/flags/~secret.hook~?a=[1]".into(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        auth: Some(HttpAuth::Bearer(SecretRef::Env("EDGE_TOKEN".into()))),
        secrets: BTreeMap::from([("hook".to_owned(), SecretRef::Env("HOOK".into()))]),
        body: Some(body.into()),
        ca_file: None,
    })
}

#[test]
fn what_acts_in_a_shell_is_quoted_and_what_does_not_is_bare() {
    for (arg, word) in [
        ("live:alias", "live:alias"),
        ("", "''"),
        ("a b", "'a b'"),
        ("call('GET')", r"'call('\''GET'\'')'"),
        ("$HOME `id` \\", "'$HOME `id` \\'"),
    ] {
        assert_eq!(shell_word(arg), word);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_shell_hands_over_exactly_what_was_quoted(arg in "[^\0]{0,40}|['\"$`\\\\ \n!#~*?;&|<>(){}-]{0,20}") {
        prop_assert_eq!(told(&format!("printf %s {}", shell_word(&arg))), arg);
    }
}

#[test]
fn a_command_of_a_script_is_pasted_and_acts_at_a_real_redis() {
    let server = Server::start("redis");
    let cas = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 end return 0";
    let command = |args: &[&str]| {
        let pasted = Exchange::Redis(RedisAsk {
            address: format!("127.0.0.1:{}", server.port("REDIS_PORT")),
            tls: false,
            ca_file: None,
            user: Some("cockpit".into()),
            password: Some(SecretRef::Env("REDIS_PASS".into())),
            db: 0,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
        })
        .pasted();
        let line = pasted.expect("redis-cli does it");
        assert!(!line.contains("redispass"), "{line}");
        told(&line).trim_end().to_owned()
    };
    assert_eq!(command(&["SET", "live:alias", "it's $HOME"]), "OK");
    assert_eq!(command(&["EVAL", cas, "1", "live:alias", "it's $HOME", "docs_vA"]), "1");
    assert_eq!(command(&["GET", "live:alias"]), "docs_vA");
}

#[test]
fn a_request_with_quotes_and_secrets_reaches_curl_whole() {
    let line = post(r#"{"says":"it's $HOME"}"#).pasted().expect("curl does it");
    assert!(!line.contains("s3") && line.contains("\"${EDGE_TOKEN}\""), "{line}");
    let shown = told(&format!("curl() {{ printf '%s\\n' \"$@\"; }}; {line}"));
    let args: Vec<&str> = shown.lines().collect();
    for arg in ["Authorization: Bearer t'o k", r#"{"says":"it's $HOME"}"#, "http://edge.example/flags/s3?a=[1]", "POST"]
    {
        assert!(args.contains(&arg), "{arg}: {args:?}");
    }
}

#[test]
fn what_would_act_on_the_terminal_it_is_pasted_into_is_no_line() {
    assert_eq!(post("\u{1b}[201~id").pasted(), None);
}

#[test]
fn a_process_gets_its_input_and_its_environment() {
    let ask = ExecAsk {
        argv: vec!["tr".into(), "a".into(), "it's".into()],
        stdin: Some("banana".into()),
        env: BTreeMap::from([("LC_ALL".to_owned(), EnvValue::Literal("C".into()))]),
        cwd: Some("/".into()),
    };
    let line = Exchange::Exec(ask).pasted().expect("a shell runs it");
    assert_eq!(line, r"cd / && printf %s banana | LC_ALL=C tr a 'it'\''s'");
    assert_eq!(told(&line), "binini");
}
