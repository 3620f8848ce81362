//! The decision tree and the branches it opens: what is N/A, what opens it, what a second person answers.

use super::stage::{
    at, change, declared, enter, id, ids, key, press, render, settle, submitted, type_in, ui, watching,
};
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::{BranchState, Command, StepStatus};
use crate::playbook::{Ask, Branch, Id, Opening, Step, StepKind, Symptom};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The scene with two more symptoms and three branches, each with a question in front of the watch step.
fn branched(mut scene: Scene) -> Scene {
    let playbook = Arc::make_mut(&mut scene.playbook);
    let symptoms = [
        ("bad-arm", "bad arm: errors or slow answers", ["errors", "p99"].as_slice(), ["pointer", "flag"].as_slice()),
        ("mixed", "mixed answers across versions", &[], &["alias", "pointer"]),
    ];
    for (name, title, any, levers) in symptoms {
        let (title, any, levers) = (title.to_owned(), ids(any), ids(levers));
        let symptom =
            Symptom { id: id(name), title, when: Vec::new(), any, unless: Vec::new(), levers, links: Vec::new() };
        playbook.symptoms.insert(id(name), symptom);
    }
    let branches = [
        ("retriever", "Wrong retriever", "two retrievers answer", Some(Opening::Symptom(id("index-mismatch")))),
        ("late", "Call the second line", "", Some(Opening::Overdue("60s".into()))),
        ("legal", "Tell the regulator", "personal data was shown", None),
    ];
    for (place, (name, title, why, when)) in branches.into_iter().enumerate() {
        let branch = Branch { id: id(name), title: title.into(), why: why.into(), when };
        playbook.branches.insert(id(name), branch);
        playbook.steps.insert(6 + place, asks(name, &format!("{title} done"), (name == "legal").then_some("Counsel")));
    }
    scene
}

fn asks(branch: &str, title: &str, approver: Option<&str>) -> Step {
    let answers = vec!["yes".into(), "no".into()];
    let ask = Ask { question: "is it done?".into(), answers, good: 1, approver: approver.map(Into::into) };
    Step {
        id: id(&format!("ask-{branch}")),
        title: title.into(),
        why: "the tree says so".into(),
        branch: Some(id(branch)),
        unless: None,
        sixty: false,
        stage: None,
        kind: StepKind::Ask(ask),
        done: None,
        by_hand: None,
    }
}

fn open(scene: &mut Scene, branch: &str, why: &str) {
    change(scene, |state| {
        state.branches.insert(id(branch), BranchState { opened: at(270), why: why.into() });
    });
}

/// Watching, with the retriever's branch open by itself.
pub(super) fn treed() -> Scene {
    let mut scene = branched(watching());
    open(&mut scene, "retriever", "symptom wrong index: coverage down, 5xx quiet is raised");
    scene
}

fn down(ui: &mut Ui, scene: &Scene, times: usize) {
    (0..times).for_each(|_| drop(ui.on_key(press('j'), scene, 1000)));
}

#[test]
fn the_tree_says_what_is_raised_why_and_what_it_opens() {
    let scene = treed();
    let mut ui = ui();
    type_in(&mut ui, &scene, "t");
    down(&mut ui, &scene, 9);
    let end = render(&ui, &scene, 1000, SMALL);
    assert!(end.contains("Tell the regulator") && end.contains("only by Enter and a reason"), "{end}");
    assert!(!end.contains("all     coverage"), "what does not fit scrolls:\n{end}");
}

#[test]
fn what_is_not_flown_stays_in_sight_as_not_applicable() {
    let scene = treed();
    let screen = render(&ui(), &scene, 1000, (120, 40));
    assert!(screen.contains("[/] Call the second line d.. N/A"), "{screen}");
}

