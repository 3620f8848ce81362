//! The hold: every exit target, how long it has been green, what resets it, and what it waits for.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View, first, head, metrics, scrolling};
use crate::cockpit::red;
use crate::cockpit::row::Row;
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel};
use crate::cockpit::{waits, words};
use crate::incident::{StepStatus, StreakState, derive};
use crate::metrics::VerdictState;
use crate::playbook::{DebtAfter, Id, Metric, Step, StepKind, Until};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the second column begins.
const INDENT: usize = 12;
/// The rows that the targets keep, however much is said below them.
const TARGETS_LEAST: usize = 3;
/// The most rows that what it waits for takes.
const WAITS_MAX: usize = 3;

pub(in crate::cockpit) fn lines(view: &View, width: usize, height: usize) -> Lines {
    under_title(view, view.row().strong(Token::Fg, Modifier::BOLD, "HOLD AND WATCH"), width, height)
}

/// The same as one panel among others, with its number.
pub(in crate::cockpit) fn panel(view: &View, width: usize, height: usize) -> Lines {
    under_title(view, view.heading(Panel::Hold, "HOLD AND WATCH"), width, height)
}

fn under_title(view: &View, title: Row, width: usize, height: usize) -> Lines {
    let mut lines = vec![clocks(view, title, width), heading(view, width)];
    let below = below(view, width);
    if is_scrolled(view) && lines.len() + TARGETS_LEAST + below.len() > height {
        // Where neither part has room beside the other they scroll as one.
        let mut body = targets(view, width, usize::MAX);
        body.extend(below);
        let room = height.saturating_sub(lines.len());
        lines.extend(scrolling(view, body, room));
        return lines;
    }
    let room = height.saturating_sub(lines.len() + below.len()).max(TARGETS_LEAST);
    lines.extend(targets(view, width, room));
    lines.extend(below);
    first(view, lines, height)
}

/// Whether this is what scrolls: beside another view it is not.
fn is_scrolled(view: &View) -> bool {
    matches!(view.ui.stack.last(), Some(Dialog::Hold))
}

/// Every exit target, in the playbook's order; where they have no room, `j` and `k` scroll them.
fn targets(view: &View, width: usize, room: usize) -> Lines {
    let targets: Vec<&Metric> = view.scene.playbook.metrics.values().filter(|metric| metric.exit.is_some()).collect();
    if targets.len() <= room {
        return targets.into_iter().map(|metric| target(view, metric, width)).collect();
    }
    let rows = room.saturating_sub(1);
    let from = if is_scrolled(view) { view.scrolled(targets.len(), rows) } else { 0 };
    let shown = from..targets.len().min(from + rows);
    let hidden = targets.len() - shown.len();
    let mut lines: Lines = targets[shown].iter().map(|metric| target(view, metric, width)).collect();
    lines.push(view.row().to(2).put(Token::Muted, &format!(".. {hidden} more; <main.down> <main.up>")).line());
    lines
}

/// What resets it, what keeps it from running, what it is preceded by, and what comes after it.
fn below(view: &View, width: usize) -> Lines {
    let mut lines = vec![view.row().line(), stop_rules(view, width)];
    let hold = &view.scene.state.hold;
    for (word, why) in [("PAUSED", &hold.paused), ("LAST RESET", &hold.last_reset)] {
        if let Some(why) = why {
            lines.push(view.row().cell(Token::Muted, word, INDENT).fit(Token::Warn, why.as_str(), width).line());
        }
    }
    lines.extend(waits(view, width));
    lines.extend(deadlines(view, width));
    lines.extend(gates(view, width));
    lines.push(view.row().line());
    lines.push(undo_line(view, width));
    lines.push(extend_line(view, width));
    lines
}

/// The title with how long it has taken and how far it is.
fn clocks(view: &View, row: Row, width: usize) -> Line<'static> {
    let (hold, state) = (&view.scene.playbook.hold, &view.scene.state);
    let Some(started) = &state.marks.hold_started else {
        let mut steps = view.scene.playbook.steps.iter();
        let watch = steps.find(|step| matches!(step.kind, StepKind::Watch)).map_or("watch", |step| step.title.as_str());
        let words = format!("   not started: step `{watch}` starts it   needs {}", words::clock(hold.green_for_ms));
        return row.fit(Token::Muted, &words, width).line();
    };
    let end = state.marks.hold_met.as_ref().unwrap_or(&view.scene.now);
    let (elapsed, max) = (end.since(started).ms, derive::hold_max_ms(&view.scene.playbook, state));
    let token = if elapsed > max { Token::Warn } else { Token::Fg };
    // With its number and all its clocks the title just has room in the middle of three columns.
    let gap = if width >= 72 { "   " } else { " " };
    let row = row.put(token, &format!("  elapsed {}", words::clock(elapsed)));
    let green = head::hold_words(view).unwrap_or_default();
    let row = row.put(head::hold_token(view), &format!("{gap}green-for {green}"));
    let over = if elapsed > max { " OVERDUE" } else { "" };
    let row = row
        .put(if elapsed > max { Token::Warn } else { Token::Muted }, &format!("{gap}max {}{over}", words::clock(max)));
    match state.hold.extended_ms {
        0 => row.line(),
        more => row.fit(Token::Override, &format!(" (+{})", words::clock(more)), width).line(),
    }
}

