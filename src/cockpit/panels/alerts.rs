//! Every metric that is not OK, and whether a person has seen it; the backends that do not answer.

use super::{Lines, View, first};
use crate::cockpit::facts::{self, WORST_FIRST};
use crate::cockpit::red;
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::metrics::VerdictState;

/// Where the words of the strip begin.
const INDENT: usize = 8;

/// All of them in one text, in at most `height` rows.
pub(in crate::cockpit) fn strip(view: &View, width: usize, height: usize) -> Lines {
    let said: Vec<String> = alerts(view).into_iter().map(|(_, words)| words).collect();
    let said = if said.is_empty() { "none".to_owned() } else { said.join(" | ") };
    let mut lines = view.titled(INDENT, "ALERTS", &said, width);
    if lines.len() > height {
        let rows = words::wrap(&said, width.saturating_sub(INDENT));
        let rest = rows[height.saturating_sub(1)..].join(" ");
        lines.truncate(height.saturating_sub(1));
        lines.push(view.row().to(INDENT).fit(Token::Fg, &rest, width).line());
    }
    lines
}

/// One a line, in at most `height` rows with the heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let alerts = alerts(view);
    let heading = view.row().put(Token::Muted, "ALERTS");
    let heading = if alerts.is_empty() { heading.put(Token::Muted, "   none") } else { heading };
    let mut lines = vec![heading.line()];
    let rows = alerts.iter().map(|(token, words)| view.row().to(2).fit(*token, words, width).line()).collect();
    lines.extend(first(view, rows, height.saturating_sub(1)));
    lines
}

/// Worst first; of equals in the playbook's order.
fn alerts(view: &View) -> Vec<(Token, String)> {
    let scene = view.scene;
    let mut alerts = Vec::new();
    for state in WORST_FIRST.into_iter().filter(|state| *state != VerdictState::Ok) {
        let of_state = scene.playbook.metrics.values().filter(|metric| facts::state_of(scene, &metric.id) == state);
        for metric in of_state {
            let slot = scene.state.verdicts.get(&metric.id).filter(|slot| slot.verdict.state == state);
            let since = slot.map(|slot| format!(" {}", words::clock(scene.now.since(&slot.since).ms)));
            let was = red::was(scene, metric);
            let asks = matches!(state, VerdictState::Breach | VerdictState::Warn) || was.is_some();
            let seen = match slot {
                Some(slot) if slot.acknowledged => " acked",
                Some(_) if asks => " UNACKED",
                Some(_) | None => "",
            };
            let was = was.map_or(String::new(), |was| format!(", {was}"));
            let since = since.unwrap_or_default();
            let words = format!("{} {} {}{since}{was}{seen}", state.glyph(), metric.title, state.word());
            alerts.push((facts::token_of(state), words));
        }
    }
    let down = scene.backends.iter().filter(|health| health.up == Some(false));
    alerts.extend(down.map(|health| (Token::Muted, format!(". {} does not answer", health.backend))));
    alerts
}
