//! The tape of a replay: its axis, a letter for each event, where one stands and what has just happened there, and how the
//! worst metric stood all along.

use super::{Lines, View};
use crate::cockpit::facts;
use crate::cockpit::replay::{Cell, Reel, Tape, column, trace};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::{Event, Record, Way};
use crate::metrics::VerdictState;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// A screen lower than this has the tape in few rows.
const LOW: usize = 16;
/// What stands at the left of every row.
const INDENT: usize = 2;
/// A letter whose place is taken is put this many columns later at most.
const NUDGE: usize = 3;
/// What times may be named, in ms.
const TICKS_MS: [u64; 11] =
    [5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000];
/// The fewest columns from one named time to the next.
const TICK_LEAST: usize = 8;
/// How a column of the worst metric is drawn.
const INK: [(Cell, char, Token); 5] = [
    (Cell::Before, ' ', Token::Muted),
    (Cell::Gap, '.', Token::Nodata),
    (Cell::Fine, '_', Token::Ok),
    (Cell::Short, '*', Token::Warn),
    (Cell::Beyond, '#', Token::Breach),
];

/// The tape in as many rows as the screen can spare for it; none unless something is replayed.
pub(in crate::cockpit) fn lines(view: &View, (width, height): (usize, usize)) -> Lines {
    let Some(reel) = &view.ui.reel else { return Lines::new() };
    let columns = width.saturating_sub(2 * INDENT).max(1);
    let mut lines = vec![standing(view, reel, width)];
    if height >= LOW {
        lines.push(axis(view, reel.tape(), columns));
    }
    lines.push(letters(view, reel, columns));
    lines.push(here(view, reel, columns));
    if height >= LOW {
        lines.extend(worst(view, reel, columns));
    }
    lines
}

/// `STOPPED x4  T+02:12 of 12:40  event 12 of 88  journal hash OK`
fn standing(view: &View, reel: &Reel, width: usize) -> Line<'static> {
    let (tape, cursor) = (reel.tape(), reel.cursor());
    let (word, token) = if reel.is_playing() { ("PLAYING", Token::Running) } else { ("STOPPED", Token::Replay) };
    let (seal, sound) = tape.seal();
    let seal_token = if sound { Token::Ok } else { Token::Breach };
    let row = view.row().strong(token, Modifier::BOLD, &format!("{word} x{}", reel.speed()));
    let row = row.put(Token::Fg, &format!("  {}", tape.clock(cursor.at_ms)));
    let count = tape.records().len();
    let details = [
        (Token::Muted, format!(" of {}", tape.clock(tape.end_ms()))),
        (Token::Fg, format!("  event {} of {count}", cursor.count)),
    ];
    // What is damaged is said before anything that can be seen below.
    let room = width.saturating_sub(if sound { words::columns(seal.as_str()) + 2 } else { width / 2 });
    let row = details.into_iter().fold(row, |row, (token, words)| {
        if row.used() + words::columns(&words) > room { row } else { row.put(token, &words) }
    });
    row.put(Token::Fg, "  ").fit(seal_token, seal.as_str(), width).line()
}

/// The times, each beginning in its column; a bookmark stands in front of what it covers.
fn axis(view: &View, tape: &Tape, columns: usize) -> Line<'static> {
    let (end, declared) = (tape.end_ms().max(1), tape.declared_ms());
    let tick = TICKS_MS.into_iter().find(|tick| column(*tick, end, columns) >= TICK_LEAST).unwrap_or(end);
    let mut row = view.row().to(INDENT);
    // The ticks stand at whole times since the declaration.
    let first = declared % tick;
    for at in (0..=(end.saturating_sub(first)) / tick).map(|count| first + count * tick) {
        let name = match at {
            at if at == declared => "|T0".to_owned(),
            at if at < declared => format!("|-{}", words::clock(declared - at)),
            at => format!("|{}", words::clock(at - declared)),
        };
        let place = INDENT + column(at, end, columns);
        if place >= row.used() && place + words::columns(&name) <= INDENT + columns {
            row = row.to(place).put(Token::Muted, &name);
        }
    }
    row.line()
}

/// A letter for each event that has one, in its column or a little later; what matters more has its place first.
fn letters(view: &View, reel: &Reel, columns: usize) -> Line<'static> {
    let tape = reel.tape();
    let lettered = |(place, record): (usize, &Record)| Some((letter(view, record)?, tape.time(place)));
    let mut marks: Vec<((u8, char), u64)> = tape.records().iter().enumerate().filter_map(lettered).collect();
    marks.extend(reel.bookmarks().iter().map(|at| (BOOKMARK, *at)));
    marks.sort_unstable();
    let mut row = vec!['-'; columns];
    for ((_, letter), at) in marks {
        let place = column(at, tape.end_ms(), columns);
        let free = (place..columns.min(place + NUDGE + 1)).find(|place| row[*place] == '-');
        // The same letter close by says it already.
        let near = row[place..columns.min(place + NUDGE + 1)].contains(&letter);
        if let Some(free) = free.filter(|_| !near || letter.is_ascii_digit()) {
            row[free] = letter;
        }
    }
    let text: String = row.into_iter().collect();
    let mut row = view.row().to(INDENT);
    for run in text.as_bytes().chunk_by(|a, b| (*a == b'-') == (*b == b'-')) {
        let token = if run[0] == b'-' { Token::Rule } else { Token::Event };
        row = row.put(token, &String::from_utf8_lossy(run));
    }
    row.line()
}

