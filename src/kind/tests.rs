//! Claims about the table of kinds, and about the first playbook's calls.

use super::*;

#[derive(serde::Deserialize)]
struct Written {
    backends: std::collections::BTreeMap<String, BackendTable>,
    probes: toml::Table,
    metrics: toml::Table,
    levers: toml::Table,
}

fn written() -> Written {
    toml::from_str(include_str!("../../fixtures/playbooks/docs-rag.toml")).unwrap()
}

/// The call of a probe, metric or lever; its other keys are of no interest here.
fn call_in(table: &toml::Value) -> Call {
    let calls: CallTable = table.clone().try_into().unwrap();
    let [call] = <[Call; 1]>::try_from(calls.all()).unwrap();
    call
}

#[test]
fn every_kind_says_what_counts_as_which() {
    for row in KINDS {
        let words: &[&str] = if row.doc.contains("a lever cannot use this kind") {
            &["Look:", "absent", "failure"]
        } else {
            &["Applied:", "Rejected:", "NotSent:", "Unknown:", "Look:"]
        };
        for word in words {
            assert!(row.doc.contains(word), "{} does not say {word}", row.name);
        }
        assert!(!row.doc.contains("  "), "{}", row.name);
    }
}

#[test]
fn the_first_playbooks_calls_are_without_fault_and_reach_their_backends() {
    let written = written();
    let backend = |call: &Call| {
        let [backend] = <[BackendConfig; 1]>::try_from(written.backends[call.backend()].clone().all()).unwrap();
        assert_eq!(backend.check(), [], "{}", call.backend());
        backend
    };
    let vars: Vars = ["incident", "was", "to"].map(|name| (name.to_owned(), "x-1".to_owned())).into();
    let looks = written.probes.iter().chain(&written.metrics).map(|(id, table)| (id, call_in(table), Use::Look));
    let undos = written.levers.iter().map(|(id, lever)| (id, call_in(&lever["undo"]), Use::Act));
    let acts = written.levers.iter().map(|(id, lever)| (id, call_in(lever), Use::Act)).chain(undos);
    let mut count = 0;
    for (id, call, r#use) in looks.chain(acts) {
        assert_eq!(call.check(r#use), [], "{id}");
        call.encode(&backend(&call), r#use, &vars).unwrap_or_else(|why| panic!("{id}: {why}"));
        assert!(call.templates().iter().flat_map(|text| holes(text)).all(|hole| vars.contains_key(hole)), "{id}");
        count += 1;
    }
    assert!(count >= 25, "only {count} calls were found");
}

#[test]
fn a_call_cannot_go_to_a_backend_of_another_kind() {
    let written = written();
    let call = call_in(&written.probes["arm"]);
    let [redis] = <[BackendConfig; 1]>::try_from(written.backends["cache"].clone().all()).unwrap();
    let why = call.encode(&redis, Use::Look, &Vars::new()).unwrap_err();
    assert_eq!(why, "a http call cannot go to a redis backend");
}

#[test]
fn no_kind_takes_silence_for_success() {
    let written = written();
    let acts = written.levers.iter().map(|(_, lever)| call_in(lever));
    for call in acts {
        let lost = call.settle(&Err(Fault::Lost("reset".into())));
        assert_eq!(lost.outcome, Outcome::Unknown);
        assert_eq!(call.settle(&Err(Fault::NotSent("refused".into()))).outcome, Outcome::NotSent);
        assert_eq!(call.settle(&Err(Fault::Refused("bad certificate".into()))).outcome, Outcome::Rejected);
    }
    for (_, probe) in &written.probes {
        assert!(matches!(call_in(probe).see(&Err(Fault::Lost("reset".into()))), Seen::Failed(_)));
    }
}

#[test]
fn a_hole_is_filled_once() {
    let vars = Vars::from([("a".to_owned(), "${b}".to_owned()), ("b".to_owned(), "x".to_owned())]);
    assert_eq!(fill("<${a}>", &vars, str::to_owned).unwrap(), "<${b}>");
    assert!(fill("${c}", &vars, str::to_owned).is_err());
    assert!(fill("${a", &vars, str::to_owned).is_err());
    assert_eq!(holes("${a}-${b}$c"), ["a", "b"]);
}
