//! Screens as text, looked at by eye once and kept.

use super::stage::{armed, at, change, declared, playbook, press, pull, render, ui, undeclared, watching};
use crate::cockpit::{Scene, Ui};
use crate::incident::ReadBack;
use crate::kind::{Outcome, Reading};
use crate::metrics::Board;
use crate::text::Text;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

fn typed(scene: &Scene, keys: &str) -> Ui {
    let mut ui = ui();
    for c in keys.chars() {
        ui.on_key(press(c), scene, 1000);
    }
    ui
}

/// The alias lever armed at 1000 ms.
pub(super) fn arming(change_armed: impl FnOnce(&mut crate::cockpit::Armed)) -> (Ui, Scene) {
    let mut scene = declared();
    let mut ui = typed(&scene, "L4");
    let mut lever = armed(1000);
    change_armed(&mut lever);
    scene.armed = Some(lever);
    ui.on_scene(&scene, 1000);
    (ui, scene)
}

#[test]
fn arm_says_f_fires_only_once_it_is_live() {
    let (ui, scene) = arming(|_| {});
    let guarded = render(&ui, &scene, 1699, SMALL);
    assert!(!guarded.contains("F fires"), "{guarded}");
    let live = render(&ui, &scene, 1700, SMALL);
    assert!(live.contains("F fires."), "{live}");
}

/// The alias lever fired, and what became of it.
pub(super) fn fired(outcome: Option<Outcome>, read_back: Option<ReadBack>) -> (Ui, Scene) {
    let (mut ui, mut scene) = arming(|_| {});
    ui.on_key(press('F'), &scene, 2000);
    change(&mut scene, |state| {
        let mut pull = pull("alias", "docs_vA", "flip");
        pull.outcome = outcome.map(|outcome| (outcome, "timeout 2s".into()));
        pull.read_back = read_back;
        state.pulls.insert(1, pull);
    });
    (ui, scene)
}

/// Every state that is drawn differently.
fn stages() -> Vec<(Ui, Scene)> {
    let scene = watching();
    let mut stages: Vec<(Ui, Scene)> = ["", "L", "H", "D", "c", "cP", "5", "?", "q", "i", "Q", "z", "1z", "o"]
        .iter()
        .map(|keys| (typed(&scene, keys), scene.clone()))
        .collect();
    stages.push((ui(), undeclared()));
    stages.push(arming(|_| {}));
    stages.push((typed(&undeclared(), "I"), undeclared()));
    stages
}

#[test]
fn no_size_panics() {
    for (ui, scene) in stages() {
        for width in 0..=40 {
            for height in 0..=20 {
                render(&ui, &scene, 1000, (width, height));
            }
        }
        for size in [
            (41, 11),
            (60, 10),
            (79, 24),
            (80, 10),
            (80, 23),
            (81, 25),
            (119, 60),
            (120, 31),
            (120, 32),
            (200, 60),
            (500, 4),
        ] {
            render(&ui, &scene, 1000, size);
        }
    }
}

#[test]
fn a_tiny_terminal_is_told_so_in_a_sentence() {
    assert!(render(&ui(), &watching(), 1000, (39, 9)).contains("40x10"));
}

#[test]
fn hostile_values_neither_panic_nor_hang() {
    let mut scene = watching();
    let playbook = playbook();
    let mut board = Board::default();
    for (second, value) in
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, f64::MAX, f64::MIN_POSITIVE, -0.0]
            .into_iter()
            .enumerate()
    {
        let sampled_ms = at(280).wall_ms + i64::try_from(second).expect("few values") * 1000;
        for metric in playbook.metrics.keys() {
            board.take(&playbook, metric, Reading::Value { value, sampled_ms }, sampled_ms);
        }
    }
    scene.board = Arc::new(board);
    for size in [SMALL, LARGE, (80, 40)] {
        render(&ui(), &scene, 1000, size);
        render(&typed(&scene, "1z"), &scene, 1000, size);
    }
}

#[test]
fn what_is_not_fresh_is_never_green() {
    let scene = watching();
    let ok = ui().theme.of(crate::cockpit::Token::Ok).fg;
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).expect("a test terminal");
    terminal.draw(|frame| ui().draw(frame, &scene, 1000)).expect("a drawn frame");
    let buffer = terminal.backend().buffer();
    for y in 0..24 {
        let row: String = (0..80).map(|x| buffer[(x, y)].symbol()).collect();
        if ["NODATA", "STALE", "ERROR"].iter().any(|word| row[2..].contains(word)) && row.contains("  -  ") {
            assert!((0..80).all(|x| buffer[(x, y)].fg != ok.expect("ok has a colour")), "{row}");
        }
    }
}

