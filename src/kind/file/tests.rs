//! Claims about the kind `file`.

use super::*;
use crate::kind::{Body, Content};
use proptest::prelude::*;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"flags\"\n{text}")).unwrap()
}

fn backend() -> Backend {
    Backend { root: "/etc/rag".into() }
}

fn vars(value: &str) -> Vars {
    [("v", value), ("incident", "20261121-031200-docs-rag")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn sent(text: &str, r#use: Use, vars: &Vars) -> Result<FileAsk, String> {
    match File::encode(&backend(), &call(text), r#use, vars)? {
        Exchange::File(ask) => Ok(ask),
        other => panic!("not a file: {other:?}"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn holds(content: &str) -> Result<Answer, Fault> {
    Ok(Answer::File(Body::whole(content).into()))
}

#[test]
fn what_was_there_before_the_incident_is_kept_and_put_back() {
    let keep = PathBuf::from("/etc/rag/a/off.yml.20261121-031200-docs-rag.before");
    let write = sent("write = \"a/off.yml\"\ncontent = \"flag: ${v}\"", Use::Act, &vars("off")).unwrap();
    let path = PathBuf::from("/etc/rag/a/off.yml");
    assert_eq!(write, FileAsk::Write { path: path.clone(), content: "flag: off".to_owned(), keep: keep.clone() });
    let restore = sent("restore = \"a/off.yml\"", Use::Act, &vars("")).unwrap();
    assert_eq!(restore, FileAsk::Restore { path: path.clone(), keep });
    assert_eq!(sent("read = \"a/off.yml\"", Use::Look, &Vars::new()), Ok(FileAsk::Read { path }));
}

#[test]
fn nothing_leaves_the_folder() {
    let stray = ["", "/etc/passwd", "../x", "a/../../x", "a/..", "./a", "a/", "${v}", "a\\u0000b", "a\\nb", ".", ".."];
    for path in stray {
        for (key, r#use) in [("read", Use::Look), ("write", Use::Act), ("restore", Use::Act)] {
            let text = format!("{key} = \"{path}\"\n{}", if key == "write" { "content = \"\"" } else { "" });
            assert!(sent(&text, r#use, &vars("x")).is_err(), "{text}");
            assert_eq!(File::check_call(&call(&text), r#use).len(), 1, "{text}");
        }
    }
    for incident in ["", "../x", "a/b", "a\nb"] {
        let vars = Vars::from([("incident".to_owned(), incident.to_owned())]);
        assert!(sent("restore = \"a\"", Use::Act, &vars).is_err(), "{incident}");
    }
    assert!(sent("restore = \"a\"", Use::Act, &Vars::new()).is_err());
}

#[test]
fn a_look_never_writes_and_a_lever_never_reads() {
    assert!(sent("write = \"a\"\ncontent = \"\"", Use::Look, &vars("")).is_err());
    assert!(sent("read = \"a\"", Use::Act, &vars("")).is_err());
    assert!(sent("write = \"a\"\nrestore = \"a\"\ncontent = \"\"", Use::Act, &vars("")).is_err());
}

#[test]
fn an_answer_is_applied_and_a_fault_is_what_it_is() {
    let write = call("write = \"a\"\ncontent = \"\"");
    let cases = [
        (holds("x"), Outcome::Applied),
        (holds(""), Outcome::Applied),
        (Err(Fault::NotSent("no space".into())), Outcome::NotSent),
        (Err(Fault::Refused("permission denied".into())), Outcome::Rejected),
        (Err(Fault::Lost("sync failed".into())), Outcome::Unknown),
        (Ok(Answer::Line(Body::whole(""))), Outcome::Unknown),
    ];
    for (result, outcome) in cases {
        assert_eq!(File::settle(&write, &result).outcome, outcome, "{result:?}");
    }
    assert_eq!(File::settle(&call("restore = \"a\""), &holds("on\n")).detail.as_str(), "put back: on");
}

#[test]
fn a_look_takes_the_part_that_is_meant() {
    let cases: &[(&str, &str, Result<&str, &str>)] = &[
        ("", " last-known-good\n", Ok("last-known-good")),
        ("", "\n", Err("absent")),
        ("at = \"/flag\"", "{\"flag\":\"off\"}", Ok("off")),
        ("at = \"/flag\"", "{}", Err("absent")),
        ("at = \"/flag\"", "flag: off", Err("failed")),
        ("find = '(?m)^FLAG=(.*)$'", "A=1\nFLAG=off\n", Ok("off")),
        ("find = '(?m)^FLAG=(.*)$'", "A=1\nFLAG=\n", Err("absent")),
        ("find = '(?m)^FLAG=(.*)$'", "A=1", Err("absent")),
        ("at = \"/image\"\nfind = ':(.+)$'", "{\"image\":\"repo/app:v7\"}", Ok("v7")),
    ];
    for (more, content, expected) in cases {
        let seen = File::see(&call(&format!("read = \"a\"\n{more}")), &holds(content));
        let as_expected = match expected {
            Ok(text) => seen == Seen::Value((*text).into()),
            Err("absent") => matches!(seen, Seen::Absent(_)),
            Err(_) => matches!(seen, Seen::Failed(_)),
        };
        assert!(as_expected, "{more} in {content}: {seen:?}");
    }
    let cut = Ok(Answer::File(Body { bytes: b"a".to_vec(), truncated: true }.into()));
    assert!(matches!(File::see(&call("read = \"a\""), &cut), Seen::Failed(_)));
    assert!(matches!(File::see(&call("read = \"a\""), &Err(Fault::NotSent("gone".into()))), Seen::Failed(_)));
}

#[test]
fn a_metric_is_as_old_as_its_file_or_as_the_file_says() {
    let holds = |content: &str, modified_ms| Ok(Answer::File(Content { body: Body::whole(content), modified_ms }));
    let plain = call("read = \"a\"");
    let value = |sampled_ms| Reading::Value { value: 0.5, sampled_ms };
    assert_eq!(File::read(&plain, &holds("0.5\n", Some(7)), 9), value(7));
    assert!(matches!(File::read(&plain, &holds("0.5\n", None), 9), Reading::NoData(_)));
    assert!(matches!(File::read(&plain, &holds("\n", Some(7)), 9), Reading::NoData(_)));
    assert!(matches!(File::read(&plain, &holds("0.5 s", Some(7)), 9), Reading::Error(_)));
    assert!(matches!(File::read(&plain, &Err(Fault::NotSent("gone".into())), 9), Reading::Error(_)));
    let dated = call("read = \"a\"\nat = \"/v\"\nfresh = \"/ts\"");
    let said = holds("{\"v\":0.5,\"ts\":\"1970-01-01T00:00:05Z\"}", Some(7));
    assert_eq!(File::read(&dated, &said, 9), value(5000));
    assert!(matches!(File::read(&dated, &holds("{\"v\":0.5}", Some(7)), 9), Reading::NoData(_)));
}

#[test]
fn faults_are_found() {
    let cases: &[(Use, &str, &[&str])] = &[
        (Use::Act, "write = \"a.json\"\ncontent = '{\"a\":\"${v}\"}'", &[]),
        (Use::Act, "restore = \"a.json\"", &[]),
        (Use::Look, "read = \"a.json\"\nat = \"/a\"", &[]),
        (Use::Act, "", &[""]),
        (Use::Act, "write = \"a\"", &["write"]),
        (Use::Act, "restore = \"a\"\ncontent = \"x\"", &["content"]),
        (Use::Act, "write = \"a.json\"\ncontent = '{\"a\":${v}}'", &["content"]),
        (Use::Act, "write = \"a\"\ncontent = '${'", &["content"]),
        (Use::Act, "read = \"a\"\nat = \"/a\"", &["read", "at"]),
        (Use::Look, "write = \"a\"\ncontent = \"x\"", &["write"]),
        (Use::Look, "read = \"a\"\nat = \"a\"\nfresh = \"a\"\nfind = \"a\"", &["at", "fresh", "find"]),
    ];
    for (r#use, text, expected) in cases {
        let found = File::check_call(&call(text), *r#use);
        assert_eq!(found.iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(), *expected, "{text}");
    }
    for root in ["flags", "/etc/../x"] {
        assert_eq!(File::check_backend(&Backend { root: root.into() }).len(), 1, "{root}");
    }
    assert_eq!(File::check_backend(&backend()), []);
}

proptest! {
    #[test]
    fn no_value_adds_a_line_or_a_key(value in any::<String>()) {
        if let Ok(FileAsk::Write { content, .. }) = sent("write = \"env\"\ncontent = \"A=${v}\"", Use::Act, &vars(&value)) {
            prop_assert_eq!(content.lines().count(), 1);
        }
        let FileAsk::Write { content, .. } = sent("write = \"f.json\"\ncontent = '{\"a\":\"${v}\"}'", Use::Act, &vars(&value)).unwrap()
            else { panic!("not a write") };
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&content).unwrap(), serde_json::json!({ "a": value }));
    }
}
