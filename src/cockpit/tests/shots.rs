//! Every view in every state that is drawn differently, set by hand: what is kept as a golden, and what other claims walk.

use super::stage::{
    armed_ui, asking, at, change, ctrl, declared, enter, id, key, landed, press, settle, type_in, ui, undeclared,
    watching,
};
use super::{charts, finding, grouped, holding, letters, lists, output, overlays, people, receivers, screens};
use super::{sheet, sizes, timing, tree};
use crate::cockpit::{Armed, Interlock, Mode, Scene, Sheet, Ui};
use crate::incident::{ReadBack, StepStatus};
use crate::kind::{Outcome, Seen};
use crossterm::event::KeyCode;
use std::sync::Arc;

/// One view in one state.
#[derive(Clone)]
pub(super) struct Shot {
    pub(super) name: String,
    pub(super) ui: Ui,
    pub(super) scene: Scene,
    /// Human time.
    pub(super) at_ms: u64,
}

/// All of them.
pub(super) fn shots() -> Vec<Shot> {
    let groups = [mains(), panels(), views(), questions(), steps(), levers(), messages(), company(), debriefs()];
    groups.into_iter().flatten().collect()
}

fn shot(name: &str, (ui, scene): (Ui, Scene)) -> Shot {
    Shot { name: name.to_owned(), ui, scene, at_ms: 1000 }
}

fn later(name: &str, at_ms: u64, seen: (Ui, Scene)) -> Shot {
    Shot { at_ms, ..shot(name, seen) }
}

/// What these keys come to; `\r` is Enter.
fn typed(scene: Scene, keys: &str) -> (Ui, Scene) {
    let mut ui = ui();
    for c in keys.chars() {
        match c {
            '\r' => drop(enter(&mut ui, &scene)),
            c => drop(type_in(&mut ui, &scene, &c.to_string())),
        }
    }
    (ui, scene)
}

/// The main screen, from the first look to the end.
fn mains() -> Vec<Shot> {
    let mut shots: Vec<Shot> =
        sizes::scenes().into_iter().map(|(name, scene)| shot(&format!("main-{name}"), (ui(), scene))).collect();
    let mut unsaved = watching();
    unsaved.journal_saved = false;
    shots.extend([
        shot("main-watching", (ui(), watching())),
        shot("main-baselines", (ui(), timing::based())),
        shot("main-stages", (ui(), timing::timed(640))),
        shot("main-unsaved", (ui(), unsaved)),
        shot("tree-main", (ui(), tree::treed())),
        shot("brief", (ui(), overlays::briefed())),
    ]);
    let (mut away, scene) = (ui(), watching());
    away.on_key(press('j'), &scene, 1000);
    shots.push(later("main-resumed", 31_000, (away, scene)));
    shots
}

/// Each panel on the whole screen, and the journal searched.
fn panels() -> Vec<Shot> {
    let names = ["metrics", "checklist", "levers", "comms", "journal", "hold"];
    let zoomed =
        |(number, name): (usize, &str)| shot(&format!("zoom-{name}"), typed(watching(), &format!("{number}z")));
    let mut shots: Vec<Shot> = (1..).zip(names).map(zoomed).collect();
    shots.push(shot("search-journal", typed(watching(), "5/STEP")));
    shots.push(shot("search-help", typed(watching(), "?/declare\r")));
    shots
}

