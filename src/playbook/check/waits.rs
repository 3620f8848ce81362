//! Steps that wait, and steps that pull levers one after the other.

use super::Desk;
use crate::kind::Call;
use crate::playbook::raw::{Raw, RawCondition, RawStep};
use crate::playbook::spans::join;
use crate::playbook::wait::RawWait;
use crate::playbook::{Id, Until, Wait};

/// How long a wait waits if it does not say.
const WITHIN_MS: u64 = 60_000;

impl Desk<'_> {
    /// What the step at `at` waits for.
    pub(super) fn wait(&mut self, at: &str, raw: &RawWait) -> Option<Wait> {
        self.exactly_one(at, &["until", "exits"], "nothing to wait for")?;
        let within_ms = self.duration(at, "within", raw.within.as_ref(), WITHIN_MS);
        let agree_at = join(at, "agree");
        if raw.agree == Some(0) {
            self.flaw(&agree_at, "a wait that looks no times says nothing", "write 1 or more; 2 by default");
        }
        let until = match (&raw.until, &raw.exits) {
            (Some(until), _) => {
                let condition = self.condition(&join(at, "until"), until, &[])?;
                Until::Seen { condition, agree: raw.agree.unwrap_or(2) }
            }
            (None, exits) => {
                if raw.agree.is_some() {
                    let hint =
                        "take it out; one sample of each metric decides, a limit may ask for more: `< 1% for 30s`";
                    self.document.flaw_of_key(&agree_at, "`agree` counts looks, and `exits` waits for samples", hint);
                }
                let exits = exits.as_deref().unwrap_or_default();
                if exits.is_empty() {
                    self.flaw(&join(at, "exits"), "there is no metric to wait for", "name at least one metric");
                }
                Until::Exits(self.refer_all(&join(at, "exits"), "metrics", exits)?)
            }
        };
        Some(Wait { until, within_ms })
    }

    /// That what a wait waits for can be seen to be new, and can come.
    pub(super) fn can_be_awaited(&mut self, raw: &Raw, at: &str, wait: &RawWait) {
        if let Some(until) = &wait.until {
            self.looks_through_one(&join(at, "until"), until);
            self.shows_the_present(raw, &join(&join(at, "until"), "probe"), until);
        }
        let at = join(at, "exits");
        for (i, key) in wait.exits.iter().flatten().enumerate() {
            let Some(metric) = raw.metrics.get(key) else { continue };
            let mut profiles = raw.profiles.values().filter_map(|profile| profile.metrics.get(key));
            let exits = metric.limits.exit.is_some() || profiles.any(|limits| limits.exit.is_some());
            if !exits && !self.document.is_cut(&join(&join("/metrics", key), "exit")) {
                let what = format!("metric `{key}` has no `exit` limit, so this could never end");
                self.flaw(&join(&at, i), what, format!("add `exit = \"…\"` to `[metrics.{key}]`"));
            }
        }
    }

    /// A wait counts the looks of one probe in a row; several at once are a lever's read-back.
    fn looks_through_one(&mut self, at: &str, until: &RawCondition) {
        if until.probes.is_some() {
            let hint = "write `probe = \"…\"`, and a step of its own for each of the others";
            self.flaw(&join(at, "probes"), "a wait looks through one probe", hint);
        }
    }

    /// That the probe shows what is now: a Prometheus query shows the last scrape, and not from when.
    fn shows_the_present(&mut self, raw: &Raw, at: &str, until: &RawCondition) {
        let Some(key) = &until.probe else { return };
        let call = raw.probes.get(key).and_then(|probe| probe.call.clone().all().into_iter().next());
        if let Some(Call::Prometheus(_)) = call {
            let what = format!("`{key}` shows the last scrape, and not from when it is");
            self.flaw(
                at,
                what,
                "make it a metric with an `exit` limit and wait for that: `wait = { exits = [\"…\"] }`",
            );
        }
    }

    /// The levers of a step that pulls them one after the other.
    pub(super) fn sequence(&mut self, at: &str, levers: &[String]) -> Option<Vec<Id>> {
        if levers.is_empty() {
            self.flaw(at, "there is no lever to pull", "name the levers, in their order");
        }
        self.refer_all(at, "levers", levers)
    }

    /// That no sensor ticks what only its own looks may end.
    pub(super) fn waits_alone(&mut self, written: &RawStep, at: &str) {
        if written.wait.is_some() && written.done.is_some() {
            let hint = "take `done` out: an old sight must not end a wait";
            self.flaw(&join(at, "done"), "a wait is done when what it waits for is seen, not by a sensor", hint);
        }
    }
}
