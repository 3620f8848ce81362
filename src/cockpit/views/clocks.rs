//! Every clock and stage against its budget, and which levers still fit into what is left of the SLA.

use crate::cockpit::panels::{Lines, View, scrolling};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::{ClockKind, ClockReading, Fit, clocks, fits, stages};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the columns begin.
const COLUMNS: [(&str, usize); 5] = [("", 20), ("elapsed", 8), ("budget", 7), ("left", 8), ("state", 10)];

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let (playbook, state, now) = (&view.scene.playbook, &view.scene.state, &view.scene.now);
    let mut lines = Lines::new();
    let staged = stages(playbook, state, now);
    if !staged.is_empty() {
        lines.push(heading(view, "STAGES"));
        for stage in &staged {
            let steps = playbook.steps.iter().zip(1..).filter(|(step, _)| is_in(step.stage.as_ref(), &stage.id));
            let numbers: Vec<String> = steps.map(|(_, number): (_, usize)| number.to_string()).collect();
            lines.push(row(view, stage, &format!("steps {}", numbers.join(" ")), width));
        }
        lines.push(Line::default());
    }
    lines.push(heading(view, "CLOCKS"));
    for (reading, clock) in clocks(playbook, state, now).iter().zip(&playbook.clocks) {
        let span = format!("{} to {}", clock.starts_on.written(), clock.stops_on.written());
        lines.push(row(view, reading, &span, width));
    }
    let ways = fits(playbook, state, now);
    if let Some(Fit { clock, left_ms, .. }) = ways.first() {
        lines.push(Line::default());
        let title = format!("UNTRIED LEVERS  {} left of {clock}", words::clock(*left_ms));
        lines.push(view.row().strong(Token::Fg, Modifier::BOLD, &title).line());
        lines.extend(ways.iter().map(|way| lever(view, way, width)));
    }
    scrolling(view, lines, height)
}

fn is_in(stage: Option<&crate::playbook::Id>, id: &str) -> bool {
    stage.is_some_and(|stage| stage.as_str() == id)
}

fn heading(view: &View, title: &str) -> Line<'static> {
    let named = COLUMNS.iter().enumerate().map(|(place, (word, width))| (if place == 0 { title } else { word }, width));
    named.fold(view.row(), |row, (word, width)| row.cell(Token::Muted, word, *width)).line()
}

fn row(view: &View, clock: &ClockReading, about: &str, width: usize) -> Line<'static> {
    let (word, token) = standing(clock);
    let began = clock.running || clock.done;
    let tilde = if clock.approximate { "~" } else { "" };
    let elapsed = if began { format!("{tilde}{}", words::clock(clock.elapsed_ms)) } else { "-".to_owned() };
    let left = if clock.is_over() {
        format!("+{}", words::clock(clock.elapsed_ms - clock.budget_ms))
    } else {
        words::clock(clock.left_ms())
    };
    let row = view.row().cell(Token::Fg, &clock.title, COLUMNS[0].1).cell(Token::Fg, &elapsed, COLUMNS[1].1);
    let row = row.cell(Token::Fg, &words::clock(clock.budget_ms), COLUMNS[2].1).cell(token, &left, COLUMNS[3].1);
    let sla = if clock.kind == ClockKind::Sla { "SLA, " } else { "" };
    row.cell(token, word, COLUMNS[4].1).fit(Token::Muted, &format!("{sla}{about}"), width).line()
}

/// Where a clock stands, in a word.
fn standing(clock: &ClockReading) -> (&'static str, Token) {
    match (clock.running, clock.done, clock.is_over()) {
        (true, _, true) => ("OVER", Token::Warn),
        (true, _, false) => ("RUNNING", Token::Running),
        (false, true, true) => ("DONE LATE", Token::Warn),
        (false, true, false) => ("DONE", Token::Ok),
        (false, false, _) => ("-", Token::Muted),
    }
}

fn lever(view: &View, way: &Fit, width: usize) -> Line<'static> {
    let takes = words::about(way.lever.takes_ms);
    let row = view.row().cell(Token::Fg, &way.lever.title, 32).cell(Token::Muted, &takes, 9);
    if way.fits() {
        let more = words::clock(way.left_ms - way.lever.takes_ms);
        return row.fit(Token::Ok, &format!("fits for another {more}"), width).line();
    }
    row.strong(Token::Warn, Modifier::BOLD, "NO LONGER FITS").line()
}
