//! The checklist: glyph, word, time and the value seen, one step a line.

use super::head::hold_words;
use super::{Lines, View, cut};
use crate::cockpit::facts::{self, face};
use crate::cockpit::red;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Panel;
use crate::cockpit::{waits, words};
use crate::incident::branches::NotFlown;
use crate::incident::event::DoneBy;
use crate::incident::{StepState, StepStatus, derive};
use crate::playbook::{Step, StepKind};
use crate::text::Text;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// After this long without a key the current step says where one left off, in ms.
const AWAY_MS: u64 = 30_000;

/// Where what is said of a step goes on under it.
const UNDER: usize = 8;
/// Less room than this behind a step shows nothing of what is said of it.
const NOTE_LEAST: usize = 14;
/// The most rows that what is said of one step takes under it.
const MORE_MAX: usize = 4;

/// In so many rows only the current step is shown.
const SHORT: usize = 4;

/// How wide the columns are, by what stands in them.
struct Columns {
    width: usize,
    title: usize,
    word: usize,
    time: usize,
}

impl Columns {
    fn of(view: &View, width: usize) -> Self {
        let longest = view.scene.playbook.steps.iter().map(|step| words::columns(&step.title)).max().unwrap_or(0) + 1;
        if width < 72 {
            let (word, time) = (11, 6);
            let room = width.saturating_sub(UNDER + word + time).max(8);
            Self { width, title: longest.min(room), word, time }
        } else {
            Self { width, title: longest.clamp(18, width / 2 - 12), word: 12, time: 8 }
        }
    }

    /// How much of what is said of `step` has room behind it. The age of what its sensor sees gives way to what it saw.
    fn room(&self, view: &View, step: &Step) -> usize {
        let time = if is_watched(view, step) { 0 } else { self.time };
        let resume = if away(view, step) { RESUME.len() + 1 } else { 0 };
        let age = sensor_age(view, step);
        let age = if age.is_empty() { 0 } else { words::columns(&age) + 2 };
        let whole = self.width.saturating_sub(UNDER + self.title + self.word + time + resume);
        let beside = whole.saturating_sub(age);
        [beside, whole].into_iter().find(|room| *room >= NOTE_LEAST).unwrap_or(0)
    }
}

const RESUME: &str = "RESUME";

/// The checklist in `height` rows with its heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let (rows, place) = rows(view, width, height.saturating_sub(1));
    let mut lines = vec![heading(view, width)];
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

/// The checklist where there is little room: without its heading the current step, all that is said of it, and what
/// comes next.
pub(in crate::cockpit) fn short(view: &View, width: usize, height: usize) -> Lines {
    if height > view.scene.playbook.steps.len().min(SHORT) {
        return list(view, width, height);
    }
    let here = view.ui.step(view.scene).map(|step| &step.id);
    let columns = Columns::of(view, width);
    let mut lines = Lines::new();
    let from = view.scene.playbook.steps.iter().enumerate().skip_while(|(_, step)| Some(&step.id) != here);
    for (place, step) in from {
        let is_here = Some(&step.id) == here;
        let most = if is_here { height.saturating_sub(1) } else { 0 };
        let (behind, under) = said(view, step, &columns, most);
        lines.push(line(view, step, (place, is_here), &columns, &behind));
        lines.extend(under.iter().map(|text| view.row().to(UNDER).put(note(view, step).1, text).line()));
    }
    lines.truncate(height);
    lines
}

/// How many rows the checklist would like to have, its heading included.
pub(in crate::cockpit) fn wanted(view: &View, width: usize) -> usize {
    rows(view, width, usize::MAX).0.len() + 1
}

/// Every step, and the row that must stay in sight. What is said of a step goes on under it as far as `height` has rows
/// to spare.
fn rows(view: &View, width: usize, height: usize) -> (Lines, usize) {
    let columns = Columns::of(view, width);
    let here = view.ui.step(view.scene).map(|step| &step.id);
    let under = under(view, &columns, height);
    let (mut rows, mut place) = (Lines::new(), 0);
    for ((at, step), most) in view.scene.playbook.steps.iter().enumerate().zip(under) {
        let is_here = Some(&step.id) == here;
        let (behind, under) = said(view, step, &columns, most);
        rows.push(line(view, step, (at, is_here), &columns, &behind));
        let token = note(view, step).1;
        rows.extend(under.iter().map(|text| view.row().to(UNDER).put(token, text).line()));
        if is_here {
            place = rows.len() - 1;
        }
    }
    (rows, place)
}

