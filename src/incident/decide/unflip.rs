//! The un-flip watch: what was flipped here and goes back by itself is a breach, whatever the metrics say yet.

use super::{Decided, Draft, refuse};
use crate::incident::derive;
use crate::incident::event::Event;
use crate::playbook::Id;
use crate::text::Text;

impl Draft<'_> {
    /// Notes that a person knows of it: the alarm is quiet, and no less true.
    pub(super) fn acknowledge_reversion(&mut self, probe: &Id) -> Decided {
        match self.state.reverted.get(probe) {
            None => refuse(format!("nothing that `{probe}` sees has reverted")),
            Some(reverted) if reverted.acknowledged => Ok(()),
            Some(_) => {
                self.push(Event::ReversionAcknowledged { probe: probe.clone() });
                Ok(())
            }
        }
    }

    /// Raises the alarm when this probe no longer shows what was flipped; `before` is what it showed before this look.
    pub(super) fn watch_flipped(&mut self, probe: &Id, before: Option<Text>) {
        let Some((condition, vars)) = derive::in_force(self.playbook, &self.state, probe) else { return };
        let shows = self.state.sensors.get(probe).and_then(|sensor| derive::holds(condition, &vars, &sensor.seen));
        let reverted = shows == Some(false) && !derive::is_as_last_asked(self.playbook, &self.state, probe);
        if !reverted || self.state.reverted.contains_key(probe) || self.state.marks.declared.is_none() {
            return;
        }
        let Some(now) = self.state.sensors.get(probe).and_then(|sensor| sensor.last_value.clone()) else { return };
        // Not seen in between, what it should show is what it did show.
        let was = before.filter(|before| *before != now).unwrap_or_else(|| derive::want(condition, &vars));
        let title = self.playbook.probes.get(probe).map_or(probe.as_str(), |probe| probe.title.as_str());
        let why = format!("{title} reverted: {was} -> {now}");
        self.push(Event::Reverted { probe: probe.clone(), was, now });
        self.reset_hold(&why);
    }
}
