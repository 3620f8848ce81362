//! Claims about what is said while nobody can look: nothing that was broken is over, and nothing is green.

use super::stage::{at, change, id, render, submitted, type_in, ui, watching};
use crate::cockpit::{Mode, Scene};
use crate::incident::{Command, UnseenAlarm};
use crate::kind::{Reading, Seen};
use crate::metrics::{Board, VerdictState};
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// Watching for green while no metric can be read any more; coverage was in BREACH.
fn unseen() -> Scene {
    let mut scene = watching();
    let playbook = scene.playbook.clone();
    let board: &mut Board = Arc::make_mut(&mut scene.board);
    for metric in playbook.metrics.keys() {
        board.take(&playbook, metric, Reading::Error("no answer within 2000 ms".into()), scene.now.wall_ms);
    }
    let board = scene.board.clone();
    change(&mut scene, |state| {
        for (metric, slot) in &mut state.verdicts {
            let was = slot.alarm().filter(|_| *metric == id("coverage"));
            slot.verdict = board.verdict(metric).expect("it was asked for").clone();
            slot.unseen = was;
        }
    });
    scene
}

/// The scene with coverage's alarm acknowledged.
fn acknowledged() -> Scene {
    let mut scene = unseen();
    change(&mut scene, |state| state.verdicts.get_mut(&id("coverage")).expect("it is judged").acknowledged = true);
    scene
}

#[test]
fn stop_limits_that_cannot_be_judged_are_never_said_to_hold() {
    let mut ui = ui();
    let scene = unseen();
    type_in(&mut ui, &scene, "H");
    for size in [SMALL, (120, 40), (200, 60)] {
        let screen = render(&ui, &scene, 1000, size);
        assert!(!screen.contains("none broken"), "{screen}");
        assert!(screen.contains("? cannot be judged: coverage was BREACH"), "{screen}");
    }
}

#[test]
fn one_stop_limit_that_cannot_be_judged_is_named_beside_those_that_are_broken() {
    let mut scene = watching();
    let playbook = scene.playbook.clone();
    let lost = Reading::Error("refused".into());
    Arc::make_mut(&mut scene.board).take(&playbook, &id("p99"), lost, scene.now.wall_ms);
    let mut ui = ui();
    type_in(&mut ui, &scene, "H");
    let screen = render(&ui, &scene, 1000, (120, 40));
    let row = screen.lines().find(|line| line.contains("STOP RULES")).unwrap_or_default();
    assert!(row.contains("X coverage BREACH") && row.contains("? unseen:") && row.contains("p99"), "{screen}");
}

#[test]
fn a_breach_that_nobody_can_see_any_more_stays_in_the_alert_line_until_it_is_acknowledged() {
    let scene = unseen();
    let mut ui = ui();
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("? coverage was BREACH") && screen.contains("UNACKED coverage 01:10"), "{screen}");
    let wished = type_in(&mut ui, &scene, "a");
    assert_eq!(submitted(&wished), [&Command::Acknowledge { metric: id("coverage") }]);
    let screen = render(&super::stage::ui(), &acknowledged(), 1000, SMALL);
    assert!(screen.contains("? coverage was BREACH") && !screen.contains("UNACKED"), "{screen}");
}

#[test]
fn what_is_seen_again_and_good_is_no_longer_said_to_have_been_broken() {
    let mut scene = watching();
    let unseen = UnseenAlarm { state: VerdictState::Breach, value: Some(0.02), since: at(230) };
    change(&mut scene, |state| state.verdicts.get_mut(&id("errors")).expect("it is judged").unseen = Some(unseen));
    let screen = render(&ui(), &scene, 1000, SMALL);
    assert!(!screen.contains("was BREACH"), "{screen}");
}

#[test]
fn what_cannot_be_seen_now_has_no_trend() {
    let scene = unseen();
    let screen = render(&ui(), &scene, 1000, (120, 40));
    let rows: Vec<&str> = screen.lines().filter(|line| line.contains(" -- ")).collect();
    assert!(rows.len() >= 5, "{screen}");
    for row in rows {
        assert!(!["rising", "falling", "static", "flapping"].iter().any(|word| row.contains(word)), "{row}");
    }
}

#[test]
fn who_only_reads_sees_the_links_as_the_journal_tells_them() {
    let (mut well, mut lost) = (watching(), unseen());
    change(&mut lost, |state| {
        state.sensors.values_mut().for_each(|sensor| sensor.seen = Seen::Failed("connection refused".into()));
    });
    for mode in [Mode::Watch, Mode::Replay] {
        for (scene, link) in [(&mut well, "link 1/1"), (&mut lost, "link 0/1")] {
            (scene.mode, scene.backends) = (mode, Vec::new());
            for size in [SMALL, (100, 30), (120, 40)] {
                let screen = render(&ui(), scene, 1000, size);
                assert!(screen.contains(link), "{screen}");
            }
        }
    }
}
