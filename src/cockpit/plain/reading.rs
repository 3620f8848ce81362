//! What can be told at any time, a sentence a thing. Nothing here changes anything.

use super::spoken::{TALL, WIDE, plain, spoken};
use super::verbs::{Ask, Of, Read, VERBS, Verb};
use crate::cockpit::keymap::Act;
use crate::cockpit::panels::{View, checklist, head};
use crate::cockpit::press::why_not;
use crate::cockpit::scene::{Mode, Scene};
use crate::cockpit::tree::{Twig, twigs};
use crate::cockpit::ui::Dialog;
use crate::cockpit::unread::{Unread, unread};
use crate::cockpit::{facts, groups, red, trend, views, words};
use crate::incident::{ClockReading, clocks, derive, next_step, stages};
use crate::metrics::VerdictState;
use crate::playbook::{Comm, Debt, Id, Lever, Limit, Metric};

/// How many records the journal tells of where no number is given.
const RECORDS: usize = 10;

/// Tells what was asked for; a number asks for one of it.
pub(super) fn tell(view: &View, read: Read, number: Option<usize>) -> Vec<String> {
    match read {
        Read::Help => help(view),
        Read::Clocks => clock_lines(view),
        Read::Metrics => metrics(view, number),
        Read::Status => status(view),
        Read::Journal => journal(view, number.unwrap_or(RECORDS)),
        Read::Steps => steps(view, number),
        Read::Levers => levers(view),
        Read::Hold => hold(view),
        Read::Debts => debts(view),
        Read::Messages => messages(view),
        Read::Tree => tree(view),
        Read::List(list) => match list.why_empty(view.scene) {
            Some(why) => vec![why],
            // Its first line speaks of keys that move within it; here it is all there.
            None => [list.heading().to_owned()].into_iter().chain(behind(view, &Dialog::List(list), 1)).collect(),
        },
        Read::Acknowledged => match why_not(view.ui, Act::Acknowledged, view.scene) {
            Some(why) => vec![why],
            None => behind(view, &Dialog::Acknowledged, 1).collect(),
        },
        Read::Brief => view.scene.brief.iter().map(|line| plain(line.as_str())).collect(),
        Read::Show => Vec::new(),
    }
}

/// The sentences of a view behind its first ones.
fn behind(view: &View, dialog: &Dialog, first: usize) -> impl Iterator<Item = String> {
    spoken(&views::lines(view, dialog, WIDE, TALL)).into_iter().skip(first)
}

/// What can be typed, and why the rest cannot; what is known elsewhere only is left out.
fn help(view: &View) -> Vec<String> {
    let known = || VERBS.iter().filter(|verb| verb.is_known(view.ui));
    let why = |verb: &Verb| match verb.ask {
        // Which lever is meant is not known before it is named.
        Ask::Act(_) if verb.of == Of::Undo => None,
        Ask::Act(act) => why_not(view.ui, act, view.scene),
        Ask::Read(_) => None,
    };
    let mut lines = vec!["Now you can type:".to_owned()];
    let on = known().filter(|verb| why(verb).is_none());
    lines.extend(on.map(|verb| format!("{}: {}", verb.shown(), verb.help(view.ui))));
    let off: Vec<String> =
        known().filter_map(|verb| Some(format!("{}: {}", verb.shown(), plain(&why(verb)?)))).collect();
    if !off.is_empty() {
        lines.push("Not now:".to_owned());
        lines.extend(off);
    }
    lines
}

/// How things stand, in at most three sentences.
fn status(view: &View) -> Vec<String> {
    let (scene, state) = (view.scene, &view.scene.state);
    let mode = match scene.mode {
        Mode::Live => "LIVE",
        Mode::Drill => "DRILL",
        Mode::Watch => "OBSERVING",
        Mode::Replay => "REPLAY",
    };
    let since = match (state.closed, state.since_declared(&scene.now)) {
        (Some(true), _) => "CLOSED as recovered".to_owned(),
        (Some(false), _) => "CLOSED, not recovered".to_owned(),
        (None, Some(since)) => format!("SEV{} T+{}", state.severity, words::clock(since.ms)),
        (None, None) => "not declared".to_owned(),
    };
    let playbook = &scene.playbook;
    let who =
        format!("{mode} {} in {}, {since}, {} commands.", playbook.service, playbook.environment, scene.commander);
    let mut said = unread_lines(scene);
    said.extend([plain(&who), plain(&sights(view)), plain(&place(scene))]);
    said
}

