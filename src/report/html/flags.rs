//! What happened, as flags above a chart: those that fall together share a label.

use super::scale::{along, percent};
use crate::report::axis::Axis;
use crate::report::mark::Mark;
use crate::report::written::plain;
use serde::Serialize;

/// How many rows the marks' labels may take.
const MARK_ROWS: usize = 3;

/// How near to each other marks share a label, and how wide a letter of it is, as shares of a phone's width.
const CROWD: f64 = 0.04;
const LETTER: f64 = 0.022;

/// A mark upon a chart, and its label where it has room.
#[derive(Debug, Serialize)]
pub(super) struct Flag {
    x: String,
    anchor: &'static str,
    label: Option<String>,
    y: usize,
    says: String,
    /// What all of its crowd say, where it carries their label.
    all_say: String,
}

/// The marks: one line for those that cannot be told apart, one label for a crowd, in the row where it covers no other.
/// Where the rows do not take every label, marks that are further apart make a crowd, so that each is named.
pub(super) fn flags(marks: &[Mark], axis: Axis) -> Vec<Flag> {
    let marks: Vec<(f64, &Mark)> = marks.iter().map(|mark| (along(axis, mark.t_ms), mark)).collect();
    let mut near = CROWD;
    loop {
        match labelled(&marks, near) {
            Some(flags) => return flags,
            // Once a crowd is as wide as the axis there is one, and its label has a row to itself.
            None => near *= 1.5,
        }
    }
}

/// The marks with crowds so wide, if every label has a row.
fn labelled(marks: &[(f64, &Mark)], near: f64) -> Option<Vec<Flag>> {
    let mut taken = [f64::NEG_INFINITY; MARK_ROWS];
    let (mut flags, mut rest) = (Vec::new(), marks);
    while let Some((first, _)) = rest.first() {
        let crowd = rest.iter().take_while(|(at, _)| at - first < near).count();
        let (here, behind) = rest.split_at(crowd);
        let crowd = Crowd::of(here);
        let row = taken.iter().position(|until| crowd.from() >= *until)?;
        taken[row] = crowd.from() + crowd.width;
        flags.extend(crowd.flags.into_iter().map(|flag| Flag { y: 12 + 12 * row, ..flag }));
        rest = behind;
    }
    Some(flags)
}

/// Marks that are too near to each other for a label each.
struct Crowd {
    /// Where they are.
    place: f64,
    /// How wide their label is on a phone, as a share of the width.
    width: f64,
    flags: Vec<Flag>,
}

impl Crowd {
    #[expect(clippy::cast_precision_loss, reason = "a label has a few letters")]
    fn of(crowd: &[(f64, &Mark)]) -> Self {
        let place = crowd.first().map_or(0.0, |(at, _)| *at);
        let labels: Vec<&str> = crowd.iter().map(|(_, mark)| mark.label.as_str()).collect();
        let label = together(&labels);
        let width = (label.chars().count() as f64 + 1.0) * LETTER;
        let mut flags: Vec<Flag> = Vec::new();
        for (at, mark) in crowd {
            // Half a percent is a pixel and a half on a phone.
            let x = percent((at * 200.0).round() / 200.0);
            let says = format!("{}: {} (line {})", mark.label, plain(&mark.says), mark.line);
            if let Some(last) = flags.last_mut().filter(|last| last.x == x) {
                last.says = format!("{}; {says}", last.says);
                continue;
            }
            let (anchor, label, all_say) = (anchor(place, width), None, String::new());
            flags.push(Flag { x, anchor, label, y: 12, says, all_say });
        }
        let all_say: Vec<&str> = flags.iter().map(|flag| flag.says.as_str()).collect();
        let all_say = all_say.join("; ");
        if let Some(first) = flags.first_mut() {
            (first.label, first.all_say) = (Some(label), all_say);
        }
        Self { place, width, flags }
    }

    /// Where the label begins.
    fn from(&self) -> f64 {
        match anchor(self.place, self.width) {
            "start" => self.place,
            "end" => self.place - self.width,
            _ => self.place - self.width / 2.0,
        }
    }
}

/// Labels of a crowd in a few letters: `D 1-7 P1-4 H`.
fn together(labels: &[&str]) -> String {
    let mut kinds: Vec<(&str, Vec<u32>)> = Vec::new();
    for label in labels {
        let kind = label.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = label[kind.len()..].parse().ok();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, numbers)) => numbers.extend(number),
            None => kinds.push((kind, number.into_iter().collect())),
        }
    }
    let written: Vec<String> = kinds.iter().map(|(kind, numbers)| format!("{kind}{}", ranges(numbers))).collect();
    written.join(" ")
}

/// Numbers in order, those that follow each other as one: `1-4,7`.
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// How words of this width stand at a place: within the drawing, also at its edges.
pub(super) fn anchor(place: f64, width: f64) -> &'static str {
    match place {
        place if place < width / 2.0 => "start",
        place if place > 1.0 - width / 2.0 => "end",
        _ => "middle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(t_ms: i64, label: &str) -> Mark {
        Mark { t_ms, label: label.into(), says: format!("**{label}**"), line: 7 }
    }

    #[test]
    fn a_crowd_of_marks_has_one_label() {
        assert_eq!(together(&["D", "1", "P1", "2", "P2", "3", "5", "H"]), "D 1-3,5 P1-2 H");
        let axis = Axis { from_ms: 0, to_ms: 100_000 };
        let flags = flags(&[mark(0, "D"), mark(10, "1"), mark(1_000, "2"), mark(50_000, "H"), mark(99_999, "C")], axis);
        let shown: Vec<(&str, Option<&str>, &str)> =
            flags.iter().map(|flag| (flag.x.as_str(), flag.label.as_deref(), flag.anchor)).collect();
        let first = ("0", Some("D 1-2"), "start");
        assert_eq!(shown, [first, ("1", None, "start"), ("50", Some("H"), "middle"), ("100", Some("C"), "end")]);
        assert_eq!(flags[0].says, "D: D (line 7); 1: 1 (line 7)");
        assert_eq!(flags[0].all_say, "D: D (line 7); 1: 1 (line 7); 2: 2 (line 7)", "the label tells of all it names");
    }

    #[test]
    fn every_mark_is_named_however_close_they_stand() {
        let axis = Axis { from_ms: 0, to_ms: 100_000 };
        // As when most of it is done within a second, then the levers one after the other, then a long hold.
        for apart_ms in [1, 300, 1_000, 2_500, 4_100, 5_000] {
            let steps = (1..=20).map(|n| mark(n * apart_ms, &n.to_string()));
            let marks: Vec<Mark> = steps.chain([mark(20 * apart_ms, "H"), mark(100_000, "C")]).collect();
            let flags = flags(&marks, axis);
            let named: String = flags.iter().map(|flag| flag.all_say.as_str()).collect::<Vec<_>>().join("; ");
            let named = format!("; {named}");
            for mark in &marks {
                assert!(
                    named.contains(&format!("; {}: ", mark.label)),
                    "{apart_ms}: {} has no name: {named}",
                    mark.label
                );
            }
            let labels: Vec<&str> = flags.iter().filter_map(|flag| flag.label.as_deref()).collect();
            assert!(labels.iter().any(|label| label.contains('H')), "{apart_ms}: {labels:?}");
            assert!(labels.len() > 1, "{apart_ms}: the end stands alone: {labels:?}");
        }
    }
}
