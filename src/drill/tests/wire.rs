//! How undeclared questions and broken backends answer.

use super::support::{Flight, docs_rag, index_mismatch};
use crate::drill::{Scenario, World};
use crate::kind::{
    Address, Answer, Call, Exchange, Fault, HttpAsk, LineAsk, Outcome, Reading, RedisAsk, RedisValue, Seen, Use, Vars,
};
use crate::playbook::Playbook;
use std::collections::BTreeMap;

impl Flight {
    pub(super) fn redis(&mut self, args: Vec<String>, now_ms: u64) -> Result<Answer, Fault> {
        let ask = RedisAsk {
            address: "127.0.0.1:1".into(),
            tls: false,
            ca_file: None,
            user: None,
            password: None,
            db: 0,
            args,
        };
        self.world.handle("cache", &Exchange::Redis(ask), now_ms).0
    }

    pub(super) fn line(&mut self, line: &str, now_ms: u64) -> String {
        let ask = LineAsk { address: Address::Unix("/sock".into()), line: line.to_owned() };
        match self.world.handle("haproxy", &Exchange::Line(ask), now_ms).0 {
            Ok(Answer::Line(body)) => String::from_utf8(body.bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn http(&mut self, backend: &str, path: &str) -> (u16, String) {
        let url = self.world.http_url(backend, path).unwrap();
        let ask = HttpAsk {
            method: "GET".into(),
            url,
            headers: vec![],
            auth: None,
            secrets: BTreeMap::new(),
            body: None,
            ca_file: None,
        };
        match self.world.handle(backend, &Exchange::Http(ask), 0).0 {
            Ok(Answer::Http { status, body, .. }) => (status, String::from_utf8(body.bytes).unwrap()),
            other => panic!("{other:?}"),
        }
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn what_nobody_declared_answers_like_the_real_thing() {
    let mut flight = Flight::new(1);
    assert_eq!(flight.redis(words("GET nothing"), 0), Ok(Answer::Redis(RedisValue::Nil)));
    match flight.redis(words("FLUSH everything"), 0) {
        Ok(Answer::Redis(RedisValue::Error(text))) => assert!(text.as_str().starts_with("ERR unknown command 'FLUSH'")),
        other => panic!("{other:?}"),
    }
    assert!(flight.line("make tea", 0).starts_with("Unknown command: 'make'"));
    assert!(flight.line("set map /elsewhere.map a b", 0).starts_with("Unknown map identifier"));
    assert_eq!(flight.line("set map /x/live.map other be_blue", 0), "entry not found.\n\n");
    assert_eq!(flight.http("edge", "/nowhere").0, 404);
    assert_eq!(flight.http("prom", "/api/v1/nothing").0, 404);
    let (status, body) = flight.http("prom", "/api/v1/query");
    assert_eq!((status, body.contains("bad_data")), (400, true));
}

#[test]
fn an_unknown_metric_is_empty_and_a_plain_query_answers_its_value() {
    let mut flight = Flight::new(1);
    let (status, body) = flight.http("prom", "/api/v1/query?query=up");
    assert_eq!(status, 200);
    assert!(body.contains(r#""result":[]"#), "{body}");

    let call = flight.playbook.metrics["coverage"].source.clone();
    let exchange = call.encode(&flight.playbook.backends["prom"], Use::Look, &Vars::new()).unwrap();
    let seen = call.see(&flight.world.handle("prom", &exchange, 2_000).0);
    let Seen::Value(value) = seen else { panic!("{seen:?}") };
    assert!((value.as_str().parse::<f64>().unwrap() - 0.78).abs() <= 0.01);
}

#[test]
fn a_query_about_the_past_answers_what_was_then() {
    let mut flight = Flight::new(1);
    let call = flight.playbook.metrics["coverage"].source.clone();
    let Exchange::Http(mut ask) = call.encode(&flight.playbook.backends["prom"], Use::Look, &Vars::new()).unwrap()
    else {
        panic!("a query is HTTP")
    };
    let hour_ago = index_mismatch().epoch_ms / 1000 - 3600;
    ask.url = format!("{}&time={hour_ago}.500", ask.url);
    let seen = call.see(&flight.world.handle("prom", &Exchange::Http(ask), 60_000).0);
    let Seen::Value(value) = seen else { panic!("{seen:?}") };
    assert!((value.as_str().parse::<f64>().unwrap() - 0.78).abs() <= 0.01, "{value}");
}

/// A flight whose scenario has one more fault in it.
fn with_fault(fault: &str) -> Flight {
    let text = format!("{}\n[[inject]]\nat = \"10s\"\nfor = \"20s\"\n{fault}", index_mismatch().source);
    let scenario = Scenario::parse("faulty.toml", &text).unwrap();
    let playbook = docs_rag();
    let world = World::new(&scenario, &playbook, 1).unwrap();
    Flight { playbook, world }
}

#[test]
fn an_injected_fault_begins_and_ends_on_time() {
    let mut flight = with_fault("backend = \"cache\"\nfault = \"refuse\"");
    assert_eq!(flight.pull("alias", 9_999), Outcome::Applied);
    assert_eq!(flight.undo("alias", 10_000), Outcome::NotSent);
    assert_eq!(flight.undo("alias", 29_999), Outcome::NotSent);
    assert_eq!(flight.undo("alias", 30_000), Outcome::Applied);
}

#[test]
fn a_hung_call_does_nothing_and_a_swallowed_one_does_all() {
    for (fault, alias) in [("hang", "docs_vB"), ("swallow", "docs_vA")] {
        let mut flight = with_fault(&format!("backend = \"cache\"\nfault = \"{fault}\""));
        assert_eq!(flight.pull("alias", 15_000), Outcome::Unknown, "{fault}");
        assert_eq!(flight.look("alias", 31_000).as_deref(), Some(alias), "{fault}");
    }
}

#[test]
fn a_broken_http_backend_answers_500_and_a_redis_cannot() {
    let mut flight = with_fault("backend = \"edge\"\nfault = \"500\"");
    assert!(flight.look("arm", 9_000).is_some());
    assert_eq!(flight.look("arm", 12_000), None);

    let text = format!(
        "{}\n[[inject]]\nat = \"1s\"\nfor = \"1s\"\nbackend = \"cache\"\nfault = \"500\"",
        index_mismatch().source
    );
    let faults = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap_err();
    assert_eq!(faults, ["inject: backend `cache` speaks no HTTP and cannot answer 500"]);
}

#[test]
fn latency_stays_within_what_the_scenario_says() {
    let mut flight = Flight::new(3);
    let call = flight.playbook.probes["arm"].call.clone();
    let exchange = call.encode(&flight.playbook.backends["edge"], Use::Look, &Vars::new()).unwrap();
    let latencies: Vec<u64> = (0..200).map(|now_ms| flight.world.handle("edge", &exchange, now_ms).1).collect();
    assert!(latencies.iter().all(|ms| (8..20).contains(ms)), "{latencies:?}");
    assert!(latencies.iter().min() < latencies.iter().max(), "jitter moves");
}

#[test]
fn a_page_of_metrics_and_a_log_are_what_the_scenario_declares() {
    let more = r#"
[backends]
app.exposition = { url = "http://127.0.0.1:9/" }
logs.log = { root = "/var/log/app" }
edge.http ="#;
    let metrics = r#"
[metrics.lag]
exposition = { backend = "app", metric = "lag" }
[metrics.failures]
log = { backend = "logs", file = "app.log", count = "ERROR", lines = 2 }
"#;
    let text = format!("{}{metrics}", docs_rag().source.replacen("\n[backends]\nedge.http =", more, 1));
    let playbook = Playbook::parse("x.toml", &text, Some("drill")).unwrap();
    let silent = index_mismatch().undeclared(&playbook);
    assert_eq!(
        silent,
        [
            "metric `lag`: the scenario has no answer to `GET /metrics` (backend `app`)",
            "metric `failures`: the scenario has no file `app.log` (backend `logs`)"
        ]
    );
    let declared = r#"
[[answers]]
backend = "app"
ask = 'GET /metrics'
reply = "lag 3\n"
[[files]]
backend = "logs"
path = "app.log"
content = "ERROR\nINFO\nERROR\n"
var = "newest"
find = '(\w+)\n$'
"#;
    let scenario = index_mismatch().source.replacen("[vars]", "[vars]\nnewest = \"\"", 1) + declared;
    let scenario = Scenario::parse("x.toml", &scenario).unwrap();
    assert_eq!(scenario.undeclared(&playbook), Vec::<String>::new());
    let mut world = World::new(&scenario, &playbook, 1).unwrap();
    for (metric, value) in [("lag", 3.0), ("failures", 1.0)] {
        let call = &playbook.metrics[metric].source;
        let exchange = call.encode(&playbook.backends[call.backend()], Use::Look, &Vars::new()).unwrap();
        let (result, _) = world.handle(call.backend(), &exchange, 2500);
        let now_ms = scenario.epoch_ms + 2500;
        assert_eq!(call.read(&result, now_ms), Reading::Value { value, sampled_ms: now_ms }, "{metric}");
    }
}

/// A drill with a cluster beside everything else: its Service points where the drill's pointer does.
fn with_a_cluster() -> (Playbook, World) {
    let backend = "[backends]\nprod.kubernetes = { context = \"prod-eu\", namespace = \"docs\" }\n";
    let text = docs_rag().source.replacen("[backends]\n", backend, 1);
    let playbook = Playbook::parse("docs-rag.toml", &text, Some("drill")).unwrap();
    let answers = "
[[answers]]
backend = \"prod\"
ask = 'GET /api/v1/namespaces/docs/services/docs-live'
json = '{\"kind\":\"Service\",\"spec\":{\"selector\":{\"app\":\"docs-${arm}\"}}}'

[[answers]]
backend = \"prod\"
ask = 'PATCH /api/v1/namespaces/docs/services/docs-live .*\"docs-(\\w+)\".*'
set = { arm = \"$1\" }
json = '{\"kind\":\"Service\"}'

[[answers]]
backend = \"prod\"
ask = 'PATCH .*/deployments/worker/scale .*'
status = 403
json = '{\"kind\":\"Status\",\"message\":\"not yours\"}'

";
    let text = index_mismatch().source.replacen("[[answers]]", &format!("{answers}[[answers]]"), 1);
    let scenario = Scenario::parse("x.toml", &text).unwrap();
    let world = World::new(&scenario, &playbook, 1).unwrap();
    (playbook, world)
}

#[test]
fn a_cluster_in_a_drill_is_patched_and_looked_at_and_knows_nothing_else() {
    let (playbook, mut world) = with_a_cluster();
    let mut ask = |text: &str, purpose| {
        let call = toml::from_str(&format!("backend = \"prod\"\n{text}")).unwrap();
        let call = Call::Kubernetes(call);
        let exchange = call.encode(&playbook.backends["prod"], purpose, &Vars::new()).unwrap();
        let (result, _) = world.handle("prod", &exchange, 0);
        (call.settle(&result), call.see(&result))
    };
    let look = "get = \"service/docs-live\"\nat = \"/spec/selector/app\"";
    assert_eq!(ask(look, Use::Look).1, Seen::Value("docs-green".into()));
    let flip = "patch = \"service/docs-live\"\nmerge = '{\"spec\":{\"selector\":{\"app\":\"docs-blue\"}}}'";
    assert_eq!(ask(flip, Use::Act).0.outcome, Outcome::Applied);
    assert_eq!(ask(look, Use::Look).1, Seen::Value("docs-blue".into()));
    let (scaled, _) = ask("scale = \"deployment/worker\"\nreplicas = 0", Use::Act);
    assert_eq!((scaled.outcome, scaled.detail.as_str().contains("not yours")), (Outcome::Rejected, true));
    let (gone, seen) = ask("get = \"configmap/nowhere\"\nat = \"/data\"", Use::Look);
    assert!(gone.detail.as_str().contains("\"nowhere\" not found"), "{gone:?}");
    assert!(matches!(seen, Seen::Failed(_)));
}

/// Two questions for one path that differ in what they carry.
const CARRIED: &str = "
[[answers]]
backend = \"edge\"
ask = 'GET /compose'
carries = '^X-Student-Model: v1$'
reply = \"v1 sings\"

[[answers]]
backend = \"edge\"
ask = 'POST /compose'
carries = 'stop'
reply = \"stopped\"

[[answers]]";

#[test]
fn requests_for_one_path_are_told_apart_by_what_they_carry() {
    let text = index_mismatch().source.replacen("[[answers]]", CARRIED.trim_start(), 1);
    let scenario = Scenario::parse("x.toml", &text).unwrap();
    let mut world = World::new(&scenario, &docs_rag(), 1).unwrap();
    let mut ask = |call: &str| {
        let call = Call::Http(toml::from_str(&format!("backend = \"edge\"\n{call}")).unwrap());
        let exchange = call.encode(&docs_rag().backends["edge"], Use::Look, &Vars::new()).unwrap();
        call.see(&world.handle("edge", &exchange, 0).0).value().map(str::to_owned)
    };
    let with = |model: &str| format!("get = \"/compose\"\nheaders = {{ X-Student-Model = \"{model}\" }}");
    assert_eq!(ask(&with("v1")).as_deref(), Some("v1 sings"));
    assert_eq!(ask(&with("v12")), None, "the whole header is asked for");
    assert_eq!(ask("get = \"/compose\""), None, "a request without the header is another question");
    assert_eq!(ask("post = \"/compose\"\nbody = '{\"do\":\"stop\"}'").as_deref(), Some("stopped"));
    assert_eq!(ask("post = \"/compose\"\nbody = '{\"do\":\"start\"}'"), None);
}

#[test]
fn only_http_carries_anything() {
    let carried = "[[answers]]\nbackend = \"cache\"\nask = 'PING'\ncarries = 'x'\n\n[[answers]]";
    let text = index_mismatch().source.replacen("[[answers]]", carried, 1);
    let faults = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap_err();
    assert_eq!(faults, ["answer to `PING`: backend `cache` speaks no HTTP and carries nothing"]);
    let broken = text.replacen("carries = 'x'", "carries = '('", 1);
    let faults = Scenario::parse("x.toml", &broken).unwrap_err();
    assert!(faults[0].contains("carries is no regular expression"), "{faults:?}");
}
