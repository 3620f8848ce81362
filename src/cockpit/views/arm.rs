//! A lever under arms, and what became of it once it was fired.

use super::armed::{INDENT, REQUEST_LEAST, cannot_whole, countdown, request};
use crate::cockpit::arming::{Arming, Fired};
use crate::cockpit::facts;
use crate::cockpit::keymap::{Act, LeverAct, Place};
use crate::cockpit::panels::{Lines, View, first, scrolling};
use crate::cockpit::press::{blocked, unexplained};
use crate::cockpit::scene::{Armed, Interlock};
use crate::cockpit::theme::Token;
use crate::cockpit::watch::READ_MAX_MS;
use crate::cockpit::words;
use crate::incident::{AttemptId, PullState, ReadBack, Way, expected_ms};
use crate::kind::Outcome;
use crate::playbook::Lever;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// How much of the value read is shown beside its age; CHANGE shows all of it.
const READ_VALUE: usize = 40;

pub(super) fn lines(view: &View, arming: &Arming, width: usize, height: usize) -> Lines {
    let mut lines = vec![title(view, arming, width)];
    if let Some(fired) = &arming.fired {
        lines.extend(after(view, arming, fired, width));
        return lines;
    }
    let Some(armed) = arming.armed(view.scene) else {
        lines.extend(before(view, arming, width));
        return lines;
    };
    lines.extend(state_lines(view, arming, armed, width));
    lines.extend(preview(view, arming, armed, (width, height.saturating_sub(lines.len()))));
    lines
}

/// All that would be done. Where the request has no room between what stands above and below it, all of it scrolls as
/// one: nothing is fired that cannot be read.
fn preview(view: &View, arming: &Arming, armed: &Armed, (width, height): (usize, usize)) -> Lines {
    let mut lines = vec![view.row().line()];
    lines.extend(kind_below(view, arming, width));
    lines.extend(change(view, armed, width));
    lines.extend(read(view, arming, armed, width));
    let mut below = below(view, arming, armed, width);
    if lines.len() + below.len() + REQUEST_LEAST > height {
        lines.remove(0);
        lines.extend(request(view, &armed.request, width, usize::MAX));
        lines.extend(below);
        lines.extend(risks(view, armed, width, usize::MAX));
        return scrolling(view, lines, height);
    }
    let free = height.saturating_sub(lines.len() + below.len() + REQUEST_LEAST);
    below.extend(risks(view, armed, width, free));
    let room = height.saturating_sub(lines.len() + below.len());
    lines.extend(request(view, &armed.request, width, room));
    lines.extend(below);
    lines
}

/// Which lever, which way, and what it is.
fn title(view: &View, arming: &Arming, width: usize) -> Line<'static> {
    let lever = view.scene.playbook.levers.get(&arming.lever);
    let name = lever.map_or(arming.lever.as_str(), |lever| lever.title.as_str());
    let way = if arming.way == Way::Undo { "UNDO " } else { "" };
    let number = facts::lever_number(view.scene, &arming.lever);
    let words = format!("{}  {way}lever {number}: {name}", view.scene.playbook.environment);
    let strong = |words: &str| view.row().strong(Token::Fg, Modifier::BOLD, words);
    let Some(lever) = lever else { return strong(&words).line() };
    let kind = kind(view, lever);
    let row = match &lever.recipe {
        // What it is made of and whether it can be taken back are never pushed out by a long title.
        Some(recipe) => {
            let room = width.saturating_sub(words::columns(recipe) + words::columns(&kind) + 4);
            strong(&words::clip(&words, room)).put(Token::Muted, &format!("  {recipe}"))
        }
        None => strong(&words),
    };
    row.right(Token::Muted, &kind, width).line()
}

/// Whether it can be taken back, who must agree, how long it takes.
fn kind(view: &View, lever: &Lever) -> String {
    let kind = match (lever.irreversible, &lever.undo) {
        (true, _) => "IRREVERSIBLE",
        (false, Some(_)) => "reversible",
        (false, None) => "NO UNDO",
    };
    let two = match (lever.second_person, &lever.approver) {
        (true, Some(role)) => format!(", needs {role}"),
        (true, None) => ", needs two".to_owned(),
        (false, _) => String::new(),
    };
    format!("{kind}{two}, {}", words::about(expected_ms(&view.scene.state, lever)))
}

