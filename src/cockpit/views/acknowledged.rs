//! The alerts that were acknowledged: silenced, not over. Whether each still holds is said of now.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View, paged};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::{Acknowledgement, Alarm};
use crate::playbook::Id;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// What the name of an alert takes.
const NAME: usize = 22;
/// What was said then.
const WORD: usize = 10;
/// When, and by whom.
const BY: usize = 24;

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let all = &view.scene.state.acknowledgements;
    let title = format!("ALERTS ACKNOWLEDGED  {}", all.len());
    let heading = view.row().strong(Token::Fg, Modifier::BOLD, &title);
    let mut lines = vec![
        heading.right(Token::Muted, "newest first   <main.down> <main.up> scroll   <main.back> back", width).line(),
    ];
    let body = all.iter().rev().map(|acknowledged| line(view, acknowledged, width)).collect();
    lines.extend(paged(view, body, height.saturating_sub(1)));
    lines
}

fn line(view: &View, acknowledged: &Acknowledgement, width: usize) -> Line<'static> {
    let Acknowledgement { alarm, saw, by, at } = acknowledged;
    let (name, now, token) = match alarm {
        Alarm::Metric(metric) => metric_now(view, metric),
        Alarm::Reverted(probe) => probe_now(view, probe),
    };
    let since = view.scene.now.since(at).ms;
    let row = view.row().cell(Token::Fg, &name, NAME).cell(Token::Muted, saw, WORD);
    let row = row.cell(Token::Muted, &format!("{} ago by {by}", words::age(since)), BY);
    row.fit(token, &now, width).line()
}

fn metric_now(view: &View, metric: &Id) -> (String, String, Token) {
    let Some(known) = view.scene.playbook.metrics.get(metric) else {
        return (metric.to_string(), String::new(), Token::Muted);
    };
    let state = facts::state_of(view.scene, metric);
    let now = facts::now_words(view.scene, known);
    let word = if facts::alerts(state) { "STILL " } else { "now " };
    (known.title.clone(), format!("{word}{} {now}", state.word()), facts::token_of(state))
}

fn probe_now(view: &View, probe: &Id) -> (String, String, Token) {
    let title = view.scene.playbook.probes.get(probe).map_or(probe.to_string(), |probe| probe.title.clone());
    match view.scene.state.reverted.get(probe) {
        Some(reverted) => (title, format!("STILL {}, was {}", reverted.now, reverted.was), Token::Breach),
        None => (title, "now back".into(), Token::Ok),
    }
}
