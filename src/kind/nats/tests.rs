//! Claims about the kind `nats`. Replies marked real were copied from NATS 2.14.

use super::*;
use crate::kind::{Body, NatsReply, Outcome};
use proptest::prelude::*;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"jobs\"\n{text}")).unwrap()
}

fn backend(text: &str) -> Backend {
    toml::from_str(&format!("address = \"127.0.0.1:4222\"\n{text}")).unwrap()
}

fn said(text: &str) -> NatsReply {
    NatsReply::Message(Body::whole(text))
}

fn settle(call: &Call, reply: NatsReply) -> Settled {
    Nats::settle(call, &Ok(Answer::Nats(reply)))
}

fn see(call: &Call, reply: NatsReply) -> Seen {
    Nats::see(call, &Ok(Answer::Nats(reply)))
}

/// Real.
const PAUSED: &str = r#"{"type":"io.nats.jetstream.api.v1.consumer_pause_response","paused":true,"pause_until":"2026-11-21T09:00:00Z","pause_remaining":1799994881423}"#;
const PAST: &str = r#"{"type":"io.nats.jetstream.api.v1.consumer_pause_response","paused":false,"pause_until":"2020-01-01T00:00:00Z"}"#;
const NO_CONSUMER: &str = r#"{"type":"io.nats.jetstream.api.v1.consumer_pause_response","error":{"code":404,"err_code":10014,"description":"consumer not found"},"paused":false,"pause_until":"0001-01-01T00:00:00Z"}"#;

