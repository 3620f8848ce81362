//! Metrics, and whether their limits make sense together under every profile.

use super::Desk;
use super::warn::Road;
use crate::kind::{Call, Pace, Use, prometheus::default_fresh};
use crate::playbook::raw::{Raw, RawBaseline, RawBaselineTable, RawFile, RawLimits, RawMetric, RawProfile};
use crate::playbook::spans::{join, split};
use crate::playbook::{Baseline, Bound, Id, Limit, Metric, Op, Unit, duration};
use indexmap::IndexMap;

/// How often a metric is read where nothing is written and its kind has no pace of its own.
const METRIC: Pace = Pace { every_ms: 5000, timeout_ms: 2000 };
/// A median of fewer readings than this is a chance value.
const READINGS_MIN: u64 = 3;

/// What is written of a metric's limits, the profile's first.
struct Layers<'r> {
    own: Option<(String, &'r RawLimits)>,
    base: (String, &'r RawLimits),
    /// The files that lie in the playbook itself.
    files: &'r IndexMap<String, RawFile>,
}

/// A metric's limits under one profile, each with the place where it is written.
#[derive(Default)]
struct Limits {
    warn: Option<(String, Limit)>,
    stop: Option<(String, Limit)>,
    exit: Option<(String, Limit)>,
    baseline: Option<Baseline>,
    /// Whether a baseline is written, sound or not.
    has_baseline: bool,
}

/// How two limits of a metric can be at odds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    WarnTurned,
    WarnBeyond,
    ExitOverlaps,
    ExitLooser,
}

impl Rule {
    /// What it is and what to do about it; the limit comes before, `stop` after.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::WarnTurned => ("points in another direction than", "turn one of them round"),
            Self::WarnBeyond => ("would never be seen: it lies beyond", "warn before you stop"),
            Self::ExitOverlaps => ("overlaps", "`exit` points away from `stop`: no value is bad and recovered at once"),
            Self::ExitLooser => ("is looser than", "recovered is stricter than not bad enough to roll back"),
        }
    }
}

/// A limit that is at odds with the metric's `stop`.
struct Clash {
    rule: Rule,
    key: &'static str,
    at: String,
    written: String,
    stop_at: String,
    stop: String,
}