/// How wide the columns are: the metric, what it needs, has and is, how long it has been green, how old that is.
fn columns(width: usize) -> [usize; 6] {
    if width >= 72 { [17, 12, 12, 9, 12, 8] } else { [17, 10, 9, 8, 11, 5] }
}

fn heading(view: &View, width: usize) -> Line<'static> {
    let words = ["EXIT TARGET", "need", "now", "state", "green-for", "age"];
    let named = words.iter().zip(columns(width));
    named.fold(view.row(), |row, (word, width)| row.cell(Token::Muted, word, width)).line()
}

fn target(view: &View, metric: &Metric, width: usize) -> Line<'static> {
    let [title, need_wide, now, word, green_wide, _] = columns(width);
    let state = facts::state_of(view.scene, &metric.id);
    let token = facts::token_of(state);
    let base = facts::baseline(view.scene, metric);
    let need = metric.exit.as_ref().map_or(String::new(), |exit| words::limit(exit, metric.unit, base));
    let (green, green_token) = green(view.scene, &metric.id);
    let row = view.row().put(token, &state.glyph().to_string()).to(2).cell(Token::Fg, &metric.title, title - 2);
    let row = row.cell(Token::Fg, &need, need_wide).cell(Token::Fg, &facts::now_words(view.scene, metric), now);
    let row = row.cell(token, state.word(), word).cell(green_token, &green, green_wide);
    row.put(Token::Muted, &metrics::age_words(view, metric)).line()
}

/// How long an exit target has been met, or why that does not count now.
pub(in crate::cockpit) fn green(scene: &Scene, metric: &Id) -> (String, Token) {
    let Some(streak) = scene.state.hold.streaks.get(metric) else { return ("-".to_owned(), Token::Muted) };
    match streak.state {
        // What was written down last does not hold while nobody reads.
        StreakState::Green if !facts::state_of(scene, metric).is_fresh() => ("paused".to_owned(), Token::Nodata),
        StreakState::Green => (words::clock(streak.green_ms(&scene.now)), Token::Ok),
        StreakState::Paused => ("paused".to_owned(), Token::Nodata),
        StreakState::Missed => ("missed".to_owned(), Token::Warn),
    }
}

/// Broken stop limits set the streak back to zero; one that cannot be judged pauses it.
fn stop_rules(view: &View, width: usize) -> Line<'static> {
    let row = view.row().cell(Token::Muted, "STOP RULES", INDENT);
    let broken: Vec<String> = view.scene.playbook.metrics.values().filter_map(|metric| broken(view, metric)).collect();
    // Green says that somebody looked.
    let unjudged = red::unjudged_stops(view.scene);
    let (row, word) = match (broken.is_empty(), &unjudged) {
        (true, None) => return row.put(Token::Ok, "+ none broken").line(),
        (true, Some(_)) => (row, "? cannot be judged: "),
        (false, _) => (row.fit(Token::Breach, &format!("{} -> reset", broken.join(", ")), width), "  ? unseen: "),
    };
    let unjudged = unjudged.map_or(String::new(), |stops| format!("{word}{stops}"));
    row.fit(Token::Nodata, &unjudged, width).line()
}

/// `X p99 BREACH 00:12`
fn broken(view: &View, metric: &Metric) -> Option<String> {
    let state = facts::state_of(view.scene, &metric.id);
    let slot = view.scene.state.verdicts.get(&metric.id).filter(|slot| slot.verdict.state == state);
    let since = slot.map_or(String::new(), |slot| format!(" {}", words::clock(view.scene.now.since(&slot.since).ms)));
    (state == VerdictState::Breach).then(|| format!("X {} BREACH{since}", metric.title))
}

/// What had to be green by a time, after the last pull: met in how long, or what is left.
fn deadlines(view: &View, width: usize) -> Lines {
    let told = view.scene.playbook.steps.iter().filter_map(|step| {
        let StepKind::Wait(wait) = &step.kind else { return None };
        if !matches!(wait.until, Until::Exits(_)) || !derive::is_flown(&view.scene.state, step) {
            return None;
        }
        let state = view.scene.state.steps.get(&step.id)?;
        let begun = state.started.as_ref().unwrap_or(&state.since);
        let (words, token) = match state.status {
            StepStatus::Running => (waits::waiting(view.scene, step, wait), Token::Running),
            StepStatus::Sensed | StepStatus::Confirmed => {
                (format!("MET in {}", words::clock(state.since.since(begun).ms)), Token::Ok)
            }
            StepStatus::Failed => ("MISSED".to_owned(), Token::Breach),
            StepStatus::Reopened => (facts::face(view.scene, &step.id).word.to_owned(), Token::Warn),
            StepStatus::Skipped | StepStatus::Overridden | StepStatus::Deferred => {
                (facts::face(view.scene, &step.id).word.to_owned(), Token::Override)
            }
        };
        let what = format!("{} within {}: ", waits::exits_words(view.scene, wait), words::clock(wait.within_ms));
        Some(view.row().fit(Token::Fg, &what, width).fit(token, &words, width).line())
    });
    under(view, "DEADLINE", told.collect())
}

