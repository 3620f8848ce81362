//! Every metric's readings against its limits: what a chart shows, and what it must not join.

use super::axis::{Axis, axis};
use super::basis::{Basis, basis};
use super::facts::Facts;
use super::thin::thinned;
use super::wall::Wall;
use crate::kind::Reading;
use crate::metrics::{Board, Heard, Sample, stale_after_ms};
use crate::playbook::{Id, Limit, Metric, Op};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// How old a sample may be where no playbook says how often it was read, in milliseconds.
const STALE_AFTER_MS: i64 = 15_000;

/// One metric's readings against its limits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Chart {
    /// The metric's id.
    pub id: String,
    /// Its name: a line of Markdown.
    pub title: String,
    /// The unit of its values: `number`, `ratio`, `percent`, `s`, `ms` or `/s`.
    pub unit: String,
    /// Milliseconds since `zero_ms`, and the value; none where the line breaks. Each lies where the boot clock was when
    /// it was read, less its age by its source's clock. Of a crowd of readings those that stand out are kept: no value
    /// here is an average.
    pub points: Vec<(i64, Option<f64>)>,
    /// How many readings are not among the points because others beside them stand out further.
    pub thinned: u64,
    /// How many readings are not among the points because their time is no time to show: older than the one before,
    /// or outside of the axis.
    pub left_out: u64,
    /// When there was nothing to believe.
    pub gaps: Vec<Hole>,
    /// What the values are held against.
    pub bounds: Vec<Bound>,
    /// What relative limits are relative to; none where the metric has no baseline.
    pub baseline: Option<Basis>,
}

/// A time without a value that could be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hole {
    /// From when, in milliseconds since `zero_ms`.
    pub from_ms: i64,
    /// Until when.
    pub to_ms: i64,
    /// `NODATA` (answered, empty), `STALE` (nothing new for three intervals) or `ERROR` (not answered).
    pub state: &'static str,
    /// What was said, as it was.
    pub why: String,
}

/// A line that values are held against.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bound {
    /// Which.
    pub kind: BoundKind,
    /// As the playbook writes it.
    pub written: String,
    /// The number, in the metric's unit; none where it rests on a baseline that was not recorded.
    pub at: Option<f64>,
    /// On which side of it the limit holds.
    pub side: BoundSide,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoundKind {
    /// Roll back now.
    Stop,
    /// Getting bad.
    Warn,
    /// Recovered.
    Exit,
    /// What relative limits are relative to.
    Baseline,
}

/// On which side of its line a limit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoundSide {
    /// Greater values.
    Above,
    /// Smaller values.
    Below,
    /// This value.
    At,
}

/// Every metric's chart, in the playbook's order; those it does not know in the order in which they were read.
pub(super) fn charts(facts: &Facts) -> Vec<Chart> {
    let playbook = facts.dossier.playbook.as_ref();
    let (axis, mut wall) = (axis(facts), Wall::of(facts));
    let mut pens: IndexMap<Id, Pen> = IndexMap::new();
    for metric in playbook.into_iter().flat_map(|playbook| playbook.metrics.values()) {
        pens.insert(metric.id.clone(), Pen::new(axis, stale_after_ms(metric)));
    }
    for sample in facts.dossier.samples.iter().filter_map(|line| Sample::parse(line)) {
        let new = || Pen::new(axis, STALE_AFTER_MS);
        let read_ms = wall.t_ms(sample.at);
        pens.entry(sample.metric.clone()).or_insert_with(new).take(sample, read_ms);
    }
    let chart = |(id, pen): (Id, Pen)| {
        let metric = playbook.and_then(|playbook| playbook.metrics.get(&id));
        let baseline = metric.and_then(|metric| basis(facts, metric, pen.baseline));
        pen.done(Chart {
            title: facts.dossier.metric(&id),
            unit: metric.map(|metric| metric.unit).unwrap_or_default().name().to_owned(),
            bounds: metric.map_or_else(Vec::new, |metric| bounds(metric, baseline.as_ref().and_then(|known| known.at))),
            baseline,
            id: id.to_string(),
            points: Vec::new(),
            thinned: 0,
            left_out: 0,
            gaps: Vec::new(),
        })
    };
    pens.into_iter().map(chart).collect()
}

fn bounds(metric: &Metric, baseline: Option<f64>) -> Vec<Bound> {
    let limits = [(BoundKind::Stop, &metric.stop), (BoundKind::Warn, &metric.warn), (BoundKind::Exit, &metric.exit)];
    let bound = |(kind, limit): (BoundKind, &Option<Limit>)| {
        let limit = limit.as_ref()?;
        let side = match limit.op {
            Op::Gt | Op::Ge => BoundSide::Above,
            Op::Lt | Op::Le => BoundSide::Below,
            Op::Eq => BoundSide::At,
        };
        Some(Bound { kind, written: limit.written.clone(), at: limit.bound_at(baseline), side })
    };
    let mut bounds: Vec<Bound> = limits.into_iter().filter_map(bound).collect();
    let line = |at| Bound { kind: BoundKind::Baseline, written: "baseline".into(), at: Some(at), side: BoundSide::At };
    bounds.extend(baseline.map(line));
    bounds
}

