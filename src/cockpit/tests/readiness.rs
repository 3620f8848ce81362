//! What the cockpit says of a lever before it is pulled: whether it could be, what it is made of, what to know.

use super::stage::{armed_ui, change, declared, enter, id, press, pull, render, turn, type_in, ui};
use crate::cockpit::Scene;
use crate::incident::ReadBack;
use crate::kind::Seen;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const RISK: &str = "HAProxy accepts a backend that does not exist and answers 503 to users: look through the edge";

/// The levers made of recipes, with what there is to know.
fn documented(scene: &mut Scene, risks: usize) {
    let lever = &mut Arc::make_mut(&mut scene.playbook).levers[&id("alias")];
    lever.recipe = Some("redisearch.alias".into());
    lever.risks = (0..risks).map(|n| format!("{n}: {RISK}")).collect();
    lever.docs = vec!["https://redis.io/docs/latest/commands/ft.aliasupdate/".into()];
}

/// The lever panel as one text.
fn listed(scene: &Scene) -> String {
    let mut ui = ui();
    type_in(&mut ui, scene, "L");
    render(&ui, scene, 1000, SMALL)
}

#[track_caller]
fn row(screen: &str, starts: &str) -> String {
    screen.lines().find(|line| line.starts_with(starts)).unwrap_or_else(|| panic!("no {starts}:\n{screen}")).to_owned()
}

#[test]
fn the_lever_panel_says_which_could_be_flown_and_why_not() {
    let mut scene = declared();
    change(&mut scene, |state| turn(state, "flag", Seen::Failed("permission denied".into())));
    let screen = listed(&scene);
    assert!(row(&screen, "1>").contains("READY"), "{screen}");
    assert!(row(&screen, "2 ").contains("NOT READY"), "{screen}");
    assert!(row(&screen, "4 ").contains("AFTER 1"), "the freeze comes first:\n{screen}");
    assert!(screen.contains("NOT READY   2 flag: prompt pack canary cannot be seen: permission denied"), "{screen}");
    assert!(screen.contains("BEST FIRST  4 alias, 3 pointer"), "{screen}");

    change(&mut scene, |state| {
        turn(state, "flag", Seen::Value("off".into()));
        turn(state, "writers", Seen::Value("-".into()));
    });
    let screen = listed(&scene);
    assert!(row(&screen, "2 ").contains("THERE") && row(&screen, "1>").contains("THERE"), "{screen}");
    assert!(row(&screen, "4 ").contains("READY") && !screen.contains("NOT READY"), "{screen}");
    let best = row(&screen, "BEST FIRST");
    assert!(!best.contains("flag") && !best.contains("freeze"), "what is in place is not advised: {best}");
    let there = row(&screen, "IN PLACE");
    assert!(there.contains("1 freeze") && there.contains("2 flag"), "{there}");
}

#[test]
fn a_pick_says_what_each_lever_waits_for() {
    let mut scene = declared();
    change(&mut scene, |state| {
        turn(state, "alias", Seen::Failed("NOAUTH".into()));
        for step in ["capture", "freeze"] {
            super::stage::settle(state, step, crate::incident::StepStatus::Sensed, 250);
        }
    });
    let mut ui = ui();
    type_in(&mut ui, &scene, "r");
    let screen = render(&ui, &scene, 1000, SMALL);
    let at = |number: &str| screen.lines().position(|line| line.starts_with(&format!("   {number}  "))).expect("a row");
    assert!(at("3") < at("4"), "the pointer can be flown, the alias cannot be seen:\n{screen}");
    assert!(row(&screen, "   4  ").ends_with("NOT READY"), "{screen}");
}

#[test]
fn a_lever_under_arms_shows_its_recipe_and_what_to_know() {
    let (ui, mut scene) = armed_ui(|_| {});
    documented(&mut scene, 1);
    let screen = render(&ui, &scene, 1700, SMALL);
    let title = row(&screen, "testbed  lever 4");
    assert!(title.contains("redisearch.alias") && title.ends_with("reversible, ~1s"), "{title}");
    assert!(screen.contains("RISKS     0: HAProxy accepts a backend"), "{screen}");
    assert!(!row(&render(&ui, &declared(), 1700, SMALL), "testbed").contains("  redisearch"), "no recipe, no name");
}

