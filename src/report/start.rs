//! When impact began: as people say in `answers.toml`, else as the journal's first sample beyond a stop limit.

use super::facts::{Facts, Point};
use crate::incident::Moment;
use crate::playbook::Edge;

/// Where the people's word is, as a link.
pub(super) const ANSWERED: &str = "[answers.toml](answers.toml)";

impl<'a> Facts<'a> {
    /// When impact began by people's word. A drill harms nobody, whatever is said of it.
    ///
    /// It bears a wall time alone, which is placed by the record that was the newest then, else by the first.
    pub(super) fn impact_said(&self) -> Option<Point<'a>> {
        let began_ms = self.dossier.review.impact.filter(|_| self.drill().is_none())?.began_ms;
        let records = &self.dossier.records;
        let newest = records.iter().take_while(|record| record.at.wall_ms <= began_ms).last();
        let record = newest.or(records.first())?;
        Some(Point { record, at: Moment::sampled(began_ms), said: true })
    }

    /// What time to mitigate and time to recover count from: the impact where people say when it began, else the first
    /// BREACH, because a first sample beyond a limit is no impact yet.
    pub(super) fn start(&self) -> Edge {
        if self.impact_said().is_some() { Edge::Impact } else { Edge::Detected }
    }
}
