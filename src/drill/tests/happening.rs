//! Causes that come by themselves: each at its own moment, whoever looks when.

use super::support::docs_rag;
use crate::drill::{Scenario, World};

const HEAD: &str = "format = 1\nid = \"x\"\ntitle = \"t\"\nbrief = \"b\"\nlike = \"index-mismatch\"\nplaybook = \"docs-rag\"\nprofile = \"drill\"\nepoch = \"2026-11-21T03:12:00Z\"\n[vars]\na = \"0\"\nb = \"0\"\n";

fn world(events: &str) -> World {
    let scenario = Scenario::parse("x.toml", &format!("{HEAD}{events}")).unwrap_or_else(|why| panic!("{why:#?}"));
    World::new(&scenario, &docs_rag(), 1).unwrap()
}

/// What a variable is then.
fn then(world: &mut World, name: &str, at_ms: i64) -> String {
    world.advance(at_ms);
    world.facts()[name].clone()
}

fn told(world: &World) -> Vec<i64> {
    world.happenings.told.iter().map(|(at, _)| *at).collect()
}

#[test]
fn a_cause_comes_at_its_time_and_once() {
    let mut world = world("[[events]]\nat = \"10s\"\nset = { a = \"1\" }\nsays = \"it came\"\n");
    assert_eq!(then(&mut world, "a", 9_999), "0");
    assert_eq!(then(&mut world, "a", 10_000), "1");
    world.advance(60_000);
    assert_eq!(told(&world), [10_000]);
}

