//! The words of one message while a person edits them; the text itself is drawn between what is said of it.

use super::armed::INDENT;
use super::message::{checked, receiver};
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Ui;
use crate::cockpit::{facts, groups, words};
use crate::playbook::{Comm, Id, MessageStage, Metric};
use chrono::DateTime;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// The rows around the text, from above, by how much each is missed where it has no room: what it is, where it goes, the
/// keys, air; the text; air, facts, levers, checks.
const ABOVE: [u16; 4] = [2, 3, 1, 7];
const BELOW: [u16; 4] = [8, 5, 6, 4];
/// The rows that the text keeps; it keeps half of them where there are more.
const TEXT_LEAST: u16 = 3;

pub(super) fn lines(view: &View, comm: &Id, width: usize, height: usize) -> Lines {
    let (Some(comm), Some(draft)) = (view.scene.playbook.comms.get(comm), view.ui.drafts.get(comm)) else {
        return Vec::new();
    };
    let tall = u16::try_from(height).unwrap_or(u16::MAX);
    let parts = parts(tall);
    let room = tall - parts;
    let place = draft.place(width.saturating_sub(4), usize::from(room));
    let saved = if draft.is_unsaved() { "not saved; " } else { "" };
    let keys = if draft.is_marked() {
        "MARKED    what you type takes the blank's place; <edit.leave-words> or an arrow leaves it".to_owned()
    } else {
        format!(
            "EDITING   {place}{saved}keys type text; <edit.save> saves; <edit.leave-words> leaves, then <comms.preview> previews"
        )
    };
    let keys = view.row().fit(Token::Focus, &keys, width).line();
    let above = [title(view, comm, width), to(view, comm, width), keys, Line::default()];
    let below = [Line::default(), known(view, width), pulled(view, width), checked(view, comm, &draft.words(), width)];
    let mut lines: Lines =
        above.into_iter().zip(ABOVE).filter(|(_, rank)| *rank <= parts).map(|(line, _)| line).collect();
    lines.resize(lines.len() + usize::from(room), Line::default());
    lines.extend(below.into_iter().zip(BELOW).filter(|(_, rank)| *rank <= parts).map(|(line, _)| line));
    lines
}

/// How many rows stand around the text in a view of so many.
fn parts(height: u16) -> u16 {
    let all = u16::try_from(ABOVE.len() + BELOW.len()).unwrap_or(0);
    height.saturating_sub(height.div_ceil(2).max(TEXT_LEAST)).min(all)
}

/// Where the text is drawn within the view.
pub(in crate::cockpit) fn text_area(view: Rect) -> Rect {
    let parts = parts(view.height);
    let above = ABOVE.iter().zip(0..).filter(|(rank, _)| **rank <= parts).count();
    let (x, y) = (view.x + 2.min(view.width), view.y + u16::try_from(above).unwrap_or(0));
    Rect { x, y, width: view.width.saturating_sub(4), height: view.height - parts }
}

/// The stages that messages speak of and which one this speaks of; without any, its title.
fn title(view: &View, comm: &Comm, width: usize) -> Line<'static> {
    let (status, token) = facts::comm_words(view.scene, comm);
    let has = |stage: MessageStage| view.scene.playbook.comms.values().any(|other| other.stage == Some(stage));
    let Some(here) = comm.stage else {
        let row = view.row().put(Token::Muted, "EDIT ").put(Token::Fg, &comm.title).put(Token::Fg, "   ");
        return row.fit(token, &status, width).line();
    };
    let mut row = view.row().put(Token::Muted, "COMMS ");
    for (place, (stage, name)) in (1..).zip(MessageStage::ALL) {
        let row_of = if stage == here {
            row.strong(Token::Focus, Modifier::BOLD, &format!(">{place} {name}<"))
        } else {
            row.put(if has(stage) { Token::Fg } else { Token::Muted }, &format!("{place} {name}"))
        };
        row = row_of.put(Token::Fg, " ");
    }
    row.fit(token, &status, width).line()
}

/// Which message this is and where it goes; and whose turn Tab is: each is armed and sent by itself.
fn to(view: &View, comm: &Comm, width: usize) -> Line<'static> {
    let title = if comm.stage.is_some() { format!("{}: ", comm.title) } else { String::new() };
    let row = view.row().cell(Token::Muted, "TO", INDENT).fit(Token::Fg, &format!("{title}{}", receiver(comm)), width);
    let Some(next) = Ui::next_of_stage(view.scene, comm) else { return row.line() };
    let public = if next.public { "public, " } else { "" };
    row.fit(Token::Muted, &format!("   <edit.next-receiver>: {} ({public}own arm)", next.title), width).line()
}

/// What is wrong now, so that nobody has to leave the text to look it up; else the first metrics.
fn known(view: &View, width: usize) -> Line<'static> {
    let mut metrics = groups::rows(view.scene);
    metrics.sort_by_key(|metric| facts::worst_rank(view.scene, metric));
    let told: Vec<String> = metrics.into_iter().map(|metric| fact(view, metric)).collect();
    view.row().cell(Token::Muted, "FACTS", INDENT).fit(Token::Fg, &told.join(" | "), width).line()
}

/// `5xx 0.41% OK @14:46:03 age 3s`
fn fact(view: &View, metric: &Metric) -> String {
    let (value, word) = (facts::now_words(view.scene, metric), facts::state_of(view.scene, &metric.id).word());
    let sampled = facts::verdict(view.scene, &metric.id).and_then(|verdict| verdict.sampled_ms);
    let at = sampled.map_or(String::new(), |ms| format!(" @{}", of_day(ms)));
    let age = facts::sample_age(view.scene, &metric.id).map_or(String::new(), |ms| format!(" age {}", words::age(ms)));
    format!("{} {value} {word}{at}{age}", metric.title)
}

/// What was pulled, newest first, and what became of it: `lever 2 AGREES @14:39:05`.
fn pulled(view: &View, width: usize) -> Line<'static> {
    let state = &view.scene.state;
    let levers = view.scene.playbook.levers.keys().filter_map(|lever| state.last_pull(lever));
    let mut pulls: Vec<_> = levers.collect();
    pulls.sort_by_key(|(attempt, _)| std::cmp::Reverse(*attempt));
    let told = pulls.into_iter().map(|(_, pull)| {
        let number = facts::lever_number(view.scene, &pull.lever);
        format!("lever {number} {} @{}", facts::pull_word(view.scene, pull).0, of_day(pull.started.wall_ms))
    });
    let told: Vec<String> = told.collect();
    let told = if told.is_empty() { "no lever was pulled".to_owned() } else { told.join(" | ") };
    view.row().to(INDENT).fit(Token::Fg, &told, width).line()
}

/// The time of day in UTC.
fn of_day(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).map_or_else(|| "?".to_owned(), |at| at.format("%H:%M:%S").to_string())
}
