//! The metrics over time: one of them large, or as many as have room.

use super::metrics::{age_words, emphasis};
use super::{Lines, View};
use crate::cockpit::chart::{Chart, Limit, SCALE};
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::cockpit::trend::trend;
use crate::cockpit::{facts, groups, words};
use crate::incident::event::Trigger;
use crate::incident::{Event, Way};
use crate::metrics::{ExitState, Point, VerdictState, stale_after_ms};
use crate::playbook::{Id, Metric};
use ratatui::text::Line;

/// How far back a chart may look, in ms: the least of these that shows what it is to show.
const WINDOWS_MS: [i64; 7] = [60_000, 120_000, LATELY_MS, 600_000, 1_200_000, 1_800_000, 3_600_000];
/// What is going on now, in ms.
const LATELY_MS: i64 = 300_000;
/// What led to a declaration, in ms.
const LEAD_MS: i64 = 60_000;
/// A chart among others: the fewest rows it is worth having in, and the most it gains by.
const ROWS: (usize, usize) = (6, 14);

/// How far back a chart looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cockpit) enum Span {
    /// What is going on now.
    Lately,
    /// From before the declaration on.
    Incident,
}

impl Span {
    /// No more than there is: a short history fills the chart.
    fn ms(self, view: &View) -> i64 {
        let now = &view.scene.now;
        let declared = view.scene.state.marks.declared.as_ref().map_or(0, |at| now.since(at).ms);
        let wanted = match self {
            Self::Lately => LATELY_MS,
            Self::Incident => i64::try_from(declared).unwrap_or(i64::MAX).saturating_add(LEAD_MS).max(LATELY_MS),
        };
        let metrics = view.scene.playbook.metrics.keys();
        let firsts = metrics.filter_map(|metric| view.scene.board.points(metric).next());
        let known = firsts.map(|first| now.wall_ms.saturating_sub(first.sampled_ms)).max().unwrap_or(0);
        // Once declared the axis stands still: a line that is drawn together at 2 minutes looks like one that turned.
        let known = if declared > 0 { known.max(LATELY_MS) } else { known };
        let least = WINDOWS_MS.into_iter().find(|window| *window >= wanted.min(known));
        least.unwrap_or(WINDOWS_MS[WINDOWS_MS.len() - 1])
    }
}

/// A metric over time: its name, value and state, the line with its limits, and what its marks mean.
pub(in crate::cockpit) fn chart(view: &View, metric: &Metric, span: Span, (width, height): (usize, usize)) -> Lines {
    let marks = marks(view);
    drawn(view, metric, (span, &marks), (width, height), &marks)
}

/// A chart of which only the marks in `told` are explained, and gaps.
fn drawn(
    view: &View,
    metric: &Metric,
    (span, marks): (Span, &[(i64, char)]),
    (width, height): (usize, usize),
    told: &[(i64, char)],
) -> Lines {
    if height < 4 {
        return Vec::new();
    }
    let points: Vec<Point> = view.scene.board.points(&metric.id).collect();
    let chart = Chart {
        theme: view.theme,
        points: &points,
        unit: metric.unit,
        limits: limits(view, metric),
        marks: marks.to_vec(),
        now_ms: view.scene.now.wall_ms,
        window_ms: span.ms(view),
        stale_ms: stale_after_ms(metric),
    };
    let mut lines = vec![heading(view, metric, width)];
    let has_room = height >= ROWS.0;
    let below = usize::from(has_room && !told.is_empty());
    let mut plot = chart.plot(width, height - 1 - below);
    let legend = legend(view, told, plot.has_gap, width).filter(|_| has_room && plot.lines.len() > 1);
    if legend.is_some() && below == 0 {
        plot = chart.plot(width, height - 2);
    }
    lines.extend(plot.lines);
    lines.extend(legend);
    lines
}

