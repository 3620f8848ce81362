//! The window's title: the state in one line, for whoever looks at another window.

use super::facts;
use super::red;
use super::scene::{Mode, Scene};
use super::words;
use crate::incident::clocks;
use crate::metrics::VerdictState;

/// `goaround LIVE X1 60s 00:12 docs-rag`: the mode, what is broken, what runs, what it is about.
pub fn title(scene: &Scene) -> String {
    let mode = format!("goaround {}", mode_word(scene.mode));
    let said = [Some(mode), trouble(scene), stands(scene), Some(scene.playbook.service.to_string())];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "LIVE",
        Mode::Drill => "DRILL",
        Mode::Watch => "OBSERVE",
        Mode::Replay => "REPLAY",
    }
}

/// What is worst: an incident that is not written down, a flip that did not last, a broken limit, a bad value.
fn trouble(scene: &Scene) -> Option<String> {
    if !scene.journal_saved {
        return Some("JOURNAL NOT SAVED".into());
    }
    let count = |state| scene.playbook.metrics.keys().filter(|metric| facts::state_of(scene, metric) == state).count();
    // A breach that nobody can see any more is not known to be over.
    let broken = count(VerdictState::Breach) + red::were_broken(scene).len() + scene.state.reverted.len();
    match (broken, count(VerdictState::Warn)) {
        (0, 0) => None,
        (0, warned) => Some(format!("!{warned}")),
        (broken, _) => Some(format!("X{broken}")),
    }
}

/// How far it is: the end, the hold met, or the clock of the first minute while it runs.
fn stands(scene: &Scene) -> Option<String> {
    match scene.state.closed {
        Some(true) => return Some("CLOSED".into()),
        Some(false) => return Some("CLOSED not recovered".into()),
        None => {}
    }
    if scene.state.marks.hold_met.is_some() {
        return Some("hold MET".into());
    }
    let readings = clocks(&scene.playbook, &scene.state, &scene.now);
    let first = readings.into_iter().find(|clock| clock.id == "60s" && clock.running && !clock.done)?;
    Some(format!("{} {}", first.title, words::clock(first.elapsed_ms)))
}
