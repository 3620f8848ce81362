//! A scene set by hand: the docs-rag rollback, some minutes in.

pub(super) use super::playbook::{asking, id, ids, playbook};
use crate::cockpit::{Armed, Company, Health, Intent, Interlock, Mode, Scene, Theme, Ui};
use crate::incident::event::{DoneBy, Trigger};
use crate::incident::{
    BootId, Command, DebtState, Event, Moment, PullState, ReadBack, Record, SensorState, State, StepState, StepStatus,
    Streak, StreakState, VerdictSlot, Way,
};
use crate::kind::{Outcome, Reading, Seen};
use crate::metrics::Board;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

/// 2026-11-21 03:12:00 UTC.
const EPOCH_MS: i64 = 1_795_230_720_000;

pub(super) fn at(second: u64) -> Moment {
    Moment { wall_ms: EPOCH_MS, boot_ns: 0, boot_id: BootId::from("drill") }.plus_ms(second * 1000)
}

/// Nothing declared, coverage in BREACH.
pub(super) fn undeclared() -> Scene {
    let playbook = playbook();
    let now = at(300);
    let mut board = Board::default();
    for second in 0..=298_u32 {
        let place = f64::from(second);
        let bad = second > 120;
        let values = [
            ("errors", 0.0041 + if second % 20 == 0 { 0.001 } else { 0.0 }),
            ("p99", 70.0 + (place / 9.0).sin() * 4.0),
            ("p95", 51.0 + (place / 11.0).cos()),
            ("coverage", if bad { 0.81 - (place - 120.0).min(60.0) * 0.005 } else { 0.81 }),
            ("ds", if bad { 0.31 } else { 0.22 }),
        ];
        for (name, value) in values {
            let sampled_ms = at(u64::from(second)).wall_ms;
            let lost = name == "coverage" && (200..215).contains(&second) || name == "ds" && second > 240;
            let reading = if lost { Reading::NoData("empty".into()) } else { Reading::Value { value, sampled_ms } };
            board.take(&playbook, &id(name), reading, sampled_ms);
        }
    }
    board.take(&playbook, &id("lambda"), Reading::Error("connection refused".into()), at(298).wall_ms);
    board.tick(&playbook, now.wall_ms);
    let mut state = State { incident: "20261121-031200-docs-rag".into(), ..State::default() };
    for metric in playbook.metrics.keys() {
        if let Some(verdict) = board.verdict(metric) {
            let slot = VerdictSlot { verdict: verdict.clone(), since: at(230), acknowledged: false, unseen: None };
            state.verdicts.insert(metric.clone(), slot);
        }
    }
    let sees = [
        ("arm", "green"),
        ("alias", "docs_vB"),
        ("flag", "on"),
        ("pinset", "pinned"),
        ("writers", "+"),
        ("namespace", "ns-green"),
        ("limit", "100000"),
    ];
    for (probe, value) in sees {
        turn(&mut state, probe, Seen::Value(value.into()));
    }
    let health =
        |(name, up): (&str, bool)| Health { backend: id(name), up: Some(up), why: Text::default(), since: None };
    Scene {
        mode: Mode::Drill,
        ranked: ids(&["alias", "pointer", "flag", "pins", "freeze", "rotate", "throttle"]),
        looked: Arc::new(playbook.probes.keys().map(|probe| (probe.clone(), at(297))).collect()),
        playbook: Arc::new(playbook),
        state: Arc::new(state),
        board: Arc::new(board),
        records: Arc::new(VecDeque::new()),
        now,
        backends: [("edge", true), ("haproxy", true), ("cache", true), ("prom", true), ("flags", false)]
            .map(health)
            .to_vec(),
        journal_saved: true,
        commander: "mira".into(),
        armed: None,
        letter: None,
        brief: Arc::new([]),
        company: Company::default(),
        toast: None,
        refused: None,
    }
}

/// What a probe sees from now on.
pub(super) fn turn(state: &mut State, probe: &str, seen: Seen) {
    let last_value = seen.value().map(Text::from);
    state.sensors.insert(id(probe), SensorState { seen, since: at(10), last_value });
}

pub(super) fn change(scene: &mut Scene, change: impl FnOnce(&mut State)) {
    change(Arc::make_mut(&mut scene.state));
}

pub(super) fn settle(state: &mut State, step: &str, status: StepStatus, second: u64) {
    let done_by = match status {
        StepStatus::Sensed => Some(DoneBy::Sensed { saw: "8/8 fields".into() }),
        StepStatus::Confirmed => Some(DoneBy::confirmed("Index alias back to docs_vA".into(), 2100)),
        _ => None,
    };
    let reason =
        matches!(status, StepStatus::Overridden | StepStatus::Skipped | StepStatus::Deferred | StepStatus::Failed)
            .then(|| Text::from("cache-eu down, by hand"));
    let state_of = StepState { status, started: Some(at(second)), since: at(second + 3), done_by, reason };
    state.steps.insert(id(step), state_of);
}