/// Draws one metric's line, reading by reading.
struct Pen {
    axis: Axis,
    stale_after_ms: i64,
    points: Vec<(i64, Option<f64>)>,
    gaps: Vec<Hole>,
    /// A gap that has begun and not ended.
    open: Option<Hole>,
    newest: Option<i64>,
    /// The newest sample as its source gave it: when, and the value.
    seen: Option<(i64, f64)>,
    /// What was read of its baseline, where that had to be asked for.
    baseline: Option<f64>,
    left_out: u64,
}

impl Pen {
    fn new(axis: Axis, stale_after_ms: i64) -> Self {
        let (points, gaps) = (Vec::new(), Vec::new());
        Self { axis, stale_after_ms, points, gaps, open: None, newest: None, seen: None, baseline: None, left_out: 0 }
    }

    fn take(&mut self, sample: Sample, read_ms: i64) {
        let wall_ms = sample.at;
        let reading = match sample.heard() {
            Heard::Baseline(value) => return self.baseline = Some(value),
            Heard::Reading(reading) => reading,
        };
        match reading {
            Reading::Value { value, sampled_ms } => {
                let at_ms = read_ms.saturating_sub(wall_ms.saturating_sub(sampled_ms));
                if at_ms > read_ms.saturating_add(Board::FUTURE_MAX_MS) {
                    self.lose(read_ms, "NODATA", "its newest sample was in the future");
                } else {
                    self.draw(at_ms, (sampled_ms, value));
                }
            }
            Reading::NoData(why) => self.lose(read_ms, "NODATA", why.as_str()),
            Reading::Error(why) => self.lose(read_ms, "ERROR", why.as_str()),
        }
    }

    /// A gap begins, unless it is the one that is open.
    fn lose(&mut self, from_ms: i64, state: &'static str, why: &str) {
        if self.open.as_ref().is_some_and(|open| open.state == state) {
            return;
        }
        self.end_gap(from_ms);
        let from_ms = self.within(from_ms);
        self.points.extend(self.newest.map(|_| (from_ms, None)));
        self.open = Some(Hole { from_ms, to_ms: from_ms, state, why: why.to_owned() });
    }

    fn draw(&mut self, at_ms: i64, sample: (i64, f64)) {
        let shown = (self.axis.from_ms.saturating_sub(self.stale_after_ms)..=self.axis.to_ms).contains(&at_ms);
        match self.newest {
            // The same sample seen again is one sample.
            Some(_) if self.seen == Some(sample) => return,
            Some(before) if at_ms < before => return self.left_out += 1,
            _ if !shown => return self.left_out += 1,
            Some(before) if self.open.is_none() => self.look_for_silence(before, at_ms),
            Some(_) | None => {}
        }
        self.end_gap(at_ms);
        (self.newest, self.seen) = (Some(at_ms), Some(sample));
        self.points.push((at_ms, Some(sample.1)));
    }

    /// Whether nothing new came for so long that nobody knows what was between.
    fn look_for_silence(&mut self, before_ms: i64, at_ms: i64) {
        if at_ms.saturating_sub(before_ms) > self.stale_after_ms {
            let from_ms = before_ms.saturating_add(self.stale_after_ms);
            self.lose(from_ms, "STALE", "nothing new for more than three intervals");
        }
    }

    fn end_gap(&mut self, to_ms: i64) {
        let to_ms = self.within(to_ms);
        self.gaps.extend(self.open.take().map(|open| Hole { to_ms: to_ms.max(open.from_ms), ..open }));
    }

    fn within(&self, at_ms: i64) -> i64 {
        at_ms.clamp(self.axis.from_ms, self.axis.to_ms)
    }

    fn done(mut self, chart: Chart) -> Chart {
        if let (Some(newest), None) = (self.newest, &self.open) {
            self.look_for_silence(newest, self.axis.to_ms);
        }
        self.end_gap(self.axis.to_ms);
        let points = thinned(&self.points, self.axis);
        let thinned = (values(&self.points) - values(&points)) as u64;
        Chart { points, thinned, left_out: self.left_out, gaps: self.gaps, ..chart }
    }
}

fn values(points: &[(i64, Option<f64>)]) -> usize {
    points.iter().filter(|(_, value)| value.is_some()).count()
}