/// The same on a row of its own, where the title has left no room for it.
fn kind_below(view: &View, arming: &Arming, width: usize) -> Option<Line<'static>> {
    let lever = view.scene.playbook.levers.get(&arming.lever)?;
    let kind = kind(view, lever);
    let told: String = title(view, arming, width).spans.iter().map(|span| span.content.as_ref()).collect();
    let token = if lever.irreversible { Token::Warn } else { Token::Muted };
    let row = view.row().cell(Token::Muted, "LEVER", INDENT).fit(token, &kind, width);
    (!told.ends_with(&kind) || words::columns(&told) > width).then(|| row.line())
}

/// Asked for, and not there yet.
fn before(view: &View, arming: &Arming, width: usize) -> Lines {
    if let Some(why) = view.scene.refused_since(arming.asked_ms) {
        let row = view.row().strong(Token::Breach, Modifier::REVERSED, " NOT ARMED ");
        return vec![
            row.fit(Token::Fg, &format!("  {why}"), width).line(),
            view.row().put(Token::Muted, "<arm.disarm> leaves").line(),
        ];
    }
    let words = if arming.armed_ms.is_some() {
        "NOT ARMED ANY MORE   <arm.re-read> arms again   <arm.disarm> leaves"
    } else {
        "ARMING   reading its position; nothing is sent   <arm.disarm> leaves"
    };
    vec![view.row().put(Token::Running, words).line()]
}

/// Armed, for how long, and whether F is live: it is shown only once it is.
fn state_lines(view: &View, arming: &Arming, armed: &Armed, width: usize) -> Lines {
    if let Some(why) = blocked(armed, view.scene) {
        let disarms = format!("{} disarms.", key(view, LeverAct::Disarm));
        return cannot_whole(view, "CANNOT FIRE", &why, &disarms, width);
    }
    let since = arming.armed_ms.unwrap_or(armed.armed_at_ms);
    let row = countdown(view, since);
    let guarded = view.human_ms < arming.guarded_until(armed) || view.ui.is_unseen(view.human_ms);
    let lever = view.scene.playbook.levers.get(&armed.lever);
    let untyped = lever.is_some_and(|lever| lever.irreversible) && !arming.is_typed(armed);
    let row = if guarded {
        row.put(Token::Muted, "  keys wait a moment.")
    } else if untyped {
        row.strong(
            Token::Focus,
            Modifier::BOLD,
            &format!("  {} types its target first.", key(view, LeverAct::TypeTarget)),
        )
    } else if unexplained(arming, armed).is_some() {
        row.strong(Token::Focus, Modifier::BOLD, &format!("  {} and a reason first.", key(view, LeverAct::FireAnyway)))
    } else {
        row.strong(Token::Focus, Modifier::BOLD, &format!("  {} fires.", key(view, LeverAct::Fire)))
    };
    vec![row.put(Token::Fg, &format!("  {} disarms.  Enter does nothing.", key(view, LeverAct::Disarm))).line()]
}

/// The key that does this to a lever under arms.
fn key<'a>(view: &View<'a>, act: LeverAct) -> &'a str {
    view.key(Place::Arm, Act::Lever(act))
}

/// What it moves, from where to where; both ends whole, on lines of their own where they are long.
fn change(view: &View, armed: &Armed, width: usize) -> Lines {
    let was = armed.was.as_ref().map_or("?".to_owned(), |(was, _)| was.to_string());
    let probe = facts::lever_probe(view.scene, &armed.lever, armed.way);
    let row = view.row().cell(Token::Muted, "CHANGE", INDENT).put(Token::Fg, &probe);
    let want = armed.want.as_str();
    if row.used() + words::columns(&was) + words::columns(want) + 6 <= width {
        let row = row.put(Token::Fg, "  ").put(Token::Stale, &was).put(Token::Fg, " -> ").put(Token::Ok, want);
        return vec![row.line()];
    }
    let mut lines = vec![row.line()];
    if INDENT + words::columns(&was) + words::columns(want) + 4 <= width {
        let row = view.row().to(INDENT).put(Token::Stale, &was).put(Token::Fg, " -> ").put(Token::Ok, want);
        lines.push(row.line());
        return lines;
    }
    lines.extend(wrapped(view, Token::Stale, &was, width));
    lines.extend(wrapped(view, Token::Ok, &format!("-> {want}"), width));
    lines
}

