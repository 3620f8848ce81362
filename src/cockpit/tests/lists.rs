//! What people read beside the checklist: lists, bands, words of help.

use super::stage::{change, enter, id, key, press, render, type_in, ui, undeclared, watching};
use crate::cockpit::{Intent, Scene};
use crate::incident::FollowedUp;
use crate::playbook::{Band, Contact, Faq, FollowUp, Limit, Link, Unit};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The scene with something in every list.
pub(super) fn listed() -> Scene {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    for (name, title) in
        [("canary", "Canary staging"), ("index-swap", "Vector index build and swap"), ("cache", "Cache")]
    {
        let url = format!("https://runbooks.test/{name}");
        playbook.lists.links.insert(id(name), Link { id: id(name), title: title.into(), url });
    }
    playbook.symptoms[0].links = vec![id("index-swap"), id("cache")];
    let lead = Contact { id: id("lead"), title: "Tech Lead".into(), reach: "the pager, then the phone list".into() };
    playbook.lists.contacts.insert(id("lead"), lead);
    let answer =
        "Lower is better: it is the distance between the question and what was retrieved, one less the cosine.";
    playbook.lists.faq = vec![Faq { question: "Is a lower dS better?".into(), answer: answer.into() }];
    playbook.lists.follow_ups = [("rca", "Root cause analysis", 86_400_000), ("confirm", "Confirm metrics", 3_600_000)]
        .map(|(name, title, within_ms)| FollowUp {
            id: id(name),
            title: title.into(),
            within_ms,
            owner: "Tech Lead".into(),
        })
        .to_vec();
    let band = |when: &str, say: &str| Band { when: Limit::parse(when, Unit::Number).unwrap(), say: say.into() };
    let coverage = &mut playbook.metrics["coverage"].guide;
    coverage.bands = vec![band("< 0.60", "roll back"), band("< 0.70", "prepare for rollback")];
    coverage.help = "the share of gold questions whose section was retrieved".into();
    coverage.links = vec![id("index-swap")];
    scene
}

#[test]
fn every_list_has_a_key() {
    let scene = listed();
    for (heading, keys) in
        [("SYMPTOMS", "S"), ("LINKS", "R"), ("CONTACTS", "C"), ("QUESTIONS", "f"), ("FOLLOW-UPS", "W")]
    {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        let screen = render(&ui, &scene, 1000, SMALL);
        assert!(screen.contains(heading), "{keys}: {screen}");
    }
}

#[test]
fn a_list_that_is_empty_says_so_and_opens_nothing() {
    let scene = undeclared();
    for (keys, words) in [("R", "no links"), ("C", "no contacts"), ("f", "no questions"), ("W", "no follow-ups")] {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        let screen = render(&ui, &scene, 1000, SMALL);
        assert!(ui.stack.is_empty() && screen.contains(&format!("this playbook has {words}")), "{screen}");
    }
}

#[test]
fn a_symptom_leads_to_its_pages_and_y_copies_an_address() {
    let scene = listed();
    let copied = |url: &str| [Intent::Copy(format!("https://runbooks.test/{url}"))];
    let mut ui = ui();
    type_in(&mut ui, &scene, "S");
    assert_eq!(ui.on_key(press('y'), &scene, 1000), copied("index-swap"));
    assert_eq!(enter(&mut ui, &scene), [], "opening a list wishes for nothing");
    assert_eq!(ui.on_key(press('y'), &scene, 1000), copied("index-swap"));
    ui.on_key(press('j'), &scene, 1000);
    assert_eq!(ui.on_key(press('y'), &scene, 1000), copied("cache"));
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("SYMPTOMS AND FIXES"), "back to where one came from");
}

#[test]
fn a_metric_says_what_its_value_means_and_an_unseen_one_does_not() {
    let scene = listed();
    let mut ui = ui();
    type_in(&mut ui, &scene, "1jjj");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    let screen = render(&ui, &scene, 1000, SMALL);
    for words in ["means   roll back", "shows   the share of gold questions", "open    Vector index build and swap"] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    let chart = render(&super::stage::ui(), &scene, 1000, (120, 40));
    assert!(chart.contains("age 2s  roll back"), "beside the state:\n{chart}");
    let mut unseen = scene.clone();
    unseen.board = Arc::default();
    change(&mut unseen, |state| state.verdicts.clear());
    assert!(!render(&ui, &unseen, 1000, SMALL).contains("means"), "what nobody reads means nothing");
}

#[test]
fn what_is_due_is_counted_from_closing() {
    let mut scene = listed();
    let now = scene.now.clone();
    change(&mut scene, |state| {
        state.closed = Some(true);
        state.marks.closed = Some(now);
        let done = FollowedUp { by: "lead".into(), note: "metrics hold".into(), at: super::stage::at(290) };
        state.followed_up.insert(id("confirm"), done);
    });
    let mut ui = ui();
    type_in(&mut ui, &scene, "W");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("done  confirm  Confirm metrics") && screen.contains("by lead: metrics hold"), "{screen}");
    assert!(screen.contains("open  rca      Root cause analysis") && screen.contains("within 24h00m"), "{screen}");
}

#[test]
fn a_list_of_any_size_on_any_screen_neither_panics_nor_hides_that_more_is_there() {
    let mut scene = listed();
    let playbook = Arc::make_mut(&mut scene.playbook);
    for place in 0..40 {
        let name = format!("page-{place}");
        let link = Link { id: id(&name), title: name.clone(), url: format!("https://runbooks.test/{name}") };
        playbook.lists.links.insert(id(&name), link);
    }
    for keys in ["S", "R", "RG", "C", "f", "fG", "W"] {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        for (width, height) in [(0, 0), (40, 10), (41, 11), (60, 15), (80, 24), (120, 40), (200, 60)] {
            render(&ui, &scene, 1000, (width, height));
        }
    }
    let mut ui = ui();
    type_in(&mut ui, &scene, "RG");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("page-39") && screen.contains("more; j k"), "{screen}");
}

#[test]
fn what_is_only_read_is_searched_line_by_line() {
    let scene = listed();
    for (keys, words, of) in [("f", "DISTANCE", 1), ("C", "pager", 1), ("W", "within", 2)] {
        let mut ui = ui();
        type_in(&mut ui, &scene, &format!("{keys}/{words}"));
        let screen = render(&ui, &scene, 1000, SMALL);
        assert!(screen.contains(&format!("/{words}_   1 of {of}")), "{keys}:\n{screen}");
        enter(&mut ui, &scene);
        type_in(&mut ui, &scene, "n");
        let screen = render(&ui, &scene, 1000, SMALL);
        assert!(screen.contains(&format!("/{words}   {of} of {of}")), "{keys}:\n{screen}");
    }
}
