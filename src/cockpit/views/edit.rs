//! The words of one message while a person edits them; the text itself is drawn between what is said of it.

use super::message::{checks, heading};
use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::playbook::Id;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// The rows over the text: what it is, where it goes, the keys, and air.
const ABOVE: u16 = 4;
/// The rows below it: air, facts, checks.
const BELOW: u16 = 3;

pub(super) fn lines(view: &View, comm: &Id, width: usize, height: usize) -> Lines {
    let (Some(comm), Some(draft)) = (view.scene.playbook.comms.get(comm), view.ui.drafts.get(comm)) else {
        return Vec::new();
    };
    let mut lines = heading(view, "EDIT", comm, width);
    let saved = if draft.is_unsaved() { "not saved; " } else { "" };
    let keys = format!("EDITING   {saved}keys type text; Ctrl-S saves; Esc leaves, then P previews");
    lines.push(view.row().fit(Token::Focus, &keys, width).line());
    let text = usize::from(ABOVE + BELOW);
    lines.resize(height.saturating_sub(text) + usize::from(ABOVE) + 1, Line::default());
    lines.push(known(view, width));
    lines.push(checks(view, &draft.words()));
    lines
}

/// Where the text is drawn within the view.
pub(in crate::cockpit) fn text_area(view: Rect) -> Rect {
    let (x, y) = (view.x + 2.min(view.width), view.y + ABOVE.min(view.height));
    let (width, height) = (view.width.saturating_sub(4), view.height.saturating_sub(ABOVE + BELOW));
    Rect { x, y, width, height }
}

/// What is wrong now, so that nobody has to leave the text to look it up; else the first metrics.
fn known(view: &View, width: usize) -> Line<'static> {
    let mut metrics: Vec<_> = view.scene.playbook.metrics.values().collect();
    let rank = |id: &Id| facts::WORST_FIRST.iter().position(|state| *state == facts::state_of(view.scene, id));
    metrics.sort_by_key(|metric| rank(&metric.id));
    let told = metrics.into_iter().map(|metric| {
        let age = facts::sample_age(view.scene, &metric.id).map(|ms| format!(" age {}", words::age(ms)));
        let (value, word) = (facts::now_words(view.scene, metric), facts::state_of(view.scene, &metric.id).word());
        format!("{} {value} {word}{}", metric.title, age.unwrap_or_default())
    });
    let told: Vec<String> = told.collect();
    view.row().cell(Token::Muted, "FACTS", super::armed::INDENT).fit(Token::Fg, &told.join(" | "), width).line()
}
