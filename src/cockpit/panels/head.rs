//! The three lines on top: which world, who, the clocks; the alerts; how things stand.

use super::{Lines, View};
use crate::cockpit::facts::{self, WORST_FIRST};
use crate::cockpit::row::Row;
use crate::cockpit::scene::Mode;
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::{clocks, green_for_ms, raised};
use crate::metrics::VerdictState;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Which world, what, who, and every clock that counts now.
pub(in crate::cockpit) fn header(view: &View, width: usize) -> Line<'static> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let mut row = match view.scene.mode {
        Mode::Live => view.row().strong(Token::Fg, Modifier::BOLD | Modifier::REVERSED, " LIVE "),
        Mode::Drill => view.row().strong(Token::Drill, Modifier::BOLD | Modifier::REVERSED, " DRILL "),
    };
    if width >= 120 {
        row = row.put(Token::Fg, &format!("  {}", state.incident));
    }
    row = row.strong(Token::Fg, Modifier::BOLD, &format!("  {}/{}", playbook.service, playbook.environment));
    row = row.put(Token::Muted, &format!("  IC {}", words::clip(view.scene.commander.as_str(), 12)));
    let clocks = clock_words(view);
    let links = link_words(view);
    let closed = state.closed.map(|recovered| if recovered { "CLOSED" } else { "CLOSED not recovered" });
    row = match (closed, state.since_declared(&view.scene.now)) {
        (Some(word), _) => row.strong(Token::Fg, Modifier::BOLD, &format!("  {word}")),
        (None, Some(since)) => {
            let tilde = if since.approximate { "~" } else { "" };
            let row = row.put(Token::Warn, &format!("  SEV{}", state.severity));
            row.strong(Token::Fg, Modifier::BOLD, &format!("  T+{tilde}{}", words::clock(since.ms)))
        }
        (None, None) => row.put(Token::Muted, "  not declared"),
    };
    for (word, token) in clocks {
        row = fit_word(row, token, &word, width);
    }
    row.right(links.1, &links.0, width).line()
}

/// A word that is left out where it would be cut.
fn fit_word<'t>(row: Row<'t>, token: Token, word: &str, width: usize) -> Row<'t> {
    if row.used() + words::columns(word) + 2 > width { row } else { row.put(Token::Fg, "  ").put(token, word) }
}

/// Each clock that runs or has run, and the hold.
fn clock_words(view: &View) -> Vec<(String, Token)> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let readings = clocks(playbook, state, &view.scene.now);
    let mut shown = Vec::new();
    for clock in readings.iter().filter(|clock| clock.id == "60s") {
        let time = words::clock(clock.elapsed_ms);
        let over = clock.elapsed_ms > clock.budget_ms;
        match (clock.running, clock.done) {
            (_, true) => {
                shown.push((format!("{} DONE {time}", clock.title), if over { Token::Warn } else { Token::Ok }));
            }
            (true, false) if over => shown.push((format!("{} OVER {time}", clock.title), Token::Warn)),
            (true, false) => shown.push((format!("{} {time}", clock.title), Token::Running)),
            (false, false) => {}
        }
    }
    if let Some(green) = hold_words(view) {
        shown.push((format!("hold {green}"), hold_token(view)));
    }
    shown
}

/// `00:31/01:00`, `MET`, or nothing before the hold was started.
pub(in crate::cockpit) fn hold_words(view: &View) -> Option<String> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    if state.marks.hold_met.is_some() {
        return Some("MET".into());
    }
    let green = green_for_ms(playbook, state, &view.scene.now)?;
    Some(format!("{}/{}", words::clock(green), words::clock(playbook.hold.green_for_ms)))
}

pub(in crate::cockpit) fn hold_token(view: &View) -> Token {
    let state = &view.scene.state;
    match (&state.marks.hold_met, &state.hold.paused) {
        (Some(_), _) => Token::Ok,
        (None, Some(_)) => Token::Nodata,
        (None, None) => Token::Running,
    }
}

/// How many backends answer.
fn link_words(view: &View) -> (String, Token) {
    let all = view.scene.backends.len();
    let up = view.scene.backends.iter().filter(|health| health.up == Some(true)).count();
    let token = if up == all { Token::Muted } else { Token::Warn };
    (format!("link {up}/{all}"), token)
}

/// What is wrong, worst first, and the alert nobody has acknowledged.
pub(in crate::cockpit) fn alerts(view: &View, width: usize) -> Line<'static> {
    if !view.scene.journal_saved {
        let words = " JOURNAL NOT SAVED: nothing fires until it is; BREAK GLASS lets one pull out ";
        return view.row().strong(Token::Breach, Modifier::REVERSED | Modifier::BOLD, words).line();
    }
    let mut row = view.row();
    for state in WORST_FIRST.into_iter().filter(|state| *state != VerdictState::Ok) {
        let metrics = view.scene.playbook.metrics.keys();
        let count = metrics.filter(|metric| facts::state_of(view.scene, metric) == state).count();
        if count > 0 {
            let word = format!("{} {count} {}", state.glyph(), state.word());
            row = if state == VerdictState::Breach {
                row.strong(Token::Breach, Modifier::REVERSED, &word).put(Token::Fg, "  ")
            } else {
                row.put(facts::token_of(state), &format!("{word}  "))
            };
        }
    }
    if row.used() == 0 {
        row = row.put(Token::Ok, &format!("+ {} OK", view.scene.playbook.metrics.len()));
    }
    unacknowledged(view, row, width)
}

fn unacknowledged<'t>(view: &View<'t>, row: Row<'t>, width: usize) -> Line<'static> {
    let broken = facts::worst(view.scene).filter(|m| facts::state_of(view.scene, &m.id) == VerdictState::Breach);
    if view.scene.state.marks.declared.is_none() && broken.is_some() {
        let row = row.strong(Token::Focus, Modifier::BOLD, " I declares a rollback and starts the checklist");
        return row.line();
    }
    let Some(metric) = facts::top_alert(view.scene) else { return row.line() };
    let title = view.scene.playbook.metrics.get(metric).map_or(metric.as_str(), |metric| metric.title.as_str());
    let since = view.scene.state.verdicts.get(metric).map_or(0, |slot| view.scene.now.since(&slot.since).ms);
    let words = format!(" UNACKED {title} {}", words::clock(since));
    row.strong(Token::Warn, Modifier::BOLD, &words).right(Token::Muted, "a ack", width).line()
}

/// How things stand, in the commander's words and ours.
pub(in crate::cockpit) fn size_up(view: &View, width: usize) -> Line<'static> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let mut said: Vec<String> = Vec::new();
    if !state.size_up.is_empty() {
        said.push(state.size_up.to_string());
    }
    said.extend(raised(playbook, state).iter().map(|symptom| playbook.symptoms[symptom].title.clone()));
    let down = view.scene.backends.iter().filter(|health| health.up == Some(false));
    let down: Vec<&str> = down.map(|health| health.backend.as_str()).collect();
    if !down.is_empty() {
        said.push(format!("down: {}", down.join(", ")));
    }
    if said.is_empty() {
        said.push("nothing is known to be wrong".into());
    }
    view.row().put(Token::Muted, "SIZE-UP  ").fit(Token::Fg, &said.join(" | "), width).line()
}

/// The lines that stay above every view.
pub(in crate::cockpit) fn always(view: &View, width: usize) -> Lines {
    vec![header(view, width), alerts(view, width)]
}
