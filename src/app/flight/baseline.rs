//! Baselines taken while the cockpit opens: the median of what a metric read in its first moments.

use super::{Flight, sensor};
use crate::incident::{Command, Event, Moment, State, TakenBaseline};
use crate::metrics::{Board, stale_after_ms};
use crate::playbook::{Baseline, Id, Metric, Playbook};
use crate::text::Text;
use std::sync::Arc;

impl Flight {
    /// Hands over the median of each window that is over.
    pub(super) fn tick_baselines(&mut self, now: &Moment) {
        let due: Vec<Id> = self
            .windows()
            .filter(|(_, until)| until.boot_ns <= now.boot_ns)
            .map(|(metric, _)| metric.id.clone())
            .collect();
        for id in due {
            self.medians_asked.insert(id.clone());
            let values = self.first_values(&self.playbook.metrics[&id]);
            let samples = u32::try_from(values.len()).unwrap_or(u32::MAX);
            let command = Command::CaptureBaseline { metric: id, median: median(values), samples };
            self.submit(now, sensor(), command, Vec::new());
        }
    }

    /// When the next window is over.
    pub(super) fn next_baseline(&self) -> Option<Moment> {
        self.windows().map(|(_, until)| until).min_by_key(|until| until.boot_ns)
    }

    /// The metrics whose baseline is still to be taken, and when their windows are over.
    fn windows(&self) -> impl Iterator<Item = (&Metric, Moment)> {
        let opened = self.state.marks.opened.as_ref().filter(|_| self.state.closed.is_none());
        self.playbook.metrics.values().filter_map(move |metric| {
            let Some(Baseline::AtStart(window_ms)) = metric.baseline else { return None };
            let waits = !self.state.baselines.contains_key(&metric.id) && !self.medians_asked.contains(&metric.id);
            opened.filter(|_| waits).map(|opened| (metric, opened.plus_ms(window_ms)))
        })
    }

    /// What was read since the cockpit opened; a sample that was stale by then says nothing of how things stood.
    fn first_values(&self, metric: &Metric) -> Vec<f64> {
        let opened_ms = self.state.marks.opened.as_ref().map_or(i64::MAX, |opened| opened.wall_ms);
        let young = |sampled_ms: i64| sampled_ms >= opened_ms.saturating_sub(stale_after_ms(metric));
        let points = self.board.points(&metric.id).filter(|point| young(point.sampled_ms));
        points.filter_map(|point| point.value).filter(|value| value.is_finite()).collect()
    }

    /// What was written down of a baseline counts from here on.
    pub(super) fn believe_baseline(&mut self, now: &Moment, event: &Event) {
        if let Event::BaselineCaptured { metric, .. } | Event::BaselineMissed { metric, .. } = event
            && let Some(taken) = self.state.baselines.get(metric)
        {
            set_taken(Arc::make_mut(&mut self.board), &self.playbook.metrics[metric], taken, now);
        }
    }
}

/// The middle value; of an even number the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}

/// Tells the board what is known of every baseline before anything is read.
pub(super) fn set_known(board: &mut Board, playbook: &Playbook, state: &State, now: &Moment) {
    for metric in playbook.metrics.values() {
        match (&metric.baseline, state.baselines.get(&metric.id)) {
            (Some(Baseline::Value(value)), _) => board.set_baseline(metric, *value, now.wall_ms),
            (Some(Baseline::AtStart(_)), Some(taken)) => set_taken(board, metric, taken, now),
            (Some(Baseline::AtStart(window_ms)), None) => {
                let why = format!("its baseline is the median of its first {} s, which are not over", window_ms / 1000);
                board.miss_baseline(&metric.id, why.into());
            }
            (Some(Baseline::File { .. } | Baseline::Offset(_)) | None, _) => {}
        }
    }
}

fn set_taken(board: &mut Board, metric: &Metric, taken: &TakenBaseline, now: &Moment) {
    match taken {
        TakenBaseline::Median { value, .. } => board.set_baseline(metric, *value, now.wall_ms),
        TakenBaseline::Missed(why) => board.miss_baseline(&metric.id, no_baseline(why)),
    }
}

/// Why a metric with relative limits cannot be judged.
pub(super) fn no_baseline(why: &Text) -> Text {
    format!("NO BASELINE: {why}").into()
}