/// `text` behind the first column, in as many lines as it needs.
fn wrapped(view: &View, token: Token, text: &str, width: usize) -> Lines {
    let room = width.saturating_sub(INDENT);
    words::wrap(text, room).iter().map(|line| view.row().to(INDENT).put(token, line).line()).collect()
}

fn read(view: &View, arming: &Arming, armed: &Armed, width: usize) -> Lines {
    let row = view.row().cell(Token::Muted, "READ", INDENT);
    let Some((was, read)) = &armed.was else {
        if facts::is_attested(view.scene, &armed.lever, armed.way) {
            return vec![row.put(Token::Muted, "nothing can look at it").line()];
        }
        return vec![row.put(Token::Nodata, "? its position cannot be read").line()];
    };
    let age = view.scene.now.since(read).ms;
    let shown = words::clip(was.as_str(), READ_VALUE);
    let row = if age > READ_MAX_MS {
        row.put(Token::Stale, &format!("was {shown}, not seen since {}   reading again", words::age(age)))
    } else if was == &armed.want {
        let row = row.put(Token::Fg, &format!("now {shown}, age {}", words::age(age)));
        row.fit(Token::Warn, "   ! it is there already", width)
    } else {
        row.put(Token::Fg, &format!("now {shown}, age {}", words::age(age)))
    };
    let mut lines = vec![row.line()];
    if let Some(first) = arming.changed_from(armed) {
        let words = format!("! it changed: it was {} when armed", words::clip(first.as_str(), READ_VALUE));
        lines.push(view.row().to(INDENT).fit(Token::Warn, &words, width).line());
    }
    lines
}

/// Read-back, way back, and what must hold.
fn below(view: &View, arming: &Arming, armed: &Armed, width: usize) -> Lines {
    let undo = armed.undo.as_ref().map_or("none: it cannot be taken back", |undo| undo.as_str());
    let mut lines = view.titled(INDENT, "VERIFY", armed.verify.as_str(), width);
    lines.extend(view.titled(INDENT, "UNDO", undo, width));
    if armed.interlocks.is_empty() && armed.position.is_none() {
        lines.push(view.row().cell(Token::Muted, "INTERLOCKS", INDENT + 1).put(Token::Muted, "none").line());
    } else {
        lines.push(view.row().put(Token::Muted, "INTERLOCKS").line());
    }
    lines.extend(armed.position.iter().chain(&armed.interlocks).map(|lock| interlock(view, lock, width)));
    if let Some(reason) = arming.reason(armed) {
        lines.push(
            view.row().to(2).put(Token::Override, "o ").fit(Token::Override, &format!("\"{reason}\""), width).line(),
        );
    }
    lines
}

/// One thing that must hold: whether it does, what is seen instead, and how old that is.
fn interlock(view: &View, interlock: &Interlock, width: usize) -> Line<'static> {
    let (glyph, token) = match interlock.holds {
        Some(true) => ("+", Token::Ok),
        Some(false) => ("X", Token::Breach),
        None => ("?", Token::Nodata),
    };
    let age = interlock.read.as_ref().map(|read| format!("  age {}", words::age(view.scene.now.since(read).ms)));
    let age = age.unwrap_or_default();
    let row = view.row().to(2).put(token, glyph).put(Token::Fg, " ").put(Token::Fg, interlock.title.as_str());
    if interlock.holds == Some(true) {
        return row.fit(Token::Muted, &age, width).line();
    }
    let saw = format!("  sees {}{age}   ", interlock.saw);
    row.fit(token, &saw, width).fit(Token::Muted, OVERRIDES, width).line()
}

const OVERRIDES: &str = "<arm.fire-anyway> override + reason";

