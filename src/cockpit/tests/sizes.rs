//! The main screen in every state at every size: what must be there, what has room, what it looks like.

use super::stage::{at, change, declared, id, press, pull, render, settle, type_in, ui, undeclared, watching};
use crate::cockpit::Scene;
use crate::incident::{StepStatus, Streak, StreakState};
use crate::kind::{Reading, Seen};
use crate::playbook::{Lever, Metric};
use std::sync::Arc;

const SIZES: [(u16, u16); 4] = [(40, 10), (80, 24), (120, 40), (200, 60)];

/// Declared, two steps behind, the lever of the fourth fired and not settled.
fn in_flight() -> Scene {
    let mut scene = declared();
    change(&mut scene, |state| {
        state.marks.first_step = Some(at(262));
        settle(state, "capture", StepStatus::Sensed, 262);
        settle(state, "freeze", StepStatus::Sensed, 268);
        settle(state, "pick", StepStatus::Confirmed, 274);
        settle(state, "flip", StepStatus::Running, 280);
        state.pick = Some(id("alias"));
        let mut flown = pull("alias", "docs_vA", "flip");
        (flown.started, flown.outcome, flown.settled, flown.read_back) = (at(298), None, None, None);
        state.pulls.insert(1, flown);
        super::stage::turn(state, "writers", Seen::Value("-".into()));
    });
    scene
}

/// A minute later: every metric recovered half a minute ago.
fn recover(scene: &mut Scene) {
    let (playbook, mut board) = (scene.playbook.clone(), (*scene.board).clone());
    for second in 299..=358_u32 {
        let part = f64::from(second - 298).min(30.0) / 30.0;
        let values = [
            ("errors", 0.0041 - 0.0011 * part),
            ("p99", 70.0),
            ("p95", 51.0),
            ("coverage", 0.51 + 0.3 * part),
            ("ds", 0.31 - 0.09 * part),
            ("lambda", 0.1),
        ];
        for (name, value) in values {
            let sampled_ms = at(u64::from(second)).wall_ms;
            board.take(&playbook, &id(name), Reading::Value { value, sampled_ms }, sampled_ms);
        }
    }
    scene.now = at(360);
    board.tick(&playbook, scene.now.wall_ms);
    scene.looked = Arc::new(playbook.probes.keys().map(|probe| (probe.clone(), at(357))).collect());
    change(scene, |state| {
        for (metric, slot) in &mut state.verdicts {
            let verdict = board.verdict(metric).expect("it was read").clone();
            (slot.verdict, slot.since, slot.acknowledged) = (verdict, at(330), true);
        }
        state.hold.overall = Some(Streak::new(StreakState::Green, &at(330)));
        state.hold.streaks.values_mut().for_each(|streak| *streak = Streak::new(StreakState::Green, &at(330)));
    });
    scene.board = Arc::new(board);
}

/// Every target green, the hold under way.
fn holding() -> Scene {
    let mut scene = watching();
    recover(&mut scene);
    scene
}

/// All done, both debts paid.
fn done() -> Scene {
    let mut scene = holding();
    let now = scene.now.clone();
    change(&mut scene, |state| {
        settle(state, "watch", StepStatus::Sensed, 352);
        state.marks.hold_met = Some(at(355));
        state.debts.values_mut().for_each(|debt| debt.paid = Some(now.clone()));
    });
    scene
}

fn closed() -> Scene {
    let mut scene = done();
    change(&mut scene, |state| {
        state.closed = Some(true);
        state.marks.closed = Some(at(359));
    });
    scene
}

pub(super) fn scenes() -> [(&'static str, Scene); 6] {
    [
        ("undeclared", undeclared()),
        ("breach", declared()),
        ("flight", in_flight()),
        ("hold", holding()),
        ("done", done()),
        ("closed", closed()),
    ]
}

/// Watching, of a playbook as large as those that people fly: 17 metrics and 12 levers.
fn large() -> Scene {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let (metric, lever) = (playbook.metrics[&id("errors")].clone(), playbook.levers[&id("rotate")].clone());
    for place in playbook.metrics.len()..17 {
        let name = id(&format!("metric-{place}"));
        playbook.metrics.insert(name.clone(), Metric { id: name, ..metric.clone() });
    }
    for place in playbook.levers.len()..12 {
        let name = id(&format!("lever-{place}"));
        playbook.levers.insert(name.clone(), Lever { id: name, ..lever.clone() });
    }
    scene
}

#[test]
fn no_size_loses_what_a_commander_must_see() {
    for scene in [watching(), large()] {
        loses_nothing(&scene);
    }
}

fn loses_nothing(scene: &Scene) {
    for width in (40..=210).step_by(17) {
        for height in [10, 11, 13, 16, 20, 23, 24, 25, 31, 32, 40, 60] {
            let screen = render(&ui(), scene, 1000, (width, height));
            for words in [
                "T+01:00",
                "60s DONE 00:33",
                "hold 00:00/01:00",
                "link 4/5",
                "X 1 BREACH",
                "UNACKED coverage 01:10",
                "X coverage ",
                "0.51",
                "> 7 [>] watch",
                "RUNNING",
                "DEBTS 2",
                "unfreeze",
                "? help",
            ] {
                assert!(screen.contains(words), "{width}x{height} has no {words}:\n{screen}");
            }
            let widest = screen.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(usize::from(width)), "{width}x{height}");
        }
    }
}

#[test]
fn the_least_screen_says_what_the_current_step_waits_for() {
    let screen = render(&ui(), &watching(), 1000, SIZES[0]);
    let words: Vec<&str> = screen.split_whitespace().collect();
    assert!(words.join(" ").contains("green-for 00:00/01:00 waits for coverage"), "{screen}");
}

