//! Claims about the kind `socket`.

use super::*;
use proptest::prelude::*;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"haproxy\"\n{text}")).unwrap()
}

fn backend(text: &str) -> Backend {
    toml::from_str(text).unwrap()
}

fn sent(line: &str, value: &str) -> Result<LineAsk, String> {
    let vars = Vars::from([("v".to_owned(), value.to_owned())]);
    match Socket::encode(&backend("unix = \"/run/haproxy.sock\""), &call(&format!("send = '{line}'")), Use::Act, &vars)?
    {
        Exchange::Line(ask) => Ok(ask),
        other => panic!("not a line: {other:?}"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn line(answer: &str) -> Result<Answer, Fault> {
    Ok(Answer::Line(Body::whole(answer)))
}

#[test]
fn haproxy_succeeds_with_an_empty_line_and_refuses_with_a_sentence() {
    let set = call("send = \"set map live.map live be_blue\"\nok = \"^$\"");
    let plain = call("send = \"x\"");
    let cases = [
        (&set, line("\n"), Outcome::Applied, "answered"),
        (
            &set,
            line("Unknown map identifier. Please use #<id> or <file>.\n\n"),
            Outcome::Rejected,
            "Unknown map identifier",
        ),
        (&plain, line("anything\n"), Outcome::Applied, "answered: anything"),
        (&call("send = \"x\"\nok = \"done\""), line("\n"), Outcome::Rejected, "it answered an empty line"),
        (&set, Ok(Answer::Line(Body { bytes: b"x".to_vec(), truncated: true })), Outcome::Unknown, "it answered x"),
        (&set, Err(Fault::NotSent("refused".into())), Outcome::NotSent, "refused"),
        (&set, Err(Fault::Lost("reset".into())), Outcome::Unknown, "reset"),
        (&set, Ok(Answer::File(Body::default().into())), Outcome::Unknown, "another kind"),
    ];
    for (call, result, outcome, said) in cases {
        let settled = Socket::settle(call, &result);
        assert_eq!(settled.outcome, outcome, "{result:?}");
        assert!(settled.detail.as_str().contains(said), "{}", settled.detail);
    }
}

#[test]
fn a_look_takes_the_part_that_is_meant() {
    let whole = call("send = \"x\"");
    let part = call("send = \"get map limit.map rps\"\nfind = 'value=\"([0-9]+)\"'");
    let found = line("type=str, case=sensitive, found=yes, idx=tree, key=\"rps\", value=\"20\", type=\"str\"\n\n");
    assert_eq!(Socket::see(&part, &found), Seen::Value("20".into()));
    assert!(matches!(Socket::see(&part, &line("type=str, found=no\n")), Seen::Absent(_)));
    assert_eq!(Socket::see(&whole, &line(" a\n\n")), Seen::Value("a".into()));
    assert!(matches!(Socket::see(&whole, &line("\n")), Seen::Absent(_)));
    assert!(matches!(Socket::see(&whole, &Err(Fault::Lost("reset".into()))), Seen::Failed(_)));
    assert!(matches!(Socket::see(&whole, &Ok(Answer::Line(Body { bytes: vec![], truncated: true }))), Seen::Failed(_)));
}

#[test]
fn a_value_is_one_word_of_the_line() {
    for value in ["be_blue", "10.0.0.1:80", "é"] {
        assert_eq!(sent("set map live.map live ${v}", value).unwrap().line, format!("set map live.map live {value}"));
    }
    for value in ["", "a b", "a;shutdown", "a\nb", "a\r", "a\\", "<<", "a\u{0}", "a\tb", "a\u{85}b", "a\u{2028}b"] {
        assert!(sent("set map live.map live ${v}", value).is_err(), "{value:?}");
    }
}

#[test]
fn faults_are_found() {
    let backends = [
        ("unix = \"/run/x.sock\"", 0),
        ("tcp = \"127.0.0.1:9999\"", 0),
        ("tcp = \"[::1]:9999\"", 0),
        ("", 1),
        ("unix = \"/x\"\ntcp = \"127.0.0.1:1\"", 1),
        ("unix = \"x.sock\"", 1),
        ("tcp = \"127.0.0.1\"", 1),
        ("tcp = \":80\"", 1),
        ("tcp = \"host:0\"", 1),
    ];
    for (text, count) in backends {
        assert_eq!(Socket::check_backend(&backend(text)).len(), count, "{text}");
    }
    assert_eq!(
        Socket::check_backend(&Backend { tcp: None, unix: Some(format!("/{}", "x".repeat(107)).into()) }).len(),
        1
    );
    let calls: &[(Use, &str, &[&str])] = &[
        (Use::Act, "send = \"set map ${v}\"\nok = \"^$\"", &[]),
        (Use::Look, "send = \"show info\"\nfind = \"(a)\"", &[]),
        (Use::Act, "send = \" \"", &["send"]),
        (Use::Act, "send = \"a\\nb\"", &["send"]),
        (Use::Act, "send = \"a ${v\"", &["send"]),
        (Use::Act, "send = \"a\"\nok = \"(\"\nfind = \"(a)\"", &["find", "ok"]),
        (Use::Look, "send = \"a\"\nok = \"a\"\nfind = \"a\"", &["ok", "find"]),
    ];
    for (r#use, text, expected) in calls {
        let found = Socket::check_call(&call(text), *r#use);
        assert_eq!(found.iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(), *expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_value_makes_a_second_line_or_word(value in any::<String>()) {
        if let Ok(ask) = sent("set map live.map live ${v}", &value) {
            prop_assert_eq!(ask.line.lines().count(), 1);
            prop_assert_eq!(ask.line.split_whitespace().count(), 5);
            prop_assert!(!ask.line.contains(';'));
        }
    }
}