/// What a commander should know before pulling it, cut to the rows there are.
fn risks(view: &View, armed: &Armed, width: usize, room: usize) -> Lines {
    let lever = view.scene.playbook.levers.get(&armed.lever).filter(|_| armed.way == Way::Do);
    let risks = lever.into_iter().flat_map(|lever| &lever.risks).enumerate();
    let head = |place: usize| if place == 0 { "RISKS" } else { "" };
    let lines: Lines = risks.flat_map(|(place, risk)| view.titled(INDENT, head(place), risk, width)).collect();
    first(view, lines, room)
}

/// What came of F: the pulls it made, the newest that counts.
fn after(view: &View, arming: &Arming, fired: &Fired, width: usize) -> Lines {
    let pulls = view.scene.state.pulls.range(fired.after + 1..);
    let Some((attempt, pull)) = pulls.rev().find(|(_, pull)| pull.lever == arming.lever) else {
        return waiting(view, fired, width);
    };
    let mut lines = vec![fired_line(view, *attempt, pull, width)];
    lines.push(view.row().line());
    lines.push(outcome_line(view, pull, width));
    lines.push(read_back_line(view, pull, width));
    if let Some(words) = seen_instead(view, pull) {
        lines.extend(view.titled(INDENT, "", &words, width));
    }
    lines.extend(view.titled(INDENT, "WANTED", pull.want.as_str(), width));
    lines.extend(view.titled(INDENT, "WAS", pull.was.as_ref().map_or("?", |was| was.as_str()), width));
    lines.push(view.row().line());
    lines.push(view.row().put(Token::Focus, what_now(view, pull)).line());
    lines
}

/// F was pressed, and the journal has not answered yet, or the app refused.
fn waiting(view: &View, fired: &Fired, width: usize) -> Lines {
    match view.scene.refused_since(fired.at_ms) {
        Some(why) => vec![
            view.row()
                .strong(Token::Breach, Modifier::REVERSED, " NOT FIRED ")
                .fit(Token::Fg, &format!("  {why}"), width)
                .line(),
            view.row().put(Token::Focus, "<fired.re-read> arms again   <fired.disarm> leaves").line(),
        ],
        None => vec![view.row().put(Token::Running, "FIRING   being written down before it is sent").line()],
    }
}

fn fired_line(view: &View, attempt: AttemptId, pull: &PullState, width: usize) -> Line<'static> {
    let at = view.scene.state.since_declared(&pull.started).map(|t| format!(" {}", words::clock(t.ms)));
    let word = if pull.by_hand { "BY HAND" } else { "FIRED" };
    let row = view.row().strong(Token::Fg, Modifier::BOLD, &format!("{word}{}", at.unwrap_or_default()));
    row.fit(Token::Muted, &format!("   pull {attempt}, by {}", view.scene.commander), width).line()
}

fn outcome_line(view: &View, pull: &PullState, width: usize) -> Line<'static> {
    let row = view.row().cell(Token::Muted, "ANSWER", INDENT);
    if pull.by_hand {
        return row.put(Token::Muted, "nothing was sent").line();
    }
    let Some((outcome, detail)) = &pull.outcome else {
        let since = view.scene.now.since(&pull.started).ms;
        return row.put(Token::Running, &format!("waiting {}", words::age(since))).line();
    };
    let took = pull.settled.as_ref().map_or(0, |settled| settled.since(&pull.started).ms);
    let (token, note) = match outcome {
        Outcome::Applied => (Token::Fg, "accepted is not done"),
        Outcome::Rejected => (Token::Breach, "nothing changed"),
        Outcome::NotSent => (Token::Warn, "nothing was sent"),
        Outcome::Unknown => (Token::Nodata, "nobody knows; never fired again by itself"),
    };
    let row = row.strong(token, Modifier::BOLD, outcome.word()).put(Token::Muted, &format!(" {took}ms ({note})"));
    row.fit(Token::Fg, &format!("  {detail}"), width).line()
}

/// What is seen where it is not, or not everywhere, what was wanted.
fn seen_instead(view: &View, pull: &PullState) -> Option<String> {
    let settled = pull.outcome.as_ref().map(|(outcome, _)| *outcome);
    let spread = || facts::spread(view.scene, pull);
    match (pull.read_back, settled) {
        (Some(ReadBack::Disagrees), _) => {
            spread().or_else(|| Some(format!("sees {}", facts::lever_saw(view.scene, &pull.lever, pull.way))))
        }
        (None, Some(Outcome::Applied)) => spread(),
        (Some(ReadBack::Agrees | ReadBack::Unknown) | None, _) => None,
    }
}

