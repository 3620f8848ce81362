//! What must be undone before closing, and what people must be told.

use super::{Lines, View};
use crate::cockpit::facts;
use crate::cockpit::keymap::{Act, LeverAct, Place};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel};
use crate::cockpit::words;
use crate::incident::{DebtState, derive::not_yet_payable};
use crate::playbook::{DebtAfter, Id};
use ratatui::text::Line;

/// Every open debt on one line.
pub(in crate::cockpit) fn strip(view: &View, width: usize) -> Line<'static> {
    let open = facts::open_debts(view.scene);
    let row =
        view.row().put(if open.is_empty() { Token::Muted } else { Token::Deferred }, &format!("DEBTS {}", open.len()));
    if open.is_empty() {
        return row.line();
    }
    let words: Vec<String> = open.iter().map(|(id, debt)| in_short(view, id, debt)).collect();
    let key = view.key(Place::Main, Act::Lever(LeverAct::PayDebt));
    let pays = match view.scene.state.closed {
        _ if view.scene.mode.only_reads() => String::new(),
        None => format!("{key} pays"),
        Some(_) => "left open".to_owned(),
    };
    row.to(11).fit(Token::Fg, &words.join(" | "), width.saturating_sub(16)).right(Token::Muted, &pays, width).line()
}

/// A debt on the strip: its age, or when it ends by itself.
fn in_short(view: &View, id: &Id, debt: &DebtState) -> String {
    match ending(view, id) {
        Some((ending, _)) => format!("{} {ending}", debt.title),
        None => format!("{} {}", debt.title, age(view, debt)),
    }
}

/// When what is owed ends by itself.
fn ending(view: &View, id: &Id) -> Option<(String, Token)> {
    facts::ending_words(view.scene, &view.scene.playbook.debts.get(id)?.lever)
}

/// One line a debt: since when, when it may be paid, how.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let open = facts::open_debts(view.scene);
    let mut lines = vec![strip_heading(view, open.len())];
    let listed = matches!(view.ui.stack.last(), Some(Dialog::Debts));
    let first = open.first().map(|(id, _)| *id);
    let chosen = view.ui.selected.debt.as_ref().filter(|chosen| open.iter().any(|(id, _)| id == chosen)).or(first);
    let mut spare = height.saturating_sub(1 + open.len());
    for (id, debt) in open.iter().take(height.saturating_sub(1)) {
        let (when, token) = when(view, id);
        let here = listed && chosen == Some(*id);
        let row = view.mark(view.row().pointed(here).to(2), here, debt.title.as_str(), 24);
        let row = row.cell(Token::Fg, &format!("open {}", age(view, debt)), 13);
        let row = match ending(view, id) {
            Some((ending, token)) => row.put(token, &ending).put(Token::Muted, "; "),
            None => row,
        };
        let row = match view.scene.playbook.debts.get(*id).and_then(|debt| debt.owner.as_ref()) {
            Some(owner) => row.put(Token::Fg, owner).put(Token::Muted, "; "),
            None => row,
        };
        let room = width.saturating_sub(row.used());
        let (at, rows) = (row.used(), words::wrap(&when, room));
        if words::columns(&when) <= room || room < ROOM_LEAST || rows.len() > spare + 1 {
            lines.push(row.fit(token, &when, width).line());
            continue;
        }
        // What has no room behind goes on below, as long as no other debt loses its row.
        spare -= rows.len() - 1;
        lines.push(row.put(token, &rows[0]).line());
        lines.extend(rows[1..].iter().map(|text| view.row().to(at).put(token, text).line()));
    }
    lines
}

/// Less room than this behind a debt is not worth another row.
const ROOM_LEAST: usize = 16;

fn strip_heading(view: &View, open: usize) -> Line<'static> {
    let token = if open == 0 { Token::Muted } else { Token::Deferred };
    let row = view.row().put(token, &format!("DEBTS {open}"));
    if open == 0 { row.put(Token::Muted, "   nothing to undo").line() } else { row.line() }
}

fn age(view: &View, debt: &DebtState) -> String {
    words::clock(view.scene.now.since(&debt.opened).ms)
}

/// When a debt may be paid, and by which key.
fn when(view: &View, id: &Id) -> (String, Token) {
    if view.scene.state.closed.is_some() {
        return ("left open by closing; undo it by hand".into(), Token::Deferred);
    }
    let Some(debt) = view.scene.playbook.debts.get(id) else {
        let comm = view.scene.playbook.comms.keys().find(|comm| id.as_str() == format!("message-{comm}"));
        if let Some(again) = comm.and_then(|comm| facts::again_words(view.scene, comm)) {
            return (again, Token::Warn);
        }
        return ("settle its step or message".into(), Token::Muted);
    };
    if let Some(why) = not_yet_payable(&view.scene.playbook, &view.scene.state, debt) {
        return (format!("not yet: {why}"), Token::Muted);
    }
    let lever = facts::lever_number(view.scene, &debt.lever);
    let after = match &debt.after {
        DebtAfter::Anytime => "",
        DebtAfter::Hold => "hold met; ",
        DebtAfter::Debt(_) => "its turn; ",
    };
    (view.spell(&format!("{after}<main.pay-debt> arms the undo of lever {lever}")), Token::Focus)
}

/// The message that waits longest, on one line.
pub(in crate::cockpit) fn comms_strip(view: &View, width: usize) -> Line<'static> {
    let mut row = view.row().put(Token::Muted, "COMMS").to(11);
    if view.scene.playbook.comms.is_empty() {
        return row.put(Token::Muted, "none in this playbook").line();
    }
    for comm in view.scene.playbook.comms.values() {
        let (words, token) = facts::comm_words(view.scene, comm);
        row = row.fit(Token::Fg, &format!("{} ", comm.title), width).fit(token, &format!("{words}   "), width);
    }
    row.line()
}

/// Every message and where it stands.
pub(in crate::cockpit) fn comms(view: &View, width: usize, height: usize) -> Lines {
    let mut lines = vec![view.heading(Panel::Comms, "COMMS").line()];
    let listed = match view.ui.stack.last() {
        None => view.ui.focus == Panel::Comms,
        top => matches!(top, Some(Dialog::Comms)),
    };
    let first = view.scene.playbook.comms.keys().next();
    for comm in view.scene.playbook.comms.values().take(height.saturating_sub(1)) {
        let (words, token) = facts::comm_words(view.scene, comm);
        let here = listed && view.ui.selected.comm.as_ref().or(first) == Some(&comm.id);
        let row = view.mark(view.row().pointed(here).to(2), here, &comm.title, 18);
        let row = match view.ui.drafts.get(&comm.id) {
            Some(draft) if draft.is_unsaved() => row.put(Token::Warn, "edited, not saved; "),
            Some(draft) if draft.saved().is_some() => row.put(Token::Fg, "edited; "),
            Some(_) | None => row,
        };
        lines.push(row.fit(token, &words, width).line());
    }
    lines
}