#[test]
fn a_chain_of_causes_has_the_times_of_its_links_however_late_somebody_looks() {
    let chain = "[[events]]\nat = \"10s\"\nset = { a = \"1\" }\nsays = \"first\"\n
[[events]]\nafter = { a = \"1\" }\nlater = \"5s\"\nset = { b = \"1\" }\nsays = \"second\"\n
[[events]]\nafter = { b = \"1\" }\nset = { a = \"0\" }\nsays = \"third\"\n";
    let mut late = world(chain);
    late.advance(60_000);
    assert_eq!(told(&late), [10_000, 15_000, 15_000]);
    let mut early = world(chain);
    (0..=60_000).step_by(70).for_each(|now| early.advance(now));
    assert_eq!(told(&early), told(&late));
}

#[test]
fn what_ends_before_its_while_is_over_causes_nothing() {
    let mut world = world(
        "[[events]]\nat = \"10s\"\nset = { a = \"1\" }\n
[[events]]\nat = \"14s\"\nset = { a = \"0\" }\n
[[events]]\nafter = { a = \"1\" }\nlater = \"5s\"\nset = { b = \"1\" }\n",
    );
    assert_eq!(then(&mut world, "b", 60_000), "0");
}

#[test]
fn what_repeats_comes_while_it_may_and_passes_while_it_may_not() {
    let mut world = world(
        "[[events]]\nat = \"10s\"\nrepeat = true\nwhen = { a = \"0\" }\nset = { b = \"1\" }\nsays = \"again\"\n
[[events]]\nat = \"35s\"\nset = { a = \"1\" }\n",
    );
    world.advance(60_000);
    assert_eq!(told(&world), [10_000, 20_000, 30_000]);
}

#[test]
fn a_cause_moves_the_signals_at_its_own_time() {
    let mut world = world(
        "[[events]]\nat = \"10s\"\nset = { a = \"1\" }\n
[signals.p99]\nhealthy = 44\nvalue = 44\ncases = [{ when = { a = \"1\" }, value = 120 }]\n",
    );
    world.advance(60_000);
    assert_eq!(world.sample("p99", 9_000), Some(44.0));
    assert_eq!(world.sample("p99", 10_000), Some(120.0));
}

#[test]
fn a_cause_that_cannot_be_is_refused_with_its_line() {
    let cases = [
        ("at = \"1s\"\nafter = { a = \"1\" }\nset = { b = \"1\" }", "an event comes at a time or after something"),
        ("set = { b = \"1\" }", "an event says when it comes"),
        ("at = \"1s\"\nlater = \"2s\"\nset = { b = \"1\" }", "later belongs to after"),
        ("after = { a = \"1\" }\nrepeat = true\nset = { b = \"1\" }", "what repeats needs a while between"),
        ("at = \"1s\"", "an event that sets nothing and says nothing is none"),
        ("at = \"1s\"\nset = { ghost = \"1\" }", "`ghost` is no variable"),
        ("at = \"1s\"\nset = { flag = \"1\" }", "`flag` follows the file `prompt_pack.json`"),
    ];
    for (event, wanted) in cases {
        let faults = Scenario::parse("x.toml", &format!("{HEAD}[[events]]\n{event}\n")).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].starts_with("x.toml:12: ") && faults[0].contains(wanted), "{faults:#?}");
    }
}

#[test]
fn a_scenario_is_like_one_that_stands_by_itself() {
    let like = |id: &str| HEAD.replace("like = \"index-mismatch\"", &format!("like = \"{id}\""));
    let unknown = Scenario::parse("x.toml", &like("no-such")).unwrap_err();
    assert!(unknown[0].starts_with("x.toml:5: like: there is no scenario `no-such`"), "{unknown:?}");
    let chained = Scenario::parse("x.toml", &like("false-alarm")).unwrap_err();
    assert!(chained[0].contains("`false-alarm` is itself like `index-mismatch`"), "{chained:?}");
}

#[test]
fn what_a_pitfall_or_the_cast_names_must_be_in_the_playbook() {
    let text = format!(
        "{HEAD}[cast]\nanswers = {{ flip = \"yes\" }}\napprovals = {{ alias = \"DBA\" }}\nsends = [\"ghost\"]\n
[[pitfalls]]\nid = \"p\"\ntitle = \"t\"\nsays = \"s\"\nleft = [\"ghost\", \"debt:ghost\", \"message:ghost\"]\nmistake = {{ pull = \"ghost\" }}\n"
    );
    let faults = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap_err();
    let wanted = [
        "pitfall `p`: the playbook has no step `ghost`",
        "pitfall `p`: the playbook has no debt `ghost`",
        "pitfall `p`: the playbook has no message `ghost`",
        "pitfall `p`: the playbook has no lever `ghost`",
        "cast: the playbook has no step `flip` that asks",
        "cast: the playbook has no message `ghost`",
        "cast: the playbook has no lever `alias` that needs approval",
    ];
    assert_eq!(faults, wanted);
}

#[test]
fn a_role_that_can_sign_nothing_and_a_pitfall_that_shows_nothing_are_refused() {
    let text = format!(
        "{HEAD}[cast]\napprovals = {{ alias = \"pilot\" }}\n[[pitfalls]]\nid = \"p\"\ntitle = \"t\"\nsays = \"s\"\nmistake = {{}}\n"
    );
    let faults = Scenario::parse("x.toml", &text).unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:#?}");
    assert!(faults[0].contains("`pilot` is no role that can sign"), "{faults:#?}");
    assert!(faults[1].contains("a pitfall shows itself") && faults[2].contains("does something wrong"), "{faults:#?}");
}

#[test]
fn a_fault_that_nobody_could_inject_is_refused_in_a_sentence() {
    let mut scenario = Scenario::parse("x.toml", HEAD).unwrap();
    for (written, why) in [
        ("hang", "it names no backend"),
        ("hang:cache", "it says not when"),
        ("burn:cache@5s", "the faults are hang, swallow, refuse, 500"),
        ("hang:cache@soon", "`soon` is no duration"),
    ] {
        let fault = scenario.inject(written).unwrap_err();
        assert!(fault.contains(why) && fault.contains("hang:cache@20s+10s"), "{fault}");
    }
    scenario.inject("500:cache@1s").unwrap();
    assert!(World::new(&scenario, &docs_rag(), 1).is_err(), "Redis answers no 500");
}