/// What is only looked at.
fn views() -> Vec<Shot> {
    let keys = [("levers", "L"), ("hold", "H"), ("debts", "D"), ("comms", "c"), ("journal", "5"), ("help", "?")];
    let mut shots: Vec<Shot> = keys.map(|(name, keys)| shot(name, typed(watching(), keys))).into();
    let listed = [
        ("symptoms", "S"),
        ("links", "R"),
        ("contacts", "C"),
        ("questions", "f"),
        ("follow-ups", "W"),
        ("guided", "1jjj\r"),
    ];
    shots.extend(listed.map(|(name, keys)| shot(name, typed(lists::listed(), keys))));
    let mut waited = holding::with_deadline(StepStatus::Sensed);
    change(&mut waited, |state| state.hold.extended_ms = 300_000);
    let mut met = watching();
    landed(&mut met);
    let others = vec![
        shot("holding", typed(waited, "H")),
        shot("hold-before", typed(declared(), "H")),
        shot("hold-met", typed(met, "H")),
        shot("hold-many", typed(many_targets(), "H")),
        shot("clocks", typed(timing::timed(640), "K")),
        shot("tree", typed(tree::treed(), "t")),
        shot("acknowledged", typed(finding::acknowledged(), "A")),
        shot("metric", (charts::zoomed(&watching()), watching())),
        shot("metric-buckets", grouped::bucketed()),
        shot("palette", typed(watching(), ":")),
        shot("palette-found", typed(watching(), ":unf")),
        shot("help-undeclared", typed(undeclared(), "?")),
    ];
    shots.extend(others);
    shots
}

/// Watching, with more exit targets than a small screen has rows.
fn many_targets() -> Scene {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let like = playbook.metrics["coverage"].clone();
    for number in 1..=20 {
        let (mut metric, name) = (like.clone(), id(&format!("index-{number}")));
        (metric.id, metric.title) = (name.clone(), format!("index {number}"));
        playbook.metrics.insert(name, metric);
    }
    scene
}

/// What is asked: by number, and by a line of text.
fn questions() -> Vec<Shot> {
    let (mut met, mut turned, mut ready) = (watching(), watching(), declared());
    landed(&mut met);
    Arc::make_mut(&mut turned.playbook).steps.insert(0, asking());
    change(&mut ready, |state| {
        state.marks.first_step = Some(at(242));
        settle(state, "capture", StepStatus::Sensed, 242);
        settle(state, "freeze", StepStatus::Sensed, 248);
    });
    let mut lost = declared();
    change(&mut lost, |state| {
        settle(state, "capture", StepStatus::Sensed, 242);
        settle(state, "freeze", StepStatus::Running, 248);
        super::stage::turn(state, "writers", Seen::Failed("connection refused".into()));
    });
    vec![
        shot("quit", typed(watching(), "q")),
        shot("note", typed(watching(), "i")),
        shot("close", typed(watching(), "Q")),
        shot("close-met", typed(met, "Q")),
        shot("declare", typed(undeclared(), "I")),
        shot("declare-words", typed(undeclared(), "I1")),
        shot("size-up", typed(watching(), "I")),
        shot("skip", typed(declared(), "s")),
        shot("override", typed(watching(), "o")),
        shot("defer", typed(declared(), "d")),
        shot("out-of-order", typed(declared(), "jjr")),
        shot("pick", typed(ready, "r")),
        shot("question", typed(turned, "kkkkkkkk ")),
        shot("sensor-lost", typed(lost, " ")),
    ]
}

/// One step in detail.
fn steps() -> Vec<Shot> {
    let running = output::talkative(60);
    let mut held = (output::flip(&running), running.clone());
    held.0.on_key(ctrl('u'), &held.1, 1000);
    vec![
        shot("step", typed(watching(), "kkk\r")),
        shot("step-ready", (output::flip(&declared()), declared())),
        shot("step-running", (output::flip(&running), running)),
        shot("step-held", held),
    ]
}

