//! Claims about a preflight: what it asks, and how it judges what it is told.

use super::*;
use crate::drill::{Scenario, World};
use crate::kind::Vars;

const NOW_MS: i64 = 1_795_230_720_000;

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

fn playbook_with(from: &str, to: &str) -> Playbook {
    let text = crate::playbook::embedded("docs-rag").unwrap();
    assert!(text.contains(from), "the playbook holds {from}");
    Playbook::parse("docs-rag.toml", &text.replacen(from, to, 1), Some("drill")).unwrap()
}

fn playbook() -> Playbook {
    playbook_with("", "")
}

fn preflight(playbook: &Playbook) -> Preflight {
    Preflight::new(playbook.clone(), Redactor::default(), &BTreeMap::new(), NOW_MS)
}

/// Performs every look in the drill's world, `altered` where a claim wants another answer.
fn fly(mut preflight: Preflight, altered: impl Fn(&Ask) -> Option<Result<Answer, Fault>>) -> Report {
    let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
    let mut world = World::new(&scenario, &playbook(), 1).unwrap();
    while !preflight.is_over() {
        for ask in preflight.due() {
            let (result, _) = world.handle(ask.backend.as_str(), &ask.exchange, 1000);
            let result = altered(&ask).unwrap_or(result);
            preflight.answered(ask.job, 7, NOW_MS + 1000, result);
        }
    }
    preflight.report(&|_| None)
}

fn refused_at(backend: &'static str) -> impl Fn(&Ask) -> Option<Result<Answer, Fault>> {
    move |ask| (ask.backend.as_str() == backend).then(|| Err(Fault::NotSent("connection refused".into())))
}

fn lever<'a>(report: &'a Report, name: &str) -> &'a LeverRow {
    report.levers.iter().find(|row| row.lever == id(name)).expect("every lever has a row")
}

fn states(report: &Report) -> Vec<(&str, &str)> {
    report.levers.iter().map(|row| (row.lever.as_str(), row.state)).collect()
}

#[test]
fn every_lever_of_a_world_that_is_well_could_be_flown() {
    let report = fly(preflight(&playbook()), |_| None);
    let wanted = [
        ("freeze", "READY"),
        ("flag", "READY"),
        ("pointer", "AFTER"),
        ("alias", "AFTER"),
        ("pins", "READY"),
        ("rotate", "READY"),
        ("throttle", "READY"),
    ];
    assert_eq!(states(&report), wanted);
    assert!(report.ready);
    assert_eq!(lever(&report, "pointer").after, [id("freeze")]);
    let alias = lever(&report, "alias");
    assert_eq!((alias.now.as_ref().unwrap().as_str(), alias.target.as_str()), ("docs_vB", "docs_vA"));
    assert_eq!((alias.takes_ms, alias.look_ms), (1000, Some(7)));
    assert!(report.metrics.iter().all(|row| row.state == LookState::Ok), "{:?}", report.metrics);
}

#[test]
fn nothing_but_looks_is_asked_for() {
    let playbook = playbook();
    let acts: Vec<Exchange> = playbook
        .levers
        .values()
        .flat_map(|lever| [Some(&lever.call), lever.undo.as_ref().map(|undo| &undo.call)])
        .flatten()
        .filter_map(|call| {
            let vars = Vars::from([("incident", "x"), ("was", "x"), ("to", "x")].map(|(k, v)| (k.into(), v.into())));
            call.encode(&playbook.backends[call.backend()], Use::Act, &vars).ok()
        })
        .collect();
    assert_eq!(acts.len(), 2 * playbook.levers.len());
    let mut preflight = preflight(&playbook);
    let mut asked = Vec::new();
    while !preflight.is_over() {
        for ask in preflight.due() {
            assert_eq!(ask.purpose, Use::Look);
            assert!(!acts.contains(&ask.exchange), "{:?} is what a lever does", ask.exchange);
            preflight.answered(ask.job, 1, NOW_MS, Err(Fault::Lost("nobody".into())));
            asked.push(ask.exchange);
        }
    }
    assert_eq!(asked.len(), playbook.probes.len() + playbook.metrics.len(), "each of them once");
}

#[test]
fn at_most_two_looks_are_in_the_air_at_one_backend() {
    let mut preflight = preflight(&playbook());
    let mut flying: Vec<Ask> = preflight.due();
    let mut total = flying.len();
    while let Some(ask) = flying.pop() {
        for backend in preflight.playbook.backends.keys() {
            let there = flying.iter().chain([&ask]).filter(|other| other.backend == *backend).count();
            assert!(there <= 2, "{there} at {backend}");
        }
        preflight.answered(ask.job, 1, NOW_MS, Err(Fault::Lost("nobody".into())));
        let more = preflight.due();
        total += more.len();
        flying.extend(more);
    }
    assert!(preflight.is_over() && total == preflight.looks.len());
}