#[test]
fn every_reply_says_how_the_act_ended() {
    let plain = call("request = \"$JS.API.CONSUMER.PAUSE.jobs.worker\"");
    let asked = call("request = \"$JS.API.CONSUMER.PAUSE.jobs.worker\"\nok = '\"paused\":true'");
    let status = |code, words: &str| NatsReply::Status { code, words: words.into() };
    let cases = [
        (&plain, said(PAUSED), Outcome::Applied, "answered: {"),
        (&asked, said(PAUSED), Outcome::Applied, "answered: {"),
        (&asked, said(PAST), Outcome::Unknown, "it answered, but the reply does not match"),
        (&plain, said(""), Outcome::Applied, "answered"),
        (&asked, said(NO_CONSUMER), Outcome::Rejected, "consumer not found: error 404 (10014)"),
        (
            &plain,
            said(r#"{"error":{"code":503,"err_code":10008,"description":"JetStream system temporarily unavailable"}}"#),
            Outcome::Rejected,
            "JetStream system",
        ),
        (&plain, said(r#"{"error":{"code":500,"description":"failed"}}"#), Outcome::Unknown, "failed: error 500"),
        (&plain, said(r#"{"error":"a word of somebody else's"}"#), Outcome::Applied, "answered"),
        (&plain, said(r#"{"error":null}"#), Outcome::Applied, "answered"),
        (&plain, NatsReply::NoResponders, Outcome::Rejected, "no responders"),
        (&plain, status(409, "Consumer Deleted"), Outcome::Rejected, "status 409 Consumer Deleted"),
        (&plain, status(500, "boom"), Outcome::Unknown, "status 500 boom"),
    ];
    for (call, reply, outcome, detail) in cases {
        let settled = settle(call, reply.clone());
        assert_eq!(settled.outcome, outcome, "{reply:?}");
        assert!(settled.detail.as_str().starts_with(detail), "{}", settled.detail);
    }
    let fault = |fault: Fault| Nats::settle(&plain, &Err(fault)).outcome;
    assert_eq!(fault(Fault::Lost("deadline".into())), Outcome::Unknown);
    assert_eq!(fault(Fault::NotSent("connection refused".into())), Outcome::NotSent);
    assert_eq!(Nats::settle(&plain, &Ok(Answer::Line(Body::whole("OK")))).outcome, Outcome::Unknown);
}

#[test]
fn a_look_reads_what_servers_leave_out_when_it_is_false() {
    let paused = call("request = \"$JS.API.CONSUMER.INFO.jobs.worker\"\nat = \"/paused\"\notherwise = \"false\"");
    let bare = call("request = \"$JS.API.CONSUMER.INFO.jobs.worker\"\nat = \"/paused\"");
    assert_eq!(see(&paused, said(PAUSED)), Seen::Value("true".into()));
    assert_eq!(see(&paused, said(r#"{"name":"worker"}"#)), Seen::Value("false".into()));
    assert!(matches!(see(&bare, said(r#"{"name":"worker"}"#)), Seen::Absent(_)));
    // What is not there at all is not simply unpaused, and what is no JSON is nothing.
    assert!(matches!(see(&paused, said(NO_CONSUMER)), Seen::Absent(_)));
    assert!(matches!(see(&paused, said("<html>")), Seen::Failed(_)));
    assert!(matches!(see(&paused, said(r#"{"error":{"code":403,"description":"no"}}"#)), Seen::Failed(_)));
    assert!(matches!(see(&paused, NatsReply::NoResponders), Seen::Failed(_)));
    assert!(matches!(see(&paused, NatsReply::Status { code: 408, words: "".into() }), Seen::Failed(_)));
    assert!(matches!(Nats::see(&paused, &Err(Fault::Lost("deadline".into()))), Seen::Failed(_)));
}

#[test]
fn a_value_in_json_is_escaped_and_one_in_a_subject_is_one_token() {
    let vars = Vars::from([("v".to_owned(), "a\"b".to_owned()), ("t".to_owned(), "worker.>".to_owned())]);
    let at = backend("token_file = \"/token\"");
    let json = call("request = \"pause\"\npayload = '{\"pause_until\":\"${v}\"}'");
    let Ok(Exchange::Nats(ask)) = Nats::encode(&at, &json, Use::Act, &vars) else { panic!("not NATS") };
    assert_eq!((ask.subject.as_str(), ask.payload.as_str()), ("pause", r#"{"pause_until":"a\"b"}"#));
    assert_eq!(ask.auth, Some(NatsAuth::Token(SecretRef::File("/token".into()))));
    let plain = call("request = \"pause\"\npayload = '<${v}>'");
    let Ok(Exchange::Nats(ask)) = Nats::encode(&at, &plain, Use::Act, &vars) else { panic!("not NATS") };
    assert_eq!(ask.payload, "<a\"b>");
    for subject in ["pause.${t}", "pause.${missing}"] {
        assert!(Nats::encode(&at, &call(&format!("request = \"{subject}\"")), Use::Act, &vars).is_err(), "{subject}");
    }
}

#[test]
fn whoever_asks_says_so_in_one_way() {
    let password = backend("user = \"ops\"\npassword_env = \"NATS_PASS\"");
    let secret = SecretRef::Env("NATS_PASS".to_owned());
    assert_eq!(auth(&password), Some(NatsAuth::Password { user: "ops".to_owned(), password: secret.clone() }));
    assert_eq!(Nats::secrets(&password), [secret]);
    let creds = backend("creds_file = \"/ops.creds\"");
    assert_eq!(auth(&creds), Some(NatsAuth::Creds(SecretRef::File("/ops.creds".into()))));
    assert_eq!(auth(&backend("")), None);
}

#[test]
fn faults_are_found() {
    let backends = [
        ("", 0),
        ("token_env = \"T\"", 0),
        ("user = \"a\"\npassword_file = \"/p\"", 0),
        ("user = \"a\"", 1),
        ("password_env = \"A\"", 1),
        ("token_env = \"T\"\ncreds_file = \"/c\"", 1),
        ("token_env = \"hunter 2\"", 1),
        ("creds_file = \"c\"", 1),
        ("ca_file = \"/ca.pem\"", 1),
    ];
    for (text, count) in backends {
        assert_eq!(Nats::check_backend(&backend(text)).len(), count, "{text}");
    }
    assert_eq!(Nats::check_backend(&Backend { address: "nats://x".to_owned(), ..backend("") }).len(), 1);
    let calls: &[(Use, &str, usize)] = &[
        (
            Use::Act,
            "request = \"$JS.API.CONSUMER.PAUSE.jobs.${c}\"\npayload = '{\"pause_until\":\"${until}\"}'\nok = 'true'",
            0,
        ),
        (Use::Look, "request = \"$JS.API.CONSUMER.INFO.jobs.worker\"\nat = \"/paused\"\notherwise = \"false\"", 0),
        (Use::Act, "request = \"\"", 1),
        (Use::Act, "request = \"a..b\"", 1),
        (Use::Act, "request = \"a b\"", 1),
        (Use::Act, "request = \"a.>\"", 1),
        (Use::Act, "request = \"a.${b\"", 1),
        (Use::Act, "request = \"a\"\npayload = '{\"x\":${v}}'", 1),
        (Use::Act, "request = \"a\"\npayload = '${v'", 1),
        (Use::Act, "request = \"a\"\nok = \"(\"\nat = \"/x\"", 2),
        (Use::Look, "request = \"a\"\nok = \"x\"", 1),
        (Use::Look, "request = \"a\"\nat = \"x\"", 1),
        (Use::Look, "request = \"a\"\notherwise = \"x\"", 1),
    ];
    for (r#use, text, count) in calls {
        let found = Nats::check_call(&call(text), *r#use);
        assert_eq!(found.len(), *count, "{text}: {found:?}");
    }
}

proptest! {
    #[test]
    fn a_value_stays_one_string_of_the_payload(value in any::<String>()) {
        let vars = Vars::from([("v".to_owned(), value.clone())]);
        let call = call("request = \"a\"\npayload = '{\"x\":\"${v}\"}'");
        let Ok(Exchange::Nats(ask)) = Nats::encode(&backend(""), &call, Use::Act, &vars) else { panic!("not NATS") };
        let json: serde_json::Value = serde_json::from_str(&ask.payload).unwrap();
        prop_assert_eq!(json, serde_json::json!({ "x": value }));
    }
}
