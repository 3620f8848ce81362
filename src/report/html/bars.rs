//! What lasted, as bars below each other: the swim lanes, and the clocks nested on one axis.

use super::flags::anchor;
use super::scale::{along, percent};
use crate::report::account::{Account, Entry, Time};
use crate::report::axis::Axis;
use crate::report::lane::Lane;
use crate::report::show::millis;
use crate::report::stretch::Stretch;
use crate::report::times::PULL;
use crate::report::written::plain;
use serde::Serialize;

/// How high a bar's row is, and what is above the first, in pixels.
const ROW: usize = 22;
const HEAD: usize = 34;

/// The most bars a lane draws; the table has them all.
const BARS_MAX: usize = 24;

/// A swim lane, ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Track {
    name: &'static str,
    height: usize,
    dots: Vec<Dot>,
    crowds: Vec<Crowd>,
    bars: Vec<Bar>,
    /// How many bars are left to the table.
    more: usize,
}

/// One line of the journal, or several that cannot be told apart.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Dot {
    #[serde(skip)]
    at: f64,
    x: String,
    line: u64,
    says: String,
    count: usize,
}

/// How many lines stand where one cannot be told from the next.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Crowd {
    x: String,
    anchor: &'static str,
    count: usize,
}

/// Something that lasted.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    y: usize,
    x: String,
    width: String,
    /// What of it is beyond its budget.
    over: Option<(String, String)>,
    /// Where its budget ends.
    budget: Option<String>,
    label: String,
    /// Where its words stand on a phone, and where there is room.
    narrow: Place,
    wide: Place,
    tone: &'static str,
    line: u64,
}

/// Where a bar's words begin, or end.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Place {
    x: String,
    anchor: &'static str,
}

/// The lanes and their names.
const LANES: [(Lane, &str); 7] = [
    (Lane::Alerts, "Alerts"),
    (Lane::Steps, "Steps"),
    (Lane::Levers, "Pulls"),
    (Lane::Hold, "Hold and debts"),
    (Lane::Messages, "Messages"),
    (Lane::People, "People"),
    (Lane::Record, "Journal and evidence"),
];

/// A lane's name.
pub(super) fn name_of(lane: Lane) -> &'static str {
    LANES.iter().find(|(known, _)| *known == lane).map_or("", |(_, name)| name)
}

/// Every lane that has something to show.
pub(super) fn tracks(account: &Account) -> Vec<Track> {
    let track = |(lane, name): &(Lane, &'static str)| {
        let entries = account.timeline.iter().filter(|entry| entry.lane == *lane);
        let lasted: Vec<&Stretch> = account.stretches.iter().filter(|stretch| stretch.lane == *lane).collect();
        let bars = lasted.iter().take(BARS_MAX).enumerate();
        let bars: Vec<Bar> = bars.map(|(row, stretch)| of_stretch(stretch, account.axis, row)).collect();
        let (height, more) = (HEAD + ROW * bars.len(), lasted.len() - bars.len());
        let dots = dots(entries, account.axis);
        Track { name, height, crowds: crowds(&dots), dots, bars, more }
    };
    LANES.iter().map(track).filter(|track| !track.dots.is_empty() || !track.bars.is_empty()).collect()
}

/// One dot for what happened at one place.
fn dots<'a>(entries: impl Iterator<Item = &'a Entry>, axis: Axis) -> Vec<Dot> {
    let mut dots: Vec<Dot> = Vec::new();
    for entry in entries {
        let at = (along(axis, entry.at.t_ms) * 250.0).round() / 250.0;
        match dots.last_mut().filter(|last| (last.at - at).abs() < f64::EPSILON) {
            Some(last) => last.count += 1,
            None => dots.push(Dot { at, x: percent(at), line: entry.at.line, says: plain(&entry.says), count: 1 }),
        }
    }
    dots
}

/// How near to each other dots share one number above them, as a share of the width: three digits fit on a phone.
const CROWD: f64 = 0.08;

/// The numbers above the dots, none of which covers another. One line alone has none.
fn crowds(dots: &[Dot]) -> Vec<Crowd> {
    let mut places: Vec<(f64, usize)> = Vec::new();
    for dot in dots {
        match places.last_mut().filter(|(first, _)| (0.0..CROWD).contains(&(dot.at - *first))) {
            Some((_, count)) => *count += dot.count,
            None => places.push((dot.at, dot.count)),
        }
    }
    let crowd = |(at, count)| Crowd { x: percent(at), anchor: anchor(at, CROWD), count };
    places.into_iter().filter(|(_, count)| *count > 1).map(crowd).collect()
}