/// What may have worked and was not seen to have, a sentence a pull.
pub(super) fn unread_lines(scene: &Scene) -> Vec<String> {
    let told = |unread: &Unread| {
        let then = if unread.is_attested(scene) { "wanted or unwanted says what you SAW" } else { "reread looks" };
        format!("WARNING UNKNOWN: {}. arm {}, then {then}.", unread.says(scene), unread.number(scene))
    };
    unread(scene).iter().map(|unread| plain(&told(unread))).collect()
}

/// How many metrics are how bad, which is the worst, the hold and what is owed.
fn sights(view: &View) -> String {
    let scene = view.scene;
    let count = |state: VerdictState| {
        let metrics = scene.playbook.metrics.keys();
        metrics.filter(|metric| facts::state_of(scene, metric) == state).count()
    };
    let states = facts::WORST_FIRST.into_iter().map(|state| (state, count(state))).filter(|(_, count)| *count > 0);
    let mut said: Vec<String> = states.map(|(state, count)| format!("{count} {}", state.word())).collect();
    if let Some(worst) = facts::worst(scene).filter(|metric| facts::state_of(scene, &metric.id) != VerdictState::Ok) {
        said.push(format!("worst {} {}", worst.title, facts::now_words(scene, worst)));
    }
    said.extend(derive::reversions(&scene.playbook, &scene.state));
    let were = red::were_broken(scene).into_iter();
    said.extend(
        were.filter_map(|metric| Some(format!("{} {} and is not seen", metric.title, red::was(scene, metric)?))),
    );
    said.extend(head::hold_words(view).map(|hold| format!("hold {hold}")));
    said.push(match scene.state.open_debts().count() {
        1 => "1 debt open".to_owned(),
        open => format!("{open} debts open"),
    });
    format!("{}.", said.join(", "))
}

/// Where the checklist stands, and what is known to be wrong with ourselves.
fn place(scene: &Scene) -> String {
    let step = next_step(&scene.playbook, &scene.state).filter(|_| scene.state.marks.declared.is_some());
    let step = step.map_or("no step is next".to_owned(), |step| {
        let at = scene.playbook.steps.iter().position(|known| known.id == step.id).unwrap_or_default();
        format!(
            "step {} of {}, {}, is {}",
            at + 1,
            scene.playbook.steps.len(),
            step.title,
            facts::face(scene, &step.id).word
        )
    });
    let down: Vec<&str> =
        scene.backends.iter().filter(|health| health.up == Some(false)).map(|health| health.backend.as_str()).collect();
    let down = if down.is_empty() { String::new() } else { format!("; down: {}", down.join(", ")) };
    let unsaved = if scene.journal_saved { "" } else { "; JOURNAL NOT SAVED" };
    format!("{step}{down}{unsaved}.")
}

fn clock_lines(view: &View) -> Vec<String> {
    let (playbook, state, now) = (&view.scene.playbook, &view.scene.state, &view.scene.now);
    let since = state.since_declared(now).map(|since| format!("T+{} since the declaration.", words::clock(since.ms)));
    let mut lines = vec![since.unwrap_or_else(|| "Nothing is declared, no clock runs.".to_owned())];
    let all = clocks(playbook, state, now).into_iter().chain(stages(playbook, state, now));
    lines.extend(all.map(|clock| plain(&clock_words(&clock))));
    lines.extend(head::hold_words(view).map(|hold| match hold.as_str() {
        "paused" => "Hold: paused, what it needs is not read.".to_owned(),
        green => format!("Hold: green for {green}."),
    }));
    lines
}

fn clock_words(clock: &ClockReading) -> String {
    let (elapsed, budget) = (words::clock(clock.elapsed_ms), words::clock(clock.budget_ms));
    let title = &clock.title;
    match (clock.running, clock.done, clock.is_over()) {
        (true, _, true) => format!("{title} is OVER: {elapsed} of {budget}."),
        (true, _, false) => format!("{title} runs: {elapsed} of {budget}, {} left.", words::clock(clock.left_ms())),
        (false, true, true) => format!("{title} is done late: {elapsed} of {budget}."),
        (false, true, false) => format!("{title} is done: {elapsed} of {budget}."),
        (false, false, _) => format!("{title} has not started, {budget} wanted."),
    }
}

