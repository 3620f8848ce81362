//! Secrets: one clear sentence for each that is missing, and none of them in a fault.

use super::http_ask;
use goaround::{
    backend::{Carriers, Secrets},
    kind::{EnvValue, Exchange, ExecAsk, Fault, HttpAuth, NatsAsk, NatsAuth, RedisAsk, SqlAsk, SqlPurpose, Use},
    text::SecretRef,
};
use std::{collections::BTreeMap, path::PathBuf};

const SECRET: &str = "correct horse/battery";

fn kept(content: &str) -> (tempfile::TempDir, SecretRef) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, content).unwrap();
    (folder, SecretRef::File(path))
}

#[test]
fn each_missing_secret_gets_a_sentence_of_its_own() {
    let (_folder, empty) = kept("\n");
    let refs = [
        SecretRef::Env("GOAROUND_NOT_SET".into()),
        SecretRef::File("/nowhere/key".into()),
        empty,
        SecretRef::Env("GOAROUND_NOT_SET".into()),
    ];
    let sentences = Secrets::resolve(&refs).unwrap_err();
    assert_eq!(sentences.len(), 3, "{sentences:?}");
    assert!(sentences[0].contains("GOAROUND_NOT_SET is not set"), "{}", sentences[0]);
    assert!(sentences[1].contains("/nowhere/key") && sentences[1].contains("No such file"), "{}", sentences[1]);
    assert!(sentences[2].contains("is empty"), "{}", sentences[2]);
}

#[test]
fn a_secret_in_a_file_loses_one_line_break_and_nothing_else() {
    for (content, spelled) in [(" pass word \n", "< pass word >"), ("two\nlines\r\n", "<two\nlines>")] {
        let (_folder, reference) = kept(content);
        let redactor = Secrets::resolve(&[reference]).unwrap().redactor();
        assert_eq!(redactor.redact(spelled), "<[redacted]>");
    }
}

#[test]
fn a_key_among_other_lines_is_cut_out_by_itself() {
    let seed = "SUAIO3FHUX5PNV2LQIIP7TZ3N4L7TX3W53MQGEIVYFIGA635OZCKEYHFLM";
    let (_folder, reference) =
        kept(&format!("-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"));
    let redactor = Secrets::resolve(&[reference]).unwrap().redactor();
    assert_eq!(redactor.redact(&format!("seed {seed} was not accepted")), "seed [redacted] was not accepted");
}

#[test]
fn secrets_are_not_printed() {
    let (_folder, reference) = kept(SECRET);
    assert_eq!(format!("{:?}", Secrets::resolve(&[reference]).unwrap()), "Secrets(1 kept)");
}

#[tokio::test]
async fn no_fault_holds_a_secret() {
    let (_folder, reference) = kept(SECRET);
    let carriers = Carriers::new(Secrets::resolve(std::slice::from_ref(&reference)).unwrap()).unwrap();
    for exchange in leaky(&reference) {
        let fault = carriers.perform(&exchange, Use::Act, 500).await.unwrap_err();
        let text = fault.to_string();
        assert!(!text.contains("horse") && !text.contains("battery"), "{text}");
        assert!(matches!(fault, Fault::NotSent(_) | Fault::Lost(_)));
    }
}

/// Exchanges that fail with a secret close to what failed.
fn leaky(reference: &SecretRef) -> Vec<Exchange> {
    let spelled = "http://127.0.0.1:1/correct%20horse%2Fbattery?token=correct%20horse%2fbattery";
    let mut http = http_ask("GET", spelled);
    http.auth = Some(HttpAuth::Basic { user: "ops".into(), password: reference.clone() });
    let exec = ExecAsk {
        argv: ["/bin/sh", "-c", "echo $KEY >&2; exec sleep 60"].map(String::from).to_vec(),
        stdin: None,
        env: BTreeMap::from([("KEY".into(), EnvValue::Secret(reference.clone()))]),
        cwd: None,
    };
    let missing = ExecAsk { argv: vec![format!("/{SECRET}")], cwd: Some(PathBuf::from("/")), ..exec.clone() };
    let redis = RedisAsk {
        address: "127.0.0.1:1".into(),
        tls: false,
        ca_file: None,
        user: None,
        password: Some(reference.clone()),
        db: 0,
        args: vec!["PING".into()],
    };
    let sql = SqlAsk {
        address: "127.0.0.1:1".into(),
        tls: false,
        ca_file: None,
        database: "rag".into(),
        user: "ops".into(),
        password: Some(reference.clone()),
        text: "select 1".into(),
        params: Vec::new(),
        purpose: SqlPurpose::Read,
    };
    let token = NatsAsk {
        address: "127.0.0.1:1".into(),
        tls: false,
        ca_file: None,
        auth: Some(NatsAuth::Token(reference.clone())),
        subject: "a".into(),
        payload: String::new(),
    };
    let creds = NatsAsk { auth: Some(NatsAuth::Creds(reference.clone())), ..token.clone() };
    let processes = [Exchange::Exec(exec), Exchange::Exec(missing)];
    let stores = [Exchange::Redis(redis), Exchange::Sql(sql), Exchange::Nats(token), Exchange::Nats(creds)];
    std::iter::once(Exchange::Http(http)).chain(processes).chain(stores).collect()
}

#[tokio::test]
async fn a_secret_that_was_not_read_at_the_start_sends_nothing() {
    let mut ask = http_ask("GET", "http://127.0.0.1:1/");
    ask.auth = Some(HttpAuth::Bearer(SecretRef::Env("LATE".into())));
    let text = super::not_sent(super::carriers().perform(&Exchange::Http(ask), Use::Look, 500).await);
    assert!(text.contains("environment variable LATE was not read"), "{text}");
}