/// How many rows each step gets under its own. First those that a person looks for: the selected one, the one that
/// watches, the one to go on with. Then one for every other that has more to say, if there is room for all of them.
fn under(view: &View, columns: &Columns, height: usize) -> Vec<usize> {
    let steps = &view.scene.playbook.steps;
    let here = view.ui.step(view.scene).map(|step| &step.id);
    let mut spare = height.saturating_sub(steps.len());
    let mut under = vec![0; steps.len()];
    let is_loud = |step: &Step| Some(&step.id) == here || is_watched(view, step) || away(view, step);
    for (rows, step) in under.iter_mut().zip(steps).filter(|(_, step)| is_loud(step)) {
        // Where nothing fits behind a step, the selected one tells at least a row of it.
        let least = usize::from(Some(&step.id) == here && columns.room(view, step) == 0);
        *rows = said(view, step, columns, spare.max(least).min(MORE_MAX)).1.len();
        spare = spare.saturating_sub(*rows);
    }
    let quiet = |step: &Step| if is_loud(step) { 0 } else { said(view, step, columns, 1).1.len() };
    let wanted: Vec<usize> = steps.iter().map(quiet).collect();
    if wanted.iter().sum::<usize>() <= spare {
        under.iter_mut().zip(wanted).for_each(|(rows, wanted)| *rows += wanted);
    }
    under
}

/// What is said of a step: behind it as far as there is room, the rest in at most `most` rows under it.
fn said(view: &View, step: &Step, columns: &Columns, most: usize) -> (String, Vec<String>) {
    let told = if away(view, step) { left_off(view) } else { None };
    let note = note(view, step).0;
    let note = told.map_or(note.clone(), |told| format!("{told}; {note}"));
    let note = Text::from(note.trim().trim_end_matches(';')).to_string();
    let room = columns.room(view, step);
    let cut_title = words::columns(&step.title) >= columns.title;
    if most == 0 || (words::columns(&note) <= room && !cut_title) {
        return (words::clip(&note, room), Vec::new());
    }
    let behind = if room == 0 { String::new() } else { words::wrap(&note, room).swap_remove(0) };
    let rest = note.strip_prefix(&behind).unwrap_or(&note).trim();
    let rest = if cut_title { format!("{}  {rest}", step.title) } else { rest.to_owned() };
    if rest.trim().is_empty() {
        return (behind, Vec::new());
    }
    let wide = columns.width.saturating_sub(UNDER);
    let mut under = words::wrap(rest.trim(), wide);
    if under.len() > most {
        let last = under.split_off(most - 1).join(" ");
        under.push(words::clip(&last, wide));
    }
    (behind, under)
}

/// What it is, and how far it is; where there is no room for all of it the service goes first, then the debts, which have
/// a strip of their own.
fn heading(view: &View, width: usize) -> Line<'static> {
    let (summary, debts) = (summary(view), debts(view));
    let whole = format!("{summary}{debts}");
    let named = view.heading(Panel::Checklist, &format!("CHECKLIST {}", view.scene.playbook.service));
    let named = if width < 64 { named.put(Token::Fg, "  ") } else { named.to(31) };
    if named.used() + words::columns(&whole) <= width {
        return named.put(Token::Muted, &whole).line();
    }
    let short = view.heading(Panel::Checklist, "CHECKLIST").put(Token::Fg, "  ");
    let fits = short.used() + words::columns(&whole) <= width;
    short.fit(Token::Muted, if fits { &whole } else { &summary }, width).line()
}

/// `, 2 debts`
fn debts(view: &View) -> String {
    match view.scene.state.open_debts().count() {
        0 => String::new(),
        1 => ", 1 debt".to_owned(),
        many => format!(", {many} debts"),
    }
}

