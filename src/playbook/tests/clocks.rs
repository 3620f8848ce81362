//! Claims about clocks, stages and the budgets of profiles.

use super::*;

/// The small playbook with a stage over two steps, an SLA on top, and a profile that has less time.
const TIMED: &str = r#"
[stages.turn]
title = "Turn back"
budget = "120s"

[[clocks]]
id = "sla"
title = "SLA"
starts_on = "impact"
stops_on = "hold-met"
budget = "900s"
sla = true

[[clocks]]
id = "flip-it"
starts_on = "started:flip"
stops_on = "done:flip"
budget = "30s"

[[clocks]]
id = "reply"
starts_on = "acknowledged"
stops_on = "fired:pointer"
budget = "1m"

[profiles.strict.clocks]
sla = "5m"
turn = "45s"
"#;

fn timed() -> String {
    let staged = SMALL.replace("id = \"flip\"\n", "id = \"flip\"\nstage = \"turn\"\n");
    format!("{}\n{TIMED}", staged.replace("id = \"look\"\n", "id = \"look\"\nstage = \"turn\"\n"))
}

#[test]
fn a_profile_has_budgets_of_its_own() {
    let budgets = |profile: &str| {
        let playbook = Playbook::parse("timed.toml", &timed(), Some(profile)).expect("sound");
        let sla = playbook.clocks.iter().find(|clock| clock.id == "sla").expect("it has one");
        (sla.sla, sla.budget_ms, playbook.stages["turn"].budget_ms)
    };
    assert_eq!(budgets("calm"), (true, 900_000, 120_000));
    assert_eq!(budgets("strict"), (true, 300_000, 45_000));
}

#[test]
fn clocks_run_between_steps_and_levers_too() {
    let playbook = Playbook::parse("timed.toml", &timed(), None).expect("sound");
    let id = |name: &str| Id::new(name).expect("an id");
    let edges: Vec<_> = playbook.clocks.iter().map(|clock| (clock.starts_on.clone(), clock.stops_on.clone())).collect();
    assert!(edges.contains(&(Edge::Started(id("flip")), Edge::Done(id("flip")))));
    assert!(edges.contains(&(Edge::Acknowledged, Edge::Fired(id("pointer")))));
    let staged: Vec<&str> =
        playbook.steps.iter().filter(|step| step.stage.is_some()).map(|step| step.id.as_str()).collect();
    assert_eq!(staged, ["flip", "look"]);
}

#[test]
fn what_cannot_be_timed_is_refused_with_a_hint() {
    let slips = [
        ("\"started:flip\"", "\"started:flop\"", "there is no step `flop`", "did you mean `started:flip`?"),
        ("\"fired:pointer\"", "\"fired:pointr\"", "there is no lever `pointr`", "did you mean `pointer`?"),
        ("\"impact\"", "\"impct\"", "\"impct\" is no starts_on", "did you mean `impact`?"),
        ("\"done:flip\"", "\"started:flip\"", "the clock stops when it starts", "another edge"),
        ("[stages.turn]", "[stages.sla]", "there is already a clock `sla`", "otherwise"),
        ("turn = \"45s\"", "trn = \"45s\"", "there is no clock `trn`", "did you mean `turn`?"),
        ("turn = \"45s\"", "turn = \"soon\"", "is no duration", "durations read like"),
        (
            "[profiles.strict.clocks]",
            "[stages.idle]\nbudget = \"1s\"\n[profiles.strict.clocks]",
            "no step is in stage `idle`",
            "add `stage",
        ),
    ];
    for (from, to, what, hint) in slips {
        let text = timed();
        assert!(text.contains(from), "{from}");
        let found = flaws(&text.replacen(from, to, 1));
        let told = |flaw: &Flaw| flaw.what.contains(what) && flaw.hint.contains(hint);
        assert!(found.iter().any(told), "{to}: {}", render("timed.toml", &text, &found));
    }
}

#[test]
fn a_profile_cannot_give_the_hold_a_second_maximum() {
    let held = timed()
        + "\n[[clocks]]\nid = \"green\"\nstarts_on = \"hold-started\"\nstops_on = \"hold-met\"\nbudget = \"15m\"\n";
    assert_eq!(flaws(&held).len(), 0);
    let found = flaws(&held.replace("turn = \"45s\"", "turn = \"45s\"\ngreen = \"9m\""));
    assert!(found[0].what.contains("may take the hold's `max`") && found.len() == 1, "{found:?}");
}
