//! The last lines: what was just said, and which keys matter here.

use super::View;
use crate::cockpit::keymap::{Binding, KEYMAP};
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

/// The keys of where one is.
pub(in crate::cockpit) fn keys(view: &View, width: usize) -> Line<'static> {
    let places = view.ui.places();
    let reads = view.scene.mode.only_reads();
    let is_here = |binding: &&Binding| {
        let refused = reads && view.ui.changes(binding.act, view.scene.mode);
        places.contains(&binding.place) && !binding.foot.is_empty() && !refused
    };
    let mut here: Vec<&Binding> = KEYMAP.iter().filter(is_here).collect();
    here.sort_by_key(|binding| places.iter().position(|place| *place == binding.place));
    let mut row = view.row();
    for binding in here {
        let key = binding.shown.split(' ').next().unwrap_or_default();
        let wide = words::columns(key) + words::columns(binding.foot) + 3;
        if row.used() + wide > width + 2 {
            break;
        }
        row = row.put(Token::Focus, key).put(Token::Muted, &format!(" {}  ", binding.foot));
    }
    row.line()
}