impl Desk<'_> {
    /// What is watched.
    pub(super) fn metrics(&mut self, raw: &Raw, chosen: &str) -> Option<IndexMap<Id, Metric>> {
        for (name, profile) in &raw.profiles {
            let at = join(&join("/profiles", name), "metrics");
            for key in profile.metrics.keys() {
                self.refer(&join(&at, key), "metrics", key);
            }
        }
        let mut metrics = Vec::new();
        for (key, written) in &raw.metrics {
            metrics.push(self.metric(raw, key, written, chosen).map(|metric| (metric.id.clone(), metric)));
        }
        metrics.into_iter().collect()
    }

    fn metric(&mut self, raw: &Raw, key: &str, written: &RawMetric, chosen: &str) -> Option<Metric> {
        let at = join("/metrics", key);
        let id = self.key_id(&at, key);
        let source = self.call(&at, &written.call, Use::Look, &[]);
        if let Some(Call::Prometheus(call)) = &source
            && call.fresh.is_none()
            && default_fresh(call).is_none()
        {
            let what = "the age of the samples behind this query is not known";
            let hint =
                "add `fresh = 'max(timestamp(…))'` over the series in the query: an old sample must not look green";
            self.flaw(&join(&join(&at, "prometheus"), "query"), what, hint);
        }
        if let Some(source) = &source {
            self.knows_the_past(raw, key, written, source);
        }
        let pace = source.as_ref().and_then(Call::pace).unwrap_or(METRIC);
        let every_ms = self.duration(&at, "every", written.every.as_ref(), pace.every_ms);
        let timeout_ms = self.duration(&at, "timeout", written.timeout.as_ref(), pace.timeout_ms);
        self.has_time_for_a_median(raw, key, written, every_ms);
        let limits = self.limits(raw, key, written, chosen);
        let guide = self.guide(&at, &written.guide, unit_of(written), limits.has_baseline);
        Some(Metric {
            id: id?,
            group: self.group(&at),
            title: written.title.clone().unwrap_or_else(|| key.to_owned()),
            source: source?,
            unit: unit_of(written),
            every_ms,
            timeout_ms,
            warn: limits.warn.map(|(_, limit)| limit),
            stop: limits.stop.map(|(_, limit)| limit),
            exit: limits.exit.map(|(_, limit)| limit),
            baseline: limits.baseline,
            guide: guide?,
        })
    }

    /// The name of the table with `each` that this one was made of.
    fn group(&self, at: &str) -> Option<Id> {
        let (_, key) = split(&self.document.origin(at)?)?;
        Id::new(&key).ok()
    }

    /// That a baseline by offset is asked of what can answer for the past: anything else would answer what is now,
    /// and the incident would be its own baseline.
    fn knows_the_past(&mut self, raw: &Raw, key: &str, written: &RawMetric, source: &Call) {
        if let Call::Prometheus(_) = source {
            return;
        }
        for (place, limits) in layers(raw, key, written) {
            if matches!(&limits.baseline, Some(RawBaseline::Kept(table)) if table.offset.is_some()) {
                let what = format!("`{}` knows only what is now", source.kind());
                let hint = "write `baseline = 50` or `{ file = \"…\", at = \"/…\" }`, or ask a Prometheus";
                self.flaw(&join(&join(&place, "baseline"), "offset"), what, hint);
            }
        }
    }

    /// That a baseline taken at the start is taken of more than a chance value.
    fn has_time_for_a_median(&mut self, raw: &Raw, key: &str, written: &RawMetric, every_ms: u64) {
        for (place, limits) in layers(raw, key, written) {
            let Some(RawBaseline::Kept(RawBaselineTable { at_start: Some(window), .. })) = &limits.baseline else {
                continue;
            };
            if duration(window)
                .is_ok_and(|window_ms| window_ms > 0 && window_ms < every_ms.saturating_mul(READINGS_MIN))
            {
                let what = format!("in {window} this is read fewer than {READINGS_MIN} times");
                let hint = "make `at_start` longer or `every` shorter: one value is no median";
                self.flaw(&join(&join(&place, "baseline"), "at_start"), what, hint);
            }
        }
    }

    /// A metric's limits, checked under every profile; the chosen one's.
    fn limits(&mut self, raw: &Raw, key: &str, written: &RawMetric, chosen: &str) -> Limits {
        let at = join("/metrics", key);
        if self.document.is_cut(&join(&at, "unit")) {
            // In which unit its limits are written is not known.
            return Limits::default();
        }
        let unit = unit_of(written);
        let mut layers = Layers { own: None, base: (at, &written.limits), files: &raw.files };
        let base = self.read_limits(&layers, unit);
        let known = clashes(&base);
        self.report_clashes(&known, &[]);
        let mut under: Vec<(&str, Limits)> = Vec::new();
        for (name, profile) in &raw.profiles {
            let place = join(&join(&join("/profiles", name), "metrics"), key);
            layers.own = profile.metrics.get(key).map(|limits| (place, limits));
            let limits = self.read_limits(&layers, unit);
            self.has_baseline(&limits);
            self.report_clashes(&clashes(&limits), &known);
            under.push((name, limits));
        }
        if under.is_empty() {
            self.has_baseline(&base);
            return base;
        }
        under.into_iter().find(|(name, _)| *name == chosen).map(|(_, limits)| limits).unwrap_or_default()
    }

    /// Reports what clashes under a profile, unless it clashes without the profile as well.
    fn report_clashes(&mut self, clashes: &[Clash], known: &[Clash]) {
        for clash in clashes.iter().filter(|clash| !known.iter().any(|known| known.rule == clash.rule)) {
            // The finger points at the limit that the profile wrote, if it wrote one of the two.
            let own = |at: &&String| at.starts_with("/profiles/");
            let at = Some(&clash.at).filter(own).or(Some(&clash.stop_at).filter(own)).unwrap_or(&clash.at);
            let (what, hint) = clash.rule.words();
            self.flaw(at, format!("`{}` ({}) {what} `stop` ({})", clash.key, clash.written, clash.stop), hint);
        }
    }

    fn read_limits(&mut self, layers: &Layers<'_>, unit: Unit) -> Limits {
        let stop = self.limit(layers, unit, "stop", |limits| limits.stop.as_deref());
        let exit = self.limit(layers, unit, "exit", |limits| limits.exit.as_deref());
        let baseline = layers.find(|limits| limits.baseline.as_ref());
        let has_baseline = baseline.is_some();
        let baseline = baseline.and_then(|(at, baseline)| self.baseline(&join(at, "baseline"), baseline, layers.files));
        let warn = self.warn(layers, unit, stop.as_ref().map(|(_, stop)| stop), baseline.as_ref());
        Limits { warn, stop, exit, baseline, has_baseline }
    }

    /// The warn limit: one of its own, or a part of the way to `stop`.
    fn warn(
        &mut self,
        layers: &Layers<'_>,
        unit: Unit,
        stop: Option<&Limit>,
        baseline: Option<&Baseline>,
    ) -> Option<(String, Limit)> {
        let (at, written) = layers.find(|limits| limits.warn.as_deref())?;
        let Some(share) = Limit::share(written) else {
            return self.limit(layers, unit, "warn", |limits| limits.warn.as_deref());
        };
        let at = join(at, "warn");
        // Why there is no sound `stop` has been said.
        let blind = stop.is_none() && layers.find(|limits| limits.stop.as_deref()).is_some();
        let road = Road { at: &at, written: written.trim(), stop, baseline };
        let limit = if blind { None } else { self.warn_on_the_way(&road, share) };
        limit.map(|limit| (at, limit))
    }

    /// That what is relative has something to be relative to.
    fn has_baseline(&mut self, limits: &Limits) {
        for (at, limit) in [&limits.warn, &limits.stop, &limits.exit].into_iter().flatten() {
            if limit.needs_baseline() && !limits.has_baseline {
                let hint = "add `baseline = 50`, `{ file = \"…\", at = \"/…\" }` or `{ offset = \"1h\" }`";
                self.flaw(at, "the limit is relative to a baseline, and the metric has none", hint);
            }
        }
    }

    fn limit<'r>(
        &mut self,
        layers: &Layers<'r>,
        unit: Unit,
        key: &str,
        of: impl Fn(&'r RawLimits) -> Option<&'r str>,
    ) -> Option<(String, Limit)> {
        let (at, text) = layers.find(of)?;
        let at = join(at, key);
        match Limit::read(text, unit) {
            Ok(_) if self.document.is_cut(&at) => None,
            Ok(limit) => Some((at, limit)),
            Err(misread) => {
                self.flaw(&at, misread.what, misread.hint);
                None
            }
        }
    }
}

