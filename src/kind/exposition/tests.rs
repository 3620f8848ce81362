//! Claims about the kind `exposition`. The page follows the format's own documentation.

use super::*;
use crate::kind::{Body, HttpAuth};
use proptest::prelude::*;

const NOW_MS: i64 = 1_795_230_720_000;

const PAGE: &str = r#"# HELP rag_coverage Share of answers with a source.
# TYPE rag_coverage gauge
rag_coverage{arm="green",pack="v7"} 0.41
rag_coverage{arm="blue",pack="v6",} 0.97 1795230700250

# a comment
http_requests_total{method="post",code="200"} 1027 1795230715000
http_requests_total { method = "post" , code = "400" }    3 1795230712000
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
odd{path="a,b={c} d"} 7
metric_without_timestamp_and_labels 12.47
up 1
slo:lag:max NaN
something_weird{problem="division by zero"} +Inf -3982045
lag_seconds_bucket{le="+Inf"} 144320
lag_seconds_bucket{le="0.05"} 24054
"#;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"app\"\n{text}")).unwrap()
}

fn backend(more: &str) -> Backend {
    toml::from_str(&format!("url = \"http://127.0.0.1:9100/\"\n{more}")).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn answer(status: u16, body: Body) -> Result<Answer, Fault> {
    Ok(Answer::Http { status, location: None, retry_after_s: None, body })
}

fn read(text: &str, page: &str) -> Reading {
    Exposition::read(&call(text), &answer(200, Body::whole(page)), NOW_MS)
}

#[test]
fn the_one_series_that_is_meant_is_read() {
    let cases = [
        ("metric = \"rag_coverage\"\nlabels = { arm = \"green\" }", 0.41, NOW_MS),
        ("metric = \"rag_coverage\"\nlabels = { pack = \"v6\" }", 0.97, 1_795_230_700_250),
        ("metric = \"http_requests_total\"\nlabels = { code = \"400\" }", 3.0, 1_795_230_712_000),
        ("metric = \"http_requests_total\"\nsum = true", 1030.0, 1_795_230_712_000),
        ("metric = \"rag_coverage\"\nlabels = { arm = \"green\" }\nsum = true", 0.41, NOW_MS),
        (
            "metric = \"msdos_file_access_time_seconds\"\nlabels = { path = 'C:\\DIR\\FILE.TXT' }",
            1.458_255_915e9,
            NOW_MS,
        ),
        ("metric = \"odd\"\nlabels = { path = \"a,b={c} d\" }", 7.0, NOW_MS),
        ("metric = \"metric_without_timestamp_and_labels\"", 12.47, NOW_MS),
        // A label that must be empty is one that is not there.
        ("metric = \"up\"\nlabels = { arm = \"\" }", 1.0, NOW_MS),
        ("metric = \"lag_seconds_bucket\"\nlabels = { le = \"0.05\" }", 24054.0, NOW_MS),
    ];
    for (text, value, sampled_ms) in cases {
        assert_eq!(read(text, PAGE), Reading::Value { value, sampled_ms }, "{text}");
    }
    let look = |text: &str| Exposition::see(&call(text), &answer(200, Body::whole(PAGE)));
    assert_eq!(look("metric = \"metric_without_timestamp_and_labels\""), Seen::Value("12.47".into()));
    assert_eq!(look("metric = \"http_requests_total\"\nsum = true"), Seen::Value("1030".into()));
}

#[test]
fn what_is_not_there_is_no_data_and_what_is_many_is_an_error() {
    for text in ["metric = \"down\"", "metric = \"up\"\nlabels = { arm = \"x\" }", "metric = \"slo:lag:max\""] {
        assert!(matches!(read(text, PAGE), Reading::NoData(_)), "{text}");
    }
    assert!(matches!(read("metric = \"up\"", ""), Reading::NoData(_)));
    let errors = [
        ("metric = \"rag_coverage\"", PAGE, "the page has 2 series rag_coverage; name more `labels`"),
        ("metric = \"something_weird\"", PAGE, "infinite (+Inf)"),
        ("metric = \"up\"", "up 1\n<html>Log in</html>\n", "line 2 of the page is no sample: <html>Log in</html>"),
        ("metric = \"up\"", "up\n", "line 1 of the page is no sample"),
        ("metric = \"up\"", "up 1 2 3\n", "is no sample"),
        ("metric = \"up\"", "up{a=b} 1\n", "labels that cannot be read"),
        ("metric = \"up\"", "up{a=\"b\" c=\"d\"} 1\n", "labels that cannot be read"),
        ("metric = \"up\"", "up 1m\n", "value that is no number"),
        ("metric = \"up\"", "up 1 now\n", "time that is none"),
        ("metric = \"up\"", "up 1 1e99\n", "time that is none"),
        ("metric = \"up\"", "up 1e16\n", "beyond 1e15"),
    ];
    for (text, page, said) in errors {
        match read(text, page) {
            Reading::Error(why) => assert!(why.as_str().contains(said), "{why} does not say {said}"),
            other => panic!("{page}: {other:?}"),
        }
    }
}

#[test]
fn the_times_of_open_metrics_are_seconds() {
    let page = "lag 3 1795230700.25 # {trace_id=\"x\"} 0.6\n# EOF\n";
    assert_eq!(read("metric = \"lag\"", page), Reading::Value { value: 3.0, sampled_ms: 1_795_230_700_250 });
    let text = "lag 3 1795230700250\n";
    assert_eq!(read("metric = \"lag\"", text), Reading::Value { value: 3.0, sampled_ms: 1_795_230_700_250 });
}

#[test]
fn only_a_whole_page_is_believed() {
    let up = call("metric = \"up\"");
    let cut = Body { bytes: b"up 1\n".to_vec(), truncated: true };
    let cases = [
        answer(503, Body::whole("up 1")),
        answer(302, Body::whole("up 1")),
        answer(200, cut),
        answer(200, Body::whole(b"up 1\xff".to_vec())),
        Ok(Answer::Line(Body::whole("up 1"))),
        Err(Fault::Lost("reset".into())),
    ];
    for result in cases {
        assert!(matches!(Exposition::see(&up, &result), Seen::Failed(_)), "{result:?}");
        assert!(matches!(Exposition::read(&up, &result, NOW_MS), Reading::Error(_)), "{result:?}");
    }
}

#[test]
fn a_page_is_asked_for_with_the_backends_credential_and_never_by_a_lever() {
    let at = backend("bearer_env = \"TOKEN\"");
    let encode = |text: &str| Exposition::encode(&at, &call(text), Use::Look, &Vars::new());
    let Exchange::Http(ask) = encode("metric = \"up\"").unwrap() else { panic!("not http") };
    assert_eq!((ask.method.as_str(), ask.url.as_str()), ("GET", "http://127.0.0.1:9100/metrics"));
    assert_eq!(ask.auth, Some(HttpAuth::Bearer(SecretRef::Env("TOKEN".to_owned()))));
    let Exchange::Http(ask) = encode("metric = \"up\"\nget = \"/-/stats?all=1\"").unwrap() else { panic!("not http") };
    assert_eq!(ask.url, "http://127.0.0.1:9100/-/stats?all=1");
    assert!(Exposition::encode(&at, &call("metric = \"up\""), Use::Act, &Vars::new()).is_err());
}

#[test]
fn faults_are_found() {
    let cases: &[(Use, &str, &[&str])] = &[
        (Use::Look, "metric = \"a:b_c1\"\nlabels = { arm = \"x\" }\nsum = true", &[]),
        (Use::Look, "metric = \"up{arm=\\\"x\\\"}\"", &["metric"]),
        (Use::Look, "metric = \"1up\"", &["metric"]),
        (Use::Look, "metric = \"up\"\nget = \"metrics\"", &["get"]),
        (Use::Look, "metric = \"up\"\nget = \"/${v}\"", &["get"]),
        (Use::Look, "metric = \"up\"\nlabels = { \"a:b\" = \"x\" }", &["labels.a:b"]),
        (Use::Act, "metric = \"up\"", &[""]),
    ];
    for (r#use, text, expected) in cases {
        let found = Exposition::check_call(&call(text), *r#use);
        assert_eq!(found.iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(), *expected, "{text}");
    }
    assert_eq!(Exposition::check_backend(&Backend { url: "app".to_owned(), ..backend("") }).len(), 1);
}

proptest! {
    #[test]
    fn every_label_is_told_from_every_other(wanted in any::<String>(), other in any::<String>(), value in -1e6..1e6_f64) {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        // What ends a line for a reader of lines cannot stand in a label.
        prop_assume!(wanted != other && !format!("{wanted}{other}").contains('\r') && !wanted.is_empty());
        let page = format!("m{{a=\"{}\"}} 1\nm{{b=\"x\",a=\"{}\"}} {value}\n", escape(&other), escape(&wanted));
        let call = Call { labels: [("a".to_owned(), wanted)].into(), ..call("metric = \"m\"") };
        let read = Exposition::read(&call, &answer(200, Body::whole(page)), NOW_MS);
        prop_assert_eq!(read, Reading::Value { value, sampled_ms: NOW_MS });
    }

    #[test]
    fn no_page_makes_it_panic(page in "[a-z{}\"\\\\=,# 0-9.\n]{0,60}") {
        let _ = read("metric = \"a\"", &page);
    }
}
