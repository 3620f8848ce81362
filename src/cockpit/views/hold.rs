//! The hold: every exit target, how long it has been green, and what resets it.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View, head, metrics};
use crate::cockpit::red;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::incident::StreakState;
use crate::metrics::VerdictState;
use crate::playbook::Metric;
use ratatui::style::Modifier;
use ratatui::text::Line;

pub(in crate::cockpit) fn lines(view: &View, width: usize) -> Lines {
    let mut lines = vec![title(view), heading(view, width)];
    let targets = view.scene.playbook.metrics.values().filter(|metric| metric.exit.is_some());
    lines.extend(targets.map(|metric| target(view, metric, width)));
    lines.push(view.row().line());
    lines.push(stop_rules(view, width));
    let hold = &view.scene.state.hold;
    for (word, why) in [("PAUSED", &hold.paused), ("LAST RESET", &hold.last_reset)] {
        if let Some(why) = why {
            lines.push(view.row().cell(Token::Muted, word, 12).fit(Token::Warn, why.as_str(), width).line());
        }
    }
    lines.extend(waits(view, width));
    lines.push(view.row().line());
    lines.push(undo_line(view, width));
    lines
}

fn title(view: &View) -> Line<'static> {
    let hold = &view.scene.playbook.hold;
    let row = if view.ui.stack.is_empty() {
        view.heading(Panel::Hold, "HOLD AND WATCH")
    } else {
        view.row().strong(Token::Fg, Modifier::BOLD, "HOLD AND WATCH")
    };
    let Some(started) = &view.scene.state.marks.hold_started else {
        let words = format!("   not started: step `watch` starts it   needs {}", words::clock(hold.green_for_ms));
        return row.put(Token::Muted, &words).line();
    };
    let elapsed = view.scene.now.since(started).ms;
    let token = if elapsed > hold.max_ms { Token::Warn } else { Token::Fg };
    let row = row.put(token, &format!("  elapsed {}", words::clock(elapsed)));
    let row = row.put(head::hold_token(view), &format!("   green-for {}", head::hold_words(view).unwrap_or_default()));
    let over = if elapsed > hold.max_ms { " OVERDUE" } else { "" };
    row.put(Token::Muted, &format!("   max {}{over}", words::clock(hold.max_ms))).line()
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
    let (green, green_token) = match view.scene.state.hold.streaks.get(&metric.id) {
        None => ("-".to_owned(), Token::Muted),
        Some(streak) => match streak.state {
            StreakState::Green => (words::clock(streak.green_ms(&view.scene.now)), Token::Ok),
            StreakState::Paused => ("paused".to_owned(), Token::Nodata),
            StreakState::Missed => ("missed".to_owned(), Token::Warn),
        },
    };
    let row = view.row().put(token, &state.glyph().to_string()).to(2).cell(Token::Fg, &metric.title, title - 2);
    let row = row.cell(Token::Fg, &need, need_wide).cell(Token::Fg, &facts::now_words(view.scene, metric), now);
    let row = row.cell(token, state.word(), word).cell(green_token, &green, green_wide);
    row.put(Token::Muted, &metrics::age_words(view, metric)).line()
}

/// Broken stop limits set the streak back to zero.
fn stop_rules(view: &View, width: usize) -> Line<'static> {
    let metrics = view.scene.playbook.metrics.values();
    let broken = metrics.filter(|metric| facts::state_of(view.scene, &metric.id) == VerdictState::Breach);
    let titles: Vec<&str> = broken.map(|metric| metric.title.as_str()).collect();
    let row = view.row().cell(Token::Muted, "STOP RULES", 12);
    if titles.is_empty() {
        return row.put(Token::Ok, "+ none broken").line();
    }
    row.fit(Token::Breach, &format!("X {} BREACH -> reset", titles.join(", ")), width).line()
}

/// What it waits for, in as many lines as that needs.
fn waits(view: &View, width: usize) -> Lines {
    let waits = red::hold_waits(view.scene).join("; ");
    if waits.is_empty() {
        return Lines::new();
    }
    let line = |(place, text): (usize, &String)| {
        view.row().cell(Token::Muted, if place == 0 { "WAITS FOR" } else { "" }, 12).put(Token::Warn, text).line()
    };
    words::wrap(&waits, width.saturating_sub(12)).iter().enumerate().map(line).collect()
}

/// Whether the first debt may be paid.
fn undo_line(view: &View, width: usize) -> Line<'static> {
    let row = view.row().strong(Token::Focus, Modifier::BOLD, "U ");
    let Some(debt) = view.ui.debt(view.scene) else { return row.put(Token::Muted, "no debt is open").line() };
    let row = row.put(Token::Fg, &format!("arms: {}", debt.title));
    match crate::incident::derive::not_yet_payable(&view.scene.playbook, &view.scene.state, debt) {
        None => row.put(Token::Ok, "   READY").line(),
        Some(why) => row
            .fit(
                Token::Warn,
                &format!("   NOT YET: {why} ({})", head::hold_words(view).unwrap_or("not started".into())),
                width,
            )
            .line(),
    }
}