/// One sentence each, worst first; of equals the first written.
fn metrics(view: &View, number: Option<usize>) -> Vec<String> {
    // A metric keeps its number, wherever it ranks now.
    let numbered = |metric: &Metric| view.scene.playbook.metrics.get_index_of(&metric.id).map_or(0, |place| place + 1);
    let Some(number) = number else {
        let mut all = groups::rows(view.scene);
        all.sort_by_key(|metric| facts::worst_rank(view.scene, metric));
        return all.into_iter().map(|metric| format!("{} {}", numbered(metric), metric_words(view, metric))).collect();
    };
    match view.scene.playbook.metrics.get_index(number.wrapping_sub(1)) {
        // Without its chart: that is only for eyes.
        Some((id, _)) => spoken(&views::lines(view, &Dialog::Metric(id.clone()), WIDE, 0)),
        None => vec![format!("there is no metric {number}")],
    }
}

fn metric_words(view: &View, metric: &Metric) -> String {
    let scene = view.scene;
    let base = facts::baseline(scene, metric);
    let limit = |word: &str, limit: &Option<Limit>| {
        limit.as_ref().map(|limit| format!(", {word} {}", words::limit(limit, metric.unit, base))).unwrap_or_default()
    };
    let trend = trend::trend(scene.board.points(&metric.id), scene.now.wall_ms);
    let trend = if trend == "-" { String::new() } else { format!(", {trend}") };
    let age =
        facts::sample_age(scene, &metric.id).map_or("never sampled".to_owned(), |ms| format!("{} old", words::age(ms)));
    let (name, now) = (groups::full(scene, metric), facts::now_words(scene, metric));
    let (stop, exit) = (limit("stop limit", &metric.stop), limit("exit target", &metric.exit));
    plain(&format!("{} {name} {now}{stop}{exit}{trend}, {age}.", facts::state_of(scene, &metric.id).word()))
}

fn journal(view: &View, count: usize) -> Vec<String> {
    let newest = view.scene.records.iter().rev().take(count).rev();
    newest.map(|record| format!("{} {}", record.seq, super::news::line(view.scene, record))).collect()
}

fn steps(view: &View, number: Option<usize>) -> Vec<String> {
    let all = &view.scene.playbook.steps;
    match number {
        None => {
            let said = all.iter().zip(1_usize..).map(|(step, number)| {
                let (note, _) = checklist::note(view, step);
                let note = if note.is_empty() { String::new() } else { format!(": {note}") };
                plain(&format!("{number} {} {}{note}", step.title, facts::face(view.scene, &step.id).word))
            });
            said.collect()
        }
        Some(number) => match all.get(number.wrapping_sub(1)) {
            Some(step) => spoken(&views::lines(view, &Dialog::Step(step.id.clone()), WIDE, TALL)),
            None => vec![format!("there is no step {number}")],
        },
    }
}

fn levers(view: &View) -> Vec<String> {
    let mut lines: Vec<String> = view.scene.playbook.levers.values().map(|lever| lever_words(view, lever)).collect();
    let (first, there) = facts::advised(view.scene);
    let named = |levers: Vec<&Lever>| {
        let numbers = levers.iter().map(|lever| facts::lever_number(view.scene, &lever.id).to_string());
        numbers.collect::<Vec<_>>().join(", ")
    };
    let best = if first.is_empty() { "none, each is in place".to_owned() } else { named(first) };
    let there = if there.is_empty() { String::new() } else { format!(" In place already: {}.", named(there)) };
    lines.push(format!("Best first: {best}.{there} arm and a number arms one, undo and a number its way back."));
    lines
}

fn lever_words(view: &View, lever: &Lever) -> String {
    let scene = view.scene;
    let (ready, _, why) = facts::ready(scene, lever);
    let why = why.map(|why| format!(", {why}")).unwrap_or_default();
    let last = scene.state.last_pull(&lever.id).map(|(_, pull)| format!(", last {}", facts::pull_words(scene, pull).0));
    let number = facts::lever_number(scene, &lever.id);
    let (now, target) = (facts::position(scene, lever).0, facts::target(lever));
    plain(&format!("{number} {}: now {now}, would be {target}, {ready}{why}{}", lever.title, last.unwrap_or_default()))
}