/// `steps 1-6 COMPLETE, 1 overridden`, or how far it is.
fn summary(view: &View) -> String {
    let state = &view.scene.state;
    let steps: Vec<(usize, &Step)> =
        (1..).zip(&view.scene.playbook.steps).filter(|(_, step)| derive::is_flown(state, step)).collect();
    // What no row shows is not counted either.
    let has = |status: StepStatus| {
        let stands = |step: &&(usize, &Step)| derive::status(state, &step.1.id) == Some(status);
        steps.iter().filter(stands).count()
    };
    let settled = |step: &Step| state.steps.get(&step.id).is_some_and(|state| state.status.is_settled());
    let sixty = || steps.iter().filter(|(_, step)| step.sixty);
    let done = steps.iter().filter(|(_, step)| settled(step)).count();
    let mut words = match (sixty().next(), sixty().next_back()) {
        (Some((first, _)), Some((last, _))) if sixty().all(|(_, step)| settled(step)) && done < steps.len() => {
            format!("steps {first}-{last} COMPLETE")
        }
        _ if done == steps.len() => "COMPLETE".to_owned(),
        _ => format!("{done} of {} done", steps.len()),
    };
    for (status, word) in [
        (StepStatus::Overridden, "overridden"),
        (StepStatus::Skipped, "skipped"),
        (StepStatus::Deferred, "deferred"),
        (StepStatus::Failed, "FAILED"),
        (StepStatus::Reopened, "REOPENED"),
    ] {
        let count = has(status);
        if count > 0 {
            words.extend([", ", &count.to_string(), " ", word]);
        }
    }
    words
}

fn line(view: &View, step: &Step, (place, here): (usize, bool), columns: &Columns, behind: &str) -> Line<'static> {
    let face = face(view.scene, &step.id);
    let focused = view.ui.focus == Panel::Checklist && view.ui.stack.is_empty();
    // It points only where the keys are for a step: elsewhere another list points at what they are for.
    let row = view.row().pointed(here && view.ui.focus == Panel::Checklist);
    let row = row.cell(Token::Muted, &format!("{:>2}", place + 1), 3);
    let row = row.put(face.token, face.glyph).put(Token::Fg, " ");
    let row = match facts::not_flown(view.scene, step) {
        Some(_) if !(here && focused) => row.cell(Token::Muted, &step.title, columns.title),
        Some(_) | None => view.mark(row, here && focused, &step.title, columns.title),
    };
    let weight = if face.underlined { Modifier::UNDERLINED } else { Modifier::empty() };
    let end = row.used() + columns.word;
    let row = row.strong(face.token, weight, face.word).to(end);
    let row =
        if is_watched(view, step) { row } else { row.cell(Token::Muted, &since_first_step(view, step), columns.time) };
    let row = if away(view, step) { row.strong(Token::Focus, Modifier::BOLD, RESUME).put(Token::Fg, " ") } else { row };
    let row = row.put(note(view, step).1, behind);
    row.right(Token::Muted, &sensor_age(view, step), columns.width).line()
}

/// Whether this is where a person who was away should go on. Before the first step there is nothing to go on with.
fn away(view: &View, step: &Step) -> bool {
    let idle = view.human_ms.saturating_sub(view.ui.last_key_ms.unwrap_or(0)) >= AWAY_MS;
    let begun = view.scene.state.marks.first_step.is_some() && view.scene.state.closed.is_none();
    // Nobody goes on with what is only replayed.
    let idle = idle && view.ui.reel.is_none();
    idle && begun && facts::is_next(view.scene, &step.id)
}

/// What was done last and the value it left, for the person who comes back.
fn left_off(view: &View) -> Option<String> {
    let state = &view.scene.state;
    let done = |(place, step): (usize, &Step)| {
        let known = state.steps.get(&step.id).filter(|known| known.status.is_settled())?;
        Some((view.scene.now.since(&known.since).ms, place, step.id.clone()))
    };
    // Of steps done at one moment the later in the list.
    let last =
        (1..).zip(&view.scene.playbook.steps).filter_map(done).min_by_key(|(age, place, _)| (*age, usize::MAX - place));
    let (_, place, id) = last?;
    let step = view.scene.playbook.step(&id)?;
    Some(format!("after {place} {}: {}", step.title, note(view, step).0))
}

/// Whether this step watches the hold now: the hold's own clock is the one that counts.
fn is_watched(view: &View, step: &Step) -> bool {
    let running = view.scene.state.steps.get(&step.id).is_some_and(|state| state.status == StepStatus::Running);
    running && matches!(step.kind, StepKind::Watch)
}

/// When a step came to where it stands, counted from the first step.
fn since_first_step(view: &View, step: &Step) -> String {
    let (Some(state), Some(first)) = (view.scene.state.steps.get(&step.id), &view.scene.state.marks.first_step) else {
        return String::new();
    };
    match state.status {
        StepStatus::Running => words::clock(view.scene.now.since(first).ms),
        StepStatus::Sensed
        | StepStatus::Confirmed
        | StepStatus::Failed
        | StepStatus::Skipped
        | StepStatus::Overridden
        | StepStatus::Deferred
        | StepStatus::Reopened => words::clock(state.since.since(first).ms),
    }
}

