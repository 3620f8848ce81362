//! The lines on top: which world, who, the clocks; the alerts.

use super::{Lines, View, links};
use crate::cockpit::facts::{self, Alert, WORST_FIRST};
use crate::cockpit::keymap::{Act, LeverAct, Place, TalkAct};
use crate::cockpit::red;
use crate::cockpit::scene::{Mode, Scene};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Dialog;
use crate::cockpit::unread::{Unread, unread};
use crate::cockpit::words;
use crate::incident::{ClockReading, Fit, StreakState, VerdictSlot, clocks, derive, fits, green_for_ms, stages};
use crate::metrics::VerdictState;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

/// A word of the header, and whether it stays: where room is short, the highest `spare` goes first, and before the world
/// does (`LAST_SPARED`) what can be said shorter is.
struct Word {
    spare: u8,
    style: Style,
    text: String,
    short: Option<String>,
}

/// The most rows that an objection takes from what stands below it, and where that is narrow.
const OBJECTION_ROWS: (usize, usize) = (3, 1);

/// Below this many columns the lines on top take the rows that the current step needs.
const NARROW: usize = 80;
/// From this `spare` on a word goes sooner than another is shortened.
const LAST_SPARED: u8 = 2;
/// A header this wide has room for who watches, whatever else goes.
const FULL: usize = 80;

/// Which world, what, who, and every clock that counts now. What does not fit in a row is left out whole, but never a
/// clock: those that have no room go on in the next row.
pub(in crate::cockpit) fn header(view: &View, width: usize) -> Lines {
    let mut words = header_words(view, width);
    if width < 120 {
        words.retain(|word| word.spare < 4);
    }
    let (link, token) = links::words(view);
    let mode = match view.scene.mode {
        Mode::Live => (Token::Fg, " LIVE "),
        Mode::Drill => (Token::Drill, " DRILL "),
        Mode::Watch => (Token::Replay, " OBSERVE "),
        Mode::Replay => (Token::Replay, " REPLAY "),
    };
    let room = width.saturating_sub(words::columns(mode.1) + 1 + words::columns(&link));
    if width < FULL {
        // Narrower, a row more costs less than a word of the hold.
        for word in &mut words {
            let short = word.short.take().filter(|_| word.spare > LAST_SPARED);
            short.into_iter().for_each(|short| word.text = short);
        }
    }
    fit(&mut words, room);
    let mode = Word {
        spare: 0,
        style: view.theme.of(mode.0).add_modifier(Modifier::BOLD | Modifier::REVERSED),
        text: mode.1.to_owned(),
        short: None,
    };
    words.insert(0, mode);
    let link = Word { spare: 0, style: view.theme.of(token), text: link, short: None };
    flow(view, &words, &link, width)
}

/// The widest name of a commander, and what it is cut to where others want the room.
const LONG_NAME: usize = 40;
const SHORT_NAME: usize = 12;

/// Leaves out, and before the last of them shortens, until the rest has room or is needed.
fn fit(words: &mut Vec<Word>, room: usize) {
    while words.iter().map(|word| words::columns(&word.text) + 2).sum::<usize>() > room {
        let most = words.iter().map(|word| word.spare).max().filter(|spare| *spare > 0);
        // What goes early is shortened first of all, what stays is shortened last.
        let late = most < Some(LAST_SPARED);
        let shorter = words.iter_mut().find(|word| word.short.is_some() && (late || word.spare > LAST_SPARED));
        if let Some((word, short)) = shorter.and_then(|word| word.short.take().map(|short| (word, short))) {
            word.text = short;
            continue;
        }
        let Some(place) = most.and_then(|most| words.iter().position(|word| word.spare == most)) else { return };
        words.remove(place);
    }
}

/// Words two columns apart in as many rows as they need, and what stands at the right of the last one, or left out if
/// it may be spared.
fn flow(view: &View, words: &[Word], end: &Word, width: usize) -> Lines {
    let (mut lines, mut row) = (Lines::new(), view.row());
    for word in words {
        let text = words::clip(&word.text, width);
        if row.used() > 0 && row.used() + 2 + words::columns(&text) > width {
            lines.push(std::mem::replace(&mut row, view.row()).line());
        }
        let gap = if row.used() > 0 { "  " } else { "" };
        row = row.put(Token::Fg, gap).styled(word.style, &text);
    }
    let wide = words::columns(&end.text);
    if end.spare == 0 && wide > 0 && row.used() + 1 + wide > width {
        lines.push(std::mem::replace(&mut row, view.row()).line());
    }
    if row.used() + 1 + wide <= width {
        row = row.to(width - wide).styled(end.style, &end.text);
    }
    lines.push(row.line());
    lines
}