/// The hold, and how long each exit target has been green.
fn hold(view: &View) -> Vec<String> {
    let scene = view.scene;
    let mut lines: Vec<String> = behind(view, &Dialog::Hold, 0).collect();
    // The table is told as sentences instead.
    let table = scene.playbook.metrics.values().filter(|metric| metric.exit.is_some());
    let said: Vec<String> = table
        .map(|metric| {
            let base = facts::baseline(scene, metric);
            let need = metric.exit.as_ref().map_or(String::new(), |exit| words::limit(exit, metric.unit, base));
            let (now, word) = (facts::now_words(scene, metric), facts::state_of(scene, &metric.id).word());
            let green = match views::hold::green(scene, &metric.id).0.as_str() {
                "-" => String::new(),
                word @ ("paused" | "missed") => format!(", {word}"),
                green => format!(", green for {green}"),
            };
            plain(&format!("exit target {} {need}: now {now}, {word}{green}.", metric.title))
        })
        .collect();
    lines.splice(1..(2 + said.len()).min(lines.len()), said);
    lines
}

/// The debts in the order of the playbook, then those that came on the way.
pub(super) fn open_debts(scene: &Scene) -> Vec<&Id> {
    let mut open: Vec<&Id> = scene.state.open_debts().map(|(id, _)| id).collect();
    open.sort_by_key(|id| scene.playbook.debts.get_index_of(*id).unwrap_or(usize::MAX));
    open
}

fn debts(view: &View) -> Vec<String> {
    let scene = view.scene;
    let open = open_debts(scene);
    if open.is_empty() {
        return vec!["no debt is open".to_owned()];
    }
    let said = (1_usize..).zip(open).map(|(number, id)| {
        let debt = &scene.state.debts[id];
        let since = words::clock(scene.now.since(&debt.opened).ms);
        let when =
            scene.playbook.debts.get(id).map_or("settle its step or message".to_owned(), |debt| payable(scene, debt));
        plain(&format!("{number} {}, open {since}: {when}", debt.title))
    });
    said.collect()
}

fn payable(scene: &Scene, debt: &Debt) -> String {
    let ending = facts::ending_words(scene, &debt.lever).map(|(ending, _)| format!("{ending}; ")).unwrap_or_default();
    match derive::not_yet_payable(&scene.playbook, &scene.state, debt) {
        Some(why) => format!("{ending}not yet: {why}"),
        None => format!("{ending}pay arms the undo of lever {}", facts::lever_number(scene, &debt.lever)),
    }
}

fn messages(view: &View) -> Vec<String> {
    let said = |(number, comm): (usize, &Comm)| {
        let edited = if view.ui.drafts.contains_key(&comm.id) { "edited; " } else { "" };
        plain(&format!("{number} {}: {edited}{}", comm.title, facts::comm_words(view.scene, comm).0))
    };
    let mut lines: Vec<String> = (1..).zip(view.scene.playbook.comms.values()).map(said).collect();
    if lines.is_empty() {
        return vec!["this playbook has no messages".to_owned()];
    }
    lines.push("edit and a number changes its words, preview and a number shows what would be sent.".to_owned());
    lines
}

/// The tree by number: raise takes a symptom's, branch takes a branch's.
fn tree(view: &View) -> Vec<String> {
    let (playbook, state) = (&view.scene.playbook, &view.scene.state);
    let raised = derive::raised(playbook, state);
    let said = (1_usize..).zip(twigs(playbook)).map(|(number, twig)| match twig {
        Twig::Symptom(id) => {
            let symptom = &playbook.symptoms[&id];
            let levers: Vec<String> =
                symptom.levers.iter().map(|lever| facts::lever_number(view.scene, lever).to_string()).collect();
            let word = if raised.contains(&id) { "RAISED" } else { "not raised" };
            plain(&format!("{number} symptom {}: {word}, levers {}", symptom.title, levers.join(", ")))
        }
        Twig::Branch(id) => {
            let word = if state.branches.contains_key(&id) { "OPEN" } else { "CLOSED" };
            plain(&format!("{number} branch {}: {word}", playbook.branches[&id].title))
        }
    });
    let mut lines: Vec<String> = said.collect();
    if lines.is_empty() {
        return vec!["this playbook has neither symptoms nor branches".to_owned()];
    }
    lines.push("raise and a number says that you see a symptom, branch and a number opens a branch.".to_owned());
    lines
}
