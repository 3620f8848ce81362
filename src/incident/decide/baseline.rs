//! Baselines taken while nothing was wrong: once, at the start, or not at all.

use super::{Decided, Draft, refuse};
use crate::incident::event::Event;
use crate::playbook::{Baseline, Id};

impl Draft<'_> {
    /// Its window is over: the median of what was sampled in it, unless something was wrong by then.
    pub(super) fn capture_baseline(&mut self, metric: &Id, median: Option<f64>, samples: u32) -> Decided {
        let known = self.playbook.metrics.get(metric);
        if !known.is_some_and(|known| matches!(known.baseline, Some(Baseline::AtStart(_)))) {
            return refuse(format!("`{metric}` takes no baseline at the start"));
        }
        if self.state.baselines.contains_key(metric) {
            return Ok(());
        }
        let beyond = self.state.marks.beyond.first().map(|beyond| self.title_of(beyond));
        self.push(match (beyond, median) {
            (Some(beyond), _) => missed(metric, &format!("{beyond} was beyond its stop limit")),
            (None, None) => missed(metric, "nothing was sampled in its first moments"),
            (None, Some(value)) => Event::BaselineCaptured { metric: metric.clone(), value, samples },
        });
        Ok(())
    }

    /// Every baseline that is still to be taken never will be: what is seen from here on is the incident.
    pub(super) fn miss_baselines(&mut self, why: &str) {
        let at_start = |(id, metric): (&Id, &crate::playbook::Metric)| {
            matches!(metric.baseline, Some(Baseline::AtStart(_))).then(|| id.clone())
        };
        let waiting: Vec<Id> = self.playbook.metrics.iter().filter_map(at_start).collect();
        for metric in waiting.iter().filter(|id| !self.state.baselines.contains_key(*id)).cloned().collect::<Vec<_>>() {
            self.push(missed(&metric, why));
        }
    }

    pub(super) fn title_of(&self, metric: &Id) -> String {
        self.playbook.metrics.get(metric).map_or_else(|| metric.to_string(), |metric| metric.title.clone())
    }
}

fn missed(metric: &Id, why: &str) -> Event {
    Event::BaselineMissed { metric: metric.clone(), why: why.into() }
}
