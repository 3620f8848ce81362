//! The last lines: what was just said, what is searched for, and which keys matter here.

use super::View;
use crate::cockpit::keymap::{Act, Bound, Place};
use crate::cockpit::press::why_not;
use crate::cockpit::search::Found;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{NOTICE_MS, Stays};
use crate::cockpit::words;
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
    // What would only be answered with a refusal is not offered; the help says of it why not.
    let refused = |bound: &&Bound| why_not(ui, bound.binding.act, view.scene).is_some();
    // Nor what another key stands in front of.
    let offered = |bound: &&Bound| told(bound) && !refused(bound) && ui.keymap.reaches(&places, bound);
    let mut here: Vec<&Bound> = places.iter().flat_map(|place| ui.keymap.of(*place)).filter(offered).collect();
    // What matters now goes first; the places are in their order already.
    here.sort_by_key(|bound| !(found(bound.binding.act) || freed(bound.binding.act)));
    here
}

fn word(view: &View, bound: &Bound) -> &'static str {
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
