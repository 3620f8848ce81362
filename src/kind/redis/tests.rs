//! Claims about the kind `redis`. Replies marked real were copied from Redis 7.0.

use super::*;
use crate::kind::{Body, Outcome, Reading};
use proptest::prelude::*;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"cache\"\n{text}")).unwrap()
}

fn backend(text: &str) -> Backend {
    toml::from_str(&format!("address = \"127.0.0.1:6379\"\n{text}")).unwrap()
}

fn text(text: &str) -> RedisValue {
    RedisValue::Text(Body::whole(text))
}

fn settle(call: &Call, value: RedisValue) -> Settled {
    Redis::settle(call, &Ok(Answer::Redis(value)))
}

#[test]
fn an_error_is_a_no_with_a_hint() {
    let set = call("command = [\"SET\", \"a\", \"b\"]");
    let cases = [
        ("READONLY You can't write against a read only replica.", "this is a replica; re-resolve the primary"),
        ("NOPERM this user has no permissions to run the 'set' command", "credential"),
        ("NOAUTH Authentication required.", "credential"),
        ("WRONGPASS invalid username-password pair or user is disabled.", "credential"),
        ("MOVED 3999 127.0.0.1:6381", "another node"),
        ("ASK 3999 127.0.0.1:6381", "moving"),
        ("LOADING Redis is loading the dataset in memory", "loading"),
        ("TRYAGAIN Multiple keys request during rehashing of slot", "fire again"),
        ("CLUSTERDOWN The cluster is down", "cluster is down"),
        ("ERR value is not an integer or out of range", "refused: ERR"),
        ("Unknown index name (or name is an alias itself)", "refused: Unknown index"),
        ("", "refused"),
    ];
    for (error, said) in cases {
        let settled = settle(&set, RedisValue::Error(error.into()));
        assert_eq!(settled.outcome, Outcome::Rejected, "{error}");
        assert!(
            settled.detail.as_str().contains(said) && settled.detail.as_str().contains(error),
            "{}",
            settled.detail
        );
        assert!(matches!(Redis::see(&set, &Ok(Answer::Redis(RedisValue::Error(error.into())))), Seen::Failed(_)));
    }
}

#[test]
fn a_value_is_several_arguments_only_where_that_was_asked_for() {
    let args = |call: &Call, was: &str| {
        let vars = Vars::from([("was".to_owned(), was.to_owned())]);
        let Ok(Exchange::Redis(ask)) = Redis::encode(&backend(""), call, Use::Act, &vars) else { panic!("not sent") };
        ask.args.join("|")
    };
    let command = "command = [\"ACL\", \"SETUSER\", \"${was}\", \"x${was}\"]";
    assert_eq!(args(&call(command), "+@all -get"), "ACL|SETUSER|+@all -get|x+@all -get");
    let split = call(&format!("{command}\nsplit = [\"was\"]"));
    assert_eq!(args(&split, " +@all  -get "), "ACL|SETUSER|+@all|-get|x +@all  -get ");
    assert_eq!(Redis::check_call(&split, Use::Act), []);
    assert_eq!(Redis::check_call(&split, Use::Look).len(), 1);
    assert_eq!(
        Redis::check_call(&call("command = [\"SET\", \"a\", \"x${was}\"]\nsplit = [\"was\"]"), Use::Act).len(),
        1
    );
}

#[test]
fn a_script_that_failed_while_it_ran_may_have_written() {
    let eval = call("command = [\"EVAL\", \"…\", \"0\"]");
    let set = call("command = [\"SET\", \"a\", \"b\"]");
    // Real.
    let running = [
        "ERR value is not an integer or out of range script: 5bd132a342616f8c87707aca1c1c93316eb239e1, on @user_script:1.",
        "WRONGTYPE Operation against a key holding the wrong kind of value script: 9a074c3c, on @user_script:1.",
        "ERR Error running script (call to f_5bd1): @user_script:1: oops",
    ];
    for error in running {
        assert_eq!(settle(&eval, RedisValue::Error(error.into())).outcome, Outcome::Unknown, "{error}");
        assert_eq!(settle(&set, RedisValue::Error(error.into())).outcome, Outcome::Rejected, "{error}");
    }
    let before = [
        "ERR Error compiling script (new function): user_script:1: '=' expected near 'error'",
        "NOSCRIPT No matching script.",
    ];
    for error in before {
        assert_eq!(settle(&eval, RedisValue::Error(error.into())).outcome, Outcome::Rejected, "{error}");
    }
}

