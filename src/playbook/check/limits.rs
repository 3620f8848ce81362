//! Metrics, and whether their limits make sense together under every profile.

use super::Desk;
use crate::kind::{Call, Use, prometheus::default_fresh};
use crate::playbook::raw::{Raw, RawBaseline, RawLimits, RawMetric};
use crate::playbook::spans::join;
use crate::playbook::{Baseline, Bound, Id, Limit, Metric, Op, Unit};
use indexmap::IndexMap;

/// What is written of a metric's limits, the profile's first.
struct Layers<'r> {
    own: Option<(String, &'r RawLimits)>,
    base: (String, &'r RawLimits),
}

/// A metric's limits under one profile, each with the place where it is written.
#[derive(Default)]
struct Limits {
    warn: Option<(String, Limit)>,
    stop: Option<(String, Limit)>,
    exit: Option<(String, Limit)>,
    baseline: Option<Baseline>,
}

impl Desk<'_> {
    /// What is watched.
    pub(super) fn metrics(&mut self, raw: &Raw, chosen: &str) -> Option<IndexMap<Id, Metric>> {
        for (name, profile) in &raw.profiles {
            let at = join(&join("/profiles", name), "metrics");
            for key in profile.metrics.keys() {
                self.refer_key(&join(&at, key), "metrics", key);
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
        let every_ms = self.duration(&at, "every", written.every.as_ref(), 5000);
        let timeout_ms = self.duration(&at, "timeout", written.timeout.as_ref(), 2000);
        let limits = self.limits(raw, key, written, chosen);
        Some(Metric {
            id: id?,
            title: written.title.clone().unwrap_or_else(|| key.to_owned()),
            source: source?,
            unit: unit_of(written),
            every_ms,
            timeout_ms,
            warn: limits.warn.map(|(_, limit)| limit),
            stop: limits.stop.map(|(_, limit)| limit),
            exit: limits.exit.map(|(_, limit)| limit),
            baseline: limits.baseline,
        })
    }

    /// A metric's limits, checked under every profile; the chosen one's.
    fn limits(&mut self, raw: &Raw, key: &str, written: &RawMetric, chosen: &str) -> Limits {
        let at = join("/metrics", key);
        if self.document.is_cut(&join(&at, "unit")) {
            // In which unit its limits are written is not known.
            return Limits::default();
        }
        let mut under: Vec<(&str, Limits)> = Vec::new();
        for (name, profile) in &raw.profiles {
            let place = join(&join(&join("/profiles", name), "metrics"), key);
            let own = profile.metrics.get(key).map(|limits| (place, limits));
            let layers = Layers { own, base: (at.clone(), &written.limits) };
            under.push((name, self.limits_of(&layers, unit_of(written))));
        }
        if under.is_empty() {
            under.push(("", self.limits_of(&Layers { own: None, base: (at, &written.limits) }, unit_of(written))));
        }
        under.into_iter().find(|(name, _)| *name == chosen).map(|(_, limits)| limits).unwrap_or_default()
    }

    fn limits_of(&mut self, layers: &Layers<'_>, unit: Unit) -> Limits {
        let warn = self.limit(layers, unit, "warn", |limits| limits.warn.as_deref());
        let stop = self.limit(layers, unit, "stop", |limits| limits.stop.as_deref());
        let exit = self.limit(layers, unit, "exit", |limits| limits.exit.as_deref());
        let baseline = layers.find(|limits| limits.baseline.as_ref());
        let written = baseline.is_some();
        let baseline = baseline.and_then(|(at, baseline)| self.baseline(&join(at, "baseline"), baseline));
        for (at, limit) in [&warn, &stop, &exit].into_iter().flatten() {
            if limit.needs_baseline() && !written {
                let hint = "add `baseline = 50`, `{ file = \"…\", at = \"/…\" }` or `{ offset = \"1h\" }`";
                self.flaw(at, "the limit is relative to a baseline, and the metric has none", hint);
            }
        }
        let limits = Limits { warn, stop, exit, baseline };
        self.compare(&limits);
        limits
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

    fn baseline(&mut self, at: &str, raw: &RawBaseline) -> Option<Baseline> {
        let table = match raw {
            RawBaseline::Value(value) => return Some(Baseline::Value(*value)),
            RawBaseline::Kept(table) => table,
        };
        match (&table.file, &table.at, &table.offset) {
            (None, None, Some(_)) => Some(Baseline::Offset(self.duration(at, "offset", table.offset.as_ref(), 0))),
            (Some(path), Some(pointer), None) => {
                if !pointer.starts_with('/') {
                    self.flaw(
                        &join(at, "at"),
                        format!("`{pointer}` is no JSON pointer"),
                        format!("write `/{pointer}`"),
                    );
                }
                Some(Baseline::File { path: path.into(), at: pointer.clone() })
            }
            _ => {
                if !self.document.has_cut_child(at) {
                    let hint = "write a number, `{ file = \"…\", at = \"/…\" }` or `{ offset = \"1h\" }`";
                    self.flaw(at, "this says neither from which file nor from when the baseline is", hint);
                }
                None
            }
        }
    }

    /// Whether warn, stop and exit make sense beside each other.
    fn compare(&mut self, limits: &Limits) {
        let baseline = match limits.baseline {
            Some(Baseline::Value(value)) => Some(value),
            Some(Baseline::File { .. } | Baseline::Offset(_)) | None => None,
        };
        let Some((_, stop)) = &limits.stop else { return };
        let Some(up) = is_up(stop.op) else { return };
        if let Some((at, warn)) = &limits.warn {
            if is_up(warn.op) == Some(!up) {
                self.flaw(
                    at,
                    format!("`warn` ({warn}) and `stop` ({stop}) point in different directions"),
                    "turn one of them round",
                );
            } else if bounds(warn, stop, baseline)
                .is_some_and(|(warn, stop)| if up { warn > stop } else { warn < stop })
            {
                self.flaw(
                    at,
                    format!("`warn` ({warn}) lies beyond `stop` ({stop}): it would never be seen"),
                    "warn before you stop",
                );
            }
        }
        let Some((at, exit)) = &limits.exit else { return };
        let overlap = bounds(exit, stop, baseline).is_some_and(|(exit_at, stop_at)| {
            let touch = matches!((exit.op, stop.op), (Op::Ge, Op::Le) | (Op::Le, Op::Ge))
                && exit_at.total_cmp(&stop_at).is_eq();
            touch || if up { exit_at > stop_at } else { exit_at < stop_at }
        });
        if is_up(exit.op) == Some(up) {
            let what = format!("`exit` ({exit}) overlaps `stop` ({stop}): values would be bad and recovered at once");
            self.flaw(at, what, "`exit` points away from `stop`");
        } else if overlap {
            let what =
                format!("`exit` ({exit}) is looser than `stop` ({stop}): values would be bad and recovered at once");
            self.flaw(at, what, "recovered is stricter than not bad enough to roll back");
        }
    }

    /// A key that names something in a room.
    fn refer_key(&mut self, at: &str, room: &str, written: &str) {
        let known = self.document.value.pointer(&join(&join("", room), written)).is_some();
        if !known {
            self.refer(at, room, written);
        }
    }
}

impl<'r> Layers<'r> {
    /// What is written first, and where.
    fn find<T>(&self, of: impl Fn(&'r RawLimits) -> Option<T>) -> Option<(&str, T)> {
        let mut layers = self.own.iter().chain([&self.base]);
        layers.find_map(|(at, limits)| Some((at.as_str(), of(limits)?)))
    }
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
