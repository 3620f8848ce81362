//! Every key that works here, and why some do not now; made from the keymap.

use crate::cockpit::keymap::{Binding, KEYMAP, Place};
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::press::why_not;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel, Ui};
use crate::cockpit::words;
use crate::metrics::VerdictState;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the second column begins.
const INDENT: usize = 8;

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let mut below = view.ui.clone();
    below.stack.pop();
    let places = below.places();
    let title = view.row().strong(Token::Fg, Modifier::BOLD, &format!("HELP  {}", where_is(&below)));
    let mut lines = vec![title.right(Token::Muted, "j k scroll   Esc close", width).line()];
    let mut body = brief(view, width);
    for (place, heading) in Place::ALL.iter().filter(|(place, _)| places.contains(place)) {
        body.extend(rows(view, &below, *place, heading, width));
    }
    body.push(glyphs(view));
    body.extend(steps(view));
    let most = body.len().saturating_sub(height.saturating_sub(1));
    lines.extend(body.into_iter().skip(view.ui.selected.help_down.min(most)).take(height.saturating_sub(1)));
    lines
}

/// What the person who flies a drill was told before it started.
pub(in crate::cockpit) fn brief(view: &View, width: usize) -> Lines {
    let told = view.scene.brief.iter().flat_map(|line| words::wrap(line.as_str(), width.saturating_sub(INDENT)));
    let line = |(place, text): (usize, String)| {
        view.row().cell(Token::Drill, if place == 0 { "BRIEF" } else { "" }, INDENT).put(Token::Fg, &text).line()
    };
    told.enumerate().map(line).collect()
}

fn rows(view: &View, below: &Ui, place: Place, heading: &str, width: usize) -> Lines {
    let mut head = heading;
    let mut lines = Vec::new();
    for binding in KEYMAP.iter().filter(|binding| binding.place == place) {
        lines.push(line(view, below, binding, head, width));
        head = "";
    }
    lines
}

/// A key, what it does, and why it does not now.
fn line(view: &View, below: &Ui, binding: &Binding, heading: &str, width: usize) -> Line<'static> {
    let off = why_not(below, binding.act, view.scene);
    let token = if off.is_some() { Token::Muted } else { Token::Focus };
    let row = view.row().cell(Token::Muted, heading, INDENT).cell(token, binding.shown, 9);
    match off {
        None => row.fit(Token::Fg, binding.help, width).line(),
        Some(why) => row.put(Token::Warn, "OFF ").fit(Token::Muted, &why, width).line(),
    }
}

fn glyphs(view: &View) -> Line<'static> {
    let states = [
        VerdictState::Ok,
        VerdictState::Warn,
        VerdictState::Breach,
        VerdictState::NoData,
        VerdictState::Stale,
        VerdictState::Error,
    ];
    let row = view.row().cell(Token::Muted, "GLYPH", INDENT);
    states
        .into_iter()
        .fold(row, |row, state| {
            let words = format!("{} {}  ", state.glyph(), state.word());
            row.put(crate::cockpit::facts::token_of(state), &words)
        })
        .line()
}

/// The glyphs of the checklist.
fn steps(view: &View) -> Lines {
    let rows = [
        "[ ] to do   [>] running   [*] sensed   [x] you saw it   [o] overridden",
        "[!] failed, or open again   [-] skipped   [d] deferred   [/] N/A",
    ];
    rows.iter().map(|words| view.row().to(INDENT).put(Token::Muted, words).line()).collect()
}

/// Where the help was asked for.
fn where_is(below: &Ui) -> &'static str {
    match below.stack.last() {
        Some(Dialog::Step(_)) => "step detail",
        Some(Dialog::Metric(_)) => "metric",
        Some(Dialog::Levers) => "levers",
        Some(Dialog::Hold) => "hold",
        Some(Dialog::Clocks) => "clocks",
        Some(Dialog::Debts) => "debts",
        Some(Dialog::Comms) => "messages",
        Some(Dialog::Tree) => "decision tree",
        Some(Dialog::Journal) => "journal",
        Some(Dialog::List(_)) => "list",
        Some(
            Dialog::Edit(_)
            | Dialog::Preview(_)
            | Dialog::Help
            | Dialog::Quit
            | Dialog::Arm(_)
            | Dialog::Menu(_)
            | Dialog::Field(_),
        ) => "dialog",
        None => match below.focus {
            Panel::Metrics => "metrics panel",
            Panel::Checklist => "checklist panel",
            Panel::Levers => "levers panel",
            Panel::Comms => "messages panel",
            Panel::Journal => "journal panel",
            Panel::Hold => "hold panel",
        },
    }
}