#[test]
fn a_reply_is_applied_unless_it_is_not_the_one_asked_for() {
    let plain = call("command = [\"SET\", \"a\", \"b\"]");
    let ok = call("command = [\"SET\", \"a\", \"b\"]\nok = \"^OK$\"");
    let swapped = call("command = [\"EVAL\", \"…\", \"0\"]\nok = \"^1$\"");
    let cases = [
        (&plain, text("OK"), Outcome::Applied, "answered: OK"),
        (&plain, RedisValue::Nil, Outcome::Applied, "answered: nil"),
        (&plain, RedisValue::Int(0), Outcome::Applied, "answered: 0"),
        (&ok, text("OK"), Outcome::Applied, "answered: OK"),
        (&ok, RedisValue::Nil, Outcome::Rejected, "it answered nil"),
        (&ok, text("QUEUED"), Outcome::Rejected, "it answered QUEUED"),
        (&ok, RedisValue::Text(Body { bytes: b"O".to_vec(), truncated: true }), Outcome::Unknown, "it answered O"),
        (&swapped, RedisValue::Int(1), Outcome::Applied, "answered: 1"),
        (&swapped, RedisValue::Int(0), Outcome::Rejected, "it answered 0"),
        (&swapped, RedisValue::Int(11), Outcome::Rejected, "it answered 11"),
    ];
    for (call, value, outcome, said) in cases {
        let settled = settle(call, value.clone());
        assert_eq!(settled.outcome, outcome, "{value:?}");
        assert!(settled.detail.as_str().starts_with(said), "{}", settled.detail);
    }
    assert_eq!(Redis::settle(&ok, &Err(Fault::Lost("reset".into()))).outcome, Outcome::Unknown);
    assert_eq!(Redis::settle(&ok, &Err(Fault::NotSent("refused".into()))).outcome, Outcome::NotSent);
    assert_eq!(Redis::settle(&ok, &Ok(Answer::Line(Body::whole("OK")))).outcome, Outcome::Unknown);
}

#[test]
fn a_look_reads_every_shape_of_reply() {
    let get = call("command = [\"GET\", \"a\"]");
    let see = |value: RedisValue| Redis::see(&get, &Ok(Answer::Redis(value)));
    assert_eq!(see(text("docs_vA")), Seen::Value("docs_vA".into()));
    assert_eq!(see(RedisValue::Int(-5)), Seen::Value("-5".into()));
    let nested = RedisValue::List(vec![text("a"), RedisValue::List(vec![RedisValue::Int(1), text("b")]), text("c")]);
    assert_eq!(see(nested), Seen::Value("a 1 b c".into()));
    assert!(matches!(see(RedisValue::Nil), Seen::Absent(_)));
    assert!(matches!(see(text("")), Seen::Absent(_)));
    assert!(matches!(see(RedisValue::List(vec![])), Seen::Absent(_)));
    let cut = RedisValue::Text(Body { bytes: vec![b'a'], truncated: true });
    assert!(matches!(see(cut.clone()), Seen::Failed(_)));
    assert!(matches!(see(RedisValue::List(vec![text("a"), cut])), Seen::Failed(_)));
}

#[test]
fn a_metric_is_a_number_as_old_as_its_answer() {
    let read = |call: &Call, value| Redis::read(call, &Ok(Answer::Redis(value)), 7);
    let get = call("command = [\"GET\", \"lag\"]");
    assert_eq!(read(&get, text("0.25")), Reading::Value { value: 0.25, sampled_ms: 7 });
    assert_eq!(read(&get, RedisValue::Int(3)), Reading::Value { value: 3.0, sampled_ms: 7 });
    // Real.
    let stream = call("command = [\"INFO\", \"memory\"]\nfind = 'used_memory:(\\d+)'");
    let info = text("# Memory\r\nused_memory:926416\r\nused_memory_human:904.70K\r\n");
    assert_eq!(read(&stream, info), Reading::Value { value: 926_416.0, sampled_ms: 7 });
    assert!(matches!(read(&get, RedisValue::Nil), Reading::NoData(_)));
    assert!(matches!(read(&get, RedisValue::Error("NOPERM".into())), Reading::Error(_)));
    assert_eq!(
        read(&get, text("904.70K")),
        Reading::Error("`904.70K` is no number; a metric takes one without a unit".into())
    );
}