/// A lever under arms, and fired.
fn levers() -> Vec<Shot> {
    let armed = |name: &str, change: fn(&mut Armed)| later(name, 5000, screens::arming(change));
    let open = |armed: &mut Armed| {
        armed.interlocks.push(Interlock { title: "last-good pins".into(), holds: None, saw: "NODATA".into() });
    };
    let long = |armed: &mut Armed| {
        armed.request = (0..60).map(|line| format!("{line}: SET live:alias docs_vA").as_str().into()).collect();
    };
    let (mut target, mut scene) = screens::arming(|armed| armed.undo = None);
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].irreversible = true;
    target.on_key(press('t'), &scene, 5000);
    let mut reason = screens::arming(open);
    reason.0.on_key(press('o'), &reason.1, 5000);
    let mut helped = armed_ui(|_| {});
    helped.0.on_key(press('?'), &helped.1, 3000);
    helped.0.on_scene(&helped.1, 11_000);
    let fired = |name: &str, outcome, read_back| later(name, 3000, screens::fired(outcome, read_back));
    vec![
        later("arm-guarded", 1699, screens::arming(|_| {})),
        later("arm-live", 1700, screens::arming(|_| {})),
        shot("arm-asked", typed(declared(), "L4")),
        armed("arm-blocked", |armed| armed.blocked = Some("locked: pull 2 has not been read back".into())),
        armed("arm-interlock", open),
        armed("arm-long", long),
        later("arm-target", 5000, (target, scene)),
        later("arm-reason", 5000, reason),
        later("help-armed", 11_000, helped),
        fired("arm-sent", None, None),
        fired("arm-fired", Some(Outcome::Applied), None),
        fired("arm-agrees", Some(Outcome::Applied), Some(ReadBack::Agrees)),
        fired("arm-disagrees", Some(Outcome::Applied), Some(ReadBack::Disagrees)),
        fired("arm-rejected", Some(Outcome::Rejected), None),
        fired("arm-not-sent", Some(Outcome::NotSent), None),
        fired("arm-unknown", Some(Outcome::Unknown), None),
    ]
}

/// A message, edited, under arms, and sent.
fn messages() -> Vec<Shot> {
    let (mut edited, scene) = letters::editing();
    type_in(&mut edited, &scene, " eu only");
    let mut unsaved = (edited.clone(), scene.clone());
    unsaved.0.on_key(key(KeyCode::Esc), &unsaved.1, 1000);
    let staged = receivers::staged();
    let sent = |name: &str, outcome| later(name, 1800, letters::posted(outcome));
    vec![
        shot("edit", (edited, scene)),
        shot("unsaved", unsaved),
        shot("staged", (receivers::editing(&staged), staged)),
        later("payload", 1700, letters::armed()),
        later("message", 1700, letters::unaddressed()),
        sent("posted", Some(Outcome::Applied)),
        sent("posted-waiting", None),
        sent("posted-rejected", Some(Outcome::Rejected)),
        sent("posted-not-sent", Some(Outcome::NotSent)),
    ]
}

/// Others beside the commander.
fn company() -> Vec<Shot> {
    let watched = || people::observed(Mode::Watch);
    let mut lost = Scene { mode: Mode::Watch, ..watching() };
    lost.company.lost = Some("journal.jsonl was cut from 9000 to 1000 bytes while it was followed".into());
    vec![
        shot("observed", typed(people::observed(Mode::Drill), "")),
        shot("command-asked", typed(people::observed(Mode::Drill), "X")),
        shot("observing", typed(watched(), "")),
        shot("objection", typed(watched(), "!")),
        shot("observing-quit", typed(watched(), "q")),
        shot("observing-lost", typed(lost, "")),
    ]
}

/// After a drill.
fn debriefs() -> Vec<Shot> {
    let debriefed = |answered: usize| {
        let mut ui = ui();
        ui.sheet = Some(Sheet::new(sheet::debrief(answered), "mira".into()));
        (ui, declared())
    };
    let pressed = |keys: &str| {
        let (mut ui, scene) = debriefed(3);
        // What is chosen is in sight, so it was drawn.
        drop(super::stage::render(&ui, &scene, 1000, (80, 24)));
        let sheet = ui.sheet.as_mut().expect("it is debriefed");
        keys.chars().for_each(|key| drop(sheet.on_key(KeyCode::Char(key).into())));
        (ui, scene)
    };
    vec![
        shot("debrief-locked", debriefed(1)),
        shot("debrief", debriefed(3)),
        shot("debrief-chosen", pressed("j")),
        shot("debrief-change", pressed("je")),
        shot("debrief-remove", pressed("jx")),
    ]
}
