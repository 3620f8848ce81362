//! Every key that works here, and why some do not now; made from the keymap.

use crate::cockpit::keymap::{Binding, KEYMAP, Place};
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::press::why_not;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel, Ui};
use crate::metrics::VerdictState;
use ratatui::style::Modifier;
use ratatui::text::Line;

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let mut below = view.ui.clone();
    below.stack.pop();
    let places = below.places();
    let title = view.row().strong(Token::Fg, Modifier::BOLD, &format!("HELP  {}", where_is(&below)));
    let mut lines = vec![title.right(Token::Muted, "j k scroll   Esc close", width).line()];
    let mut body = Vec::new();
    for (place, heading) in Place::ALL.iter().filter(|(place, _)| places.contains(place)) {
        body.extend(rows(view, &below, *place, heading, width));
    }
    body.push(glyphs(view));
    body.push(order(view, width));
    let most = body.len().saturating_sub(height.saturating_sub(1));
    lines.extend(body.into_iter().skip(view.ui.selected.help_down.min(most)).take(height.saturating_sub(1)));
    lines
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
    let row = view.row().cell(Token::Muted, heading, 8).cell(token, binding.shown, 9);
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
    let row = view.row().cell(Token::Muted, "GLYPH", 8);
    states
        .into_iter()
        .fold(row, |row, state| {
            let words = format!("{} {}  ", state.glyph(), state.word());
            row.put(crate::cockpit::facts::token_of(state), &words)
        })
        .line()
}

fn order(view: &View, width: usize) -> Line<'static> {
    let words = "[ ] to do  [>] running  [*] sensed  [x] you saw it  [!] failed  [-] skipped  [o] override";
    view.row().to(8).fit(Token::Muted, words, width).line()
}

/// Where the help was asked for.
fn where_is(below: &Ui) -> &'static str {
    match below.stack.last() {
        Some(Dialog::Step(_)) => "step detail",
        Some(Dialog::Metric(_)) => "metric",
        Some(Dialog::Levers) => "levers",
        Some(Dialog::Hold) => "hold",
        Some(Dialog::Debts) => "debts",
        Some(Dialog::Comms) => "messages",
        Some(Dialog::Journal) => "journal",
        Some(
            Dialog::Preview(_) | Dialog::Help | Dialog::Quit | Dialog::Arm(_) | Dialog::Menu(_) | Dialog::Field(_),
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