#[test]
fn a_system_that_is_down_grounds_its_levers_and_those_that_wait_for_them() {
    let report = fly(preflight(&playbook()), refused_at("cache"));
    assert!(!report.ready);
    for grounded in ["freeze", "pointer", "alias", "rotate"] {
        let row = lever(&report, grounded);
        assert!(!row.can_fly, "{grounded} is {}", row.state);
        assert!(row.why.as_ref().unwrap().as_str().contains("connection refused"), "{:?}", row.why);
    }
    for able in ["flag", "pins", "throttle"] {
        assert!(lever(&report, able).can_fly, "{able}");
    }
    let cache = report.backends.iter().find(|row| row.backend == id("cache")).unwrap();
    assert_eq!(cache.state, BackendState::Down);
    assert!(table(&report).contains("3 of 7 levers could be flown; 3 cannot be seen"), "{}", table(&report));
}

#[test]
fn a_control_api_that_is_down_grounds_a_lever_that_is_read_back_elsewhere() {
    let report = fly(preflight(&playbook()), refused_at("haproxy"));
    let pointer = lever(&report, "pointer");
    assert_eq!(pointer.now.as_ref().unwrap().as_str(), "green", "users still get green through the edge");
    assert_eq!(pointer.why.as_ref().unwrap().as_str(), "backend haproxy: nothing was sent: connection refused");
}

#[test]
fn a_missing_secret_grounds_its_levers_and_sends_nothing_there() {
    let missing = BTreeMap::from([(id("cache"), Text::from("environment variable REDIS_PASS is not set"))]);
    let preflight = Preflight::new(playbook(), Redactor::default(), &missing, NOW_MS);
    let report = fly(preflight, |ask| {
        assert_ne!(ask.backend, id("cache"), "nothing is sent without its password");
        None
    });
    assert!(lever(&report, "alias").why.as_ref().unwrap().as_str().contains("REDIS_PASS is not set"));
    assert!(lever(&report, "flag").can_fly);
}

#[test]
fn a_pointer_that_is_not_there_is_named() {
    let nil = |ask: &Ask| {
        let of_alias = serde_json::to_string(&ask.exchange).unwrap().contains("live:alias");
        of_alias.then_some(Ok(Answer::Redis(crate::kind::RedisValue::Nil)))
    };
    let report = fly(preflight(&playbook()), nil);
    let why = lever(&report, "alias").why.as_ref().unwrap().as_str();
    assert!(why.starts_with("index alias shows nothing"), "{why}");
    let probe = report.probes.iter().find(|row| row.id == id("alias")).unwrap();
    assert_eq!(probe.state, LookState::Nodata);
    assert!(lever(&report, "pointer").can_fly);
}

#[test]
fn a_system_that_answers_and_shows_nothing_refuses_us() {
    let denied = |ask: &Ask| {
        let error = crate::kind::RedisValue::Error("WRONGPASS invalid username-password pair".into());
        (ask.backend.as_str() == "cache").then_some(Ok(Answer::Redis(error)))
    };
    let report = fly(preflight(&playbook()), denied);
    let cache = report.backends.iter().find(|row| row.backend == id("cache")).unwrap();
    assert_eq!(cache.state, BackendState::Refuses);
    assert!(cache.why.as_ref().unwrap().as_str().contains("WRONGPASS"), "{:?}", cache.why);
}

#[test]
fn a_sample_that_is_too_old_is_no_data_and_grounds_no_lever() {
    let mut preflight = preflight(&playbook());
    let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
    let mut world = World::new(&scenario, &playbook(), 1).unwrap();
    while !preflight.is_over() {
        for ask in preflight.due() {
            let (result, _) = world.handle(ask.backend.as_str(), &ask.exchange, 1000);
            preflight.answered(ask.job, 7, NOW_MS + 3_600_000, result);
        }
    }
    let report = preflight.report(&|_| None);
    let errors = report.metrics.iter().find(|row| row.id == id("errors")).unwrap();
    assert_eq!(errors.state, LookState::Nodata);
    assert!(errors.why.as_ref().unwrap().as_str().contains("STALE"), "{:?}", errors.why);
    assert!(report.ready, "metrics choose levers, they do not pull them");
}