#[test]
fn keys_on_a_step_that_is_not_flown_say_where_it_opens() {
    let mut scene = branched(declared());
    for key in ['r', ' ', 's', 'o', 'd', 'u'] {
        let mut ui = ui();
        down(&mut ui, &scene, 6);
        assert_eq!(ui.on_key(press(key), &scene, 1000), [], "{key}");
        let said = ui.notice.as_ref().map(|notice| notice.words.clone()).unwrap_or_default();
        assert!(said.contains("its branch `Wrong retriever` is not open; t opens it"), "{key}: {said}");
    }
    open(&mut scene, "retriever", "seen");
    let mut ui = ui();
    down(&mut ui, &scene, 6);
    ui.on_key(press('s'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("SKIP  Wrong retriever done: why?"));
}

#[test]
fn enter_opens_the_branch_selected_with_a_reason_and_never_without() {
    let scene = branched(declared());
    let mut ui = ui();
    type_in(&mut ui, &scene, "t");
    assert_eq!(enter(&mut ui, &scene), [], "a reason comes first");
    assert!(render(&ui, &scene, 1000, SMALL).contains("OPEN BRANCH  Wrong retriever: why?"));
    assert_eq!(enter(&mut ui, &scene), [], "an empty line is none");
    type_in(&mut ui, &scene, "two answers in one");
    let command = Command::OpenBranch { branch: id("retriever"), reason: "two answers in one".into() };
    assert_eq!(enter(&mut ui, &scene), [Intent::Submit(command)]);
    assert!(matches!(ui.stack.as_slice(), [crate::cockpit::ui::Dialog::Tree]), "back in the tree");
}

#[test]
fn a_branch_that_is_open_or_not_there_or_too_early_is_not_opened() {
    let cases = [
        (branched(super::stage::undeclared()), 0, "no rollback is declared"),
        (treed(), 1, "Wrong retriever is open: its steps are in the checklist"),
        (branched(declared()), 2, "no branch hangs on this symptom"),
    ];
    for (scene, place, why) in cases {
        let mut ui = ui();
        type_in(&mut ui, &scene, "t");
        down(&mut ui, &scene, place);
        assert_eq!(enter(&mut ui, &scene), []);
        let said = ui.notice.as_ref().map(|notice| notice.words.clone()).unwrap_or_default();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_person_raises_the_symptom_selected() {
    let mut scene = branched(declared());
    let mut ui = ui();
    type_in(&mut ui, &scene, "t");
    down(&mut ui, &scene, 3);
    let raised = ui.on_key(press('s'), &scene, 1000);
    assert_eq!(submitted(&raised), [&Command::DeclareSymptom { symptom: id("mixed") }]);
    change(&mut scene, |state| state.declared_symptoms.extend([id("mixed")]));
    assert_eq!(ui.on_key(press('s'), &scene, 1000), [], "once is enough");
    assert!(render(&ui, &scene, 9000, SMALL).contains("RAISED by hand"));
}

#[test]
fn the_name_of_a_second_person_is_typed_with_their_answer() {
    let mut scene = branched(watching());
    open(&mut scene, "legal", "a customer wrote");
    let mut ui = ui();
    type_in(&mut ui, &scene, " ");
    ui.on_key(press('1'), &scene, 3000);
    assert!(render(&ui, &scene, 3000, SMALL).contains("ANSWER  `yes`: who says so? Counsel"));
    let commander = scene.commander.to_string();
    type_in(&mut ui, &scene, &commander);
    assert_eq!(enter(&mut ui, &scene), [], "who commands answers for nobody else");
    ui.on_key(super::stage::ctrl('u'), &scene, 3000);
    type_in(&mut ui, &scene, "noor");
    let command =
        Command::Confirm { step: id("ask-legal"), saw: "yes".into(), took_ms: 2000, approver: Some("noor".into()) };
    assert_eq!(enter(&mut ui, &scene), [Intent::Submit(command)]);
}

#[test]
fn a_lever_that_fits_nothing_raised_is_picked_with_a_reason() {
    let mut scene = branched(declared());
    Arc::make_mut(&mut scene.playbook).symptoms.retain(|known, _| *known == id("mixed"));
    change(&mut scene, |state| {
        state.declared_symptoms.insert(id("mixed"));
        ["capture", "freeze"].into_iter().for_each(|step| settle(state, step, StepStatus::Sensed, 250));
    });
    let mut ui = ui();
    type_in(&mut ui, &scene, "r");
    assert_eq!(ui.on_key(press('2'), &scene, 3500), [], "a reason comes first");
    let screen = render(&ui, &scene, 3500, SMALL);
    assert!(screen.contains("no raised symptom lists Kill switch: prompt pack off"), "{screen}");
    type_in(&mut ui, &scene, "the flag is faster");
    let lever: Id = id("flag");
    let reason = Some("the flag is faster".into());
    let command = Command::Pick { step: id("pick"), lever, took_ms: 2500, reason };
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 4000), [Intent::Submit(command)]);
}

#[test]
fn the_role_that_approves_a_lever_is_named_where_it_is_asked() {
    let (mut ui, mut scene) = super::stage::armed_ui(|_| {});
    let lever = &mut Arc::make_mut(&mut scene.playbook).levers[&id("alias")];
    (lever.second_person, lever.approver) = (true, Some("DBA".into()));
    assert!(render(&ui, &scene, 2000, SMALL).contains("reversible, needs DBA"));
    ui.on_key(press('A'), &scene, 2000);
    assert!(render(&ui, &scene, 2000, SMALL).contains("APPROVE  who approves? DBA"));
}