/// Declared, nothing begun.
pub(super) fn declared() -> Scene {
    let mut scene = undeclared();
    let trigger = Trigger::Person("mixed answers".into());
    change(&mut scene, |state| {
        state.marks.declared = Some(at(240));
        state.severity = 1;
        state.size_up = "coverage falls since 03:14, mixed answers".into();
        state.triggers = vec![trigger.clone()];
    });
    let event = Event::Declared { severity: 1, triggers: vec![trigger], size_up: "coverage falls".into() };
    let declared = Record { seq: 9, at: at(240), actor: "mira".into(), event };
    Arc::make_mut(&mut scene.records).push_back(declared);
    scene
}

/// Six steps behind, watching for green.
pub(super) fn watching() -> Scene {
    let mut scene = declared();
    change(&mut scene, |state| {
        state.marks.first_step = Some(at(242));
        for (place, name) in (0..).zip(["capture", "freeze", "pick", "flip", "rotate", "throttle"]) {
            let status = match name {
                "pick" => StepStatus::Confirmed,
                "rotate" => StepStatus::Overridden,
                _ => StepStatus::Sensed,
            };
            settle(state, name, status, 242 + place * 6);
        }
        state.marks.sixty_done = Some(at(275));
        state.pick = Some(id("alias"));
        settle(state, "watch", StepStatus::Running, 276);
        state.pulls.insert(1, pull("freeze", "-", "freeze"));
        state.pulls.insert(2, pull("alias", "docs_vA", "flip"));
        turn(state, "alias", Seen::Value("docs_vA".into()));
        turn(state, "writers", Seen::Value("-".into()));
        turn(state, "pinset", Seen::Failed("connection refused".into()));
        state.debts.insert(id("unfreeze"), DebtState { title: "unfreeze writers".into(), opened: at(251), paid: None });
        state.debts.insert(id("unthrottle"), DebtState { title: "throttle off".into(), opened: at(275), paid: None });
        state.marks.hold_started = Some(at(276));
        state.hold.overall = Some(Streak::new(StreakState::Missed, &at(276)));
        state.hold.last_reset = Some("coverage BREACH".into());
        for (metric, now) in [
            ("errors", StreakState::Green),
            ("p95", StreakState::Green),
            ("ds", StreakState::Paused),
            ("coverage", StreakState::Missed),
        ] {
            state.hold.streaks.insert(id(metric), Streak::new(now, &at(276)));
        }
    });
    for (seq, second, event) in story() {
        let record = Record { seq, at: at(second), actor: "mira".into(), event };
        Arc::make_mut(&mut scene.records).push_back(record);
    }
    scene
}

/// Every metric read green, the hold met, both debts paid.
pub(super) fn landed(scene: &mut Scene) {
    let (playbook, now) = (scene.playbook.clone(), scene.now.clone());
    let mut board = Board::default();
    let good = [("errors", 0.001), ("p99", 70.0), ("p95", 50.0), ("coverage", 0.81), ("ds", 0.22), ("lambda", 0.1)];
    for (name, value) in good {
        let reading = Reading::Value { value, sampled_ms: now.wall_ms };
        board.take(&playbook, &id(name), reading, now.wall_ms);
    }
    change(scene, |state| {
        for (metric, slot) in &mut state.verdicts {
            slot.verdict = board.verdict(metric).expect("it was read").clone();
        }
        state.marks.hold_met = Some(now.clone());
        state.debts.values_mut().for_each(|debt| debt.paid = Some(now.clone()));
    });
    scene.board = Arc::new(board);
}

fn story() -> Vec<(u64, u64, Event)> {
    let started = |name: &str| Event::StepStarted { step: id(name), out_of_order: None };
    let sensed =
        |name: &str, saw: &str| Event::StepDone { step: id(name), by: DoneBy::Sensed { saw: saw.into() }, pick: None };
    vec![
        (10, 242, started("capture")),
        (11, 245, sensed("capture", "8/8 fields")),
        (12, 248, started("freeze")),
        (13, 251, sensed("freeze", "-")),
        (14, 258, started("flip")),
        (15, 259, fired()),
        (
            16,
            259,
            Event::PullSettled {
                attempt: 2,
                outcome: Outcome::Applied,
                detail: "OK".into(),
                took_ms: 4,
                evidence: None,
            },
        ),
        (
            17,
            261,
            Event::ReadBack {
                attempt: 2,
                result: ReadBack::Agrees,
                saw: Seen::Value("docs_vA".into()),
                looks: 2,
                took_ms: 1010,
                detail: None,
            },
        ),
        (18, 266, Event::StepOverridden { step: id("rotate"), reason: "cache-eu down, by hand".into() }),
        (19, 276, Event::HoldStarted),
    ]
}

