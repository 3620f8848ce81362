//! Claims about the kind `prometheus`.

use super::*;
use crate::kind::{Body, HttpAsk, Reading};
use proptest::prelude::*;

fn backend() -> Backend {
    toml::from_str("url = \"http://127.0.0.1:9090/\"\nbasic = { user = \"ops\", password_env = \"PROM_PASS\" }")
        .unwrap()
}

fn call(query: &str, fresh: Option<&str>) -> Call {
    Call { backend: "prom".to_owned(), query: query.to_owned(), fresh: fresh.map(str::to_owned) }
}

fn http_ask(exchange: Exchange) -> HttpAsk {
    match exchange {
        Exchange::Http(ask) => ask,
        other => panic!("not http: {other:?}"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn answer(status: u16, body: &str) -> Result<Answer, Fault> {
    Ok(Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(body) })
}

fn vector(series: &[(&str, &str)]) -> Result<Answer, Fault> {
    let one = |(label, value): &(&str, &str)| serde_json::json!({ "metric": { "__name__": "x", "goaround": label }, "value": [1_795_235_231.4, value] });
    let result: Vec<_> = series.iter().map(one).collect();
    let body = serde_json::json!({ "status": "success", "data": { "resultType": "vector", "result": result } });
    answer(200, &body.to_string())
}

/// The metrics of the first playbook, as they are flown.
fn flown() -> Vec<(String, Call)> {
    let playbook: toml::Table = toml::from_str(include_str!("../../../fixtures/playbooks/docs-rag.toml")).unwrap();
    let metrics = playbook["metrics"].as_table().unwrap();
    let call = |metric: &toml::Value| metric["prometheus"].clone().try_into().unwrap();
    metrics.iter().map(|(id, metric)| (id.clone(), call(metric))).collect()
}

fn named(calls: &[(String, Call)]) -> Vec<Named<'_>> {
    calls.iter().map(|(id, call)| (id.as_str(), call)).collect()
}

#[test]
fn the_time_of_the_newest_sample_follows_only_from_a_bare_selector() {
    let bare = [
        "up",
        " up ",
        "ns:rate5m",
        "up{}",
        "up {a=\"b\"}",
        "x{a=~\"}b{,(\",c='\\'}'}",
        "{__name__=\"up\"}",
        "x{a=`\\`}",
    ];
    for query in bare {
        assert_eq!(default_fresh(&call(query, None)), Some(format!("timestamp({})", query.trim())), "{query}");
    }
    let not = [
        "",
        "up[5m]",
        "sum(up)",
        "up + 1",
        "up offset 5m",
        "up{a=\"b\"} offset 5m",
        "up{a=\"b\"} or x{}",
        "1",
        "1e5",
        "inf",
        "NaN",
        "(up)",
        "up{a=\"b\"",
        "up}",
        "time()",
        "5m",
    ];
    for query in not {
        assert_eq!(default_fresh(&call(query, None)), None, "{query}");
    }
}

#[test]
fn a_lever_cannot_ask_prometheus() {
    assert!(!Prometheus::check_call(&call("up", None), Use::Act).is_empty());
    assert!(Prometheus::encode(&backend(), &call("up", None), Use::Act, &Vars::new()).is_err());
    assert_eq!(Prometheus::check_call(&call("up", Some("timestamp(up)")), Use::Look), []);
}

#[test]
fn a_query_that_reaches_out_of_its_place_is_refused() {
    let reaching = [
        "",
        "  # nothing",
        "up # a\r)",
        "\"text\"",
        "up)",
        "sum(up",
        "up, up",
        "up{a=\"b}",
        "a] or [b",
        "up;",
        "'",
        "(]",
    ];
    for query in reaching {
        assert_eq!(Prometheus::check_call(&call(query, None), Use::Look).len(), 1, "{query}");
        assert!(batch(&backend(), &[("m", &call(query, None))], None).is_err(), "{query}");
    }
    for id in ["", "a\"b", "a$1", "a@", "a b"] {
        assert!(batch(&backend(), &[(id, &call("up", None))], None).is_err(), "{id}");
    }
    assert!(batch(&backend(), &[], None).is_err());
}

#[test]
fn a_value_in_a_query_is_only_a_word() {
    let hole = call("up{arm=\"${arm}\"}", None);
    let with = |value: &str| Vars::from([("arm".to_owned(), value.to_owned())]);
    let ask = http_ask(Prometheus::encode(&backend(), &hole, Use::Look, &with("blue-1")).unwrap());
    assert_eq!(query_of(&ask).unwrap(), "up{arm=\"blue-1\"}");
    assert_eq!(ask.url, "http://127.0.0.1:9090/api/v1/query?query=up%7Barm%3D%22blue-1%22%7D");
    for value in ["\"} or up{a=\"", "a\\", "a\nb", "a b", "a,b"] {
        assert!(Prometheus::encode(&backend(), &hole, Use::Look, &with(value)).is_err(), "{value}");
    }
}

#[test]
fn a_batch_travels_in_the_address_while_it_is_short_and_in_the_body_when_it_is_long() {
    let up = call("up", None);
    let short = http_ask(batch(&backend(), &[("m", &up)], Some(1_700_000_000_042)).unwrap());
    assert_eq!((short.method.as_str(), &short.body, short.headers.len()), ("GET", &None, 0));
    assert!(short.url.ends_with("&time=1700000000.042"), "{}", short.url);
    assert!(short.auth.is_some());
    let wide = call(&format!("up{{a=\"{}\"}}", "x".repeat(7_000)), None);
    let long = http_ask(batch(&backend(), &[("m", &wide)], Some(1_700_000_000_042)).unwrap());
    assert_eq!((long.method.as_str(), long.url.as_str()), ("POST", "http://127.0.0.1:9090/api/v1/query"));
    assert_eq!(long.headers, [("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())]);
    assert_eq!(parts(&query_of(&long).unwrap())[0], ("m".to_owned(), wide.query.clone()));
}

#[test]
fn the_flown_metrics_come_back_out_of_their_batch() {
    let calls = flown();
    let ask = http_ask(batch(&backend(), &named(&calls), None).unwrap());
    let expected: Vec<(String, String)> = calls
        .iter()
        .flat_map(|(id, call)| [(id.clone(), call.query.clone()), (format!("{id}@"), call.fresh.clone().unwrap())])
        .collect();
    assert_eq!(parts(&query_of(&ask).unwrap()), expected);
}

#[test]
fn a_scalar_is_made_a_series_and_nothing_else_is() {
    let scalars =
        ["1", "time()", "-time() + 3.5e2", "scalar(sum(up{a=\"b)\"})) / 2", "(1 > bool 2)", "pi ( ) * Inf", "0x1F"];
    let others = ["up", "sum(up)", "time() - timestamp(up)", "vector(1)", "up * 2", "timer()", "1 + up", "scalar"];
    for (queries, wrapped) in [(&scalars[..], true), (&others[..], false)] {
        for query in queries {
            let ask = http_ask(batch(&backend(), &[("m", &call(query, Some("time()")))], None).unwrap());
            let text = query_of(&ask).unwrap();
            assert_eq!(text.starts_with("label_replace(vector("), wrapped, "{query}");
            assert_eq!(parts(&text), [("m".to_owned(), (*query).to_owned()), ("m@".to_owned(), "time()".to_owned())]);
        }
    }
}

#[test]
fn a_query_that_is_no_batch_is_one_part_without_a_label() {
    for query in ["up", "label_replace(up, \"goaround\", \"a\", \"\", \"\")", "label_replace(\nup\n", ""] {
        assert_eq!(parts(query), [(String::new(), query.to_owned())]);
    }
}

/// Series as label and value, and the reading they make or the sentence for its lack.
type Case<'a> = (&'a [(&'a str, &'a str)], Result<Reading, &'a str>);

#[test]
fn every_shape_of_a_reading_is_told_apart() {
    let value = |value| Reading::Value { value, sampled_ms: 1_795_235_230_500 };
    let when = ("m@", "1795235230.5");
    let cases: &[Case<'_>] = &[
        (&[("m", "0.25"), when], Ok(value(0.25))),
        (&[("m", "-3"), when], Ok(value(-3.0))),
        (&[("m", "1e+15"), when], Ok(value(1e15))),
        (&[when], Err("NODATA the query answered nothing")),
        (&[], Err("NODATA the query answered nothing")),
        (&[("m", "NaN"), when], Err("NODATA the query answered NaN")),
        (&[("m", "1")], Err("NODATA no time of the newest sample was answered (`fresh`)")),
        (&[("m", "1"), ("m@", "NaN")], Err("NODATA `fresh` answered NaN")),
        (&[("m", "+Inf"), when], Err("ERROR the query answered +Inf, which is infinite")),
        (&[("m", "-Inf"), when], Err("ERROR the query answered -Inf, which is infinite")),
        (&[("m", "1e308"), when], Err("ERROR the value 1e308 is beyond 1e15")),
        (&[("m", "-1.1e15"), when], Err("ERROR the value -1.1e15 is beyond 1e15")),
        (&[("m", "one"), when], Err("ERROR the query answered one, which is no number")),
        (&[("m", "1"), ("m", "2"), when], Err("ERROR the query answered 2 series; aggregate it")),
        (&[("m", "1"), when, when], Err("ERROR `fresh` answered 2 series; aggregate it")),
        (
            &[("m", "1"), ("m@", "1795235230500")],
            Err("ERROR `fresh` answered 1795235230500, which is no time in seconds since 1970"),
        ),
        (&[("m", "1"), ("m@", "0")], Err("ERROR `fresh` answered 0, which is no time in seconds since 1970")),
        (&[("m", "1"), ("m@", "-5")], Err("ERROR `fresh` answered -5, which is no time in seconds since 1970")),
    ];
    let asked = call("sum(up)", Some("max(timestamp(up))"));
    for (series, expected) in cases {
        let got = readings(&[("m", &asked)], &vector(series)).unwrap().remove(0);
        let got = match &got {
            Reading::Value { .. } => Ok(got),
            Reading::NoData(why) => Err(format!("NODATA {why}")),
            Reading::Error(why) => Err(format!("ERROR {why}")),
        };
        assert_eq!(got.as_ref().map_err(String::as_str), expected.as_ref().map_err(|why| *why), "{series:?}");
    }
}

#[test]
fn a_value_without_a_way_to_know_its_age_is_no_data() {
    let got = readings(&[("m", &call("sum(up)", None))], &vector(&[("m", "1")])).unwrap();
    assert!(matches!(&got[..], [Reading::NoData(why)] if why.as_str().contains("write `fresh`")), "{got:?}");
}

#[test]
fn each_reading_of_a_batch_is_its_own() {
    let (a, b, c) = (call("sum(a)", Some("time()")), call("b", None), call("c", None));
    let calls = [("a", &a), ("b", &b), ("c", &c)];
    let got =
        readings(&calls, &vector(&[("b@", "20"), ("c", "NaN"), ("b", "2"), ("c@", "30"), ("a", "+Inf")])).unwrap();
    assert!(matches!(got[0], Reading::Error(_)));
    assert_eq!(got[1], Reading::Value { value: 2.0, sampled_ms: 20_000 });
    assert!(matches!(got[2], Reading::NoData(_)));
}

#[test]
fn a_failed_batch_fails_whole_with_the_servers_own_words() {
    let parse = r#"{"status":"error","errorType":"bad_data","error":"1:34: parse error: unexpected"}"#;
    let warned = r#"{"status":"success","warnings":["store is down"],"data":{"resultType":"vector","result":[]}}"#;
    let matrix = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
    let cases = [
        (answer(400, parse), "HTTP 400: 1:34: parse error"),
        (answer(422, r#"{"status":"error","error":"many-to-many"}"#), "HTTP 422: many-to-many"),
        (answer(503, r#"{"status":"error","error":"query timed out"}"#), "HTTP 503: query timed out"),
        (answer(200, r#"{"status":"error"}"#), "it gave no reason"),
        (answer(401, "Unauthorized"), "HTTP 401: Unauthorized"),
        (answer(302, ""), "HTTP 302"),
        (answer(200, "<!doctype html><title>Log in</title>"), "no answer of Prometheus"),
        (answer(200, ""), "no answer of Prometheus"),
        (answer(200, warned), "store is down"),
        (answer(200, matrix), "range of samples"),
        (answer(200, r#"{"status":"success"}"#), "no data"),
        (
            answer(200, r#"{"status":"success","data":{"resultType":"vector","result":[{"value":["x"]}]}}"#),
            "cannot be read",
        ),
        (Ok(Answer::File(Body::whole("1").into())), "another kind"),
        (Err(Fault::Lost("reset".into())), "no answer: reset"),
    ];
    for (result, said) in cases {
        let why = readings(&[("m", &call("up", None))], &result).unwrap_err();
        assert!(why.contains(said), "{why} does not say {said}");
        assert!(matches!(Prometheus::see(&call("up", None), &result), Seen::Failed(_)), "{said}");
    }
    let cut = Body { bytes: b"{\"status\":\"success\"".to_vec(), truncated: true };
    let cut = Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body: cut });
    assert!(readings(&[("m", &call("up", None))], &cut).unwrap_err().contains("longer than"));
}

#[test]
fn a_query_asked_alone_is_never_fresh() {
    let up = call("up", None);
    let read = |result| Prometheus::read(&up, &result, 7);
    assert!(matches!(read(vector(&[("", "1")])), Reading::NoData(why) if why.as_str().contains("newest sample")));
    assert!(matches!(read(vector(&[])), Reading::NoData(_)));
    assert!(matches!(read(answer(401, "Unauthorized")), Reading::Error(_)));
}

#[test]
fn a_look_sees_one_value_as_the_server_wrote_it() {
    let scalar = answer(200, r#"{"status":"success","data":{"resultType":"scalar","result":[1795235231.4,"42"]}}"#);
    let text = answer(200, r#"{"status":"success","data":{"resultType":"string","result":[1795235231.4,"hello"]}}"#);
    let histogram = answer(
        200,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1"}]}]}}"#,
    );
    let up = call("up", None);
    assert_eq!(Prometheus::see(&up, &vector(&[("", "0.750")])), Seen::Value("0.750".into()));
    assert_eq!(Prometheus::see(&up, &scalar), Seen::Value("42".into()));
    assert_eq!(Prometheus::see(&up, &text), Seen::Value("hello".into()));
    assert!(matches!(Prometheus::see(&up, &vector(&[])), Seen::Absent(_)));
    assert!(matches!(Prometheus::see(&up, &vector(&[("", "NaN")])), Seen::Absent(_)));
    assert!(matches!(Prometheus::see(&up, &vector(&[("", "+Inf")])), Seen::Failed(_)));
    assert!(matches!(Prometheus::see(&up, &vector(&[("", "1"), ("b", "1")])), Seen::Failed(_)));
    assert!(matches!(Prometheus::see(&up, &histogram), Seen::Failed(_)));
}

/// Texts that look like queries, among them strings and comments that hold our own separators.
fn queries() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("up".to_owned()),
        Just("sum(up{a=\"b\"})".to_owned()),
        Just("time()".to_owned()),
        Just("vector(\n1\n)".to_owned()),
        Just("\"\\n, \\\"goaround\\\", \\\"m\\\", \\\"\\\", \\\"\\\")\"".to_owned()),
        Just("label_replace(\nup\n, \"goaround\", \"m\", \"\", \"\")".to_owned()),
        Just("`\n, \"goaround\", \"m\", \"\", \"\")\nor label_replace(\n`".to_owned()),
        Just("\nor ".to_owned()),
        Just("# a comment \", ) } '\n".to_owned()),
        Just("# at the end".to_owned()),
        "[ -~\\n\\r\u{e9}\u{1f600}]{0,6}",
    ];
    prop::collection::vec(pieces, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn parts_are_exactly_what_was_batched(texts in prop::collection::vec((queries(), prop::option::of(queries())), 1..5)) {
        let sound = |text: &String| promql::unsound(text).is_none();
        let texts = texts.into_iter().filter(|(query, fresh)| sound(query) && fresh.iter().all(sound));
        let calls: Vec<(String, Call)> = texts.enumerate().map(|(n, (query, fresh))| (format!("m-{n}"), call(&query, fresh.as_deref()))).collect();
        prop_assume!(!calls.is_empty());
        let expected: Vec<(String, String)> = calls.iter().flat_map(|(id, call)| {
            let fresh = call.fresh.clone().or_else(|| default_fresh(call));
            std::iter::once((id.clone(), call.query.clone())).chain(fresh.map(|fresh| (format!("{id}@"), fresh)))
        }).collect();
        let ask = http_ask(batch(&backend(), &named(&calls), None).unwrap());
        prop_assert_eq!(parts(&query_of(&ask).unwrap()), expected);
    }

    #[test]
    fn no_text_makes_the_batch_panic_or_reach_out(text in "\\PC{0,40}") {
        if let Ok(exchange) = batch(&backend(), &[("m", &call(&text, Some("time()")))], None) {
            let ask = http_ask(exchange);
            let foreign = |c: char| !c.is_ascii_graphic();
            prop_assert!(!ask.url.contains(foreign));
            prop_assert_eq!(parts(&query_of(&ask).unwrap()).len(), 2);
        }
    }
}