/// What a chart shows, in words: `285 samples in 5m00s: least 0.51, most 0.81, newest 0.51 2s ago; 1 gap, 15s`.
pub(in crate::cockpit) fn data(view: &View, metric: &Metric, span: Span) -> String {
    let (now, window) = (view.scene.now.wall_ms, span.ms(view));
    let told = |ms: i64| words::age(u64::try_from(ms).unwrap_or(0));
    let (mut values, mut gaps, mut gap_ms) = (Vec::new(), 0_usize, 0_i64);
    let mut before: Option<i64> = None;
    let stale_ms = stale_after_ms(metric);
    let within = |point: &Point| point.sampled_ms >= now.saturating_sub(window);
    for point in view.scene.board.points(&metric.id).filter(within) {
        let Some(value) = point.value.filter(|value| value.is_finite()) else { continue };
        let apart = point.sampled_ms.saturating_sub(before.unwrap_or(point.sampled_ms));
        if apart > stale_ms {
            (gaps, gap_ms) = (gaps + 1, gap_ms.saturating_add(apart));
        }
        before = Some(point.sampled_ms);
        values.push(value);
    }
    // What is out right now has no sample behind it that would end its gap.
    let out = now.saturating_sub(before.unwrap_or(now));
    if out > stale_ms {
        (gaps, gap_ms) = (gaps + 1, gap_ms.saturating_add(out));
    }
    let shown = |value: Option<f64>| value.map_or("--".to_owned(), |value| words::value(value, metric.unit));
    let least = shown(values.iter().copied().reduce(f64::min));
    let most = shown(values.iter().copied().reduce(f64::max));
    let newest = format!("newest {} {} ago", shown(values.last().copied()), age_words(view, metric));
    let missing = match gaps {
        0 => "no gap".to_owned(),
        1 => format!("1 gap, {}", told(gap_ms)),
        _ => format!("{gaps} gaps, {} in all", told(gap_ms)),
    };
    match values.len() {
        0 => format!("no samples in {}", told(window)),
        count => format!("{count} samples in {}: least {least}, most {most}, {newest}; {missing}", told(window)),
    }
}

/// Charts one below the other in `height` rows, as many as have room: the selected first, then what matters most, those
/// that nothing is known of left out.
pub(in crate::cockpit) fn stack(view: &View, width: usize, height: usize) -> Lines {
    let charted = charted(view, (height + 1) / (ROWS.0 + 1));
    let count = charted.len();
    if count == 0 {
        return Lines::new();
    }
    let each = (height + 1) / count - 1;
    let mut over = (height + 1) % count;
    let (mut lines, marks) = (Lines::new(), marks(view));
    for metric in charted {
        let rows = (each + usize::from(over > 0)).min(ROWS.1);
        over = over.saturating_sub(1);
        // What the marks mean is said once.
        let told = if lines.is_empty() { &marks[..] } else { &[] };
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(drawn(view, metric, (Span::Lately, &marks), (width, rows), told));
    }
    lines
}

/// The metrics to draw, at most `count`; where nothing is known of any, the worst says so.
fn charted<'a>(view: &View<'a>, count: usize) -> Vec<&'a Metric> {
    let known = |metric: &Metric| view.scene.board.points(&metric.id).any(|point| point.value.is_some());
    let rows = groups::rows(view.scene);
    let mut others: Vec<(usize, &Metric)> = rows.into_iter().enumerate().filter(|(_, metric)| known(metric)).collect();
    others.sort_by_key(|(_, metric)| (matter(view.scene, metric), facts::worst_rank(view.scene, metric)));
    let selected = view.ui.selected.metric.as_ref().and_then(|metric| view.scene.playbook.metrics.get(metric));
    let selected = selected.map(|metric| groups::shown(view.scene, metric));
    let worst = others.first().map(|(_, metric)| *metric).or_else(|| facts::worst(view.scene));
    let Some(first) = selected.or(worst).filter(|_| count > 0) else { return Vec::new() };
    others.retain(|(_, metric)| metric.id != first.id);
    others.truncate(count - 1);
    others.sort_by_key(|(place, metric)| (matter(view.scene, metric), *place));
    std::iter::once(first).chain(others.into_iter().map(|(_, metric)| metric)).collect()
}

/// How much a metric matters while an incident is flown: what is in breach, then what still keeps it from being over, then
/// what was in breach, then the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    InBreach,
    NotAtItsExit,
    WasInBreach,
    Other,
}

fn matter(scene: &Scene, metric: &Metric) -> Matter {
    if facts::state_of(scene, &metric.id) == VerdictState::Breach {
        return Matter::InBreach;
    }
    let recovering = scene.state.marks.declared.is_some() && scene.state.marks.hold_met.is_none();
    let verdict = scene.state.verdicts.get(&metric.id).map(|slot| &slot.verdict);
    if recovering && verdict.is_some_and(|verdict| verdict.exit == ExitState::Missed) {
        return Matter::NotAtItsExit;
    }
    let broken = |trigger: &Trigger| matches!(trigger, Trigger::Metric { metric: broken, .. } if *broken == metric.id);
    let judged = |event: &Event| {
        matches!(event, Event::VerdictChanged { metric: judged, verdict }
            if *judged == metric.id && verdict.state == VerdictState::Breach)
    };
    let was = scene.state.triggers.iter().any(broken) || scene.records.iter().any(|record| judged(&record.event));
    if was { Matter::WasInBreach } else { Matter::Other }
}

