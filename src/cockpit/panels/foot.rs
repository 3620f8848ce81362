//! The last lines: what was just said, what is searched for, and which keys matter here.

use super::View;
use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::keymap::{Act, Bound, LeverAct, Place, StepAct, TalkAct};
use crate::cockpit::press::why_not;
use crate::cockpit::scene::Mode;
use crate::cockpit::search::Found;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, NOTICE_MS, Stays};
use crate::cockpit::words;
use crate::incident::{StepStatus, next_step};
use crate::metrics::VerdictState;
use crate::playbook::StepKind;
use ratatui::text::Line;

/// What was refused or done last, while it is news; what came by itself, until a key is pressed.
pub(in crate::cockpit) fn toast(view: &View, width: usize) -> Option<Line<'static>> {
    let is_news = |at: u64| view.human_ms.saturating_sub(at) < NOTICE_MS;
    let own = view.ui.notice.as_ref().filter(|notice| notice.stays == Stays::UntilKey || is_news(notice.at_ms));
    let own = own.map(|notice| (notice.at_ms, notice.words.as_str()));
    let told = view.scene.toast.as_ref().filter(|(at, _)| is_news(*at)).map(|(at, words)| (*at, words.as_str()));
    let (_, words) = [own, told].into_iter().flatten().max_by_key(|(at, _)| *at)?;
    Some(view.row().fit(Token::Event, words, width).line())
}

/// The keys of where one is; during a search, how far it is.
pub(in crate::cockpit) fn keys(view: &View, width: usize) -> Line<'static> {
    let mut row = match searching(view, width) {
        Some(row) => row,
        None if view.ui.zoomed => view.row().put(Token::Running, "ZOOMED  "),
        None => view.row(),
    };
    let mut told = shown(view);
    let wide = |bound: &&Bound| words::columns(bound.first_key()) + words::columns(word(view, bound)) + 3;
    while told.len() > 1 && row.used() + told.iter().map(wide).sum::<usize>() > width + 2 {
        // What only goes about is missed least; how one gets out is the last of them, and is told to the last.
        let about = told.iter().position(|bound| bound.binding.act.walks() && word(view, bound) == bound.binding.foot);
        told.remove(about.unwrap_or(told.len() - 2));
    }
    for bound in told {
        row = row.put(Token::Focus, bound.first_key()).put(Token::Muted, &format!(" {}  ", word(view, bound)));
    }
    row.line()
}

/// The rows that have a word here, those of the inner place first.
pub(in crate::cockpit) fn shown<'a>(view: &View<'a>) -> Vec<&'a Bound> {
    let walking = view.ui.search().is_some_and(|search| !search.typing);
    let (ui, places) = (view.ui, view.ui.places());
    let found = |act: Act| walking && matches!(act, Act::NextFound | Act::PrevFound);
    let freed = |act: Act| ui.zoomed && act == Act::Zoom;
    let told = |bound: &&Bound| !bound.binding.foot.is_empty() || found(bound.binding.act) || freed(bound.binding.act);
    // What would only be answered with a refusal is not offered, nor what another key stands in front of; the help says
    // of it why not.
    let can = |bound: &&Bound| why_not(ui, bound.binding.act, view.scene).is_none();
    let all = || places.iter().flat_map(|place| ui.keymap.of(*place)).filter(|bound| ui.keymap.reaches(&places, bound));
    let next = next(view);
    let first = |(act, _): &(Act, _)| all().filter(|bound| bound.binding.act == *act).find(can);
    let mut here: Vec<&Bound> = next.iter().filter_map(first).collect();
    let is_next = |bound: &&Bound| next.iter().any(|(act, _)| *act == bound.binding.act);
    let offered = |bound: &&Bound| told(bound) && !is_next(bound) && can(bound);
    here.extend(all().filter(offered));
    // What one is about goes before what comes next; the places are in their order already.
    here.sort_by_key(|bound| !(found(bound.binding.act) || freed(bound.binding.act)));
    here
}