/// The words between the mode and the links, in their order.
fn header_words(view: &View, width: usize) -> Vec<Word> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let bold = view.theme.of(Token::Fg).add_modifier(Modifier::BOLD);
    let word = |spare, style, text: &str| Word { spare, style, text: text.to_owned(), short: None };
    let plain = |token| view.theme.of(token);
    let mut words = vec![
        word(4, plain(Token::Fg), state.incident.as_str()),
        word(1, bold, &format!("{}/{}", playbook.service, playbook.environment)),
        commander(view),
    ];
    match (state.closed, state.since_declared(&view.scene.now)) {
        (Some(true), _) => words.push(word(0, bold, "CLOSED")),
        (Some(false), _) => words.push(word(0, bold, "CLOSED not recovered")),
        (None, Some(since)) => {
            let tilde = if since.approximate { "~" } else { "" };
            words.push(word(2, plain(Token::Warn), &format!("SEV{}", state.severity)));
            words.push(word(0, bold, &format!("T+{tilde}{}", words::clock(since.ms))));
        }
        (None, None) => words.push(word(0, plain(Token::Muted), "not declared")),
    }
    words.extend(clock_words(view).iter().map(|(spare, text, token)| word(*spare, plain(*token), text)));
    words.extend(hold_word(view));
    let watching = view.scene.company.observers.len();
    if watching > 0 {
        let spare = if width < FULL { LAST_SPARED } else { 0 };
        words.push(word(spare, plain(Token::Muted), &format!("obs {watching}")));
    }
    words
}

/// Who commands: by the whole name where there is room for it.
fn commander(view: &View) -> Word {
    let name = view.scene.commander.as_str();
    let named = |most| format!("IC {}", words::clip(name, most));
    let short = (words::columns(name) > SHORT_NAME).then(|| named(SHORT_NAME));
    Word { spare: 3, style: view.theme.of(Token::Muted), text: named(LONG_NAME), short }
}

/// The clocks that count now, and whether each may go.
fn clock_words(view: &View) -> Vec<(u8, String, Token)> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let readings = clocks(playbook, state, &view.scene.now);
    let mut shown = Vec::new();
    for clock in readings.iter().filter(|clock| clock.id == "60s") {
        let time = words::clock(clock.elapsed_ms);
        let over = clock.is_over();
        match (clock.running, clock.done) {
            (_, true) => {
                let (word, token) = if over { ("LATE", Token::Warn) } else { ("DONE", Token::Ok) };
                shown.push((0, format!("{} {word} {time}", clock.title), token));
            }
            (true, false) if over => shown.push((0, format!("{} OVER {time}", clock.title), Token::Warn)),
            (true, false) => shown.push((0, format!("{} {time}", clock.title), Token::Running)),
            (false, false) => {}
        }
    }
    let staged = stages(playbook, state, &view.scene.now);
    shown.extend(staged.iter().find(|stage| stage.running).map(stage_words));
    let promised = readings.iter().filter(|clock| clock.is_running_sla()).min_by_key(|clock| clock.left_ms());
    shown.extend(promised.map(sla_words));
    shown
}

/// `hold 00:31/01:00`; how long it must be green is told by the checklist as well.
fn hold_word(view: &View) -> Option<Word> {
    let text = format!("hold {}", hold_words(view)?);
    let short = text.split_once('/').map(|(green, _)| green.to_owned());
    Some(Word { spare: 0, style: view.theme.of(hold_token(view)), text, short })
}

/// `Traffic drain 00:12/02:00`: where room is short it goes, for the clocks are a key away.
fn stage_words(stage: &ClockReading) -> (u8, String, Token) {
    let (over, token) = if stage.is_over() { ("OVER ", Token::Warn) } else { ("", Token::Running) };
    let (elapsed, budget) = (words::clock(stage.elapsed_ms), words::clock(stage.budget_ms));
    (1, format!("{} {over}{elapsed}/{budget}", words::clip(&stage.title, 16)), token)
}

/// `SLA 09:40 left`, `SLA OVER 00:12`.
fn sla_words(sla: &ClockReading) -> (u8, String, Token) {
    let title = words::clip(&sla.title, 12);
    if sla.is_over() {
        let over = words::clock(sla.elapsed_ms - sla.budget_ms);
        return (0, format!("{title} OVER {over}"), Token::Breach);
    }
    (0, format!("{title} {} left", words::clock(sla.left_ms())), Token::Running)
}

/// `00:31/01:00`, `paused` while what it needs is not read, `MET`, or nothing before the hold was started.
pub(in crate::cockpit) fn hold_words(view: &View) -> Option<String> {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    if state.marks.hold_met.is_some() {
        return Some("MET".into());
    }
    let green = green_for_ms(playbook, state, &view.scene.now)?;
    if counts_unread(view.scene) {
        return Some("paused".into());
    }
    Some(format!("{}/{}", words::clock(green), words::clock(playbook.hold.green_for_ms)))
}

