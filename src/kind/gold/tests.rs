//! Claims about gold questions: what is asked, what counts as an answer, and what no verdict is invented for.

use super::*;
use crate::kind::{Body, HttpMany, Timed};
use proptest::prelude::*;

/// A checked backend of three questions with one paraphrase each, and its call for one number.
fn written(more: &str) -> Box<Backend> {
    let text = format!(
        r#"
url = "http://docs.test"
{more}
[[questions]]
question = "How do I reset it?"
paraphrases = ["Ways of resetting"]
expected = {{ ids = ["a"] }}
anchor = [1.0, 0.0]
[[questions]]
question = "What does it cost?"
paraphrases = ["Its price"]
expected = {{ section = "billing" }}
anchor = [1.0, 0.0]
[[questions]]
question = "Who may see it?"
paraphrases = ["Access rights"]
expected = {{ ids = ["c", "d"] }}
anchor = [1.0, 0.0]
"#
    );
    toml::from_str(&text).unwrap()
}

fn sound(more: &str) -> Box<Backend> {
    let backend = written(&format!("post = \"/retrieve\"\n{more}"));
    assert_eq!(check::check_backend(&backend), []);
    backend
}

fn call(backend: &Backend, show: &str) -> Call {
    Call { backend: "docs".into(), show: show.into(), run: Some(Arc::new(backend.clone())) }
}

fn asks(backend: &Backend) -> HttpMany {
    match Gold::encode(&Box::new(backend.clone()), &call(backend, "coverage"), Use::Look, &Vars::new()).unwrap() {
        Exchange::HttpMany(many) => many,
        other => panic!("not many: {other:?}"),
    }
}

fn http(status: u16, body: &str) -> Timed {
    let answer = Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(body) };
    Timed { took_ms: 10, result: Ok(answer) }
}

