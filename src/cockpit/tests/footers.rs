//! What a footer offers is done, never answered with why not.

use super::replay::replayed;
use super::shots::{Shot, shots};
use super::stage::change;
use crate::cockpit::keymap::{Act, Bound, Key};
use crate::cockpit::panels::{View, foot};
use crate::cockpit::{Intent, Mode, Scene, Ui};
use crate::incident::{Stamped, decide};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// How a state is made of a scene.
type Turn = fn(&mut Scene);

/// What the same views are looked at in.
const STATES: [(&str, Turn); 6] = [
    ("as it is", |_| {}),
    ("before declaring", |scene| change(scene, |state| state.marks.declared = None)),
    ("under nothing", |scene| scene.armed = None),
    ("closed", |scene| {
        let now = scene.now.clone();
        change(scene, |state| (state.closed, state.marks.closed) = (Some(true), Some(now)));
    }),
    ("observing", |scene| scene.mode = Mode::Watch),
    ("replaying", |scene| scene.mode = Mode::Replay),
];

/// The keys that a row of the table is bound to, the one named first.
fn pressed(bound: &Bound) -> KeyEvent {
    let (code, modifiers) = match bound.keys[0] {
        Key::Char(c) | Key::Twice(c) => (KeyCode::Char(c), KeyModifiers::NONE),
        Key::Ctrl(c) => (KeyCode::Char(c), KeyModifiers::CONTROL),
        Key::Digit(_) => (KeyCode::Char('1'), KeyModifiers::NONE),
        Key::Letter(_) => (KeyCode::Char('a'), KeyModifiers::NONE),
        Key::Code(code) => (code, KeyModifiers::NONE),
        Key::Shift(code) => (code, KeyModifiers::SHIFT),
    };
    KeyEvent::new(code, modifiers)
}

/// Why the key of `bound` does nothing, if it does nothing and says so, or is refused by the incident itself.
fn refusal((mut ui, scene): (Ui, &Scene), bound: &Bound, at_ms: u64) -> Option<String> {
    ui.notice = None;
    let before = ui.stack.len();
    let intents = ui.on_key(pressed(bound), scene, at_ms);
    let still = intents.is_empty() && ui.stack.len() == before;
    let said = ui.notice.filter(|_| still).map(|notice| notice.words);
    let commands = intents.into_iter().filter_map(|intent| match intent {
        Intent::Submit(command) => Some(Stamped { at: scene.now.clone(), actor: "mira".into(), command }),
        _ => None,
    });
    let refused = commands.filter_map(|stamped| decide(&scene.playbook, &scene.state, &stamped).err());
    said.or_else(|| refused.map(|refusal| refusal.0).next())
}

/// What a view in a state offers in vain.
fn offered_in_vain(shot: &Shot, state: &str, turn: Turn) -> Vec<String> {
    let (mut ui, mut scene) = (shot.ui.clone(), shot.scene.clone());
    turn(&mut scene);
    // A journal that was begun.
    change(&mut scene, |state| state.seq = state.seq.max(100));
    ui.reel = (scene.mode == Mode::Replay).then(|| replayed().0.reel).flatten();
    let view = View { ui: &ui, scene: &scene, theme: &ui.theme, human_ms: shot.at_ms };
    // An answer is judged as it is taken: an empty line, a row of the palette that says why it is off.
    let asked = |bound: &&Bound| !matches!(bound.binding.act, Act::Accept | Act::Choose);
    let offered = foot::shown(&view).into_iter().filter(asked);
    let vain = offered.filter_map(|bound| {
        let why = refusal((ui.clone(), &scene), bound, shot.at_ms + 1000)?;
        Some(format!("{} {state}: {} {}: {why}", shot.name, bound.first_key(), bound.binding.foot))
    });
    vain.collect()
}

#[test]
fn no_footer_offers_what_would_be_refused() {
    let shots = shots();
    let flown = shots.iter().filter(|shot| shot.ui.sheet.is_none());
    let vain: Vec<String> = flown
        .flat_map(|shot| STATES.iter().flat_map(move |(state, turn)| offered_in_vain(shot, state, *turn)))
        .collect();
    assert!(vain.is_empty(), "{} keys are offered in vain:\n{}", vain.len(), vain.join("\n"));
}
