//! What was asked for and is refused says so where it was asked for; other news neither hides that nor looks like it.

use super::letters;
use super::stage::{armed_ui, id, press, render, type_in, ui, watching};
use crate::cockpit::{Scene, Ui};
use crate::text::Text;

const SMALL: (u16, u16) = (80, 24);

/// What a screen says after each: other news alone, a refusal with other news behind it, and one from before.
fn says((ui, scene): (&Ui, &Scene), since_ms: u64) -> [String; 3] {
    let news = |ms: u64, words: &str| Some((since_ms + ms, Text::from(words)));
    let objects = Scene { toast: news(100, "jo objects"), ..scene.clone() };
    let refused = Scene { refused: news(50, "another pull is in flight"), ..objects.clone() };
    let before = Scene { refused: Some((since_ms - 1, "an older refusal".into())), ..objects.clone() };
    [objects, refused, before].map(|scene| render(ui, &scene, since_ms + 200, SMALL))
}

#[test]
fn a_lever_that_was_not_fired_says_why_and_news_of_others_are_no_refusal() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    ui.on_key(press('F'), &scene, 2000);
    scene.armed = None;
    let [objects, refused, before] = says((&ui, &scene), 2000);
    assert!(objects.contains("FIRING   being written down") && !objects.contains("NOT FIRED"), "{objects}");
    assert!(refused.contains(" NOT FIRED   another pull is in flight"), "{refused}");
    assert!(before.contains("FIRING") && !before.contains("NOT FIRED"), "{before}");
}

#[test]
fn a_lever_that_is_being_armed_is_not_refused_by_news_of_others() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "L4");
    let [objects, refused, before] = says((&ui, &scene), 1000);
    assert!(objects.contains("ARMING   reading its position") && !objects.contains("NOT ARMED"), "{objects}");
    assert!(refused.contains(" NOT ARMED   another pull is in flight"), "{refused}");
    assert!(before.contains("ARMING   reading its position"), "{before}");
}

#[test]
fn a_message_that_was_not_sent_says_why_and_news_of_others_are_no_refusal() {
    let (ui, scene) = letters::sent_in_own_words();
    let [objects, refused, before] = says((&ui, &scene), 2400);
    assert!(objects.contains("SENDING   being written down") && !objects.contains("NOT SENT"), "{objects}");
    assert!(refused.contains(" NOT SENT   another pull is in flight"), "{refused}");
    assert!(before.contains("SENDING") && !before.contains("NOT SENT"), "{before}");
}

#[test]
fn a_message_that_is_being_prepared_is_not_refused_by_news_of_others() {
    let scene = watching();
    let mut ui = ui();
    ui.selected.comm = Some(id("first"));
    type_in(&mut ui, &scene, "cP");
    let [objects, refused, before] = says((&ui, &scene), 1000);
    assert!(objects.contains("PREPARING   nothing is sent") && !objects.contains("CANNOT SEND"), "{objects}");
    assert!(refused.contains("CANNOT SEND") && refused.contains("another pull is in flight"), "{refused}");
    assert!(before.contains("PREPARING   nothing is sent"), "{before}");
}