#[test]
fn below_the_least_a_screen_suggests_plain() {
    for size in [(39, 10), (40, 9), (20, 5)] {
        let screen = render(&ui(), &watching(), 1000, size);
        let words: Vec<&str> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains("use --plain"), "{size:?}\n{screen}");
    }
    let high = render(&ui(), &watching(), 1000, (39, 20));
    assert!(high.contains("T+01:00") && high.contains("coverage"), "{high}");
}

#[test]
fn a_checklist_in_two_columns_says_what_was_seen_at_each_step() {
    let screen = render(&ui(), &watching(), 1000, (120, 40));
    assert_eq!(screen.matches("8/8 fields").count() - screen.matches("SENSED 8/8 fields").count(), 4, "{screen}");
    assert!(screen.contains("saw: Index alias back to docs_vA") && screen.contains("\"cache-eu down, by hand\""));
}

#[test]
fn three_columns_have_charts_the_hold_the_tree_and_the_backends() {
    let screen = render(&ui(), &watching(), 1000, (200, 60));
    for words in ["HOLD AND WATCH", "DECISION TREE  1 of 1 raised", "BACKENDS 4/5 answer", "ALERTS", "5 JOURNAL"] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    assert!(screen.matches("  now  ").count() >= 4, "{screen}");
}

#[test]
fn extra_height_goes_to_charts_and_then_to_the_journal() {
    let heads = |height| {
        let screen = render(&ui(), &watching(), 1000, (80, height));
        (screen.lines().filter(|line| line.ends_with(" now")).count(), screen.contains("5 JOURNAL"))
    };
    assert_eq!(heads(24), (0, false));
    assert_eq!(heads(40).0, 1);
    assert!(heads(60).0 >= 2);
    assert_eq!(heads(130), (5, true), "every metric that was read has its chart");
}

#[test]
fn a_long_title_has_the_room_that_no_column_needs() {
    let mut scene = watching();
    let title = "share of answers with a source";
    Arc::make_mut(&mut scene.playbook).metrics["p99"].title = title.into();
    for width in [100, 119, 160] {
        assert!(render(&ui(), &scene, 1000, (width, 24)).contains(title), "{width}");
    }
}

#[test]
fn metrics_stay_live_beside_a_view_and_so_do_steps_where_there_is_room() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "D");
    let two = render(&ui, &scene, 1000, (120, 40));
    assert!(two.lines().any(|line| line.find("X coverage").is_some_and(|place| place > 80)), "{two}");
    let three = render(&ui, &scene, 1000, (200, 60));
    assert!(three.contains("2 CHECKLIST") && three.contains("5 JOURNAL"), "{three}");
    ui.on_key(press('H'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, (200, 60)).contains("EXIT TARGET"));
}

#[test]
fn no_state_at_any_size_panics() {
    for (_, scene) in scenes() {
        for width in (1..=46).step_by(5).chain([79, 80, 119, 120, 199, 200, 400]) {
            for height in [1, 2, 9, 10, 12, 23, 24, 32, 60] {
                render(&ui(), &scene, 1000, (width, height));
            }
        }
    }
}

#[test]
fn what_keeps_a_debt_open_is_told_in_full_and_no_debt_loses_its_row_for_it() {
    let mut scene = watching();
    let screen = render(&ui(), &scene, 1000, (120, 40));
    let words: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with("DEBTS")).take(5).collect();
    assert!(words.join(" ").contains("comes first"), "{screen}");
    change(&mut scene, |state| {
        let more = ["a", "b", "c", "d"].map(|name| (id(name), state.debts[&id("unthrottle")].clone()));
        state.debts.extend(more);
    });
    let screen = render(&ui(), &scene, 1000, (120, 40));
    assert_eq!(screen.matches("  throttle off  ").count(), 5, "{screen}");
}

#[test]
fn a_short_history_fills_the_chart() {
    let mut scene = undeclared();
    let mut board = crate::metrics::Board::default();
    for second in 250..=298 {
        let sampled_ms = at(second).wall_ms;
        board.take(&scene.playbook, &id("coverage"), Reading::Value { value: 0.8, sampled_ms }, sampled_ms);
    }
    scene.board = Arc::new(board);
    let screen = render(&ui(), &scene, 1000, (120, 40));
    assert!(screen.contains("|-30s") && screen.contains(&"#".repeat(35)), "{screen}");
}

#[test]
fn a_long_brief_hides_neither_the_header_nor_the_way_to_put_it_away() {
    let mut scene = undeclared();
    scene.brief =
        vec!["docs-rag moved to green, and everything looks healthy for now ".repeat(4).as_str().into()].into();
    let screen = render(&ui(), &scene, 1000, SIZES[0]);
    assert!(screen.contains("any key puts this away") && screen.contains("not declared"), "{screen}");
}

#[test]
fn neither_what_happened_nor_a_target_is_cut_where_there_is_room() {
    let screen = render(&ui(), &watching(), 1000, (120, 40));
    let journal: Vec<&str> =
        screen.lines().skip_while(|line| !line.contains("5 JOURNAL")).filter_map(|line| line.get(70..)).collect();
    let words: Vec<&str> = journal.iter().flat_map(|row| row.split_whitespace()).collect();
    let told = words.join(" ");
    for whole in ["OVERRIDDEN: cache-eu down, by hand", "AGREES after 2 looks in 1010 ms, shows docs_vA"] {
        assert!(told.contains(whole), "{whole}: {screen}");
    }
    assert!(screen.contains(" last-known-good "), "{screen}");
}