#[test]
fn what_this_machine_cannot_perform_grounds_its_lever() {
    let mut preflight = preflight(&playbook());
    while !preflight.is_over() {
        for ask in preflight.due() {
            let seen = if ask.backend.as_str() == "flags" { r#"{"prompt_pack_vNplus1":"on"}"# } else { "" };
            let content = crate::kind::Content { body: crate::kind::Body::whole(seen), modified_ms: None };
            preflight.answered(ask.job, 1, NOW_MS, Ok(Answer::File(content)));
        }
    }
    let report = preflight.report(&|exchange| matches!(exchange, Exchange::File(_)).then(|| "read-only disk".into()));
    assert_eq!(lever(&report, "flag").why.as_ref().unwrap().as_str(), "read-only disk");
}

#[test]
fn a_lever_that_is_where_it_would_go_is_said_to_be_there() {
    let report = fly(preflight(&playbook_with("is = \"docs_vA\"", "is = \"docs_vB\"")), |_| None);
    assert_eq!(lever(&report, "alias").state, "THERE");
    assert!(report.ready);
}

/// The shared playbook, its message sent to a web hook of its own.
fn with_a_hook() -> Playbook {
    let text = crate::playbook::embedded("docs-rag").unwrap();
    let to =
        "[comms.first]\nsend = { http = { backend = \"chat\", post = \"/hook\", body = '{\"text\":\"${text}\"}' } }\n";
    let text = text.replacen("[comms.first]\n", to, 1);
    let text = text.replacen("[backends]\n", "[backends]\nchat.http = { url = \"https://chat.example\" }\n", 1);
    Playbook::parse("docs-rag.toml", &text, Some("drill")).unwrap()
}

fn at_the_chat(answer: &Result<Answer, Fault>) -> (Report, Vec<Exchange>) {
    let asked = std::cell::RefCell::new(Vec::new());
    let report = fly(preflight(&with_a_hook()), |ask| {
        (ask.backend.as_str() == "chat").then(|| {
            asked.borrow_mut().push(ask.exchange.clone());
            answer.clone()
        })
    });
    (report, asked.into_inner())
}

#[test]
fn whom_a_message_goes_to_is_looked_at_and_told_nothing() {
    let there = Answer::Http { status: 404, location: None, retry_after_s: None, body: crate::kind::Body::default() };
    let (report, asked) = at_the_chat(&Ok(there));
    let [Exchange::Http(knock)] = &asked[..] else { panic!("once: {asked:?}") };
    assert_eq!((knock.method.as_str(), knock.url.as_str()), ("HEAD", "https://chat.example/"));
    let [row] = &report.messages[..] else { panic!("one message: {:?}", report.messages) };
    assert_eq!((row.state, row.took_ms), (MessageState::Reachable, Some(7)));
    assert!(table(&report).contains("REACHABLE"), "{}", table(&report));
}

#[test]
fn a_message_that_reaches_nobody_warns_and_grounds_no_lever() {
    let (report, _) = at_the_chat(&Err(Fault::NotSent("connection refused".into())));
    assert!(report.ready, "messages pull no lever");
    assert_eq!(report.messages[0].state, MessageState::Unreachable);
    let said = table(&report);
    assert!(said.contains("connection refused") && said.contains("WARN 1 of 1 messages cannot be sent"), "{said}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["ready"], &json["messages"][0]["state"]), (&true.into(), &"unreachable".into()));
}

#[test]
fn a_message_that_lacks_its_secret_is_not_looked_at() {
    let missing = BTreeMap::from([(id("chat"), Text::from("CHAT_TOKEN is not set"))]);
    let report = fly(Preflight::new(with_a_hook(), Redactor::default(), &missing, NOW_MS), |_| None);
    assert_eq!(report.messages[0].why.as_ref().map(Text::as_str), Some("CHAT_TOKEN is not set"));
    assert_eq!(report.messages[0].took_ms, None);
}

#[test]
fn a_message_without_a_receiver_is_a_file() {
    let report = fly(preflight(&playbook()), |_| None);
    assert_eq!(report.messages[0].state, MessageState::File);
    assert!(!table(&report).contains("WARN"));
}

#[test]
fn a_gold_backend_where_nobody_answers_is_down_and_does_not_refuse_us() {
    let text = crate::playbook::embedded("blue-green").unwrap();
    let beside = |_: &str| Err("not here".to_owned());
    let playbook = Playbook::parse("blue-green.toml", text, None)
        .unwrap_or_else(|_| Playbook::parse_in(&beside, "blue-green.toml", text, None).expect("sound"));
    let report = fly(preflight(&playbook), |ask| match &ask.exchange {
        Exchange::HttpMany(many) => {
            let nobody = || crate::kind::Timed { took_ms: 3, result: Err(Fault::NotSent("connection refused".into())) };
            Some(Ok(Answer::HttpMany(many.asks.iter().map(|_| nobody()).collect())))
        }
        _ => Some(Err(Fault::NotSent("connection refused".into()))),
    });
    let gold = report.backends.iter().find(|row| row.backend == id("gold")).expect("it has a row");
    assert_eq!(gold.state, BackendState::Down);
}
