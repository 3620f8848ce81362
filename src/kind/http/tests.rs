//! Claims about the kind `http`.

use super::*;
use crate::kind::{Body, HttpAsk, HttpAuth, Outcome};
use proptest::prelude::*;

fn backend(more: &str) -> Backend {
    toml::from_str(&format!("url = \"http://127.0.0.1:8080/api/\"\n{more}")).unwrap()
}

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"edge\"\n{text}")).unwrap()
}

fn vars(value: &str) -> Vars {
    Vars::from([("v".to_owned(), value.to_owned())])
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn answer(status: u16, body: &str) -> Result<Answer, Fault> {
    Ok(Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(body) })
}

fn sent(text: &str, vars: &Vars) -> Result<HttpAsk, String> {
    match Http::encode(&backend(""), &call(text), Use::Act, vars)? {
        Exchange::Http(ask) => Ok(ask),
        other => panic!("not http: {other:?}"),
    }
}

#[test]
fn a_metric_is_as_old_as_the_answer_says() {
    const NOW_MS: i64 = 1_795_230_720_000;
    let read = |more: &str, status, body: &str| {
        Http::read(&call(&format!("get = \"/x\"\n{more}")), &answer(status, body), NOW_MS)
    };
    let value = |value, sampled_ms| Reading::Value { value, sampled_ms };
    assert_eq!(read("", 200, "0.97\n"), value(0.97, NOW_MS));
    let dated = "at = \"/v\"\nfresh = \"/ts\"";
    let times = [
        ("1795230700", 1_795_230_700_000),
        ("1795230700.25", 1_795_230_700_250),
        ("1795230700250", 1_795_230_700_250),
        ("\"1795230700\"", 1_795_230_700_000),
        ("\"2026-11-21T03:11:40.5Z\"", 1_795_230_700_500),
        ("\"2026-11-21T04:11:40+01:00\"", 1_795_230_700_000),
    ];
    for (time, sampled_ms) in times {
        assert_eq!(read(dated, 200, &format!("{{\"v\":3,\"ts\":{time}}}")), value(3.0, sampled_ms), "{time}");
    }
    for body in [
        "{\"v\":3}",
        "{\"v\":3,\"ts\":null}",
        "{\"v\":3,\"ts\":\"\"}",
        "{\"v\":null,\"ts\":1}",
        "{\"v\":\"NaN\",\"ts\":1795230700}",
    ] {
        assert!(matches!(read(dated, 200, body), Reading::NoData(_)), "{body}");
    }
    let errors = [
        (200, "{\"v\":3,\"ts\":0}", "`0` is no time"),
        (200, "{\"v\":3,\"ts\":-5}", "`-5` is no time"),
        (200, "{\"v\":3,\"ts\":1e300}", "is no time"),
        (200, "{\"v\":3,\"ts\":\"NaN\"}", "`NaN` is no time"),
        (200, "{\"v\":3,\"ts\":\"yesterday\"}", "`yesterday` is no time"),
        (200, "{\"v\":\"0.12%\",\"ts\":1795230700}", "`0.12%` is no number"),
        (200, "{\"v\":\"12ms\",\"ts\":1795230700}", "`12ms` is no number"),
        (200, "{\"v\":\"inf\",\"ts\":1795230700}", "infinite"),
        (200, "{\"v\":1e16,\"ts\":1795230700}", "beyond 1e15"),
        (503, "{\"v\":3,\"ts\":1795230700}", "HTTP 503"),
    ];
    for (status, body, said) in errors {
        match read(dated, status, body) {
            Reading::Error(why) => assert!(why.as_str().contains(said), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
    assert!(matches!(Http::read(&call("get = \"/x\""), &Err(Fault::Lost("reset".into())), NOW_MS), Reading::Error(_)));
    assert_eq!(keys(&Http::check_call(&call("get = \"/x\"\nfresh = \"ts\""), Use::Look)), ["fresh"]);
    assert_eq!(keys(&Http::check_call(&call("post = \"/x\"\nfresh = \"/ts\""), Use::Act)), ["fresh"]);
}

fn keys(complaints: &[Complaint]) -> Vec<&str> {
    complaints.iter().map(|complaint| complaint.key.as_str()).collect()
}

#[test]
fn every_status_says_how_the_act_ended() {
    use Outcome::{Applied, Rejected, Unknown};
    let cases: &[(&[u16], Outcome, &str)] = &[
        (&[100, 101, 103], Unknown, "nobody knows"),
        (&[200, 201, 202, 204, 206, 299], Applied, "HTTP 2"),
        (&[300, 301, 302, 303, 304, 307, 308], Rejected, "no redirect"),
        (&[401, 403], Rejected, "credential"),
        (&[409, 412], Rejected, "someone changed it first"),
        (&[400, 402, 404, 405, 406, 410, 415, 418, 422, 423, 428, 429, 431, 451, 499], Rejected, "HTTP 4"),
        (&[408], Unknown, "gave up waiting"),
        (&[500, 501, 502, 503, 504, 505, 507, 511, 599], Unknown, "nobody knows"),
        (&[0, 99, 600, 999], Unknown, "nobody knows"),
    ];
    for (statuses, outcome, said) in cases {
        for status in *statuses {
            let settled = Http::settle(&call("post = \"/x\""), &answer(*status, "the body"));
            assert_eq!(settled.outcome, *outcome, "{status}");
            assert!(settled.detail.as_str().contains(said), "{}", settled.detail);
            assert!(settled.detail.as_str().ends_with(": the body"), "{}", settled.detail);
        }
    }
}

#[test]
fn what_never_came_back_is_told_apart() {
    let cases = [
        (Fault::NotSent("connection refused".into()), Outcome::NotSent),
        (Fault::Refused("certificate expired".into()), Outcome::Rejected),
        (Fault::Lost("reset".into()), Outcome::Unknown),
    ];
    for (fault, outcome) in cases {
        assert_eq!(Http::settle(&call("post = \"/x\""), &Err(fault.clone())).outcome, outcome);
        assert_eq!(Http::see(&call("get = \"/x\""), &Err(fault.clone())), Seen::Failed(fault.to_string().into()));
    }
    let foreign = Ok(Answer::File(Body::whole("ok").into()));
    assert_eq!(Http::settle(&call("post = \"/x\""), &foreign).outcome, Outcome::Unknown);
    assert!(matches!(Http::see(&call("get = \"/x\""), &foreign), Seen::Failed(_)));
}

#[test]
fn a_redirect_shows_where_to_and_a_limit_how_long() {
    let there = Answer::Http {
        status: 307,
        location: Some("https://evil.example/".into()),
        retry_after_s: None,
        body: Body::default(),
    };
    let later = Answer::Http { status: 429, location: None, retry_after_s: Some(30), body: Body::default() };
    let settle = |answer| Http::settle(&call("post = \"/x\""), &Ok(answer));
    assert!(settle(there).detail.as_str().ends_with("; Location: https://evil.example/"));
    assert!(settle(later).detail.as_str().ends_with("fire again in 30 s"));
}

#[test]
fn a_status_declared_as_rejected_is() {
    let declared = call("post = \"/x\"\nrejected_statuses = [408, 503]");
    for (status, outcome) in
        [(503, Outcome::Rejected), (408, Outcome::Rejected), (500, Outcome::Unknown), (200, Outcome::Applied)]
    {
        assert_eq!(Http::settle(&declared, &answer(status, "")).outcome, outcome, "{status}");
    }
}

#[test]
fn a_success_whose_body_says_otherwise_is_unknown() {
    let asked = call("post = \"/x\"\nok = '^\\{\"ok\":true'");
    assert_eq!(Http::settle(&asked, &answer(200, " {\"ok\":true}\n")).outcome, Outcome::Applied);
    assert_eq!(Http::settle(&asked, &answer(200, "{\"ok\":false,\"error\":\"no\"}")).outcome, Outcome::Unknown);
    assert_eq!(Http::settle(&asked, &answer(204, "")).outcome, Outcome::Unknown);
    let page = answer(200, "\n<!DOCTYPE html><title>Log in</title>");
    assert_eq!(Http::settle(&call("post = \"/x\""), &page).outcome, Outcome::Unknown);
    assert_eq!(Http::settle(&call("post = \"/x\"\nok = 'Log in'"), &page).outcome, Outcome::Applied);
}

#[test]
fn a_cut_body_leaves_the_decision_to_the_status() {
    let cut = Answer::Http {
        status: 200,
        location: None,
        retry_after_s: None,
        body: Body { bytes: b"a".to_vec(), truncated: true },
    };
    assert_eq!(Http::settle(&call("post = \"/x\""), &Ok(cut.clone())).outcome, Outcome::Applied);
    assert!(matches!(Http::see(&call("get = \"/x\""), &Ok(cut)), Seen::Failed(_)));
}

#[test]
fn only_a_sound_answer_is_a_value() {
    let value = |text: &str| Seen::Value(text.into());
    let cases: &[(&str, u16, &str, Result<&str, &str>)] = &[
        ("", 200, " blue\n", Ok("blue")),
        ("", 200, " \n", Err("absent")),
        ("", 204, "", Err("absent")),
        ("", 200, "<html>login", Err("failed")),
        ("", 404, "blue", Err("failed")),
        ("", 301, "blue", Err("failed")),
        ("", 503, "blue", Err("failed")),
        ("at = \"/arm\"", 200, "{\"arm\":\"blue\"}", Ok("blue")),
        ("at = \"/arm\"", 200, "{\"arm\":true}", Ok("true")),
        ("at = \"/arm\"", 200, "{\"arm\":20}", Ok("20")),
        ("at = \"/arm\"", 200, "{\"arm\":-0.5}", Ok("-0.5")),
        ("at = \"/arm/1/x\"", 200, "{\"arm\":[0,{\"x\":[1, \"b\", {\"c\": null}]}]}", Ok("[1,\"b\",{\"c\":null}]")),
        ("at = \"\"", 200, "{ \"a\" : 1 }", Ok("{\"a\":1}")),
        ("at = \"/a~1b\"", 200, "{\"a/b\":\"c\"}", Ok("c")),
        ("at = \"/arm\"", 200, "{\"arm\":null}", Err("absent")),
        ("at = \"/arm\"", 200, "{\"arm\":\"\"}", Err("absent")),
        ("at = \"/arm\"", 200, "{}", Err("absent")),
        ("at = \"/arm\"", 200, "\"arm\"", Err("absent")),
        ("at = \"/arm\"", 200, "", Err("failed")),
        ("at = \"/arm\"", 200, "{\"arm\":\"blue\"", Err("failed")),
        ("at = \"/arm\"", 200, "<html>login", Err("failed")),
    ];
    for (more, status, body, expected) in cases {
        let seen = Http::see(&call(&format!("get = \"/pins\"\n{more}")), &answer(*status, body));
        let as_expected = match expected {
            Ok(text) => seen == value(text),
            Err("absent") => matches!(seen, Seen::Absent(_)),
            Err(_) => matches!(seen, Seen::Failed(_)),
        };
        assert!(as_expected, "{more} {status} {body}: {seen:?}");
    }
}

#[test]
fn bytes_that_are_no_text_and_values_that_would_be_cut_are_failures() {
    let get = call("get = \"/x\"");
    let odd =
        Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body: Body::whole(b"bl\xffue".to_vec()) });
    assert!(matches!(Http::see(&get, &odd), Seen::Failed(_)));
    assert!(matches!(Http::see(&get, &answer(200, &"x".repeat(4_000))), Seen::Value(_)));
    assert!(matches!(Http::see(&get, &answer(200, &"x".repeat(4_100))), Seen::Failed(_)));
    assert!(matches!(Http::see(&get, &answer(200, &"\n".repeat(3_000).replace('\n', "\u{202e}"))), Seen::Failed(_)));
}

#[test]
fn a_call_becomes_the_request_it_describes() {
    let ask = sent(
        "patch = \"/flags/${v}?x=${v}\"\nbody = '{\"to\":\"${v}\"}'\nheaders = { If-Match = '\"${v}\"' }",
        &vars("a b/c"),
    )
    .unwrap();
    assert_eq!(ask.method, "PATCH");
    assert_eq!(ask.url, "http://127.0.0.1:8080/api/flags/a%20b%2Fc?x=a%20b%2Fc");
    assert_eq!(ask.body.as_deref(), Some("{\"to\":\"a b/c\"}"));
    let headers = [("If-Match", "\"a b/c\""), ("Content-Type", "application/json")];
    assert_eq!(ask.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(sent("delete = \"/x\"", &Vars::new()).unwrap().headers, []);
    assert!(sent("post = \"/${unknown}\"", &Vars::new()).is_err());
    assert!(sent("get = \"/x\"\npost = \"/x\"", &Vars::new()).is_err());
}

#[test]
fn a_value_that_would_mean_more_than_itself_is_refused() {
    let refused = [
        ("get = \"/flags/${v}/off\"", ".."),
        ("get = \"/flags/${v}/off\"", "."),
        ("get = \"/flags/.${v}/off\"", "."),
        ("get = \"/flags/%2E${v}/off\"", "."),
        ("get = \"/flags/${v}/off\"", ""),
        ("post = \"/x\"\nbody = '{\"n\":${v}}'", "1"),
        ("post = \"/x\"\nbody = '{\"n\":1${v}}'", ",\"admin\":true"),
        ("post = \"/x\"\nbody = '<a>${v}</a>'\ncontent_type = \"text/xml\"", "<b/>"),
        ("post = \"/x\"\nbody = 'a: ${v}'\ncontent_type = \"text/plain\"", "1\nb: 2"),
        ("post = \"/x\"\nheaders = { X-To = '${v}' }", "a\r\nX-Admin: 1"),
    ];
    for (text, value) in refused {
        assert!(sent(text, &vars(value)).is_err(), "{text} with {value}");
    }
    assert_eq!(sent("get = \"/v${v}/x\"", &vars("1..2")).unwrap().url, "http://127.0.0.1:8080/api/v1..2/x");
}

#[test]
fn credentials_travel_as_references() {
    let cases = [
        (
            "basic = { user = \"ops\", password_env = \"P\" }",
            HttpAuth::Basic { user: "ops".into(), password: SecretRef::Env("P".into()) },
        ),
        ("bearer_file = \"/run/token\"", HttpAuth::Bearer(SecretRef::File("/run/token".into()))),
        (
            "header = { name = \"X-Api-Key\", value_env = \"K\" }",
            HttpAuth::Header { name: "X-Api-Key".into(), value: SecretRef::Env("K".into()) },
        ),
    ];
    for (text, auth) in cases {
        assert_eq!(Http::check_backend(&backend(text)), []);
        assert_eq!(send::auth(&backend(text)), Some(auth));
        assert_eq!(Http::secrets(&backend(text)).len(), 1);
    }
    assert_eq!(Http::secrets(&backend("")), []);
}

#[test]
fn faults_of_a_backend_are_found_each_by_its_key() {
    let cases: &[(&str, &[&str])] = &[
        ("basic = { user = \"ops\" }", &["basic"]),
        ("basic = { user = \"ops\", password_env = \"P\", password_file = \"/p\" }", &["basic.password_file"]),
        ("basic = { user = \"o:s\", password_env = \"hunter 2!\" }", &["basic.password_env", "basic.user"]),
        ("bearer_env = \"T\"\nbearer_file = \"token\"", &["bearer_file", "bearer_file"]),
        ("basic = { user = \"ops\", password_env = \"P\" }\nbearer_env = \"T\"", &["bearer_env"]),
        ("header = { name = \"X Key\", value_file = \"k\" }", &["header.value_file", "header.name"]),
        ("ca_file = \"ca.pem\"", &["ca_file", "ca_file"]),
    ];
    for (text, expected) in cases {
        assert_eq!(keys(&Http::check_backend(&backend(text))), *expected, "{text}");
    }
    let urls = [
        "ftp://x",
        "http://",
        "http://u:p@host/",
        "http://host:0",
        "http://host:99999",
        "http://a b",
        "http://h/?x=1",
        "http://h/#x",
        "http://${h}/",
        "host:80",
    ];
    for url in urls {
        let found = Http::check_backend(&Backend { url: url.to_owned(), ..backend("") });
        assert_eq!(keys(&found), ["url"], "{url}");
        assert!(!found[0].what.contains("u:p"), "a password was repeated");
    }
    for url in ["http://h", "https://h.example:8443/a/b", "http://[::1]:80/", "http://[::1]", "http://10.0.0.1"] {
        assert_eq!(Http::check_backend(&Backend { url: url.to_owned(), ..backend("") }), [], "{url}");
    }
}

#[test]
fn faults_of_a_call_are_found_each_by_its_key() {
    let cases: &[(Use, &str, &[&str])] = &[
        (Use::Act, "post = \"/x/${v}\"\nbody = '{\"a\":\"${v}\"}'\nok = 'a'\nrejected_statuses = [503]", &[]),
        (Use::Look, "get = \"/x?a=b\"\nat = \"/a\"", &[]),
        (Use::Look, "post = \"/_search\"\nbody = '{}'", &[]),
        (Use::Act, "", &[""]),
        (Use::Act, "post = \"/x\"\nput = \"/x\"", &["put"]),
        (Use::Act, "get = \"/x\"", &["get"]),
        (Use::Look, "delete = \"/x\"", &["delete"]),
        (Use::Look, "get = \"x\"", &["get"]),
        (Use::Look, "get = \"/a b\"", &["get"]),
        (Use::Look, "get = \"/a#b\"", &["get"]),
        (Use::Look, "get = \"/a/../b\"", &["get"]),
        (Use::Look, "get = \"/a/${v\"", &["get"]),
        (Use::Look, "get = \"/a/${}\"", &["get"]),
        (Use::Look, "get = \"/a\"\nbody = '{}'", &["body"]),
        (Use::Look, "get = \"/a\"\nat = \"arm\"", &["at"]),
        (Use::Look, "get = \"/a\"\nok = \"a\"\nrejected_statuses = [503]", &["ok", "rejected_statuses"]),
        (Use::Act, "post = \"/a\"\nat = \"/arm\"\nok = '('", &["at", "ok"]),
        (Use::Act, "post = \"/a\"\nrejected_statuses = [200]", &["rejected_statuses"]),
        (Use::Act, "post = \"/a\"\nbody = '{\"a\":${v}}'", &["body"]),
        (Use::Act, "post = \"/a\"\nbody = '{'", &["body"]),
        (Use::Act, "post = \"/a\"\nbody = '{'\ncontent_type = \"text/plain\"", &[]),
        (Use::Act, "post = \"/a\"\ncontent_type = \"text/plain\"", &["content_type"]),
        (
            Use::Act,
            "post = \"/a\"\nheaders = { Authorization = \"Bearer x\", 'a b' = \"c\" }",
            &["headers.Authorization", "headers.a b"],
        ),
    ];
    for (r#use, text, expected) in cases {
        assert_eq!(keys(&Http::check_call(&call(text), *r#use)), *expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_value_breaks_out_of_a_path(value in any::<String>()) {
        if let Ok(ask) = sent("get = \"/a/${v}/b?c=${v}\"", &vars(&value)) {
            let rest = ask.url.strip_prefix("http://127.0.0.1:8080/api/a/").unwrap();
            let (path, query) = rest.split_once('?').unwrap();
            let inside = path.strip_suffix("/b").unwrap();
            for part in [inside, query.strip_prefix("c=").unwrap()] {
                prop_assert!(part.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%".contains(c)), "{}", part);
            }
        }
    }

    #[test]
    fn no_value_breaks_out_of_a_json_body(value in any::<String>()) {
        let ask = sent("post = \"/x\"\nbody = '{\"to\":\"<${v}>\",\"n\":1}'", &vars(&value)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&ask.body.unwrap()).unwrap();
        prop_assert_eq!(json, serde_json::json!({ "to": format!("<{value}>"), "n": 1 }));
    }

    #[test]
    fn no_value_breaks_out_of_a_form(value in any::<String>()) {
        let ask = sent("post = \"/x\"\nbody = 'a=${v}&b=1'\ncontent_type = \"application/x-www-form-urlencoded\"", &vars(&value)).unwrap();
        prop_assert_eq!(ask.body.unwrap().split(['&', '=']).count(), 4);
    }
}