/// Everywhere a metric's limits are written: its own table, then each profile's.
fn layers<'r>(raw: &'r Raw, key: &str, written: &'r RawMetric) -> Vec<(String, &'r RawLimits)> {
    let own = |(name, profile): (&String, &'r RawProfile)| {
        let place = join(&join(&join("/profiles", name), "metrics"), key);
        profile.metrics.get(key).map(|limits| (place, limits))
    };
    let profiles = raw.profiles.iter().filter_map(own);
    std::iter::once((join("/metrics", key), &written.limits)).chain(profiles).collect()
}

impl<'r> Layers<'r> {
    /// What is written first, and where.
    fn find<T>(&self, of: impl Fn(&'r RawLimits) -> Option<T>) -> Option<(&str, T)> {
        let mut layers = self.own.iter().chain([&self.base]);
        layers.find_map(|(at, limits)| Some((at.as_str(), of(limits)?)))
    }
}

/// What is at odds among a metric's limits.
fn clashes(limits: &Limits) -> Vec<Clash> {
    let baseline = match limits.baseline {
        Some(Baseline::Value(value)) => Some(value),
        Some(Baseline::File { .. } | Baseline::Offset(_) | Baseline::AtStart(_)) | None => None,
    };
    let Some((stop_at, stop)) = &limits.stop else { return Vec::new() };
    let rules = [("warn", &limits.warn, warn_rule as RuleOf), ("exit", &limits.exit, exit_rule as RuleOf)];
    let written = rules.into_iter().filter_map(|(key, limit, rule)| Some((key, limit.as_ref()?, rule)));
    let broken = written.filter_map(|(key, (at, limit), rule)| {
        let rule = rule(limit, stop, is_up(stop.op)?, baseline)?;
        let (at, written) = (at.clone(), limit.written.clone());
        Some(Clash { rule, key, at, written, stop_at: stop_at.clone(), stop: stop.written.clone() })
    });
    broken.collect()
}

/// Finds what is wrong with a limit beside a stop limit that points up, or down.
type RuleOf = fn(&Limit, &Limit, bool, Option<f64>) -> Option<Rule>;

fn warn_rule(warn: &Limit, stop: &Limit, up: bool, baseline: Option<f64>) -> Option<Rule> {
    if is_up(warn.op) == Some(!up) {
        return Some(Rule::WarnTurned);
    }
    let beyond = bounds(warn, stop, baseline).is_some_and(|(warn, stop)| if up { warn > stop } else { warn < stop });
    beyond.then_some(Rule::WarnBeyond)
}

fn exit_rule(exit: &Limit, stop: &Limit, up: bool, baseline: Option<f64>) -> Option<Rule> {
    if is_up(exit.op) == Some(up) {
        return Some(Rule::ExitOverlaps);
    }
    let (exit_at, stop_at) = bounds(exit, stop, baseline)?;
    // `>= 0.2` and `<= 0.2` share a value; `> 0.2` and `<= 0.2` do not.
    let shares = matches!(exit.op, Op::Ge | Op::Le | Op::Eq) && matches!(stop.op, Op::Ge | Op::Le);
    let touches = shares && exit_at.total_cmp(&stop_at).is_eq();
    let looser = touches || if up { exit_at > stop_at } else { exit_at < stop_at };
    looser.then_some(Rule::ExitLooser)
}

/// The unit a metric is in; what is no unit was reported with the shape.
fn unit_of(written: &RawMetric) -> Unit {
    written.unit.as_deref().and_then(|name| Unit::parse(name).ok()).unwrap_or_default()
}

/// Whether a limit holds above its bound; nothing for `=`.
fn is_up(op: Op) -> Option<bool> {
    match op {
        Op::Gt | Op::Ge => Some(true),
        Op::Lt | Op::Le => Some(false),
        Op::Eq => None,
    }
}

/// Two bounds that can be compared: both known, or both the same kind of distance from the (positive) baseline.
fn bounds(a: &Limit, b: &Limit, baseline: Option<f64>) -> Option<(f64, f64)> {
    match (a.bound, b.bound) {
        (Bound::Times(a), Bound::Times(b)) | (Bound::Plus(a), Bound::Plus(b)) if baseline.is_none() => Some((a, b)),
        _ => a.bound_at(baseline).zip(b.bound_at(baseline)),
    }
}