fn of_stretch(stretch: &Stretch, axis: Axis, row: usize) -> Bar {
    let until_ms = stretch.to_ms.unwrap_or(axis.to_ms);
    let lasted = millis(until_ms.abs_diff(stretch.from_ms));
    let lasted = if stretch.to_ms.is_some() { lasted } else { format!("{lasted}, still open at the end") };
    let label = match stretch.lane {
        Lane::Alerts => format!("{} BREACH for {lasted}{}", plain(&stretch.title), turned_into(&stretch.stands)),
        _ => format!("{} {}, {lasted}", plain(&stretch.title), stretch.stands),
    };
    let tone = if stretch.lane == Lane::Alerts { "bad" } else { tone_of(&stretch.stands) };
    Bar { tone, line: stretch.line, ..bar(axis, (stretch.from_ms, until_ms), row, label) }
}

/// What came behind a BREACH where it was not that all is well: what could not be seen was not over.
fn turned_into(stands: &str) -> String {
    match stands {
        "BREACH" | "OK" => String::new(),
        other => format!(", then {other}"),
    }
}

/// A person's word, which no probe has seen to be so: it has an outline of its own and no colour.
const SAID: &str = "said";

/// What a word says of what it stands for; any other is neither good nor bad.
const TONES: [(&str, &str); 15] = [
    ("attested", SAID),
    ("attested as wanted", SAID),
    ("attested not as wanted", SAID),
    ("done by hand", SAID),
    ("sensed", "good"),
    ("confirmed", "good"),
    ("agrees", "good"),
    ("applied", "good"),
    ("paid", "good"),
    ("met", "good"),
    ("failed", "bad"),
    ("disagrees", "bad"),
    ("unknown", "bad"),
    ("rejected", "bad"),
    ("not sent", "bad"),
];

/// The tone of a word. It only repeats what the word says.
pub(super) fn tone_of(word: &str) -> &'static str {
    TONES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map_or("plain", |(_, tone)| tone)
}

/// How wide a letter is, as a share of a phone's width, and of the least that is called wide: `style.css` has the same.
const NARROW: f64 = 0.0175;
const WIDE: f64 = 0.0095;

/// Where a label begins or ends so that it can be shown whole: from the bar's begin, up to its end, else as far to the
/// right as it can be.
#[expect(clippy::cast_precision_loss, reason = "a label has a few letters")]
fn label_place((from, to): (f64, f64), label: &str, letter: f64) -> (f64, &'static str) {
    let width = label.chars().count() as f64 * letter;
    match (from, to) {
        (from, _) if from + width <= 1.0 => (from, "start"),
        (_, to) if to - width >= 0.0 => (to, "end"),
        _ => ((1.0 - width).max(0.0), "start"),
    }
}

fn bar(axis: Axis, (from_ms, to_ms): (i64, i64), row: usize, label: String) -> Bar {
    let (from, to) = (along(axis, from_ms), along(axis, to_ms));
    let place = |letter| {
        let (x, anchor) = label_place((from, to), &label, letter);
        Place { x: percent(x), anchor }
    };
    let (narrow, wide) = (place(NARROW), place(WIDE));
    let (x, width) = (percent(from), percent((to - from).max(0.004)));
    let y = HEAD + ROW * row;
    Bar { y, x, width, over: None, budget: None, label, narrow, wide, tone: "plain", line: 0 }
}

/// What has a budget, the outer before the inner.
#[derive(Debug, Serialize)]
pub(super) struct Clocks {
    height: usize,
    bars: Vec<Bar>,
}

/// Every time that has a budget and has begun, on one axis. A pull that was in time is a bar of its lane already: here
/// it would only hide the clocks around it.
pub(super) fn clocks(account: &Account) -> Clocks {
    let ends = |time: &Time| {
        let from_ms = time.from.as_ref()?.t_ms;
        Some((from_ms, time.to.as_ref().map_or(account.axis.to_ms, |to| to.t_ms).max(from_ms)))
    };
    let tells = |time: &&Time| time.over_ms.is_some() || !time.id.starts_with(PULL);
    let mut timed: Vec<(&Time, u64, (i64, i64))> =
        account.times.iter().filter(tells).filter_map(|time| Some((time, time.budget_ms?, ends(time)?))).collect();
    timed.sort_by_key(|(_, _, (from_ms, to_ms))| (*from_ms, -*to_ms));
    timed.truncate(BARS_MAX);
    let bars: Vec<Bar> = timed.iter().enumerate().map(|(row, clock)| of_clock(account.axis, row, *clock)).collect();
    Clocks { height: ROW * bars.len(), bars }
}

