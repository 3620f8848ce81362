//! Every key that works here, and why some do not now; made from the keymap.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::facts;
use crate::cockpit::keymap::{Bound, Place};
use crate::cockpit::panels::{Lines, View, paged};
use crate::cockpit::press::why_not;
use crate::cockpit::scene::Armed;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Ui};
use crate::cockpit::words;
use crate::metrics::VerdictState;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the second column begins.
const INDENT: usize = 8;
/// What the keys of a row take.
const KEYS: usize = 9;

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let below = view.ui.below();
    let places = below.places();
    let title = view.row().strong(Token::Fg, Modifier::BOLD, &format!("HELP  {}", where_is(&below)));
    let title = match seconds_left(view) {
        Some(left) => title.styled(view.theme.armed(), &format!("  ARMED {left}s left ")),
        None => title,
    };
    let mut lines = vec![
        title
            .right(Token::Muted, "<help.down> <help.up> scroll   <help.search> search   <help.back> close", width)
            .line(),
    ];
    let mut body = brief(view, width);
    body.extend(moving(view, &places, width));
    body.extend(doing(view, &below, &places, width));
    body.push(glyphs(view));
    body.extend(steps(view));
    lines.extend(paged(view, body, height.saturating_sub(1)));
    lines
}

/// How long what is armed below stays so: reading the help wins no time.
fn seconds_left(view: &View) -> Option<u64> {
    let lever = view.ui.arming().filter(|arming| arming.fired.is_none());
    let lever = lever.and_then(|arming| arming.armed_ms.filter(|_| arming.armed(view.scene).is_some()));
    let letter = view.ui.posting().filter(|posting| posting.posted.is_none());
    let letter = || letter.and_then(|posting| Some(posting.letter(view.scene)?.armed_at_ms));
    let since = lever.or_else(letter)?;
    Some(Armed::EXPIRES_MS.saturating_sub(view.human_ms.saturating_sub(since)).div_ceil(1000))
}

/// What the person who flies a drill was told before it started.
pub(in crate::cockpit) fn brief(view: &View, width: usize) -> Lines {
    let told = view.scene.brief.iter().flat_map(|line| words::wrap(line.as_str(), width.saturating_sub(INDENT)));
    let line = |(place, text): (usize, String)| {
        view.row().cell(Token::Drill, if place == 0 { "BRIEF" } else { "" }, INDENT).put(Token::Fg, &text).line()
    };
    told.enumerate().map(line).collect()
}

/// Keys that only move about, in few words.
fn moving(view: &View, places: &[Place], width: usize) -> Lines {
    let here = places.iter().flat_map(|place| view.ui.keymap.of(*place));
    let moves = here.filter(|bound| bound.binding.act.walks() && view.ui.keymap.reaches(places, bound));
    let words: Vec<String> = moves.map(|bound| format!("{} {}", bound.shown, bound.binding.help)).collect();
    let mut lines = Lines::new();
    let mut row = view.row().cell(Token::Muted, "MOVE", INDENT);
    for words in words {
        if row.used() + words::columns(&words) > width && row.used() > INDENT {
            lines.push(row.line());
            row = view.row().to(INDENT);
        }
        row = row.put(Token::Fg, &words).put(Token::Fg, "   ");
    }
    if row.used() > INDENT {
        lines.push(row.line());
    }
    lines
}

/// What can be done now, a key a row, by place; then what cannot, and why.
fn doing(view: &View, below: &Ui, places: &[Place], width: usize) -> Lines {
    let (mut on, mut off) = (Lines::new(), Lines::new());
    for (place, heading) in Place::ALL.iter().filter(|(place, _)| places.contains(place)) {
        let mut head = *heading;
        let here = view.ui.keymap.of(*place).filter(|bound| !bound.binding.act.walks());
        for bound in here.filter(|bound| view.ui.keymap.reaches(places, bound)) {
            match why_not(below, bound.binding.act, view.scene) {
                None => {
                    let says = facts::help(view.scene, bound.binding);
                    on.push(line(view, bound, std::mem::take(&mut head), (&says, Token::Fg), width));
                }
                Some(why) => {
                    let head = if off.is_empty() { "OFF" } else { "" };
                    off.push(line(view, bound, head, (&why, Token::Warn), width));
                }
            }
        }
    }
    on.extend(off);
    on
}

/// A key, and what is said of it.
fn line(view: &View, bound: &Bound, heading: &str, (says, token): (&str, Token), width: usize) -> Line<'static> {
    let key = if token == Token::Fg { Token::Focus } else { Token::Muted };
    let row = view.row().cell(Token::Muted, heading, INDENT).cell(key, &bound.shown, KEYS);
    row.fit(token, says, width).line()
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
            row.put(facts::token_of(state), &words)
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
fn where_is(below: &Ui) -> String {
    let view = match below.stack.last() {
        Some(Dialog::Step(_)) => "step detail",
        Some(Dialog::Metric(_)) => "metric",
        Some(Dialog::Levers) => "levers",
        Some(Dialog::Hold) => "hold",
        Some(Dialog::Clocks) => "clocks",
        Some(Dialog::Debts) => "debts",
        Some(Dialog::Comms) => "messages",
        Some(Dialog::Tree) => "decision tree",
        Some(Dialog::Journal) => "journal",
        Some(Dialog::Acknowledged) => "acknowledged alerts",
        Some(Dialog::List(Catalogue::Symptoms)) => "symptoms",
        Some(Dialog::List(Catalogue::Links)) => "links",
        Some(Dialog::List(Catalogue::Contacts)) => "contacts",
        Some(Dialog::List(Catalogue::Faq)) => "questions",
        Some(Dialog::List(Catalogue::FollowUps)) => "follow-ups",
        Some(Dialog::Edit(_)) => "a message's words",
        Some(Dialog::Preview(posting)) if posting.posted.is_some() => "a message, sent",
        Some(Dialog::Preview(_)) => "a message, armed",
        Some(Dialog::Arm(arming)) if arming.fired.is_some() => "a lever, fired",
        Some(Dialog::Arm(_)) => "a lever, armed",
        Some(Dialog::Menu(_)) => "a choice",
        Some(Dialog::Field(_)) => "a line of text",
        Some(Dialog::Quit) => "leaving",
        Some(Dialog::Palette(_)) => "palette",
        Some(Dialog::Help) => "help",
        None => return format!("{} panel", below.focus.word()),
    };
    view.to_owned()
}