#[test]
fn a_long_title_pushes_out_neither_the_recipe_nor_that_it_cannot_be_taken_back() {
    let (ui, mut scene) = armed_ui(|_| {});
    documented(&mut scene, 0);
    let lever = &mut Arc::make_mut(&mut scene.playbook).levers[&id("alias")];
    (lever.title, lever.irreversible) = ("a very long title ".repeat(9), true);
    let title = row(&render(&ui, &scene, 1700, SMALL), "testbed  lever 4");
    assert!(title.contains("redisearch.alias") && title.ends_with("IRREVERSIBLE, ~1s"), "{title}");
}

#[test]
fn many_risks_hide_neither_the_request_nor_an_interlock() {
    let (ui, mut scene) = armed_ui(|_| {});
    documented(&mut scene, 12);
    let screen = render(&ui, &scene, 1700, SMALL);
    for kept in ["SET live:alias docs_vA", "+ writers -", "RISKS", ".. and more"] {
        assert!(screen.contains(kept), "{kept} is gone:\n{screen}");
    }
}

#[test]
fn a_step_in_detail_shows_its_lever_with_risks_and_docs() {
    let mut scene = declared();
    documented(&mut scene, 1);
    change(&mut scene, |state| turn(state, "alias", Seen::Failed("NOAUTH".into())));
    Arc::make_mut(&mut scene.playbook).steps[3].kind = crate::playbook::StepKind::Pull(vec![id("alias")]);
    let mut ui = ui();
    ["j", "j", "j"].iter().for_each(|keys| drop(type_in(&mut ui, &scene, keys)));
    enter(&mut ui, &scene);
    let screen = render(&ui, &scene, 1000, SMALL);
    let lever = row(&screen, "LEVER");
    assert!(lever.contains("4 Index alias back to docs_vA  NOT READY  redisearch.alias"), "{screen}");
    assert!(screen.contains("WHY NOT    index alias cannot be seen: NOAUTH"), "{screen}");
    assert!(screen.contains("RISKS      0: HAProxy") && screen.contains("DOCS       https://redis.io"), "{screen}");
}

/// The alias, read back through one more probe, set and not seen everywhere.
fn propagating() -> Scene {
    let mut scene = declared();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let mut other = playbook.probes[&id("alias")].clone();
    (other.id, other.title) = (id("resolver-b"), "resolver_b".into());
    playbook.probes.insert(id("resolver-b"), other);
    playbook.levers[&id("alias")].verify.as_mut().unwrap().condition.also.push(id("resolver-b"));
    change(&mut scene, |state| {
        turn(state, "alias", Seen::Value("docs_vA".into()));
        turn(state, "resolver-b", Seen::Value("docs_vB".into()));
        let mut pull = pull("alias", "docs_vA", "flip");
        pull.read_back = None;
        state.pulls.insert(9, pull);
    });
    scene
}

#[test]
fn a_lever_that_some_probes_do_not_see_yet_says_how_many_agree_and_who_does_not() {
    const WORDS: &str = "set, propagating: 1 of 2 agree (resolver_b still shows docs_vB)";
    let scene = propagating();
    let mut wide = ui();
    type_in(&mut wide, &scene, "L");
    let screen = render(&wide, &scene, 1000, (119, 40));
    let row = screen.lines().find(|line| line.starts_with("4 ")).expect("a row");
    assert!(row.contains("set, propag") && row.contains("docs_vA, docs_vB"), "{row}");
    assert!(screen.contains(WORDS), "in full below the table:\n{screen}");

    let (mut ui, _) = armed_ui(|_| {});
    let mut armed = declared();
    armed.armed = Some(super::stage::armed(1000));
    ui.on_key(press('F'), &armed, 2000);
    let screen = render(&ui, &scene, 3000, SMALL);
    assert!(screen.contains(WORDS), "{screen}");
    let mut over = scene.clone();
    change(&mut over, |state| state.pulls.get_mut(&9).unwrap().read_back = Some(ReadBack::Disagrees));
    let screen = render(&ui, &over, 3000, SMALL);
    assert!(screen.contains("X DISAGREES") && screen.contains(WORDS), "{screen}");
    change(&mut over, |state| turn(state, "resolver-b", Seen::Value("docs_vA".into())));
    assert!(!render(&ui, &over, 3000, SMALL).contains("propagating"), "both have followed");
}