/// How old the sensor's sight is, for a step that is sensed.
fn sensor_age(view: &View, step: &Step) -> String {
    let sensed = |state: &StepState| matches!(state.status, StepStatus::Sensed | StepStatus::Overridden);
    if !view.scene.state.steps.get(&step.id).is_some_and(sensed) {
        return String::new();
    }
    let sensor = facts::sensor(view.scene, step);
    let age = sensor.and_then(|condition| facts::looked_age(view.scene, condition));
    age.map(|age| format!("age {}", words::age(age))).unwrap_or_default()
}

/// The value seen, the reason given, or what to press.
pub(in crate::cockpit) fn note(view: &View, step: &Step) -> (String, Token) {
    match facts::not_flown(view.scene, step) {
        Some(NotFlown::Closed(branch)) => return (format!("branch: {}", branch.title), Token::Muted),
        Some(NotFlown::Replaced(branch)) => return (format!("instead: {}", branch.title), Token::Muted),
        None => {}
    }
    let Some(state) = view.scene.state.steps.get(&step.id) else {
        let flown = view.scene.state.marks.declared.is_some() && !view.scene.mode.only_reads();
        let ready = flown && facts::is_next(view.scene, &step.id);
        return if ready { (key_hint(view, step), Token::Focus) } else { (String::new(), Token::Muted) };
    };
    match state.status {
        StepStatus::Running => running_note(view, step),
        StepStatus::Sensed | StepStatus::Confirmed => (done_words(state), Token::Fg),
        StepStatus::Failed | StepStatus::Reopened => {
            (view.spell(&format!("{}; <steps.run> runs it", reason(state))), Token::Warn)
        }
        StepStatus::Skipped | StepStatus::Overridden => (format!("\"{}\"", reason(state)), Token::Muted),
        StepStatus::Deferred => (format!("until {}", reason(state)), Token::Deferred),
    }
}

/// What begins a step, or answers it.
pub(in crate::cockpit) fn key_hint(view: &View, step: &Step) -> String {
    let hint = match &step.kind {
        StepKind::Capture(_) | StepKind::Wait(_) | StepKind::Watch => "<steps.run> runs it",
        StepKind::Pick(_) => "<steps.run> picks one",
        StepKind::Pull(_) => "<steps.run> arms its lever",
        StepKind::Sequence(_) => "<steps.run> arms the next lever",
        StepKind::Ask(_) => "<steps.confirm> answers",
    };
    view.spell(hint)
}

fn running_note(view: &View, step: &Step) -> (String, Token) {
    match &step.kind {
        StepKind::Watch => {
            let waits = red::hold_waits(view.scene);
            let reset = view.scene.state.hold.last_reset.as_ref().map(|why| format!(" reset: {why}"));
            let why = if waits.is_empty() { reset } else { Some(format!(" waits for {}", waits.join("; "))) };
            let why = why.unwrap_or_default();
            (format!("green-for {}{why}", hold_words(view).unwrap_or_default()), Token::Running)
        }
        StepKind::Pull(_) => {
            let pull = view.scene.state.pulls.values().rev().find(|pull| pull.step.as_ref() == Some(&step.id));
            pull.map_or((key_hint(view, step), Token::Focus), |pull| facts::pull_words(view.scene, pull))
        }
        StepKind::Sequence(levers) => {
            let (said, token) = waits::in_sequence(view.scene, step, levers);
            (view.spell(&said), token)
        }
        StepKind::Wait(wait) => (waits::waiting(view.scene, step, wait), Token::Running),
        StepKind::Capture(_) => ("capturing".into(), Token::Running),
        StepKind::Pick(_) | StepKind::Ask(_) => (key_hint(view, step), Token::Focus),
    }
}

fn done_words(state: &StepState) -> String {
    match &state.done_by {
        Some(DoneBy::Sensed { saw }) => saw.to_string(),
        Some(DoneBy::Confirmed { saw, approver: Some(name), .. }) => format!("{name} saw: {saw}"),
        Some(DoneBy::Confirmed { saw, .. }) => format!("saw: {saw}"),
        // Its lever was taken back since, and its sensor has not seen it in force again.
        None => "taken back".into(),
    }
}

fn reason(state: &StepState) -> String {
    state.reason.as_ref().map(ToString::to_string).unwrap_or_default()
}