/// Sound answers to all six wordings: everything is covered, nothing flips.
fn sound_answers() -> Vec<Timed> {
    let hit =
        |id: &str, section: &str| format!(r#"{{"id":"{id}","section":"{section}","score":0.75,"vector":[0.6,0.8]}}"#);
    let list = |hits: &[String]| http(200, &format!(r#"{{"results":[{}]}}"#, hits.join(",")));
    let (a, b) = (list(&[hit("a", "reset")]), list(&[hit("b", "billing")]));
    let c = list(&[hit("c", "rights"), hit("d", "rights")]);
    [a, b, c].into_iter().flat_map(|answer| [answer.clone(), answer]).collect()
}

fn reads(backend: &Backend, show: &str, answers: Vec<Timed>) -> Reading {
    Gold::read(&call(backend, show), &Ok(Answer::HttpMany(answers)), 7)
}

#[track_caller]
fn value(reading: &Reading) -> f64 {
    match reading {
        Reading::Value { value, sampled_ms: 7 } => *value,
        other => panic!("no value: {other:?}"),
    }
}

#[track_caller]
fn nodata(reading: &Reading) -> &str {
    match reading {
        Reading::NoData(why) => why.as_str(),
        other => panic!("not no data: {other:?}"),
    }
}

#[track_caller]
fn error(reading: &Reading) -> &str {
    match reading {
        Reading::Error(why) => why.as_str(),
        other => panic!("no error: {other:?}"),
    }
}

/// Sound answers but for one.
fn with(place: usize, answer: Timed) -> Vec<Timed> {
    let mut answers = sound_answers();
    answers[place] = answer;
    answers
}

#[test]
fn every_wording_is_asked_with_every_seed_and_escaped_for_its_place() {
    let body = r#"body = '{"q":"${question}","seed":${seed}}'"#;
    let many = asks(&sound(&format!("{body}\nseeds = [1, 2]\nat_once = 8\neach_ms = 500")));
    assert_eq!((many.asks.len(), many.at_once, many.each_ms), (12, 8, 500));
    let first: Vec<_> = many.asks.iter().take(3).map(|ask| ask.body.as_deref().unwrap()).collect();
    let expected = [
        r#"{"q":"How do I reset it?","seed":1}"#,
        r#"{"q":"How do I reset it?","seed":2}"#,
        r#"{"q":"Ways of resetting","seed":1}"#,
    ];
    assert_eq!(first, expected);
    let path = written("get = \"/find?q=${question}\"");
    assert_eq!(asks(&path).asks[0].url, "http://docs.test/find?q=How%20do%20I%20reset%20it%3F");
}

#[test]
fn forty_questions_with_three_paraphrases_and_two_seeds_are_a_run_and_more_are_refused() {
    let question = |place: usize| Question {
        question: format!("question {place}"),
        paraphrases: (0..3).map(|way| format!("way {way} of {place}")).collect(),
        expected: Expected { ids: vec![place.to_string()], section: None },
        anchor: Some(Anchor::Text(format!("anchor {place}"))),
    };
    let mut backend =
        sound("seeds = [1, 2]\nbody = '{\"q\":\"${question}\",\"s\":${seed}}'\nembed = { post = \"/embed\" }");
    backend.questions = (0..40).map(question).collect();
    assert_eq!(check::check_backend(&backend), []);
    assert_eq!(asks(&backend).asks.len(), 40 * 4 * 2 + 40 * 4 + 40);
    backend.questions.push(question(40));
    let [fault] = &check::check_backend(&backend)[..] else { panic!("one fault") };
    assert_eq!(fault.what, "needs 533 requests a run, and 520 are the most");
}

#[test]
fn one_run_says_coverage_nearness_flips_and_times() {
    let backend = sound("");
    let reads = |show: &str| reads(&backend, show, sound_answers());
    assert!((value(&reads("coverage")) - 1.0).abs() < 1e-12);
    assert!((value(&reads("ds_question")) - 0.25).abs() < 1e-12, "1 - 0.75, the score");
    assert!((value(&reads("ds_anchor")) - 0.4).abs() < 1e-12, "1 - 0.6, the vectors");
    assert!(value(&reads("lambda")).abs() < 1e-12);
    assert!((value(&reads("p95")) - 10.0).abs() < 1e-12);
    assert_eq!(nodata(&reads("rerank_p95")), "no time is at /timings/rerank_ms");
}

#[test]
fn another_best_hit_is_a_flip_and_fewer_ids_are_less_coverage() {
    let backend = sound("");
    let other = http(200, r#"{"results":[{"id":"z","score":0.1}]}"#);
    let flipped = with(1, other);
    assert!((value(&reads(&backend, "lambda", flipped.clone())) - 1.0 / 3.0).abs() < 1e-12);
    assert!((value(&reads(&backend, "coverage", flipped)) - 1.0).abs() < 1e-12, "a paraphrase is not the question");
    let half = with(4, http(200, r#"{"results":[{"id":"c","score":0.9}]}"#));
    assert!(
        (value(&reads(&backend, "coverage", half)) - 2.0 / 3.0).abs() < 1e-12,
        "c without d is not what is expected"
    );
    let nothing = with(0, http(200, r#"{"results":[]}"#));
    assert!((value(&reads(&backend, "coverage", nothing.clone())) - 2.0 / 3.0).abs() < 1e-12);
    let why = "5 of 6 answers can be used; nothing was retrieved";
    assert_eq!(nodata(&reads(&backend, "ds_question", nothing)), why);
}

#[test]
fn a_part_is_no_verdict_unless_at_least_says_so() {
    let failing = || with(0, http(503, "busy"));
    let why = "2 of 3 answers can be used; question 1 (`How do I reset it?`): HTTP 503: busy";
    assert_eq!(nodata(&reads(&sound(""), "coverage", failing())), why);
    let lenient = sound("at_least = 0.6");
    assert!((value(&reads(&lenient, "coverage", failing())) - 1.0).abs() < 1e-12);
    assert!(nodata(&reads(&sound("at_least = 0.7"), "coverage", failing())).starts_with("2 of 3"));
    let none: Vec<_> = (0..6).map(|_| http(503, "busy")).collect();
    assert!(error(&reads(&lenient, "coverage", none)).ends_with("HTTP 503: busy"));
    let short = sound_answers().into_iter().take(5).collect();
    assert!(nodata(&reads(&sound(""), "p50", short)).contains("there is no answer to it"));
}

#[test]
fn what_cannot_be_an_answer_gives_no_verdict_and_says_what_came() {
    let cases = [
        ("<!DOCTYPE html><p>Sign in</p>", "the body is a web page, perhaps a login"),
        ("{\"results\":", "no JSON ("),
        ("{\"answer\":42}", "nothing is at /results: {\"answer\":42}"),
        ("{\"results\":{}}", "what is at /results is no list"),
        ("{\"results\":[{\"score\":0.5}]}", "hit 1 has neither an id at /id nor a section at /section"),
    ];
    for (body, why) in cases {
        let answers: Vec<_> = (0..6).map(|_| http(200, body)).collect();
        for show in ["coverage", "ds_question", "lambda", "p95"] {
            let reading = reads(&sound(""), show, answers.clone());
            assert!(error(&reading).contains(why), "{show}: {reading:?}");
        }
        assert!(matches!(Gold::see(&call(&sound(""), "all"), &Ok(Answer::HttpMany(answers))), Seen::Failed(_)));
    }
}

#[test]
fn a_score_or_a_vector_that_cannot_be_gives_no_nearness() {
    let hit = |rest: &str| http(200, &format!("{{\"results\":[{{\"id\":\"a\"{rest}}}]}}"));
    let all = |rest: &str| (0..6).map(|_| hit(rest)).collect::<Vec<_>>();
    let backend = sound("");
    assert!(nodata(&reads(&backend, "ds_question", all(""))).contains("no score at /score"));
    assert!(error(&reads(&backend, "ds_question", all(",\"score\":17.3"))).contains("17.3 at /score is no cosine"));
    assert!(error(&reads(&backend, "ds_question", all(",\"score\":\"high\""))).contains("no cosine"));
    let anchored = |rest| reads(&backend, "ds_anchor", all(rest));
    assert!(error(&anchored(",\"vector\":[1,2,3]")).contains("a vector of 3 numbers beside one of 2"));
    assert_eq!(nodata(&anchored(",\"vector\":[0,0]")), "a vector points nowhere");
    assert!(error(&anchored(",\"vector\":[\"x\",0]")).contains("holds what is no number"));
    assert!(value(&reads(&backend, "coverage", all(",\"vector\":[0,0]"))) < 1.0, "coverage needs no vector");
}

#[test]
fn vectors_may_come_from_an_embedding_endpoint() {
    let mut backend = sound("embed = { post = \"/embed\" }");
    backend.questions.iter_mut().for_each(|gold| gold.anchor = Some(Anchor::Text("the anchor".into())));
    let many = asks(&backend);
    assert_eq!(many.asks.len(), 6 + 7);
    assert_eq!(many.asks[6].body.as_deref(), Some(r#"{"text": "Access rights"}"#));
    let embedded = (6..13).map(|_| http(200, r#"{"embedding":[1,0]}"#));
    let answers: Vec<_> = sound_answers().into_iter().chain(embedded).collect();
    assert!((value(&reads(&backend, "ds_question", answers.clone())) - 0.4).abs() < 1e-12, "vectors before scores");
    assert!((value(&reads(&backend, "ds_anchor", answers)) - 0.4).abs() < 1e-12);
    let down: Vec<_> = sound_answers().into_iter().chain((6..13).map(|_| http(500, "no model"))).collect();
    assert!(error(&reads(&backend, "ds_question", down)).contains("embedding: HTTP 500: no model"));
}

#[test]
fn a_probe_shows_one_number_or_all_of_them() {
    let result = Ok(Answer::HttpMany(sound_answers()));
    let backend = sound("");
    assert_eq!(Gold::see(&call(&backend, "ds_anchor"), &result), Seen::Value("0.4".into()));
    let Seen::Value(all) = Gold::see(&call(&backend, "all"), &result) else { panic!("all") };
    let all: serde_json::Value = serde_json::from_str(all.as_str()).unwrap();
    assert_eq!((&all["coverage"], &all["ds_question"]), (&1.0.into(), &0.25.into()));
    assert!(all["reason_p95"].is_null(), "what is not there is not zero");
}

#[test]
fn a_set_that_cannot_be_used_is_refused_with_its_place() {
    let cases = [
        ("[]", "has no questions"),
        ("[", "line 1, column 1: EOF"),
        ("[\n {\"question\": \"q\", \"expect\": {}}\n]", "unknown field `expect`"),
        (r#"[{"question":"q","expected":{}}]"#, "question 1: `q` does not say what is expected"),
        (r#"[{"question":"q"}]"#, "question 1: `q` does not say what is expected"),
        (r#"[{"question":" ","expected":{"ids":["a"]}}]"#, "question 1: ` ` or one of its paraphrases is empty"),
        (
            r#"[{"question":"q","expected":{"ids":["a"]}},{"question":"Q ","expected":{"ids":["a"]}}]"#,
            "question 2: `Q ` is asked twice",
        ),
        (r#"[{"question":"q","paraphrases":["q"],"expected":{"ids":["a"]}}]"#, "question 1: `q` is asked twice"),
        (r#"[{"question":"q","expected":{"ids":["a"]},"anchor":[0,0]}]"#, "points nowhere"),
    ];
    for (content, why) in cases {
        let refused = set::parse(content).unwrap_err();
        assert!(refused.contains(why), "{content}: {refused}");
    }
}

#[test]
fn a_request_that_cannot_ask_is_refused() {
    let cases = [
        ("", "has none of get, post, put, patch, delete"),
        ("post = \"/x\"\nbody = '{}'", "asks the same every time"),
        ("post = \"/x\"\nbody = '{\"q\":\"${question}\",\"k\":\"${top}\"}'", "`${top}`, which nothing fills"),
        ("post = \"/x\"\nseeds = [1]", "does nothing: `${seed}` stands nowhere"),
        ("get = \"/x?q=${question}&s=${seed}\"", "has no `seeds`"),
        ("get = \"/x?q=${question}&s=${seed}\"\nseeds = [1, 1]", "holds a seed twice"),
        ("get = \"/x?q=${question}&a=${anchor}\"", "has no text as its anchor"),
        ("post = \"/x\"\nat_once = 17", "is out of bounds"),
        ("post = \"/x\"\nat_least = 1.5", "is no share"),
        ("post = \"/x\"\nhits = \"results\"", "is no JSON pointer"),
        ("post = \"/x\"\nembed = { post = \"/e\", body = '{}' }", "must hold `${text}`"),
    ];
    for (more, why) in cases {
        let found = check::check_backend(&written(more));
        assert!(found.iter().any(|fault| fault.what.contains(why)), "{more}: {found:?}");
    }
}

fn vectors() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let part = -1e6..1e6;
    (1_usize..9).prop_flat_map(move |long| {
        (prop::collection::vec(part.clone(), long), prop::collection::vec(part.clone(), long))
    })
}

proptest! {
    #[test]
    fn delta_s_is_between_nothing_and_two_and_the_same_both_ways((a, b) in vectors()) {
        if let Ok(delta) = delta_s(&a, &b) {
            prop_assert!((0.0..=2.0).contains(&delta));
            prop_assert!((delta - delta_s(&b, &a).unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn delta_s_does_not_know_how_long_a_vector_is((a, b) in vectors(), scale in 1e-200..1e200) {
        let longer: Vec<f64> = a.iter().map(|part| part * scale).collect();
        match (delta_s(&a, &b), delta_s(&longer, &b)) {
            (Ok(one), Ok(other)) => prop_assert!((one - other).abs() < 1e-9),
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    #[test]
    fn what_points_nowhere_has_no_delta_s((a, _) in vectors(), place in 0_usize..8, odd in prop::sample::select(vec![f64::NAN, f64::INFINITY])) {
        let mut broken = a.clone();
        let place = place % broken.len();
        broken[place] = odd;
        prop_assert_eq!(delta_s(&broken, &a), Err(Undefined::NoDirection));
        prop_assert_eq!(delta_s(&vec![0.0; a.len()], &vec![1.0; a.len()]), Err(Undefined::NoDirection));
    }

    #[test]
    fn the_order_of_the_questions_does_not_matter(mut values in prop::collection::vec(0.0..2.0, 1..60), seed in any::<prop::sample::Index>()) {
        let before = (mean(&values), p50(&values), p95(&values));
        let turn = seed.index(values.len());
        values.rotate_left(turn);
        values.reverse();
        prop_assert_eq!(before, (mean(&values), p50(&values), p95(&values)));
    }
}

#[test]
fn where_nothing_is_retrieved_nobody_knows_whether_it_flips() {
    let backend = sound("");
    let none: Vec<_> = (0..6).map(|_| http(200, r#"{"results":[]}"#)).collect();
    assert_eq!(nodata(&reads(&backend, "lambda", none)), "nothing was retrieved");
    let lost = with(1, http(200, r#"{"results":[]}"#));
    assert!((value(&reads(&backend, "lambda", lost)) - 1.0 / 3.0).abs() < 1e-12, "what a paraphrase loses has flipped");
}