fn read_back_line(view: &View, pull: &PullState, width: usize) -> Line<'static> {
    let row = view.row().cell(Token::Muted, "READ-BACK", INDENT);
    if facts::is_attested(view.scene, &pull.lever, pull.way) {
        return attested_line(view, pull, width);
    }
    let probe = facts::lever_probe(view.scene, &pull.lever, pull.way);
    let saw = facts::lever_saw(view.scene, &pull.lever, pull.way);
    let settled = pull.outcome.as_ref().map(|(outcome, _)| *outcome);
    match (pull.read_back, settled) {
        (Some(ReadBack::Agrees), _) => {
            row.strong(Token::Ok, Modifier::BOLD, "+ AGREES  ").fit(Token::Fg, &format!("{probe} = {saw}"), width)
        }
        (Some(ReadBack::Disagrees), _) => row.strong(Token::Breach, Modifier::REVERSED, "X DISAGREES").fit(
            Token::Fg,
            &format!("  {probe} is not as wanted; lever and step stay open"),
            width,
        ),
        (Some(ReadBack::Unknown), _) => row.strong(Token::Nodata, Modifier::BOLD, "? UNKNOWN  ").fit(
            Token::Fg,
            "it could not be seen; <fired.re-read> must re-read before <arm.fire> returns",
            width,
        ),
        (None, Some(Outcome::Rejected | Outcome::NotSent)) => row.put(Token::Muted, "none needed"),
        (None, Some(Outcome::Unknown)) => {
            row.put(Token::Nodata, "? none yet; <fired.re-read> must re-read before <arm.fire> returns")
        }
        (None, Some(Outcome::Applied)) => row.fit(Token::Running, &format!("looking .. {probe} = {saw}"), width),
        (None, None) => row.put(Token::Muted, "after the answer"),
    }
    .line()
}

/// A person's word, where nothing can look.
fn attested_line(view: &View, pull: &PullState, width: usize) -> Line<'static> {
    let row = view.row().cell(Token::Muted, "READ-BACK", INDENT);
    let said = pull.attested.as_ref().map_or("", |said| said.as_str());
    match pull.read_back {
        Some(ReadBack::Agrees) => row.strong(Token::Ok, Modifier::UNDERLINED, "ATTESTED").put(Token::Fg, "  "),
        Some(ReadBack::Disagrees) => {
            row.strong(Token::Breach, Modifier::REVERSED, "NOT AS WANTED").put(Token::Fg, "  ")
        }
        Some(ReadBack::Unknown) | None if pull.may_have_worked() => {
            row.put(Token::Warn, "none: look yourself, then say what you SAW")
        }
        Some(ReadBack::Unknown) | None => row.put(Token::Muted, "none"),
    }
    .fit(Token::Fg, said, width)
    .line()
}

/// What a tired person should press next.
fn what_now(view: &View, pull: &PullState) -> &'static str {
    if pull.read_back.is_none() && pull.may_have_worked() && facts::is_attested(view.scene, &pull.lever, pull.way) {
        return "<fired.attest-done> it is as wanted   <fired.attest-not-done> it is not   <fired.disarm> leaves it locked";
    }
    match (&pull.outcome, pull.read_back) {
        (_, Some(ReadBack::Agrees)) => "<fired.disarm> goes on",
        (_, Some(ReadBack::Disagrees)) => "<fired.re-read> arms it again   <fired.disarm>, then another lever",
        (_, Some(ReadBack::Unknown)) | (Some((Outcome::Unknown, _)), None) => {
            "<fired.re-read> re-reads   <fired.disarm> leaves it locked"
        }
        (Some((Outcome::Rejected, _)), None) => "firing again will not help: <fired.disarm>, then another lever",
        (Some((Outcome::NotSent, _)), None) => "<fired.re-read> arms it again   <fired.disarm>, then another lever",
        (Some((Outcome::Applied, _)) | None, None) => "<fired.disarm> leaves; it goes on by itself",
    }
}
