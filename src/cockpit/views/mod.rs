//! What opens over the main screen, beneath its header, alerts and debts.

mod arm;
pub(super) mod ask;
mod help;
mod hold;
mod step;

use super::panels::{Lines, View, debts, journal, levers, metrics};
use super::theme::Token;
use super::ui::Dialog;
use super::words;
use crate::playbook::{Comm, Id};

/// The lines of a view.
pub(super) fn lines(view: &View, dialog: &Dialog, width: usize, height: usize) -> Lines {
    match dialog {
        Dialog::Step(step) => step::lines(view, step, width),
        Dialog::Metric(metric) => metric_lines(view, metric, width, height),
        Dialog::Levers => levers::table(view, width, height),
        Dialog::Hold => hold::lines(view, width),
        Dialog::Debts => debts::list(view, width, height),
        Dialog::Comms => debts::comms(view, width, height),
        Dialog::Preview(comm) => preview(view, comm, width),
        Dialog::Journal => journal::list(view, width, height),
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
    let mut lines = vec![view.row().put(Token::Muted, "METRIC ").put(Token::Fg, &metric.title).line()];
    for (word, limit) in [("warn", &metric.warn), ("stop", &metric.stop), ("exit", &metric.exit)] {
        let written = limit.as_ref().map_or("-", |limit| limit.written.as_str());
        lines.push(view.row().cell(Token::Muted, word, 8).put(Token::Fg, written).line());
    }
    if let Some(why) = super::facts::verdict(view.scene, &metric.id).and_then(|verdict| verdict.why.as_ref()) {
        lines.push(view.row().cell(Token::Muted, "why", 8).fit(Token::Nodata, why.as_str(), width).line());
    }
    lines.push(view.row().line());
    let room = height.saturating_sub(lines.len()).min(16);
    lines.extend(metrics::chart(view, metric, width, room));
    lines
}

/// A message as its author wrote it; the holes are filled when it is sent.
fn preview(view: &View, comm: &Id, width: usize) -> Lines {
    let Some(comm) = view.scene.playbook.comms.get(comm) else { return Vec::new() };
    let (status, token) = super::facts::comm_words(view.scene, comm);
    let heading = view.row().put(Token::Muted, "MESSAGE ").put(Token::Fg, &comm.title).put(Token::Fg, "   ");
    let mut lines = vec![heading.put(token, &status).line(), to_line(view, comm), view.row().line()];
    for text in comm.body.lines().flat_map(|line| words::wrap(line, width.saturating_sub(4))) {
        lines.push(view.row().to(2).put(Token::Fg, &text).line());
    }
    lines.push(view.row().line());
    let blanks = comm.body.matches("[[").count();
    let (glyph, token) = if blanks == 0 { ("+", Token::Ok) } else { ("!", Token::Warn) };
    let words = match blanks {
        0 => "no blank is left open".to_owned(),
        1 => "1 blank in [[ ]]: it is sent as it stands".to_owned(),
        more => format!("{more} blanks in [[ ]]: they are sent as they stand"),
    };
    lines.push(view.row().put(Token::Muted, "CHECKS  ").put(token, glyph).put(Token::Fg, &format!(" {words}")).line());
    lines.push(view.row().to(8).put(Token::Muted, "{{ }} is filled from the incident when it is sent").line());
    lines.push(
        view.row()
            .strong(Token::Focus, ratatui::style::Modifier::BOLD, "F sends.")
            .put(Token::Fg, "   Esc, nothing is sent.   Enter does nothing.")
            .line(),
    );
    lines
}

fn to_line(view: &View, comm: &Comm) -> ratatui::text::Line<'static> {
    let to = match &comm.send {
        Some(call) => format!("{} ({})", call.backend(), call.kind()),
        None => "a file in the incident directory".to_owned(),
    };
    view.row().cell(Token::Muted, "TO", 8).put(Token::Fg, &to).line()
}
