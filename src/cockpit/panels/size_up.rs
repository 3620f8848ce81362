//! How things stand: what the metrics say now, what a person said of it, what else is known.

use super::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::trend::trend;
use crate::cockpit::{facts, groups, words};
use crate::incident::raised;
use crate::metrics::VerdictState;
use crate::playbook::Metric;

/// Where the words begin.
const INDENT: usize = 9;
/// More metrics than this are counted, not named.
const NAMED_MAX: usize = 3;

/// The size-up in at most `height` rows. What a person typed stays theirs, behind what is true now.
pub(in crate::cockpit) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let (state, playbook) = (&view.scene.state, &view.scene.playbook);
    let mut said = vec![now(view)];
    if !state.size_up.is_empty() {
        said.push(format!("said: {}", state.size_up));
    }
    said.extend(raised(playbook, state).iter().map(|symptom| playbook.symptoms[symptom].title.clone()));
    let down = view.scene.backends.iter().filter(|health| health.up == Some(false));
    let down: Vec<&str> = down.map(|health| health.backend.as_str()).collect();
    if !down.is_empty() {
        said.push(format!("down: {}", down.join(", ")));
    }
    let mut rows = words::wrap(&said.join(" | "), width.saturating_sub(INDENT));
    if rows.len() > height {
        let rest = rows.split_off(height.saturating_sub(1)).join(" ");
        rows.push(rest);
    }
    let row = |(place, text): (usize, &String)| {
        let word = if place == 0 { "SIZE-UP" } else { "" };
        view.row().cell(Token::Muted, word, INDENT).fit(Token::Fg, text, width).line()
    };
    rows.iter().enumerate().map(row).collect()
}

/// What breaks a limit and where it goes; else that nothing does, and what cannot be seen.
fn now(view: &View) -> String {
    let rows = groups::rows(view.scene);
    let of = |states: &[VerdictState]| -> Vec<&Metric> {
        let is = |metric: &&&Metric| states.contains(&facts::state_of(view.scene, &metric.id));
        rows.iter().filter(is).copied().collect()
    };
    let mut broken = of(&[VerdictState::Breach]);
    broken.extend(of(&[VerdictState::Warn]));
    let blind = rows.len() - broken.len() - of(&[VerdictState::Ok]).len();
    if broken.is_empty() {
        let seen = rows.len() - blind;
        return match (seen, blind) {
            (0, 0) => "no metric is watched".into(),
            (0, _) => "no metric is seen now".into(),
            (_, 0) => format!("all {seen} OK now"),
            (_, _) => format!("{seen} OK now, {blind} not seen"),
        };
    }
    let mut words: Vec<String> = broken.iter().take(NAMED_MAX).map(|metric| going(view, metric)).collect();
    if broken.len() > NAMED_MAX {
        words.push(format!("{} more", broken.len() - NAMED_MAX));
    }
    words.join(", ")
}

/// `coverage 0.51 falling`; where no trend is known, its state.
fn going(view: &View, metric: &Metric) -> String {
    let (title, value) = (&metric.title, facts::now_words(view.scene, metric));
    match trend(view.scene.board.points(&metric.id), view.scene.now.wall_ms) {
        "-" => format!("{title} {value} {}", facts::state_of(view.scene, &metric.id).word()),
        word => format!("{title} {value} {word}"),
    }
}