pub(in crate::cockpit) fn hold_token(view: &View) -> Token {
    let state = &view.scene.state;
    match (&state.marks.hold_met, &state.hold.paused) {
        (Some(_), _) => Token::Ok,
        (None, Some(_)) => Token::Nodata,
        (None, None) if counts_unread(view.scene) => Token::Nodata,
        (None, None) => Token::Running,
    }
}

/// Whether the streak would count on although nobody reads what it needs: who commands may be gone, and the last word
/// that was written down is no longer true.
fn counts_unread(scene: &Scene) -> bool {
    let counts = scene.state.hold.overall.as_ref().is_some_and(|streak| streak.state == StreakState::Green);
    counts && !red::unmeasured(scene).is_empty()
}

/// What is wrong, worst first, and the alert nobody has acknowledged.
pub(in crate::cockpit) fn alerts(view: &View, width: usize) -> Lines {
    let styled = |token: Token, extra: Modifier, text: String| {
        let style = view.theme.of(token).add_modifier(extra);
        Word { spare: 0, style, text, short: None }
    };
    if let Some(why) = &view.scene.company.lost {
        let words =
            styled(Token::Breach, Modifier::REVERSED | Modifier::BOLD, format!(" NOT FOLLOWED ANY MORE: {why} "));
        return flow(view, &[words], &styled(Token::Muted, Modifier::empty(), String::new()), width);
    }
    if !view.scene.journal_saved {
        let words = " JOURNAL NOT SAVED: nothing fires now ".to_owned();
        let words = styled(Token::Breach, Modifier::REVERSED | Modifier::BOLD, words);
        return flow(view, &[words], &styled(Token::Muted, Modifier::empty(), String::new()), width);
    }
    let mut words: Vec<Word> = Vec::new();
    let told = unread(view.scene).iter().map(|unread| unread_words(view, unread)).collect::<Vec<_>>();
    words.extend(told.into_iter().map(|text| styled(Token::Nodata, Modifier::REVERSED | Modifier::BOLD, text)));
    for (probe, reverted) in &view.scene.state.reverted {
        let text = format!("X {}", derive::reversion(&view.scene.playbook, probe, reverted));
        // Acknowledged it is quiet, and there all the same.
        let loud = if reverted.acknowledged { Modifier::empty() } else { Modifier::REVERSED };
        words.push(styled(Token::Breach, loud, text));
    }
    for state in WORST_FIRST.into_iter().filter(|state| *state != VerdictState::Ok) {
        let metrics = view.scene.playbook.metrics.keys();
        let count = metrics.filter(|metric| facts::state_of(view.scene, metric) == state).count();
        let loud = if state == VerdictState::Breach { Modifier::REVERSED } else { Modifier::empty() };
        if count > 0 {
            words.push(styled(facts::token_of(state), loud, format!("{} {count} {}", state.glyph(), state.word())));
        }
    }
    if let Some(text) = were_broken(view.scene) {
        words.push(styled(Token::Breach, Modifier::empty(), text));
    }
    if words.is_empty() {
        words.push(styled(Token::Ok, Modifier::empty(), format!("+ {} OK", view.scene.playbook.metrics.len())));
    }
    let open = unacknowledged(view, width);
    let alarmed = open.as_ref().is_some_and(|(token, _)| *token == Token::Warn);
    let acknowledges = alarmed && !view.scene.mode.only_reads();
    let key = view.key(Place::Main, Act::Talk(TalkAct::Acknowledge));
    let end = if acknowledges { format!("{key} ack") } else { String::new() };
    let open = open.into_iter().flat_map(|(token, text)| text.into_iter().map(move |row| (token, row)));
    words.extend(open.map(|(token, row)| styled(token, Modifier::BOLD, format!(" {row}"))));
    flow(view, &words, &Word { spare: 1, ..styled(Token::Muted, Modifier::empty(), end) }, width)
}

/// What may have worked and was not seen to have, and the keys that look.
fn unread_words(view: &View, unread: &Unread) -> String {
    let (told, number) = (unread.says(view.scene), unread.number(view.scene));
    if view.scene.mode.only_reads() {
        return format!("? UNKNOWN {told}");
    }
    let levers = view.key(Place::Main, Act::Levers);
    let look = view.key(Place::Arm, Act::Lever(LeverAct::ReRead));
    let then = if unread.is_attested(view.scene) { "says what you SAW".into() } else { format!("{look} looks") };
    format!("? UNKNOWN {told}: {levers} {number} {then}")
}

/// `? 5xx was BREACH 2.00%`: whether it is over nobody sees.
fn were_broken(scene: &Scene) -> Option<String> {
    let broken = red::were_broken(scene);
    let first = broken.first()?;
    let more = if broken.len() > 1 { format!(" +{}", broken.len() - 1) } else { String::new() };
    Some(format!("? {} {}{more}", first.title, red::was(scene, first)?))
}