#[test]
fn a_dry_run_tells_a_frozen_writer_from_a_writing_one() {
    let probe = call(
        "command = [\"ACL\", \"DRYRUN\", \"writer\", \"SET\", \"k\", \"v\"]\nfind = '^(OK|This user has no permissions)'",
    );
    assert_eq!(Redis::check_call(&probe, Use::Look), []);
    let see = |value: RedisValue| Redis::see(&probe, &Ok(Answer::Redis(value)));
    // Real, like the reply for a user that does not exist.
    assert_eq!(see(text("OK")), Seen::Value("OK".into()));
    let frozen = see(text("This user has no permissions to run the 'set' command"));
    assert_eq!(frozen, Seen::Value("This user has no permissions".into()));
    assert!(matches!(see(RedisValue::Error("ERR User 'writer' not found".into())), Seen::Failed(_)));
}

#[test]
fn the_credential_travels_as_a_reference() {
    let vars = Vars::from([("was".to_owned(), "a b\r\nFLUSHALL".to_owned())]);
    let at = backend("user = \"cockpit\"\npassword_env = \"REDIS_PASS\"\ndb = 2");
    let Exchange::Redis(ask) =
        Redis::encode(&at, &call("command = [\"SET\", \"k\", \"${was}\"]"), Use::Act, &vars).unwrap()
    else {
        panic!("not redis")
    };
    assert_eq!((ask.user.as_deref(), ask.db, ask.tls), (Some("cockpit"), 2, false));
    assert_eq!(ask.password, Some(SecretRef::Env("REDIS_PASS".to_owned())));
    assert_eq!(ask.args, ["SET", "k", "a b\r\nFLUSHALL"]);
    for command in ["[]", "[\"\"]", "[\"${was}\"]", "[\"EVAL\", \"return ${was}\", \"0\"]", "[\"SET\", \"${unknown}\"]"]
    {
        assert!(Redis::encode(&at, &call(&format!("command = {command}")), Use::Act, &vars).is_err(), "{command}");
    }
}

#[test]
fn faults_are_found() {
    let backends = [
        ("user = \"a\"\npassword_file = \"/p\"", 0),
        ("user = \"a\"", 1),
        ("password_env = \"A\"\npassword_file = \"/p\"", 1),
        ("password_env = \"hunter 2\"", 1),
        ("password_file = \"p\"", 1),
        ("tls = true\nca_file = \"/ca.pem\"", 0),
        ("ca_file = \"/ca.pem\"", 1),
        ("tls = true\nca_file = \"ca.pem\"", 1),
    ];
    for (text, count) in backends {
        assert_eq!(Redis::check_backend(&backend(text)).len(), count, "{text}");
    }
    assert_eq!(Redis::check_backend(&Backend { address: "redis://x".to_owned(), ..backend("") }).len(), 1);
    let calls: &[(Use, &str, usize)] = &[
        (Use::Act, "command = [\"SET\", \"a\", \"${v}\"]\nok = \"^OK$\"", 0),
        (Use::Act, "command = [\"EVAL\", \"return 1\", \"1\", \"k\", \"${v}\"]", 0),
        (Use::Look, "command = [\"GET\", \"a\"]\nfind = \"(a)\"", 0),
        (Use::Look, "command = [\"EVAL_RO\", \"return 1\", \"0\"]", 0),
        (Use::Act, "command = []", 1),
        (Use::Act, "command = [\"SET a b\"]", 1),
        (Use::Act, "command = [\"${v}\", \"a\"]", 1),
        (Use::Act, "command = [\"eval\", \"return ${v}\", \"0\"]", 1),
        (Use::Act, "command = [\"SET\", \"${v\"]", 1),
        (Use::Act, "command = [\"auth\", \"x\"]", 1),
        (Use::Look, "command = [\"set\", \"a\", \"b\"]", 1),
        (Use::Look, "command = [\"MONITOR\"]", 1),
        (Use::Look, "command = [\"GET\", \"a\"]\nok = \"a\"\nfind = \"a\"", 2),
        (Use::Act, "command = [\"SET\", \"a\", \"b\"]\nok = \"(\"\nfind = \"(a)\"", 2),
    ];
    for (r#use, text, count) in calls {
        assert_eq!(Redis::check_call(&call(text), *r#use).len(), *count, "{text}");
    }
}

proptest! {
    #[test]
    fn a_value_stays_one_argument(value in any::<String>()) {
        let vars = Vars::from([("v".to_owned(), value.clone())]);
        let Exchange::Redis(ask) = Redis::encode(&backend(""), &call("command = [\"SET\", \"k\", \"${v}\"]"), Use::Act, &vars).unwrap()
            else { panic!("not redis") };
        prop_assert_eq!(ask.args, ["SET", "k", &value]);
    }
}