fn fired() -> Event {
    Event::PullStarted {
        attempt: 2,
        lever: id("alias"),
        way: Way::Do,
        step: Some(id("flip")),
        want: "docs_vA".into(),
        was: Some("docs_vB".into()),
        bindings: BTreeMap::new(),
        request_sha256: String::new(),
        deadline_ms: 2000,
        override_reason: None,
        by_hand: false,
    }
}

/// A pull that worked.
pub(super) fn pull(lever: &str, want: &str, step: &str) -> PullState {
    PullState {
        lever: id(lever),
        way: Way::Do,
        step: Some(id(step)),
        want: want.into(),
        was: Some("docs_vB".into()),
        bindings: BTreeMap::new(),
        started: at(259),
        by_hand: false,
        outcome: Some((Outcome::Applied, "OK".into())),
        settled: Some(at(259).plus_ms(412)),
        read_back: Some(ReadBack::Agrees),
        effective_at: Some(at(261)),
        attested: None,
    }
}

/// The alias lever under arms since `armed_at_ms`.
pub(super) fn armed(armed_at_ms: u64) -> Armed {
    let interlock =
        |title: &str, holds, saw: &str| Interlock { title: title.into(), holds, saw: saw.into(), read: Some(at(297)) };
    Armed {
        lever: id("alias"),
        way: Way::Do,
        step: None,
        want: "docs_vA".into(),
        was: Some(("docs_vB".into(), at(298))),
        request: vec![
            "redis 127.0.0.1:17079 as cockpit, password from REDIS_PASS".into(),
            "SET live:alias docs_vA".into(),
        ],
        pasted: Some("REDISCLI_AUTH=\"${REDIS_PASS}\" redis-cli -h 127.0.0.1 -p 17079 SET live:alias docs_vA".into()),
        bindings: BTreeMap::new(),
        request_sha256: "9f2c".into(),
        verify: "index alias is docs_vA, twice within 10s".into(),
        undo: Some("SET live:alias docs_vB".into()),
        position: None,
        interlocks: vec![interlock("writers -", Some(true), "-")],
        blocked: None,
        armed_at_ms,
    }
}

pub(super) fn ui() -> Ui {
    Ui::new(Theme::embedded("dark").expect("the dark theme is embedded"))
}

pub(super) fn key(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

pub(super) fn press(c: char) -> KeyEvent {
    key(KeyCode::Char(c))
}

pub(super) fn ctrl(c: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)
}

pub(super) fn type_in(ui: &mut Ui, scene: &Scene, text: &str) -> Vec<Intent> {
    text.chars().flat_map(|c| ui.on_key(press(c), scene, 1000)).collect()
}

pub(super) fn enter(ui: &mut Ui, scene: &Scene) -> Vec<Intent> {
    ui.on_key(key(KeyCode::Enter), scene, 1000)
}

pub(super) fn submitted(intents: &[Intent]) -> Vec<&Command> {
    let mut commands = Vec::new();
    for intent in intents {
        if let Intent::Submit(command) = intent {
            commands.push(command);
        }
    }
    commands
}

/// Lever 4 armed at 1000 ms of human time.
pub(super) fn armed_ui(change_armed: impl FnOnce(&mut Armed)) -> (Ui, Scene) {
    let mut scene = declared();
    let mut ui = ui();
    type_in(&mut ui, &scene, "L4");
    let mut lever = armed(1000);
    change_armed(&mut lever);
    scene.armed = Some(lever);
    ui.on_scene(&scene, 1000);
    (ui, scene)
}

/// The screen as text, a line a row, blanks at the ends cut.
pub(super) fn render(ui: &Ui, scene: &Scene, human_ms: u64, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test terminal");
    terminal.draw(|frame| ui.draw(frame, scene, human_ms)).expect("a drawn frame");
    let buffer = terminal.backend().buffer().clone();
    let mut text = String::new();
    for y in 0..height {
        let row: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
        writeln!(text, "{}", row.trim_end()).expect("a String takes everything");
    }
    text
}

/// Compares with the golden of this name; `UPDATE=1` writes it.
pub(super) fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/cockpit/goldens/{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("goldens can be written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, wanted, "{name} changed; look at it, then UPDATE=1");
}