fn of_clock(axis: Axis, row: usize, (time, budget_ms, (from_ms, to_ms)): (&Time, u64, (i64, i64))) -> Bar {
    let took = match time.took_ms {
        Some(took_ms) => millis(took_ms),
        None => format!("{} and still open", millis(to_ms.abs_diff(from_ms))),
    };
    let within = time
        .over_ms
        .map_or_else(|| "within".to_owned(), |over_ms| format!("OVER by {} its budget of", millis(over_ms)));
    let label = format!("{}: {took}, {within} {}", plain(&time.name), millis(budget_ms));
    let due_ms = from_ms.saturating_add_unsigned(budget_ms);
    let share = |at_ms| along(axis, at_ms);
    let over = (time.over_ms.is_some() && due_ms < to_ms)
        .then(|| (percent(share(due_ms)), percent((share(to_ms) - share(due_ms)).max(0.004))));
    Bar {
        over,
        budget: (due_ms <= axis.to_ms).then(|| percent(share(due_ms))),
        tone: if time.over_ms.is_some() { "bad" } else { "good" },
        // What people said since leads to its end, else to where the journal begins.
        line: [&time.from, &time.to].into_iter().flatten().find_map(|at| at.line).unwrap_or(1),
        y: ROW * row,
        ..bar(axis, (from_ms, to_ms), row, label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::account::{At, Endpoint};

    #[test]
    fn a_label_stays_within_a_phone() {
        let long = "a label of a good forty letters, no less";
        assert_eq!(label_place((0.1, 0.2), "short", NARROW), (0.1, "start"));
        assert_eq!(label_place((0.6, 0.9), long, NARROW), (0.9, "end"));
        assert_eq!(label_place((0.5, 0.6), long, NARROW), (1.0 - 40.0 * NARROW, "start"));
        assert_eq!(label_place((0.5, 0.6), long, WIDE), (0.5, "start"));
        assert_eq!(label_place((0.5, 0.6), &long.repeat(2), NARROW), (0.0, "start"));
    }

    #[test]
    fn the_numbers_above_a_crowd_of_dots_count_every_line_and_never_cover_each_other() {
        let entry = |t_ms| Entry {
            at: At { line: 1, utc: String::new(), t_ms },
            actor: String::new(),
            lane: Lane::Levers,
            says: String::new(),
        };
        let axis = Axis { from_ms: 0, to_ms: 100_000 };
        // As in a drill: most of it within a second, then something alone, then the end.
        let times = [0, 1, 2, 300, 600, 900, 4_000, 9_000, 9_001, 50_000, 99_000, 99_500, 100_000];
        let entries = times.map(entry);
        let dots = dots(entries.iter(), axis);
        let crowds = crowds(&dots);
        let shown: Vec<(&str, usize)> = crowds.iter().map(|crowd| (crowd.x.as_str(), crowd.count)).collect();
        assert_eq!(shown, [("0", 7), ("9.2", 2), ("99.2", 3)]);
        assert_eq!(dots.iter().map(|dot| dot.count).sum::<usize>(), times.len(), "none is left out");
        assert_eq!(crowds.last().map(|crowd| crowd.anchor), Some("end"), "it stays within the page");
    }

    #[test]
    fn an_alert_that_only_went_blind_is_not_told_as_over() {
        let label = |stands: &str, to_ms| {
            let (title, stands) = ("coverage".to_owned(), stands.to_owned());
            let stretch = Stretch { lane: Lane::Alerts, title, stands, from_ms: 0, to_ms, line: 3 };
            of_stretch(&stretch, Axis { from_ms: 0, to_ms: 9_000 }, 0).label
        };
        assert_eq!(label("ERROR", Some(5_000)), "coverage BREACH for 5.0 s, then ERROR");
        assert_eq!(label("WARN", Some(5_000)), "coverage BREACH for 5.0 s, then WARN");
        assert_eq!(label("OK", Some(5_000)), "coverage BREACH for 5.0 s");
        assert_eq!(label("BREACH", None), "coverage BREACH for 9.0 s, still open at the end");
    }

    #[test]
    fn what_took_longer_than_its_budget_is_drawn_beyond_it() {
        let at = |t_ms| Endpoint { line: Some(3), utc: String::new(), t_ms };
        let time = Time {
            id: "stage-x".into(),
            name: "Stage `x`".into(),
            formula: String::new(),
            took_ms: Some(75),
            approximate: false,
            budget_ms: Some(50),
            over_ms: Some(25),
            from: Some(at(0)),
            to: Some(at(75)),
        };
        let bar = of_clock(Axis { from_ms: 0, to_ms: 100 }, 1, (&time, 50, (0, 75)));
        assert_eq!((bar.over, bar.budget.as_deref()), (Some(("50".to_owned(), "25".to_owned())), Some("50")));
        assert_eq!((bar.label.as_str(), bar.tone), ("Stage x: 75 ms, OVER by 25 ms its budget of 50 ms", "bad"));
    }
}