#[test]
fn an_unsaved_journal_is_the_first_thing_said() {
    let mut scene = watching();
    scene.journal_saved = false;
    assert!(render(&ui(), &scene, 1000, SMALL).lines().nth(1).is_some_and(|line| line.contains("JOURNAL NOT SAVED")));
}

#[test]
fn after_half_a_minute_away_the_current_step_says_resume_and_what_was_done_last() {
    let mut ui = ui();
    ui.on_key(press('j'), &watching(), 1000);
    for size in [SMALL, LARGE, (200, 60)] {
        assert!(!render(&ui, &watching(), 30_999, size).contains("RESUME"));
        let screen = render(&ui, &watching(), 31_000, size);
        assert!(screen.contains("RESUME"), "{screen}");
        assert!(screen.contains("after 6 throttle on"), "{screen}");
    }
    let screen = render(&ui, &watching(), 31_000, SMALL);
    assert!(screen.contains("after 6 throttle on: 8/8 fields"), "{screen}");
    ui.on_key(press('j'), &watching(), 31_000);
    assert!(!render(&ui, &watching(), 31_001, SMALL).contains("RESUME"), "a key is a person");
    assert!(!render(&ui, &declared(), 70_000, SMALL).contains("RESUME"), "nothing was begun");
}

#[test]
fn the_size_up_says_how_things_stand_now_before_what_was_said_of_them_then() {
    let mut scene = watching();
    let row = |scene: &Scene| {
        let screen = render(&ui(), scene, 1000, LARGE);
        let rows = screen.lines().skip_while(|line| !line.starts_with("SIZE-UP")).take(2);
        rows.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    let said = "said: coverage falls since 03:14, mixed answers";
    assert!(row(&scene).starts_with(&format!("SIZE-UP  coverage 0.51 static | {said}")), "{}", row(&scene));
    super::stage::landed(&mut scene);
    assert!(row(&scene).starts_with(&format!("SIZE-UP  all 6 OK now | {said}")), "{}", row(&scene));
    scene.board = Arc::default();
    change(&mut scene, |state| state.verdicts.clear());
    assert!(row(&scene).starts_with("SIZE-UP  no metric is seen now | said"), "{}", row(&scene));
}

#[test]
fn a_backend_nothing_is_asked_of_is_no_lost_link() {
    let mut scene = watching();
    for health in scene.backends.iter_mut().filter(|health| health.up == Some(false)) {
        health.up = None;
    }
    let header = render(&ui(), &scene, 1000, (120, 40)).lines().next().map(str::to_owned).expect("a header");
    assert!(header.ends_with("link 4/4 ?1"), "{header}");
}

#[test]
fn who_goes_on_with_a_declared_drill_is_past_its_brief() {
    let brief: Arc<[Text]> = [Text::from("to declare: I, a severity")].into();
    let (mut before, mut after) = (undeclared(), declared());
    (before.brief, after.brief) = (brief.clone(), brief);
    assert!(render(&ui(), &before, 1000, SMALL).contains("to declare: I, a severity"));
    let screen = render(&ui(), &after, 1000, SMALL);
    assert!(!screen.contains("to declare: I, a severity") && screen.contains("DEBTS"), "{screen}");
}

#[test]
fn what_is_closed_offers_no_debt_to_pay() {
    let mut scene = watching();
    assert!(render(&ui(), &scene, 1000, SMALL).contains("U pays"));
    change(&mut scene, |state| state.closed = Some(false));
    for size in [SMALL, (120, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, size);
        assert!(!screen.contains("U pays") && screen.contains("left open"), "{screen}");
    }
}

#[test]
fn the_clocks_and_the_hold_stay_on_top_at_every_width() {
    for width in [60, 80, 120] {
        let screen = render(&ui(), &watching(), 1000, (width, 40));
        let header = screen.lines().next().expect("a header");
        for word in ["DRILL", "T+01:00", "60s DONE 00:33", "hold 00:00/01:00", "link 4/5"] {
            assert!(header.contains(word), "{width}: {header}");
        }
    }
}
