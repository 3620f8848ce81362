//! One line per event on standard output, for pipes and `--auto`.

use crate::incident::{Moment, Record, State, tell};
use crate::playbook::Playbook;
use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Prints a line. Whoever read it may be gone, with a lost terminal or a closed pipe: that ends no flight.
pub fn say(line: impl Display) {
    let mut out = stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// Prints a line on standard error, under the same condition.
pub fn complain(line: impl Display) {
    drop(writeln!(stderr(), "{line}"));
}

/// `T+00:12.345  #17  sensor  step freeze writers SENSED -`
pub fn line(playbook: &Playbook, state: &State, record: &Record) -> String {
    format!(
        "{}  #{:<3} {:<8} {}",
        stamp(state, &record.at),
        record.seq,
        record.actor.as_str(),
        tell(playbook, &record.event)
    )
}

/// `T+00:12.345` since the declaration; `T-…` is never shown: before it, the time since opening with a dot.
fn stamp(state: &State, at: &Moment) -> String {
    let (sign, from) = match (&state.marks.declared, &state.marks.opened) {
        (Some(declared), _) => ("T+", declared),
        (None, Some(opened)) => ("  ", opened),
        (None, None) => ("  ", at),
    };
    let ms = at.since(from).ms;
    format!("{sign}{:02}:{:02}.{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000)
}