/// The steps before the watch: what was gone past first, for that is what people ask about.
fn gates(view: &View, width: usize) -> Lines {
    let state = &view.scene.state;
    let before = view.scene.playbook.steps.iter().take_while(|step| !matches!(step.kind, StepKind::Watch));
    let flown: Vec<&Step> = before.filter(|step| derive::is_flown(state, step)).collect();
    if state.marks.hold_started.is_none() {
        return Lines::new();
    }
    let is_done = |step: &&&Step| {
        let status = derive::status(state, &step.id);
        matches!(status, Some(StepStatus::Sensed | StepStatus::Confirmed))
    };
    let past = flown.iter().filter(|step| !is_done(step)).map(|step| {
        let face = facts::face(view.scene, &step.id);
        (format!("{} {} ({})", glyph(face.glyph), step.title, face.word.to_lowercase()), face.token)
    });
    let done = flown.iter().filter(is_done).map(|step| (format!("+ {}", step.title), Token::Ok));
    under(view, "GATES", flow(view, past.chain(done).collect(), width))
}

/// What stands between the brackets of a step's glyph.
fn glyph(glyph: &str) -> &str {
    glyph.trim_matches(['[', ']'])
}

/// Texts one behind the other, in as many lines as they need, each whole where a line can hold it.
fn flow(view: &View, texts: Vec<(String, Token)>, width: usize) -> Lines {
    let (mut lines, mut row) = (Lines::new(), view.row());
    let room = width.saturating_sub(INDENT);
    for (text, token) in texts {
        if row.used() > 0 && row.used() + words::columns(&text) > room {
            lines.push(std::mem::replace(&mut row, view.row()).line());
        }
        row = row.fit(token, &text, room).put(Token::Fg, "   ");
    }
    lines.push(row.line());
    lines
}

/// Lines behind a word in the first column.
fn under(view: &View, word: &str, lines: Lines) -> Lines {
    let put = |(place, line): (usize, Line<'static>)| {
        let mut whole = view.row().cell(Token::Muted, if place == 0 { word } else { "" }, INDENT).line();
        whole.spans.extend(line.spans);
        whole
    };
    lines.into_iter().enumerate().map(put).collect()
}

/// What it waits for, in a few lines: the table above says the rest.
fn waits(view: &View, width: usize) -> Lines {
    let waits = red::hold_waits(view.scene).join("; ");
    if waits.is_empty() {
        return Lines::new();
    }
    let room = width.saturating_sub(INDENT);
    let wrapped = words::wrap_in(&waits, room, WAITS_MAX);
    under(view, "WAITS FOR", wrapped.iter().map(|text| view.row().put(Token::Warn, text).line()).collect())
}

/// Whether the first debt may be paid; paid early it costs a reason.
fn undo_line(view: &View, width: usize) -> Line<'static> {
    let row = view.row().strong(Token::Focus, Modifier::BOLD, "<main.pay-debt> ");
    let Some(debt) = view.ui.debt(view.scene) else { return row.put(Token::Muted, "no debt is open").line() };
    let row = row.put(Token::Fg, &format!("arms: {}", debt.title));
    let Some(why) = derive::not_yet_payable(&view.scene.playbook, &view.scene.state, debt) else {
        return row.put(Token::Ok, "   READY").line();
    };
    // An open step keeps the hold from being met however long it is green, so that comes first.
    let mut blocks = if debt.after == DebtAfter::Hold { red::open_steps(view.scene) } else { Vec::new() };
    blocks.truncate(1);
    let why = match debt.after {
        DebtAfter::Hold => vec![format!("green-for {}", head::hold_words(view).unwrap_or("not started".into()))],
        DebtAfter::Anytime | DebtAfter::Debt(_) => vec![why],
    };
    let mut why: Vec<String> = blocks.into_iter().chain(why).collect();
    match red::unmeasured(view.scene).len() {
        0 => {}
        many => why.push(format!("{many} unmeasured")),
    }
    row.fit(Token::Warn, &format!("   NOT YET ({})", why.join("; ")), width).line()
}

/// What more time means.
fn extend_line(view: &View, width: usize) -> Line<'static> {
    let state = &view.scene.state;
    if state.marks.hold_started.is_none() || state.marks.hold_met.is_some() || state.closed.is_some() {
        return view.row().line();
    }
    let row = view.row().strong(Token::Focus, Modifier::BOLD, "<hold.extend-hold> ");
    row.fit(Token::Muted, "lets it take 5m longer; green-for stays what it is", width).line()
}