/// The alert to acknowledge, or before a declaration the key to declare with; in more rows than one only what a person
/// wrote.
fn unacknowledged(view: &View, width: usize) -> Option<(Token, Vec<String>)> {
    let broken = facts::worst(view.scene).filter(|m| facts::state_of(view.scene, &m.id) == VerdictState::Breach);
    if view.scene.state.marks.declared.is_none() && broken.is_some() && !view.scene.mode.only_reads() {
        let key = view.key(Place::Main, Act::Talk(TalkAct::Declare));
        // `I declares a rollback`, by the playbook's own word for it.
        return Some((Token::Focus, vec![format!("{key} declares {}", view.scene.playbook.declares.one())]));
    }
    let alarm;
    let (title, since) = match facts::top_alert(view.scene)? {
        // Its sentence begins the row: which it is need not be said twice.
        Alert::Reverted(probe) => ("revert", view.scene.state.reverted.get(probe).map(|reverted| &reverted.at)),
        Alert::Metric(metric) => {
            let title = view.scene.playbook.metrics.get(metric).map_or(metric.as_str(), |metric| metric.title.as_str());
            alarm = view.scene.state.verdicts.get(metric).and_then(VerdictSlot::alarm);
            (title, alarm.as_ref().map(|alarm| &alarm.since))
        }
        Alert::Objection(_, objection) => {
            let since = words::clock(view.scene.now.since(&objection.at).ms);
            let key = view.key(Place::Main, Act::Talk(TalkAct::Acknowledge));
            let acks = if view.scene.mode.only_reads() { String::new() } else { format!("; {key} acks") };
            // It may be long: who reads its beginning must see how old it is and what to do with it.
            let said = format!("OBJECTION {since}{acks}  {}: {}", objection.by, objection.text);
            let rows = if width < NARROW { OBJECTION_ROWS.1 } else { OBJECTION_ROWS.0 };
            return Some((Token::Event, words::wrap_in(&said, width.saturating_sub(1), rows)));
        }
    };
    let since = words::clock(since.map_or(0, |since| view.scene.now.since(since).ms));
    Some((Token::Warn, vec![format!("UNACKED {title} {since}")]))
}

/// Who asks for command, or where it is going. Under arms it waits: nothing turns up between two keys.
fn command(view: &View, width: usize) -> Option<Line<'static>> {
    let people = &view.scene.state.people;
    let arms = view.ui.stack.iter().any(|dialog| matches!(dialog, Dialog::Arm(_) | Dialog::Preview(_)));
    let asks = people.open_asks().into_iter().next().filter(|_| !arms);
    let (said, key) = match (&people.handed_over, asks) {
        _ if view.scene.company.leaderless => (
            format!("nobody commands: {} is gone; `goaround resume` goes on from here", people.commander),
            String::new(),
        ),
        (Some(handed), _) => {
            (format!("command goes to {}; nobody commands until they go on", handed.to), String::new())
        }
        (None, Some((_, ask))) => {
            let answers = format!("{} answers", view.key(Place::Main, Act::Talk(TalkAct::Command)));
            let key = if view.scene.mode.only_reads() { String::new() } else { answers };
            (format!("{} asks for command", ask.by), key)
        }
        (None, None) => return None,
    };
    let row = view.row().strong(Token::Event, Modifier::BOLD, &words::clip(&said, width.saturating_sub(key.len() + 2)));
    Some(row.right(Token::Muted, &key, width).line())
}

/// The untried lever that has just stopped fitting into what is left of the SLA, and how many before it. Of an SLA that is
/// over the header speaks.
fn late(view: &View, width: usize) -> Option<Line<'static>> {
    let ways = fits(&view.scene.playbook, &view.scene.state, &view.scene.now);
    let late: Vec<&Fit> = ways.iter().filter(|way| !way.fits() && way.left_ms > 0).collect();
    let newest = late.iter().min_by_key(|way| way.lever.takes_ms)?;
    let takes = words::clock(newest.lever.takes_ms);
    let (title, left, clock) = (&newest.lever.title, words::clock(newest.left_ms), &newest.clock);
    let said = format!("! {title} ({takes}) no longer fits: {left} left of {clock}");
    let more = if late.len() > 1 { format!(", nor {} slower", late.len() - 1) } else { String::new() };
    let row = view.row().strong(Token::Warn, Modifier::BOLD, &words::clip(&format!("{said}{more}"), width));
    Some(row.right(Token::Muted, "<main.clocks> clocks", width).line())
}

/// The lines that stay above every view.
pub(in crate::cockpit) fn always(view: &View, width: usize) -> Lines {
    let mut lines = header(view, width);
    lines.extend(alerts(view, width));
    lines.extend(late(view, width));
    lines.extend(command(view, width));
    lines
}