/// `X coverage 0.51 BREACH 01:10   falling   age 2s`, and what the playbook says of that.
fn heading(view: &View, metric: &Metric, width: usize) -> Line<'static> {
    let (id, state) = (&metric.id, facts::state_of(view.scene, &metric.id));
    let title =
        format!("{} {} {} ", state.glyph(), groups::full(view.scene, metric), facts::now_words(view.scene, metric));
    let row = view.row().put(Token::Fg, &title).strong(facts::token_of(state), emphasis(state), state.word());
    let slot = view.scene.state.verdicts.get(id).filter(|slot| slot.verdict.state == state);
    let since = slot.map(|slot| format!(" {}", words::clock(view.scene.now.since(&slot.since).ms)));
    let row = row.put(Token::Muted, &since.unwrap_or_default());
    let trend = trend(view.scene.board.points(id), view.scene.now.wall_ms);
    let rest = [(Token::Fg, format!("  {trend}")), (Token::Muted, format!("  age {}", age_words(view, metric)))];
    let row =
        rest.iter().fold(
            row,
            |row, (token, words)| {
                if row.used() + words::columns(words) > width { row } else { row.put(*token, words) }
            },
        );
    let says = facts::band(view.scene, metric).map_or(String::new(), |say| format!("  {say}"));
    row.fit(Token::Fg, &says, width).line()
}

fn limits(view: &View, metric: &Metric) -> Vec<Limit> {
    let base = facts::baseline(view.scene, metric);
    let bound = |limit: &Option<crate::playbook::Limit>| limit.as_ref().and_then(|limit| limit.bound_at(base));
    let all = [
        ("stop", '-', Token::Limit, bound(&metric.stop)),
        ("exit", '=', Token::Ok, bound(&metric.exit)),
        ("base", '_', Token::Muted, base),
    ];
    let line = |(word, stroke, token, bound): (_, _, _, Option<f64>)| {
        bound.filter(|bound| bound.is_finite()).map(|bound| Limit { word, bound, stroke, token })
    };
    all.into_iter().filter_map(line).collect()
}

/// Below the line: a step's number where it was begun, `D` where the rollback was declared, `^` where a lever was pulled,
/// `U` where one was taken back.
fn marks(view: &View) -> Vec<(i64, char)> {
    let number = |id: &Id| {
        let place = view.scene.playbook.steps.iter().position(|step| step.id == *id)?;
        char::from_digit(u32::try_from(place + 1).ok()?, 36)
    };
    let mut marks: Vec<(i64, char)> = view.scene.state.marks.declared.iter().map(|at| (at.wall_ms, DECLARED)).collect();
    for record in view.scene.records.iter() {
        if let Event::StepStarted { step, .. } = &record.event {
            marks.extend(number(step).map(|number| (record.at.wall_ms, number)));
        }
    }
    let letter = |way| if way == Way::Undo { UNDO } else { PULL };
    marks.extend(view.scene.state.pulls.values().map(|pull| (pull.started.wall_ms, letter(pull.way))));
    marks
}

const DECLARED: char = 'D';
const PULL: char = '^';
const UNDO: char = 'U';

/// What the marks mean, where there are any.
fn legend(view: &View, marks: &[(i64, char)], has_gap: bool, width: usize) -> Option<Line<'static>> {
    let has = |letter: char| marks.iter().any(|(_, mark)| *mark == letter);
    let steps = marks.iter().any(|(_, mark)| ![DECLARED, PULL, UNDO].contains(mark));
    let known = [
        (has(DECLARED), "D declared"),
        (steps, "1-9 step begun"),
        (has(PULL), "^ pull"),
        (has(UNDO), "U undo"),
        (has_gap, "? no sample"),
    ];
    let mut row = view.row().to(SCALE);
    for (_, words) in known.into_iter().filter(|(seen, _)| *seen) {
        // A word that has no room is left out whole: half of it means something else.
        let gap = if row.used() > SCALE { "   " } else { "" };
        if row.used() + gap.len() + words.len() <= width {
            row = row.put(Token::Muted, gap).put(Token::Muted, words);
        }
    }
    (row.used() > SCALE).then(|| row.line())
}
