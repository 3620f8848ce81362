//! What opens over the main screen, beneath its header, alerts and debts.

mod acknowledged;
mod arm;
mod armed;
pub(super) mod ask;
mod catalogue;
mod clocks;
pub(super) mod edit;
pub(super) mod help;
pub(super) mod hold;
mod message;
mod output;
mod palette;
mod step;
mod tree;

use super::panels::{Lines, View, charts, debts, journal, levers, metrics};
use super::theme::Token;
use super::ui::Dialog;
use crate::playbook::{Id, Metric};

/// The lines of a view.
pub(super) fn lines(view: &View, dialog: &Dialog, width: usize, height: usize) -> Lines {
    match dialog {
        Dialog::Step(step) => step::lines(view, step, width, height),
        Dialog::Metric(metric) => metric_lines(view, metric, width, height),
        Dialog::Levers => levers::list(view, width, height),
        Dialog::Hold => hold::lines(view, width, height),
        Dialog::Clocks => clocks::lines(view, width, height),
        Dialog::Debts => debts::list(view, width, height),
        Dialog::Comms => debts::comms(view, width, height),
        Dialog::Tree => tree::lines(view, width, height),
        Dialog::Edit(comm) => edit::lines(view, comm, width, height),
        Dialog::Preview(posting) => message::lines(view, posting, width, height),
        Dialog::List(list) => catalogue::lines(view, *list, width, height),
        Dialog::Journal => journal::list(view, width, height),
        Dialog::Acknowledged => acknowledged::lines(view, width, height),
        Dialog::Palette(palette) => palette::lines(view, palette, width, height),
        Dialog::Help => help::lines(view, width, height),
        Dialog::Quit => ask::quit(view, width),
        Dialog::Arm(arming) => arm::lines(view, arming, width, height),
        Dialog::Menu(menu) => ask::menu(view, menu, width),
        Dialog::Field(field) => ask::field(view, field, width),
    }
}

/// One metric with all that is known of it: its row, why, its limits as written, its chart.
fn metric_lines(view: &View, metric: &Id, width: usize, height: usize) -> Lines {
    let chosen = view.ui.selected.metric.as_ref().unwrap_or(metric);
    let Some(metric) = view.scene.playbook.metrics.get(chosen) else { return Vec::new() };
    let metric = super::groups::shown(view.scene, metric);
    let mut lines =
        vec![view.row().put(Token::Muted, "METRIC ").put(Token::Fg, &super::groups::full(view.scene, metric)).line()];
    let limits = [("warn", &metric.warn), ("stop", &metric.stop), ("exit", &metric.exit)];
    let written = limits.map(|(word, limit)| format!("{word} {}", limit.as_ref().map_or("-", |limit| &limit.written)));
    lines.extend(view.titled(8, "limits", &written.join("   "), width));
    if let Some(source) = super::facts::baseline_source(view.scene, metric) {
        let (value, token) = super::facts::baseline_words(view.scene, metric);
        let now = super::facts::now_words(view.scene, metric);
        let row =
            view.row().cell(Token::Muted, "base", 8).put(token, &value).put(Token::Muted, &format!("   now {now}"));
        lines.push(row.line());
        lines.extend(view.titled(8, "", &source, width));
    }
    if let Some(why) = super::facts::verdict(view.scene, &metric.id).and_then(|verdict| verdict.why.as_ref()) {
        lines.extend(view.titled(8, "why", why.as_str(), width));
    }
    lines.extend(guide_lines(view, metric, width));
    lines.extend(view.titled(8, "data", &charts::data(view, metric, charts::Span::Incident), width));
    lines.push(view.row().line());
    lines.extend(metrics::group(view, metric, width));
    let room = height.saturating_sub(lines.len());
    lines.extend(charts::chart(view, metric, charts::Span::Incident, (width, room)));
    lines
}

/// What the playbook says of a metric: what its value means now, what it shows, what to open.
fn guide_lines(view: &View, metric: &Metric, width: usize) -> Lines {
    let links = metric.guide.links.iter().filter_map(|id| view.scene.playbook.lists.links.get(id));
    let pages = links.map(|link| ("open", format!("{}  {}", link.title, link.url)));
    let means = super::facts::band(view.scene, metric).map(|say| ("means", say.to_owned()));
    let help = (!metric.guide.help.is_empty()).then(|| ("shows", metric.guide.help.clone()));
    means.into_iter().chain(help).chain(pages).flat_map(|(word, text)| view.titled(8, word, &text, width)).collect()
}