const BOOKMARK: (u8, char) = (1, 'b');

/// The letter of an event, and how early it is given its place.
fn letter(view: &View, record: &Record) -> Option<(u8, char)> {
    match &record.event {
        Event::Declared { .. } => Some((0, 'D')),
        Event::PullStarted { way: Way::Undo, .. } => Some((2, 'U')),
        Event::PullStarted { way: Way::Do, .. } => Some((2, 'P')),
        Event::HoldStarted | Event::HoldMet { .. } => Some((2, 'H')),
        Event::Closed { .. } => Some((2, 'C')),
        Event::StepStarted { step, .. } => {
            let place = view.scene.playbook.steps.iter().position(|known| known.id == *step)?;
            char::from_digit(u32::try_from(place + 1).ok()?, 36).map(|number| (3, number))
        }
        Event::VerdictChanged { verdict, .. } if verdict.state == VerdictState::Breach => Some((4, 'A')),
        Event::Reverted { .. } | Event::Objected { .. } => Some((4, 'A')),
        Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. } => Some((5, 's')),
        Event::Opened { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::BranchOpened { .. }
        | Event::PullSettled { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::VerdictChanged { .. }
        | Event::BaselineCaptured { .. }
        | Event::BaselineMissed { .. }
        | Event::SensorTurned { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldExtended { .. }
        | Event::EvidenceCaptured { .. }
        | Event::MessageQueued { .. }
        | Event::MessageSettled { .. }
        | Event::MessageRetried { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::ReversionAcknowledged { .. }
        | Event::Approved { .. }
        | Event::ObjectionAcknowledged { .. }
        | Event::CommandAsked { .. }
        | Event::CommandDeclined { .. }
        | Event::CommandAskDropped { .. }
        | Event::HandedOver { .. }
        | Event::Resumed { .. }
        | Event::FollowedUp { .. } => None,
    }
}

/// Where one stands, and what has just happened there: beside the mark, on the side that has more room.
fn here(view: &View, reel: &Reel, columns: usize) -> Line<'static> {
    let (tape, cursor) = (reel.tape(), reel.cursor());
    let place = column(cursor.at_ms, tape.end_ms(), columns);
    let words = tape.event(cursor).map(|record| {
        let ago = cursor.at_ms.saturating_sub(tape.time(cursor.count - 1));
        let ago = if ago < 1000 { String::new() } else { format!(" ({} before)", words::age(ago)) };
        format!("{}{ago}", tape.words(cursor.count - 1)) + &by(record)
    });
    let words = words.unwrap_or_default();
    let (left, right) = (place.saturating_sub(1), columns.saturating_sub(place + 2));
    if words::columns(&words) <= right || right >= left {
        let row = view.row().to(INDENT + place).strong(Token::Replay, Modifier::BOLD, "^").put(Token::Fg, " ");
        return row.fit(Token::Fg, &words, INDENT + columns).line();
    }
    let told = words::clip(&words, left);
    let row = view.row().to(INDENT + left - words::columns(&told)).put(Token::Fg, &told).put(Token::Fg, " ");
    row.strong(Token::Replay, Modifier::BOLD, "^").line()
}

/// Who did it, unless goaround itself did.
fn by(record: &Record) -> String {
    match record.actor.as_str() {
        "sensor" => String::new(),
        actor => format!(", {actor}"),
    }
}

/// How the metric that is worst here stood to its limits from the beginning to the end; the row below names it, so that all
/// rows of the tape begin in the same column.
fn worst(view: &View, reel: &Reel, columns: usize) -> Lines {
    let Some(metric) = facts::worst(view.scene) else { return Lines::new() };
    let tape = reel.tape();
    let baseline = facts::baseline(view.scene, metric);
    let cells = trace(metric, baseline, (tape.trace(&metric.id), tape.end_ms()), columns);
    let mut row = view.row().to(INDENT);
    for run in cells.chunk_by(|a, b| a == b) {
        let (_, ink, token) = INK.into_iter().find(|(cell, ..)| *cell == run[0]).unwrap_or(INK[0]);
        row = row.put(token, &ink.to_string().repeat(run.len()));
    }
    let state = facts::state_of(view.scene, &metric.id);
    let name = format!("{} {} {} {}", state.glyph(), metric.title, facts::now_words(view.scene, metric), state.word());
    let legend = "   _ fine  * not recovered  # stop  . no sample";
    let told = view.row().to(INDENT).fit(facts::token_of(state), &name, INDENT + columns);
    let room = told.used() + words::columns(legend) <= INDENT + columns;
    let told = if room { told.put(Token::Muted, legend) } else { told };
    vec![row.line(), told.line()]
}