/// What the present state asks for next, and its word in the footer.
fn next(view: &View) -> Vec<(Act, &'static str)> {
    let (scene, ui) = (view.scene, view.ui);
    let about = matches!(ui.stack.last(), None | Some(Dialog::Hold | Dialog::Debts | Dialog::List(_)));
    if scene.mode.only_reads() || !about {
        return Vec::new();
    }
    let leave = if scene.mode == Mode::Drill { "debrief" } else { "leave" };
    if scene.state.closed.is_some() {
        return vec![(Act::Leave, leave), (Act::List(Catalogue::FollowUps), "follow-ups")];
    }
    if scene.state.marks.declared.is_none() {
        return vec![(Act::Talk(TalkAct::Declare), "declare")];
    }
    let debts = scene.state.open_debts().next().is_some();
    let ended = scene.state.marks.hold_met.is_some() || next_step(&scene.playbook, &scene.state).is_none();
    match (ended, debts) {
        (true, true) => vec![(Act::Lever(LeverAct::PayDebt), "arm undo"), (Act::Debts, "debts")],
        (true, false) => vec![(Act::Talk(TalkAct::Close), "close")],
        (false, _) => {
            let mut next = vec![(Act::Step(StepAct::Run), "run"), (Act::Step(StepAct::Confirm), "answer")];
            next.extend(while_it_watches(view));
            next
        }
    }
}

/// What is of use while a step only watches, and nothing but time is wanted of anybody.
const WATCHING: [(Act, &str); 4] =
    [(Act::ExtendHold, "extend 5m"), (Act::Hold, "hold"), (Act::Talk(TalkAct::Note), "note"), (Act::Levers, "levers")];

fn while_it_watches(view: &View) -> Vec<(Act, &'static str)> {
    let (scene, open) = (view.scene, view.ui.stack.last());
    let watches = next_step(&scene.playbook, &scene.state).is_some_and(|step| {
        let status = scene.state.steps.get(&step.id).map(|state| state.status);
        matches!(step.kind, StepKind::Watch) && status == Some(StepStatus::Running)
    });
    if !watches || !matches!(open, None | Some(Dialog::Hold)) {
        return Vec::new();
    }
    let is_here = |act: Act| act == Act::Hold && matches!(open, Some(Dialog::Hold));
    let mut useful: Vec<_> = WATCHING.into_iter().filter(|(act, _)| !is_here(*act)).collect();
    // What is broken again is not waited for: another lever is what comes next.
    let broken = scene.state.verdicts.values().any(|known| known.verdict.state == VerdictState::Breach);
    useful.sort_by_key(|(act, _)| !(broken && *act == Act::Levers));
    useful
}

fn word(view: &View, bound: &Bound) -> &'static str {
    if let Some((_, word)) = next(view).into_iter().find(|(act, _)| *act == bound.binding.act) {
        return word;
    }
    match bound.binding.act {
        Act::NextFound => "next",
        Act::PrevFound => "previous",
        Act::Zoom if view.ui.zoomed => "gives it back",
        _ => bound.binding.foot,
    }
}

/// `/cov   3 of 12`, and which key ends it.
fn searching<'a>(view: &View<'a>, width: usize) -> Option<crate::cockpit::row::Row<'a>> {
    let search = view.ui.search()?;
    let words = words::clip(search.typed.as_str(), width / 3);
    let row = view.row().put(Token::Focus, "/").put(Token::Fg, &words);
    let row = if search.typing { row.put(Token::Focus, "_") } else { row };
    let row = match view.ui.found(view.scene) {
        None => row.put(Token::Muted, "   type what to look for"),
        Some(Found { of: 0, .. }) => row.put(Token::Warn, &format!("   no line says \"{words}\"")),
        Some(Found { at: Some(at), of }) => row.put(Token::Fg, &format!("   {} of {of}", at + 1)),
        Some(Found { at: None, of }) => row.put(Token::Fg, &format!("   {of} lines")),
    };
    let row = row.put(Token::Muted, "   ");
    if search.typing {
        return Some(row);
    }
    let back = view.ui.places().iter().map(|place| view.ui.keymap.key(*place, Act::Back)).find(|key| !key.is_empty());
    Some(row.put(Token::Focus, back.unwrap_or(view.ui.keymap.key(Place::Main, Act::Back))).put(Token::Muted, " ends  "))
}
